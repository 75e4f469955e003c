"""Is a series seasonal, and what is its season: test and decomposition.

Methods: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

import numpy as np

from faiwatch.stats.cumulative import Array

_NORMAL_95 = 1.645  # two-sided 90 % test, as in Assimakopoulos and Nikolopoulos (2000)
_YEARLY_WEIGHT = 0.9  # a cycle counts nine tenths of the one after it
_FEWEST_CYCLES = 3


def is_seasonal(y: Array, season_length: int, *, detrended: bool = False) -> bool:
    """Return whether the autocorrelation at one season is significant (90 %).

    Parameters
    ----------
    y : array (n,)
        Without gaps.
    season_length : int
        Observations in a cycle.
    detrended : bool
        Whether the trend that :func:`seasonal_index` finds is taken off first, and the limit is
        that of noise.

    Notes
    -----
    ``|r_m| > 1.645 sqrt((1 + 2 sum(r_1^2 ... r_(m-1)^2)) / n)`` (Bartlett). Fewer than three
    cycles, or a constant, are not called seasonal. A trend makes every autocorrelation large, and
    so does a strong season itself, and with them the limit: four years of either are missed.
    `detrended` asks whether ``r_m > 1.645 / sqrt(n)`` instead; what is found by chance,
    :func:`seasonal_index` draws towards zero.

    References
    ----------
    Assimakopoulos and Nikolopoulos (2000), doi:10.1016/S0169-2070(00)00066-2.

    Examples
    --------
    >>> is_seasonal(np.tile([1.0, 5.0, 3.0, 2.0], 6), 4), is_seasonal(np.arange(24.0), 4)
    (True, False)
    >>> trending = np.tile([1.0, 5.0, 3.0, 2.0], 6) + np.arange(24.0)
    >>> is_seasonal(trending, 4), is_seasonal(trending, 4, detrended=True)
    (False, True)
    """
    n = len(y)
    if season_length < 2 or n < _FEWEST_CYCLES * season_length:
        return False
    deviation = y - _carried_trend(y, season_length) if detrended else y
    deviation = deviation - deviation.mean()
    variance = float(deviation @ deviation)
    if variance <= 0:
        return False
    lags = range(1, season_length + 1)
    r = np.array([deviation[lag:] @ deviation[:-lag] for lag in lags]) / variance
    if detrended:
        return bool(r[-1] > _NORMAL_95 / np.sqrt(n))
    limit = _NORMAL_95 * np.sqrt((1 + 2 * float(r[:-1] @ r[:-1])) / n)
    return bool(abs(r[-1]) > limit)


def seasonal_index(y: Array, season_length: int) -> tuple[Array, float]:
    """Return the additive seasonal effect of each place in the cycle, and the share of it kept.

    Parameters
    ----------
    y : array (n,)
        Without gaps, at least three cycles. Logs give a multiplicative season.
    season_length : int
        Observations in a cycle.

    Returns
    -------
    array (season_length,)
        Effect of observations 0, 1, ... of the cycle that starts with ``y[0]``; they add up to
        zero.
    float
        One less the James-Stein factor: 0 where scatter explains all of it, 1 where nothing.

    Notes
    -----
    Classical decomposition: centred moving average of one cycle, carried to both ends with half
    its slope there; deviations averaged for each place, recent cycles counting more (0.9 a
    cycle). The effects are then drawn towards zero by the James-Stein factor, as far as the
    scatter within places explains their spread (Miller and Williams 2003,
    doi:10.1016/S0169-2070(02)00077-8).

    Examples
    --------
    >>> index, share = seasonal_index(np.tile([1.0, 2.0, 3.0], 5), 3)
    >>> index.round(2).tolist(), share
    ([-1.0, -0.0, 1.0], 1.0)
    """
    n, m = len(y), season_length
    deviation = y - _carried_trend(y, m)
    place = np.arange(n) % m
    weight = _YEARLY_WEIGHT ** ((n - 1 - np.arange(n)) // m)
    of_place = np.bincount(place, weight, m)
    effect = np.bincount(place, weight * deviation, m) / of_place
    effect = effect - effect.mean()
    scatter = deviation - effect[place]
    seen = float(np.mean(of_place**2 / np.bincount(place, weight**2, m)))
    noise = float(scatter @ scatter) / max(n - m, 1) / seen
    spread = float(effect @ effect)
    drawn = min(1.0, max(m - 3, 0) * noise / spread) if spread > 0 else 1.0
    return effect * (1 - drawn), 1 - drawn


def _carried_trend(y: Array, m: int) -> Array:
    """Return the centred moving average of a cycle, carried to both ends with half its slope."""
    kernel = np.ones(m) / m if m % 2 else np.r_[0.5, np.ones(m - 1), 0.5] / m
    half = len(kernel) // 2
    inner = np.convolve(y, kernel, "valid")
    reach = min(6, len(inner) - 1)
    slope_before = (inner[reach] - inner[0]) / max(reach, 1) / 2
    slope_after = (inner[-1] - inner[-1 - reach]) / max(reach, 1) / 2
    steps = np.arange(1, half + 1)
    before = inner[0] - slope_before * steps[::-1]
    return np.concatenate([before, inner, inner[-1] + slope_after * steps])
