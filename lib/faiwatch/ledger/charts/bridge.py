"""Charts that lead from one total of a ledger to another, step by step; the steps add up."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from faiwatch.core.phrases import amount, joined, say
from faiwatch.core.text import NOTHING, Language, Text, half_up, month_name, number
from faiwatch.data.measures import UNITS
from faiwatch.ledger.attribution import EFFECTS, RESIDUAL_WORDS, Attribution
from faiwatch.ledger.attribution import RESIDUAL as NOT_EXPLAINED
from faiwatch.ledger.charts.rows import ROW, row_y, wrapped
from faiwatch.ledger.reconcile import (
    AS_REPORTED,
    LEDGER,
    RESIDUAL,
    STATISTICS,
    STEPS,
    Reconciliation,
)
from faiwatch.ledger.sheets import PER_100M
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import layered, nothing_known, records, tooltips, value_x, zero_rule
from faiwatch.view.charts.words import labelled

_TOTAL = "total"
_LOOKS = {
    "up": (Text("增加（+）", "adds (+)"), theme.POSITIVE),
    "down": (Text("减少（−）", "takes away (−)"), theme.NEGATIVE),
    "rest": (Text("台账以外", "outside the ledger"), theme.MISSING),
    _TOTAL: (Text("合计", "total"), theme.INK),
}
_UNIT = UNITS["100m_cny"]


def attribution_waterfall(found: Attribution, *, subject: Subject) -> Chart:
    """Return which kinds of project moved investment since the same month of last year.

    Parameters
    ----------
    found : Attribution
        From :func:`faiwatch.ledger.attribution.attribution`.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: effect, projects, amount in 100 million, points of growth; the last row is the
        change of the statistic, and the rows above add up to it. NaN = not known.
    """
    effects = found.effects.assign(amount=found.effects["change_10k"] / PER_100M)
    effects = effects[effects["n"].gt(0) | effects["effect"].eq(NOT_EXPLAINED)]
    words = {**EFFECTS, NOT_EXPLAINED: RESIDUAL_WORDS}
    kinds = np.where(effects["effect"].eq(NOT_EXPLAINED), "rest", _signs(effects["amount"]))
    steps = effects.assign(step=effects["effect"], kind=kinds)
    whole = pd.DataFrame(
        {
            "step": [_TOTAL],
            "n": [0],
            "amount": [found.total_10k / PER_100M],
            "points_pp": [effects["points_pp"].sum(skipna=False)],
            "kind": [_TOTAL],
        }
    )
    steps = pd.concat([steps, whole], ignore_index=True)
    names = words | {_TOTAL: Text("统计数同比增减", "Change of the statistic")}
    lang = subject.lang
    steps = _named(steps, names, lang)
    points = labelled(lang, contribution_pp=steps["points_pp"])
    months = [month_name(str(month), lang) for month in (found.against, found.as_of)]
    return subject.chart(
        slug("ledger-attribution", subject.as_of),
        title=say("ledger.charts_bridge.what_moved_it", before=months[0], now=months[1]),
        caption=_attribution_caption(found),
        chart=_chart(steps, lang),
        table=_table(steps, lang).join(points),
        units=_UNIT.in_language(lang),
    )


def reconciliation_steps(found: Reconciliation, *, subject: Subject) -> Chart:
    """Return how the ledger's total becomes the published one.

    Parameters
    ----------
    found : Reconciliation
        From :func:`faiwatch.ledger.reconcile.reconcile`.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: step, projects, amount in 100 million. NaN = not known.
    """
    lang = subject.lang
    steps = found.steps.assign(amount=found.steps["amount_10k"] / PER_100M)
    is_total = steps["step"].isin([LEDGER, AS_REPORTED, STATISTICS])
    kinds = np.select(
        [is_total, steps["step"].eq(RESIDUAL)], [_TOTAL, "rest"], default=_signs(steps["amount"])
    )
    steps = steps.assign(kind=kinds)
    steps = steps[steps["kind"].isin([_TOTAL, "rest"]) | steps["amount"].abs().gt(0)]
    steps = _named(steps, STEPS, lang)
    return subject.chart(
        slug("ledger-reconciliation", subject.as_of),
        title=say("ledger.charts_bridge.step_by_step"),
        caption=_reconciliation_caption(found),
        chart=_chart(steps, lang),
        table=_table(steps, lang),
        units=_UNIT.in_language(lang),
    )


def _signs(amounts: pd.Series) -> np.ndarray:
    return np.where(amounts.lt(0), "down", "up")


def _named(steps: pd.DataFrame, words: Mapping[str, Text], lang: Language) -> pd.DataFrame:
    names = [words[step].in_language(lang) for step in steps["step"]]
    return steps.assign(name=names).reset_index(drop=True)


def _table(steps: pd.DataFrame, lang: Language) -> pd.DataFrame:
    counts = [str(n) if n else "" for n in steps["n"]]
    return labelled(lang, step=steps["name"], n_projects=counts, amount_100m=steps["amount"])


def _chart(steps: pd.DataFrame, lang: Language) -> alt.LayerChart:
    """Return the steps as bars, each from where the one before ends; totals begin at zero."""
    amounts, is_total = steps["amount"].fillna(0.0), steps["kind"].eq(_TOTAL)
    runs = amounts.where(~is_total | (amounts.index == 0), 0.0).cumsum()
    start = (runs - amounts).where(~is_total, 0.0)
    data = steps.assign(start=start, end=runs.where(~is_total, amounts))
    data = data[data["amount"].notna() & (data["amount"].ne(0) | data["kind"].eq(_TOTAL))]
    if data.empty:
        return nothing_known(lang)
    words = {name: look[0].in_language(lang) for name, look in _LOOKS.items()}
    used = [name for name in _LOOKS if name in set(data["kind"])]
    data = data.assign(
        name=data["name"].map(wrapped),
        what=data["kind"].map(words),
        told=[
            ("+" if kind != _TOTAL and half_up(value, 1) > 0 else "") + number(value, "en", 1)
            for value, kind in zip(data["amount"], data["kind"], strict=True)
        ],
        right=data[["start", "end"]].max(axis="columns"),
    )
    title = _UNIT.in_language(lang)
    scale = alt.Scale(domain=[words[one] for one in used], range=[_LOOKS[one][1] for one in used])
    legend = alt.Legend(symbolType="square", symbolStrokeWidth=0)
    base = alt.Chart().encode(y=row_y(), tooltip=tooltips(lang, name="step", told="amount_100m"))
    bars = base.mark_bar(height=17).encode(
        x=value_x("start", title),
        x2=alt.X2("end:Q"),
        color=alt.Color("what:N", scale=scale, title=None, legend=legend),
    )
    labels = base.mark_text(align="left", dx=10, fontWeight="bold").encode(
        x=value_x("right", title), text=alt.Text("told:N")
    )
    data_of = records(data, decimals=4)
    return layered(zero_rule(title), bars, labels, data=data_of, height=ROW * len(data))


def _attribution_caption(found: Attribution) -> Text:
    lost = found.effects[found.effects["change_10k"].lt(0) & found.effects["n"].gt(0)]
    gained = found.effects[found.effects["change_10k"].gt(0) & found.effects["n"].gt(0)]
    said = []
    for rows, zh, en in ((lost, "减少", "took away"), (gained, "增加", "added")):
        if rows.empty:
            continue
        top = rows.iloc[int(rows["change_10k"].abs().argmax())]
        size, words = amount(abs(top["change_10k"]) / PER_100M), EFFECTS[str(top["effect"])]
        told = say(
            "ledger.charts_bridge.most", said=Text(zh, en), words=words, n=int(top["n"]), size=size
        )
        said.append(told)
    whole, rest = found.total_10k, found.effects.set_index("effect")["change_10k"]
    told = joined(said)
    if np.isnan(whole):
        return say("ledger.charts_bridge.ledger_alone", told=told)
    side = Text("减少", "fell") if whole < 0 else Text("增加", "rose")
    total, left = amount(abs(whole) / PER_100M), amount(rest[NOT_EXPLAINED] / PER_100M)
    return say("ledger.charts_bridge.explained", told=told, side=side, total=total, left=left)


def _reconciliation_caption(found: Reconciliation) -> Text:
    totals = [LEDGER, AS_REPORTED, RESIDUAL, STATISTICS]
    amounts = found.steps.set_index("step")["amount_10k"].astype("float64") / PER_100M
    done, reported, rest, published = (amount(value) for value in amounts[totals])
    classes = found.steps[~found.steps["step"].isin(totals) & found.steps["amount_10k"].ne(0)]
    most = NOTHING
    if len(classes):
        top = classes.iloc[int(classes["amount_10k"].abs().argmax())]
        name, count = str(top["step"]), int(top["n"])
        size = amount(abs(top["amount_10k"]) / PER_100M)
        most = say(
            "ledger.charts_bridge.largest_difference", steps=STEPS[name], count=count, size=size
        )
    return say(
        "ledger.charts_bridge.done_and_reported",
        done=done,
        reported=reported,
        most=most,
        rest=rest,
        published=published,
    )
