"""Notices of inspection, from above and to below: problems, action, due day, closing.

Method: ``docs/methods/ledger-register.md``. Days are whole days up to the end of a month; NaN = not
known.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger.sheets import first_true, share_pct

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
    age = (closed.fillna(end) - rows["date"]).dt.days.astype("float64")
    late = (end - rows["due"]).dt.days.astype("float64").clip(lower=0.0).mask(closed.notna(), 0.0)
    state = first_true({"closed": closed.notna(), "overdue": late.gt(0)}, "open")
    told = rows.assign(
        closed=closed,
        state=state,
        is_open=closed.isna(),
        age_days=age.where(age >= 0),
        overdue_days=late,
    )
    return told[NOTICES]


def notice_figures(register: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers of a register of notices, a row for each direction that it has.

    Parameters
    ----------
    register : DataFrame
        From :func:`notice_register`.

    Returns
    -------
    DataFrame
        ``direction n_notices n_problems n_open n_overdue n_without_due n_closed closure_rate_pct
        n_without_evidence``, in the order of ``data/ledger_choices.csv``; notices are counted by
        their number, everything else by problem. `n_without_evidence`: closed, and nothing says
        why.
    """
    rows = []
    for one in ledger_tables()["notices"].fields["direction"].choices:
        of_one = register[register["direction"] == one.value]
        if of_one.empty:
            continue
        is_open = of_one["is_open"]
        n, n_closed = len(of_one), int((~is_open).sum())
        rows.append(
            {
                "direction": one.value,
                "n_notices": of_one["id"].nunique(),
                "n_problems": n,
                "n_open": n - n_closed,
                "n_overdue": int(of_one["state"].eq("overdue").sum()),
                "n_without_due": int((is_open & of_one["due"].isna()).sum()),
                "n_closed": n_closed,
                "closure_rate_pct": share_pct(n_closed, n),
                "n_without_evidence": int((~is_open & of_one["evidence"].eq("")).sum()),
            }
        )
    return pd.DataFrame(rows, columns=_FIGURES)


_FIGURES = [
    "direction",
    "n_notices",
    "n_problems",
    "n_open",
    "n_overdue",
    "n_without_due",
    "n_closed",
    "closure_rate_pct",
    "n_without_evidence",
]
