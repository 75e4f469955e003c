"""What each row of a table is about: its labels and month, section lines above it, sums, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from faiwatch.core.phrases import say
from faiwatch.ingest.columns import (
    BOTH_WINDOWS,
    GROWTH_OF_A_WINDOW,
    LABEL_FIELDS,
    PERIOD_FIELDS,
    Column,
    is_one_subject,
    is_open_growth,
    unknown_label,
    window_question,
)
from faiwatch.ingest.dates import (
    Every,
    When,
    day_inside,
    january_in,
    may_be_october,
    october_in,
    order_of_days,
    read_period,
    read_slashed,
)
from faiwatch.ingest.headers import Synonyms
from faiwatch.ingest.layout import Table
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.meaning import LEFT_OUT, NOTHING, Meaning, Window, spelt, together
from faiwatch.ingest.numbers import is_figure, read_number
from faiwatch.ingest.parts import (
    OF_ALL,
    About,
    about_of,
    about_whole,
    names_investment,
    part_of_titles,
    understood,
    whole_of,
)
from faiwatch.ingest.units import unit_named
from faiwatch.ingest.values import Value, address, shown

_CODE = re.compile(r"\d{6}", re.ASCII)
_OWN_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class Month(NamedTuple):
    """The month of a row.

    Attributes
    ----------
    year, month : int or None
        As far as the row tells.
    window : {"ytd"} or None
        It is named as a window from January.
    spelt : tuple of tuple
        Column, words and rule of each cell that spells it in another way than ``YYYY-MM``.
    every : {"annual", "quarterly"} or None
        It is a quarter or a year of accounts.
    mark : str
        Mark behind it, see :mod:`faiwatch.ingest.marks`.
    is_day : bool
        A day inside the month stands for it.
    """

    year: int | None = None
    month: int | None = None
    window: Window | None = None
    spelt: tuple[tuple[int, str, str], ...] = ()
    every: Every | None = None
    mark: str = ""
    is_day: bool = False


class MonthReader:
    """Reads the month of a row from the columns that hold periods, years or months.

    Parameters
    ----------
    table : Table
        Where it is.
    columns : list of Column
        Those whose field is ``period``, ``year`` or ``month``.
    synonyms : Synonyms
        For the user's answers.
    log : Log
        Takes the question when a cell is no month.
    """

    def __init__(self, table: Table, columns: list[Column], synonyms: Synonyms, log: Log) -> None:
        self.columns = columns
        self._table, self._synonyms, self._log = table, synonyms, log
        self._known: dict[tuple[Value, ...], Month] = {}
        self._above: dict[int, Value] = {}
        self._orders: dict[int, Literal["day", "month", "year"] | None] = {}

    def read(
        self, index: int, cells: Sequence[Value], *, is_labelled: bool = False
    ) -> Month | None:
        """Return the month of a row, or None (and a question) when a cell is no month.

        A blank year is that of the row above; so is a blank month where the row `is_labelled`.
        """
        given = [cells[column.index] for column in self.columns]
        for place, column in enumerate(self.columns):
            is_year = column.meaning.field == "year"
            if given[place] == "" and (is_year or is_labelled):
                given[place] = self._above.get(column.index, "")
                if given[place] != "" and not is_year:
                    self._log.filled_down(self._table.sheet.name, index, column.index, given[place])
        self.see(cells)
        key = tuple(given)
        if key in self._known:
            return self._known[key]
        whole = Month()
        for column, value in zip(self.columns, given, strict=True):
            if value == "":
                continue
            part = self._read(column, index, value)
            if part is None:
                return None
            both = Month._make(mine or its for mine, its in zip(whole, part, strict=True))
            year = both.year or column.meaning.year
            whole = both._replace(year=year, spelt=whole.spelt + part.spelt)
        if not any(map(may_be_october, key)):
            self._known[key] = whole
        return whole

    def see(self, cells: Sequence[Value]) -> None:
        """Remember the month of a row, also of one that is left out: blanks below mean it."""
        said = {one.index: cells[one.index] for one in self.columns}
        self._above |= {index: cell for index, cell in said.items() if cell != ""}

    def is_unreadable(self, cells: Sequence[Value]) -> bool:
        """Whether a cell that should hold a month holds something else."""
        return any(
            cells[column.index] != "" and _month_in(column, cells[column.index]) is None
            for column in self.columns
        )

    def _read(self, column: Column, index: int, value: Value) -> Month | None:
        word, sheet = shown(value), self._table.sheet
        answer = self._synonyms.answer_at(sheet.name, index, column.index)
        answer = answer or self._synonyms.answers.get(word)
        if answer is not None:
            return Month(answer.year, answer.month, answer.window, ((column.index, word, "map"),))
        when = _month_in(column, value) or day_inside(value)
        if when is None and (order := self._order_of_days(column)):
            when = read_slashed(value, order)
        if when is not None and when.month == 1 and may_be_october(value):
            body, place = range(self._table.body, self._table.end), index - self._table.body
            values = [sheet.at(row, column.index) for row in body]
            if october_in(values, place):
                when = When(when.year, 10, rule="october_lost_its_zero")
            elif not january_in(values, place):
                when = None
        if when is None:
            text = say("ingest.rows.which_month", word=word)
            cell, flag = address(index, column.index), map_flag(word, "YYYY-MM")
            self._log.ask(Question("period", sheet.name, cell, text, word, flag))
            return None
        rule = "+".join(filter(None, (when.rule, when.mark and f"{when.mark}_mark")))
        spelt = ((column.index, word, rule),) if rule else ()
        window: Window | None = "ytd" if when.is_window else None
        return Month(when.year, when.month, window, spelt, when.every, when.mark, when.is_day)

    def _order_of_days(self, column: Column) -> Literal["day", "month", "year"] | None:
        """Return what comes first in the days of a column that are written with slashes."""
        if column.index not in self._orders:
            body = self._table.sheet.rows[self._table.body : self._table.end]
            self._orders[column.index] = order_of_days(row[column.index] for row in body)
        return self._orders[column.index]


def _month_in(column: Column, value: Value) -> When | None:
    """Return the month of a cell; bare numbers are months in a column of months."""
    when = read_period(value)
    if when is None and isinstance(value, str) and column.meaning.field != "period":
        number = read_number(value)
        if number is not None and number.value is not None:
            when = read_period(number.value)
    if when is not None and column.meaning.field == "month" and when.year and not when.month:
        return None
    return when


class Row(NamedTuple):
    """One row with figures.

    Attributes
    ----------
    number : int
        Its place on the sheet, from zero.
    label : Meaning
        What its labels say, its month aside.
    month : Month
        The month that its labels name, as far as they do.
    section : Meaning
        What the section lines above it say.
    """

    number: int
    label: Meaning
    month: Month
    section: Meaning

    @property
    def window(self) -> Window | None:
        """Window that the row's labels name."""
        return self.month.window or self.label.window


class RowReader:
    """Reads the labels of the rows of one table.

    Parameters
    ----------
    table : Table
        Where it is.
    columns : list of Column
        Its columns; those with a field hold labels.
    synonyms : Synonyms
        The synonym table with the user's answers.
    log : Log
        Takes notes and questions.
    """

    def __init__(self, table: Table, columns: list[Column], synonyms: Synonyms, log: Log) -> None:
        self._table, self._sheet = table, table.sheet
        self._synonyms, self._log = synonyms, log
        self.labels = [one for one in columns if one.meaning.field in LABEL_FIELDS | {"unit"}]
        self._figures = [one.index for one in columns if one.meaning.field is None]
        periods = [one for one in columns if one.meaning.field in PERIOD_FIELDS]
        self.months = MonthReader(table, periods, synonyms, log)
        # an answer for one cell is none for others of the same words
        self.has_cell_answers = any(row is not None for _, row, _ in synonyms.places)
        self._known: dict[tuple[Value, ...], Meaning] = {}
        # what the rows above say of a bare part, or every column of figures
        heads = [one.words for one in columns if one.meaning.field is None]
        is_headed = bool(heads) and all(map(names_investment, heads))
        self._within = part_of_titles(table, synonyms)
        self._about = "investment" if is_headed else about_whole(table, synonyms)
        self._about_after: dict[tuple[Value, ...], About | None] = {}
        self._noted: set[str] = set()
        self._above: dict[int, Value] = {}
        self._subject = self._amount = NOTHING
        self._whole: str | None = None
        body = self._sheet.rows[table.body : table.end]
        said = [
            (column.meaning.field, self._read_label(column, shown(cell)))
            for column in self.labels
            for cell in {row[column.index] for row in body} - {""}
        ]
        self._windows = {meaning.window for _, meaning in said}
        self._whole = whole_of(meaning.region for _, meaning in said)
        # 合计 in this table sums regions, or stands beside a row for the total
        self._sum_of_others = any(
            meaning.region is not None
            or meaning.indicator == "total"
            or (meaning.unknown is not None and field == "region")
            for field, meaning in said
        )

    def rows(self, start: int) -> Iterator[Row]:
        """Yield the rows from `start` that hold figures; the others are noted as left out."""
        section = NOTHING
        for index in range(start, self._table.end):
            cells = self._sheet.rows[index]
            if all(cells[column] == "" for column in self._figures):
                section = self._section(index).over(section)
                for at, cell in self._filled(index):
                    column = next((one for one in self.labels if one.index == at), None)
                    if column is not None and column.meaning.field != "unit":
                        said = self._read_label(column, shown(cell))
                        self._about = about_of(shown(cell), said, self._about)
            elif self._is_data(index, cells):
                label = self.label_of(index, cells)
                own = any(cells[one.index] != "" for one in self.labels)
                month = None
                if label is not None:
                    month = self.months.read(index, cells, is_labelled=own)
                if label is not None and month is not None:
                    yield Row(index, label, month, section)
            self.months.see(cells)

    def answer_at(self, row: int, column: int) -> Meaning | None:
        """Return what the user has answered for a cell of the table."""
        if not self.has_cell_answers:
            return None
        return self._synonyms.answer_at(self._sheet.name, row, column)

    def stands_alone(self, cells: Sequence[Value]) -> bool:
        """Whether the labels of a row say what it is about without the rows above it."""
        parts = [self._read_label(one, shown(cells[one.index])) for one in self.labels]
        if any(part.sum or part.is_left_out for part in parts):
            return False
        if self._windows >= BOTH_WINDOWS and any(map(is_open_growth, parts)):
            return False  # its window is that of the row above
        names = any(part.indicator or part.region or part.unknown for part in parts)
        return names or not any(part.measure for part in parts)

    def _section(self, index: int) -> Meaning:
        """Return what a line without figures says of the rows below it."""
        filled = self._filled(index)
        if not filled:
            return NOTHING
        column, cell = filled[0]
        meaning = self._synonyms.understand(shown(cell)) if len(filled) == 1 else NOTHING
        if meaning.unknown is not None or meaning == NOTHING or meaning.field is not None:
            labels = {one.index for one in (*self.labels, *self.months.columns)}
            # a row with labels only is one whose figures are just not there
            if len(filled) == 1 or not all(at in labels for at, _ in filled):
                self._drop(index, "note")
            return NOTHING
        where = address(index, column)
        self._log.coerced(self._sheet.name, where, shown(cell), spelt(meaning), "label")
        return meaning

    def _filled(self, index: int) -> list[tuple[int, Value]]:
        return [(at, cell) for at, cell in enumerate(self._sheet.rows[index]) if cell != ""]

    def _drop(self, index: int, rule: str) -> None:
        filled = self._filled(index)
        words = " ".join(shown(cell) for _, cell in filled)
        self._log.drop(self._sheet.name, address(index, filled[0][0]), words, rule)

    def _is_data(self, index: int, cells: Sequence[Value]) -> bool:
        """Whether a row belongs to the table; words about it, and stray numbers, do not."""
        has_number = any(
            type(cells[column]) is float or is_figure(cells[column]) for column in self._figures
        )
        words = ((one, cells[one.index]) for one in self.labels if cells[one.index] != "")
        if not has_number and (
            self.months.is_unreadable(cells)
            or any(self._read_label(one, shown(cell)).unknown is not None for one, cell in words)
        ):
            self._drop(index, "note")  # one of its labels is unknown: words about the table
            return False
        labels = {one.index for one in (*self.labels, *self.months.columns)}
        if not labels or any(cells[column] != "" for column in labels):
            return True
        is_merged = any(
            top <= index <= bottom and not labels.isdisjoint(range(left, right + 1))
            for top, left, bottom, right in self._sheet.merges
        )
        if not is_merged:
            self._drop(index, "no_label")
        return is_merged

    def label_of(self, index: int, cells: Sequence[Value]) -> Meaning | None:
        """Return what the labels of a row say, or None when the row is left out."""
        given = [cells[one.index] for one in self.labels]
        # blank cells mean those above, where another label of the row is filled
        is_beside = any(cell != "" for cell in given) or bool(self.months.columns)
        for place, column in enumerate(self.labels):
            cell = self._above.get(column.index, "")
            is_blank = given[place] == "" and cell != ""
            if is_blank and is_beside and column.meaning.field != "unit":
                given[place] = cell
                self._log.filled_down(self._sheet.name, index, column.index, cell)
            self._above[column.index] = given[place]
        key = (self._about or "", *given)
        if key not in self._known or self.has_cell_answers:
            words = tuple(map(shown, given))
            self._known[key] = self._said(index, words)
            after = self._about
            for column, word in zip(self.labels, words, strict=True):
                if column.meaning.field != "unit":
                    after = about_of(word, self._read_label(column, word), after)
            self._about_after[key] = after
        meaning, self._about = self._known[key], self._about_after[key]
        if meaning.measure == "other":
            self._subject = meaning
        if meaning.unknown is not None or meaning.is_left_out:
            return None
        if meaning.sum is not None and meaning.indicator is None:
            if meaning.sum == "subtotal" or self._sum_of_others:
                self._drop(index, "subtotal")
                return None
            meaning = self._known[key] = meaning._replace(indicator="total", sum=None)
        if meaning.measure is None or meaning.indicator is not None or meaning.region is not None:
            self._subject = meaning
        elif self._subject.measure == "other":
            self._drop(index, "other_subject")
            return None
        else:  # it names only a measure: its subject is that of the row above it
            above = self._subject
            meaning = meaning.over(Meaning(indicator=above.indicator, region=above.region))
        if not is_open_growth(meaning):
            self._amount = meaning if meaning.measure != "growth" else self._amount
            return meaning
        if self._amount.window is not None and is_one_subject(self._amount, meaning):
            return meaning._replace(window=self._amount.window)
        if self._windows >= BOTH_WINDOWS:
            at = self.labels[-1].index
            label = shown(self._sheet.at(index, at))
            flag = map_flag(label, GROWTH_OF_A_WINDOW)
            self._log.ask(window_question(self._sheet.name, address(index, at), label, flag))
        return meaning

    def _said(self, index: int, words: tuple[str, ...]) -> Meaning:
        """Return what the label cells of a row say together, asking about what is not known."""
        name = self._sheet.name
        pairs = [
            (column, word, said or self._read_label(column, word))
            for column, word in zip(self.labels, words, strict=True)
            for said in [self._synonyms.answer_at(name, index, column.index)]
            if word or said
        ]
        # half a label says nothing
        whole = together(part for _, _, part in pairs if part.unknown is None)
        left_out = next((part.measure for _, _, part in pairs if part.is_left_out), None)
        if left_out is not None:
            self._drop(index, LEFT_OUT[left_out])
            return whole._replace(measure=left_out)
        rest = self._synonyms.everything_else
        for column, word, part in pairs:
            told = whole.region if column.meaning.field == "region" else whole.indicator
            where = address(index, column.index)
            if part.unknown is None:
                if word not in self._noted and word not in {part.region, part.indicator}:
                    self._noted.add(word)
                    rule = "map" if self._synonyms.is_answered(word) else "label"
                    self._log.coerced(name, where, word, spelt(part), rule)
            elif told is None and rest is None:
                self._log.ask(unknown_label(name, where, word, self._synonyms))
                return whole._replace(unknown=word)
            elif told is None and rest is not None and rest.measure == "skip":
                self._log.drop(name, where, word, "wildcard")
                return whole._replace(measure="skip")
            elif told is None and rest is not None:
                whole = whole.over(rest)
        return whole

    def _read_label(self, column: Column, word: str) -> Meaning:
        if column.meaning.field == "unit":
            return Meaning(unit=unit_named(word))
        if _CODE.fullmatch(word) and not self._synonyms.is_answered(word):
            return Meaning(region=word)
        if word in OF_ALL and self._whole is not None and not self._synonyms.is_answered(word):
            return Meaning(region=self._whole)
        meaning = understood(word, self._about, self._synonyms, self._within)
        if meaning.unknown is None and meaning.field is None:
            return meaning
        if column.meaning.field == "indicator" and _OWN_NAME.fullmatch(word):
            return Meaning(indicator=word)
        return Meaning(measure=meaning.measure, unknown=word)
