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
_ENTRY_UNIT = 1.0  # 万元 and percent: both are mostly entered in whole ones
_SHARE = "plan_done_pct"


class StatedTotal(NamedTuple):
    """A total that is not the sum of the rows above it.

    Attributes
    ----------
    field : str
        Which amount, or the share of the plan.
    row : int
        Its row as editors show it.
    stated, added : float
        What stands there, and the sum of the rows, 万元; of a share, what the sums make.
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
        name, kind = column.field.name, column.field.kind
        if kind != "money" and name != _SHARE:
            continue
        added = _share(values) if name == _SHARE else _sum(values[name])
        (stated,) = column_numbers(place, column, totals, answers, Log())
        if stated is not None and added is not None and abs(stated - added) > _ENTRY_UNIT:
            found.append(StatedTotal(name, totals[0] + 1, stated, added))
    return tuple(found)


def _sum(values: Sequence[float | None]) -> float:
    return sum(value for value in values if value is not None)


def _share(values: Mapping[str, list[Any]]) -> float | None:
    """Return the share of the plan that the rows make; what is blank has done nothing."""
    plan, done = (_sum(values.get(name, [])) for name in ("annual_plan", "ytd_done"))
    return round(100 * done / plan, 1) if plan > 0 else None


def _is_total(place: Place, row: int) -> bool:
    cells = [cell for cell in place.sheet.rows[row] if is_filled(cell)][:_FIRST_CELLS]
    words = (re.sub(r"\s+", "", fold(shown(cell))).lower() for cell in cells)
    return any(_TOTAL.fullmatch(word) for word in words)
