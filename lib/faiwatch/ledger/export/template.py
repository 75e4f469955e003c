"""An empty ledger to fill in: one sheet for each table, made from the record of its fields."""

from __future__ import annotations

from collections.abc import Mapping

from faiwatch.core.text import Language, Text
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
_KINDS: Mapping[FieldKind, Text] = {
    "text": Text("文字", "text"),
    "code": Text("项目代码", "project code"),
    "date": Text("日期 YYYY-MM-DD", "date YYYY-MM-DD"),
    "month": Text("月份 YYYY-MM", "month YYYY-MM"),
    "number": Text("数", "a number"),
    "money": Text("金额", "amount"),
    "percent": Text("百分数，65 即 65%", "percentage, 65 is 65%"),
    "flag": Text("是或否", "yes or no"),
    "choice": Text("从列表选择", "chosen from the list"),
}
_RULES: Mapping[FieldKind, dict[str, object]] = {
    "money": {"validate": "decimal", "criteria": ">=", "value": 0},
    "percent": {"validate": "decimal", "criteria": "between", "minimum": -1000, "maximum": 1000},
    "number": {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12},
}
_ONE_LINE = 200  # longer texts wrap, and cells in a text format show none of them
_NOTES: tuple[Text, ...] = (
    Text("项目台账填报说明", "How to keep the project ledger"),
    Text(
        "每张工作表是一张表；不用的表留空即可，表头不要改。",
        "Each sheet is one table; leave those that you do not use empty, and headers as they are.",
    ),
    Text(
        "各月的行都保留：下个月在下面接着填，不覆盖上个月。",
        "Keep the rows of every month: go on below, and do not write over the month before.",
    ),
    Text(
        "空白表示不知道，零表示真的是零；金额单位在表头。带 * 的列不能空。",
        "Blank means not known, zero means zero; units stand in the headers. Columns with * are"
        " needed.",
    ),
    Text("填好后：faiwatch ingest 文件名", "When it is filled: faiwatch ingest FILE"),
)
_HEADINGS: tuple[Text, ...] = (
    Text("工作表", "Sheet"),
    Text("字段", "Field"),
    Text("必填", "Required"),
    Text("怎么填", "What to fill in"),
    Text("可选的词", "Words to choose from"),
    Text("填写提示", "Hint"),
)
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
        for row, note in enumerate(_NOTES):
            sheet.write_string(row, 0, note.in_language(lang), book.add_format({"bold": row == 0}))
        first = len(_NOTES) + 1
        for column, (heading, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True)):
            sheet.write_string(first, column, heading.in_language(lang), bold)
            sheet.set_column(column, column, width, wrapped)
        row = first + 1
        for table in ledger_tables().values():
            for field in table.fields.values():
                words = (
                    table.label,
                    Text(header_of(field, "zh"), header_of(field, "en")),
                    Text("是", "yes") if field.required else Text("", ""),
                    _KINDS[field.kind],
                    Text(
                        "、".join(one.label.zh for one in field.choices),
                        ", ".join(one.label.en for one in field.choices),
                    ),
                    field.note,
                )
                for column, text in enumerate(words):
                    sheet.write_string(row, column, text.in_language(lang), wrapped)
                row += 1
        sheet.freeze_panes(first + 1, 0)
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
