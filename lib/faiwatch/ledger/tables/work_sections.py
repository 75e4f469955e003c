"""What each section of the register of work holds: nothing where its table has no rows.

A page shows the first rows of a long table, a workbook all of them.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from faiwatch.core.text import Language, Text
from faiwatch.ledger.tables import work as tables
from faiwatch.ledger.tables.cells import MOST
from faiwatch.ledger.work import Work
from faiwatch.view.tables import Table

_LEFT_OUT = frozenset({"place", "age"})
DECIDED = Text("上次会议议定事项", "Decided last time")
_ALL_DECISIONS = Text("会议议定事项", "Decisions of meetings")


def open_items(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return what is open, with the next step."""
    return _fitted([tables.open_table(work, lang=lang, most=most)], most) if len(work.open) else []


def decisions(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return what was decided last time, and every decision."""
    if work.decisions.empty:
        return []
    every = tables.decision_table(work.decisions, _ALL_DECISIONS, lang=lang, most=most)
    if most is None or len(work.decided) in {0, len(work.decisions)}:
        return _fitted([every], most)
    last = tables.decision_table(work.decided, DECIDED, lang=lang, most=most)
    return _fitted([last, every], most)


def notices(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return notices, counted and one by one."""
    if work.notices.empty:
        return []
    figures = tables.notice_figure_table(work, lang=lang)
    return _fitted([figures, tables.notice_table(work, lang=lang, most=most)], most)


def leads(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return officials and what they lead."""
    if work.leads.empty:
        return []
    figures = tables.lead_figure_table(work, lang=lang)
    return _fitted([figures, tables.lead_list_table(work, lang=lang, most=most)], most)


def reserve(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return the reserve by stage and who moved on, and the projects of the ledger by stage."""
    shown = []
    if len(work.reserve):
        shown.append(tables.stage_table(work, lang=lang))
        shown.append(tables.reserve_table(work, lang=lang, most=most))
    if len(work.conversions):
        shown.append(tables.conversion_table(work, lang=lang))
    waiting = work.projects_by_stage["stage"].isin(["planned", "reserve"])
    if work.projects_by_stage.loc[waiting, "n"].any():
        shown.append(tables.project_stage_table(work, lang=lang))
    return _fitted(shown, most)


def parks(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return all parks together, and each."""
    if work.parks.empty:
        return []
    figures = [tables.park_figure_table(work, lang=lang)] if len(work.park_figures) else []
    return _fitted([*figures, tables.park_table(work, lang=lang)], most)


def contracts(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return the contracts of the year by name."""
    if work.contracts.empty:
        return []
    return _fitted([tables.contract_table(work, lang=lang, most=most)], most)


def match(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return the local match by project."""
    if work.match.empty:
        return []
    return _fitted([tables.match_table(work, lang=lang, most=most)], most)


def cross_county(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return projects in several counties."""
    found = work.cross_county
    if not found.n:
        return []
    return _fitted([tables.cross_county_table(found, lang=lang, most=most)], most)


def environment(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return business environment measures, counted and one by one."""
    if work.measures.empty:
        return []
    counts = tables.measure_count_table(work, lang=lang)
    return _fitted([counts, tables.measure_table(work, lang=lang, most=most)], most)


def road_map(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return the timetable month by month, and item by item."""
    if work.road_map.empty:
        return []
    months = tables.month_table(work, lang=lang, most=most)
    return _fitted([months, tables.road_table(work, lang=lang, most=most)], most)


def work_sheets(work: Work, *, lang: Language) -> list[Table]:
    """Return the sheets of a workbook about the register of work, whole; none that is empty."""
    about = (open_items, decisions, notices, leads, contracts, match)
    parts = (*about, reserve, parks, cross_county, environment, road_map)
    return [table for part in parts for table in part(work, lang=lang, most=None)]


def result_frames(work: Work) -> dict[str, pd.DataFrame]:
    """Return the frames behind these tables by the name of their file; none that is empty."""
    frames = {
        "open_items": work.open,
        "decisions": work.decisions,
        "notices": work.notices,
        "lead_projects": work.leads,
        "pipeline": work.reserve,
        "pipeline_moves": work.moves,
        "pipeline_conversions": work.conversions,
        "parks": work.parks,
        "contract_list": work.contracts,
        "local_match": work.match,
        "cross_county": work.cross_county.projects,
        "business_environment": work.measures,
        "road_map": work.road_map,
    }
    return {name: frame for name, frame in frames.items() if len(frame)}


def _fitted(shown: list[Table], most: int | None) -> list[Table]:
    """Return tables as a page has room for them: places and ages stand in the workbook."""
    if most is None:
        return shown
    return [
        replace(
            one,
            columns={name: column for name, column in one.columns.items() if name not in _LEFT_OUT},
        )
        for one in shown
    ]
