"""Workbooks about figures: the reading report, and an empty one to be filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping

import xlsxwriter  # type: ignore[import-untyped]

from faiwatch.core.phrases import say, words_told
from faiwatch.core.text import Language, Text, clean
from faiwatch.data.measures import measures_of
from faiwatch.data.reference import known_indicators
from faiwatch.data.regions import known_regions
from faiwatch.ingest.fates import KINDS, Kind, fates_of
from faiwatch.ingest.headers import known_synonyms
from faiwatch.ingest.ledger.reading import LedgerReading
from faiwatch.ingest.reading import Reading
from faiwatch.ingest.values import Sheet, shown
from faiwatch.view.charts import theme
from faiwatch.view.sheets.forms import (
    TEXT_FORMAT,
    FormColumn,
    fill_form,
    lists_sheet,
    new_workbook,
    width_of,
)
from faiwatch.view.tables.reading import reading_tables, summary

_WIDEST = 60
_LONGEST_NAME = 31  # characters that Excel allows
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_MOST_SHEETS, _MOST_ROWS, _MOST_COLUMNS = 30, 2000, 100  # drawn of the file that was read
_ROWS_ABOVE = 2  # the legend, and what is not drawn
_LOOKS: Mapping[Kind, dict[str, object]] = {
    "value": {"bg_color": theme.POSITIVE_SOFT},
    "growth": {"bg_color": theme.POSITIVE_SOFT, "italic": True, "underline": 1},
    "label": {"bg_color": theme.GRID},
    "header": {"bg_color": theme.GRID, "bold": True},
    "dropped": {"font_color": theme.MUTED, "font_strikeout": True},
    "question": {"bg_color": theme.NEGATIVE_SOFT, "bold": True, "border": 2},
    "waiting": {"border": 1, "border_color": theme.NEGATIVE},
}

_HEADERS = (
    measures_of("region", "indicator", period="month")
    | measures_of(value="ytd_value_100m", growth="ytd_yoy_pct")
    | measures_of("issued", "source", "note")
)
_RULES: Mapping[str, dict[str, object]] = {
    "value": {"validate": "decimal", "criteria": ">=", "value": 0},
    "growth": {"validate": "decimal", "criteria": "between", "minimum": -100, "maximum": 1000},
}
_TITLE = Text("固定资产投资数据", "Fixed-asset investment figures")
_UNIT = Text("单位：亿元、%", "Unit: 100 million yuan, %")


def reading_workbook(reading: Reading | LedgerReading, *, lang: Language) -> bytes:
    """Return the reading report as a workbook: its tables, and the sheets that were read in colour.

    Parameters
    ----------
    reading : Reading or LedgerReading
        How a file was read.
    lang : {"zh", "en"}
        Language of headings, rules and questions.
    """
    with new_workbook() as (book, content):
        bold = book.add_format({"bold": True, "bottom": 1})
        for table in reading_tables(reading, lang=lang):
            sheet = book.add_worksheet(table.title.in_language(lang)[:_LONGEST_NAME])
            sheet.write_string(0, 0, summary(reading, lang=lang))
            frame = table.frame
            for column, (name, one) in enumerate(table.columns.items()):
                words = [one.label.in_language(lang), *map(str, frame[name].head(200))]
                sheet.write_string(2, column, words[0], bold)
                sheet.set_column(column, column, min(max(map(width_of, words)) + 2, _WIDEST))
            for row, values in enumerate(frame.itertuples(index=False), start=3):
                for column, value in enumerate(values):
                    if value == value:  # NaN: not published, a blank cell
                        sheet.write(row, column, value)
            sheet.freeze_panes(3, 0)
        for at, read in enumerate(reading.workbook[:_MOST_SHEETS], 1):
            name = f"{at} {_NOT_IN_NAMES.sub(' ', clean(read.name))}".strip()
            _write_cells(book, name, reading, read, lang)
    return content.getvalue()


def _write_cells(
    book: xlsxwriter.Workbook,
    name: str,
    reading: Reading | LedgerReading,
    sheet: Sheet,
    lang: Language,
) -> None:
    """Write the sheet that was read, each cell in the colour and mark of what became of it."""
    drawn = book.add_worksheet(name[:_LONGEST_NAME])
    formats = {kind: book.add_format(look) for kind, look in _LOOKS.items()}
    for column, (kind, words) in enumerate(KINDS.items()):
        drawn.write_string(0, column, words.in_language(lang), formats[kind])
    rows = range(min(len(sheet.rows), _MOST_ROWS))
    fates = fates_of(reading, sheet, rows)
    for row in rows:
        for column, cell in enumerate(sheet.rows[row][:_MOST_COLUMNS]):
            if cell == "":
                continue
            fate = fates.get((row, column))
            look = formats[fate.kind] if fate is not None else None
            at = (row + _ROWS_ABOVE, column)
            if type(cell) in {int, float}:
                drawn.write_number(*at, cell, look)
            else:
                drawn.write_string(*at, clean(shown(cell)), look)
            if fate is not None and fate.kind in {"dropped", "question"}:
                drawn.write_comment(*at, fate.words.in_language(lang))
    if len(sheet.rows) > len(rows):
        shown_rows, of = len(rows), len(sheet.rows)
        told = say("site.sheets.first_rows", shown_rows=shown_rows, of=of)
        drawn.write_string(1, 0, told.in_language(lang))
    drawn.freeze_panes(_ROWS_ABOVE, 0)


def template_workbook(*, lang: Language) -> bytes:
    """Return an empty workbook for figures, with lists to choose from and a note on each column.

    Parameters
    ----------
    lang : {"zh", "en"}
        Language of the workbook; filled in, it is read back the same in both.
    """
    read = {meaning.indicator for meaning in known_synonyms().values()}
    choices = {
        "region": [one.name.in_language(lang) for one in known_regions().values()],
        "indicator": [  # those whose label `ingest` reads in a workbook
            one.label.in_language(lang) for one in known_indicators().values() if one.name in read
        ],
    }
    with new_workbook() as (book, content):
        data = book.add_worksheet(Text("数据", "Data").in_language(lang))
        notes = book.add_worksheet(Text("说明", "Notes").in_language(lang))
        notes.set_column(0, 0, 100)
        notes.write_column(0, 0, words_told("site.words_notes", lang).values())
        lists_sheet(book)
        hints = words_told("site.words_hints", lang)
        columns = [
            FormColumn(
                one.label.in_language(lang),
                hints[name],
                TEXT_FORMAT if name in {"region", "period", "issued"} else "",
                _RULES.get(name, {}),
                choices.get(name, ()),
            )
            for name, one in _HEADERS.items()
        ]
        fill_form(book, data, [_TITLE.in_language(lang), _UNIT.in_language(lang)], columns)
    return content.getvalue()
