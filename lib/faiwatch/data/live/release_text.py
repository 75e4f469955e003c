"""Read the figures in the text of a monthly release. Pure: text in, figures out.

A figure is read from one pattern only: a subject we know at the head of its clause, perhaps a
bracket, perhaps a value in 亿元, perhaps 同比, 比上年 or the like, and 增长 or 下降 with a
percentage or 持平 (= 0). What stands further on in the sentence is about something else: the
change of the growth rate (回升0.3个百分点), an earlier window (1—8月份为下降0.3%), an average of
two years (两年平均), another base (比2019年). It does not follow the subject directly, so it is
not read.

The window counts too: a sentence that names a window belongs to it, and only figures of the
release's own window are taken. A single month (8月份) is no year-to-date window.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.text import Text

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SUBJECTS = {
    "total": r"全国固定资产投资(?:完成额)?\(不含农户\)",
    "private": r"(?:全国)?民间固定资产投资|民间投资",
    "manufacturing": r"制造业投资",
    "infrastructure": r"基础设施投资",
    "real_estate_development": r"(?:全国)?房地产开发投资",
    "primary": r"第一产业投资",
    "secondary": r"第二产业投资",
    "tertiary": r"第三产业投资",
}
_ANY_SUBJECT = "|".join(f"(?P<{name}>{words})" for name, words in _SUBJECTS.items())
_FIGURE = re.compile(
    rf"(?:^|(?<=[,;:、中份年度]))(?:{_ANY_SUBJECT})"
    r"(?P<scope>\([^()]*\))?"
    rf"(?:(?:为|完成)?(?P<value>{_NUMBER})亿元)?"
    r"(?:\([^()]*\))?"
    r"(?:,?(?:按可比口径计算,?)?(?:同比|比上年同期|比去年同期|比上年|较上年同期|较上年)?(?:名义)?"
    rf"(?:(?P<sign>增长|上升|下降)(?P<growth>{_NUMBER})%|(?P<flat>与(?:去年|上年)(?:同期)?持平|持平)))?"
)
# A window that something is compared with (比, 与, 较) or that is looked back at (为) is not the
# window of what follows.
_WINDOW = re.compile(
    r"(?<![比与较年\d-])(?:(?P<year>\d{4})年)?"
    r"(?:1-(?P<last>\d{1,2})月份?|(?P<half>上半年)|(?P<three>前三季度)|(?P<one>一季度)|(?P<full>全年))"
    r"(?!为|\d)"
    r"|(?<![比与较\d])(?P<whole>\d{4})年(?=,|全国)"
    r"|(?<![比与较\d-])(?P<single>\d{1,2})月份(?!为)"
    r"|(?<![比与较同])(?P<past>去年|上年)"
)
# What is said without something, of a part of the country, or on the month before.
_OF_SOMETHING_ELSE = re.compile(r"(?:扣除|剔除)[^,;]*,?$|(?:地区|环比)[^;]*$")
_TITLE, _NO_WINDOW = "全国固定资产投资", "none"
_LAST_MONTHS = {"half": 6, "three": 9, "one": 3, "full": 12, "whole": 12}


@dataclass(frozen=True, slots=True)
class Figure:
    """What a release states of one indicator.

    Attributes
    ----------
    indicator : str
        As in Observations.
    value : float
        100 million yuan, year to date; NaN = not stated.
    growth : float
        Percent on a year earlier; NaN = not stated.
    note : str
        ``中文 | English``; the scope that the release puts in brackets.
    """

    indicator: str
    value: float
    growth: float
    note: str


@dataclass(frozen=True, slots=True)
class Release:
    """The figures of a release and the month in which its window ends, ``YYYY-MM``."""

    month: str
    figures: tuple[Figure, ...]


def read_release(text: str, *, issued: datetime.date) -> Release:
    """Return the figures that a release states.

    Parameters
    ----------
    text : str
        The words of the page, sentences ending in 。 or a line break.
    issued : date
        Day of publication. It tells the year where the sentence names none: that of the day,
        or the year before when the window ends later than the day.

    Returns
    -------
    Release
        At least the growth or the value of ``total``.

    Raises
    ------
    DataInvalidError
        No sentence states the total, or an indicator is stated twice with different figures.

    Examples
    --------
    >>> told = read_release(
    ...     "1—8月份，全国固定资产投资（不含农户）293092亿元，同比下降7.2%。",
    ...     issued=datetime.date(2026, 9, 15),
    ... )
    >>> told.month, told.figures[0].value, told.figures[0].growth
    ('2026-08', 293092.0, -7.2)
    """
    sentences = [_plain(one) for one in re.split(r"[。\n]", text)]
    window, found = "", dict[str, Figure]()
    for sentence in sentences:
        for at, figure in _figures(sentence):
            month = _window_before(sentence, at, issued)
            if not window and figure.indicator == "total" and month != _NO_WINDOW:
                window = month  # the headline comes first and names its window
            if window and (month or window) == window:
                _take(found, figure)
    if "total" not in found:
        raise DataInvalidError(
            Text(
                "正文中没有“全国固定资产投资（不含农户）”的累计数",
                "no sentence states the year-to-date total",
            ),
            got=text[:80],
        )
    return Release(window, tuple(found.values()))


def window_end(title: str) -> str | None:
    """Return the month in which the window of a release on the total ends; None: another title.

    Titles of the releases begin with the window and the total; since October 2025 without the
    figure. Those on private or real-estate investment, or of a commentary, read otherwise.

    Examples
    --------
    >>> (
    ...     window_end("2026年1—8月份全国固定资产投资基本情况"),
    ...     window_end("2025年全国固定资产投资基本情况"),
    ... )
    ('2026-08', '2025-12')
    """
    words = _plain(title)
    found = _WINDOW.match(words)
    if found is None or not (found["year"] or found["whole"]):
        return None
    return _month_of(found, datetime.date.max) if words.startswith(_TITLE, found.end()) else None


def _plain(text: str) -> str:
    """Return `text` without white space, in half-width characters and with one kind of dash."""
    half = unicodedata.normalize("NFKC", text)
    return re.sub(r"[—–―−~至]+", "-", re.sub(r"\s", "", half))


def _figures(sentence: str) -> Iterator[tuple[int, Figure]]:
    """Yield each figure of a sentence with the place where its subject begins."""
    for found in _FIGURE.finditer(sentence):
        stated = found["value"] or found["growth"] or found["flat"]
        if not stated or _OF_SOMETHING_ELSE.search(sentence, 0, found.start()):
            continue
        indicator = next(name for name in _SUBJECTS if found[name])
        growth = 0.0 if found["flat"] else _number(found["growth"])
        scope = found["scope"] if indicator == "infrastructure" else None
        yield (
            found.start(),
            Figure(
                indicator,
                _number(found["value"]),
                -growth if found["sign"] == "下降" else growth,
                f"发布稿口径{scope} | scope as in the release: {scope}" if scope else "",
            ),
        )


def _number(words: str | None) -> float:
    return float(words.replace(",", "")) if words else float("nan")


def _window_before(sentence: str, at: int, issued: datetime.date) -> str:
    """Return the month in which the window named last before a place ends; empty: none named."""
    windows = list(_WINDOW.finditer(sentence, 0, at))
    return _month_of(windows[-1], issued) if windows else ""


def _month_of(found: re.Match[str], issued: datetime.date) -> str:
    """Return ``YYYY-MM``, or ``none`` for what is no window of a release: one month, last year."""
    if found["single"] or found["past"]:
        return _NO_WINDOW
    kind = next((name for name in _LAST_MONTHS if found[name]), "")
    last = _LAST_MONTHS[kind] if kind else int(found["last"])
    stated = found["year"] or found["whole"]
    year = int(stated) if stated else issued.year - (last >= issued.month)
    return f"{year}-{last:02d}"


def _take(found: dict[str, Figure], figure: Figure) -> None:
    """Add a figure; what is said again must be the same, and may add what was not said."""
    known = found.get(figure.indicator, figure)
    pairs = ((known.value, figure.value), (known.growth, figure.growth))
    for one, other in pairs:
        if not (math.isnan(one) or math.isnan(other) or one == other):
            raise DataInvalidError(
                Text("同一指标给出了两个数", "one indicator is stated with two figures"),
                where=figure.indicator,
                got=f"{one} / {other}",
            )
    value, growth = (other if math.isnan(one) else one for one, other in pairs)
    found[figure.indicator] = Figure(figure.indicator, value, growth, known.note or figure.note)
