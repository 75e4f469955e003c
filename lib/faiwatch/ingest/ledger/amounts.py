"""Read the amounts, percentages and counts of one column: their unit is that of the column.

Amounts are kept in 万元. Their unit stands in the cell, in the header, above the table, or is said
by the user; when nobody tells it, it is asked for. Percentages are kept as 65 for 65 %; a column
that could be either 65 or 0.65 is asked about, and nothing is decided by what looks likely.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import MONEY_UNIT
from faiwatch.ingest.ledger.answers import LedgerAnswers
from faiwatch.ingest.ledger.cells import UNREADABLE, Asked, Cell, cells_of, settle
from faiwatch.ingest.ledger.places import LedgerColumn, Place
from faiwatch.ingest.log import Log, Question
from faiwatch.ingest.numbers import Number, exact, read_number
from faiwatch.ingest.scale import GrowthScale, growth_scale
from faiwatch.ingest.units import PERCENT, Unit, title_units, unit_named
from faiwatch.ingest.values import Unusable, Value, address, shown

_NO_NUMBER = Asked(
    "number", Text("这不是数字；按缺失处理吗？", "this is no number; take it as missing?")
)
_PLAINLY_PERCENT = 1.5  # as a fraction it would be 150 %
_KEPT = unit_named(MONEY_UNIT)


def column_numbers(
    place: Place,
    column: LedgerColumn,
    rows: Sequence[int],
    answers: LedgerAnswers,
    log: Log,
) -> list[float | None]:
    """Return the numbers of a column in the given rows, in the unit of its field.

    Parameters
    ----------
    place, column
        Where.
    rows : sequence of int
        Rows that are read, from zero.
    answers : LedgerAnswers
        What the user says.
    log : Log
        Takes what was changed, and the question about the unit or scale.
    """
    given = list(cells_of(place, column, rows, log))
    read = [_number(value, column) for _, value in given]
    values = [
        settle(_as_cell(one), (place, column, row, value), answers, log)
        for one, (row, value) in zip(read, given, strict=True)
    ]
    numbers = [one if isinstance(one, Number) else None for one in read]
    if column.field.kind == "money":
        return _in_10k(values, numbers, (place, column, rows), answers, log)
    if column.field.kind == "percent":
        return _in_percent(values, numbers, (place, column, rows), answers, log)
    return values


def _number(value: Value, column: LedgerColumn) -> Number | Cell:
    if isinstance(value, Unusable) and value.kind == "formula":
        text = Text("公式没有保存结果", "a formula without its result")
        return Cell(None, "", Asked("formula", text, flag=""))
    number = read_number(value)
    if number is None:
        return Cell(None, "", _NO_NUMBER)
    spelling, kind = number.spelling, column.field.kind
    if (spelling.is_percent and kind != "percent") or (spelling.unit and kind != "money"):
        text = Text("这一格的单位与本列不符", "the unit in this cell is not that of its column")
        return Cell(None, "", Asked("number", text, UNREADABLE))
    return number


def _as_cell(one: Number | Cell) -> Cell:
    return one if isinstance(one, Cell) else Cell(one.value, "+".join(one.spelling.rules))


def _in_10k(
    values: list[Any],
    numbers: list[Number | None],
    at: tuple[Place, LedgerColumn, Sequence[int]],
    answers: LedgerAnswers,
    log: Log,
) -> list[float | None]:
    """Return amounts in 万元; a zero is one in any unit."""
    place, column, rows = at
    unit, rule = _unit_of(place, column, answers)
    found: list[float | None] = []
    for row, value, number in zip(rows, values, numbers, strict=True):
        own = unit_named(number.spelling.unit) if number and number.spelling.unit else None
        used = own or unit
        if value and used is None:
            cell = address(row, column.index)
            text = Text("金额的单位是什么？", "what is the unit of the amounts?")
            flag = "--unit 万元 | --unit 亿元"
            log.ask(Question("unit", place.sheet.name, cell, text, column.header, flag))
        factor = None if used is None or _KEPT is None else _KEPT.per_100m / used.per_100m
        found.append(value if not value or factor is None else _times(value, factor))
    if unit is not None and (unit.name != MONEY_UNIT or rule == "unit_parameter"):
        log.coerced(place.sheet.name, column.cell, column.header, MONEY_UNIT, rule)
    return found


def _times(value: float, factor: float) -> float:
    """Divide where the factor is below one, so that 12,345 元 becomes exactly 1.2345."""
    changed = value * factor if factor >= 1 else value / round(1 / factor)
    return float(exact(np.array([changed]))[0])


def _unit_of(place: Place, column: LedgerColumn, answers: LedgerAnswers) -> tuple[Unit | None, str]:
    """Return the unit of a column of amounts and the rule that says where it is told."""
    if answers.unit is not None:
        return unit_named(answers.unit), "unit_parameter"
    if column.unit is not None:
        return column.unit, "unit_header"
    if place.is_own_form:
        return _KEPT, "unit_header"
    said = {unit for title in place.titles for unit in title_units(title) if unit.per_100m}
    return (said.pop(), "unit_title") if len(said) == 1 else (None, "")


def _in_percent(
    values: list[Any],
    numbers: list[Number | None],
    at: tuple[Place, LedgerColumn, Sequence[int]],
    answers: LedgerAnswers,
    log: Log,
) -> list[float | None]:
    place, column, rows = at
    plain = [
        number is not None and bool(number.value) and not number.spelling.is_percent
        for number in numbers
    ]
    sizes = {abs(value) for value, one in zip(values, plain, strict=True) if one}
    scale = answers.growth_scale or ("percent" if place.is_own_form else _scale(sizes, column))
    if scale is None:
        row = next(row for row, one in zip(rows, plain, strict=True) if one)
        cell = address(row, column.index)
        text = Text("百分数是写成 65 还是 0.65？", "are percentages written as 65 or as 0.65?")
        got = shown(place.sheet.at(row, column.index))
        flag = "--growth-scale percent | --growth-scale fraction"
        log.ask(Question("growth_scale", place.sheet.name, cell, text, got, flag))
        return values
    if scale == "fraction" and sizes:
        rule = "scale_parameter" if answers.growth_scale else "scale_fraction"
        log.coerced(place.sheet.name, column.cell, column.header, PERCENT, rule)
        return [_times(v, 100) if one else v for v, one in zip(values, plain, strict=True)]
    return values


def _scale(sizes: set[float], column: LedgerColumn) -> GrowthScale | None:
    """Return how percentages are written, or None when both are possible.

    Unlike growth, a share is often 0.5 or 1: small figures are percent only if a cell says so.
    """
    if not sizes:
        return "percent"
    scale = growth_scale(sizes, says_percent=PERCENT in column.header)
    return scale if scale == "fraction" or max(sizes) >= _PLAINLY_PERCENT else None
