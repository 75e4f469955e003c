"""From everything that was ever issued to the figures that stand: the newest of each month.

A table of vintages has the columns of Observations (:mod:`faiwatch.data.schema`), and one figure
may stand in it several times with different issue dates. Rows without one are taken as issued on the
last day of the month after their reference month. Method: ``docs/methods/vintages.md``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from faiwatch.data.schema import KEYS

FIGURES = ["ytd_value_100m", "ytd_yoy_pct"]
_MONTH = [*KEYS, "period"]


def issue_dates(vintages: pd.DataFrame) -> pd.Series:
    """Return when each row was issued; unknown dates by the rule of the module.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "period": pd.PeriodIndex(["2026-08", "2026-08"], freq="M"),
    ...         "issued": pd.to_datetime(["2026-09-15", None]),
    ...     }
    ... )
    >>> issue_dates(frame).dt.strftime("%Y-%m-%d").tolist()
    ['2026-09-15', '2026-09-30']
    """
    ends = pd.PeriodIndex(vintages["period"] + 1).to_timestamp(how="end").normalize()
    known = vintages["issued"].astype("datetime64[ns]")
    return known.fillna(pd.Series(ends, index=vintages.index).astype("datetime64[ns]"))


def figure_steps(vintages: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that told something new, in the order in which they were issued.

    Parameters
    ----------
    vintages : DataFrame
        Observations, several rows a month allowed. Rows of the same issue date count in the
        order in which they stand.

    Returns
    -------
    DataFrame
        The same columns, sorted by region, indicator, period and issue date. Each row has both
        figures as they stood after it: a blank does not withdraw a figure that was published
        before. Rows that repeat what was known are left out. Where the two figures of a row come
        from different rows, ``source`` and ``file`` name both and ``row`` is 0.
    """
    dates = issue_dates(vintages).rename("_issued")
    table = vintages.assign(_issued=dates).sort_values(
        [*_MONTH, "_issued"], kind="stable", ignore_index=True
    )
    groups = table.groupby(_MONTH, sort=False)
    stood = groups[FIGURES].ffill()
    before = stood.groupby([table[name] for name in _MONTH], sort=False).shift()
    differs = ((stood != before) & ~(stood.isna() & before.isna())).any(axis=1)
    steps = _with_both_places(table, stood)[differs | ~table.duplicated(_MONTH)]
    return steps.drop(columns="_issued").reset_index(drop=True)


def newest_figures(vintages: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that stand: one row for each region, indicator and month.

    Parameters
    ----------
    vintages : DataFrame
        As for :func:`figure_steps`.

    Returns
    -------
    DataFrame
        Observations, sorted; ``issued`` says since when the row stands as it does.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "total",
    ...         "period": pd.PeriodIndex(["2026-08"] * 2, freq="M"),
    ...         "ytd_value_100m": [293092.0, float("nan")],
    ...         "ytd_yoy_pct": [-7.2, -7.1],
    ...         "issued": pd.to_datetime(["2026-09-15", "2026-10-20"]),
    ...     }
    ... )
    >>> newest_figures(frame)[["ytd_value_100m", "ytd_yoy_pct"]].to_numpy().tolist()
    [[293092.0, -7.1]]
    """
    if not vintages.duplicated(_MONTH).any():
        return vintages.sort_values(_MONTH, ignore_index=True)
    return figure_steps(vintages).drop_duplicates(_MONTH, keep="last", ignore_index=True)


def _with_both_places(table: pd.DataFrame, stood: pd.DataFrame) -> pd.DataFrame:
    """Return `table` with the figures that stood, each traced to the row that it came from."""
    told = table.assign(**{name: stood[name] for name in FIGURES})
    rows = pd.DataFrame(np.tile(np.arange(len(table), dtype=float), (2, 1)).T, columns=FIGURES)
    came_from = rows.where(table[FIGURES].notna()).groupby([table[name] for name in _MONTH]).ffill()
    kept = (table[FIGURES].isna() & stood.notna()).any(axis=1).to_numpy().nonzero()[0]
    for name, divider in (("source", " "), ("file", "; ")):
        if name in table.columns:
            words = table[name].tolist()
            for place in kept:
                both = came_from.iloc[place].dropna().sort_values().astype(int)
                told_by = dict.fromkeys(table[name].iloc[list(both)])
                words[place] = divider.join(filter(None, told_by))
            told[name] = words
    if "row" in table.columns:
        told["row"] = table["row"].where(~table.index.isin(kept), 0)
    return told
