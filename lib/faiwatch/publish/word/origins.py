"""Where a figure comes from, in a few words: neighbouring rows are told as a range."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from faiwatch.briefing.record import Slot
from faiwatch.findings import InputRow
from faiwatch.text import Language, Text

_LETTERS = re.compile(r"[A-Z]+(?=\d+$)")
_SHORT = 3  # places in a footnote; the annex has more
_LONG = 12

_WORDS = {
    "formula": Text("计算：", "Formula: "),
    "places": Text("出处：", "Source: "),
    "missing": Text("待补：", "Not available: "),
    "more": Text("等共{}处，见文末附表", "and others, {} in all: see the annex"),
    "most": Text("等共{}处，全部列于 slots.json", "and others, {} in all, listed in slots.json"),
    "row": Text("{column} 第{rows}行", "{column}, row {rows}"),
    "issued": Text("（{}发布）", " (issued {})"),
}


def footnote_words(slot: Slot, lang: Language) -> str:
    """Return definition, formula and the first places of a slot, or what it lacks."""
    return _sentences(
        [
            slot.definition.in_language(lang),
            _labelled("formula", slot.formula, lang),
            _labelled("places", places(slot.inputs, lang, most=_SHORT), lang),
            _labelled("missing", slot.missing.in_language(lang), lang),
        ],
        lang,
    )


def annex_words(slot: Slot, lang: Language) -> tuple[str, str, str, str]:
    """Return the row of a slot in the annex: figure, definition, formula, places."""
    missing = slot.missing.in_language(lang)
    return (
        slot.text.in_language(lang),
        slot.definition.in_language(lang),
        slot.formula,
        places(slot.inputs, lang, most=_LONG, words="most") or _labelled("missing", missing, lang),
    )


def places(rows: Iterable[InputRow], lang: Language, *, most: int, words: str = "more") -> str:
    """Return where rows stand, neighbours together.

    Parameters
    ----------
    rows : iterable of InputRow
        Rows with or without the address of a cell.
    lang : {"zh", "en"}
        Language of the words between.
    most : int
        Ranges named; when there are more, the rows are counted.
    words : {"more", "most"}
        Where the reader is sent for the others.

    Examples
    --------
    >>> given = {"file": "l.xlsx", "sheet": "8月", "period": "2026-08", "column": "plan"}
    >>> rows = [InputRow(**given, row=n, value=1.0, cell=f"Y{n}") for n in (5, 6, 7, 9)]
    >>> places(rows, "zh", most=3)
    'l.xlsx 8月 Y5—Y7、Y9'
    """
    there = list(dict.fromkeys(rows))
    told, comma = [], "、" if lang == "zh" else ", "
    for (file, column, issued), group in groupby(there, key=_place):
        ranges = _ranges(sorted({row.row for row in group if row.row}))
        found = [_range_words(column, one, lang) for one in ranges]
        told += [(file, words, issued) for words in found or [""]]
    parts = []
    for (file, issued), shown in groupby(told[:most], key=lambda one: (one[0], one[2])):
        cells = comma.join(words for _, words, _ in shown if words)
        day = _WORDS["issued"].in_language(lang).format(issued) if issued else ""
        parts.append(" ".join(filter(None, (file, cells))) + day)
    if len(told) > most:
        parts.append(_WORDS[words].in_language(lang).format(len(there)))
    return ("；" if lang == "zh" else "; ").join(parts)


def _place(row: InputRow) -> tuple[str, str, str]:
    letters = _LETTERS.match(row.cell)
    file = " ".join(filter(None, (row.file, row.sheet)))
    return file, letters[0] if letters else row.column, row.issued


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return runs of neighbouring numbers as first and last."""
    runs = groupby(enumerate(numbers), key=lambda one: one[1] - one[0])
    found = [[number for _, number in run] for _, run in runs]
    return [(run[0], run[-1]) for run in found]


def _range_words(column: str, rows: tuple[int, int], lang: Language) -> str:
    first, last = rows
    dash = "—" if lang == "zh" else "–"
    if _LETTERS.match(f"{column}1"):
        return f"{column}{first}" if first == last else f"{column}{first}{dash}{column}{last}"
    numbers = str(first) if first == last else f"{first}{dash}{last}"
    return _WORDS["row"].in_language(lang).format(column=column, rows=numbers)


def _labelled(name: str, words: str, lang: Language) -> str:
    return f"{_WORDS[name].in_language(lang)}{words}" if words else ""


def _sentences(parts: Iterable[str], lang: Language) -> str:
    stop = "。" if lang == "zh" else ". "
    return "".join(f"{part.rstrip('。. ')}{stop}" for part in parts if part).strip()
