"""Read a day in every spelling: dates, 2026-08-15, 2026年8月15日, 20260815, serials, 8月中旬.

Plans often name a month or a year only. Such a cell stands for the last day of what it names, so
that nothing is overdue before it can be, and the report says so.
"""

from __future__ import annotations

import calendar
import datetime
import re
from typing import NamedTuple

from faiwatch.core.text import fold
from faiwatch.ingest.dates import EPOCH, FIRST_SERIAL, LAST_SERIAL, may_be_october, read_period
from faiwatch.ingest.values import Value, shown

_DAY = re.compile(
    r"((?:19[5-9]|20\d)\d)(?:[年./\-](1[0-2]|0?[1-9])[月./\-](3[01]|[12]\d|0?[1-9])[日号]?"
    r"|(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9]))(?:t?\d{1,2}:\d\d(?::\d\d(?:\.0+)?)?)?"
)
_DAY_WITHOUT_YEAR = re.compile(r"(1[0-2]|0?[1-9])月(3[01]|[12]\d|0?[1-9])[日号]")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_TEN_DAYS = {"上旬": 10, "中旬": 20, "下旬": 31}


class Day(NamedTuple):
    """A day as far as a cell tells it.

    Attributes
    ----------
    date : date or None
        None = the year is told neither by the cell nor by the caller.
    rule : str
        Rule applied, see :mod:`faiwatch.ingest.rules`; empty when it was spelt ``YYYY-MM-DD``.
    """

    date: datetime.date | None
    rule: str


def read_day(value: Value, *, year: int | None = None) -> Day | None:
    """Return the day that a cell names, or None when it names none or more than one.

    Parameters
    ----------
    value : str, float, date
        A cell.
    year : int, optional
        Of cells that leave it out.

    Examples
    --------
    >>> read_day("2026年8月5日").date.isoformat(), read_day(46239.0).date.isoformat()
    ('2026-08-05', '2026-08-05')
    >>> read_day("2026.2"), read_day("8月中旬", year=2026).date.isoformat()
    (Day(date=datetime.date(2026, 2, 28), rule='day_missing'), '2026-08-20')
    >>> read_day("9月").date is None, read_day(2026.1) is None, read_day("尽快") is None
    (True, True, True)
    """
    if isinstance(value, datetime.datetime):
        return Day(value.date(), "")
    if isinstance(value, datetime.date):
        return Day(value, "")
    if isinstance(value, float | int) and not isinstance(value, bool):
        if FIRST_SERIAL <= value < LAST_SERIAL + 1:
            return Day(EPOCH + datetime.timedelta(days=int(value)), "date_serial")
        value = shown(value)
    if not isinstance(value, str) or may_be_october(value):
        return None
    return _of_text(re.sub(r"\s+", "", fold(value)).casefold(), year)


def _of_text(text: str, year: int | None) -> Day | None:
    if match := _DAY.fullmatch(text):
        parts = (match[1], match[2] or match[4], match[3] or match[5])
        return _checked(*map(int, parts), rule="" if _ISO.fullmatch(text) else "date_text")
    if match := _DAY_WITHOUT_YEAR.fullmatch(text):
        return Day(None, "") if year is None else _checked(year, int(match[1]), int(match[2]))
    ten_days = _TEN_DAYS.get(text[-2:])
    when = read_period(text[:-2] if ten_days else text)
    if when is None or (ten_days and when.month is None):
        return None
    if (known := when.year or year) is None:
        return Day(None, "")
    month = when.month or 12
    last = calendar.monthrange(known, month)[1]
    return Day(datetime.date(known, month, min(ten_days or last, last)), "day_missing")


def _checked(year: int, month: int, day: int, *, rule: str = "date_text") -> Day | None:
    try:
        return Day(datetime.date(year, month, day), rule)
    except ValueError:
        return None
