"""Measures of how good forecasts were: MASE, sMAPE, coverage, interval score, Brier score.

Names and formulas are the field's (Gneiting and Raftery 2007, Hyndman and Koehler 2006).
Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from faiwatch.stats.cumulative import Array


def seasonal_scale(y: Array, season_length: int) -> float:
    """Return the mean absolute change over a season: the unit of MASE; NaN when there is none.

    Examples
    --------
    >>> seasonal_scale(np.array([1.0, 2.0, 2.0, 4.0]), 2)
    1.5
    """
    change = np.abs(y[season_length:] - y[:-season_length])
    change = change[np.isfinite(change)]
    return float(change.mean()) if len(change) and change.mean() > 0 else float("nan")


def interval_score(actual: Array, lower: Array, upper: Array, level: float) -> Array:
    """Return width plus what misses cost: 2 / (1 - level) a unit outside; lower is better.

    Examples
    --------
    >>> interval_score(np.array([5.0, 12.0]), np.zeros(2), np.full(2, 10.0), 80).tolist()
    [10.0, 30.0]
    """
    outside = np.maximum(lower - actual, 0) + np.maximum(actual - upper, 0)
    return np.asarray(upper - lower + 200 / (100 - level) * outside)


def interval_columns(
    actual: Array, rows: pd.DataFrame, levels: Sequence[float]
) -> dict[str, Array]:
    """Return whether each interval held what came, and its score, as columns by level.

    Parameters
    ----------
    actual : array (n,)
        What came.
    rows : DataFrame
        ``lower_80 upper_80 ...`` for each of `levels`.
    levels : sequence of float
        Coverage of the intervals, percent.
    """
    columns = {}
    for level in levels:
        lower, upper = (rows[f"{end}_{level:g}"].to_numpy() for end in ("lower", "upper"))
        columns[f"coverage_{level:g}"] = ((actual >= lower) & (actual <= upper)).astype(np.float64)
        columns[f"score_{level:g}"] = interval_score(actual, lower, upper, level)
    return columns


def brier_score(happened: Array, probability: Array) -> float:
    """Return the mean squared distance of probabilities from what happened; NaN is left out.

    Examples
    --------
    >>> brier_score(np.array([1.0, 0.0]), np.array([0.8, 0.4]))
    0.1
    """
    squares = (np.asarray(probability) - happened) ** 2
    squares = squares[np.isfinite(squares)]
    return float(squares.mean()) if len(squares) else float("nan")


def skill(score: float, of_reference: float) -> float:
    """Return by what share a score is better (lower) than the reference's; NaN when that is 0."""
    return 1 - score / of_reference if of_reference > 0 else float("nan")


def reliability(happened: Array, probability: Array, *, bins: int = 5) -> pd.DataFrame:
    """Return how often what was given a probability happened, for the reliability diagram.

    Returns
    -------
    DataFrame
        ``probability_mean share_happened n`` for each bin of equal width that holds a forecast.

    Examples
    --------
    >>> reliability(np.array([0.0, 1.0, 1.0]), np.array([0.1, 0.9, 0.7]), bins=2)["n"].tolist()
    [1, 2]
    """
    known = np.isfinite(happened) & np.isfinite(probability)
    place = np.minimum((probability[known] * bins).astype(int), bins - 1)
    table = pd.DataFrame({"bin": place, "p": probability[known], "happened": happened[known]})
    found = table.groupby("bin").agg(
        probability_mean=("p", "mean"), share_happened=("happened", "mean"), n=("p", "size")
    )
    return found.reset_index(drop=True)
