"""The parts of investment: industries, ownership, structure and large regions, by their bare names.

采矿业, 国有控股 or 第一产业 alone may head output, employment or tax as well. Such a name is a part
of investment only where something says so: the label itself, the title of its table, or the row
or the header above it. Below 地区生产总值 it is a part of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from faiwatch.core.paths import own_tables, rule_file
from faiwatch.data.live.release_clauses import release_words
from faiwatch.data.reference import known_indicators, own_indicators
from faiwatch.data.regions import NATION, known_regions
from faiwatch.ingest.headers import Synonyms, normal, read_synonyms
from faiwatch.ingest.layout import Table
from faiwatch.ingest.meaning import Meaning, narrowest
from faiwatch.ingest.values import only

# a whole table; a row or header above; or what is above is about something else
About = Literal["investment", "below", "other"]

OF_ALL = {"全省", "全市", "全州", "全区", "全自治区"}  # beside its parts
_INVESTMENT = re.compile("投资|固投|基建|invest|(?<![a-z])fai(?![a-z])|touzi|gdzctz")
# who invests, and what is made of it, is no investment
_NO_INVESTMENT = re.compile(
    "投资(?:企业|者|公司|方|主体|收益|基金|信托|性房地产)|(?:直接|对外|境外|证券|股权|风险)投资"
    "|foreign direct invest|investment (?:fund|income|trust|bank)"
)
# what has the same parts as investment; retail sales and exports have not
_DIVIDED = re.compile(
    "生产总值|增加值|产值|用电|从业|就业|税|财政|利润|营业|收入|外资|贷款|工资|能耗|能源|企业|产出"
    "|gdp|value[ _-]*added|output|employ|electric|tax|profit|revenue|loan|wage|production"
)
# words beside the name of an indicator that make a title one about something narrower, as an
# industry does that is of no indicator
_NARROWER = re.compile(
    "装备|高技术(?!产业)|高新|先进|战略性|新兴|扣除|剔除|(?:不含|不包括|除)房|技改|技术改造"
    "|服务业|林业|畜牧|商品|保障性|数字|绿色|亿元及?以上"
)


def title_says(title: str, synonyms: Synonyms) -> Meaning:
    """Return what a title says for certain; of something narrower than an indicator, not which.

    Examples
    --------
    >>> from faiwatch.ingest.headers import known_synonyms
    >>> table = Synonyms(known_synonyms(), parts=part_names())
    >>> title_says("2024年装备制造业投资", table).indicator is None
    True
    >>> title_says("2024年制造业投资", table).indicator
    'manufacturing'
    """
    said = synonyms.search(title)
    known = synonyms.understand(title)
    is_known = known.unknown is None and known.indicator and not known.is_left_out
    not_kept = (name for name, one in part_names().items() if one.measure == "skip")
    is_narrower = _NARROWER.search(title) or any(name in title for name in not_kept)
    return said if is_known or not is_narrower else said._replace(indicator=None)


def part_names() -> Mapping[str, Meaning]:
    """Return what the bare names of parts of investment mean among labels of investment.

    They are the names of indicators, what releases call them, and the rows of ``headers.csv`` that
    are marked ``part``; 房地产业 is wider than its development, and of no indicator that is kept.

    Examples
    --------
    >>> part_names()["采矿业"].indicator, part_names()["国有控股"].indicator
    ('mining', 'state_controlled')
    >>> part_names()["房地产业"].measure
    'skip'
    """
    return _part_names(own_tables("headers.csv"))


@cache
def _part_names(_: tuple[tuple[str, int], ...]) -> Mapping[str, Meaning]:
    found = {}
    for name, one in known_indicators().items():
        if name == "total" or name in own_indicators():
            continue
        label = one.label
        words = release_words().get(name, ())
        # 东部地区 is a part of the nation
        home = NATION if one.dimension in {"region", "real_estate_region"} else None
        in_english = label.en.removeprefix("investment in ").removesuffix(" investment")
        for word in (*words, label.zh, label.zh.removesuffix("投资"), label.en, in_english):
            for spelt in filter(None, {word, word.replace("、", "")}):
                found[normal(spelt)] = Meaning(indicator=name, region=home)
    return found | read_synonyms(rule_file("headers.csv"), parts=True)


def without_investors(text: str) -> str:
    """Return words without those that speak of investors or of investment of other kinds."""
    return _NO_INVESTMENT.sub(" ", text)


def names_investment(label: str) -> bool:
    """Whether a label says itself that it is about investment.

    Examples
    --------
    >>> names_investment("民间投资"), names_investment("第一产业"), names_investment("外商投资企业")
    (True, False, False)
    """
    return _INVESTMENT.search(without_investors(normal(label))) is not None


def understood(
    label: str, about: About | None, synonyms: Synonyms, within: str | None = None
) -> Meaning:
    """Return what a label says beside others that are about investment, or about something else.

    In a table of investment alone, words of other subjects name its industries: 教育. Where its
    title is about a part, `within`, other parts are those of that one, and not kept.

    Examples
    --------
    >>> from faiwatch.ingest.headers import known_synonyms
    >>> table = Synonyms(known_synonyms(), parts=part_names())
    >>> (
    ...     understood("教育", "investment", table).indicator,
    ...     understood("教育", "below", table).measure,
    ... )
    ('education', 'other')
    >>> understood("第一产业", "other", table).measure
    'other'
    >>> understood("第一产业", "investment", table, within="private").measure
    'skip'
    """
    said = synonyms.understand(label)
    if about is None or synonyms.is_answered(label) or names_investment(label):
        return said
    part = synonyms.of_investment.understand(label)
    if within and part.indicator and narrowest({within, part.indicator}) != {part.indicator}:
        return Meaning(measure="skip")
    if part.unknown is not None or (part.indicator is None and part.measure != "skip"):
        return said
    if about == "other":
        is_part = part.indicator not in {None, "total"}
        return Meaning(measure="other", indicator=part.indicator) if is_part else said
    is_open = said.unknown is not None or said.measure == "skip"
    return part if is_open or (said.measure == "other" and about == "investment") else said


def about_of(label: str, said: Meaning, before: About | None) -> About | None:
    """Return what labels below this one are about that name only a part of something."""
    if said.unknown is not None or said.field is not None:
        return before
    is_watched = said.indicator in own_indicators()  # an office's own subject
    if is_watched or (said.measure == "other" and said.indicator is None):
        is_whole = before == "investment"
        return "other" if _DIVIDED.search(normal(label)) else before if is_whole else None
    is_said = said.indicator is not None and said.measure != "other" and names_investment(label)
    return "below" if is_said and before != "investment" else before


def part_of_titles(table: Table, synonyms: Synonyms) -> str | None:
    """Return the part of investment that the titles of a table are about; None for the total."""
    said = {title_says(words, synonyms).indicator for _, words in table.title_words()}
    part = only(said - {None})
    return None if part == "total" else part


def whole_of(regions: Iterable[str | None]) -> str | None:
    """Return the region below the nation of which all `regions` are parts: 全省 beside its cities.

    Examples
    --------
    >>> whole_of(["430100", "430200"]), whole_of(["430000", "610000"])
    ('430000', None)
    """
    known = known_regions()
    whole = only(known[one].parent for one in regions if one in known)
    return whole if whole and whole != NATION else None


def about_whole(table: Table, synonyms: Synonyms) -> About | None:
    """Return ``investment`` where titles and the name of the sheet name it, and nothing else."""
    titles = (*(words for _, words in table.title_words()), table.sheet.name)
    said = [(words, synonyms.search(words)) for words in titles]
    if any(one.measure == "other" for _, one in said):
        return None
    is_said = any(one.indicator is not None and names_investment(words) for words, one in said)
    return "investment" if is_said else None
