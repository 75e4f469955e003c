"""The local linear trend with a season, an unobserved-components model of statsmodels.

Slow (seconds where the other members take milliseconds), so it is fitted only when it is asked
for by name. Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

import numpy as np

from faiwatch.stats.cumulative import Array

_MOST_ITERATIONS = 60  # of the likelihood search; more of them moved no forecast in trials


def simulate_local_linear_trend(y: Array, season_length: int, shocks: Array) -> Array | None:
    """Fit the model by maximum likelihood and return paths; None when the fit breaks down.

    Parameters
    ----------
    y : array (n,)
        At least two cycles, no gaps.
    season_length : int
        Observations in a cycle; 1 = no season.
    shocks : array (paths, horizon)
        Standard normal; zeros give the centre.

    Notes
    -----
    ``y_t = mu_t + gamma_t + e_t``, ``mu_(t+1) = mu_t + nu_t + u_t``, ``nu_(t+1) = nu_t + w_t``,
    seasonal effects ``gamma`` that add up to noise over a cycle (Harvey 1989). Paths come from
    the joint normal distribution of the releases to come: with the predicted state ``a``, its
    covariance ``P_h`` and transition ``T``, ``Cov(y_h, y_k) = Z P_h T'^(k-h) Z'``, plus the
    variance of ``e`` where ``h = k``.

    References
    ----------
    Harvey, A. C. (1989), *Forecasting, Structural Time Series Models and the Kalman Filter*.

    Examples
    --------
    >>> line = np.arange(40.0)
    >>> simulate_local_linear_trend(line, 1, np.zeros((1, 3))).round(3).tolist()
    [[40.0, 41.0, 42.0]]
    """
    # a second to import, which only this member needs
    from statsmodels.tsa.statespace.structural import (  # type: ignore[import-untyped]
        UnobservedComponents,
    )

    seasonal = season_length if season_length > 1 else None
    model = UnobservedComponents(y, level="local linear trend", seasonal=seasonal)
    try:  # a search that ends early is judged by its errors at earlier origins like any other
        found = model.fit(
            disp=False, maxiter=_MOST_ITERATIONS, cov_type="none", warn_convergence=False
        )
    except np.linalg.LinAlgError:
        return None
    mean, covariance = _joint(found, shocks.shape[1])
    if not (np.isfinite(mean).all() and np.isfinite(covariance).all()):
        return None
    # a root that also exists where the covariance is singular, such as that of a constant
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))
    return np.asarray(mean + shocks @ root.T)


def _joint(found: object, horizon: int) -> tuple[Array, Array]:
    """Return mean and covariance of the observations to come."""
    ssm, filtered = found.model.ssm, found.filter_results  # type: ignore[attr-defined]
    transition, design = ssm["transition"], ssm["design"][0]
    noise = ssm["selection"] @ ssm["state_cov"] @ ssm["selection"].T
    state, spread = filtered.predicted_state[:, -1], filtered.predicted_state_cov[..., -1]
    mean, covariance = np.empty(horizon), np.empty((horizon, horizon))
    for h in range(horizon):
        mean[h] = design @ state
        ahead = spread @ design
        for k in range(h, horizon):
            covariance[h, k] = covariance[k, h] = design @ ahead
            ahead = transition @ ahead
        covariance[h, h] += ssm["obs_cov"][0, 0]
        state, spread = transition @ state, transition @ spread @ transition.T + noise
    return mean, covariance
