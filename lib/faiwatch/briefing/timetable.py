"""The timetable and the targets of units: what a report tells of them, and its attached tables.

Method: ``docs/methods/briefing.md``. The rows are those of :mod:`faiwatch.ledger.road_map` and
:mod:`faiwatch.ledger.unit_targets`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

import pandas as pd

from faiwatch.briefing.filling import MOST_NAMED, Material, listed
from faiwatch.briefing.series import row_at
from faiwatch.core.finding import Finding, InputRow
from faiwatch.core.phrases import amount, joined, say
from faiwatch.core.provenance import rows_behind
from faiwatch.core.text import LANGUAGES, NOTHING, Language, Text, month_name, window_name
from faiwatch.data.ledger_fields import AS_OF
from faiwatch.data.measures import Measure, measure, measures_of
from faiwatch.ledger.road_map import KINDS, last_ahead, timetable
from faiwatch.ledger.unit_targets import DONE, GAP, MONTH, WHOLE_DISTRICT, YEAR, month_goal
from faiwatch.view.tables import Table

AHEAD = ("n_ahead", "n_late")
TARGETS = ("n_target_units", "n_month_targets", "n_units_behind", "month_target", "month_gap")
ROAD_MAP, UNITS = "road_map", "unit_targets"  # what can be attached


def ahead_findings(material: Material) -> Iterator[Finding]:
    """Yield how much is to be done in the months after, and how much is late."""
    rows = material.ahead
    late = rows["state"].eq("late")
    coming = rows[~late]
    months = coming["month"].value_counts().sort_index()
    counts = [
        say("briefing.timetable.in_month", month=month.month, name=_english(month), n=n)
        for month, n in zip(months.index, months, strict=True)
    ]
    told, window = joined(counts, "、", ", "), window_ahead(material.month)
    cells = tuple(_cells(material, coming))
    yield material.finding("n_ahead", len(coming), cells, told=told, window=window)
    days, cells = rows.loc[late, "late_days"], tuple(_cells(material, rows[late]))
    longest = _late_words(int(days.max()) if len(days) else 0)
    yield material.finding("n_late", len(days), cells, told=longest)


def _english(month: pd.Period) -> str:
    """Return the name of a month without its year."""
    return month_name(str(month), "en").split()[0]


# the table of each kind of step, the fields that its day stands in, and those of its name: of
# each the first that is filled
_STANDS = {
    "start": ("projects", ("planned_start", "original_start"), ("name",)),
    "finish": ("projects", ("planned_finish", "original_finish"), ("name",)),
    "reserve_start": ("pipeline", ("planned_start",), ("name",)),
    "notice": ("notices", ("due",), ("problem", "title")),
    "decision": ("minutes", ("due",), ("decision",)),
    "task": ("tasks", ("due",), ("title",)),
    "issue": ("issues", ("due",), ("action",)),
}
_TRACE = ["file", "sheet", "row"]


def _cells(material: Material, steps: pd.DataFrame) -> Iterator[InputRow]:
    """Yield the cells of the ledger that the days and names of some steps were read from."""
    for kind, some in steps.groupby("kind", sort=False):
        table, *places = _STANDS[str(kind)]
        source = material.ledger[table]
        stand = zip(*(source[name].tolist() for name in _TRACE), strict=True)
        at = {place: i for i, place in reversed([*enumerate(stand)])}  # the first of a place
        asked = source.columns.intersection([*_TRACE, AS_OF, *chain(*places)])
        stood = zip(*(some[name].tolist() for name in _TRACE), strict=True)
        rows = source[asked].iloc[[at[place] for place in stood]]
        for fields in places:
            left = rows
            for field in fields:
                is_blank = left[field].isna() | left[field].eq("")
                if not is_blank.all():
                    yield from material.cells(left[~is_blank], field)
                left = left[is_blank]


def window_ahead(month: pd.Period) -> Text:
    """Return the months that a timetable looks ahead, in words.

    Examples
    --------
    >>> window_ahead(pd.Period("2026-08", "M"))
    Text(zh='2026年9—12月', en='September–December 2026')
    >>> window_ahead(pd.Period("2026-11", "M")).zh
    '2026年12月至2027年2月'
    """
    first, last = month + 1, last_ahead(month)
    if first.year != last.year:
        return say("briefing.timetable.over_the_year", first=first, last=last)
    return say(
        "briefing.timetable.span",
        year=first.year,
        start=first.month,
        end=last.month,
        start_name=_english(first),
        last=last,
    )


def target_findings(material: Material) -> Iterator[Finding]:
    """Yield the targets of units by month, and of the region, held against what is done."""
    table, units, month = material.ledger["targets"], material.unit_targets, material.month
    whole = [material.page.region.name.zh, *WHOLE_DISTRICT]
    of_year = table[table["year"].eq(month.year)]
    holders = of_year[~of_year["unit"].isin(whole)].drop_duplicates("unit")
    yield material.counted("n_target_units", holders, "unit")
    at = of_year["metric"].eq("investment") & of_year["month"].eq(month.month)
    held = units[units[MONTH].notna()]
    goals = of_year[at & of_year["unit"].isin(held["unit"])]
    cells = material.cells(goals, "value")
    yield material.finding("n_month_targets", len(held), cells)
    unknown = held[held[DONE].isna()]
    if len(unknown):
        names = listed(unknown["unit"])
        yield material.lacking("n_units_behind", say("briefing.timetable.done_open", names=names))
    else:
        behind = held[held[GAP] < 0].sort_values(GAP, kind="stable")
        if len(behind):
            done = material.rows_of("projects")[0]
            cells += material.cells(done[done["unit"].isin(behind["unit"])], "ytd_done")
        names = listed(behind["unit"])
        yield material.finding("n_units_behind", len(behind), cells, names=names)
    yield from _of_region(material, of_year[at & of_year["unit"].isin(whole)])


def _of_region(material: Material, goals: pd.DataFrame) -> Iterator[Finding]:
    """Yield what the region itself is to have done by the month, and how far it is from it."""
    month = material.month
    target = month_goal(goals, month)
    if math.isnan(target):
        none = say("briefing.timetable.no_target_of_month", month=month)
        yield from (material.lacking(id, none) for id in TARGETS[-2:])
        return
    cells = material.cells(goals, "value")
    yield material.finding("month_target", target, cells, words=amount(target))
    now = row_at(material.measured, month)
    value = float(now["ytd_value_100m"].iloc[0]) if len(now) else math.nan
    if math.isnan(value):
        none = Text("本期投资额未公布", "the value of the month is not published")
        yield material.lacking("month_gap", none)
        return
    gap = value - target
    more, above = ("少", "below") if gap < 0 else ("多", "above")
    size = amount(abs(gap))
    yield material.finding(
        "month_gap",
        gap,
        cells + rows_behind(now, "ytd_value_100m"),
        words=amount(gap),
        phrase=say("briefing.timetable.against_target", more=more, size=size, above=above),
    )


def tables_of(material: Material, lang: Language) -> Mapping[str, Table]:
    """Return what a report may attach, by name: :data:`ROAD_MAP` and :data:`UNITS`."""
    rows = timetable(material.ahead)
    in_year = last_ahead(material.month).year == material.month.year
    late = _short(material.month, lang, in_year=in_year)
    late = say("briefing.timetable.end", late=late).in_language(lang)
    months = {one: _short(one, lang, in_year=in_year) for one in rows["month"].dropna().unique()}
    told = []
    for _, row in rows.iterrows():
        kind, items, n = KINDS[row["kind"]], listed(row["items"]), row["n"]
        more = NOTHING
        if n > min(len(row["items"]), MOST_NAMED):
            more = say("briefing.timetable.items", n=n)
        what = Text(f"{kind.zh}：{items.zh}{more.zh}", f"{kind.en}: {items.en}{more.en}")
        state = Text("待完成", "to come")
        if row["late_days"]:
            state = say("briefing.timetable.late", n=n, days=_late_words(row["late_days"]))
        cells = {
            "timetable_when": months.get(row["month"], late),
            "timetable_what": what.in_language(lang),
            "timetable_who": listed(row["owners"]).in_language(lang),
            "timetable_state": state.in_language(lang),
        }
        told.append(cells)
    columns = measures_of("timetable_when", "timetable_what", "timetable_who", "timetable_state")
    title = Text("时间表、路线图", "Timetable and road map")
    road_map = Table(pd.DataFrame(told, columns=list(columns)), title, columns, lang)
    return {ROAD_MAP: road_map, UNITS: _units(material, lang)}


def _short(month: pd.Period, lang: Language, *, in_year: bool) -> str:
    """Return a month without its year where that goes without saying."""
    if not in_year:
        return month_name(str(month), lang)
    words = say("briefing.timetable.month", month=month.month, name=_english(month))
    return words.in_language(lang)


def _late_words(days: int) -> Text:
    return say("briefing.timetable.up", days=days)


def _units(material: Material, lang: Language) -> Table:
    """Return the targets of each unit, month by month, and what its projects have done."""
    rows, month = material.unit_targets, str(material.month)
    columns = measures_of("unit_name", **{YEAR: "target_year_100m"})
    of_month = measures_of(**{MONTH: "target_month_100m", DONE: "target_done_100m"})
    columns |= {id: _up_to(one, month) for id, one in of_month.items()}
    columns |= measures_of(**{GAP: "target_gap_100m"})
    later = [one for one in rows if isinstance(one, int)]
    goal = measure("target_month_100m")
    columns |= {f"to_{one:02d}": _up_to(goal, f"{material.month.year}-{one:02d}") for one in later}
    columns = {id: replace(one, unit=()) for id, one in columns.items()}  # the title tells it
    named = rows.rename(columns={"unit": "unit_name"} | {one: f"to_{one:02d}" for one in later})
    title = Text("各责任单位投资目标", "Targets of investment by unit")
    return Table(named, title, columns, lang).where_known()


def _up_to(of: Measure, month: str) -> Measure:
    """Return a column of figures since January, called by its last month."""
    zh, en = (window_name(month, lang, year=False) for lang in LANGUAGES)
    return replace(of, name=Text(f"{zh}{of.name.zh}", f"{of.name.en}, {en}"))
