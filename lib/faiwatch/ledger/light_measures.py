"""What rules for lights ask about projects and groups of projects.

Method: ``docs/methods/ledger-lights.md``. The names are those of
:data:`faiwatch.sources.light_rules.MEASURES`; NaN = not known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from faiwatch.ledger.funding import funds_in_place
from faiwatch.ledger.progress import progress_table
from faiwatch.ledger.schedule import MONTHS, month_numbers
from faiwatch.ledger.sheets import month_before, months_of, required_sheet
from faiwatch.ledger.standing import standing
from faiwatch.ledger.starts import finish_on_time_pct, start_rates
from faiwatch.ledger_tables import PROJECT_CODE


def project_measures(
    projects: pd.DataFrame, issues: pd.DataFrame | None = None, *, as_of: pd.Period
) -> pd.DataFrame:
    """Return where projects stand, with what rules for lights ask beside it.

    Parameters
    ----------
    projects, issues : DataFrame
        As for :func:`faiwatch.ledger.standing.standing`.
    as_of : Period
        Month of the sheet.

    Returns
    -------
    DataFrame
        ``standing()`` and the measures of the subject ``projects``. `start_late_months` is of
        projects that have started, `start_overdue_months` of those that should have: 0 = due this
        month. `schedule_deviation_before_pp` is that of the sheet before in the same year; 0 for
        a project that was not in it, or when there is none: no earlier gap.

    Raises
    ------
    DataMissingError
        The month has no sheet.
    """
    now = standing(projects, issues, as_of=as_of)
    number = MONTHS * as_of.year + as_of.month
    planned = month_numbers(now["planned_start"].fillna(now["original_start"]))
    began = month_numbers(now["actual_start"]).where(now["started"])
    january = number - as_of.month + 1
    waits = ~now["started"]
    recent = planned.ge(january) | began.ge(january) | waits
    return now.assign(
        start_in_question=(now["start_due"] | now["started"]) & recent,
        start_late_months=began - planned,
        start_overdue_months=(number - planned).where(waits & now["start_due"]),
        months_since_start=number - began,
        is_over=now["status"].eq("completed"),
        month=as_of.month,
        schedule_deviation_before_pp=_deviation_before(projects, now[PROJECT_CODE], as_of),
    )


def group_measures(
    now: pd.DataFrame, projects: pd.DataFrame, by: Sequence[str] = (), *, as_of: pd.Period
) -> pd.DataFrame:
    """Return what rules for lights ask about groups of projects.

    Parameters
    ----------
    now : DataFrame
        From ``standing()``.
    projects : DataFrame
        Table ``projects``, for the funds.
    by : sequence of str
        Words that make a group.
    as_of : Period
        Month of both.

    Returns
    -------
    DataFrame
        The columns of `by`, ``n`` and the measures of the subject ``groups``.
    """
    sheet = required_sheet(projects, as_of).reset_index()
    groups = now.groupby(list(by)) if by else [((), now)]
    rows = []
    for key, group in groups:
        starts, progress = start_rates(group, as_of=as_of), progress_table(group).iloc[0]
        funds = sheet[sheet[PROJECT_CODE].isin(group[PROJECT_CODE])]
        figures = {
            "n": len(group),
            "start_rate_planned_pct": starts.rate_planned_pct,
            "start_rate_due_pct": starts.rate_due_pct,
            "done_pct": progress["done_pct"],
            "deviation_pp": progress["deviation_pp"],
            "funds_rate_pct": funds_in_place(funds, as_of=as_of).rate_pct,
            "finish_on_time_pct": finish_on_time_pct(group, as_of=as_of),
            "month": as_of.month,
        }
        rows.append(dict(zip(by, key, strict=True)) | figures)
    return pd.DataFrame(rows)


def _deviation_before(projects: pd.DataFrame, codes: pd.Series, as_of: pd.Period) -> np.ndarray:
    before = month_before(as_of)
    if before.year != as_of.year or before not in set(months_of(projects)):
        return np.zeros(len(codes))
    then = standing(projects, as_of=before).set_index(PROJECT_CODE)["schedule_deviation_pp"]
    return then.reindex(codes).mask(~codes.isin(then.index).to_numpy(), 0.0).to_numpy()
