"""Where the year stands and what a target requires of the rest of it.

Required amounts are workload, never figures to report. Growth is measured against the comparable
base of last year, which is known up to the last release and taken on the latest known revision
after it. Method: ``docs/methods/target.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from faiwatch.core.errors import ParameterError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.parameter_types import NONE
from faiwatch.forecast.series import not_one_series
from faiwatch.stats.cumulative import RELEASES_A_YEAR, Array, release_number, release_periods

Basis = Literal["levels", "profile", "growth_only"]
TURN_POSITIVE_PCT = 0.0
MONTHS_A_YEAR = 12


class NamesTarget(Protocol):
    """Parameters that name a target, ``none`` where they do not."""

    @property
    def target_growth_pct(self) -> float | str:
        """Growth of the year, percent."""

    @property
    def target_value_100m(self) -> float | str:
        """Value of the year, 100 million."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached in December; without either figure, growth of zero.

    Attributes
    ----------
    growth_pct : float or None
        Year-to-date growth, percent on the comparable base.
    value_100m : float or None
        Year-to-date value, 100 million.
    """

    growth_pct: float | None = None
    value_100m: float | None = None

    @classmethod
    def of(cls, parameters: NamesTarget) -> Target:
        """Return the target that the parameters of a page name."""
        growth, value = parameters.target_growth_pct, parameters.target_value_100m
        return cls(
            growth_pct=None if growth == NONE else float(growth),
            value_100m=None if value == NONE else float(value),
        )


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """The year of the last release, on its comparable base.

    Attributes
    ----------
    origin : Period
        Last month with published growth.
    growth_pct, growth_half_pct : float
        Published growth at the origin, and half a unit of its last digit.
    value_100m : float
        Published value at the origin; NaN when only growth is published.
    base : array (11,)
        Cumulative comparable base, February to December, NaN = unknown. In 100 million, or an
        index (December = 100) when a profile is assumed and no value is published.
    last_year_100m : float
        Last year's value as published, unrevised; NaN when it is not known.
    base_revision_pct : float
        Latest known revision of last year's base.
    basis : {"levels", "profile", "growth_only"}
        Whether the base of the whole year comes from published levels, from an assumed profile,
        or is not known.
    """

    origin: pd.Period
    growth_pct: float
    growth_half_pct: float
    value_100m: float
    base: Array
    last_year_100m: float
    base_revision_pct: float
    basis: Basis

    @property
    def place(self) -> int:
        """Number of the origin within its year, February is 0."""
        return int(self.origin.month) - 2

    @property
    def periods(self) -> pd.PeriodIndex:
        """The releases of the year, February to December."""
        february = int(release_number(pd.PeriodIndex([self.origin]))[0]) - self.place
        return release_periods(february + np.arange(RELEASES_A_YEAR))

    @property
    def is_open(self) -> np.ndarray:
        """Which releases of the year are still to come."""
        return np.arange(RELEASES_A_YEAR) > self.place

    @property
    def months_left(self) -> int:
        """Months of the year after the origin."""
        return MONTHS_A_YEAR - int(self.origin.month)

    @property
    def done(self) -> float:
        """What the year has brought so far, in the unit of `base`."""
        if self.has_value:
            return self.value_100m
        return self.base_so_far * (1 + self.growth_pct / 100)

    @property
    def has_value(self) -> bool:
        """Whether a value is published at the origin, so that amounts can be told."""
        return not np.isnan(self.value_100m)

    @property
    def base_so_far(self) -> float:
        """Comparable base up to the origin."""
        return float(self.base[self.place])

    @property
    def base_open(self) -> Array:
        """Comparable base after the origin, cumulative, of the releases still to come."""
        return np.asarray(self.base[self.place + 1 :] - self.base_so_far)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a target requires; workload, not figures to report. NaN = cannot be known.

    Attributes
    ----------
    target_growth_pct : float
        The target as growth on the comparable base.
    target_value_100m : float
        The target as a value.
    gap_pp : float
        Target growth less published growth.
    shortfall_100m : float
        How far the year so far lags behind target growth; below zero = ahead.
    required_100m, required_per_month_100m : float
        What the rest of the year must bring; at or below zero = reached already. NaN when the
        year is complete.
    required_growth_pct : float
        The same against the comparable base of the rest.
    progress_pct : float
        Done so far, of the target.
    published_basis_100m, published_basis_growth_pct : float
        A growth target put on last year's published level, and a target value's growth on it:
        what ignoring the base revision would give.
    """

    target_growth_pct: float
    target_value_100m: float
    gap_pp: float
    shortfall_100m: float
    required_100m: float
    required_per_month_100m: float
    required_growth_pct: float
    progress_pct: float
    published_basis_100m: float
    published_basis_growth_pct: float


def year_so_far(measured: pd.DataFrame, *, base_profile: Array | None = None) -> YearSoFar:
    """Return where the year of the last release stands.

    Parameters
    ----------
    measured : DataFrame
        Result of :func:`faiwatch.stats.growth.measures` for one series, up to the month taken to
        be known.
    base_profile : array (11,), optional
        Cumulative comparable base of another series, February to December, on any scale. Assumed
        for a series whose own base is not known.

    Raises
    ------
    DataMissingError
        No growth is published, or `measured` holds several series.

    Examples
    --------
    >>> from faiwatch.stats.growth import measures
    >>> months = [f"2024-{month:02d}" for month in range(2, 13)] + ["2025-02"]
    >>> frame = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "total",
    ...         "period": pd.PeriodIndex(months, freq="M"),
    ...         "ytd_value_100m": [*np.arange(10.0, 120, 10), 9.9],
    ...         "ytd_yoy_pct": [0.0] * 11 + [-1.0],
    ...     }
    ... )
    >>> year = year_so_far(measures(frame))
    >>> round(year.base_so_far, 6), round(float(year.base[-1]), 6), year.months_left
    (10.0, 110.0, 10)
    """
    known = measured[measured["ytd_yoy_pct"].notna()].sort_values("period")
    if len(known) == 0 or len(known[["region_code", "indicator"]].drop_duplicates()) != 1:
        raise not_one_series(len(known))
    last = known.iloc[-1]
    origin = pd.Period(last["period"])
    base = _own_base(measured, last)
    basis: Basis = "growth_only" if np.isnan(base[-1]) else "levels"
    if basis == "growth_only" and base_profile is not None:
        basis, base = "profile", _scaled(base_profile, base, origin.month - 2)
    values = measured.set_index("period")["ytd_value_100m"]
    return YearSoFar(
        origin=origin,
        growth_pct=float(last["ytd_yoy_pct"]),
        growth_half_pct=float(last["ytd_yoy_hi_pct"] - last["ytd_yoy_pct"]),
        value_100m=float(last["ytd_value_100m"]),
        base=base,
        last_year_100m=float(values.get(pd.Period(f"{origin.year - 1}-12", "M"), np.nan)),
        base_revision_pct=float(last["base_revision_pct"]),
        basis=basis,
    )


def base_of_year(measured: pd.DataFrame) -> Array:
    """Return the cumulative comparable base of the last year, to lend it as a profile."""
    return year_so_far(measured).base


def requirement(year: YearSoFar, target: Target) -> Requirement:
    """Return what a target requires of the rest of the year.

    Parameters
    ----------
    year : YearSoFar
        From :func:`year_so_far`.
    target : Target
        What is to be reached.

    Raises
    ------
    ParameterError
        A value target for a series whose value is not published.
    """
    growth = _effective_growth(year, target)
    ratio = 1 + growth / 100
    value = year.base[-1] * ratio if target.value_100m is None else target.value_100m
    required = value - year.done
    left = year.months_left
    open_base = year.base_open[-1] if left else np.nan
    amount = 1.0 if year.has_value else np.nan  # an index is no amount
    return Requirement(
        target_growth_pct=growth,
        target_value_100m=float(amount * value),
        gap_pp=growth - year.growth_pct,
        shortfall_100m=float(amount * (year.base_so_far * ratio - year.done)),
        required_100m=float(amount * required) if left else np.nan,
        required_per_month_100m=float(amount * required / left) if left else np.nan,
        required_growth_pct=float(100 * (required / open_base - 1)) if open_base > 0 else np.nan,
        progress_pct=float(100 * year.done / value) if value > 0 else np.nan,
        published_basis_100m=year.last_year_100m * ratio,
        published_basis_growth_pct=float(amount * 100 * (value / year.last_year_100m - 1)),
    )


def _own_base(measured: pd.DataFrame, last: pd.Series) -> Array:
    """Return the base of the origin's year: implied so far, last year's on its revision after."""
    table, origin = measured.set_index("period"), last["period"]
    year = pd.period_range(f"{origin.year}-02", f"{origin.year}-12", freq="M")
    implied = table["base_100m"].reindex(year).to_numpy(dtype=np.float64)
    before = table["ytd_value_100m"].reindex(year - MONTHS_A_YEAR).to_numpy(dtype=np.float64)
    revised = before * (1 + float(last["base_revision_pct"]) / 100)
    return np.where(np.arange(len(year)) > origin.month - 2, revised, implied)


def _effective_growth(year: YearSoFar, target: Target) -> float:
    if target.value_100m is None:
        return TURN_POSITIVE_PCT if target.growth_pct is None else target.growth_pct
    if not year.has_value:
        raise ParameterError(
            say("forecast.target_position.no_value_target"),
            where="target_value_100m",
            got=target.value_100m,
            todo=Text("改用 target_growth_pct", "use target_growth_pct"),
        )
    return float(100 * (target.value_100m / year.base[-1] - 1))


def _scaled(profile: Array, own: Array, place: int) -> Array:
    """Return another series' base on the scale of one's own where that is known, else to 100."""
    if np.isnan(own[place]):
        return np.asarray(100 * profile / profile[-1])
    return np.asarray(profile * own[place] / profile[place])
