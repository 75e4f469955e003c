"""Heat maps: many regions by months, and one series by year and month."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import NOTHING, Language, Text, number, percent, window_name
from faiwatch.data.measures import label
from faiwatch.data.reference import tile_letters
from faiwatch.data.regions import region_named, short_name
from faiwatch.stats.negative import DEFINITIONS, runs
from faiwatch.stats.spell import Definition
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, series_id, slug
from faiwatch.view.charts.explore import GROWTH, window_of
from faiwatch.view.charts.marks import (
    CROSS,
    MAIN_NAME,
    fade,
    layered,
    looks,
    name_y,
    pick,
    recent,
    records,
    tile_map,
    tooltips,
)
from faiwatch.view.charts.regions import current_spells
from faiwatch.view.charts.words import labelled, rounded, state_words


@dataclass(frozen=True, slots=True)
class Depth:
    """How a cell of one depth looks: a fill, and a sign drawn in ink that needs no colour."""

    word: Text
    fill: str
    sign: str
    ink: str


_SQUARES: dict[str, Any] = {
    "symbolType": "square",
    "symbolStrokeColor": theme.LINE,
    "symbolStrokeWidth": 1,
}
_TILES_A_ROW = 6  # where no places are known
_HALF = 0.5  # of the regions; a newer month that fewer have published is only mentioned
_DEEP_PCT, _MIDDLE_PCT = -10.0, -5.0
DEPTHS: Mapping[str, Depth] = {
    "deep": Depth(
        Text("低于−10%（＝）", "Below −10% (=)"),
        theme.NEGATIVE,
        "M-1,-.4L1,-.4M-1,.4L1,.4",
        theme.PAPER,
    ),
    "middle": Depth(
        Text("−10%至−5%（—）", "−10% to −5% (–)"), theme.NEGATIVE_MID, "M-1,0L1,0", theme.INK
    ),
    "slight": Depth(
        Text("−5%至0（-）", "−5% to 0 (-)"), theme.NEGATIVE_SOFT, "M-.5,0L.5,0", theme.INK
    ),
    "none": Depth(Text("非负", "Not negative"), theme.POSITIVE_SOFT, "", ""),
    "missing": Depth(Text("待补（×）", "Not available (×)"), theme.GRID, CROSS, theme.MUTED),
}


# Cells of the heat map: up to which growth, how it is called, its fill and the ink on it.
_GRADES = (
    (-10.0, Text("低于−10%", "Below −10%"), theme.NEGATIVE, theme.PAPER),
    (-5.0, Text("−10%至−5%", "−10% to −5%"), theme.NEGATIVE_MID, theme.INK),
    (0.0, Text("−5%至0", "−5% to 0"), theme.NEGATIVE_SOFT, theme.INK),
    (5.0, Text("0至5%", "0 to 5%"), theme.POSITIVE_SOFT, theme.INK),
    (10.0, Text("5%至10%", "5% to 10%"), theme.POSITIVE_MID, theme.INK),
    (float("inf"), Text("10%以上", "10% and above"), theme.POSITIVE, theme.PAPER),
)
_OPEN = (Text("正负难判（?）", "Sign open (?)"), theme.MISSING, theme.INK)
_ABSENT = (Text("待补（×）", "Not available (×)"), theme.GRID, theme.MUTED)


def negative_heat_map(
    flags: pd.DataFrame, *, subject: Subject, names: Mapping[str, str], months: int = 24
) -> Chart:
    """Return regions by months: where published growth is negative, and how deep.

    The longest spell still going on comes first. Negative cells carry a minus sign (deep ones a
    double one) and missing cells a cross, so that the picture can be read without colour.

    Parameters
    ----------
    flags : DataFrame
        Flags of several regions and one indicator; definitions other than ``ytd`` are left out.
    subject : Subject
        Names and language; `region` names the group.
    names : mapping
        What each region is called, in the page's language.
    months : int
        How many calendar months, up to the latest, are shown.

    Returns
    -------
    Chart
        Table: one row a region, one column a month, growth in percent (NaN = not published).
    """
    lang = subject.lang
    ytd = flags[flags["definition"] == "ytd"]
    shown = recent(ytd[ytd["period"] <= ytd.loc[ytd["state"] != "missing", "period"].max()], months)
    # the longest spell still going on first, then by the latest growth, lowest first
    codes = list(shown["region_code"].unique())
    falling = [code for code in current_spells(runs(ytd))["region_code"] if code in codes]
    latest = shown.dropna(subset=["value_pct"]).groupby("region_code")["value_pct"].last()
    known = [*falling, *latest.drop(falling, errors="ignore").sort_values().index]
    order = [*known, *(code for code in codes if code not in known)]
    table = (
        shown.pivot(index="region_code", columns="period", values="value_pct")
        .reindex(order)
        .apply(rounded)
    )
    table.columns = [str(period) for period in table.columns]
    table.insert(0, label("region", lang), [names[code] for code in order])
    answer = partial(
        subject.chart,
        slug("negative-heat-map", *shown["indicator"].astype(str).unique()[:1]),
        title=say("view.charts_heat_map.negative_by_month", name=subject.name),
        table=table,
        as_of=subject.until(shown["period"]),
    )
    if shown.empty:
        return answer()
    chart = _negative_cells(shown, {code: names[code] for code in order}, lang)
    return answer(caption=_heat_caption(shown), chart=chart)


def _negative_cells(
    shown: pd.DataFrame, names: Mapping[str, str], lang: Language
) -> alt.LayerChart:
    place = shown["region_code"].map({code: place for place, code in enumerate(names)})
    shown = shown.assign(place=place).sort_values(["place", "period"])
    value, depths = shown["value_pct"], _depths(shown)
    data = pd.DataFrame(
        {
            "name": [names[code] for code in shown["region_code"]],
            "month": shown["period"].astype(str),
            "value_pct": value,
            "depth": [DEPTHS[depth].word.in_language(lang) for depth in depths],
        }
    )
    # one column a month, every third one named (every sixth on a narrow screen)
    year = "slice(datum.value, 0, 4)" + (" + '年'" if lang == "zh" else "")
    number = "+slice(datum.value, 5)"
    english = f"['Feb', 'May', 'Aug', 'Nov'][({number} - 2) / 3]"
    month = number + " + '月'" if lang == "zh" else english
    is_named = f"{number} % (width < 330 ? 6 : 3) == 2"
    axis = alt.Axis(
        orient="top",
        labelAngle=0,
        labelExpr=f"{is_named} ? [{number} == 2 ? {year} : '', {month}] : ''",
        labelOverlap=False,
        labelPadding=20,  # two lines, counted from the upper one
    )
    base = alt.Chart().encode(
        x=alt.X("month:O", title=None, sort=sorted(data["month"].unique()), axis=axis),
        y=name_y(),
        tooltip=tooltips(
            lang, name="region", month="period", value_pct="ytd_yoy_pct", depth="state"
        ),
        opacity=fade(),
    )
    words = {key: depth.word.in_language(lang) for key, depth in DEPTHS.items()}
    cells = base.mark_rect(stroke=theme.PAPER, strokeWidth=1.5).encode(
        **looks(
            "depth",
            list(words.values()),
            legend=alt.Legend(**_SQUARES, columns=alt.ExprRef("width < 420 ? 1 : 0")),
            color=[depth.fill for depth in DEPTHS.values()],
        )
    )
    size = f"min(40, pow(0.45 * width / {data['month'].nunique()}, 2))"
    signs = [
        base.mark_point(
            size=alt.ExprRef(size), strokeWidth=1.7, shape=depth.sign, stroke=depth.ink
        ).transform_filter(alt.datum.depth == words[key])
        for key, depth in DEPTHS.items()
        if depth.sign
    ]
    return layered(
        cells.add_params(pick("depth")).properties(name=MAIN_NAME),
        *signs,
        data=records(data),
        height=21 * len(names),
    )


def _depths(shown: pd.DataFrame) -> list[str]:
    """Return which of :data:`DEPTHS` each row of flags belongs to."""
    state, value = shown["state"].astype(str), shown["value_pct"]
    among = [state == "missing", state != "negative", value < _DEEP_PCT, value < _MIDDLE_PCT]
    return [str(one) for one in np.select(among, ["missing", "none", "deep", "middle"], "slight")]


def region_tiles(flags: pd.DataFrame, *, subject: Subject, names: Mapping[str, str]) -> Chart:
    """Return a tile for each region with its latest growth, about where it lies.

    Places are those of the tile map of the overview, ``data/tiles.csv``; where it does not place
    every region, tiles stand in the order of growth.

    Parameters
    ----------
    flags : DataFrame
        Flags of several regions and one indicator; definitions other than ``ytd`` are left out.
    subject : Subject
        Names and language; `region` names the group.
    names : mapping
        What each region is called, in the page's language.

    Returns
    -------
    Chart
        Table: each region's own latest month, its growth in percent and its state.
    """
    lang, ytd = subject.lang, flags[flags["definition"] == "ytd"]
    last = ytd[ytd["value_pct"].notna()].sort_values("period").groupby("region_code").tail(1)
    none = ytd[~ytd["region_code"].isin(last["region_code"])].groupby("region_code").tail(1)
    shown = pd.concat([last.sort_values("value_pct"), none])
    answer = partial(
        subject.chart,
        slug("region-tiles", *shown["indicator"].astype(str).unique()[:1]),
        title=say("view.charts_heat_map.tiles", name=subject.name),
        table=labelled(
            lang,
            region=[names[code] for code in shown["region_code"]],
            period=shown["period"],
            ytd_yoy_pct=shown["value_pct"],
            state=state_words(shown["state"], lang),
        ),
        as_of=subject.until(last["period"]),
    )
    if last.empty:
        return answer()
    low, high = (
        f"{names[row['region_code']]} {percent(row['value_pct'], lang)}"
        for _, row in shown.iloc[[0, len(last) - 1]].iterrows()
    )
    caption = say(
        "view.charts_heat_map.latest",
        known=len(last),
        negative=int(last["state"].eq("negative").sum()),
        lowest=low,
        highest=high,
    )
    return answer(caption=caption, chart=_region_tiles(shown, names, lang))


def _region_tiles(shown: pd.DataFrame, names: Mapping[str, str], lang: Language) -> alt.LayerChart:
    codes = list(shown["region_code"])
    depths = [DEPTHS[depth] for depth in _depths(shown)]
    # the figure stands on the tile, so no sign need be told but that of nothing known
    words = {
        one: one.word.in_language(lang)
        if one.sign == CROSS
        else re.sub(r" ?[(（].[)）]$", "", one.word.in_language(lang))
        for one in DEPTHS.values()
    }
    placed = pd.DataFrame(
        {
            "name": [short_name(region_named(code), lang) for code in codes],
            "whole": [names[code] for code in codes],
            "told": ["×" if pd.isna(one) else number(one, lang) for one in shown["value_pct"]],
            "ink": [one.ink or theme.INK for one in depths],
            "depth": [words[one] for one in depths],
            "window": [window_name(str(month), lang) for month in shown["period"]],
            "value_pct": shown["value_pct"].to_list(),
        }
    )
    if lang == "en" and any(code in tile_letters() for code in codes):
        letters = [
            tile_letters().get(code, name) for code, name in zip(codes, placed["name"], strict=True)
        ]
        placed.insert(1, "letters", letters)
    present = [one for one in DEPTHS.values() if one in depths]
    fill = looks(
        "depth",
        [words[one] for one in present],
        legend=alt.Legend(**_SQUARES, columns=alt.ExprRef("width < 420 ? 2 : 0")),
        color=[one.fill for one in present],
    )["color"]
    tips = tooltips(lang, "window", whole="region", value_pct="ytd_yoy_pct", depth="state")
    return tile_map(placed, codes, a_row=_TILES_A_ROW, fill=fill, tips=tips)


def _heat_caption(shown: pd.DataFrame) -> Text:
    told = shown["state"].isin(["negative", "non_negative"])
    share = told.groupby(shown["period"]).mean()
    broad = share[share >= _HALF]
    if broad.empty:
        return NOTHING
    month, newest, later = broad.index.max(), shown["period"].max(), NOTHING
    of_month = shown["period"] == month
    if newest != month:  # which only some regions have published
        n = int((shown["period"].eq(newest) & shown["state"].ne("missing")).sum())
        later = say("view.charts_heat_map.only_some", month=newest, known=n)
    return say(
        "view.charts_heat_map.negative_of_published",
        month=month,
        total=int((told & of_month).sum()),
        negative=int((shown["state"].eq("negative") & of_month).sum()),
        later=later,
    )


def season_map(
    flags: pd.DataFrame, *, subject: Subject, definition: Definition = "block", months: int = 132
) -> Chart:
    """Return growth by year and month as a heat map.

    Each cell holds its number, so that the picture can be read without colour; a question mark
    stands where rounding leaves the sign open, a cross where nothing is known.

    Parameters
    ----------
    flags : DataFrame
        Flags of one series; definitions other than `definition` are left out.
    subject : Subject
        Names and language.
    definition : {"ytd", "block", "rolling3"}
        Which growth.
    months : int
        How many calendar months, up to the latest, are shown; whole years.

    Returns
    -------
    Chart
        Table: one row a year, one column a month (February = January and February), percent.
    """
    lang = subject.lang
    of_it = flags[flags["definition"] == definition]
    shown = of_it.assign(year=of_it["period"].dt.year, month=of_it["period"].dt.month)
    shown = shown[shown["year"] > shown["year"].max() - math.ceil(months / 12)]
    wide = shown.pivot(index="year", columns="month", values="value_pct").sort_index(
        ascending=False
    )
    table = wide.apply(rounded)
    table.columns = [_month_name(month, definition, lang) for month in wide.columns]
    table.insert(0, subject.say("年份", "Year"), wide.index.astype(str))
    known = shown.dropna(subset=["value_pct"])
    answer = partial(
        subject.chart,
        series_id(f"season-map-{definition}", flags),
        title=say("view.charts_heat_map.by_year", name=subject.name, told=DEFINITIONS[definition]),
        table=table,
        as_of=subject.until(known["period"]),
    )
    if known.empty:
        return answer()
    # which month was weakest on average, and how often it was negative
    means = known.groupby("month")["value_pct"].mean()
    lowest, highest = (int(str(place)) for place in (means.idxmin(), means.idxmax()))
    weak, strong = (_month_name(month, definition, lang) for month in (lowest, highest))
    states = known.loc[known["month"] == lowest, "state"]
    caption = say(
        "view.charts_heat_map.weakest_and_strongest",
        name=subject.name,
        first=known["year"].min(),
        last=known["year"].max(),
        weakest=weak,
        low=means[lowest],
        total=len(states),
        negative=(states == "negative").sum(),
        strongest=strong,
        high=means[highest],
    )
    return answer(caption=caption, chart=_cells(shown, definition, lang))


def _month_name(month: int, definition: Definition, lang: Language) -> str:
    """Return the heading of a month's column: what a release covers, without its year."""
    first = Text("1—", "Jan–") if definition == "ytd" or month == 2 else NOTHING
    date = pd.Timestamp(2000, month, 1)
    return say("view.charts_heat_map.month", first=first, number=month, date=date).in_language(lang)


def _grade(state: str, value: float) -> tuple[Text, str, str]:
    if state == "missing":
        return _ABSENT
    if state == "indeterminate":
        return _OPEN
    return next((word, fill, ink) for most, word, fill, ink in _GRADES if value < most)


def _cells(shown: pd.DataFrame, definition: Definition, lang: Language) -> alt.LayerChart:
    grades = [
        _grade(str(state), value)
        for state, value in zip(shown["state"], shown["value_pct"], strict=True)
    ]
    signs = {"missing": "×", "indeterminate": "?"}
    told = [
        "×" if pd.isna(value) else f"{number(value, 'en')}{signs.get(str(state), '')}"
        for state, value in zip(shown["state"], shown["value_pct"], strict=True)
    ]
    data = pd.DataFrame(
        {
            "name": shown["year"].astype(str),
            "column": [_month_name(month, definition, lang) for month in shown["month"]],
            "window": [window_of(one, definition, lang) for one in shown["period"]],
            "value_pct": shown["value_pct"],
            "grade": [word.in_language(lang) for word, _, _ in grades],
            "ink": [ink for _, _, ink in grades],
            "told": told,
        }
    )
    every = [*((word, fill) for _, word, fill, _ in _GRADES), _OPEN[:2], _ABSENT[:2]]
    present = [(word, fill) for word, fill in every if word in {one for one, _, _ in grades}]
    fills = looks(
        "grade",
        [word.in_language(lang) for word, _ in present],
        legend=alt.Legend(**_SQUARES, columns=alt.ExprRef("width < 420 ? 2 : 4")),
        color=[fill for _, fill in present],
    )
    months = [_month_name(month, definition, lang) for month in range(2, 13)]
    axis = alt.Axis(orient="top", labelAngle=0, labelOverlap=True, domain=False)
    years = sorted(data["name"].unique(), reverse=True)
    base = alt.Chart().encode(
        x=alt.X("column:N", title=None, sort=months, axis=axis, scale=alt.Scale(domain=months)),
        y=alt.Y("name:N", title=None, sort=years, axis=alt.Axis(labelColor=theme.INK)),
        tooltip=tooltips(lang, "window", value_pct=GROWTH[definition], grade="state"),
        opacity=fade(),
    )
    cells = base.mark_rect(stroke=theme.PAPER, strokeWidth=1.5).encode(**fills)
    words = base.mark_text(fontSize=alt.ExprRef("width < 420 ? 8 : 12"))
    return layered(
        cells.add_params(pick("grade")).properties(name=MAIN_NAME),
        words.encode(text="told:N", color=alt.Color("ink:N", scale=None)),
        data=records(data),
        height=26 * len(years),
        has_own_colours=True,
    )
