"""Read the months of the rows of a table, with what their neighbours tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from faiwatch.core.text import Text
from faiwatch.ingest.columns import Column
from faiwatch.ingest.dates import When, january_in, may_be_october, october_in, read_period
from faiwatch.ingest.headers import Synonyms
from faiwatch.ingest.layout import Table
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.meaning import Window
from faiwatch.ingest.numbers import read_number
from faiwatch.ingest.values import Value, address, shown


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
    """

    year: int | None = None
    month: int | None = None
    window: Window | None = None
    spelt: tuple[tuple[int, str, str], ...] = ()


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

    def read(
        self, index: int, cells: Sequence[Value], *, is_labelled: bool = False
    ) -> Month | None:
        """Return the month of a row, or None (and a question) when a cell is no month.

        A blank year is that of the row above; so is a blank month where the row `is_labelled`.
        """
        key = tuple([cells[column.index] for column in self.columns])
        if "" in key:
            key = self._filled_down(index, key, is_labelled=is_labelled)
        self.see(cells)
        known = self._known.get(key)
        if known is not None:
            return known
        whole = Month()
        for column, value in zip(self.columns, key, strict=True):
            if value == "":
                continue
            part = self._read(column, index, value)
            if part is None:
                return None
            whole = Month(
                whole.year or part.year or column.meaning.year,
                whole.month or part.month,
                whole.window or part.window,
                whole.spelt + part.spelt,
            )
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

    def _filled_down(
        self, index: int, key: tuple[Value, ...], *, is_labelled: bool
    ) -> tuple[Value, ...]:
        """Return cells with blank ones taken from above."""
        filled = list(key)
        for place, column in enumerate(self.columns):
            is_year = column.meaning.field == "year"
            above = self._above.get(column.index, "") if is_year or is_labelled else ""
            if key[place] == "" and above != "":
                filled[place] = above
                if not is_year:
                    where = address(index, column.index)
                    name = self._table.sheet.name
                    self._log.coerced(name, where, "", shown(above), "filled_down")
        return tuple(filled)

    def _read(self, column: Column, index: int, value: Value) -> Month | None:
        word = shown(value)
        if word in self._synonyms.answers:
            answer = self._synonyms.answers[word]
            return Month(answer.year, answer.month, answer.window, ((column.index, word, "map"),))
        when = _month_in(column, value)
        if when is not None and when.month == 1 and may_be_october(value):
            when = self._october(column, index, when)
        if when is None:
            self._log.ask(_which_month(self._table.sheet.name, address(index, column.index), word))
            return None
        spelt = ((column.index, word, when.rule),) if when.rule else ()
        return Month(when.year, when.month, "ytd" if when.is_window else None, spelt)

    def _october(self, column: Column, index: int, when: When) -> When | None:
        """Return 2020.1 as the neighbours tell: October, January, or None when they do not."""
        body = range(self._table.body, self._table.end)
        values = [self._table.sheet.at(row, column.index) for row in body]
        place = index - self._table.body
        if october_in(values, place):
            return When(when.year, 10, rule="october_lost_its_zero")
        return when if january_in(values, place) else None


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


def _which_month(sheet: str, cell: str, word: str) -> Question:
    return Question(
        "period",
        sheet,
        cell,
        Text(f"「{word}」是哪个月？", f"which month is {word!r}?"),
        got=word,
        flag=map_flag(word, "YYYY-MM"),
    )
