"""A ledger that was read, kept by content: the pages of a report read the same one some ten times.

What is kept is bytes of parquet and JSON, never anything that could run when it is read back.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from faiwatch.core.cache import Arrays, kept_arrays
from faiwatch.core.files import hash_of
from faiwatch.core.paths import rule_folders
from faiwatch.data.schema import TEXT
from faiwatch.ingest.ledger.reading import LedgerReading
from faiwatch.ingest.ledger.rows import StatedTotal
from faiwatch.ingest.ledger.sheet import ReadSheet
from faiwatch.ingest.log import Coercion
from faiwatch.ingest.opening import MAX_FILE_BYTES

# whose source decides how a ledger is read
_CODE = ("core/**/*.py", "core/**/*.toml", "data/**/*.py", "ingest/**/*.py")
_TABLE = "table."
_RULES = {".csv", ".toml"}


def kept_reading(
    files: Sequence[Path], parts: Mapping[str, object], read: Callable[[], LedgerReading]
) -> LedgerReading:
    """Return what `read` returns, without its sheets, from the cache when it was read before.

    Parameters
    ----------
    files : sequence of Path
        Every file that it is read from. They and the tables of rules are known by their content.
    parts : mapping
        What else the reading depends on, see :func:`faiwatch.core.cache.kept_arrays`.
    read : function
        Without arguments; returns the reading. What it raises is raised.

    Returns
    -------
    LedgerReading
        Equal whether it was kept or not. One that leaves something open is read again each time.
    """
    state = _state(files)
    if state is None:
        return replace(read(), workbook=())
    found: list[LedgerReading] = []

    def fit() -> Arrays:
        found.append(replace(read(), workbook=()))
        # who wrote the file meanwhile must not find the new content under the old one's name
        return _as_arrays(found[0]) if _state(files) == state else {}

    arrays = kept_arrays({**parts, "what": "ledger", "files": state}, fit, code=_CODE)
    if not found and not arrays:
        return replace(read(), workbook=())
    return found[0] if found else _from_arrays(arrays)


def _state(files: Iterable[Path]) -> list[tuple[str, str]] | None:
    """Return the content of files and of all rules; None where reading has to say what is wrong."""
    try:
        files = list(files)
        size = sum(file.stat().st_size for file in files)
        if not all(map(Path.is_file, files)) or size > MAX_FILE_BYTES:
            return None
        rules = [
            (f"{number} {file.relative_to(folder).as_posix()}", hash_of(file.read_bytes()))
            for number, folder in enumerate(rule_folders())
            for file in sorted(folder.rglob("*"))
            if file.suffix in _RULES and file.is_file()
        ]
        return [*((one.name, hash_of(one.read_bytes())) for one in files), *rules]
    except OSError:
        return None


def _as_arrays(reading: LedgerReading) -> Arrays:
    """Return a reading as bytes; nothing where it leaves something open, or cannot be written."""
    if reading.questions:
        return {}
    about = {
        "file": reading.file,
        "sheets": reading.sheets,
        "coercions": reading.coercions,
        "dropped": reading.dropped,
    }
    try:
        tables = {f"{_TABLE}{name}": frame.to_parquet() for name, frame in reading.tables.items()}
        told = {"about": json.dumps(about).encode(), **tables}
    except (ValueError, TypeError):  # such as half a character, which parquet does not hold
        return {}
    return {name: np.frombuffer(content, dtype=np.uint8) for name, content in told.items()}


def _from_arrays(arrays: Arrays) -> LedgerReading:
    about = json.loads(arrays["about"].tobytes())
    tables: dict[str, pd.DataFrame] = {}
    for name, content in arrays.items():
        if name.startswith(_TABLE):
            frame = pd.read_parquet(io.BytesIO(content.tobytes()))
            text = {column: TEXT for column, kind in frame.dtypes.items() if kind == "str"}
            # a copy lays columns of one type together: to choose rows takes half the time
            tables[name.removeprefix(_TABLE)] = frame.astype(text).copy()
    return LedgerReading(
        about["file"],
        tables,
        tables,
        tuple(map(_sheet, about["sheets"])),
        (),
        tuple(Coercion(*one) for one in about["coercions"]),
        tuple(Coercion(*one) for one in about["dropped"]),
    )


def _sheet(told: Sequence[object]) -> ReadSheet:
    sheet = ReadSheet(*told)  # type: ignore[arg-type]
    columns = {name: (header, cell) for name, (header, cell) in sheet.columns.items()}
    return sheet._replace(columns=columns, totals=tuple(StatedTotal(*one) for one in sheet.totals))
