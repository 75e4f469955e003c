"""Measures: what the published year-to-date figures imply, on a comparable basis.

Growth computed from published levels has the wrong sign in 32 of the 48 months it calls
negative nationally since 2008, because the base is revised and not published again. Everything
here therefore starts from published growth; ``naive_yoy_pct`` is kept as a diagnostic, and
nothing may flag on it. Methods: ``docs/methods/measures.md`` and ``docs/methods/rounding.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from faiwatch.data.reference import ScopeBreak
from faiwatch.data.schema import FIGURES
from faiwatch.stats.cumulative import (
    RELEASES_A_YEAR,
    Array,
    Grid,
    earlier,
    grid_of,
    release_number,
    ytd_to_block,
)
from faiwatch.stats.rounding import Term, banded_growth, seen_half_width
from faiwatch.stats.scopes import scope_of_rows

MEASURE_COLUMNS = [
    "ytd_yoy_lo_pct",
    "ytd_yoy_hi_pct",
    "base_100m",
    "base_revision_pct",
    "block_months",
    "block_value_100m",
    "block_base_100m",
    "block_yoy_pct",
    "block_yoy_lo_pct",
    "block_yoy_hi_pct",
    "block_basis",
    "rolling3_yoy_pct",
    "rolling3_yoy_lo_pct",
    "rolling3_yoy_hi_pct",
    "chained_100m",
    "two_year_avg_pct",
    "naive_yoy_pct",
]


@dataclass(frozen=True, slots=True)
class _Published:
    """The published figures on the grid, with their rounding half-widths."""

    grid: Grid
    value: Array
    yoy: Array
    value_half: Array
    yoy_half: Array

    def term(self, sign: int, releases: int) -> Term:
        """Return the figures so many releases earlier as a term of a sum."""
        parts = (self.value, self.yoy, self.value_half, self.yoy_half)
        moved = (earlier(part, releases) if releases else part for part in parts)
        return Term(sign, *moved)


def measures(
    observations: pd.DataFrame,
    *,
    base_shares: pd.Series | None = None,
    growth_half_width_pct: float | None = None,
    value_half_width_100m: float | None = None,
    breaks: Iterable[ScopeBreak] = (),
) -> pd.DataFrame:
    """Return the observations with what they imply, one row for each row given.

    Parameters
    ----------
    observations : DataFrame
        Observations (see :mod:`faiwatch.data.schema`), any number of regions and indicators; a
        missing value or growth column counts as not published.
    base_shares : Series, optional
        Cumulative year-ago base on any scale, indexed by the monthly Period that it is the base
        *of*. Growth-only series get an implied block growth from it, on the assumption that
        their base was spread over the year in the same way. Without it their block is missing.
    growth_half_width_pct, value_half_width_100m : float, optional
        Rounding half-widths; by default what each series has shown so far (0.05 and 0.5 at
        first).
    breaks : iterable of ScopeBreak, optional
        Nothing is computed across a break that forbids joining.

    Returns
    -------
    DataFrame
        Columns added, NaN = cannot be known from what is published:

        - ``ytd_yoy_lo_pct``, ``ytd_yoy_hi_pct`` : published growth plus and minus rounding
        - ``base_100m`` : implied comparable base ``B = C / (1 + g/100)``
        - ``base_revision_pct`` : ``B`` against the value published a year ago
        - ``block_months`` : 2 for February (January and February), else 1; 1 of a monthly series
        - ``block_value_100m``, ``block_base_100m`` : differences of ``C`` and ``B`` in the year
        - ``block_yoy_pct`` with ``_lo_``/``_hi_`` : implied growth of the block and its band
        - ``block_basis`` : ``levels``, ``base_shares`` (an assumption) or empty
        - ``rolling3_yoy_pct`` with ``_lo_``/``_hi_`` : the last three blocks together
        - ``chained_100m`` : blocks on the comparable basis of the latest year
        - ``two_year_avg_pct`` : geometric mean of this and last year's published growth
        - ``naive_yoy_pct`` : growth from published levels, diagnostic only

    References
    ----------
    Published comparable growth and the revised base: notes of the monthly NBS release on
    investment in fixed assets. Vectors: ``tests/golden/test_growth_vectors.py``.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "total",
    ...         "period": pd.PeriodIndex(["2025-07", "2025-08"], freq="M"),
    ...         "ytd_value_100m": [288229.0, 326111.0],
    ...         "ytd_yoy_pct": [1.6, 0.5],
    ...     }
    ... )
    >>> august = measures(frame).iloc[-1]
    >>> [float(round(august[f"block_yoy{end}_pct"], 1)) for end in ("_lo", "", "_hi")]
    [-7.8, -7.1, -6.5]
    """
    grid = grid_of(observations, parts=scope_of_rows(observations, breaks))
    published = _published(grid, observations, growth_half_width_pct, value_half_width_100m)
    columns = _levels(published) | _block_growth(published, base_shares) | _rolling3(published)
    columns["ytd_yoy_lo_pct"] = published.yoy - published.yoy_half
    columns["ytd_yoy_hi_pct"] = published.yoy + published.yoy_half
    columns["chained_100m"] = _chained(columns, grid.calendar.a_year)
    gathered: dict[str, Any] = {name: grid.gather(columns[name]) for name in columns}
    basis = pd.array(["", "levels", "base_shares"], dtype="str")
    gathered["block_basis"] = basis[gathered["block_basis"].astype(int)]
    gathered["block_months"] = grid.block_months
    # of many columns at once, for adding one after another takes six times as long
    columns = dict(observations.items()) | {name: gathered[name] for name in MEASURE_COLUMNS}
    return pd.DataFrame(columns, index=observations.index)


def average_growth(growth_pct: Array) -> Array:
    """Return the growth that, repeated, leads where different growths have led.

    Parameters
    ----------
    growth_pct : array
        Published growth in percent, one year after another along the first axis.

    Returns
    -------
    array
        ``100 ((prod(1 + g / 100)) ** (1 / n) - 1)`` over the first axis; NaN where a growth is
        missing or not above -100. Published growth is chained, never levels: from 2018 to 2022
        published national growth averages 4.57 %, the ratio of levels says -2.60 %.

    Examples
    --------
    >>> round(float(average_growth(np.array([5.4, 2.9, 4.9, 5.1]))), 2)
    4.57
    """
    ratio = 1 + growth_pct / 100
    ratio = np.where(ratio > 0, ratio, np.nan)
    return np.asarray(100 * (np.exp(np.log(ratio).mean(axis=0)) - 1))


def _published(
    grid: Grid, table: pd.DataFrame, yoy_half: float | None, value_half: float | None
) -> _Published:
    nothing = pd.Series(np.nan, index=table.index)
    figures = [grid.spread(table.get(name, nothing)) for name in FIGURES]
    halves = [
        seen_half_width(figure, fewest_decimals=decimals)
        if given is None
        else np.full_like(figure, given)
        for figure, given, decimals in zip(figures, (value_half, yoy_half), (0, 1), strict=True)
    ]
    return _Published(grid, *figures, *halves)


def _levels(published: _Published) -> dict[str, Array]:
    year = published.grid.calendar.a_year
    ratio = 1 + published.yoy / 100
    base = published.value / np.where(ratio > 0, ratio, np.nan)
    year_ago = earlier(published.value, year)
    year_ago = np.where(year_ago > 0, year_ago, np.nan)
    february = published.grid.is_block
    return {
        "base_100m": base,
        "base_revision_pct": 100 * (base / year_ago - 1),
        "block_value_100m": ytd_to_block(published.value, february),
        "block_base_100m": ytd_to_block(base, february),
        "two_year_avg_pct": average_growth(np.stack([published.yoy, earlier(published.yoy, year)])),
        "naive_yoy_pct": 100 * (published.value / year_ago - 1),
    }


def _block_growth(published: _Published, base_shares: pd.Series | None) -> dict[str, Array]:
    february = published.grid.is_block
    before = _chosen(published, [(~february, 1)], -1)
    growth, lo, hi = banded_growth([published.term(+1, 0), before])
    # The Jan-Feb block is the published figure itself, with or without a level; so is any month.
    growth = np.where(february, published.yoy, growth)
    lo = np.where(february, published.yoy - published.yoy_half, lo)
    hi = np.where(february, published.yoy + published.yoy_half, hi)
    basis = np.where(np.isfinite(growth), 1.0, 0.0)
    if base_shares is not None:
        assumed, half = _growth_from_shares(published, base_shares)
        fill = np.isnan(growth) & np.isfinite(assumed)
        growth, basis = np.where(fill, assumed, growth), np.where(fill, 2.0, basis)
        lo, hi = np.where(fill, assumed - half, lo), np.where(fill, assumed + half, hi)
    return _with_band("block", growth, lo, hi) | {"block_basis": basis}


def _with_band(name: str, growth: Array, lo: Array, hi: Array) -> dict[str, Array]:
    return {f"{name}_yoy_pct": growth, f"{name}_yoy_lo_pct": lo, f"{name}_yoy_hi_pct": hi}


def _growth_from_shares(published: _Published, base_shares: pd.Series) -> tuple[Array, Array]:
    """Return block growth and half-width of growth-only series for an assumed base profile.

    ``h = (g_m s_m - g_(m-1) s_(m-1)) / (s_m - s_(m-1))``, with ``s`` the cumulative base. The
    half-width carries the rounding of ``g`` alone, not the doubt about the profile.
    """
    profile = np.full((1, published.grid.width), np.nan)
    column = release_number(pd.PeriodIndex(base_shares.index)) - published.grid.first
    inside = (column >= 0) & (column < published.grid.width)
    profile[0, column[inside]] = base_shares.to_numpy(dtype=np.float64)[inside]
    before = earlier(profile, 1)
    step = np.where(profile > before, profile - before, np.nan)
    yoy_before, half_before = earlier(published.yoy, 1), earlier(published.yoy_half, 1)
    growth = (published.yoy * profile - yoy_before * before) / step
    half = (published.yoy_half * profile + half_before * before) / step
    growth, half = (np.where(published.grid.is_block, np.nan, one) for one in (growth, half))
    return growth, half


def _rolling3(published: _Published) -> dict[str, Array]:
    """Return growth of the last three blocks together; they may lie on both sides of New Year.

    From May on the window is ``C[m] - C[m-3]`` of one year; April is ``C[Apr]`` itself; in
    February and March the end of last year is added, ``C[Dec] - C[Oct or Nov]``. Of a monthly
    series it is three months, each published by itself.
    """
    if not published.grid.calendar.is_cumulative:
        terms = [published.term(+1, months) for months in range(3)]
        return _with_band("rolling3", *banded_growth(terms))
    within = np.arange(published.grid.width) % RELEASES_A_YEAR
    last_december = _chosen(published, [(within == 0, 1), (within == 1, 2)], +1)
    before_window = _chosen(published, [(within >= 3, 3), (within == 0, 3), (within == 1, 3)], -1)
    terms = [published.term(+1, 0), before_window, last_december]
    return _with_band("rolling3", *banded_growth(terms))


def _chosen(published: _Published, cases: list[tuple[np.ndarray, int]], sign: int) -> Term:
    """Return a term that takes figures from different distances, absent where no case holds."""
    parts = [np.zeros_like(published.value) for _ in range(4)]
    for where, releases in cases:
        moved = published.term(sign, releases).parts
        parts = [np.where(where, new, part) for new, part in zip(moved, parts, strict=True)]
    return Term(sign, *parts)


def _chained(columns: dict[str, Array], a_year: int) -> Array:
    """Return blocks on the comparable basis of the latest year, chained back by block growth.

    The latest year keeps its published blocks. Months of the year before that this year has not
    reached yet are put on this year's basis with the latest known base revision. From there each
    block is divided by ``1 + h`` to reach the year before; a block without growth breaks the
    chain of its month and stays NaN.
    """
    series, releases = columns["block_value_100m"].shape
    years = releases // a_year
    names = ("block_value_100m", "block_yoy_pct", "base_revision_pct")
    value, growth, revision = (columns[name].reshape(series, years, a_year) for name in names)
    # behind the last year lies one that nothing is known of
    growth = np.pad(growth, ((0, 0), (0, 1), (0, 0)), constant_values=np.nan)
    chained = np.full_like(growth, np.nan)
    seen = np.isfinite(value).sum(axis=2) > 0
    latest_year = np.where(seen.sum(axis=1) > 0, years - 1 - seen[:, ::-1].argmax(axis=1), -1)
    revision = _last_known(revision, latest_year)
    for year in reversed(range(years)):
        is_latest = (latest_year == year)[:, None]
        is_before = (latest_year == year + 1)[:, None]
        following, step = chained[:, year + 1], growth[:, year + 1]
        linked = following / np.where(step > -100, 1 + step / 100, np.nan)
        rebased = value[:, year] * (1 + revision[:, None] / 100)
        open_month = is_before & np.isnan(following)
        chained[:, year] = np.where(
            is_latest, value[:, year], np.where(open_month, rebased, linked)
        )
    return chained[:, :-1].reshape(series, releases)


def _last_known(values: Array, year: np.ndarray) -> Array:
    """Return the last finite value of one year of each series, 0 when there is none."""
    of_year = np.take_along_axis(values, np.maximum(year, 0)[:, None, None], axis=1)[:, 0]
    known = np.isfinite(of_year)
    last = known.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    picked = np.take_along_axis(of_year, last[:, None], axis=1)[:, 0]
    return np.where(known.any(axis=1), picked, 0.0)
