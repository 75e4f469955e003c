"""Charts of what comes next: the fan, and the chance of a negative figure by release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

import altair as alt
import pandas as pd

from faiwatch.core.phrases import chance_phrase
from faiwatch.core.text import Language, Text, band, percent, window_name
from faiwatch.data.measures import label
from faiwatch.forecast.forecast import LEVELS, summary
from faiwatch.forecast.series import GrowthPaths
from faiwatch.view.charts import theme
from faiwatch.view.charts.annotations import break_lines
from faiwatch.view.charts.chart import Chart, Subject, series_id
from faiwatch.view.charts.marks import (
    HALF_MONTH,
    MAIN_NAME,
    layered,
    month_x,
    name_y,
    recent,
    records,
    tooltips,
    value_y,
    zero_line,
    zoom,
)
from faiwatch.view.charts.words import labelled, series_name

_SHADES = {80: theme.POSITIVE_MID, 95: theme.POSITIVE_SOFT}
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
    ahead = _ahead(paths)
    table = pd.concat([past, ahead], ignore_index=True)
    return subject.chart(
        series_id("fan", measured),
        title=subject.say(
            f"{series_name(subject)}：累计同比增速，已公布与预测",
            f"{series_name(subject)}: growth year to date, published and forecast",
        ),
        caption=_fan_caption(past, ahead, subject),
        chart=_fan_chart(past, ahead, list(events), breaks, subject),
        table=labelled(
            lang,
            period=table["period"],
            published_yoy_pct=table["value_pct"],
            **{name: table[name] for name in ("forecast_pct", *_ENDS)},
        ),
        as_of=subject.until(past["period"]),
    )


_ENDS = ("lower_80", "upper_80", "lower_95", "upper_95")


def _ahead(paths: GrowthPaths) -> pd.DataFrame:
    found = summary(paths.ytd_yoy_pct)
    ends = {
        f"{end}_{level}": getattr(found, end)[place]
        for place, level in enumerate(LEVELS)
        for end in ("lower", "upper")
    }
    return pd.DataFrame({"period": paths.periods, "forecast_pct": found.mean} | ends)


def _fan_chart(
    past: pd.DataFrame,
    ahead: pd.DataFrame,
    events: list[str],
    breaks: pd.DataFrame | None,
    subject: Subject,
) -> alt.LayerChart:
    lang = subject.lang
    title = label("ytd_yoy_pct", lang)
    x, y = month_x(lang), value_y("value_pct", title)
    joined = _from_the_last_figure(past, ahead)
    windows = [window_name(str(one), lang) for one in past["period"]]
    seen = past.rename(columns={"period": "month"}).assign(
        window=windows, part=_PUBLISHED.in_language(lang)
    )
    look = _line_look(lang)
    line = alt.Chart(records(seen)).mark_line(strokeWidth=2).encode(x=x, y=y, **look)
    dots = alt.Chart(records(seen)).mark_circle(size=26, color=theme.INK, opacity=1)
    whole = pd.concat([past["period"], ahead["period"]])
    return layered(
        *_parting(past, ahead, subject),
        *(_ribbon(joined, level, lang) for level in reversed(LEVELS)),
        zero_line(title),
        line.add_params(zoom()).properties(name=MAIN_NAME),
        dots.encode(x=x, y=y, tooltip=tooltips(lang, "window", value_pct="ytd_yoy_pct")),
        *_forecast_line(joined, look, subject),
        *_event_marks(seen, events, y, lang),
        *break_lines(breaks, whole, subject),
    )


def _from_the_last_figure(past: pd.DataFrame, ahead: pd.DataFrame) -> pd.DataFrame:
    """Return the forecast behind the last published figure, from which the fan opens."""
    last = past.tail(1)
    known = float(last["value_pct"].iloc[0])
    start = last[["period"]].assign(**dict.fromkeys(ahead.columns[1:], known))
    return pd.concat([start, ahead], ignore_index=True).rename(columns={"period": "month"})


_STACKED = alt.Legend(columns=1)  # two legends side by side: four names in a row are cut on a phone


def _line_look(lang: Language) -> dict[str, Any]:
    words = [_PUBLISHED.in_language(lang), _FORECAST.in_language(lang)]
    return {
        "stroke": alt.Stroke(
            "part:N",
            title=None,
            scale=alt.Scale(domain=words, range=[theme.INK, theme.POSITIVE]),
            legend=_STACKED,
        ),
        "strokeDash": alt.StrokeDash(
            "part:N",
            title=None,
            scale=alt.Scale(domain=words, range=[[1, 0], [6, 4]]),
            legend=_STACKED,
        ),
    }


def _ribbon(joined: pd.DataFrame, level: int, lang: Language) -> alt.Chart:
    name = Text(f"{level}%区间", f"{level}% range")
    ends = joined[["month", f"lower_{level}", f"upper_{level}"]]
    ends.columns = pd.Index(["month", "value_pct", "upper_pct"])
    names = [Text(f"{one}%区间", f"{one}% range").in_language(lang) for one in LEVELS]
    fill = alt.Fill(
        "range:N",
        title=None,
        scale=alt.Scale(domain=names, range=[_SHADES[one] for one in LEVELS]),
        legend=_STACKED,
    )
    data = records(ends.assign(range=name.in_language(lang)))
    ribbon = alt.Chart(data).mark_area(opacity=0.85, line=False)
    y = value_y("value_pct", label("ytd_yoy_pct", lang))
    return cast("alt.Chart", ribbon.encode(x=month_x(lang), y=y, y2="upper_pct:Q", fill=fill))


def _parting(past: pd.DataFrame, ahead: pd.DataFrame, subject: Subject) -> list[alt.Chart]:
    """Return the ground behind the forecast, the line where it begins, and words on both sides."""
    x = month_x(subject.lang)
    place = pd.DataFrame(
        {
            "month": [past["period"].iloc[-1].to_timestamp() + HALF_MONTH],
            "until": [ahead["period"].iloc[-1].to_timestamp() + HALF_MONTH],
            "before": [subject.say("已公布", "published")],
            "after": [_FORECAST.in_language(subject.lang)],
        }
    )
    chart = alt.Chart(records(place))
    ground = chart.mark_rect(color=theme.GRID, opacity=0.45).encode(
        x=x, x2="until:T", y=alt.Y(value=0), y2=alt.Y2(value="height")
    )
    rule = chart.mark_rule(color=theme.MUTED, strokeWidth=1.4).encode(x=x)
    sides: dict[str, Literal["right", "left"]] = {"before": "right", "after": "left"}
    words = [
        chart.mark_text(
            align=side, baseline="top", dx=-7 if side == "right" else 7, dy=4, color=theme.MUTED
        ).encode(x=x, y=alt.Y(value=0), text=f"{field}:N")
        for field, side in sides.items()
    ]
    return [ground, rule, *words]


def _forecast_line(joined: pd.DataFrame, look: dict[str, Any], subject: Subject) -> list[alt.Chart]:
    lang = subject.lang
    title = label("ytd_yoy_pct", lang)
    x, y = month_x(lang), value_y("value_pct", title)
    line = joined.rename(columns={"forecast_pct": "value_pct"}).assign(
        part=_FORECAST.in_language(lang),
        window=[window_name(str(one), lang) for one in joined["month"]],
        spread=[
            band(*ends, lang) for ends in zip(joined["lower_80"], joined["upper_80"], strict=True)
        ],
    )[["month", "value_pct", "part", "window", "spread"]]
    tips = tooltips(lang, "window", value_pct="ytd_yoy_pct", spread="range_80")
    path = alt.Chart(records(line)).mark_line(strokeWidth=2).encode(x=x, y=y, **look)
    marks = alt.Chart(records(line.iloc[1:])).mark_point(
        size=34, fill=theme.PAPER, stroke=theme.POSITIVE, strokeWidth=1.6
    )
    december = line.iloc[1:][[one.month == 12 for one in line["month"].iloc[1:]]].head(1)
    words = december.assign(words=[percent(value, lang) for value in december["value_pct"]])
    text = alt.Chart(records(words)).mark_text(
        align="left", dx=6, dy=-16, fontWeight="bold", color=theme.POSITIVE, fontSize=14
    )
    return [
        path,
        marks.encode(x=x, y=y, tooltip=tips),
        text.encode(x=x, y=y, text="words:N"),
    ]


def _event_marks(
    seen: pd.DataFrame, events: list[str], y: alt.Y, lang: Language
) -> list[alt.Chart]:
    of_events = seen[seen["month"].astype(str).isin(events)]
    if of_events.empty:
        return []
    mark = alt.Chart(records(of_events.assign(part=_EVENT.in_language(lang)))).mark_point(
        shape="diamond", size=110, stroke=theme.ACCENT, strokeWidth=2
    )
    return [mark.encode(x=month_x(lang), y=y, tooltip=tooltips(lang, "window", part="state"))]


def _fan_caption(past: pd.DataFrame, ahead: pd.DataFrame, subject: Subject) -> str:
    lang, name = subject.lang, series_name(subject)
    last, first, end = past.iloc[-1], ahead.iloc[0], ahead.iloc[-1]

    def said(row: pd.Series) -> str:
        spread = band(float(row["lower_80"]), float(row["upper_80"]), lang)
        value = percent(float(row["forecast_pct"]), lang)
        month = window_name(str(row["period"]), lang)
        return subject.say(f"{month}{value}（80%区间{spread}）", f"{month} {value} (80% {spread})")

    known = percent(float(last["value_pct"]), lang)
    month = window_name(str(last["period"]), lang)
    return subject.say(
        f"{name}公布到{month}（{known}）；预测：{said(first)}，{said(end)}。",
        f"{name}: published to {month} ({known}); forecast: {said(first)}, {said(end)}.",
    )


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
    names = [window_name(str(one), lang) for one in chances["period"]]
    keyed = pd.DataFrame({"region_code": [key[0]], "indicator": [key[1]]})
    return subject.chart(
        series_id("negative-chances", keyed),
        title=subject.say(
            f"{series_name(subject)}：以后各期累计增速为负的可能性",
            f"{series_name(subject)}: chance that each release to come is negative",
        ),
        caption=_chances_caption(chances, names, subject),
        chart=_chances_chart(chances.assign(name=names), subject),
        table=labelled(lang, window=names, chance_negative_pct=100 * chances["probability"]),
    )


def _chances_chart(chances: pd.DataFrame, subject: Subject) -> alt.LayerChart:
    lang = subject.lang
    data = pd.DataFrame(
        {
            "name": chances["period"].astype(str),  # windows in words leave bars no room on a phone
            "window": chances["name"],
            "chance_pct": 100 * chances["probability"],
            "words": [_short_chance(one, lang) for one in chances["probability"]],
        }
    )
    axis = alt.Axis(titleAlign="left", titleAnchor="start", values=[0, 25, 50, 75, 100])
    x = alt.X(
        "chance_pct:Q",
        title=label("chance_negative_pct", lang),
        axis=axis,
        scale=alt.Scale(domain=[0, 119]),
    )
    base = alt.Chart().encode(
        x=x,
        y=name_y(),
        tooltip=tooltips(lang, "window", words="chance_negative_pct"),
    )
    half = alt.Chart(alt.InlineData(values=[{"half": 50}])).mark_rule(
        color=theme.INK, strokeDash=[4, 4]
    )
    return layered(
        base.mark_bar(height=15, fill=theme.NEGATIVE, stroke=theme.MUTED, strokeWidth=0.6),
        base.mark_text(align="left", dx=6, clip=False).encode(text="words:N"),
        half.encode(x=alt.X("half:Q")),
        data=records(data),
    ).properties(height=26 * len(data))


def _short_chance(chance: float, lang: Language) -> str:
    """Say a probability beside a bar: the words of a sentence would leave no room for the bar."""
    said = chance_phrase(chance)
    signs = {"above 99.9%": ">99.9%", "below 0.1%": "<0.1%"}
    return signs.get(said.en, said.in_language(lang))


def _chances_caption(chances: pd.DataFrame, names: list[str], subject: Subject) -> str:
    lang = subject.lang
    likely, count = int((chances["probability"] >= 0.5).sum()), len(chances)
    first = chance_phrase(float(chances["probability"].iloc[0])).in_language(lang)
    return subject.say(
        f"{names[0]}为负的可能性{first}；一年以内的{count}期中有{likely}期更可能为负。",
        f"{names[0]}: chance of a negative figure {first}; {likely} of the {count} releases of a "
        "year ahead are more likely negative than not.",
    )
