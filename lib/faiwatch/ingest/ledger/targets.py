"""Targets as offices break them down: a row for each unit, a column for each part of the year.

全年目标, 上半年 and 1-8月 head amounts or growth up to the end of what they name. A column that
says how much was done is no target; what the numbers are (investment, growth, projects) and their
unit stand in the header, above it or in the name of the sheet, or are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from faiwatch.core.text import Text, clean, fold
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.ingest import layout
from faiwatch.ingest.ledger.amounts import which_unit
from faiwatch.ingest.ledger.answers import SHEET, SKIP, LedgerAnswers
from faiwatch.ingest.ledger.headers import Headers
from faiwatch.ingest.ledger.places import blocks, name_of
from faiwatch.ingest.ledger.rows import is_sum
from faiwatch.ingest.ledger.sheet import ReadSheet
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.numbers import read_number
from faiwatch.ingest.units import title_units
from faiwatch.ingest.values import Sheet, address, only, shown

TABLE = "targets"
_DONE = re.compile("完成|实际|占|差|上年|去年|同期|基数|排名|位次|增减|备注|已|较")
_PARTS = (
    (re.compile(r"0?1月?[-—–~～至到]+(1[0-2]|0?[1-9])月"), None),
    (re.compile("上半年|1[-—–~～至到]+2季度|二季度"), 6),
    (re.compile("前三季度|三季度"), 9),
    (re.compile("一季度"), 3),
    (re.compile("(1[0-2]|0?[1-9])月"), None),
    (re.compile("全年|年度|年目标|年任务|四季度|目标|任务|计划"), 0),
)
_SINGLE = 4  # the place of a month alone, which may be no sum since January
_METRICS = (
    ("growth", re.compile("增速|增长|增幅")),
    ("starts", re.compile("开工(?:项目)?(?:个?数|个)|新开工")),
    ("funds_arrived", re.compile("到位资金|资金到位")),
    ("investment", re.compile("投资|固投")),
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_UNITS = {"%": "percent", "％": "percent", "个": "count", "万元": "10k", "亿元": "100m"}


class _Goal(NamedTuple):
    """A column of targets: up to which month (0 = the whole year), of what, and in which unit."""

    column: int
    header: str
    cell: str
    month: int
    is_single: bool
    metric: str
    unit: str


def wide_targets(
    sheet: Sheet, file: str, answers: LedgerAnswers, log: Log
) -> tuple[pd.DataFrame, ReadSheet] | None:
    """Return the targets of a sheet with a column for each part of the year, or None.

    Parameters
    ----------
    sheet : Sheet
        A sheet.
    file : str
        Name of the file, which may tell the year.
    answers : LedgerAnswers
        What the user says.
    log : Log
        Takes what was left out, and the questions.
    """
    if answers.labels.get(f"{SHEET}:{sheet.name}", TABLE) != TABLE:
        return None
    best = max(_candidates(sheet, answers), key=lambda one: len(one[2]), default=None)
    if best is None:
        return None
    block, unit_column, goals = best
    words = [clean(text) for _, text in block.title_words()]
    year = _year([*words, sheet.name, Path(file).name], [one.header for one in goals], answers)
    first = address(block.headers[-1], goals[0].column)
    if year is None:
        text = Text("这些目标是哪一年的？", "which year are these targets for?")
        log.ask(Question("year", sheet.name, first, text, sheet.name, "--year 2026"))
    goals = _with_units(sheet, goals, words, answers, log)
    rows = list(_rows(block, unit_column, goals, log))
    if not _are_sums(goals, rows):
        text = Text(
            "这些月份的目标是累计数还是当月数？按累计数填写，或略去这张表",
            "are these targets of single months or since January? enter those since January, or "
            "leave out the sheet",
        )
        flag = map_flag(f"{SHEET}:{sheet.name}", SKIP)
        log.ask(Question("window", sheet.name, first, text, goals[0].header, flag))
    told = [
        {
            "unit": name,
            "year": year,
            "month": one.month or None,
            "metric": one.metric,
            "value": value,
            "value_unit": _UNITS.get(one.unit, "count"),
            "file": file,
            "sheet": clean(sheet.name),
            "row": row + 1,
        }
        for row, name, values in rows
        for one, value in zip(goals, values, strict=True)
        if value is not None and year and one.metric
    ]
    for word in words:
        log.drop(sheet.name, "A1", word, "title")
    columns = {"value": (goals[0].header, goals[0].cell)}
    read = ReadSheet(clean(sheet.name), TABLE, "", len(told), columns)
    return pd.DataFrame(told, dtype="object"), read


def _with_units(
    sheet: Sheet, goals: Sequence[_Goal], words: Sequence[str], answers: LedgerAnswers, log: Log
) -> list[_Goal]:
    """Return targets with what they are of and their unit, which a title may tell, or ask."""
    about = " ".join([sheet.name, *words])
    unit = next(filter(None, (_unit(word) for word in words)), answers.unit or "")
    told = [
        one._replace(metric=one.metric or _metric(about), unit=one.unit or unit) for one in goals
    ]
    told = [one._replace(unit="%" if one.metric == "growth" else one.unit) for one in told]
    for one in told:
        if not one.metric:
            text = Text(
                "这是什么的目标：投资额、增速还是开工项目数？在表头或标题中写明，或略去这张表",
                "what is this a target of: investment, its growth or projects started? say so in a "
                "header or title, or leave out the sheet",
            )
            flag = map_flag(f"{SHEET}:{sheet.name}", SKIP)
            log.ask(Question("measure", sheet.name, one.cell, text, one.header, flag))
        elif not one.unit and one.metric != "starts":
            log.ask(which_unit(sheet, one.cell, one.header))
    return told


def _candidates(
    sheet: Sheet, answers: LedgerAnswers
) -> Iterator[tuple[layout.Table, int, list[_Goal]]]:
    headers = Headers(ledger_tables()[TABLE], answers.labels)
    said = answers.labels.get(f"{SHEET}:{sheet.name}") == TABLE
    named: dict[int, bool] = {}  # by the number of rows above the header
    for block in blocks(sheet):
        above = len(block.titles)
        if above not in named:
            named[above] = said or name_of(sheet, block) == TABLE
        if not named[above]:
            continue
        words = {at: [word for *_, word in block.labels(at)] for at in range(block.width)}
        fields = {at: headers.understand(over).field for at, over in words.items() if over}
        units = [at for at, field in fields.items() if field == "unit"]
        if len(units) != 1 or "metric" in fields.values():
            continue
        goals = [_goal(block, at) for at in fields if at != units[0] and fields[at] != SKIP]
        if found := [one for one in goals if one is not None]:
            yield block, units[0], found


def _goal(block: layout.Table, index: int) -> _Goal | None:
    """Return what a column is a target of, or None when it is none."""
    cells = block.labels(index)
    header = "/".join(word for *_, word in cells)
    text = re.sub(r"\s+", "", fold(header))
    text = re.sub(r"20\d\d年(?=.)", "", text) if not text.endswith("年") else text
    if _DONE.search(text):
        return None
    for place, (pattern, month) in enumerate(_PARTS):
        if match := pattern.search(text):
            upto = int(match[1]) if month is None else month
            where = address(*cells[-1][:2])
            single = place == _SINGLE
            return _Goal(index, header, where, upto % 12, single, _metric(text), _unit(text))
    return None


def _metric(text: str) -> str:
    if "%" in fold(text):
        return "growth"
    return next((name for name, pattern in _METRICS if pattern.search(text)), "")


def _unit(text: str) -> str:
    units = {one.name for one in title_units(text) if one.per_100m}
    units |= {word for word in ("万元", "亿元") if text.rstrip("）) ").endswith(word)}
    if len(units) == 1:
        return units.pop()
    return "%" if "%" in fold(text) else ""


def _year(texts: Sequence[str], headers: Sequence[str], answers: LedgerAnswers) -> float | None:
    for some in (headers, texts):
        year = only(int(found) for text in some for found in _YEAR.findall(text))
        if year is not None:
            return float(year)
    return None if answers.year is None else float(answers.year)


def _rows(
    block: layout.Table, unit_column: int, goals: Sequence[_Goal], log: Log
) -> Iterator[tuple[int, str, list[float | None]]]:
    sheet = block.sheet
    for row in range(block.headers[-1] + 1, len(sheet.rows)):
        name = clean(shown(sheet.at(row, unit_column)).strip())
        cells = [sheet.at(row, one.column) for one in goals]
        numbers = [read_number(cell) for cell in cells]
        values = [None if one is None else one.value for one in numbers]
        words = [shown(cell) for cell in sheet.rows[row] if shown(cell).strip()]
        if any(map(is_sum, words[:3])):
            log.drop(sheet.name, address(row, unit_column), " ".join(words), "subtotal")
        elif name and any(value is not None for value in values):
            yield row, name, values
        elif words:
            log.drop(sheet.name, address(row, unit_column), " ".join(words), "note")


def _are_sums(goals: Sequence[_Goal], rows: Sequence[tuple[int, str, list[float | None]]]) -> bool:
    """Whether single months, where there are any, can only be sums since January."""
    if not any(one.is_single and one.metric == "investment" for one in goals):
        return True
    order = sorted(range(len(goals)), key=lambda at: goals[at].month or 12)
    if len(order) < 2:
        return False
    for *_, values in rows:
        told = [value for at in order if (value := values[at]) is not None]
        if told != sorted(told):
            return False
    return True
