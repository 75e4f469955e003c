"""Take the figures of a release's own window and region from its clauses. Pure.

:mod:`faiwatch.data.live.release_clauses` tells what each clause says. Taken is what is said of
the nation, year to date, in the window of the headline (the first clause on the total). Everything
else that has the form 投资…% is listed with the reason why it was not taken.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.text import Text
from faiwatch.data.live import Unread
from faiwatch.data.live.release_clauses import NONE, Clause, clauses, plain, window_at_head

_TITLE = "全国固定资产投资"
_READABLE = str.maketrans(",;()-", "，；（）—")


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
    """An indicator of which a release states two different figures: neither is taken."""

    indicator: str
    figures: tuple[float, float]


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
        Clauses of the form 投资…% that were not taken.
    """

    month: str
    figures: tuple[Figure, ...]
    conflicts: tuple[Conflict, ...] = ()
    unread: tuple[Unread, ...] = ()


def read_release(text: str, *, issued: datetime.date) -> Release:
    """Return the figures that a release states.

    Parameters
    ----------
    text : str
        The words of the page, sentences ending in 。 or a line break.
    issued : date
        Day of publication. It tells the year where the sentence names none: that of the day,
        or the year before when the window ends later than the day.

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
    found = clauses(text, issued=issued)
    month = next((one.window for one in found if _is_headline(one)), "")
    if not month:
        raise DataInvalidError(
            Text(
                "正文中没有“全国固定资产投资（不含农户）”的累计数",
                "no sentence states the year-to-date total",
            ),
            got=text[:80],
        )
    why = [_why_not(one, month) for one in found]
    taken = [one for one, reason in zip(found, why, strict=True) if reason is None]
    names = dict.fromkeys(one.indicator for one in taken)
    figures, conflicts = [], []
    for name in names:
        figure, conflict = _merged(name, [one for one in taken if one.indicator == name])
        figures += [] if math.isnan(figure.value) and math.isnan(figure.growth) else [figure]
        conflicts += conflict
    unread = tuple(
        Unread(one.words.translate(_READABLE), reason)
        for one, reason in zip(found, why, strict=True)
        if reason is not None and one.has_percentage
    )
    return Release(month, tuple(figures), tuple(conflicts), unread)


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


def _is_headline(clause: Clause) -> bool:
    return clause.indicator == "total" and clause.is_stated and clause.window not in {"", NONE}


def _why_not(clause: Clause, month: str) -> Text | None:
    """Return why a clause does not state a figure of the nation in this window; None: it does."""
    if clause.region != "nation":
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


def _merged(indicator: str, stated: list[Clause]) -> tuple[Figure, list[Conflict]]:
    """Return what several clauses say of one indicator; a figure that differs is not taken."""
    numbers, conflicts = [], []
    for told in ([one.value for one in stated], [one.growth for one in stated]):
        known = list(dict.fromkeys(number for number in told if not math.isnan(number)))
        numbers.append(known[0] if len(known) == 1 else float("nan"))
        conflicts += [Conflict(indicator, (known[0], known[1]))] if len(known) > 1 else []
    scope = next((one.scope for one in stated if one.scope), "")
    is_told = indicator == "infrastructure" and scope
    note = f"发布稿口径{scope} | scope as in the release: {scope}" if is_told else ""
    return Figure(indicator, numbers[0], numbers[1], note), conflicts
