"""Workbooks that we write: how a workbook begins, and a sheet that somebody fills in.

Every word is written as text: a cell that begins with ``=`` or looks like a link stays what it is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import xlsxwriter  # type: ignore[import-untyped]

from faiwatch.ingest.values import column_letters

_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
_ROWS_TO_FILL = 5000
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255  # of the words beside a cell, in characters
_WIDTH, _WIDE = 18, 42
_A4 = 9
LISTS = "lists"
TEXT_FORMAT = "@"  # no program makes a date or a number of what is typed into such a cell


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column of a sheet to be filled in.

    Attributes
    ----------
    header : str
        Its header.
    hint : str
        Shown at the header and beside the cell; may be empty.
    num_format : str
        Number format; empty for the general one.
    rule : mapping
        What may be entered, as XlsxWriter has it; something else is warned of, not refused.
    choices : sequence of str
        Words to choose from instead of a rule.
    is_wide : bool
        Whether it holds sentences, which stand on several lines.
    """

    header: str
    hint: str
    num_format: str = ""
    rule: Mapping[str, object] = field(default_factory=dict)
    choices: Sequence[str] = ()
    is_wide: bool = False


@contextmanager
def new_workbook() -> Iterator[tuple[xlsxwriter.Workbook, io.BytesIO]]:
    """Yield an empty workbook and the bytes that it becomes."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **_AS_TEXT}) as book:
        yield book, content


def lists_sheet(book: xlsxwriter.Workbook) -> xlsxwriter.worksheet.Worksheet:
    """Add the hidden sheet that holds the words to choose from."""
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    return sheet


def fill_form(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    titles: Sequence[str],
    columns: Sequence[FormColumn],
) -> None:
    """Write titles, header, notes and lists of a sheet to be filled in; it prints on A4.

    Parameters
    ----------
    book, sheet
        Where; the workbook has a sheet of lists, see :func:`lists_sheet`.
    titles : sequence of str
        Lines above the header, from which a blank line separates them.
    columns : sequence of FormColumn
        From left to right.
    """
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for row, title in enumerate(titles):
        sheet.write_string(row, 0, title, book.add_format({"bold": row == 0}))
    first = len(titles) + 2
    for index, column in enumerate(columns):
        sheet.write_string(first - 1, index, column.header, bold)
        shown = {"valign": "top", "text_wrap": column.is_wide}
        shown |= {"num_format": column.num_format} if column.num_format else {}
        width = _WIDE if column.is_wide else _WIDTH
        sheet.set_column(index, index, width, book.add_format(shown))
        rule = _list_of(book, column.choices) if column.choices else dict(column.rule)
        rule = rule or {"validate": "any"}
        if column.hint:
            sheet.write_comment(first - 1, index, column.hint)
            rule |= {
                "input_title": column.header[:_LONGEST_TITLE],
                "input_message": column.hint[:_LONGEST_MESSAGE],
            }
        rule["error_type"] = "warning"
        sheet.data_validation(first, index, first + _ROWS_TO_FILL, index, rule)
    sheet.freeze_panes(first, 0)
    print_on_a4(sheet, first - 1)


def print_on_a4(sheet: xlsxwriter.worksheet.Worksheet, header: int) -> None:
    """Print a sheet across, as wide as the paper, with its row of headers on every page."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)


def _list_of(book: xlsxwriter.Workbook, words: Sequence[str]) -> dict[str, object]:
    """Return the rule for words, after writing them into the next free column of the lists."""
    lists = book.get_worksheet_by_name(LISTS)
    column = 0 if lists.dim_colmax is None else lists.dim_colmax + 1
    lists.write_column(0, column, words)
    letter = column_letters(column)
    return {"validate": "list", "source": f"={LISTS}!${letter}$1:${letter}${len(words)}"}


def width_of(words: str) -> int:
    """Return columns taken by words; Chinese characters take two.

    Examples
    --------
    >>> width_of("项目 A")
    6
    """
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in words)
