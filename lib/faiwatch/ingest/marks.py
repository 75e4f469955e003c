"""Marks of provisional, revised and estimated figures, as tables put them beside months or numbers.

A provisional or revised figure is published, and its mark becomes its note. An estimate or a
forecast is not published: it is never read as if it were.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from faiwatch.core.text import Text, fold

Mark = Literal["provisional", "revised", "forecast"]

_SPELLINGS: Mapping[Mark, tuple[str, ...]] = {
    "provisional": (
        *("p", "pr", "prel", "prelim", "preliminary", "provisional"),
        *("初步", "初步数", "初步核算", "初步核算数", "初步统计", "初值", "快报", "快报数"),
    ),
    "revised": (
        *("r", "rev", "revised"),
        *("修订", "修订数", "修订值", "修正", "修正数", "修正值", "最终核实", "最终核实数", "终值"),
    ),
    "forecast": (
        *("e", "f", "est", "estimate", "estimated", "forecast", "projected", "projection"),
        *("预测", "预测数", "预测值", "预计", "预计数", "估计", "估计数", "估计值", "预估", "估算"),
    ),
}
_MARKS: Mapping[str, Mark] = {word: mark for mark, words in _SPELLINGS.items() for word in words}
# words that are clear inside a label; single letters are not
MARK_WORDS: Mapping[str, Mark] = {
    word: mark for word, mark in _MARKS.items() if len(word) > 2 or not word.isascii()
}
FOOTNOTE = "footnote"  # what it says stands somewhere else on the sheet
MARKS = ("forecast", "provisional", "revised", FOOTNOTE)
NOTES: Mapping[str, Text] = {
    "provisional": Text("初步数", "provisional"),
    "revised": Text("修订数", "revised"),
    FOOTNOTE: Text("原表带注释符号", "footnote mark in the file"),
}


def mark_named(word: str) -> Mark | None:
    """Return the mark that a word or letter is, or None.

    Examples
    --------
    >>> mark_named("p"), mark_named("修订"), mark_named("E"), mark_named("x") is None
    ('provisional', 'revised', 'forecast', True)
    """
    return _MARKS.get(fold(word).strip().casefold())
