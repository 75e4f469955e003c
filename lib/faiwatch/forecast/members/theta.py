"""The dynamic optimised Theta model, fitted in closed form for every smoothing at once.

Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler (2016), doi:10.1016/j.ijforecast.2016.02.005.
Method and checks: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from faiwatch.forecast.members.smoothing import answered, lagged, two_shares
from faiwatch.stats.cumulative import Array

_SMOOTHINGS = np.linspace(0.02, 0.98, 97)
_LEAST_SQUARES_FLOOR = 1e-12
_STEEPEST = 0.999  # of 1 - 1/theta; one is a theta without bound
_TABLE = 64  # powers are kept for lengths of a multiple of it


@dataclass(frozen=True, slots=True)
class Theta:
    """A fitted model.

    Attributes
    ----------
    alpha : float
        Smoothing of the level.
    slope_share : float
        ``1 - 1/theta``: how much of the long-run line is put back.
    level, mean, line_level, line_slope : float
        State after the last observation: smoothed level, mean so far, intercept and slope of the
        least-squares line so far.
    sigma : float
        Standard deviation of one-step errors, three degrees of freedom taken off.
    n : int
        Observations.
    """

    alpha: float
    slope_share: float
    level: float
    mean: float
    line_level: float
    line_slope: float
    sigma: float
    n: int


def fit_theta(y: Array) -> Theta:
    """Fit the model by least squares of one-step errors.

    Parameters
    ----------
    y : array (n,)
        At least three observations, no gaps, no season.

    Notes
    -----
    ``mu_t = l_(t-1) + w [(1-a)^(t-1) A_(t-1) + (1 - (1-a)^t)/a B_(t-1)]``, with ``A``, ``B`` the
    line through the observations so far, ``l`` the exponential smoothing with ``a`` and
    ``w = 1 - 1/theta``. The line does not depend on parameters, and ``mu`` is linear in ``w`` and
    in the first level, so only ``a`` is searched (97 values). The first two observations carry no
    error, and ``w`` stays within 0 and 1, as in the paper.

    Examples
    --------
    >>> model = fit_theta(np.arange(1.0, 21.0))
    >>> simulate_theta(model, np.zeros((1, 2))).round(2).tolist()
    [[21.0, 22.0]]
    """
    n, a = len(y), _SMOOTHINGS
    mean, line_level, line_slope = _lines_so_far(y)
    powers, of_slope = (table[: n + 1] for table in _tables(-(-(n + 1) // _TABLE) * _TABLE))
    of_value = np.concatenate([np.ones((1, len(a))), -a * powers[: n - 1]])
    errors = answered(lagged(y), of_value)
    first_level = powers[2:n]
    line = first_level * line_level[1 : n - 1, None] + of_slope[3:] * line_slope[1 : n - 1, None]
    error = errors[2:]
    start, share = two_shares(error, first_level, line, floor=_LEAST_SQUARES_FLOOR, most=_STEEPEST)
    left = error - start * first_level - share * line
    squares = np.einsum("ij,ij->j", left, left)
    best = int(np.argmin(squares))
    return Theta(
        alpha=float(a[best]),
        slope_share=float(share[best]),
        level=float(y[-1] - (1 - a[best]) * errors[-1, best] + powers[n, best] * start[best]),
        mean=float(mean[-1]),
        line_level=float(line_level[-1]),
        line_slope=float(line_slope[-1]),
        sigma=float(np.sqrt(squares[best] / max(n - 3, 1))),
        n=n,
    )


@lru_cache(maxsize=8)
def _tables(length: int) -> tuple[Array, Array]:
    """Return ``(1 - a)^t`` and ``(1 - (1 - a)^t) / a`` from zero on, a column a smoothing."""
    powers = (1 - _SMOOTHINGS) ** np.arange(length)[:, None]
    return powers, (1 - powers) / _SMOOTHINGS


def simulate_theta(model: Theta, shocks: Array) -> Array:
    """Return paths of the model, each forecast taken as the next observation.

    Parameters
    ----------
    model : Theta
        From :func:`fit_theta`.
    shocks : array (paths, horizon)
        Standard normal; zeros give the path of the centre.

    Returns
    -------
    array (paths, horizon)
    """
    rest, paths = 1 - model.alpha, np.empty_like(shocks)
    level = np.full(len(shocks), model.level)
    mean = np.full(len(shocks), model.mean)
    line_level = np.full(len(shocks), model.line_level)
    line_slope = np.full(len(shocks), model.line_slope)
    for step in range(shocks.shape[1]):
        t = model.n + 1 + step
        line = rest ** (t - 1) * line_level + (1 - rest**t) / model.alpha * line_slope
        value = level + model.slope_share * line + model.sigma * shocks[:, step]
        paths[:, step] = value
        level = model.alpha * value + rest * level
        line_slope = ((t - 2) * line_slope + 6 * (value - mean) / t) / (t + 1)
        mean = ((t - 1) * mean + value) / t
        line_level = mean - line_slope * (t + 1) / 2
    return paths


def _lines_so_far(y: Array) -> tuple[Array, Array, Array]:
    """Return mean, intercept and slope of the least-squares line after each observation."""
    t = np.arange(1, len(y) + 1)
    mean = np.cumsum(y) / t
    slope = np.zeros(len(y))
    for i in range(1, len(y)):
        slope[i] = ((i - 1) * slope[i - 1] + 6 * (y[i] - mean[i - 1]) / (i + 1)) / (i + 2)
    return mean, mean - slope * (t + 1) / 2, slope
