"""Who holds what: progress and issues by unit or by lead official, for internal use.

Method: ``docs/methods/ledger-progress.md``.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.ledger.progress import BEHIND, progress_table

FEWEST = 3  # projects of somebody who is ranked
CARD = [
    *("n", "n_unknown", "plan_10k", "done_10k"),
    *("done_pct", "deviation_pp", "schedule_deviation_pp", "shortfall_10k"),
    *("n_behind", "n_not_started_due", "n_slow", "n_open_issues", "n_overdue_tasks", "rank"),
]


def scorecard(
    now: pd.DataFrame, by: Literal["unit", "lead"], *, tasks: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return one row for each unit or lead official, with its number of projects.

    Parameters
    ----------
    now : DataFrame
        From ``standing()``.
    by : {"unit", "lead"}
        Who.
    tasks : DataFrame, optional
        From :func:`faiwatch.ledger.register.task_list`.

    Returns
    -------
    DataFrame
        The column `by` (empty = nobody is named) and :data:`CARD`. `rank` counts from 1, the
        furthest ahead of even pace, equals alike; NaN for fewer than :data:`FEWEST` projects,
        where nobody is named, and without a deviation. The ranked stand first.

    Examples
    --------
    >>> rows = {"project_code": list("甲乙丙丁"), "unit": ["住建局"] * 3 + ["交通局"]}
    >>> rows |= {"annual_plan_10k": 100.0, "ytd_done_10k": [50.0, 40.0, 30.0, 90.0]}
    >>> rows |= {"status": "normal", "n_open_issues": 0, "total_10k": 500.0}
    >>> rows |= {"schedule_pct": 50.0, "time_pct": 50.0, "done_by_rule": False}
    >>> now = pd.DataFrame(rows)
    >>> scorecard(now, "unit")[["unit", "n", "deviation_pp", "rank"]].values.tolist()
    [['住建局', 3, -10.0, 1.0], ['交通局', 1, 40.0, nan]]
    """
    overdue = pd.Series(0, index=now.index)
    if tasks is not None:
        late = tasks.loc[tasks["overdue_days"] > 0, PROJECT_CODE].value_counts()
        overdue = now[PROJECT_CODE].map(late).fillna(0).astype("int64")
    status = now["status"]
    counts = pd.DataFrame(
        {
            "n_behind": status.isin(BEHIND),
            "n_not_started_due": status.eq("not_started_due"),
            "n_slow": status.eq("slow"),
            "n_open_issues": now["n_open_issues"],
            "n_overdue_tasks": overdue,
        }
    )
    sums = counts.groupby(now[by]).sum().astype("int64")
    card = progress_table(now, [by]).join(sums, on=by)
    ranked = card["n"].ge(FEWEST) & card[by].ne("")
    card = card.assign(rank=card["deviation_pp"].where(ranked).rank(ascending=False, method="min"))
    return card.sort_values(["rank", by], ignore_index=True)[[by, *CARD]]
