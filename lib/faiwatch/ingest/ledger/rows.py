"""Which rows of a sheet are rows of the ledger: not sums, notes, sections or headers once more.

Totals that stand under a sheet are held against the sum of its rows; the rows are what is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from faiwatch.core.text import Text, fold
from faiwatch.ingest.headers import EVERYTHING_ELSE
from faiwatch.ingest.ledger.amounts import column_numbers
from faiwatch.ingest.ledger.answers import SKIP, LedgerAnswers
from faiwatch.ingest.ledger.places import Place
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.numbers import is_missing_mark
from faiwatch.ingest.values import Value, address, shown

_SUM = re.compile(
    r"(?:.{0,12}(?:合计|小计|总计|共计)|(?:sub|grand)?-?total)(?:\(.*\)|\d*个|[:：])?",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^(?:注|备注|说明|填报说明|填表说明|数据来源|notes?\b|sources?\b)\s*[:：]", re.IGNORECASE
)
_COLUMN_NUMBERS = frozenset("甲乙丙丁")
_SMALL = re.compile(r"\d{1,2}", re.ASCII)
_FEW = 3

_TOTAL = re.compile(r"(?:全[区县市])?(?:合计|总计|共计)(?:\(.*\)|\d*个|[:：])?|(?:grand)?total")
_ENTRY_UNIT = 1.0  # 万元 and percent: both are mostly entered in whole ones
_SHARE = "plan_done_pct"


def ledger_rows(place: Place, log: Log) -> list[int]:
    """Return the rows that are read, from zero; every other row with words goes into the log.

    Parameters
    ----------
    place : Place
        The table of a sheet.
    log : Log
        Takes sums, notes, rows of column numbers and repeated headers.
    """
    sheet = place.sheet
    read = {column.index for column in place.columns}
    keys = [column.index for column in place.columns if column.field.name in place.table.key]
    found = []
    for row in range(place.body, len(sheet.rows)):
        cells = sheet.rows[row]
        filled = [index for index, cell in enumerate(cells) if is_filled(cell)]
        if read.isdisjoint(filled) and len(filled) < 2:
            rule = "note" if any(isinstance(cells[index], str) for index in filled) else None
        else:
            rule = _left_out(place, cells, filled, keys)
        if rule is not None:
            words = " ".join(shown(cells[index]) for index in filled)
            log.drop(sheet.name, address(row, filled[0]), words, rule)
        elif not read.isdisjoint(filled):
            found.append(row)
    return found


def ask_unread(place: Place, rows: Sequence[int], answers: LedgerAnswers, log: Log) -> None:
    """Ask about every column that is no field and holds something in most rows; note the others.

    Parameters
    ----------
    place : Place
        The table of a sheet.
    rows : sequence of int
        The rows that are read, from zero.
    answers : LedgerAnswers
        ``*=skip`` among its labels answers for all of them.
    log : Log
        Takes the questions.
    """
    sheet = place.sheet
    for index, (cell, header) in place.unknown.items():
        n = sum(is_filled(sheet.at(row, index)) for row in rows)
        if answers.labels.get(EVERYTHING_ELSE) == SKIP:
            log.drop(sheet.name, cell, header, "skip")
            continue
        if 2 * n <= len(rows):
            if n or is_filled(sheet.at(place.headers[-1], index)):
                log.drop(sheet.name, cell, header, "unknown_column")
            continue
        text = Text(
            f"这一列有{n}行填了内容，台账没有这个字段；是什么？",
            f"this column is no field of the ledger and is filled in {n} rows; what is it?",
        )
        flag = f"{map_flag(header, SKIP)} | {map_flag(header, '…')}"
        log.ask(Question("label", sheet.name, cell, text, got=header, flag=flag))


def _left_out(
    place: Place, cells: Sequence[Value], filled: list[int], keys: list[int]
) -> str | None:
    """Return the rule by which a row is none of the ledger's, or None."""
    words = [re.sub(r"\s+", "", fold(shown(cells[index]))) for index in filled[:_FEW]]
    is_keyed = sum(is_filled(cells[index]) for index in keys) > 1
    if any(_SUM.fullmatch(word) for word in words) and not is_keyed:
        return "subtotal"
    if _NOTE.match(words[0]) or (len(filled) == 1 and isinstance(cells[filled[0]], str)):
        return "note"
    marks = [shown(cells[index]).strip("()（） ") for index in filled]
    numbers = [word for word in marks if word not in _COLUMN_NUMBERS]
    if len(numbers) >= _FEW and all(map(_SMALL.fullmatch, numbers)):
        first = int(numbers[0])
        if [int(word) for word in numbers] == list(range(first, first + len(numbers))):
            return "column_numbers"
    # a row of the header once more, as at the head of each printed page
    alike = (
        sum(cells[index] == place.sheet.at(row, index) for index in filled) for row in place.headers
    )
    return "header_again" if max(alike) * 2 > len(filled) else None


def is_filled(cell: Value) -> bool:
    """Whether a cell holds more than blanks or a mark for what is missing."""
    return not (isinstance(cell, str) and (not cell.strip() or is_missing_mark(cell)))


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
        if row not in read and _is_total(place.sheet.rows[row])
    ]
    if len(totals) != 1:
        return ()
    found = []
    for column in place.columns:
        name = column.field.name
        if column.field.kind != "money" and name != _SHARE:
            continue
        added = _sum(values[name])
        if name == _SHARE:  # what the rows make of the plan; what is blank has done nothing
            plan, done = (_sum(values.get(one, [])) for one in ("annual_plan", "ytd_done"))
            if plan <= 0:
                continue
            added = round(100 * done / plan, 1)
        (stated,) = column_numbers(place, column, totals, answers, Log())
        if stated is not None and abs(stated - added) > _ENTRY_UNIT:
            found.append(StatedTotal(name, totals[0] + 1, stated, added))
    return tuple(found)


def _sum(values: Sequence[float | None]) -> float:
    return sum(value for value in values if value is not None)


def _is_total(cells: Sequence[Value]) -> bool:
    first = [cell for cell in cells if is_filled(cell)][:_FEW]
    words = (re.sub(r"\s+", "", fold(shown(cell))).lower() for cell in first)
    return any(_TOTAL.fullmatch(word) for word in words)
