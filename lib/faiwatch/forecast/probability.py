"""How likely growth is below zero: the next release, each one after it, the whole year.

Read from the same paths as the forecast. Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from faiwatch.forecast.series import GrowthPaths
from faiwatch.stats.cumulative import RELEASES_A_YEAR


def own_share(measured: pd.DataFrame) -> float:
    """Return the share of published growth figures below zero so far; NaN without any."""
    published = measured["ytd_yoy_pct"].dropna()
    return float((published < 0).mean()) if len(published) else float("nan")


def negative_probabilities(found: GrowthPaths, *, share_so_far: float) -> pd.DataFrame:
    """Return the probability that each release to come is published below zero.

    Parameters
    ----------
    found : GrowthPaths
        From :func:`faiwatch.forecast.series.growth_paths`.
    share_so_far : float
        Share of negative releases so far, from :func:`own_share`.

    Returns
    -------
    DataFrame
        ``period horizon probability basis``. ``basis`` is ``paths`` up to a year ahead and
        ``own_share`` beyond, where no model's flag does better than the series' own share.
    """
    horizon = np.arange(1, len(found.periods) + 1)
    beyond = horizon > RELEASES_A_YEAR
    return pd.DataFrame(
        {
            "period": found.periods,
            "horizon": horizon,
            "probability": np.where(beyond, share_so_far, found.is_negative.mean(axis=0)),
            "basis": np.where(beyond, "own_share", "paths"),
        }
    )


def full_year_negative(found: GrowthPaths) -> tuple[pd.Period, float] | None:
    """Return the next December and how likely its growth, the year's, is below zero.

    None when the paths do not reach a December.
    """
    decembers = np.flatnonzero(found.periods.month == 12)
    if len(decembers) == 0:
        return None
    place = int(decembers[0])
    return found.periods[place], float(found.is_negative[:, place].mean())
