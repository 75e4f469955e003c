"""The reading report as a page: the sheet with what became of each cell, beside what was read."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text, clean
from faiwatch.ingest.fates import KINDS, Fate, asked_rows, fates_of
from faiwatch.ingest.ledger.reading import LedgerReading
from faiwatch.ingest.reading import Reading
from faiwatch.ingest.values import Sheet, column_letters, shown
from faiwatch.site.templates import base_values, check_page, render, template_file
from faiwatch.view.html.tables import table as table_block
from faiwatch.view.tables import Table
from faiwatch.view.tables.reading import is_reading_made_up, reading_tables, summary

_MOST_ROWS = 60  # of a sheet, from the top; rows with questions come on top of them
_MOST_ASKED = 40
_MOST_COLUMNS = 40
_MOST_CELLS = 6000  # on a page
_FEWEST_ROWS = 8
_LONGEST = 60  # characters of a cell


def reading_page(reading: Reading | LedgerReading, *, lang: Language) -> str:
    """Return the reading report as one page that stands alone.

    Of a large sheet the first rows are shown and those with a question; the tables below list
    every change.

    Raises
    ------
    PublicationBlockedError
        The page breaks a rule for pages, such as showing somebody's home folder.
    """
    heading = Text("这份文件是怎样读的", "How this file was read").in_language(lang)
    questions, *read, changed, dropped = reading_tables(reading, lang=lang)
    sheets, left = _sheets(reading, lang)
    values = {
        **base_values(lang, f"{heading} · {reading.file}", more_style=template_file("reading.css")),
        "heading": heading,
        "lead": summary(reading, lang=lang),
        "questions": Markup("").join(_blocks([questions], reading.file)),
        "sheets_heading": Text("工作表与各单元格的去向", "The sheet, and each cell").in_language(
            lang
        ),
        "legend": [(kind, words.in_language(lang)) for kind, words in KINDS.items()],
        "sheets": sheets,
        "left": left,
        "beside": _blocks(read, reading.file),
        "blocks": _blocks([changed, dropped], reading.file),
        "made_up": is_reading_made_up(reading),
    }
    html = render("reading", values)
    check_page(html, "page")
    return html


def _blocks(tables: Sequence[Table], file: str) -> list[Markup]:
    """Return tables as blocks of a page, without those that have no rows."""
    return [
        Markup(
            table_block(
                table.words,
                lang=table.lang,
                title=table.title.in_language(table.lang),
                labels={name: one.heading for name, one in table.columns.items()},
                source=file,
                has_script=False,
            )
        )
        for table in tables
        if not table.frame.empty
    ]


def _sheets(
    reading: Reading | LedgerReading, lang: Language
) -> tuple[list[dict[str, object]], str]:
    """Return the sheets as the template draws them, and that there is no room for others."""
    found: list[dict[str, object]] = []
    room = _MOST_CELLS
    for sheet in reading.workbook:
        width = min(max(map(len, sheet.rows), default=0), _MOST_COLUMNS)
        if width and room < width * _FEWEST_ROWS:
            break
        drawn = _sheet(reading, sheet, width, room // max(width, 1), lang)
        room -= width * len(drawn["rows"])  # type: ignore[arg-type]
        found.append(drawn)
    if more := len(reading.workbook) - len(found):
        return found, say("site.reading_report.more_sheets", more=more).in_language(lang)
    return found, ""


def _fate_words(fate: Fate, lang: Language) -> str:
    kind = KINDS[fate.kind]
    if fate.words != kind:
        kind = say("site.reading_report.fate", kind=kind, words=fate.words)
    return kind.in_language(lang)


def _sheet(
    reading: Reading | LedgerReading, sheet: Sheet, width: int, most: int, lang: Language
) -> dict[str, object]:
    """Return one sheet: its rows with what became of each cell, and what is not shown of it."""
    first = range(min(len(sheet.rows), _MOST_ROWS, most))
    asked = sorted(asked_rows(reading, sheet) - set(first))[:_MOST_ASKED]
    chosen = [*first, *asked]
    fates = fates_of(reading, sheet, chosen)
    rows = []
    for before, row in zip([-1, *chosen], chosen, strict=False):
        cells = []
        for column in range(width):
            words, fate = clean(shown(sheet.at(row, column))), fates.get((row, column))
            short = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
            told = _fate_words(fate, lang) if fate is not None else ""
            cells.append({"text": short, "kind": fate.kind if fate else "", "words": told})
        rows.append({"number": row + 1, "cells": cells, "is_after_gap": row > before + 1})
    n_rows, n_columns = len(sheet.rows), max(map(len, sheet.rows), default=0)
    note = Text("", "")
    if len(chosen) < n_rows or width < n_columns:
        note = say(
            "site.reading_report.rows_shown",
            n_first=len(first),
            width=width,
            n_rows=n_rows,
            n_columns=n_columns,
        )
    return {
        "name": clean(sheet.name),
        "letters": [column_letters(at) for at in range(width)],
        "rows": rows,
        "note": note.in_language(lang),
    }
