"""Autoregression of changes by Burg's method: a cheap member that thinks unlike smoothing.

Method and checks: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faiwatch.stats.cumulative import Array

_LONGEST = 13
_DRIFT_KEPT = 0.5  # the mean change is drawn half-way to zero: trends seldom go on in full


@dataclass(frozen=True, slots=True)
class Autoregression:
    """A fitted model of changes.

    Attributes
    ----------
    weights : array (order,)
        On the last change, the one before it, ...
    last : float
        Last observation.
    recent : array (order,)
        Last changes less their mean, newest first.
    drift : float
        Change a step in the long run.
    sigma : float
        Standard deviation of one-step errors, parameters taken off.
    """

    weights: Array
    last: float
    recent: Array
    drift: float
    sigma: float


def fit_autoregression(y: Array) -> Autoregression:
    """Fit an autoregression of changes; its order has the least corrected AIC, up to 13.

    Parameters
    ----------
    y : array (n,)
        At least three observations, no gaps, no season.

    Notes
    -----
    Burg's recursion keeps every model stationary, so a path never explodes. In the long run a
    path moves by half the mean change a step.

    Examples
    --------
    >>> model = fit_autoregression(np.arange(1.0, 21.0))
    >>> simulate_autoregression(model, np.zeros((1, 2))).tolist()
    [[20.5, 21.0]]
    """
    change = np.diff(y)
    mean, n = float(change.mean()), len(change)
    deviation = change - mean
    candidates = burg(deviation, min(_LONGEST, n // 4))
    variances = np.array([variance for _, variance in candidates])
    parameters = np.arange(len(candidates)) + 2
    corrected = 2 * parameters * n / np.maximum(n - parameters - 1, 1)
    fit = n * np.log(np.maximum(variances, np.finfo(float).tiny))
    order = int(np.argmin(fit + corrected))
    weights, variance = candidates[order]
    return Autoregression(
        weights,
        float(y[-1]),
        deviation[::-1][:order],
        _DRIFT_KEPT * mean,
        float(np.sqrt(variance * n / max(n - order - 2, 1))),
    )


def simulate_autoregression(model: Autoregression, shocks: Array) -> Array:
    """Return paths (paths, horizon) for standard normal `shocks`; zeros give the centre."""
    order, horizon = len(model.weights), shocks.shape[1]
    deviation = np.empty((len(shocks), order + horizon))
    deviation[:, :order] = model.recent[::-1]
    backwards = model.weights[::-1]
    for step in range(horizon):
        expected = deviation[:, step : step + order] @ backwards
        deviation[:, order + step] = expected + model.sigma * shocks[:, step]
    return np.asarray(model.last + np.cumsum(deviation[:, order:] + model.drift, axis=1))


def burg(x: Array, longest: int) -> list[tuple[Array, float]]:
    """Return weights and error variance of the autoregressions of order 0 to `longest`.

    Parameters
    ----------
    x : array (n,)
        Mean zero.
    longest : int
        Highest order, below `n`.

    References
    ----------
    Burg (1975), *Maximum Entropy Spectral Analysis*; checked against statsmodels.
    """
    forward, backward = x, x
    weights, variance = np.zeros(0), float(x @ x) / len(x)
    found = [(weights, variance)]
    for _ in range(longest):
        ahead, behind = forward[1:], backward[:-1]
        power = float(ahead @ ahead + behind @ behind)
        reflection = 2 * float(ahead @ behind) / power if power > 0 else 0.0
        weights = np.append(weights - reflection * weights[::-1], reflection)
        variance *= max(1 - reflection**2, 0.0)
        forward, backward = ahead - reflection * behind, behind - reflection * ahead
        found.append((weights, variance))
    return found
