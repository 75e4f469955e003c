"""Charts of money: bonds beside the path they are expected to be used on."""

from __future__ import annotations

from functools import partial

import altair as alt
import pandas as pd

from faiwatch.core.phrases import amount, say
from faiwatch.core.text import Language, Text, number, percent
from faiwatch.data.measures import label
from faiwatch.ledger.charts.rows import ROW, one_line, row_y, wrapped
from faiwatch.ledger.funding import MONTHS_TO_USE
from faiwatch.ledger.sheets import PER_100M
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import layered, looks, records
from faiwatch.view.charts.words import labelled

MOST_BONDS = 12
_ROOM = 1.42  # for the words behind the bars
_LEAST_GAP_PP = 0.5  # less prints as nothing
_USED = Text("已支出", "paid out")
_EXPECTED = Text("预期支出（竖线）", "expected (mark)")


def bond_path(bonds: pd.DataFrame, *, subject: Subject) -> Chart:
    """Return how far bonds are used, beside an even path over six months.

    Parameters
    ----------
    bonds : DataFrame
        From :func:`faiwatch.ledger.funding.bond_use`, with ``name`` of the project.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        At most :data:`MOST_BONDS` bars, the largest shortfall first. Table: every bond; amounts in
        万元, shares in percent. NaN = not known.
    """
    lang = subject.lang
    answer = partial(
        subject.chart,
        slug("ledger-bonds", subject.as_of),
        title=say("ledger.charts_funding.beside_even_path"),
        table=labelled(
            lang,
            **{"projects.name": bonds["name"].map(one_line)},
            batch=bonds["batch"].map(one_line),
            bond_amount_10k=bonds["amount_10k"],
            paid_10k=bonds["paid_10k"],
            expected_10k=bonds["expected_10k"],
            bond_shortfall_10k=bonds["shortfall_10k"],
            use_pct=bonds["use_pct"],
            expected_pct=bonds["expected_pct"],
        ),
        units=subject.say(
            "占债券额度（%）；差额（个百分点）", "% of the amount; percentage points (pp)"
        ),
    )
    if bonds.empty:
        return answer(caption=Text("台账没有债券。", "The ledger has no bonds."))
    behind = bonds[bonds["shortfall_10k"].gt(0)]
    lacking = amount(float(behind["shortfall_10k"].sum()) / PER_100M)
    used = bonds["paid_10k"].sum() / bonds.loc[bonds["paid_10k"].notna(), "amount_10k"].sum()
    caption = say(
        "ledger.charts_funding.paid_out",
        n_bonds=len(bonds),
        rate=percent(100 * float(used), lang),
        n_behind=len(behind),
        months_to_use=MONTHS_TO_USE,
        lacking=lacking,
    )
    shown = bonds[bonds["use_pct"].notna()].head(MOST_BONDS)
    return answer(caption=caption, chart=_bars(shown, lang) if len(shown) else None)


def _bars(shown: pd.DataFrame, lang: Language) -> alt.LayerChart:
    short = Text("差{}", "−{} pp").in_language(lang)
    gaps = [number(gap, lang, 0) if gap >= _LEAST_GAP_PP else "" for gap in shown["shortfall_pp"]]
    names = [
        f"{wrapped(name, lines=1)}\n{wrapped(batch, lines=1)}"
        for name, batch in zip(shown["name"], shown["batch"], strict=True)
    ]
    data = pd.DataFrame(
        {
            "name": names,
            "use": shown["use_pct"],
            "expected": shown["expected_pct"],
            "right": shown[["use_pct", "expected_pct"]].max(axis="columns"),
            "told": [gap and short.format(gap) for gap in gaps],
        }
    )
    title = label("share_of_bond_pct", lang)
    words = [one.in_language(lang) for one in (_USED, _EXPECTED)]
    scale = alt.Scale(domain=[0, max(100.0, *data["right"]) * _ROOM], nice=False)
    axis = alt.Axis(titleAlign="left", titleAnchor="start", tickCount=5)
    legend = alt.Legend(symbolType="square", symbolStrokeWidth=0)
    colour = looks("what", words, legend=legend, color=[theme.POSITIVE, theme.INK])

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", title=title, scale=scale, axis=axis)

    tips = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("use:Q", title=words[0], format=",.1f"),
        alt.Tooltip("expected:Q", title=words[1], format=",.1f"),
    ]
    base = alt.Chart().encode(y=row_y(), tooltip=tips)
    used = base.transform_calculate(what=f"'{words[0]}'").mark_bar(height=13)
    marks = base.transform_calculate(what=f"'{words[1]}'")
    expected = marks.mark_tick(thickness=3, size=24, opacity=1)
    behind = base.mark_text(align="left", dx=8, fontWeight="bold", color=theme.NEGATIVE)
    return layered(
        used.encode(x=x("use"), **colour),
        expected.encode(x=x("expected"), **colour),
        behind.encode(x=x("right"), text=alt.Text("told:N")),
        data=records(data),
        height=ROW * len(data),
    )
