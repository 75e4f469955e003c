"""Gather the figures of a table: each number with all that its row, column and titles say of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from faiwatch.core.text import Text, fold
from faiwatch.ingest.columns import Column, columns_of
from faiwatch.ingest.headers import Synonyms
from faiwatch.ingest.layout import Table
from faiwatch.ingest.log import Log, Question
from faiwatch.ingest.meaning import NOTHING, Meaning, Measure, Window, spelt
from faiwatch.ingest.months import Month
from faiwatch.ingest.numbers import PLAIN, Number, Spelling, read_number
from faiwatch.ingest.rows import Row, RowReader
from faiwatch.ingest.units import Unit, title_units
from faiwatch.ingest.values import Sheet, Unusable, Value, address, shown

COLUMNS = ["told", "spelling", "cell_month", "year", "month", "number", "row", "column"]
UNKNOWN = 0  # a year or month that nobody tells


class Told(NamedTuple):
    """What is said of the figures of one column in rows of one kind, their month aside.

    Attributes
    ----------
    meaning : Meaning
        Everything said of them; dims that nobody tells are None.
    unit : Unit or None
        Unit of values, as the file tells.
    unit_rule : str
        Where the unit is told.
    says_percent : bool
        Header, row or title says percent.
    sheet : Sheet
        Where they stand.
    column : Column
        Its header.
    details : tuple of tuple
        Columns of release date, source and note, by name.
    """

    meaning: Meaning
    unit: Unit | None
    unit_rule: str
    says_percent: bool
    sheet: Sheet
    column: Column
    details: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Figures:
    """The numbers of a file, by column, with what is said of them kept once.

    Attributes
    ----------
    told, spellings, months : list
        What `told`, `spelling` and `cell_month` of a figure count in.
    parts : list of DataFrame
        Figures with ``COLUMNS``: numbers as they stand; year and month 0 = not told; row and column
        from zero.
    """

    told: list[Told] = field(default_factory=list)
    spellings: list[Spelling] = field(default_factory=lambda: [PLAIN])
    months: list[Month] = field(default_factory=list)
    parts: list[pd.DataFrame] = field(default_factory=list)

    def frame(self) -> pd.DataFrame:
        """Return all figures, one row each."""
        if not self.parts:
            return pd.DataFrame({name: pd.Series(dtype="int64") for name in COLUMNS})
        return pd.concat(self.parts, ignore_index=True)

    def said(self, figures: pd.DataFrame, name: str) -> np.ndarray:
        """Return for each figure one thing that its meaning says, None where nothing is said."""
        values = np.empty(len(self.told), dtype=object)
        values[:] = [getattr(one.meaning, name) for one in self.told]
        spread: np.ndarray = values[figures["told"].to_numpy()]
        return spread


@dataclass(frozen=True, slots=True)
class Given:
    """What the user answers for the whole file; None where nothing was answered."""

    region: str | None = None
    indicator: str | None = None
    year: int | None = None
    unreadable_is_missing: bool = False


class Around(NamedTuple):
    """What the words around a table say, and the units that they state."""

    meaning: Meaning
    units: list[Unit]


class TableFigures:
    """Gathers the figures of one table.

    Parameters
    ----------
    table : Table
        Where it is.
    synonyms : Synonyms
        The synonym table with the user's answers.
    given : Given
        What the user answers.
    log : Log
        Takes notes and questions.
    figures : Figures
        Takes what is found.
    """

    def __init__(
        self, table: Table, synonyms: Synonyms, given: Given, log: Log, figures: Figures
    ) -> None:
        self.table, self._given, self._log, self._figures = table, given, log, figures
        columns = columns_of(table, synonyms, log)
        self._around = _around(table, synonyms, given, log)
        self.columns = [one for one in columns if one.meaning.field is None]
        self._details = tuple(
            (str(one.meaning.field), one.index)
            for one in columns
            if one.meaning.field in {"issued", "source", "note"}
        )
        self.reader = RowReader(table, columns, synonyms, log)
        self._told: dict[tuple[Meaning, Window | None, Meaning], list[int]] = {}
        self._spellings: dict[Spelling, int] = {PLAIN: 0}

    def gather(self, start: int) -> None:
        """Take the figures of the rows from `start`, row by row.

        Marks for "not published" yield no figure; a cell that is no number becomes a question.
        """
        found: list[tuple[float, ...]] = []
        for row in self.reader.rows(start):
            cells = self.table.sheet.rows[row.number]
            cell_month = len(self._figures.months)
            self._figures.months.append(row.month)
            for told, column in zip(self.told_of(row), self.columns, strict=True):
                number = self._number(cells[column.index], row.number, column.index)
                if number is None or number.value is None:
                    continue
                meaning = self._figures.told[told].meaning
                found.append(
                    (
                        told,
                        self._spelling(number.spelling),
                        cell_month,
                        row.month.year or meaning.year or UNKNOWN,
                        row.month.month or meaning.month or UNKNOWN,
                        number.value,
                        row.number,
                        column.index,
                    )
                )
        if found:
            frame = pd.DataFrame(found, columns=COLUMNS)
            self._figures.parts.append(
                frame.astype({name: "int64" for name in COLUMNS if name != "number"})
            )

    def told_of(self, row: Row) -> list[int]:
        """Return what is said of each figure column in a row, by its place in ``Figures.told``."""
        key = (row.label, row.window, row.section)
        if key not in self._told:
            first = len(self._figures.told)
            self._figures.told += [self._tell(row, column) for column in self.columns]
            self._told[key] = list(range(first, len(self._figures.told)))
        return self._told[key]

    def _spelling(self, spelling: Spelling) -> int:
        if spelling not in self._spellings:
            self._spellings[spelling] = len(self._figures.spellings)
            self._figures.spellings.append(spelling)
        return self._spellings[spelling]

    def _number(self, was: Value, row: int, column: int) -> Number | None:
        """Return a cell as a number, after noting marks and asking about what is none."""
        if was == "":
            return None
        number, name = read_number(was), self.table.sheet.name
        if number is not None and number.value is not None:
            return number
        if number is None and not self._given.unreadable_is_missing:
            self._log.ask(_not_a_number(was, name, address(row, column)))
            return None
        rules = number.spelling.rules if number is not None else ("unreadable",)
        if rules:
            self._log.coerced(name, address(row, column), shown(was), "", rules[0])
        return None

    def _tell(self, about: Row, column: Column) -> Told:
        """Return what row, column, section and the words around say together of a figure.

        A row says more than its column, except that a total gives way to a part: 民间投资 in the
        header over a row 固定资产投资 is private investment.
        """
        row, own = about.label._replace(window=about.window), column.meaning
        if row.indicator == "total" and own.indicator is not None:
            row = row._replace(indicator=own.indicator)
        said = (row, own, about.section, self._around.meaning)
        whole = NOTHING
        for meaning in said:
            whole = whole.over(meaning)
        if any(meaning.window == "single" for meaning in said):
            whole = whole._replace(window="single")
        units = self._units(row, own, about.section)
        left_out = next((meaning.measure for meaning in said if meaning.is_left_out), None)
        measure = left_out or _measure(whole, {row.measure, own.measure}, units)
        whole = whole._replace(measure=measure)
        is_percent = any(not unit.per_100m for unit, _ in units)
        values = [pair for pair in units if pair[0].per_100m]
        values += [(unit, "unit_title") for unit in self._value_units()]
        unit, rule = values[0] if values else (None, "")
        return Told(whole, unit, rule, is_percent, self.table.sheet, column, self._details)

    def _units(self, *said: Meaning) -> list[tuple[Unit, str]]:
        """Return the units that row, header, section and title tell, the nearest first."""
        rules = ("unit_row", "unit_header", "unit_title")
        units = [(one.unit, rule) for one, rule in zip(said, rules, strict=True) if one.unit]
        around = self._around.units
        return [*units, (around[0], "unit_title")] if len(around) == 1 else units

    def _value_units(self) -> list[Unit]:
        """Return the one unit of values that the title states; two say nothing."""
        units = [unit for unit in self._around.units if unit.per_100m]
        return units if len(units) == 1 else []


def _measure(
    whole: Meaning, near: set[Measure | None], units: Sequence[tuple[Unit, str]]
) -> Measure | None:
    """Return value or growth: as row and column say, the words around, or the nearest unit."""
    if "growth" in near:
        return "growth"
    if "value" in near and units and not units[0][0].per_100m:
        return None  # "投资额（%）" contradicts itself
    if whole.measure is not None or not units:
        return whole.measure
    return "value" if units[0][0].per_100m else "growth"


def _not_a_number(was: Value, sheet: str, cell: str) -> Question:
    if isinstance(was, Unusable):
        text = Text(
            "公式没有计算结果：用 Excel 或 WPS 打开并保存一次",
            "a formula without its result: open the workbook in Excel or WPS once and save it",
        )
        return Question("formula", sheet, cell, text, got=shown(was), flag="--unreadable missing")
    text = Text("这个单元格不是数字", "this cell is not a number")
    return Question("number", sheet, cell, text, got=shown(was), flag="--unreadable missing")


def _around(table: Table, synonyms: Synonyms, given: Given, log: Log) -> Around:
    """Return what title, sheet name and the user's answers say of the whole table."""
    sheet = table.sheet
    said = [synonyms.understand(sheet.name)]
    if said[0].unknown is not None or said[0].field is not None:
        said = [synonyms.search(sheet.name)]
    if synonyms.is_answered(sheet.name):
        log.coerced(sheet.name, "A1", sheet.name, spelt(said[0]), "map")
    for row in range(table.headers[0], table.body):
        if row not in table.headers:
            words = " ".join(shown(cell) for cell in sheet.rows[row] if cell != "")
            log.drop(sheet.name, address(row, 0), words, "column_numbers")
    units: list[Unit] = []
    for where, words in _titles(table):
        log.drop(sheet.name, where, words, "title")
        said.append(synonyms.search(words))
        units += title_units(fold(words))
    said.append(Meaning(region=given.region, indicator=given.indicator, year=given.year))
    whole = NOTHING
    for meaning in said:
        whole = whole.over(meaning)
    if whole.measure == "other":  # of a table that names investment itself
        whole = whole._replace(measure=None)
    return Around(whole._replace(unit=None), list(dict.fromkeys(units)))


def _titles(table: Table) -> Iterator[tuple[str, str]]:
    for row in table.titles:
        for column, cell in enumerate(table.sheet.rows[row]):
            if words := shown(cell).strip():
                yield address(row, column), words
