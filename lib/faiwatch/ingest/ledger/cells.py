"""Read the cells of one column as its kind asks: words, codes, days, months, choices.

A cell becomes a value, is missing, or raises a question. Amounts and percentages depend on their
whole column and have a module of their own, ``amounts``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Text, clean
from faiwatch.data.ledger_fields import LedgerField, ledger_tables
from faiwatch.data.project_codes import code_kind, spelt_code
from faiwatch.ingest.dates import may_be_october, read_period
from faiwatch.ingest.headers import nearest_spelling, normal
from faiwatch.ingest.ledger.answers import LedgerAnswers
from faiwatch.ingest.ledger.days import UNREADABLE, Asked, Cell, Days
from faiwatch.ingest.ledger.places import LedgerColumn, Place
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.numbers import is_missing_mark
from faiwatch.ingest.values import Percent, Unusable, Value, address, shown

CELLS = "cells"
_MOST_DIGITS = 1e15  # a spreadsheet keeps fifteen digits of a number
_LOST_DIGITS = re.compile(r"\d(?:\.\d+)?e\+\d\d", re.IGNORECASE)
_NO_WORDS = re.compile(r"[\W_]*")
# Text that a spreadsheet would run when it opens a CSV, kept apart by one more apostrophe.
LOOKS_LIVE = re.compile(r"^'*[=+\-@＝＋－＠\t\r]")


_FORMULA = Asked("formula", say("ingest.cells.formula"), flag="")


def column_values(
    place: Place,
    column: LedgerColumn,
    rows: Sequence[int],
    answers: LedgerAnswers,
    log: Log,
) -> list[Any]:
    """Return the values of a column in the given rows; None = missing.

    Each kind of cell is read once, however often it stands in the column.
    """
    known: dict[tuple[type, Value], Cell] = {}
    cells = list(cells_of(place, column, rows, log))
    days = Days.of(place, column, [given for _, given in cells], answers)
    values = []
    for row, given in cells:
        key = (type(given), given)
        if (cell := known.get(key)) is None:
            cell = known[key] = _read(given, column.field, answers, days)
        values.append(settle(cell, given, place, (row, column.index), answers, log))
    return values


def cells_of(
    place: Place, column: LedgerColumn, rows: Sequence[int], log: Log
) -> Iterator[tuple[int, Value]]:
    """Yield row and cell; a word in a cell merged downwards stands for each row that it covers."""
    sheet = place.sheet
    owner = {
        row: top
        for top, left, bottom, _ in sheet.merges
        if left == column.index and top >= place.body
        for row in range(top + 1, bottom + 1)
    }
    at, cells = column.index, sheet.rows
    for row in rows:
        given = cells[row][at]
        if row in owner and column.field.kind in {"text", "choice", "flag", "date", "month"}:
            given = sheet.at(owner[row], column.index)
            log.filled_down(sheet.name, row, column.index, given)
        yield row, given


def settle(
    cell: Cell,
    given: Value,
    place: Place,
    at: tuple[int, int],
    answers: LedgerAnswers,
    log: Log,
) -> Any:  # noqa: ANN401  whatever the kind of the field holds
    """Return the value of a cell, after noting what was done or asking what to do."""
    asked = cell.asked
    if asked is None and not cell.rules:  # nearly every cell: nobody needs its address
        return cell.value
    sheet, where = place.sheet.name, address(*at)
    if asked is None:
        became = "" if cell.value is None else shown(cell.value)
        if isinstance(cell.value, bool):
            became = "yes" if cell.value else "no"
        log.coerced(sheet, where, shown(given), became, cell.rules)
        return cell.value
    if answers.unreadable_is_missing and asked.flag.endswith(UNREADABLE):
        log.coerced(sheet, where, shown(given), "", "unreadable")
        return None
    got, group = shown(given), "" if asked.flag == "" else CELLS
    log.ask(Question(asked.id, sheet, where, asked.text, got, asked.flag, asked.proposal, group))
    return None


def _read(given: Value, field: LedgerField, answers: LedgerAnswers, days: Days) -> Cell:
    if isinstance(given, Unusable):
        return Cell(None, "error_cell") if given.kind == "error" else Cell(None, "", _FORMULA)
    if isinstance(given, str) and not given.strip():
        return Cell(None)
    if field.kind in {"choice", "flag"}:
        words = shown(given).strip()
        means, rule = answers.labels.get(f"{field.name}:{words}"), "map"
        if isinstance(given, bool) and means is None:
            words = "true" if given else "false"
        key = normal(words).removesuffix("%") if isinstance(given, Percent) else normal(words)
        if means is None:
            means, rule = choice_words(field).get(key, (None, ""))
        if means is None and field.name == "status" and key in _stages():
            return Cell(None, "stage_word")  # 在建 tells how far it is, and not that all is well
        if means is not None:
            return Cell(means == "yes" if field.kind == "flag" else means, rule)
        if is_missing_mark(given):
            return Cell(None, "missing_mark")
        choices = joined((one.label for one in field.choices), ", ", ", ")
        text = say("ingest.cells.choice", field=field.label, choices=choices)
        proposal = nearest_spelling(key, tuple(choice_words(field)), cutoff=0.6)
        values = (
            [choice_words(field)[proposal][0]] if proposal else [one.value for one in field.choices]
        )
        flag = f"{map_flag(f'{field.name}:{words}', '|'.join(values))} | {UNREADABLE}"
        return Cell(None, "", Asked("choice", text, flag, proposal))
    if field.kind in {"date", "month"}:
        if is_missing_mark(given):
            return Cell(None, "missing_mark")
        return days.read(given) if field.kind == "date" else _month(given, days.year)
    return _code(given, field) if field.kind == "code" else _text(given, field)


def _text(given: Value, field: LedgerField) -> Cell:
    """Return words; only marks without a letter are missing, since 无 says something."""
    words = shown(given).replace("\r\n", "\n").strip()
    if is_missing_mark(words) and _NO_WORDS.fullmatch(words):
        return Cell(None, "missing_mark")
    rules = []
    if words.startswith("'") and LOOKS_LIVE.match(words):
        words = words[1:]
    if (cleaned := clean(words)) != words:
        words, rules = cleaned, ["control_characters"]
    if len(words) > field.longest:
        words = f"{words[: field.longest - 1]}…"
        rules.append("too_long")
    return Cell(words, "+".join(rules))


def _code(given: Value, field: LedgerField) -> Cell:
    if (isinstance(given, float) and abs(given) >= _MOST_DIGITS) or (
        isinstance(given, str) and _LOST_DIGITS.fullmatch(given.strip())
    ):
        return Cell(None, "", Asked("code", say("ingest.cells.lost_digits")))
    words = _text(given, field)
    if words.value is None:
        return words
    code = spelt_code(words.value)
    kind = code_kind(code)
    rules = [words.rules, "code_form" if code != words.value else ""]
    rules.append("" if kind == "national" else f"code_{kind}")
    return Cell(code, "+".join(filter(None, rules)))


def _month(given: Value, year: int | None) -> Cell:
    when = None if may_be_october(given) else read_period(given)
    known = when and (when.year or year)
    if when is None or when.month is None or when.mark == "forecast":
        return Cell(None, "", Asked("period", Text("这是哪个月？", "which month is this?")))
    if not known:
        text = Text("这个月是哪一年？", "which year is this month in?")
        return Cell(None, "", Asked("year", text, f"--year 2026 | {UNREADABLE}"))
    return Cell(pd.Period(year=known, month=when.month, freq="M"), when.rule)


@cache
def _stages() -> frozenset[str]:
    fields = ledger_tables()["projects"].fields
    return frozenset(choice_words(fields["stage"])) | frozenset(choice_words(fields["nature"]))


@cache
def choice_words(field: LedgerField) -> Mapping[str, tuple[str, str]]:
    """Return the words of a field with value and rule; a word that readers see needs no rule."""
    words = {normal(word): (one.value, "label") for one in field.choices for word in one.synonyms}
    return words | {
        normal(word): (one.value, "")
        for one in field.choices
        for word in (one.value, one.label.zh, one.label.en)
    }
