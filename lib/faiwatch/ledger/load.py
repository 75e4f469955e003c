"""The project ledger that somebody names: the made-up one, a workbook, a CSV, or a folder.

Examples
--------
>>> tables = load_ledger("demo")
>>> list(tables)[:7]
['projects', 'issues', 'contracts', 'bonds', 'targets', 'tasks', 'events']
>>> str(tables["projects"]["asof"].min()), str(tables["projects"]["asof"].max())
('2025-06', '2026-08')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

import pandas as pd

from faiwatch.core.paths import data_folder
from faiwatch.data.ledger_fields import AS_OF
from faiwatch.ingest.answered import Source
from faiwatch.ingest.answers_file import Said, kept_answers
from faiwatch.ingest.ledger.kept import kept_reading
from faiwatch.ingest.ledger.reading import LedgerReading
from faiwatch.ingest.values import column_letters, position
from faiwatch.ledger.files import answer_files, ledger_file


def load_ledger(ledger: str) -> Mapping[str, pd.DataFrame]:
    """Return the tables of the ledger that the parameter ``ledger`` asks for.

    Parameters
    ----------
    ledger : str
        ``demo`` (the made-up district, 演示数据), or the path of a workbook, a CSV, or a folder of
        them.

    Returns
    -------
    mapping
        Name of a table to its frame (:mod:`faiwatch.data.ledger_schema`), every monthly sheet kept;
        only tables that have rows.

    Raises
    ------
    DataMissingError
        The file is not there, or holds no table of a ledger.
    DataInvalidError
        It leaves something open; the message holds the first question and the option of
        ``faiwatch ingest`` that answers it.
    """
    return ledger_reading(ledger).settled()


def ledger_reading(ledger: str) -> LedgerReading:
    """Return how a ledger was read: its tables, what was changed on the way, what is open.

    Parameters
    ----------
    ledger : str
        As for :func:`load_ledger`. A user's file is called by its name alone: where it lies on
        this machine is nobody's business. What the user says about it is what ``answers.toml``
        beside it says, and rows with one key are all kept, since the checks report them and the
        first of them counts.

    Raises
    ------
    DataMissingError, DataInvalidError
        See :func:`faiwatch.ingest.ledger.reading.read_ledger`.
    """
    path = ledger_file(ledger)
    if data_folder() / "demo" not in path.parents or not path.is_file():
        return _read(path, ledger)
    read = (path, *answer_files(ledger))
    state = tuple((one, one.stat().st_mtime_ns) for one in read if one.is_file())
    made_up = _read_once(path, ledger, state)
    return replace(made_up, tables=_copies(made_up.tables), known=_copies(made_up.known))


@cache
def _read_once(path: Path, ledger: str, _: tuple[tuple[Path, int], ...]) -> LedgerReading:
    """Read a made-up district's ledger, which examples and the city's page ask for again.

    Once for each state of the files that it is read from: the ledger, and the answers about it.
    """
    return _read(path, ledger)


def _read(path: Path, ledger: str) -> LedgerReading:
    def read() -> LedgerReading:
        kept = kept_answers(answer_files(ledger)).over(Said({"duplicates": "keep"}))
        reading = Source.open(path, kind="ledger", name=path.name).read(Said(), kept)
        return cast("LedgerReading", reading)

    inside = sorted(path.iterdir()) if path.is_dir() else [path]
    files = [one for one in (*inside, *answer_files(ledger)) if not one.is_dir()]
    return kept_reading(files, {"name": path.name, "is_folder": path.is_dir()}, read)


def _copies(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return tables that their owner may change: what is written to is copied first."""
    return {name: table.copy(deep=False) for name, table in tables.items()}


def ledger_columns(reading: LedgerReading) -> dict[tuple[str, str], str]:
    """Return sheet and field to the letters of its column, so that every cell has an address."""
    return {
        (one.sheet, field): column_letters(position(cell)[1])
        for one in reading.sheets
        for field, (_, cell) in one.columns.items()
    }


def ledger_totals(reading: LedgerReading) -> pd.DataFrame:
    """Return the totals of a ledger's sheets that are not the sum of their rows.

    Returns
    -------
    DataFrame
        ``table field stated added asof file sheet row``; amounts in 万元, `asof` is NaT where a
        sheet holds several months or none.
    """
    table = pd.DataFrame(
        [
            {"table": one.table, AS_OF: one.month, "file": reading.file, "sheet": one.sheet}
            | total._asdict()
            for one in reading.sheets
            for total in one.totals
        ],
        columns=["table", "field", "stated", "added", AS_OF, "file", "sheet", "row"],
    )
    months = pd.to_datetime(table[AS_OF], format="%Y-%m", errors="coerce").dt.to_period("M")
    return table.assign(**{AS_OF: months})
