"""Everything that a page says about one month of a ledger, from one place.

Method: ``docs/methods/ledger-page.md``. Amounts in 万元, shares in percent; NaN = not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from faiwatch.core.errors import DataMissingError
from faiwatch.core.finding import Coverage as Known
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import PROJECT_CODE, ledger_tables
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.data.light_rules import LightPreset
from faiwatch.ledger.agenda import agenda, stopped_list, visit_list
from faiwatch.ledger.attribution import Attribution, attribution
from faiwatch.ledger.contracts import Funnel, contract_funnel
from faiwatch.ledger.coverage import coverage_of, state_of
from faiwatch.ledger.funding import Coverage, bond_use, element_matrix, funds_in_place, local_match
from faiwatch.ledger.light_board import LightBoard, light_board
from faiwatch.ledger.light_measures import region_measures
from faiwatch.ledger.progress import BEHIND, group_coverage, lag_list, progress_table
from faiwatch.ledger.readiness import Delivery, delivery
from faiwatch.ledger.reconcile import Reconciliation, reconcile
from faiwatch.ledger.register import issue_register, open_issues, task_list
from faiwatch.ledger.schedule import MONTHS, time_pct
from faiwatch.ledger.scorecards import scorecard
from faiwatch.ledger.sheets import PER_100M, months_of, total_10k
from faiwatch.ledger.standing import Standings
from faiwatch.ledger.starts import Starts, start_rates
from faiwatch.ledger.status import UNKNOWN
from faiwatch.ledger.work import Work, study_work
from faiwatch.stats.cumulative import month_before

NEXT = ["next_unit", "next_due", "next_action", "is_overdue"]


@dataclass(frozen=True)
class Published:
    """What the statistics office published for the month, and what the year's target still needs.

    Attributes
    ----------
    value_100m, growth_pct : float
        Year to date and its growth; NaN = not published.
    required_100m : float
        Investment that the target of the year still needs; NaN = not known.
    rows : DataFrame
        The observation of the month, with file and row.
    city_average_pct : float
        Growth of the whole city, year to date; NaN = not given.
    """

    value_100m: float = np.nan
    growth_pct: float = np.nan
    required_100m: float = np.nan
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    city_average_pct: float = np.nan


@dataclass(frozen=True)
class Totals:
    """What the projects of a month come to.

    Attributes
    ----------
    n, n_lagging, n_lagging_before : int
        Projects; those with a status of :data:`faiwatch.ledger.progress.BEHIND`; those of the
        release before, -1 when it has no sheet, or not all could be judged, then or now.
    unjudged : mapping of str to int
        Rule to the projects that it could not judge.
    shortfall_10k : float
        What the lagging ones are behind even pace; those that are ahead of it do not make up.
        NaN where too much is not known.
    plan_10k, done_10k, done_pct, time_pct : float
        Over the projects that tell both plan and done; NaN where too much is not known.
    judged, short, progress : Known
        Coverage of the number that lag, of the shortfall, and of what was done, see
        :mod:`faiwatch.ledger.coverage`.
    required_per_month_10k, pace_per_month_10k : float
        Workload of each month left to fulfil the plans, NaN in December; what was done a month.
    """

    n: int
    n_lagging: int
    n_lagging_before: int
    unjudged: Mapping[str, int]
    shortfall_10k: float
    plan_10k: float
    done_10k: float
    done_pct: float
    time_pct: float
    required_per_month_10k: float
    pace_per_month_10k: float
    judged: Known
    short: Known
    progress: Known

    @property
    def n_unjudged(self) -> int:
        """Projects whose status no rule could tell."""
        return sum(self.unjudged.values())


MEETINGS = ("meeting", "push_meeting", "special_meeting")  # types of event at which people meet


@dataclass(frozen=True, slots=True)
class Meeting:
    """When those who act last met, and what it was called; empty when the ledger does not say."""

    day: pd.Timestamp
    title: str


@dataclass(frozen=True)
class LedgerStudy:
    """One month of a ledger.

    Attributes
    ----------
    as_of : Period
        Month of the sheet.
    tables : mapping
        Every table; those that the ledger lacks are empty.
    standing, before : DataFrame
        From :func:`faiwatch.ledger.standing.standing`, of the month, and of the release before it:
        None when that has no sheet.
    lag : DataFrame
        From :func:`faiwatch.ledger.progress.lag_list`, with who acts next (columns :data:`NEXT`).
    totals : Totals
        What they come to.
    issues : DataFrame
        Those that are open.
    matrix, bonds : DataFrame
        Land, environment and funds of each project; use of each bond, with ``name unit``.
    funds, match : Coverage
        Money in place, and local match.
    funnel : Funnel
        Contracts signed this year.
    reconciliation : Reconciliation
        The ledger beside the statistics.
    attribution : Attribution or None
        None without a sheet of a year before.
    delivery : Delivery or None
        None when what the target still needs is not known.
    starts : Starts
        How many that should start this year have.
    board : LightBoard
        What the rule books say.
    register, tasks : DataFrame
        Every issue, open or closed, and every task, with the days they are overdue.
    meeting : Meeting
        The last one before the end of the month.

    What a page may not ask for is made when it does.
    """

    as_of: pd.Period
    tables: Mapping[str, pd.DataFrame]
    standing: pd.DataFrame
    before: pd.DataFrame | None
    lag: pd.DataFrame
    totals: Totals
    issues: pd.DataFrame
    matrix: pd.DataFrame
    bonds: pd.DataFrame
    funds: Coverage
    match: Coverage
    funnel: Funnel
    reconciliation: Reconciliation
    attribution: Attribution | None
    delivery: Delivery | None
    starts: Starts
    board: LightBoard
    register: pd.DataFrame
    tasks: pd.DataFrame
    meeting: Meeting

    @cached_property
    def agenda(self) -> pd.DataFrame:
        """What has happened since the last meeting."""
        until = self.as_of.end_time.normalize()
        return agenda(self.tables, since=self.meeting.day, until=until, later=self.standing)

    @cached_property
    def cards(self) -> Mapping[Literal["unit", "lead"], pd.DataFrame]:
        """Scorecards by unit and by lead official."""
        return {
            "unit": scorecard(self.standing, "unit", tasks=self.tasks),
            "lead": scorecard(self.standing, "lead", tasks=self.tasks),
        }

    @cached_property
    def visits(self) -> pd.DataFrame:
        """Sites to visit."""
        return visit_list(self.standing)

    @cached_property
    def stopped(self) -> pd.DataFrame:
        """Projects that stand still."""
        return stopped_list(self.standing, self.tables["projects"], as_of=self.as_of)

    @cached_property
    def work(self) -> Work:
        """The register of work: decisions, notices, leads, reserve, parks, road map."""
        return study_work(
            self.tables, self.standing, self.before, as_of=self.as_of, meeting=self.meeting.day
        )


def last_meeting(
    events: pd.DataFrame, minutes: pd.DataFrame | None = None, *, as_of: pd.Period
) -> Meeting:
    """Return when those who act last met: the latest meeting, else the end of the release before.

    Parameters
    ----------
    events : DataFrame
        Table ``events``.
    minutes : DataFrame, optional
        Table ``minutes``: a decision tells of a meeting too.
    as_of : Period
        The month; only meetings before its last day count, and no event of another type.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"date": ["2026-08-12", "2026-08-20"], "type": ["meeting", "interview"]}
    >>> rows |= {"title": ["调度会", "约谈"]}
    >>> last_meeting(ledger_frame("events", pd.DataFrame(rows)), as_of=pd.Period("2026-08", "M"))
    Meeting(day=Timestamp('2026-08-12 00:00:00'), title='调度会')
    """
    is_past = events["date"] < as_of.end_time.normalize()
    before = events[events["type"].isin(MEETINGS) & is_past][["date", "title"]]
    if minutes is not None:
        decided = minutes[minutes["date"] < as_of.end_time.normalize()]
        told = decided[["date", "meeting"]].set_axis(["date", "title"], axis="columns")
        before = pd.concat([told, before], ignore_index=True)
    if before.empty:
        return Meeting(month_before(as_of).end_time.normalize(), "")
    latest = before.sort_values("date", kind="stable").iloc[-1]
    return Meeting(latest["date"], str(latest["title"]))


def ledger_month(projects: pd.DataFrame, *, as_of: pd.Period) -> pd.Period:
    """Return the month of the latest sheet up to `as_of`.

    Raises
    ------
    DataMissingError
        Every sheet is later.
    """
    months = [month for month in months_of(projects) if month <= as_of]
    if not months:
        raise DataMissingError(
            Text("台账没有该月及以前的表", "the ledger has no sheet up to this month"),
            got=str(as_of),
            allowed=", ".join(map(str, months_of(projects))),
        )
    return months[-1]


def study_ledger(
    given: Mapping[str, pd.DataFrame],
    published: Published,
    books: Sequence[LightPreset],
    *,
    as_of: pd.Period,
) -> LedgerStudy:
    """Return everything about one month of a ledger.

    Parameters
    ----------
    given : mapping
        Tables of the ledger; all but ``projects`` may be absent.
    published : Published
        What the statistics office published for that month.
    books : sequence of LightPreset
        Rule books for the lights.
    as_of : Period
        The month; it has a sheet.
    """
    tables = {
        name: given[name] if name in given else ledger_frame(name, pd.DataFrame())
        for name in ledger_tables()
    }
    projects, issues = tables["projects"], tables["issues"]
    standings = Standings(projects, issues)
    stands, before = standings.of(as_of), standings.before(as_of)
    n_before = -1
    if before is not None and before["status"].ne(UNKNOWN).all():
        n_before = int(before["status"].isin(BEHIND).sum())
    opened = open_issues(issues, as_of=as_of)
    whose = stands.set_index(PROJECT_CODE)[["name", "unit", "lead"]]
    bonds = bond_use(tables["bonds"], as_of=as_of).join(whose, on=PROJECT_CODE)
    value, growth, required = published.value_100m, published.growth_pct, published.required_100m
    region = region_measures(
        tables["targets"], as_of=as_of, growth_pct=growth, average_pct=published.city_average_pct
    )
    return LedgerStudy(
        as_of=as_of,
        tables=tables,
        standing=stands,
        before=before,
        lag=with_next_step(lag_list(stands), opened, as_of=as_of),
        totals=totals_of(stands, as_of=as_of, n_before=n_before),
        issues=opened.join(whose, on=PROJECT_CODE),
        matrix=element_matrix(projects, as_of=as_of),
        bonds=bonds.assign(name=bonds["name"].fillna(bonds[PROJECT_CODE])),
        funds=funds_in_place(projects, as_of=as_of),
        match=local_match(projects, as_of=as_of),
        funnel=contract_funnel(tables["contracts"], as_of=as_of),
        reconciliation=reconcile(projects, issues, as_of=as_of, ytd_value_100m=value),
        attribution=attribution(projects, as_of=as_of, ytd_value_100m=value, ytd_yoy_pct=growth)
        if as_of - MONTHS in months_of(projects)
        else None,
        delivery=None
        if np.isnan(required)
        else delivery(projects, as_of=as_of, required_10k=max(0.0, required) * PER_100M),
        starts=start_rates(stands, as_of=as_of),
        board=light_board(tables, books, standings, as_of=as_of, region=region),
        register=issue_register(issues, as_of=as_of),
        tasks=task_list(tables["tasks"], issues, as_of=as_of),
        meeting=last_meeting(tables["events"], tables["minutes"], as_of=as_of),
    )


def with_next_step(lag: pd.DataFrame, opened: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return the lag list with who acts next, columns :data:`NEXT`.

    Parameters
    ----------
    lag : DataFrame
        From :func:`faiwatch.ledger.progress.lag_list`.
    opened : DataFrame
        The open issues.
    as_of : Period
        The month; an issue due before its end is overdue.

    Returns
    -------
    DataFrame
        The next step is the open issue that is due first: its unit, date and action. A project
        without an open issue is its own unit's, without a date.
    """
    first = opened.sort_values("due", kind="stable").drop_duplicates(PROJECT_CODE)
    steps = first.set_index(PROJECT_CODE)[["owner_unit", "due", "action"]]
    found = lag.join(steps.set_axis(NEXT[:3], axis="columns"), on=PROJECT_CODE)
    unit = found["next_unit"].fillna("")
    return found.assign(
        next_unit=unit.where(unit.ne(""), found["unit"]),
        next_action=found["next_action"].fillna(""),
        is_overdue=found["next_due"].le(as_of.end_time),
    )


def totals_of(stands: pd.DataFrame, *, as_of: pd.Period, n_before: int) -> Totals:
    """Return what the projects of a month come to; `n_before` lagged at the release before."""
    whole = progress_table(stands).iloc[0]
    plan, done = float(whole["plan_10k"]), float(whole["done_10k"])
    lags, judged = stands["status"].isin(BEHIND), stands["status"].ne(UNKNOWN)
    lagging, weight = stands[lags], stands["annual_plan_10k"]
    unjudged = stands.loc[~judged, "rule"].value_counts()
    short = coverage_of(judged & ~(lags & stands["shortfall_10k"].isna()), weight=weight)
    shortfall = total_10k(lagging["shortfall_10k"].clip(lower=0.0))
    left = MONTHS - as_of.month
    return Totals(
        n=len(stands),
        n_lagging=len(lagging),
        n_lagging_before=-1 if len(unjudged) else n_before,
        unjudged={str(rule): int(n) for rule, n in unjudged.items()},
        shortfall_10k=np.nan if state_of(short) == "missing" else shortfall,
        plan_10k=plan,
        done_10k=done,
        done_pct=float(whole["done_pct"]),
        time_pct=time_pct(as_of),
        required_per_month_10k=float(np.maximum(0.0, plan - done)) / left if left else np.nan,
        pace_per_month_10k=done / as_of.month,
        judged=coverage_of(judged, weight=weight),
        short=short,
        progress=group_coverage(whole),
    )
