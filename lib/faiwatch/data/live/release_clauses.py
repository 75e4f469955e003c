"""Read the clauses of a release: what each says of which subject. Pure: text in, clauses out.

A release says its context once and goes on: the window (1—8月份), the region (全省), what
something is a part of (民间投资中), what it is compared with (从环比看). So a text is read clause
by clause, and each clause has the context that holds where it stands:

======================== ==========================================================================
Context                  Holds until
======================== ==========================================================================
region                   another region or the nation is named
part of the country      the nation is named, a heading (分产业看), or a new paragraph; so does any
                         region under 分地区看
window                   another window is named, a heading, or a new paragraph
民间投资中, 从环比看     another one, the total, a heading, or a new paragraph
其中                     the end of the sentence
扣除…, 与…相比           the end of the part of the sentence (；)
======================== ==========================================================================

A figure is read from one pattern only: a subject we know at the head of its clause, perhaps a
bracket, perhaps a value in 亿元, perhaps 同比, 比上年 or the like, and 增长 or 下降 with a
percentage or 持平 (= 0). What stands further on is about something else: the change of the growth
rate (回升0.3个百分点), an earlier window (1—8月份为下降0.3%), an average of two years (两年平均),
another base (比2019年). A window that is followed by growth and by no subject looks back and
changes nothing.

Subjects are the indicators of ``data/release_words.csv`` as releases call them, each followed by
投资. A text is of one region, its home: of the nation (全国, 固定资产投资（不含农户）), or of a
bureau's own, which it calls 全省, 我市 or by its name.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache

from faiwatch.data.reference import known_indicators, table_rows
from faiwatch.data.regions import NATION, known_regions, provinces

_READABLE = str.maketrans(",;()-", "，；（）—")
NONE = "none"  # a window that is no year to date
_NAN = float("nan")
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_GROWTH_WORDS = (
    r"(?:按可比口径计算,?)?(?:同比|比上年同期|比去年同期|比上年|较上年同期|较上年)?(?:名义)?"
    rf"(?:(?P<sign>增长|上升|下降)(?P<growth>{_NUMBER})%(?!以|左右|上下|多)"
    r"|(?P<flat>与(?:去年|上年)(?:同期)?持平|持平))"
)
_GROWTH = re.compile(_GROWTH_WORDS)
_WINDOW = re.compile(
    r"(?:(?P<year>\d{4})年|今年|本年|(?P<past>去年|上年|前年))?"
    r"(?:(?P<begin>\d{1,2})月?份?-(?P<last>\d{1,2})月份?|前(?P<first>\d{1,2}|十[一二]?|[二三四五六七八九])个?月"
    r"|(?P<half>上半年)|(?P<three>前三季度)|(?P<one>第?[一1]季度)|(?P<full>全年)"
    r"|(?P<other>\d{1,2}月份?(?:当月)?|第?[二三四2-4]季度|下半年|当月|当季|本月|单月))"
    r"(?:以来|累计)?"
    r"|(?P<since>(?:今年|年初)以来)"
    r"|(?P<before>去年|上年|前年)(?:同期)?"
    r"|(?P<whole>\d{4})年"
)
_LOOKS_BACK = re.compile(r"为|同比|增长|上升|下降|增速|增幅|降幅|持平|与.*持平")
_LAST_MONTHS = {"half": 6, "three": 9, "one": 3, "full": 12, "whole": 12}
_CHINESE = {name: number for number, name in enumerate("一二三四五六七八九十", start=1)} | {
    "十一": 11,
    "十二": 12,
}
_PIECE = re.compile(r"(?:\([^()]*\)|\d{1,3}(?:,\d{3})+(?!\d)|[^,:])+")
_HEADING = re.compile(r"(?:分|从|按|就)(?P<by>.{1,14}?)(?:来?看|来说|而言|分)")
_TOPIC_OF_HEADING = re.compile(r"投资|第.产业|[^产行]业$|项目")
_MONTH_ON_MONTH = re.compile(r"(?:从|按)?环比(?:增速|速度)?(?:来?看|来说)?")
_ANOTHER_BASE = re.compile(r"扣除|剔除|不考虑|(?:与|比|较|和)(?!去年同期|上年同期).+(?:相比|比较)$")
_STANDARD_BASE = re.compile(r"同比|比(?:上年|去年)|较上年")
_PART = re.compile(
    r"(?:东部|中部|西部|东北|沿海|京津冀|长三角|长江经济带|长江三角洲|粤港澳大湾区)(?:地区)?的?"
)
_CUTS = {"sector": "industry", "industry": "industry", "ownership": "owner", "total": ""}
# Industries divide the total; owners divide it again, so that a part of both is neither.
_INDUSTRY = re.compile(
    r"(?:全国)?(?:第[一二三]产业|工业|服务业|采矿业|制造业|.*供应业|建筑业|基础设施|房地产开发)"
)
_OWNER = re.compile(r"(?:全国)?民间")
_WHOLE = re.compile(r"(?:全国|全社会)?固定资产投资(?:完成额)?(?:\(不含农户\))?")
_REGISTERED = {"domestic", "hong_kong_macao_taiwan", "foreign"}
# How a region calls itself: 全市 in the text of a district is the city around it.
_OWN_ENDINGS = {
    "自治区": "自治区|区",
    "自治州": "自治州|州",
    "自治县": "自治县|县",
    "新区": "新区|区",
    "地区": "地区",
    **{one: one for one in "省市州盟区县旗"},
}
_UNNAMED = {"province": "省|自治区", "city": "市|州|盟|地区", "district": "县|区|旗"}


@dataclass(frozen=True, slots=True)
class Clause:
    """What a text says of one investment, and in which context.

    Attributes
    ----------
    words : str
        As in the text, with the context that stands right before.
    indicator : str
        As in Observations; empty: none of ours.
    cut : str
        How this subject divides the total: ``industry``, ``owner``, ``registration``, ``region``,
        ``structure``, ``other``; empty: it is it.
    value, growth : float
        100 million yuan and percent; NaN: not stated, or not in a wording that is read.
    scope : str
        A bracket after the subject.
    window : str
        ``YYYY-MM``, in which a year to date ends; ``none``: another window; empty: none named.
    region : str
        ``nation``, ``home`` or ``elsewhere``; empty: none named yet.
    within : frozenset of str
        Cuts of what it is a part of.
    has_other_base : bool
        Compared with the month before, another year, or without something.
    is_month_on_month : bool
        Compared with the month before.
    """

    words: str
    indicator: str
    cut: str
    value: float
    growth: float
    scope: str
    window: str
    region: str
    within: frozenset[str]
    has_other_base: bool
    is_month_on_month: bool = False

    @property
    def is_stated(self) -> bool:
        """Whether a value or growth was read."""
        return self.value == self.value or self.growth == self.growth

    @property
    def has_percentage(self) -> bool:
        """Whether it has the form 投资…%."""
        return "%" in self.words or "持平" in self.words


@dataclass(frozen=True, slots=True)
class Home:
    """The region that a text is of.

    Attributes
    ----------
    region_code : str
        Six digits.
    names : tuple of str
        What the text calls it, beside 全省, 我市 and the like.
    """

    region_code: str = NATION
    names: tuple[str, ...] = ()

    @property
    def is_nation(self) -> bool:
        """Whether it is the nation."""
        return self.region_code == NATION

    @property
    def word(self) -> str:
        """What `Clause.region` says of what is said of it."""
        return "nation" if self.is_nation else "home"

    @property
    def pattern(self) -> re.Pattern[str]:
        """The region at the head of a clause."""
        if self.is_nation:
            return re.compile("全国")
        code = self.region_code
        level = "province" if code.endswith("0000") else "city" if code[4:] == "00" else "district"
        named = "|".join(map(re.escape, sorted(self.names, key=len, reverse=True)))
        endings = (one for one in _OWN_ENDINGS for name in self.names if name.endswith(one))
        ending = next(endings, "")
        own = f"(?:全|我|本)(?:{_OWN_ENDINGS.get(ending, _UNNAMED[level])})"
        return re.compile(f"(?:{own}{'|' + named if named else ''})的?")


def clauses(text: str, *, issued: datetime.date, home: Home | None = None) -> list[Clause]:
    """Return the clauses of a text that speak of investment, in its order.

    Parameters
    ----------
    text : str
        Words of a page; a line is a paragraph.
    issued : date
        Tells the year of a window that names none: that of the day, or the year before when the
        window ends later than the day.
    home : Home, optional
        Whose text it is; by default the nation's.

    Examples
    --------
    >>> day = datetime.date(2026, 9, 15)
    >>> found = clauses("二季度，民间投资增长1%；1—8月份，制造业投资增长2%", issued=day)
    >>> [(one.indicator, one.window, one.growth) for one in found]
    [('private', 'none', 1.0), ('manufacturing', '2026-08', 2.0)]
    """
    reader = _Reader(issued, home or Home())
    for line in text.split("\n"):
        reader.begin_part()
        for sentence in re.split("[。!?]", plain(line)):
            reader.read_sentence(sentence)
    return reader.found


def plain(text: str) -> str:
    """Return `text` without white space, in half-width characters and with one kind of dash."""
    half = unicodedata.normalize("NFKC", text)
    dashed = re.sub(r"[—–―−~]+", "-", re.sub(r"\s", "", half))
    return re.sub(r"(?<=[\d月份])[至到](?=\d)", "-", dashed).replace("%、", "%,")


def readable(words: str) -> str:
    """Return plain words with the signs of Chinese text again.

    Examples
    --------
    >>> readable("投资(不含农户)1-8月份,下降")
    '投资（不含农户）1—8月份，下降'
    """
    return words.translate(_READABLE)


def window_at_head(words: str, *, issued: datetime.date) -> tuple[str, bool, int]:
    """Return the window at the head of plain words, whether it names its year, and its length.

    Examples
    --------
    >>> window_at_head("2026年1-8月份全国", issued=datetime.date.max)
    ('2026-08', True, 10)
    """
    found = _WINDOW.match(words)
    if found is None:
        return "", False, 0
    stated = found["year"] or found["whole"]
    is_other = found["other"] or found["past"] or found["before"]
    kind = next((name for name in _LAST_MONTHS if found[name]), "")
    if found["since"]:  # 今年以来: the window of the text
        return "", bool(stated), found.end()
    if is_other or found["begin"] not in {None, "1"}:
        return NONE, bool(stated), found.end()
    number = found["last"] or found["first"]
    last = _LAST_MONTHS[kind] if kind else _CHINESE.get(number) or int(number)
    year = int(stated) if stated else issued.year - (last >= issued.month)
    window = f"{year}-{last:02d}" if 2 <= last <= 12 else NONE
    return window, bool(stated), found.end()


class _Reader:
    """Goes through a text and keeps the context."""

    def __init__(self, issued: datetime.date, home: Home) -> None:
        self.found: list[Clause] = []
        self._issued, self._home, self._home_words = issued, home, home.pattern
        self._subject = _subject(home.is_nation)
        self._topic_words = _topic_words(home.is_nation)
        self._region, self._is_open = "" if home.is_nation else "home", False
        self._has_base_aside, self._said = False, 0
        self._lead: list[str] = []
        self._among: frozenset[str] = frozenset()
        self.begin_part()

    def begin_part(self) -> None:
        """Begin a paragraph, or what follows a heading."""
        self._window, self._is_month_on_month = "", False
        self._is_part, self._is_by_region = False, False
        self._topic: frozenset[str] = frozenset()

    def read_sentence(self, sentence: str) -> None:
        """Read what stands between two full stops."""
        if not sentence.startswith("其中"):
            self._among = frozenset()
        for part in sentence.split(";"):
            self._has_base_aside, self._is_open, self._said = False, False, len(self.found)
            self._lead = []
            for piece in _PIECE.findall(part):
                if not (self._is_open and self._goes_on(piece)):
                    self._is_open = False
                    self._read(piece)

    def _goes_on(self, piece: str) -> bool:
        """Add growth that follows its subject after a comma."""
        growth = _GROWTH.match(piece)
        if growth is None:
            return piece == "按可比口径计算"
        last = self.found[-1]
        self.found[-1] = replace(last, words=f"{last.words},{piece}", growth=_growth(growth))
        self._is_open = False
        return True

    def _read(self, piece: str) -> None:
        if _MONTH_ON_MONTH.fullmatch(piece):
            self.begin_part()
            self._is_month_on_month = True
        elif heading := _HEADING.fullmatch(piece):
            self.begin_part()
            rest = self._context(heading["by"])
            self._is_by_region = bool(re.search("地区|区域|区县|县区|市县|市州|地市", rest))
            if _TOPIC_OF_HEADING.search(rest):
                self._topic = frozenset({_cut(rest)})
        elif _ANOTHER_BASE.match(piece):
            self._has_base_aside = True
        else:
            rest = self._context(piece)
            if "投资" in rest:
                self._state(",".join([*self._lead, piece]), rest)
                self._lead = []
            elif not rest:
                self._lead.append(piece)
            elif "%" in piece and _STANDARD_BASE.match(piece) and len(self.found) > self._said:
                last = self.found[-1]
                if math.isnan(last.growth):  # growth may belong to a subject that is too far away
                    self.found.append(replace(last, words=f"{last.words}…{piece}", value=_NAN))

    def _context(self, piece: str) -> str:
        """Return a piece without the context at its head, which holds from here on."""
        rest, before = piece, ""
        while rest != before:
            before = rest
            if rest.startswith("其中"):
                last = self.found[-1] if self.found else None
                self._among = last.within | {last.cut} - {""} if last else frozenset()
                rest = rest[2:]
            elif topic := self._topic_words.match(rest):
                self._topic = frozenset({_cut(topic["topic"])})
                rest = rest[topic.end() :]
            else:
                rest = self._place(self._time(rest), piece)
        return rest

    def _time(self, rest: str) -> str:
        window, _, length = window_at_head(rest, issued=self._issued)
        after = rest[length:]
        if not length or _LOOKS_BACK.match(after):
            return rest
        self._window = window
        if window != NONE:  # no year to date is compared with the month before
            self._is_month_on_month = False
        return after

    def _place(self, rest: str, piece: str) -> str:
        if rest.startswith("全国"):
            self._region, self._is_part = "nation", False
            return rest
        if own := None if self._home.is_nation else self._home_words.match(rest):
            self._region, self._is_part = "home", False
            return rest[own.end() :]
        named = self._subject.match(rest)
        if named and _cut_of(_name_in(named)) == "region":
            return rest  # 东部地区投资 is what is spoken of, not where
        found = _elsewhere().match(rest)
        part = _PART.match(rest)
        at = part or found
        # names in the frame of a page are no context
        if at is None or not (re.search("投资|%", piece) or at.end() == len(rest)):
            return rest
        if part or self._is_by_region:
            self._is_part = True
        else:
            self._region = "elsewhere"
        return rest[at.end() :]

    def _state(self, words: str, rest: str) -> None:
        """Keep what a piece says of an investment."""
        found = self._subject.match(rest)
        indicator = _name_in(found) if found else ""
        is_month_on_month = self._is_month_on_month or "环比" in words
        cut, within = _cut_of(indicator) or _cut(rest), self._topic | self._among
        is_region = cut == "region"
        if indicator == "total":
            window = self._window
            self.begin_part()
            self._window = window
        growth = _growth(found) if found else _NAN
        self._is_open = rest.endswith("投资") if found is None else found.end() == len(rest)
        self._is_open &= growth != growth
        self.found.append(
            Clause(
                words,
                indicator,
                cut,
                _number(found["value"]) if found else _NAN,
                growth,
                (found["scope"] or "") if found else "",
                self._window,
                "elsewhere" if self._is_part and not is_region else self._region,
                within,
                is_month_on_month or self._has_base_aside,
                is_month_on_month,
            )
        )
        self._is_part |= is_region  # 东部地区投资…，制造业投资…: the east's


def _cut(words: str) -> str:
    """Return how a subject divides the total."""
    if _WHOLE.match(words):
        return ""
    subject = words.partition("投资")[0].removesuffix("固定资产")
    if _INDUSTRY.fullmatch(subject):
        return "industry"
    return "owner" if _OWNER.fullmatch(subject) else "other"


def _cut_of(indicator: str) -> str:
    """Return how an indicator divides the total; empty: it is it, or there is none."""
    if indicator in _REGISTERED:
        return "registration"
    known = known_indicators().get(indicator)
    return "" if known is None else _CUTS.get(known.dimension, known.dimension)


def _name_in(found: re.Match[str]) -> str:
    return next(name for name in release_words() if found[name])


@cache
def release_words() -> dict[str, tuple[str, ...]]:
    """Return how releases call each indicator, without 投资; the longest name first.

    Examples
    --------
    >>> release_words()["private"], release_words()["region_east"]
    (('民间',), ('东部地区', '东部'))
    """
    return {
        row["indicator"]: tuple(sorted(row["words"].split("|"), key=len, reverse=True))
        for row in table_rows("release_words.csv")
    }


@cache
def _names(is_nation: bool) -> dict[str, str]:
    """Return the pattern of each subject by the name of its indicator."""
    rural = r"\(不含农户\)"
    named = {
        name: f"(?:全国)?(?:{'|'.join(map(re.escape, words))})(?:固定资产)?投资(?:完成)?额?"
        for name, words in release_words().items()
    }
    own = rf"固定资产投资(?:完成额|总额|额)?(?:{rural})?"
    named["total"] = rf"(?:全国)?固定资产投资(?:完成额)?{rural}" if is_nation else own
    if not is_nation:  # parts of the country are no parts of a province
        named = {name: words for name, words in named.items() if not name.startswith("region_")}
    return named


@cache
def _subject(is_nation: bool) -> re.Pattern[str]:
    """Return the pattern of a subject with its value and growth."""
    named = _names(is_nation)
    every = "|".join(f"(?P<{name}>{words})" for name, words in named.items())
    none = "".join(f"(?P<{name}>(?!))?" for name in release_words() if name not in named)
    return re.compile(
        rf"(?:(?:累计|共)?完成)?(?:{every}){none}"
        r"(?P<scope>\([^()]*\))?"
        rf"(?:(?:为|完成)?(?P<value>{_NUMBER})亿元)?(?:\([^()]*\))?(?:{_GROWTH_WORDS})?"
    )


@cache
def _topic_words(is_nation: bool) -> re.Pattern[str]:
    """Return the pattern of what the following is a part of."""
    return re.compile(
        r"(?:在|从)?(?P<topic>[^,]{1,24}?(?:投资|业|项目))(?:之?中|当中|方面)"
        rf"(?=$|{'|'.join(_names(is_nation).values())})"
    )


def _growth(found: re.Match[str]) -> float:
    if found["flat"]:
        return 0.0
    growth = _number(found["growth"])
    return -growth if found["sign"] == "下降" else growth


def _number(words: str | None) -> float:
    return float(words.replace(",", "")) if words else _NAN


@cache
def _elsewhere() -> re.Pattern[str]:
    """Return the pattern of a region below the nation at the head of a clause."""
    endings = "省|市|自治区|自治州|自治县|地区|州|县|区|盟|旗"
    names = (known_regions()[code].name.zh for code in provinces())
    short = (re.sub(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区)$", "", name) for name in names)
    return re.compile(
        rf"(?:(?:全|我|本|该|各)(?:{endings})|(?:{'|'.join(short)})(?:{endings}|壮族自治区|"
        rf"回族自治区|维吾尔自治区)?|[\u4e00-\u9fff]{{2,7}}?(?:省|市|自治州|自治县|州|县|区|盟|旗)"
        r"(?=$|固定|民间|投资|第[一二三]产|制造|基础|房地产|完成))的?"
    )
