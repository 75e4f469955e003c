"""Which projects could deliver what the target still needs: a workload, never a reported figure.

Method: ``docs/methods/ledger-readiness.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from faiwatch.core.finding import Coverage as Known
from faiwatch.core.phrases import texts_of
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.ledger.coverage import coverage_of, has_started, state_of, with_zeros_by_rule
from faiwatch.ledger.funding import ELEMENTS, element_matrix
from faiwatch.ledger.sheets import YUAN, as_yuan, first_true, in_10k, in_yuan, sheet_of, total_10k

READINESS = texts_of("ledger.words_readiness")
COUNTED = ("under_way", "ready", "blocked")


@dataclass(frozen=True)
class Delivery:
    """The workload of named projects beside what is required.

    Attributes
    ----------
    required_10k : float
        Investment that the target still needs, 万元.
    projects : DataFrame
        ``project_code name unit lead readiness workload_10k running_10k covers``: those of
        :data:`COUNTED`, the most ready first. `covers` marks the row at which the running sum
        reaches the requirement. NaN = plan or investment is not known.
    classes : DataFrame
        ``readiness n n_unknown workload_10k`` of every class, counted or not.
    workload_10k, gap_10k : float
        What the counted projects could do, and what they leave open; zero when they cover it. NaN
        where too much is not known.
    coverage : Known
        See :mod:`faiwatch.ledger.coverage`.
    """

    required_10k: float
    projects: pd.DataFrame
    classes: pd.DataFrame
    workload_10k: float
    gap_10k: float
    coverage: Known


def delivery(projects: pd.DataFrame, *, as_of: pd.Period, required_10k: float) -> Delivery:
    """Return which projects could deliver the required remaining investment, by readiness.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    as_of : Period
        Month of the sheet.
    required_10k : float
        What the target still needs by the end of the year, 万元.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"asof": "2026-08", "project_code": ["甲", "乙"], "name": ["厂", "路"]}
    >>> rows |= {"actual_start": ["2026-03-01", None], "planned_start": "2026-10-31"}
    >>> rows |= {"annual_plan": [500.0, 300.0], "ytd_done": [200.0, 0.0]}
    >>> projects = ledger_frame("projects", pd.DataFrame(rows))
    >>> found = delivery(projects, as_of=pd.Period("2026-08", "M"), required_10k=700.0)
    >>> found.projects[["readiness", "workload_10k"]].values.tolist(), found.gap_10k
    ([['under_way', 300.0], ['blocked', 300.0]], 100.0)
    """
    sheet = with_zeros_by_rule(sheet_of(projects, as_of), as_of)
    # what the plan of the year leaves, and no more than the whole project leaves
    of_year = as_yuan(sheet["annual_plan"]) - as_yuan(sheet["ytd_done"])
    of_whole = as_yuan(sheet["total_investment"]) - as_yuan(sheet["cum_done_total"])
    left = of_year.where(of_whole.isna() | (of_year <= of_whole), of_whole)
    end = as_of.end_time
    status = sheet["status"]
    in_place = (
        element_matrix(projects, as_of=as_of)[list(ELEMENTS)]
        .isin(["in_place", "not_needed"])
        .all(axis=1)
        .to_numpy()
    )
    planned = sheet["planned_start"].fillna(sheet["original_start"])
    this_year = planned.dt.year.le(as_of.year)
    early = sheet["nature"].eq("early") | sheet["stage"].isin(["planned", "reserve"])
    rules = {
        "over": sheet["actual_finish"].le(end) | status.eq("completed"),
        "halted": sheet["stop_date"].le(end) | status.isin(["stopped", "investor_exit"]),
        "under_way": sheet["actual_start"].le(end) | (planned.isna() & has_started(sheet, as_of)),
        "ready": this_year & in_place,
        "blocked": this_year,
        "undated": planned.isna() & ~early,
    }
    table = sheet[["name", "unit", "lead"]].assign(
        readiness=first_true(rules, "later"),
        workload_10k=left.where(of_year.notna()).clip(lower=0.0) / YUAN,
    )
    classes = table.groupby("readiness")["workload_10k"].agg(
        n="size", n_unknown=lambda amounts: amounts.isna().sum(), workload_10k=total_10k
    )
    classes = classes.reindex(list(READINESS), fill_value=0).rename_axis("readiness")
    counted = table[table["readiness"].isin(COUNTED)].reset_index()
    order = counted["readiness"].map(COUNTED.index)
    counted = counted.assign(order=order).sort_values(
        ["order", "workload_10k", PROJECT_CODE], ascending=[True, False, True], ignore_index=True
    )
    running = as_yuan(counted["workload_10k"]).fillna(0.0).cumsum()
    need = in_yuan(required_10k)
    before = running.shift(fill_value=0.0)
    counted = counted.drop(columns="order").assign(
        running_10k=running / YUAN, covers=(before < need) & (running >= need)
    )
    asked = table["readiness"].isin(COUNTED)
    known = table["readiness"].ne("undated") & ~(asked & table["workload_10k"].isna())
    by_rule = sheet["done_by_rule"] & asked & known
    coverage = coverage_of(known, weight=sheet["annual_plan"], by_rule=by_rule)
    could = total_10k(counted["workload_10k"])
    gap = in_10k(max(0, need - in_yuan(could)))
    if state_of(coverage) == "missing":
        could = gap = np.nan
    return Delivery(required_10k, counted, classes.reset_index(), could, gap, coverage)
