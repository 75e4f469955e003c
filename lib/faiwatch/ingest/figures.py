"""Gather the figures of a table: each number with all that its row, column and titles say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Text, fold
from faiwatch.ingest.columns import Column, columns_of
from faiwatch.ingest.headers import Synonyms
from faiwatch.ingest.layout import Table
from faiwatch.ingest.log import Log, Question
from faiwatch.ingest.meaning import Meaning, Window, narrowest, spelt, together
from faiwatch.ingest.numbers import PLAIN, Number, Spelling, read_number
from faiwatch.ingest.parts import title_says
from faiwatch.ingest.rows import Month, Row, RowReader
from faiwatch.ingest.units import INDEX, Unit, title_units
from faiwatch.ingest.values import Sheet, Unusable, Value, address, shown

if TYPE_CHECKING:  # the reading of a file gathers its figures
    from faiwatch.ingest.reading import Answers

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
    is_index : bool
        They say that the same time of the year before is 100.
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
    is_index: bool
    sheet: Sheet
    column: Column
    details: tuple[tuple[str, int], ...]


class Spot(NamedTuple):
    """One figure where it stands, for notes and questions about it.

    Attributes
    ----------
    told : Told
        What is said of it.
    sheet, cell : str
        Where it stands.
    was : str
        What stands there.
    """

    told: Told
    sheet: str
    cell: str
    was: str

    @property
    def column(self) -> str:
        """The header of its column in full."""
        return self.told.column.words

    @property
    def header(self) -> str:
        """The lowest words of that header."""
        return self.told.column.header


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

    def spots(self, figures: pd.DataFrame, *by: str) -> Iterator[Spot]:
        """Yield where figures stand: each of them, or the first one of each kind `by` columns."""
        if figures.empty:
            return
        firsts = figures.drop_duplicates(list(by)) if by else figures
        places = (firsts[name].tolist() for name in ("told", "row", "column"))
        for told, row, column in zip(*places, strict=True):
            one = self.told[told]
            yield Spot(one, one.sheet.name, address(row, column), shown(one.sheet.at(row, column)))


def flagged(flags: Iterable[bool], place: pd.Series) -> np.ndarray:
    """Return for each figure whether it is so of its kind, by the `place` of that among all."""
    found: np.ndarray = np.fromiter(flags, dtype="bool")[place.to_numpy()]
    return found


class TableFigures:
    """Gathers the figures of one table.

    Parameters
    ----------
    table : Table
        Where it is.
    synonyms : Synonyms
        The synonym table with the user's answers.
    answers : Answers
        What the user answers for the whole file.
    log : Log
        Takes notes and questions.
    figures : Figures
        Takes what is found.
    """

    def __init__(
        self, table: Table, synonyms: Synonyms, answers: Answers, log: Log, figures: Figures
    ) -> None:
        self.table, self.log, self.figures, self._answers = table, log, figures, answers
        columns = columns_of(table, synonyms, log)
        self._around, self._units_around = _around(table, synonyms, answers, log)
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
            cell_month = len(self.figures.months)
            self.figures.months.append(row.month)
            for told, column in zip(self.told_of(row), self.columns, strict=True):
                number = self._number(cells[column.index], row.number, column.index)
                if number is None or number.value is None:
                    continue
                if number.spelling not in self._spellings:
                    self._spellings[number.spelling] = len(self.figures.spellings)
                    self.figures.spellings.append(number.spelling)
                meaning = self.figures.told[told].meaning
                found.append(
                    (
                        told,
                        self._spellings[number.spelling],
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
            self.figures.parts.append(
                frame.astype({name: "int64" for name in COLUMNS if name != "number"})
            )

    def told_of(self, row: Row) -> list[int]:
        """Return what is said of each figure column in a row, by its place in ``Figures.told``."""
        key = (row.label, row.window, row.section)
        if key not in self._told:
            first = len(self.figures.told)
            self.figures.told += [self._tell(row, column) for column in self.columns]
            self._told[key] = list(range(first, len(self.figures.told)))
        return self._told[key]

    def _number(self, was: Value, row: int, column: int) -> Number | None:
        """Return a cell as a number, after noting marks and asking about what is none."""
        if was == "":
            return None
        number, name = read_number(was), self.table.sheet.name
        answer = self.reader.answer_at(row, column)
        if answer is not None and answer.is_left_out:
            self.log.drop(name, address(row, column), shown(was), "map")
            return None
        if number is not None and number.value is not None:
            return number
        if number is None and not self._answers.unreadable_is_missing:
            id, text = "number", Text("这个单元格不是数字", "this cell is not a number")
            if isinstance(was, Unusable):
                id, text = "formula", say("ingest.figures.uncalculated")
            where, flag = address(row, column), "--unreadable missing"
            self.log.ask(Question(id, name, where, text, shown(was), flag))
            return None
        rules = number.spelling.rules if number is not None else ("unreadable",)
        if rules:
            self.log.coerced(name, address(row, column), shown(was), "", rules[0])
        return None

    def _tell(self, about: Row, column: Column) -> Told:
        """Return what row, column, section and the words around say together of a figure.

        A row says more than its column, except that a total gives way to a part: 民间投资 in the
        header over a row 固定资产投资 is private investment. The nearest unit counts; two that a
        title states say nothing.
        """
        row, own = about.label._replace(window=about.window), column.meaning
        both = narrowest({one for one in (row.indicator, own.indicator) if one})
        if row.indicator == "total" and own.indicator is not None:
            row = row._replace(indicator=own.indicator)
        elif len(both) > 1:  # a part of a part is not kept: 民间投资 over a row 第一产业
            row = row._replace(measure="skip")
        said = (row, own, about.section, self._around)
        whole = together(said)
        near = said[:3] if own.window == "ytd" else said  # a file called 本月 says when it came
        if any(meaning.window == "single" for meaning in near):
            whole = whole._replace(window="single")
        rules = ("unit_row", "unit_header", "unit_title")
        units = [(one.unit, rule) for one, rule in zip(said[:3], rules, strict=True) if one.unit]
        if len(self._units_around) == 1:
            units.append((self._units_around[0], "unit_title"))
        left_out = next((meaning.measure for meaning in said if meaning.is_left_out), None)
        is_percent = bool(units) and not units[0][0].per_100m
        measure = whole.measure or ("growth" if is_percent else "value" if units else None)
        if left_out is not None:
            measure = left_out
        elif "growth" in {row.measure, own.measure}:
            measure = "growth"
        elif "value" in {row.measure, own.measure} and is_percent:
            measure = None  # "投资额（%）" contradicts itself
        whole = whole._replace(measure=measure)
        says_percent = any(not unit.per_100m for unit, _ in units)
        of_values = [unit for unit in self._units_around if unit.per_100m]
        values = [pair for pair in units if pair[0].per_100m]
        values += [(unit, "unit_title") for unit in of_values if len(of_values) == 1]
        unit, rule = values[0] if values else (None, "")
        nearest = next((one for one, _ in units if not one.per_100m), None)
        is_index = measure == "growth" and nearest is not None and nearest.name == INDEX
        where = self.table.sheet, column, self._details
        return Told(whole, unit, rule, says_percent, is_index, *where)


def _around(
    table: Table, synonyms: Synonyms, answers: Answers, log: Log
) -> tuple[Meaning, list[Unit]]:
    """Return what title, sheet name and the user's answers say of the whole table, and its units.

    What is said becomes a note.
    """
    sheet = table.sheet
    said = [synonyms.understand(sheet.name)]
    if said[0].unknown is not None or said[0].field is not None:
        said = [title_says(sheet.name, synonyms)]
    if synonyms.is_answered(sheet.name):
        log.coerced(sheet.name, "A1", sheet.name, spelt(said[0]), "map")
    about = dict(table.about)
    for row in range(min(table.headers[0], *about, table.body), table.body):
        if row not in table.headers and about.get(row) not in {"unit", "region"}:
            words = " ".join(shown(cell) for cell in sheet.rows[row] if cell != "")
            if words:
                rule = "metadata" if row in about else "column_numbers"
                log.drop(sheet.name, address(row, 0), words, rule)
    units: list[Unit] = []
    for where, words in table.title_words():
        log.drop(sheet.name, where, words, "title")
        said.append(title_says(words, synonyms))
        units += title_units(fold(words))
    said.append(Meaning(region=answers.region, indicator=answers.indicator, year=answers.year))
    whole = together(said)
    if whole.measure == "other":  # of a table that names investment itself
        whole = whole._replace(measure=None)
    return whole._replace(unit=None), list(dict.fromkeys(units))
