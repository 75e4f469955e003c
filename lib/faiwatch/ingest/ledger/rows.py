"""Which rows of a sheet are rows of the ledger: not sums, notes, sections or headers once more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from faiwatch.core.text import Text, fold
from faiwatch.ingest.headers import EVERYTHING_ELSE
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
    read = [column.index for column in place.columns]
    keys = [column.index for column in place.columns if column.field.name in place.table.key]
    found = []
    for row in range(place.body, len(sheet.rows)):
        cells = sheet.rows[row]
        filled = [index for index, cell in enumerate(cells) if is_filled(cell)]
        if not set(filled) & set(read) and len(filled) < 2:
            if any(isinstance(cells[index], str) for index in filled):
                _drop(place, row, filled, "note", log)
            continue
        rule = _left_out(cells, filled, [index for index in keys if is_filled(cells[index])])
        if rule is None and _is_header(place, cells, filled):
            rule = "header_again"
        if rule is not None:
            _drop(place, row, filled, rule, log)
        elif set(filled) & set(read):
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


def _left_out(cells: Sequence[Value], filled: list[int], keys: list[int]) -> str | None:
    words = [re.sub(r"\s+", "", fold(shown(cells[index]))) for index in filled[:_FEW]]
    if any(_SUM.fullmatch(word) for word in words) and len(keys) < 2:
        return "subtotal"
    if _NOTE.match(words[0]) or (len(filled) == 1 and isinstance(cells[filled[0]], str)):
        return "note"
    return "column_numbers" if _counts_columns([cells[index] for index in filled]) else None


def _counts_columns(cells: Sequence[Value]) -> bool:
    """Whether cells number the columns: 甲, 乙, 1, 2, 3."""
    words = [shown(cell).strip("()（） ") for cell in cells]
    numbers = [word for word in words if word not in _COLUMN_NUMBERS]
    if len(numbers) < _FEW or not all(map(_SMALL.fullmatch, numbers)):
        return False
    first = int(numbers[0])
    return [int(word) for word in numbers] == list(range(first, first + len(numbers)))


def _is_header(place: Place, cells: Sequence[Value], filled: list[int]) -> bool:
    """Whether a row repeats a row of the header, as at the head of each printed page."""
    same = (
        sum(cells[index] == place.sheet.at(row, index) for index in filled) for row in place.headers
    )
    return max(same) * 2 > len(filled)


def is_filled(cell: Value) -> bool:
    """Whether a cell holds more than blanks or a mark for what is missing."""
    return not (isinstance(cell, str) and (not cell.strip() or is_missing_mark(cell)))


def _drop(place: Place, row: int, filled: list[int], rule: str, log: Log) -> None:
    cells = place.sheet.rows[row]
    words = " ".join(shown(cells[index]) for index in filled)
    log.drop(place.sheet.name, address(row, filled[0]), words, rule)
