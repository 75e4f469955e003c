"""Read one cell as a number: every spelling that people use, and the rule that was applied.

Blanks and marks such as ``—`` mean "not published" and never zero. What is not clearly a number is
not one.
"""

from __future__ import annotations

import datetime
import math
import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from faiwatch.core.text import fold
from faiwatch.ingest.marks import MARKS, mark_named
from faiwatch.ingest.units import unit_named
from faiwatch.ingest.values import DecimalComma, Percent, Unusable, Value

# Written instead of a figure that does not exist; compared after full-width forms are folded.
MISSING_MARKS = frozenset(
    {"-", "--", "—", "——", "–", "−", "/", "//", "\\", "...", "......", "…", "……", "..", ".", "*"}
    | {"无", "暂无", "缺", "空", "未公布", "无数据", "待补", "not available", "x"}
    | {"n/a", "na", "n.a.", "#n/a", "null", "none", "nan"}
)
_LONGEST_NUMBER = 30
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "﹣": "-"})
_FOOTNOTE = re.compile(r"(?<=[\d%])\s*(?:\*+|[①-⑳]|\[\d\]|†)$")
# 1e is a number cut off
_MARK = re.compile(r"(?<=[\d%元])(?!e$)\s*(?:\((\D{1,13})\)|([^\W\d_]{1,13}))$")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[, '’]\d{3})+(?:\.\d+)?", re.ASCII)
_PLAIN = re.compile(
    r"[+-]?(?:\d{1,18}(?:\.\d{0,15})?|\.\d{1,15})(?:e[+-]?\d{1,2})?", re.IGNORECASE | re.ASCII
)
_PARENTHESES = re.compile(r"\(([\d., ]+%?)\)")
_WORDS = re.compile(r"(增长|上升|增加|下降|减少|降低)\s*([\d.]+\s*%?)")
_FALLS = {"下降", "减少", "降低"}
# Of a percentage alone: an arrow beside an amount says that it fell, not that it is below zero.
_ARROWS = (
    (1.0, re.compile(r"↑\s*\+?([\d.]+\s*%)|\+?([\d.]+\s*%)\s*↑")),
    (-1.0, re.compile(r"↓\s*-?([\d.]+\s*%)|-?([\d.]+\s*%)\s*↓")),
)
_UNCHANGED = {"持平", "与上年持平", "与上年同期持平"}


class Spelling(NamedTuple):
    """How a number is written.

    Attributes
    ----------
    rules : tuple of str
        Rules applied, see :mod:`faiwatch.ingest.rules`.
    is_percent : bool
        The cell itself says percent, so its scale is known: 5.2 stands for 5.2 %.
    unit : str
        Unit written in the cell, empty if none.
    """

    rules: tuple[str, ...] = ()
    is_percent: bool = False
    unit: str = ""

    @property
    def mark(self) -> str:
        """Mark behind the number, see :mod:`faiwatch.ingest.marks`; empty if none."""
        return next((mark for mark in MARKS if f"{mark}_mark" in self.rules), "")


class Number(NamedTuple):
    """What a cell says as a number.

    Attributes
    ----------
    value : float or None
        None = not published.
    spelling : Spelling
        How it is written.
    """

    value: float | None
    spelling: Spelling


PLAIN = Spelling()
BLANK = Number(None, PLAIN)
MISSING = Number(None, Spelling(("missing_mark",)))
_ERROR = Number(None, Spelling(("error_cell",)))
_DECIMALS_KEPT = 9
_NOISE = 1e-15  # of a binary number that stands for a decimal one, relative


def is_missing_mark(value: Value) -> bool:
    """Whether a cell holds a mark that stands for "not published"; a blank cell holds none.

    Examples
    --------
    >>> is_missing_mark("…"), is_missing_mark(""), is_missing_mark(0)
    (True, False, False)
    """
    return isinstance(value, str) and fold(value).casefold() in MISSING_MARKS


def is_figure(value: Value) -> bool:
    """Whether a cell holds a number, or what should have been one.

    Examples
    --------
    >>> is_figure("1,234.5"), is_figure("—"), is_figure(Unusable("formula")), is_figure("约12")
    (True, False, True, False)
    """
    if isinstance(value, Unusable):
        return True
    number = read_number(value)
    return number is not None and number.value is not None


def read_number(value: Value) -> Number | None:
    """Return what a cell says as a number, or None when it says something else.

    Examples
    --------
    >>> (
    ...     read_number("１，２３４．５").value,
    ...     read_number("-7.2%").spelling.is_percent,
    ...     read_number("—").value,
    ... )
    (1234.5, True, None)
    >>> (
    ...     read_number("12,34") is None,
    ...     read_number("约12") is None,
    ...     read_number("123.4亿元").spelling.unit,
    ... )
    (True, True, '亿元')
    """
    if isinstance(value, str):
        return BLANK if not value.strip() else _read_text(value)
    if isinstance(value, Percent):
        return Number(
            _without_noise(float(value) * 100), Spelling(("percent_format",), is_percent=True)
        )
    if isinstance(value, DecimalComma):
        return Number(float(value), Spelling(("decimal_comma",), is_percent=value.is_percent))
    if isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
        return None
    if isinstance(value, Unusable):
        return _ERROR if value.kind == "error" else None
    return Number(_without_noise(float(value)), PLAIN) if math.isfinite(value) else None


def exact(numbers: np.ndarray) -> np.ndarray:
    """Return numbers as the decimal ones that they stand for: 5.199999999999999 is 5.2.

    Examples
    --------
    >>> exact(np.array([5.199999999999999, 1 / 3])).tolist()
    [5.2, 0.3333333333333333]
    """
    rounded = np.round(numbers, _DECIMALS_KEPT)
    return np.where(np.abs(rounded - numbers) <= _NOISE * np.abs(numbers), rounded, numbers)


def _without_noise(number: float) -> float:
    rounded = round(number, _DECIMALS_KEPT)
    return rounded if abs(rounded - number) <= _NOISE * abs(number) else number


@lru_cache(maxsize=65536)
def _read_text(given: str) -> Number | None:
    text = fold(given)
    if text.casefold() in MISSING_MARKS:
        return MISSING
    if text.startswith("#") and text.endswith(("!", "?")):
        return _ERROR
    if len(text) > _LONGEST_NUMBER:
        return None
    rules = ["full_width"] if text != given.strip() and not given.isascii() else []
    if text in _UNCHANGED:
        return Number(0.0, Spelling((*rules, "words"), is_percent=True))
    if match := _FOOTNOTE.search(text):
        text = text[: match.start()]
        rules.append("footnote_mark")
    if (match := _MARK.search(text)) and (mark := mark_named(match[1] or match[2])):
        text = text[: match.start()]
        rules.append(f"{mark}_mark")
    sign = 1.0
    if match := _WORDS.fullmatch(text):
        sign, text = (-1.0 if match[1] in _FALLS else 1.0), match[2]
        rules.append("words")
    elif match := _PARENTHESES.fullmatch(text):
        sign, text = -1.0, match[1]
        rules.append("parentheses")
    for way, arrow in _ARROWS:
        if match := arrow.fullmatch(text.translate(_SIGNS)):
            sign, text = way, match[1] or match[2]
            rules.append("arrow")
    return _read_plain(text.translate(_SIGNS), sign, rules)


def _read_plain(text: str, sign: float, rules: list[str]) -> Number | None:
    unit, is_percent = "", text.endswith("%")
    if is_percent:
        text = text[:-1].strip()
        rules.append("percent_sign")
    elif match := re.search(r"[^\d.,+\-\s]+$", text):
        found = unit_named(match[0])
        if found is not None and found.per_100m:
            unit, text = match[0], text[: match.start()].strip()
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[, '’]", "", text)
        rules.append("thousands")
    if not _PLAIN.fullmatch(text):
        return None
    spelling = Spelling(tuple(rules) or ("text_number",), is_percent, unit)
    return Number(sign * float(text), spelling)
