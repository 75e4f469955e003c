"""Read months and days in every spelling, for figures and ledgers alike.

A month: 2020.9, 2020-09, 2020年9月, 1-9月, 202009, Sep-25, serials, dates. A reading may know the
year, the month or both; the rest comes from elsewhere in the table. No release stands at January,
so a number 2020.1 is October or nothing; see ``rows``. A quarter stands for its last month:
2025年二季度, 2Q 2025; 上半年, 2025Q1-Q3 are windows from January. A mark behind a month, 2026p, is
told apart from it.

A day: 2026-08-15, 2026年8月15日, 20260815, serials, 8月中旬. Plans often name a month or a year
only. Such a cell stands for the last day of what it names, so that nothing is overdue before it can
be, and the report says so.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import pandas as pd

from faiwatch.core.text import fold
from faiwatch.ingest.marks import Mark, mark_named
from faiwatch.ingest.values import Value, only, shown

# Excel counts days from 1899-12-30 (it believes in 29 February 1900); 1980 to 2079 here.
_EPOCH = datetime.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 29221, 65745

_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CHINESE_TENS = {"十一": "11", "十二": "12", "十": "10"}  # the longer first
Every = Literal["annual", "quarterly"]
_ENGLISH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ENGLISH = {"sept": 9} | {
    spelt: number
    for number, name in enumerate(_ENGLISH_NAMES, start=1)
    for spelt in (name, name[:3])
}
_YEAR = r"(?P<year>(?:19[5-9]|20\d)\d)"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_TO = r"(?:-|—|–|~|～|至|到|—|to)+"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_TAIL = r"(?:份|末|底)?(?:止)?(?:累计)?"
# before noon: a day that begins at another hour elsewhere, but not the evening before a month
_TIME = r"(?:t?(?:0?\d|1[01]):\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+\-]\d\d:?\d\d)?)?"


def _patterns(*patterns: str) -> list[re.Pattern[str]]:
    return [re.compile(pattern, re.IGNORECASE) for pattern in patterns]


_SPELLINGS = _patterns(
    # a window, with or without its year
    rf"(?:{_YEAR}年?[.\-/]?)?(?:0?1月?){_TO}{_MONTH}月{_TAIL}",
    rf"{_YEAR}年(?:0?1){_TO}{_MONTH}",
    rf"(?:{_YEAR}[./])?0?1{_TO}{_MONTH}",
    # one month
    rf"{_YEAR}年?{_MONTH}月{_TAIL}(?:{_DAY}日)?",
    rf"{_YEAR}[.\-/]{_MONTH}(?:[.\-/]{_DAY}{_TIME})?",
    rf"{_YEAR}-?m{_MONTH}",
    rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?:{_DAY})?",
    rf"{_MONTH}月{_TAIL}",
    rf"{_MONTH}[/.\-]{_YEAR}",
    rf"{_DAY}\.{_MONTH}\.{_YEAR}",
    # a year alone
    rf"{_YEAR}(?:年度?)?",
    rf"(?P<year>\d\d)年{_MONTH}月{_TAIL}",
)
_WINDOWS = 3  # the first spellings say that they are year to date
_EITHER_YEAR = r"(?P<year>(?:(?:19[5-9]|20\d)\d|[012]\d))"
_QUARTER = r"第?(?P<quarter>[一二两三四1-4]|i{1,3}|iv)"
_QUARTERS = _patterns(
    # from January
    rf"(?:{_YEAR}年?)?(?:前{_QUARTER}个?季度?|(?P<half>上半年|h1|1h)|(?P<whole>全年))",
    rf"(?:{_YEAR}年?)?第?[一1i](?:季度?)?{_TO}{_QUARTER}季度?(?:累计)?",
    rf"{_EITHER_YEAR}年?[\-/.]?q1{_TO}q?{_QUARTER}(?:累计)?",
    rf"q1{_TO}q?{_QUARTER}[\-/.,']?{_EITHER_YEAR}(?:累计)?",
    rf"(?:{_YEAR}年?)?(?:{_QUARTER}季度?|q{_QUARTER.replace('quarter', 'latin')})累计",
    rf"(?P<half>h1|1h)[\-/.,']?{_EITHER_YEAR}",
    rf"(?P<month>[369]|12)m[\-/.,']?{_EITHER_YEAR}",
    # one quarter
    rf"(?:{_YEAR}年?)?{_QUARTER}季度?",
    rf"(?:{_EITHER_YEAR}年?[\-/.]?)?(?:q{_QUARTER}|{_QUARTER.replace('quarter', 'latin')}q)",
    rf"(?:q{_QUARTER}|{_QUARTER.replace('quarter', 'latin')}q)[\-/.,']?{_EITHER_YEAR}",
    # a year of accounts
    rf"fy[\-/.']?{_EITHER_YEAR}|{_EITHER_YEAR.replace('year', 'other')}fy",
)
_FIRST_OF_ONE_QUARTER = 7  # the first of these spellings say that they are year to date
_QUARTER_NUMBERS = {"一": 1, "i": 1, "二": 2, "两": 2, "ii": 2, "三": 3, "iii": 3, "四": 4, "iv": 4}
_MARKED = re.compile(
    r"(?P<rest>.*[\d月季度年])\s*(?:[(\[](?P<inside>[^()\[\]]{1,13})[)\]]|(?P<bare>[a-z]|\*+|[①-⑳]))",
    re.IGNORECASE,
)
_WHOLE_NUMBER = re.compile(r"(?<=^\d{6})\.0+$|(?<=^\d{8})\.0+$")  # 201903.0, of a program
_ACTUAL = {"a", "actual", "实际"}
_YEAR_POINT_ONE = re.compile(r"(?:19[5-9]|20\d)\d\.1")
_ENGLISH_SPELLING = re.compile(
    rf"(?:(?P<first>[a-z]{{3,9}})\.?\s*{_TO}\s*)?(?P<name>[a-z]{{3,9}})\.?"
    rf"(?:[ \-,'./]*{_YEAR}|[\-'/](?P<short>\d\d))?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(rf"{_YEAR}[ \-]+(?P<rest>[a-z.\- ]+)", re.IGNORECASE)

_ENGLISH_DAYS = _patterns(
    rf"{_DAY}(?:st|nd|rd|th)?[ \-.]*(?P<name>[a-z]{{3,9}})[ \-.,']*{_EITHER_YEAR}",
    rf"(?P<name>[a-z]{{3,9}})[ .]*{_DAY}(?:st|nd|rd|th)?[ ,]*{_YEAR}",
    rf"{_YEAR}[ \-.]*(?P<name>[a-z]{{3,9}})[ \-.]*{_DAY}",
)
# the day of a release, and the month that it is about: Mar 14, 2019 (Feb)
_RELEASED = re.compile(r"(?P<day>[^()]+?) \((?P<name>[a-z]{3,9})\.?\)", re.IGNORECASE)

_DAY_SPELLING = re.compile(
    r"((?:19[5-9]|20\d)\d)(?:[年./\-](1[0-2]|0?[1-9])[月./\-](3[01]|[12]\d|0?[1-9])[日号]?"
    r"|(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9]))(?:t?\d{1,2}:\d\d(?::\d\d(?:\.0+)?)?)?"
)
_SLASHED = re.compile(r"(\d{1,2})[/\-](\d{1,2})[/\-]((?:19[5-9]|20\d)\d)(?: 0?0:00(?::00)?)?")
_SHORT = re.compile(r"(\d\d)[/.\-](\d{1,2})[/.\-](\d{1,2})")  # 24/2/29, year first
_DAY_WITHOUT_YEAR = re.compile(r"(1[0-2]|0?[1-9])月(3[01]|[12]\d|0?[1-9])[日号]")
_TEN_DAYS = {"上旬": 10, "中旬": 20, "下旬": 31}

# Months inside words: of a title, the name of a sheet or a file
_SINCE_JANUARY = r"(?:0?1\s*月?\s*[-—–−~至到]+\s*)?"
_INSIDE = _patterns(
    rf"(?<!\d){_YEAR}\s*[年.\-/_]\s*{_SINCE_JANUARY}{_MONTH}\s*月",
    rf"(?<!\d){_YEAR}[.\-/_年]?(?P<month>0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?(?!\d)",
    rf"(?<!\d){_YEAR}[.\-/_]{_MONTH}(?!\d)",
    rf"(?<![\d年.\-/_]){_SINCE_JANUARY}{_MONTH}\s*月",
)
_WORDS_INSIDE = re.compile(r"[a-z]{3,9}\.?[ \-]+20\d\d|20\d\d[ \-]+[a-z]{3,9}", re.IGNORECASE)
_BARE_YEAR = re.compile(r"(?<!\d)((?:19[5-9]|20\d)\d)(?!\d)")
# the day on which somebody filled the sheet in is not the month that it is about
_FILLED_IN = re.compile(r"(?:填报|填表|制表|报送|印发|打印)\w{0,2}(?:日期|时间)")


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
    every : {"annual", "quarterly"} or None
        It is a quarter, named by its last month, or a year of accounts.
    mark : str
        Mark behind it, see :mod:`faiwatch.ingest.marks`; empty when there is none.
    is_day : bool
        It is a day inside a month: whether it stands for its month is another question.
    """

    year: int | None
    month: int | None
    is_window: bool = False
    rule: str = "period_text"
    every: Every | None = None
    mark: Mark | Literal["", "footnote"] = ""
    is_day: bool = False


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


def read_period(value: Value) -> When | None:
    """Return the month that a cell names, or None when it names none.

    Numbers are taken as months only where months are expected, so call this for such cells.

    Examples
    --------
    >>> read_period("2020年1-9月")[:3], read_period("202009")[:2], read_period(44075)[:2]
    ((2020, 9, True), (2020, 9), (2020, 9))
    >>> read_period("九月")[:2], read_period("Jan-Sep 2020")[:3], read_period("2020.13") is None
    ((None, 9), (2020, 9, True), True)
    >>> read_period("2Q 2025")[:3], read_period("前三季度")[:3], read_period("Jan 2026p").mark
    ((2025, 6, False), (None, 9, True), 'provisional')
    """
    if isinstance(value, datetime.date):  # a datetime is one too
        return _of_date(value, "period_text")
    if isinstance(value, int | float) and not isinstance(value, bool):
        if float(value).is_integer():
            whole = int(value)
            if _FIRST_SERIAL <= whole <= _LAST_SERIAL:
                return _of_date(_EPOCH + datetime.timedelta(days=whole), "period_serial")
            if 1 <= whole <= 12:
                return When(None, whole)
        value = f"{value:.15g}"
    return _of_text(value) if isinstance(value, str) else None


def _of_date(date: datetime.date, rule: str) -> When | None:
    """Take the first or last day of a month; 2020-01-09 may be ``1-9`` that a program changed."""
    last_day = (date + datetime.timedelta(days=1)).day == 1
    return When(date.year, date.month, rule=rule) if date.day == 1 or last_day else None


@lru_cache(maxsize=65536)
def _of_text(given: str) -> When | None:
    text = re.sub(r"\s+", " ", fold(given)).strip()
    if not text or len(text) > 40:
        return None
    text = _WHOLE_NUMBER.sub("", text)
    when = _unmarked(text)
    if when is not None:
        return when._replace(rule="") if re.fullmatch(r"\d{4}-\d\d", given) else when
    match = _MARKED.fullmatch(text)
    if match is None:
        return None
    word = match["inside"] or match["bare"]
    mark: Mark | Literal["", "footnote"] | None
    mark = mark_named(word) or ("" if word.casefold() in _ACTUAL else None)
    if not word[0].isalpha():
        mark = "footnote"
    when = None if mark is None else _unmarked(match["rest"])
    # a letter behind a bare number is no mark of a month
    knows = when is not None and (when.year is not None or match["inside"] is not None)
    return when._replace(mark=mark) if when and knows and mark is not None else None


def _unmarked(text: str) -> When | None:
    tight = text.replace(" ", "")
    for word, digits in _CHINESE_TENS.items():
        tight = tight.replace(word, digits)
    if re.search(r"[年月]", tight):
        tight = tight.translate(_DIGITS)
    for number, spelling in enumerate(_SPELLINGS):
        if match := spelling.fullmatch(tight):
            year, month, day = map(match.groupdict().get, ("year", "month", "day"))
            if day:
                date = _valid(f"{year}-{month}-{day}")
                return _of_date(date, "period_text") if date else None
            return When(_year(year), _number(month), number < _WINDOWS)
    return _quarter(tight) or _in_english(text)


def _quarter(text: str) -> When | None:
    """Return the last month of the quarters that words name, or a year of accounts."""
    for number, spelling in enumerate(_QUARTERS):
        if match := spelling.fullmatch(text):
            said = match.groupdict()
            quarter = (said.get("quarter") or said.get("latin") or "").casefold()
            year = _year(said.get("year") or said.get("other"))
            is_window = number < _FIRST_OF_ONE_QUARTER
            month = _number(said.get("month"))
            if quarter:
                month = 3 * (_QUARTER_NUMBERS.get(quarter) or int(quarter))
            elif said.get("half"):
                month = 6
            elif said.get("whole"):
                month = 12
            every: Every = "quarterly" if month else "annual"
            return When(year, month, is_window or month == 3, every=every)
    return None


def _english_day(text: str) -> datetime.date | None:
    """Return the day of words such as 31-Mar-19, Mar 31, 2019 or 31 March 2019."""
    for spelling in _ENGLISH_DAYS:
        if (match := spelling.fullmatch(text)) and match["name"].casefold() in _ENGLISH:
            month = _ENGLISH[match["name"].casefold()]
            return _valid(f"{_year(match['year'])}-{month}-{match['day']}")
    return None


def _in_english(text: str) -> When | None:
    if day := _english_day(text):
        return _of_date(day, "period_text")
    if match := _RELEASED.fullmatch(text):
        day, month = _english_day(match["day"]), _ENGLISH.get(match["name"].casefold())
        if day is None or month is None:
            return None
        return When(day.year - (month > day.month), month)
    if match := _YEAR_FIRST.fullmatch(text):
        text = f"{match['rest'].strip()} {match['year']}"
    match = _ENGLISH_SPELLING.fullmatch(text)
    if match is None:
        return None
    first, month = match["first"], _ENGLISH.get(match["name"].casefold())
    if month is None or (first is not None and _ENGLISH.get(first.casefold()) != 1):
        return None
    return When(_year(match["year"] or match["short"]), month, is_window=first is not None)


def _year(digits: str | None) -> int | None:
    """Return a year of four digits or two; those from 50 on are of the last century."""
    if digits and len(digits) == 2:
        digits = f"{'19' if digits >= '50' else '20'}{digits}"
    return _number(digits)


def day_inside(value: Value) -> When | None:
    """Return the month of a cell that names a day inside it, such as the day of a release.

    Examples
    --------
    >>> day_inside("2025-10-20")[:2], day_inside("2025-10") is None, day_inside("尽快") is None
    ((2025, 10), True, True)
    """
    day = read_day(value)
    if day is None or day.date is None or day.rule == "day_missing":
        return None
    return When(day.date.year, day.date.month, is_day=True)


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _valid(date: str) -> datetime.date | None:
    """Return a date of numbers without zeros before them, or None when there is no such day."""
    try:
        return datetime.date(*map(int, date.split("-")))
    except ValueError:
        return None


def names_time(value: Value) -> bool:
    """Whether a cell names a month, a year or a day, in any order.

    Examples
    --------
    >>> names_time("2025-10-20"), names_time("10/20/2025"), names_time("陕西")
    (True, True, False)
    """
    is_slashed = isinstance(value, str) and (
        _SLASHED.fullmatch(value) is not None or _short_month(value) is not None
    )
    return is_slashed or (read_period(value) or day_inside(value)) is not None


def _short_month(value: str) -> When | None:
    """Return the month of its first or last day, the year first and of two digits: 24/2/29."""
    match = _SHORT.fullmatch(value)
    date = _valid(f"{_year(match[1])}-{match[2]}-{match[3]}") if match else None
    return _of_date(date, "period_text") if date else None


def order_of_days(values: Iterable[Value]) -> Literal["day", "month", "year"] | None:
    """Return what comes first in days such as 2/1/2024, as the others of their column tell.

    One part is beyond 12, or is 1 in all of them while the other counts the months.

    Examples
    --------
    >>> order_of_days(["2/1/2024", "3/1/2024"]), order_of_days(["20/10/2025"])
    ('month', 'day')
    >>> order_of_days(["1/1/2024"]) is None, order_of_days(["24/2/29", "24/3/31"])
    (True, 'year')

    Of years of two digits, only the first or last days of months tell.
    """
    values = list(values)
    if values and all(isinstance(one, str) and _short_month(one) for one in values):
        return "year"
    matches = [_SLASHED.fullmatch(one) for one in values if isinstance(one, str)]
    first, second = ({int(match[at]) for match in matches if match} for at in (1, 2))
    if not first or (max(first) > 12 and max(second) > 12):
        return None
    if max(first) > 12 or (first == {1} and second != {1}):
        return "day"
    return "month" if max(second) > 12 or (second == {1} and first != {1}) else None


def read_slashed(value: Value, order: Literal["day", "month", "year"]) -> When | None:
    """Return the month of a day such as 2/1/2024, whose parts stand in this order.

    Examples
    --------
    >>> read_slashed("2/1/2024", "month")[:2], read_slashed("20/10/2025", "day").is_day
    ((2024, 2), True)
    """
    if order == "year" and isinstance(value, str):
        return _short_month(value)
    match = _SLASHED.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    day, month = (match[1], match[2]) if order == "day" else (match[2], match[1])
    spelt = f"{match[3]}-{month}-{day}"
    return read_period(spelt) or day_inside(spelt)


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
    year, near = _year_and_near(values, place)
    return bool(near & {f"{year}.9", f"{year}.09", f"{year}.11"})


def january_in(values: Sequence[Value], place: int) -> bool:
    """Whether a number 2020.1 among months is January, as its neighbours tell.

    Examples
    --------
    >>> january_in([2020.1, 2020.2], 0), january_in([2020.1], 0)
    (True, False)
    """
    year, near = _year_and_near(values, place)
    return bool(near & {f"{year}.2", f"{year}.02", f"{year - 1}.12"})


def _year_and_near(values: Sequence[Value], place: int) -> tuple[int, set[str]]:
    """Return the year of a number 2020.1, and what stands there and beside it."""
    near = {shown(one) for one in values[max(place - 1, 0) : place + 2]}
    return int(float(shown(values[place]))), near


def may_be_october(value: Value) -> bool:
    """Whether a cell reads 2020.1 and may have lost a zero.

    Examples
    --------
    >>> may_be_october(2020.1), may_be_october("2020.10"), may_be_october("2020.01")
    (True, False, False)
    """
    words = shown(value) if isinstance(value, float) else value
    return isinstance(words, str) and _YEAR_POINT_ONE.fullmatch(words) is not None


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
    if isinstance(value, datetime.date):
        return Day(value.date() if isinstance(value, datetime.datetime) else value, "")
    if isinstance(value, float | int) and not isinstance(value, bool):
        if _FIRST_SERIAL <= value < _LAST_SERIAL + 1:
            return Day(_EPOCH + datetime.timedelta(days=int(value)), "date_serial")
        value = shown(value)
    if not isinstance(value, str) or may_be_october(value):
        return None
    text = re.sub(r"\s+", "", fold(value)).casefold()
    if match := _DAY_SPELLING.fullmatch(text):
        date = _valid("-".join(filter(None, match.groups())))
        rule = "" if date and date.isoformat() == text else "date_text"
        return Day(date, rule) if date else None
    if date := _english_day(text):
        return Day(date, "date_text")
    if match := _DAY_WITHOUT_YEAR.fullmatch(text):
        if year is None:
            return Day(None, "")
        date = _valid(f"{year}-{match[1]}-{match[2]}")
        return Day(date, "date_text") if date else None
    ten_days = _TEN_DAYS.get(text[-2:])
    when = read_period(text[:-2] if ten_days else text)
    if when is None or when.mark == "forecast" or (ten_days and when.month is None):
        return None
    if (known := when.year or year) is None:
        return Day(None, "")
    month = when.month or 12
    last = calendar.monthrange(known, month)[1]
    return Day(datetime.date(known, month, min(ten_days or last, last)), "day_missing")


def months_in(texts: Iterable[str], *, year: int | None = None) -> set[pd.Period]:
    """Return the months that words name; more than one is a contradiction.

    Parameters
    ----------
    texts : iterable of str
        Name of a sheet or file, or titles.
    year : int, optional
        Of months whose year no other word of `texts` tells.

    Examples
    --------
    >>> sorted(months_in(["2026年8月"])), sorted(months_in(["202608项目"]))
    ([Period('2026-08', 'M')], [Period('2026-08', 'M')])
    >>> sorted(months_in(["2026年度重点项目台账", "截至8月底"])), months_in(["8月"])
    ([Period('2026-08', 'M')], set())
    """
    folded = [fold(text) for text in texts if not _FILLED_IN.search(text)]
    known = _one_year_in(folded) or year
    months: set[pd.Period] = set()
    for rest in folded:
        for spelling in _INSIDE:
            for match in spelling.finditer(rest):
                said = match.groupdict().get("year") or known
                if said is not None:
                    months.add(pd.Period(year=int(said), month=int(match["month"]), freq="M"))
            rest = spelling.sub(" ", rest)
        for when in map(read_period, _WORDS_INSIDE.findall(rest)):
            if when is not None and when.year and when.month:
                months.add(pd.Period(year=when.year, month=when.month, freq="M"))
    return months


def month_of(sources: Iterable[Iterable[str]], *, year: int | None = None) -> set[pd.Period]:
    """Return the months that the first of `sources` with any month names.

    Examples
    --------
    >>> month_of([["Sheet1"], ["截至2026年7月"], ["202608.xlsx"]])
    {Period('2026-07', 'M')}
    """
    given = [list(texts) for texts in sources]
    known = year or _one_year_in(fold(text) for texts in given for text in texts)
    return next((found for texts in given if (found := months_in(texts, year=known))), set())


def _one_year_in(texts: Iterable[str]) -> int | None:
    """Return the year that words name, None where they name none or several."""
    return only(int(found) for text in texts for found in _BARE_YEAR.findall(text))
