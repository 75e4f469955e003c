"""Industrial parks (园区): infrastructure done, land cleared, funds in place.

Method: ``docs/methods/ledger-register.md``. Amounts in 万元, land in mu, shares in percent;
NaN = not known.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.coverage import coverage_of, state_of
from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger.sheets import share_pct, total_10k

PARTS: dict[str, tuple[Text, str, str]] = {  # what is planned, and what is done of it
    "works": (
        Text("基础设施投资（万元）", "infrastructure (10,000 yuan)"),
        "works_plan",
        "works_done",
    ),
    "land": (Text("已征迁土地（亩）", "land cleared (mu)"), "land_plan", "land_done"),
    "funds": (
        Text("到位资金（万元）", "funds in place (10,000 yuan)"),
        "funds_plan",
        "funds_arrived",
    ),
}
_FIELDS = [name for _, *pair in PARTS.values() for name in pair]
PARKS = ["name", *_FIELDS, *(f"{part}_pct" for part in PARTS), "problem", *TRACE]


def park_list(parks: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return each park with its shares, in the order of the sheet.

    Parameters
    ----------
    parks : DataFrame
        Table ``parks``; the rows of its latest month up to `as_of` count, and those without one.
    as_of : Period
        The month.

    Returns
    -------
    DataFrame
        Columns :data:`PARKS`; a share is NaN where plan or what is done is not told, or the plan
        is zero.
    """
    rows = latest_rows(parks, as_of).drop_duplicates("name").reset_index(drop=True)
    return with_shares(rows)[PARKS]


def with_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the table ``parks`` with the share of each of :data:`PARTS` that is done."""
    shares = {
        f"{part}_pct": 100 * rows[done] / rows[plan].where(rows[plan] > 0)
        for part, (_, plan, done) in PARTS.items()
    }
    return rows.assign(**shares)


def park_figures(listed: pd.DataFrame) -> pd.DataFrame:
    """Return what all parks come to, a row for each of :data:`PARTS` that any of them tells.

    Parameters
    ----------
    listed : DataFrame
        From :func:`park_list`.

    Returns
    -------
    DataFrame
        ``part n n_known planned done done_pct``: sums over the `n_known` parks that tell both;
        `n` also counts those that tell one of the two. The share is NaN where the others are more
        than 5 % of them.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"asof": "2026-08", "name": ["甲", "乙"]}
    >>> rows |= {"land_plan": [100.0, 50.0], "land_done": [40.0, 20.0]}
    >>> parks = ledger_frame("parks", pd.DataFrame(rows))
    >>> park_figures(park_list(parks, as_of=pd.Period("2026-08", "M"))).values.tolist()
    [['land', 2, 2, 150.0, 60.0, 40.0]]
    """
    found = []
    for part, (_, plan, done) in PARTS.items():
        pair = listed[[plan, done]]
        is_known = pair.notna().all(axis="columns") & pair[plan].gt(0)
        in_scope = is_known | (pair.notna().sum(axis="columns").eq(1) & pair[plan].ne(0))
        if not in_scope.any():
            continue
        known = is_known[in_scope]
        coverage = coverage_of(known, weight=pd.Series(1.0, index=known.index))
        planned, achieved = (total_10k(pair.loc[is_known, name]) for name in (plan, done))
        share = np.nan if state_of(coverage) == "missing" else share_pct(achieved, planned)
        found.append((part, coverage.n, coverage.n_known, planned, achieved, share))
    return pd.DataFrame(found, columns=["part", "n", "n_known", "planned", "done", "done_pct"])
