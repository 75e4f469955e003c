"""Open a workbook or CSV of any origin within bounds, or say clearly why not.

What a file is, is told by its first bytes and not by its name: systems export web pages and plain
text under the name ``.xls``. Nothing in the file is executed, and macros are not even carried.
"""

from __future__ import annotations

import csv
import io
import pickle
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.files import size_of_file
from faiwatch.core.phrases import texts_of
from faiwatch.core.text import Text
from faiwatch.data.encoding import decoded
from faiwatch.ingest.child import CPU_SECONDS, MAX_CELLS
from faiwatch.ingest.dialect import delimiter_of, with_decimal_commas
from faiwatch.ingest.values import Sheet, Value

MAX_FILE_BYTES = 100 << 20
MAX_UNPACKED_BYTES = 512 << 20
LONGEST_SECONDS = 2 * CPU_SECONDS
MAX_RATIO = 200  # sheets of a hundred thousand rows pack about twentyfold
_RATIO_MATTERS_FROM = 20 << 20

# SIGABRT, SIGKILL, SIGXCPU: memory or time ran out; any other end is the file's fault
_OUT_OF_BOUNDS = {6, 9, 24}

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WPS = {".et", ".ett"}
TEXT_SUFFIXES = {".csv", ".tsv", ".txt"}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?")
_MONTH = re.compile(r"(?:19|20)\d\d\.\d\d?|(?:0[1-9]|1[0-2])\.(?:19[5-9]|20\d)\d")
_READABLE = ".xlsx, .xls, .xlsb, .ods, .csv, .tsv"
_REFUSALS = texts_of("ingest.refusals")


def open_sheets(path: Path, *, name: str) -> list[Sheet]:
    """Return the sheets of a workbook, or the one sheet that a CSV is.

    Parameters
    ----------
    path : Path
        ``.xlsx``, ``.xls``, ``.xlsb``, ``.ods``, ``.csv`` or ``.tsv``.
    name : str
        How messages call the file.

    Returns
    -------
    list of Sheet
        In the order of the workbook, hidden ones included; never charts or macro sheets.

    Raises
    ------
    DataMissingError
        There is no such file or it is empty.
    DataInvalidError
        It is too large, packed beyond belief, encrypted, holds macros, or is no spreadsheet.
    """
    try:
        size = size_of_file(path)
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise DataMissingError(
            Text("读不到文件", "the file cannot be read"),
            where=name,
            got=error.strerror,
            todo=Text("检查路径与权限", "check the path and its permissions"),
        ) from None
    if size == 0:
        raise DataMissingError(Text("文件是空的", "the file is empty"), where=name)
    if size > MAX_FILE_BYTES:
        raise _refused("too_large", name, f"{size >> 20} MB", f"{MAX_FILE_BYTES >> 20} MB")
    if path.suffix.lower() in _WPS:
        raise _not_read(
            Text("这是 WPS 的 .et 文件", "this is a file of WPS in its own format"), name
        )
    if head.startswith(_ZIP):
        _check_package(path, name)
        return _from_child(path, name)
    if head.startswith(_OLE):
        content = path.read_bytes()  # its stream names are UTF-16
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _refused("encrypted", name)
        if "_VBA_PROJECT".encode("utf-16-le") in content:
            raise _refused("macros", name)
        return _from_child(path, name)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise _not_read(Text("这是网页或 XML，不是表格文件", "this is a web page or XML"), name)
    if path.suffix.lower() not in TEXT_SUFFIXES:
        raise _not_read(Text("不是可读的表格文件", "this is not a spreadsheet"), name)
    return [_text_sheet(path, name)]


def _check_package(path: Path, name: str) -> None:
    """Refuse a zip file that is no spreadsheet, holds macros, is locked or unpacks without end."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise _refused("damaged", name, str(error)) from None
    names = {part.filename for part in parts}
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise _not_read(Text("压缩包里没有工作簿", "there is no workbook in this package"), name)
    if any(part.flag_bits & 1 for part in parts):
        raise _refused("encrypted", name)
    if any("vbaproject" in part.lower() or part.startswith("Basic/") for part in names):
        raise _refused("macros", name)
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    beyond_belief = unpacked > _RATIO_MATTERS_FROM and unpacked / packed > MAX_RATIO
    if unpacked > MAX_UNPACKED_BYTES or beyond_belief:
        got = f"{unpacked >> 20} MB, {unpacked // packed} : 1"
        raise _refused("too_large", name, got, f"{MAX_UNPACKED_BYTES >> 20} MB, {MAX_RATIO} : 1")


def _asked_child(path: Path, name: str) -> list[Sheet] | str:
    """Return the answer of a process that reads the workbook: its sheets, or why not."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "faiwatch.ingest.child", str(path.resolve())],
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        got, most = f"> {LONGEST_SECONDS} s", f"{LONGEST_SECONDS} s"
        raise _refused("too_large", name, got, most) from None
    if -done.returncode in _OUT_OF_BOUNDS:
        raise _refused("too_large", name, f"signal {-done.returncode}")
    if done.returncode or not done.stdout:  # the reader itself fell over what stands in the file
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise _refused("damaged", name, said[-1] if said else f"exit {done.returncode}")
    told: list[Sheet] | str = pickle.loads(done.stdout)
    return told


def _from_child(path: Path, name: str) -> list[Sheet]:
    answer = _asked_child(path, name)
    if isinstance(answer, list):
        return [replace(one, rows=list(zip(*one.rows, strict=True))) for one in answer]
    why, _, cause = answer.partition(": ")
    raise _refused(why, name, cause or None)


def _text_sheet(path: Path, name: str) -> Sheet:
    """Return a CSV; a code keeps its zeros as text, and 2020.10 stays October."""
    text = decoded(path.read_bytes(), name)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else delimiter_of(text)
    words: list[list[Value]] = []
    n_cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            n_cells += len(row)
            if n_cells > MAX_CELLS:
                raise _refused("too_large", name, allowed=f"{MAX_CELLS:,}")
            words.append([cell.strip() for cell in row])
    except csv.Error as error:
        raise _refused("damaged", name, str(error)) from None
    rows = [
        [
            float(one)
            if type(one) is str and _NUMBER.fullmatch(one) and not _MONTH.fullmatch(one)
            else one
            for one in row
        ]
        for row in with_decimal_commas(words)
    ]
    width = max(map(len, rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    return Sheet(path.stem, padded, delimiter=delimiter)


def _not_read(what: Text, name: str) -> DataInvalidError:
    return DataInvalidError(what, where=name, allowed=_READABLE, todo=_REFUSALS["damaged_todo"])


def _refused(
    why: str, name: str, got: str | None = None, allowed: str | None = None
) -> DataInvalidError:
    todo = _REFUSALS[f"{why}_todo"]
    return DataInvalidError(_REFUSALS[why], where=name, got=got, allowed=allowed, todo=todo)
