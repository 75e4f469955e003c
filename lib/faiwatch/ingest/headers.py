"""Understand the labels of figures by what words are known to mean.

A label of figures (:class:`Synonyms`) is understood wholly or not at all: it is taken apart into
bracketed parts, a month, units and known words (the longest first); what remains makes it unknown.
What is unknown is asked about, with the nearest known spelling as a proposal that is never used by
itself. Headers of a ledger: :mod:`faiwatch.ingest.ledger.headers`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path

from babel import Locale

from faiwatch.core.paths import own_tables, rule_file
from faiwatch.core.text import fold
from faiwatch.data.reference import own_indicators
from faiwatch.data.regions import NATION, known_regions, own_region_tables
from faiwatch.ingest.dates import read_period
from faiwatch.ingest.marks import MARK_WORDS
from faiwatch.ingest.meaning import (
    NOTHING,
    Meaning,
    Measure,
    Window,
    meaning_of,
    narrowest,
    row_refused,
    synonym_rows,
    together,
)
from faiwatch.ingest.units import stated_units, unit_named

EVERYTHING_ELSE = "*"
_LONGEST_LABEL = 120
_NEAR = 0.75  # one character of four: 工业投资 is no misspelt 投资
_NUMBERING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}、|\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\)"
    r"|\d{1,2}[.、)](?!\d)|\[\d{1,2}\]|[#*·•]|其中[:：]?|of which:?)+\s*",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"(?<=\w)\s*[①-⑳¹²³*†]+\s*$")
BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】")
_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_PUNCTUATION = re.compile(r"[\s:：,，、;；.。_/|\-—–~·\"'“”‘’<>《》]+")
_MONTH_INSIDE = re.compile(
    r"(?:(?:19[5-9]|20\d)\d\s*年\s*)(?:0?1\s*月?\s*[-—–~至到]+\s*)?(?:1[0-2]|0?[1-9])\s*月份?"
    r"|(?:0?1\s*月?\s*[-—–~至到]+\s*)?(?:1[0-2]|0?[1-9])\s*月份?"
    r"|(?:(?:19[5-9]|20\d)\d\s*年?\s*)?(?:上半年|前[二两三]季度|第?[一二三四]季度|全年)"
    r"|(?:19[5-9]|20\d)\d\s*年(?:度)?(?!\s*计划|\s*目标)"
    r"|(?<![a-z])(?:jan(?:uary)?\.?\s*(?:-|–|to)\s*)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"[a-z]{0,6}\.?,?\s+(?:19[5-9]|20\d)\d(?!\d)"
    r"|(?<!\d)(?:19[5-9]|20\d)\d(?:[-./_]?m?(?:1[0-2]|0[1-9])|[-./_]m?[1-9])(?!\d)"
)
_SUFFIX = re.compile(r"(?:维吾尔|壮族|回族)?自治区$|省$|市$")
_OURS = {"CN", "HK", "MO", "TW"}
_INVESTMENT = re.compile("投资|固投|invest|fai|touzi|gdzctz")
_SAYS_INVESTMENT = re.compile("投资(?!企业)|invest|(?<![a-z])fai(?![a-z])")
_INDEX = re.compile(r"(?<!价格)指数(?=\s*\(以?(?:上年|去年)\w{0,2}[=为]100\))")
_A_NOTE = re.compile("注|备注|说明|note")
_HOW_OFTEN = re.compile(r"\b(?:monthly|quarterly|yearly|annual)\b")  # is published, of a title
_SPACES = re.compile(r"[ _-]+")
_AND = re.compile(r"(?<=投资)[和与及、]|\band\b")
_COMPARES = re.compile("[比较]|than")
_A_SMALLER_PLACE = re.compile(r"^\w{0,8}?[市县区州盟旗镇]")
_UNITS_INSIDE = (
    *("亿元", "万元", "千元", "百万元", "十亿元", "%", "100 million yuan", "100m yuan"),
    *("100 mn yuan", "100m rmb", "rmb 100 mn", "cny 100 mn", "rmb bn", "cny bn", "rmb mn"),
    *("cny mn", "billion yuan", "million yuan", "trillion yuan"),
)


def normal(label: str) -> str:
    """Return a label in the form in which labels are compared.

    Full-width forms folded, numbering and ``其中`` taken off, no spaces between Chinese
    characters, lower case.

    Examples
    --------
    >>> normal(" 一、合　计 "), normal("（一）第一产业"), normal("FAI,  YTD")
    ('合计', '第一产业', 'fai, ytd')
    """
    text = fold(_FOOTNOTE.sub("", label.replace("\n", "")))
    text = _NUMBERING.sub("", text) or text
    return re.sub(r"\s+", " ", _BETWEEN_CHINESE.sub("", text)).strip().casefold()


@lru_cache(maxsize=256)  # every sheet of a file asks the same of the same thousand words
def nearest_spelling(word: str, known: tuple[str, ...], *, cutoff: float = _NEAR) -> str:
    """Return the known spelling that is nearest to a word, or an empty text."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=cutoff)), "")


@dataclass(frozen=True)
class Synonyms:
    """The synonym table, the regions, and the answers of the user.

    Attributes
    ----------
    known : mapping
        Normalised label to meaning.
    answers : mapping
        From ``--map``; they win. ``*`` is :attr:`everything_else`.
    places : mapping
        What is answered for a cell, or for a column where the row is None; the sheet is empty
        where it is not named.
    dictionary : mapping
        Codes that another sheet of the file explains, with the name of each.
    parts : mapping
        Bare names of parts of investment, known in a label that says it is about investment.
    """

    known: Mapping[str, Meaning]
    answers: Mapping[str, Meaning] = field(default_factory=dict)
    places: Mapping[tuple[str, int | None, int], Meaning] = field(default_factory=dict)
    dictionary: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Meaning] = field(default_factory=dict)

    def understand(self, label: str) -> Meaning:
        """Return what a label says; ``unknown`` holds what is not in the table.

        Examples
        --------
        >>> table = Synonyms(known_synonyms())
        >>> table.understand("其中：民间投资1—9月累计增速（％）")[1:4]
        ('growth', 'ytd', 'private')
        >>> table.understand("固定资产投资完成额:第一产业:累计同比")[1:4]
        ('growth', 'ytd', 'primary')
        >>> table.understand("水利固定资产投资").unknown
        '水利'
        """
        if label not in self._cache:
            known, said = self.in_the_tables(label), self._answer(label)
            self._cache[label] = known if said is None else _answered(said, known)
        return self._cache[label]

    def answer_at(self, sheet: str, row: int | None, column: int) -> Meaning | None:
        """Return what the user has answered for a cell, or for a column where `row` is None."""
        return self.places.get((sheet, row, column), self.places.get(("", row, column)))

    def _answer(self, label: str) -> Meaning | None:
        spelt = (label.strip(), normal(label), self.dictionary.get(label.strip(), ""))
        return next((self.answers[one] for one in spelt if one and one in self.answers), None)

    @property
    def everything_else(self) -> Meaning | None:
        """What ``--map '*=…'`` says of labels of rows and columns that stay open, or None.

        Of titles and names of sheets it says nothing: they speak of the whole table.
        """
        return self.answers.get(EVERYTHING_ELSE)

    def is_answered(self, label: str) -> bool:
        """Whether the user has said what this very label means."""
        return self._answer(label) is not None

    def in_the_tables(self, label: str) -> Meaning:
        """Return what a label says by the synonym table alone, whatever the user answers."""
        if label not in self._told:
            text = _INDEX.sub("", normal(self.dictionary.get(label.strip(), label)))
            self._told[label] = self._for(text)._taken_apart(text)
        return self._told[label]

    @cached_property
    def of_investment(self) -> Synonyms:
        """The table for labels that are known to be about investment."""
        return replace(self, known={**self.known, **self.parts}, parts={}) if self.parts else self

    def _for(self, text: str) -> Synonyms:
        return self.of_investment if _SAYS_INVESTMENT.search(text) else self

    def propose(self, label: str) -> str:
        """Return the nearest known spelling of an unknown label, or an empty text."""
        return nearest_spelling(normal(label), tuple(self.known))

    def search(self, title: str) -> Meaning:
        """Return what a title says for certain, whatever else stands in it.

        Two indicators, months or regions in one title say nothing; a region followed by a smaller
        place, as in ``陕西省汉中市``, is not the region meant.
        """
        text = _HOW_OFTEN.sub(" ", normal(title)[:_LONGEST_LABEL])
        if (table := self._for(text)) is not self:
            return table.search(title)
        months = {match[0] for match in _MONTH_INSIDE.finditer(text)}
        found = list(self._words.finditer(text))
        parts = [self._meant(match) for match in found]
        parts += [_of_month(months.pop())] if len(months) == 1 else []
        said = {
            name: {getattr(part, name) for part in parts} - {None}
            for name in Meaning._fields
            if name not in {"field", "unit", "sum", "unknown"}
        }
        if any(
            self._meant(match).region and _A_SMALLER_PLACE.match(text[match.end() :].lstrip())
            for match in found
        ):
            said["region"] = set()
        if _A_NOTE.match(text):  # 注：2026年为预测数 is not about the whole table
            said["mark"] = set()
        said["indicator"] = narrowest(said["indicator"])
        is_other = self._is_other(found)
        said["measure"] = {"other"} if is_other else said["measure"] - {"skip", "other"}
        return Meaning(**{name: values.pop() for name, values in said.items() if len(values) == 1})

    def _taken_apart(self, text: str) -> Meaning:
        if not text or text in self.known:
            return self.known.get(text, NOTHING)
        if (bare := _bare_word(text)) in self._bare_words:
            return self._bare_words[bare]
        if len(text) > _LONGEST_LABEL:
            return Meaning(unknown=text)
        if text in _other_countries():
            return Meaning(measure="other")
        if (month := _of_month(text)) != NOTHING:
            return month
        if unit := unit_named(text):
            return Meaning(unit=unit)
        inside = ["".join(filter(None, match.groups())) for match in BRACKETS.finditer(text)]
        if inside and (outside := BRACKETS.sub(" ", text)).strip() != text:
            parts = [self._taken_apart(normal(part)) for part in (outside, *inside) if part.strip()]
            return _joined(parts)
        units = [unit for unit in stated_units(text) if unit.per_100m]
        if units:
            text = re.sub(r"(?:计量单位|单位|units?)\s*[:：].*", "", text, flags=re.IGNORECASE)
        parts = [Meaning(unit=units[0])] if len(units) == 1 else []
        if match := _MONTH_INSIDE.search(text):
            parts.append(_of_month(match[0]))
            text = f"{text[: match.start()]} {text[match.end() :]}"
        words = list(self._words.finditer(text))
        if self._is_other(words):
            return Meaning(measure="other")
        rest = _PUNCTUATION.sub("", self._words.sub(" ", text))
        known = [self._meant(word) for word in words]
        # an industry's investment, 农业投资, is no other subject, and not known either
        known = [Meaning(unknown=text) if one.measure == "other" else one for one in known]
        if _AND.search(text) and len({one.indicator for one in known} - {None, "total"}) > 1:
            return Meaning(unknown=text)  # 民间投资和制造业投资 is of two, no part of a part
        return _joined([*parts, *known, Meaning(unknown=rest or None)])

    def _meant(self, match: re.Match[str]) -> Meaning:
        """Return what a word found in a label means; ``fixed_asset_inv`` has its own spaces."""
        return self.known.get(match[0]) or self._bare_words[_bare_word(match[0])]

    def _is_other(self, words: list[re.Match[str]]) -> bool:
        """Whether a label names another subject, and not investment beside it.

        第一产业增加值 has the name of a part of investment, and is none.
        """
        is_other = [self._meant(word).measure == "other" for word in words]
        investment = (one[0] for one, other in zip(words, is_other, strict=True) if not other)
        return any(is_other) and not any(map(_INVESTMENT.search, investment))

    def __post_init__(self) -> None:
        pattern, bare = _sought(tuple(filter(None, self.known)))
        object.__setattr__(self, "_words", pattern)
        object.__setattr__(self, "_bare_words", {one: self.known[word] for one, word in bare})

    _words: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _bare_words: Mapping[str, Meaning] = field(init=False, repr=False, compare=False)
    _cache: dict[str, Meaning] = field(default_factory=dict, init=False, repr=False, compare=False)
    _told: dict[str, Meaning] = field(default_factory=dict, init=False, repr=False, compare=False)


@lru_cache(maxsize=16)  # most files bring no words of their own: a thousand are the same
def _sought(words: tuple[str, ...]) -> tuple[re.Pattern[str], tuple[tuple[str, str], ...]]:
    """Return what finds any of some words, the longest first, and each bare word with its own."""
    longest_first = sorted(words, key=len, reverse=True)
    bare = [(_bare_word(word), word) for word in reversed(longest_first) if word.isascii()]
    return re.compile("|".join(map(_spelt, longest_first)) or "(?!)"), tuple(bare)


def known_synonyms() -> Mapping[str, Meaning]:
    """Return what labels mean: synonyms, regions, units, a workspace's own indicators by name."""
    tables = own_tables("headers.csv") + own_tables("indicators.csv")
    return _synonyms_of(tables + own_region_tables())


@cache
def _synonyms_of(_: tuple[tuple[str, int], ...]) -> Mapping[str, Meaning]:
    regions = {
        normal(name): Meaning(region=code)
        for code, one in reversed(known_regions().items())  # 「邵阳」 is the city, not the county
        for name in (one.name.zh, _SUFFIX.sub("", one.name.zh), one.name.en)
    }
    units = {word: Meaning(unit=unit_named(word)) for word in _UNITS_INSIDE}
    marks = {word: Meaning(mark=mark) for word, mark in MARK_WORDS.items()}
    own = {
        normal(label): Meaning(indicator=name)
        for name, one in own_indicators().items()
        for label in (one.label.zh, one.label.en)
    }
    return units | marks | regions | read_synonyms(rule_file("headers.csv")) | own


@cache
def _other_countries() -> frozenset[str]:
    """Return the names of other countries in both languages: whole labels, never parts of one."""
    names = (
        normal(name)
        for lang in ("zh", "en")
        for code, name in Locale(lang).territories.items()
        if code.isalpha() and code not in _OURS
    )
    return frozenset((*names, "usa", "us", "u.s.", "uk", "euro area", "欧元区"))


def read_synonyms(path: Path, *, parts: bool = False) -> dict[str, Meaning]:
    """Return the synonyms of a file with the columns ``label`` and ``means``.

    A row marked ``part`` holds among labels of investment alone: `parts` asks for those.

    Raises
    ------
    DataMissingError
        The file cannot be read.
    DataInvalidError
        A row does not follow the grammar of :mod:`faiwatch.ingest.meaning`.
    """
    found = {}
    for where, row in synonym_rows(path):
        try:
            means = row["means"].removeprefix("part ")
            if parts is (means != row["means"]):
                found[normal(row["label"])] = meaning_of(means)
        except (KeyError, ValueError, AttributeError) as error:
            raise row_refused(where, str(error)) from None
    return found


def _of_month(text: str) -> Meaning:
    when = read_period(text)
    if when is None:
        return NOTHING
    window: Window | None = "ytd" if when.is_window else None
    return Meaning(
        year=when.year, month=when.month, window=window, every=when.every, mark=when.mark or None
    )


def _bare_word(word: str) -> str:
    return _SPACES.sub("", word)


def _spelt(word: str) -> str:
    """Return a pattern for words; English ones however they are set apart: ``fixed_asset-inv``."""
    if not word[0].isascii():
        return re.escape(word)
    parts = map(re.escape, filter(None, _SPACES.split(word)))
    return rf"(?<![a-z]){'[ _-]*'.join(parts) or '(?!)'}(?![a-z])"


def _answered(said: Meaning, known: Meaning) -> Meaning:
    """Return an answer about a label with what the label itself says beside it.

    Half a label says nothing, and an answer that heads a column of labels stands alone.
    """
    if said.field is not None or said.is_left_out or known.unknown is not None:
        return said
    if known.is_left_out:
        known = known._replace(measure=None)
    return said.over(known._replace(field=None, sum=None if said.indicator else known.sum))


def _joined(parts: list[Meaning]) -> Meaning:
    """Return parts of one label as one meaning: the first that says something is heard."""
    whole = together(parts)
    indicators = narrowest({part.indicator for part in parts if part.indicator})
    regions = {part.region for part in parts if part.region}
    regions = regions - {NATION} if len(regions) == 2 else regions  # 中国:陕西:投资
    unknown = [part.unknown for part in parts if part.unknown]
    if len(indicators) > 1 and not unknown and len(regions) < 2:
        return Meaning(measure="skip")  # a part of a part: 房地产开发投资:设备工器具购置
    unknown += [" ≠ ".join(sorted(names)) for names in (indicators, regions) if len(names) > 1]
    if len(indicators) == 1 and len(regions) < 2:
        whole = whole._replace(indicator=next(iter(indicators)))
    if len(regions) == 1:
        whole = whole._replace(region=next(iter(regions)))
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
