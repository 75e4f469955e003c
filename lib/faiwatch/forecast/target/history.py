"""What past years say about the rest of this one: their pace, and the best they have seen.

Method: ``docs/methods/target.md``.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from faiwatch.forecast.target.position import MONTHS_A_YEAR, YearSoFar
from faiwatch.stats.cumulative import Array

PACE_YEARS = 5
BEST_YEARS = 10


def pace(measured: pd.DataFrame, year: YearSoFar, *, years: int = PACE_YEARS) -> pd.DataFrame:
    """Return how much of a year is usually done by each month, by both conventions.

    Parameters
    ----------
    measured : DataFrame
        Measures of the series, of one scope.
    year : YearSoFar
        The year that is compared; only complete years before it count.
    years : int
        How many of them, the latest first.

    Returns
    -------
    DataFrame
        One row a release of the year: ``period``, ``even_share_pct`` (``100 m / 12``),
        ``past_share_pct`` (mean of ``100 C[m] / C[12]``) with ``past_share_lo_pct`` and
        ``past_share_hi_pct`` (lowest and highest), ``n_years``. NaN = no past year.
    """
    values = _by_year(measured, "ytd_value_100m", year.origin.year)
    complete = values[values[MONTHS_A_YEAR] > 0].tail(years)
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
    measured: pd.DataFrame,
    year: YearSoFar,
    *,
    events: Collection[str] = (),
    years: int = BEST_YEARS,
) -> pd.DataFrame:
    """Return the highest growth that the blocks still to come have had in past years.

    Parameters
    ----------
    measured : DataFrame
        Measures of the series, of one scope.
    year : YearSoFar
        The year whose open blocks are looked at.
    events : collection of str
        Months ``YYYY-MM`` that do not count, nor does the same month a year later.
    years : int
        How many years back.

    Returns
    -------
    DataFrame
        One row an open release: ``period``; ``best_growth_pct`` and ``best_year`` of all blocks
        after the origin up to it, together; ``n_years_compared`` and the ``first_year`` of these.
        NaN (year 0) = none could be.
    """
    value = _by_year(measured, "ytd_value_100m", year.origin.year).tail(years)
    base = _by_year(measured, "base_100m", year.origin.year).tail(years)
    touched = _touched(value, events)
    opened = year.periods[year.is_open]
    spans = [_growth(value, base, touched, (year.origin.month, month)) for month in opened.month]
    return pd.DataFrame(
        {
            "period": opened,
            "best_growth_pct": [growth.max() for growth in spans],
            "best_year": [_year_of_highest(growth) for growth in spans],
            "n_years_compared": [int(growth.count()) for growth in spans],
            "first_year": [_first_year(growth) for growth in spans],
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
    value = _by_year(measured, "ytd_value_100m", year.origin.year).tail(BEST_YEARS)
    base = _by_year(measured, "base_100m", year.origin.year).tail(BEST_YEARS)
    span = (year.origin.month, MONTHS_A_YEAR)
    growth = _growth(value, base, _touched(value, events), span)
    return tuple(int(one) for one in growth.dropna().index)


def growth_of_rest(measured: pd.DataFrame, year: YearSoFar) -> float:
    """Return last year's growth of the blocks that this year has still to come, percent."""
    if not year.months_left:
        return float("nan")
    value = _by_year(measured, "ytd_value_100m", year.origin.year)
    base = _by_year(measured, "base_100m", year.origin.year)
    nothing = pd.DataFrame(False, index=value.index, columns=value.columns)
    growth = _growth(value, base, nothing, (year.origin.month, MONTHS_A_YEAR))
    return float(growth.get(year.origin.year - 1, np.nan))


def _year_of_highest(growth: pd.Series) -> int:
    known = growth.dropna()
    return int(known.index.to_numpy()[int(known.argmax())]) if len(known) else 0


def _first_year(growth: pd.Series) -> int:
    known = growth.dropna()
    return int(known.index.to_numpy()[0]) if len(known) else 0


def _by_year(measured: pd.DataFrame, column: str, before: int) -> pd.DataFrame:
    """Return a column as (year x month 2..12) of the years before one."""
    months = measured["period"].dt
    table = pd.Series(
        measured[column].to_numpy(),
        index=pd.MultiIndex.from_arrays([months.year, months.month]),
    ).unstack()
    table = table.reindex(columns=range(2, MONTHS_A_YEAR + 1))
    return table[table.index < before]


def _touched(value: pd.DataFrame, events: Collection[str]) -> pd.DataFrame:
    months = {pd.Period(event, "M") for event in events}
    months |= {month + MONTHS_A_YEAR for month in months}
    cells: Array = np.array(
        [
            [pd.Period(f"{year}-{month:02d}", "M") in months for month in value]
            for year in value.index
        ]
    ).reshape(value.shape)
    return pd.DataFrame(cells, index=value.index, columns=value.columns)


def _growth(
    value: pd.DataFrame, base: pd.DataFrame, touched: pd.DataFrame, span: tuple[int, int]
) -> pd.Series:
    """Return growth by year of the blocks after one month up to another, NaN where an event is."""
    after, until = span
    done = value[until] - value[after]
    ground = base[until] - base[after]
    is_out = touched.loc[:, after + 1 : until].any(axis=1)
    return (100 * (done / ground.where(ground > 0) - 1)).where(~is_out)
