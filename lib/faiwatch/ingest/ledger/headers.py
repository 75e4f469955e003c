"""Understand the headers of a ledger: each names one field, in one of its known spellings.

What is unknown is asked about, with the nearest known spelling as a proposal that is never used by
itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from faiwatch.core.text import fold
from faiwatch.data.ledger_fields import PROJECT_CODE, LedgerTable, ledger_tables
from faiwatch.data.ledger_schema import CODE_KIND, TRACE
from faiwatch.ingest.concepts import alike_fields
from faiwatch.ingest.headers import BRACKETS, nearest_spelling, normal
from faiwatch.ingest.ledger.answers import SKIP
from faiwatch.ingest.units import Unit, title_units, unit_named
from faiwatch.ingest.values import only

BY_NAME = "project_name"  # of a table that has codes of projects, for an office that has none
# other headers of a column of project names, beside what they are a part of
_PROJECTS_NAMED = (
    "债券项目", "专项债项目", "专项债券项目", "所属项目", "涉及项目", "对应项目", "关联项目",
    "相关项目", "问题项目", "所属项目名称", "涉及项目名称", "项目名", "所涉项目", "重点项目",
)  # fmt: skip
_A_PROJECTS_NAME = re.compile(
    r"(?!.*(?:单位|企业|公司|法人|业主|部门|问题|领导|是否))\w{0,8}(?:项目|工程)(?:名称|全称|简称|名)"
    r"|(?:所涉及?|涉及|有关|相关)?(?:重大|重点|建设|工程|投资|谋划|储备|产业|政府投资|实施|在建|入库"
    r"|重点建设|重大建设|固投|固定资产投资)(?:项目|工程)"
)
_MOST_WORDS = 60  # a header of a ledger with more letters is a sentence
_BRACKETS_AND_BLANKS = re.compile(rf"\s*(?:{BRACKETS.pattern})\s*")
ROW_NUMBERS = frozenset({"序号", "序", "总序号", "顺序号", "no.", "no", "#"})
PROJECT_NUMBERS = frozenset(
    (
        *("项目序号", "对应项目序号", "所属项目序号", "关联项目序号", "清单序号"),
        *("项目表序号", "project no."),
    )
)
_NOT_NEEDED = ROW_NUMBERS | {"分序号", "cell", CODE_KIND, *TRACE}
_NOT_NEEDED |= {"联系人", "项目联系人", "填报人", "填报时间", "填表人", "审核人"}
# done until the end of last year: what follows from the whole and this year
_OF_YEARS_BEFORE = re.compile(
    r"(?:20\d\d|上|去)年(?:底|末|度)(?:以?前|止|为止)?(?:累计|已|共)+完成|(?:历年|往年|以前年度)(?:累计)?完成"
)
_PLANNED_OR_DONE = re.compile(r"\((?:预计|计划|拟|实际)\)")
_REACHED_BY = re.compile("电话|手机|联系方式|通讯方式|微信")
_UNIT_AT_END = re.compile(r"^(.+?)[\s/:,、]*((?:亿|万|千)?元)$")
_YEAR_OF_WINDOW = re.compile(r"(?:19|20)\d\d年(?=\d)|(?:19|20)\d\d(?=年)")
_MONTHS = re.compile(r"0?1月?\s*[-—–−~至到]+\s*(?:1[0-2]|0?[1-9])(?=月)")
_MONTH = re.compile(r"(?<![\d\-])(?:1[0-2]|0?[1-9])(?=月)")
_MARKS_AT_END = re.compile(r"[\s*:：]+$")


class Label(NamedTuple):
    """What the header of a column of a ledger says.

    Attributes
    ----------
    field : str or None
        Name of a field, ``skip`` for a column that is not needed, :data:`BY_NAME` for the name of
        a project where its code is wanted, None when it is not known.
    unit : Unit or None
        Unit written in it.
    by_answer : bool
        The user has said so.
    is_alike : bool
        It is made of the concepts of a known header, see :mod:`faiwatch.ingest.concepts`.
    """

    field: str | None
    unit: Unit | None = None
    by_answer: bool = False
    is_alike: bool = False


@dataclass(frozen=True)
class Headers:
    """The headers of one table of a ledger, and the answers of the user.

    Attributes
    ----------
    table : LedgerTable
        Whose headers.
    answers : mapping
        From ``--map``: header to field.
    """

    table: LedgerTable
    answers: Mapping[str, str] = field(default_factory=dict)

    def understand(self, words: Sequence[str]) -> Label:
        """Return what the header cells over a column say, from the top.

        The cell right above the column counts most; joined with the words above it, in either
        order, it says more: 计划 under 资金情况 is 资金计划, under 开工时间 计划开工时间.

        Examples
        --------
        >>> headers = Headers(ledger_tables()["projects"])
        >>> headers.understand(["2026年1—8月完成投资（亿元）"])[:2]
        ('ytd_done', Unit(name='亿元', per_100m=1.0))
        >>> headers.understand(["开工时间", "计划"]).field, headers.understand(["门牌号"]).field
        ('planned_start', None)
        """
        spelt = tuple(words)
        if spelt not in self._cache:
            read = _read(spelt)
            answer = None
            if self._answered:
                answers = map(self._answered.get, (_key("/".join(spelt)), *reversed(read.stack)))
                answer = next(filter(None, answers), None)
            known = read.known.get(self.table.name)
            if known is None and read.is_name:
                known = self._known.get("项目名称")  # and of no table that holds no projects
            if known is None and read.is_of_years_before:
                known = SKIP
            alike = None
            if answer is None and known is None and not read.is_name:
                alike = SKIP if read.is_of_people else read.alike.get(self.table.name)
            self._cache[spelt] = Label(
                answer or known or alike,
                read.unit,
                by_answer=answer is not None,
                is_alike=bool(alike),
            )
        return self._cache[spelt]

    def propose(self, words: Sequence[str], taken: set[str]) -> str:
        """Return the nearest known header of a field that no column has yet, or an empty text."""
        taken = {*taken, SKIP, BY_NAME}
        known = tuple(word for word, name in self._known.items() if name not in taken)
        return nearest_spelling(_bare(_key(words[-1])), known)

    def field_of(self, header: str) -> str:
        """Return the field of a known header."""
        return self._known[header]

    def __post_init__(self) -> None:
        allowed = {SKIP, *self.table.fields}
        mine = {_key(label): means for label, means in self.answers.items() if means in allowed}
        object.__setattr__(self, "_answered", mine)
        object.__setattr__(self, "_known", _known_headers(self.table.name))

    _known: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _answered: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _cache: dict[tuple[str, ...], Label] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )


def may_head(spelt: Iterable[tuple[str, ...]]) -> Set[str]:
    """Return the tables in which any of some headers is known, when the user has answered nothing.

    Examples
    --------
    >>> sorted(may_head([("里程",), ("督办事项编号",)]))
    []
    >>> "issues" in may_head([("问题编号",)])
    True
    """
    found: set[str] = set()
    for read in map(_read, spelt):
        if read.is_name:
            return ledger_tables().keys()
        found |= read.known.keys() | read.alike.keys()
    return found


class _Read(NamedTuple):
    """What header cells over a column say in any table."""

    stack: tuple[str, ...]
    unit: Unit | None
    known: Mapping[str, str]  # field by table
    alike: Mapping[str, str]
    is_name: bool
    is_of_years_before: bool
    is_of_people: bool


@lru_cache(maxsize=16384)
def _read(spelt: tuple[str, ...]) -> _Read:
    """Read header cells once for all the tables that they may head."""
    stack = tuple(map(_key, spelt))
    last = stack[-1]
    parents = [_bare(parent) for parent in reversed(stack[:-1])]
    parents += [parent.removeprefix("年") for parent in parents]  # 2026年投资: the year is said
    child = last if _PLANNED_OR_DONE.search(last) else _bare(last)  # 竣工（预计）
    known: dict[str, str] = {}
    for spelling in reversed(_spellings(stack)):  # what says most goes over the others
        known |= _known_anywhere().get(spelling, {})
    return _Read(
        stack,
        next(filter(None, map(_unit_in, reversed(stack))), None),
        known,
        alike_fields(child, tuple(dict.fromkeys(parents))),
        _A_PROJECTS_NAME.fullmatch(_bare(last)) is not None,
        _OF_YEARS_BEFORE.search(fold(spelt[-1])) is not None,
        _REACHED_BY.search(last) is not None,
    )


@cache
def _known_anywhere() -> Mapping[str, Mapping[str, str]]:
    """Return table and field by the known spellings of headers."""
    found: dict[str, dict[str, str]] = {}
    for table in ledger_tables():
        for spelling, means in _known_headers(table).items():
            found.setdefault(spelling, {})[table] = means
    return found


@cache
def _known_headers(name: str) -> Mapping[str, str]:
    fields = ledger_tables()[name].fields
    spelt = [(one.name, one) for one in fields.values()]
    if PROJECT_CODE in fields and "name" not in fields:
        spelt.insert(0, (BY_NAME, ledger_tables()["projects"].fields["name"]))
    known = dict.fromkeys(_NOT_NEEDED | PROJECT_NUMBERS, SKIP)
    if name == "tasks":
        known |= dict.fromkeys(PROJECT_NUMBERS, "parent")
    if spelt[0][0] == BY_NAME:
        known |= {_key(word): BY_NAME for word in _PROJECTS_NAMED}
    return known | {
        _key(word): name
        for name, one in spelt
        for word in (one.name, one.label.zh, one.label.en, *one.synonyms)
    }


@lru_cache(maxsize=65536)
def _spellings(stack: tuple[str, ...]) -> tuple[str, ...]:
    """Return the spellings of a header, the one that says most first."""
    child, found = stack[-1], []
    for form in dict.fromkeys((child, _bare(child))):
        for parent in reversed(stack[:-1]):
            bare = _bare(parent)
            for above in (bare, bare.removesuffix("情况"), bare.removesuffix("投资")):
                found += [f"{above}{form}", f"{above} {form}", f"{form}{above}", f"{form} {above}"]
        found.append(form)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=65536)
def _key(label: str) -> str:
    """Return a label in the form in which headers are compared; months become ``n``."""
    text = normal(label[: 4 * _MOST_WORDS])
    if len(text) > _MOST_WORDS:
        return text
    text = _MARKS_AT_END.sub("", _YEAR_OF_WINDOW.sub("", text))
    return _MONTH.sub("n", _MONTHS.sub("1-n", text))


@lru_cache(maxsize=65536)
def _bare(text: str) -> str:
    """Return a header without what stands in brackets and without a unit at its end."""
    text = _BRACKETS_AND_BLANKS.sub("", text).strip()
    match = _UNIT_AT_END.match(text)
    return match[1] if match else text


@lru_cache(maxsize=65536)
def _unit_in(text: str) -> Unit | None:
    """Return the one unit of amounts that a header states; percent is no unit of amounts."""
    units = {unit for unit in title_units(text) if unit.per_100m}
    if match := _UNIT_AT_END.match(_BRACKETS_AND_BLANKS.sub("", text).strip()):
        units |= {unit for unit in [unit_named(match[2])] if unit}
    return only(units)
