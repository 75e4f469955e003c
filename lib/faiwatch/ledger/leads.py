"""Officials and the projects that they lead (领导包抓): visits, problems solved, last report.

Method: ``docs/methods/ledger-register.md``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.coverage import coverage_of, state_of
from faiwatch.ledger.funding import latest_rows

LEADS = [
    "official",
    "post",
    PROJECT_CODE,
    "project",
    "status",
    "shortfall_10k",
    "visits",
    "solved",
    "reported",
    *TRACE,
]
_COUNTS = ("visits", "solved")


def lead_list(leads: pd.DataFrame, stands: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return every project that an official leads, and where it stands.

    Parameters
    ----------
    leads : DataFrame
        Table ``leads``; the rows of its latest month up to `as_of` count, and those without one.
    stands : DataFrame
        From ``standing()`` of the month.
    as_of : Period
        The month; a report after it is blank.

    Returns
    -------
    DataFrame
        Columns :data:`LEADS`, in the order of the sheet. The project is found by its code, else by
        its name; `project_code` and `status` are empty where no project, or more than one, has it.
    """
    rows = latest_rows(leads, as_of).drop_duplicates(["official", "project"])
    rows = rows.reset_index(drop=True)
    once = stands.drop_duplicates(PROJECT_CODE)
    names = once.drop_duplicates("name", keep=False).set_index("name")[PROJECT_CODE]
    known = rows["project"].where(rows["project"].isin(once[PROJECT_CODE]))
    code = known.fillna(rows["project"].map(names))
    facts = once.set_index(PROJECT_CODE)[["name", "status", "shortfall_10k"]].reindex(code)
    end = as_of.end_time.normalize()
    return rows.assign(
        reported=rows["reported"].where(rows["reported"].le(end)),
        project=facts["name"].reset_index(drop=True).fillna(rows["project"]),
        status=facts["status"].fillna("").to_numpy(),
        shortfall_10k=facts["shortfall_10k"].to_numpy(),
        **{PROJECT_CODE: code.fillna("").astype("str")},
    )[LEADS]


def lead_figures(listed: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of each official, in the order of the sheet.

    Parameters
    ----------
    listed : DataFrame
        From :func:`lead_list`.

    Returns
    -------
    DataFrame
        ``official post n_projects n_not_found visits visits_n solved solved_n reported``.
        `visits_n` and `solved_n` are the rows that tell; the sum is NaN where the others are more
        than 5 % of them. `reported` is the latest report.
    """
    rows = []
    for official, of_one in listed.groupby("official", sort=False):
        told = {
            "official": official,
            "post": next(filter(None, of_one["post"]), ""),
            "n_projects": len(of_one),
            "n_not_found": int(of_one[PROJECT_CODE].eq("").sum()),
        }
        for name in _COUNTS:
            is_told = of_one[name].notna()
            coverage = coverage_of(is_told, weight=pd.Series(1.0, index=of_one.index))
            is_missing = state_of(coverage) == "missing"
            told[name] = np.nan if is_missing else float(of_one[name].sum())
            told[f"{name}_n"] = int(is_told.sum())
        rows.append(told | {"reported": of_one["reported"].max()})
    columns = ["official", "post", "n_projects", "n_not_found"]
    columns += [column for name in _COUNTS for column in (name, f"{name}_n")]
    return pd.DataFrame(rows, columns=[*columns, "reported"])
