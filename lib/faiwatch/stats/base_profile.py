"""Growth without levels, spread over single months by the base of somebody else: an assumption.

A district publishes how much the year so far grew, and not on what base. Whoever names a lender
(the nation, its province, its city) assumes that the district's base is spread over the year as
the lender's is. That is never known, so the band is wider than rounding: it holds for every profile
that the lender had in the last years. Method: ``docs/methods/measures.md``.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from faiwatch.data.reference import ScopeBreak
from faiwatch.data.schema import KEYS
from faiwatch.stats.cumulative import monthly_periods
from faiwatch.stats.growth import measures

PROFILES = 5  # the lender's profile of the year itself, and of each of the four years before it
_DECEMBER = 12
_BASIS = "base_shares"


def measures_with_profile(
    figures: pd.DataFrame, lender_base: pd.Series, *, breaks: Iterable[ScopeBreak] = ()
) -> pd.DataFrame:
    """Return the measures of series, those that levels do not give by a lender's base profile.

    Parameters
    ----------
    figures : DataFrame
        Observations of any number of series.
    lender_base : Series
        Cumulative comparable base of the lender on any scale, by monthly Period.
    breaks : iterable of ScopeBreak, optional
        As for :func:`faiwatch.stats.growth.measures`.

    Returns
    -------
    DataFrame
        Columns of :func:`faiwatch.stats.growth.measures`. Where levels imply no growth of the
        single month or of three releases, it is filled, with ``block_basis`` ``base_shares``; the
        band is the widest over the lender's profiles of :data:`PROFILES` years. No value and no
        base is filled: an index is no amount.

    Examples
    --------
    >>> months = pd.PeriodIndex(["2025-02", "2025-03"], freq="M")
    >>> own = pd.DataFrame(
    ...     {
    ...         "region_code": "610702",
    ...         "indicator": "total",
    ...         "period": months,
    ...         "ytd_value_100m": float("nan"),
    ...         "ytd_yoy_pct": [1.0, 3.0],
    ...     }
    ... )
    >>> base = pd.Series([20.0, 40.0, 100.0], [*months, pd.Period("2025-12", "M")])
    >>> march = measures_with_profile(own, base).iloc[-1]
    >>> float(round(march["block_yoy_pct"], 6)), march["block_basis"]
    (5.0, 'base_shares')
    """
    breaks = tuple(breaks)
    found = measures(figures, breaks=breaks)
    shares = yearly_shares(lender_base)
    blocks, windows = [], []
    for years in range(PROFILES):
        of_year = shares.shift(years)
        blocks.append(measures(figures, base_shares=_by_month(of_year), breaks=breaks))
        index = figures.assign(ytd_value_100m=_as_index(figures, of_year))
        windows.append(measures(index, value_half_width_100m=0.0, breaks=breaks))
    fill = blocks[0]["block_basis"].eq(_BASIS)
    found["block_basis"] = found["block_basis"].mask(fill, _BASIS)
    found = _filled(found, blocks, "block_yoy", where=fill)
    lacks = found["rolling3_yoy_pct"].isna()
    return _filled(found, windows, "rolling3_yoy", where=lacks)


def _filled(
    found: pd.DataFrame, lent: list[pd.DataFrame], name: str, *, where: pd.Series
) -> pd.DataFrame:
    """Fill a growth by the first profile, and its band by all of them."""
    lo, hi = (
        pd.concat([one[f"{name}_{end}_pct"] for one in lent], axis="columns")
        for end in ("lo", "hi")
    )
    return found.assign(
        **{
            f"{name}_pct": found[f"{name}_pct"].mask(where, lent[0][f"{name}_pct"]),
            f"{name}_lo_pct": found[f"{name}_lo_pct"].mask(where, lo.min(axis="columns")),
            f"{name}_hi_pct": found[f"{name}_hi_pct"].mask(where, hi.max(axis="columns")),
        }
    )


def _by_month(shares: pd.DataFrame) -> pd.Series:
    """Return a table of years and months as one series of months."""
    long = shares.stack().dropna()
    years, months = (long.index.get_level_values(level).to_numpy() for level in (0, 1))
    index = monthly_periods(12 * (years - 1970) + months - 1)
    return pd.Series(long.to_numpy(), index=index)


def yearly_shares(lender_base: pd.Series) -> pd.DataFrame:
    """Return the cumulative base of each year as a share of its December.

    A year that is not over is completed with the share that the year before had by its last month;
    where that is not known it is a share of that month, which will do within the year.

    Returns
    -------
    DataFrame
        A row a year without a gap, a column a month (2 to 12); NaN = not known.
    """
    months = pd.PeriodIndex(lender_base.index)
    table = pd.DataFrame(
        {"year": months.year, "month": months.month, "base": lender_base.to_numpy(dtype=float)}
    ).pivot(index="year", columns="month", values="base")
    every = range(int(months.year.min()), int(months.year.max()) + 1)
    table = table.reindex(index=every, columns=range(2, _DECEMBER + 1))
    whole = table[_DECEMBER]
    before = table.div(whole, axis=0).shift()
    reached = table.ffill(axis="columns").iloc[:, -1]  # by the last month of each year
    by_then = before.where(table.notna()).ffill(axis="columns").iloc[:, -1]
    whole = whole.fillna(reached / by_then.fillna(1.0))
    return table.div(whole, axis=0)


def _as_index(figures: pd.DataFrame, shares: pd.DataFrame) -> np.ndarray:
    """Return the year to date of each figure as an index on one scale from year to year.

    The base of a year is what the year before came to; where that is not known the scale begins
    anew, and nothing is implied across the new year, because its December is missing.
    """
    periods = figures["period"].dt
    growth = 1 + figures["ytd_yoy_pct"].astype(float) / 100
    december = (
        growth[periods.month == _DECEMBER]
        .groupby([*(figures[name] for name in KEYS), periods.year])
        .first()
        .unstack()
    )
    years = range(int(periods.year.min()), int(periods.year.max()) + 1)
    series = pd.MultiIndex.from_frame(figures[KEYS])
    scale = pd.DataFrame(1.0, index=series.unique(), columns=years)
    came_to = december.reindex(index=scale.index, columns=years)
    for year in years[1:]:
        scale[year] = (scale[year - 1] * came_to[year - 1]).fillna(1.0)
    share = _by_month(shares).reindex(pd.PeriodIndex(figures["period"]))
    of_year = scale.stack().reindex(
        pd.MultiIndex.from_arrays([*(figures[name] for name in KEYS), periods.year])
    )
    return np.asarray(of_year.to_numpy() * share.to_numpy() * growth.to_numpy())
