"""Find the tables of a sheet: title, header rows, body, notes.

A row is what its cells are. The first row with figures starts the body; the rows of words above it
are headers when they have two cells or more, and title when they have one.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from faiwatch.core.text import fold
from faiwatch.ingest.dates import read_period
from faiwatch.ingest.headers import Synonyms
from faiwatch.ingest.numbers import is_figure, is_missing_mark, read_number
from faiwatch.ingest.units import stated_units
from faiwatch.ingest.values import Sheet, Unusable, Value, address, shown

# "bare": small whole numbers one after the other, or one year: months of a header, or figures
RowKind = Literal["blank", "text", "months", "bare", "numbers", "figures"]

_MOST_HEADER_ROWS = 5
_MONTHS = 12
_MANY = 3  # bare numbers that are taken for months where no words are beside them
_FIRST_YEAR, _LAST_YEAR = 1950, 2099
_COLUMN_NUMBERS = {"甲", "乙", "栏次", "甲栏"}
_TITLE_LABEL = re.compile(
    r"^(?:\(?(?:计量)?单位|编制单位|填报单位|填表单位|制表|表\s*号|文号|审核|填表人|数据来源|资料来源"
    r"|unit|source)s?\s*[:：]",
    re.IGNORECASE,
)
_CONTINUED = re.compile(r"\(?续\s*表?\s*[一二三四五六七八九十\d]*\)?")
_ROW_LABELS = {"region", "indicator", "period", "year", "month"}
_NOTE = re.compile(r"^(?:注|备注|说明|数据来源|资料来源|notes?\b|sources?\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """Where one table of a sheet is; rows from zero, `end` is the first row after it.

    Attributes
    ----------
    sheet : Sheet
        The sheet.
    titles : tuple of int
        Rows of words above the header.
    headers : tuple of int
        Header rows from the top; rows of column numbers are not among them.
    body, end : int
        First row of the body; first row after the table, notes included.
    width : int
        Number of columns up to its right edge.
    left : int
        First column; more than zero where tables stand side by side.
    """

    sheet: Sheet
    titles: tuple[int, ...]
    headers: tuple[int, ...]
    body: int
    end: int
    width: int
    left: int = 0

    def title_words(self) -> Iterator[tuple[str, str]]:
        """Yield address and words of each cell above the header."""
        for row in self.titles:
            for column, cell in enumerate(self.sheet.rows[row]):
                if words := shown(cell).strip():
                    yield address(row, column), words

    def labels(self, column: int) -> list[tuple[int, int, str]]:
        """Return the header cells over a column from the top: row, column and words.

        A merged cell counts for every column that it covers. In sheets that keep no merges, a
        blank cell above the last header row belongs to the words on its left.
        """
        found: list[tuple[int, int, str]] = []
        for row in self.headers:
            at = self._owner(row, column)
            words = shown(self.sheet.at(*at)).strip()
            if words and (*at, words) not in found:
                found.append((*at, words))
        return found

    def _owner(self, row: int, column: int) -> tuple[int, int]:
        for top, left, bottom, right in self.sheet.merges:
            if top <= row <= bottom and left <= column <= right:
                return top, left
        rows = range(self.headers[0], self.headers[-1] + 1)
        if row == self.headers[-1] or any(top in rows for top, *_ in self.sheet.merges):
            return row, column
        left = column
        while left > 0 and self.sheet.at(row, left) == "":
            left -= 1
        below = self.sheet.at(self.headers[-1], column)
        alone = self.sheet.at(self.headers[-1], left) == ""  # words that stand over nothing
        return (row, column) if below == "" or alone else (row, left)


def tables_of(sheet: Sheet, synonyms: Synonyms) -> list[Table]:
    """Return the tables of a sheet from top to bottom.

    Examples
    --------
    >>> rows = [["单位：亿元"], ["月份", "投资额"], ["1-2月", 12.5], ["注：初步数"]]
    >>> table = tables_of(Sheet("一", rows), Synonyms({}))[0]
    >>> table.titles, table.headers, table.body, table.end
    ((0,), (1,), 2, 4)
    """
    kinds = _kinds(sheet.rows)
    for row in (row for row, kind in enumerate(kinds) if kind == "bare"):
        kinds[row] = "months" if _is_headed(sheet.rows[row], synonyms) else "figures"
    found: list[Table] = []
    start = 0
    above: Table | None = None
    for figures in (row for row, kind in enumerate(kinds) if kind == "figures"):
        if figures < start:  # in the table above
            continue
        top, headers = _header_rows(sheet, kinds, start, figures)
        body = headers[-1] + 1 if headers else figures
        end = _end(sheet, kinds, body, synonyms)
        if headers:
            kept = [row for row in headers if kinds[row] != "numbers"]
            # rows about the columns, 来源 or 频率 at their left edge, are no header
            said = {row: synonyms.understand(shown(sheet.at(row, 0))) for row in kept[1:]}
            about = {"source", "note", "issued"}
            kept[1:] = [
                row for row, one in said.items() if one.field not in about and one.measure != "skip"
            ]
            titles = tuple(row for row in range(start, top) if kinds[row] != "blank")
            width = max(map(len, sheet.rows[kept[0] : end]))
            above = _titled(Table(sheet, titles, tuple(kept), body, end, width), above)
            found += _side_by_side(above, synonyms)
        start = end
    return found


def _titled(table: Table, above: Table | None) -> Table:
    """Return a table with the titles of that above it, where it goes on under the same header.

    It does so when nothing, or 续表, stands between them.
    """
    words = ("".join(map(shown, table.sheet.rows[row])) for row in table.titles)
    if above is None or not all(_CONTINUED.fullmatch(fold(one)) for one in words):
        return table
    heads = [[table.sheet.rows[row] for row in one.headers] for one in (table, above)]
    return replace(table, titles=above.titles) if heads[0] == heads[1] else table


def _side_by_side(table: Table, synonyms: Synonyms) -> list[Table]:
    """Return the tables that stand side by side: each begins where the labels of rows come again.

    地区 | 增速 | 地区 | 增速 are two; figures stand between the two columns of labels.
    """
    headed = {
        column
        for row in table.headers
        for column, cell in enumerate(table.sheet.rows[row])
        if cell != ""
    }
    heads = [table.labels(one)[-1:] if one in headed else [] for one in range(table.width)]
    fields = [synonyms.understand(head[0][2]).field if head else None for head in heads]
    first = next((at for at, field in enumerate(fields) if field in _ROW_LABELS), table.width)
    again = [
        column
        for column in range(first + 1, table.width)
        if heads[column]
        and heads[column][0][1:] == (column, heads[first][0][2])
        and None in fields[first:column]
    ]
    edges = pairwise([0, *again, table.width])
    return [replace(table, left=left, width=right) for left, right in edges]


def _kinds(rows: Sequence[Sequence[Value]]) -> list[RowKind]:
    """Return what each row is; the place of the last figure is looked at first."""
    kinds: list[RowKind] = []
    likely = 0
    for row in rows:
        if likely < len(row) and _is_no_month(row[likely]):
            kinds.append("figures")
            continue
        likely = next((at for at, cell in enumerate(row) if _is_no_month(cell)), likely)
        kinds.append(row_kind(row))
    return kinds


def row_kind(row: Sequence[Value]) -> RowKind:
    """Return what a row is, by its cells alone.

    Examples
    --------
    >>> row_kind(["指标", 2019, 2020]), row_kind(["月份", 1, 2, 3]), row_kind(["甲", 1, 2])
    ('months', 'bare', 'numbers')
    >>> row_kind(["1-2月", 103.5, "—"]), row_kind(["注：初步数"]), row_kind(["", ""])
    ('figures', 'text', 'blank')
    """
    if any(map(_is_no_month, row)):
        return "figures"
    cells = [cell for cell in row if not (isinstance(cell, str) and not cell.strip())]
    if not cells:
        return "blank"
    words = [cell for cell in cells if isinstance(cell, str) and read_number(cell) is None]
    numbers = [cell for cell in cells if is_figure(cell)]
    dates = [cell for cell in cells if isinstance(cell, datetime.date)]
    if not numbers and not any(map(is_missing_mark, cells[1:])):
        return "text" if len(dates) < 2 or len(words) + len(dates) < len(cells) else "months"
    if words and fold(str(words[0])) in _COLUMN_NUMBERS:
        return "numbers"
    plain = [number for number in numbers if not isinstance(number, Unusable)]
    alike = len(words) + len(plain) + len(dates) == len(cells)
    return _kind_of_numbers(plain) if alike else "figures"


def _is_no_month(cell: Value) -> bool:
    """Whether a cell is a number that can be neither a year, a month, a date nor ``2020.9``."""
    if type(cell) is not float:
        return False
    if not cell.is_integer():
        return not _FIRST_YEAR <= cell < _LAST_YEAR + 1
    # between months 1-12, years, serials of dates (1980 to 2079), YYYYMM and YYYYMMDD
    return (
        65745 < cell < 195001
        or 209912 < cell < 19500101
        or 2099 < cell < 29221
        or 12 < cell < 1950
        or cell < 1
        or cell > 20991231
    )


def _kind_of_numbers(numbers: Sequence[Value]) -> RowKind:
    """Return whether the numbers of a row are months in a header, may be, or are figures.

    Months of a header know their year or none does, and follow each other by a year at most.
    """
    periods: list[tuple[int, int]] = []
    for number in numbers:
        read = read_number(number)  # kept as text in the header of a CSV
        bare = number if read is None or read.value is None else read.value
        when = read_period(number) or read_period(bare)
        if when is None:
            return "figures"
        month = when.month or 0
        if month == 1 and periods and periods[-1] == (when.year, 9):
            month = 10  # 2020.10 kept as the number 2020.1
        periods.append((when.year or 0, month))
    if len({(year > 0, month > 0) for year, month in periods}) != 1:
        return "figures"
    ordinals = [year * _MONTHS + month for year, month in periods]
    steps = [after - before for before, after in pairwise(ordinals)]
    if not steps:
        return "figures" if periods[0][1] else "bare"
    if not periods[0][0]:
        return "bare" if set(steps) <= {1} or set(steps) <= {-1} else "figures"
    regular = all(0 < step <= _MONTHS for step in steps) or all(
        -_MONTHS <= step < 0 for step in steps
    )
    return "months" if regular else "figures"


def _is_headed(row: Sequence[Value], synonyms: Synonyms) -> bool:
    """Whether a row of bare numbers has the words of a header, or none and many numbers."""
    words = [cell for cell in row if isinstance(cell, str) and read_number(cell) is None]
    n_numbers = sum(cell != "" for cell in row) - len(words)
    if not words:
        return n_numbers >= _MANY
    if n_numbers >= _MONTHS // 2 and words == [row[0]]:  # whatever stands in its corner
        return True
    return any(
        meaning.unknown is None and any((meaning.field, meaning.measure, meaning.window))
        for meaning in map(synonyms.understand, words)
    )


def _header_rows(
    sheet: Sheet, kinds: list[RowKind], start: int, body: int
) -> tuple[int, tuple[int, ...]]:
    """Return the row where the header begins, and its rows; none when there is no header."""
    last = body - 1
    # a blank line, or a section such as "2020年" at the left edge that opens the body
    while last >= start and (kinds[last] == "blank" or _filled(sheet, last) == [0]):
        last -= 1
    first = last
    while first >= start and last - first < _MOST_HEADER_ROWS and _is_header(sheet, kinds, first):
        first -= 1
    return first + 1, tuple(range(first + 1, last + 1))


def _filled(sheet: Sheet, row: int) -> list[int]:
    """Return the columns of a row with words."""
    return [column for column, cell in enumerate(sheet.rows[row]) if shown(cell).strip()]


def _is_header(sheet: Sheet, kinds: list[RowKind], row: int) -> bool:
    if kinds[row] in {"months", "numbers"}:
        return True
    if kinds[row] != "text":
        return False
    filled = _filled(sheet, row)
    words = [fold(shown(sheet.rows[row][column])) for column in filled]
    if any(_TITLE_LABEL.match(word) or stated_units(word) for word in words):
        return False
    if len(filled) > 1:
        return True
    covers = [
        right - left for top, left, _, right in sheet.merges if top == row and left == filled[0] > 0
    ]
    return filled[0] > 0 and (bool(covers) or not sheet.merges)


def _end(sheet: Sheet, kinds: list[RowKind], body: int, synonyms: Synonyms) -> int:
    """Return the first row after the table: where the next one begins, or the sheet ends.

    Lines of words right above the next header are its title, unless they are notes.
    """
    for row in range(body, len(kinds)):
        is_header = kinds[row] == "months"
        if kinds[row] == "text" and len(filled := _filled(sheet, row)) > 1:
            said = [synonyms.understand(shown(sheet.rows[row][column])) for column in filled]
            is_header = any(one.field is not None and one.unknown is None for one in said)
        if is_header:
            while kinds[row - 1] == "text" and row - 1 > body:
                if _NOTE.match(fold("".join(map(shown, sheet.rows[row - 1])))):
                    break
                row -= 1
            return row
    return len(kinds)
