"""What a blank is worth, and how much of a number is known: one rule for every output.

Method: ``docs/methods/ledger-coverage.md``. Page, export, briefing, alert and JSON all come here.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd

from faiwatch.core.finding import Coverage, Finding, State
from faiwatch.core.phrases import amount, joined, say
from faiwatch.core.provenance import Basis, What
from faiwatch.core.text import NOTHING, Text, both, half_up, number, percent
from faiwatch.data.light_rules import presets
from faiwatch.ledger.sheets import PER_100M

MOST_UNKNOWN_PCT = 5.0  # of the weight: above it a number is missing
DONE = ("month_done", "ytd_done", "cum_done_total")
_FULFILLED_PCT = 100.0
_DECIMALS = ((1.0, 1), (0.1, 2))  # an amount of 100 million, and how it is said; less in 万元


def has_started(sheet: pd.DataFrame, month: pd.Period) -> pd.Series:
    """Whether each project of a sheet has started, by its date or else by what else is told.

    Parameters
    ----------
    sheet : DataFrame
        Rows of one month of ``projects``.
    month : Period
        That month.
    """
    stage, end = sheet["stage"], month.end_time
    waits = stage.isin(["planned", "reserve"]) | sheet["planned_start"].gt(end)
    told = sheet["nature"].isin(["ongoing", "completed"]) & ~waits
    told |= stage.isin(["started", "in_production"])
    told |= sheet["ytd_done"].gt(0) | sheet["cum_done_total"].gt(0)
    start = sheet["actual_start"]
    return start.le(end) | (start.isna() & told)


def with_zeros_by_rule(sheet: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """Return a sheet in which a blank is zero where the rules of the status make it so.

    Parameters
    ----------
    sheet : DataFrame
        Rows of one month of ``projects``.
    month : Period
        That month.

    Returns
    -------
    DataFrame
        With ``done_by_rule``: a project that the rules call not started, and whose start is
        planned or that is early-stage, has done nothing, so a blank amount done is zero. Where
        its start is to come after the year a blank plan of the year is zero as well. A cell that
        says otherwise (占年度计划, what was done this month) leaves the blank unknown.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"asof": "2026-08", "project_code": list("甲乙丙"), "name": list("厂路桥")}
    >>> rows |= {"planned_start": ["2026-10-31", None, "2026-03-31"], "annual_plan": 100.0}
    >>> rows |= {"actual_start": [None, None, "2026-03-31"]}
    >>> sheet = ledger_frame("projects", pd.DataFrame(rows))
    >>> with_zeros_by_rule(sheet, pd.Period("2026-08", "M"))["ytd_done"].to_list()
    [0.0, nan, nan]
    """
    planned = sheet["planned_start"].fillna(sheet["original_start"])
    early = sheet["nature"].eq("early") | sheet["stage"].isin(["planned", "reserve"])
    over = sheet["actual_finish"].le(month.end_time) | sheet["stage"].eq("in_production")
    waits = ~has_started(sheet, month) & ~over & (planned.notna() | early)
    waits &= ~(sheet["plan_done_pct"].gt(0) | sheet["month_done"].gt(0))
    later = waits & (planned.dt.year.gt(month.year) | planned.isna())
    filled = {name: sheet[name].mask(waits & sheet[name].isna(), 0.0) for name in DONE}
    plan = sheet["annual_plan"]
    return sheet.assign(
        **filled,
        annual_plan=plan.mask(later & plan.isna(), 0.0),
        done_by_rule=waits & sheet["ytd_done"].isna(),
    )


def coverage_of(
    known: pd.Series, *, weight: pd.Series, by_rule: pd.Series | None = None
) -> Coverage:
    """Return how many rows of a number are known, and what weight the others hold.

    Parameters
    ----------
    known : Series
        Whether each row that the number is about tells what is asked.
    weight : Series
        What each row weighs, the plan of the year; a row that does not tell weighs as much as the
        others do on average.
    by_rule : Series, optional
        Rows that count as zero by rule; they are known.

    Examples
    --------
    >>> coverage_of(pd.Series([True, True, False]), weight=pd.Series([60.0, 30.0, 10.0]))
    Coverage(n=3, n_known=2, n_by_rule=0, unknown_pct=10.0)
    """
    counts = {"n": len(known), "n_known": int(known.sum())}
    weights = stand_in(weight)
    pct = unknown_pct(weights.where(~known, 0.0).sum(), weights.sum(), counts)
    n_by_rule = 0 if by_rule is None else int(by_rule.sum())
    return Coverage(**counts, n_by_rule=n_by_rule, unknown_pct=pct)


def unknown_pct(unknown: float, whole: float, counts: dict[str, int]) -> float:
    """Return the share of the weight that is not known; of the rows where nothing weighs."""
    n_unknown = counts["n"] - counts["n_known"]
    if not n_unknown:
        return 0.0
    return float(100 * unknown / whole) if whole > 0 else 100 * n_unknown / counts["n"]


def stand_in(weight: pd.Series) -> pd.Series:
    """Return weights; a row that does not tell weighs as much as the others do on average."""
    told = weight.clip(lower=0.0)
    return told.fillna(told.mean() if told.notna().any() else 1.0)


def state_of(coverage: Coverage, *possible: float, even_pct: float | None = None) -> State:
    """Return whether a number can be told.

    Parameters
    ----------
    coverage : Coverage
        Of its rows.
    *possible : float
        The number, and the least and the most that it may be.
    even_pct : float, optional
        Even pace, for shares of the plan: they must all be read the same.
    """
    if not coverage.n_known and coverage.n:
        return "missing"
    if coverage.unknown_pct > MOST_UNKNOWN_PCT or any(map(np.isnan, possible)):
        return "missing"
    if even_pct is not None and len({read_as(one, even_pct) for one in possible}) > 1:
        return "missing"
    return "partial" if coverage.n_known < coverage.n else "ok"


def read_as(done_pct: float, even_pct: float) -> tuple[bool, ...]:
    """Return how a share of the plan is read: sign, lights of every rule book, verdict.

    Examples
    --------
    >>> read_as(66.7, 66.7) == read_as(66.6, 66.7)
    False
    """
    sign = half_up(done_pct - even_pct, 1) < 0
    above = (done_pct >= one for one in (_FULFILLED_PCT, *_thresholds("done_pct")))
    ahead = (done_pct - even_pct >= one for one in _thresholds("deviation_pp"))
    return sign, *above, *ahead


@cache
def _thresholds(measure: str) -> tuple[float, ...]:
    """Return where a light of some rule book about all projects changes."""
    compared = [
        condition.comparison[1]
        for book in presets().values()
        for scale in book.scale
        if scale.subject == "groups"
        for rule in scale.light
        for condition in rule.when
        if condition.measure == measure
    ]
    return tuple(sorted({float(one) for one in compared if isinstance(one, int | float)}))


def coverage_words(coverage: Coverage) -> Text:
    """Say what a number is over; nothing where every row tells.

    Examples
    --------
    >>> coverage_words(Coverage(n=85, n_known=70, n_by_rule=12, unknown_pct=2.0)).en
    '70 of 85 projects; blank counted as 0 by rule: 12 not started'
    >>> coverage_words(Coverage(n=85, n_known=70, n_by_rule=0, unknown_pct=2.0)).zh
    '85个项目中70个有数'
    """
    told = []
    if coverage.n_known < coverage.n:
        told.append(say("ledger.coverage.known", n=coverage.n, n_known=coverage.n_known))
    if coverage.n_by_rule:
        told.append(say("ledger.coverage.by_rule", n=coverage.n_by_rule))
    return joined(told, "，")


def covered(basis: Basis, id: str, value: float, what: What, coverage: Coverage | None) -> Finding:
    """Return a finding of a ledger, with what it is over beside it.

    Parameters
    ----------
    basis : Basis
        Month, and the rows behind it.
    id : str
        Its name.
    value : float
        NaN = missing.
    what : What
        Its definition, unit and formula.
    coverage : Coverage or None
        Of its rows; None for a number of what is listed.
    """
    if math.isnan(value):
        return basis.missing(id, what).model_copy(update={"coverage": coverage})
    words = _words(value, what.unit)
    told = coverage_words(coverage) if coverage else NOTHING
    if coverage is None or not told.zh:
        return basis.finding(id, value, what, words)
    state: State = "partial" if coverage.n_known < coverage.n else "ok"
    beside = Text(f"{words.zh}（{told.zh}）", f"{words.en} ({told.en})")
    return basis.finding(id, value, what, beside, state).model_copy(update={"coverage": coverage})


def _words(value: float, unit: str) -> Text:
    if unit == "pct":
        return both(percent, value)
    if unit == "pp":
        sign = "+" if half_up(value, 1) > 0 else ""
        return say("ledger.coverage.pp", sign=sign, part=value)
    if unit == "100m_cny":
        return money(value * PER_100M)
    return both(number, value, decimals=0)


def money(value_10k: float) -> Text:
    """Say an amount of 万元 in 100 million, with as many decimals as a small one needs.

    Examples
    --------
    >>> money(246_604.0).zh, money(4_120.0).en, money(85.0).zh, money(0.0).zh
    ('24.7', '0.41', '0.0085', '0')
    """
    value = value_10k / PER_100M
    if not value:
        return Text("0", "0")
    decimals = next((n for least, n in _DECIMALS if abs(value) >= least), 4)
    if decimals == 1:
        return amount(value)
    return both(number, value, decimals=decimals)
