"""Which projects moved investment between the same months of two years.

Method: ``docs/methods/ledger-attribution.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from faiwatch.core.phrases import texts_of
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE
from faiwatch.ledger.compare import families
from faiwatch.ledger.coverage import with_zeros_by_rule
from faiwatch.ledger.sheets import (
    PER_100M,
    YUAN,
    as_yuan,
    first_true,
    in_10k,
    in_yuan,
    required_sheet,
    total_10k,
)

EFFECTS = texts_of("ledger.words_effects")
RESIDUAL = "residual"
RESIDUAL_WORDS = Text("台账未解释的部分", "not explained by the ledger")
_GONE_STATUS = ["stopped", "investor_exit"]


@dataclass(frozen=True)
class Attribution:
    """The change of investment by project and by class.

    Attributes
    ----------
    as_of, against : Period
        The month, and the same month a year earlier.
    projects : DataFrame
        ``project_code name codes then_10k now_10k change_10k effect``: one row for each project,
        or family of merged and split ones (`codes` joined by a blank); the largest loss first.
        NaN = not known.
    effects : DataFrame
        ``effect n change_10k points_pp``: each class of :data:`EFFECTS` and ``residual`` (`n` is
        0). `change_10k` adds up to `total_10k` exactly, in whole yuan; points of growth are NaN
        without a base.
    total_10k : float
        Change of the statistic on the comparable basis, 万元; NaN = not published.
    """

    as_of: pd.Period
    against: pd.Period
    projects: pd.DataFrame
    effects: pd.DataFrame
    total_10k: float


def attribution(
    projects: pd.DataFrame,
    *,
    as_of: pd.Period,
    ytd_value_100m: float = np.nan,
    ytd_yoy_pct: float = np.nan,
) -> Attribution:
    """Return which projects moved investment since the same month of last year.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects`` with every sheet kept; later sheets are not looked at.
    as_of : Period
        The month.
    ytd_value_100m, ytd_yoy_pct : float
        Published year-to-date value (100 million) and growth (percent) of that month; NaN = not
        published.

    Raises
    ------
    DataMissingError
        One of the two months has no sheet.

    Notes
    -----
    ``total = C - C / (1 + g / 100)``; ``residual = total - sum over projects``.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"asof": ["2025-08", "2025-08", "2026-08"], "project_code": ["甲", "乙", "乙"]}
    >>> rows |= {"name": rows["project_code"], "ytd_done": [900.0, 300.0, 200.0]}
    >>> projects = ledger_frame("projects", pd.DataFrame(rows))
    >>> month = pd.Period("2026-08", "M")
    >>> found = attribution(projects, as_of=month, ytd_value_100m=0.9, ytd_yoy_pct=-10.0)
    >>> found.effects.set_index("effect")["change_10k"][["left", "slower", "residual"]].to_list()
    [-900.0, -100.0, 0.0]
    """
    against = as_of - 12
    for month in (against, as_of):
        required_sheet(projects, month)
    known = projects[projects[AS_OF] <= as_of].drop_duplicates([AS_OF, PROJECT_CODE])
    compared = _compared(known, as_of, against)
    base = ytd_value_100m * PER_100M / (1 + ytd_yoy_pct / 100)
    total = ytd_value_100m * PER_100M - base
    rounded = total if np.isnan(total) else in_10k(in_yuan(total))
    return Attribution(as_of, against, compared, _effects(compared, total, base), rounded)


def _compared(known: pd.DataFrame, as_of: pd.Period, against: pd.Period) -> pd.DataFrame:
    """Return one row for each project that is in one of the two sheets, with its class."""
    heads = families(known)
    family = known[PROJECT_CODE].map(lambda code: heads.get(code, code)).rename("family")
    sums, lacking = {}, {}
    for name, month in (("then_10k", against), ("now_10k", as_of)):
        rows = with_zeros_by_rule(known[known[AS_OF] == month], month)
        sums[name] = as_yuan(rows["ytd_done"]).groupby(family[rows.index]).sum() / YUAN
        lacking[name] = rows["ytd_done"].isna().groupby(family[rows.index]).any()
    table = pd.DataFrame(sums)
    missing = pd.DataFrame(lacking).reindex(table.index)
    listed_before = set(family[known[AS_OF] < against])
    absent_then = table["then_10k"].isna()
    unknown = missing.eq(True).any(axis=1) | (absent_then & table.index.isin(listed_before))
    table = table.fillna(0.0)
    change = (as_yuan(table["now_10k"]) - as_yuan(table["then_10k"])) / YUAN
    table = table.assign(change_10k=change).mask(unknown)
    last = known.assign(family=family).sort_values(AS_OF, kind="stable")
    last = last.drop_duplicates("family", keep="last").set_index("family").loc[table.index]
    table = table.assign(
        effect=_effect(table, last, as_of, missing["now_10k"].isna()),
        name=last["name"],
        codes=known.drop_duplicates(PROJECT_CODE).groupby(family)[PROJECT_CODE].agg(" ".join),
    )
    named = table.rename_axis(PROJECT_CODE).reset_index()
    named = named[[PROJECT_CODE, "name", "codes", "then_10k", "now_10k", "change_10k", "effect"]]
    return named.sort_values(["change_10k", PROJECT_CODE], ignore_index=True)


def _effect(
    table: pd.DataFrame, last: pd.DataFrame, as_of: pd.Period, absent_now: pd.Series
) -> pd.Series:
    """Return the class of each project; the order of the rules is that of the method."""
    end = as_of.end_time
    finished = last["actual_finish"].le(end) | last["status"].eq("completed")
    stopped = last["stop_date"].le(end) | last["status"].isin(_GONE_STATUS)
    change = table["change_10k"]
    rules = {
        "not_compared": change.isna(),
        "unchanged": change.eq(0),
        "newly_started": change.gt(0) & table["then_10k"].eq(0),
        "faster": change.gt(0),
        "completed": finished,
        "stopped": stopped,
        "left": absent_now,
    }
    return first_true(rules, "slower")


def _effects(compared: pd.DataFrame, total: float, base: float) -> pd.DataFrame:
    rows = []
    for effect in EFFECTS:
        of_class = compared[compared["effect"] == effect]
        rows.append((effect, len(of_class), total_10k(of_class["change_10k"])))
    explained = sum(in_yuan(change) for _, _, change in rows)
    left = np.nan if np.isnan(total) else in_10k(in_yuan(total) - explained)
    table = pd.DataFrame([*rows, (RESIDUAL, 0, left)], columns=["effect", "n", "change_10k"])
    return table.assign(points_pp=100 * table["change_10k"] / base)
