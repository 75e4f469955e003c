"""Which projects of a ledger the statistics of investment projects leave out.

Method: ``docs/methods/ledger-reconciliation.md``. Investment in the statistics is that of projects
planned at 5 million yuan or more, and all of real-estate development; developers report theirs on
a form of its own, so neither a smaller project nor one of real estate is entered in the library.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.ledger.sheets import first_true

THRESHOLD_10K = 500.0  # planned investment of the whole project, in force since 2011
BELOW_THRESHOLD, REAL_ESTATE = "below_threshold", "real_estate"
_REAL_ESTATE = r"房地产|商品房|商品住宅|商住开发|住宅开发|real[ -]estate"
_SIZES = ["annual_plan", "ytd_done", "cum_done_total"]  # none is above that of the whole project


def left_out(sheet: pd.DataFrame) -> pd.Series:
    """Return why the library does not ask for each project: nothing where it does.

    Parameters
    ----------
    sheet : DataFrame
        Rows of one month of table ``projects``.

    Returns
    -------
    Series
        ``real_estate`` where category or name say so, ``below_threshold`` where the total is known
        and smaller, else an empty word. Where the total is not known nothing is left out.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"asof": "2026-08", "project_code": ["甲", "乙", "丙"], "name": ["厂", "路", "城"]}
    >>> rows |= {"category": ["", "", "房地产"], "total_investment": [500.0, 499.9, 90000.0]}
    >>> left_out(ledger_frame("projects", pd.DataFrame(rows))).to_list()
    ['', 'below_threshold', 'real_estate']
    """
    words = sheet["category"] + " " + sheet["name"]
    sells = words.str.contains(_REAL_ESTATE, regex=True, case=False)
    small = sheet["total_investment"].between(0, THRESHOLD_10K, inclusive="neither")
    small &= ~sheet[_SIZES].ge(THRESHOLD_10K).any(axis="columns")
    return first_true({REAL_ESTATE: sells, BELOW_THRESHOLD: small}, "")


def size_unknown(sheet: pd.DataFrame) -> pd.Series:
    """Whether nothing tells that a project reaches the threshold or that it does not."""
    reaches = sheet[_SIZES].ge(THRESHOLD_10K).any(axis="columns")
    return ~sheet["total_investment"].gt(0) & ~reaches
