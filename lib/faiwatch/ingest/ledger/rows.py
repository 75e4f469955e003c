"""Which rows of a sheet are rows of the ledger: not sums, notes, sections or headers once more.

Totals that stand under a sheet are held against the sum of its rows; the rows are what is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from faiwatch.core.phrases import say
from faiwatch.core.text import Text, fold
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.project_codes import code_kind, spelt_code
from faiwatch.ingest.headers import EVERYTHING_ELSE
from faiwatch.ingest.ledger.amounts import column_numbers
from faiwatch.ingest.ledger.answers import SKIP, LedgerAnswers
from faiwatch.ingest.ledger.places import COLUMNS, Place
from faiwatch.ingest.ledger.sections import Section, section_of
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.numbers import is_missing_mark
from faiwatch.ingest.values import Value, address, shown

_SUM = re.compile(
    r"(?:.{0,12}(?:合计|小计|总计|共计)|(?:sub|grand)?-?total)(?:\(.*\)|\d*[个项](?:项目)?|[:：])?|其中[:：].*",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^(?:注|备注|说明|填报说明|填表说明|数据来源|填报人|填表人|制表人?|审核人?|审批人?|复核人?|签发人?|填报单位|"
    r"填报日期|填报时间|联系人|联系电话|单位负责人|分管领导|主要领导|统计负责人|notes?\b|sources?\b)\s*(?:\(.*\))?[:：]"
    r"|^注\d",
    re.IGNORECASE,
)
_COLUMN_NUMBERS = frozenset("甲乙丙丁")
_SMALL = re.compile(r"\d{1,2}", re.ASCII)
_FEW = 3

_TOTAL = re.compile(r"(?:全[区县市])?(?:合计|总计|共计)(?:\(.*\)|\d*个|[:：])?|(?:grand)?total")
_AMOUNTS = {"number", "money", "percent"}
_NAMES = {"name", PROJECT_CODE, "title", "unit"}
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）])"
)
_SAMPLES, _ECHO = 3, 20  # cells of an unknown column that are shown, and letters of each
_ENTRY_UNIT = 1.0  # 万元 and percent: both are mostly entered in whole ones
_SHARE = "plan_done_pct"


class Body(NamedTuple):
    """The rows below a header, from zero.

    Attributes
    ----------
    rows : list of int
        Rows of the ledger.
    sections : list of Section
        Headings between them.
    sums : dict of int to str
        Rows of sums, and their words.
    """

    rows: list[int]
    sections: list[Section]
    sums: dict[int, str]


def ledger_rows(place: Place, log: Log) -> Body:
    """Return the rows that are read; every other row with words goes into the log.

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
    found, sections, sums = [], [], {}
    for row in range(place.body, len(sheet.rows)):
        cells = sheet.rows[row]
        filled = [index for index, cell in enumerate(cells) if is_filled(cell)]
        section = _heading(place, row, filled)
        if section is not None:
            sections.append(section)
            if len(filled) > 1:
                sums[row] = section.words
            log.drop(sheet.name, address(row, filled[0]), shown(cells[filled[0]]), "note")
            continue
        if read.isdisjoint(filled) and len(filled) < 2:
            rule = "note" if any(isinstance(cells[index], str) for index in filled) else None
        else:
            rule = _left_out(place, cells, filled, keys)
        if rule is not None:
            words = " ".join(shown(cells[index]) for index in filled)
            log.drop(sheet.name, address(row, filled[0]), words, rule)
            if rule == "subtotal":
                sums[row] = words
        elif not read.isdisjoint(filled):
            found.append(row)
    return Body(found, sections, sums)


def _heading(place: Place, row: int, filled: Sequence[int]) -> Section | None:
    """Return what a row heads: words alone, or with the sums of the rows below it."""
    if not filled:
        return None
    cells = place.sheet.rows[row]
    words = cells[filled[0]]
    if not isinstance(words, str) or is_sum(words):
        return None
    if len(filled) > 1:
        texts = {one.index for one in place.columns if one.field.kind not in _AMOUNTS}
        names = {one.index for one in place.columns if one.field.name in _NAMES}
        if texts & set(filled[1:]) - {filled[0]} or not _NUMBERED.match(fold(words)):
            return None
        if names and filled[0] > max(names):
            return None
    return section_of(words, row, filled[0])


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
    for index, (cell, header, near, field) in place.unknown.items():
        given = [one for row in rows if is_filled(one := sheet.at(row, index))]
        n = len(given)
        numbers = [one for one in given if isinstance(one, float)]
        if answers.labels.get(EVERYTHING_ELSE) == SKIP:
            log.drop(sheet.name, cell, header, "skip")
        elif _are_codes(place, given):
            text = Text("这一列是项目代码吗？", "are these the codes of the projects?")
            flag = f"{map_flag(header, PROJECT_CODE)} | {map_flag(header, SKIP)}"
            log.ask(Question("field", sheet.name, cell, text, header, flag, PROJECT_CODE))
        elif n and numbers == list(range(1, n + 1)):
            log.drop(sheet.name, cell, header, "skip")  # rows that the office has numbered
        elif near and n:
            label = place.table.fields[field].label
            text = say("ingest.rows.perhaps", some=_some(given), field=label)
            flag = f"{map_flag(header, field)} | {map_flag(header, SKIP)}"
            log.ask(Question("label", sheet.name, cell, text, header, flag, near, COLUMNS))
        elif 2 * n > len(rows):
            text = say("ingest.rows.no_field", n=n, some=_some(given))
            flag = f"{map_flag(header, SKIP)} | {map_flag(header, '…')}"
            log.ask(Question("label", sheet.name, cell, text, header, flag, group=COLUMNS))
        elif n or is_filled(sheet.at(place.headers[-1], index)):
            log.drop(sheet.name, cell, header, "unknown_column")


def _some(given: Sequence[Value]) -> str:
    """Return the first cells of a column in short."""
    return "、".join(dict.fromkeys(shown(one)[:_ECHO] for one in given[:_SAMPLES]))


def _are_codes(place: Place, given: Sequence[Value]) -> bool:
    """Whether an unknown column holds codes of projects that no other column does."""
    if PROJECT_CODE not in place.table.fields or any(
        one.field.name == PROJECT_CODE and one.field.kind == "code" for one in place.columns
    ):
        return False
    kinds = [code_kind(spelt_code(one)) for one in given if isinstance(one, str)]
    return 2 * sum(kind == "national" for kind in kinds) > len(given)


def _left_out(
    place: Place, cells: Sequence[Value], filled: list[int], keys: list[int]
) -> str | None:
    """Return the rule by which a row is none of the ledger's, or None."""
    words = [_tight(shown(cells[index])) for index in filled[:_FEW]]
    is_keyed = sum(is_filled(cells[index]) for index in keys) > 1
    if any(map(is_sum, words)) and not is_keyed:
        return "subtotal"
    if _NOTE.match(words[0]) or (len(filled) == 1 and isinstance(cells[filled[0]], str)):
        return "note"
    numbers = []
    for index in filled:
        word = shown(cells[index]).strip("()（） ")
        if word in _COLUMN_NUMBERS:
            continue
        if not _SMALL.fullmatch(word):
            break
        numbers.append(int(word))
    else:
        if len(numbers) >= _FEW and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            return "column_numbers"
    # a row of the header once more, as at the head of each printed page
    heads = (place.sheet.rows[row] for row in place.headers)
    alike = (sum(cells[index] == head[index] for index in filled) for head in heads)
    return "header_again" if max(alike) * 2 > len(filled) else None


def is_sum(words: str) -> bool:
    """Whether words at the left of a row say that it is a sum of others."""
    return _SUM.fullmatch(_tight(words)) is not None


def _tight(words: str) -> str:
    return re.sub(r"\s+", "", fold(words))


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
    place: Place, body: Body, values: Mapping[str, list[Any]], answers: LedgerAnswers, log: Log
) -> tuple[StatedTotal, ...]:
    """Return the sums of a sheet that differ from those of its rows, and write each of them down.

    Parameters
    ----------
    place : Place
        The table of a sheet.
    body : Body
        Its rows, headings and sums.
    values : mapping
        Field to its values in these rows; None = missing.
    answers : LedgerAnswers
        What the user says about units.
    log : Log
        Takes the differences.

    Returns
    -------
    tuple of StatedTotal
        Of the one row of totals, and of each sum under or above a part of the sheet. Several rows
        of totals are held against nothing: nobody knows of what they are.
    """
    totals = [row for row in body.sums if _is_total(place.sheet.rows[row])]
    spans = {totals[0]: set(body.rows)} if len(totals) == 1 else {}
    spans |= _parts(body, set(totals))
    found = []
    for column in place.columns:
        name = column.field.name
        if name not in values or (column.field.kind != "money" and name != _SHARE):
            continue
        stated = column_numbers(place, column, list(spans), answers, Log())
        for (row, rows), said in zip(spans.items(), stated, strict=True):
            added = _added(name, {at for at, one in enumerate(body.rows) if one in rows}, values)
            if said is None or added is None or abs(said - added) <= _ENTRY_UNIT:
                continue
            found.append(StatedTotal(name, row + 1, said, added))
            cell = address(row, column.index)
            log.coerced(place.sheet.name, cell, f"{said:.10g}", f"{added:.10g}", "sum_differs")
    return tuple(found)


def _parts(body: Body, totals: set[int]) -> dict[int, set[int]]:
    """Return the rows that each sum of a part is about: those it heads, or those above it."""
    found: dict[int, set[int]] = {}
    heads = {one.row: one for one in body.sections}
    for row in body.sums:
        if row in heads:
            after = [
                one.row for one in body.sections if one.row > row and one.depth <= heads[row].depth
            ]
            end = min([*after, *(one for one in totals if one > row)], default=None)
            found[row] = {one for one in body.rows if one > row and (end is None or one < end)}
        elif row not in totals and "小计" in _tight(body.sums[row]):
            before = [one for one in (*body.sums, *heads) if one < row]
            found[row] = {one for one in body.rows if max(before, default=-1) < one < row}
    return {row: rows for row, rows in found.items() if rows}


def _added(name: str, at: set[int], values: Mapping[str, list[Any]]) -> float | None:
    """Return the sum of some rows; of a share, what the rows make of the plan."""
    if name != _SHARE:
        return _sum([values[name][one] for one in at])
    blank = [None] * len(values[name])
    plan, done = (
        _sum([values.get(of, blank)[one] for one in at]) for of in ("annual_plan", "ytd_done")
    )
    return round(100 * done / plan, 1) if plan > 0 else None  # what is blank has done nothing


def _sum(values: Sequence[float | None]) -> float:
    return sum(value for value in values if value is not None)


def _is_total(cells: Sequence[Value]) -> bool:
    first = [cell for cell in cells if is_filled(cell)][:_FEW]
    return any(_TOTAL.fullmatch(_tight(shown(cell)).lower()) for cell in first)
