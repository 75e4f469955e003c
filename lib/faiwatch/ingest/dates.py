"""Read a month in every spelling: 2020.9, 2020-09, 2020年9月, 1-9月, 202009, serials, dates.

A reading may know the year, the month or both; the rest comes from elsewhere in the table. No
release stands at January, so a number 2020.1 is October or nothing; see ``figures``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from faiwatch.core.text import fold
from faiwatch.ingest.values import Value, shown

_FIRST_YEAR, _LAST_YEAR = 1950, 2099
# Excel counts days from 1899-12-30 (it believes in 29 February 1900); 1980 to 2079 here.
EPOCH = datetime.date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 29221, 65745

_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CHINESE_MONTHS: Mapping[str, str] = {
    "十一月": "11月",
    "十二月": "12月",
    "十月": "10月",
    "十一": "11",
    "十二": "12",
    "十": "10",
}
_SPANS: Mapping[str, int] = {
    "一季度": 3,
    "第一季度": 3,
    "1季度": 3,
    "上半年": 6,
    "前三季度": 9,
    "前3季度": 9,
    "全年": 12,
    "h1": 6,
    "q1": 3,
}
_ENGLISH = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_YEAR = r"(?P<year>(?:19[5-9]|20\d)\d)"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_TO = r"(?:-|—|–|~|～|至|到|—|to)+"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_TAIL = r"(?:份|末|底)?(?:止)?(?:累计)?"
_SPELLINGS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # a window, with or without its year
        rf"(?:{_YEAR}年?[.\-/]?)?(?:0?1月?){_TO}{_MONTH}月{_TAIL}",
        rf"{_YEAR}年(?:0?1){_TO}{_MONTH}",
        rf"(?:{_YEAR}[./])?0?1{_TO}{_MONTH}",
        # one month
        rf"{_YEAR}年?{_MONTH}月{_TAIL}(?:{_DAY}日)?",
        rf"{_YEAR}[.\-/]{_MONTH}(?:[.\-/]{_DAY})?(?:[ t]00:00(?::00)?)?",
        rf"{_YEAR}m{_MONTH}",
        rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?:{_DAY})?",
        rf"{_MONTH}月{_TAIL}",
        rf"{_MONTH}/{_YEAR}",
        # a year alone
        rf"{_YEAR}(?:年度?)?",
        rf"(?P<year>\d\d)年{_MONTH}月{_TAIL}",
    )
]
_YEAR_POINT_ONE = re.compile(r"(?:19[5-9]|20\d)\d\.1")
_WINDOWS = 3  # the first spellings say that they are year to date
_ENGLISH_SPELLING = re.compile(
    rf"(?:(?P<first>[a-z]{{3,9}})\.?\s*{_TO}\s*)?(?P<name>[a-z]{{3,9}})\.?(?:[ \-,']+{_YEAR})?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(rf"{_YEAR}[ \-]+(?P<rest>[a-z.\- ]+)", re.IGNORECASE)


class When(NamedTuple):
    """A month as far as a cell tells it.

    Attributes
    ----------
    year, month : int or None
        None = not told here.
    is_window : bool
        It says that it is the window from January, ``1-9月``.
    rule : str
        Rule applied; empty when it was spelt ``YYYY-MM``.
    """

    year: int | None
    month: int | None
    is_window: bool = False
    rule: str = "period_text"


def read_period(value: Value) -> When | None:
    """Return the month that a cell names, or None when it names none.

    Numbers are taken as months only where months are expected, so call this for such cells.

    Examples
    --------
    >>> read_period("2020年1-9月")[:3], read_period("202009")[:2], read_period(44075)[:2]
    ((2020, 9, True), (2020, 9), (2020, 9))
    >>> read_period("九月")[:2], read_period("Jan-Sep 2020")[:3], read_period("2020.13") is None
    ((None, 9), (2020, 9, True), True)
    """
    if isinstance(value, datetime.date):  # a datetime is one too
        return _of_date(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _of_number(float(value))
    return _of_text(value) if isinstance(value, str) else None


def _of_date(date: datetime.date) -> When | None:
    """Take the first or last day of a month; 2020-01-09 may be ``1-9`` that a program changed."""
    last_day = (date + datetime.timedelta(days=1)).day == 1
    if date.day != 1 and not last_day:
        return None
    return When(date.year, date.month)


def _of_number(number: float) -> When | None:
    if number.is_integer():
        whole = int(number)
        if FIRST_SERIAL <= whole <= LAST_SERIAL:
            found = _of_date(EPOCH + datetime.timedelta(days=whole))
            return found and found._replace(rule="period_serial")
        if 1 <= whole <= 12:
            return When(None, whole)
        return _of_text(str(whole))
    return _of_text(f"{number:.15g}")


@lru_cache(maxsize=65536)
def _of_text(given: str) -> When | None:
    text = re.sub(r"\s+", " ", fold(given))
    if not text or len(text) > 40:
        return None
    rule = "" if re.fullmatch(r"\d{4}-\d\d", given) else "period_text"
    tight = _in_digits(text.replace(" ", ""))
    for number, spelling in enumerate(_SPELLINGS):
        if match := spelling.fullmatch(tight):
            return _checked(match.groupdict(), number < _WINDOWS, rule)
    return _of_span(tight) or _of_english(text)


def _in_digits(text: str) -> str:
    for word, digits in _CHINESE_MONTHS.items():
        text = text.replace(word, digits)
    return text.translate(_DIGITS) if re.search(r"[年月]", text) else text


def _of_span(text: str) -> When | None:
    match = re.fullmatch(rf"(?:{_YEAR}年?)?(?P<span>\D.*|1季度)", text)
    if match is None or match["span"].casefold() not in _SPANS:
        return None
    year = int(match["year"]) if match["year"] else None
    return When(year, _SPANS[match["span"].casefold()], is_window=True)


def _of_english(text: str) -> When | None:
    if match := _YEAR_FIRST.fullmatch(text):
        text = f"{match['rest'].strip()} {match['year']}"
    match = _ENGLISH_SPELLING.fullmatch(text)
    if match is None:
        return None
    first, month = match["first"], _ENGLISH.get(match["name"].casefold())
    if month is None or (first is not None and _ENGLISH.get(first.casefold()) != 1):
        return None
    year = int(match["year"]) if match["year"] else None
    return When(year, month, is_window=first is not None)


def _checked(groups: Mapping[str, str | None], is_window: bool, rule: str) -> When | None:
    year, month = groups.get("year"), groups.get("month")
    number = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    if number is not None and not _FIRST_YEAR <= number <= _LAST_YEAR:
        return None
    if groups.get("day"):  # by way of a date: 2026-01-09 may be "1-9" that a program changed
        try:
            date = datetime.date(number or 0, int(month or 0), int(groups["day"] or 0))
        except ValueError:
            return None
        found = _of_date(date)
        return found and found._replace(rule=rule)
    return When(number, None if month is None else int(month), is_window, rule)


def october_in(values: Sequence[Value], place: int) -> bool:
    """Whether a number 2020.1 among months is October, as its neighbours tell.

    Spreadsheets keep 2020.10 as the number 2020.1. Beside 2020.9 or 2020.11 it is October.

    Examples
    --------
    >>> october_in([2020.9, 2020.1, 2020.11], 1), october_in([2020.1, 2020.2], 0)
    (True, False)
    """
    if not may_be_october(values[place]):
        return False
    year = int(float(str(values[place])))
    near = {shown(one) for one in values[max(place - 1, 0) : place + 2]}
    return bool(near & {f"{year}.9", f"{year}.09", f"{year}.11"})


def january_in(values: Sequence[Value], place: int) -> bool:
    """Whether a number 2020.1 among months is January, as its neighbours tell.

    Examples
    --------
    >>> january_in([2020.1, 2020.2], 0), january_in([2020.1], 0)
    (True, False)
    """
    year = int(float(shown(values[place])))
    near = {shown(one) for one in values[max(place - 1, 0) : place + 2]}
    return bool(near & {f"{year}.2", f"{year}.02", f"{year - 1}.12"})


def may_be_october(value: Value) -> bool:
    """Whether a cell reads 2020.1 and may have lost a zero.

    Examples
    --------
    >>> may_be_october(2020.1), may_be_october("2020.10"), may_be_october("2020.01")
    (True, False, False)
    """
    if isinstance(value, str):
        return _YEAR_POINT_ONE.fullmatch(value) is not None
    return isinstance(value, float) and _YEAR_POINT_ONE.fullmatch(shown(value)) is not None
