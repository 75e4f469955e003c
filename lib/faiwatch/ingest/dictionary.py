"""Codes that one sheet uses in its header and another sheet explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from faiwatch.core.text import fold
from faiwatch.ingest.headers import Synonyms
from faiwatch.ingest.units import unit_named
from faiwatch.ingest.values import Sheet, shown

_FEWEST = 3  # codes that two sheets have in common
_MOST = 0.6  # of the header that uses them
_TOP, _MOST_ROWS, _MOST_COLUMNS = 12, 5000, 60


class Dictionary(NamedTuple):
    """What a sheet explains.

    Attributes
    ----------
    sheet : str
        The sheet that explains.
    names : mapping
        Code to name, with its unit in brackets where the sheet has one.
    """

    sheet: str
    names: Mapping[str, str]


def dictionaries(sheets: Sequence[Sheet], synonyms: Synonyms) -> list[Dictionary]:
    """Return the sheets whose codes head the columns, or name the rows, of another sheet.

    Parameters
    ----------
    sheets : sequence of Sheet
        Those that are read.
    synonyms : Synonyms
        The synonym table: of several names the one that is understood most often counts.

    Examples
    --------
    >>> names = [["code", "name"], ["F1", "固定资产投资"], ["F2", "CPI"], ["F3", "PPI"]]
    >>> data = [["date", "F1", "F2", "F3"], ["2025-02", 1.5, 2.5, 3.5]]
    >>> found = dictionaries([Sheet("dict", names), Sheet("data", data)], Synonyms({}))
    >>> found[0].sheet, found[0].names["F1"]
    ('dict', '固定资产投资')
    """
    found = []
    for sheet in sheets if len(sheets) > 1 else ():
        width = max(map(len, sheet.rows), default=0)
        if len(sheet.rows) > _MOST_ROWS or not 1 < width <= _MOST_COLUMNS:
            continue
        columns = [[shown(row[at]).strip() for row in sheet.rows] for at in range(width)]
        others = [one for one in sheets if one.name != sheet.name]
        code = next((at for at in range(width) if _heads(columns[at], others)), None)
        if code is not None and (names := _names(columns, code, synonyms)):
            found.append(Dictionary(sheet.name, names))
    return found


def _heads(codes: Sequence[str], others: Sequence[Sheet]) -> bool:
    """Whether the words of a column are most of a header row of another sheet."""
    known = {code for code in codes if code}
    if len(known) < _FEWEST or len(known) < len([code for code in codes if code]):
        return False  # a code stands once
    for sheet in others:
        for row in sheet.rows[:_TOP]:
            words = [shown(cell).strip() for cell in row if isinstance(cell, str) and cell.strip()]
            shared = [word for word in words if word in known]
            if len(shared) >= _FEWEST and len(shared) >= _MOST * (len(words) - 1):
                return True
    return False


def _names(columns: Sequence[Sequence[str]], code: int, synonyms: Synonyms) -> Mapping[str, str]:
    """Return code to name, by the column of words that are understood best."""
    known = [at for at, one in enumerate(columns[code]) if one]

    def understood(words: Sequence[str]) -> int:
        said = (synonyms.in_the_tables(words[row]) for row in known if words[row])
        return sum(
            one.unknown is None and (one.indicator is not None or one.measure == "other")
            for one in said
        )

    others = (at for at in range(len(columns)) if at != code)
    best = max(others, key=lambda at: understood(columns[at]))  # the first of equals
    units = next(
        (
            words
            for at, words in enumerate(columns)
            if at not in {code, best}
            and sum(unit_named(fold(word)) is not None for word in words) * 3 >= len(known)
        ),
        None,
    )
    names = {}
    for row in known:
        unit = units[row] if units is not None and unit_named(fold(units[row])) else ""
        if columns[best][row]:
            names[columns[code][row]] = columns[best][row] + (f"({unit})" if unit else "")
    return names
