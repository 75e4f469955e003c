"""How likely a target is, and when growth may turn positive, read from the forecast's paths.

Method: ``docs/methods/target.md``.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from faiwatch.core.text import half_up
from faiwatch.forecast.series import GrowthPaths
from faiwatch.forecast.target.position import TURN_POSITIVE_PCT, Target, YearSoFar, requirement
from faiwatch.stats.cumulative import Array

_RANGE = (0.1, 0.9)
_LADDER_ENDS = (0.05, 0.95)
_MOST_RUNGS = 7
_STEPS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)


def paths_of_year(found: GrowthPaths, year: YearSoFar, column: str) -> Array:
    """Return the paths (paths, open releases) of one column up to December of the year."""
    return np.asarray(getattr(found, column)[:, found.periods.isin(year.periods[year.is_open])])


def chance_of_target(found: GrowthPaths, year: YearSoFar, target: Target) -> float:
    """Return the probability that December is published at the target or above it.

    Parameters
    ----------
    found : GrowthPaths
        From :func:`faiwatch.forecast.series.growth_paths`, from the same origin, to December at
        least.
    year : YearSoFar
        Where the year stands.
    target : Target
        What is to be reached.

    Returns
    -------
    float
        0 to 1; exactly 0 or 1 when the year is complete; NaN for a value target of a series whose
        paths carry no value.
    """
    if target.value_100m is not None:
        if not year.months_left:
            return float(year.value_100m >= target.value_100m)
        value = paths_of_year(found, year, "ytd_value_100m")[:, -1]
        unknown = bool(np.isnan(value).any())
        return math.nan if unknown else float((value >= target.value_100m).mean())
    aim = requirement(year, target).target_growth_pct - year.growth_half_pct
    if not year.months_left:
        return float(year.growth_pct >= aim)
    return float((paths_of_year(found, year, "ytd_yoy_pct")[:, -1] >= aim).mean())


def required_range(found: GrowthPaths, year: YearSoFar, target: Target) -> tuple[float, float]:
    """Return the range (10 to 90 %) of the required amount that the base still leaves open.

    NaN when amounts are not known; for a value target there is nothing open but the growth.
    """
    if not year.months_left or not year.has_value or target.value_100m is not None:
        return math.nan, math.nan
    ratio = 1 + requirement(year, target).target_growth_pct / 100
    value = paths_of_year(found, year, "ytd_value_100m")[:, -1]
    growth = paths_of_year(found, year, "ytd_yoy_pct")[:, -1]
    low, high = np.quantile(value / (1 + growth / 100) * ratio - year.value_100m, _RANGE)
    return float(low), float(high)


def turning(found: GrowthPaths, year: YearSoFar) -> pd.DataFrame:
    """Return how likely growth is published at zero or above, month by month.

    Returns
    -------
    DataFrame
        One row an open release: ``period``, ``chance_non_negative`` of that month, and
        ``chance_turned``: that month or an earlier one of the rest of the year (NaN when growth is
        not negative now). 0 to 1.
    """
    is_up = paths_of_year(found, year, "ytd_yoy_pct") >= -year.growth_half_pct
    is_negative_now = year.growth_pct < -year.growth_half_pct
    turned = np.maximum.accumulate(is_up, axis=1).mean(axis=0)
    return pd.DataFrame(
        {
            "period": year.periods[year.is_open],
            "chance_non_negative": is_up.mean(axis=0),
            "chance_turned": turned if is_negative_now else np.full(len(turned), np.nan),
        }
    )


def chance_ladder(found: GrowthPaths, year: YearSoFar, target: Target) -> pd.DataFrame:
    """Return how likely other growth targets are, and what each requires.

    Returns
    -------
    DataFrame
        From the highest: ``target_growth_pct``, ``required_100m``, ``required_growth_pct``,
        ``chance`` (0 to 1), ``is_target``. Round figures over what the paths
        span, the target, and zero. The row of the target is that of the target itself, so that it
        has one chance only; what would print as the target is left out. Empty when the year is
        complete.
    """
    columns = ["target_growth_pct", "required_100m", "required_growth_pct", "chance", "is_target"]
    if not year.months_left:
        return pd.DataFrame(columns=columns)
    aim = requirement(year, target).target_growth_pct
    rungs = {one: Target(growth_pct=one) for one in (*_rungs(found, year), TURN_POSITIVE_PCT)}
    if math.isfinite(aim):
        shown = half_up(aim, 1)
        rungs = {one: rung for one, rung in rungs.items() if half_up(one, 1) != shown}
        rungs[aim] = target
    rows = []
    for growth, rung in sorted(rungs.items(), key=lambda item: -item[0]):
        need = requirement(year, rung)
        rows.append(
            {
                "target_growth_pct": growth,
                "required_100m": need.required_100m,
                "required_growth_pct": need.required_growth_pct,
                "chance": chance_of_target(found, year, rung),
                "is_target": growth == aim,
            }
        )
    return pd.DataFrame(rows, columns=columns)


def _rungs(found: GrowthPaths, year: YearSoFar) -> list[float]:
    """Return round growth figures that span the paths of December."""
    paths = paths_of_year(found, year, "ytd_yoy_pct")[:, -1]
    low, high = (float(np.quantile(paths, share)) for share in _LADDER_ENDS)
    step = next((one for one in _STEPS if (high - low) / one <= _MOST_RUNGS), _STEPS[-1])
    first, last = math.floor(low / step), math.ceil(high / step)
    return [float(number * step) for number in range(first, last + 1)]
