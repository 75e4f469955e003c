"""Monthly sheets of a ledger, and amounts that add up. Shared by every module of this room."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from faiwatch.core.errors import DataMissingError
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE, ledger_tables
from faiwatch.data.schema import TEXT

YUAN = 1e4  # yuan in one 万元, the unit of a ledger
PER_100M = 1e4  # 万元 in 亿元, the unit of statistics


def months_of(projects: pd.DataFrame) -> list[pd.Period]:
    """Return the months that have a sheet, in order."""
    return sorted(projects[AS_OF].dropna().unique())


def sheet_of(projects: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """Return one row for each project of a month, indexed by code; the first of a repeated code.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    month : Period
        Whose sheet; empty when there is none.
    """
    of_month = projects[projects[AS_OF] == month]
    again = of_month[PROJECT_CODE].duplicated()
    return (of_month[~again] if again.any() else of_month).set_index(PROJECT_CODE)


def required_sheet(projects: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """Return the sheet of a month as :func:`sheet_of` does, and refuse a month without one.

    Parameters
    ----------
    projects : DataFrame
        Table ``projects``.
    month : Period
        Whose sheet.

    Raises
    ------
    DataMissingError
        The month has no sheet; the message names those that there are.
    """
    sheet = sheet_of(projects, month)
    if sheet.empty:
        raise DataMissingError(
            Text("台账没有这个月的表", "the ledger has no sheet for this month"),
            got=str(month),
            allowed=", ".join(map(str, months_of(projects))),
        )
    return sheet


def choice_words(table: str, field: str) -> dict[str, Text]:
    """Return what readers call each value of a field that is chosen from a list; else nothing.

    Examples
    --------
    >>> choice_words("issues", "cause")["land"].en
    'land'
    """
    return {one.value: one.label for one in ledger_tables()[table].fields[field].choices}


def first_true(conditions: Mapping[str, pd.Series], otherwise: str) -> pd.Series:
    """Return for each row the name of the first condition that holds.

    Examples
    --------
    >>> rows = pd.Series([-1, 0, 5])
    >>> first_true({"negative": rows < 0, "small": rows < 3}, "large").to_list()
    ['negative', 'small', 'large']
    """
    holds = [one.to_numpy() for one in conditions.values()]
    index = next(iter(conditions.values())).index
    names = np.select(holds, list(conditions), default=otherwise)
    return pd.Series(names, index=index, dtype=TEXT)


def days_of(
    opened: pd.Series, due: pd.Series, done: pd.Series, end: pd.Timestamp
) -> dict[str, pd.Series]:
    """Return how long items were open at `end`, and how long overdue; none that is done is."""
    age = (done.fillna(end) - opened).dt.days.astype("float64")
    late = (end - due).dt.days.astype("float64").clip(lower=0.0)
    return {"age_days": age.where(age >= 0), "overdue_days": late.mask(done.notna(), 0.0)}


def share_pct(part: float, whole: float) -> float:
    """Return a share in percent; NaN where there is nothing to share.

    Examples
    --------
    >>> share_pct(1, 4), share_pct(0, 0)
    (25.0, nan)
    """
    return 100 * part / whole if whole else math.nan


def in_yuan(amount_10k: float) -> int:
    """Return an amount of 万元 as whole yuan, in which sums are exact.

    Examples
    --------
    >>> in_yuan(0.1) + in_yuan(0.2) == in_yuan(0.3)
    True
    """
    return round(amount_10k * YUAN)


def in_10k(yuan: int) -> float:
    """Return whole yuan as 万元."""
    return yuan / YUAN


def total_10k(amounts: pd.Series) -> float:
    """Return the sum of amounts in 万元, exact to the yuan; missing ones are left out.

    Examples
    --------
    >>> total_10k(pd.Series([0.1, 0.2, float("nan")]))
    0.3
    """
    return float(as_yuan(amounts).sum()) / YUAN


def as_yuan(amounts: pd.Series) -> pd.Series:
    """Return amounts of 万元 in whole yuan, as floats: exact below 2 to the 53rd, 9 000 trillion.

    Parameters
    ----------
    amounts : Series
        NaN = missing, and stays so.
    """
    return (amounts * YUAN).round()
