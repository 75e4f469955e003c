"""Where to go and look, and what stands still. Method: ``docs/methods/ledger-agenda.md``."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.ledger.schedule import month_numbers
from faiwatch.ledger.sheets import required_sheet

VISITED = ("slow", "stopped")
MOST_VISITS = 10
VISITS = [
    PROJECT_CODE,
    "name",
    "area",
    "unit",
    "lead",
    "status",
    "shortfall_10k",
    "deviation_pp",
    "causes",
    "file",
    "sheet",
    "row",
]
STOPPED = [
    PROJECT_CODE,
    "name",
    "unit",
    "lead",
    "owner",
    "stop_date",
    "stopped_months",
    "total_10k",
    "cum_done_10k",
    "left_10k",
    "causes",
    "problem",
    "remedy",
    "file",
    "sheet",
    "row",
]


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
    '进展缓慢或停建且较均衡进度有欠额的项目，按欠额（万元）从大到小取前 5 个；相同按项目代码'
    """
    return Text(
        "进展缓慢或停建且较均衡进度有欠额的项目，"
        f"按欠额（万元）从大到小取前 {most} 个；相同按项目代码",
        "projects that are slow or stopped and short of even pace, "
        f"the {most} with the largest shortfall (10,000 yuan); equal ones by code",
    )


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
