"""Read a workbook in a process of its own: ``python -m faiwatch.ingest.child FILE``.

A workbook can be made to ask for any amount of memory (one cell in the last corner of a sheet is
enough), and the reader then ends its process. Here it ends a child with a limit on memory and time,
and the parent says what happened. The answer is one pickle on stdout, made and read by us alone.
"""

from __future__ import annotations

import contextlib
import gc
import pickle
import posixpath
import re
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, cast
from xml.etree import ElementTree

import python_calamine as calamine

from faiwatch.ingest.values import Percent, Sheet, Unusable, Value, position

MEMORY_BYTES = 3 << 30
CPU_SECONDS = 120
MAX_CELLS = 8_000_000  # a sheet of 100,000 rows with eighty columns


class _Marks(NamedTuple):
    """What calamine does not tell of a sheet of an xlsx."""

    cells: dict[str, str]  # address to percent, formula or error
    hidden_rows: tuple[int, ...]
    hidden_columns: tuple[int, ...]
    comments: dict[str, str]


_NOTHING = _Marks({}, (), (), {})
_BUILT_IN_PERCENT = {9, 10}  # number formats 0% and 0.00% (ECMA-376 part 1, 18.8.30)
_CELL = rb'<(?:\w+:)?c\s(?=[^>]*?\br="([A-Z]{1,3}\d{1,7})")'
_ERROR = re.compile(_CELL + rb'[^>]*?\bt="e"[^>]*>')
_FORMULA = re.compile(
    _CELL
    + rb"[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
    + rb"\s*(?:<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)<)?"
)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\s(?=[^>]*\bhidden="(?:1|true)")[^>]*>')
_MOST_HIDDEN = 200  # columns of one range


def main(path: Path) -> None:
    """Write the sheets of a workbook, or the word for why not, to stdout."""
    gc.disable()  # nothing is thrown away before the process ends
    with contextlib.suppress(ImportError):  # Windows knows no limits; the parent has one of time
        import resource

        limits = ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS))
        for kind, most in limits:
            with contextlib.suppress(ValueError, OSError):  # some know no limit of memory
                resource.setrlimit(kind, (most, most))
    pickle.dump(answer(path), sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


def answer(path: Path) -> list[Sheet] | str:
    """Return the sheets, or why not: ``encrypted``, ``too_large``, ``damaged: cause``.

    For rows a sheet has its columns, which take a third of the time to be handed over.
    """
    found: list[Sheet] = []
    try:
        with calamine.CalamineWorkbook.from_path(path) as book, ThreadPoolExecutor(1) as pool:
            all_marks = pool.submit(_marks_of, path)  # calamine leaves Python free meanwhile
            words: dict[str, str] = {}
            for about in book.sheets_metadata:
                if about.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_name(about.name)
                if sheet.total_height * sheet.total_width > MAX_CELLS:
                    return "too_large"
                rows = cast(list[list[Value]], sheet.to_python(skip_empty_area=False))
                told = all_marks.result().get(about.name, _NOTHING)
                if told.cells:
                    _put_back(rows, told.cells)
                merges = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
                is_hidden = about.visible is not calamine.SheetVisibleEnum.Visible
                # each word once in memory: it is handed over and looked up once too
                columns = [
                    tuple([words.setdefault(at, at) if type(at) is str else at for at in column])
                    for column in zip(*rows, strict=True)
                ]
                found.append(Sheet(about.name, columns, merges, is_hidden, "", *told[1:]))
    except calamine.PasswordError:
        return "encrypted"
    except (MemoryError, OverflowError):
        return "too_large"
    except (calamine.CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError) as error:
        return f"damaged: {error}"
    return found


def _put_back(rows: list[list[Value]], left_out: dict[str, str]) -> None:
    """Change cells to what calamine leaves out; its sheet may end before the last of them."""
    places = {position(cell): kind for cell, kind in left_out.items()}
    unusable = [place for place, kind in places.items() if kind != "percent"]
    height = max([len(rows), *(row + 1 for row, _ in unusable)])
    width = max([len(rows[0]) if rows else 0, *(column + 1 for _, column in unusable)])
    if height * width > MAX_CELLS:
        raise OverflowError(height * width)
    rows += [[] for _ in range(height - len(rows))]
    for row in rows:
        row += [""] * (width - len(row))
    for (at, column), kind in places.items():
        if kind != "percent":
            rows[at][column] = Unusable(kind)
        elif at < height and column < width and isinstance(number := rows[at][column], float):
            rows[at][column] = Percent(number)


def _marks_of(path: Path) -> dict[str, _Marks]:
    """Return by sheet what calamine does not tell of an xlsx."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as parts:
        if "xl/workbook.xml" not in parts.namelist():
            return {}
        book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
        links = {
            link.get("Id"): str(link.get("Target"))
            for link in ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
        }
        on_load = {one.get("fullCalcOnLoad") for one in book.findall("{*}calcPr")}
        # Written by programs that do not calculate: whatever stands there is a placeholder.
        empty = {b"", b"0"} if on_load & {"1", "true"} else {b""}
        percent = _percent_cells(parts)
        found = {}
        for sheet in book.findall(".//{*}sheet"):
            link = next((value for key, value in sheet.items() if key.endswith("}id")), "")
            target = links.get(link, "").removeprefix("/xl/")
            if f"xl/{target}" in parts.namelist():
                text = parts.read(f"xl/{target}")
                # a pattern takes a long time for a long sheet that has nothing of the kind
                hides = b'hidden="' in text
                marks = [(cell, "percent") for cell in (percent.findall(text) if percent else ())]
                if b"<f" in text or b":f" in text:
                    said = _FORMULA.findall(text)
                    marks += [(cell, "formula") for cell, value in said if value in empty]
                if b't="e"' in text:
                    marks += [(cell, "error") for cell in _ERROR.findall(text)]
                found[str(sheet.get("name"))] = _Marks(
                    {cell.decode(): kind for cell, kind in marks},
                    tuple(int(row) - 1 for row in _HIDDEN_ROW.findall(text)) if hides else (),
                    tuple(_hidden_columns(text)) if hides else (),
                    _comments(parts, f"xl/{target}"),
                )
        return found


def _hidden_columns(text: bytes) -> Iterator[int]:
    """Yield the hidden columns of a sheet; a range that runs to its last column is no data."""
    for column in _HIDDEN_COLUMN.findall(text):
        ends = [re.search(rb'\b%s="(\d+)"' % name, column) for name in (b"min", b"max")]
        first, last = (int(end[1]) if end else 0 for end in ends)
        if first and last - first < _MOST_HIDDEN:
            yield from range(first - 1, last)


def _comments(parts: zipfile.ZipFile, sheet: str) -> dict[str, str]:
    """Return the comments on the cells of a sheet by address."""
    folder, _, name = sheet.rpartition("/")
    links = f"{folder}/_rels/{name}.rels"
    if links not in parts.namelist():
        return {}
    found: dict[str, str] = {}
    for link in ElementTree.fromstring(parts.read(links)):
        if not str(link.get("Type")).endswith("/comments"):
            continue
        target = str(link.get("Target"))
        part = target.removeprefix("/") if target.startswith("/") else f"{folder}/{target}"
        part = posixpath.normpath(part)
        if part in parts.namelist():
            for one in ElementTree.fromstring(parts.read(part)).iter():
                if one.tag.endswith("}comment") and one.get("ref"):
                    found[str(one.get("ref"))] = "".join(one.itertext()).strip()
    return found


def _percent_cells(parts: zipfile.ZipFile) -> re.Pattern[bytes] | None:
    """Return what finds cells in a percent format, or None when the workbook has no such format."""
    if "xl/styles.xml" not in parts.namelist():
        return None
    styles = ElementTree.fromstring(parts.read("xl/styles.xml"))
    formats = _BUILT_IN_PERCENT | {
        int(own.get("numFmtId", "-1"))
        for own in styles.findall(".//{*}numFmt")
        if "%" in own.get("formatCode", "")
    }
    ids = [
        str(number)
        for number, style in enumerate(styles.findall("{*}cellXfs/*"))
        if int(style.get("numFmtId", "0")) in formats
    ]
    return re.compile(_CELL + rf'[^>]*?\bs="(?:{"|".join(ids)})"'.encode()) if ids else None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
