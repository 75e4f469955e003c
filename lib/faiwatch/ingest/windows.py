"""Growth that names no window has that of the amount it stands beside.

「本月 | 同比 | 累计 | 同比」 has growth of the month and of the year to date, and neither says so.
Where a table names both windows and growth stands beside neither, it is asked: taken as year to
date, the growth of a single month is a wrong number that looks right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from faiwatch.core.text import Text
from faiwatch.ingest.layout import Table
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.meaning import Meaning, spelt

if TYPE_CHECKING:
    from faiwatch.ingest.columns import Column

BOTH_WINDOWS = {"ytd", "single"}
GROWTH_OF_A_WINDOW = "growth ytd|growth single"  # what ``--map`` may answer


def with_windows(
    columns: Sequence[Column], standing: Sequence[Column], table: Table, log: Log
) -> list[Column]:
    """Return the columns, growth without a window with that of its neighbour.

    The neighbour is the nearest amount on the left under the same words of the header; where there
    is none, the amounts under these words if they have one window. Two such growths after amounts
    of two windows belong to nobody knows which.

    Parameters
    ----------
    columns : sequence of Column
        Those that are read.
    standing : sequence of Column
        All that stand in the table, also blank ones and those that an answer leaves out: they are
        neighbours all the same.
    table : Table
        Where they are.
    log : Log
        Takes notes and questions.
    """
    beside = {
        one.index: _beside(one, standing, table) for one in columns if is_open_growth(one.meaning)
    }
    alike = Counter(id(amount) for amount in beside.values() if amount is not None)
    found = []
    for column in columns:
        amount = beside.get(column.index)
        is_shared = amount is not None and alike[id(amount)] > 1
        if amount is not None and is_shared and _windows_before(amount, standing) >= BOTH_WINDOWS:
            log.ask(_question(column, columns, table))
        elif amount is not None and amount.meaning.window is not None:
            meaning = column.meaning._replace(window=amount.meaning.window)
            column = replace(column, meaning=meaning)
            log.coerced(
                table.sheet.name, column.cell, column.words, spelt(meaning), "window_beside"
            )
        elif column.index in beside and _is_doubtful(amount, standing):
            log.ask(_question(column, columns, table))
        found.append(column)
    return found


def is_one_subject(one: Meaning, other: Meaning) -> bool:
    """Whether two labels may be about the same: neither names a region or indicator of its own."""
    pairs = ((one.indicator, other.indicator), (one.region, other.region))
    return all(None in pair or pair[0] == pair[1] for pair in pairs)


def window_question(sheet: str, cell: str, label: str, flag: str) -> Question:
    """Return the question which window growth has that stands beside none, or between two."""
    return Question(
        "window",
        sheet,
        cell,
        Text(
            f"「{label}」是累计增速还是当月增速？",
            f"is {label!r} growth of the year to date, or of the single month?",
        ),
        got=label,
        flag=flag,
    )


def _beside(column: Column, standing: Sequence[Column], table: Table) -> Column | None:
    """Return the amount that growth stands beside, from the narrowest group of the header up."""
    group = _group(column, table)
    for depth in range(len(group), -1, -1):
        amounts = [
            one
            for one in standing
            if _is_amount(one.meaning)
            and is_one_subject(one.meaning, column.meaning)
            and _group(one, table)[:depth] == group[:depth]
        ]
        left = [one for one in amounts if one.index < column.index]
        if left:
            return left[-1]
        if depth and len({one.meaning.window for one in amounts}) == 1:
            return amounts[0]
    return None


def _group(column: Column, table: Table) -> tuple[tuple[int, int], ...]:
    """Return the cells of the header that stand over a column and its neighbours."""
    return tuple((row, at) for row, at, _ in table.labels(column.index)[:-1])


def _windows_before(amount: Column, standing: Sequence[Column]) -> set[str | None]:
    """Return the windows of the amounts that stand together, up to one."""
    windows: set[str | None] = set()
    for one in reversed([one for one in standing if one.index <= amount.index]):
        if not _is_amount(one.meaning):
            break
        windows.add(one.meaning.window)
    return windows


def _is_doubtful(amount: Column | None, standing: Sequence[Column]) -> bool:
    """Whether growth of no window may be of either: the table has both, or amounts of two kinds."""
    figures = [one.meaning for one in standing if one.meaning.field is None]
    named = {one.window for one in figures if not one.is_left_out}
    if named >= BOTH_WINDOWS:
        return True
    return amount is not None and any(
        one.window is not None and _is_amount(one) and is_one_subject(one, amount.meaning)
        for one in figures
    )


def is_open_growth(meaning: Meaning) -> bool:
    """Whether figures are growth of a window that is not named."""
    return meaning.field is None and meaning.measure == "growth" and meaning.window is None


def _is_amount(meaning: Meaning) -> bool:
    says = meaning.measure or meaning.window or meaning.indicator or meaning.unit
    return meaning.field is None and says is not None and meaning.measure in {None, "value"}


def _question(column: Column, columns: Sequence[Column], table: Table) -> Question:
    """Return the question about a column; two of one header can only be left out together."""
    label = column.words.rpartition(" / ")[2]
    again = [one for one in columns if one.words.rpartition(" / ")[2] == label]
    means = GROWTH_OF_A_WINDOW if len(again) == 1 else "skip"
    return window_question(table.sheet.name, column.cell, label, map_flag(label, means))
