"""What stands in a cell, and where the cell is.

calamine returns plain Python values; three things that it leaves out are put back here, because
without them a broken formula would look like a figure that was not published.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

_LETTERS = 26
_One = TypeVar("_One")


class Percent(float):
    """A number in a cell whose format shows it times one hundred, with a percent sign."""

    __slots__ = ()


class DecimalComma(float):
    """A number written with a decimal comma, in a column where that is plain.

    Attributes
    ----------
    words : str
        As it stands in the file.
    is_percent : bool
        It has a percent sign.
    """

    words: str
    is_percent: bool

    def __new__(cls, words: str) -> DecimalComma:
        """Return the number that words such as ``1.234,5`` or ``98,4%`` stand for."""
        text = re.sub(r"[.\s'’%]", "", words)
        number = super().__new__(cls, text.replace(",", ".").replace("−", "-"))
        number.words, number.is_percent = words, words.endswith("%")
        return number


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell that shows an error such as ``#REF!`` or holds a formula nobody has calculated.

    Attributes
    ----------
    kind : str
        ``error`` or ``formula``.
    """

    kind: str

    def __str__(self) -> str:
        return {"error": "#ERROR", "formula": "=…"}[self.kind]


# "" is a blank cell, as calamine has it; a datetime is a date too.
Value = str | float | int | bool | datetime.date | datetime.time | datetime.timedelta | Unusable
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; from zero


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its cells by row, and which of them are merged.

    Attributes
    ----------
    name : str
        As on its tab; for a CSV, the name of the file without its suffix.
    rows : sequence of sequence
        Cells from the top left corner of the sheet; every row has the same length.
    merges : list of tuple
        Merged ranges; empty where the format does not tell (CSV, ods, xlsb).
    hidden : bool
        Whether the sheet is hidden.
    delimiter : str
        What separates the columns of a CSV; empty in a workbook.
    hidden_rows, hidden_columns : tuple of int
        Those that are hidden on it, from zero.
    comments : mapping
        Address of a cell to the comment on it.
    """

    name: str
    rows: Sequence[Sequence[Value]]
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False
    delimiter: str = ""
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)

    def at(self, row: int, column: int) -> Value:
        """Return a cell; blank outside the sheet."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column]


def only(values: Iterable[_One]) -> _One | None:
    """Return the one value that there is, however often; None where there are none or several.

    Examples
    --------
    >>> only([2026, 2026]), only([2025, 2026])
    (2026, None)
    """
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


@cache
def column_letters(column: int) -> str:
    """Return the letters of a column counted from zero.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Return the address of a cell counted from zero, as spreadsheets show it.

    Examples
    --------
    >>> address(4, 1)
    'B5'
    """
    return f"{column_letters(column)}{row + 1}"


def position(cell: str) -> tuple[int, int]:
    """Return row and column from zero of an address.

    Examples
    --------
    >>> position("AB12")
    (11, 27)
    """
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", cell)
    if match is None:
        raise ValueError(cell)
    column = 0
    for letter in match[1]:
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def place_named(name: str) -> tuple[str, int | None, int] | None:
    """Return sheet, row and column of a cell or a column as people write it; None if it is none.

    The sheet is empty and the row None where they are not named; both count from zero. What has no
    ``!`` may as well be a label, so labels of the file are looked up first.

    Examples
    --------
    >>> place_named("AI"), place_named("'城区 (2)'!AI"), place_named("Sheet1!B5")
    (('', None, 34), ('城区 (2)', None, 34), ('Sheet1', 4, 1))
    """
    match = re.fullmatch(r"(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?([A-Z]{1,3})(\d{1,7})?", name.strip())
    if match is None:
        return None
    quoted, plain, letters, number = match.groups()
    row, column = position(f"{letters}{number or 1}")
    sheet = quoted.replace("''", "'") if quoted else plain or ""
    return sheet, row if number else None, column


def place_words(sheet: str, row: int | None, column: int) -> str:
    """Return a cell, or a column where the row is None, as :func:`place_named` reads it.

    Examples
    --------
    >>> place_words("固投", None, 34), place_words("it's", 4, 1)
    ('固投!AI', "'it''s'!B5")
    """
    name = sheet if not re.search("['!]", sheet) else "'" + sheet.replace("'", "''") + "'"
    return f"{name}!{column_letters(column)}{'' if row is None else row + 1}"


def shown(value: Value) -> str:
    """Return a cell as text for reports and messages: dates as ISO, whole numbers without ``.0``.

    Examples
    --------
    >>> shown(44075.0), shown(Percent(0.052)), shown(datetime.date(2020, 9, 1))
    ('44075', '5.2%', '2020-09-01')
    """
    if isinstance(value, Percent):
        return f"{float(value) * 100:.10g}%"
    if isinstance(value, DecimalComma):
        return value.words
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)
