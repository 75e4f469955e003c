"""Find the tables of a sheet: title, header rows, body, notes.

A row is what its cells are. The first row with figures starts the body; the rows of words above it
are headers when they have two cells or more, and title when they have one. Data terminals put rows
about their series between the two, as code, frequency, unit or source at their left edge says.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from faiwatch.core.text import fold
from faiwatch.ingest.dates import read_period
from faiwatch.ingest.headers import Synonyms
from faiwatch.ingest.numbers import is_figure, is_missing_mark, read_number
from faiwatch.ingest.units import stated_units, unit_named
from faiwatch.ingest.values import Sheet, Unusable, Value, address, shown

# "bare": small whole numbers one after the other, or one year: months of a header, or figures
RowKind = Literal["blank", "text", "months", "bare", "numbers", "figures", "about", "pair"]
About = Literal["name", "unit", "region", "every", "rest", "title"]

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
_ABOUT_BY_KIND: Mapping[About, str] = {
    "name": "指标名称|指标|序列名称|指标全称|名称|name|series name|indicator name|indicator|series",
    "unit": "单位|计量单位|unit|units",
    "region": "国家|地区|国家/地区|国家地区|区域|country|region|area|geography|subnational"
    "|province",
    "every": "频率|频度|数据频率|frequency|freq|freq.",
    "title": "时间|统计时间|time|period",
    "rest": "指标id|指标代码|指标编码|序列id|序列代码|编码|代码|id|code|series id|series code"
    "|sr code|sr id|ticker|mnemonic|来源|数据来源"
    "|资料来源|数据源|source|sources|data source|发布方|发布机构|发布单位|发布者|时间区间"
    "|时间范围|时间段|起止时间|起止日期|开始时间|起始时间|起始日期|截止时间|结束时间|结束日期"
    "|数据起始|数据截止|更新时间|更新日期|最近更新|最新更新|最后更新|更新频率|表名|数据表"
    "|数据库|数据库名称|主题|描述|状态|备注|说明|指标说明|最新值|最新日期|名称英文|指标英文名称"
    "|last update time|last updated|updated|update time|status|description|notes|note|remarks"
    "|series remarks|start date|end date|start|end|first obs. date|last obs. date|suggestions"
    "|function information|database|table|seasonality|scale|magnitude|category|release|mean"
    "|variance|standard deviation|skewness|kurtosis|coefficient variation|min|max|median"
    "|no. of obs|no. of obs.|observations|最小值|最大值|平均值|均值|中位数|标准差|方差|观测数",
}
_ABOUT: Mapping[str, About] = {
    word: kind for kind, words in _ABOUT_BY_KIND.items() for word in words.split("|")
}
_OF_A_PIVOT = {"列标签", "column labels"}
_UNNAMED = re.compile(r"Unnamed: \d+(?:_level_\d+)?")  # what pandas writes for no header
_EDGE = 3  # columns in which a row about the series says what it tells
_TOP = 60  # rows within which statistics about the series may stand above them
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
    about : tuple of tuple
        Rows about the series between the headers, and what each tells.
    """

    sheet: Sheet
    titles: tuple[int, ...]
    headers: tuple[int, ...]
    body: int
    end: int
    width: int
    left: int = 0
    about: tuple[tuple[int, About], ...] = ()

    def title_words(self) -> Iterator[tuple[str, str]]:
        """Yield address and words of each cell above the header."""
        for row in self.titles:
            cells = enumerate(self.sheet.rows[row])
            filled = [(at, words) for at, cell in cells if (words := shown(cell).strip())]
            if len(filled) == 2 and fold(filled[0][1]).strip(" :").casefold() in _ABOUT:
                (at, word), (_, said) = filled
                yield address(row, at), f"{word.rstrip('：: ')}：{said}"
                continue
            for column, words in filled:
                yield address(row, column), words

    def labels(self, column: int) -> list[tuple[int, int, str]]:
        """Return the header cells over a column from the top: row, column and words.

        A merged cell counts for every column that it covers. In sheets that keep no merges, a
        blank cell above the last header row belongs to the words on its left.
        """
        places = (self._owner(row, column) for row in self.headers)
        found = dict.fromkeys((*at, shown(self.sheet.at(*at)).strip()) for at in places)
        return [one for one in found if one[2] and _UNNAMED.fullmatch(one[2]) is None]

    def header_words(self) -> list[str]:
        """Return the words of the header, column by column."""
        columns = range(self.left, self.width)
        return [words for column in columns for *_, words in self.labels(column)]

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
        is_first = set(kinds[:row]) <= {"blank", "text"}
        is_headed = not _goes_on(sheet, kinds, row) and _is_headed(
            sheet.rows[row], synonyms, is_first
        )
        kinds[row] = "months" if is_headed else "figures"
    told = _about_series(sheet, kinds, synonyms)
    found: list[Table] = []
    start = 0
    above: Table | None = None
    for figures in (row for row, kind in enumerate(kinds) if kind == "figures"):
        if figures < start:  # in the table above
            continue
        top, headers = _header_rows(sheet, kinds, start, figures, synonyms)
        body = headers[-1] + 1 if headers else figures
        end = _end(sheet, kinds, body, synonyms)
        if headers:
            about = tuple((row, told[row]) for row in headers if told.get(row, "name") != "name")
            left_out = {row for row, _ in about}
            kept = [row for row in headers if kinds[row] != "numbers" and row not in left_out]
            titles = tuple(row for row in range(start, top) if kinds[row] != "blank")
            width = max(map(len, sheet.rows[headers[0] : end]))
            table = Table(sheet, titles, tuple(kept or headers[:1]), body, end, width, about=about)
            above = _titled(table, above)
            found += _side_by_side(above, synonyms)
        start = end
    return found


def _about_series(sheet: Sheet, kinds: list[RowKind], synonyms: Synonyms) -> dict[int, About]:
    """Return the rows about the series and what each tells; their kinds become ``about``.

    A header may begin with 单位, 地区 or 代码 as well, so rows about series stand under a header,
    or with a row of names. A line of one word and what it is, 指标 | 固定资产投资 over a wider
    table, speaks of the whole table like a title.
    """
    found: dict[int, About] = {}
    last = max((row for row, kind in enumerate(kinds) if kind == "figures"), default=-1)
    for run in _runs_about(sheet, kinds):
        first, end = min(run), max(run)
        width = max(len(_filled(sheet, row)) for row in range(first, min(end + 3, len(kinds))))
        pairs = [row for row in run if len(_filled(sheet, row)) == 2 < width]
        for row in pairs if len(pairs) > 1 or first == 0 else []:
            kinds[row] = "pair"
        block = {
            row: kind
            for row, (edge, kind) in run.items()
            if kinds[row] != "pair" and kind != "title" and _tells(sheet, row, edge, kind, synonyms)
        }
        above = next((row for row in range(first - 1, -1, -1) if kinds[row] != "blank"), None)
        is_under = above is not None and kinds[above] in {"text", "months"}
        heads = {kind for row, (_, kind) in run.items() if kinds[row] != "pair"}
        has_header = not heads.isdisjoint({"name", "title"}) or (
            is_under and above is not None and len(_filled(sheet, above)) > 1
        )
        if has_header and set(block.values()) - {"name"} and end < last:
            found |= block
            for row in block:
                kinds[row] = "about"
    return found


def _tells(sheet: Sheet, row: int, edge: int, kind: About, synonyms: Synonyms) -> bool:
    """Whether the cells of a row hold what its word at the left edge says."""
    words = [shown(cell) for cell in sheet.rows[row][edge + 1 :] if shown(cell).strip()]
    if kind == "unit":
        return any(unit_named(fold(word)) for word in words)
    return kind != "region" or any(synonyms.understand(word).region for word in words)


def _runs_about(sheet: Sheet, kinds: Sequence[RowKind]) -> Iterator[dict[int, tuple[int, About]]]:
    """Yield rows that follow each other and begin with a word about series: edge and kind."""
    run: dict[int, tuple[int, About]] = {}
    for row, cells in enumerate(sheet.rows):
        if kinds[row] == "blank":
            continue
        kind, edge = None, None
        if row < _TOP or kinds[row] != "figures":
            edge = next((at for at, cell in enumerate(cells[:_EDGE]) if shown(cell).strip()), None)
        if edge is not None:
            kind = _ABOUT.get(fold(shown(cells[edge])).strip(" :").casefold())
            if kind is not None and not any(shown(cell).strip() for cell in cells[edge + 1 :]):
                kind = "rest" if run else None  # Subnational | (nothing), inside a block
        if kind is not None and edge is not None:
            run[row] = edge, kind
        elif run:
            yield run
            run = {}
    if run:
        yield run


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
    """Return what each row is; columns with figures are looked at whole, one after the other."""
    kinds: list[RowKind] = ["figures"] * len(rows)
    left = list(range(len(rows)))
    while left:
        for row in left:
            first = next((at for at, cell in enumerate(rows[row]) if _is_no_month(cell)), None)
            if first is not None:
                break
            kinds[row] = row_kind(rows[row])
        else:
            break
        left = [one for one in left if one > row]
        cells = [rows[row][first] if first < len(rows[row]) else "" for row in left]
        # a year in the place of what is no number: it may be a month
        numbers = np.array([cell if type(cell) is float else _FIRST_YEAR for cell in cells])
        with np.errstate(invalid="ignore"):  # infinite
            is_figure_row = np.asarray(_beyond_months(numbers))
        left = [row for row, out in zip(left, is_figure_row, strict=True) if not out]
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
    return type(cell) is float and bool(_beyond_months(cell))


def _beyond_months(number: float | np.ndarray) -> bool | np.ndarray:
    """Whether a number, or each of an array, can be no time."""
    # between months 1-12, years, serials of dates (1980 to 2079), YYYYMM and YYYYMMDD
    is_none = (
        ((number > 65745) & (number < 195001))
        | ((number > 209912) & (number < 19500101))
        | ((number > 2099) & (number < 29221))
        | ((number > 12) & (number < 1950))
        | (number < 1)
        | (number > 20991231)
    )
    is_whole, is_part = number % 1 == 0, number % 1 != 0
    is_no_year = (number < _FIRST_YEAR) | (number >= _LAST_YEAR + 1)
    return (is_whole & is_none) | (is_part & is_no_year)


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


def _goes_on(sheet: Sheet, kinds: Sequence[RowKind], row: int) -> bool:
    """Whether a row has numbers and words in the columns in which the row of figures above has."""
    if row == 0 or kinds[row - 1] != "figures":
        return False
    above, own = (
        [isinstance(cell, float) if cell != "" else None for cell in sheet.rows[at]]
        for at in (row - 1, row)
    )
    return above == own and False in own


def _is_headed(row: Sequence[Value], synonyms: Synonyms, is_first: bool) -> bool:
    """Whether a row of bare numbers has the words of a header, or none and many numbers.

    The first numbers of a sheet may stand beside a word that nobody knows.
    """
    words = [cell for cell in row if isinstance(cell, str) and cell and read_number(cell) is None]
    if not words or (is_first and len(words) == 1):
        return sum(cell != "" for cell in row) - len(words) >= _MANY
    return any(
        meaning.unknown is None and any((meaning.field, meaning.measure, meaning.window))
        for meaning in map(synonyms.understand, words)
    )


def _header_rows(
    sheet: Sheet, kinds: list[RowKind], start: int, body: int, synonyms: Synonyms
) -> tuple[int, tuple[int, ...]]:
    """Return the row where the header begins, and its rows; none when there is no header."""
    last = body - 1
    # a blank line, or a section such as "2020年" at the left edge that opens the body
    while last >= start and (
        kinds[last] == "blank" or (_filled(sheet, last) == [0] and kinds[last] != "about")
    ):
        if _heads_alone(sheet, last, synonyms):
            # the name of the index stands below names of columns in what a program writes
            if last > start and _is_header(sheet, kinds, last - 1) and _filled(sheet, last - 1)[1:]:
                break
            return last, (last,)
        last -= 1
    while last > start and _is_row_of_a_unit(sheet, last, synonyms):
        last -= 1
    first, n_headers = last, 0
    if last >= start and _filled(sheet, last) == [0]:
        first, n_headers = last - 1, 1
    while first >= start and n_headers < _MOST_HEADER_ROWS and _is_header(sheet, kinds, first):
        n_headers += kinds[first] != "about"
        first -= 1
    return first + 1, tuple(range(first + 1, last + 1))


def _is_row_of_a_unit(sheet: Sheet, row: int, synonyms: Synonyms) -> bool:
    """Whether a row below a header holds a label and its unit, and only its figures are blank."""
    headed, filled = _filled(sheet, row - 1), _filled(sheet, row)
    return len(filled) < len(headed) and any(
        unit_named(fold(shown(sheet.at(row, at))))
        and synonyms.understand(shown(sheet.at(row - 1, at))).field == "unit"
        for at in filled
    )


def _heads_alone(sheet: Sheet, row: int, synonyms: Synonyms) -> bool:
    """Whether the only word of a row heads the months below it, and the figures have no header."""
    if _filled(sheet, row) != [0] or row + 1 >= len(sheet.rows):
        return False
    said = synonyms.understand(shown(sheet.at(row, 0)))
    return said.field == "period" and said.unknown is None


def _filled(sheet: Sheet, row: int) -> list[int]:
    """Return the columns of a row with words."""
    return [column for column, cell in enumerate(sheet.rows[row]) if shown(cell).strip()]


def _is_header(sheet: Sheet, kinds: list[RowKind], row: int) -> bool:
    if kinds[row] in {"months", "numbers", "about"}:
        return True
    if kinds[row] != "text":
        return False
    filled = _filled(sheet, row)
    words = [fold(shown(sheet.rows[row][column])) for column in filled]
    if any(_TITLE_LABEL.match(word) or stated_units(word) for word in words):
        return False
    if any(word.casefold() in _OF_A_PIVOT for word in words):  # beside what it sums
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
        is_header = kinds[row] in {"months", "about"}
        if kinds[row] == "text" and len(filled := _filled(sheet, row)) > 1:
            said = [synonyms.understand(shown(sheet.rows[row][column])) for column in filled]
            is_header = any(one.field is not None and one.unknown is None for one in said)
        if is_header:
            while kinds[row - 1] in {"text", "pair"} and row - 1 > body:
                if _NOTE.match(fold("".join(map(shown, sheet.rows[row - 1])))):
                    break
                row -= 1
            return row
    return len(kinds)
