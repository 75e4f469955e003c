"""Read a ledger of any shape into its tables, with a report of every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from faiwatch.core.errors import DataMissingError
from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Language, Text, clean
from faiwatch.data.ledger_fields import PROJECT_CODE, ledger_tables
from faiwatch.data.ledger_schema import TRACE, ledger_frame
from faiwatch.data.project_codes import code_kind
from faiwatch.data.regions import region_named
from faiwatch.ingest.ledger.answers import LedgerAnswers
from faiwatch.ingest.ledger.cells import LOOKS_LIVE
from faiwatch.ingest.ledger.names import (
    Projects,
    is_numbered,
    numbers_of,
    with_codes,
    with_parents,
)
from faiwatch.ingest.ledger.places import Place, is_ledger_sheet, place_of
from faiwatch.ingest.ledger.sheet import ReadSheet, read_sheet, with_months
from faiwatch.ingest.ledger.targets import wide_targets
from faiwatch.ingest.log import Coercion, Log, Question, refused_as_open
from faiwatch.ingest.opening import TEXT_SUFFIXES, open_sheets
from faiwatch.ingest.reading import wanted
from faiwatch.ingest.values import Sheet

_HEADERS_SHOWN = 4


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
    known : mapping
        What is known of them while there are: without the cells, rows and columns that are asked
        about. The same as `tables` once nothing is open.
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
    known: Mapping[str, pd.DataFrame]
    sheets: tuple[ReadSheet, ...]
    questions: tuple[Question, ...]
    coercions: tuple[Coercion, ...]
    dropped: tuple[Coercion, ...]
    workbook: tuple[Sheet, ...] = ()

    @property
    def rows(self) -> int:
        """Number of rows that are known."""
        return sum(map(len, self.known.values()))

    @property
    def looks_like(self) -> Text:
        """Why it was taken for a ledger: the rows of each table, and headers of the first."""
        rows: Counter[str] = Counter()
        for one in self.sheets:
            rows[one.table] += one.rows
        labels = {name: ledger_tables()[name].label for name in rows}
        told = [
            say("ingest.reading.rows_of", table=Text(one.zh, one.en.lower()), n=rows[name])
            for name, one in labels.items()
        ]
        heads = [header for one in self.sheets[:1] for header, _ in one.columns.values()]
        seen = "、".join(map(clean, heads[:_HEADERS_SHOWN]))
        return say("ingest.reading.a_ledger", tables=joined(told, "、", ", "), seen=seen)

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
        """Return the reading as plain values, see :class:`faiwatch.ingest.log.IngestAnswer`."""
        rows = []
        for name, frame in self.known.items():
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
    numbered: list[dict[str, str]] = []
    chosen = wanted(list(sheets), answers.sheets, shown, log)
    places: list[Place] = []
    for sheet in chosen:
        if (wide := wide_targets(sheet, shown, answers, log)) is not None:
            parts.setdefault("targets", []).append(wide[0])
            read.append(wide[1])
            continue
        place = place_of(sheet, answers.labels, log)
        if place is not None:
            places.append(place)
    for place in with_months(places, shown, answers):
        frame, told = read_sheet(place, shown, answers, log)
        read.append(told)
        held = parts.setdefault(place.table.name, [])
        if place.is_by_name:
            by_name.append((place, len(held)))
        if place.table.name == "projects":
            numbered.append(numbers_of(place, frame))
        held.append(frame)
    projects = Projects.of(parts.get("projects", []), numbered)
    for place, at in by_name:
        held = parts[place.table.name]
        held[at] = with_codes(place, held[at], projects, answers, log)
    by_number = {one.sheet for one in read if is_numbered(one.columns.get("parent"))}
    parts["tasks"] = [with_parents(one, projects, by_number, log) for one in parts.get("tasks", [])]
    tables = {
        table: _without_duplicates(table, pd.concat(parts[table], ignore_index=True), answers, log)
        for table in ledger_tables()
        if parts.get(table)
    }
    if not log.questions and not any(map(len, tables.values())):
        raise _nothing_in(shown)
    known = {table: _known(table, frame) for table, frame in tables.items()}
    known = {table: frame for table, frame in known.items() if len(frame)}
    asked, noted = tuple(log.questions.values()), tuple(log.coercions)
    return LedgerReading(
        shown,
        {} if asked else known,
        known,
        tuple(read),
        asked,
        noted,
        tuple(log.dropped),
        tuple(chosen),
    )


def _nothing_in(file: str) -> DataMissingError:
    return DataMissingError(
        Text("没有找到填有内容的台账表", "no table of a ledger with rows was found"),
        where=file,
        todo=say("ingest.reading.fill_in"),
    )


def _known(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose required fields are all told; others were asked about."""
    needed = list(ledger_tables()[table].required)
    rows = frame.reindex(columns=[*frame.columns, *(one for one in needed if one not in frame)])
    return ledger_frame(table, rows[rows[needed].notna().all(axis="columns")])


def _without_duplicates(
    table: str, frame: pd.DataFrame, answers: LedgerAnswers, log: Log
) -> pd.DataFrame:
    """Return the rows without those that repeat another, asking where they differ from it."""
    content = [name for name in frame.columns if name not in TRACE]
    key = [name for name in ledger_tables()[table].key if name in frame.columns]
    keys = _as_words(frame[key])
    # only a row that shares its key may repeat another
    shared = keys.duplicated(keep=False) if key else pd.Series(True, index=frame.index)
    if not shared.any():
        return frame
    again = (
        _as_words(frame.loc[shared, content]).duplicated().reindex(frame.index, fill_value=False)
    )
    for _, row in frame[again].iterrows():
        named = str(row[key[-1]]) if key else ""  # whose columns were asked for
        log.drop(row["sheet"], f"A{row['row']}", named, "repeated")
    rows, keys, shared = frame[~again], keys[~again], shared[~again]
    if not set(ledger_tables()[table].required) <= set(frame.columns):
        return rows  # the column was asked for; without it every row looks like every other
    if answers.duplicates in {"first", "last"}:
        gone = keys.duplicated(keep=answers.duplicates)
        for _, row in rows[gone].iterrows():
            log.drop(row["sheet"], f"A{row['row']}", str(row[key[-1]]), "duplicate")
        return rows[~gone]
    first: dict[tuple[str, ...], Any] = {}
    found = (each[shared].itertuples(index=False) for each in (keys, rows))
    for of, one in zip(*found, strict=True):
        other = first.setdefault(of, one)
        got, at = " ".join(of), (str(one.sheet), f"A{one.row}")
        if other is not one and answers.duplicates == "keep":
            log.coerced(*at, got, got, "duplicate_kept")
        elif other is not one:
            text = say("ingest.reading.same_key", sheet=other.sheet, row=other.row)
            log.ask(Question("duplicate", *at, text, got, "--duplicates first | last | keep"))
    return rows


def _as_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of a table as text, blank where there is none."""
    return frame.astype("object").where(frame.notna(), "").astype("str")
