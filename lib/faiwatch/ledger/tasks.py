"""Tasks of the timetable (时间表、路线图): what is open, and what is overdue.

Method: ``docs/methods/ledger-issues.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.ledger.funding import latest_rows

TASKS = [
    "id",
    "parent",
    PROJECT_CODE,
    "title",
    "due",
    "done",
    "owner",
    "is_done",
    "is_late",
    "overdue_days",
    "file",
    "sheet",
    "row",
]


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
    late = (end - rows["due"]).dt.days.clip(lower=0).mask(done.notna(), 0)
    told = rows.assign(
        done=done,
        is_done=done.notna(),
        is_late=done.gt(rows["due"]),
        overdue_days=late,
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
    overdue_median_days : float
        Of the overdue ones.
    """

    n: int
    n_done: int
    n_late: int
    n_overdue: int
    done_pct: float
    overdue_median_days: float


def task_figures(listed: pd.DataFrame) -> TaskFigures:
    """Return the numbers of a list of tasks.

    Parameters
    ----------
    listed : DataFrame
        From :func:`task_list`.
    """
    overdue = listed.loc[listed["overdue_days"] > 0, "overdue_days"]
    n, n_done = len(listed), int(listed["is_done"].sum())
    return TaskFigures(
        n=n,
        n_done=n_done,
        n_late=int(listed["is_late"].sum()),
        n_overdue=len(overdue),
        done_pct=100 * n_done / n if n else np.nan,
        overdue_median_days=float(overdue.median()),
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
    return parents.map(lambda parent: project_of.get(parent, parent)).astype("str")
