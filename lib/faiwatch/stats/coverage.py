"""What a table holds of each series: first and last release, gaps, and how far it lags."""

from __future__ import annotations

import numpy as np
import pandas as pd

from faiwatch.stats.cumulative import grid_of, release_periods, releases_behind


def coverage(observations: pd.DataFrame, *, as_of: str) -> pd.DataFrame:
    """Return one row per series on what is there and what is late.

    Parameters
    ----------
    observations : DataFrame
        Observations up to `as_of`.
    as_of : str
        Month that a complete series would reach, ``YYYY-MM``.

    Returns
    -------
    DataFrame
        ``region_code indicator first last n_growth n_values n_missing lag_releases``:
        first and last release with growth, counts of published growth and values, releases
        without growth between the two, and releases between the last one and `as_of`.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "region_code": "000000",
    ...         "indicator": "total",
    ...         "period": pd.PeriodIndex(["2026-02", "2026-04"], freq="M"),
    ...         "ytd_value_100m": [52721.0, float("nan")],
    ...         "ytd_yoy_pct": [1.8, -1.6],
    ...     }
    ... )
    >>> found = coverage(frame, as_of="2026-08")
    >>> found[["n_values", "n_missing", "lag_releases"]].to_numpy().tolist()
    [[1, 1, 4]]
    """
    grid = grid_of(observations)
    growth = np.isfinite(grid.spread(observations["ytd_yoy_pct"]))
    values = np.isfinite(grid.spread(observations["ytd_value_100m"]))
    first = growth.argmax(axis=1)
    last = growth.shape[1] - 1 - growth[:, ::-1].argmax(axis=1)
    ends, month = release_periods(grid.first + last), pd.Period(as_of, "M")
    table = grid.keys.assign(
        first=release_periods(grid.first + first),
        last=ends,
        n_growth=growth.sum(axis=1),
        n_values=values.sum(axis=1),
        n_missing=last - first + 1 - growth.sum(axis=1),
        lag_releases=np.array([releases_behind(end, month) for end in ends], dtype=np.int64),
    )
    return table[pd.Series(growth.any(axis=1))].reset_index(drop=True)
