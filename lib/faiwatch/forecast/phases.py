"""The phase of the growth cycle: trend growth against its long-run pace, rising or falling.

Method: ``docs/methods/trend.md``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from faiwatch.core.phrases import say, texts_of
from faiwatch.core.text import Text
from faiwatch.forecast.trend import FEWEST_RELEASES
from faiwatch.stats.cumulative import RELEASES_A_YEAR

LONG_RUN_YEARS = 10
CHANGE_OVER = 3  # releases
PHASES = texts_of("forecast.words_phases")


def phases(trend: pd.DataFrame) -> pd.DataFrame:
    """Return a trend with its long-run pace, its change and its phase.

    Parameters
    ----------
    trend : DataFrame
        Result of :func:`faiwatch.forecast.trend.trend_table`: one series by one method, a row a
        release.

    Returns
    -------
    DataFrame
        The same rows with ``long_run_pct`` (mean of the last ten years up to the row, NaN before
        three years are there), ``long_run_releases`` (how many releases that mean has),
        ``change_pp`` (over three releases) and ``phase`` (None while one of the two is unknown).

    Examples
    --------
    >>> falling = pd.DataFrame({"trend_growth_pct": np.linspace(10, -10, 40)})
    >>> phases(falling)["phase"].iloc[-1]
    'contraction'
    """
    growth = trend["trend_growth_pct"]
    window = LONG_RUN_YEARS * RELEASES_A_YEAR
    long_run = growth.rolling(window, min_periods=FEWEST_RELEASES).mean()
    change = growth.diff(CHANGE_OVER)
    is_above, is_rising = growth >= long_run, change >= 0
    phase = np.select(
        [is_above & is_rising, is_above, ~is_rising], ["expansion", "slowdown", "contraction"],
        "recovery",
    )  # fmt: skip
    known = long_run.notna() & change.notna()
    return trend.assign(
        long_run_pct=long_run,
        long_run_releases=growth.rolling(window, min_periods=1).count().astype("int64"),
        change_pp=change,
        phase=pd.Series(phase, index=trend.index, dtype=object).where(known, None),
    )


def long_run_words(n_releases: int) -> Text:
    """Return what the long-run pace is the mean of: ten years only where there are ten.

    Examples
    --------
    >>> long_run_words(110).zh, long_run_words(57).en
    ('近10年平均', 'mean of the last 57 releases')
    """
    if n_releases >= LONG_RUN_YEARS * RELEASES_A_YEAR:
        return say("forecast.phases.year_mean", long_run_years=LONG_RUN_YEARS)
    return say("forecast.phases.mean_of_releases", n_releases=n_releases)
