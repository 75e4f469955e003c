"""The plain members: last year again, and last year again with the usual step.

They are what any other model has to beat. Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

import numpy as np

from faiwatch.stats.cumulative import Array


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
