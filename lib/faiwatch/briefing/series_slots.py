"""Slots that come from the published series: level, growth, its change, runs, averages.

Method: ``docs/methods/briefing.md``.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from faiwatch.briefing.filling import (
    Material,
    filled,
    in_percent,
    lacking,
    noted,
    plain_number,
    said,
    whole,
)
from faiwatch.briefing.record import OPEN, Slot
from faiwatch.core.finding import Absence, InputRow
from faiwatch.core.phrases import (
    at_least,
    average_phrase,
    change_phrase,
    count_of,
    growth_phrase,
    run_phrase,
)
from faiwatch.core.provenance import What, rows_behind
from faiwatch.core.text import NOT_HELD, Text, band, month_name, number, percent
from faiwatch.data.parameter_types import NONE
from faiwatch.data.reference import absence, scope_breaks
from faiwatch.forecast.target.words import amount
from faiwatch.page.known import TOTAL
from faiwatch.stats.growth import MEASURE_COLUMNS, average_growth, measures
from faiwatch.stats.negative import DEFINITIONS, current_run, flags, runs
from faiwatch.stats.scopes import scope_in_force

YEARS_AVERAGED = 5
_WHAT = {
    "ytd_value": What(
        Text("累计完成额（亿元）", "year to date, 100 million yuan"), "100m_cny", "C[m]"
    ),
    "ytd_yoy": What(Text("公布的累计增速", "published growth, year to date"), "pct", "g[m]"),
    "ytd_change": What(
        Text("累计增速比上次发布的变动", "change of growth since the last release"),
        "pp",
        "g[m] - g[m-1]",
    ),
    "block_yoy": What(
        Text("推算的当月增速", "implied single-month growth"),
        "pct",
        "(C[m] - C[m-1]) / (B[m] - B[m-1]) - 1, B = C / (1 + g)",
    ),
    "negative_run_length": What(
        Text("连续负增长的月数", "months of negative growth in a row"),
        "months",
        "sum of months of the releases h[m], h[m-1], ... < 0; January-February counts two",
        "由期末往回数，h[m]、h[m-1]……均小于0的各次发布的月数合计；1—2月计两个月",
    ),
    "negative_run_releases": What(
        Text("连续负增长的发布次数", "releases of negative growth in a row"),
        "releases",
        "max n: h[m] < 0, h[m-1] < 0, ..., h[m-n+1] < 0",
        "由期末往回数，h[m]、h[m-1]……连续小于0的发布次数",
    ),
    "avg_from": What(
        Text("年均增速的首个增长年", "first year of the average growth"),
        "year",
        "parameter avg_from, or avg_to - 4",
        "所选首年；未选时为末年 − 4",
    ),
    "avg_to": What(
        Text("年均增速的末年", "last year of the average growth"),
        "year",
        "parameter avg_to, or the last complete year",
        "所选末年；未选时为最近的完整年份",
    ),
    "avg_annual_growth": What(
        Text("年均增速（公布增速连乘）", "average annual growth, published growth chained"),
        "pct",
        "(prod(1 + g[y,12] / 100))^(1/n) - 1, y = avg_from ... avg_to",
        "各年（首年至末年，共n年）1 + g[y,12] ÷ 100 连乘，开n次方，减1",
    ),
}


def series_slots(material: Material) -> dict[str, Slot]:
    """Return the slots of the published series by id."""
    measured = measured_of(material, TOTAL)
    now = row_at(measured, material.month)
    slots = [_value(now, material), _growth(measured, material), _change(measured, material)]
    slots += [_block(measured, material), *_run(measured, material)]
    slots += _average(measured, material)
    return {slot.id: slot for slot in slots}


def measured_of(material: Material, indicator: str) -> pd.DataFrame:
    """Return the measures of one indicator of the region; without rows when there is none."""
    of_region = material.page.figures["region_code"] == material.page.region.code
    figures = material.page.figures
    figures = figures[of_region & (figures["indicator"] == indicator)].reset_index(drop=True)
    if figures.empty:
        return figures.reindex(columns=[*figures.columns, *MEASURE_COLUMNS])
    return measures(scope_in_force(figures))


def row_at(measured: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """Return the row of one month, or none."""
    return measured[measured["period"] == month]


def _known(rows: pd.DataFrame, column: str) -> float:
    return math.nan if rows.empty else float(rows[column].iloc[0])


def not_published(material: Material, what: Text, month: pd.Period) -> Absence:
    """Say that a figure of a month is not there: not held, unless it is known to be unpublished."""
    region, name = material.page.region, str(month)
    figure = "ytd_value_100m" if what == VALUE else "ytd_yoy_pct"
    why = absence(region.code, TOTAL, figure, name)
    told = Text(
        f"{region.name.zh}{month_name(name, 'zh')}的{what.zh}：{why.words.zh}",
        f"{what.en} of {region.name.en} for {month_name(name, 'en')}: {why.words.en}",
    )
    return Absence(why.state, told)


VALUE, GROWTH = (
    Text("累计投资额", "the year-to-date value"),
    Text("累计增速", "year-to-date growth"),
)


def _value(now: pd.DataFrame, material: Material) -> Slot:
    value, what = _known(now, "ytd_value_100m"), _WHAT["ytd_value"]
    if math.isnan(value):
        return lacking("ytd_value", what, not_published(material, VALUE, material.month))
    return filled("ytd_value", what, value, amount(value), rows_behind(now, "ytd_value_100m"))


def _growth(measured: pd.DataFrame, material: Material) -> Slot:
    now, what = row_at(measured, material.month), _WHAT["ytd_yoy"]
    growth = _known(now, "ytd_yoy_pct")
    if math.isnan(growth):
        missing = not_published(material, GROWTH, material.month)
        return lacking("ytd_yoy", what, missing)
    words = in_percent(growth)
    slot = filled("ytd_yoy", what, growth, words, rows_behind(now, "ytd_yoy_pct"))
    slot = said(slot, phrase=growth_phrase(growth))
    before = row_at(measured, material.month - 12)
    then = _known(before, "ytd_yoy_pct")
    if math.isnan(then):
        return slot
    return replace(
        noted(slot, _both_readings(growth, then)),
        inputs=slot.inputs + rows_behind(before, "ytd_yoy_pct"),
    )


def _both_readings(growth: float, then: float) -> Text:
    """Say the level and the change of growth apart: 「增速同比下降」 mixes them up."""
    level, moved = growth_phrase(growth), number(abs(growth - then), "zh")
    side = Text("回落", "slower") if growth < then else Text("提高", "faster")
    zh, en = percent(then, "zh"), percent(then, "en")
    return Text(
        f"两种读法分开表述：投资额{level.zh}；增速比上年同期（{zh}）{side.zh}{moved}个百分点。",
        f"Two readings, kept apart: investment {level.en}; growth was {moved} percentage points "
        f"{side.en} than a year earlier ({en}).",
    )


def _change(measured: pd.DataFrame, material: Material) -> Slot:
    month, what = material.month, _WHAT["ytd_change"]
    both = measured[measured["period"].isin([month - 1, month])]
    growth, before = (_known(row_at(both, one), "ytd_yoy_pct") for one in (month, month - 1))
    if month.month == 2:
        first = Text("1—2月是当年首次发布", "January–February is the year's first release")
        return lacking("ytd_change", what, first)
    if math.isnan(growth) or math.isnan(before):
        absent = month if math.isnan(growth) else month - 1
        missing = not_published(material, GROWTH, absent)
        return lacking("ytd_change", what, missing)
    moved = growth - before
    slot = filled("ytd_change", what, moved, plain_number(moved), rows_behind(both, "ytd_yoy_pct"))
    return said(slot, phrase=change_phrase(growth, before, str(month - 1)))


def _block(measured: pd.DataFrame, material: Material) -> Slot:
    month, what = material.month, _WHAT["block_yoy"]
    now = row_at(measured, month)
    growth = _known(now, "block_yoy_pct")
    if math.isnan(growth):
        missing = Text(
            "推算当月增速所需的相邻两期投资额和增速不全",
            "the values and growth of two releases that it is implied by are incomplete",
        )
        return lacking("block_yoy", what, missing)
    used = measured[measured["period"].isin([month - 1, month] if month.month > 2 else [month])]
    inputs = rows_behind(used, "ytd_yoy_pct")
    inputs += rows_behind(used, "ytd_value_100m") if month.month > 2 else ()
    slot = filled("block_yoy", what, growth, in_percent(growth), inputs)
    lo, hi = _known(now, "block_yoy_lo_pct"), _known(now, "block_yoy_hi_pct")
    within = Text(band(lo, hi, "zh"), band(lo, hi, "en"))
    slot = said(slot, phrase=growth_phrase(growth), band=within)
    return replace(slot, state="indeterminate") if lo < 0 <= hi else slot


def _run(measured: pd.DataFrame, material: Material) -> list[Slot]:
    month, definition = material.month, material.parameters.definition
    now = row_at(measured, month)
    ids = ("negative_run_length", "negative_run_releases")
    if math.isnan(_known(now, f"{definition}_yoy_pct")):
        missing = not_published(material, GROWTH, month)
        return [lacking(id, _WHAT[id], missing) for id in ids]
    found = _runs_by_definition(measured, material)
    run = found[definition]
    values = (0, 0) if run is None else (int(run["n_months"]), int(run["n_releases"]))
    phrase = _run_words(run, definition)
    inputs = _run_inputs(measured, run, material)
    note = _other_conventions(found, now)
    least = Text("", "") if run is None else at_least(run)
    return [
        noted(
            said(filled(id, _WHAT[id], value, _joined(least, whole(value)), inputs), phrase=phrase),
            note,
        )
        for id, value in zip(ids, values, strict=True)
    ]


def _joined(one: Text, other: Text) -> Text:
    return Text(one.zh + other.zh, one.en + other.en)


def _runs_by_definition(measured: pd.DataFrame, material: Material) -> dict[str, pd.Series | None]:
    flagged = flags(measured, as_of=str(material.month))
    across = material.parameters.run_across_years
    found = runs(flagged, across_years=across, breaks=scope_breaks())
    return {name: current_run(found, name) for name in ("ytd", "block", "rolling3")}


def _run_words(run: pd.Series | None, definition: str) -> Text:
    label = DEFINITIONS[definition]
    if run is None:
        return Text(f"{label.zh}目前没有连续负增长", f"{label.en} is in no negative run")
    return run_phrase(run, label)


def _other_conventions(found: dict[str, pd.Series | None], now: pd.DataFrame) -> Text:
    told = [
        _run_words(found[name], name)
        if not math.isnan(_known(now, f"{name}_yoy_pct"))
        else Text(f"{DEFINITIONS[name].zh}{OPEN.zh}", f"{DEFINITIONS[name].en} is {OPEN.en}")
        for name in ("ytd", "block")
    ]
    return Text(
        f"连续负增长的两种口径：{'；'.join(one.zh for one in told)}。"
        "1—2月合并发布，算一次发布、两个月。",
        f"Both conventions for a negative run: {'; '.join(one.en for one in told)}. "
        "January–February is one release and two months.",
    )


def _run_inputs(
    measured: pd.DataFrame, run: pd.Series | None, material: Material
) -> tuple[InputRow, ...]:
    """Return the growth of every release in the run, and of the one that it began after."""
    month = material.month
    first = month if run is None else run["start"]
    known = measured["ytd_yoy_pct"].notna()
    earlier = measured.loc[known & (measured["period"] < first), "period"]
    start = earlier.max() if len(earlier) else first
    window = measured[(measured["period"] >= start) & (measured["period"] <= month)]
    inputs = rows_behind(window, "ytd_yoy_pct")
    if material.parameters.definition == "ytd":
        return inputs
    return inputs + rows_behind(window, "ytd_value_100m")


def _average(measured: pd.DataFrame, material: Material) -> list[Slot]:
    first, last = _years(material)
    years = [
        filled(id, _WHAT[id], year, Text(str(year), str(year)))
        for id, year in (("avg_from", first), ("avg_to", last))
    ]
    december = measured[measured["period"].dt.month == 12]
    chosen = december[december["period"].dt.year.between(first, last)]
    published = set(chosen.loc[chosen["ytd_yoy_pct"].notna(), "period"].dt.year)
    absent = [year for year in range(first, last + 1) if year not in published]
    what = _WHAT["avg_annual_growth"]
    if first > last:
        turned = Text("首年 avg_from 晚于末年 avg_to", "avg_from is after avg_to")
        return [*years, lacking("avg_annual_growth", what, turned)]
    if absent:
        told = "、".join(map(str, absent)), ", ".join(map(str, absent))
        missing = Text(
            f"{told[0]}年全年增速{NOT_HELD['zh']}", f"growth of {told[1]} is {NOT_HELD['en']}"
        )
        return [*years, lacking("avg_annual_growth", what, Absence("not_held", missing))]
    growth = chosen["ytd_yoy_pct"].to_numpy(dtype=np.float64)
    value = float(average_growth(growth))
    words = in_percent(value)
    slot = filled("avg_annual_growth", what, value, words, rows_behind(chosen, "ytd_yoy_pct"))
    slot = said(slot, phrase=average_phrase(value))
    return [*years, noted(slot, _both_counts(growth, first, last))]


def _years(material: Material) -> tuple[int, int]:
    asked = material.parameters
    complete = material.month.year - (material.month.month < 12)
    last = complete if asked.avg_to == NONE else int(asked.avg_to)
    first = last - YEARS_AVERAGED + 1 if asked.avg_from == NONE else int(asked.avg_from)
    return first, last


def _both_counts(growth: np.ndarray, first: int, last: int) -> Text:
    """Say the average with the first year as a growth year, and as the base."""
    roles = (Text("首个增长年", "the first year of growth"), Text("基年", "the base"))
    zh, en = [], []
    for skipped, role in enumerate(roles[: len(growth)]):
        average, n = float(average_growth(growth[skipped:])), len(growth) - skipped
        zh.append(f"以{first}年为{role.zh}（{n}年平均）为{percent(average, 'zh')}")
        en.append(f"{percent(average, 'en')} with {first} as {role.en} ({count_of(n, 'year')})")
    return Text(
        f"{first}—{last}年年均增速：{'；'.join(zh)}。按公布增速连乘，不用投资额相除。",
        f"Average growth {first}–{last}: {'; '.join(en)}. Published growth is chained; levels are "
        "not divided.",
    )
