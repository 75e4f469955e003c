"""The register of work: issues, and tasks of the timetable (时间表、路线图).

Method: ``docs/methods/ledger-issues.md``. Days are whole days up to the end of a month; NaN = not
known.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE
from faiwatch.data.schema import TEXT
from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger.sheets import choice_words, days_of, share_pct
from faiwatch.ledger.status import FACTOR_CAUSES, named

REGISTER = [
    *("issue_id", PROJECT_CODE, "class", "cause", "opened", "due", "closed"),
    *("is_open", "age_days", "overdue_days", "n_reopened"),
    *("owner_unit", "action", "evidence", *TRACE),
]
TASKS = [
    *("id", "parent", PROJECT_CODE, "title", "due", "done", "owner"),
    *("is_done", "is_late", "overdue_days", *TRACE),
]
_HELD_UP = ("not_started_due", "slow")
_MOST = 0.9  # the quantile that is called p90


def open_issues(issues: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return the issues that are open at the end of a month, in the order of the sheet.

    Parameters
    ----------
    issues : DataFrame
        Table ``issues``; the rows of its latest month up to `as_of` count, and those without one.
    as_of : Period
        The month.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"issue_id": ["1", "2", "3"], "project_code": "甲", "cause": "land"}
    >>> rows |= {"opened": ["2026-07-01", "2026-08-01", "2026-09-01"]}
    >>> issues = ledger_frame("issues", pd.DataFrame(rows | {"closed": ["2026-08-31", "", ""]}))
    >>> open_issues(issues, as_of=pd.Period("2026-08", "M"))["issue_id"].to_list()
    ['2']
    """
    rows = latest_rows(issues, as_of).drop_duplicates("issue_id")
    return rows[~rows["opened"].gt(as_of.end_time) & ~_is_over(rows, as_of.end_time)]


def issues_of(open_rows: pd.DataFrame, codes: pd.Index) -> pd.DataFrame:
    """Return what is open about each project.

    Parameters
    ----------
    open_rows : DataFrame
        From :func:`open_issues`.
    codes : Index
        The projects.

    Returns
    -------
    DataFrame
        ``n_open_issues classes causes`` by code; classes and causes once each, in the order of
        ``data/ledger_choices.csv``, separated by blanks.
    """
    count = open_rows.groupby(PROJECT_CODE).size().reindex(codes, fill_value=0)
    found = count.to_frame("n_open_issues")
    for name, words in (("class", "classes"), ("cause", "causes")):
        order = [*choice_words("issues", name)]
        told = set(zip(open_rows[PROJECT_CODE], open_rows[name], strict=True))
        listed = [" ".join(one for one in order if (code, one) in told) for code in codes]
        found[words] = pd.Series(listed, index=codes, dtype=TEXT)
    return found


def issue_register(issues: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return every issue known at the end of a month, with its age and whether it is overdue.

    Parameters
    ----------
    issues : DataFrame
        Table ``issues``, as for :func:`open_issues`; the sheets before it tell what was reopened.
    as_of : Period
        The month.

    Returns
    -------
    DataFrame
        Columns :data:`REGISTER`, in the order of the sheet. `age_days` runs from opening to
        closing, or to the end of the month; NaN when it was closed before it was opened, or one
        of the two days is not told. An issue without a day of opening is one from the start.
        `overdue_days` is 0 for what is closed or not due; NaN without a date it is due. `closed`
        after the month is blank.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"issue_id": ["1"], "project_code": ["甲"], "opened": ["2026-08-01"]}
    >>> issues = ledger_frame("issues", pd.DataFrame(rows | {"due": ["2026-08-21"]}))
    >>> found = issue_register(issues, as_of=pd.Period("2026-08", "M"))
    >>> found[["age_days", "overdue_days"]].values.tolist()
    [[30.0, 10.0]]
    """
    end = as_of.end_time.normalize()
    rows = latest_rows(issues, as_of).drop_duplicates("issue_id")
    rows = rows[~rows["opened"].gt(end)].reset_index(drop=True)
    closed, is_over = rows["closed"].where(rows["closed"].le(end)), _is_over(rows, end)
    days = days_of(rows["opened"], rows["due"], closed, end)
    sheets = issues[issues[AS_OF].le(as_of).fillna(False)].drop_duplicates([AS_OF, "issue_id"])
    sheets = sheets.sort_values(["issue_id", AS_OF])
    ends = sheets[AS_OF].dt.to_timestamp(how="end")
    is_closed = sheets["closed"].le(ends) | _said(sheets["is_closed"]) & sheets["closed"].isna()
    same = sheets["issue_id"].eq(sheets["issue_id"].shift())
    was_closed = same & is_closed.shift(fill_value=False)
    again = was_closed & (~is_closed | sheets["closed"].gt(ends.shift()))
    reopened = again.groupby(sheets["issue_id"]).sum()
    told = rows.assign(
        closed=closed,
        is_open=~is_over,
        age_days=days["age_days"].mask(is_over & closed.isna()),
        overdue_days=days["overdue_days"].mask(is_over, 0.0),
        n_reopened=reopened.reindex(rows["issue_id"], fill_value=0).to_numpy(),
    )
    return told[REGISTER]


@dataclass(frozen=True, slots=True)
class IssueFigures:
    """What a register says in numbers.

    Attributes
    ----------
    n, n_open, n_closed : int
        Issues known, and those open and closed at the end of the month.
    closure_rate_pct : float
        Share of the closed ones (销号率); NaN when there is none.
    n_overdue : int
        Open ones past the day they were due.
    n_without_evidence : int
        Closed ones for which nothing says why.
    open_median_days, open_p90_days : float
        Age of the open ones.
    closed_median_days, closed_p90_days : float
        Days that the closed ones took.
    """

    n: int
    n_open: int
    n_closed: int
    closure_rate_pct: float
    n_overdue: int
    n_without_evidence: int
    open_median_days: float
    open_p90_days: float
    closed_median_days: float
    closed_p90_days: float


def issue_figures(register: pd.DataFrame) -> IssueFigures:
    """Return the numbers of a register.

    Parameters
    ----------
    register : DataFrame
        From :func:`issue_register`.
    """
    is_open = register["is_open"]
    n, n_open = len(register), int(is_open.sum())
    ages = {state: register.loc[is_open == state, "age_days"] for state in (True, False)}
    return IssueFigures(
        n=n,
        n_open=n_open,
        n_closed=n - n_open,
        closure_rate_pct=share_pct(n - n_open, n),
        n_overdue=int(register["overdue_days"].gt(0).sum()),
        n_without_evidence=int((~is_open & register["evidence"].eq("")).sum()),
        open_median_days=float(ages[True].median()),
        open_p90_days=float(ages[True].quantile(_MOST)),
        closed_median_days=float(ages[False].median()),
        closed_p90_days=float(ages[False].quantile(_MOST)),
    )


def factor_blocked(now: pd.DataFrame) -> pd.DataFrame:
    """Return the projects held up by land, environment or funds: not started though due, or slow.

    Parameters
    ----------
    now : DataFrame
        From ``standing()``, or those rows of it that are asked about, such as one level.

    Returns
    -------
    DataFrame
        Rows of `now`. Projects are counted, not issues; what is not yet due is not among them.
    """
    blocked = pd.Series(False, index=now.index)
    for cause in FACTOR_CAUSES:
        blocked |= named(now["causes"], cause)
    return now[blocked & now["status"].isin(_HELD_UP)]


def task_list(
    tasks: pd.DataFrame, issues: pd.DataFrame | None = None, *, as_of: pd.Period
) -> pd.DataFrame:
    """Return every task with the days it is overdue at the end of a month, the longest first.

    Parameters
    ----------
    tasks : DataFrame
        Table ``tasks``; the rows of its latest month up to `as_of` count, and those without one.
    issues : DataFrame, optional
        Table ``issues``: a task of an issue is one of its project.
    as_of : Period
        The month.

    Returns
    -------
    DataFrame
        Columns :data:`TASKS`. `done` after the month is blank; `is_late` = done, and after the
        day it was due. `project_code` is the parent where that is no issue.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"id": ["1", "2"], "title": ["甲", "乙"], "due": ["2026-08-30", "2026-09-01"]}
    >>> tasks = ledger_frame("tasks", pd.DataFrame(rows))
    >>> task_list(tasks, as_of=pd.Period("2026-08", "M"))["overdue_days"].to_list()
    [1, 0]
    """
    end = as_of.end_time.normalize()
    rows = latest_rows(tasks, as_of).drop_duplicates("id")
    done = rows["done"].where(rows["done"].le(end))
    is_done = done.notna() | _said(rows["is_done"]) & rows["done"].isna()
    told = rows.assign(
        done=done,
        is_done=is_done,
        is_late=done.gt(rows["due"]),
        overdue_days=(end - rows["due"]).dt.days.clip(lower=0).mask(is_done, 0),
        **{PROJECT_CODE: projects_of_tasks(rows, issues)},
    )
    order = ["overdue_days", "due", "id"]
    return told.sort_values(order, ascending=[False, True, True], ignore_index=True)[TASKS]


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """What a list of tasks says in numbers.

    Attributes
    ----------
    n, n_done, n_late, n_overdue : int
        Tasks; those done; those done after the day they were due; open ones past that day.
    done_pct : float
        Share of those done; NaN when there is none.
    """

    n: int
    n_done: int
    n_late: int
    n_overdue: int
    done_pct: float


def task_figures(listed: pd.DataFrame) -> TaskFigures:
    """Return the numbers of a list of tasks.

    Parameters
    ----------
    listed : DataFrame
        From :func:`task_list`.
    """
    n, n_done = len(listed), int(listed["is_done"].sum())
    return TaskFigures(
        n=n,
        n_done=n_done,
        n_late=int(listed["is_late"].sum()),
        n_overdue=int(listed["overdue_days"].gt(0).sum()),
        done_pct=share_pct(n_done, n),
    )


def projects_of_tasks(tasks: pd.DataFrame, issues: pd.DataFrame | None) -> pd.Series:
    """Return the code of the project that each task is about.

    Parameters
    ----------
    tasks : DataFrame
        Table ``tasks``.
    issues : DataFrame, optional
        Table ``issues``.

    Returns
    -------
    Series
        The project of the issue that is the parent; else the parent, whatever it is.
    """
    parents = tasks["parent"]
    if issues is None:
        return parents
    about = issues.drop_duplicates("issue_id")
    project_of = dict(zip(about["issue_id"], about[PROJECT_CODE], strict=True))
    return parents.map(lambda parent: project_of.get(parent, parent)).astype(TEXT)


def _is_over(issues: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    """Whether each issue is closed by a day: by its date, or if it has none, as was said."""
    return issues["closed"].le(end) | _said(issues["is_closed"]) & issues["closed"].isna()


def _said(flags: pd.Series) -> pd.Series:
    return flags.fillna(False).astype("bool")
