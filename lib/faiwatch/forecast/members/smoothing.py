"""Damped-trend exponential smoothing, ETS(A,Ad,N), searched over many parameters at once.

Hyndman, Koehler, Ord and Snyder (2008), *Forecasting with Exponential Smoothing*. Method and
checks: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from faiwatch.stats.cumulative import Array

# alpha, beta / alpha, phi: phi stays below 0.98 because more is a trend that never ends
_LOWEST = np.array([[0.01], [0.0], [0.80]])
_HIGHEST = np.array([[0.99], [0.6], [0.98]])
_NARROWING = 0.3  # each round searches a box so much smaller around the best so far
_FREE_PARAMETERS = 5  # three smoothings and two first states
_LEAST_SQUARES_FLOOR = 1e-10
_TABLE = 64  # answers are kept for lengths of a multiple of it
_ROWS = 32
_WITHOUT_THREADS = 500_000  # multiplications, up to which linear algebra starts no threads


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
    box, centre, least = _HIGHEST - _LOWEST, _LOWEST, np.inf
    best, level, trend = np.array([1.0, 0.0, 0.8]), float(y[-1]), 0.0
    lags = lagged(y)
    for points in _ROUNDS:
        tried = np.clip(centre + box * points, _LOWEST, _HIGHEST)
        smoothings = np.stack([tried[0], tried[0] * tried[1], tried[2]])
        squares, first_level, first_trend = _squares(lags, smoothings)
        k = int(np.argmin(squares))
        if squares[k] < least:
            least, centre = float(squares[k]), tried[:, k : k + 1]
            best, level, trend = smoothings[:, k], float(first_level[k]), float(first_trend[k])
        box = box * _NARROWING
    alpha, beta, phi = best.tolist()
    if least < np.inf:
        for value in y.tolist():
            trend *= phi
            level += trend
            error = value - level
            level, trend = level + alpha * error, trend + beta * error
    sigma = float(np.sqrt(least / max(len(y) - _FREE_PARAMETERS, 1))) if least < np.inf else 0.0
    return DampedTrend(alpha, beta, phi, level, trend, sigma)


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


def _squares(lags: Array, smoothings: Array) -> tuple[Array, Array, Array]:
    """Return sum of squared errors, first level and first trend for each set of parameters."""
    n = len(lags)
    length = -(-n // _TABLE) * _TABLE
    of_value, u, v = (table[:n] for table in _answers(length, smoothings.tobytes()))
    errors = answered(lags, of_value)
    first_level, first_trend = two_shares(errors, u, v, floor=_LEAST_SQUARES_FLOOR)
    errors -= first_level * u
    errors -= first_trend * v
    return np.einsum("ij,ij->j", errors, errors), first_level, first_trend


@lru_cache(maxsize=32)  # series alike, as those of a rolling origin, narrow down to the same boxes
def _answers(length: int, smoothings: bytes) -> Array:
    """Return what a value, a first level and a first trend of one do to errors, set by set.

    They follow from powers of one matrix for each set, so all errors are one product: half of the
    time of a fit went by where they were filtered step by step.
    """
    alpha, beta, phi = np.frombuffer(smoothings).reshape(3, -1)
    found = np.empty((3, length, len(alpha)))
    of_value, states = found[0], found[1:]
    states[0, 0], states[1, 0] = 1.0, phi
    power = np.array([[1 - alpha, phi - alpha * phi], [-beta, phi - beta * phi]])
    done = 1
    while done < length:
        head = states[:, : length - done][:, :done]
        states[:, done : 2 * done] = head[0] * power[0][:, None] + head[1] * power[1][:, None]
        power = power[:, 0, None] * power[None, 0] + power[:, 1, None] * power[None, 1]
        done *= 2
    of_value[0] = 1.0
    of_value[1:] = -(alpha * states[0, :-1] + beta * states[1, :-1])
    return found


def lagged(y: Array) -> Array:
    """Return a row for each value: it, the one before it, and so on, zero before the first.

    Examples
    --------
    >>> lagged(np.array([1.0, 2.0, 3.0])).tolist()
    [[1.0, 0.0, 0.0], [2.0, 1.0, 0.0], [3.0, 2.0, 1.0]]
    """
    n = len(y)
    padded = np.concatenate([np.zeros(n - 1), y])
    step = padded.itemsize  # as a window of numpy's own makers, which cost more than the product
    return np.ndarray((n, n), float, padded, (n - 1) * step, (step, -step)).copy()


def answered(lags: Array, answers: Array) -> Array:
    """Return the answers to all values of a series together, at each time and set by set.

    Parameters
    ----------
    lags : array (n, n)
        The series, from :func:`lagged`.
    answers : array (n or more, sets)
        What a value of one does at once, one step later, and so on.

    Notes
    -----
    Block by block, because nothing answers before its time, and because threads would cost many
    times what they save: most of theirs is waiting.

    Examples
    --------
    >>> answered(lagged(np.array([1.0, 2.0, 3.0])), np.array([[1.0], [0.5], [0.0]])).tolist()
    [[1.0], [2.5], [4.0]]
    """
    found = np.empty((len(lags), answers.shape[1]))
    for start in range(0, len(lags), _ROWS):
        rows = lags[start : start + _ROWS, : start + _ROWS]
        width = max(_WITHOUT_THREADS // rows.size, 1)
        for left in range(0, found.shape[1], width):
            part = slice(left, left + width)
            of_lags = answers[: rows.shape[1], part]
            np.matmul(rows, of_lags, out=found[start : start + _ROWS, part])
    return found


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
    pairs = ((first, first), (second, second), (first, second), (errors, first), (errors, second))
    uu, vv, uv, eu, ev = (np.einsum("ij,ij->j", *pair) for pair in pairs)
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
