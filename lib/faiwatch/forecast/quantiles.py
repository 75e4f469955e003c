"""Quantiles of sample paths: what numpy's own say, at a fraction of the time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from faiwatch.stats.cumulative import Array


def quantiles(paths: Array, shares: Sequence[float] | Array) -> Array:
    """Return quantiles of paths at each release, linear between neighbours.

    Parameters
    ----------
    paths : array (..., paths, horizon)
        Finite throughout.
    shares : sequence of float
        From 0 to 1.

    Returns
    -------
    array (shares, ..., horizon)

    Notes
    -----
    Whole rows are sorted, which numpy does many times faster than it picks quantiles along an axis
    whose values lie apart; a track record asks for thousands.

    Examples
    --------
    >>> quantiles(np.array([[1.0, 30.0], [2.0, 10.0], [4.0, 20.0]]), [0.5, 0.75]).tolist()
    [[2.0, 20.0], [3.0, 25.0]]
    """
    ordered = np.sort(np.ascontiguousarray(np.swapaxes(paths, -1, -2)), axis=-1)
    place = np.asarray(shares) * (ordered.shape[-1] - 1)
    below = place.astype(int)
    above = np.minimum(below + 1, ordered.shape[-1] - 1)
    lower = ordered[..., below]
    found = lower + (place - below) * (ordered[..., above] - lower)
    return np.asarray(np.moveaxis(found, -1, 0))


def median(paths: Array) -> Array:
    """Return the median of paths at each release, see :func:`quantiles`."""
    return np.asarray(quantiles(paths, (0.5,))[0])
