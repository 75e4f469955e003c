"""The airline model, ARIMA(0,1,1)(0,1,1), by exact likelihood over a grid of its two parameters.

Box and Jenkins (1970), *Time Series Analysis*, chapter 9. Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from faiwatch.forecast.members.smoothing import answered, crossed, lagged
from faiwatch.stats.cumulative import Array

_STEP_GRID = np.linspace(-0.5, 0.95, 6)
_SEASON_GRID = np.linspace(0.0, 0.95, 5)
_FINER = ((0.14, 0.1, 5), (0.05, 0.035, 5))  # half widths of both parameters, values of each
_INVERTIBLE = 0.98
_MOST_CYCLES = 12  # parameters and errors come from the last ones: older ones say little and cost


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
    """Fit by exact maximum likelihood.

    Parameters
    ----------
    y : array (n,)
        Longer than one season and a half, no gaps, season left in; usually logs.
    season_length : int
        Observations in a cycle.

    Notes
    -----
    The ``m + 1`` errors before the first difference are not known. The errors after it are linear
    in them, ``e = c + U a``, so for given parameters ``a`` follows by ridge regression, the exact
    sum of squares is ``S = min |c + U a|^2 + |a|^2``, and minus twice the log likelihood is
    ``n log S + log det(I + U'U)`` (Box and Jenkins 1970, chapter 7). The parameters are searched
    on a grid and twice around the best so far, over the last twelve cycles.

    Examples
    --------
    >>> season = np.array([1.0, 5.0, 3.0])
    >>> model = fit_airline(np.tile(season, 5) + np.arange(15) // 3, 3)
    >>> simulate_airline(model, np.zeros((1, 3))).round(6).tolist()
    [[6.0, 10.0, 8.0]]
    """
    change = np.diff(y)
    change = (change[season_length:] - change[:-season_length])[-_MOST_CYCLES * season_length :]
    step, season = crossed(_STEP_GRID, _SEASON_GRID)
    best = _best(change, step, season, season_length)
    for wide, high, count in _FINER:
        step, season = crossed(
            best.step + np.linspace(-wide, wide, count),
            best.season + np.linspace(-high, high, count),
        )
        step = np.clip(step, -_INVERTIBLE, _INVERTIBLE)
        season = np.clip(season, 0.0, _INVERTIBLE)
        best = _best(change, step, season, season_length)
    last = season_length + 1
    sigma = float(np.sqrt(best.squares / max(len(change) - 2, 1)))
    return Airline(best.step, best.season, y[-last:], best.errors[-last:], sigma)


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


class _Best(NamedTuple):
    """The likeliest of several sets of parameters."""

    step: float
    season: float
    squares: float
    errors: Array


def _best(change: Array, step: Array, season: Array, m: int) -> _Best:
    """Return the likeliest pair of parameters, and its errors, those before the first included."""
    known = _Known.of(step.tobytes(), season.tobytes(), len(change), m)
    errors = np.ascontiguousarray(answered(lagged(change), known.psi).T)
    towards = (known.before @ errors[..., None])[..., 0]
    first = np.linalg.solve(known.inner, -towards[..., None])[..., 0]
    squares = np.einsum("ij,ij->i", errors, errors) + (first * towards).sum(axis=1)
    squares = np.maximum(squares, np.finfo(float).tiny)
    unlikely = len(change) * np.log(squares) + known.log_determinant
    k = int(np.argmin(unlikely))
    chosen = np.concatenate([first[k], errors[k] + first[k] @ known.before[k]])
    return _Best(float(step[k]), float(season[k]), float(squares[k]), chosen)


class _Known(NamedTuple):
    """What depends on pairs of parameters and the number of differences only.

    Attributes
    ----------
    psi : array (n, pairs)
        What one error does to later ones, ``1 / ((1 - step B)(1 - season B^m))``.
    before : array (pairs, m + 1, n)
        What errors before the first difference, oldest first, do to those after it.
    inner : array (pairs, m + 1, m + 1)
        ``I + U'U``.
    log_determinant : array (pairs,)
        Of it.
    """

    psi: Array
    before: Array
    inner: Array
    log_determinant: Array

    @classmethod
    @lru_cache(maxsize=32)  # series alike, as those of a rolling origin, try the same pairs
    def of(cls, steps: bytes, seasons: bytes, n: int, m: int) -> _Known:
        """Return it for pairs of parameters, as bytes."""
        step, season = (np.frombuffer(side)[:, None] for side in (steps, seasons))
        psi = step ** np.arange(n)
        for cycle in range(m, n, m):
            now = psi[:, cycle : cycle + m]
            now += season * psi[:, cycle - m : cycle - m + now.shape[1]]
        # one that is k before: season psi[t - k + m] - step season psi[t - k + m + 1] and so on
        crossing = -step * season * psi
        through = np.concatenate([np.zeros((len(psi), m)), season * psi], axis=1)
        through[:, m + 1 :] += crossing[:, :-1]
        before = np.empty((len(psi), m + 1, n))
        before[:, 0] = crossing
        before[:, :0:-1] = sliding_window_view(through, n, axis=1)[:, 1:]
        before[:, m] += step * psi
        inner = before @ before.transpose(0, 2, 1) + np.eye(m + 1)
        return cls(np.ascontiguousarray(psi.T), before, inner, np.linalg.slogdet(inner)[1])
