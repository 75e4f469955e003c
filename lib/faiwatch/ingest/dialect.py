"""The dialect of a text table: its delimiter, and whether a comma is the decimal sign.

Both are told by consistency, as CleverCSV does it: the delimiter is the one that cuts the file into
rows of one width whose cells are something, and a comma is what all numbers of a column allow. What
allows both readings, ``1,234`` alone, is left for the user.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from faiwatch.ingest.values import DecimalComma, Sheet, Value

DELIMITERS = ",;\t|"
_ROWS_LOOKED_AT = 100
_CHINESE = re.compile("[\u4e00-\u9fff]")
_ROWS_WITH_COMMAS = 300  # a column of decimal commas has one among its first cells
_SAYS = re.compile(r"sep=([,;\t|])\s*", re.IGNORECASE)
_NUMBER_OR_DATE = re.compile(r"[\d\s.,'’:/%+\-−年月日TZ]*")

_SIGN, _PERCENT = r"[+\-−]?", r"\s*%?"
_DECIMAL = re.compile(
    rf"{_SIGN}(?:\d+,(?:\d{{1,2}}|\d{{4,}})|0+,\d+|\d{{4,}},\d+|\d{{1,3}}(?:[.\s'’]\d{{3}})+,\d+)"
    rf"{_PERCENT}"
)
_THOUSANDS = re.compile(
    rf"{_SIGN}\d{{1,3}}(?:(?:,\d{{3}})+\.\d+|(?:,\d{{3}}){{2,}}){_PERCENT}"
    rf"|{_SIGN}(?:\d+\.(?:\d{{1,2}}|\d{{4,}})|0\.\d+|\d{{4,}}\.\d+){_PERCENT}"
)
_EITHER = re.compile(rf"{_SIGN}[1-9]\d{{0,2}},\d{{3}}{_PERCENT}")
_POINTS = re.compile(rf"{_SIGN}[1-9]\d{{0,2}}(?:\.\d{{3}})+{_PERCENT}")


def delimiter_of(text: str) -> str:
    r"""Return what separates the columns of a text table.

    Examples
    --------
    >>> delimiter_of("Monat;Index\n2015-01-01;98,4\n2015-02-01;98,2\n")
    ';'
    >>> delimiter_of("年 月,投资\n2025-02,1\n"), delimiter_of("a\n1\n")
    (',', ',')
    """
    if match := _SAYS.match(text):
        return match[1]
    return max(DELIMITERS, key=lambda sign: _consistency(text, sign))


def _consistency(text: str, delimiter: str) -> float:
    """Return how alike rows are in width, times how many cells are a number or whole words."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [row for row in islice(reader, _ROWS_LOOKED_AT) if row]
    except csv.Error:
        return 0.0
    if not rows:
        return 0.0
    widths = Counter(map(len, rows))
    alike = sum(n * (width - 1) / width for width, n in widths.items()) / len(widths)
    others = DELIMITERS.replace(delimiter, "")
    cells = [cell.strip() for row in rows for cell in row]
    whole = sum(
        _NUMBER_OR_DATE.fullmatch(cell) is not None or not any(sign in cell for sign in others)
        for cell in cells
    )
    return alike * whole / len(cells)


def with_decimal_commas(
    rows: Sequence[Sequence[Value]], *, asked: str | None = None
) -> Sequence[Sequence[Value]]:
    """Return rows in which the numbers of columns with a decimal comma are numbers.

    Parameters
    ----------
    rows : sequence of sequence
        Cells; only text is looked at.
    asked : {"decimal", "thousands"}, optional
        The user's ``--take commas``, for columns that allow both.
    """
    if asked == "thousands" or not _has_commas(rows):
        return rows
    width = max(map(len, rows), default=0)
    kinds = [_kind(row[at] for row in rows if at < len(row)) for at in range(width)]
    said = set(kinds)
    if asked == "decimal" or ("decimal" in said and "thousands" not in said):
        chosen = {at for at, kind in enumerate(kinds) if kind in {"decimal", "either", "points"}}
    else:  # a file of two kinds: where a column says nothing, a comma stays what it was
        chosen = {at for at, kind in enumerate(kinds) if kind == "decimal"}
    if not chosen:
        return rows
    return [
        [_number(cell) if at in chosen else cell for at, cell in enumerate(row)] for row in rows
    ]


def open_comma(sheet: Sheet) -> tuple[int, int] | None:
    """Return a cell such as ``1,234`` of a file in which nothing tells what its comma is.

    Where columns are separated by commas, and in a workbook with Chinese words, which know no
    decimal comma, it separates thousands.
    """
    if sheet.delimiter == "," or not _has_commas(sheet.rows):
        return None
    words = (cell for row in sheet.rows[:_ROWS_LOOKED_AT] for cell in row if type(cell) is str)
    if sheet.delimiter == "" and any(map(_CHINESE.search, (sheet.name, *words))):
        return None
    found = None
    for number, row in enumerate(sheet.rows):
        for at, cell in enumerate(row):
            if isinstance(cell, DecimalComma) or (isinstance(cell, float) and cell % 1):
                return None
            if isinstance(cell, str):
                if _THOUSANDS.fullmatch(cell):
                    return None
                if found is None and _EITHER.fullmatch(cell):
                    found = number, at
    return found


def _has_commas(rows: Sequence[Sequence[Value]]) -> bool:
    return any(
        type(cell) is str and "," in cell and cell[-1:] in "0123456789% "
        for row in rows[:_ROWS_WITH_COMMAS]
        for cell in row
    )


def _kind(cells: Iterable[Value]) -> str:
    """Return what the commas of a column are: ``decimal``, ``thousands``, ``either``, ``mixed``.

    ``points`` are numbers such as 1.234 without a comma: thousands beside decimal commas.
    """
    said = set()
    for cell in cells:
        if type(cell) is not str or not cell[-1:].isascii() or not any(map(str.isdigit, cell[-3:])):
            continue
        words = cell.strip()
        if _DECIMAL.fullmatch(words):
            said.add("decimal")
        elif _THOUSANDS.fullmatch(words):
            said.add("thousands")
        elif _EITHER.fullmatch(words):
            said.add("either")
        elif _POINTS.fullmatch(words):
            said.add("points")
    if {"decimal", "thousands"} <= said:
        return "mixed"
    return next((one for one in ("decimal", "thousands", "either", "points") if one in said), "")


def _number(cell: Value) -> Value:
    if type(cell) is not str:
        return cell
    words = cell.strip()
    is_number = any(one.fullmatch(words) for one in (_DECIMAL, _EITHER, _POINTS))
    return DecimalComma(words) if is_number else cell
