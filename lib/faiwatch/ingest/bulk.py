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
from faiwatch.ingest.meaning import Meaning
from faiwatch.ingest.numbers import exact, is_missing_mark
from faiwatch.ingest.rows import Month, Row
from faiwatch.ingest.values import Value, address, shown

FEWEST_ROWS = 1000


def gather(table: TableFigures) -> None:
    """Take the figures of a table: a long regular one by column, any other row by row.

    Parameters
    ----------
    table : TableFigures
        The table.
    """
    start, end, rows = table.table.body, table.table.end, table.table.sheet.rows
    while end > start and all(rows[end - 1][one.index] == "" for one in table.columns):
        end -= 1  # notes follow the last row with a figure
    is_long = end - start >= FEWEST_ROWS and not table.reader.has_cell_answers
    if not is_long or not _by_column(table, rows[start:end]):
        end = start
    table.gather(end)


class _Said(NamedTuple):
    """What is said of each row: place in ``Figures.months`` and, by column, in ``Figures.told``.

    Year and month are 0 where the row does not tell them; rows that are not `known` are left out.
    """

    known: np.ndarray
    told: np.ndarray
    cell_month: np.ndarray
    year: np.ndarray
    month: np.ndarray


def _by_column(table: TableFigures, rows: Sequence[Sequence[Value]]) -> bool:
    """Take the figures of rows that are all alike; return False, with nothing done, if not."""
    cells = list(zip(*rows, strict=True))
    types = [set(map(type, cells[one.index])) for one in table.columns]
    words = {
        cell
        for column, kinds in zip(table.columns, types, strict=True)
        if str in kinds
        for cell in cells[column.index]
        if type(cell) is str
    }
    is_regular = all(kinds <= {float, int, str} for kinds in types)
    if not is_regular or not all(map(is_missing_mark, words - {""})):
        return False
    said = _said(table, rows, cells)
    if said is None:
        return False
    start, figures = table.table.body, table.figures
    for number, column in enumerate(table.columns):
        numbers = cells[column.index]
        if str in types[number]:
            name = table.table.sheet.name
            for row, cell in enumerate(numbers):
                if type(cell) is str and cell:
                    where = address(row + start, column.index)
                    table.log.coerced(name, where, shown(cell), "", "missing_mark")
            numbers = tuple([cell if type(cell) is not str else np.nan for cell in numbers])
        values = np.array(numbers, dtype="float64")
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
    table: TableFigures, rows: Sequence[Sequence[Value]], cells: Sequence[Sequence[Value]]
) -> _Said | None:
    """Read each distinct label and month once; None, with nothing done, if rows are not alike."""
    start, reader, known_months = table.table.body, table.reader, table.figures.months
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
    place = np.cumsum([month is not None for month in read]) - 1 + len(known_months)
    known_months += [month for month in read if month is not None]
    found = [one or Month() for one in read]
    is_window = np.array([one.window == "ytd" for one in found])[month_codes]
    is_label = np.array([one is not None for one in meanings])[label_codes]
    # kinds of rows: their label times two, plus one where the month names a window
    kinds = label_codes * 2 + is_window
    told = np.zeros((2 * len(meanings), len(table.columns)), dtype="int64")
    for kind in np.unique(kinds).tolist():
        label, month = meanings[kind // 2], Month(window="ytd" if kind % 2 else None)
        if label is not None:
            told[kind] = table.told_of(Row(0, label, month, Meaning()))
    return _Said(
        known=is_label & np.array([one is not None for one in read])[month_codes],
        told=told[kinds],
        cell_month=place[month_codes],
        year=np.array([one.year or 0 for one in found])[month_codes],
        month=np.array([one.month or 0 for one in found])[month_codes],
    )


def _codes(columns: Sequence[Sequence[Value]], n_rows: int) -> tuple[np.ndarray, list[int]]:
    """Return which distinct labels each row has, and the first row of each."""
    codes = np.zeros(n_rows, dtype="int64")
    for column in columns:
        own, distinct = pd.factorize(np.array(column, dtype="object"), use_na_sentinel=False)
        codes = codes * len(distinct) + own
    _, first, codes = np.unique(codes, return_index=True, return_inverse=True)
    as_met = np.argsort(first)
    return np.argsort(as_met)[codes], first[as_met].tolist()


def _or_told(figures: Figures, told: np.ndarray, own: np.ndarray, name: str) -> np.ndarray:
    """Return what the row tells of year or month, else what is told around it."""
    around = np.array([getattr(one.meaning, name) or 0 for one in figures.told] or [0])
    return np.where(own > 0, own, around[told])
