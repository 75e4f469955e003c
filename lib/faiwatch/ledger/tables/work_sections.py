"""What each section of the register of work holds: nothing where its table has no rows.

A page shows the first rows of a long table, a workbook all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

import pandas as pd

from faiwatch.core.text import Language
from faiwatch.ledger.road_map import STATES
from faiwatch.ledger.schedule import MONTHS
from faiwatch.ledger.tables import work as tables
from faiwatch.ledger.tables.cells import cut
from faiwatch.ledger.work import Work
from faiwatch.view.tables import Table

# On a page: places and ages stand in the workbook, and there is no room for who wrote to whom.
_LEFT_OUT = frozenset({"place", "age", "document_no", "sender", "receiver"})
# Each table, behind the rows of the register without which it is left out.
_Parts = Sequence[tuple[str, Callable[..., Table]]]
_SECTIONS: Mapping[str, _Parts] = {
    "open_items": [("open", tables.open_table)],
    "decisions": [("decisions", tables.decision_table)],
    "notices": [("notices", tables.notice_figure_table), ("notices", tables.notice_table)],
    "leads": [("leads", tables.lead_figure_table), ("leads", tables.lead_list_table)],
    "contracts": [("contracts", tables.contract_table)],
    "match": [("match", tables.match_table)],
    "reserve": [
        ("reserve", tables.stage_table),
        ("reserve", tables.reserve_table),
        ("conversions", tables.conversion_table),
        ("waiting", tables.project_stage_table),
    ],
    "parks": [("park_figures", tables.park_figure_table), ("parks", tables.park_table)],
    "cross_county": [("cross_county.projects", tables.cross_county_table)],
    "environment": [("measures", tables.measure_count_table), ("measures", tables.measure_table)],
    "road_map": [("road_map", tables.month_table), ("road_map", tables.road_table)],
}


def work_section(name: str, work: Work, *, lang: Language) -> list[Table]:
    """Return the tables of one section as a page has room for them.

    Parameters
    ----------
    name : str
        The section.
    work : Work
        From :func:`faiwatch.ledger.work.study_work`.
    lang : {"zh", "en"}
        Language.
    """
    parts = _SECTIONS[name]
    if name == "decisions" and len(work.decided) < len(work.decisions):
        parts = [("decided", tables.last_decision_table), *parts]
    if name == "road_map":  # what is late first, and the months until a year from now
        order = work.road_map["state"].map(list(STATES).index)
        ordered = work.road_map.assign(order=order).sort_values(["order", "day"], kind="stable")
        near = work.months["month"].le(work.as_of + MONTHS)
        work = replace(work, road_map=ordered, months=work.months[near])
    return [
        cut(replace(one, columns={at: of for at, of in one.columns.items() if at not in _LEFT_OUT}))
        for one in _shown(parts, work, lang)
    ]


def work_sheets(work: Work, *, lang: Language) -> list[Table]:
    """Return the sheets of a workbook about the register of work, whole; none that is empty."""
    return [one for parts in _SECTIONS.values() for one in _shown(parts, work, lang)]


def _shown(parts: _Parts, work: Work, lang: Language) -> list[Table]:
    return [table(work, lang=lang) for rows, table in parts if len(attrgetter(rows)(work))]


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
