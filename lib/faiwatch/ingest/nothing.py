"""Say why nothing was read: which tables were found, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from faiwatch.core.errors import DataMissingError
from faiwatch.core.text import Text, clean
from faiwatch.ingest.layout import Table
from faiwatch.ingest.log import Coercion, Log
from faiwatch.ingest.rules import RULES
from faiwatch.ingest.values import address, position

_NO_FIGURES = {"title", "note", "column_numbers", "header_again"}  # left out of every table
_WHOLE_SHEETS = ("hidden_sheet", "other_sheet")
_MOST_TABLES = 5


def nothing_read(tables: Sequence[Table], file: str, log: Log) -> DataMissingError:
    """Return the error for a file of which no figure was read.

    Parameters
    ----------
    tables : sequence of Table
        Those that were found.
    file : str
        How the file is called.
    log : Log
        What was left out.
    """
    if not tables:
        rules = dict.fromkeys(one.rule for one in log.dropped if one.rule in _WHOLE_SHEETS)
        return DataMissingError(
            Text("没有找到带数字的表", "no table with figures was found"),
            where=file,
            got=_listed([RULES[rule] for rule in rules]) if rules else None,
            todo=Text("表头与数字须在同一张表内", "a table needs a header above its figures"),
        )
    told = [_told(table, log.dropped) for table in tables[:_MOST_TABLES]]
    if more := len(tables) - len(told):
        told.append(Text(f"另有 {more} 张表", f"{more} more tables"))
    found = _listed(told)
    return DataMissingError(
        Text(f"没有读入任何数字：{found.zh}", f"not one figure was read: {found.en}"),
        where=file,
        todo=Text("用 --map 说明需要的列、行", "say with --map which columns and rows are needed"),
    )


def _told(table: Table, dropped: Sequence[Coercion]) -> Text:
    """Return where a table is, and what of it was left out and why."""
    rows, columns = _extent(table)
    where = f"{address(rows[0], columns[0])}:{address(rows[-1], columns[-1])}"
    name = clean(table.sheet.name)
    inside = [(one, *position(one.cell)) for one in dropped if one.sheet == name]
    inside = [one for one in inside if one[1] in rows and one[2] in columns]
    by_wildcard = [row in table.headers for one, row, _ in inside if one.rule == "wildcard"]
    others = {one.rule for one, *_ in inside} - _NO_FIGURES - {"wildcard"}
    parts = _skipped(sum(by_wildcard), len(by_wildcard) - sum(by_wildcard))
    parts += [RULES[rule] for rule in sorted(others)]
    why = _listed(parts or [Text("其中没有数字", "it holds no figure")])
    return Text(f"{where} 有一张表，{why.zh}", f"a table at {where}; {why.en}")


def _skipped(columns: int, rows: int) -> list[Text]:
    """Return how many columns and labels of rows the answer for everything else left out."""
    found = []
    if columns:
        words = "1 column was" if columns == 1 else f"{columns} columns were"
        found.append(Text(f"其 {columns} 列由 *=skip 略去", f"its {words} skipped by *=skip"))
    if rows:
        words = "1 row label was" if rows == 1 else f"{rows} row labels were"
        found.append(Text(f"其 {rows} 个行标签由 *=skip 略去", f"its {words} skipped by *=skip"))
    return found


def _extent(table: Table) -> tuple[range, range]:
    """Return the rows and columns of a table that hold something."""
    rows = table.sheet.rows
    filled = [
        (row, column)
        for row in range(table.headers[0], table.end)
        for column in range(table.left, min(table.width, len(rows[row])))
        if rows[row][column] != ""
    ]
    columns = [column for _, column in filled]
    return range(table.headers[0], filled[-1][0] + 1), range(min(columns), max(columns) + 1)


def _listed(parts: Sequence[Text]) -> Text:
    return Text("；".join(one.zh for one in parts), "; ".join(one.en for one in parts))
