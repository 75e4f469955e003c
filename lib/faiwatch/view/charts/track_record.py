"""Charts of how good forecasts were: reliability of probabilities, errors by how far ahead."""

from __future__ import annotations

from typing import Any, cast

import altair as alt
import pandas as pd

from faiwatch.core.text import Language, Text, number, percent
from faiwatch.data.measures import label, measure
from faiwatch.forecast.track_record import CHOSEN, LAST3, NO_CHANGE
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import layered, records, tooltips, value_y
from faiwatch.view.charts.words import labelled, rounded, series_name

_LINES = {
    CHOSEN: Text("本页预测", "this forecast"),
    NO_CHANGE: measure("no_change").name,
    LAST3: measure("last_three").name,
}
_COLORS: dict[str, Any] = dict(
    zip(_LINES, (theme.POSITIVE, theme.NEGATIVE, theme.INDETERMINATE), strict=True)
)
_DASHES: dict[str, Any] = dict(zip(_LINES, ([1, 0], [6, 4], [2, 3]), strict=True))
_SHAPES: dict[str, Any] = dict(zip(_LINES, ("circle", "triangle-up", "square"), strict=True))


def reliability(found: pd.DataFrame, *, key: tuple[str, str], subject: Subject) -> Chart:
    """Return how often growth was negative when a chance had been given.

    Parameters
    ----------
    found : DataFrame
        Result of :func:`faiwatch.forecast.track_record.reliability_table`; may be empty.
    key : (str, str)
        Region code and indicator.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: mean chance given, share that came true, forecasts; empty for a short series.
    """
    return subject.chart(
        slug("reliability", *key),
        title=subject.say(
            f"{series_name(subject)}：说有多大可能，实际发生了多少",
            f"{series_name(subject)}: chances given, and what came true",
        ),
        caption=_reliability_caption(found, subject),
        chart=_reliability_chart(found, subject.lang) if len(found) else None,
        table=labelled(
            subject.lang,
            chance_given_pct=100 * found["probability_mean"],
            share_happened_pct=100 * found["share_happened"],
            n_forecasts=found["n"],
        ),
    )


def _reliability_chart(found: pd.DataFrame, lang: Language) -> alt.LayerChart:
    data = pd.DataFrame(
        {
            "said_pct": 100 * found["probability_mean"],
            "value_pct": 100 * found["share_happened"],
            "n": found["n"],
            "words": "n=" + found["n"].astype(str),
        }
    )
    whole = alt.Scale(domain=[0, 100], padding=16)
    axis = alt.Axis(titleAlign="left", titleAnchor="start", values=[0, 20, 40, 60, 80, 100])
    x = alt.X("said_pct:Q", title=label("chance_given_pct", lang), scale=whole, axis=axis)
    y = value_y("value_pct", label("share_happened_pct", lang)).scale(domain=[0, 100], padding=16)
    base = alt.Chart().encode(
        x=x,
        y=y,
        tooltip=tooltips(
            lang, said_pct="chance_given_pct", value_pct="share_happened_pct", n="n_forecasts"
        ),
    )
    ends = alt.InlineData(
        values=[{"said_pct": 0, "value_pct": 0}, {"said_pct": 100, "value_pct": 100}]
    )
    perfect = alt.Chart(ends).mark_line(color=theme.LINE, strokeDash=[5, 4])
    size = alt.Size("n:Q", legend=None, scale=alt.Scale(range=[60, 700], zero=True))
    points = base.mark_point(fill=theme.POSITIVE, stroke=theme.POSITIVE, opacity=0.9)
    return layered(
        cast("alt.Chart", perfect.encode(x=x, y=y)),
        points.encode(size=size),
        base.mark_text(align="left", dx=14, dy=14, color=theme.MUTED).encode(text="words:N"),
        data=records(data),
    )


def _reliability_caption(found: pd.DataFrame, subject: Subject) -> str:
    lang = subject.lang
    if found.empty:
        return subject.say(
            "序列太短，无法检验。", "The series is too short to check chances given."
        )
    top = found.iloc[-1]
    said, came = (percent(100 * float(top[name]), lang, 0) for name in _SHARES)
    return subject.say(
        f"说得最肯定的{int(top['n'])}次，平均给出{said}，实际{came}为负；点越靠近虚线越可信。",
        f"The {int(top['n'])} most certain forecasts gave {said} on average and {came} came true; "
        "the nearer points lie to the dashed line, the better.",
    )


_SHARES = ("probability_mean", "share_happened")


def errors(by_horizon: pd.DataFrame, *, key: tuple[str, str], subject: Subject) -> Chart:
    """Return the median error by how far ahead, beside both baselines.

    Parameters
    ----------
    by_horizon : DataFrame
        Result of :func:`faiwatch.forecast.track_record.errors_by_horizon`; may be empty.
    key : (str, str)
        Region code and indicator.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: releases ahead, then the median error of each in percentage points.
    """
    there = [
        name for name in _LINES if f"median_{name}" in by_horizon.dropna(axis="columns", how="all")
    ]
    lang = subject.lang
    names = {name: _LINES[name].in_language(lang) for name in there}
    table = {label("horizon", lang): by_horizon["horizon"]} if there else {}
    return subject.chart(
        slug("errors", *key),
        title=subject.say(
            f"{series_name(subject)}：预测误差随提前期数的变化",
            f"{series_name(subject)}: errors by how far ahead",
        ),
        caption=_errors_caption(by_horizon, names, subject),
        chart=_errors_chart(by_horizon, names, lang) if there else None,
        table=pd.DataFrame(
            table | {names[name]: rounded(by_horizon[f"median_{name}"], 2) for name in there}
        ),
        units=subject.say("百分点", "percentage points"),
    )


def _errors_chart(
    by_horizon: pd.DataFrame, names: dict[str, str], lang: Language
) -> alt.LayerChart:
    data = pd.concat(
        [
            pd.DataFrame(
                {
                    "horizon": by_horizon["horizon"],
                    "value_pp": by_horizon[f"median_{name}"],
                    "which": names[name],
                }
            )
            for name in names
        ]
    )
    words = list(names.values())
    colors, dashes, shapes = (
        alt.Scale(domain=words, range=[looks[name] for name in names])
        for looks in (_COLORS, _DASHES, _SHAPES)
    )
    x = alt.X(
        "horizon:Q",
        title=label("horizon", lang),
        axis=alt.Axis(tickMinStep=1, grid=False, format="d"),
    )
    base = alt.Chart().encode(
        x=x,
        y=value_y("value_pp", label("median_error_pp", lang)).scale(domainMin=0, nice=True),
        stroke=alt.Stroke("which:N", title=None, scale=colors),
        tooltip=tooltips(lang, "horizon", which="model", value_pp="median_error_pp"),
    )
    dash = alt.StrokeDash("which:N", title=None, scale=dashes)
    shape = alt.Shape("which:N", title=None, scale=shapes)
    return layered(
        base.mark_line(strokeWidth=2).encode(strokeDash=dash),
        base.mark_point(size=44, fill=theme.PAPER, strokeWidth=1.8).encode(shape=shape),
        data=records(data, decimals=2),
    )


def _errors_caption(by_horizon: pd.DataFrame, names: dict[str, str], subject: Subject) -> str:
    if not names:
        return subject.say("序列太短，无法回测。", "The series is too short for a track record.")
    lang = subject.lang
    first, last = by_horizon.iloc[0], by_horizon.iloc[-1]

    def said(row: pd.Series) -> str:
        return subject.say("，", ", ").join(
            f"{called}{subject.say('', ' ')}{number(float(row[f'median_{name}']), lang, 2)}"
            for name, called in names.items()
        )

    return subject.say(
        f"提前1期：{said(first)}；提前{int(last['horizon'])}期：{said(last)}（百分点）。",
        f"One release ahead: {said(first)}; {int(last['horizon'])} ahead: {said(last)} (pp).",
    )
