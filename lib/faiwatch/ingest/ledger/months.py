"""The month at whose end a sheet is true: on its tab, in its title, in the name of its file."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from faiwatch.core.text import fold
from faiwatch.ingest.dates import read_period

_TO = r"(?:0?1\s*月?\s*[-—–−~至到]+\s*)?"
_YEAR = r"(?P<year>(?:19[5-9]|20\d)\d)"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_SPELLINGS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}\s*[年.\-/_]\s*{_TO}{_MONTH}\s*月",
        rf"(?<!\d){_YEAR}[.\-/_年]?(?P<month>0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?(?!\d)",
        rf"(?<!\d){_YEAR}[.\-/_]{_MONTH}(?!\d)",
        rf"(?<![\d年.\-/_]){_TO}{_MONTH}\s*月",
    )
]
_WORDS = re.compile(r"[a-z]{3,9}\.?[ \-]+20\d\d|20\d\d[ \-]+[a-z]{3,9}", re.IGNORECASE)
# the day on which somebody filled the sheet in is not the month that it is about
_FILLED_IN = re.compile(r"(?:填报|填表|制表|报送|印发|打印)\w{0,2}(?:日期|时间)")
_BARE_YEAR = re.compile(r"(?<!\d)((?:19[5-9]|20\d)\d)(?!\d)")


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
    years = {int(found) for text in folded for found in _BARE_YEAR.findall(text)}
    known = years.pop() if len(years) == 1 else year
    months: set[pd.Period] = set()
    for text in folded:
        rest = text
        for spelling in _SPELLINGS:
            for match in spelling.finditer(rest):
                said = match.groupdict().get("year") or known
                if said is not None:
                    months.add(pd.Period(year=int(said), month=int(match["month"]), freq="M"))
            rest = spelling.sub(" ", rest)
        for word in _WORDS.findall(rest):
            when = read_period(word)
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
    years = {
        int(one) for texts in given for text in texts for one in _BARE_YEAR.findall(fold(text))
    }
    known = year if year is not None else (years.pop() if len(years) == 1 else None)
    return next((found for texts in given if (found := months_in(texts, year=known))), set())
