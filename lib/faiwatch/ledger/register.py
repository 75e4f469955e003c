"""The register of issues: what is open, for how long, of which class and cause.

Method: ``docs/methods/ledger-issues.md``.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger_tables import PROJECT_CODE, ledger_tables


def open_issues(issues: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return the issues that are open at the end of a month, in the order of the sheet.

    Parameters
    ----------
    issues : DataFrame
        Table ``issues``; the rows of its latest month up to `as_of` count, and those without one.
    as_of : Period
        The month.

    Examples
    --------
    >>> from faiwatch.ledger_schemas import ledger_frame
    >>> rows = {"issue_id": ["1", "2", "3"], "project_code": "甲", "cause": "land"}
    >>> rows |= {"opened": ["2026-07-01", "2026-08-01", "2026-09-01"]}
    >>> issues = ledger_frame("issues", pd.DataFrame(rows | {"closed": ["2026-08-31", "", ""]}))
    >>> open_issues(issues, as_of=pd.Period("2026-08", "M"))["issue_id"].to_list()
    ['2']
    """
    rows = latest_rows(issues, as_of).drop_duplicates("issue_id")
    is_open = rows["opened"].le(as_of.end_time) & ~rows["closed"].le(as_of.end_time)
    return rows[is_open]


def issues_of(open_rows: pd.DataFrame, codes: pd.Index) -> pd.DataFrame:
    """Return what is open about each project.

    Parameters
    ----------
    open_rows : DataFrame
        From :func:`open_issues`.
    codes : Index
        The projects.

    Returns
    -------
    DataFrame
        ``n_open_issues classes causes`` by code; classes and causes once each, in the order of
        ``data/ledger_choices.csv``, separated by blanks.
    """
    fields = ledger_tables()["issues"].fields
    listed = {
        f"{name}{ending}": _listed(open_rows, name, (one.value for one in fields[name].choices))
        for name, ending in (("class", "es"), ("cause", "s"))
    }
    texts = pd.DataFrame(listed).reindex(codes).fillna("").astype("str")
    count = open_rows.groupby(PROJECT_CODE).size().reindex(codes, fill_value=0)
    return texts.assign(n_open_issues=count)[["n_open_issues", "classes", "causes"]]


def _listed(rows: pd.DataFrame, name: str, order: Iterable[str]) -> pd.Series:
    words = pd.CategoricalDtype(list(order), ordered=True)
    told = rows.loc[rows[name].ne(""), [PROJECT_CODE, name]].drop_duplicates()
    told = told.astype({name: words}).sort_values(name)
    return told.groupby(PROJECT_CODE)[name].agg(" ".join).astype("str")
