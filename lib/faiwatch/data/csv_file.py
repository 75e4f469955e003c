"""Read figures from a CSV file with the Observations columns, keeping each figure's line.

The file is the user's: it comes from Excel or WPS as often as from a program. UTF-8 (with or
without a byte-order mark) is tried first, then GB 18030, the superset of GBK that Chinese Excel
saves. Nothing is repaired on the way in: a cell that cannot be read is refused with its place.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pandas as pd

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.files import bytes_of
from faiwatch.core.paths import project_root
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.calendars import OF_THE_MONTH
from faiwatch.data.encoding import decoded, no_rows, refuse_other_delimiter
from faiwatch.data.schema import FIGURES, OBSERVATION_COLUMNS, observations

_REQUIRED = ("region_code", "indicator", "period")
_OF_MONTHS = [OF_THE_MONTH[name] for name in FIGURES]


def read_observations(path: Path, *, name: str | None = None) -> pd.DataFrame:
    """Return the figures of a CSV file as a checked Observations table.

    Parameters
    ----------
    path : Path
        CSV with at least ``region_code``, ``indicator``, ``period`` (``YYYY-MM``) and one of
        ``ytd_value_100m`` and ``ytd_yoy_pct``, of monthly indicators ``value_100m`` and
        ``yoy_pct``. Blank figures mean "not published".
    name : str, optional
        How the file is called in ``file`` and in messages; the path itself by default.

    Returns
    -------
    DataFrame
        Observations with ``file`` and ``row`` (first line of the record, counted from 1 as
        editors do); unknown columns are kept as text.

    Raises
    ------
    DataMissingError
        There is no such file, or it holds no figures.
    DataInvalidError
        It cannot be read as CSV, lacks columns, or a row breaks the contract of the table; the
        message names file, line, column, what came and what is allowed.
    """
    return observations(read_rows(path, name=name))


def read_rows(path: Path, *, name: str | None = None) -> pd.DataFrame:
    """Return the rows of a CSV file as text, with ``file`` and ``row``, before any figure is read.

    This is what :func:`faiwatch.stats.checks.check_observations` takes to list everything that
    is wrong with a file, where :func:`read_observations` stops at the first.

    Raises
    ------
    DataMissingError, DataInvalidError
        As :func:`read_observations`, for the file as a whole.
    """
    shown = name or str(path)
    missing = Text("读不到数据文件", "the data file cannot be read")
    todo = Text("检查路径与权限", "check the path and its permissions")
    content = bytes_of(path, missing, where=shown, todo=todo)
    records = _records(decoded(content, shown), shown)
    _, header = next(records, (0, []))
    if not header:
        raise no_rows(shown)
    refuse_other_delimiter(header, shown)
    _check_header(header, shown)
    lines, rows = [], []
    for line, cells in records:
        if len(cells) != len(header):
            raise DataInvalidError(
                say("data.csv_file.cells_of_line"),
                where=f"{shown}:{line}",
                got=len(cells),
                allowed=str(len(header)),
                todo=say("data.csv_file.commas"),
            )
        lines.append(line)
        rows.append(cells)
    if not rows:
        raise no_rows(shown)
    table = pd.DataFrame(rows, columns=header, dtype="str")
    return table.assign(file=shown, row=pd.Series(lines, dtype="int64"))


def read_embedded(files: list[Path]) -> pd.DataFrame:
    """Return files of the project as one checked Observations table.

    Parameters
    ----------
    files : list of Path
        Files below the project root, all with the Observations columns.

    Returns
    -------
    DataFrame
        Observations; ``file`` is relative to the project root, so that a number can be traced on
        any machine. ``growth_route`` and ``value_route`` of the official figures are kept: they
        say by which route a figure came here (``release``, ``mirror``, ``database copy``; empty
        when there is no figure).

    Raises
    ------
    DataMissingError, DataInvalidError
        A file is not there or breaks the contract.
    """
    stamps = (path.stat().st_mtime_ns if path.exists() else 0 for path in files)
    return _embedded(tuple(zip(files, stamps, strict=True))).copy()


@lru_cache(maxsize=4)
def _embedded(files: tuple[tuple[Path, int], ...]) -> pd.DataFrame:
    """Read files as of their times: every page reads them, kernels are forked with them read."""
    names = {path: path.relative_to(project_root()).as_posix() for path, _ in files}
    rows = [read_rows(path, name=name) for path, name in names.items()]
    return observations(pd.concat(rows, ignore_index=True))


def _records(text: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield begins, stripped
            begins = reader.line_num + 1
    except csv.Error as error:
        raise DataInvalidError(
            Text("不是可读的 CSV", "this is not readable CSV"),
            where=f"{shown}:{begins}",
            got=str(error),
            todo=Text("检查该行的引号", "look at the quotation marks of that line"),
        ) from None


def _check_header(header: list[str], shown: str) -> None:
    missing = [name for name in _REQUIRED if name not in header]
    if missing or not {*FIGURES, *_OF_MONTHS} & set(header):
        raise DataInvalidError(
            Text("缺少必需的列", "columns that are needed are missing"),
            where=f"{shown}: {', '.join(missing) or ' / '.join(FIGURES)}",
            got=", ".join(header),
            allowed=", ".join(OBSERVATION_COLUMNS),
        )
    repeated = sorted({name for name in header if header.count(name) > 1})
    reserved = [name for name in ("file", "row") if name in header]
    if repeated or reserved or "" in header:
        raise DataInvalidError(
            Text("列名为空、重复或被保留", "a column name is empty, repeated or reserved"),
            where=f"{shown}:1",
            got=", ".join(header),
            allowed=say("data.csv_file.names_of_columns"),
        )
