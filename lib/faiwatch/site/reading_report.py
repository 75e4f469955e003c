"""The reading report: what a file became, cell by cell, as tables, as a page."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from faiwatch.core.text import Language, Text, clean, number
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.reference import indicator_named
from faiwatch.data.regions import region_named
from faiwatch.ingest.ledger.reading import LedgerReading, is_made_up
from faiwatch.ingest.log import Coercion
from faiwatch.ingest.reading import Reading
from faiwatch.ingest.rules import RULES
from faiwatch.site.templates import base_values, check_page, render
from faiwatch.view.html.tables import table as table_block
from faiwatch.view.tables import Table

_PLACE = {"sheet": Text("工作表", "Sheet"), "cell": Text("单元格", "Cell")}
_SEPARATOR = Text("；", "; ")
_SHEET_WIDE = Text(
    "同一规则用于多个单元格时，每个单元格一行。", "One line for each cell that a rule changed."
)


def reading_tables(reading: Reading | LedgerReading, *, lang: Language) -> list[Table]:
    """Return open questions, what was read, changed cells and what was left out, as tables.

    Of figures, each is shown; of a ledger, which sheet became which table and which column which
    field. Numbers in the table of figures are numbers; :func:`as_words` makes words of them.

    Parameters
    ----------
    reading : Reading or LedgerReading
        How a file was read.
    lang : {"zh", "en"}
        Language of names, rules and questions.
    """
    if isinstance(reading, LedgerReading):
        read = _read_from_ledger(reading, lang)
    else:
        read = [_figures(reading, lang)]
    was = Text("原样", "As it stands")
    names = _PLACE | {
        "text": Text("问题", "Question"),
        "flag": Text("回答用的选项", "Option that answers it"),
        "got": was,
        "proposal": Text("最接近的写法", "Nearest known spelling"),
    }
    rows = [
        (one.sheet, one.cell, one.text.in_language(lang), one.flag, one.got, one.proposal)
        for one in reading.questions
    ]
    asked = pd.DataFrame(rows, columns=list(names))
    questions = Table(asked, Text("待回答的问题", "Open questions"), names)
    became, rule = Text("读作", "Read as"), Text("规则", "Rule")
    changed = Table(
        _changes(reading.coercions, lang),
        Text("读成别的样子的单元格", "Cells that were read as something else"),
        _PLACE | {"was": was, "became": became, "rule": rule},
        _SHEET_WIDE,
    )
    left_out = Table(
        _changes(reading.dropped, lang),
        Text("未读入的内容", "What was left out"),
        _PLACE | {"was": was, "rule": Text("原因", "Why")},
    )
    return [questions, *read, changed, left_out]


def as_words(table: Table, *, lang: Language) -> Table:
    """Return a table with its numbers as readers see them."""
    words = table.frame.copy()
    for name in words.select_dtypes("float").columns:
        words[name] = [number(value, lang, 2) for value in table.frame[name]]
    return Table(words.astype("str"), table.title, table.labels, table.note)


def reading_page(reading: Reading | LedgerReading, *, lang: Language) -> str:
    """Return the reading report as one page that stands alone.

    Raises
    ------
    PublicationBlockedError
        The page breaks a rule for pages, such as showing somebody's home folder.
    """
    heading = Text("这份文件是怎样读的", "How this file was read").in_language(lang)
    blocks = []
    for table in reading_tables(reading, lang=lang):
        if not table.frame.empty:
            words, title = as_words(table, lang=lang), table.title.in_language(lang)
            block = table_block(
                words.frame, lang=lang, title=title, labels=table.labels, source=reading.file
            )
            blocks.append(Markup(block))
    if isinstance(reading, LedgerReading):
        made_up = is_made_up(reading)
    else:
        made_up = any(region_named(one).is_made_up for one in set(reading.table["region_code"]))
    values = {
        **base_values(lang, f"{heading} · {reading.file}"),
        "heading": heading,
        "lead": summary(reading, lang=lang),
        "blocks": blocks,
        "made_up": made_up,
        "home": "",
        "other": "",
    }
    html = render("reading", values)
    check_page(html, "page")
    return html


def summary(reading: Reading | LedgerReading, *, lang: Language) -> str:
    """Return one sentence: how many figures, months, changes, and open questions."""
    counts = (reading.rows, len(reading.coercions), len(reading.dropped))
    rows, changed, left_out = (number(count, lang, 0) for count in counts)
    if reading.questions:
        asked = number(len(reading.questions), lang, 0)
        return Text(
            f"{reading.file}：有 {asked} 个问题待回答，没有读入。",
            f"{reading.file}: {asked} open question(s), nothing was read in.",
        ).in_language(lang)
    return Text(
        f"{reading.file}：读入 {rows} 行，{changed} 处改写，{left_out} 处未读入。",
        f"{reading.file}: {rows} rows read, {changed} cells changed, {left_out} left out.",
    ).in_language(lang)


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


def _read_from_ledger(reading: LedgerReading, lang: Language) -> list[Table]:
    """Return which sheet became which table, and which column which field."""
    sheets, columns = [], []
    for one in reading.sheets:
        table = ledger_tables()[one.table]
        count = number(one.rows, lang, 0)
        sheets.append((one.sheet, table.label.in_language(lang), one.month, count))
        for name, (header, cell) in one.columns.items():
            field = table.fields[name]
            label = field.label.in_language(lang)
            columns.append((one.sheet, cell, clean(header), label, field.unit))
    of_sheet = {
        "sheet": _PLACE["sheet"],
        "table": Text("读作哪张表", "Read as table"),
        "month": Text("截至月份", "As of"),
        "rows": Text("行数", "Rows"),
    }
    of_column = _PLACE | {
        "header": Text("表头", "Header"),
        "field": Text("读作哪个字段", "Read as field"),
        "unit": Text("单位", "Unit"),
    }
    return [
        Table(
            pd.DataFrame(sheets, columns=list(of_sheet)),
            Text("各工作表读成了什么", "What each sheet became"),
            of_sheet,
        ),
        Table(
            pd.DataFrame(columns, columns=list(of_column)),
            Text("各列读成了什么", "What each column became"),
            of_column,
        ),
    ]


def _figures(reading: Reading, lang: Language) -> Table:
    table = reading.table
    frame = pd.DataFrame(
        {
            "region": [region_named(one).name.in_language(lang) for one in table["region_code"]],
            "indicator": [
                indicator_named(one).label.in_language(lang) for one in table["indicator"]
            ],
            "period": table["period"].astype("str"),
            "value": table["ytd_value_100m"],
            "growth": table["ytd_yoy_pct"],
            "sheet": table["sheet"],
            "cell": table["cell"],
        }
    )
    names = {
        "region": Text("地区", "Region"),
        "indicator": Text("指标", "Indicator"),
        "period": Text("月份", "Month"),
        "value": Text("累计投资额（亿元）", "Year to date (100 million yuan)"),
        "growth": Text("累计同比（%）", "Growth on a year earlier (%)"),
    }
    return Table(frame, Text("读出的数字", "Figures read"), names | _PLACE)
