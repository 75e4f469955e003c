"""Targets of investment by unit and month, held against what the projects of each unit have done.

A target of a month is one since January, as the reader of ledgers takes it. Method:
``docs/methods/ledger-progress.md``. NaN = not known: no target, two that differ, or a project of
the unit that does not tell what it has done.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from faiwatch.ledger.schedule import MONTHS
from faiwatch.ledger.sheets import PER_100M

WHOLE_DISTRICT = ("全区", "全市", "全县", "全旗", "全省", "全国", "合计")
_PER_100M = {"100m": 1.0, "10k": PER_100M}
YEAR, MONTH, DONE, GAP = "year_100m", "month_100m", "done_100m", "gap_100m"


def month_goal(targets: pd.DataFrame, month: pd.Period) -> float:
    """Return the investment to be reached by a month, in 亿元, where one goal is told of it.

    Parameters
    ----------
    targets : DataFrame
        Rows of the table ``targets`` about one whole: it may be called by several names.
    month : Period
        The month.

    Returns
    -------
    float
        NaN = none is told, or two that differ.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"unit": "全区", "year": 2026, "month": [9], "metric": "investment"}
    >>> rows |= {"value": [15.0], "value_unit": ["100m"]}
    >>> targets = ledger_frame("targets", pd.DataFrame(rows))
    >>> month_goal(targets, pd.Period("2026-09")), month_goal(targets, pd.Period("2026-10"))
    (15.0, nan)
    """
    path = target_path(targets, year=month.year).reindex(columns=[month.month])
    goals = path[month.month].dropna().unique()
    return float(goals[0]) if len(goals) == 1 else float("nan")


def target_path(targets: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """Return the investment that each unit is to reach by each month of a year.

    Parameters
    ----------
    targets : DataFrame
        Table ``targets``.
    year : int
        The year.

    Returns
    -------
    DataFrame
        Units as they are told, in the order of the sheet, by month (1–12; 12 = the whole year), in
        亿元; only months that some unit has a target for.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"unit": "住建局", "year": 2026, "month": [9, None], "metric": "investment"}
    >>> rows |= {"value": [15.0, 200000.0], "value_unit": ["100m", "10k"]}
    >>> target_path(ledger_frame("targets", pd.DataFrame(rows)), year=2026).to_dict("index")
    {'住建局': {9: 15.0, 12: 20.0}}
    """
    rows = targets[targets["year"].eq(year) & targets["metric"].eq("investment")]
    factor = rows["value_unit"].map(_PER_100M).astype("float64")
    months = rows["month"].fillna(MONTHS).astype("int64")
    rows = rows.assign(month=months, told=rows["value"] / factor)
    rows = rows[rows["told"].notna()].drop_duplicates(["unit", "month", "told"])
    rows = rows.assign(told=rows["told"].mask(rows.duplicated(["unit", "month"], keep=False)))
    units = rows["unit"].drop_duplicates()
    rows = rows.drop_duplicates(["unit", "month"])
    wide = rows.pivot(index="unit", columns="month", values="told")
    return wide.reindex(units).rename_axis(index=None, columns=None)


def unit_targets(
    targets: pd.DataFrame,
    stands: pd.DataFrame,
    *,
    as_of: pd.Period,
    but: Collection[str] = WHOLE_DISTRICT,
) -> pd.DataFrame:
    """Return what each unit is to have done by a month and has, and its targets after it.

    Parameters
    ----------
    targets : DataFrame
        Table ``targets``.
    stands : DataFrame
        From ``standing()`` of the month.
    as_of : Period
        The month.
    but : collection of str
        Names of the region itself, whose investment is published and no sum of projects.

    Returns
    -------
    DataFrame
        Units in the order of the sheet: ``year_100m month_100m done_100m gap_100m`` (done less the
        target of the month) and, by their number, the later months that have targets.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> from faiwatch.ledger.standing import standing
    >>> rows = {"unit": "住建局", "year": 2026, "month": [8, 9], "metric": "investment"}
    >>> rows |= {"value": [3.0, 5.0], "value_unit": "100m"}
    >>> targets = ledger_frame("targets", pd.DataFrame(rows))
    >>> rows = {"asof": "2026-08", "project_code": ["甲", "乙"], "unit": "住建局"}
    >>> rows |= {"name": ["甲", "乙"]}
    >>> rows |= {"annual_plan": 30000.0, "ytd_done": [8000.0, 20000.0]}
    >>> august = pd.Period("2026-08", "M")
    >>> stands = standing(ledger_frame("projects", pd.DataFrame(rows)), as_of=august)
    >>> found = unit_targets(targets, stands, as_of=august)
    >>> found[["month_100m", "done_100m", "gap_100m", 9]].round(1).values.tolist()
    [[3.0, 2.8, -0.2, 5.0]]
    """
    path = target_path(targets, year=as_of.year)
    path = path[~path.index.isin(list(but))]
    amounts = stands["ytd_done_10k"].astype("float64").groupby(stands["unit"])
    done = amounts.sum().where(amounts.count().eq(amounts.size())) / PER_100M
    nothing = pd.Series(np.nan, index=path.index)
    known = path.get(MONTHS, nothing)
    by_now = path.get(as_of.month, nothing)
    told = {YEAR: known, MONTH: by_now, DONE: done.reindex(path.index)}
    later = {month: path[month] for month in range(as_of.month + 1, MONTHS) if month in path}
    found = pd.DataFrame(told | {GAP: told[DONE] - by_now} | later, index=path.index)
    return found.rename_axis("unit").reset_index()
