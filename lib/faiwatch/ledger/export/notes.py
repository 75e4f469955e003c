"""The last sheet of a ledger workbook: what statuses and colours mean, units, blanks."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from faiwatch.core.light_names import UNDEFINED
from faiwatch.core.phrases import texts_of
from faiwatch.core.text import Language, Text
from faiwatch.data.light_rules import LightPreset
from faiwatch.data.measures import measures_of
from faiwatch.ledger.status import status_words, written_rules
from faiwatch.view.tables import Table

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
    topics, reading = texts_of("ledger.words_topics"), texts_of("ledger.words_reading")
    rows = [(Text("读法", "How to read"), topics[name], "", reading[name]) for name in topics]
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
    return Table(pd.DataFrame(rows, columns=list(_COLUMNS)), Text("说明", "Notes"), _COLUMNS, lang)
