"""What readers call the column and the value of a row that a finding rests on."""

from __future__ import annotations

from functools import cache

from faiwatch.core.finding import InputRow
from faiwatch.core.phrases import joined, texts_of
from faiwatch.core.text import LANGUAGES, Language, Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.light_rules import presets
from faiwatch.data.regions import known_regions
from faiwatch.data.summons_rules import LEVELS

_DERIVED = texts_of("data.words_derived")  # beside the fields of the ledger
_WORDS = texts_of("data.words_result_cells")  # by column and cell


def column_label(row: InputRow, lang: Language) -> str:
    """Return what readers call the column: a field of the ledger, or a light, by its label.

    The column of a file of figures keeps its name, which is the one in the file.

    Examples
    --------
    >>> row = InputRow(file="", row=1, period="", column="annual_plan", value=1.0)
    >>> column_label(row, "en")
    'Planned this year'
    """
    return _label_of(row.column).in_language(lang)


def value_label(row: InputRow, lang: Language) -> float | str | None:
    """Return the figure as readers see it: a choice of the ledger by its label.

    Examples
    --------
    >>> row = InputRow(file="", row=1, period="", column="level", value="city", cell="F5")
    >>> value_label(row, "zh")
    '市级'
    """
    told = _WORDS.get(f"{row.column}_{row.value}")
    if told is not None:
        return told.in_language(lang)
    for table in ledger_tables().values() if row.column else ():
        field = table.fields.get(row.column)
        for choice in field.choices if field else ():
            if choice.value == row.value:
                return choice.label.in_language(lang)
    if row.column in LEVELS and lang == "en":  # a district by name, for what is done about it
        names = {one.name.zh: one.name.en for one in known_regions().values()}
        return names.get(str(row.value), row.value)
    return row.value


@cache
def _label_of(column: str) -> Text:
    if column in _DERIVED:
        return _DERIVED[column]
    light, _, batch = column.partition(" ")
    book, _, scale_id = light.partition(".")
    if scale_id and book in presets():
        preset = presets()[book]
        for scale in preset.scale:
            if scale.id == scale_id:
                told = joined([preset.name, scale.name, Text(batch, batch)], " ", " ")
                return Text(told.zh.strip(), told.en.strip())
    name = column.removesuffix("_10k")
    fields = [table.fields[name] for table in ledger_tables().values() if name in table.fields]
    if not fields:
        return Text(column, column)
    zh, en = (dict.fromkeys(one.label.in_language(lang) for one in fields) for lang in LANGUAGES)
    return Text(" / ".join(zh), " / ".join(en))
