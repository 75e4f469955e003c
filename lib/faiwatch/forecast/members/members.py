"""The members of the ensemble: which models a series gets, on which scale, and their paths.

The table "property of the series, what is used, why" stands in ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from faiwatch.core.phrases import texts_of
from faiwatch.data.parameter_types import MODEL_ENSEMBLE
from faiwatch.forecast.members.airline import fit_airline, simulate_airline
from faiwatch.forecast.members.autoregression import fit_autoregression, simulate_autoregression
from faiwatch.forecast.members.complex_smoothing import (
    fit_complex_smoothing,
    simulate_complex_smoothing,
)
from faiwatch.forecast.members.seasonal import is_seasonal, seasonal_index
from faiwatch.forecast.members.smoothing import fit_damped_trend, simulate_damped_trend
from faiwatch.forecast.members.structural import simulate_local_linear_trend
from faiwatch.forecast.members.theta import fit_theta, simulate_theta
from faiwatch.forecast.quantiles import median
from faiwatch.stats.cumulative import Array

MEMBERS = texts_of("forecast.words_members")
ENSEMBLE = ("theta", "autoregression", "damped_trend", "airline")
WIDER = (*ENSEMBLE, "complex_smoothing")  # of any array: growth of investment gains nothing by it
PLAIN = ("seasonal_naive", "seasonal_drift")
CHOICES = (*ENSEMBLE, "local_linear_trend", *PLAIN)


def names_of(models: str) -> tuple[str, ...]:
    """Return the members that the parameter ``models`` asks for.

    Examples
    --------
    >>> names_of("theta,airline"), names_of("ensemble") == ENSEMBLE
    (('theta', 'airline'), True)
    """
    return ENSEMBLE if models == MODEL_ENSEMBLE else tuple(models.split(","))


Fitted = TypeVar("Fitted")

FEWEST_TO_FIT = 8
_FEWEST_CYCLES = 3  # below, an airline model on logs explodes and a season cannot be told
_LOG_FLOOR = 0.01  # of the median: nearer to zero, logs make outliers of the small values
_LOG_REACH = 20.0


def remembered(fit: Callable[..., Fitted]) -> Callable[..., Fitted]:
    """Return `fit` with its last results kept: a rolling origin asks for each beginning again."""

    @lru_cache(maxsize=32)
    def of_content(content: bytes, *options: Hashable) -> Fitted:
        return fit(np.frombuffer(content), *options)

    return lambda y, *options: of_content(y.tobytes(), *options)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A series without gaps, on the scale it is modelled on.

    Attributes
    ----------
    worked : array (n,)
        Values, or their logs.
    season : array (n + horizon,)
        Seasonal effect on that scale, zero when the series is not seasonal.
    is_log : bool
        Whether `worked` holds logs.
    spread : float
        What errors of models without a season are multiplied with, for the degrees of freedom
        that the season took.
    """

    worked: Array
    season: Array
    is_log: bool
    spread: float

    def back(self, worked: Array) -> Array:
        """Return paths from the scale of work to values."""
        if not self.is_log:
            return worked
        return np.asarray(np.exp(np.clip(worked, -_LOG_REACH, _LOG_REACH)))

    def in_season(self, values: Array) -> Array:
        """Return paths of seasonally adjusted values with the season to come."""
        season = self.season[len(self.worked) :]
        return values * np.exp(season) if self.is_log else values + season


def member_paths(
    y: Array,
    *,
    season_length: int,
    horizon: int,
    shocks: Array,
    names: Collection[str] = ENSEMBLE,
    detrended: bool = False,
) -> dict[str, Array]:
    """Return the paths of the members that suit the series.

    Parameters
    ----------
    y : array (n,)
        At least one finite value; NaN = not known. The largest size is about one.
    season_length : int
        Observations in a cycle; 1 = no season.
    horizon : int
        How far paths reach beyond ``y[-1]``.
    shocks : array (paths, width)
        Standard normal; as wide as the horizon and the values missing at the end together.
    names : collection of str
        Which of :data:`CHOICES`; a random walk stands in where none of them suits.
    detrended : bool
        Whether a season is looked for in what the trend leaves, and its degrees of freedom count.

    Returns
    -------
    dict of str to array (paths, horizon)
        By name of the member, see :data:`MEMBERS`.

    Notes
    -----
    Values missing at the end are forecast along and left out. Values missing inside are bridged
    by a straight line in the seasonally adjusted series, inside the models only.
    """
    known = np.flatnonzero(np.isfinite(y))
    late = len(y) - 1 - int(known[-1])
    y, shocks = y[known[0] : known[-1] + 1], shocks[:, : late + horizon]
    paths: dict[str, Array] = {}
    if len(known) >= FEWEST_TO_FIT:
        ready = _prepared(y, season_length, late + horizon, detrended=detrended)
        paths = _fitted(ready, season_length, shocks, names)
    if not paths:
        # from the last value on, as much as the series moved, without a trend
        values = y[np.isfinite(y)]
        step = float(np.sqrt(np.mean(np.diff(values) ** 2))) if len(values) > 1 else 0.0
        paths = {"random_walk": values[-1] + step * np.cumsum(shocks, axis=1)}
    return {name: found[:, late:] for name, found in paths.items()}


# Members of what is left without the season: how each is fitted and simulated, and whether it suits
# values. Theta puts back a straight line and complex smoothing grows with its level; others work on
# logs if there are.
_WITHOUT_SEASON: Mapping[str, tuple[Callable[..., Any], Callable[..., Array], bool]] = {
    "theta": (fit_theta, simulate_theta, True),
    "complex_smoothing": (fit_complex_smoothing, simulate_complex_smoothing, True),
    "autoregression": (fit_autoregression, simulate_autoregression, False),
    "damped_trend": (fit_damped_trend, simulate_damped_trend, False),
}


def _fitted(
    ready: _Prepared, season_length: int, shocks: Array, names: Collection[str]
) -> dict[str, Array]:
    n = len(ready.worked)
    season = ready.season[n:]
    adjusted = ready.worked - ready.season[:n]
    is_long = n >= _FEWEST_CYCLES * season_length
    paths = {}
    values = ready.back(adjusted)
    apart = ready.spread * shocks
    for name, (fit, simulate, suits_values) in _WITHOUT_SEASON.items():
        if name in names and suits_values:
            paths[name] = ready.in_season(_simulated(simulate, fit(values), apart))
        elif name in names:
            paths[name] = ready.back(_simulated(simulate, fit(adjusted), apart) + season)
    if "airline" in names and season_length > 1 and is_long:
        airline = fit_airline(ready.worked, season_length)
        paths["airline"] = ready.back(_simulated(simulate_airline, airline, shocks))
    if "local_linear_trend" in names and is_long:
        structural = simulate_local_linear_trend(ready.worked, season_length, shocks)
        if structural is not None:
            paths["local_linear_trend"] = ready.back(structural)
    for name in PLAIN:
        if name in names:
            drift = name == "seasonal_drift"
            plain = simulate_last_season(ready.worked, season_length, shocks, drift=drift)
            paths[name] = ready.back(plain)
    return paths


def _simulated(simulate: Callable[[Fitted, Array], Array], model: Fitted, shocks: Array) -> Array:
    """Return paths of a model: linear in shocks, so the answer to each alone tells them all."""
    alone = np.eye(shocks.shape[1] + 1)[:, 1:]  # none first
    centre, *moved = simulate(model, alone)
    return np.asarray(centre + shocks @ (np.array(moved) - centre))


def _prepared(y: Array, season_length: int, horizon: int, *, detrended: bool) -> _Prepared:
    known = np.isfinite(y)
    low, middle = float(np.min(y[known])), float(median(y[known, None])[0])
    is_log = low > _LOG_FLOOR * middle > 0
    worked = np.log(np.where(known, y, middle)) if is_log else y
    filled = _bridged(worked, known)
    place = np.arange(len(y) + horizon) % season_length
    season = np.zeros(len(place))
    spread = 1.0
    values = np.exp(filled) if is_log and not detrended else filled
    if is_seasonal(values, season_length, detrended=detrended):
        index, share = seasonal_index(filled, season_length)
        season = index[place]
        if detrended:
            spread = float(np.sqrt(len(y) / (len(y) - share * (season_length - 1))))
        inside = season[: len(y)]
        filled = _bridged(worked - inside, known) + inside
    return _Prepared(filled, season, is_log, spread)


def _bridged(values: Array, known: np.ndarray) -> Array:
    if known.all():
        return values
    place = np.arange(len(values))
    return np.asarray(np.interp(place, place[known], values[known]))


def simulate_last_season(y: Array, season_length: int, shocks: Array, *, drift: bool) -> Array:
    """Return paths that repeat the last cycle.

    Parameters
    ----------
    y : array (n,)
        At least two observations, no gaps, on the scale that steps are even on (logs or values).
    season_length : int
        Observations in a cycle; not more than one step is looked back when `y` is no longer.
    shocks : array (paths, horizon)
        Standard normal; zeros give the centre.
    drift : bool
        False: seasonal naive. True: the mean step over a cycle is added each time.

    Notes
    -----
    ``y_(t+m) = y_t + d + s e_t`` with ``d`` zero or the mean of the steps ``y_(t+m) - y_t``.
    ``s`` is their root mean square, or with drift their standard deviation times
    ``sqrt(1 + 1/k)`` for the ``k`` steps that the mean rests on (Hyndman and Athanasopoulos,
    *Forecasting: Principles and Practice*, 3rd ed., section 5.5).

    Examples
    --------
    >>> y = np.array([1.0, 5.0, 2.0, 6.0, 3.0, 7.0])
    >>> simulate_last_season(y, 2, np.zeros((1, 3)), drift=True).tolist()
    [[4.0, 8.0, 5.0]]
    >>> simulate_last_season(y, 2, np.zeros((1, 3)), drift=False).tolist()
    [[3.0, 7.0, 3.0]]
    """
    lag = season_length if len(y) > season_length else 1
    steps = y[lag:] - y[:-lag]
    mean = float(steps.mean()) if drift else 0.0
    freedom = max(len(steps) - drift, 1)
    spread = float(np.sqrt(((steps - mean) ** 2).sum() / freedom))
    if drift:
        spread *= float(np.sqrt(1 + 1 / len(steps)))
    whole = np.concatenate([np.tile(y[-lag:], (len(shocks), 1)), np.empty_like(shocks)], axis=1)
    for step in range(shocks.shape[1]):
        whole[:, lag + step] = whole[:, step] + mean + spread * shocks[:, step]
    return whole[:, lag:]
