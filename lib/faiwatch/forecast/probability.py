"""How likely growth is below zero: the next release, each one after it, the whole year.

Read from the same paths as the forecast. Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from faiwatch.forecast.series import GrowthPaths


def own_share(measured: pd.DataFrame) -> float:
    """Return the share of published growth figures below zero so far; NaN without any."""
    published = measured["ytd_yoy_pct"].dropna()
    return float((published < 0).mean()) if len(published) else float("nan")


def negative_probabilities(found: GrowthPaths) -> pd.DataFrame:
    """Return the probability that each release to come is published below zero.

    Parameters
    ----------
    found : GrowthPaths
        From :func:`faiwatch.forecast.series.growth_paths`.

    Returns
    -------
    DataFrame
        ``period horizon probability``; the probability is NaN beyond a year ahead, where none is
        told: no model's does better there than the series' own share of negative releases, and
        that share would contradict the range of the same release.
    """
    horizon = np.arange(1, len(found.periods) + 1)
    chance = found.is_negative.mean(axis=0)
    return pd.DataFrame(
        {
            "period": found.periods,
            "horizon": horizon,
            "probability": np.where(horizon > found.calendar.a_year, np.nan, chance),
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
