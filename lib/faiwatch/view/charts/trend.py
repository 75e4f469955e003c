"""Charts of the trend: its growth with a band and turning points, and its level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, cast

import altair as alt
import pandas as pd

from faiwatch.core.text import NOT_HELD, Language, Text, block_name, month_name, number, percent
from faiwatch.data.measures import label
from faiwatch.forecast.cycle import TURNS, Cycle
from faiwatch.forecast.trend import BAND
from faiwatch.view.charts import theme
from faiwatch.view.charts.annotations import break_lines
from faiwatch.view.charts.chart import Chart, Subject, series_id
from faiwatch.view.charts.marks import (
    CROSS,
    MAIN_NAME,
    fade,
    last_value,
    layered,
    month_x,
    pick,
    recent,
    records,
    tooltips,
    value_y,
    zero_line,
    zoom,
)
from faiwatch.view.charts.words import labelled, series_name


@dataclass(frozen=True, slots=True)
class Line:
    """How one line looks, and the label that names it."""

    label: str
    colour: str
    dash: list[int]
    width: float


_EVENT = Text("特殊事件，不参与估计", "event, left out of the fit")
_SHAPES = {"peak": "triangle-down", "trough": "triangle-up"}
_WHOLE = 1000  # 100 million yuan; smaller levels are told with a decimal
_OFFSETS = {"peak": -12, "trough": 12}


def trend_growth(
    cycle: Cycle,
    measured: pd.DataFrame,
    *,
    subject: Subject,
    breaks: pd.DataFrame | None = None,
    months: int = 120,
) -> Chart:
    """Return smoothed trend growth with its band and turning points over published growth.

    Parameters
    ----------
    cycle : Cycle
        Trend and turning points of one series.
    measured : DataFrame
        Measures of the same series: published and, where it is known, implied block growth.
    subject : Subject
        Names and language.
    breaks : DataFrame, optional
        ``period``, ``label``: where the scope of the figures changed.
    months : int
        How many calendar months, up to the latest, are shown.

    Returns
    -------
    Chart
        Table: month, published, implied and trend growth, band (percent), turning point.
    """
    trend = recent(cycle.trend_by(cycle.method), months)
    growth = measured[["period", "ytd_yoy_pct", "block_yoy_pct"]]
    both = trend.merge(growth, on="period", how="left")
    turns = cycle.turns_by(cycle.method)
    turns = turns[(turns["kind"] != "now") & (turns["period"] >= both["period"].min())]
    turns = turns.reset_index(drop=True)
    lang = subject.lang
    return subject.chart(
        series_id("trend-growth", trend),
        title=subject.say(
            f"{series_name(subject)}：趋势增速与转折点",
            f"{series_name(subject)}: trend growth and turning points",
        ),
        caption=_growth_caption(both, turns, subject),
        chart=_growth_chart(both, turns, breaks, subject),
        table=_growth_table(both, turns, lang),
        as_of=subject.until(trend["period"]),
    )


def _growth_table(both: pd.DataFrame, turns: pd.DataFrame, lang: Language) -> pd.DataFrame:
    kinds = turns.set_index("period")["kind"] if len(turns) else pd.Series(dtype=object)
    return labelled(
        lang,
        block=both["period"],
        ytd_yoy_pct=both["ytd_yoy_pct"],
        block_yoy_pct=both["block_yoy_pct"],
        trend_growth_pct=both["trend_growth_pct"],
        lo_pct=both["lo_pct"],
        hi_pct=both["hi_pct"],
        turn=[
            TURNS[kinds[period]].in_language(lang) if period in kinds.index else ""
            for period in both["period"]
        ],
    )


def _growth_chart(
    both: pd.DataFrame, turns: pd.DataFrame, breaks: pd.DataFrame | None, subject: Subject
) -> alt.LayerChart:
    lang = subject.lang
    title = label("growth_pct", lang)
    x, y = month_x(lang), value_y("value_pct", title)
    data = both.assign(
        month=both["period"],
        window=[block_name(str(period), lang) for period in both["period"]],
        value_pct=both["trend_growth_pct"],
    )[["month", "window", "value_pct", "lo_pct", "hi_pct"]]
    layers = [zero_line(title)]
    if data["lo_pct"].notna().any():
        area = alt.Chart().mark_area(color=theme.POSITIVE_MID, opacity=0.55)
        layers.append(area.encode(x=x, y=value_y("lo_pct", title), y2="hi_pct:Q"))
    layers.append(_growth_lines(both, subject))
    layers += _turn_marks(turns, subject)
    return layered(
        *layers,
        last_value(data, x, y),
        *break_lines(breaks, both["period"], subject),
        data=records(data),
    )


def _growth_lines(both: pd.DataFrame, subject: Subject) -> alt.Chart:
    """Return published, implied and trend growth as three lines that one legend names."""
    lang = subject.lang
    every = {
        "trend_growth_pct": Line("trend_growth_pct", theme.POSITIVE, [1, 0], 3.0),
        "ytd_yoy_pct": Line("ytd_yoy_pct", theme.INK, [5, 3], 1.4),
        "block_yoy_pct": Line("block_yoy_pct", theme.LINE, [1, 2], 1.2),
    }
    # without levels only January-February blocks are implied, which the published line shows
    has_level = bool(both["trend_100m"].notna().any())
    if not has_level:
        every["trend_growth_pct"] = Line("trend_of_growth_pct", theme.POSITIVE, [1, 0], 3.0)
    shown = {name: line for name, line in every.items() if has_level or name != "block_yoy_pct"}
    title = label("growth_pct", lang)
    lines = _long(both, shown, subject)
    tips = tooltips(lang, "window", which="method", value="growth_pct")
    return _named_lines(lines, shown, value_y("value", title), subject).encode(tooltip=tips)


def _long(wide: pd.DataFrame, shown: Mapping[str, Line], subject: Subject) -> pd.DataFrame:
    """Return some columns as ``month window which value``, named as the legend names them."""
    keyed = wide.assign(
        month=wide["period"],
        window=[block_name(str(period), subject.lang) for period in wide["period"]],
    )
    lines = keyed.melt(["month", "window"], list(shown), "which", "value")
    names = {name: label(line.label, subject.lang) for name, line in shown.items()}
    return lines.assign(which=lines["which"].map(names))


def _named_lines(
    lines: pd.DataFrame, shown: Mapping[str, Line], y: alt.Y, subject: Subject
) -> alt.Chart:
    """Return lines that colour, dashes and width tell apart, and one legend names."""
    domain = [label(line.label, subject.lang) for line in shown.values()]
    legend = alt.Legend(columns=alt.ExprRef("width < 420 ? 1 : 0"))

    def scale(values: list[Any]) -> alt.Scale:
        return alt.Scale(domain=domain, range=values)

    looks = list(shown.values())
    colours, dashes, widths = zip(
        *((one.colour, one.dash, one.width) for one in looks), strict=True
    )
    drawn = alt.Chart(records(lines), name=MAIN_NAME).mark_line()
    named: dict[str, Any] = {"title": None, "legend": legend}
    encoded = drawn.encode(
        x=month_x(subject.lang),
        y=y,
        color=alt.Color("which:N", scale=scale(list(colours)), **named),
        strokeDash=alt.StrokeDash("which:N", scale=scale(list(dashes)), **named),
        strokeWidth=alt.StrokeWidth("which:N", scale=scale(list(widths)), **named),
        opacity=fade(),
    )
    return cast("alt.Chart", encoded.add_params(zoom(), pick("which")))


def _turn_marks(turns: pd.DataFrame, subject: Subject) -> list[alt.Chart]:
    """Return a triangle at each turn, hollow while provisional, and months beside what matters.

    A turn after a swing within the band has no month, unless it is the last: many crowd together.
    """
    lang = subject.lang
    layers = []
    is_told = ~turns["is_small"] | (turns["period"] == turns["period"].max())
    for kind, unsure in product(_SHAPES, (False, True)):
        group = turns[(turns["kind"] == kind) & (turns["is_provisional"] == unsure)]
        if group.empty:
            continue
        points = pd.DataFrame(
            {
                "month": group["period"],
                "value_pct": group["value"],
                "turn": TURNS[kind].in_language(lang),
                "window": [month_name(str(one), lang) for one in group["period"]],
                "words": group["period"].dt.strftime("%Y-%m").where(is_told[group.index], ""),
            }
        )
        base = alt.Chart(records(points)).encode(
            x=month_x(lang),
            y=value_y("value_pct", label("growth_pct", lang)),
            tooltip=tooltips(lang, "window", "turn"),
        )
        mark = base.mark_point(
            shape=_SHAPES[kind],
            size=90,
            strokeWidth=1.6,
            stroke=theme.ACCENT,
            fill=theme.PAPER if unsure else theme.ACCENT,
            fillOpacity=1,
            yOffset=_OFFSETS[kind] / 2,
        )
        text = base.mark_text(
            color=theme.ACCENT,
            dy=_OFFSETS[kind] * 1.7,
            fontSize=alt.ExprRef("width < 420 ? 9 : 12"),
        ).encode(text="words:N")
        layers += [mark, text]
    return layers


def _growth_caption(both: pd.DataFrame, turns: pd.DataFrame, subject: Subject) -> str:
    lang = subject.lang
    last = both.iloc[-1]
    block, growth = block_name(str(last["period"]), lang), percent(last["trend_growth_pct"], lang)
    told = subject.say("；图中没有转折点", "; no turning point is shown")
    if len(turns):
        turn = turns.iloc[-1]
        month, kind = month_name(str(turn["period"]), lang), TURNS[turn["kind"]].in_language(lang)
        told = subject.say(
            f"；最近的转折点是{month}的{kind}",
            f"; the last turning point is the {kind} of {month}",
        )
    shade = ""
    if pd.notna(last["lo_pct"]):
        shade = subject.say(f"（阴影为{BAND}%区间）", f" (shaded: {BAND}% range)")
    return subject.say(
        f"{block}，{series_name(subject)}趋势增速{growth}{shade}{told}。",
        f"{series_name(subject)}: trend growth {growth} in {block}{shade}{told}.",
    )


def trend_level(cycle: Cycle, *, subject: Subject, months: int = 180) -> Chart:
    """Return observed blocks with the season taken off, and the trend through them.

    Growth-only series have no level: the figure says so.

    Returns
    -------
    Chart
        Table: month, observed, adjusted and trend (100 million, comparable basis), state. Event
        months, left out of the fit, are marked with a cross.
    """
    lang = subject.lang
    trend = recent(cycle.trend_by(cycle.method), months)
    title = subject.say(
        f"{series_name(subject)}：趋势水平", f"{series_name(subject)}: the trend level"
    )
    words = {
        "observed": "",
        "event": _EVENT.in_language(lang),
        "missing": NOT_HELD[lang],
    }
    table = labelled(
        lang,
        block=trend["period"],
        observed_100m=trend["observed_100m"],
        adjusted_100m=trend["adjusted_100m"],
        trend_100m=trend["trend_100m"],
        state=trend["state"].map(words),
    )
    return subject.chart(
        series_id("trend-level", trend),
        title=title,
        caption=_level_caption(cycle, trend, subject),
        chart=_level_chart(trend, subject) if cycle.has_level else None,
        table=table if cycle.has_level else table.head(0),
        units=subject.say(
            "亿元（当月，可比口径）", "100 million yuan, single month, comparable basis"
        ),
        as_of=subject.until(trend["period"]),
    )


def _level_caption(cycle: Cycle, trend: pd.DataFrame, subject: Subject) -> str:
    if not cycle.has_level:
        return subject.say(
            "该序列只公布增速，没有可比的投资额，不画水平。",
            "Only growth is published of this series: there is no level to draw.",
        )
    lang, last = subject.lang, trend.iloc[-1]
    level = number(last["trend_100m"], lang, 0 if last["trend_100m"] >= _WHOLE else 1)
    turns = cycle.turns_by(cycle.method, "level")
    told = ""
    if len(turns) > 1:
        turn, now = turns.iloc[-2], turns.iloc[-1]
        month, kind = month_name(str(turn["period"]), lang), TURNS[turn["kind"]].in_language(lang)
        told = subject.say(
            f"，比{month}的{kind}{'低' if now['swing'] < 0 else '高'}"
            f"{percent(abs(now['swing']), lang)}",
            f", {percent(abs(now['swing']), lang)} {'below' if now['swing'] < 0 else 'above'} the "
            f"{kind} of {month}",
        )
    block, name = block_name(str(last["period"]), lang), series_name(subject)
    return subject.say(
        f"{block}，{name}趋势水平{level}亿元{told}。",
        f"{name}: trend of {level} (100 million yuan a single month) in {block}{told}.",
    )


def _level_chart(trend: pd.DataFrame, subject: Subject) -> alt.LayerChart:
    lang = subject.lang
    title = label("level_100m", lang)
    shown = {
        "trend_100m": Line("trend_100m", theme.POSITIVE, [1, 0], 3.0),
        "adjusted_100m": Line("adjusted_100m", theme.MUTED, [1, 0], 1.2),
    }
    tips = tooltips(lang, "window", which="method")
    tips.append(alt.Tooltip("value:Q", title=title, format=",.1f"))
    lines = _named_lines(_long(trend, shown, subject), shown, _level_y(title), subject)
    return layered(lines.encode(tooltip=tips), *_event_marks(trend, title, subject))


def _event_marks(trend: pd.DataFrame, title: str, subject: Subject) -> list[alt.Chart]:
    """Return a cross at each month that is left out of the fit."""
    lang = subject.lang
    events = trend[trend["state"] == "event"]
    if events.empty:
        return []
    shown = pd.DataFrame(
        {
            "month": events["period"],
            "window": [block_name(str(period), lang) for period in events["period"]],
            "value": events["adjusted_100m"],
            "state": _EVENT.in_language(lang),
        }
    )
    mark = alt.Chart(records(shown)).mark_point(
        shape=CROSS, size=110, stroke=theme.NEGATIVE, strokeWidth=1.8, fillOpacity=0
    )
    tips = tooltips(lang, "window", "state")
    return [mark.encode(x=month_x(lang), y=_level_y(title), tooltip=tips)]


def _level_y(title: str) -> alt.Y:
    """Return the axis of a level: a line is read by its slope, so zero need not be shown."""
    return value_y("value", title).scale(zero=False, padding=14, nice=True)
