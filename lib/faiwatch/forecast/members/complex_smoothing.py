"""Complex exponential smoothing, searched over a grid of its two parameters.

Svetunkov, Kourentzes and Ord (2022), doi:10.1002/nav.22074. Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faiwatch.forecast.members.smoothing import crossed
from faiwatch.stats.cumulative import Array

_MOST_REAL = 1.8  # beyond, each change is taken to come again, and noise is chased
_REAL = np.linspace(0.9, _MOST_REAL, 7)
# a hair from one decides on the drift
_IMAGINARY = 1 + np.array([-0.1, -0.04, -0.015, -0.005, 0, 0.005, 0.015, 0.04, 0.1])
_FINER = ((0.06, 0.015), (0.02, 0.004))  # half widths of both parameters around the best so far
_VALUES = 5
_FIRST = 10  # observations, whose mean is the first level
_FREE_PARAMETERS = 3


@dataclass(frozen=True, slots=True)
class ComplexSmoothing:
    """A fitted model: parameters, state after the last observation and size of errors."""

    real: float
    imaginary: float
    level: float
    potential: float
    sigma: float


def fit_complex_smoothing(y: Array) -> ComplexSmoothing:
    """Fit by least squares of one-step errors.

    Parameters
    ----------
    y : array (n,)
        At least three observations, no gaps, no season.

    Notes
    -----
    ``y_t = l_(t-1) + e_t``, ``l_t = l_(t-1) - (1 - a1) c_(t-1) + (a0 - a1) e_t``,
    ``c_t = l_(t-1) + (1 - a0) c_(t-1) + (a0 + a1) e_t``. The first level is the mean of the first
    ten observations and the first potential ``l / a0``, where both rest if nothing moves. Fitted
    to the errors instead, they take over what ``a1`` should say. ``a0 + i a1`` is searched on a
    grid, which is fine around ``a1 = 1``, and twice around the best.

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
            np.minimum(best.real + np.linspace(-wide, wide, _VALUES), _MOST_REAL),
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
    """Return the least squares of all pairs of parameters, and the model that has them."""
    level = np.full(len(real), y[:_FIRST].mean())
    potential = level / real
    squares = np.zeros(len(real))
    for value in y:
        error = value - level
        squares += error * error
        level, potential = (
            level - (1 - imaginary) * potential + (real - imaginary) * error,
            level + (1 - real) * potential + (real + imaginary) * error,
        )
    k = int(np.argmin(np.where(_is_stable(real, imaginary), squares, np.inf)))
    sigma = float(np.sqrt(squares[k] / max(len(y) - _FREE_PARAMETERS, 1)))
    of_best = (real[k], imaginary[k], level[k], potential[k], sigma)
    return float(squares[k]), ComplexSmoothing(*map(float, of_best))
