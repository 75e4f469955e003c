"""Laws of forecasts: same seed same answer, unit-free, finite, ordered, blind to the future."""

import numpy as np
import pandas as pd
from examples import FEW
from hypothesis import given
from hypothesis import strategies as st

from faiwatch.forecast.backtest import forecasts_at
from faiwatch.forecast.forecast import forecast_array, forecast_arrays

numbers = st.one_of(st.just(np.nan), st.floats(-1e9, 1e9), st.integers(0, 3).map(float))
anything = st.lists(numbers, min_size=3, max_size=60).filter(lambda y: not np.isnan(y).all())


def business(seed, n=96):
    rng = np.random.default_rng(seed)
    season = 1 + 0.2 * np.sin(2 * np.pi * np.arange(n) / 12)
    return 100 * np.exp(np.cumsum(rng.normal(0.003, 0.02, n))) * season


def band(found):
    return np.concatenate([found.lower[::-1], found.mean[None], found.upper])


@FEW
@given(anything, st.sampled_from([1, 4, 11, 12]), st.integers(1, 18))
def test_any_series_gets_finite_ordered_forecasts(y, season_length, horizon):
    found = forecast_array(y, season_length=season_length, horizon=horizon)
    assert found.mean.shape == (horizon,)
    assert found.lower.shape == found.upper.shape == (2, horizon)
    assert np.isfinite(found.paths).all()
    assert (np.diff(band(found), axis=0) >= 0).all()


@FEW
@given(st.integers(0, 1000))
def test_same_seed_same_forecast_and_another_seed_another(seed):
    y = business(seed)
    one, two, other = (
        forecast_array(y, season_length=12, horizon=6, seed=number) for number in (1, 1, 2)
    )
    assert (one.paths == two.paths).all()
    assert (one.paths != other.paths).any()


@FEW
@given(st.integers(0, 1000), st.sampled_from([2.0**-20, 2.0**-3, 2.0**30]))
def test_the_unit_does_not_matter(seed, factor):
    y = business(seed)
    whole = forecast_array(y, season_length=12, horizon=6)
    scaled = forecast_array(y * factor, season_length=12, horizon=6)
    np.testing.assert_allclose(scaled.paths, whole.paths * factor, rtol=1e-9)


@FEW
@given(st.integers(0, 1000))
def test_what_was_never_below_zero_is_not_forecast_below_zero(seed):
    y = np.random.default_rng(seed).poisson(0.7, 60).astype(float)
    assert (forecast_array(y, season_length=12, horizon=12).paths >= 0).all()


def test_bands_widen_with_the_horizon_on_average():
    found = [forecast_array(business(seed), season_length=12, horizon=18) for seed in range(12)]
    width = np.mean([(f.upper[0] - f.lower[0]) / f.mean for f in found], axis=0)
    assert width[:6].mean() < width[6:12].mean() < width[12:].mean()


def test_bands_cover_simulated_series_about_as_often_as_they_say():
    hits = []
    for seed in range(40):
        y = business(seed, 108)
        found = forecast_array(y[:-12], season_length=12, horizon=12)
        hits.append((y[-12:] >= found.lower) & (y[-12:] <= found.upper))
    coverage = np.mean(hits, axis=(0, 2))
    assert 0.7 < coverage[0] < 0.95 < coverage[1] + 0.05


def test_the_future_changes_no_past_forecast_of_growth():
    rng = np.random.default_rng(3)
    months = [f"{year}-{month:02d}" for year in range(2016, 2022) for month in range(2, 13)]
    growth = np.round(5 + np.cumsum(rng.normal(0, 0.3, len(months))), 1)
    value = np.tile(np.arange(1.0, 12.0), 6) * 1000 * 1.05 ** np.repeat(np.arange(6), 11)
    table = pd.DataFrame(
        {
            "region_code": "000000",
            "indicator": "total",
            "period": pd.PeriodIndex(months, freq="M"),
            "ytd_value_100m": value,
            "ytd_yoy_pct": growth,
        }
    )
    origin = table["period"].iloc[50]
    changed = table.assign(ytd_yoy_pct=table["ytd_yoy_pct"].where(table["period"] <= origin, -50.0))
    past = table[table["period"] <= origin]
    # all that was known at several times is measured and fitted together
    before, after = (forecasts_at([past, frame], horizon=4).iloc[:4] for frame in (table, changed))
    pd.testing.assert_frame_equal(before, after)


def test_many_series_on_several_processes_equal_one_by_one():
    series = [business(seed, 40 + seed) for seed in range(3)]
    together = forecast_arrays(series, season_length=12, horizon=3, workers=1)
    for y, found in zip(series, together, strict=True):
        assert (found.paths == forecast_array(y, season_length=12, horizon=3).paths).all()
