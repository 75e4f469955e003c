"""The growth-cycle clock, and how the year's investment is spread over its blocks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

import altair as alt
import pandas as pd

from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Language, Text, block_name, percent
from faiwatch.data.measures import label
from faiwatch.data.regions import region_named, short_name
from faiwatch.forecast.cycle import Cycle
from faiwatch.forecast.phases import PHASES, long_run_words
from faiwatch.stats.cumulative import RELEASES_A_YEAR
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, series_id
from faiwatch.view.charts.marks import (
    MAIN_NAME,
    layered,
    name_y,
    records,
    tooltips,
    value_x,
    value_y,
    zero_line,
    zero_rule,
)
from faiwatch.view.charts.words import labelled, side_of

_BLOCKS = 24
_HEIGHT, _ROOM = 460, 1.1  # of the clock of regions, and how far its axes go beyond the data
_LETTER, _BESIDE = 11, 7  # px: size of a name, and how far from its dot
_WIDTHS = {"wide": 680, "narrow": 290}  # px for which names are given room
_NARROW_BELOW = 560  # px
_AT, _MONTH = "month_at", "month_told"  # parameters of the clock of regions
_SEASON_YEARS = 5
# the first and the last point of the path: shape, size and colour, and how its month is written
_PATH_ENDS: Sequence[tuple[int, str, int, str, int, Literal["normal", "bold"]]] = (
    (0, "circle", 70, theme.POSITIVE, 12, "normal"),
    (-1, "diamond", 150, theme.NEGATIVE, -8, "bold"),
)
# where each quadrant's name stands: on the right or not, and how far down
_CORNERS = {
    "expansion": (True, "14"),
    "slowdown": (False, "14"),
    "contraction": (False, "height - 10"),
    "recovery": (True, "height - 10"),
}


def clock(cycle: Cycle, *, subject: Subject, blocks: int = _BLOCKS) -> Chart:
    """Return the path of the cycle through its four phases.

    Upwards: how far trend growth is above its ten-year mean. To the right: how fast it rises. The
    path runs against the hands of a clock through expansion, slowdown, contraction and recovery.

    Parameters
    ----------
    cycle : Cycle
        Of one series.
    subject : Subject
        Names and language.
    blocks : int
        How many releases, up to the latest, the path has.

    Returns
    -------
    Chart
        Table: month, trend growth, ten-year mean, change over three releases, phase.
    """
    lang = subject.lang
    trend = cycle.trend_by(cycle.method).dropna(subset=["phase"]).tail(blocks)
    trend = trend.assign(gap_pp=trend["trend_growth_pct"] - trend["long_run_pct"])
    phases = [PHASES[name].in_language(lang) for name in trend["phase"]]
    answer = partial(
        subject.chart,
        series_id("cycle-clock", cycle.trends),
        title=say("view.charts_clock.clock", name=subject.name),
        table=labelled(
            lang,
            block=trend["period"],
            **trend[["trend_growth_pct", "long_run_pct", "change_pp"]],
            phase=phases,
        ),
        units=subject.say("百分点", "percentage points"),
        as_of=subject.until(trend["period"]),
    )
    if trend.empty:
        return answer()
    first, last = trend.iloc[0], trend.iloc[-1]
    caption = say(
        "view.charts_clock.path",
        start=first["period"],
        before=phases[0],
        now=last["period"],
        phase=phases[-1],
        gap=abs(last["gap_pp"]),
        way=side_of(last["gap_pp"]),
        mean=long_run_words(int(last["long_run_releases"])),
        change=last["change_pp"],
    )
    return answer(caption=caption, chart=_path(trend.assign(phase=phases), lang))


def _path(trend: pd.DataFrame, lang: Language) -> alt.LayerChart:
    data = trend.assign(
        window=[block_name(str(one), lang) for one in trend["period"]], order=range(len(trend))
    )[["window", "phase", "order", "change_pp", "gap_pp", "trend_growth_pct"]]
    x, y, ground = _plane(data, lang, room=1.25)
    tips = tooltips(lang, "window", "phase", "change_pp", "gap_pp")
    base = alt.Chart().encode(x=x, y=y)
    path = base.mark_line(color=theme.POSITIVE_MID, strokeWidth=2, interpolate="monotone").encode(
        order=alt.Order("order:Q")
    )
    dots = base.mark_point(filled=True, color=theme.POSITIVE, size=36).encode(
        opacity=alt.Opacity("order:Q", legend=None, scale=alt.Scale(range=[0.35, 1])), tooltip=tips
    )
    layers = []
    for at, shape, size, colour, dy, weight in _PATH_ENDS:
        shown = alt.Chart(records(data.iloc[[at]], decimals=2)).encode(x=x, y=y)
        text = shown.mark_text(align="left", dx=12, dy=dy, fontSize=13, fontWeight=weight)
        mark = shown.mark_point(
            shape=shape, size=size, stroke=colour, strokeWidth=2.4, fill=theme.PAPER, fillOpacity=1
        )
        layers += [mark, text.encode(text="window:N")]
    return layered(
        *ground,
        path,
        dots.properties(name=MAIN_NAME),
        *layers,
        data=records(data, decimals=2),
        height=380,
    )


def _plane(
    data: pd.DataFrame, lang: Language, *, room: float
) -> tuple[alt.X, alt.Y, list[alt.Chart]]:
    """Return both axes, `room` times as far as the data on either side of zero, and the ground.

    On the ground stand the four phases and the lines at zero.
    """
    across_title, up_title = label("change_pp", lang), label("gap_pp", lang)
    across, up = _reach(data, room)
    axis = alt.Axis(titleAnchor="start", titleAlign="left", tickCount=6, grid=False)
    centred = alt.Scale(domain=[-across, across], nice=False)
    upright = alt.Scale(domain=[-up, up], nice=False)
    x = alt.X("change_pp:Q", title=across_title, axis=axis, scale=centred)
    y = value_y("gap_pp", up_title, scale=upright)
    layers = []
    for sign, colour in ((1, theme.POSITIVE_SOFT), (-1, theme.NEGATIVE_SOFT)):
        corner = {"change_pp": 0, "gap_pp": 0, "across": sign * across, "up": sign * up}
        rect = alt.Chart(alt.InlineData(values=[corner])).mark_rect(color=colour, opacity=0.6)
        layers.append(rect.encode(x=x, x2="across:Q", y=y, y2="up:Q"))
    for name, (is_right, height) in _CORNERS.items():
        place = {"words": PHASES[name].in_language(lang)}
        text = alt.Chart(alt.InlineData(values=[place])).mark_text(
            align="right" if is_right else "left",
            color=theme.MUTED,
            fontSize=16,
            fontWeight="bold",
            x=alt.ExprRef("width - 4" if is_right else "4"),
            y=alt.ExprRef(height),
        )
        layers.append(text.encode(text="words:N"))
    at_zero = alt.X("zero:Q", title=across_title, axis=axis, scale=centred)
    upright_zero = zero_rule(across_title).encode(x=at_zero)
    return x, y, [*layers, zero_line(up_title, scale=upright), upright_zero]


def _reach(data: pd.DataFrame, room: float) -> tuple[float, float]:
    """Return how far the axes go across and up."""
    across, up = (max(1.0, float(data[one].abs().max()) * room) for one in ("change_pp", "gap_pp"))
    return across, up


def season_shares(cycle: Cycle, *, subject: Subject) -> Chart:
    """Return which share of a year's investment each block holds, now and five years before.

    Growth-only series have no season: the figure says so.

    Returns
    -------
    Chart
        Table: block, share of the last eleven blocks' season, share five years before, percent.
    """
    lang = subject.lang
    trend = cycle.trend_by(cycle.method)
    shares = _shares(trend, subject) if cycle.has_level else pd.DataFrame(columns=["name"])
    answer = partial(
        subject.chart,
        series_id("season-shares", trend),
        title=say("view.charts_clock.shares", name=subject.name),
        table=labelled(lang, block=shares["name"], **shares.drop(columns="name")),
        as_of=subject.until(trend["period"]),
    )
    if shares.empty:
        return answer(caption=say("view.charts_clock.no_season"))
    title = label("share_now_pct", lang) + subject.say(
        "，竖线为五年前", "; upright marks: five years before"
    )
    tips = tooltips(lang, "share_now_pct", "share_then_pct", name="block")
    data = shares.assign(words=[percent(value, lang) for value in shares["share_now_pct"]])
    base = alt.Chart().encode(y=name_y(), tooltip=tips)
    from_zero = alt.Scale(domainMin=0, nice=True)
    bars = base.mark_bar(color=theme.POSITIVE, height={"band": 0.6}).encode(
        x=value_x("share_now_pct", title).scale(from_zero).stack(None)
    )
    inside = base.mark_text(align="left", color=theme.PAPER, x=8)
    layers = [bars.properties(name=MAIN_NAME), inside.encode(text="words:N")]
    if data["share_then_pct"].notna().any():
        layers.append(
            base.mark_tick(color=theme.ACCENT, thickness=3, size=18).encode(
                x=value_x("share_then_pct", title).scale(from_zero)
            )
        )
    by_share = data.sort_values("share_now_pct")
    low, top = by_share.iloc[0], by_share.iloc[-1]
    return answer(
        caption=say(
            "view.charts_clock.largest_and_smallest",
            largest=top["name"],
            most=top["words"],
            smallest=low["name"],
            least=low["words"],
        ),
        chart=layered(*layers, data=records(data), height=30 * len(shares)),
    )


def _shares(trend: pd.DataFrame, subject: Subject) -> pd.DataFrame:
    """Return the share of each block in the last year's season and that of five years before."""
    factor = 1 + trend["seasonal_pct"] / 100
    whole = pd.DataFrame({"period": trend["period"], "factor": factor})
    now = whole.tail(RELEASES_A_YEAR)
    then = whole.iloc[: -_SEASON_YEARS * RELEASES_A_YEAR].tail(RELEASES_A_YEAR)
    by_month = [
        pd.Series((100 * part["factor"] / part["factor"].sum()).to_numpy(), part["period"].dt.month)
        for part in (now, then)
    ]
    shares = pd.concat(by_month, axis=1, keys=["share_now_pct", "share_then_pct"]).sort_index()
    example = {period.month: str(period) for period in now["period"]}
    names = [block_name(example[month], subject.lang, year=False) for month in shares.index]
    return shares.assign(name=names).reset_index(drop=True)


def clock_of_regions(
    cycles: pd.DataFrame, *, subject: Subject, names: Mapping[str, str], months: int = _BLOCKS
) -> Chart:
    """Return where each region stands in the growth cycle, month by month.

    Parameters
    ----------
    cycles : DataFrame
        Results of :func:`faiwatch.forecast.phases.phases`, several regions in one table.
    subject : Subject
        Names and language.
    names : mapping of str to str
        Region code to what readers call it.
    months : int
        How many releases, up to the latest, a slider goes through.

    Returns
    -------
    Chart
        Table: the latest month of each region, with its phase.
    """
    lang = subject.lang
    known = cycles.dropna(subset=["phase"])
    answer = partial(
        subject.chart,
        "cycle-clock-of-regions",
        title=Text("各地区在增长周期钟上的位置", "Regions on the growth-cycle clock"),
        units=subject.say("百分点", "percentage points"),
        as_of=subject.until(known["period"]),
    )
    known = known.assign(
        gap_pp=known["trend_growth_pct"] - known["long_run_pct"],
        name=known["region_code"].map(names),
        told=[PHASES[name].in_language(lang) for name in known["phase"]],
    )
    last = known.sort_values("period").groupby("region_code", sort=False).tail(1)
    last = last.sort_values(["phase", "gap_pp"])
    table = labelled(
        lang,
        region=last["name"],
        block=last["period"],
        **last[["trend_growth_pct", "long_run_pct", "change_pp"]],
        phase=last["told"],
    )
    if known.empty:
        return answer(table=table)
    newest = sorted(known["period"].unique())[-months:]
    # a newer month that fewer than half have published is left to the slider
    told = known["period"].value_counts().reindex(newest)
    start = max(at for at, n in enumerate(told) if n >= told.max() / 2)
    counts = known[known["period"] == newest[start]]["phase"].value_counts()
    each = (
        say("view.charts_clock.of_phase", phase=text, regions=counts.get(name, 0))
        for name, text in PHASES.items()
    )
    caption = say(
        "view.charts_clock.regions",
        month=newest[start],
        known=counts.sum(),
        phases=joined(each, "，", ", "),
    )
    shown = known[known["period"].isin(newest)]
    chart = _places(shown.assign(at=shown["period"].map(newest.index)), newest, start, lang)
    return replace(answer(table=table, caption=caption, chart=chart), says=_MONTH)


def _places(
    shown: pd.DataFrame, months: Sequence[pd.Period], start: int, lang: Language
) -> alt.LayerChart:
    words = [block_name(str(month), lang) for month in months]
    data = shown.assign(window=[block_name(str(month), lang) for month in shown["period"]])
    data["short"] = [short_name(region_named(code), lang) for code in data["region_code"]]
    data = data[["name", "short", "window", "at", "told", "change_pp", "gap_pp"]]
    data = data.rename(columns={"told": "phase"})
    for field, width in _WIDTHS.items():
        data[field] = _sides(data, width)
    x, y, ground = _plane(data, lang, room=_ROOM)
    slider = alt.param(
        name=_AT,
        value=start,
        bind=alt.binding_range(
            min=0, max=len(months) - 1, step=1, name=label("period", lang), debounce=20
        ),
    )
    said = alt.param(name=_MONTH, expr=f"{json.dumps(words, ensure_ascii=False)}[{_AT}]")
    base = alt.Chart().encode(x=x, y=y).transform_filter(f"datum.at == {_AT}")
    tips = tooltips(lang, "window", "phase", "change_pp", "gap_pp", name="region")
    dots = base.mark_point(filled=True, color=theme.POSITIVE, size=60, opacity=0.85)
    place = f"(width < {_NARROW_BELOW} ? datum.narrow : datum.wide)"
    on_the_right = base.mark_text(align="left", dx=_BESIDE, fontSize=_LETTER)
    on_the_left = base.mark_text(align="right", dx=-_BESIDE, fontSize=_LETTER)
    names = [
        text.encode(text="short:N").transform_filter(f"{place} == '{side}'")
        for side, text in (("right", on_the_right), ("left", on_the_left))
    ]
    chart = layered(
        *ground,
        *names,
        dots.encode(tooltip=tips).properties(name=MAIN_NAME),
        data=records(data, decimals=2),
        height=_HEIGHT,
    )
    return chart.add_params(slider, said)


def _sides(data: pd.DataFrame, width: int) -> list[str]:
    """Return on which side of its dot each name has room in a chart of this width: "" = neither.

    Month by month, those farthest out first; a name covers no dot, no other name and no edge.
    """
    across, up = _reach(data, _ROOM)
    sides = [""] * len(data)
    right, below = (data["change_pp"] / across).tolist(), (-data["gap_pp"] / up).tolist()
    long = [sum(_LETTER * (1 if ord(one) > 255 else 0.58) for one in n) for n in data["short"]]
    months = data["at"].to_numpy()
    for month in dict.fromkeys(months):
        dots = [int(one) for one in (months == month).nonzero()[0]]
        at = {one: ((1 + right[one]) * width / 2, (1 + below[one]) * _HEIGHT / 2) for one in dots}
        taken = [(x - 4, x + 4, y - 4, y + 4) for x, y in at.values()]
        for one in sorted(dots, key=lambda one: -(right[one] ** 2 + below[one] ** 2)):
            x, y = at[one]
            for side, left in (("right", x + _BESIDE), ("left", x - _BESIDE - long[one])):
                box = (left, left + long[one], y - 0.6 * _LETTER, y + 0.6 * _LETTER)
                if left >= 0 and box[1] <= width and not any(_meet(box, had) for had in taken):
                    taken.append(box)
                    sides[one] = side
                    break
    return sides


def _meet(one: Sequence[float], other: Sequence[float]) -> bool:
    """Return whether two boxes (left, right, top, bottom) overlap."""
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
