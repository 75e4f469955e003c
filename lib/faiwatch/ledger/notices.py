"""Notices of inspection, from above and to below: problems, action, due day, closing.

Method: ``docs/methods/ledger-register.md``. Days are whole days up to the end of a month; NaN = not
known.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger.sheets import choice_words, days_of, first_true

STATES: dict[str, Text] = {
    "closed": Text("已销号", "closed out"),
    "overdue": Text("逾期未销号", "overdue and open"),
    "open": Text("未销号", "open"),
}
NOTICES = [
    "id",
    "direction",
    "date",
    "title",
    "document_no",
    "sender",
    "receiver",
    "problem",
    "measure",
    "owner_unit",
    "due",
    "closed",
    "state",
    "is_open",
    "age_days",
    "overdue_days",
    "evidence",
    *TRACE,
]


def notice_register(
    notices: pd.DataFrame, *, as_of: pd.Period, day: pd.Timestamp | None = None
) -> pd.DataFrame:
    """Return every problem of every notice at the end of a month, with its age and its state.

    Parameters
    ----------
    notices : DataFrame
        Table ``notices``; the rows of its latest month up to `as_of` count, and those without one.
    as_of : Period
        The month; a notice that is dated after it is not there yet.
    day : Timestamp, optional
        Look at this day instead of the end of the month.

    Returns
    -------
    DataFrame
        Columns :data:`NOTICES`, in the order of the sheet. `closed` after the month is blank;
        `age_days` is NaN where it is before the day of the notice. `overdue_days` is 0 for what is
        closed or not due, NaN where no day is set.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"id": ["1"], "direction": "from_above", "date": "2026-08-01", "title": "督导通知"}
    >>> rows |= {"sender": "市发改委", "due": "2026-08-21"}
    >>> notices = ledger_frame("notices", pd.DataFrame(rows))
    >>> found = notice_register(notices, as_of=pd.Period("2026-08", "M"))
    >>> found[["state", "age_days", "overdue_days"]].values.tolist()
    [['overdue', 30.0, 10.0]]
    """
    end = as_of.end_time.normalize() if day is None else day
    rows = latest_rows(notices, as_of).drop_duplicates(["id", "problem"])
    rows = rows[rows["date"].le(end)].reset_index(drop=True)
    closed = rows["closed"].where(rows["closed"].le(end))
    told = rows.assign(
        closed=closed, is_open=closed.isna(), **days_of(rows["date"], rows["due"], closed, end)
    )
    states = {"closed": closed.notna(), "overdue": told["overdue_days"].gt(0)}
    return told.assign(state=first_true(states, "open"))[NOTICES]


def notice_figures(register: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of a register of notices, a row for each direction that it has.

    Parameters
    ----------
    register : DataFrame
        From :func:`notice_register`.

    Returns
    -------
    DataFrame
        ``direction n_notices n_problems n_open n_overdue n_without_due n_closed
        n_without_evidence closure_rate_pct``, in the order of ``data/ledger_choices.csv``; notices
        are counted by their number, everything else by problem. `n_without_evidence`: closed, and
        nothing says why.
    """
    is_open = register["is_open"]
    flags = {
        "n_open": is_open,
        "n_overdue": register["state"].eq("overdue"),
        "n_without_due": is_open & register["due"].isna(),
        "n_closed": ~is_open,
        "n_without_evidence": ~is_open & register["evidence"].eq(""),
    }
    groups = register.assign(**flags).groupby("direction")
    found = groups.agg(n_notices=("id", "nunique"), n_problems=("id", "size"))
    found = found.join(groups[list(flags)].sum().astype("int64"))
    found = found.assign(closure_rate_pct=100 * found["n_closed"] / found["n_problems"])
    known = [one for one in choice_words("notices", "direction") if one in found.index]
    return found.loc[known].reset_index()
