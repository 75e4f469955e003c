"""Why a forecast is not what it was: new data, revised data, or the model.

Method: ``docs/methods/track-record.md``, after the table that the Federal Reserve Bank of New York
publishes with its nowcast.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from faiwatch.core.phrases import texts_of
from faiwatch.forecast.members.members import ENSEMBLE
from faiwatch.forecast.series import GrowthPaths, ModelSeries, growth_paths, model_series
from faiwatch.forecast.simple import simple_forecasts
from faiwatch.stats.cumulative import release_number
from faiwatch.stats.growth import measures
from faiwatch.stats.revisions import with_revisions

STEPS = texts_of("forecast.words_steps")
CHANGE_COLUMNS = ["period", "step", "forecast_pct", "effect_pp"]


def forecast_change(
    then: pd.DataFrame,
    now: pd.DataFrame,
    *,
    period: pd.Period,
    events: Collection[str] = (),
    names: Collection[str] = ENSEMBLE,
    simple: str = "",
) -> pd.DataFrame:
    """Return how the forecast of one release came from what it was to what it is.

    Parameters
    ----------
    then, now : DataFrame
        Observations of one series as known at two times.
    period : Period
        The release that is forecast at both times.
    events, names
        As for :func:`faiwatch.forecast.backtest.forecasts_at`.
    simple : str
        The simple method of :data:`faiwatch.forecast.simple.SIMPLE` by which the release is
        forecast in place of the models; empty = by the models.

    Returns
    -------
    DataFrame
        :data:`CHANGE_COLUMNS`, a row for each step of :data:`STEPS`: the forecast after the step
        (percent) and what the step did to it (percentage points, NaN for ``then`` and ``now``).
        The effects add up to the whole change. Without rows when `then` has no growth or cannot
        look that far.

    Notes
    -----
    With the weights of then (parameters follow the figures), ``revised`` is what the figures of
    then do when what stands for them now is put in their place, and ``new`` what all figures of
    now do after that. ``model`` is the rest: weights and calibration from the errors known now. A
    simple method has no weights, so its forecast changes by data alone.
    """
    nothing = pd.DataFrame(columns=CHANGE_COLUMNS)
    published = [table.loc[table["ytd_yoy_pct"].notna(), "period"].max() for table in (then, now)]
    if pd.isna(published[0]) or min(_between(last, period) for last in published) < 1:
        return nothing
    measured = [measures(table) for table in (then, with_revisions(then, now), now)]
    known = [model_series(one, events=events) for one in measured]

    def paths(series: ModelSeries, weights: tuple[dict[str, float], ...] = ()) -> GrowthPaths:
        horizon = _between(series.origin, period)
        return growth_paths(series, horizon=max(horizon, 12), names=names, weights=weights)

    if simple:
        told = [
            simple_forecasts(one, series, horizon=_between(series.origin, period)).get(simple)
            for one, series in zip(measured, known, strict=True)
        ]
        fixed = [float(said[-1]) for said in told if said is not None]
        if len(fixed) < len(told):  # too little was known then
            return nothing
        first, last_forecast = fixed[0], fixed[-1]
    else:
        found_then, found_now = paths(known[0]), paths(known[-1])
        weights = tuple(dict(one) for one in found_then.weights)
        fixed = [_centre(paths(series, weights), period) for series in known]
        first, last_forecast = _centre(found_then, period), _centre(found_now, period)
    by_data = np.diff(fixed)
    effects = [*by_data, last_forecast - first - by_data.sum()]
    return pd.DataFrame(
        {
            "period": period,
            "step": list(STEPS),
            "forecast_pct": [first, *(first + np.cumsum(effects)), last_forecast],
            "effect_pp": [np.nan, *effects, np.nan],
        }
    )


def _between(first: pd.Period, last: pd.Period) -> int:
    numbers = release_number(pd.PeriodIndex([first, last]))
    return int(numbers[1] - numbers[0])


def _centre(found: GrowthPaths, period: pd.Period) -> float:
    return float(np.median(found.ytd_yoy_pct[:, found.periods.get_loc(period)]))
