"""The release calendar as arithmetic: eleven releases a year, no January; or twelve.

Series are laid out as a dense grid, one row per series and one column per release, so that
"the release before" is the column to the left and "a year ago" is eleven columns to the left,
twelve of a monthly series (:mod:`faiwatch.data.calendars`). Missing months stay NaN in the grid;
nothing is ever filled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.calendars import CUMULATIVE, Calendar
from faiwatch.data.reference import calendar_of
from faiwatch.data.schema import KEYS, NO_JANUARY, STANDS_TWICE

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

RELEASES_A_YEAR = 11
LATEST = "latest"
MOST_RELEASES_LATE = 3


def release_number(
    periods: pd.Series | pd.PeriodIndex, calendar: Calendar = CUMULATIVE
) -> Integers:
    """Return consecutive numbers of releases: February is 0 within its year, December 10.

    Parameters
    ----------
    periods : Series or PeriodIndex of monthly Period
        Without January, unless the calendar is monthly: then January is 0 and December 11.
    calendar : Calendar
        Of the series.

    Examples
    --------
    >>> release_number(pd.PeriodIndex(["2025-12", "2026-02", "2026-03"], freq="M")).tolist()
    [22285, 22286, 22287]
    """
    # ordinals of monthly periods count from 1970-01
    years, months = np.divmod(np.asarray(pd.PeriodIndex(periods, freq="M").asi8), 12)
    return np.asarray((years + 1970) * calendar.a_year + months + 1 - calendar.first_month)


def release_periods(numbers: Integers, calendar: Calendar = CUMULATIVE) -> pd.PeriodIndex:
    """Return the months of release numbers (inverse of :func:`release_number`).

    Examples
    --------
    >>> release_periods(np.array([22285, 22286])).astype(str).tolist()
    ['2025-12', '2026-02']
    """
    years, within = np.divmod(numbers, calendar.a_year)
    return monthly_periods((years - 1970) * 12 + within + calendar.first_month - 1)


def monthly_periods(ordinals: Integers) -> pd.PeriodIndex:
    """Return months from their ordinals, which count from 1970-01."""
    return pd.PeriodIndex.from_ordinals(ordinals, freq="M")  # type: ignore[attr-defined,no-any-return]


@dataclass(frozen=True, slots=True)
class Grid:
    """Where each row of a table stands in the (series x release) grid.

    Attributes
    ----------
    keys : DataFrame
        ``region_code`` and ``indicator`` of each grid row, sorted.
    row, column : int arrays, length of the table
        Position of each table row.
    first : int
        Release number of column 0; always the first release of a year.
    width : int
        Number of columns, whole years.
    calendar : Calendar
        Of every series in it.
    """

    keys: pd.DataFrame
    row: Integers
    column: Integers
    first: int
    width: int
    calendar: Calendar = CUMULATIVE

    def spread(self, values: pd.Series) -> Array:
        """Lay a column of the table out as (series x release), NaN where there is no row."""
        grid = np.full((len(self.keys), self.width), np.nan)
        grid[self.row, self.column] = values.to_numpy(dtype=np.float64)
        return grid

    def gather(self, grid: Array) -> Array:
        """Read the grid back in the order of the table's rows."""
        return np.asarray(grid[self.row, self.column])

    @property
    def is_block(self) -> npt.NDArray[np.bool_]:
        """Whether what is published in each column is a block: Jan-Feb, or any single month."""
        first = np.arange(self.width) % self.calendar.a_year == 0
        return np.asarray(first | (not self.calendar.is_cumulative))

    @property
    def block_months(self) -> Integers:
        """Months of each row's block: two in January-February."""
        is_first = self.column % self.calendar.a_year == 0
        return np.where(is_first, self.calendar.first_month, 1)


def series_of_rows(
    table: pd.DataFrame, by: list[str], *, parts: Integers | None = None
) -> tuple[Integers, Integers]:
    """Return the number of each row's series, in the order of its keys, and a row of each.

    `parts` divides a series further, for instance at a change of scope.

    Examples
    --------
    >>> table = pd.DataFrame({"region_code": ["610000", "000000", "610000"]})
    >>> which, example = series_of_rows(table, ["region_code"])
    >>> which.tolist(), example.tolist()
    ([1, 0, 1], [1, 0])
    """
    number = np.zeros(len(table), dtype=np.int64)
    for name in by:
        codes, values = pd.factorize(table[name], sort=True)
        number = number * len(values) + codes
    if parts is not None and len(parts):
        number = number * (parts.max() + 1) + parts
    which, found = pd.factorize(number, sort=True)
    example = np.zeros(len(found), dtype=np.int64)
    example[which[::-1]] = np.arange(len(table))[::-1]
    return which, example


def grid_of(
    table: pd.DataFrame, *, until: pd.Period | None = None, parts: Integers | None = None
) -> Grid:
    """Return the grid of an Observations table.

    Parameters
    ----------
    table : DataFrame
        Observations.
    until : Period, optional
        Month that the grid reaches even when no figure does.
    parts : int array, optional
        Divides series into parts with grid rows of their own, so that nothing is computed across.

    Raises
    ------
    ParameterError
        Some series are monthly and some cumulative.
    DataInvalidError
        A January row, or the same month of a series twice: either would silently overwrite
        another figure of the grid.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "region_code": ["000000"] * 2,
    ...         "indicator": ["total"] * 2,
    ...         "period": pd.PeriodIndex(["2025-12", "2026-02"], freq="M"),
    ...     }
    ... )
    >>> grid = grid_of(frame)
    >>> grid.column.tolist(), grid.width
    ([10, 11], 22)
    """
    calendar = calendar_of(table["indicator"])
    numbers, year = release_number(table["period"], calendar), calendar.a_year
    if len(numbers) == 0:
        return Grid(table[KEYS].copy(), numbers, numbers, 0, year)  # no series, a year
    which, first_rows = series_of_rows(table, KEYS, parts=parts)
    keys = table[KEYS].iloc[first_rows].reset_index(drop=True)
    _refuse_collisions(table, which, numbers, calendar)
    first, last = int(numbers.min()) // year * year, int(numbers.max())
    reached = last if until is None else max(last, _due(until, calendar))
    years = reached // year - first // year + 1
    return Grid(keys, which, numbers - first, first, years * year, calendar)


def month_before(month: pd.Period) -> pd.Period:
    """Return the month of the release before; January has none.

    Examples
    --------
    >>> month_before(pd.Period("2026-02", "M")), month_before(pd.Period("2026-08", "M"))
    (Period('2025-12', 'M'), Period('2026-07', 'M'))
    """
    return CUMULATIVE.before(month)


def month_after(month: pd.Period) -> pd.Period:
    """Return the month of the release that follows; January has none.

    Examples
    --------
    >>> month_after(pd.Period("2026-12", "M")), month_after(pd.Period("2026-08", "M"))
    (Period('2027-02', 'M'), Period('2026-09', 'M'))
    """
    return CUMULATIVE.after(month)


def _due(month: pd.Period, calendar: Calendar) -> int:
    """Return the number of the release that should be known of a month."""
    # a January without a release has the number of the December before it
    return int(release_number(pd.PeriodIndex([month]), calendar)[0])


def releases_behind(last: pd.Period, as_of: pd.Period, calendar: Calendar = CUMULATIVE) -> int:
    """Return how many releases lie between the last figure and the one due for `as_of`.

    Examples
    --------
    >>> releases_behind(pd.Period("2026-08", "M"), pd.Period("2027-01", "M"))
    4
    """
    return max(_due(as_of, calendar) - _due(last, calendar), 0)


def refuse_late(last: pd.Period, as_of: pd.Period, calendar: Calendar = CUMULATIVE) -> None:
    """Raise `DataMissingError` when figures end too long before the month asked for.

    A release or two behind is answered and shown as late; more than three would be an answer
    about a month that nothing is known of.
    """
    if releases_behind(last, as_of, calendar) > MOST_RELEASES_LATE:
        raise DataMissingError(
            Text("数据未到所要求的月份", "the figures do not reach the month asked for"),
            where="as_of",
            got=str(as_of),
            allowed=say("stats.cumulative.figures_end", last=last),
            todo=Text("更新数据或改用较早的月份", "renew the figures or ask for an earlier as_of"),
        )


def _refuse_collisions(
    table: pd.DataFrame, series: Integers, numbers: Integers, calendar: Calendar
) -> None:
    months = pd.PeriodIndex(table["period"]).month
    place = series * 100_000 + numbers
    if (months < calendar.first_month).any():
        what = NO_JANUARY
        first = int((months == 1).argmax())
    elif (repeated := pd.Series(place).duplicated().to_numpy()).any():
        what = STANDS_TWICE
        first = int(np.argmax(repeated))
    else:
        return
    row = table.iloc[first]
    raise DataInvalidError(what, where=" ".join(str(row[name]) for name in (*KEYS, "period")))


def earlier(grid: Array, releases: int) -> Array:
    """Shift a grid right: each cell holds the value so many releases before it (NaN outside)."""
    shifted = np.full_like(grid, np.nan)
    if 0 < releases < grid.shape[1]:
        shifted[:, releases:] = grid[:, :-releases]
    return shifted


def ytd_to_block(ytd: Array, is_block: npt.NDArray[np.bool_]) -> Array:
    """Difference year-to-date values into blocks; the February block is January and February.

    Parameters
    ----------
    ytd : array (series, releases)
        NaN = not published; a missing month leaves its own block and the next one NaN.
    is_block : bool array (releases,)

    Examples
    --------
    >>> ytd_to_block(np.array([[5.0, 9.0, 7.0]]), np.array([True, False, True])).tolist()
    [[5.0, 4.0, 7.0]]
    """
    return np.where(is_block, ytd, ytd - earlier(ytd, 1))


def as_known(table: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return the rows whose reference month is not after `as_of`.

    Parameters
    ----------
    table : DataFrame
        Observations.
    as_of : str
        ``YYYY-MM``, or ``latest`` for everything.

    Raises
    ------
    DataMissingError
        When nothing is left; the message names the first month there is.

    Examples
    --------
    >>> frame = pd.DataFrame({"period": pd.PeriodIndex(["2025-12", "2026-02"], freq="M")})
    >>> len(as_known(frame, "2026-01"))
    1
    """
    if as_of == LATEST:
        return table.copy()
    known = table[table["period"] <= pd.Period(as_of, "M")]
    if known.empty and not table.empty:
        raise DataMissingError(
            say("stats.cumulative.no_figures", as_of=as_of),
            where="as_of",
            got=as_of,
            allowed=say(
                "stats.cumulative.span", first=table["period"].min(), last=table["period"].max()
            ),
        )
    return known.reset_index(drop=True)
