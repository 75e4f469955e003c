"""Understand the header of a column of a ledger: which field, in which unit."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from faiwatch.data.ledger_fields import PROJECT_CODE, LedgerField, LedgerTable, ledger_tables
from faiwatch.data.ledger_schema import CODE_KIND, TRACE
from faiwatch.ingest.headers import normal
from faiwatch.ingest.ledger.answers import SKIP
from faiwatch.ingest.units import Unit, stated_units, title_units, unit_named

BY_NAME = "project_name"  # of a table that has codes of projects, for an office that has none
_NEAR = 0.75
_MOST_WORDS = 60  # a header of more letters is a sentence
_NOT_NEEDED = frozenset({"序号", "序", "no.", "no", "#", "cell", CODE_KIND, *TRACE})
_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】)\s*")
_UNIT_AT_END = re.compile(r"^(.+?)[\s/:,、]*((?:亿|万|千)?元)$")
_WINDOW = re.compile(r"(?:19|20)\d\d年(?=\d)|(?:19|20)\d\d(?=年)")
_MONTHS = re.compile(r"0?1月?\s*[-—–−~至到]+\s*(?:1[0-2]|0?[1-9])(?=月)")
_MONTH = re.compile(r"(?<![\d\-])(?:1[0-2]|0?[1-9])(?=月)")
_MARKS_AT_END = re.compile(r"[\s*:：]+$")


@dataclass(frozen=True, slots=True)
class Label:
    """What a header says.

    Attributes
    ----------
    field : str or None
        Name of a field, ``skip`` for a column that is not needed, :data:`BY_NAME` for the name of
        a project where its code is wanted, None when it is not known.
    unit : Unit or None
        Unit written in it.
    by_answer : bool
        The user has said so.
    """

    field: str | None
    unit: Unit | None = None
    by_answer: bool = False


@dataclass(frozen=True)
class Headers:
    """The headers of one table, and the answers of the user.

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
        >>> headers.understand(["2026年1—8月完成投资（亿元）"])
        Label(field='ytd_done', unit=Unit(name='亿元', per_100m=1.0), by_answer=False)
        >>> headers.understand(["开工时间", "计划"]).field, headers.understand(["手机号"]).field
        ('planned_start', None)
        """
        spelt = tuple(words)
        if spelt not in self._cache:
            self._cache[spelt] = self._understood(spelt)
        return self._cache[spelt]

    def _understood(self, words: tuple[str, ...]) -> Label:
        stack = [_key(word) for word in words]
        unit = next(filter(None, (_unit_in(word) for word in reversed(stack))), None)
        for spelling in (_key("/".join(words)), *(_key(word) for word in reversed(words))):
            if spelling in self._answered:
                return Label(self._answered[spelling], unit, by_answer=True)
        for spelling in _spellings(stack):
            if spelling in self._known:
                return Label(self._known[spelling], unit)
        return Label(None, unit)

    def propose(self, words: Sequence[str], taken: set[str]) -> str:
        """Return the nearest known header of a field that no column has yet, or an empty text."""
        taken = {*taken, SKIP, BY_NAME}
        known = [word for word, name in self._known.items() if name not in taken]
        near = difflib.get_close_matches(_bare(_key(words[-1])), known, n=1, cutoff=_NEAR)
        return near[0] if near else ""

    def field_of(self, header: str) -> str:
        """Return the field of a known header."""
        return self._known[header]

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", _known_headers(self.table.name))
        answered = {_key(label): means for label, means in self.answers.items()}
        allowed = {SKIP, *self.table.fields}
        mine = {label: means for label, means in answered.items() if means in allowed}
        object.__setattr__(self, "_answered", mine)
        object.__setattr__(self, "_cache", {})

    _known: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _answered: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _cache: dict[tuple[str, ...], Label] = field(init=False, repr=False, compare=False)


@cache
def _known_headers(name: str) -> Mapping[str, str]:
    fields = ledger_tables()[name].fields
    known = {_key(word): one.name for one in fields.values() for word in _words_for(one)}
    names: dict[str, str] = {}
    if PROJECT_CODE in fields and "name" not in fields:
        of_project = ledger_tables()["projects"].fields["name"]
        names = {_key(word): BY_NAME for word in _words_for(of_project)}
    return dict.fromkeys(_NOT_NEEDED, SKIP) | names | known


def _words_for(field: LedgerField) -> tuple[str, ...]:
    return field.name, field.label.zh, field.label.en, *field.synonyms


def _spellings(stack: Sequence[str]) -> Iterator[str]:
    """Yield the spellings of a header, the one that says most first."""
    child = stack[-1]
    for form in dict.fromkeys((child, _bare(child))):
        for parent in reversed(stack[:-1]):
            bare = _bare(parent)
            for above in (bare, bare.removesuffix("情况"), bare.removesuffix("投资")):
                yield f"{above}{form}"
                yield f"{above} {form}"
                yield f"{form}{above}"
                yield f"{form} {above}"
        yield form


@lru_cache(maxsize=65536)
def _key(label: str) -> str:
    """Return a label in the form in which headers are compared; months become ``n``."""
    text = normal(label[: 4 * _MOST_WORDS])
    if len(text) > _MOST_WORDS:
        return text
    text = _MARKS_AT_END.sub("", _WINDOW.sub("", text))
    return _MONTH.sub("n", _MONTHS.sub("1-n", text))


def _bare(text: str) -> str:
    """Return a header without what stands in brackets and without a unit at its end."""
    text = _BRACKETS.sub("", text).strip()
    match = _UNIT_AT_END.match(text)
    return match[1] if match else text


def _unit_in(text: str) -> Unit | None:
    """Return the one unit of amounts that a header states; percent is no unit of amounts."""
    units = {unit for unit in title_units(text) or stated_units(text) if unit.per_100m}
    if match := _UNIT_AT_END.match(_BRACKETS.sub("", text).strip()):
        units |= {unit for unit in [unit_named(match[2])] if unit}
    return units.pop() if len(units) == 1 else None
