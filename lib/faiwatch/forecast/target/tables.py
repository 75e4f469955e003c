"""The tables of a target: month by month, scenarios of the rest of the year, and past years.

Every column that is computed from a target or a scenario says so in its name; none of them is a
figure to report. Method: ``docs/methods/target.md``.
"""

from __future__ import annotations

from collections.abc import Collection
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
from faiwatch.forecast.target.position import (
    MONTHS_A_YEAR,
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
PACE_YEARS = 5
BEST_YEARS = 10
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
    scenarios = scenario_table(
        measured, found, year, target, best=months["best_growth_pct"].iloc[-1]
    )
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
    return table.assign(region_code=key[0], indicator=key[1])[[*KEYS, *table]]


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
    need = requirement(year, target)
    table = pace(measured, year).assign(is_open=year.is_open)
    known = measured.set_index("period").reindex(year.periods)
    done = year.base * (1 + known["ytd_yoy_pct"] / 100)
    done = known["ytd_value_100m"] if year.has_value else done
    progress = need.progress_pct * done.to_numpy(dtype=np.float64) / year.done
    table["progress_pct"] = np.where(year.is_open, np.nan, progress)
    opened = _open_blocks(found, year, need)
    opened = opened.merge(best_growth(measured, year, events=events), on="period")
    if year.months_left:
        opened = opened.merge(turning(found, year), on="period")
    required, best = opened["required_turn_growth_pct"], opened["best_growth_pct"]
    is_known = required.notna() & best.notna()
    opened["is_within_best"] = (required <= best).astype("object").where(is_known, None)
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
    december = paths_of_year(found, year, "ytd_yoy_pct")[:, -1]
    ends = {name: np.quantile(december, share) for name, share in _FORECAST_POINTS.items()}
    rest = {name: _rest_growth(year, end) for name, end in ends.items()} | {
        "recent": float(measured["rolling3_yoy_pct"].iloc[-1]),
        "last_year": growth_of_rest(measured, year),
        "unchanged": 0.0,
        "turn_positive": _rest_growth(year, TURN_POSITIVE_PCT),
        "best": best,
    }
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
    whole = year.base[year.is_open]
    return np.asarray(100 * ((year.done + year.base_open * (1 + rest_yoy_pct / 100)) / whole - 1))


def _rest_growth(year: YearSoFar, december_pct: float) -> float:
    """Return the growth of the rest that leads to a growth of the year."""
    needed = year.base[-1] * (1 + december_pct / 100) - year.done
    return float(100 * (needed / year.base_open[-1] - 1))


def _open_blocks(found: GrowthPaths, year: YearSoFar, need: Requirement) -> pd.DataFrame:
    """Return base, requirement and forecast of open blocks, and what turning positive takes."""
    amount = 1.0 if year.has_value else np.nan
    periods, base = year.periods[year.is_open], year.base[year.is_open]
    block_base = np.diff(year.base[year.place :]) * amount
    done = 1 + scenario_growth(year, need.required_growth_pct) / 100
    aim = year.base[-1] * (1 + need.target_growth_pct / 100)
    blocks = growth = np.full((3, len(periods)), np.nan)
    if year.months_left:
        points = list(_FORECAST_POINTS.values())
        growth = np.quantile(paths_of_year(found, year, "ytd_yoy_pct"), points, axis=0)
        values = paths_of_year(found, year, "ytd_value_100m")
        values = np.diff(values, axis=1, prepend=year.value_100m)
        blocks = np.quantile(values, points, axis=0)
    to_turn = base - year.done
    months = periods.month.to_numpy() - year.origin.month
    ground = np.where(year.base_open > 0, year.base_open, np.nan)
    ends = ("lo", "mid", "hi")
    return pd.DataFrame(
        {
            "period": periods,
            "required_share_pct": 100 * done * base / aim,
            "block_base_100m": block_base,
            "required_block_100m": block_base * (1 + need.required_growth_pct / 100),
            **{f"forecast_block_{end}_100m": row for end, row in zip(ends, blocks, strict=True)},
            **{f"forecast_ytd_{end}_pct": row for end, row in zip(ends, growth, strict=True)},
            "required_turn_100m": to_turn * amount,
            "required_turn_per_month_100m": to_turn * amount / months,
            "required_turn_growth_pct": 100 * (to_turn / ground - 1),
        }
    )


def pace(measured: pd.DataFrame, year: YearSoFar) -> pd.DataFrame:
    """Return how much of a year is usually done by each month, by both conventions.

    Parameters
    ----------
    measured : DataFrame
        Measures of the series, of one scope.
    year : YearSoFar
        The year that is compared; of complete years before it the last five count.

    Returns
    -------
    DataFrame
        One row a release of the year: ``period``, ``even_share_pct`` (``100 m / 12``),
        ``past_share_pct`` (mean of ``100 C[m] / C[12]``) with ``past_share_lo_pct`` and
        ``past_share_hi_pct`` (lowest and highest), ``n_years``. NaN = no past year.
    """
    values = _by_year(measured, "ytd_value_100m", year.origin.year)
    complete = values[values[MONTHS_A_YEAR] > 0].tail(PACE_YEARS)
    shares = 100 * complete.div(complete[MONTHS_A_YEAR], axis=0)
    return pd.DataFrame(
        {
            "period": year.periods,
            "even_share_pct": 100 * year.periods.month.to_numpy() / MONTHS_A_YEAR,
            "past_share_pct": shares.mean().to_numpy(),
            "past_share_lo_pct": shares.min().to_numpy(),
            "past_share_hi_pct": shares.max().to_numpy(),
            "n_years": shares.count().to_numpy(),
        }
    )


def best_growth(
    measured: pd.DataFrame, year: YearSoFar, *, events: Collection[str] = ()
) -> pd.DataFrame:
    """Return the highest growth that the blocks still to come have had in the past ten years.

    Parameters
    ----------
    measured : DataFrame
        Measures of the series, of one scope.
    year : YearSoFar
        The year whose open blocks are looked at.
    events : collection of str
        Months ``YYYY-MM`` that do not count, nor does the same month a year later.

    Returns
    -------
    DataFrame
        One row an open release: ``period``; ``best_growth_pct`` and ``best_year`` of all blocks
        after the origin up to it, together; ``n_years_compared`` and the ``first_year`` of these.
        NaN (year 0) = none could be.
    """
    growth = past_growth(measured, year, events=events).tail(BEST_YEARS)
    compared = [growth[month].dropna() for month in growth]
    return pd.DataFrame(
        {
            "period": year.periods[year.is_open],
            "best_growth_pct": [one.max() for one in compared],
            "best_year": [one.idxmax() if len(one) else 0 for one in compared],
            "n_years_compared": [len(one) for one in compared],
            "first_year": [one.index[0] if len(one) else 0 for one in compared],
        }
    )


def years_compared(
    measured: pd.DataFrame, year: YearSoFar, *, events: Collection[str] = ()
) -> tuple[int, ...]:
    """Return the past years that :func:`best_growth` of the whole rest of the year is the best of.

    Parameters
    ----------
    measured, year, events
        As for :func:`best_growth`.
    """
    growth = past_growth(measured, year, events=events).tail(BEST_YEARS)
    return tuple(growth.get(MONTHS_A_YEAR, pd.Series()).dropna().index.tolist())


def growth_of_rest(measured: pd.DataFrame, year: YearSoFar) -> float:
    """Return last year's growth of the blocks that this year has still to come, percent."""
    growth = past_growth(measured, year).get(MONTHS_A_YEAR, pd.Series())
    return float(growth.get(year.origin.year - 1, np.nan))


def past_growth(
    measured: pd.DataFrame, year: YearSoFar, *, events: Collection[str] = ()
) -> pd.DataFrame:
    """Return growth of the blocks after the origin's month up to each later one, in past years.

    Returns
    -------
    DataFrame
        A row for each year before the origin's, a column for each month still to come; NaN where
        the growth is not known or has an event in it, or the month a year after one.
    """
    value = _by_year(measured, "ytd_value_100m", year.origin.year)
    base = _by_year(measured, "base_100m", year.origin.year)
    after, opened = year.origin.month, year.periods[year.is_open].month
    done, ground = (part[opened].sub(part[after], axis=0) for part in (value, base))
    left_out = {pd.Period(event, "M") for event in events}
    left_out |= {month + MONTHS_A_YEAR for month in left_out}
    touched = np.array(
        [
            [pd.Period(year=before, month=month, freq="M") in left_out for month in opened]
            for before in value.index
        ],
        dtype=bool,
    ).reshape(done.shape)
    growth = 100 * (done / ground.where(ground > 0) - 1)
    return growth.where(~np.logical_or.accumulate(touched, axis=1))


def _by_year(measured: pd.DataFrame, column: str, before: int) -> pd.DataFrame:
    """Return a column as (year x month 2..12) of the years before one."""
    months = measured["period"].dt
    table = measured.assign(year=months.year, month=months.month).pivot(
        index="year", columns="month", values=column
    )
    return table.loc[table.index < before].reindex(columns=range(2, MONTHS_A_YEAR + 1))
