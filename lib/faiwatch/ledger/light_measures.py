"""What rules for lights ask about projects and groups of projects.

Method: ``docs/methods/ledger-lights.md``. The names are those of
:data:`faiwatch.ledger.light_rules.MEASURES`; NaN = not known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.ledger.funding import funds_of
from faiwatch.ledger.light_rules import MEASURES
from faiwatch.ledger.progress import progress_table
from faiwatch.ledger.schedule import MONTHS, month_numbers
from faiwatch.ledger.sheets import required_sheet
from faiwatch.ledger.standing import Standings
from faiwatch.ledger.starts import finish_on_time_pct, start_rates
from faiwatch.stats.cumulative import month_before


def project_measures(standings: Standings, *, as_of: pd.Period) -> pd.DataFrame:
    """Return where projects stand, with what rules for lights ask beside it.

    Parameters
    ----------
    standings : Standings
        Of the ledger.
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
    now = standings.of(as_of)
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
        schedule_deviation_before_pp=_deviation_before(standings, now[PROJECT_CODE], as_of),
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
        Words that make a group; none = all projects in one row.
    as_of : Period
        Month of both.

    Returns
    -------
    DataFrame
        The columns of `by`, ``n`` and the measures of the subject ``groups``; NaN where too much
        is not known, see :mod:`faiwatch.ledger.coverage`.

    Raises
    ------
    DataMissingError
        The month has no sheet.
    """
    sheet = required_sheet(projects, as_of)
    keys = [now[name] for name in by] or [pd.Series(0, index=now.index)]
    rates = {}
    for key, rows in now.groupby(keys, sort=True):
        starts = start_rates(rows, as_of=as_of)
        rates[key if len(keys) > 1 else key[0]] = {
            "start_rate_planned_pct": starts.rate_planned_pct,
            "start_rate_due_pct": starts.rate_due_pct,
            "funds_rate_pct": funds_of(sheet.loc[rows[PROJECT_CODE]]).rate_pct,
            "finish_on_time_pct": finish_on_time_pct(rows, as_of=as_of),
        }
    progress = progress_table(now, by)
    progress = progress.set_index(list(by)) if by else progress
    found = progress[["n", "done_pct", "deviation_pp"]].join(pd.DataFrame(rates).T)
    found = found.assign(month=as_of.month).reset_index()
    return found[[*by, "n", *MEASURES["groups"]]]


def _deviation_before(standings: Standings, codes: pd.Series, as_of: pd.Period) -> np.ndarray:
    before = standings.before(as_of) if month_before(as_of).year == as_of.year else None
    if before is None:
        return np.zeros(len(codes))
    then = before.set_index(PROJECT_CODE)["schedule_deviation_pp"]
    return then.reindex(codes).mask(~codes.isin(then.index).to_numpy(), 0.0).to_numpy()
