"""How a file was read, as tables: open questions, what was read, what was changed or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text, clean
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.measures import measure, measures_of
from faiwatch.data.reference import indicator_named
from faiwatch.data.regions import region_named
from faiwatch.ingest.dialogue import asked_of
from faiwatch.ingest.ledger.reading import LedgerReading, is_made_up
from faiwatch.ingest.log import Coercion
from faiwatch.ingest.reading import Reading
from faiwatch.ingest.rules import RULES
from faiwatch.view.tables import Table, regions_in

_PLACE = measures_of("sheet", "cell")
_SEPARATOR = Text("；", "; ")
_SHEET_WIDE = Text(
    "同一规则用于多个单元格时，每个单元格一行。", "One line for each cell that a rule changed."
)


def reading_tables(reading: Reading | LedgerReading, *, lang: Language) -> list[Table]:
    """Return open questions, what was read, changed cells and what was left out, as tables.

    Of figures, each is shown; of a ledger, which sheet became which table and which column which
    field.

    Parameters
    ----------
    reading : Reading or LedgerReading
        How a file was read.
    lang : {"zh", "en"}
        Language of names, rules and questions.
    """
    columns = _PLACE | measures_of(
        text="question", flag="option", got="as_it_stands", proposal="proposal"
    )
    rows = []
    for asked in asked_of(reading):
        one, between = asked.first, Text("　见：", " Seen: ").in_language(lang)
        words = f"{one.text.in_language(lang)}{asked.count.in_language(lang)}"
        seen = asked.seen.in_language(lang)
        proposed = asked.proposed.words.in_language(lang) if asked.proposed else one.proposal
        question = f"{words}{between}{seen}" if seen else words
        rows.append((one.sheet, one.cell, question, one.flag, one.got, proposed))
    frame = pd.DataFrame(rows, columns=list(columns))
    return [
        Table(frame, Text("待回答的问题", "Open questions"), columns, lang),
        *(
            [_sheets(reading, lang), _columns(reading, lang)]
            if isinstance(reading, LedgerReading)
            else [_figures(reading, lang)]
        ),
        Table(
            _changes(reading.coercions, lang),
            Text("读成别的样子的单元格", "Cells that were read as something else"),
            _PLACE | measures_of(was="as_it_stands", became="read_as", rule="rule"),
            lang,
            _SHEET_WIDE,
        ),
        Table(
            _changes(reading.dropped, lang),
            Text("未读入的内容", "What was left out"),
            _PLACE | measures_of(was="as_it_stands", rule="reason"),
            lang,
        ),
    ]


def summary(reading: Reading | LedgerReading, *, lang: Language) -> str:
    """Return how many figures, months, changes, and open questions; of a ledger, why it is one."""
    told = say(
        "view.tables_reading.read",
        file=reading.file,
        rows=reading.rows,
        changed=len(reading.coercions),
        left_out=len(reading.dropped),
    )
    if reading.questions:
        told = say("view.tables_reading.asked", file=reading.file, asked=len(asked_of(reading)))
    if isinstance(reading, LedgerReading) and reading.sheets:
        return f"{reading.looks_like.in_language(lang)}\n{told.in_language(lang)}"
    return told.in_language(lang)


def rule_words(rules: str, *, lang: Language) -> str:
    """Return what rules joined by ``+`` say to readers.

    Examples
    --------
    >>> rule_words("thousands+unit_title", lang="en")
    'thousands separators taken out; unit above the table'
    """
    words = [RULES[rule].in_language(lang) for rule in rules.split("+")]
    return _SEPARATOR.in_language(lang).join(words)


def _changes(records: Sequence[Coercion], lang: Language) -> pd.DataFrame:
    frame = pd.DataFrame(records, columns=Coercion._fields)
    return frame.assign(rule=[rule_words(rule, lang=lang) for rule in frame["rule"]])


def is_reading_made_up(reading: Reading | LedgerReading) -> bool:
    """Whether regions, or the region in the project codes, are no real ones."""
    if isinstance(reading, LedgerReading):
        return is_made_up(reading)
    return any(region_named(code).is_made_up for code in set(reading.table["region_code"]))


def _sheets(reading: LedgerReading, lang: Language) -> Table:
    names = measures_of(sheet="sheet", table="read_as_table", month="period", rows="n_rows")
    rows = [
        (one.sheet, ledger_tables()[one.table].label.in_language(lang), one.month, one.rows)
        for one in reading.sheets
    ]
    frame = pd.DataFrame(rows, columns=list(names))
    return Table(frame, Text("各工作表读成了什么", "What each sheet became"), names, lang)


def _columns(reading: LedgerReading, lang: Language) -> Table:
    names = _PLACE | measures_of(header="header", field="read_as_field", unit="unit")
    rows = []
    for one in reading.sheets:
        fields = ledger_tables()[one.table].fields
        rows += [
            (one.sheet, cell, clean(header), field.label.in_language(lang), field.unit)
            for field, header, cell in (
                (fields[name], *place) for name, place in one.columns.items()
            )
        ]
    frame = pd.DataFrame(rows, columns=list(names))
    return Table(frame, Text("各列读成了什么", "What each column became"), names, lang)


def _figures(reading: Reading, lang: Language) -> Table:
    table = reading.table
    told = table.assign(
        region=regions_in(table, lang),
        indicator=[indicator_named(one).label.in_language(lang) for one in table["indicator"]],
        period=table["period"].astype("str"),
    )
    figures = {
        name: replace(measure(name), format="0.00") for name in ("ytd_value_100m", "ytd_yoy_pct")
    }
    names = measures_of("region", "indicator", period="month") | figures | _PLACE
    return Table(told, Text("读出的数字", "Figures read"), names, lang)
