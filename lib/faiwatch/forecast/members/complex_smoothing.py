"""Complex exponential smoothing, searched over a grid of its two parameters.

Svetunkov, Kourentzes and Ord (2022), doi:10.1002/nav.22074. Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faiwatch.forecast.members.smoothing import crossed, two_shares
from faiwatch.stats.cumulative import Array

_REAL, _IMAGINARY = np.linspace(0.6, 1.9, 10), np.linspace(0.6, 1.4, 9)
_FINER = ((0.08, 0.06), (0.025, 0.02))  # half widths of both parameters around the best so far
_VALUES = 5
_FREE_PARAMETERS = 4
_LEAST_SQUARES_FLOOR = 1e-10


@dataclass(frozen=True, slots=True)
class ComplexSmoothing:
    """A fitted model: parameters, state after the last observation and size of errors."""

    real: float
    imaginary: float
    level: float
    potential: float
    sigma: float


def fit_complex_smoothing(y: Array) -> ComplexSmoothing:
    """Fit by least squares of one-step errors, first states included.

    Parameters
    ----------
    y : array (n,)
        At least three observations, no gaps, no season.

    Notes
    -----
    ``y_t = l_(t-1) + e_t``, ``l_t = l_(t-1) - (1 - a1) c_(t-1) + (a0 - a1) e_t``,
    ``c_t = l_(t-1) + (1 - a0) c_(t-1) + (a0 + a1) e_t``. Errors are linear in both first states,
    which follow by least squares; ``a0 + i a1`` is searched on a grid and twice around the best.

    Examples
    --------
    >>> model = fit_complex_smoothing(np.full(12, 4.0))
    >>> simulate_complex_smoothing(model, np.zeros((1, 2))).round(6).tolist()
    [[4.0, 4.0]]
    """
    real, imaginary = crossed(_REAL, _IMAGINARY)
    squares, best = _best(y, real, imaginary)
    for wide, high in _FINER:
        real, imaginary = crossed(
            best.real + np.linspace(-wide, wide, _VALUES),
            best.imaginary + np.linspace(-high, high, _VALUES),
        )
        least, found = _best(y, real, imaginary)
        if least < squares:
            squares, best = least, found
    return best


def simulate_complex_smoothing(model: ComplexSmoothing, shocks: Array) -> Array:
    """Return paths (paths, horizon) for standard normal `shocks`; zeros give the centre."""
    paths = np.empty_like(shocks)
    level, potential = np.full(len(shocks), model.level), np.full(len(shocks), model.potential)
    for step in range(shocks.shape[1]):
        error = model.sigma * shocks[:, step]
        paths[:, step] = level + error
        level, potential = (
            level - (1 - model.imaginary) * potential + (model.real - model.imaginary) * error,
            level + (1 - model.real) * potential + (model.real + model.imaginary) * error,
        )
    return paths


def _is_stable(real: Array, imaginary: Array) -> Array:
    """Return whether old errors are forgotten, as in section 3 of the paper."""
    return np.asarray(
        ((real - 2.5) ** 2 + imaginary**2 > 1.25)
        & ((real - 0.5) ** 2 + (imaginary - 1) ** 2 > 0.25)
        & ((real - 1.5) ** 2 + (imaginary - 0.5) ** 2 < 1.5)
    )


def _best(y: Array, real: Array, imaginary: Array) -> tuple[float, ComplexSmoothing]:
    """Return the least squares of all pairs of parameters, and the model that has them.

    Three filters run side by side: the observations from first states of zero, and the answers
    to a first level and to a first potential of one.
    """
    level, potential = np.zeros((2, 3, len(real)))
    level[1], potential[2] = 1.0, 1.0
    errors = np.empty((len(y), 3, len(real)))
    for value, error in zip(y, errors, strict=True):
        np.negative(level, out=error)
        error[0] += value
        level, potential = (
            level - (1 - imaginary) * potential + (real - imaginary) * error,
            level + (1 - real) * potential + (real + imaginary) * error,
        )
    e, u, v = errors[:, 0], -errors[:, 1], -errors[:, 2]
    first, second = two_shares(e, u, v, floor=_LEAST_SQUARES_FLOOR)
    left = e - first * u - second * v
    squares = (left * left).sum(axis=0)
    k = int(
        np.argmin(np.where(np.isfinite(squares) & _is_stable(real, imaginary), squares, np.inf))
    )
    at_end = [
        side[0, k] + first[k] * side[1, k] + second[k] * side[2, k] for side in (level, potential)
    ]
    sigma = float(np.sqrt(squares[k] / max(len(y) - _FREE_PARAMETERS, 1)))
    found = ComplexSmoothing(
        float(real[k]), float(imaginary[k]), float(at_end[0]), float(at_end[1]), sigma
    )
    return float(squares[k]), found
