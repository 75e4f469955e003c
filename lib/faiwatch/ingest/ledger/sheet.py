"""Read one sheet of a ledger: its rows in the fields of its table, and the month it is true of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Text, clean, fold
from faiwatch.data.ledger_fields import AS_OF
from faiwatch.ingest.dates import month_of
from faiwatch.ingest.ledger.amounts import column_numbers
from faiwatch.ingest.ledger.answers import LedgerAnswers
from faiwatch.ingest.ledger.cells import column_values
from faiwatch.ingest.ledger.content import by_content, by_sums, part_bare_days, told_besides
from faiwatch.ingest.ledger.days import UNREADABLE, keeps_zero
from faiwatch.ingest.ledger.names import with_ids
from faiwatch.ingest.ledger.places import Place
from faiwatch.ingest.ledger.rows import (
    StatedTotal,
    ask_unread,
    is_filled,
    ledger_rows,
    wrong_totals,
)
from faiwatch.ingest.ledger.sections import hidden_and_said, section_values
from faiwatch.ingest.log import Log, Question
from faiwatch.ingest.values import address, only

_AMOUNTS = {"number", "money", "percent"}
_A_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


class ReadSheet(NamedTuple):
    """How one sheet was read.

    Attributes
    ----------
    sheet, table : str
        Which sheet, and which table it holds.
    month : str
        At whose end it is true, ``YYYY-MM``, or the first and last month of its rows; empty when
        nobody tells.
    rows : int
        Rows read.
    columns : dict
        Name of a field to its header and the address of it.
    totals : tuple of StatedTotal
        Totals under the table that are not the sum of its rows.
    """

    sheet: str
    table: str
    month: str
    rows: int
    columns: dict[str, tuple[str, str]]
    totals: tuple[StatedTotal, ...] = ()


def with_months(places: Sequence[Place], file: str, answers: LedgerAnswers) -> list[Place]:
    """Return the places of a ledger, each with the one month that the sheets of its file tell.

    A list of issues beside a sheet 2026年8月 is of that month, where no other sheet tells another.
    """
    told: dict[str, set[pd.Period]] = {}
    zeros: set[str] = set()  # files that write 2026.10 as text
    for place in places:
        of = _file_of(place)
        told.setdefault(of, set()).update(_months(place, file, answers))
        rows = () if place.sheet.delimiter else place.sheet.rows
        words = (cell for row in rows for cell in row if isinstance(cell, str))
        if any(map(keeps_zero, words)):
            zeros.add(of)
    found = []
    for place in places:
        of = _file_of(place)
        year = only(one.year for one in told[of])
        found.append(replace(place, of_workbook=only(told[of]), year=year, keeps_zeros=of in zeros))
    return found


def _file_of(place: Place) -> str:
    """Return the file of a folder that a sheet is in; empty where there is but one."""
    return place.sheet.name.partition(" ")[0] if ".xls" in place.sheet.name else ""


def _months(place: Place, file: str, answers: LedgerAnswers) -> set[pd.Period]:
    """Return the months that the name of a sheet, its titles or the file tell, in that order."""
    sources = ([place.sheet.name], place.titles, [Path(file).name])
    return month_of(sources, year=answers.year) or month_of(sources, year=place.year)


def read_sheet(
    place: Place, file: str, answers: LedgerAnswers, log: Log
) -> tuple[pd.DataFrame, ReadSheet]:
    """Return the rows of one sheet in its fields, its month among them, and how it was read.

    Parameters
    ----------
    place : Place
        The table of a sheet.
    file : str
        Name of the file, which may tell the month.
    answers : LedgerAnswers
        What the user says.
    log : Log
        Takes what was changed and left out, and the questions.
    """
    place = _in_time(place, file, answers)
    hidden_and_said(place.sheet, log)
    body = ledger_rows(place, log)
    rows = body.rows
    place = by_content(place, rows, log)
    ask_unread(place, rows, answers, log)
    values: dict[str, list[Any]] = {}
    for column in place.columns:
        read = column_numbers if column.field.kind in _AMOUNTS else column_values
        values[column.field.name] = read(place, column, rows, answers, log)
    place = by_sums(place, values, log)
    totals = wrong_totals(place, body, values, answers, log)
    values |= section_values(place, rows, body.sections, values, log)
    told_besides(place, rows, values, log)
    part_bare_days(place, rows, values, log)
    month = _month(place, values, file, answers, log) if rows else None
    if month is not None:
        told = values.get(AS_OF, [None] * len(rows))
        values[AS_OF] = [month if one is None else one for one in told]
    sheet = clean(place.sheet.name)
    trace = {"file": file, "sheet": sheet, "row": [row + 1 for row in rows]}
    frame = pd.DataFrame(values | trace, index=range(len(rows)), dtype="object")
    if not place.is_by_number:  # an id is made of the project, which is not known yet
        frame = with_ids(place, frame, log)
    frame = _complete(place, frame, answers, log)
    months = frame[AS_OF].dropna() if AS_OF in frame else frame.index[:0]
    ends = dict.fromkeys([str(months.min()), str(months.max())]) if len(months) else ()
    columns = {one.field.name: (one.header, one.cell) for one in place.columns}
    table = place.table.name
    return frame, ReadSheet(sheet, table, "–".join(ends), len(frame), columns, totals)


def _in_time(place: Place, file: str, answers: LedgerAnswers) -> Place:
    """Return a place that knows its month, and the year of days that leave theirs out."""
    months = _months(place, file, answers)
    month = only(months)
    if month is None and answers.as_of is not None:
        month = pd.Period(answers.as_of, freq="M")
    if not months and month is None:
        month = place.of_workbook
    if month is not None:
        return replace(place, month=month, year=month.year)
    texts = (place.sheet.name, *place.titles, Path(file).name)
    year = only(int(year) for text in texts for year in _A_YEAR.findall(fold(text)))
    return replace(place, year=place.year if year is None else year)


def _month(
    place: Place, values: Mapping[str, list[Any]], file: str, answers: LedgerAnswers, log: Log
) -> pd.Period | None:
    """Return the month of a sheet whose rows do not all tell theirs."""
    if AS_OF not in place.table.fields or None not in values.get(AS_OF, [None]):
        return None
    months = _months(place, file, answers)
    if (month := only(months)) is not None:
        log.coerced(place.sheet.name, "A1", "", str(month), "month_of_sheet")
        return month
    if answers.as_of is not None:
        log.coerced(place.sheet.name, "A1", "", answers.as_of, "parameter")
        return pd.Period(answers.as_of, freq="M")
    if not months and place.of_workbook is not None:
        log.coerced(place.sheet.name, "A1", "", str(place.of_workbook), "month_of_workbook")
        return place.of_workbook
    if place.table.fields[AS_OF].required:
        text = Text("这张表是截至哪个月的？", "at the end of which month is this sheet true?")
        got = " ".join(map(str, sorted(months))) or place.sheet.name
        log.ask(
            Question("as_of", place.sheet.name, "A1", text, got, "--as-of 2026-08", group="months")
        )
    return None


def _complete(place: Place, frame: pd.DataFrame, answers: LedgerAnswers, log: Log) -> pd.DataFrame:
    """Return the rows that have every required field, asking about the others."""
    where = {column.field.name: column.index for column in place.columns}
    lacking = pd.Series(False, index=frame.index)
    for name in place.table.required:
        if name not in where:
            continue  # the column itself was asked for
        blank = frame[name].isna()
        lacking |= blank
        text = say("ingest.sheet.required", field=place.table.fields[name].label)
        for row in frame.loc[blank, "row"]:
            cell = address(int(row) - 1, where[name])
            given = place.sheet.at(int(row) - 1, where[name])
            if answers.unreadable_is_missing:
                log.drop(place.sheet.name, cell, str(row), "no_key")
                continue
            if not is_filled(given):  # else it was asked what stands there
                log.ask(
                    Question("required", place.sheet.name, cell, text, cell, UNREADABLE, group=name)
                )
    return frame[~lacking]
