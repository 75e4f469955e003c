"""Findings of what comes next: the target of the year, what it requires, and chances.

Method: ``docs/methods/briefing.md``, ``target.md`` and ``forecast.md``. Required amounts are
workload, never figures to report.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from faiwatch.briefing.definitions import OUTLOOK
from faiwatch.briefing.filling import Material
from faiwatch.briefing.series import GROWTH, not_published, row_at
from faiwatch.core.finding import Absence, Finding, InputRow
from faiwatch.core.phrases import amount, bare_phrase, chance_phrase, gap_phrase, say
from faiwatch.core.provenance import rows_behind
from faiwatch.core.text import NOT_HELD, Text, both, window_name
from faiwatch.data.parameter_types import NONE
from faiwatch.forecast.probability import full_year_negative, negative_probabilities
from faiwatch.forecast.series import GrowthPaths
from faiwatch.forecast.target.chances import chance_of_target
from faiwatch.forecast.target.position import Target, YearSoFar, requirement, year_so_far
from faiwatch.ledger.unit_targets import WHOLE_DISTRICT
from faiwatch.page.known import TOTAL
from faiwatch.stats.cumulative import month_after

_TARGET_MARK = Text("目标", "the target")
_REQUIRED = ("required_total", "required_per_month", "required_growth")
_TARGET = ("target_growth", "target_gap", *_REQUIRED, "target_chance")
_CHANCES = ("next_negative_chance", "year_negative_chance")


def outlook_findings(material: Material) -> Iterator[Finding]:
    """Yield the findings of target and forecast."""
    measured, month = material.measured, material.month
    now = row_at(measured, month)
    if now.empty or math.isnan(float(now["ytd_yoy_pct"].iloc[0])):
        missing = not_published(material, GROWTH, month)
        found = [material.lacking(id, missing) for id in OUTLOOK]
    else:
        paths = material.page.forecast(TOTAL)
        year = full_year_negative(paths)
        assert year is not None  # the shared horizon is a year at least
        chances = (float(negative_probabilities(paths)["probability"].iloc[0]), year[1])
        inputs = rows_behind(measured, "ytd_yoy_pct") + rows_behind(measured, "ytd_value_100m")
        found = [*_target(material, measured, paths)]
        found += [_chance(material, *told, inputs) for told in zip(_CHANCES, chances, strict=True)]
    following = month_after(month)  # a chance is about the next release, or the next December
    december = pd.Period(year=following.year, month=12, freq="M")
    about = {"next_negative_chance": str(following), "year_negative_chance": str(december)}
    for one in found:
        if one.id in about:
            release = about[one.id]
            forms = {**one.forms, "window": both(window_name, release)}
            yield one.model_copy(update={"period": release, "forms": forms})
        else:
            yield one


def target_rows(material: Material) -> pd.DataFrame:
    """Return the rows of the ledger that give the growth target of the region's year."""
    targets = material.ledger.get("targets")
    if targets is None:
        return pd.DataFrame()
    whole = targets["unit"].isin([material.page.region.name.zh, *WHOLE_DISTRICT])
    of_year = targets["year"].eq(material.month.year) & targets["month"].isna()
    is_growth = targets["metric"].eq("growth") & targets["value_unit"].eq("percent")
    return targets[whole & of_year & is_growth & targets["value"].notna()]


def _target(material: Material, measured: pd.DataFrame, paths: GrowthPaths) -> Iterator[Finding]:
    """Yield the target, of the parameter or else of the ledger, and what it takes."""
    asked, rows = material.parameters.target_growth_pct, target_rows(material)
    if asked == NONE and rows.empty:
        missing = say("briefing.outlook.no_target", of_year=material.month.year)
        yield from (material.lacking(id, missing) for id in _TARGET)
        return
    cells = material.cells(rows.head(1), "value") if asked == NONE else ()
    goal = float(rows["value"].iloc[0]) if asked == NONE else float(asked)
    year = year_so_far(measured)
    gap = year.growth_pct - goal
    now = rows_behind(row_at(measured, material.month), "ytd_yoy_pct")
    yield material.finding("target_growth", goal, cells)
    yield material.finding("target_gap", gap, cells + now, phrase=gap_phrase(gap, _TARGET_MARK))
    yield from _required(material, measured, year, goal, cells)
    chance = chance_of_target(paths, year, Target(growth_pct=goal))
    told = cells + rows_behind(measured, "ytd_yoy_pct") + rows_behind(measured, "ytd_value_100m")
    yield _chance(material, "target_chance", chance, told)


def _required(
    material: Material,
    measured: pd.DataFrame,
    year: YearSoFar,
    goal: float,
    cells: tuple[InputRow, ...],
) -> Iterator[Finding]:
    need = requirement(year, Target(growth_pct=goal))
    values = (need.required_100m, need.required_per_month_100m, need.required_growth_pct)
    missing: Text | Absence | None = None
    if not year.months_left:
        missing = Text("全年已结束", "the year is over")
    elif any(map(math.isnan, values)):
        missing = Absence("not_held", say("briefing.outlook.base_open", said=NOT_HELD))
    if missing:
        yield from (material.lacking(id, missing) for id in _REQUIRED)
        return
    month = material.month
    now = row_at(measured, month)
    before = [month - 12, pd.Period(year=month.year - 1, month=12, freq="M")]
    rows = cells + rows_behind(now, "ytd_yoy_pct") + rows_behind(now, "ytd_value_100m")
    rows += rows_behind(measured[measured["period"].isin(before)], "ytd_value_100m")
    for id, value in zip(_REQUIRED[:2], values[:2], strict=True):
        yield material.finding(id, float(value), rows, words=amount(float(value)))
    growth = float(values[-1])
    yield material.finding("required_growth", growth, rows, phrase=bare_phrase(growth))


def _chance(material: Material, id: str, chance: float, inputs: tuple[InputRow, ...]) -> Finding:
    if math.isnan(chance):
        return material.lacking(id, Text("序列不足以推算", "the series does not allow it"))
    return material.finding(id, 100 * chance, inputs, words=chance_phrase(chance))
