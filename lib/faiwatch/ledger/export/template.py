"""An empty ledger to fill in: one sheet for each table, made from the record of its fields."""

from __future__ import annotations

from collections.abc import Mapping

from faiwatch.core.phrases import joined, texts_of, words_told
from faiwatch.core.text import NOTHING, Language, Text
from faiwatch.data.ledger_fields import MONEY_UNIT, FieldKind, LedgerField, ledger_tables
from faiwatch.ingest.units import PERCENT
from faiwatch.view.sheets.forms import TEXT_FORMAT, FormColumn, fill_form, lists_sheet, new_workbook

_UNITS: Mapping[str, Text] = {MONEY_UNIT: Text("万元", "10,000 yuan"), PERCENT: Text("%", "%")}
_FORMATS: Mapping[FieldKind, str] = {
    "code": TEXT_FORMAT,
    "month": TEXT_FORMAT,
    "date": "yyyy-mm-dd",
    "money": "#,##0.00",
    "percent": "0.0",
}
_KINDS = texts_of("ledger.words_kinds")
_RULES: Mapping[FieldKind, dict[str, object]] = {
    "money": {"validate": "decimal", "criteria": ">=", "value": 0},
    "percent": {"validate": "decimal", "criteria": "between", "minimum": -1000, "maximum": 1000},
    "number": {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12},
}
_ONE_LINE = 200  # longer texts wrap, and cells in a text format show none of them
_WIDTHS = (16, 24, 8, 26, 44, 60)


def ledger_template(*, lang: Language) -> bytes:
    """Return an empty ledger: a sheet for each table with lists, formats and notes, and a guide.

    Parameters
    ----------
    lang : {"zh", "en"}
        Language of the workbook; filled in, it is read back the same in both.
    """
    with new_workbook() as (book, content):
        sheet = book.add_worksheet(Text("填报说明", "Guide").in_language(lang))
        bold = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        notes = words_told("ledger.words_guide", lang)
        for row, note in enumerate(notes.values()):
            sheet.write_string(row, 0, note, book.add_format({"bold": row == 0}))
        row = len(notes) + 1
        sheet.write_row(row, 0, words_told("ledger.words_headings", lang).values(), bold)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width, wrapped)
        sheet.freeze_panes(row + 1, 0)
        for table in ledger_tables().values():
            for field in table.fields.values():
                row += 1
                words = (
                    table.label,
                    Text(header_of(field, "zh"), header_of(field, "en")),
                    Text("是", "yes") if field.required else NOTHING,
                    _KINDS[field.kind],
                    joined((one.label for one in field.choices), "、", ", "),
                    field.note,
                )
                for column, text in enumerate(words):
                    sheet.write_string(row, column, text.in_language(lang), wrapped)
        sheets = {
            name: book.add_worksheet(table.label.in_language(lang))
            for name, table in ledger_tables().items()
        }
        lists_sheet(book)
        for name, table in ledger_tables().items():
            columns = [form_column(field, lang) for field in table.fields.values()]
            titles = [table.label.in_language(lang), table.note.in_language(lang)]
            fill_form(book, sheets[name], titles, columns)
        sheets["projects"].activate()
    return content.getvalue()


def form_column(field: LedgerField, lang: Language) -> FormColumn:
    """Return the column of a form for one field: header, hint, format, what may be entered."""
    is_short = field.kind == "text" and field.longest <= _ONE_LINE
    return FormColumn(
        header_of(field, lang),
        field.note.in_language(lang),
        TEXT_FORMAT if is_short else _FORMATS.get(field.kind, ""),
        _RULES.get(field.kind, {}),
        [one.label.in_language(lang) for one in field.choices],
        is_wide=field.kind == "text" and not is_short,
    )


def header_of(field: LedgerField, lang: Language) -> str:
    """Return the header of a field with its unit, and a star if it is needed.

    Examples
    --------
    >>> header_of(ledger_tables()["bonds"].fields["amount"], "en")
    'Amount (10,000 yuan) *'
    """
    words = field.label.in_language(lang)
    if field.unit:
        unit = _UNITS[field.unit]
        words = Text(f"{words}（{unit.zh}）", f"{words} ({unit.en})").in_language(lang)
    return f"{words} *" if field.required else words
