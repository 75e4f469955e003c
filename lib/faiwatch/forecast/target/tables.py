"""The tables of a target: month by month, and what scenarios of the rest of the year lead to.

Every column that is computed from a target or a scenario says so in its name; none of them is a
figure to report. Method: ``docs/methods/target.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from faiwatch.data.schema import KEYS
from faiwatch.forecast.members.members import FEWEST_TO_FIT
from faiwatch.forecast.series import GrowthPaths
from faiwatch.forecast.target.chances import (
    chance_ladder,
    chance_of_target,
    paths_of_year,
    required_range,
    turning,
)
from faiwatch.forecast.target.history import best_growth, growth_of_rest, pace, years_compared
from faiwatch.forecast.target.position import (
    TURN_POSITIVE_PCT,
    Requirement,
    Target,
    YearSoFar,
    requirement,
    year_so_far,
)
from faiwatch.stats.cumulative import Array

SCENARIO_COLUMNS = [
    "scenario",
    "scenario_rest_yoy_pct",
    "scenario_ytd_yoy_pct",
    "scenario_value_100m",
    "is_met",
]
_FORECAST_POINTS = {"forecast_low": 0.1, "forecast_mid": 0.5, "forecast_high": 0.9}


@dataclass(frozen=True, slots=True)
class TargetStudy:
    """Everything the page says of one target.

    Attributes
    ----------
    year : YearSoFar
        Where the year stands.
    target : Target
        What is to be reached.
    need : Requirement
        What it requires.
    chance : float
        Of reaching it, 0 to 1; NaN = not known.
    open_range : (float, float)
        Result of :func:`faiwatch.forecast.target.chances.required_range`.
    months : DataFrame
        Result of :func:`month_table`; this and the next two begin with region and indicator.
    scenarios : DataFrame
        Result of :func:`scenario_table`.
    ladder : DataFrame
        Result of :func:`faiwatch.forecast.target.chances.chance_ladder`.
    n_figures : int
        How many growth figures the forecast rests on.
    years_compared : tuple of int
        Past years whose growth of the same months the best of history is the best of.
    """

    year: YearSoFar
    target: Target
    need: Requirement
    chance: float
    open_range: tuple[float, float]
    months: pd.DataFrame
    scenarios: pd.DataFrame
    ladder: pd.DataFrame
    n_figures: int
    years_compared: tuple[int, ...]

    @property
    def is_short(self) -> bool:
        """Whether there are too few figures for any model: chances are guesses."""
        return self.n_figures < FEWEST_TO_FIT


def study(
    measured: pd.DataFrame,
    found: GrowthPaths,
    target: Target,
    *,
    base_profile: Array | None = None,
    events: frozenset[str] = frozenset(),
) -> TargetStudy:
    """Return everything about one target of one series.

    Parameters
    ----------
    measured : DataFrame
        Measures of one series and one scope, up to the month taken to be known.
    found : GrowthPaths
        Paths of its forecast from there, to December at least.
    target : Target
        What is to be reached.
    base_profile : array (11,), optional
        As for :func:`faiwatch.forecast.target.position.year_so_far`.
    events : frozenset of str
        Months that do not count as the best of history, nor a year later.
    """
    year = year_so_far(measured, base_profile=base_profile)
    need = requirement(year, target)
    months = month_table(measured, found, year, target, events=events)
    scenarios = scenario_table(measured, found, year, target, best=_best_of_rest(months))
    first = measured.iloc[0]
    key = (str(first["region_code"]), str(first["indicator"]))
    return TargetStudy(
        year=year,
        target=target,
        need=need,
        chance=chance_of_target(found, year, target),
        open_range=required_range(found, year, target),
        months=_keyed(months, key),
        scenarios=_keyed(scenarios, key),
        ladder=_keyed(chance_ladder(found, year, target), key),
        n_figures=int(measured["ytd_yoy_pct"].notna().sum()),
        years_compared=years_compared(measured, year, events=events),
    )


def _keyed(table: pd.DataFrame, key: tuple[str, str]) -> pd.DataFrame:
    """Return a table with region and indicator in front."""
    named = table.assign(region_code=key[0], indicator=key[1])
    return named.loc[:, [*KEYS, *table]]


def month_table(
    measured: pd.DataFrame,
    found: GrowthPaths,
    year: YearSoFar,
    target: Target,
    *,
    events: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    """Return the year month by month: pace so far, and what turning positive would take.

    Returns
    -------
    DataFrame
        One row a release, February to December, NaN where it does not apply or is not known:

        - ``period``, ``is_open`` (still to come)
        - ``progress_pct`` : done of the target; ``even_share_pct``, ``past_share_pct``,
          ``past_share_lo_pct``, ``past_share_hi_pct``, ``n_years`` : both paces
        - ``required_share_pct`` : share of the target by an open month when every open block grows
          as required
        - ``forecast_ytd_lo_pct``, ``_mid_``, ``_hi_`` : 10, 50, 90 % of year-to-date growth
        - ``block_base_100m`` : comparable base of an open block;
          ``required_block_100m`` : the same grown as the target requires
        - ``forecast_block_lo_100m``, ``_mid_``, ``_hi_`` : 10, 50, 90 % of its paths
        - ``required_turn_100m``, ``required_turn_per_month_100m``, ``required_turn_growth_pct`` :
          what the blocks up to this one must bring so that growth is zero there
        - ``best_growth_pct``, ``best_year``, ``n_years_compared``, ``first_year`` : the best of
          history
        - ``is_within_best`` : whether history has seen the required growth (None = not known)
        - ``chance_non_negative``, ``chance_turned`` : 0 to 1
    """
    table = pace(measured, year).assign(is_open=year.is_open)
    table["progress_pct"] = _progress(measured, year, requirement(year, target))
    opened = _open_blocks(found, year, requirement(year, target))
    opened = opened.merge(_turning_requirements(year), on="period")
    opened = opened.merge(best_growth(measured, year, events=events), on="period")
    if year.months_left:
        opened = opened.merge(turning(found, year), on="period")
    opened["is_within_best"] = _within(opened)
    return table.merge(opened, on="period", how="left")


def scenario_table(
    measured: pd.DataFrame,
    found: GrowthPaths,
    year: YearSoFar,
    target: Target,
    *,
    best: float = float("nan"),
) -> pd.DataFrame:
    """Return what the year comes to when every open block grows alike.

    Returns
    -------
    DataFrame
        ``scenario``, ``scenario_rest_yoy_pct`` (growth of the rest of the year),
        ``scenario_ytd_yoy_pct`` and ``scenario_value_100m`` (December), ``is_met``; ordered by
        growth of the rest. Empty when the year is complete or its base is not known.
    """
    if not year.months_left or not year.base_open[-1] > 0:
        return pd.DataFrame(columns=SCENARIO_COLUMNS)
    need = requirement(year, target)
    rest = _rests(measured, found, year) | {"best": best}
    if need.target_growth_pct != TURN_POSITIVE_PCT:
        rest["target"] = need.required_growth_pct
    names = [name for name, growth in rest.items() if np.isfinite(growth)]
    growth = np.array([scenario_growth(year, rest[name])[-1] for name in names])
    whole = year.base[-1] if year.has_value else np.nan
    table = pd.DataFrame(
        {
            "scenario": names,
            "scenario_rest_yoy_pct": [rest[name] for name in names],
            "scenario_ytd_yoy_pct": growth,
            "scenario_value_100m": whole * (1 + growth / 100),
            "is_met": growth >= need.target_growth_pct - year.growth_half_pct,
        }
    )
    return table.sort_values("scenario_rest_yoy_pct", kind="stable", ignore_index=True)


def scenario_growth(year: YearSoFar, rest_yoy_pct: float) -> Array:
    """Return year-to-date growth of the open releases when each open block grows by so much."""
    open_base = year.base_open
    whole = year.base[year.is_open]
    return np.asarray(100 * ((year.done + open_base * (1 + rest_yoy_pct / 100)) / whole - 1))


def _rests(measured: pd.DataFrame, found: GrowthPaths, year: YearSoFar) -> dict[str, float]:
    """Return growth of the rest by scenario, as far as it can be known."""
    december = paths_of_year(found, year, "ytd_yoy_pct")[:, -1]
    return {
        name: _rest_growth(year, float(np.quantile(december, share)))
        for name, share in _FORECAST_POINTS.items()
    } | {
        "recent": float(measured["rolling3_yoy_pct"].iloc[-1]),
        "last_year": growth_of_rest(measured, year),
        "unchanged": 0.0,
        "turn_positive": _rest_growth(year, TURN_POSITIVE_PCT),
    }


def _rest_growth(year: YearSoFar, december_pct: float) -> float:
    """Return the growth of the rest that leads to a growth of the year."""
    needed = year.base[-1] * (1 + december_pct / 100) - year.done
    return float(100 * (needed / year.base_open[-1] - 1))


def _progress(measured: pd.DataFrame, year: YearSoFar, need: Requirement) -> Array:
    table = measured.set_index("period").reindex(year.periods)
    growth = table["ytd_yoy_pct"].to_numpy(dtype=np.float64)
    value = table["ytd_value_100m"].to_numpy(dtype=np.float64)
    done = value if year.has_value else year.base * (1 + growth / 100)
    share = need.progress_pct * done / year.done
    return np.where(year.is_open, np.nan, share)


def _open_blocks(found: GrowthPaths, year: YearSoFar, need: Requirement) -> pd.DataFrame:
    """Return base, requirement and forecast of each block still to come."""
    block_base = np.diff(year.base[year.place :]) * (1.0 if year.has_value else np.nan)
    done = 1 + scenario_growth(year, need.required_growth_pct) / 100
    aim = year.base[-1] * (1 + need.target_growth_pct / 100)
    frame = {
        "period": year.periods[year.is_open],
        "required_share_pct": 100 * done * year.base[year.is_open] / aim,
        "block_base_100m": block_base,
        "required_block_100m": block_base * (1 + need.required_growth_pct / 100),
    }
    cuts = np.full((3, len(block_base)), np.nan)
    growth = cuts
    if year.months_left:
        growth = _points_of(paths_of_year(found, year, "ytd_yoy_pct"))
        values = paths_of_year(found, year, "ytd_value_100m")
        blocks = np.diff(values, axis=1, prepend=year.value_100m)
        cuts = _points_of(blocks)
    names = [f"forecast_block_{end}_100m" for end in ("lo", "mid", "hi")]
    names += [f"forecast_ytd_{end}_pct" for end in ("lo", "mid", "hi")]
    return pd.DataFrame(frame | dict(zip(names, [*cuts, *growth], strict=True)))


def _points_of(paths: Array) -> Array:
    return np.asarray(np.quantile(paths, list(_FORECAST_POINTS.values()), axis=0))


def _turning_requirements(year: YearSoFar) -> pd.DataFrame:
    """Return what the blocks up to each open month must bring for growth of zero there."""
    required = year.base[year.is_open] - year.done
    amount = required * (1.0 if year.has_value else np.nan)
    months = year.periods[year.is_open].month.to_numpy() - year.origin.month
    ground = np.where(year.base_open > 0, year.base_open, np.nan)
    return pd.DataFrame(
        {
            "period": year.periods[year.is_open],
            "required_turn_100m": amount,
            "required_turn_per_month_100m": amount / months,
            "required_turn_growth_pct": 100 * (required / ground - 1),
        }
    )


def _within(opened: pd.DataFrame) -> pd.Series:
    required, best = opened["required_turn_growth_pct"], opened["best_growth_pct"]
    is_known = required.notna() & best.notna()
    return (required <= best).astype("object").where(is_known, None)


def _best_of_rest(months: pd.DataFrame) -> float:
    """Return the best growth of the whole rest of the year."""
    return float(months["best_growth_pct"].iloc[-1])
