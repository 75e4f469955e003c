"""How far the year's plan is done, by groups of projects; who lags, and who carries the sum.

Method: ``docs/methods/ledger-progress.md``. Amounts in 万元, shares in percent, NaN = not known.
Everything starts from the table of :func:`faiwatch.ledger.standing.standing`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from faiwatch.core.finding import Coverage
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.coverage import stand_in, state_of, unknown_pct
from faiwatch.ledger.sheets import YUAN, as_yuan

BEHIND = ("slow", "not_started_due", "funds_missing", "stopped", "investor_exit")
LAG = [
    *(PROJECT_CODE, "name", "unit", "lead", "status"),
    *("annual_plan_10k", "ytd_done_10k", "done_pct"),
    *("deviation_pp", "schedule_deviation_pp", "shortfall_10k"),
    *("causes", "n_open_issues", *TRACE),
]
FIGURES = [
    *("n", "n_unknown", "n_by_rule", "unknown_pct", "state"),
    *("total_10k", "plan_10k", "done_10k", "done_pct", "time_pct", "deviation_pp"),
    *("schedule_pct", "schedule_deviation_pp", "shortfall_10k", "change_pp"),
]


def progress_table(
    now: pd.DataFrame, by: Sequence[str] = (), *, before: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return how far the plan is done, for each group of projects.

    Parameters
    ----------
    now : DataFrame
        From ``standing()``.
    by : sequence of str
        Words that make a group, such as ``("level", "nature")``; none = all projects in one row.
    before : DataFrame, optional
        ``standing()`` of an earlier month of the year.

    Returns
    -------
    DataFrame
        The columns of `by` and :data:`FIGURES`, groups in the order of their plans. `plan_10k`
        and `done_10k` are over projects that tell both; `n_unknown` counts the others, which hold
        `unknown_pct` of the weight, and `n_by_rule` those of whom a blank counts as zero. Where
        `state` is missing by :mod:`faiwatch.ledger.coverage`, so is every figure of what was
        done. `schedule_pct` is what is due of the plan by the projects' own dates, over those that
        have them. `change_pp` is `done_pct` less that of `before`.

    Examples
    --------
    >>> rows = {"level": ["city", "city", "district"], "total_10k": [9.0, 9.0, 9.0]}
    >>> rows |= {"annual_plan_10k": [100.0, 100.0, None], "ytd_done_10k": [60.0, 30.0, 5.0]}
    >>> rows |= {"schedule_pct": 40.0, "time_pct": 50.0, "done_by_rule": False}
    >>> found = progress_table(pd.DataFrame(rows), ["level"])
    >>> found[["level", "n", "n_unknown", "state", "done_pct", "deviation_pp"]].values.tolist()
    [['city', 2, 0, 'ok', 45.0, -5.0], ['district', 1, 1, 'missing', nan, nan]]
    """
    found = _figures(now, by)
    then = np.nan if before is None else _figures(before, by)["done_pct"].reindex(found.index)
    found = found.assign(change_pp=found["done_pct"] - then)
    found = found.sort_values("plan_10k", ascending=False, kind="stable")
    return found.reset_index()[[*by, *FIGURES]]


def lag_list(now: pd.DataFrame) -> pd.DataFrame:
    """Return the projects that are behind, the largest shortfall first.

    Parameters
    ----------
    now : DataFrame
        From ``standing()``.

    Returns
    -------
    DataFrame
        Columns :data:`LAG`: those whose status is one of :data:`BEHIND`, unknown shortfalls last.
    """
    behind = now[now["status"].isin(BEHIND)]
    order = ["shortfall_10k", PROJECT_CODE]
    return behind.sort_values(order, ascending=[False, True], ignore_index=True)[LAG]


def group_coverage(row: pd.Series) -> Coverage:
    """Return the coverage of one row of :func:`progress_table`."""
    n = int(row["n"])
    return Coverage(
        n=n,
        n_known=n - int(row["n_unknown"]),
        n_by_rule=int(row["n_by_rule"]),
        unknown_pct=float(row["unknown_pct"]),
    )


def _figures(now: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the figures of each group, indexed by it, all but the change."""
    plan, done, total = (
        as_yuan(now[f"{name}_10k"]).to_numpy() for name in ("annual_plan", "ytd_done", "total")
    )
    weight = stand_in(pd.Series(plan)).to_numpy()
    schedule = now["schedule_pct"].to_numpy(dtype="float64")
    both = ~np.isnan(plan) & ~np.isnan(done)
    own = both & ~np.isnan(schedule)
    told = np.where(np.isnan(done), 0.0, done)
    parts = {  # cut as arrays, in a tenth of the time that columns of a table take
        "n": 1,
        "n_unknown": ~both,
        "n_by_rule": now["done_by_rule"].to_numpy(dtype="bool") & both,
        "total": total,
        "plan": np.where(both, plan, np.nan),
        "done": np.where(both, done, np.nan),
        "own_plan": np.where(own, plan, np.nan),
        "own_done": np.where(own, done, np.nan),
        "own_due": np.where(own, plan * schedule / 100, np.nan),
        "weight": weight,
        "least": np.where(both, np.nan, told),
        "most": np.where(both, np.nan, np.maximum(told, weight)),
        "unknown": np.where(both, np.nan, weight),
    }
    keys = [now[name] for name in by] or [pd.Series(0, index=now.index)]
    sums = pd.DataFrame(parts, index=now.index).groupby(keys, sort=True).sum()
    even = float(now["time_pct"].iloc[0]) if len(now) else np.nan
    judged = _judged(sums, even)
    known = judged["state"].ne("missing")
    planned, scheduled = (sums[name].where(sums[name] > 0) for name in ("plan", "own_plan"))
    share, due = (100 * sums["done"] / planned).where(known), 100 * sums["own_due"] / scheduled
    amounts = sums[["plan", "done"]].where(known) / YUAN
    return sums[["n", "n_unknown", "n_by_rule"]].assign(
        **judged,
        total_10k=sums["total"] / YUAN,
        plan_10k=amounts["plan"],
        done_10k=amounts["done"],
        done_pct=share,
        time_pct=even,
        deviation_pp=share - even,
        schedule_pct=due,
        schedule_deviation_pp=(100 * sums["own_done"] / scheduled - due).where(known),
        shortfall_10k=amounts["plan"] * even / 100 - amounts["done"],
    )


def _judged(sums: pd.DataFrame, even: float) -> pd.DataFrame:
    """Return ``unknown_pct state`` of each group, by what its unknown rows may come to."""
    rows = []
    for one in sums.to_dict("records"):
        n = int(one["n"])
        counts = {"n": n, "n_known": n - int(one["n_unknown"])}
        pct = unknown_pct(one["unknown"], one["weight"], counts)
        coverage = Coverage(**counts, n_by_rule=int(one["n_by_rule"]), unknown_pct=pct)
        whole = one["plan"] + one["unknown"]
        possible = [100 * (one["done"] + one[name]) / whole for name in ("least", "most") if whole]
        if one["plan"] > 0:
            possible.append(100 * one["done"] / one["plan"])
        rows.append((pct, state_of(coverage, *possible, even_pct=even)))
    return pd.DataFrame(rows, columns=["unknown_pct", "state"], index=sums.index)
