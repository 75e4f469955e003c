"""Understand a label by the synonym table, wholly or not at all.

A label is taken apart into bracketed parts, a month, units and known words (the longest first);
what remains makes it unknown. An unknown label is asked about, with the nearest known spelling as
a proposal that is never used by itself.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.paths import data_folder
from faiwatch.core.text import Text, fold
from faiwatch.data.encoding import decode_csv
from faiwatch.data.regions import known_regions
from faiwatch.ingest.dates import read_period
from faiwatch.ingest.meaning import NOTHING, Meaning, Measure, meaning_of
from faiwatch.ingest.units import stated_units, unit_named

EVERYTHING_ELSE = "*"
_LONGEST_LABEL = 120
_NEAR = 0.75  # one character of four: 工业投资 is no misspelt 投资
_NUMBERING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}、|\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\)"
    r"|\d{1,2}[.、)](?!\d)|\[\d{1,2}\]|[#*·•]|其中[:：]?|of which:?)+\s*",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】")
_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_PUNCTUATION = re.compile(r"[\s:：,，、;；.。_/|\-—–~·\"'“”‘’<>《》]+")
_MONTH_INSIDE = re.compile(
    r"(?:(?:19[5-9]|20\d)\d\s*年\s*)(?:0?1\s*月?\s*[-—–~至到]+\s*)?(?:1[0-2]|0?[1-9])\s*月份?"
    r"|(?:0?1\s*月?\s*[-—–~至到]+\s*)?(?:1[0-2]|0?[1-9])\s*月份?"
    r"|(?:(?:19[5-9]|20\d)\d\s*年?\s*)?(?:上半年|前三季度|一季度|全年)"
    r"|(?:19[5-9]|20\d)\d\s*年(?:度)?(?!\s*计划|\s*目标)"
    r"|(?<!\d)(?:19[5-9]|20\d)\d[-./](?:1[0-2]|0?[1-9])(?!\d)"
)
_SUFFIX = re.compile(r"(?:维吾尔|壮族|回族)?自治区$|省$|市$")
_INVESTMENT = re.compile("投资|固投|invest|fai")
_COMPARES = re.compile("[比较]|than")
_A_SMALLER_PLACE = re.compile(r"^\w{0,8}?[市县区州盟旗镇]")
_UNITS_INSIDE = ("亿元", "万元", "千元", "百万元", "十亿元", "%", "100 million yuan", "100m yuan")


@dataclass(frozen=True)
class Synonyms:
    """The synonym table, the regions, and the answers of the user.

    Attributes
    ----------
    known : mapping
        Normalised label to meaning.
    answers : mapping
        From ``--map``; they win. ``*`` is :attr:`everything_else`.
    """

    known: Mapping[str, Meaning]
    answers: Mapping[str, Meaning] = field(default_factory=dict)

    def understand(self, label: str) -> Meaning:
        """Return what a label says; ``unknown`` holds what is not in the table.

        Examples
        --------
        >>> table = Synonyms(known_synonyms())
        >>> table.understand("其中：民间投资1—9月累计增速（％）")[1:4]
        ('growth', 'ytd', 'private')
        >>> table.understand("全社会固定资产投资").unknown
        '全社会'
        """
        if label not in self._cache:
            self._cache[label] = self._understood(label)
        return self._cache[label]

    @property
    def everything_else(self) -> Meaning | None:
        """What ``--map '*=…'`` says of labels of rows and columns that stay open, or None.

        Of titles and names of sheets it says nothing: they speak of the whole table.
        """
        return self.answers.get(EVERYTHING_ELSE)

    def is_answered(self, label: str) -> bool:
        """Whether the user has said what this very label means."""
        return label.strip() in self.answers or normal(label) in self.answers

    def in_the_tables(self, label: str) -> Meaning:
        """Return what a label says by the synonym table alone, whatever the user answers."""
        return self._taken_apart(normal(label))

    def propose(self, label: str) -> str:
        """Return the nearest known spelling of an unknown label, or an empty text."""
        near = difflib.get_close_matches(normal(label), list(self.known), n=1, cutoff=_NEAR)
        return near[0] if near else ""

    def search(self, title: str) -> Meaning:
        """Return what a title says for certain, whatever else stands in it.

        Two indicators, months or regions in one title say nothing; a region followed by a smaller
        place, as in ``陕西省汉中市``, is not the region meant.
        """
        text = normal(title)[:_LONGEST_LABEL]
        months = {match[0] for match in _MONTH_INSIDE.finditer(text)}
        parts = [_of_month(months.pop())] if len(months) == 1 else []
        words = [match[0] for match in self._words.finditer(text)]
        is_other = self._is_other(words)
        parts += [self.known[word] for word in words]
        said = {
            name: {getattr(part, name) for part in parts} - {None}
            for name in ("measure", "window", "indicator", "year", "month")
        }
        said["region"] = self._regions_in(text)
        said["measure"] = {"other"} if is_other else said["measure"] - {"skip", "other"}
        single = {name: values.pop() for name, values in said.items() if len(values) == 1}
        return Meaning(**single)

    def _understood(self, label: str) -> Meaning:
        text = normal(label)
        if not text:
            return NOTHING
        for key in (label.strip(), text):
            if key in self.answers:
                return self.answers[key]
        return self._taken_apart(text)

    def _taken_apart(self, text: str) -> Meaning:
        if text in self.known:
            return self.known[text]
        if len(text) > _LONGEST_LABEL:
            return Meaning(unknown=text)
        if (when := read_period(text)) is not None:
            return Meaning(
                year=when.year, month=when.month, window="ytd" if when.is_window else None
            )
        if unit := unit_named(text):
            return Meaning(unit=unit)
        inside = ["".join(filter(None, match.groups())) for match in _BRACKETS.finditer(text)]
        if inside and (outside := _BRACKETS.sub(" ", text)).strip() != text:
            parts = [self._taken_apart(normal(part)) for part in (outside, *inside) if part.strip()]
            return _joined(parts)
        return self._words_of(text)

    def _words_of(self, text: str) -> Meaning:
        units = [unit for unit in stated_units(text) if unit.per_100m]
        if units:
            text = re.sub(r"(?:计量单位|单位|units?)\s*[:：].*", "", text, flags=re.IGNORECASE)
        parts = [Meaning(unit=units[0])] if len(units) == 1 else []
        if match := _MONTH_INSIDE.search(text):
            parts.append(_of_month(match[0]))
            text = f"{text[: match.start()]} {text[match.end() :]}"
        words = [match[0] for match in self._words.finditer(text)]
        if self._is_other(words):
            return Meaning(measure="other")
        parts += [self.known[word] for word in words]
        rest = _PUNCTUATION.sub("", self._words.sub(" ", text))
        return _joined([*parts, Meaning(unknown=rest or None)])

    def _is_other(self, words: list[str]) -> bool:
        """Whether a label names another subject, and not investment beside it.

        第一产业增加值 has the name of a part of investment, and is none.
        """
        is_other = [self.known[word].measure == "other" for word in words]
        investment = (one for one, other in zip(words, is_other, strict=True) if not other)
        return any(is_other) and not any(map(_INVESTMENT.search, investment))

    def _regions_in(self, text: str) -> set[str]:
        found = set()
        for match in self._words.finditer(text):
            code = self.known[match[0]].region
            if code is not None:
                if _A_SMALLER_PLACE.match(text[match.end() :].lstrip()):
                    return set()
                found.add(code)
        return found

    def __post_init__(self) -> None:
        words = sorted((word for word in self.known if word), key=len, reverse=True)
        pattern = "|".join(
            rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word[0].isascii() else re.escape(word)
            for word in words
        )
        object.__setattr__(self, "_words", re.compile(pattern or "(?!)"))
        object.__setattr__(self, "_cache", {})

    _words: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _cache: dict[str, Meaning] = field(init=False, repr=False, compare=False)


def normal(label: str) -> str:
    """Return a label in the form in which labels are compared.

    Full-width forms folded, numbering and ``其中`` taken off, no spaces between Chinese
    characters, lower case.

    Examples
    --------
    >>> normal(" 一、合　计 "), normal("（一）第一产业"), normal("FAI,  YTD")
    ('合计', '第一产业', 'fai, ytd')
    """
    text = fold(label.replace("\n", ""))
    text = _NUMBERING.sub("", text) or text
    return re.sub(r"\s+", " ", _BETWEEN_CHINESE.sub("", text)).strip().casefold()


@cache
def known_synonyms() -> Mapping[str, Meaning]:
    """Return the synonyms of ``data/headers.csv``, the regions and the units, by normal label."""
    units = {word: Meaning(unit=unit_named(word)) for word in _UNITS_INSIDE}
    return units | _regions() | read_synonyms(data_folder() / "headers.csv")


def read_synonyms(path: Path) -> dict[str, Meaning]:
    """Return the synonyms of a file with the columns ``label`` and ``means``.

    Raises
    ------
    DataMissingError
        The file cannot be read.
    DataInvalidError
        A row does not follow the grammar of :mod:`faiwatch.ingest.meaning`.
    """
    try:
        lines = decode_csv(path.read_bytes()).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataMissingError(
            Text("读不到同义词表", "the synonym table cannot be read"),
            where=str(path),
            got=str(error),
        ) from None
    found = {}
    for number, row in enumerate(csv.DictReader(lines), start=2):
        try:
            found[normal(row["label"])] = meaning_of(row["means"])
        except (KeyError, ValueError, AttributeError) as error:
            raise DataInvalidError(
                Text("同义词表的这一行不可用", "this line of the synonym table is not understood"),
                where=f"{path}:{number}",
                got=str(error),
                allowed="label,means",
            ) from None
    return found


def _regions() -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for code, region in known_regions().items():
        names = (region.name.zh, _SUFFIX.sub("", region.name.zh), region.name.en)
        found |= {normal(name): Meaning(region=code) for name in names}
    return found


def _of_month(text: str) -> Meaning:
    when = read_period(text.replace(" ", ""))
    if when is None:
        return NOTHING
    return Meaning(year=when.year, month=when.month, window="ytd" if when.is_window else None)


def _joined(parts: list[Meaning]) -> Meaning:
    """Return parts of one label as one meaning: the first that says something is heard."""
    whole = NOTHING
    for part in parts:
        whole = whole.over(part)
    said = ({part.indicator for part in parts}, {part.region for part in parts})
    unknown = [part.unknown for part in parts if part.unknown]
    unknown += [
        " ≠ ".join(sorted(filter(None, names))) for names in said if len(names - {None}) > 1
    ]
    measures = {part.measure for part in parts}
    if "other" in measures and whole.indicator is None:  # whatever else is said of it
        return Meaning(measure="other")
    if "other" in measures:
        unknown.append("≠")
    if unknown:  # half a label says nothing, unless the known half says that it is not needed
        compares = _COMPARES.search(" ".join(unknown))  # 比上年同期 is not 上年同期
        skip: Measure | None = "skip" if "skip" in measures and not compares else None
        return Meaning(measure=skip, unknown=" ".join(unknown))
    # growth of an amount is growth: "投资额同比增长"
    measure = next((one for one in ("skip", "growth") if one in measures), whole.measure)
    # a field with figures' words in its label is no field: "项目投资额"
    return whole._replace(measure=measure, field=None if whole.measure else whole.field)
