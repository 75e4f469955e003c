"""From measures to the series that models see, and from their paths back to published growth.

Models see single periods on the comparable basis, eleven a year, never year-to-date growth.
Published year-to-date growth is rebuilt from the blocks of each path. Method:
``docs/methods/series-for-models.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from faiwatch.core.errors import DataMissingError
from faiwatch.core.text import Text
from faiwatch.data.calendars import CUMULATIVE, Calendar
from faiwatch.forecast.ensemble import Ensemble, ensemble_of
from faiwatch.forecast.event_base import averaged, on_base
from faiwatch.forecast.members.members import ENSEMBLE, FEWEST_TO_FIT, PLAIN
from faiwatch.forecast.new_year import (
    WITHIN,
    between,
    own_share_weight,
    reweighted,
    share_of_published,
)
from faiwatch.forecast.quantiles import median
from faiwatch.stats.cumulative import Array, grid_of, release_periods

Basis = Literal["comparable_level", "published_growth"]
_FEWEST_YEARS = 3
_TRIAL = 12  # releases: how far models look from earlier origins, however far is asked
_ROBUST_SD = 1.4826  # of a median absolute deviation, for normal errors
_SETTLED_MONTHS = 7  # the middle of a year's releases: the size of errors that models learn


@dataclass(frozen=True, slots=True)
class ModelSeries:
    """One series as models see it.

    Attributes
    ----------
    basis : {"comparable_level", "published_growth"}
        Which figures are modelled: the chained comparable blocks, or, where levels are not
        published, year-to-date growth itself.
    values : array (releases,)
        From the first release to the origin; NaN = not known. Nothing is filled.
    fitted : array (releases,)
        The same with event months left out: what the trend and models of blocks are fitted to.
    first : int
        Release number of ``values[0]``, always the first of a year.
    yoy_half_pct : float
        Half a unit of the last digit of published growth.
    base_drift : float
        Standard deviation of how far the implied base moves from one release to the next, as a
        share; 0 for growth-only series.
    published_pct : float
        Published growth at the origin.
    growth_pct, growth_fitted : arrays (releases,)
        Published year-to-date growth, and the same on average over years where the base holds an
        event (:func:`faiwatch.forecast.event_base.averaged`), without event months and the same
        months a year later. Empty: paths come from blocks alone.
    is_total : bool
        Whether this is total investment: only there the own share of negative releases counts.
    calendar : Calendar
        When it is released; of a monthly series ``ytd`` is the month.
    is_event : array of bool (releases,)
        Event months among the releases; empty: none.
    """

    basis: Basis
    values: Array
    fitted: Array
    first: int
    yoy_half_pct: float
    base_drift: float
    published_pct: float
    growth_pct: Array = field(default_factory=lambda: np.zeros(0))
    growth_fitted: Array = field(default_factory=lambda: np.zeros(0))
    is_total: bool = False
    calendar: Calendar = CUMULATIVE
    is_event: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def has_level(self) -> bool:
        """Whether comparable levels are modelled; if not, growth itself."""
        return self.basis == "comparable_level"

    @property
    def origin(self) -> pd.Period:
        """Month of the last release."""
        return self.periods[-1]

    @property
    def periods(self) -> pd.PeriodIndex:
        """Months of the releases."""
        return release_periods(self.first + np.arange(len(self.values)), self.calendar)


@dataclass(frozen=True, slots=True)
class GrowthPaths:
    """Sample paths of the releases to come.

    Attributes
    ----------
    origin : Period
        Month of the last release known.
    periods : PeriodIndex (horizon,)
        Months of the releases.
    ytd_yoy_pct : array (paths, horizon)
        Year-to-date growth, unrounded.
    block_yoy_pct : array (paths, horizon)
        Growth of the single block; NaN for growth-only series.
    ytd_value_100m : array (paths, horizon)
        Year-to-date value on the comparable basis of the origin's year; NaN likewise.
    yoy_half_pct : float
        Half a unit of the last published digit: growth is published negative below minus this.
    weights : tuple of dict of str to float
        Share of each member in the ensemble of the level, then of its growth.
    centres : dict of str to array (horizon,)
        Central year-to-date growth of each member alone, for the table of models.
    calendar : Calendar
        Of the series; of a monthly one ``ytd`` is the month.
    """

    origin: pd.Period
    periods: pd.PeriodIndex
    ytd_yoy_pct: Array
    block_yoy_pct: Array
    ytd_value_100m: Array
    yoy_half_pct: float
    weights: tuple[Mapping[str, float], ...]
    centres: dict[str, Array]
    calendar: Calendar = CUMULATIVE

    @classmethod
    def of(
        cls,
        series: ModelSeries,
        targets: tuple[Array, Array, Array],
        weights: Sequence[Mapping[str, float]],
        centres: dict[str, Array],
    ) -> GrowthPaths:
        """Return paths after the origin of a series: of growth, single blocks and values."""
        horizon, so_far = targets[0].shape[1], series.first + len(series.values)
        periods = release_periods(so_far + np.arange(horizon), series.calendar)
        half = series.yoy_half_pct
        return cls(series.origin, periods, *targets, half, tuple(weights), centres, series.calendar)

    @property
    def is_negative(self) -> np.ndarray:
        """Whether each path's growth would be published below zero (-0.0 is 0.0, not negative)."""
        return np.asarray(self.ytd_yoy_pct < -self.yoy_half_pct)


def model_series(
    measured: pd.DataFrame, *, events: Collection[str] = (), since: pd.Period | None = None
) -> ModelSeries:
    """Return the series that models see; its origin is the last month with published growth.

    Parameters
    ----------
    measured : DataFrame
        Result of :func:`faiwatch.stats.growth.measures` for one region and indicator, up to the
        month that is taken to be known.
    events : collection of str
        Months ``YYYY-MM`` that are left out of the fit (not of the base of growth). Of growth-only
        series the same month a year later is left out too, because its base is the event.
    since : Period, optional
        First release of the scope in force; earlier ones are not looked at.

    Raises
    ------
    DataMissingError
        No growth is published, or `measured` holds several series.
    """
    table = measured if since is None else measured[measured["period"] >= since]
    if len(table[["region_code", "indicator"]].drop_duplicates()) != 1:
        raise not_one_series(len(table))
    return model_series_each(table, events=events)[0]


def model_series_each(measured: pd.DataFrame, *, events: Collection[str] = ()) -> list[ModelSeries]:
    """Return :func:`model_series` of each series of a table, in the order of their keys.

    Parameters
    ----------
    measured : DataFrame
        Measures of series that each have growth somewhere.
    events
        As for :func:`model_series`.

    Raises
    ------
    DataMissingError
        One of them has no growth.
    """
    grid = grid_of(measured)
    calendar, year = grid.calendar, grid.calendar.a_year
    months = release_periods(grid.first + np.arange(grid.width), calendar).astype(str)
    is_event = np.isin(months, list(events))
    columns = measured.assign(half=measured["ytd_yoy_hi_pct"] - measured["ytd_yoy_pct"], row=1.0)
    names = ("row", "ytd_yoy_pct", "chained_100m", "base_revision_pct", "half")
    found = []
    spread = (grid.spread(columns[name]) for name in names)
    for indicator, row, growth, level, revision, half in zip(
        grid.keys["indicator"], *spread, strict=True
    ):
        first = np.isfinite(row).argmax() // year * year
        known = np.flatnonzero(np.isfinite(growth))
        if len(known) == 0:
            raise not_one_series(0)
        end = int(known[-1]) + 1
        has_level = _can_rebuild(level[first:end], year)
        values = (level if has_level else growth)[first:end]
        is_left_out = is_event[first:end]
        of_growth = is_left_out.copy()  # the base of a year later is the event month too
        of_growth[year:] |= is_event[first : max(end - year, first)]
        on_average = averaged(growth[first:end], is_left_out, calendar)
        found.append(
            ModelSeries(
                basis="comparable_level" if has_level else "published_growth",
                values=values,
                fitted=np.where(is_left_out if has_level else of_growth, np.nan, values),
                first=grid.first + int(first),
                yoy_half_pct=float(half[end - 1]),
                base_drift=_base_drift(revision[first:end], year) if has_level else 0.0,
                published_pct=float(growth[end - 1]),
                growth_pct=growth[first:end],
                growth_fitted=np.where(of_growth, np.nan, on_average),
                is_total=indicator == "total",
                calendar=calendar,
                is_event=is_left_out,
            )
        )
    return found


def not_one_series(got: int) -> DataMissingError:
    """Return the error for a table that does not hold just one series with growth."""
    return DataMissingError(
        Text("需要恰好一个有增速的序列", "exactly one series with growth is needed"), got=got
    )


def growth_paths(
    series: ModelSeries,
    *,
    horizon: int,
    seed: int = 0,
    names: Collection[str] = ENSEMBLE,
    weights: Sequence[Mapping[str, float]] = (),
) -> GrowthPaths:
    """Return paths of published growth for the releases after the origin.

    Parameters
    ----------
    series : ModelSeries
        From :func:`model_series`.
    horizon : int
        Releases ahead.
    seed : int
        Same seed, same paths.
    names : collection of str
        Members of the ensemble, of :data:`faiwatch.forecast.members.members.CHOICES`.
    weights : sequence of mapping, optional
        Weights of an earlier forecast that are used again (:attr:`GrowthPaths.weights`).

    Notes
    -----
    Comparable levels: half the paths come from the ensemble of the level, half from that of its
    growth over a year (put back on the level); the first knows the season and the trend, the
    second that growth is sticky. Their quantiles of year-to-date growth are then drawn towards
    those of an ensemble of published growth itself
    (:func:`faiwatch.forecast.new_year.share_of_published`), and the blocks follow. The plain
    members repeat last year's blocks and have no model of growth: asked for alone, all paths come
    from the level. Base: the blocks of last year that this year has not reached stand on the
    latest known revision, which moves on along each path as it has moved so far. Rounding:
    published growth at the origin is drawn from its rounding interval, values so far are exact.
    Growth-only series: the ensemble of ``100 + growth``. Growth on a base that holds an event
    is modelled as an average over years and put back on what is known of it. From the next year
    on, the own share of negative releases counts more the farther ahead, of a part half as much
    as of the total
    (:func:`faiwatch.forecast.new_year.reweighted`). A longer forecast begins with the shorter.
    """
    as_growth = series.growth_fitted if len(series.growth_fitted) else series.fitted
    seen = series.fitted if series.has_level else 100 + as_growth
    sticky = [name for name in names if name not in PLAIN]
    models = 1 if not (series.has_level and sticky) else 2 if len(series.growth_pct) == 0 else 3
    year = series.calendar.a_year
    choices: list[Collection[str]] = [*weights, *[names, sticky, sticky][len(weights) :]]
    fit = partial(ensemble_of, horizon=horizon, trial=_TRIAL)
    ensembles = [fit(seen, season_length=year, seed=seed, names=choices[0])]
    if models > 1:
        ahead, behind = series.fitted[year:], series.fitted[:-year]
        ratio = ahead / np.where(behind > 0, behind, np.nan)  # unknown where either is an event
        growth = 100 + 100 * np.log(np.where(ratio > 0, ratio, np.nan))
        ensembles.append(fit(growth, season_length=1, seed=seed + 1, names=choices[1]))
    if models > 2:
        published = 100 + series.growth_fitted
        ensembles.append(fit(published, season_length=year, seed=seed + 2, names=choices[2]))
    if series.has_level:
        return _growth_of(series, ensembles, seed)
    found = _as_growth(series, ensembles[0])
    if sticky:
        found = replace(found, ytd_yoy_pct=_told(series, found.ytd_yoy_pct))
    if series.calendar.is_cumulative:
        return found
    return replace(found, block_yoy_pct=found.ytd_yoy_pct)


def _told(series: ModelSeries, paths: Array) -> Array:
    """Return paths of growth with the own share of negative releases, where it counts."""
    published = series.growth_pct[np.isfinite(series.growth_pct)]
    if len(published) < FEWEST_TO_FIT:
        return paths
    below = -series.yoy_half_pct
    known = len(series.values) if series.calendar.is_cumulative else 0  # no sum so far stands
    weight = own_share_weight(known, paths.shape[1], is_total=series.is_total)
    return reweighted(paths, below=below, share=float((published < below).mean()), weight=weight)


def _as_growth(series: ModelSeries, ensemble: Ensemble) -> GrowthPaths:
    """Return the paths of a growth-only series: growth is what was modelled.

    Figures of the first months stand for few months and swing more: around the centre, paths are
    spread by ``sqrt(7 / months)`` from February to June. Each of a monthly series stands for one.
    """
    centre = median(ensemble.paths)
    alone = _on_base(series, median(np.stack(list(ensemble.members.values()))))
    centres = dict(zip(ensemble.members, alone, strict=True))
    nothing = np.full((1, len(centre)), np.nan)
    found = GrowthPaths.of(series, (ensemble.paths, nothing, nothing), [ensemble.weights], centres)
    swing = np.sqrt(np.maximum(_SETTLED_MONTHS / found.periods.month.to_numpy(), 1))
    if not series.calendar.is_cumulative:
        swing = np.ones(len(centre))
    return replace(found, ytd_yoy_pct=_on_base(series, centre + swing * (ensemble.paths - centre)))


def _growth_of(series: ModelSeries, ensembles: Sequence[Ensemble], seed: int) -> GrowthPaths:
    """Return the growth that paths of the level, and of its growth put back on it, amount to.

    Along each path the open base of this year moves on, and growth is drawn within its rounding.
    """
    level, growth = ensembles[0], ensembles[1] if len(ensembles) > 1 else None
    parts, year = [level.paths], series.calendar.a_year
    alone = {name: [paths] for name, paths in level.members.items()}
    if growth is not None:
        parts.append(_on_level(series, growth.paths))
        for name in alone.keys() & growth.members.keys():
            alone[name].append(_on_level(series, growth.members[name]))
    blocks = np.concatenate(parts)
    horizon = blocks.shape[1]
    drift, rounding = (np.random.default_rng([seed, number]) for number in (1, 2))
    left = year - 1 - (len(series.values) - 1) % year
    steps = series.base_drift * drift.standard_normal((horizon, len(blocks))).T
    steps[:, left:] = 0.0
    jitter = series.yoy_half_pct * rounding.uniform(-1, 1, (len(blocks), 1))
    moves = np.exp(np.cumsum(steps, axis=1))
    share, published = np.zeros(horizon), None
    if len(ensembles) > 2:
        published = ensembles[2]
        share = np.full(horizon, WITHIN)  # where there is no turn of the year to learn from
        if series.calendar.is_cumulative:
            share = share_of_published(
                series.growth_fitted, series.values, horizon, is_event=series.is_event
            )
    centres = {}
    for name, mine in alone.items():
        own = np.concatenate(mine)
        whole = _Years.of(series, own, moves[: len(own)], jitter[: len(own)])
        centres[name] = median(whole.ytd_yoy_pct)
        if published is not None and name in published.members:
            said = _on_base(series, median(published.members[name]))
            centres[name] = (1 - share) * centres[name] + share * said
    years = _Years.of(series, blocks, moves, jitter)
    if published is not None:
        ytd = between(years.ytd_yoy_pct, _on_base(series, published.paths), share)
        years = years.retold(_told(series, ytd))
    targets = (years.ytd_yoy_pct, years.block_yoy_pct, years.ytd_value_100m)
    return GrowthPaths.of(series, targets, [one.weights for one in ensembles], centres)


def _on_base(series: ModelSeries, paths: Array) -> Array:
    """Return the growth that paths of 100 + growth amount to, or one path."""
    known = (series.growth_pct, series.is_event, series.calendar)
    return on_base(np.atleast_2d(paths) - 100, *known).reshape(paths.shape)


def _can_rebuild(level: Array, year: int) -> bool:
    """Whether this year so far and all of last year are known, and enough years before them."""
    start = (len(level) - 1) // year * year - year
    recent = level[max(start, 0) :]
    enough = np.isfinite(level).sum() >= _FEWEST_YEARS * year
    return bool(start >= 0 and enough and np.isfinite(recent).all() and (recent > 0).all())


def _base_drift(revision_pct: Array, year: int) -> float:
    """Return how far the implied base moves between releases of one year, as a share."""
    revision = np.log1p(revision_pct / 100)
    steps = np.diff(revision)[np.arange(1, len(revision)) % year != 0]
    steps = steps[np.isfinite(steps)]
    return float(_ROBUST_SD * np.median(np.abs(steps))) if len(steps) else 0.0


def _on_level(series: ModelSeries, growth: Array) -> Array:
    """Put paths of log growth back on the level of a year before; of two years, if an event's."""
    year = series.calendar.a_year
    last = np.tile(series.values[-year:], (len(growth), 1))
    whole = np.concatenate([last, np.empty_like(growth)], axis=1)
    factor = np.exp((growth - 100) / 100)
    for place in np.flatnonzero(series.is_event[-year:][: growth.shape[1]]):
        two_back = series.values[place - 2 * year]
        if np.isfinite(two_back):
            whole[:, place] = two_back * factor[:, place]
    for step in range(growth.shape[1]):
        whole[:, year + step] = whole[:, step] * factor[:, step]
    return whole[:, year:]


@dataclass(frozen=True)
class _Years:
    """Blocks of the origin's year and the years after it, and of the years before each.

    Growth of a release is its year's sum over the sum of the year before, less one. In the
    origin's year the base so far is that of published growth, moved within its rounding. Of a
    monthly series each release is a sum of its own.

    Attributes
    ----------
    latest, base : arrays (paths, releases so far and horizon)
        Blocks, and those of a year before.
    so_far : int
        Releases of the origin's year that are known.
    calendar : Calendar
        Of the series.
    """

    latest: Array
    base: Array
    so_far: int
    calendar: Calendar

    @classmethod
    def of(cls, series: ModelSeries, blocks: Array, base_moves: Array, jitter: Array) -> _Years:
        """Return the years that paths of blocks make."""
        values, n, m = series.values, len(series.values), series.calendar.a_year
        this_year = (n - 1) // m * m
        known = np.tile(values[this_year - m :], (len(blocks), 1))
        whole = np.concatenate([known, blocks], axis=1)  # starts with last year's February
        so_far = n - this_year
        base = whole[:, :-m].copy() if whole.shape[1] > m else whole[:, :0]
        published = whole[:, m : m + so_far].sum(axis=1, keepdims=True)
        factor = published / base[:, :so_far].sum(axis=1, keepdims=True)
        base[:, :so_far] *= factor / (factor + jitter / 100)
        open_base = slice(so_far, min(m, base.shape[1]))
        base[:, open_base] *= base_moves[:, : m - so_far][:, : base[:, open_base].shape[1]]
        return cls(whole[:, m:], base, so_far, series.calendar)

    def retold(self, ytd_yoy_pct: Array) -> _Years:
        """Return the years with other growth: the blocks that it takes, on the same first base."""
        m, latest, base = self.calendar.a_year, self.latest.copy(), self.base.copy()
        for place, growth in enumerate(ytd_yoy_pct.T, start=self.so_far):
            first = place // m * m if self.calendar.is_cumulative else place
            if place >= m:
                base[:, place] = latest[:, place - m]
            value = base[:, first : place + 1].sum(axis=1) * (1 + growth / 100)
            latest[:, place] = value - latest[:, first:place].sum(axis=1)
        return replace(self, latest=latest, base=base)

    def _sums(self, blocks: Array) -> Array:
        """Return the sums since February of each year; of a monthly series the months."""
        if not self.calendar.is_cumulative:
            return blocks[:, self.so_far :]
        m = self.calendar.a_year
        starts = range(0, blocks.shape[1], m)
        years = [blocks[:, start : start + m].cumsum(axis=1) for start in starts]
        return np.concatenate(years, axis=1)[:, self.so_far :]

    @property
    def ytd_value_100m(self) -> Array:
        """Year-to-date value (paths, horizon)."""
        return self._sums(self.latest)

    @property
    def ytd_yoy_pct(self) -> Array:
        """Year-to-date growth (paths, horizon)."""
        return _growth(self._sums(self.latest), self._sums(self.base))

    @property
    def block_yoy_pct(self) -> Array:
        """Growth of single blocks (paths, horizon)."""
        return _growth(self.latest[:, self.so_far :], self.base[:, self.so_far :])


def _growth(latest: Array, base: Array) -> Array:
    """Return growth in percent; after nothing none, since it is neither a fall nor a known rise."""
    share = np.divide(latest, base, out=np.ones_like(latest), where=~(base <= 0))
    return np.asarray(100 * (share - 1))
