"""Projects that are planned or in reserve (谋划储备), by stage, and how many moved on.

Method: ``docs/methods/ledger-register.md``. Amounts in 万元, shares in percent; NaN = not known.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from faiwatch.data.ledger_fields import AS_OF
from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger.pipeline import CAME, LEFT
from faiwatch.ledger.sheets import choice_words, months_of, total_10k

STARTED, DROPPED = "started", "dropped"
GONE = (STARTED, DROPPED)  # stages at which a project is no longer in reserve
MOVES = ["month", "was", "became", "n"]


def reserve_stages() -> list[str]:
    """Return the stages in their order, the last of which is leaving the reserve."""
    return list(choice_words("pipeline", "stage"))


def reserve_list(reserve: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return the projects of the latest sheet up to a month, once each, by stage.

    Parameters
    ----------
    reserve : DataFrame
        Table ``pipeline``.
    as_of : Period
        The month.
    """
    rows = latest_rows(reserve, as_of).drop_duplicates("id")
    order = rows["stage"].map(reserve_stages().index)
    return rows.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def by_stage(listed: pd.DataFrame) -> pd.DataFrame:
    """Return how many projects are at each stage.

    Parameters
    ----------
    listed : DataFrame
        From :func:`reserve_list`.

    Returns
    -------
    DataFrame
        ``stage n total_10k n_unknown_total``, in the order of the stages; `total_10k` is over the
        projects that tell it.
    """
    rows = []
    for stage in reserve_stages():
        amounts = listed.loc[listed["stage"] == stage, "total_investment"]
        rows.append((stage, len(amounts), total_10k(amounts), int(amounts.isna().sum())))
    return pd.DataFrame(rows, columns=["stage", "n", "total_10k", "n_unknown_total"])


def stage_moves(reserve: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return how projects moved from stage to stage, from each sheet to the next.

    Parameters
    ----------
    reserve : DataFrame
        Table ``pipeline`` with every monthly sheet kept.
    as_of : Period
        The last month; rows without a month belong to no sheet.

    Returns
    -------
    DataFrame
        Columns :data:`MOVES`: `month` is the later sheet; `was` may be ``came`` and `became`
        ``left``. Projects that stay where they were have a row too.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"asof": ["2026-07", "2026-08"], "id": "1", "name": "厂"}
    >>> reserve = ledger_frame("pipeline", pd.DataFrame(rows | {"stage": ["idea", "reserve"]}))
    >>> stage_moves(reserve, as_of=pd.Period("2026-08", "M")).values.tolist()
    [[Period('2026-08', 'M'), 'idea', 'reserve', 1]]
    """
    months = [month for month in months_of(reserve) if month <= as_of]
    parts = [pd.DataFrame(columns=MOVES)]
    for before, after in pairwise(months):
        then, now = (
            reserve[reserve[AS_OF] == month].drop_duplicates("id").set_index("id")["stage"]
            for month in (before, after)
        )
        ids = then.index.union(now.index)
        pairs = pd.DataFrame(
            {"was": then.reindex(ids, fill_value=CAME), "became": now.reindex(ids, fill_value=LEFT)}
        )
        counted = pairs.value_counts().rename("n").reset_index()
        parts.append(counted.assign(month=str(after))[MOVES])
    found = pd.concat(parts[1:] or parts, ignore_index=True)
    found["month"] = pd.PeriodIndex(found["month"], freq="M")
    order = [*reserve_stages(), CAME, LEFT].index
    return found.sort_values(
        ["month", "was", "became"],
        key=lambda column: column if column.name == "month" else column.map(order),
        ignore_index=True,
    )


def conversions(moves: pd.DataFrame) -> pd.DataFrame:
    """Return how many projects moved on in each month.

    Parameters
    ----------
    moves : DataFrame
        From :func:`stage_moves`.

    Returns
    -------
    DataFrame
        ``month n_waiting n_came n_moved_on n_moved_back n_started n_dropped n_left start_pct``, a
        row a month. `n_waiting` were neither started nor dropped in
        the sheet before; `start_pct` is the share of those that have started since, NaN when none
        waited. `n_moved_on` reached a later stage (starting is one), `n_moved_back` an earlier.
    """
    was, became = moves["was"], moves["became"]
    place = {stage: at for at, stage in enumerate(reserve_stages()) if stage != DROPPED}
    waited = was.isin([stage for stage in place if stage != STARTED])
    moved = became.map(place) - was.map(place)
    flags = pd.DataFrame(
        {
            "n_waiting": waited,
            "n_came": was.eq(CAME),
            "n_moved_on": moved.gt(0),
            "n_moved_back": moved.lt(0),
            "n_started": waited & became.eq(STARTED),
            "n_dropped": was.ne(DROPPED) & became.eq(DROPPED),
            "n_left": became.eq(LEFT),
        }
    )
    counts = flags.mul(moves["n"], axis="index").astype("int64").groupby(moves["month"]).sum()
    waiting = counts["n_waiting"].where(counts["n_waiting"] > 0)
    return counts.assign(start_pct=100 * counts["n_started"] / waiting).reset_index()
