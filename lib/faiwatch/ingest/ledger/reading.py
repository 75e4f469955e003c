"""Read a ledger of any shape into its tables, with a report of every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from faiwatch.core.errors import DataMissingError
from faiwatch.core.text import Language, Text, clean
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE, ledger_tables
from faiwatch.data.ledger_schema import TRACE, ledger_frame
from faiwatch.data.project_codes import code_kind
from faiwatch.data.regions import region_named
from faiwatch.ingest.dates import month_of
from faiwatch.ingest.ledger.amounts import column_numbers
from faiwatch.ingest.ledger.answers import LedgerAnswers
from faiwatch.ingest.ledger.cells import LOOKS_LIVE, UNREADABLE, column_values
from faiwatch.ingest.ledger.places import Place, is_ledger_sheet, place_of
from faiwatch.ingest.ledger.rows import (
    StatedTotal,
    ask_unread,
    is_filled,
    ledger_rows,
    wrong_totals,
)
from faiwatch.ingest.log import Coercion, Log, Question, refused_as_open
from faiwatch.ingest.opening import TEXT_SUFFIXES, open_sheets
from faiwatch.ingest.reading import wanted
from faiwatch.ingest.values import Sheet, address

_AMOUNTS = {"number", "money", "percent"}


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


@dataclass(frozen=True)
class LedgerReading:
    """How a ledger was read.

    Attributes
    ----------
    file : str
        As it was named.
    tables : mapping
        Name of a table to its frame, see :mod:`faiwatch.data.ledger_schema`; only tables with rows,
        and none while there are questions.
    sheets : tuple of ReadSheet
        How each sheet was read, and which column is which field.
    questions : tuple of Question
        What the file leaves open.
    coercions, dropped : tuple of Coercion
        Cells that were read as something else; rows, columns and sheets that were left out.
    workbook : tuple of Sheet
        The sheets that were read.
    """

    file: str
    tables: Mapping[str, pd.DataFrame]
    sheets: tuple[ReadSheet, ...]
    questions: tuple[Question, ...]
    coercions: tuple[Coercion, ...]
    dropped: tuple[Coercion, ...]
    workbook: tuple[Sheet, ...] = ()

    @property
    def rows(self) -> int:
        """Number of rows in all tables."""
        return sum(map(len, self.tables.values()))

    def settled(self) -> Mapping[str, pd.DataFrame]:
        """Return the tables.

        Raises
        ------
        DataInvalidError
            Something is open; the message holds the first question and the option that answers it.
        """
        if self.questions:
            raise refused_as_open(self.questions, self.file)
        return self.tables

    def as_json(self, lang: Language) -> dict[str, Any]:
        """Return the reading as plain values; what is missing is None."""
        rows = []
        for name, frame in self.tables.items():
            plain = as_plain(frame).astype("object")
            plain = plain.where(plain.notna() & (plain != ""), None)
            rows += [{"table": name} | record for record in plain.to_dict("records")]
        return {
            "kind": "ledger",
            "rows": self.rows,
            "table": rows,
            "coercions": [one._asdict() for one in (*self.coercions, *self.dropped)],
            "questions": [one.as_json(lang) for one in self.questions],
        }


def is_made_up(reading: LedgerReading) -> bool:
    """Whether the region in the project codes of a ledger is no real one."""
    return has_made_up_codes(reading.tables)


def has_made_up_codes(tables: Mapping[str, pd.DataFrame]) -> bool:
    """Whether the region in the project codes of some tables is no real one."""
    held = [frame[PROJECT_CODE] for frame in tables.values() if PROJECT_CODE in frame]
    codes = {code[5:11] for column in held for code in column if code_kind(code) == "national"}
    return any(region_named(code).is_made_up for code in codes)


def as_plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of the ledger with days and months as text, for JSON and CSV."""
    plain = frame.astype("object")
    for name, dtype in frame.dtypes.items():
        if isinstance(dtype, pd.PeriodDtype):
            plain[name] = frame[name].astype("str").where(frame[name].notna(), "")
        elif pd.api.types.is_datetime64_any_dtype(dtype):
            plain[name] = frame[name].dt.strftime("%Y-%m-%d").fillna("")
    return plain


def as_csv(frame: pd.DataFrame) -> str:
    """Return a table of the ledger as CSV that :func:`read_ledger` reads back the same.

    Spreadsheets run a cell that begins with ``=``, ``+``, ``-`` or ``@`` even in a CSV; an
    apostrophe before it keeps it words, and is taken off again when it is read.
    """
    plain = as_plain(frame)
    for name, dtype in frame.dtypes.items():
        if pd.api.types.is_string_dtype(dtype):
            plain[name] = plain[name].str.replace(LOOKS_LIVE, r"'\g<0>", regex=True)
    return plain.to_csv(index=False, lineterminator="\n")


def is_ledger(sheets: Sequence[Sheet]) -> bool:
    """Whether a workbook is a project ledger and no table of figures."""
    return any(is_ledger_sheet(sheet) for sheet in sheets if not sheet.hidden)


def ledger_sheets(path: Path, *, name: str | None = None) -> list[Sheet]:
    """Return the sheets of a workbook, a CSV, or every one of a folder.

    Parameters
    ----------
    path : Path
        In a folder, each workbook and CSV counts; their sheets are named by the file.
    name : str, optional
        How messages call it; the path by default.

    Raises
    ------
    DataMissingError, DataInvalidError
        See :func:`faiwatch.ingest.opening.open_sheets`.
    """
    shown = clean(name or str(path))
    if not path.is_dir():
        return open_sheets(path, name=shown)
    found: list[Sheet] = []
    for file in sorted(path.iterdir()):
        if file.suffix.lower() in {".xlsx", ".xls", ".xlsb", ".ods", *TEXT_SUFFIXES}:
            inside = open_sheets(file, name=clean(f"{shown}/{file.name}"))
            is_text = file.suffix.lower() in TEXT_SUFFIXES
            found += [
                replace(one, name=file.name if is_text else f"{file.name} {one.name}")
                for one in inside
            ]
    return found


def read_ledger(
    sheets: Sequence[Sheet], *, name: str, answers: LedgerAnswers | None = None
) -> LedgerReading:
    """Read the sheets of a ledger.

    Parameters
    ----------
    sheets : sequence of Sheet
        From :func:`ledger_sheets`.
    name : str
        How the file is called in the tables and in messages; may tell the month.
    answers : LedgerAnswers, optional
        What the user says about it.

    Returns
    -------
    LedgerReading
        Without tables when it holds questions. :meth:`LedgerReading.settled` raises for them.

    Raises
    ------
    DataMissingError
        No sheet holds a table of the ledger with rows.
    ParameterError
        A sheet that was asked for does not exist.
    """
    answers = answers or LedgerAnswers()
    shown, log = clean(name), Log()
    parts: dict[str, list[pd.DataFrame]] = {}
    read: list[ReadSheet] = []
    by_name: list[tuple[Place, int]] = []
    chosen = wanted(list(sheets), answers.sheets, shown, log)
    for sheet in chosen:
        place = place_of(sheet, answers.labels, log)
        if place is None:
            continue
        frame, told = _read_sheet(place, shown, answers, log)
        read.append(told)
        held = parts.setdefault(place.table.name, [])
        if place.is_by_name:
            by_name.append((place, len(held)))
        held.append(frame)
    for place, at in by_name:
        held = parts[place.table.name]
        held[at] = _with_codes(place, held[at], parts.get("projects", []), answers, log)
    tables = {
        table: _without_duplicates(table, pd.concat(parts[table], ignore_index=True), answers, log)
        for table in ledger_tables()
        if table in parts
    }
    if not log.questions and not any(map(len, tables.values())):
        raise DataMissingError(
            Text("没有找到台账的表", "no table of a ledger with rows was found"),
            where=shown,
            todo=Text(
                "用 faiwatch template ledger 生成空白台账",
                "faiwatch template ledger writes an empty one",
            ),
        )
    kept = {} if log.questions else tables
    settled = {table: ledger_frame(table, frame) for table, frame in kept.items() if len(frame)}
    asked, noted = tuple(log.questions.values()), tuple(log.coercions)
    dropped = tuple(log.dropped)
    return LedgerReading(shown, settled, tuple(read), asked, noted, dropped, tuple(chosen))


def _read_sheet(
    place: Place, file: str, answers: LedgerAnswers, log: Log
) -> tuple[pd.DataFrame, ReadSheet]:
    """Return the rows of one sheet in its fields, its month among them, and how it was read."""
    rows = ledger_rows(place, log)
    ask_unread(place, rows, answers, log)
    values: dict[str, list[Any]] = {}
    for column in place.columns:
        read = column_numbers if column.field.kind in _AMOUNTS else column_values
        values[column.field.name] = read(place, column, rows, answers, log)
    totals = wrong_totals(place, rows, values, answers)
    month = _month(place, values, file, answers, log) if rows else None
    if month is not None:
        told = values.get(AS_OF, [None] * len(rows))
        values[AS_OF] = [month if one is None else one for one in told]
    sheet = clean(place.sheet.name)
    trace = {"file": file, "sheet": sheet, "row": [row + 1 for row in rows]}
    frame = pd.DataFrame(values | trace, index=range(len(rows)), dtype="object")
    frame = _complete(place, frame, answers, log)
    months = frame[AS_OF].dropna() if AS_OF in frame else frame.index[:0]
    ends = dict.fromkeys([str(months.min()), str(months.max())]) if len(months) else ()
    columns = {one.field.name: (one.header, one.cell) for one in place.columns}
    table = place.table.name
    return frame, ReadSheet(sheet, table, "–".join(ends), len(frame), columns, totals)


def _month(
    place: Place, values: Mapping[str, list[Any]], file: str, answers: LedgerAnswers, log: Log
) -> pd.Period | None:
    """Return the month of a sheet whose rows do not all tell theirs."""
    if AS_OF not in place.table.fields or None not in values.get(AS_OF, [None]):
        return None
    sources = ([place.sheet.name], place.titles, [Path(file).name])
    months = month_of(sources, year=answers.year)
    if len(months) == 1:
        month = months.pop()
        log.coerced(place.sheet.name, "A1", "", str(month), "month_of_sheet")
        return month
    if answers.as_of is not None:
        log.coerced(place.sheet.name, "A1", "", answers.as_of, "parameter")
        return pd.Period(answers.as_of, freq="M")
    if place.table.fields[AS_OF].required:
        text = Text("这张表是截至哪个月的？", "at the end of which month is this sheet true?")
        got = " ".join(map(str, sorted(months))) or place.sheet.name
        log.ask(Question("as_of", place.sheet.name, "A1", text, got, "--as-of 2026-08"))
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
        field = place.table.fields[name]
        for row in frame.loc[blank, "row"]:
            cell = address(int(row) - 1, where[name])
            given = place.sheet.at(int(row) - 1, where[name])
            if answers.unreadable_is_missing:
                log.drop(place.sheet.name, cell, str(row), "no_key")
                continue
            text = Text(
                f"「{field.label.zh}」不能空；补上，或略去这样的行",
                f"{field.label.en!r} is needed: fill it in, or leave out such rows",
            )
            if not is_filled(given):  # else it was asked what stands there
                log.ask(Question("required", place.sheet.name, cell, text, cell, UNREADABLE))
    return frame[~lacking]


def _with_codes(
    place: Place,
    frame: pd.DataFrame,
    projects: Sequence[pd.DataFrame],
    answers: LedgerAnswers,
    log: Log,
) -> pd.DataFrame:
    """Return rows with the codes of the projects that they name, asking where none or two are."""
    codes: dict[str, set[str]] = {}
    for sheet in projects:
        if {"name", PROJECT_CODE} <= set(sheet.columns):
            for name, code in zip(sheet["name"], sheet[PROJECT_CODE], strict=True):
                codes.setdefault(name, set()).add(code)
    column = next(one for one in place.columns if one.field.name == PROJECT_CODE)
    found: dict[int, str] = {}
    for at, name, row in zip(frame.index, frame[PROJECT_CODE], frame["row"], strict=True):
        known, cell = codes.get(name, set()), address(int(row) - 1, column.index)
        if len(known) == 1:
            (found[at],) = known
            log.coerced(place.sheet.name, cell, name, found[at], "name_to_code")
        elif answers.unreadable_is_missing:
            log.drop(place.sheet.name, cell, name, "no_key")
        else:
            text = Text(
                f"这张表没有项目代码，按名称找到{len(known)}个项目；是哪一个？请填代码，或略去这样的行",
                f"this sheet has no project codes, and {len(known)} projects have this name; give "
                "the code, or leave out such rows",
            )
            log.ask(Question("project", place.sheet.name, cell, text, name, UNREADABLE))
    kept = frame.loc[list(found)]
    return kept.assign(**{PROJECT_CODE: list(found.values())})


def _without_duplicates(
    table: str, frame: pd.DataFrame, answers: LedgerAnswers, log: Log
) -> pd.DataFrame:
    """Return the rows without those that repeat another, asking where they differ from it."""
    content = [name for name in frame.columns if name not in TRACE]
    key = [name for name in ledger_tables()[table].key if name in frame.columns]
    words = frame[content].astype("object").where(frame[content].notna(), "").astype("str")
    again = words.duplicated()
    for _, row in frame[again].iterrows():
        log.drop(row["sheet"], f"A{row['row']}", str(row[key[-1]]), "repeated")
    rows, keys = frame[~again], words.loc[~again, key]
    if not set(ledger_tables()[table].required) <= set(frame.columns):
        return rows  # the column was asked for; without it every row looks like every other
    if answers.duplicates in {"first", "last"}:
        gone = keys.duplicated(keep=answers.duplicates)
        for _, row in rows[gone].iterrows():
            log.drop(row["sheet"], f"A{row['row']}", str(row[key[-1]]), "duplicate")
        return rows[~gone]
    first: dict[tuple[str, ...], Any] = {}
    both = zip(keys.itertuples(index=False, name=None), rows.itertuples(index=False), strict=True)
    for of, one in both:
        other = first.setdefault(of, one)
        got, at = " ".join(of), (str(one.sheet), f"A{one.row}")
        if other is not one and answers.duplicates == "keep":
            log.coerced(*at, got, got, "duplicate_kept")
        elif other is not one:
            text = Text(
                f"与 {other.sheet} 第 {other.row} 行是同一项，内容不同；要哪一行？",
                f"the same as row {other.row} of {other.sheet}, with other content; which one?",
            )
            log.ask(Question("duplicate", *at, text, got, "--duplicates first | last | keep"))
    return rows
