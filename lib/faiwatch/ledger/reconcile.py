"""The ledger and the statistics, project by project.

Method: ``docs/methods/ledger-reconciliation.md``. Nothing here writes or works out a reported
figure: ``stat_ytd_reported`` is what the ledger copied from the returns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from faiwatch.core.finding import Coverage as Known
from faiwatch.core.phrases import texts_of
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.ledger.coverage import coverage_of, with_zeros_by_rule
from faiwatch.ledger.scope import BELOW_THRESHOLD, REAL_ESTATE, left_out, size_unknown
from faiwatch.ledger.sheets import (
    PER_100M,
    YUAN,
    as_yuan,
    first_true,
    in_10k,
    in_yuan,
    required_sheet,
    total_10k,
)

CLASSES = texts_of("ledger.words_classes")
EXEMPT = (REAL_ESTATE, BELOW_THRESHOLD)  # classes of what the library does not ask for
LEDGER, AS_REPORTED = "ledger", "ledger_as_reported"
RESIDUAL, STATISTICS = "residual", "statistics"
STEPS = {**CLASSES, **texts_of("ledger.words_totals")}
_ENTRY_UNIT = 1.0  # amounts are mostly entered in whole 万元
_NO_EVIDENCE = "凭证不全|凭证缺失|资料不全|佐证不全|票据不全|发票未开|evidence missing|vouchers"


@dataclass(frozen=True)
class Reconciliation:
    """One sheet of the ledger beside the statistics.

    Attributes
    ----------
    as_of : Period
        Month of the sheet.
    projects : DataFrame
        ``project_code name unit done_10k reported_10k gap_10k class size_unknown sheet row``: one
        row for each project. Gap = reported less done, what was not reported because the project
        is not in the library counting as zero; NaN where the class is ``not_compared``.
        `size_unknown` where nothing tells whether the project reaches 5 million yuan.
    steps : DataFrame
        ``step n amount_10k``: from the ledger's total over each class to what its projects
        reported, and over the residual to the published figure. The first and all but
        ``ledger_as_reported`` add up to ``statistics`` exactly, in whole yuan. NaN = not known.
    coverage : Known
        Of the comparison, see :mod:`faiwatch.ledger.coverage`.
    """

    as_of: pd.Period
    projects: pd.DataFrame
    steps: pd.DataFrame
    coverage: Known


def reconcile(
    projects: pd.DataFrame,
    issues: pd.DataFrame | None = None,
    *,
    as_of: pd.Period,
    ytd_value_100m: float = np.nan,
) -> Reconciliation:
    """Return how the ledger's total becomes the published one, project by project.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    issues : DataFrame, optional
        Table ``issues``; those that are open may say that evidence is missing.
    as_of : Period
        Month of the sheet.
    ytd_value_100m : float
        Published year-to-date value (100 million); NaN = not published.

    Raises
    ------
    DataMissingError
        The month has no sheet.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"asof": "2026-08", "project_code": ["甲", "乙"], "name": ["厂", "路"]}
    >>> rows |= {"actual_start": "2026-03-01", "ytd_done": [90.0, 30.0]}
    >>> rows |= {"in_stat_library": [True, False], "stat_ytd_reported": [90.0, None]}
    >>> projects = ledger_frame("projects", pd.DataFrame(rows))
    >>> found = reconcile(projects, as_of=pd.Period("2026-08", "M"), ytd_value_100m=0.01)
    >>> found.projects["class"].to_list()
    ['agrees', 'not_in_library']
    >>> found.steps.set_index("step")["amount_10k"][["ledger", "residual"]].to_list()
    [120.0, 10.0]
    """
    sheet = with_zeros_by_rule(required_sheet(projects, as_of), as_of)
    classes = _classes(sheet, _without_evidence(sheet, issues, as_of))
    done, reported = sheet["ytd_done"], sheet["stat_ytd_reported"]
    gap = (as_yuan(reported.fillna(0.0)) - as_yuan(done.fillna(0.0))) / YUAN
    table = sheet[["name", "unit", "sheet", "row"]].assign(
        done_10k=done,
        reported_10k=reported,
        gap_10k=gap.where(classes != "not_compared"),
        size_unknown=size_unknown(sheet),
        **{"class": classes},
    )
    names = [PROJECT_CODE, "name", "unit", "done_10k", "reported_10k", "gap_10k", "class"]
    rows = table.reset_index()[[*names, "size_unknown", "sheet", "row"]]
    known = table["class"].ne("not_compared")
    by_rule = sheet["done_by_rule"] & known
    coverage = coverage_of(known, weight=sheet["annual_plan"], by_rule=by_rule)
    return Reconciliation(as_of, rows, _steps(rows, ytd_value_100m), coverage)


def _without_evidence(
    sheet: pd.DataFrame, issues: pd.DataFrame | None, as_of: pd.Period
) -> pd.Series:
    """Whether somebody wrote that a project's vouchers are missing."""
    said = sheet["problem"] + " " + sheet["remark"]
    found = said.str.contains(_NO_EVIDENCE, regex=True)
    if issues is not None:
        is_closed = issues["closed"].le(as_of.end_time)
        is_open = ~issues["opened"].gt(as_of.end_time) & ~is_closed  # without a day: from the start
        about = is_open & issues["action"].str.contains(_NO_EVIDENCE, regex=True)
        found |= sheet.index.isin(issues.loc[about, PROJECT_CODE])
    return found


def _classes(sheet: pd.DataFrame, without_evidence: pd.Series) -> pd.Series:
    """Return the class of each project; the order of the rules is that of the method."""
    done, reported = sheet["ytd_done"], sheet["stat_ytd_reported"]
    outside = sheet["in_stat_library"].eq(False).fillna(False).astype("bool")
    started = sheet["actual_start"].notna() | done.fillna(0.0).ne(0)
    gap = reported - done
    none_reported = reported.fillna(0.0).eq(0)
    waits, exempt = outside & none_reported, left_out(sheet)
    rules = {
        "not_started": ~started & none_reported,
        "not_compared": done.isna() | (reported.isna() & ~outside),
        REAL_ESTATE: waits & exempt.eq(REAL_ESTATE),
        BELOW_THRESHOLD: waits & exempt.eq(BELOW_THRESHOLD),
        "not_in_library": waits,
        "zero_reported": reported.eq(0) & done.ne(0),
        "above_ledger": gap.gt(_ENTRY_UNIT),
        "evidence_missing": gap.lt(-_ENTRY_UNIT) & without_evidence,
        "below_ledger": gap.lt(-_ENTRY_UNIT),
    }
    return first_true(rules, "agrees")


def _steps(rows: pd.DataFrame, ytd_value_100m: float) -> pd.DataFrame:
    ledger, reported = total_10k(rows["done_10k"]), total_10k(rows["reported_10k"])
    steps = [(LEDGER, len(rows), ledger)]
    for name in CLASSES:
        of_class = rows[rows["class"] == name]
        told, made = (total_10k(of_class[one]) for one in ("reported_10k", "done_10k"))
        if name != "not_started":  # nothing done, nothing reported
            steps.append((name, len(of_class), in_10k(in_yuan(told) - in_yuan(made))))
    statistics = ytd_value_100m * PER_100M
    left = statistics if np.isnan(statistics) else in_10k(in_yuan(statistics) - in_yuan(reported))
    steps += [(AS_REPORTED, len(rows), reported), (RESIDUAL, 0, left), (STATISTICS, 0, statistics)]
    return pd.DataFrame(steps, columns=["step", "n", "amount_10k"])
