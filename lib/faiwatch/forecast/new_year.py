"""What published growth itself says of the releases to come, and the one distribution of all.

Single months late in a year carry revisions of the months before them; February starts afresh. So
the growth of blocks leads astray across the turn of the year, and published year-to-date growth,
modelled as it stands, has a say that is learnt from the turns so far. Method:
``docs/methods/series-for-models.md``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from faiwatch.forecast.event_base import events_held
from faiwatch.forecast.quantiles import median
from faiwatch.stats.cumulative import RELEASES_A_YEAR, Array

WITHIN = 0.25  # what published growth has to say within a year, and two years on
_SHARPNESS = 4.0  # of errors: the better of two says most
_FEWEST_PAIRS = 10
_TURNS = 12  # of the year that are learnt from: how figures are revised has changed since
_UNKNOWN = 0.5
_LATE = slice(4, None)  # June to December: from where the next year is asked about
_LEAST_FALL = 1e-6
_FULL_BY = 12  # releases: from here on the own share has all its weight
_OF_TOTAL, _OF_PART = 0.5, 0.25  # of the own share: parts change more than the total does


def own_share_weight(known: int, horizon: int, *, is_total: bool = True) -> Array:
    """Return how much the own share of negative releases counts at each release ahead.

    Parameters
    ----------
    known : int
        Releases known, a February first; 0 where nothing is summed over the year.
    horizon : int
        Releases ahead.
    is_total : bool
        Whether it is total investment, not a part of it.

    Notes
    -----
    Nothing within the year of the origin, whose sum so far stands; from the next one on, twelve
    releases ahead, as much as the paths (a part: half the weight), and in proportion before.

    Examples
    --------
    >>> own_share_weight(19, 14).round(2).tolist()
    [0.0, 0.0, 0.0, 0.14, 0.18, 0.23, 0.27, 0.32, 0.36, 0.41, 0.45, 0.5, 0.5, 0.5]
    """
    ahead = np.arange(horizon)
    most = _OF_TOTAL if is_total else _OF_PART
    is_later = (known + ahead) // RELEASES_A_YEAR > (known - 1) // RELEASES_A_YEAR
    return np.where(is_later, most * np.minimum(ahead / (_FULL_BY - 1), 1), 0.0)


def share_of_published(
    growth: Array, level: Array, horizon: int, *, is_event: npt.NDArray[np.bool_]
) -> Array:
    """Return how much published growth, modelled as it stands, says of each release to come.

    Parameters
    ----------
    growth : array (n,)
        Published year-to-date growth as it is modelled, a February first; NaN = not known or an
        event.
    level : array (n,)
        Single blocks on the comparable basis.
    horizon : int
        Releases ahead.
    is_event : array of bool (n,)
        Whether the block is one that no series could announce.

    Returns
    -------
    array (horizon,)
        From 0 to 1.

    Notes
    -----
    Of every release of the last twelve years, told from June to December of the year before: the
    median error when published growth stays (``a``) and when the growth of the last three blocks
    does (``b``). The share is ``b^4 / (a^4 + b^4)``, never more than the one before it and
    never less than a quarter; a quarter within the year of the origin and after the next one. Of
    February it is all where published growth was the better: the year starts afresh. And none
    where the year to date holds an event: only blocks know what the sum so far is.
    """
    m = RELEASES_A_YEAR
    oldest = max(-(-len(growth) // m) - _TURNS - 1, 0) * m
    growth, level, is_event = growth[oldest:], level[oldest:], is_event[oldest:]
    n = len(growth)
    ahead = n + np.arange(horizon)
    year = ahead // m - (n - 1) // m
    learnt = np.full(m, _UNKNOWN)
    years = -(-n // m)
    spare = np.full(years * m - n, np.nan)
    stays = np.concatenate([growth, spare]).reshape(years, m)
    goes_on = np.concatenate([_last_three(level), spare]).reshape(years, m)
    apart = [
        np.abs(stays[1:, :, None] - before[:-1, None, _LATE]).transpose(1, 0, 2).reshape(m, -1)
        for before in (stays, goes_on)
    ]
    known = np.isfinite(apart[0]) & np.isfinite(apart[1])
    for place in np.flatnonzero(known.sum(axis=1) >= _FEWEST_PAIRS):
        a, b = (median(errors[place, known[place], None])[0] ** _SHARPNESS for errors in apart)
        learnt[place] = b / (a + b) if a + b > 0 else _UNKNOWN
    learnt = np.maximum(np.minimum.accumulate(learnt), WITHIN)
    if learnt[0] > _UNKNOWN:
        learnt[0] = 1.0
    share = np.where(year == 1, learnt[ahead % m], WITHIN)
    return np.where(events_held(is_event, n + horizon)[n:], 0.0, share)


def _last_three(level: Array) -> Array:
    """Return the growth of the last three blocks together over a year, percent."""
    m = RELEASES_A_YEAR
    found = np.full(len(level), np.nan)
    if len(level) >= m + 3:
        three = np.convolve(level, np.ones(3), "valid")
        before = three[:-m]
        ratio = three[m:] / np.where(before > 0, before, np.nan)
        found[m + 2 :] = 100 * (ratio - 1)
    return found


def between(paths: Array, others: Array, share: Array) -> Array:
    """Return paths whose quantiles lie between those of two sets, each path at its old rank.

    Parameters
    ----------
    paths : array (paths, horizon)
        The order of these stays.
    others : array (any number, horizon)
        The other distribution.
    share : array (horizon,)
        Of the other, 0 to 1.

    Examples
    --------
    >>> between(np.array([[4.0], [0.0]]), np.array([[6.0], [10.0]]), np.array([0.5])).ravel()
    array([7., 3.])
    """
    ranks = (np.arange(len(paths)) + 0.5) / len(paths)
    place = np.clip(ranks * len(others) - 0.5, 0, len(others) - 1)
    below, part = place.astype(int), place % 1
    other = np.sort(others, axis=0)
    above = other[np.minimum(below + 1, len(others) - 1)]
    quantiles = (1 - part[:, None]) * other[below] + part[:, None] * above
    order = np.argsort(paths, axis=0, kind="stable")
    mixed = (1 - share) * np.take_along_axis(paths, order, axis=0) + share * quantiles
    found = np.empty_like(paths)
    np.put_along_axis(found, order, mixed, axis=0)
    return found


def reweighted(paths: Array, *, below: float, share: float, weight: Array) -> Array:
    """Return paths of which as many are negative as the paths and an own share say together.

    Parameters
    ----------
    paths : array (paths, horizon)
        Sample paths.
    below : float
        What is negative: less than this.
    share : float
        Own share of negative releases.
    weight : array (horizon,)
        Of the own share, 0 to 1.

    Returns
    -------
    array (paths, horizon)
        Equally likely paths again, each at its old rank: as if negative ones had been drawn with
        another weight than the rest, so mean, quantiles and probabilities still agree. Where
        no path is on a side, that side is the figure next to zero.

    Examples
    --------
    >>> two_thirds = np.array([[-3.0], [-2.0], [1.0], [-1.0], [2.0], [-4.0]])
    >>> moved = reweighted(two_thirds, below=0.0, share=0.0, weight=np.array([0.5]))
    >>> (moved < 0).mean().round(2), (np.argsort(moved[:, 0]) == np.argsort(two_thirds[:, 0])).all()
    (np.float64(0.33), np.True_)
    """
    n = len(paths)
    found = paths.copy()
    for step, w in enumerate(weight):
        known = int((paths[:, step] < below).sum())
        count = round((1 - w) * known + w * share * n)
        if count == known:
            continue
        order = np.argsort(paths[:, step], kind="stable")
        x = paths[order, step]
        if x[0] == x[-1]:  # nothing open
            continue
        # a side without paths has the figure next to the edge
        fall = x[:known] if known else np.full(1, min(2 * below, -_LEAST_FALL))
        rise = x[known:] if known < n else np.full(1, below)
        told = [_drawn(side, size) for side, size in ((fall, count), (rise, n - count))]
        found[order, step] = np.concatenate(told)
    return found


def _drawn(side: Array, size: int) -> Array:
    """Return so many quantiles of sorted values, spread evenly."""
    ranks = (np.arange(size) + 0.5) / max(size, 1)
    return np.interp(ranks * (len(side) - 1), np.arange(len(side)), side)
