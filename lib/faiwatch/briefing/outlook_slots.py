"""Slots of what comes next: the target of the year, what it requires, and chances.

Method: ``docs/methods/briefing.md``, ``target.md`` and ``forecast.md``. Required amounts are
workload, never figures to report.
"""

from __future__ import annotations

import math

import pandas as pd

from faiwatch.briefing.filling import (
    Material,
    filled,
    in_percent,
    lacking,
    plain_number,
    said,
)
from faiwatch.briefing.record import Slot
from faiwatch.briefing.series_slots import GROWTH, measured_of, not_published, row_at
from faiwatch.core.finding import Absence, InputRow
from faiwatch.core.phrases import bare_phrase, chance_phrase, gap_phrase
from faiwatch.core.provenance import What, rows_behind
from faiwatch.core.text import NOT_HELD, Text, window_name
from faiwatch.data.parameter_types import NONE
from faiwatch.forecast.probability import full_year_negative, negative_probabilities
from faiwatch.forecast.series import GrowthPaths
from faiwatch.forecast.target.chances import chance_of_target
from faiwatch.forecast.target.position import (
    Requirement,
    Target,
    YearSoFar,
    requirement,
    year_so_far,
)
from faiwatch.forecast.target.words import amount
from faiwatch.page.known import TOTAL
from faiwatch.stats.cumulative import month_after

_TARGET_MARK = Text("目标", "the target")
_DISTRICT_WORDS = ("全区", "全市", "全县", "全省", "全国", "合计")
WHAT = {
    "target_growth": What(Text("全年增速目标", "target of growth for the year"), "pct", "g*"),
    "target_gap": What(Text("累计增速与目标之差", "growth against the target"), "pp", "g[m] - g*"),
    "required_total": What(
        Text("其余月份须完成（亿元，测算）", "required of the rest (100m yuan, workload)"),
        "100m_cny",
        "B[12] (1 + g*) - C[m], B[12] = C'[12] B[m] / C'[m], B = C / (1 + g)",
    ),
    "required_per_month": What(
        Text("每月须完成（亿元，测算）", "required a month (100m yuan, workload)"),
        "100m_cny",
        "(B[12] (1 + g*) - C[m]) / (12 - m)",
    ),
    "required_growth": What(
        Text("其余月份所需增速（测算）", "growth required of the rest (workload)"),
        "pct",
        "100 ((B[12] (1 + g*) - C[m]) / (B[12] - B[m]) - 1)",
    ),
    "target_chance": What(
        Text("实现目标的可能性", "chance of reaching the target"), "pct", "P(g[12] >= g*)"
    ),
    "next_negative_chance": What(
        Text("下次发布为负增长的可能性", "chance that the next release is negative"),
        "pct",
        "P(g[m+1] < 0)",
    ),
    "year_negative_chance": What(
        Text("全年为负增长的可能性", "chance that the year's growth is negative"),
        "pct",
        "P(g[12] < 0)",
    ),
}
_REQUIRED = ("required_total", "required_per_month", "required_growth")


def outlook_slots(material: Material) -> dict[str, Slot]:
    """Return the slots of target and forecast by id."""
    measured = measured_of(material, TOTAL)
    now = row_at(measured, material.month)
    if now.empty or math.isnan(float(now["ytd_yoy_pct"].iloc[0])):
        missing = not_published(material, GROWTH, material.month)
        return {
            id: said(lacking(id, what, missing), **_window(id, material.month))
            for id, what in WHAT.items()
        }
    paths = material.page.forecast(TOTAL)
    slots = [*_target(material, measured, paths), *_chances(material, measured, paths)]
    return {slot.id: slot for slot in slots}


def asked_target(material: Material) -> tuple[float | None, tuple[InputRow, ...]]:
    """Return the growth that is to be reached, of the parameter or else of the ledger."""
    asked = material.parameters.target_growth_pct
    if asked != NONE:
        return float(asked), ()
    rows = target_rows(material)
    if rows.empty:
        return None, ()
    return float(rows["value"].iloc[0]), material.cells(rows.head(1), "value")


def target_rows(material: Material) -> pd.DataFrame:
    """Return the rows of the ledger that give the growth target of the region's year."""
    targets = material.ledger.get("targets")
    if targets is None:
        return pd.DataFrame()
    whole = targets["unit"].isin([material.page.region.name.zh, *_DISTRICT_WORDS])
    of_year = targets["year"].eq(material.month.year) & targets["month"].isna()
    is_growth = targets["metric"].eq("growth") & targets["value_unit"].eq("percent")
    return targets[whole & of_year & is_growth & targets["value"].notna()]


def _target(material: Material, measured: pd.DataFrame, paths: GrowthPaths) -> list[Slot]:
    goal, cells = asked_target(material)
    ids = ("target_growth", "target_gap", *_REQUIRED, "target_chance")
    if goal is None:
        of_year = material.month.year
        missing = Text(
            f"没有{of_year}年全年增速目标（目标表或参数 target_growth_pct）",
            f"no target of growth for {of_year} (table of targets, or parameter target_growth_pct)",
        )
        return [lacking(id, WHAT[id], missing) for id in ids]
    year, target = year_so_far(measured), Target(growth_pct=goal)
    now = row_at(measured, material.month)
    gap = year.growth_pct - goal
    slots = [
        filled("target_growth", WHAT["target_growth"], goal, in_percent(goal), cells),
        said(
            filled(
                "target_gap",
                WHAT["target_gap"],
                gap,
                plain_number(gap),
                cells + rows_behind(now, "ytd_yoy_pct"),
            ),
            phrase=gap_phrase(gap, _TARGET_MARK),
        ),
    ]
    rows = cells + _year_rows(measured, material.month)
    slots += _required(year, requirement(year, target), rows)
    chance = chance_of_target(paths, year, target)
    told = cells + rows_behind(measured, "ytd_yoy_pct") + rows_behind(measured, "ytd_value_100m")
    return [*slots, _chance("target_chance", chance, told)]


def _year_rows(measured: pd.DataFrame, month: pd.Period) -> tuple[InputRow, ...]:
    before = [month - 12, pd.Period(year=month.year - 1, month=12, freq="M")]
    now = row_at(measured, month)
    return (
        rows_behind(now, "ytd_yoy_pct")
        + rows_behind(now, "ytd_value_100m")
        + rows_behind(measured[measured["period"].isin(before)], "ytd_value_100m")
    )


def _required(year: YearSoFar, need: Requirement, rows: tuple[InputRow, ...]) -> list[Slot]:
    if not year.months_left:
        over = Text("全年已结束", "the year is over")
        return [lacking(id, WHAT[id], over) for id in _REQUIRED]
    values = (need.required_100m, need.required_per_month_100m, need.required_growth_pct)
    missing = Text(
        f"上年同月或上年全年投资额{NOT_HELD['zh']}，无法推算全年基数",
        f"last year's value for this month or for the year is {NOT_HELD['en']}, so the base is "
        "open",
    )
    if any(map(math.isnan, values)):
        return [lacking(id, WHAT[id], Absence("not_held", missing)) for id in _REQUIRED]
    total, month, growth = (
        filled(id, WHAT[id], float(value), say(float(value)), rows)
        for id, value, say in zip(_REQUIRED, values, (amount, amount, in_percent), strict=True)
    )
    return [total, month, said(growth, phrase=bare_phrase(float(values[-1])))]


def _chance(id: str, chance: float, inputs: tuple[InputRow, ...]) -> Slot:
    if math.isnan(chance):
        short = Text("序列不足以推算", "the series does not allow it")
        return lacking(id, WHAT[id], short)
    return filled(id, WHAT[id], 100 * chance, chance_phrase(chance), inputs)


def _chances(material: Material, measured: pd.DataFrame, paths: GrowthPaths) -> list[Slot]:
    inputs = rows_behind(measured, "ytd_yoy_pct") + rows_behind(measured, "ytd_value_100m")
    table = negative_probabilities(paths)
    year = full_year_negative(paths)
    assert year is not None  # the shared horizon is a year at least
    chances = {
        "next_negative_chance": float(table["probability"].iloc[0]),
        "year_negative_chance": year[1],
    }
    return [
        said(_chance(id, chance, inputs), **_window(id, material.month))
        for id, chance in chances.items()
    ]


def _window(id: str, month: pd.Period) -> dict[str, Text]:
    """Return the release that a chance is about: the next one, or the next December."""
    following = month_after(month)
    december = pd.Period(year=following.year, month=12, freq="M")
    about = {"next_negative_chance": following, "year_negative_chance": december}
    if id not in about:
        return {}
    release = str(about[id])
    return {"window": Text(window_name(release, "zh"), window_name(release, "en"))}
