"""The small tables that say what figures mean: indicators, sources, scope breaks, exceptions.

Read with the standard library alone and once per process; the tables are part of the project
and never change while it runs.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from faiwatch.core.paths import data_folder
from faiwatch.core.text import Language, Text
from faiwatch.data.regions import region_named

BreakSeverity = Literal["do_not_join", "caution"]
EVERY_INDICATOR = "*"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of ``data/indicators.csv``.

    Attributes
    ----------
    name : str
        As in the column ``indicator``.
    label : Text
        What readers call it.
    dimension : str
        ``total``, ``ownership``, ``industry``, ``sector`` or ``own``. Cuts of different
        dimensions overlap and are never added up or shown as parts of one whole.
    note : Text
        Scope in one sentence; empty for a user's own indicator.
    """

    name: str
    label: Text
    dimension: str
    note: Text


@dataclass(frozen=True, slots=True)
class Source:
    """One row of ``data/official/sources.csv``: what a source id stands for.

    Attributes
    ----------
    id : str
        As in the column ``source``, where several ids are separated by spaces.
    kind : str
        ``release``, ``release-copy``, ``government``, ``news``, ``news-table``, ``mirror``,
        ``database copy`` or ``made up``.
    issued : str
        Date as far as it is known: ``YYYY-MM-DD``, ``YYYY-MM``, or empty.
    what : Text
        What it is.
    address : str
        Where it was found, as text.
    """

    id: str
    kind: str
    issued: str
    what: Text
    address: str


@dataclass(frozen=True, slots=True)
class ScopeBreak:
    """One row of ``data/breaks.csv``: what a series covers changes.

    Attributes
    ----------
    indicator : str
        Which indicator, or ``*`` for every one.
    period : str
        First release with the new scope, ``YYYY-MM``.
    severity : {"do_not_join", "caution"}
        `do_not_join`: nothing may be computed or drawn across it. `caution`: growth holds on
        either side, levels do not compare.
    what : Text
        What changes.
    source : str
        Source id.
    """

    indicator: str
    period: str
    severity: BreakSeverity
    what: Text
    source: str

    def concerns(self, region_code: str, indicator: str) -> bool:
        """Whether the break is one of this series; made-up regions know no breaks."""
        named = self.indicator in {EVERY_INDICATOR, indicator}
        return named and not region_named(region_code).is_made_up


@dataclass(frozen=True, slots=True)
class CheckException:
    """One row of ``data/check_exceptions.csv``: a check's complaint that is known to be true.

    Attributes
    ----------
    check, region_code, indicator, period : str
        Which record it answers.
    reason : Text
        Why the figure stands.
    """

    check: str
    region_code: str
    indicator: str
    period: str
    reason: Text


@cache
def known_indicators() -> dict[str, Indicator]:
    """Return the indicators of the table by name, in the order of the file."""
    return {
        row["indicator"]: Indicator(
            row["indicator"],
            Text(row["name_zh"], row["name_en"]),
            row["dimension"],
            Text(row["note_zh"], row["note_en"]),
        )
        for row in _rows("indicators.csv")
    }


def indicator_named(name: str) -> Indicator:
    """Return an indicator of the table, or one called by its own name when it is a user's own.

    Examples
    --------
    >>> indicator_named("private").label.zh, indicator_named("hotels").label.zh
    ('民间投资', 'hotels')
    """
    return known_indicators().get(name) or Indicator(name, Text(name, name), "own", Text("", ""))


@cache
def known_sources() -> dict[str, Source]:
    """Return every source by its id."""
    return {
        row["id"]: Source(
            row["id"],
            row["kind"],
            row["issued"],
            Text(row["what_zh"], row["what_en"]),
            row["address"],
        )
        for row in _rows("official/sources.csv")
    }


def sources_of(source: str) -> list[Source]:
    """Return the sources that a row names; ids that are not in the table (a user's) are left out.

    Examples
    --------
    >>> [source.kind for source in sources_of("S08 DB1")]
    ['news-table', 'database copy']
    """
    return [known_sources()[id] for id in source.split() if id in known_sources()]


@cache
def scope_breaks() -> tuple[ScopeBreak, ...]:
    """Return the known scope breaks in the order of the file."""
    return tuple(
        ScopeBreak(
            row["indicator"],
            row["period"],
            cast(BreakSeverity, row["severity"]),
            Text(row["zh"], row["en"]),
            row["source"],
        )
        for row in _rows("breaks.csv")
    )


@cache
def check_exceptions() -> tuple[CheckException, ...]:
    """Return the records of checks that are known to be true."""
    return tuple(
        CheckException(
            row["check"],
            row["region_code"],
            row["indicator"],
            row["period"],
            Text(row["zh"], row["en"]),
        )
        for row in _rows("check_exceptions.csv")
    )


def note_in_language(note: str, lang: Language) -> str:
    """Return a row's note in one language; notes of the project read ``中文 | English``.

    Examples
    --------
    >>> note_in_language("演示数据 | made-up data", "en"), note_in_language("自备注", "en")
    ('made-up data', '自备注')
    """
    zh, divider, en = note.partition(" | ")
    return en if divider and lang == "en" else zh


def _rows(name: str) -> list[dict[str, str]]:
    with (data_folder() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
