"""Read the amounts, percentages and counts of one column: their unit is that of the column.

Amounts are kept in 万元. Their unit stands in the cell, in the header, above the table, or is said
by the user; when nobody tells it, it is asked for. Percentages are kept as 65 for 65 %; a column
that could be either 65 or 0.65 is asked about, and nothing is decided by what looks likely.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import MONEY_UNIT
from faiwatch.ingest.ledger.answers import LedgerAnswers
from faiwatch.ingest.ledger.cells import cells_of, settle
from faiwatch.ingest.ledger.days import Asked, Cell
from faiwatch.ingest.ledger.places import LedgerColumn, Place
from faiwatch.ingest.log import Log, Question
from faiwatch.ingest.numbers import PLAIN, Spelling, exact, read_number
from faiwatch.ingest.units import (
    PERCENT,
    PLAINLY_PERCENT,
    SCALE_FLAG,
    UNIT_FLAG,
    growth_scale,
    title_units,
    unit_named,
)
from faiwatch.ingest.values import Sheet, Unusable, Value, address, only, shown

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
    read = []
    for row, given in cells_of(place, column, rows, log):
        cell, spelling = _number(given, column)
        value = settle(cell, given, place, (row, column.index), answers, log)
        read.append(_Read(row, value, spelling))
    if column.field.kind == "money":
        unit, rule = column.unit, "unit_header"
        if answers.unit is not None:
            unit, rule = unit_named(answers.unit), "unit_parameter"
        elif unit is None and place.is_own_form:
            unit = _KEPT
        elif unit is None:
            said = (one for title in place.titles for one in title_units(title) if one.per_100m)
            unit, rule = only(said), "unit_title"
        factors: list[float | None] = []
        for row, value, spelling in read:
            used = (unit_named(spelling.unit) if spelling.unit else None) or unit
            if value and used is None:
                log.ask(which_unit(place.sheet, address(row, column.index), column.header))
            factor = None
            if value and used is not None and _KEPT is not None:
                factor = _KEPT.per_100m / used.per_100m
            factors.append(factor)
        if unit is not None and (unit.name != MONEY_UNIT or rule == "unit_parameter"):
            log.coerced(place.sheet.name, column.cell, column.header, MONEY_UNIT, rule)
        return _times([one.value for one in read], factors)
    if column.field.kind == "percent":
        return _in_percent(place, column, read, answers, log)
    return [one.value for one in read]


def which_unit(sheet: Sheet, cell: str, header: str) -> Question:
    """Return the question in which unit the amounts of a column are."""
    text = Text("金额的单位是什么？", "what is the unit of the amounts?")
    return Question("unit", sheet.name, cell, text, header, UNIT_FLAG)


class _Read(NamedTuple):
    """A number as it stands; None where there is none."""

    row: int
    value: float | None
    spelling: Spelling


def _number(value: Value, column: LedgerColumn) -> tuple[Cell, Spelling]:
    number, kind = read_number(value), column.field.kind
    if number is not None and number.spelling is PLAIN:
        return Cell(number.value), PLAIN
    if isinstance(value, Unusable) and value.kind == "formula":
        text = Text("公式没有保存结果", "a formula without its result")
        return Cell(None, "", Asked("formula", text, flag="")), PLAIN
    if number is None or number.spelling.mark == "forecast":
        text = Text("这不是数字；按缺失处理吗？", "this is no number; take it as missing?")
        return Cell(None, "", Asked("number", text)), PLAIN
    spelling = number.spelling
    if (spelling.is_percent and kind != "percent") or (spelling.unit and kind != "money"):
        text = Text("这一格的单位与本列不符", "the unit in this cell is not that of its column")
        return Cell(None, "", Asked("number", text)), PLAIN
    return Cell(number.value, "+".join(spelling.rules)), spelling


def _times(values: Sequence[float | None], factors: Sequence[float | None]) -> list[float | None]:
    """Return values times their factors; without a factor they stay.

    Divides where a factor is below one, so that 12,345 元 becomes exactly 1.2345.
    """
    pairs = list(zip(values, factors, strict=True))
    changed = [
        value * factor if factor >= 1 else value / round(1 / factor)
        for value, factor in pairs
        if value is not None and factor is not None
    ]
    told = iter(exact(np.array(changed)).tolist())
    return [value if value is None or factor is None else next(told) for value, factor in pairs]


def _in_percent(
    place: Place, column: LedgerColumn, read: Sequence[_Read], answers: LedgerAnswers, log: Log
) -> list[float | None]:
    """Return percentages as 65 for 65 %.

    Unlike growth, a share is often 0.5 or 1: small figures are percent only if a cell says so.
    """
    plain = [one for one in read if one.value and not one.spelling.is_percent]
    sizes = {abs(one.value) for one in plain if one.value}
    scale = answers.growth_scale
    if scale is None and (place.is_own_form or not sizes):
        scale = "percent"
    if scale is None:
        scale = growth_scale(sizes, says_percent=PERCENT in column.header)
        scale = scale if scale == "fraction" or max(sizes) >= PLAINLY_PERCENT else None
    if scale is None:
        row = plain[0].row
        cell, got = address(row, column.index), shown(place.sheet.at(row, column.index))
        text = Text("百分数是写成 65 还是 0.65？", "are percentages written as 65 or as 0.65?")
        log.ask(Question("growth_scale", place.sheet.name, cell, text, got, SCALE_FLAG))
    if scale != "fraction" or not sizes:
        return [one.value for one in read]
    rule = "scale_parameter" if answers.growth_scale else "scale_fraction"
    log.coerced(place.sheet.name, column.cell, column.header, PERCENT, rule)
    return _times(
        [one.value for one in read],
        [100.0 if one.value and not one.spelling.is_percent else None for one in read],
    )
