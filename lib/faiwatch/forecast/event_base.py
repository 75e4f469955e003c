"""Growth on a base that an event hit: modelled as an average over years, and put back.

A year after an event growth is high because its base is low: that is known, and no model of growth
knows it. What goes on is growth a year on average since the year before the event. Method:
``docs/methods/series-for-models.md``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from faiwatch.data.calendars import CUMULATIVE, Calendar
from faiwatch.stats.cumulative import Array

Flags = npt.NDArray[np.bool_]
_LOWEST = -90.0  # percent: growth on what is left of a base says nothing beyond


def events_held(is_event: Flags, releases: int, calendar: Calendar = CUMULATIVE) -> Flags:
    """Return whether what each release tells of, the year to date or a month, holds an event.

    Parameters
    ----------
    is_event : array of bool
        Event months among the releases known, a February first.
    releases : int
        How many are asked about, from the first one known on.
    calendar : Calendar
        Of the series.

    Examples
    --------
    >>> np.flatnonzero(events_held(np.arange(11) == 9, 33)).tolist()
    [9, 10]
    """
    held = np.zeros((-(-releases // calendar.a_year), calendar.a_year), dtype=bool)
    held.ravel()[: len(is_event)] = is_event
    if calendar.is_cumulative:
        held = np.logical_or.accumulate(held, axis=1)
    return held.ravel()[:releases]


def years_back(
    is_event: Flags, releases: int, calendar: Calendar = CUMULATIVE
) -> npt.NDArray[np.int64]:
    """Return over how many years growth of each release is averaged: one without an event.

    Two where the base holds an event, so that both years together stand on the one before it;
    three where the month of the event comes again after that, because its base is not yet what
    later months have come back to. Parameters are those of :func:`events_held`.

    Examples
    --------
    >>> years_back(np.arange(11) == 9, 44).reshape(4, 11)[:, 8:].tolist()
    [[1, 1, 1], [1, 2, 2], [1, 3, 1], [1, 1, 1]]
    """
    year = calendar.a_year
    years = -(-releases // year)
    held = events_held(is_event, years * year, calendar).reshape(years, year)
    again = np.zeros((years, year), dtype=bool)
    again.ravel()[: len(is_event)] = is_event
    found = np.ones((years, year), dtype=np.int64)
    for one in range(1, years):
        has_low_base = held[one - 1] | (again[one - 2] if one > 1 else False)
        found[one] += has_low_base * found[one - 1]
    return found.ravel()[:releases]


def averaged(growth: Array, is_event: Flags, calendar: Calendar = CUMULATIVE) -> Array:
    """Return growth a year on average over :func:`years_back`, percent.

    Parameters
    ----------
    growth : array (n,)
        Published growth, percent, a February first; NaN = not known.
    is_event : array of bool (n,)
        Event months.
    calendar : Calendar
        Of the series.

    Examples
    --------
    >>> growth = np.r_[np.full(11, 5.0), np.full(11, -20.0), np.full(11, 40.0)]
    >>> averaged(growth, np.arange(33) == 11)[[10, 11, 22]].round(1).tolist()
    [5.0, -20.0, 5.8]
    """
    factor = 1 + np.maximum(growth, _LOWEST) / 100
    years = years_back(is_event, len(growth), calendar)
    found = growth.copy()
    for place in np.flatnonzero(years > 1):
        of_years = factor[place - calendar.a_year * np.arange(years[place])]
        if np.isfinite(of_years).all():
            found[place] = 100 * of_years.prod() ** (1 / years[place]) - 100
    return found


def on_base(paths: Array, growth: Array, is_event: Flags, calendar: Calendar = CUMULATIVE) -> Array:
    """Return the growth that averages to come amount to, on the base that is known by then.

    Parameters
    ----------
    paths : array (paths, horizon)
        Growth a year on average, percent.
    growth : array (n,)
        Published growth up to the origin.
    is_event : array of bool (n,)
        Event months.
    calendar : Calendar
        Of the series.

    Examples
    --------
    >>> growth = np.r_[np.full(11, 5.0), np.full(11, -20.0)]
    >>> on_base(np.array([[5.0]]), growth, np.arange(22) == 11).round(1).tolist()
    [[37.8]]
    """
    known, told = len(growth), paths.copy()
    if not is_event.any():
        return told
    years = years_back(is_event, known + paths.shape[1], calendar)
    for step in np.flatnonzero(years[known:] > 1):
        earlier = known + step - calendar.a_year * np.arange(1, years[known + step])
        factor = 1 + np.maximum(paths[:, step], _LOWEST) / 100
        before = np.ones(len(paths))
        for place in earlier:
            of_year = growth[place] if place < known else told[:, place - known]
            of_year = 1 + np.maximum(of_year, _LOWEST) / 100
            before = before * np.where(np.isfinite(of_year), of_year, factor)
        told[:, step] = 100 * factor ** years[known + step] / before - 100
    return told
