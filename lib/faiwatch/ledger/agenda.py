"""What a meeting talks about: what has happened since the last one, where to go, what stands still.

Method: ``docs/methods/ledger-agenda.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from faiwatch.core.phrases import say, texts_of
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger.schedule import month_numbers
from faiwatch.ledger.sheets import first_true, months_of, required_sheet
from faiwatch.ledger.standing import standing
from faiwatch.ledger.work_list import dated_work, ladder

KINDS = texts_of("ledger.words_agenda")
ITEMS = texts_of("ledger.words_items")
# From what needs nobody to what needs somebody most; moving down the list is an escalation.
SEVERITY = (
    ("normal", "completed", "not_due", "unknown"),
    ("slow", "not_started_due"),
    ("funds_missing",),
    ("stopped",),
    ("investor_exit",),
)
AGENDA = [
    *("kind", "item", "id", PROJECT_CODE, "title", "owner"),
    *("was", "became", "day", "overdue_days", *TRACE),
]

VISITED = ("slow", "stopped")
MOST_VISITS = 10
VISITS = [
    *(PROJECT_CODE, "name", "area", "unit", "lead", "status"),
    *("shortfall_10k", "deviation_pp", "causes", *TRACE),
]
STOPPED = [
    *(PROJECT_CODE, "name", "unit", "lead", "owner", "stop_date", "stopped_months"),
    *("total_10k", "cum_done_10k", "left_10k", "causes", "problem", "remedy", *TRACE),
]


def agenda(
    tables: Mapping[str, pd.DataFrame],
    *,
    since: pd.Timestamp,
    until: pd.Timestamp,
    escalate_after_days: int | None = None,
    later: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what is new, overdue, escalated or closed since the last meeting.

    Parameters
    ----------
    tables : mapping
        The ledger: ``projects`` and, where there are, ``issues``, ``tasks``, ``minutes`` and
        ``notices``.
    since, until : Timestamp
        Days of the last meeting and of this one; what happened on the first is not told again.
    escalate_after_days : int, optional
        What has days is passed up when it is overdue by more days than this; by default those of
        the second step of ``data/escalation_rules.csv``.
    later : DataFrame, optional
        Where projects stand by the last complete sheet; worked out when it is not given.

    Returns
    -------
    DataFrame
        Columns :data:`AGENDA`, by :data:`KINDS`, then the longest overdue. Each item stands once,
        in the first kind that fits. Projects are compared between the last sheets that were
        complete on the two days (`was`, `became`: their status); there is nothing to tell of them
        when that is one sheet. `day` is when an item was opened, due or closed; NaT for projects.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"issue_id": ["1", "2"], "project_code": "甲", "opened": "2026-03-01"}
    >>> issues = ledger_frame("issues", pd.DataFrame(rows | {"due": ["2026-08-05", "2026-07-05"]}))
    >>> week = {"since": pd.Timestamp("2026-08-03"), "until": pd.Timestamp("2026-08-10")}
    >>> agenda({"issues": issues}, **week)[["kind", "id", "overdue_days"]].values.tolist()
    [['escalated', '2', 36], ['overdue', '1', 5]]
    """
    month = until.to_period("M")
    limit = escalate_after() if escalate_after_days is None else escalate_after_days
    parts = [_nothing()]
    if "projects" in tables:
        parts.append(_projects(tables, since, until, later))
    parts += [_dated(rows, since, until, limit) for rows in dated_work(tables, as_of=month)]
    found = pd.concat(parts, ignore_index=True)
    found = found.assign(order=found["kind"].map(list(KINDS).index)).sort_values(
        ["order", "overdue_days", "item", "id"],
        ascending=[True, False, True, True],
        ignore_index=True,
    )
    return found[AGENDA]


def escalate_after() -> int:
    """Return the days overdue above which something is passed up: the second step of the ladder.

    Examples
    --------
    >>> escalate_after()
    30
    """
    return list(ladder().values())[1][0]


def visit_list(now: pd.DataFrame, *, most: int = MOST_VISITS) -> pd.DataFrame:
    """Return the projects to visit: those that are slow or stopped, the largest shortfall first.

    Parameters
    ----------
    now : DataFrame
        From ``standing()``.
    most : int
        How many.

    Returns
    -------
    DataFrame
        Columns :data:`VISITS`. Projects that are not behind by amount are left out.
    """
    chosen = now[now["status"].isin(VISITED) & now["shortfall_10k"].gt(0)]
    order = ["shortfall_10k", PROJECT_CODE]
    listed = chosen.sort_values(order, ascending=[False, True], ignore_index=True)
    return listed.head(most)[VISITS]


def visit_rule(*, most: int = MOST_VISITS) -> Text:
    """Return the rule of :func:`visit_list` in words, to be printed with it.

    Examples
    --------
    >>> visit_rule(most=5).zh
    '进展缓慢或停建且较序时进度有欠额的项目，按欠额（万元）从大到小取前 5 个；相同按项目代码'
    """
    return say("ledger.agenda.slow_or_stopped", most=most)


def stopped_list(now: pd.DataFrame, projects: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return the projects that stand still, for how long, and why; the longest first.

    Parameters
    ----------
    now : DataFrame
        From ``standing()``.
    projects : DataFrame
        Table ``projects``: problem and remedy as reported.
    as_of : Period
        Month of both.

    Returns
    -------
    DataFrame
        Columns :data:`STOPPED`. `stopped_months` counts from the month of the stop; NaN where its
        date is not known or after the month. `left_10k` is total investment less what was done,
        not below zero.

    Raises
    ------
    DataMissingError
        The month has no sheet.
    """
    halted = now[now["status"].eq("stopped")]
    words = required_sheet(projects, as_of)[["problem", "remedy"]]
    dated = halted["stop_date"].where(halted["stop_date"].le(as_of.end_time))
    number = month_numbers(pd.Series([as_of.end_time])).item()
    left = (halted["total_10k"] - halted["cum_done_10k"]).clip(lower=0.0)
    told = halted.assign(stopped_months=number - month_numbers(dated), left_10k=left)
    told = told.join(words, on=PROJECT_CODE)
    order = ["stopped_months", PROJECT_CODE]
    return told.sort_values(order, ascending=[False, True], ignore_index=True)[STOPPED]


def _dated(
    rows: pd.DataFrame, since: pd.Timestamp, until: pd.Timestamp, limit: int
) -> pd.DataFrame:
    """Return what the days of issues, tasks, decisions or notices tell."""
    opened = pd.to_datetime(rows["opened"])
    rows = rows[~opened.gt(until)]
    opened, due, done = (pd.to_datetime(rows[name]) for name in ("opened", "due", "done"))
    then, now = ((day - due).dt.days.mask(done.le(day)) for day in (since, until))
    conditions = {
        "escalated": now.gt(limit) & ~then.gt(limit),
        "overdue": now.gt(0) & ~then.gt(0),
        "new": opened.gt(since) & ~done.le(until),
        "still_overdue": now.gt(0),
        "closed": done.gt(since) & done.le(until),
    }
    kind = first_true(conditions, "")
    told = rows.assign(
        kind=kind,
        was="",
        became="",
        day=due.mask(kind.eq("new"), opened).mask(kind.eq("closed"), done),
        overdue_days=now.fillna(0).clip(lower=0).astype("int64"),
    )
    return told.loc[told["kind"].ne(""), AGENDA]


def _projects(
    tables: Mapping[str, pd.DataFrame],
    since: pd.Timestamp,
    until: pd.Timestamp,
    later: pd.DataFrame | None,
) -> pd.DataFrame:
    """Return the projects that are new, or whose status moved, between two sheets."""
    projects = tables["projects"]
    now, then = (
        max((one for one in months_of(projects) if one.end_time.normalize() <= day), default=None)
        for day in (until, since)
    )
    if now is None or then is None or now == then:
        return _nothing()
    issues = tables.get("issues")
    if issues is not None:  # one register for both sheets: its days say what was open when
        issues = latest_rows(issues, until.to_period("M"))
        issues = issues.assign(**{AS_OF: pd.PeriodIndex([pd.NaT] * len(issues), freq="M")})
    later = standing(projects, issues, as_of=now) if later is None else later
    sooner = standing(projects, issues, as_of=then)
    was = later[PROJECT_CODE].map(sooner.set_index(PROJECT_CODE)["status"])
    level = {status: at for at, group in enumerate(SEVERITY) for status in group}
    moved = later["status"].map(level) - was.map(level)
    kinds = {"new": was.isna(), "escalated": moved.gt(0), "improved": moved.lt(0)}
    told = later.assign(
        kind=first_true(kinds, ""),
        item="project",
        id=later[PROJECT_CODE],
        title=later["name"],
        owner=later["unit"],
        was=was.fillna("").astype("str"),
        became=later["status"],
        day=pd.Series(pd.NaT, index=later.index, dtype="datetime64[ns]"),
        overdue_days=0,
    )
    return told.loc[told["kind"].ne(""), AGENDA]


def _nothing() -> pd.DataFrame:
    text = dict.fromkeys(AGENDA, "str")
    return pd.DataFrame(columns=AGENDA).astype(
        text | {"day": "datetime64[ns]", "overdue_days": "int64", "row": "int64"}
    )
