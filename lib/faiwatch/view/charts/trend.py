"""Charts of the trend: its growth with a band and turning points, and its level."""

from __future__ import annotations

from functools import partial
from itertools import product

import altair as alt
import pandas as pd

from faiwatch.core.phrases import amount, say
from faiwatch.core.text import NOT_HELD, NOTHING, Language, Text, block_name, month_name
from faiwatch.data.measures import label
from faiwatch.forecast.cycle import TURNS, Cycle
from faiwatch.forecast.trend import BAND
from faiwatch.view.charts import theme
from faiwatch.view.charts.annotations import break_lines
from faiwatch.view.charts.chart import Chart, Subject, series_id
from faiwatch.view.charts.marks import (
    CROSS,
    Line,
    last_value,
    layered,
    month_x,
    named_lines,
    named_months,
    recent,
    records,
    tooltips,
    value_y,
    zero_line,
)
from faiwatch.view.charts.words import labelled, side_of

_EVENT = Text("特殊事件，不参与估计", "event, left out of the fit")
_SHAPES = {"peak": "triangle-down", "trough": "triangle-up"}
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
    lang = subject.lang
    trend = recent(cycle.trend_by(cycle.method), months)
    growth = measured[["period", "ytd_yoy_pct", "block_yoy_pct"]]
    both = trend.merge(growth, on="period", how="left")
    turns = cycle.turns_by(cycle.method)
    turns = turns[(turns["kind"] != "now") & (turns["period"] >= both["period"].min())]
    turns = turns.reset_index(drop=True)
    kinds = {turn.period: TURNS[turn.kind].in_language(lang) for turn in turns.itertuples()}
    last = both.iloc[-1]
    told = Text("；图中没有转折点", "; no turning point is shown")
    if kinds:
        turn, kind = list(kinds.items())[-1]
        told = say("view.charts_trend.last_turn", month=turn, kind=kind)
    shade = NOTHING
    if pd.notna(last["lo_pct"]):
        shade = say("view.charts_trend.shaded", band=BAND)
    return subject.chart(
        series_id("trend-growth", trend),
        title=say("view.charts_trend.growth", name=subject.name),
        caption=say(
            "view.charts_trend.pace",
            month=last["period"],
            name=subject.name,
            growth=last["trend_growth_pct"],
            shade=shade,
            turn=told,
        ),
        chart=_growth_lines(both, turns, breaks, subject),
        table=labelled(
            lang,
            block=both["period"],
            **both[["ytd_yoy_pct", "block_yoy_pct", "trend_growth_pct", "lo_pct", "hi_pct"]],
            turn=[kinds.get(period, "") for period in both["period"]],
        ),
        as_of=subject.until(trend["period"]),
    )


def _growth_lines(
    both: pd.DataFrame, turns: pd.DataFrame, breaks: pd.DataFrame | None, subject: Subject
) -> alt.LayerChart:
    """Return published, implied and trend growth as lines that one legend names, band and turns."""
    lang = subject.lang
    title = label("growth_pct", lang)
    x, y = month_x(lang), value_y("value_pct", title)
    keyed = named_months(both["period"], lang, block_name).join(both)
    data = keyed.assign(value_pct=keyed["trend_growth_pct"])
    data = data[["month", "window", "value_pct", "lo_pct", "hi_pct"]]
    layers = [zero_line(title)]
    if data["lo_pct"].notna().any():
        area = alt.Chart().mark_area(color=theme.POSITIVE_MID, opacity=0.55)
        layers.append(area.encode(x=x, y=value_y("lo_pct", title), y2="hi_pct:Q"))
    shown = {
        "trend_growth_pct": Line("trend_growth_pct", theme.POSITIVE, [1, 0], 3.0),
        "ytd_yoy_pct": Line("ytd_yoy_pct", theme.INK, [5, 3], 1.4),
        "block_yoy_pct": Line("block_yoy_pct", theme.LINE, [1, 2], 1.2),
    }
    # without levels only January-February blocks are implied, which the published line shows
    if both["trend_100m"].isna().all():
        shown["trend_growth_pct"] = Line("trend_of_growth_pct", theme.POSITIVE, [1, 0], 3.0)
        del shown["block_yoy_pct"]
    tips = tooltips(lang, "window", which="method", value="growth_pct")
    layers.append(named_lines(keyed, shown, value_y("value", title), lang).encode(tooltip=tips))
    return layered(
        *layers,
        *_turn_marks(turns, subject),
        last_value(data, x, y),
        *break_lines(breaks, both["period"], subject),
        data=records(data),
    )


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
        points = named_months(group["period"], lang, month_name).assign(
            value_pct=group["value"],
            turn=TURNS[kind].in_language(lang),
            words=group["period"].dt.strftime("%Y-%m").where(is_told[group.index], ""),
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
        font, dy = alt.ExprRef("width < 420 ? 9 : 12"), _OFFSETS[kind] * 1.7
        text = base.encode(text="words:N")
        # the month stands on lines of the chart: paper behind it keeps it legible
        behind = text.mark_text(stroke=theme.PAPER, strokeWidth=4, aria=False, dy=dy, fontSize=font)
        layers += [mark, behind, text.mark_text(color=theme.ACCENT, dy=dy, fontSize=font)]
    return layers


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
    words = {"observed": NOTHING, "event": _EVENT, "missing": NOT_HELD}
    states = {name: text.in_language(lang) for name, text in words.items()}
    table = labelled(
        lang,
        block=trend["period"],
        **trend[["observed_100m", "adjusted_100m", "trend_100m"]],
        state=trend["state"].map(states),
    )
    answer = partial(
        subject.chart,
        series_id("trend-level", trend),
        title=say("view.charts_trend.level", name=subject.name),
        table=table if cycle.has_level else table.head(0),
        units=subject.say(
            "亿元（当月，可比口径）", "100 million yuan, single month, comparable basis"
        ),
        as_of=subject.until(trend["period"]),
    )
    if not cycle.has_level:
        return answer(caption=say("view.charts_trend.no_level"))
    last, turns = trend.iloc[-1], cycle.turns_by(cycle.method, "level")
    told = NOTHING
    if len(turns) > 1:
        turn, swing = turns.iloc[-2], float(turns["swing"].iloc[-1])
        told = say(
            "view.charts_trend.since_turn",
            month=turn["period"],
            kind=TURNS[turn["kind"]],
            way=side_of(swing),
            size=abs(swing),
        )
    caption = say(
        "view.charts_trend.level_now",
        month=last["period"],
        name=subject.name,
        level=amount(last["trend_100m"]),
        turn=told,
    )
    return answer(caption=caption, chart=_level_lines(trend, lang))


def _level_lines(trend: pd.DataFrame, lang: Language) -> alt.LayerChart:
    """Return trend and adjusted level, and a cross at each month left out of the fit."""
    title = label("level_100m", lang)
    # a line is read by its slope, so zero need not be shown
    y = value_y("value", title).scale(zero=False, padding=14, nice=True)
    shown = {
        "trend_100m": Line("trend_100m", theme.POSITIVE, [1, 0], 3.0),
        "adjusted_100m": Line("adjusted_100m", theme.MUTED, [1, 0], 1.2),
    }
    tips = tooltips(lang, "window", which="method")
    tips.append(alt.Tooltip("value:Q", title=title, format=",.1f"))
    keyed = named_months(trend["period"], lang, block_name).join(trend)
    layers = [named_lines(keyed, shown, y, lang).encode(tooltip=tips)]
    events = keyed[keyed["state"] == "event"]
    if len(events):
        crosses = events[["month", "window"]].assign(
            value=events["adjusted_100m"], state=_EVENT.in_language(lang)
        )
        mark = alt.Chart(records(crosses)).mark_point(
            shape=CROSS, size=110, stroke=theme.NEGATIVE, strokeWidth=1.8, fillOpacity=0
        )
        tips = tooltips(lang, "window", "state")
        layers.append(mark.encode(x=month_x(lang), y=y, tooltip=tips))
    return layered(*layers)
