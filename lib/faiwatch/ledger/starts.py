"""How many projects have started and finished of those that should have, and how late they are.

Method: ``docs/methods/ledger-progress.md``. Rates in percent, NaN = none to count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from faiwatch.core.finding import Coverage
from faiwatch.ledger.coverage import coverage_of, state_of
from faiwatch.ledger.sheets import share_pct


@dataclass(frozen=True, slots=True)
class Starts:
    """How many projects that should start this year have.

    Attributes
    ----------
    n_planned : int
        Those whose planned start is in the year, and new ones without a date.
    n_undated : int
        Those of them without a date; they are not due.
    n_started : int
        Those that have started.
    n_due, n_started_due : int
        Those whose start is due by the end of the month, and how many of them have started.
    planned, due : Coverage
        Of those counted and those that lack a date, see :mod:`faiwatch.ledger.coverage`.
    rate_planned_pct, rate_due_pct : float
        ``n_started / n_planned`` and ``n_started_due / n_due``; NaN of none, and where too many
        lack a date.
    """

    n_planned: int
    n_undated: int
    n_started: int
    n_due: int
    n_started_due: int
    planned: Coverage
    due: Coverage
    rate_planned_pct: float
    rate_due_pct: float


def start_rates(now: pd.DataFrame, *, as_of: pd.Period, original: bool = False) -> Starts:
    """Return the start rate by both of its denominators: planned this year, and due by now.

    Parameters
    ----------
    now : DataFrame
        From ``standing()``.
    as_of : Period
        Its month.
    original : bool
        Against the first plan instead of the one in force: who put a start off to next year is
        still counted.

    Examples
    --------
    >>> start = pd.to_datetime(["2026-03-31", "2026-06-30", "2026-11-30"])
    >>> now = pd.DataFrame({"planned_start": start, "original_start": start, "nature": "new"})
    >>> now = now.assign(started=[True, False, False], stage="", actual_start=pd.NaT)
    >>> found = start_rates(now.assign(annual_plan_10k=1.0), as_of=pd.Period("2026-08"))
    >>> (found.n_planned, found.n_due, round(found.rate_planned_pct), found.rate_due_pct)
    (3, 2, 33, 50.0)
    """
    flags = start_flags(now, as_of=as_of, original=original)
    count = {str(name): int(flags[name].sum()) for name in flags}
    open_ = _undated(now)
    planned, due = (
        coverage_of(flags.loc[rows, whole], weight=now.loc[rows, "annual_plan_10k"])
        for whole, rows in (
            ("n_planned", flags["n_planned"] | open_),
            ("n_due", flags["n_due"] | open_),
        )
    )
    of_planned = share_pct(count["n_started"], count["n_planned"])
    of_due = share_pct(count["n_started_due"], count["n_due"])
    return Starts(
        **count,
        planned=planned,
        due=due,
        rate_planned_pct=np.nan if state_of(planned) == "missing" else of_planned,
        rate_due_pct=np.nan if state_of(due) == "missing" else of_due,
    )


def _undated(now: pd.DataFrame) -> pd.Series:
    """Whether a project may be due to start this year, and tells no date to know it by."""
    dates = now[["original_start", "planned_start", "actual_start"]]
    elsewhere = now["nature"].ne("")  # new ones without a date are planned and not due, by rule
    elsewhere |= now["stage"].isin(["planned", "reserve", "in_production"])
    return dates.isna().all(axis=1) & ~elsewhere


def start_flags(now: pd.DataFrame, *, as_of: pd.Period, original: bool = False) -> pd.DataFrame:
    """Return which projects each count of :class:`Starts` holds, to be summed over any group.

    Parameters
    ----------
    now, as_of, original
        As for :func:`start_rates`.

    Returns
    -------
    DataFrame
        Booleans ``n_planned n_undated n_started n_due n_started_due``.
    """
    first, second = ("original_start", "planned_start")[:: 1 if original else -1]
    date = now[first].fillna(now[second])
    undated = date.isna() & now["nature"].eq("new")
    planned = date.dt.year.eq(as_of.year) | undated
    due = planned & date.le(as_of.end_time)
    has = now["started"]
    flags = (planned, undated, planned & has, due, due & has)
    names = ("n_planned", "n_undated", "n_started", "n_due", "n_started_due")
    return pd.DataFrame(dict(zip(names, flags, strict=True)))


def finish_on_time_pct(now: pd.DataFrame, *, as_of: pd.Period) -> float:
    """Return the share of finishes due this year by the plan in force that came on time.

    Parameters
    ----------
    now : DataFrame
        From ``standing()``.
    as_of : Period
        Its month; a finish in the month of its plan is on time.

    Returns
    -------
    float
        Percent; NaN when none was due.
    """
    flags = finish_flags(now, as_of=as_of)
    return share_pct(int(flags["on_time"].sum()), int(flags["due"].sum()))


def finish_flags(now: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return whose finish was ``due`` this year, and whose of them came ``on_time``.

    Parameters
    ----------
    now, as_of
        As for :func:`finish_on_time_pct`.
    """
    planned = now["planned_finish"].fillna(now["original_finish"])
    due = planned.dt.year.eq(as_of.year) & planned.le(as_of.end_time)
    on_time = due & now["status"].eq("completed") & now["delay_finish_months_latest"].le(0)
    return pd.DataFrame({"due": due, "on_time": on_time})
