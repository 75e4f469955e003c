"""What became of signed contracts (招商引资). Method: ``docs/methods/ledger-funding.md``."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from faiwatch.core.phrases import texts_of
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger.sheets import first_true, share_pct, total_10k

STEPS = texts_of("ledger.words_contracts")


@dataclass(frozen=True)
class Funnel:
    """Contracts of one window, step by step.

    Attributes
    ----------
    since, as_of : Period
        First and last month of signature; steps are looked at on the last day of the latter.
    steps : DataFrame
        ``step n amount_10k n_unknown_amount rate_pct``: contracts that reached each of
        :data:`STEPS` or a later one, the sum of their contracted amounts, how many tell none, and
        their share of the signed ones (NaN when none was signed).
    arrived_10k, arrived_rate_pct : float
        Money arrived, and its share of the contracted amount, over `arrived_n` contracts that
        tell both.
    arrived_n : int
        Number of those.
    """

    since: pd.Period
    as_of: pd.Period
    steps: pd.DataFrame
    arrived_10k: float
    arrived_rate_pct: float
    arrived_n: int


def contract_funnel(
    contracts: pd.DataFrame, *, as_of: pd.Period, since: pd.Period | None = None
) -> Funnel:
    """Return how many contracts signed in a window were performed, started and finished.

    Parameters
    ----------
    contracts : DataFrame
        Table ``contracts``; the rows of its latest month up to `as_of` count.
    as_of : Period
        Last month of the window.
    since : Period, optional
        First month of the window; January of the year by default.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"id": ["1", "2"], "name": ["甲", "乙"], "signed": ["2026-03-01", "2026-08-31"]}
    >>> rows |= {"performed": ["2026-05-01", None], "amount": [500.0, 300.0]}
    >>> contracts = ledger_frame("contracts", pd.DataFrame(rows))
    >>> found = contract_funnel(contracts, as_of=pd.Period("2026-08", "M"))
    >>> found.steps.head(2)[["n", "amount_10k", "rate_pct"]].values.tolist()
    [[2.0, 800.0, 100.0], [1.0, 500.0, 50.0]]
    """
    first = since or pd.Period(year=as_of.year, month=1, freq="M")
    rows = _signed_in(latest_rows(contracts, as_of), first, as_of)
    steps = []
    for place, step in enumerate(STEPS):
        so_far = list(STEPS)[place:]  # who has started has performed, with a day for it or without
        is_there = rows[so_far].min(axis="columns").le(as_of.end_time)
        if step == "performed":  # said so without a day
            is_there |= rows["is_performed"].fillna(False).astype("bool") & rows[step].isna()
        reached = rows[is_there]
        amount, unknown = total_10k(reached["amount"]), int(reached["amount"].isna().sum())
        steps.append((step, len(reached), amount, unknown, share_pct(len(reached), len(rows))))
    both = rows[rows["amount"].gt(0) & rows["arrived"].notna()]
    arrived, amount = total_10k(both["arrived"]), total_10k(both["amount"])
    return Funnel(
        first,
        as_of,
        pd.DataFrame(steps, columns=["step", "n", "amount_10k", "n_unknown_amount", "rate_pct"]),
        arrived,
        share_pct(arrived, amount),
        len(both),
    )


CONTRACTS = [
    *("id", "name", "investor", "amount_10k", "signed", "step", "step_day"),
    *("arrived_10k", "arrived_pct", *TRACE),
]


def contract_list(contracts: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return the contracts signed since January by name, the largest first.

    Parameters
    ----------
    contracts : DataFrame
        Table ``contracts``; the rows of its latest month up to `as_of` count.
    as_of : Period
        Last month of the window.

    Returns
    -------
    DataFrame
        Columns :data:`CONTRACTS`: `step` is the last of :data:`STEPS` that was reached by the end
        of the window, on `step_day`; `arrived_pct` is NaN where amount or money is not told.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"id": ["1"], "name": ["甲"], "signed": ["2026-03-01"], "started": ["2026-07-01"]}
    >>> contracts = ledger_frame("contracts", pd.DataFrame(rows))
    >>> contract_list(contracts, as_of=pd.Period("2026-08", "M"))["step"].to_list()
    ['started']
    """
    rows = latest_rows(contracts, as_of).drop_duplicates("id")
    rows = _signed_in(rows, pd.Period(year=as_of.year, month=1, freq="M"), as_of)
    rows = rows.reset_index(drop=True)
    backwards = {step: rows[step].le(as_of.end_time) for step in [*STEPS][::-1]}
    step = first_true(backwards, "")
    day = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    for name in STEPS:
        day = day.mask(step.eq(name), rows[name])
    told = rows.assign(
        amount_10k=rows["amount"],
        step=step,
        step_day=day,
        arrived_10k=rows["arrived"],
        arrived_pct=100 * rows["arrived"] / rows["amount"].where(rows["amount"] > 0),
    )
    order = ["amount_10k", "id"]
    return told.sort_values(order, ascending=[False, True], ignore_index=True)[CONTRACTS]


def _signed_in(rows: pd.DataFrame, first: pd.Period, last: pd.Period) -> pd.DataFrame:
    return rows[rows["signed"].between(first.start_time, last.end_time)]
