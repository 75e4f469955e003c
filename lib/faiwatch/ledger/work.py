"""Everything that the register of work says about one month, from one place.

Method: ``docs/methods/ledger-register.md``. A table without rows has an empty frame here, and
nothing is said of it anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.contracts import contract_list
from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger.leads import lead_figures, lead_list
from faiwatch.ledger.notices import notice_figures, notice_register
from faiwatch.ledger.parks import park_figures, park_list
from faiwatch.ledger.pipeline import UNTOLD, WAITING, Conversion, conversion, pipeline
from faiwatch.ledger.reserve import by_stage, conversions, reserve_list, stage_moves
from faiwatch.ledger.road_map import by_month, road_map
from faiwatch.ledger.sheets import choice_words, share_pct, sheet_of, total_10k
from faiwatch.ledger.work_list import decided_on, decision_list, work_list

MATCH = [PROJECT_CODE, "name", "unit", "needed_10k", "paid_10k", "lacking_10k", "paid_pct", *TRACE]
CROSS_COUNTY = [
    PROJECT_CODE,
    "name",
    "area",
    "unit",
    "status",
    "total_10k",
    "cum_done_10k",
    "cum_done_pct",
    "annual_plan_10k",
    "ytd_done_10k",
    "done_pct",
    *TRACE,
]


@dataclass(frozen=True)
class CrossCounty:
    """Projects in two or more counties, and their completion.

    Attributes
    ----------
    projects : DataFrame
        Columns :data:`CROSS_COUNTY`, the largest first.
    n, n_completed, n_untold : int
        Those whose flag says yes; those of them that are completed; projects without a flag.
    cum_done_pct : float
        Done since the start over total investment, of the `n_known` that tell both.
    n_known : int
        Number of those.
    """

    projects: pd.DataFrame
    n: int
    n_completed: int
    n_untold: int
    cum_done_pct: float
    n_known: int


@dataclass(frozen=True)
class Work:
    """The register of work at the end of a month; frames are empty where their table is.

    Attributes
    ----------
    as_of : Period
        The month.
    items : DataFrame
        Issues, tasks, decisions and notices in one list, from
        :func:`faiwatch.ledger.work_list.work_list`.
    decisions, decided : DataFrame
        Every decision, and those of the last meeting with minutes.
    notices, notice_figures : DataFrame
        Every problem of a notice, and their numbers by direction.
    leads, lead_figures : DataFrame
        Projects by the official who leads them, and the numbers of each official.
    reserve, stages, moves, conversions : DataFrame
        Projects in reserve; their numbers by stage; moves from each sheet to the next; and how
        many moved on.
    projects_by_stage : DataFrame
        Projects of the ledger by stage.
    projects_moved : Conversion or None
        How they moved since the sheet before; None when there is none.
    parks, park_figures : DataFrame
        Each park, and all of them.
    contracts : DataFrame
        Contracts signed this year, by name.
    match : DataFrame
        Local match by project, what is lacking most first.
    cross_county : CrossCounty
        Projects in two or more counties.
    measures, measure_counts : DataFrame
        Business environment measures, and their numbers by kind and state.
    road_map, months : DataFrame
        What must happen, and its numbers by month.
    """

    as_of: pd.Period
    items: pd.DataFrame
    decisions: pd.DataFrame
    decided: pd.DataFrame
    notices: pd.DataFrame
    notice_figures: pd.DataFrame
    leads: pd.DataFrame
    lead_figures: pd.DataFrame
    reserve: pd.DataFrame
    stages: pd.DataFrame
    moves: pd.DataFrame
    conversions: pd.DataFrame
    projects_by_stage: pd.DataFrame
    projects_moved: Conversion | None
    parks: pd.DataFrame
    park_figures: pd.DataFrame
    contracts: pd.DataFrame
    match: pd.DataFrame
    cross_county: CrossCounty
    measures: pd.DataFrame
    measure_counts: pd.DataFrame
    road_map: pd.DataFrame
    months: pd.DataFrame

    @property
    def open(self) -> pd.DataFrame:
        """What is open, the longest overdue first."""
        return self.items[~self.items["is_done"]].reset_index(drop=True)

    @property
    def waiting(self) -> pd.DataFrame:
        """Stages of projects of the ledger that wait to start, where there are any."""
        rows = self.projects_by_stage
        return rows[rows["stage"].isin(WAITING) & rows["n"].gt(0)]


def study_work(
    tables: Mapping[str, pd.DataFrame],
    stands: pd.DataFrame,
    before: pd.DataFrame | None,
    *,
    as_of: pd.Period,
    meeting: pd.Timestamp,
) -> Work:
    """Return everything that the register of work says about one month.

    Parameters
    ----------
    tables : mapping
        Every table of the ledger; those that it lacks are empty.
    stands, before : DataFrame
        From ``standing()`` of the month, and of the sheet before it, None without one.
    as_of : Period
        The month.
    meeting : Timestamp
        Day of the last meeting.
    """
    items = work_list(tables, as_of=as_of)
    decisions = decision_list(tables["minutes"], as_of=as_of)
    notices = notice_register(tables["notices"], as_of=as_of)
    leads = lead_list(tables["leads"], stands, as_of=as_of)
    reserve = reserve_list(tables["pipeline"], as_of=as_of)
    moves = stage_moves(tables["pipeline"], as_of=as_of)
    parks = park_list(tables["parks"], as_of=as_of)
    measures = latest_rows(tables["measures"], as_of).drop_duplicates("id")
    plan = road_map(tables, as_of, stands=stands, work=items)
    return Work(
        as_of=as_of,
        items=items,
        decisions=decisions,
        decided=decided_on(decisions, meeting),
        notices=notices,
        notice_figures=notice_figures(notices),
        leads=leads,
        lead_figures=lead_figures(leads),
        reserve=reserve,
        stages=by_stage(reserve),
        moves=moves,
        conversions=conversions(moves),
        projects_by_stage=pipeline(stands),
        projects_moved=None if before is None else conversion(stands, before),
        parks=parks,
        park_figures=park_figures(parks),
        contracts=contract_list(tables["contracts"], as_of=as_of),
        match=match_list(tables["projects"], as_of=as_of),
        cross_county=cross_county(tables["projects"], stands, as_of=as_of),
        measures=measures.reset_index(drop=True),
        measure_counts=measure_counts(measures),
        road_map=plan,
        months=by_month(plan),
    )


def match_list(projects: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return the projects that have to add local money, those that lack most first.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    as_of : Period
        The month.

    Returns
    -------
    DataFrame
        Columns :data:`MATCH`; `lacking_10k` and `paid_pct` are NaN where it is not told what was
        paid.
    """
    sheet = sheet_of(projects, as_of).reset_index()
    rows = sheet[sheet["local_match"].gt(0)]
    needed, paid = rows["local_match"], rows["local_match_arrived"]
    told = rows.assign(
        needed_10k=needed,
        paid_10k=paid,
        lacking_10k=(needed - paid).clip(lower=0.0),
        paid_pct=100 * paid.clip(upper=needed) / needed,
    )
    order = ["lacking_10k", PROJECT_CODE]
    return told.sort_values(order, ascending=[False, True], ignore_index=True)[MATCH]


def cross_county(projects: pd.DataFrame, stands: pd.DataFrame, *, as_of: pd.Period) -> CrossCounty:
    """Return the projects in two or more counties, and their completion.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    stands : DataFrame
        From ``standing()`` of the month.
    as_of : Period
        The month.
    """
    flag = sheet_of(projects, as_of)["cross_county"]
    says_yes = stands[PROJECT_CODE].map(flag).fillna(False).astype("bool")
    rows = stands[says_yes]
    total, done = rows["total_10k"], rows["cum_done_10k"]
    is_known = total.gt(0) & done.notna()
    told = rows.assign(cum_done_pct=100 * done / total.where(total > 0))
    return CrossCounty(
        told.sort_values(["total_10k", PROJECT_CODE], ascending=[False, True], ignore_index=True)[
            CROSS_COUNTY
        ],
        n=len(rows),
        n_completed=int(rows["status"].eq("completed").sum()),
        n_untold=int(flag.isna().sum()),
        cum_done_pct=share_pct(total_10k(done[is_known]), total_10k(total[is_known])),
        n_known=int(is_known.sum()),
    )


def measure_counts(measures: pd.DataFrame) -> pd.DataFrame:
    """Return how many measures there are of each kind, by state.

    Returns
    -------
    DataFrame
        ``kind``, a column for each state, ``untold`` and ``n``, in the order of
        ``data/ledger_choices.csv``; kinds without a measure have no row.
    """
    kinds, states = ([*choice_words("measures", name), UNTOLD] for name in ("kind", "state"))
    of_kind, of_state = (
        measures[name].mask(measures[name].eq(""), UNTOLD) for name in ("kind", "state")
    )
    counts = pd.crosstab(of_kind, of_state).reindex(index=kinds, columns=states, fill_value=0)
    counts = counts.assign(n=counts.sum(axis="columns"))
    return counts[counts["n"] > 0].rename_axis(index="kind", columns=None).reset_index()
