"""Rolling-origin backtests: what would have been forecast with the figures up to each month.

Nothing after an origin is looked at (``tests/property/test_models_laws.py``). The figures are
those of today, not of the day: pseudo-real-time. Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from faiwatch.data.reference import calendar_of
from faiwatch.forecast.accuracy import seasonal_scale
from faiwatch.forecast.forecast import LEVELS, summary
from faiwatch.forecast.members.members import ENSEMBLE, PLAIN
from faiwatch.forecast.probability import own_share
from faiwatch.forecast.series import ModelSeries, growth_paths, model_series_each
from faiwatch.stats.cumulative import Array, release_number, release_periods
from faiwatch.stats.growth import measures

SOON = 3  # releases: how far the early-warning rule looks ahead
_ALIKE = dict.fromkeys(PLAIN, 1.0)  # fixed weights: only what each says alone is looked at


def forecasts_at(
    states: Sequence[pd.DataFrame],
    *,
    horizon: int,
    events: Collection[str] = (),
    names: Collection[str] = ENSEMBLE,
) -> pd.DataFrame:
    """Forecast published growth from what was known at several times, beside plain baselines.

    Parameters
    ----------
    states : sequence of DataFrame
        Observations of one region and indicator, each up to its origin.
    horizon : int
        Releases ahead.
    events
        As for :func:`faiwatch.forecast.series.model_series`.
    names : collection of str
        Members of the ensemble, of :data:`faiwatch.forecast.members.members.CHOICES`.

    Returns
    -------
    DataFrame
        ``origin period horizon forecast_pct lower_80 upper_80 lower_95 upper_95 p_negative
        no_change_pct last3_pct own_share was_negative p_soon scale`` and ``<member>_pct`` for each
        member alone and the plain ones, growth in percent.

        - ``no_change_pct`` : growth stays as published at the origin
        - ``last3_pct`` : the growth of the last three blocks goes on, year-to-date growth rebuilt
          with last year's base; NaN without levels
        - ``own_share`` : share of negative releases up to the origin (climatology)
        - ``was_negative`` : 1.0 when the release at the origin was
        - ``scale`` : mean change of growth over a year so far, the unit of MASE
        - ``p_soon`` : probability that any of the next :data:`SOON` releases is negative
    """
    # measured together, as if each were a region of its own: that is much of the time
    numbered = [known.assign(region_code=f"{at:06d}") for at, known in enumerate(states)]
    measured = measures(pd.concat(numbered, ignore_index=True))
    series = model_series_each(measured, events=events)
    ends = np.cumsum([len(known) for known in states])
    found = [
        _forecast(measured.iloc[end - len(known) : end], one, horizon, names)
        for known, one, end in zip(states, series, ends, strict=True)
    ]
    origins = np.repeat([one.first + len(one.values) - 1 for one in series], horizon)
    ahead = np.tile(np.arange(1, horizon + 1), len(states))
    when = {
        "origin": release_periods(origins, series[0].calendar),
        "period": release_periods(origins + ahead, series[0].calendar),
        "horizon": ahead,
    }
    columns = {name: None for row in found for name in row}  # short series have fewer members
    nothing = np.full(horizon, np.nan)
    values = {name: np.concatenate([row.get(name, nothing) for row in found]) for name in columns}
    return pd.DataFrame(when | values)


def plain_centres(series: ModelSeries, *, horizon: int) -> dict[str, Array]:
    """Return what each plain member says alone of the releases to come, growth in percent."""
    return growth_paths(series, horizon=horizon, names=PLAIN, weights=[_ALIKE]).centres


def _forecast(
    measured: pd.DataFrame, series: ModelSeries, horizon: int, names: Collection[str]
) -> dict[str, Array]:
    """Return what is told of one origin, an array (horizon,) for each column."""
    found = growth_paths(series, horizon=horizon, names=names)
    central = summary(found.ytd_yoy_pct)
    bands = {
        f"{end}_{level}": values
        for level, *both in zip(LEVELS, central.lower, central.upper, strict=True)
        for end, values in zip(("lower", "upper"), both, strict=True)
    }
    centres = plain_centres(series, horizon=horizon) | found.centres
    alone = {f"{name}_pct": path for name, path in centres.items()}
    columns = {
        "forecast_pct": central.mean,
        **bands,
        "p_negative": found.is_negative.mean(axis=0),
        "no_change_pct": series.published_pct,
        "last3_pct": last3_goes_on(measured, horizon=horizon),
        "own_share": own_share(measured),
        "was_negative": float(series.published_pct < 0),
        "p_soon": found.is_negative[:, :SOON].any(axis=1).mean(),
        "scale": seasonal_scale(series.growth_pct, series.calendar.a_year),
        **alone,
    }
    return {name: np.broadcast_to(value, horizon) for name, value in columns.items()}


def with_actual(rows: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Add ``actual_pct``, what was published since (NaN = not yet), to forecasts of one series."""
    actual = observations.set_index("period")["ytd_yoy_pct"]
    return rows.assign(actual_pct=actual.reindex(rows["period"]).to_numpy())


def last3_goes_on(measured: pd.DataFrame, *, horizon: int) -> Array:
    """Return year-to-date growth if the last three blocks' growth went on; NaN without levels.

    Parameters
    ----------
    measured : DataFrame
        Measures of one series up to the origin.
    horizon : int
        Releases ahead.
    """
    growth = float(measured["rolling3_yoy_pct"].iloc[-1])
    if np.isnan(growth):
        return np.full(horizon, np.nan)
    calendar = calendar_of(measured["indicator"])
    number, year = release_number(measured["period"], calendar), calendar.a_year
    first_of_all = number.min() // year * year
    known = np.full(number.max() + 1 - first_of_all, np.nan)
    known[number - first_of_all] = measured["chained_100m"]
    level = np.pad(known, (year, horizon), constant_values=np.nan)
    found = np.empty(horizon)
    for step in range(horizon):
        place = len(level) - horizon + step
        level[place] = level[place - year] * (1 + growth / 100)
        first = place // year * year if calendar.is_cumulative else place
        now = level[first : place + 1].sum()
        before = level[first - year : place + 1 - year].sum()
        found[step] = 100 * (now / before - 1)
    return found
