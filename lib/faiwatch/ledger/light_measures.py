"""What rules for lights ask about projects and groups of projects.

Method: ``docs/methods/ledger-lights.md``. The names are those of
:data:`faiwatch.data.light_rules.MEASURES`; NaN = not known.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.light_rules import MEASURES
from faiwatch.ledger.funding import funds_of
from faiwatch.ledger.progress import progress_table
from faiwatch.ledger.schedule import MONTHS, month_numbers
from faiwatch.ledger.scope import left_out
from faiwatch.ledger.sheets import required_sheet
from faiwatch.ledger.standing import Standings
from faiwatch.ledger.starts import finish_on_time_pct, start_rates
from faiwatch.stats.cumulative import month_before

_RATES = ["start_rate_planned_pct", "start_rate_due_pct", "funds_rate_pct", "finish_on_time_pct"]
_REASON = r"(?<!基)因|由于|受.{1,20}影响|(?i:because|due to|owing to|reason)"
_NO_PROBLEM = r"[\s/—–\-]*|暂?无(?:问题)?[。.]?|没有(?:问题)?[。.]?|(?i:no|none|n/a|nil)\.?"


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
        a project that was not in it, or when there is none: no earlier gap. `level` stands beside
        them. Central and city budget funds are NaN: no field of a ledger carries them.

    Raises
    ------
    DataMissingError
        The month has no sheet.
    """
    now, sheet = standings.of(as_of), required_sheet(standings.projects, as_of)
    number = MONTHS * as_of.year + as_of.month
    planned = month_numbers(now["planned_start"].fillna(now["original_start"]))
    began = month_numbers(now["actual_start"]).where(now["started"])
    january = number - as_of.month + 1
    waits = ~now["started"]
    recent = planned.ge(january) | began.ge(january) | waits
    wrote = ~sheet["problem"].str.strip().str.fullmatch(_NO_PROBLEM)  # why it is late
    wrote |= sheet["remark"].str.contains(_REASON, regex=True)
    return now.assign(
        start_in_question=(now["start_due"] | now["started"]) & recent,
        start_late_months=began - planned,
        start_overdue_months=(number - planned).where(waits & now["start_due"]),
        months_since_start=number - began,
        is_over=now["status"].eq("completed"),
        month=as_of.month,
        library_asks_for_it=left_out(sheet).eq("").to_numpy(),
        reason_recorded=now["causes"].ne("") | wrote.to_numpy(),
        budget_funds_short_10k=np.nan,
        budget_funds_below_required_10k=np.nan,
        schedule_deviation_before_pp=_deviation_before(standings, now[PROJECT_CODE], as_of),
    )


def region_measures(
    targets: pd.DataFrame, *, as_of: pd.Period, growth_pct: float, average_pct: float
) -> pd.DataFrame:
    """Return what rules for lights ask about the district itself, one row.

    Parameters
    ----------
    targets : DataFrame
        Table ``targets``.
    as_of : Period
        The month.
    growth_pct : float
        Published growth of the district, year to date; NaN = not published.
    average_pct : float
        That of the whole city; NaN = the one that the targets tell for the month, if they do.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"unit": "全区", "year": 2026, "month": [None, 8], "value_unit": "percent"}
    >>> rows |= {"metric": ["growth", "city_average"], "value": [3.0, 2.5]}
    >>> targets = ledger_frame("targets", pd.DataFrame(rows))
    >>> august, none = pd.Period("2026-08", "M"), float("nan")
    >>> region_measures(targets, as_of=august, growth_pct=4.0, average_pct=none).values.tolist()
    [[4.0, 3.0, 2.5]]
    """
    of_month = targets["month"].eq(as_of.month)
    if np.isnan(average_pct):
        average_pct = _one_target(targets[of_month], "city_average", as_of.year)
    whole_year = targets[targets["month"].isna() | targets["month"].eq(MONTHS)]
    told = [growth_pct, _one_target(whole_year, "growth", as_of.year), average_pct]
    return pd.DataFrame([told], columns=list(MEASURES["regions"]))


def _one_target(targets: pd.DataFrame, metric: str, year: int) -> float:
    """Return a growth that the targets set; NaN unless exactly one is there."""
    wanted = targets["metric"].eq(metric) & targets["value_unit"].eq("percent")
    found = targets.loc[wanted & targets["year"].eq(year), "value"]
    return float(found.iloc[0]) if len(found) == 1 else np.nan


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
    rates: dict[Hashable, dict[str, float]] = {}
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
    told = pd.DataFrame(rates, index=_RATES).T.rename_axis(progress.index.names)
    found = progress[["n", "done_pct", "deviation_pp"]].join(told)
    found = found.assign(month=as_of.month).reset_index()
    return found[[*by, "n", *MEASURES["groups"]]]


def _deviation_before(standings: Standings, codes: pd.Series, as_of: pd.Period) -> np.ndarray:
    before = standings.before(as_of) if month_before(as_of).year == as_of.year else None
    if before is None:
        return np.zeros(len(codes))
    then = before.set_index(PROJECT_CODE)["schedule_deviation_pp"]
    return then.reindex(codes).mask(~codes.isin(then.index).to_numpy(), 0.0).to_numpy()
