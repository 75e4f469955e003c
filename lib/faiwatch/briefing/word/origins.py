"""Where figures come from, in few words: neighbouring rows are told as a range."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from faiwatch.core.finding import Finding, InputRow
from faiwatch.core.phrases import texts_of
from faiwatch.core.text import Language
from faiwatch.data.input_labels import column_label

_LETTERS = re.compile(r"[A-Z]+(?=\d+$)")
_MOST = 8  # ranges named of one file; the page and slots.json list every row


def footnote_words(findings: Sequence[Finding], numbers: Sequence[int], lang: Language) -> str:
    """Return where the figures of a sentence come from, and where the annex says more.

    Parameters
    ----------
    findings : sequence of Finding
        The figures of the sentence.
    numbers : sequence of int
        Their items in the annex.
    lang : {"zh", "en"}
        Language of the words.
    """
    comma = "、" if lang == "zh" else ", "
    found = places((row for one in findings for row in one.inputs), lang, by_column=False)
    items = comma.join(_span(*one, lang) for one in _ranges(sorted(numbers)))
    lacking = [
        _say("missing", lang, one.definition_in(lang), one.missing.in_language(lang))
        for one in findings
        if one.is_open
    ]
    told = [*lacking, _say("places", lang, found) if found else "", _say("items", lang, items)]
    return "".join(told).strip()


def annex_words(finding: Finding, lang: Language) -> tuple[str, str, str]:
    """Return the item of a figure in the annex: figure, definition with formula, places."""
    colon = "：" if lang == "zh" else ": "
    return (
        finding.words(lang),
        colon.join(filter(None, (finding.definition_in(lang), finding.formula_in(lang)))),
        places(finding.inputs, lang) or finding.missing.in_language(lang),
    )


def places(rows: Iterable[InputRow], lang: Language, *, by_column: bool = True) -> str:
    """Return where rows stand, neighbours together and each file and sheet once.

    Parameters
    ----------
    rows : iterable of InputRow
        Rows with or without the address of a cell.
    lang : {"zh", "en"}
        Language of the words between.
    by_column : bool
        Whether the column is named; without it a file is called by its last name alone.

    Examples
    --------
    >>> given = {"file": "l.xlsx", "sheet": "8月", "period": "2026-08", "column": "plan"}
    >>> rows = [InputRow(**given, row=n, value=1.0, cell=f"Y{n}") for n in (5, 6, 7, 9)]
    >>> places(rows, "zh"), places(rows, "en", by_column=False)
    ('l.xlsx 8月 Y5—Y7、Y9', 'l.xlsx 8月 row 5–7, 9')
    """
    sheets: dict[tuple[str, str], list[InputRow]] = {}
    for row in dict.fromkeys(rows):
        sheets.setdefault((row.file, row.sheet), []).append(row)
    told = []
    for (file, sheet), found in sheets.items():
        name = " ".join(filter(None, (file if by_column else file.rsplit("/", 1)[-1], sheet)))
        words = name + _rows_words(found, lang, by_column=by_column)
        if days := sorted({row.issued for row in found if row.issued}):
            days = list(dict.fromkeys((days[0], days[-1])))
            words += _say("issued", lang, _say("to", lang).join(days))
        told.append(words)
    return ("；" if lang == "zh" else "; ").join(told)


def _rows_words(rows: Sequence[InputRow], lang: Language, *, by_column: bool) -> str:
    """Return the columns and rows of one sheet, each range after a space; may be empty."""
    columns: dict[str, set[int]] = {}
    for row in rows:
        if row.row:
            letters = _LETTERS.match(row.cell)
            column = letters[0] if letters else column_label(row, lang)
            columns.setdefault(column if by_column else "", set()).add(row.row)
    told = []
    for column, numbers in columns.items():
        told += [(column, one) for one in _ranges(sorted(numbers))]
    comma = "、" if lang == "zh" else ", "
    parts = []
    for column, group in groupby(told[:_MOST], key=lambda one: one[0]):
        if _LETTERS.match(f"{column}1"):
            cells = [_span(f"{column}{a}", f"{column}{b}", lang) for _, (a, b) in group]
            parts.append(comma.join(cells))
            continue
        words = _say("rows", lang, comma.join(_span(*one, lang) for _, one in group))
        parts.append(f"{column} {words}" if column else words)
    if len(told) > _MOST:
        parts.append(_say("more", lang, len(rows)))
    return "".join(f" {part}" for part in parts)


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return runs of neighbouring numbers as first and last."""
    runs = groupby(enumerate(numbers), key=lambda one: one[1] - one[0])
    found = [[number for _, number in run] for _, run in runs]
    return [(run[0], run[-1]) for run in found]


def _span(first: object, last: object, lang: Language) -> str:
    dash = "—" if lang == "zh" else "–"
    return f"{first}" if first == last else f"{first}{dash}{last}"


def _say(name: str, lang: Language, *values: object) -> str:
    return texts_of("briefing.words_places")[name].in_language(lang).format(*values)
