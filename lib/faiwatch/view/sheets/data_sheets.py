"""Sheets of data for spreadsheets: real dates and numbers, filters, a header that stays, print.

Every word is written as text, whatever it begins with: nothing in a cell is ever run.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import xlsxwriter  # type: ignore[import-untyped]

from faiwatch.core.light_names import LIGHTS
from faiwatch.core.text import YES_NO, Language, Text, clean
from faiwatch.data.measures import Measure
from faiwatch.view.sheets.forms import new_workbook, print_on_a4, width_of
from faiwatch.view.tables.table import Table

# Backgrounds are pale so that the word on them reads well in print too; the word is the sign.
_COLOURS: Mapping[str, tuple[str, str]] = {
    "green": ("#D5EEDC", "#0B4F26"),
    "yellow": ("#FDEFC3", "#5C4400"),
    "red": ("#FAD9D5", "#86140F"),
    "light_blue": ("#DCEBF7", "#0F3D66"),
    "blue": ("#C6D9F1", "#0F3D66"),
    "undefined": ("#ECECEC", "#3A3A3A"),
    "excused": ("#ECECEC", "#3A3A3A"),
}
_SHORT = frozenset({"date", "flag", "light"})
_WORDS = _SHORT | {"text", "month"}
_INK, _LINE, _HEAD = "#1F2933", "#B8C2CC", "#E6ECF2"
_NARROWEST = 7
_SIZE = 10  # points
_LONGEST_CELL, _LONGEST_TAB = 32_767, 31  # characters; limits of the format
_FIRST_YEAR = 1900  # the calendar of spreadsheets begins here
_NOT_IN_A_TAB = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_PAGE = Text("第 &P 页，共 &N 页", "page &P of &N")


def data_workbook(
    sheets: Sequence[Table], *, lang: Language, mark: Text, made: datetime.datetime
) -> bytes:
    """Return a workbook of data.

    Parameters
    ----------
    sheets : sequence of Table
        From left to right; the title is also the name of the tab, with its number where the
        format allows no two alike.
    lang : {"zh", "en"}
        Language of everything but the words of the data.
    mark : Text
        Stands on every sheet and every printed page, such as 演示数据; may be empty.
    made : datetime
        Kept as the time of making: the same data make the same bytes.
    """
    with new_workbook() as (book, content):
        book.set_properties({"title": sheets[0].title.in_language(lang), "created": made})
        taken: set[str] = set()
        for at, one in enumerate(sheets, start=1):
            tab = one.title.in_language(lang).translate(_NOT_IN_A_TAB).strip()[:_LONGEST_TAB]
            if tab.casefold() in taken:
                tab = f"{tab[: _LONGEST_TAB - 4]} {at}"
            taken.add(tab.casefold())
            _Writer(book, book.add_worksheet(tab), lang).write(one, mark.in_language(lang))
    return content.getvalue()


class _Writer:
    """Writes one sheet."""

    def __init__(
        self, book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, lang: Language
    ) -> None:
        self.book, self.sheet, self.lang = book, sheet, lang

    def write(self, data: Table, mark: str) -> None:
        """Write title, notes, header and rows, and set up how it is seen and printed."""
        cells = {
            name: [self._value(value, column, data.missing) for value in data.frame[name]]
            for name, column in data.columns.items()
        }
        widths = []
        for name, column in data.columns.items():
            label = column.label.in_language(self.lang)
            words = label.split() if label.isascii() else []
            head = max([math.ceil(width_of(label) / 3) + 4, *(len(word) + 2 for word in words)])
            lengths = [_length(value, column.format) for value in cells[name]] or [0]
            widths.append(min(max(_NARROWEST, head, max(lengths) + 3), column.width))
        header = self._above(data, mark, sum(widths))
        sheet = self.sheet
        bold = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": _HEAD}
        lines = {"border": 1, "border_color": _LINE, "font_size": _SIZE}
        shown = self.book.add_format(bold | lines)
        for at, (name, column) in enumerate(data.columns.items()):
            sheet.write_string(header, at, column.label.in_language(self.lang), shown)
            sheet.set_column(at, at, widths[at])
            self._column(header + 1, at, column, cells[name])
        last = header + max(len(data.frame), 1)
        sheet.autofilter(header, 0, last, len(data.columns) - 1)
        sheet.freeze_panes(header + 1, data.pinned)
        sheet.hide_gridlines(2)  # on the screen too: the cells have lines of their own
        print_on_a4(sheet, header)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L{mark.replace('&', '&&')}&C&A&R{_PAGE.in_language(self.lang)}")

    def _above(self, data: Table, mark: str, width: int) -> int:
        """Write title and notes; return the row of the header."""
        title = clean(data.title.in_language(self.lang))
        large = self.book.add_format({"bold": True, "font_size": 14, "font_color": _INK})
        self.sheet.write_string(0, 0, f"{title}　{mark}" if mark else title, large)
        quiet = self.book.add_format({"text_wrap": True, "valign": "top", "font_color": "#4A5560"})
        words = clean(data.note.in_language(self.lang))
        if not words:
            return 1
        if len(data.columns) > 1:
            self.sheet.merge_range(1, 0, 1, len(data.columns) - 1, "", quiet)
        self.sheet.write_string(1, 0, words, quiet)
        self.sheet.set_row(1, 15 * math.ceil(width_of(words) / max(width - 2, 20)))
        return 2

    def _column(self, first: int, at: int, column: Measure, values: list[Any]) -> None:
        shown = self.book.add_format(
            {"border": 1, "border_color": _LINE, "valign": "vcenter", "font_size": _SIZE}
            | ({"text_wrap": True, "indent": 1} if column.format == "text" else {})
            | ({"align": "center"} if column.format in _SHORT else {})
            | ({"align": "right"} if column.format not in _WORDS else {})
            | _number_format(column.format)
        )
        for row, value in enumerate(values, start=first):
            if value is None:
                self.sheet.write_blank(row, at, None, shown)
            elif isinstance(value, str):
                self.sheet.write_string(row, at, value, shown)
            elif isinstance(value, datetime.datetime):
                self.sheet.write_datetime(row, at, value, shown)
            else:
                self.sheet.write_number(row, at, value, shown)
        if column.format == "light" and values:
            for name, (background, ink) in _COLOURS.items():  # by the word that stands in a cell
                word = LIGHTS[name].in_language(self.lang)
                pale = self.book.add_format({"bg_color": background, "font_color": ink})
                rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": pale}
                self.sheet.conditional_format(first, at, first + len(values) - 1, at, rule)

    def _value(self, value: Any, column: Measure, missing: Text | None) -> Any:  # noqa: ANN401  whatever a cell holds
        """Return what is written: text, a finite number, a day, or None for a blank cell."""
        is_number = column.format not in _WORDS
        if value is None or pd.isna(value) or value == "":
            return missing.in_language(self.lang) if missing and is_number else None
        if column.format == "light":
            return LIGHTS[value].in_language(self.lang) if value in LIGHTS else value
        if column.format == "flag":
            return YES_NO[bool(value)].in_language(self.lang)
        if isinstance(value, pd.Timestamp):
            return value.to_pydatetime() if value.year >= _FIRST_YEAR else f"{value:%Y-%m-%d}"
        if is_number and not isinstance(value, str):
            return float(value) if math.isfinite(value) else None
        words = clean(str(value))
        return words if len(words) <= _LONGEST_CELL else f"{words[: _LONGEST_CELL - 1]}…"


def _number_format(shape: str) -> dict[str, str]:
    """Return the number format of a column: signs where the sign is the point, no decimals of 0."""
    if shape == "date":
        return {"num_format": "yyyy-mm-dd"}
    if shape in _WORDS or shape == "number":
        return {}
    digits = shape.removesuffix("%")
    if digits.startswith("+"):
        return {"num_format": f"{digits};-{digits[1:]};{digits[1:]}"}
    return {"num_format": "#,##0" if digits == "0" else digits}


def _length(value: object, shape: str) -> int:
    if isinstance(value, str):
        return max(map(width_of, value.splitlines()), default=0)
    if shape == "date":
        return 10
    return 0 if value is None else len(f"{value:,.2f}")
