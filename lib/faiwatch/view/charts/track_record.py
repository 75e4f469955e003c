"""Charts of how good forecasts were: reliability of probabilities, errors by how far ahead."""

from __future__ import annotations

from functools import partial
from typing import cast

import altair as alt
import pandas as pd

from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Text
from faiwatch.data.measures import label, measure
from faiwatch.forecast.track_record import CHOSEN, LAST3, NO_CHANGE
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import layered, looks, records, tooltips, value_y
from faiwatch.view.charts.words import labelled, rounded

_LINES = {  # name, colour, dashes, shape
    CHOSEN: (Text("本页预测", "this forecast"), theme.POSITIVE, [1, 0], "circle"),
    NO_CHANGE: (measure("no_change").name, theme.NEGATIVE, [6, 4], "triangle-up"),
    LAST3: (measure("last_three").name, theme.INDETERMINATE, [2, 3], "square"),
}


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
    lang = subject.lang
    chance, happened = 100 * found["probability_mean"], 100 * found["share_happened"]
    answer = partial(
        subject.chart,
        slug("reliability", *key),
        title=say("view.charts_track_record.chances", name=subject.name),
        table=labelled(
            lang, chance_given_pct=chance, share_happened_pct=happened, n_forecasts=found["n"]
        ),
    )
    if found.empty:
        return answer(
            caption=Text("序列太短，无法检验。", "The series is too short to check chances given.")
        )
    caption = say(
        "view.charts_track_record.most_certain",
        n=int(found["n"].iloc[-1]),
        said=chance.iloc[-1],
        came=happened.iloc[-1],
    )
    words = "n=" + found["n"].astype(str)
    data = {"said_pct": chance, "value_pct": happened, "n": found["n"], "words": words}
    whole = alt.Scale(domain=[0, 100], padding=16)
    axis = alt.Axis(titleAlign="left", titleAnchor="start", values=[0, 20, 40, 60, 80, 100])
    x = alt.X("said_pct:Q", title=label("chance_given_pct", lang), scale=whole, axis=axis)
    y = value_y("value_pct", label("share_happened_pct", lang)).scale(domain=[0, 100], padding=16)
    tips = {"said_pct": "chance_given_pct", "value_pct": "share_happened_pct", "n": "n_forecasts"}
    base = alt.Chart().encode(x=x, y=y, tooltip=tooltips(lang, **tips))
    corners = [{"said_pct": end, "value_pct": end} for end in (0, 100)]
    perfect = alt.Chart(alt.InlineData(values=corners)).mark_line(
        color=theme.LINE, strokeDash=[5, 4]
    )
    size = alt.Size("n:Q", legend=None, scale=alt.Scale(range=[60, 700], zero=True))
    points = base.mark_point(fill=theme.POSITIVE, stroke=theme.POSITIVE, opacity=0.9)
    text = base.mark_text(align="left", dx=14, dy=14, color=theme.MUTED)
    chart = layered(
        cast("alt.Chart", perfect.encode(x=x, y=y)),
        points.encode(size=size),
        text.encode(text="words:N"),
        data=records(pd.DataFrame(data)),
    )
    return answer(caption=caption, chart=chart)


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
    lang = subject.lang
    there = by_horizon.dropna(axis="columns", how="all")
    lines = {name: look for name, look in _LINES.items() if f"median_{name}" in there}
    medians = {
        words.in_language(lang): by_horizon[f"median_{name}"] for name, (words, *_) in lines.items()
    }
    table = {label("horizon", lang): by_horizon["horizon"]} if medians else {}
    answer = partial(
        subject.chart,
        slug("errors", *key),
        title=say("view.charts_track_record.errors", name=subject.name),
        table=pd.DataFrame(table | {one: rounded(error, 2) for one, error in medians.items()}),
        units=subject.say("百分点", "percentage points"),
    )
    if not medians:
        return answer(
            caption=Text("序列太短，无法回测。", "The series is too short for a track record.")
        )
    first, last = (
        joined(
            (
                say("view.charts_track_record.error", name=called, error=error.iloc[place])
                for called, error in medians.items()
            ),
            "，",
            ", ",
        )
        for place in (0, -1)
    )
    caption = say(
        "view.charts_track_record.near_and_far",
        first=first,
        horizon=int(by_horizon["horizon"].iloc[-1]),
        last=last,
    )
    ahead = by_horizon[["horizon"]]
    data = pd.concat(
        [ahead.assign(value_pp=error, which=called) for called, error in medians.items()]
    )
    _, colours, dashes, shapes = zip(*lines.values(), strict=True)
    told = looks("which", list(medians), stroke=colours, strokeDash=dashes, shape=shapes)
    axis = alt.Axis(tickMinStep=1, grid=False, format="d")
    base = alt.Chart().encode(
        x=alt.X("horizon:Q", title=label("horizon", lang), axis=axis),
        y=value_y("value_pp", label("median_error_pp", lang)).scale(domainMin=0, nice=True),
        stroke=told["stroke"],
        tooltip=tooltips(lang, "horizon", which="model", value_pp="median_error_pp"),
    )
    chart = layered(
        base.mark_line(strokeWidth=2).encode(strokeDash=told["strokeDash"]),
        base.mark_point(size=44, fill=theme.PAPER, strokeWidth=1.8).encode(shape=told["shape"]),
        data=records(data, decimals=2),
    )
    return answer(caption=caption, chart=chart)
