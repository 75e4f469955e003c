"""From everything that was ever issued to the figures that stand: the newest of each month.

A table of vintages has the columns of Observations (:mod:`faiwatch.data.schema`), and one figure
may stand in it several times with different issue dates. Rows without one are taken as issued on
the last day of the month after their reference month. Method: ``docs/methods/vintages.md``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from faiwatch.data.reference import LEVELS, own_indicators
from faiwatch.data.schema import FIGURES, KEYS

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
    if vintages.duplicated(_MONTH).any():
        newest = figure_steps(vintages).drop_duplicates(_MONTH, keep="last", ignore_index=True)
    else:
        newest = vintages.sort_values(_MONTH, ignore_index=True)
    return _with_growth_of_levels(newest)


def _with_growth_of_levels(newest: pd.DataFrame) -> pd.DataFrame:
    """Add the growth that is not published of indicators whose table says that levels compare.

    To one decimal, as growth is published; ``growth_route`` says ``levels`` of it. Of no other
    indicator is growth ever computed from levels: their base is revised.
    """
    comparable = [name for name, one in own_indicators().items() if one.has_comparable_levels]
    lacking = newest["indicator"].isin(comparable) & newest["ytd_yoy_pct"].isna()
    if not lacking.any():
        return newest
    level = newest.set_index(_MONTH)["ytd_value_100m"]
    a_year_ago = newest[_MONTH].assign(period=newest["period"] - 12)
    before = level.reindex(pd.MultiIndex.from_frame(a_year_ago)).to_numpy()
    growth = 100 * (newest["ytd_value_100m"] / np.where(before > 0, before, np.nan) - 1)
    told = np.sign(growth) * np.floor(np.abs(growth) * 10 + 0.5) / 10
    is_told = lacking & told.notna()
    route = newest.get("growth_route", pd.Series("", newest.index)).mask(is_told, LEVELS)
    return newest.assign(ytd_yoy_pct=newest["ytd_yoy_pct"].mask(is_told, told), growth_route=route)


def laid_over(above: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    """Return the vintages of a store after those of figures that were there before.

    Parameters
    ----------
    above : DataFrame
        Vintages of a store: Observations with ``vintage``, whose first ten characters are its day.
    below : DataFrame
        Observations, one row a month; the issue date of most is not known.

    Returns
    -------
    DataFrame
        `below`, then `above`. A row of `above` that only adds or repeats keeps its issue date. One
        that contradicts counts from the day of its vintage on, since nobody knew of it before; and
        never from before a row below whose own date is only supposed.

    Examples
    --------
    >>> month = pd.PeriodIndex(["2026-08"], freq="M")
    >>> row = {"region_code": "000000", "indicator": "total", "period": month}
    >>> figures = row | {"ytd_value_100m": float("nan"), "ytd_yoy_pct": -7.2, "issued": pd.NaT}
    >>> day = pd.Timestamp("2026-09-15")
    >>> later = figures | {"ytd_yoy_pct": -7.0, "issued": day, "vintage": "2026-10-20-x"}
    >>> both = laid_over(pd.DataFrame(later), pd.DataFrame(figures))
    >>> newest_figures(both)[["ytd_yoy_pct", "issued"]].values.tolist()
    [[-7.0, Timestamp('2026-10-20 00:00:00')]]
    """
    held = below[[*_MONTH, *FIGURES]].assign(
        _supposed=issue_dates(below).where(below["issued"].isna())
    )
    both = above.merge(held, how="left", on=_MONTH, suffixes=("", "_below"), validate="m:1")
    new, old = both[FIGURES], both[[f"{name}_below" for name in FIGURES]].set_axis(FIGURES, axis=1)
    contradicts = (new.notna() & old.notna() & (new != old)).any(axis=1)
    issued = both["issued"].astype("datetime64[ns]")
    of_vintage = pd.to_datetime(both["vintage"].str[:10]).astype("datetime64[ns]")
    latest = pd.concat([issued, of_vintage, both["_supposed"]], axis=1).max(axis=1)
    dated = above.assign(issued=issued.where(~contradicts, latest).to_numpy())
    routes = {"growth_route": "ytd_yoy_pct", "value_route": "ytd_value_100m"}
    told = {
        route: np.where(dated[figure].notna(), "release", "")
        for route, figure in routes.items()
        if route in below
    }
    first = below.assign(vintage="")
    return pd.concat([first, dated.assign(**told)], ignore_index=True)[list(first.columns)]


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
