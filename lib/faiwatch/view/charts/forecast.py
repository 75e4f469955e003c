"""Charts of what comes next: the fan, and the chance of a negative figure by release."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any, Literal, cast

import altair as alt
import numpy as np
import pandas as pd

from faiwatch.core.phrases import chance_phrase, joined, say
from faiwatch.core.text import Language, Text, band, percent
from faiwatch.data.measures import label
from faiwatch.forecast.change import STEPS
from faiwatch.forecast.forecast import LEVELS, summary
from faiwatch.forecast.record_findings import signed
from faiwatch.forecast.series import GrowthPaths
from faiwatch.view.charts import theme
from faiwatch.view.charts.annotations import break_lines
from faiwatch.view.charts.chart import Chart, Subject, series_id, slug
from faiwatch.view.charts.marks import (
    HALF_MONTH,
    MAIN_NAME,
    columns,
    layered,
    looks,
    month_x,
    name_y,
    recent,
    records,
    tooltips,
    value_y,
    zero_line,
    zoom,
)
from faiwatch.view.charts.words import labelled

_SHADES = {80: theme.POSITIVE_MID, 95: theme.POSITIVE_SOFT}
_ENDS = ("lower_80", "upper_80", "lower_95", "upper_95")
_PUBLISHED = Text("已公布", "published")
_FORECAST = Text("预测", "forecast")
_EVENT = Text("事件月（不参与拟合）", "event (left out of the fit)")


def fan(
    measured: pd.DataFrame,
    paths: GrowthPaths,
    *,
    subject: Subject,
    events: Sequence[str] = (),
    breaks: pd.DataFrame | None = None,
) -> Chart:
    """Return published growth and the fan of what comes next, clearly parted.

    Parameters
    ----------
    measured : DataFrame
        Measures of one region and indicator up to the origin.
    paths : GrowthPaths
        The forecast.
    subject : Subject
        Names and language.
    events : sequence of str
        Months, ``YYYY-MM``, left out of the fit; marked where they are shown.
    breaks : DataFrame, optional
        ``period``, ``label``: where the scope of the figures changed.

    Returns
    -------
    Chart
        Table: period, published growth (NaN ahead), forecast and both ranges (NaN behind).
    """
    lang = subject.lang
    shown = recent(measured[measured["ytd_yoy_pct"].notna()], 60)
    past = shown[["period", "ytd_yoy_pct"]].rename(columns={"ytd_yoy_pct": "value_pct"})
    found = summary(paths.ytd_yoy_pct)
    ends = {
        f"{end}_{level}": getattr(found, end)[place]
        for place, level in enumerate(LEVELS)
        for end in ("lower", "upper")
    }
    ahead = pd.DataFrame({"period": paths.periods, "forecast_pct": found.mean} | ends)
    table = pd.concat([past, ahead], ignore_index=True)
    first, last = (
        say(
            "view.charts_forecast.forecast_of",
            window=subject.window(row["period"]),
            forecast=row["forecast_pct"],
            spread=band(row["lower_80"], row["upper_80"], lang),
        )
        for _, row in ahead.iloc[[0, -1]].iterrows()
    )
    return subject.chart(
        series_id("fan", measured),
        title=say("view.charts_forecast.fan", name=subject.name, basis=subject.basis),
        caption=say(
            "view.charts_forecast.published_and_forecast",
            name=subject.name,
            window=subject.window(past["period"].iloc[-1]),
            growth=past["value_pct"].iloc[-1],
            first=first,
            last=last,
        ),
        chart=_fan(past, ahead, list(events), breaks, subject),
        table=labelled(
            lang,
            period=table["period"],
            published_yoy_pct=table["value_pct"],
            **table[["forecast_pct", *_ENDS]],
        ),
        as_of=subject.until(past["period"]),
    )


def _fan(
    past: pd.DataFrame,
    ahead: pd.DataFrame,
    events: list[str],
    breaks: pd.DataFrame | None,
    subject: Subject,
) -> alt.LayerChart:
    lang = subject.lang
    title = label(subject.growth, lang)
    x, y = month_x(lang), value_y("value_pct", title)
    # the fan opens from the last published figure
    known = float(past["value_pct"].iloc[-1])
    start = past[["period"]].tail(1).assign(**dict.fromkeys(ahead.columns[1:], known))
    joined = pd.concat([start, ahead], ignore_index=True).rename(columns={"period": "month"})
    seen = past.rename(columns={"period": "month"}).assign(
        window=[subject.window(one) for one in past["period"]], part=_PUBLISHED.in_language(lang)
    )
    look = looks(
        "part",
        [_PUBLISHED.in_language(lang), _FORECAST.in_language(lang)],
        legend=_STACKED,
        stroke=[theme.INK, theme.POSITIVE],
        strokeDash=[[1, 0], [6, 4]],
    )
    line = alt.Chart(records(seen)).mark_line(strokeWidth=2).encode(x=x, y=y, **look)
    dots = alt.Chart(records(seen)).mark_circle(size=26, color=theme.INK, opacity=1)
    layers = [
        *_parting(past, ahead, subject),
        *(_ribbon(joined, level, subject) for level in reversed(LEVELS)),
        zero_line(title),
        line.add_params(zoom()).properties(name=MAIN_NAME),
        dots.encode(x=x, y=y, tooltip=tooltips(lang, "window", value_pct=subject.growth)),
        *_forecast_line(seen, joined, look, subject),
    ]
    of_events = seen[seen["month"].astype(str).isin(events)]
    if len(of_events):
        mark = alt.Chart(records(of_events.assign(part=_EVENT.in_language(lang)))).mark_point(
            shape="diamond", size=110, stroke=theme.ACCENT, strokeWidth=2
        )
        layers.append(mark.encode(x=x, y=y, tooltip=tooltips(lang, "window", part="state")))
    whole = pd.concat([past["period"], ahead["period"]])
    return layered(*layers, *break_lines(breaks, whole, subject))


_NEAR = 4  # releases: as many as half the width of a percentage hides on a telephone
_STACKED = alt.Legend(columns=1)  # two legends side by side: four names in a row are cut on a phone


def _ribbon(joined: pd.DataFrame, level: int, subject: Subject) -> alt.Chart:
    lang = subject.lang
    ends = joined[["month", f"lower_{level}", f"upper_{level}"]]
    ends.columns = pd.Index(["month", "value_pct", "upper_pct"])
    names = {one: say("view.charts_forecast.range", level=one).in_language(lang) for one in LEVELS}
    shades = [_SHADES[one] for one in LEVELS]
    data = records(ends.assign(range=names[level]))
    ribbon = alt.Chart(data).mark_area(opacity=0.85, line=False)
    encoded = ribbon.encode(
        x=month_x(lang),
        y=value_y("value_pct", label(subject.growth, lang)),
        y2="upper_pct:Q",
        **looks("range", list(names.values()), legend=_STACKED, fill=shades),
    )
    return cast("alt.Chart", encoded)


def _parting(past: pd.DataFrame, ahead: pd.DataFrame, subject: Subject) -> list[alt.Chart]:
    """Return the ground behind the forecast, the line where it begins, and words on both sides."""
    x = month_x(subject.lang)
    place = pd.DataFrame(
        {
            "month": [past["period"].iloc[-1].to_timestamp() + HALF_MONTH],
            "until": [ahead["period"].iloc[-1].to_timestamp() + HALF_MONTH],
            "before": [_PUBLISHED.in_language(subject.lang)],
            "after": [_FORECAST.in_language(subject.lang)],
        }
    )
    chart = alt.Chart(records(place))
    ground = columns(place, x, color=theme.GRID, opacity=0.45)
    rule = chart.mark_rule(color=theme.MUTED, strokeWidth=1.4).encode(x=x)
    sides: dict[str, Literal["right", "left"]] = {"before": "right", "after": "left"}
    words = [
        chart.mark_text(
            align=side, baseline="top", dx=-7 if side == "right" else 7, dy=4, color=theme.MUTED
        ).encode(x=x, y=alt.Y(value=0), text=f"{field}:N")
        for field, side in sides.items()
    ]
    return [ground, rule, *words]


def _forecast_line(
    seen: pd.DataFrame, joined: pd.DataFrame, look: dict[str, Any], subject: Subject
) -> list[alt.Chart]:
    lang = subject.lang
    title = label(subject.growth, lang)
    x, y = month_x(lang), value_y("value_pct", title)
    line = joined.rename(columns={"forecast_pct": "value_pct"}).assign(
        part=_FORECAST.in_language(lang),
        window=[subject.window(one) for one in joined["month"]],
        spread=[
            band(*ends, lang) for ends in zip(joined["lower_80"], joined["upper_80"], strict=True)
        ],
    )[["month", "value_pct", "part", "window", "spread"]]
    tips = tooltips(lang, "window", value_pct=subject.growth, spread="range_80")
    path = alt.Chart(records(line)).mark_line(strokeWidth=2).encode(x=x, y=y, **look)
    marks = alt.Chart(records(line.iloc[1:])).mark_point(
        size=34, fill=theme.PAPER, stroke=theme.POSITIVE, strokeWidth=1.6
    )
    ends_year = [subject.calendar.is_cumulative and one.month == 12 for one in line["month"]]
    december = line.iloc[1:][ends_year[1:]].head(1)
    # the words are as wide as some months: they stand below each point that they could hide
    both = pd.concat([seen, line.iloc[1:]]).reset_index(drop=True)
    near = [both["value_pct"].iloc[max(0, at - _NEAR) : at + _NEAR + 1].min() for at in both.index]
    lowest = pd.Series(near, index=both["month"]).reindex(december["month"])
    words = december.assign(
        words=[percent(value, lang) for value in december["value_pct"]],
        value_pct=lowest.to_numpy(),
    )
    text = alt.Chart(records(words)).mark_text(
        baseline="top", dy=8, fontWeight="bold", color=theme.POSITIVE, fontSize=14
    )
    return [path, marks.encode(x=x, y=y, tooltip=tips), text.encode(x=x, y=y, text="words:N")]


def negative_chances(chances: pd.DataFrame, *, key: tuple[str, str], subject: Subject) -> Chart:
    """Return the chance of a negative figure for each release of a year ahead as bars.

    Parameters
    ----------
    chances : DataFrame
        Result of :func:`faiwatch.forecast.probability.negative_probabilities`.
    key : (str, str)
        Region code and indicator.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: period, chance in percent; releases beyond a year have none and are left out.
    """
    lang = subject.lang
    chances = chances.dropna(subset="probability")
    names = [subject.window(one) for one in chances["period"]]
    told = [chance_phrase(float(one)) for one in chances["probability"]]
    # the words of a sentence would leave no room for the bar
    signs = {"above 99.9%": ">99.9%", "below 0.1%": "<0.1%"}
    data = pd.DataFrame(
        {
            "name": chances["period"].astype(str),  # windows in words leave bars no room on a phone
            "window": names,
            "chance_pct": 100 * chances["probability"],
            "words": [signs.get(one.en, one.in_language(lang)) for one in told],
        }
    )
    x = alt.X(
        "chance_pct:Q",
        title=label("chance_negative_pct", lang),
        axis=alt.Axis(titleAlign="left", titleAnchor="start", values=[0, 25, 50, 75, 100]),
        scale=alt.Scale(domain=[0, 119]),
    )
    tips = tooltips(lang, "window", words="chance_negative_pct")
    base = alt.Chart().encode(x=x, y=name_y(), tooltip=tips)
    half = alt.Chart(alt.InlineData(values=[{"half": 50}])).mark_rule(
        color=theme.INK, strokeDash=[4, 4]
    )
    return subject.chart(
        slug("negative-chances", *key),
        title=say("view.charts_forecast.chances", name=subject.name),
        caption=say(
            "view.charts_forecast.first_and_likely",
            window=names[0],
            chance=told[0],
            total=len(names),
            likely=int((chances["probability"] >= 0.5).sum()),
        ),
        chart=layered(
            base.mark_bar(height=15, fill=theme.NEGATIVE, stroke=theme.MUTED, strokeWidth=0.6),
            base.mark_text(align="left", dx=6, clip=False).encode(text="words:N"),
            half.encode(x=alt.X("half:Q")),
            data=records(data),
            height=26 * len(data),
        ),
        table=labelled(lang, window=names, chance_negative_pct=100 * chances["probability"]),
    )


def news(change: pd.DataFrame, *, key: tuple[str, str], subject: Subject) -> Chart:
    """Return what the last release did to the forecast of the full year, as a waterfall by cause.

    Parameters
    ----------
    change : DataFrame
        Result of :func:`faiwatch.forecast.change.forecast_change`.
    key : (str, str)
        Region code and indicator.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: step, effect, forecast after it. Empty when nothing was known before.
    """
    lang = subject.lang
    names = [STEPS[step].in_language(lang) for step in change["step"]]
    answer = partial(
        subject.chart,
        slug("forecast-news", *key),
        title=say("view.charts_forecast.news", name=subject.name),
        table=labelled(
            lang,
            step=names,
            effect_pp=change["effect_pp"],
            forecast_after_pct=change["forecast_pct"],
        ),
    )
    if change.empty:
        return answer(caption=Text("此前没有可比的预测。", "There was no forecast before."))
    after = change["forecast_pct"].astype(float)
    start = after.shift(fill_value=float(after.iloc[0]))
    effect = change["effect_pp"].astype(float)
    words = [
        percent(value, lang) if math.isnan(moved) else signed(moved).in_language(lang)
        for value, moved in zip(after, effect, strict=True)
    ]
    data = pd.DataFrame(
        {
            "name": names, "start": start, "end": after, "words": words,
            "far": np.maximum(start, after),
            "sign": np.where(effect < 0, _LOWER, _HIGHER),
            "is_total": effect.isna(),
        }
    )  # fmt: skip
    causes = (
        say("view.charts_forecast.cause", name=name, change=told)
        for name, told in zip(names[1:-1], words[1:-1], strict=True)
    )
    return answer(
        caption=say(
            "view.charts_forecast.changed",
            before=words[0],
            now=words[-1],
            causes=joined(causes, "，", ", "),
        ),
        chart=_waterfall(data, lang),
    )


_LOWER, _HIGHER = "lower", "higher"


def _waterfall(data: pd.DataFrame, lang: Language) -> alt.LayerChart:
    """Return bars from what was to what is, and marks where it began and ended."""
    reach = [*data["start"], *data["end"]]
    margin = max(0.15 * (max(reach) - min(reach)), 0.2)
    ends = [min(reach) - margin, max(reach) + 3 * margin]
    scale = alt.Scale(domain=ends, nice=False, zero=False)
    title = label("forecast_pct", lang)
    axis = alt.Axis(titleAlign="left", titleAnchor="start")
    x = alt.X("start:Q", title=title, scale=scale, axis=axis)
    tips = [alt.Tooltip("name:N", title=label("step", lang)), alt.Tooltip("words:N", title=title)]
    base = alt.Chart().encode(y=name_y(), tooltip=tips)
    fill = alt.Fill(
        "sign:N",
        legend=None,
        scale=alt.Scale(domain=[_LOWER, _HIGHER], range=[theme.NEGATIVE, theme.POSITIVE]),
    )
    steps = base.transform_filter("!datum.is_total").mark_bar(
        height=15, stroke=theme.MUTED, strokeWidth=0.6
    )
    totals = base.transform_filter("datum.is_total").mark_point(
        size=110, filled=True, color=theme.INK, opacity=1
    )
    text = base.mark_text(align="left", dx=9, clip=False)
    return layered(
        steps.encode(x=x, x2="end:Q", fill=fill),
        totals.encode(x=alt.X("end:Q", title=title, scale=scale)),
        text.encode(x=alt.X("far:Q", title=title, scale=scale), text="words:N"),
        data=records(data),
        height=34 * len(data),
    )
