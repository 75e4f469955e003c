"""The airline model, ARIMA(0,1,1)(0,1,1), fitted over a grid of its two parameters.

Box and Jenkins (1970), *Time Series Analysis*, chapter 9. Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faiwatch.stats.cumulative import Array

_STEP_GRID = np.linspace(-0.4, 0.95, 19)
_SEASON_GRID = np.linspace(0.0, 0.95, 16)
_FINER = np.linspace(-0.06, 0.06, 7)
_INVERTIBLE = 0.97


@dataclass(frozen=True, slots=True)
class Airline:
    """A fitted model.

    Attributes
    ----------
    step, season : float
        Moving-average parameters, ``(1 - step B)(1 - season B^m)``.
    values, errors : arrays (season_length + 1,)
        Last observations and last errors, oldest first.
    sigma : float
        Standard deviation of one-step errors.
    """

    step: float
    season: float
    values: Array
    errors: Array
    sigma: float


def fit_airline(y: Array, season_length: int) -> Airline:
    """Fit by conditional least squares; errors before the first difference are zero.

    Parameters
    ----------
    y : array (n,)
        Longer than one season and a half, no gaps, season left in; usually logs.
    season_length : int
        Observations in a cycle.

    Examples
    --------
    >>> season = np.array([1.0, 5.0, 3.0])
    >>> model = fit_airline(np.tile(season, 5) + np.arange(15) // 3, 3)
    >>> simulate_airline(model, np.zeros((1, 3))).round(6).tolist()
    [[6.0, 10.0, 8.0]]
    """
    change = np.diff(y)
    change = change[season_length:] - change[:-season_length]
    step, season = _crossed(_STEP_GRID, _SEASON_GRID)
    errors, best = _errors(change, step, season, season_length)
    step, season = _crossed(step[best] + _FINER, season[best] + _FINER)
    step = np.clip(step, -_INVERTIBLE, _INVERTIBLE)
    season = np.clip(season, 0.0, _INVERTIBLE)
    errors, best = _errors(change, step, season, season_length)
    chosen = errors[:, best]
    last = season_length + 1
    return Airline(
        float(step[best]),
        float(season[best]),
        y[-last:],
        chosen[-last:],
        float(np.sqrt((chosen @ chosen) / max(len(change) - 2, 1))),
    )


def simulate_airline(model: Airline, shocks: Array) -> Array:
    """Return paths (paths, horizon) for standard normal `shocks`; zeros give the centre."""
    paths, horizon = shocks.shape
    m = len(model.values) - 1
    error = np.concatenate([np.tile(model.errors, (paths, 1)), model.sigma * shocks], axis=1)
    value = np.concatenate([np.tile(model.values, (paths, 1)), np.empty_like(shocks)], axis=1)
    moved = error[:, 1:] - model.step * error[:, :-1]
    for i in range(m + 1, m + 1 + horizon):
        season = moved[:, i - 1] - model.season * (
            error[:, i - m] - model.step * error[:, i - m - 1]
        )
        value[:, i] = season + value[:, i - 1] + value[:, i - m] - value[:, i - m - 1]
    return value[:, m + 1 :]


def _crossed(step: Array, season: Array) -> tuple[Array, Array]:
    first, second = np.meshgrid(step, season)
    return first.ravel(), second.ravel()


def _errors(change: Array, step: Array, season: Array, m: int) -> tuple[Array, int]:
    """Return errors of every parameter pair, a season and one of zeros first, and the best."""
    errors = np.zeros((len(change) + m + 1, len(step)))
    both = step * season
    for t, value in enumerate(change):
        now = errors[t + m + 1]
        np.multiply(step, errors[t + m], out=now)
        now += season * errors[t + 1]
        now -= both * errors[t]
        now += value
    return errors, int(np.argmin((errors * errors).sum(axis=0)))
