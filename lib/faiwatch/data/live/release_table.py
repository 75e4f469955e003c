"""Read the tables of a release: its 主要数据, and month-on-month growth as revised. Pure.

A table is what stands in lines of cells with tabs between them, as
:func:`faiwatch.data.live.pages.text_of` makes them of a page and as a table is when it is copied.
What a column holds is said by the heads above it: 亿元 or 绝对量 is a value, 同比, 增长 or 增速
with % is growth; a column that says neither is not read. A row is an indicator by
``data/release_words.csv``. Every row with a number that was not taken is listed.
"""

from __future__ import annotations

import datetime
import itertools
import re
from dataclasses import dataclass
from functools import cache

from faiwatch.core.text import Text
from faiwatch.data.live import Unread
from faiwatch.data.live.release_clauses import (
    NONE,
    plain,
    release_words,
    window_at_head,
)

_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?")
_WINDOW = re.compile(
    r"(?:\d{4}年)?(?:\d{1,2}月?-\d{1,2}月份?|上半年|前三季度|全年)|\d{4}年(?!\d*月)"
)
_MONTH = re.compile(r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月份?")
_BEFORE_LABEL = re.compile(r"^(?:其中:?|#|\(?[一二三四五六七八九十]+(?:、|\))|\d+[.、])+")
_VALUE_HEAD = re.compile("亿元|绝对[量数额]|完成额|投资额")
_GROWTH_HEAD = re.compile("同比|增长|增速|比上年|比去年")
_LONGEST_CAPTION = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row of the table states of one indicator; NaN: not stated.

    Attributes
    ----------
    indicator, value, growth, scope
        As of a clause.
    """

    indicator: str
    value: float
    growth: float
    scope: str


@dataclass(frozen=True, slots=True)
class TableRead:
    """What the tables of a release state.

    Attributes
    ----------
    cells : tuple of Cell
        In the order of the rows.
    month_on_month : tuple of (str, float)
        ``YYYY-MM`` and percent on the month before, adjusted for the season.
    unread : tuple of Unread
        Rows with a number that were not taken.
    """

    cells: tuple[Cell, ...] = ()
    month_on_month: tuple[tuple[str, float], ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class _Table:
    caption: str
    head: list[list[str]]
    rows: list[list[str]]

    @property
    def words(self) -> str:
        return self.caption + "".join(cell for row in self.head for cell in row)


def read_tables(text: str, month: str, *, issued: datetime.date) -> TableRead:
    r"""Return what the tables of a release state of the window that ends in a month.

    Parameters
    ----------
    text : str
        Words of a page.
    month : str
        In which the window of the release ends, ``YYYY-MM``.
    issued : date
        Tells the year of a window that names none.

    Examples
    --------
    >>> told = read_tables(
    ...     "投资主要数据\n指标\t同比增长（%）\n制造业\t-2.3",
    ...     "2026-08",
    ...     issued=datetime.date(2026, 9, 15),
    ... )
    >>> told.cells[0].indicator, told.cells[0].growth
    ('manufacturing', -2.3)
    """
    cells: list[Cell] = []
    monthly: list[tuple[str, float]] = []
    unread: list[Unread] = []
    for table in _tables(text):
        if "环比" in table.words:
            year = month[:4]  # of a month that tells none, unless one before it does
            for row in [*table.head, *table.rows]:
                for cell, after in itertools.pairwise(row):
                    named, growth = _MONTH.fullmatch(cell), _number(after)
                    if named and growth is not None:
                        year = named["year"] or year
                        monthly.append((f"{year}-{int(named['month']):02d}", growth))
            continue
        why = _why_not(table, month, issued)
        for row in table.rows:
            figures = _numbers(row)
            if not figures:
                continue  # 分行业, or a blank
            found = why or _cell(table, row)
            if isinstance(found, Cell):
                cells.append(found)
            else:
                unread.append(Unread(f"{row[0]} {' '.join(figures)}", found))
    return TableRead(tuple(cells), tuple(monthly), tuple(unread))


def without_tables(text: str) -> str:
    """Return the lines that are no rows of a table."""
    return "\n".join(line for line in text.split("\n") if not _is_row(line))


def _tables(text: str) -> list[_Table]:
    found: list[_Table] = []
    caption = ""
    for is_table, lines in itertools.groupby(text.split("\n"), _is_row):
        if not is_table:
            *_, last = lines
            caption = plain(last) if len(last) <= _LONGEST_CAPTION else ""
            continue
        block = [[plain(cell) for cell in line.split("\t")] for line in lines]
        head = list(itertools.takewhile(lambda row: not _numbers(row), block))
        found.append(_Table(caption, head, block[len(head) :]))
    return found


def _numbers(row: list[str]) -> list[str]:
    """Return the cells of a row that hold numbers, less its label."""
    return [cell for cell in row[1:] if _number(cell) is not None]


def _is_row(line: str) -> bool:
    return "\t" in line.lstrip()  # a tab at the head of a paragraph indents it


def _why_not(table: _Table, month: str, issued: datetime.date) -> Text | None:
    """Return why a table does not state figures of the window; None: it does."""
    for words in [table.caption, *(cell for row in table.head for cell in row)]:
        for found in _WINDOW.finditer(words):
            window = window_at_head(found[0], issued=issued)[0]
            if window not in {"", NONE, month}:
                return Text("表的时段不同", "a table of another window")
    is_ours = "投资" in table.words or any(
        _indicator(row[0])[0] in {"total", "primary"} for row in table.rows
    )
    return None if is_ours else Text("不是投资的表", "no table on investment")


def _cell(table: _Table, row: list[str]) -> Cell | Text:
    """Return what a row states, or why it is not taken."""
    indicator, scope = _indicator(row[0])
    if not indicator:
        return Text("不是本库的指标", "no indicator of this data set")
    kinds = _kinds(table, len(row) - 1)
    if kinds is None:
        return Text("表头没有说明各列是什么", "the head of the table does not say what columns are")
    told = {"value": float("nan"), "growth": float("nan")}
    for kind, cell in zip(kinds, row[1:], strict=True):
        number = _number(cell)
        if kind and number is not None:
            told[kind] = number
    if all(number != number for number in told.values()):
        return Text("表头没有说明各列是什么", "the head of the table does not say what columns are")
    return Cell(indicator, told["value"], told["growth"], scope)


def _kinds(table: _Table, width: int) -> list[str] | None:
    """Return ``value``, ``growth`` or nothing for each column; None: the heads do not tell."""
    kinds = [""] * width
    for row in table.head:
        heads = row[1:] if len(row) == width + 1 else row
        if len(heads) != width:
            continue
        for at, head in enumerate(heads):
            if _GROWTH_HEAD.search(head):
                kinds[at] = "growth"
            elif _VALUE_HEAD.search(head):
                kinds[at] = "value"
    stated = [kind for kind in kinds if kind]
    if not stated and width == 1 and _GROWTH_HEAD.search(table.words):
        return ["growth"]
    return kinds if stated and len(stated) == len(set(stated)) else None


def _indicator(label: str) -> tuple[str, str]:
    """Return the indicator that a label of a row names (empty: none), and its scope in brackets."""
    words = _BEFORE_LABEL.sub("", label)
    if words in _labels():
        return _labels()[words], ""
    bare, bracket, scope = words.partition("(")
    return _labels().get(bare, ""), bracket + scope


@cache
def _labels() -> dict[str, str]:
    return {
        plain(word) + ending: name
        for name, words in release_words().items()
        for word in words
        for ending in ("", "投资", "固定资产投资")
    }


def _number(cell: str) -> float | None:
    if not _NUMBER.fullmatch(cell):
        return None
    return float(cell.removesuffix("%").replace(",", ""))
