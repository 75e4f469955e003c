"""Gather the figures of a long regular table by column instead of row by row.

Hundreds of thousands of rows come from programs, and such rows are all alike: every label filled,
every figure a number, a blank or a mark. Nothing is decided here; what is not alike is left to
:meth:`faiwatch.ingest.figures.TableFigures.gather`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from faiwatch.ingest.dates import may_be_october
from faiwatch.ingest.figures import COLUMNS, Figures, TableFigures
from faiwatch.ingest.log import Log
from faiwatch.ingest.meaning import Meaning, Window
from faiwatch.ingest.months import Month
from faiwatch.ingest.numbers import exact, is_missing_mark
from faiwatch.ingest.rows import Row
from faiwatch.ingest.values import Value, address, shown

FEWEST_ROWS = 1000
_WINDOWS: tuple[Window | None, ...] = (None, "ytd")


def gather(table: TableFigures, figures: Figures, log: Log) -> None:
    """Take the figures of a table: a long regular one by column, any other row by row.

    Parameters
    ----------
    table : TableFigures
        The table.
    figures : Figures
        Takes what is found.
    log : Log
        Takes notes and questions.
    """
    start, end = table.table.body, _last_row(table)
    rows = table.table.sheet.rows[start:end]
    if len(rows) < FEWEST_ROWS or not _by_column(table, rows, figures, log):
        end = start
    table.gather(end)


def _last_row(table: TableFigures) -> int:
    """Return the row after the last one with a figure; notes follow it."""
    end, rows = table.table.end, table.table.sheet.rows
    while end > table.table.body and all(rows[end - 1][one.index] == "" for one in table.columns):
        end -= 1
    return end


class _Said(NamedTuple):
    """What is said of each row: place in ``Figures.months`` and, by column, in ``Figures.told``.

    Year and month are 0 where the row does not tell them; rows that are not `known` are left out.
    """

    known: np.ndarray
    told: np.ndarray
    cell_month: np.ndarray
    year: np.ndarray
    month: np.ndarray


def _by_column(
    table: TableFigures, rows: Sequence[Sequence[Value]], figures: Figures, log: Log
) -> bool:
    """Take the figures of rows that are all alike; return False, with nothing done, if not."""
    cells = list(zip(*rows, strict=True))
    if not all(_is_regular(cells[one.index]) for one in table.columns):
        return False
    said = _said(table, rows, cells, figures)
    if said is None:
        return False
    start = table.table.body
    for number, column in enumerate(table.columns):
        _note_marks(table, number, cells[column.index], log)
        values = _values(cells[column.index])
        kept = np.flatnonzero(said.known & ~np.isnan(values))
        told = said.told[kept, number]
        frame = {
            "told": told,
            "spelling": 0,
            "cell_month": said.cell_month[kept],
            "year": _or_told(figures, told, said.year[kept], "year"),
            "month": _or_told(figures, told, said.month[kept], "month"),
            "number": exact(values[kept]),
            "row": kept + start,
            "column": column.index,
        }
        figures.parts.append(pd.DataFrame(frame)[COLUMNS])
    return True


def _said(
    table: TableFigures,
    rows: Sequence[Sequence[Value]],
    cells: Sequence[Sequence[Value]],
    figures: Figures,
) -> _Said | None:
    """Read each distinct label and month once; None, with nothing done, if rows are not alike."""
    start, reader = table.table.body, table.reader
    labels = [cells[one.index] for one in reader.labels]
    months = [cells[one.index] for one in reader.months.columns]
    if any("" in column for column in (*labels, *months)):
        return None
    label_codes, label_rows = _codes(labels, len(rows))
    month_codes, month_rows = _codes(months, len(rows))
    if any(may_be_october(column[row]) for column in months for row in month_rows):
        return None
    if not all(reader.stands_alone(rows[row]) for row in label_rows):
        return None
    meanings = [reader.label_of(start + row, rows[row]) for row in label_rows]
    read = [reader.months.read(start + row, rows[row]) for row in month_rows]
    first = len(figures.months)
    figures.months += [month for month in read if month is not None]
    place = np.cumsum([month is not None for month in read]) - 1 + first
    found = [one or Month() for one in read]
    window = np.array([one.window == "ytd" for one in found])[month_codes]
    is_label = np.array([one is not None for one in meanings])[label_codes]
    return _Said(
        known=is_label & np.array([one is not None for one in read])[month_codes],
        told=_told(table, meanings, label_codes, window),
        cell_month=place[month_codes],
        year=np.array([one.year or 0 for one in found])[month_codes],
        month=np.array([one.month or 0 for one in found])[month_codes],
    )


def _is_regular(column: Sequence[Value]) -> bool:
    """Whether a column of figures holds plain numbers, blanks and marks only."""
    types = set(map(type, column))
    if str not in types or not types <= {float, int, str}:
        return types <= {float, int}
    words = {cell for cell in column if type(cell) is str}
    return all(word == "" or is_missing_mark(word) for word in words)


def _codes(columns: Sequence[Sequence[Value]], n_rows: int) -> tuple[np.ndarray, list[int]]:
    """Return which distinct labels each row has, and the first row of each."""
    codes = np.zeros(n_rows, dtype="int64")
    for column in columns:
        own, distinct = pd.factorize(np.array(column, dtype="object"), use_na_sentinel=False)
        codes = codes * len(distinct) + own
    _, first, codes = np.unique(codes, return_index=True, return_inverse=True)
    as_met = np.argsort(first)
    return np.argsort(as_met)[codes], first[as_met].tolist()


def _told(
    table: TableFigures, said: list[Meaning | None], labels: np.ndarray, window: np.ndarray
) -> np.ndarray:
    """Return for each row and figure column its place in ``Figures.told``."""
    pairs = np.unique(labels * 2 + window)
    places = np.zeros((2 * len(said), len(table.columns)), dtype="int64")
    for pair in pairs.tolist():
        label = said[pair // 2]
        if label is not None:
            row = Row(0, label, Month(window=_WINDOWS[pair % 2]), Meaning())
            places[pair] = table.told_of(row)
    spread: np.ndarray = places[labels * 2 + window]
    return spread


def _or_told(figures: Figures, told: np.ndarray, own: np.ndarray, name: str) -> np.ndarray:
    """Return what the row tells of year or month, else what is told around it."""
    around = np.array([getattr(one.meaning, name) or 0 for one in figures.told] or [0])
    return np.where(own > 0, own, around[told])


def _values(column: Sequence[Value]) -> np.ndarray:
    if str in set(map(type, column)):
        column = [cell if type(cell) is not str else np.nan for cell in column]
    return np.array(column, dtype="float64")


def _note_marks(table: TableFigures, number: int, column: Sequence[Value], log: Log) -> None:
    index = table.columns[number].index
    if str not in set(map(type, column)):
        return
    for row, cell in enumerate(column):
        if type(cell) is str and cell:
            where = address(row + table.table.body, index)
            log.coerced(table.table.sheet.name, where, shown(cell), "", "missing_mark")
