"""Charts that count: issues by class and cause, inputs by state, contracts step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import altair as alt
import numpy as np
import pandas as pd

from faiwatch.core.phrases import amount, say
from faiwatch.core.text import Language, Text, number, percent
from faiwatch.data.measures import measure
from faiwatch.ledger.charts.rows import ROW, row_y, wrapped
from faiwatch.ledger.contracts import STEPS, Funnel
from faiwatch.ledger.funding import ELEMENTS, STATES, element_rates
from faiwatch.ledger.sheets import PER_100M
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import layered, records
from faiwatch.view.charts.words import labelled

_CELL = 38  # px
_COLUMN = 13  # widths of a Latin letter
_STATE_FILLS = {
    "in_place": theme.POSITIVE_MID,
    "pending": theme.NEGATIVE_MID,
    "not_needed": theme.GRID,
    "unknown": theme.MISSING,
}
_ROOM = 2.0  # for the words behind the bars
_COUNT = measure("count").name
_PROJECTS = measure("n_projects").name
# how much of the largest count a cell holds at least, and how it is filled: only these colours
# have a dark twin
_DEPTHS = ((2 / 3, theme.NEGATIVE), (1 / 3, theme.NEGATIVE_MID), (0.0, theme.NEGATIVE_SOFT))


def issue_matrix(
    counts: pd.DataFrame, *, names: tuple[Sequence[Text], Sequence[Text]], subject: Subject
) -> Chart:
    """Return how many issues are open, by class and cause.

    Parameters
    ----------
    counts : DataFrame
        Classes by causes, whole numbers.
    names : tuple
        What the rows and what the columns are called.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: the same counts. A darker cell holds more; the number stands in it.
    """
    lang = subject.lang
    rows, columns = ([one.in_language(lang) for one in side] for side in names)
    table = counts.set_axis(columns, axis="columns").set_axis(rows, axis="index")
    total = int(counts.to_numpy().sum())
    answer = partial(
        subject.chart,
        slug("ledger-issues", subject.as_of),
        title=Text("未销号问题：类别与原因", "Open issues by class and cause"),
        table=_with_names(table, measure("class_cause").name, lang),
        units=_COUNT.in_language(lang),
    )
    if not total:
        return answer(caption=Text("没有未销号的问题。", "No issue is open."))
    most = int(counts.to_numpy().max())
    row, column = np.argwhere(counts.to_numpy() == most)[0]
    return answer(
        caption=say(
            "ledger.charts_counts.open_by_cause",
            total=total,
            rows=rows[row],
            columns=columns[column],
            most=most,
        ),
        chart=_matrix(table, lang),
    )


def element_matrix_chart(matrix: pd.DataFrame, *, subject: Subject) -> Chart:
    """Return how many projects have land, environmental approval and funds.

    Parameters
    ----------
    matrix : DataFrame
        From :func:`faiwatch.ledger.funding.element_matrix`.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: one row an element, one column a state, and the share in place of those that need
        it, percent (NaN = none is known to need it).
    """
    lang = subject.lang
    rates = element_rates(matrix).set_index("element")
    counts = rates[list(STATES)]
    table = counts.set_axis([one.in_language(lang) for one in STATES.values()], axis="columns")
    table = table.set_axis([ELEMENTS[str(one)].in_language(lang) for one in table.index])
    shown = _with_names(table, measure("element").name, lang)
    shown = shown.join(labelled(lang, in_place_pct=rates["rate_pct"]))
    fills = {STATES[name].in_language(lang): fill for name, fill in _STATE_FILLS.items()}
    told = [
        f"{ELEMENTS[str(one)].in_language(lang)} {percent(rate, lang)}"
        for one, rate in rates["rate_pct"].items()
    ]
    return subject.chart(
        slug("ledger-elements", subject.as_of),
        title=Text("土地、环保、资金落实情况", "Land, environment, funds: in place or not"),
        caption=say(
            "ledger.charts_counts.funds_in_place", told=Text("，".join(told), ", ".join(told))
        ),
        chart=_matrix(table, lang, fills=fills) if len(matrix) else None,
        table=shown,
        units=_PROJECTS.in_language(lang),
    )


def contract_steps(funnel: Funnel, *, subject: Subject) -> Chart:
    """Return how many signed contracts were performed, started and finished.

    Parameters
    ----------
    funnel : Funnel
        From :func:`faiwatch.ledger.contracts.contract_funnel`.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: step, contracts, contracted amount in 100 million, share of the signed in percent.
    """
    lang, steps = subject.lang, funnel.steps
    names = [STEPS[str(step)].in_language(lang) for step in steps["step"]]
    amounts = steps["amount_10k"] / PER_100M
    signed, performed, started, finished = (int(n) for n in steps["n"])
    table = labelled(
        lang,
        step=names,
        n_contracts=steps["n"],
        contracted_100m=amounts,
        share_of_signed_pct=steps["rate_pct"],
    )
    answer = partial(
        subject.chart,
        slug("ledger-contracts", subject.as_of),
        title=say("ledger.charts_counts.from_signature", since=funnel.since, as_of=funnel.as_of),
        table=table if signed else table.head(0),
        units=subject.say("个；占签约份额；亿元", "contracts; share of the signed; 100m yuan"),
    )
    if not signed:
        return answer(caption=Text("这段时间没有签约。", "Nothing was signed in this window."))
    worth, rate = amount(float(amounts.iloc[0])), percent(funnel.arrived_rate_pct, lang)
    caption = say(
        "ledger.charts_counts.contracts_on_the_way",
        signed=signed,
        worth=worth,
        performed=performed,
        started=started,
        finished=finished,
        rate=rate,
        arrived_n=funnel.arrived_n,
    )
    told = [
        f"{n} · {percent(rate, lang, 0)} · {number(value, lang)}"
        for n, rate, value in zip(steps["n"], steps["rate_pct"], amounts, strict=True)
    ]
    return answer(caption=caption, chart=_bars(names, steps["n"], told, lang))


def _with_names(table: pd.DataFrame, head: Text, lang: Language) -> pd.DataFrame:
    return table.rename_axis(head.in_language(lang)).reset_index()


def _matrix(
    table: pd.DataFrame, lang: Language, *, fills: Mapping[str, str] | None = None
) -> alt.LayerChart:
    data = table.rename_axis("name").reset_index().melt("name", var_name="what", value_name="n")
    most = max(int(data["n"].max()), 1)
    data = data.assign(
        name=data["name"].map(wrapped),
        what=data["what"].map(partial(wrapped, width=_COLUMN)),
        told=[str(n) if n else "" for n in data["n"]],
        fill=[
            fills[what]
            if fills and n
            else next((fill for least, fill in _DEPTHS if n / most > least), theme.GRID)
            for what, n in zip(data["what"], data["n"], strict=True)
        ],
    )
    has_two_lines = bool(data["what"].str.contains("\n").any())
    axis = alt.Axis(
        orient="top",
        labelAngle=0,
        labelColor=theme.INK,
        labelLimit=0,
        labelExpr="split(datum.label, '\\n')",
        labelFontSize=alt.ExprRef("width < 420 ? 10 : 13"),
        labelPadding=20 if has_two_lines else 6,  # counted from the upper line
        domain=False,
    )
    base = alt.Chart().encode(
        x=alt.X("what:N", title=None, sort=None, axis=axis),
        y=row_y(),
        tooltip=[
            alt.Tooltip("name:N", title=" "),
            alt.Tooltip("what:N", title=" "),
            alt.Tooltip("n:Q", title=_COUNT.in_language(lang)),
        ],
    )
    cells = base.mark_rect(stroke=theme.PAPER, strokeWidth=2).encode(
        color=alt.Color("fill:N", scale=None)
    )
    words = base.mark_text(fontWeight="bold", fontSize=14).encode(text=alt.Text("told:N"))
    is_dark = f"datum.fill == '{theme.NEGATIVE}'"
    light = words.transform_filter(f"!({is_dark})").encode(color=alt.value(theme.INK))
    dark = words.transform_filter(is_dark).encode(color=alt.value(theme.PAPER))
    return layered(cells, light, dark, data=records(data), height=_CELL * len(table))


def _bars(
    names: Sequence[str], counts: pd.Series, told: Sequence[str], lang: Language
) -> alt.LayerChart:
    data = pd.DataFrame({"name": list(map(wrapped, names)), "n": counts, "told": list(told)})
    x = alt.X(
        "n:Q", title=None, axis=None, scale=alt.Scale(domain=[0, _ROOM * max(counts)], nice=False)
    )
    tips = [alt.Tooltip("name:N", title=" "), alt.Tooltip("told:N", title=_COUNT.in_language(lang))]
    base = alt.Chart().encode(y=row_y(), tooltip=tips)
    bars = base.mark_bar(height=20, color=theme.POSITIVE).encode(x=x)
    words = base.mark_text(align="left", dx=8, fontWeight="bold").encode(
        x=x, text=alt.Text("told:N")
    )
    return layered(bars, words, data=records(data), height=ROW * len(data))
