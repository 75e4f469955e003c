"""Words in both languages, and numbers and months as words.

Everything a reader sees exists in Chinese and English from the same record, so the two can
never disagree. Rounding is half-up from the unrounded value, as statistical releases do it;
Python's ``round`` is half-even on binary floats (``round(0.25, 1) == 0.2``) and is not used.
"""

from __future__ import annotations

import datetime
import math
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from typing import Literal

from babel.dates import format_date

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
LANGUAGE_TAGS: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}
BABEL_LOCALES: Mapping[Language, str] = {"zh": "zh_Hans_CN", "en": "en"}

_MOST_DIGITS = 400  # the largest float has 309 before the point
_FORMULA_SIGNS = ("=", "+", "-", "@", *"＝＋－＠")  # Chinese spreadsheets run the wide ones too
_TABS = ("\t", "\r")
_NARROW = 0.2  # percentage points
_LONGEST_ECHO = 200  # characters
NOT_AVAILABLE: Mapping[Language, str] = {"zh": "待补", "en": "not available"}


# Control characters that HTML forbids, and those that reorder the text around them
# (Unicode Standard Annex 9): a label could otherwise display another number than it holds.
_NOT_FOR_DISPLAY = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in Chinese and in English.

    Parameters
    ----------
    zh, en : str
        The same statement in both languages.

    Examples
    --------
    >>> Text("负增长", "negative growth").in_language("en")
    'negative growth'
    """

    zh: str
    en: str

    def in_language(self, lang: Language) -> str:
        """Return the words in one language."""
        return self.zh if lang == "zh" else self.en

    def __str__(self) -> str:
        return self.in_language(user_language())


NOTHING = Text("", "")
NOT_HELD = Text("本库尚未收录", "not in this data set")
OPEN = Text(NOT_AVAILABLE["zh"], NOT_AVAILABLE["en"])
YES_NO: Mapping[bool, Text] = {True: Text("是", "yes"), False: Text("否", "no")}
WITHHELD = Text("不公开", "withheld")


def user_language(environment: Mapping[str, str] | None = None) -> Language:
    """Return the language in which to talk to whoever started this process.

    ``FAIWATCH_LANG`` wins, then the usual locale variables; anything that is not Chinese is
    answered in English.

    Examples
    --------
    >>> user_language({"LANG": "zh_CN.UTF-8"})
    'zh'
    >>> user_language({"FAIWATCH_LANG": "en", "LANG": "zh_CN.UTF-8"})
    'en'
    """
    values = os.environ if environment is None else environment
    for name in ("FAIWATCH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if values.get(name):
            return "zh" if values[name].lower().startswith("zh") else "en"
    return "en"


def other_language(lang: Language) -> Language:
    """Return the language that is not `lang`."""
    return "en" if lang == "zh" else "zh"


def clean(text: str) -> str:
    r"""Return `text` with characters that hide or reorder text made visible as ``U+FFFD``.

    Examples
    --------
    >>> clean("7.2\u202e") == "7.2\ufffd"
    True
    """
    return _NOT_FOR_DISPLAY.sub("\N{REPLACEMENT CHARACTER}", text)


def echoed(text: str) -> str:
    """Return `text` as a message repeats it: what is hostile or mistaken, not poured out."""
    return text if len(text) <= _LONGEST_ECHO else f"{text[:_LONGEST_ECHO]}…"


def harmless(cell: object) -> object:
    """Return a cell as a file may hold it: no text that a spreadsheet would run as a formula.

    Examples
    --------
    >>> harmless("=HYPERLINK(1)"), harmless(-7.2), harmless("−7.2")
    ("'=HYPERLINK(1)", -7.2, '−7.2')
    """
    if not isinstance(cell, str):
        return cell
    text = clean(cell)
    return f"'{text}" if text.lstrip().startswith(_FORMULA_SIGNS) or text[:1] in _TABS else text


def both(form: Callable[..., str], *values: object, **options: object) -> Text:
    """Return what a function of this module says in each language.

    Examples
    --------
    >>> both(window_name, "2026-08", year=False)
    Text(zh='1—8月', en='January–August')
    """
    return Text(*(form(*values, lang=lang, **options) for lang in LANGUAGES))


def half_up(value: float, decimals: int) -> Decimal:
    """Round half away from zero, as the decimal number that `value` stands for.

    Differences of published figures carry binary noise (``1.15 - 0.9 == 0.2499...``), so
    anything below 1e-10 is dropped first.

    Parameters
    ----------
    value : float
        Unrounded value, finite.
    decimals : int
        Digits kept after the point.

    Examples
    --------
    >>> half_up(0.25, 1), half_up(-7.15, 1), half_up(1.15 - 0.9, 1)
    (Decimal('0.3'), Decimal('-7.2'), Decimal('0.3'))
    """
    given = Decimal(repr(round(float(value), 10)))
    with localcontext(prec=_MOST_DIGITS):
        rounded = given.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded  # never "-0.0"


def number(value: float | None, lang: Language, decimals: int = 1) -> str:
    """Return a number as readers see it: half-up, thousands separated, a real minus sign.

    NaN and ``None`` mean "not published" and become 「待补」 / "not available".

    Examples
    --------
    >>> number(293092, "zh", 0), number(-7.2, "en"), number(float("nan"), "zh")
    ('293,092', '−7.2', '待补')
    """
    if value is None or math.isnan(value):
        return NOT_AVAILABLE[lang]
    return f"{half_up(value, decimals):,}".replace("-", "\N{MINUS SIGN}")


def percent(value: float | None, lang: Language, decimals: int = 1) -> str:
    """Return a percentage, ``−7.2%``; missing stays missing.

    Examples
    --------
    >>> percent(-7.2, "zh"), percent(None, "en")
    ('−7.2%', 'not available')
    """
    words = number(value, lang, decimals)
    return words if words == NOT_AVAILABLE[lang] else f"{words}%"


def band(lo: float | None, hi: float | None, lang: Language) -> str:
    """Return a range as ``[−7.8, −6.5]``; missing when either end is.

    A range so narrow that one decimal would put it beside its own middle, or onto zero from one
    side, is printed with two.

    Examples
    --------
    >>> band(-7.77, -6.49, "en"), band(1.75, 1.85, "en"), band(-0.9, -0.04, "en")
    ('[−7.8, −6.5]', '[1.75, 1.85]', '[−0.90, −0.04]')
    """
    if lo is None or hi is None or math.isnan(lo) or math.isnan(hi):
        return NOT_AVAILABLE[lang]
    onto_zero = any(end != 0 and half_up(end, 1) == 0 for end in (lo, hi))
    decimals = 2 if hi - lo < _NARROW or onto_zero else 1
    return f"[{number(lo, lang, decimals)}, {number(hi, lang, decimals)}]"


def _date(month: str) -> datetime.date:
    year, number_of_month = month.split("-")
    return datetime.date(int(year), int(number_of_month), 1)


def name_ahead() -> None:
    """Name a month, so that kernels forked afterwards share what is known of both languages."""
    for lang in LANGUAGES:
        month_name("2026-08", lang)


@lru_cache(maxsize=4096)
def month_name(month: str, lang: Language, *, year: bool = True) -> str:
    """Return a month ``YYYY-MM`` in words.

    Examples
    --------
    >>> month_name("2026-08", "zh"), month_name("2026-08", "en")
    ('2026年8月', 'August 2026')
    >>> month_name("2026-08", "zh", year=False)
    '8月'
    """
    form = {"zh": "y年M月", "en": "MMMM y"} if year else {"zh": "M月", "en": "MMMM"}
    return format_date(_date(month), form[lang], BABEL_LOCALES[lang])


def window_name(month: str, lang: Language, *, year: bool = True) -> str:
    """Return the year-to-date window that ends in `month`, in words.

    Examples
    --------
    >>> window_name("2026-08", "zh"), window_name("2026-02", "en")
    ('2026年1—8月', 'January–February 2026')
    >>> window_name("2026-12", "zh"), window_name("2026-07", "en", year=False)
    ('2026年', 'January–July')
    """
    date = _date(month)
    if date.month == 12 and year:
        return f"{date.year}年" if lang == "zh" else f"{date.year}"
    if lang == "zh":
        return f"{date.year}年1—{date.month}月" if year else f"1—{date.month}月"
    return f"January–{month_name(month, lang, year=year)}"


def block_name(month: str, lang: Language, *, year: bool = True) -> str:
    """Return the block that a release adds: January-February together, else one month.

    Examples
    --------
    >>> block_name("2026-02", "zh"), block_name("2026-08", "en")
    ('2026年1—2月', 'August 2026')
    """
    named = window_name if _date(month).month == 2 else month_name
    return named(month, lang, year=year)


def fold(text: str) -> str:
    """Return text with full-width forms made half-width and the ends stripped (Unicode NFKC)."""
    if text.isascii():
        return text.strip()
    return _half_width(text) if len(text) <= _LONGEST_KEPT else _half_width.__wrapped__(text)


_LONGEST_KEPT = 200  # a sheet repeats its words, and nobody's essays are held in memory


@lru_cache(maxsize=16384)
def _half_width(text: str) -> str:
    kept = text.replace("…", "\0")  # NFKC would make three full stops of it
    kept = re.sub("[①-⑳]", lambda mark: f"[{ord(mark[0]) - ord('①') + 1}]", kept)
    return unicodedata.normalize("NFKC", kept).replace("\0", "…").strip()
