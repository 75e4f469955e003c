"""The findings of the register of work: a sentence, and numbers that a rule for alerts may ask.

Method: ``docs/methods/ledger-register.md``. A number whose table has no rows is not there at all.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.core.finding import Finding, InputRow
from faiwatch.core.phrases import joined, say, with_stop
from faiwatch.core.provenance import Basis, rows_behind
from faiwatch.core.text import Text
from faiwatch.data.definitions import definitions_of
from faiwatch.data.ledger_fields import CODE_FROM_NAME
from faiwatch.ledger.coverage import covered
from faiwatch.ledger.sheets import share_pct
from faiwatch.ledger.work import Work

_LONGEST = 80  # characters of what an item is called
DEFINITIONS = definitions_of("register")
WORK_NUMBERS = tuple(DEFINITIONS)


def work_findings(work: Work) -> dict[str, Finding]:
    """Return the numbers of notices and decisions by name, each with the rows that it counts.

    Parameters
    ----------
    work : Work
        From :func:`faiwatch.ledger.work.study_work`.
    """
    found = {}
    if len(work.notices):
        late = work.notices[work.notices["state"].eq("overdue")]
        title = late["problem"].where(late["problem"].ne(""), late["title"])
        found["overdue_notices"] = _counted(work, "overdue_notices", late, title, "problem")
        n_closed = int((~work.notices["is_open"]).sum())
        closed = work.notices["closed"].where(~work.notices["is_open"])
        days = closed.dt.strftime("%Y-%m-%d").fillna("")
        rows = _rows(work, work.notices, days, "closed")
        found["notice_closure_rate"] = _finding(
            work, "notice_closure_rate", share_pct(n_closed, len(work.notices)), rows
        )
    if len(work.decisions):
        late = work.decisions[work.decisions["state"].eq("overdue")]
        found["overdue_decisions"] = _counted(
            work, "overdue_decisions", late, late["decision"], "decision"
        )
    return found


def work_words(work: Work) -> Text:
    """Return what the register of work comes to in a sentence."""
    n, late = len(work.open), int(work.open["overdue_days"].gt(0).sum())
    told = [say("ledger.work_findings.open", n=n, n_late=late)]
    if len(work.decisions):
        n_late = int(work.decisions["state"].eq("overdue").sum())
        told.append(say("ledger.work_findings.decisions", n=len(work.decisions), n_late=n_late))
    if len(work.notices):
        n_late = int(work.notices["state"].eq("overdue").sum())
        told.append(say("ledger.work_findings.notices", n=len(work.notices), n_late=n_late))
    words = joined(told)
    return with_stop(words)


def _counted(work: Work, id: str, rows: pd.DataFrame, title: pd.Series, column: str) -> Finding:
    """Return a count whose rows name what is counted, so that an alert can tell what joined."""
    named = rows["id"] + CODE_FROM_NAME + title
    return _finding(work, id, float(len(rows)), _rows(work, rows, named, column))


def _finding(work: Work, id: str, value: float, rows: tuple[InputRow, ...]) -> Finding:
    month = str(work.as_of)
    return covered(Basis(month, month, rows), id, value, DEFINITIONS[id], None)


def _rows(work: Work, rows: pd.DataFrame, values: pd.Series, column: str) -> tuple[InputRow, ...]:
    told = [" ".join(str(value).split())[:_LONGEST] for value in values]
    return rows_behind(rows.assign(period=str(work.as_of), **{column: told}), column)
