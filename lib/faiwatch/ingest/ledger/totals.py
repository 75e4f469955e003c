"""Totals that stand under a sheet, held against the sum of its rows; the rows are what is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from faiwatch.core.text import fold
from faiwatch.ingest.ledger.amounts import column_numbers
from faiwatch.ingest.ledger.answers import LedgerAnswers
from faiwatch.ingest.ledger.places import Place
from faiwatch.ingest.ledger.rows import is_filled
from faiwatch.ingest.log import Log
from faiwatch.ingest.values import shown

_TOTAL = re.compile(r"(?:全[区县市])?(?:合计|总计|共计)(?:\(.*\)|\d*个|[:：])?|(?:grand)?total")
_FIRST_CELLS = 3
_ENTRY_UNIT = 1.0  # 万元: amounts are mostly entered in whole ones


class StatedTotal(NamedTuple):
    """A total that is not the sum of the rows above it.

    Attributes
    ----------
    field : str
        Which amount.
    row : int
        Its row as editors show it.
    stated, added : float
        What stands there, and the sum of the rows, 万元.
    """

    field: str
    row: int
    stated: float
    added: float


def wrong_totals(
    place: Place, rows: Sequence[int], values: Mapping[str, list[Any]], answers: LedgerAnswers
) -> tuple[StatedTotal, ...]:
    """Return the totals of a sheet that differ from the sum of its rows.

    Parameters
    ----------
    place : Place
        The table of a sheet.
    rows : sequence of int
        Rows that are read, from zero.
    values : mapping
        Field to its values in these rows; None = missing.
    answers : LedgerAnswers
        What the user says about units.

    Returns
    -------
    tuple of StatedTotal
        Empty when the sheet has no row of totals, or several: then nobody knows of what.
    """
    read = set(rows)
    totals = [
        row
        for row in range(place.body, len(place.sheet.rows))
        if row not in read and _is_total(place, row)
    ]
    if len(totals) != 1:
        return ()
    found = []
    for column in place.columns:
        if column.field.kind != "money":
            continue
        (stated,) = column_numbers(place, column, totals, answers, Log())
        added = sum(value for value in values[column.field.name] if value is not None)
        if stated is not None and abs(stated - added) > _ENTRY_UNIT:
            found.append(StatedTotal(column.field.name, totals[0] + 1, stated, added))
    return tuple(found)


def _is_total(place: Place, row: int) -> bool:
    cells = [cell for cell in place.sheet.rows[row] if is_filled(cell)][:_FIRST_CELLS]
    words = (re.sub(r"\s+", "", fold(shown(cell))).lower() for cell in cells)
    return any(_TOTAL.fullmatch(word) for word in words)
