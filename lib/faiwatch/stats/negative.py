"""Is growth negative, by which definition, and since when.

Three definitions are kept apart, because "negative for N months" means different things:

- ``ytd`` : the published year-to-date growth itself; of a monthly series that of the month, which
  is its ``block`` too;
- ``block`` : the implied growth of the month (January and February together);
- ``rolling3`` : the last three blocks together.

A block or window whose rounding band spans zero is ``indeterminate``, never negative. Method:
``docs/methods/flags-and-runs.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from faiwatch.core.phrases import texts_of
from faiwatch.data.reference import ScopeBreak, calendar_of
from faiwatch.data.schema import KEYS
from faiwatch.stats.cumulative import (
    MOST_RELEASES_LATE,
    Grid,
    grid_of,
    release_number,
    release_periods,
    releases_behind,
    series_of_rows,
)
from faiwatch.stats.growth import measures
from faiwatch.stats.scopes import scope_of_rows
from faiwatch.stats.spell import Spell

DEFINITIONS = texts_of("stats.words_definitions")
STATES = texts_of("stats.words_states")
SPELL_COLUMNS = [*KEYS, *Spell.__annotations__]


def flags(table: pd.DataFrame, *, as_of: str | None = None) -> pd.DataFrame:
    """Return the state of every release by every definition.

    Parameters
    ----------
    table : DataFrame
        Result of :func:`faiwatch.stats.growth.measures`, or plain observations, which are then
        measured with the default rounding.
    as_of : str, optional
        Month, ``YYYY-MM``, up to which releases are listed even when no figure reaches it.

    Returns
    -------
    DataFrame
        ``region_code indicator period definition state value_pct lo_pct hi_pct block_months``,
        ordered by region, indicator, definition and period. Every release from the first figure
        of a series to `as_of`, or to the last month of the table, has a row, so that a month
        nobody published shows as ``missing``. ``lo_pct``/``hi_pct`` are NaN where rounding
        leaves growth open.

    Notes
    -----
    ``ytd`` is negative when the published figure is below zero: it is what was published.
    ``block`` and ``rolling3`` are negative only when the whole band is.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "total",
    ...         "period": pd.PeriodIndex(["2025-07", "2025-08"], freq="M"),
    ...         "ytd_value_100m": [288229.0, 326111.0],
    ...         "ytd_yoy_pct": [1.6, 0.5],
    ...     }
    ... )
    >>> flagged = flags(frame)
    >>> flagged[flagged["period"] == "2025-08"].set_index("definition")["state"].to_dict()
    {'block': 'negative', 'rolling3': 'missing', 'ytd': 'non_negative'}
    """
    measured = table if "block_yoy_pct" in table.columns else measures(table)
    until = None if as_of is None else pd.Period(as_of, "M")
    grid = grid_of(measured, until=until)
    names = sorted(DEFINITIONS)
    value, lo, hi = (
        np.stack([grid.spread(measured[f"{name}_yoy{end}_pct"]) for name in names], axis=1)
        for end in ("", "_lo", "_hi")
    )
    state = np.select(
        [np.isnan(value), hi < 0, lo >= 0],
        _codes("missing", "negative", "non_negative"),
        *_codes("indeterminate"),
    )
    published = ["ytd"] if grid.calendar.is_cumulative else ["ytd", "block"]
    for place in map(names.index, published):
        told = value[:, place]
        state[:, place] = np.select(
            [np.isnan(told), told < 0], _codes("missing", "negative"), *_codes("non_negative")
        )
    wanted = np.broadcast_to(_released(grid, measured, until)[:, None, :], value.shape)
    row, which, column = np.nonzero(wanted)
    return pd.DataFrame(
        {name: grid.keys[name].array.take(row) for name in KEYS}
        | {
            "period": release_periods(grid.first + column, grid.calendar),
            "definition": pd.Categorical.from_codes(which, pd.Index(names)),
            "state": pd.Categorical.from_codes(state[wanted], pd.Index(STATES)),
            "value_pct": value[wanted],
            "lo_pct": lo[wanted],
            "hi_pct": hi[wanted],
            "block_months": replace(grid, column=column).block_months,
        }
    )


def runs(
    flagged: pd.DataFrame, *, across_years: bool = True, breaks: Iterable[ScopeBreak] = ()
) -> pd.DataFrame:
    """Return the runs of consecutive negative releases.

    Parameters
    ----------
    flagged : DataFrame
        Result of :func:`flags`.
    across_years : bool
        Whether a run goes on over the year end, where a year-to-date figure starts anew.
    breaks : iterable of ScopeBreak, optional
        A run ends where figures on either side of a break must not be joined.

    Returns
    -------
    DataFrame
        ``region_code indicator definition start end n_releases n_months ongoing lowest_pct
        is_lower_bound``. ``n_releases`` and ``n_months`` differ by the January-February
        releases in the run and always travel together. ``ongoing`` says that the run
        reaches the last release with published growth, and that this is at most three releases
        behind the last month looked at. ``is_lower_bound`` says that the run begins with the first
        release held, or that a release beside it is missing or indeterminate: the true run may be
        longer.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "total",
    ...         "period": pd.PeriodIndex(["2020-02", "2020-03", "2020-09"], freq="M"),
    ...         "ytd_yoy_pct": [-24.5, -16.1, 0.8],
    ...     }
    ... )
    >>> found = runs(flags(frame))
    >>> found[found["definition"] == "ytd"][["n_releases", "n_months", "ongoing"]].values.tolist()
    [[2, 3, False]]
    """
    table, series = _in_order(flagged)
    negative = (table["state"] == "negative").to_numpy()
    is_open = table["state"].isin(["missing", "indeterminate"]).to_numpy()
    new_series = np.diff(series, prepend=-1) != 0
    goes_on = negative & ~new_series & np.roll(negative, 1)
    scope = scope_of_rows(table, breaks)
    goes_on &= scope == np.roll(scope, 1)
    if not across_years:
        new_year = calendar_of(table["indicator"]).first_month
        goes_on &= (table["period"].dt.month != new_year).to_numpy()
    start = np.flatnonzero(negative & ~goes_on)
    end = np.flatnonzero(negative & ~np.append(goes_on[1:], False))
    months = np.cumsum(table["block_months"].to_numpy())
    ongoing = _reaches_the_end(table)[end]
    open_before = new_series | np.roll(is_open, 1)
    open_after = np.append(~new_series[1:] & is_open[1:], False)
    first = table.iloc[start]
    value = np.where(negative, table["value_pct"], np.inf)
    return pd.DataFrame(
        {name: first[name].array for name in KEYS}
        | {
            "definition": first["definition"].astype("str").array,
            "start": first["period"].array,
            "end": table["period"].iloc[end].array,
            "n_releases": end - start + 1,
            "n_months": months[end] - months[start] + first["block_months"].to_numpy(),
            "ongoing": ongoing,
            "lowest_pct": np.minimum.reduceat(value, start) if len(start) else value[:0],
            "is_lower_bound": open_before[start] | (open_after[end] & ~ongoing),
        },
        columns=SPELL_COLUMNS,
    )


def _reaches_the_end(table: pd.DataFrame) -> np.ndarray:
    """Mark the rows of each series' last release with published growth, unless it is long ago."""
    series, _ = series_of_rows(table, KEYS)
    number = release_number(table["period"], calendar_of(table["indicator"]))
    published = ((table["definition"] == "ytd") & (table["state"] != "missing")).to_numpy()
    last, asked = np.full((2, series.max(initial=-1) + 1), -1)  # no release has a number below 0
    np.maximum.at(last, series[published], number[published])
    np.maximum.at(asked, series, number)
    return np.asarray((number == last[series]) & ((asked - last)[series] <= MOST_RELEASES_LATE))


def _in_order(flagged: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Return flags sorted by series, definition and period, and the number of each row's series."""
    series, _ = series_of_rows(flagged, [*KEYS, "definition"])
    place = series * 100_000 + release_number(flagged["period"], calendar_of(flagged["indicator"]))
    if (np.diff(place) > 0).all():
        return flagged, series
    order = np.argsort(place, kind="stable")
    return flagged.iloc[order], series[order]


def current_spell(found: pd.DataFrame, definition: str) -> pd.Series | None:
    """Return the run that is still going on by one definition, or None.

    Parameters
    ----------
    found : DataFrame
        Runs of one series.
    definition : str
        ``ytd``, ``block`` or ``rolling3``.
    """
    going_on = found[found["ongoing"] & (found["definition"] == definition)]
    return None if going_on.empty else going_on.iloc[-1]


def _released(grid: Grid, measured: pd.DataFrame, until: pd.Period | None) -> np.ndarray:
    """Mark the releases from the first figure of each series to the last month looked at."""
    known = np.isfinite(grid.spread(pd.Series(np.ones(len(measured)))))
    if known.size == 0:
        return known
    last = release_number(measured["period"], grid.calendar).max()
    if until is not None:
        last += releases_behind(measured["period"].max(), until, grid.calendar)
    column = np.arange(grid.width)
    return np.asarray((column >= known.argmax(axis=1)[:, None]) & (column <= last - grid.first))


def _codes(*states: str) -> list[int]:
    return [list(STATES).index(state) for state in states]
