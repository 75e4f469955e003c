"""Take the figures of a release's own window and region from its clauses and its table. Pure.

:mod:`faiwatch.data.live.release_clauses` tells what each clause says. Taken is what is said of
the region of the text, year to date, in the window of the headline (the first clause on the
total). Everything else that has the form 投资…% is listed with the reason why it was not taken.
The table (:mod:`faiwatch.data.live.release_table`) is read beside it: where the two state
different figures of one indicator, neither is taken and both are told.
"""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.live import Scope, Unread
from faiwatch.data.live.release_clauses import (
    NONE,
    Clause,
    Home,
    clauses,
    plain,
    readable,
    window_at_head,
)
from faiwatch.data.live.release_notes import body_and_notes, scope_notes
from faiwatch.data.live.release_table import TableRead, read_tables, without_tables

_TITLE = "全国固定资产投资"
_NO_SCOPE = re.compile("不含农户|详见|附注|可比口径")
_MONTH_ON_MONTH = re.compile(
    r"(?P<month>\d{1,2})月份?,?(?:当月)?(?:全国)?固定资产投资(?:\(不含农户\))?(?:环比)?"
    r"(?:(?P<sign>增长|上升|下降)(?P<growth>\d+(?:\.\d+)?)%|(?P<flat>持平))"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a release states of one indicator.

    Attributes
    ----------
    indicator : str
        As in Observations.
    value : float
        100 million yuan, year to date; NaN = not stated.
    growth : float
        Percent on a year earlier; NaN = not stated.
    note : str
        ``中文 | English``; the scope that the release puts in brackets.
    """

    indicator: str
    value: float
    growth: float
    note: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """An indicator of which a release states two different figures: neither is taken.

    Attributes
    ----------
    indicator : str
        As in Observations.
    figures : tuple of float
        The two.
    is_table : bool
        The second stands in the table, the first in the text.
    """

    indicator: str
    figures: tuple[float, float]
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """What a release states.

    Attributes
    ----------
    month : str
        In which its window ends, ``YYYY-MM``.
    figures : tuple of Figure
        In the order of the text.
    conflicts : tuple of Conflict
        What it states twice and differently.
    unread : tuple of Unread
        Clauses of the form 投资…%, and rows of the table, that were not taken.
    month_on_month : tuple of (str, float)
        Month and growth of the total on the month before, adjusted for the season, in percent;
        no year to date.
    scope : tuple of Scope
        What its notes say of scope.
    """

    month: str
    figures: tuple[Figure, ...]
    conflicts: tuple[Conflict, ...] = ()
    unread: tuple[Unread, ...] = ()
    month_on_month: tuple[tuple[str, float], ...] = ()
    scope: tuple[Scope, ...] = ()


def read_release(text: str, *, issued: datetime.date, home: Home | None = None) -> Release:
    """Return the figures that a release states.

    Parameters
    ----------
    text : str
        The words of the page, sentences ending in 。 or a line break.
    issued : date
        Day of publication. It tells the year where the sentence names none: that of the day,
        or the year before when the window ends later than the day.
    home : Home, optional
        Whose release it is; by default the nation's.

    Raises
    ------
    DataInvalidError
        No sentence states the total.

    Examples
    --------
    >>> told = read_release(
    ...     "1—8月份，全国固定资产投资（不含农户）293092亿元，同比下降7.2%。",
    ...     issued=datetime.date(2026, 9, 15),
    ... )
    >>> told.month, told.figures[0].value, told.figures[0].growth
    ('2026-08', 293092.0, -7.2)
    """
    home = home or Home()
    body, notes = body_and_notes(text)
    found = clauses(without_tables(body), issued=issued, home=home)
    month = next(
        (
            one.window
            for one in found
            if one.indicator == "total" and one.is_stated and not one.has_other_base
            if one.window not in {"", NONE} and one.region == home.word
        ),
        "",
    )
    if not month:
        named = "全国固定资产投资（不含农户）" if home.is_nation else "固定资产投资"
        raise DataInvalidError(say("data.release_text.no_total", named=named), got=text[:80])
    monthly = {}
    for clause in found:
        match = _MONTH_ON_MONTH.search(clause.words) if clause.is_month_on_month else None
        if match and int(match["month"]) == int(month[5:]) and clause.region != "elsewhere":
            growth = 0.0 if match["flat"] else float(match["growth"])
            monthly[clause] = -growth if match["sign"] == "下降" else growth
    why = [None if one in monthly else _why_not(one, month, home) for one in found]
    taken = [
        one for one, reason in zip(found, why, strict=True) if reason is None and one not in monthly
    ]
    table = read_tables(text, month, issued=issued)
    names = dict.fromkeys(
        [*(one.indicator for one in taken), *(one.indicator for one in table.cells)]
    )
    figures, conflicts = [], []
    for name in names:
        figure, conflict = _merged(name, [one for one in taken if one.indicator == name], table)
        if not (math.isnan(figure.value) and math.isnan(figure.growth)):
            figures.append(figure)
        conflicts += conflict
    unread = tuple(
        Unread(readable(one.words), reason)
        for one, reason in zip(found, why, strict=True)
        if reason is not None and one.has_percentage
    )
    told, twice = _month_by_month([(month, one) for one in monthly.values()], table)
    return Release(
        month,
        tuple(figures),
        tuple(conflicts),
        unread + table.unread + twice,
        told,
        scope_notes(notes, month),
    )


def window_end(title: str) -> str | None:
    """Return the month in which the window of a release on the total ends; None: another title.

    Titles of the releases begin with the window and the total; since October 2025 without the
    figure. Those on private or real-estate investment, or of a commentary, read otherwise.

    Examples
    --------
    >>> (
    ...     window_end("2026年1—8月份全国固定资产投资基本情况"),
    ...     window_end("2025年全国固定资产投资基本情况"),
    ... )
    ('2026-08', '2025-12')
    """
    words = plain(title)
    window, has_year, length = window_at_head(words, issued=datetime.date.max)
    is_one = has_year and window != NONE and words.startswith(_TITLE, length)
    return window if is_one else None


def _month_by_month(
    stated: list[tuple[str, float]], table: TableRead
) -> tuple[tuple[tuple[str, float], ...], tuple[Unread, ...]]:
    """Return growth on the month before; a month of which text and table differ is told."""
    known: dict[str, set[float]] = {}
    for month, growth in [*stated, *table.month_on_month]:
        known.setdefault(month, set()).add(growth)
    sure = tuple((month, min(found)) for month, found in sorted(known.items()) if len(found) == 1)
    differs = Text("正文与表中的环比不同", "text and table differ on the month before")
    twice = tuple(
        Unread(f"{month} 环比 {' / '.join(f'{one:.10g}' for one in sorted(found))}", differs)
        for month, found in sorted(known.items())
        if len(found) > 1
    )
    return sure, twice


def _why_not(clause: Clause, month: str, home: Home) -> Text | None:
    """Return why a clause does not state a figure of its region in this window; None: it does."""
    if clause.region != home.word:
        return Text("说的是其他地区", "another region")
    if clause.window not in {"", month}:
        return Text("说的是其他时段", "another window")
    if clause.has_other_base:
        return Text("比较的基数或范围不同", "compared with another base, or without something")
    if clause.within - {clause.cut}:
        return Text("说的是其他投资中的一部分", "a part of another investment")
    if not clause.indicator:
        return Text("不是本库的指标", "no indicator of this data set")
    return None if clause.is_stated else Text("读不懂的说法", "a wording that is not read")


def _merged(
    indicator: str, stated: list[Clause], table: TableRead
) -> tuple[Figure, list[Conflict]]:
    """Return what text and table say of one indicator; a figure that differs is not taken."""
    cells = [one for one in table.cells if one.indicator == indicator]
    numbers, conflicts = [], []
    for column in ("value", "growth"):
        in_text = _different([getattr(one, column) for one in stated])
        known = _different([*in_text, *(getattr(one, column) for one in cells)])
        numbers.append(known[0] if len(known) == 1 else float("nan"))
        if len(known) > 1:
            conflicts.append(Conflict(indicator, (known[0], known[1]), len(in_text) == 1))
    scopes = [*(one.scope for one in stated), *(one.scope for one in cells)]
    scope = next((one for one in scopes if one and not _NO_SCOPE.search(one)), "")
    note = f"发布稿口径{scope} | scope as in the release: {scope}" if scope else ""
    return Figure(indicator, numbers[0], numbers[1], note), conflicts


def _different(numbers: list[float]) -> list[float]:
    return list(dict.fromkeys(number for number in numbers if not math.isnan(number)))
