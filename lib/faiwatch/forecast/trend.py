"""The trend of a series: a smooth level, its growth with a band, and the season around it.

Two ways, unobserved components and STL, both by statsmodels. Method and checks:
``docs/methods/trend.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd

from faiwatch.core.errors import DataMissingError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.forecast.members.members import remembered
from faiwatch.forecast.series import ModelSeries
from faiwatch.stats.cumulative import RELEASES_A_YEAR, Array, release_periods

Method = Literal["ucm", "stl"]
METHODS: Mapping[Method, Text] = {
    "ucm": Text("不可观测成分模型（UCM）", "unobserved components (UCM)"),
    "stl": Text("STL 分解", "STL"),
}
FEWEST_RELEASES = 3 * RELEASES_A_YEAR
BAND = 80  # percent
_NORMAL_80 = 1.2816  # half-width of a normal distribution's central 80 %
_LONGEST_GAP = 5  # releases, half a year
_HALF_PASSED = 28  # blocks in a swing of which half is trend: docs/methods/trend.md
SMOOTHNESS = (2 * np.sin(np.pi / _HALF_PASSED)) ** 4
SEASON_GRID = tuple(float(ratio) for ratio in 10.0 ** np.linspace(-3, 2, 41))
_LEAST_WEIGHT = 0.005  # grid points of less likelihood move no digit that is told
STL_SETTINGS: Mapping[str, int | bool] = MappingProxyType(
    {"period": RELEASES_A_YEAR, "seasonal": 7, "trend": 21, "robust": True}
)
_DIGITS = 6
_BEFORE_LOOKING_BACK, _AFTER = 5 * RELEASES_A_YEAR, 2 * RELEASES_A_YEAR
_LOOKS_BACK = 3  # releases from one look back to the next


@dataclass(frozen=True, slots=True)
class Trend:
    """The trend of one series by one method.

    Attributes
    ----------
    method : {"ucm", "stl"}
        How it was found.
    series : ModelSeries
        What it was fitted to; of published growth there is no level and no season.
    level : array (releases,)
        Trend of the block, 100 million; NaN for growth-only series.
    season : array (releases,)
        Season as a factor of the trend, 1 = none; NaN for growth-only series.
    growth_pct, lo_pct, hi_pct : array (releases,)
        Trend growth a year and its central 80 % band; NaN band for STL.
    """

    method: Method
    series: ModelSeries
    level: Array
    season: Array
    growth_pct: Array
    lo_pct: Array
    hi_pct: Array

    @property
    def state(self) -> np.ndarray:
        """Of each release: ``observed``, ``event`` (left out of the fit) or ``missing``."""
        known = np.where(np.isfinite(self.series.fitted), "observed", "event")
        return np.where(np.isfinite(self.series.values), known, "missing")

    @property
    def seasonal_pct(self) -> Array:
        """Season as percent above the trend."""
        return np.asarray(100 * (self.season - 1))

    @property
    def adjusted(self) -> Array:
        """Observed blocks with the season taken off, 100 million."""
        return np.asarray(self.series.values / self.season)


@dataclass(frozen=True, slots=True)
class LookBack:
    """What was told of trend growth when fewer figures were known.

    Attributes
    ----------
    known : tuple of int
        How many releases were known each time, the last of which was the newest.
    growth_pct : tuple of arrays
        Trend growth as it would have been told then, as long as `known`.
    widening : float
        Factor that makes the band hold the final value as often as it says; at least 1.
    n_final : int
        With so many releases known, or fewer, today's trend is as good as final.
    """

    known: tuple[int, ...]
    growth_pct: tuple[Array, ...]
    widening: float
    n_final: int

    @property
    def judged(self) -> list[tuple[int, Array]]:
        """Releases known and growth told, where five years came before and two after."""
        both = zip(self.known, self.growth_pct, strict=True)
        evenly = range(_BEFORE_LOOKING_BACK, self.n_final + 1, _LOOKS_BACK)
        return [(n, told) for n, told in both if n in evenly]


@dataclass(frozen=True, slots=True)
class Ratio:
    """What the trend says with one ratio of the season's variance to the irregular's.

    Attributes
    ----------
    ratio : float
        Variance of the season's shocks, in units of that of the irregular.
    weight : float
        Share of its likelihood in that of the grid.
    growth_pct, lo_pct, hi_pct : float
        Trend growth at the last release and its 80 % band, not widened.
    """

    ratio: float
    weight: float
    growth_pct: float
    lo_pct: float
    hi_pct: float


@dataclass(frozen=True, slots=True)
class _Smoothed:
    """What the Kalman smoother says, in the units that are modelled."""

    trend: Array
    season: Array
    pace: Array
    pace_sd: Array


def series_in_use(series: ModelSeries) -> ModelSeries:
    """Return the part of a series that has a trend: after its last long gap.

    Raises
    ------
    DataMissingError
        Fewer than 33 releases are known there.
    """
    known = np.flatnonzero(np.isfinite(series.fitted))
    after_gap = known[1:][np.diff(known) > _LONGEST_GAP + 1]
    start = int(after_gap[-1]) if len(after_gap) else int(known[0]) if len(known) else 0
    there = int((known >= start).sum())
    if there < FEWEST_RELEASES:
        since = release_periods(np.array([series.first + start]), series.calendar)[0]
        raise DataMissingError(
            Text("序列太短，估计不出趋势", "the series is too short for a trend"),
            where=say("forecast.trend.since", since=since),
            got=there,
            allowed=say(
                "forecast.trend.too_short",
                longest_gap=_LONGEST_GAP,
                fewest_releases=FEWEST_RELEASES,
            ),
            todo=Text("换用更长的指标", "choose an indicator with a longer series"),
        )
    return replace(
        series,
        values=series.values[start:],
        fitted=series.fitted[start:],
        first=series.first + start,
    )


def fit_trend(series: ModelSeries, *, method: Method = "ucm", widening: float = 1.0) -> Trend:
    """Return the trend of a series.

    Parameters
    ----------
    series : ModelSeries
        From :func:`series_in_use`.
    method : {"ucm", "stl"}
        Unobserved components, or seasonal-trend decomposition by loess.
    widening : float
        Factor of the band, from :func:`look_back`.

    Notes
    -----
    Trend growth is ``100 (exp(11 b / 100) - 1)`` with ``b`` the change of the log trend from
    block to block (12 of a monthly series); of growth-only series it is the trend of published
    growth itself.

    Examples
    --------
    >>> months = np.arange(44)
    >>> level = 100 * 1.05 ** (months / 11) * (1 + (months % 11 == 4))
    >>> steady = ModelSeries("comparable_level", level, level, 22022, 0.05, 0.0, 5.0)
    >>> float(fit_trend(steady).growth_pct[-1].round(3))
    5.0
    """
    y, has_level, year = _modelled(series), series.has_level, series.calendar.a_year
    smoothed = _smooth(y, has_level, year)
    pace, half = smoothed.pace, widening * _NORMAL_80 * smoothed.pace_sd
    trend, season = smoothed.trend, smoothed.season
    nothing = np.full(len(y), np.nan)
    if method == "stl":
        bridged = np.where(np.isfinite(y), y, trend + season)
        trend, season = seasonal_trend(bridged, settings={**STL_SETTINGS, "period": year})
        pace = year * np.gradient(trend) if has_level else trend
        half = nothing
    level, factor = (np.exp(part / 100) if has_level else nothing for part in (trend, season))
    growth, lo, hi = (_percent(one, has_level) for one in (pace, pace - half, pace + half))
    return Trend(method, series, level, factor, growth, lo, hi)


def season_ratios(series: ModelSeries) -> list[Ratio]:
    """Return what each ratio of the season's variance would say of trend growth now.

    Parameters
    ----------
    series : ModelSeries
        From :func:`series_in_use`.

    Returns
    -------
    list of Ratio
        One for each of :data:`SEASON_GRID`, weights adding up to one; empty for growth-only
        series, which have no season.
    """
    if not series.has_level:
        return []
    y, year, found = _modelled(series), series.calendar.a_year, []
    model = _components(y, year)
    for ratio, weight in _season_weights(y, year).items():
        one = _smooth_with(model, ratio, year)
        pace, half = one.pace[-1], _NORMAL_80 * one.pace_sd[-1]
        told = _percent(np.array([pace, pace - half, pace + half]), has_level=True)
        found.append(Ratio(ratio, weight, *(float(value) for value in told)))
    return found


def look_back(series: ModelSeries, *, since: int | None = None) -> LookBack:
    """Return what the unobserved-components trend told with fewer figures, and how well.

    Parameters
    ----------
    series : ModelSeries
        From :func:`series_in_use`.
    since : int, optional
        Place of a release from which on none is passed over.

    Returns
    -------
    LookBack
        Every third release with five years before it, and each of the last two years and from
        `since` on.
        Pseudo-real-time:
        today's figures and today's settings of the season.
    """
    y = _modelled(series)
    smooth = partial(_smooth, has_level=series.has_level, year=series.calendar.a_year)
    weights = _season_weights(y, series.calendar.a_year) if series.has_level else None
    now = smooth(y, weights=weights)
    n = len(y)
    judged = range(_BEFORE_LOOKING_BACK, n - _AFTER + 1, _LOOKS_BACK)
    every = n - _AFTER + 1 if since is None else min(n - _AFTER + 1, since + 1)
    known = sorted({*judged, *range(max(every, FEWEST_RELEASES), n + 1)})
    then = [smooth(y[:count], weights=weights) for count in known]
    off = np.array(
        [
            abs(told.pace[-1] - now.pace[count - 1]) / told.pace_sd[-1]
            for count, told in zip(known, then, strict=True)
            if count in judged and told.pace_sd[-1] > 0
        ]
    )
    widening = float(np.quantile(off, BAND / 100)) / _NORMAL_80 if len(off) else 1.0
    growth = tuple(_percent(told.pace, series.has_level) for told in then)
    return LookBack(tuple(known), growth, max(widening, 1.0), n - _AFTER)


def trend_table(trend: Trend, *, region_code: str, indicator: str) -> pd.DataFrame:
    """Return a trend as a tidy table.

    Returns
    -------
    DataFrame
        ``region_code indicator method period state observed_100m adjusted_100m trend_100m
        seasonal_pct trend_growth_pct lo_pct hi_pct``; state is ``observed``, ``event`` (left out
        of the fit) or ``missing``. Of growth-only series the four columns before growth are NaN.
    """
    level = trend.series.values if trend.series.has_level else trend.level
    return pd.DataFrame(
        {
            "region_code": region_code,
            "indicator": indicator,
            "method": trend.method,
            "period": trend.series.periods,
            "state": trend.state,
            "observed_100m": level,
            "adjusted_100m": trend.adjusted,
            "trend_100m": trend.level,
            "seasonal_pct": trend.seasonal_pct,
            "trend_growth_pct": trend.growth_pct,
            "lo_pct": trend.lo_pct,
            "hi_pct": trend.hi_pct,
        }
    )


def parts_of(trend: Trend) -> pd.DataFrame:
    """Return a series taken apart: observed = trend x season x rest, or growth = trend + rest.

    Returns
    -------
    DataFrame
        ``period state`` and, of levels, ``observed_100m trend_100m seasonal_pct rest_pct``, the
        last two as percent above one; of growth-only series, which have no season of the single
        month, ``observed_pct trend_pct rest_pp``. State as in :func:`trend_table`.
    """
    keys = {"period": trend.series.periods, "state": trend.state}
    if trend.series.has_level:
        parts = {
            "observed_100m": trend.series.values,
            "trend_100m": trend.level,
            "seasonal_pct": trend.seasonal_pct,
            "rest_pct": 100 * (trend.adjusted / trend.level - 1),
        }
    else:
        parts = {
            "observed_pct": trend.series.values,
            "trend_pct": trend.growth_pct,
            "rest_pp": trend.series.values - trend.growth_pct,
        }
    return pd.DataFrame(keys | parts)


def seasonal_trend(
    y: Array,
    *,
    settings: Mapping[str, int | bool] = STL_SETTINGS,
    iterations: Mapping[str, int] = MappingProxyType({}),
) -> tuple[Array, Array]:
    """Return trend and season of an array without gaps by STL.

    Parameters
    ----------
    y : array (n,)
        Two cycles at least.
    settings, iterations : mapping
        What ``STL`` and its ``fit`` of statsmodels take; those of the house unless given.
    """
    from statsmodels.tsa.seasonal import STL  # type: ignore[import-untyped]

    found = STL(y, **settings).fit(**iterations)
    return np.asarray(found.trend), np.asarray(found.seasonal)


def _modelled(series: ModelSeries) -> Array:
    """Return 100 times logs of fitted levels; growth as it is."""
    values = series.fitted
    if not series.has_level:
        return values
    return np.asarray(100 * np.log(np.where(values > 0, values, np.nan)))


def _percent(pace: Array, has_level: bool) -> Array:
    """Return growth in percent, without what the diffuse start leaves in far digits."""
    growth = 100 * np.expm1(pace / 100) if has_level else pace
    return np.asarray(np.round(growth, _DIGITS))


def _components(y: Array, season: int | None) -> Any:  # noqa: ANN401 (statsmodels has no types)
    """Return the model; variances are in units of that of the irregular."""
    from statsmodels.tsa.statespace.structural import (  # type: ignore[import-untyped]
        UnobservedComponents,
    )

    model = UnobservedComponents(
        y, level="smooth trend", **({} if season is None else {"seasonal": season})
    )
    model.ssm.filter_concentrated = True
    return model


@remembered
def _season_weights(y: Array, year: int) -> dict[float, float]:
    """Return the share of each ratio of :data:`SEASON_GRID` in the likelihood of the season."""
    model = _components(y, year)
    likely = np.array([model.loglike([1.0, SMOOTHNESS, ratio]) for ratio in SEASON_GRID])
    shares = np.exp(likely - likely.max())
    return dict(zip(SEASON_GRID, (shares / shares.sum()).tolist(), strict=True))


def _smooth(
    y: Array, has_level: bool, year: int, *, weights: Mapping[float, float] | None = None
) -> _Smoothed:
    """Return the smoothed trend, by the likelihood of `y` when no weights of ratios are given."""
    if not has_level:
        state, covariance = _smoothed(_components(y, None), [1.0, SMOOTHNESS])
        sd = np.sqrt(np.maximum(covariance[0, 0], 0))
        return _Smoothed(state[0], np.zeros_like(y), state[0], sd)
    return _likely_trend(y, year) if weights is None else _mean_trend(y, weights, year)


@remembered
def _likely_trend(y: Array, year: int) -> _Smoothed:
    return _mean_trend(y, _season_weights(y, year), year)


def _mean_trend(y: Array, weights: Mapping[float, float], year: int) -> _Smoothed:
    """Return the smoothed trend of a level, the mean over ratios of the season's variance.

    Its variance is that within the ratios and between them.
    """
    used = {ratio: share for ratio, share in weights.items() if share >= _LEAST_WEIGHT}
    share = np.array(list(used.values()))[:, None] / sum(used.values())
    model = _components(y, year)
    parts = [_smooth_with(model, ratio, year) for ratio in used]
    trend, season, pace, within = (
        np.array([getattr(one, name) for one in parts])
        for name in ("trend", "season", "pace", "pace_sd")
    )
    mean = (share * pace).sum(axis=0)
    variance = (share * (within**2 + (pace - mean) ** 2)).sum(axis=0)
    return _Smoothed(
        (share * trend).sum(axis=0), (share * season).sum(axis=0), mean, np.sqrt(variance)
    )


def _smooth_with(model: Any, ratio: float, year: int) -> _Smoothed:  # noqa: ANN401 (likewise)
    """Return the smoothed trend of a level with one ratio of the season's variance."""
    state, covariance = _smoothed(model, [1.0, SMOOTHNESS, ratio])
    trend, slope, season = state[:3]
    variance = np.maximum(covariance[1, 1], 0)
    return _Smoothed(trend, season, year * slope, year * np.sqrt(variance))


def _smoothed(model: Any, variances: list[float]) -> tuple[Array, Array]:  # noqa: ANN401 (likewise)
    """Return the smoothed states and their covariance, and nothing else that statsmodels knows."""
    from statsmodels.tsa.statespace.kalman_smoother import (  # type: ignore[import-untyped]
        SMOOTHER_STATE,
        SMOOTHER_STATE_COV,
    )

    model.update(np.array(variances))
    found = model.ssm.smooth(smoother_output=SMOOTHER_STATE | SMOOTHER_STATE_COV)
    return found.smoothed_state, found.smoothed_state_cov
