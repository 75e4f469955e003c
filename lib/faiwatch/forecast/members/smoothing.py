"""Damped-trend exponential smoothing, ETS(A,Ad,N), searched over many parameters at once.

Hyndman, Koehler, Ord and Snyder (2008), *Forecasting with Exponential Smoothing*. Method and
checks: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faiwatch.stats.cumulative import Array

# alpha, beta / alpha, phi: phi stays below 0.98 because more is a trend that never ends
_LOWEST = np.array([[0.01], [0.0], [0.80]])
_HIGHEST = np.array([[0.99], [0.6], [0.98]])
_NARROWING = 0.3  # each round searches a box so much smaller around the best so far
_FREE_PARAMETERS = 5  # three smoothings and two first states
_LEAST_SQUARES_FLOOR = 1e-10


def _radical_inverse(count: int, base: int) -> Array:
    """Return the van der Corput sequence: points that fill 0 to 1 evenly, never by chance."""
    values = np.zeros(count)
    number, weight = np.arange(1, count + 1), 1.0
    while number.any():
        weight /= base
        number, digit = np.divmod(number, base)
        values += weight * digit
    return values


_POINTS = np.stack([_radical_inverse(192, base) for base in (2, 3, 5)])
_ROUNDS = (_POINTS, _POINTS[:, :96] - 0.5, _POINTS[:, :96] - 0.5)


@dataclass(frozen=True, slots=True)
class DampedTrend:
    """A fitted model: parameters, state after the last observation and size of errors."""

    alpha: float
    beta: float
    phi: float
    level: float
    trend: float
    sigma: float


def fit_damped_trend(y: Array) -> DampedTrend:
    """Fit ETS(A,Ad,N) by least squares of one-step errors, first states included.

    Parameters
    ----------
    y : array (n,)
        At least three observations, no gaps, no season.

    Notes
    -----
    ``y_t = l_(t-1) + phi b_(t-1) + e_t``, ``l_t = l_(t-1) + phi b_(t-1) + alpha e_t``,
    ``b_t = phi b_(t-1) + beta e_t``. Errors are linear in the first level and trend, so these
    follow by least squares for each ``(alpha, beta, phi)``; those three are searched in boxes
    that narrow around the best (192 + 96 + 96 points of a fixed even sequence).

    Examples
    --------
    >>> model = fit_damped_trend(np.full(12, 4.0))
    >>> simulate_damped_trend(model, np.zeros((1, 2))).round(6).tolist()
    [[4.0, 4.0]]
    """
    box = _HIGHEST - _LOWEST
    least, best = np.inf, DampedTrend(1.0, 0.0, 0.8, float(y[-1]), 0.0, 0.0)
    centre = _LOWEST
    for points in _ROUNDS:
        tried = np.clip(centre + box * points, _LOWEST, _HIGHEST)
        alpha, beta, phi = tried[0], tried[0] * tried[1], tried[2]
        squares, level, trend = _squares(y, alpha, beta, phi)
        k = int(np.argmin(squares))
        if squares[k] < least:
            least, centre = float(squares[k]), tried[:, k : k + 1]
            sigma = float(np.sqrt(least / max(len(y) - _FREE_PARAMETERS, 1)))
            best = DampedTrend(
                alpha=float(alpha[k]),
                beta=float(beta[k]),
                phi=float(phi[k]),
                level=float(level[k]),
                trend=float(trend[k]),
                sigma=sigma,
            )
        box = box * _NARROWING
    return best


def simulate_damped_trend(model: DampedTrend, shocks: Array) -> Array:
    """Return paths (paths, horizon) for standard normal `shocks`; zeros give the centre."""
    paths = np.empty_like(shocks)
    level, trend = np.full(len(shocks), model.level), np.full(len(shocks), model.trend)
    for step in range(shocks.shape[1]):
        error = model.sigma * shocks[:, step]
        trend = model.phi * trend
        level = level + trend
        paths[:, step] = level + error
        level, trend = level + model.alpha * error, trend + model.beta * error
    return paths


def _squares(y: Array, alpha: Array, beta: Array, phi: Array) -> tuple[Array, Array, Array]:
    """Return sum of squared errors, last level and last trend for each set of parameters.

    Three filters run side by side: the observations from first states of zero, and the answers
    to a first level and to a first trend of one.
    """
    state = np.zeros((2, 3, len(alpha)))
    level, trend = state
    level[1], trend[2] = 1.0, 1.0
    errors = np.empty((len(y), 3, len(alpha)))
    values = np.zeros((len(y), 3, 1))
    values[:, 0, 0] = y
    gains, step = np.stack([alpha, beta])[:, None], np.empty_like(state)
    for value, error in zip(values, errors, strict=True):  # in place: half of a fit goes by here
        trend *= phi
        level += trend
        np.subtract(value, level, out=error)
        np.multiply(gains, error, out=step)
        state += step
    e, u, v = errors[:, 0], -errors[:, 1], -errors[:, 2]
    first_level, first_trend = two_shares(e, u, v, floor=_LEAST_SQUARES_FLOOR)
    left = e - first_level * u - first_trend * v
    return (
        (left * left).sum(axis=0),
        level[0] + first_level * level[1] + first_trend * level[2],
        trend[0] + first_level * trend[1] + first_trend * trend[2],
    )


def two_shares(
    errors: Array, first: Array, second: Array, *, floor: float, most: float = np.inf
) -> tuple[Array, Array]:
    """Return how much of two columns leaves the least squares of errors, set by set.

    Parameters
    ----------
    errors, first, second : arrays (n, sets)
        What is left to explain, and what may explain it.
    floor : float
        Of the determinant over the product of both squares; below, the second counts as zero
        because it says the same as the first.
    most : float
        Largest share of the second; the least is then zero.
    """
    uu, vv = (first * first).sum(axis=0), (second * second).sum(axis=0)
    uv = (first * second).sum(axis=0)
    eu, ev = (errors * first).sum(axis=0), (errors * second).sum(axis=0)
    determinant = uu * vv - uv**2
    sound = determinant > floor * uu * vv
    share = np.where(sound, (ev * uu - eu * uv) / np.where(sound, determinant, 1.0), 0.0)
    share = share if np.isinf(most) else np.clip(share, 0.0, most)
    return (eu - share * uv) / np.maximum(uu, np.finfo(float).tiny), share


def crossed(first: Array, second: Array) -> tuple[Array, Array]:
    """Return every pair of two sets of values, the first changing fastest.

    Examples
    --------
    >>> [side.tolist() for side in crossed(np.array([1.0, 2.0]), np.array([5.0, 6.0]))]
    [[1.0, 2.0, 1.0, 2.0], [5.0, 5.0, 6.0, 6.0]]
    """
    one, other = np.meshgrid(first, second)
    return one.ravel(), other.ravel()
