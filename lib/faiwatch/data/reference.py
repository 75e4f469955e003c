"""The small tables that say what figures mean: indicators, sources, scope breaks, exceptions.

Read with the standard library alone and once per process, because they never change while it
runs; of the indicators an office has its own in ``rules/indicators.csv`` of its workspace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from faiwatch.core.errors import DataInvalidError, ParameterError, nearest
from faiwatch.core.finding import Absence
from faiwatch.core.paths import data_folder, own_tables, rule_file
from faiwatch.core.phrases import joined, say, texts_of
from faiwatch.core.text import NOT_HELD, NOTHING, Language, Text
from faiwatch.data.calendars import CALENDARS, CUMULATIVE, MONTHLY, Calendar
from faiwatch.data.encoding import rows_of, rows_of_office
from faiwatch.data.regions import region_named

BreakSeverity = Literal["do_not_join", "caution"]
EVERY_INDICATOR = "*"
TOTAL = "total"  # fixed-asset investment as a whole
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
COMPARABLE = "comparable"
LEVELS = "levels"  # the route of growth that was computed from comparable levels
DIMENSIONS = (
    *("total", "ownership", "industry", "sector", "region", "structure", "own"),
    "real_estate_region",
)
# Kinds of sources that are no release of the publisher's own, told with the id of the source.
_KINDS = texts_of("data.words_sources")
_COPIES = texts_of("data.words_copies")

Record = TypeVar("Record")


def table_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the project, such as ``events.csv``."""
    return rows_of(rule_file(name))


def records(
    kind: Callable[..., Record], table: str, words: str, *, zh: str = "zh", en: str = "en"
) -> tuple[Record, ...]:
    """Return the rows of a table of the project as records.

    Parameters
    ----------
    kind : dataclass
        Its fields are columns of the table.
    table : str
        Name of the file.
    words : str
        The field that is told in both languages.
    zh, en : str
        Columns of those words.
    """
    columns: Any = kind
    names = [one.name for one in fields(columns) if one.name != words]
    return tuple(
        kind(**{name: row[name] for name in names}, **{words: Text(row[zh], row[en])})
        for row in table_rows(table)
    )


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of ``data/indicators.csv``, or of ``rules/indicators.csv`` of a workspace.

    Attributes
    ----------
    name : str
        As in the column ``indicator``.
    label : Text
        What readers call it.
    dimension : str
        ``total``, ``ownership``, ``industry``, ``sector``, ``region``, ``structure``, ``own``, or
        ``real_estate_region`` for the regions of real-estate development alone. Cuts of different
        dimensions overlap and are never added up or shown as parts of one whole.
    note : Text
        Scope in one sentence; empty for a user's own indicator.
    subject : str
        The whole that it is or is a part of, by name: ``total`` (fixed-asset investment) of all
        of ours. Only indicators of one subject are shown as parts of one whole.
    calendar : Calendar
        When it is released, and what a release covers.
    has_comparable_levels : bool
        Whether growth may be computed from its levels, where none is published.
    is_own : bool
        Whether an office's workspace says so, and not we.
    """

    name: str
    label: Text
    dimension: str
    note: Text
    subject: str = TOTAL
    calendar: Calendar = CUMULATIVE
    has_comparable_levels: bool = False
    is_own: bool = False

    @property
    def is_investment(self) -> bool:
        """Whether it is fixed-asset investment or a part of it."""
        return self.subject == TOTAL

    @property
    def level(self) -> Text:
        """What its value is called, against its growth."""
        return Text("投资额" if self.is_investment else "数值", "value")


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
        Which indicator, or ``*`` for every one of fixed-asset investment.
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

    @property
    def divides(self) -> bool:
        """Whether nothing may be joined across it."""
        return self.severity == "do_not_join"

    def concerns(self, region_code: str, indicator: str) -> bool:
        """Whether the break is one of this series; made-up regions know no breaks."""
        named = self.indicator == indicator or (
            self.indicator == EVERY_INDICATOR and indicator_named(indicator).is_investment
        )
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


def known_indicators() -> Mapping[str, Indicator]:
    """Return the indicators of the table and of the workspace by name, ours first.

    Raises
    ------
    DataMissingError
        The table of the workspace cannot be read.
    DataInvalidError
        A row of it cannot be used; the message names it and what is allowed.
    """
    return _indicators_of(data_folder(), *own_tables("indicators.csv"))


@cache
def _indicators_of(ours: Path, *own: tuple[str, int]) -> Mapping[str, Indicator]:
    found = {row["indicator"]: _indicator(row) for row in rows_of(ours / "indicators.csv")}
    official = frozenset(found)
    missing = Text("读不到指标表", "the table of indicators cannot be read")
    for path in (Path(path) for path, _ in own):
        shown = f"rules/{path.name}"
        for line, row in enumerate(rows_of_office(path, missing, where=shown), start=2):
            _check_indicator(row, found, official, f"{shown}:{line}")
            found[row["indicator"]] = _indicator(row, is_own=True)
    return found


def _indicator(row: Mapping[str, str], *, is_own: bool = False) -> Indicator:
    return Indicator(
        row["indicator"],
        Text(row["name_zh"], row.get("name_en") or row["name_zh"]),
        row.get("dimension") or "own",
        Text(row.get("note_zh", ""), row.get("note_en", "")),
        row.get("subject") or (row["indicator"] if is_own else TOTAL),
        CALENDARS[row.get("calendar") or CUMULATIVE.name],
        row.get("levels") == COMPARABLE,
        is_own,
    )


def _check_indicator(
    row: Mapping[str, str], known: Mapping[str, Indicator], ours: frozenset[str], where: str
) -> None:
    """Refuse a row of an office's table of indicators that cannot be used, or says two things."""

    def wrong(column: str, allowed: Text | str, todo: Text | None = None) -> DataInvalidError:
        what = Text("指标表的这一行不可用", "this row of the table of indicators cannot be used")
        got = row.get(column, "")
        return DataInvalidError(
            what, where=f"{where} {column}", got=got, allowed=allowed, todo=todo
        )

    name, subject = row.get("indicator", ""), row.get("subject", "")
    if not _NAME.fullmatch(name):
        raise wrong("indicator", Text("小写英文名，如 retail", "a lower-case name, such as retail"))
    if name in known:
        is_ours = name in ours
        whose = Text("本库已有", "one of ours") if is_ours else Text("前面已有", "given before")
        todo = say("data.reference.name_is_taken", whose=whose)
        raise wrong("indicator", Text("未用过的指标名", "a name that is not taken"), todo)
    if not row.get("name_zh"):
        raise wrong("name_zh", Text("读者所见的名称", "the name that readers see"))
    for column, values in (
        ("calendar", [*CALENDARS]),
        ("levels", [COMPARABLE]),
        ("dimension", [*DIMENSIONS]),
        ("subject", [name, *known]),
    ):
        given = row.get(column, "")
        if given and given not in values:
            raise wrong(column, ", ".join(values[:20]), nearest(given, values))
    calendar = row.get("calendar") or CUMULATIVE.name
    whole = known.get(subject)
    if whole is not None and whole.calendar.name != calendar:
        allowed = whole.calendar.name
        todo = say("data.reference.calendar_of_whole", whole=subject, calendar=allowed)
        raise wrong("calendar", allowed, todo)


def indicator_named(name: str) -> Indicator:
    """Return an indicator of the table, or one called by its own name when it is a user's own.

    Examples
    --------
    >>> indicator_named("private").label.zh, indicator_named("hotels").label.zh
    ('民间投资', 'hotels')
    """
    return known_indicators().get(name) or Indicator(name, Text(name, name), "own", Text("", ""))


def own_indicators() -> Mapping[str, Indicator]:
    """Return the indicators that the workspace adds to ours, by name."""
    if not own_tables("indicators.csv"):
        return {}
    return {name: one for name, one in known_indicators().items() if one.is_own}


def monthly_indicators() -> frozenset[str]:
    """Return the names of the indicators whose figures are of their month alone: none of ours."""
    return frozenset(name for name, one in own_indicators().items() if one.calendar is MONTHLY)


def calendar_of(indicators: Iterable[str]) -> Calendar:
    """Return the one calendar of some indicators.

    Raises
    ------
    ParameterError
        Some are monthly and some cumulative: they cannot be laid side by side.

    Examples
    --------
    >>> calendar_of(["total", "private"]).name
    'cumulative'
    """
    monthly = monthly_indicators()
    names = frozenset(indicators) if monthly else frozenset()
    if not names & monthly:
        return CUMULATIVE
    if names <= monthly:
        return MONTHLY
    raise ParameterError(
        say("data.reference.monthly_beside_cumulative"),
        where="indicator",
        got=", ".join(sorted(names & monthly)),
        todo=Text("分开查看", "look at them apart"),
    )


@cache
def known_sources() -> dict[str, Source]:
    """Return every source by its id."""
    found = records(Source, "official/sources.csv", "what", zh="what_zh", en="what_en")
    return {source.id: source for source in found}


def sources_of(source: str) -> list[Source]:
    """Return the sources that a row names; ids that are not in the table (a user's) are left out.

    Examples
    --------
    >>> [source.kind for source in sources_of("S08 DB1")]
    ['news-table', 'database copy']
    """
    return [known_sources()[id] for id in source.split() if id in known_sources()]


def source_in_words(source: str, lang: Language) -> str:
    """Return the ids of a row, each that is a copy or a report with what it is.

    Examples
    --------
    >>> source_in_words("S32 DB1", "en"), source_in_words("mine", "zh")
    ('S32, DB1 (database copy)', 'mine')
    """
    told = []
    for id in source.split():
        known = known_sources().get(id)
        kind = _KINDS.get(known.kind) if known else None
        told.append(Text(f"{id}（{kind.zh}）", f"{id} ({kind.en})") if kind else Text(id, id))
    return joined(told, "、", ", ").in_language(lang)


def releases_in_words(source: str, lang: Language) -> list[str]:
    """Return what the ids of a row stand for: title of the release, its date, its address.

    Examples
    --------
    >>> releases_in_words("S122 mine", "en")
    ['NBS release on 2025, 2026-01-19, https://www.stats.gov.cn/sj/zxfb/202601/t20260119_1962326.html']
    """
    comma = "，" if lang == "zh" else ", "
    told = [
        (one.what.in_language(lang), one.issued, _place(one.address, lang))
        for one in sources_of(source)
    ]
    return [comma.join(filter(None, parts)) for parts in told]


def _place(address: str, lang: Language) -> str:
    """Return where a release is found, words included, in one language."""
    for words in texts_of("data.addresses").values() if lang == "zh" else ():
        address = address.replace(words.en, words.zh)
    return address


def routes_in_words(routes: Iterable[str]) -> Text:
    """Return by which copies figures came; empty when all came from releases.

    Parameters
    ----------
    routes : iterable of str
        As in ``growth_route`` and ``value_route`` of ``data/official``.

    Examples
    --------
    >>> routes_in_words(["mirror", "release", "database copy"]).en
    'partly by way of copies in public repositories and of database copies'
    >>> routes_in_words(["release"]).zh
    ''
    """
    told = set(routes)
    computed = say("data.reference.computed") if LEVELS in told else NOTHING
    copies = [words for route, words in _COPIES.items() if route in told]
    if not copies:
        return computed
    partly = Text("部分", "partly ") if "release" in told else NOTHING
    copied = say("data.reference.copied", partly=partly, copies=joined(copies, "和", " and of "))
    return joined([copied, computed], "，", ", ") if LEVELS in told else copied


@cache
def scope_breaks() -> tuple[ScopeBreak, ...]:
    """Return the known scope breaks in the order of the file."""
    return records(ScopeBreak, "breaks.csv", "what")


def breaks_of(region_code: str, indicator: str) -> tuple[ScopeBreak, ...]:
    """Return the scope breaks of one series, in the order of the file."""
    return tuple(one for one in scope_breaks() if one.concerns(region_code, indicator))


@cache
def _unpublished() -> list[dict[str, str]]:
    return table_rows("not_published.csv")


def absence(region: str, indicator: str, figure: str, period: str) -> Absence:
    """Return why a figure is not there: known not to be published, or merely not held.

    "Not published" is said only of what ``data/not_published.csv`` lists, which is what somebody
    has looked up; of everything else it is known only that it is not in the data.

    Parameters
    ----------
    region, indicator : str
        The series.
    figure : {"ytd_value_100m", "ytd_yoy_pct"}
        Which figure of it.
    period : str
        Month, ``YYYY-MM``.

    Examples
    --------
    >>> absence("610000", "total", "ytd_value_100m", "2026-06").state
    'missing'
    >>> absence("610000", "total", "ytd_yoy_pct", "2026-08").words.en
    'not in this data set'
    """
    level = region_named(region).level
    for row in _unpublished():
        is_meant = row["region"] == region or (row["region"], level) == ("provinces", "province")
        is_figure = (row["indicator"], row["figure"]) == (indicator, figure)
        if is_meant and is_figure and row["since"] <= period:
            return Absence("missing", Text(row["zh"], row["en"]))
    return Absence("not_held", NOT_HELD)


@cache
def check_exceptions() -> tuple[CheckException, ...]:
    """Return the records of checks that are known to be true."""
    return records(CheckException, "check_exceptions.csv", "reason")


@cache
def tile_places() -> dict[str, tuple[int, int]]:
    """Return row and column of a region on a map of tiles, about where it lies.

    Examples
    --------
    >>> tile_places()["430503"]
    (2, 2)
    """
    return {
        row["region_code"]: (int(row["row"]), int(row["column"])) for row in table_rows("tiles.csv")
    }


@cache
def tile_letters() -> dict[str, str]:
    """Return the letters that stand for a region where its English name has no room (GB/T 2260).

    Examples
    --------
    >>> tile_letters()["230000"], "430503" in tile_letters()
    ('HL', False)
    """
    return {row["region_code"]: row["letters"] for row in table_rows("tiles.csv") if row["letters"]}


def tiles_of(codes: Sequence[str], *, a_row: int) -> dict[str, tuple[int, int]]:
    """Return row and column of some regions: by :func:`tile_places`, if it places every one.

    Otherwise they stand in the order given, so many in a row.

    Examples
    --------
    >>> tiles_of(["430503", "999999"], a_row=6)
    {'430503': (0, 0), '999999': (0, 1)}
    """
    places = tile_places()
    if all(code in places for code in codes):
        return places
    return {code: divmod(at, a_row) for at, code in enumerate(codes)}


def note_in_language(note: str, lang: Language) -> str:
    """Return a row's note in one language; notes of the project read ``中文 | English``.

    Examples
    --------
    >>> note_in_language("演示数据 | made-up data", "en"), note_in_language("自备注", "en")
    ('made-up data', '自备注')
    """
    zh, divider, en = note.partition(" | ")
    return en if divider and lang == "en" else zh
