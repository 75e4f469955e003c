"""The last sheet of a ledger workbook: what statuses and colours mean, units, blanks."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from faiwatch.core.light_names import UNDEFINED
from faiwatch.core.text import Language, Text
from faiwatch.data.light_rules import LightPreset
from faiwatch.data.measures import measures_of
from faiwatch.ledger.status import status_words, written_rules
from faiwatch.view.tables import Table

_GENERAL: tuple[tuple[Text, Text], ...] = (
    (
        Text("单位", "Units"),
        Text(
            "金额为万元，百分数 5.2 即 5.2%，日期为年-月-日。",
            "Amounts are in 10,000 yuan, 5.2 per cent is 5.2, days are year-month-day.",
        ),
    ),
    (
        Text("空白", "Blank"),
        Text("空白为待补，零是真的零。", "Blank is not available; zero is zero."),
    ),
    (
        Text("测算数", "Workload"),
        Text(
            "目标、计划、预期、差额都在自己的列里；填报数和上报数照抄台账，没有由目标倒推的数。",
            "Targets, plans, what is expected and shortfalls have columns of their own; reported "
            "figures are those of the ledger and are never worked out from a target.",
        ),
    ),
    (
        Text("台账位置", "In the ledger"),
        Text("工作表!行号，按台账原样。", "sheet!row, as the ledger has it."),
    ),
)
_COLUMNS = measures_of(topic="topic", word="word", light="light", means="meaning")


def notes_sheet(books: Iterable[LightPreset], *, lang: Language) -> Table:
    """Return what words and colours mean.

    Parameters
    ----------
    books : iterable of LightPreset
        Rule books; each is told once.
    lang : {"zh", "en"}
        Language of the words.
    """
    rows = [(Text("读法", "How to read"), topic, "", words) for topic, words in _GENERAL]
    status, first = status_words(), Text("状态：先合者定", "Status: the first that fits")
    rows += [(first, status[one.status], "", one.words) for one in written_rules()]
    for book in {book.id: book for book in books}.values():
        for scale in book.scale:
            told = [(rule.colour, rule.meaning) for rule in scale.light]
            told.append((UNDEFINED, scale.undefined))
            rows += [(book.name, scale.name, colour, meaning) for colour, meaning in told]
        rows += [
            (book.name, Text("适用范围", "Written for"), "", book.scope),
            (book.name, Text("有效期", "Valid"), "", book.validity),
            (book.name, Text("来源", "Source"), "", book.source),
        ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return Table(frame, Text("说明", "Notes"), _COLUMNS, lang)
