"""What each section of the register of work holds: nothing where its table has no rows.

A page shows the first rows of a long table, a workbook all of them.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Language, Text
from faiwatch.ledger.tables import work as tables
from faiwatch.ledger.tables.cells import MOST
from faiwatch.ledger.work import Work
from faiwatch.view.tables import Table

DECIDED = Text("上次会议议定事项", "Decided last time")
_ALL_DECISIONS = Text("会议议定事项", "Decisions of meetings")


def open_items(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return what is open, with the next step."""
    return [tables.open_table(work, lang=lang, most=most)] if len(work.open) else []


def decisions(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return what was decided last time, and every decision."""
    if work.decisions.empty:
        return []
    every = tables.decision_table(work.decisions, _ALL_DECISIONS, lang=lang, most=most)
    if len(work.decided) in {0, len(work.decisions)}:
        return [every]
    return [tables.decision_table(work.decided, DECIDED, lang=lang, most=most), every]


def notices(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return notices, counted and one by one."""
    if work.notices.empty:
        return []
    return [
        tables.notice_figure_table(work, lang=lang),
        tables.notice_table(work, lang=lang, most=most),
    ]


def leads(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return officials and what they lead."""
    if work.leads.empty:
        return []
    return [
        tables.lead_figure_table(work, lang=lang),
        tables.lead_list_table(work, lang=lang, most=most),
    ]


def reserve(work: Work, *, lang: Language) -> list[Table]:
    """Return the reserve by stage and who moved on, and the projects of the ledger by stage."""
    shown = []
    if len(work.reserve):
        shown.append(tables.stage_table(work, lang=lang))
    if len(work.conversions):
        shown.append(tables.conversion_table(work, lang=lang))
    waiting = work.projects_by_stage["stage"].isin(["planned", "reserve"])
    if work.projects_by_stage.loc[waiting, "n"].any():
        shown.append(tables.project_stage_table(work, lang=lang))
    return shown


def parks(work: Work, *, lang: Language) -> list[Table]:
    """Return all parks together, and each."""
    if work.parks.empty:
        return []
    figures = [tables.park_figure_table(work, lang=lang)] if len(work.park_figures) else []
    return [*figures, tables.park_table(work, lang=lang)]


def contracts(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return the contracts of the year by name."""
    if work.contracts.empty:
        return []
    return [tables.contract_table(work, lang=lang, most=most)]


def match(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return the local match by project."""
    return [tables.match_table(work, lang=lang, most=most)] if len(work.match) else []


def cross_county(work: Work, *, lang: Language) -> list[Table]:
    """Return projects in several counties."""
    found = work.cross_county
    return [tables.cross_county_table(found, lang=lang)] if found.n else []


def environment(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return business environment measures, counted and one by one."""
    if work.measures.empty:
        return []
    return [
        tables.measure_count_table(work, lang=lang),
        tables.measure_table(work, lang=lang, most=most),
    ]


def road_map(work: Work, *, lang: Language, most: int | None = MOST) -> list[Table]:
    """Return the timetable month by month, and item by item."""
    if work.road_map.empty:
        return []
    return [
        tables.month_table(work, lang=lang),
        tables.road_table(work, lang=lang, most=most),
    ]


def work_sheets(work: Work, *, lang: Language) -> list[Table]:
    """Return the sheets of a workbook about the register of work, whole; none that is empty."""
    parts = (open_items, decisions, notices, leads, contracts, match, environment, road_map)
    shown = [table for part in parts for table in part(work, lang=lang, most=None)]
    for whole in (reserve, parks, cross_county):
        shown += whole(work, lang=lang)
    return shown


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
