"""Charts of a city over its districts: tiles, one small line each, classes month by month."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import cast

import altair as alt
import numpy as np
import pandas as pd

from faiwatch.core.phrases import points_phrase, say
from faiwatch.core.text import NOTHING, Language, Text, percent, window_name
from faiwatch.stats.city import CLASSES, CityFacts
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import (
    MAIN_NAME,
    layered,
    looks,
    name_y,
    records,
    tile_map,
    tooltips,
    value_x,
    zero_rule,
)
from faiwatch.view.charts.words import labelled

_LONGEST_ZH = 4  # characters on a tile
_WIDER, _HIGHER = 1.18, 1.45  # room between small charts, in widths and heights of one
_ROWS = 4  # of tiles or small charts side by side, where no places are known
# Fill, ink and sign of each class: the sign stands in the cell, so that it can be read in grey.
_LOOKS: Mapping[str, tuple[str, str, str]] = {
    "rising_ahead": (theme.POSITIVE, theme.PAPER, "▲"),
    "rising_behind": (theme.POSITIVE_MID, theme.INK, "△"),
    "falling_ahead": (theme.NEGATIVE_MID, theme.INK, "▽"),
    "falling_behind": (theme.NEGATIVE, theme.PAPER, "▼"),
    "missing": (theme.GRID, theme.INK, "×"),
}


def tiles(facts: CityFacts, *, subject: Subject, names: Mapping[str, str]) -> Chart:
    """Return a tile for each district, coloured by its class, about where it lies.

    Parameters
    ----------
    facts : CityFacts
        The city; `subject.region` is its name.
    subject : Subject
        Names and language.
    names : mapping
        What each district is called, in the page's language.

    Returns
    -------
    Chart
        Where ``data/tiles.csv`` does not place every district, tiles stand in the order of growth.
    """
    lang, table = subject.lang, facts.standing
    codes = list(table["region_code"])
    placed = table.assign(
        name=[_short(names[code], names[facts.city], lang) for code in codes],
        class_words=[CLASSES[place].in_language(lang) for place in table["place"]],
        ink=[_LOOKS[place][1] for place in table["place"]],
        told=[
            "×" if pd.isna(value) else f"{_LOOKS[place][2]} {percent(value, lang)}"
            for place, value in zip(table["place"], table["ytd_yoy_pct"], strict=True)
        ],
        whole=[names[code] for code in codes],
    )
    chart, measured = None, ("ytd_yoy_pct", "change_pp", "city_gap_pp")
    if table["ytd_yoy_pct"].notna().any():
        chart = tile_map(
            placed[["name", "whole", "class_words", "ink", "told", *measured]],
            codes,
            a_row=_ROWS,
            fill=_colours(subject, placed["place"].tolist()),
            tips=tooltips(lang, *measured, whole="district", class_words="district_class"),
        )
    return subject.chart(
        slug("city-tiles", facts.city),
        title=say("view.charts_city.tiles", region=subject.region),
        caption=_class_caption(facts, names),
        chart=chart,
        table=labelled(
            lang,
            district=[names[code] for code in codes],
            ytd_yoy_pct=table["ytd_yoy_pct"],
            city_gap_pp=table["city_gap_pp"],
            district_class=placed["class_words"],
        ),
        as_of=str(facts.month),
    )


def _short(name: str, city: str, lang: Language) -> str:
    """Return a name that fits a tile, 「城步」 for 「城步苗族自治县」; the tooltip has it whole.

    A county called like its city keeps what it is.
    """
    if lang == "zh":
        return name if len(name) <= _LONGEST_ZH else name[:2]
    first = name.partition(" ")[0]
    return name.replace(" County", " Co.") if first == city else first


def _colours(subject: Subject, places: Sequence[str]) -> alt.Color:
    """Return the colour of a class, with a legend of those that are there."""
    shown = [name for name in CLASSES if name in set(places)]
    legend = alt.Legend(symbolType="square", columns=alt.ExprRef("width < 520 ? 1 : 2"))
    words = [CLASSES[name].in_language(subject.lang) for name in shown]
    fills = [_LOOKS[name][0] for name in shown]
    return cast("alt.Color", looks("class_words", words, legend=legend, color=fills)["color"])


def _class_caption(facts: CityFacts, names: Mapping[str, str]) -> Text:
    known = facts.known
    if known.empty:
        return NOTHING  # the chart says by itself that nothing is known
    worst, best = known.iloc[-1], known.iloc[0]
    lacking = len(facts.districts) - len(known)
    return say(
        "view.charts_city.falling",
        month=facts.month,
        known=len(known),
        falling=int((known["ytd_yoy_pct"] < 0).sum()),
        partly=say("view.charts_city.lacking", lacking=lacking) if lacking else NOTHING,
        best=names[best["region_code"]],
        highest=best["ytd_yoy_pct"],
        worst=names[worst["region_code"]],
        lowest=worst["ytd_yoy_pct"],
    )


def matrix(
    facts: CityFacts, *, subject: Subject, names: Mapping[str, str], months: int = 12
) -> Chart:
    """Return the class of each district at each release of the last months: four colours.

    Returns
    -------
    Chart
        Districts in the order of growth now; each cell has its growth and its sign.
    """
    lang, order = subject.lang, list(facts.standing["region_code"])
    cells = facts.places(months)
    cells = cells.sort_values("region_code", key=lambda one: one.map(order.index), kind="stable")
    windows = sorted(cells["period"].unique())
    heading = {}  # none twice within two years
    for one in windows:
        months_of = f"1—{one.month}" if one.month == 2 else one.month
        told = say("view.charts_city.column", month=one, months=months_of)
        heading[one] = told.in_language(lang)
    data = pd.DataFrame(
        {
            "name": [names[code] for code in cells["region_code"]],
            "column": [heading[one] for one in cells["period"]],
            "window": [window_name(str(one), lang) for one in cells["period"]],
            "ytd_yoy_pct": cells["ytd_yoy_pct"],
            "class_words": [CLASSES[one].in_language(lang) for one in cells["place"]],
            "ink": [_LOOKS[one][1] for one in cells["place"]],
            "sign": [_LOOKS[one][2] for one in cells["place"]],
            "told": [
                "×" if pd.isna(value) else percent(value, "en").removesuffix("%")
                for value in cells["ytd_yoy_pct"]
            ],
        }
    )
    wide = cells.pivot(index="region_code", columns="period", values="ytd_yoy_pct").reindex(order)
    table = wide.set_axis([window_name(str(one), lang) for one in wide], axis="columns")
    table.insert(0, subject.say("县市区", "District"), [names[code] for code in order])
    drawn = _matrix_chart(data, cells["place"].tolist(), subject)
    lasting = [
        names[str(code)]
        for code, rows in cells.groupby("region_code")
        if len(rows) > 1 and rows["place"].eq("falling_behind").all()
    ]
    caption = say("view.charts_city.none_lasting", months=months)
    if lasting:
        caption = say(
            "view.charts_city.lasting",
            months=months,
            districts=subject.say("、", ", ").join(lasting),
        )
    return subject.chart(
        slug("city-matrix", facts.city),
        title=say("view.charts_city.matrix", region=subject.region, months=months),
        caption=caption,
        chart=drawn if cells["ytd_yoy_pct"].notna().any() else None,
        table=table,
        as_of=str(facts.month),
    )


def _matrix_chart(data: pd.DataFrame, places: Sequence[str], subject: Subject) -> alt.LayerChart:
    """Draw the cells of `data`, whose rows are in the order of districts and months."""
    districts = list(dict.fromkeys(data["name"]))
    axis = alt.Axis(orient="top", labelAngle=0, labelOverlap=True, domain=False)
    called = {"name": "district", "class_words": "district_class"}
    inks = alt.Axis(labelColor=theme.INK, labelLimit=110)
    base = alt.Chart().encode(
        x=alt.X("column:N", title=None, sort=list(dict.fromkeys(data["column"])), axis=axis),
        y=alt.Y("name:N", title=None, sort=districts, axis=inks),
        tooltip=tooltips(subject.lang, "window", "ytd_yoy_pct", **called),
    )
    filled = base.mark_rect(stroke=theme.PAPER, strokeWidth=1.5)
    # on a narrow screen a sign stands in the place of the figure
    texts = [
        base.mark_text(fontSize=alt.ExprRef(f"width < 520 ? {narrow} : {wide}")).encode(
            text=field, color=alt.Color("ink:N", scale=None)
        )
        for field, narrow, wide in (("told:N", 0, 12), ("sign:N", 9, 0))
    ]
    return layered(
        filled.encode(color=_colours(subject, places)).properties(name=MAIN_NAME),
        *texts,
        data=records(data),
        height=28 * len(districts),
        has_own_colours=True,
    )


def multiples(
    facts: CityFacts, *, subject: Subject, names: Mapping[str, str], months: int = 36
) -> Chart:
    """Return a small line for each district beside the city's, all on one scale.

    Returns
    -------
    Chart
        Districts in the order of growth now, four in a row; the line of the city is thin. Table: a
        row a release, a column a region.
    """
    lang, order = subject.lang, list(facts.standing["region_code"])
    wide = facts.growth[facts.growth.index > facts.month - months]
    values = wide[[facts.city, *order]]
    low, high = (float(getattr(np, end)(values)) for end in ("nanmin", "nanmax"))
    reach, span = max(high - low, 1.0), _WIDER * months
    data = _line_points(values, (values - low) / reach, span, subject=subject, names=names)
    newest = values.ffill().iloc[-1]
    across, up = _corners(len(order), span)
    heads = pd.DataFrame(
        {
            "x": across,
            "y": up + 1.2,
            "head": [
                f"{_short(names[code], names[facts.city], lang)} {percent(newest[code], lang)}"
                for code in order
            ],
            "end": across + months - 1,
            "zero": up - low / reach,
        }
    )
    table = values.set_axis([names[str(code)] for code in values], axis="columns").round(1)
    table.insert(
        0, subject.say("月份", "Month"), [window_name(str(one), lang) for one in values.index]
    )
    chart = _line_chart(data, heads, subject) if values[order].notna().any(axis=None) else None
    return subject.chart(
        slug("city-lines", facts.city),
        title=say("view.charts_city.lines", region=subject.region, months=months),
        caption=_lines_caption(values, order, names),
        chart=chart,
        table=table,
        as_of=str(facts.month),
    )


def _corners(n: int, span: float) -> tuple[np.ndarray, np.ndarray]:
    """Return where small charts begin: how far across, and how far up (below zero)."""
    at = np.arange(n)
    return (at % _ROWS) * span, -(at // _ROWS) * _HIGHER


def _line_points(
    values: pd.DataFrame,
    scaled: pd.DataFrame,
    span: float,
    *,
    subject: Subject,
    names: Mapping[str, str],
) -> pd.DataFrame:
    """Return where each point of each small line lies; the first column of `values` is the city."""
    city, *order = (str(code) for code in values)
    months = pd.PeriodIndex(values.index).astype("int64")
    windows = [window_name(str(one), subject.lang) for one in values.index]
    tables = [
        pd.DataFrame(
            {
                "code": code,
                "kind": kind,
                "x": across + (months - months.min()),
                "y": scaled[of].to_numpy() + up,
                "name": names[of],
                "window": windows,
                "ytd_yoy_pct": values[of].to_numpy(),
            }
        )
        for code, across, up in zip(order, *_corners(len(order), span), strict=True)
        for kind, of in (("own", code), ("city", city))
    ]
    return pd.concat(tables, ignore_index=True)


def _line_chart(data: pd.DataFrame, heads: pd.DataFrame, subject: Subject) -> alt.LayerChart:
    x = alt.X("x:Q", axis=None, scale=alt.Scale(nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(nice=False, zero=False))
    own, city = data[data["kind"] == "own"], data[data["kind"] == "city"]
    columns = ["code", "x", "y", "name", "window", "ytd_yoy_pct"]
    each = alt.Chart(records(heads, decimals=4))
    zero = each.mark_rule(color=theme.LINE, strokeWidth=1)
    thin = alt.Chart(records(city[columns], decimals=4)).mark_line(
        color=theme.LINE, strokeWidth=1.2
    )
    base = alt.Chart(records(own[columns], decimals=4)).encode(x=x, y=y, detail="code:N")
    line = base.mark_line(color=theme.POSITIVE, strokeWidth=2)
    spots = base.mark_circle(size=22, color=theme.POSITIVE, opacity=1).encode(
        tooltip=tooltips(subject.lang, "window", "ytd_yoy_pct", name="district")
    )
    below = spots.transform_filter("datum.ytd_yoy_pct < 0").mark_circle(
        size=26, color=theme.NEGATIVE, opacity=1
    )
    words = each.mark_text(
        align="left", fontSize=alt.ExprRef("width < 520 ? 9 : 13"), fontWeight="bold"
    )
    return layered(
        zero.encode(x=x, x2="end:Q", y=alt.Y("zero:Q", axis=None)),
        thin.encode(x=x, y=y, detail="code:N"),
        line.properties(name=MAIN_NAME),
        spots,
        below,
        words.encode(x=x, y=y, text="head:N"),
        height=118 * math.ceil(len(heads) / _ROWS),
    )


def _lines_caption(values: pd.DataFrame, order: Sequence[str], names: Mapping[str, str]) -> Text:
    counts = (values[list(order)] < 0).sum()
    known = int(values[list(order)].notna().any(axis=1).sum())
    if not known:
        return NOTHING  # the chart says by itself that nothing is known
    most = str(counts.idxmax())
    return say("view.charts_city.most_often", known=known, name=names[most], negative=counts[most])


def contributions(facts: CityFacts, *, subject: Subject, names: Mapping[str, str]) -> Chart:
    """Return what each district adds to the growth of all districts together.

    Returns
    -------
    Chart
        Of districts whose levels are all known; without them it has no data.
    """
    lang = subject.lang
    table = facts.standing.sort_values("contribution_pp", ascending=False)
    called = [names[code] for code in table["region_code"]]
    data = table.assign(name=called)[["name", "contribution_pp", "weight_pct", "ytd_yoy_pct"]]
    title = subject.say("拉动（百分点）", "Contribution (pp)")
    base = alt.Chart(records(data, decimals=2)).encode(
        x=value_x("contribution_pp", title),
        y=name_y(),
        tooltip=tooltips(lang, "contribution_pp", "weight_pct", "ytd_yoy_pct", name="district"),
    )
    negative = alt.datum["contribution_pp"] < 0
    bars = base.mark_bar(height=15).encode(
        color=alt.condition(negative, alt.value(theme.NEGATIVE), alt.value(theme.POSITIVE))
    )
    drawn = layered(bars.properties(name=MAIN_NAME), zero_rule(title))
    caption, shares = NOTHING, table["contribution_pp"]
    if shares.notna().all():  # else the chart says by itself that nothing is known
        caption = say(
            "view.charts_city.drag",
            total=shares.sum(),
            worst=called[-1],
            drag=points_phrase(shares.iloc[-1]),
        )
    return subject.chart(
        slug("city-contributions", facts.city),
        title=say("view.charts_city.contributions", region=subject.region),
        caption=caption,
        chart=drawn.properties(height=24 * len(table)) if facts.has_levels else None,
        table=labelled(
            lang,
            district=called,
            weight_pct=table["weight_pct"],
            contribution_pp=table["contribution_pp"],
        ),
        units=subject.say("百分点", "percentage points"),
        as_of=str(facts.month),
    )
