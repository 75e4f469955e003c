"""Which figures of a series may be joined: those of one scope.

The one place for changes of scope. Which there are stands in ``data/breaks.csv``
(:func:`faiwatch.data.reference.scope_breaks`). :func:`scope_of_rows` divides a table at them, for
measures, runs and charts; :func:`scope_in_force` keeps what models may see; :func:`scope_marks`
is what charts draw.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from faiwatch.core.text import Language
from faiwatch.data.reference import ScopeBreak, breaks_of, scope_breaks
from faiwatch.data.schema import KEYS
from faiwatch.stats.cumulative import Integers, series_of_rows


def scope_of_rows(table: pd.DataFrame, breaks: Iterable[ScopeBreak]) -> Integers:
    """Return, for each row, how many breaks that forbid joining lie at or before its month.

    Parameters
    ----------
    table : DataFrame
        ``region_code``, ``indicator`` and ``period``.
    breaks : iterable of ScopeBreak
        Those that divide count; ``caution`` keeps growth comparable.

    Examples
    --------
    >>> from faiwatch.core.text import Text
    >>> new_scope = ScopeBreak("infrastructure", "2026-02", "do_not_join", Text("", ""), "")
    >>> table = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "infrastructure",
    ...         "period": pd.PeriodIndex(["2025-12", "2026-02"], freq="M"),
    ...     }
    ... )
    >>> scope_of_rows(table, [new_scope]).tolist()
    [0, 1]
    """
    scope = np.zeros(len(table), dtype=np.int64)
    dividing = [one for one in breaks if one.divides]
    if not dividing or table.empty:
        return scope
    series, example = series_of_rows(table, KEYS)
    keys = table[KEYS].iloc[example].itertuples(index=False)
    concerned = np.array(
        [[one.concerns(code, indicator) for one in dividing] for code, indicator in keys]
    )
    for number, one in enumerate(dividing):
        after = (table["period"] >= pd.Period(one.period, "M")).to_numpy()
        scope += concerned[series, number] & after
    return scope


def scope_in_force(table: pd.DataFrame, breaks: Iterable[ScopeBreak] | None = None) -> pd.DataFrame:
    """Return the rows of one series that may be joined with its latest figures.

    Parameters
    ----------
    table : DataFrame
        ``region_code``, ``indicator`` and ``period`` of one series.
    breaks : iterable of ScopeBreak, optional
        As for :func:`scope_of_rows`; those that are known.
    """
    scope = scope_of_rows(table, scope_breaks() if breaks is None else breaks)
    latest: pd.DataFrame = table[scope == scope.max(initial=0)]
    return latest.reset_index(drop=True)


def scope_marks(region_code: str, indicator: str, lang: Language) -> pd.DataFrame:
    """Return the changes of scope of one series as ``period`` and ``label``, for charts."""
    breaks = breaks_of(region_code, indicator)
    return pd.DataFrame(
        {
            "period": pd.PeriodIndex([one.period for one in breaks], freq="M"),
            "label": [one.what.in_language(lang) for one in breaks],
        }
    )
