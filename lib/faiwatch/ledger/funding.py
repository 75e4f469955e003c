"""Whether the money, the land and the permits of projects are there.

Method: ``docs/methods/ledger-funding.md``. Amounts in 万元, rates in percent, NaN = not known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from faiwatch.core.finding import Coverage as Known
from faiwatch.core.phrases import texts_of
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ledger.coverage import coverage_of, state_of
from faiwatch.ledger.sheets import first_true, in_10k, in_yuan, sheet_of, total_10k

MONTHS_TO_USE = 6  # Tianjin 2022: from the month after the issue
STATES = texts_of("ledger.words_states")
ELEMENTS = texts_of("ledger.words_elements")
BOND_COLUMNS = [
    *(PROJECT_CODE, "batch", "issued", "amount_10k", "paid_10k", "expected_10k", "shortfall_10k"),
    *("use_pct", "expected_pct", "shortfall_pp", "shortfall_pct", *TRACE),
]
_STATE_OF = {"done": "in_place", "pending": "pending", "not_needed": "not_needed", "": "unknown"}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Money that is there beside money that is needed.

    Attributes
    ----------
    n, n_unknown : int
        Projects that the sums are over; projects with only one of the two figures.
    needed_10k, arrived_10k, open_10k : float
        Sums; `open_10k` is what is lacking where something is, each project on its own.
    rate_pct : float
        Share of what is needed that is there; NaN when nothing is needed or too much is not known.
    known : Known
        Of the projects that tell one of the two, see :mod:`faiwatch.ledger.coverage`.
    """

    n: int
    n_unknown: int
    needed_10k: float
    arrived_10k: float
    open_10k: float
    rate_pct: float
    known: Known


def funds_in_place(projects: pd.DataFrame, *, as_of: pd.Period) -> Coverage:
    """Return funds that have arrived beside those planned this year.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    as_of : Period
        Month of the sheet.

    Notes
    -----
    ``rate = 100 sum(arrived) / sum(planned)``; above 100 it is shown as it is.
    """
    return funds_of(sheet_of(projects, as_of))


def funds_of(rows: pd.DataFrame) -> Coverage:
    """Return :func:`funds_in_place` of some rows of a sheet."""
    return _coverage(rows, "funds_plan", "funds_arrived", cut=False)


def local_match(projects: pd.DataFrame, *, as_of: pd.Period) -> Coverage:
    """Return the local match that was paid beside the one required.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    as_of : Period
        Month of the sheet.

    Notes
    -----
    ``rate = 100 sum(min(paid, required)) / sum(required)``: what one project paid too much does
    not cover another.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"asof": "2026-08", "project_code": ["甲", "乙"], "name": ["厂", "路"]}
    >>> rows |= {"local_match": [100.0, 300.0], "local_match_arrived": [150.0, 100.0]}
    >>> projects = ledger_frame("projects", pd.DataFrame(rows))
    >>> found = local_match(projects, as_of=pd.Period("2026-08", "M"))
    >>> found.open_10k, found.rate_pct
    (200.0, 50.0)
    """
    return _coverage(sheet_of(projects, as_of), "local_match", "local_match_arrived", cut=True)


def bond_use(bonds: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return how far each bond is used, beside an even path over six months.

    Parameters
    ----------
    bonds : DataFrame
        Table ``bonds``; the rows of the latest month up to `as_of` count, or those without one.
    as_of : Period
        At whose end it is asked.

    Returns
    -------
    DataFrame
        ``project_code batch issued amount_10k paid_10k expected_10k shortfall_10k use_pct
        expected_pct shortfall_pp shortfall_pct file sheet row``: one row for each bond issued by
        then, the largest shortfall first. `shortfall_pp` is in points of the amount,
        `shortfall_pct` a share of what is expected (NaN while nothing is). Negative = ahead.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> row = {"project_code": ["甲"], "batch": ["一"], "issued": ["2026-05-20"]}
    >>> bonds = ledger_frame("bonds", pd.DataFrame(row | {"amount": [600.0], "paid": [240.0]}))
    >>> found = bond_use(bonds, as_of=pd.Period("2026-08", "M")).iloc[0]
    >>> float(found["expected_pct"]), float(found["shortfall_pp"]), float(found["shortfall_pct"])
    (50.0, 10.0, 20.0)
    """
    rows = latest_rows(bonds, as_of)
    rows = rows[rows["issued"].dt.to_period("M") <= as_of]
    issued = rows["issued"].dt.to_period("M")
    gone = pd.Series([(as_of - month).n for month in issued], index=rows.index, dtype="float64")
    share = (gone / MONTHS_TO_USE).clip(upper=1.0)
    amount = rows["amount"].where(rows["amount"] > 0)
    expected = share * rows["amount"]
    short = expected - rows["paid"]
    use = 100 * rows["paid"] / amount
    found = rows[[PROJECT_CODE, "batch", "issued", *TRACE]].assign(
        amount_10k=rows["amount"],
        paid_10k=rows["paid"],
        expected_10k=expected,
        shortfall_10k=short,
        use_pct=use,
        expected_pct=100 * share,
        shortfall_pp=100 * share - use,
        shortfall_pct=100 * short / expected.where(expected > 0),
    )
    ordered: pd.DataFrame = found[BOND_COLUMNS].sort_values("shortfall_10k", ascending=False)
    return ordered.reset_index(drop=True)


def element_matrix(projects: pd.DataFrame, *, as_of: pd.Period) -> pd.DataFrame:
    """Return, for each project of a sheet, whether land, environment and funds are in place.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    as_of : Period
        Month of the sheet.

    Returns
    -------
    DataFrame
        ``project_code name land environment funds``, the elements in words of :data:`STATES`.
        Funds are in place when those arrived reach the share of the plan that the months gone by
        ask for.
    """
    sheet = sheet_of(projects, as_of)
    plan, arrived = sheet["funds_plan"], sheet["funds_arrived"]
    enough = arrived >= plan * as_of.month / 12 - 1e-9  # the twelfth of a plan is no round number
    states = {"not_needed": plan.eq(0), "unknown": plan.isna() | arrived.isna(), "in_place": enough}
    found = sheet[["name"]].assign(
        land=sheet["land_status"].map(_STATE_OF),
        environment=sheet["env_status"].map(_STATE_OF),
        funds=first_true(states, "pending"),
    )
    return found.reset_index()


def element_rates(matrix: pd.DataFrame) -> pd.DataFrame:
    """Return how many projects have each element, of those that need it.

    Parameters
    ----------
    matrix : DataFrame
        From :func:`element_matrix`.

    Returns
    -------
    DataFrame
        ``element in_place pending not_needed unknown rate_pct``; NaN where no project is known to
        need it.
    """
    rows = []
    for element in ELEMENTS:
        counts = {state: int((matrix[element] == state).sum()) for state in STATES}
        needing = counts["in_place"] + counts["pending"]
        rate = 100 * counts["in_place"] / needing if needing else np.nan
        rows.append({"element": element} | counts | {"rate_pct": rate})
    return pd.DataFrame(rows)


def latest_rows(frame: pd.DataFrame, as_of: pd.Period) -> pd.DataFrame:
    """Return the rows of the latest month up to `as_of`, and those that tell no month.

    Parameters
    ----------
    frame : DataFrame
        A table whose month may be blank: ``issues``, ``contracts``, ``bonds`` or ``tasks``.
    as_of : Period
        The month.
    """
    months = frame["asof"]
    known = months[months <= as_of]
    return frame[months.isna() | (months == known.max())] if len(known) else frame[months.isna()]


def _coverage(sheet: pd.DataFrame, needed: str, arrived: str, *, cut: bool) -> Coverage:
    figures = sheet[[needed, arrived]]
    known = figures.notna().all(axis=1) & figures[needed].gt(0)
    rows = figures[known]
    lacking = (rows[needed] - rows[arrived]).clip(lower=0.0)
    sums = total_10k(rows[needed]), total_10k(rows[arrived])
    left = total_10k(lacking)
    counted = in_10k(in_yuan(sums[0]) - in_yuan(left)) if cut else sums[1]
    unknown = figures.notna().sum(axis=1).eq(1) & figures[needed].ne(0)
    scope = known | unknown
    coverage = coverage_of(known[scope], weight=sheet.loc[scope, "annual_plan"])
    is_told = bool(sums[0]) and state_of(coverage) != "missing"
    rate = 100 * counted / sums[0] if is_told else np.nan
    return Coverage(int(known.sum()), int(unknown.sum()), *sums, left, rate, coverage)
