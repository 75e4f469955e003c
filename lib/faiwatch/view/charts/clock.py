"""The growth-cycle clock, and how the year's investment is spread over its blocks."""

from __future__ import annotations

import altair as alt
import pandas as pd

from faiwatch.core.text import block_name, month_name, number, percent
from faiwatch.data.measures import label
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
from faiwatch.view.charts.words import labelled, not_available, series_name

_BLOCKS = 24
_SEASON_YEARS = 5
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
    table = labelled(
        lang,
        block=trend["period"],
        trend_growth_pct=trend["trend_growth_pct"],
        long_run_pct=trend["long_run_pct"],
        change_pp=trend["change_pp"],
        phase=[PHASES[name].in_language(lang) for name in trend["phase"]],
    )
    return subject.chart(
        series_id("cycle-clock", cycle.trends),
        title=subject.say(
            f"{series_name(subject)}：增长周期钟", f"{series_name(subject)}: growth-cycle clock"
        ),
        caption=_clock_caption(trend, subject) if len(trend) else not_available(subject),
        chart=_clock_chart(trend, subject) if len(trend) else None,
        table=table,
        units=subject.say("百分点", "percentage points"),
        as_of=subject.until(trend["period"]),
    )


def _clock_caption(trend: pd.DataFrame, subject: Subject) -> str:
    lang, first, last = subject.lang, trend.iloc[0], trend.iloc[-1]
    then, now = (PHASES[row["phase"]].in_language(lang) for row in (first, last))
    start = month_name(str(first["period"]), lang)
    gap = number(abs(last["gap_pp"]), lang)
    above, mean = last["gap_pp"] >= 0, long_run_words(int(last["long_run_releases"]))
    return subject.say(
        f"从{start}（{then}）走到{block_name(str(last['period']), lang)}（{now}）：趋势增速"
        f"{'高于' if above else '低于'}{mean.zh}{gap}个百分点，近三次发布变化"
        f"{number(last['change_pp'], lang)}个百分点。上半为高于平均，右半为回升，路径逆时针走。",
        f"From {start} ({then}) to {block_name(str(last['period']), lang)} ({now}): trend growth "
        f"is {gap} percentage points {'above' if above else 'below'} its {mean.en} and changed "
        f"by {number(last['change_pp'], lang)} over three releases. Upper half: above the mean; "
        f"right half: rising; the path runs anticlockwise.",
    )


def _clock_chart(trend: pd.DataFrame, subject: Subject) -> alt.LayerChart:
    lang = subject.lang
    data = trend.assign(
        window=[block_name(str(one), lang) for one in trend["period"]],
        phase=[PHASES[name].in_language(lang) for name in trend["phase"]],
        order=range(len(trend)),
    )[["window", "phase", "order", "change_pp", "gap_pp", "trend_growth_pct"]]
    titles = {name: label(name, lang) for name in ("change_pp", "gap_pp")}
    x = _centred(alt.X("change_pp:Q", title=titles["change_pp"]), data["change_pp"])
    y = _upright(value_y("gap_pp", titles["gap_pp"]), data["gap_pp"])
    tips = tooltips(lang, "window", "phase", "change_pp", "gap_pp")
    base = alt.Chart().encode(x=x, y=y)
    path = base.mark_line(color=theme.POSITIVE_MID, strokeWidth=2, interpolate="monotone").encode(
        order="order:Q"
    )
    dots = base.mark_point(filled=True, color=theme.POSITIVE, size=36).encode(
        opacity=alt.Opacity("order:Q", legend=None, scale=alt.Scale(range=[0.35, 1])), tooltip=tips
    )
    return layered(
        *_shades(_reach(data["change_pp"]), _reach(data["gap_pp"]), x, y),
        *_quadrants(subject),
        zero_line(titles["gap_pp"]).encode(
            y=_upright(value_y("zero", titles["gap_pp"]), data["gap_pp"])
        ),
        zero_rule(titles["change_pp"]).encode(
            x=_centred(alt.X("zero:Q", title=titles["change_pp"]), data["change_pp"])
        ),
        path,
        dots.properties(name=MAIN_NAME),
        *_ends(data, x, y),
        data=records(data, decimals=2),
    ).properties(height=380)


def _reach(values: pd.Series) -> float:
    """Return how far an axis must reach on either side of zero."""
    return max(1.0, float(values.abs().max()) * 1.25)


def _centred(x: alt.X, values: pd.Series) -> alt.X:
    reach = _reach(values)
    axis = alt.Axis(titleAnchor="start", titleAlign="left", tickCount=6, grid=False)
    return x.axis(axis).scale(alt.Scale(domain=[-reach, reach], nice=False))


def _upright(y: alt.Y, values: pd.Series) -> alt.Y:
    reach = _reach(values)
    return y.scale(alt.Scale(domain=[-reach, reach], nice=False))


def _shades(across: float, up: float, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return a tint behind the two phases that matter most, each named in its corner."""
    layers = []
    for sign, colour in ((1, theme.POSITIVE_SOFT), (-1, theme.NEGATIVE_SOFT)):
        corner = {"change_pp": 0, "gap_pp": 0, "across": sign * across, "up": sign * up}
        rect = alt.Chart(alt.InlineData(values=[corner])).mark_rect(color=colour, opacity=0.6)
        layers.append(rect.encode(x=x, x2="across:Q", y=y, y2="up:Q"))
    return layers


def _quadrants(subject: Subject) -> list[alt.Chart]:
    """Return the names of the four phases in their corners."""
    layers = []
    for name, (is_right, y) in _CORNERS.items():
        place = {"words": PHASES[name].in_language(subject.lang)}
        text = alt.Chart(alt.InlineData(values=[place])).mark_text(
            align="right" if is_right else "left",
            color=theme.MUTED,
            fontSize=16,
            fontWeight="bold",
            x=alt.ExprRef("width - 4" if is_right else "4"),
            y=alt.ExprRef(y),
        )
        layers.append(text.encode(text="words:N"))
    return layers


def _ends(data: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Return the first and the last place of the path, with their months."""
    layers = []
    for row, is_last in ((data.iloc[[0]], False), (data.iloc[[-1]], True)):
        shown = alt.Chart(records(row, decimals=2)).encode(x=x, y=y)
        layers.append(
            shown.mark_point(
                size=150 if is_last else 70,
                strokeWidth=2.4,
                stroke=theme.NEGATIVE if is_last else theme.POSITIVE,
                fill=theme.PAPER,
                fillOpacity=1,
                shape="diamond" if is_last else "circle",
            )
        )
        layers.append(
            shown.mark_text(
                align="left",
                dx=12,
                dy=-8 if is_last else 12,
                fontSize=13,
                fontWeight="bold" if is_last else "normal",
            ).encode(text="window:N")
        )
    return layers


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
    shares = _shares(trend, subject) if cycle.has_level else pd.DataFrame()
    there = [name for name in ("share_now_pct", "share_then_pct") if name in shares]
    columns = {name: shares[name] for name in there}
    return subject.chart(
        series_id("season-shares", trend),
        title=subject.say(
            f"{series_name(subject)}：各月份占全年的比重",
            f"{series_name(subject)}: how the year is spread over its months",
        ),
        caption=_season_caption(shares, subject),
        chart=_season_chart(shares, subject) if len(shares) else None,
        table=labelled(lang, block=shares.get("name", []), **columns),
        as_of=subject.until(trend["period"]),
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


def _season_caption(shares: pd.DataFrame, subject: Subject) -> str:
    if shares.empty:
        return subject.say(
            "该序列只公布增速，没有可比的投资额，看不出季节形态。",
            "Only growth is published of this series: there is no season to show.",
        )
    by_share = shares.sort_values("share_now_pct")
    low, top = by_share.iloc[0], by_share.iloc[-1]
    most, least = (percent(row["share_now_pct"], subject.lang) for row in (top, low))
    return subject.say(
        f"一年中{top['name']}占比最大（{most}），{low['name']}最小（{least}）；1—2月为两个月合计。",
        f"{top['name']} holds the largest share of a year ({most}), {low['name']} the smallest "
        f"({least}); January and February are one release of two months.",
    )


def _season_chart(shares: pd.DataFrame, subject: Subject) -> alt.LayerChart:
    lang = subject.lang
    now = label("share_now_pct", lang) + subject.say(
        "，竖线为五年前", "; upright marks: five years before"
    )
    tips = tooltips(lang, "share_now_pct", "share_then_pct", name="block")
    data = shares.assign(words=[percent(value, lang) for value in shares["share_now_pct"]])
    base = alt.Chart().encode(y=name_y(), tooltip=tips)
    from_zero = alt.Scale(domainMin=0, nice=True)
    bars = base.mark_bar(color=theme.POSITIVE, height={"band": 0.6}).encode(
        x=value_x("share_now_pct", now).scale(from_zero).stack(None)
    )
    inside = base.mark_text(align="left", color=theme.PAPER, x=8)
    layers = [bars.properties(name=MAIN_NAME), inside.encode(text="words:N")]
    if data["share_then_pct"].notna().any():
        layers.append(
            base.mark_tick(color=theme.ACCENT, thickness=3, size=18).encode(
                x=value_x("share_then_pct", now).scale(from_zero)
            )
        )
    return layered(*layers, data=records(data)).properties(height=30 * len(shares))
