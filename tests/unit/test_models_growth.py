"""From published growth to the series that models see, and back."""

import numpy as np
import pandas as pd
import pytest

from faiwatch.forecast.backtest import last3_goes_on
from faiwatch.forecast.members.members import PLAIN
from faiwatch.forecast.probability import full_year_negative, negative_probabilities, own_share
from faiwatch.forecast.rows import FORECAST_COLUMNS, forecast_rows
from faiwatch.forecast.series import growth_paths, model_series
from faiwatch.stats.growth import measures

YEARS = range(2018, 2025)
MONTHS = [f"{year}-{month:02d}" for year in YEARS for month in range(2, 13)]
SEASON = np.array([9.0, 8, 8, 9, 12, 8, 8, 8, 8, 8, 14])


def published(growth_pct=4.1, until="2024-06", has_level=True):
    """Return figures that grow by the same rate in every block."""
    level = 1000 * (1 + growth_pct / 100) ** np.repeat(np.arange(len(YEARS)), 11)
    value = level * np.tile(np.cumsum(SEASON), len(YEARS))
    frame = pd.DataFrame(
        {
            "region_code": "990101",
            "indicator": "total",
            "period": pd.PeriodIndex(MONTHS, freq="M"),
            "ytd_value_100m": value if has_level else np.nan,
            "ytd_yoy_pct": growth_pct,
        }
    )
    return measures(frame[frame["period"] <= until])


def test_models_see_comparable_levels_when_these_are_published():
    series = model_series(published())
    assert series.basis == "comparable_level"
    assert series.origin == pd.Period("2024-06", "M")
    assert np.isfinite(series.values).all()


def test_growth_only_series_are_modelled_on_growth():
    series = model_series(published(has_level=False))
    assert series.basis == "published_growth"
    found = growth_paths(series, horizon=3)
    assert np.isnan(found.block_yoy_pct).all()
    assert np.median(found.ytd_yoy_pct, axis=0) == pytest.approx([4.1] * 3)


def test_growth_of_few_months_swings_more():
    table = published(until="2023-12", has_level=False)
    noise = np.random.default_rng(1).normal(0, 2, len(table))
    series = model_series(table.assign(ytd_yoy_pct=table["ytd_yoy_pct"] + noise))
    found = growth_paths(series, horizon=11)
    width = np.subtract(*np.quantile(found.ytd_yoy_pct, [0.9, 0.1], axis=0))
    assert width[0] > 1.5 * width[5:].mean()


def test_event_months_leave_the_fit_but_not_the_base():
    series = model_series(published(), events={"2020-02"})
    place = MONTHS.index("2020-02")
    assert np.isnan(series.fitted[place])
    assert np.isfinite(series.values[place])


def test_growth_a_year_after_an_event_is_left_out_too_where_only_growth_is_published():
    series = model_series(published(has_level=False), events={"2020-02"})
    left_out = series.periods[np.isnan(series.fitted)].astype(str).tolist()
    assert left_out == ["2020-02", "2021-02"]


def test_figures_before_a_scope_break_are_not_looked_at():
    series = model_series(published(), since=pd.Period("2021-02", "M"))
    assert series.periods[0] == pd.Period("2021-02", "M")


@pytest.mark.parametrize("growth", [4.1, -6.1])
def test_steady_growth_goes_on_through_the_year_end(growth):
    found = growth_paths(model_series(published(growth)), horizon=12)
    assert np.median(found.ytd_yoy_pct, axis=0) == pytest.approx([growth] * 12, abs=0.3)
    assert found.periods[6] == pd.Period("2025-02", "M")


def test_a_path_rebuilds_published_growth_from_its_blocks():
    # August by hand: known to July, value 1 to 7 and base 1 to 7, then one block of a path
    measured = published(until="2024-07")
    found = growth_paths(model_series(measured), horizon=1)
    known = measured["ytd_value_100m"].iloc[-1]
    base_known = measured["base_100m"].iloc[-1]
    base_block = measured["chained_100m"].iloc[-11]
    block = found.ytd_value_100m[:, 0] - known
    by_hand = 100 * ((known + block) / (base_known + base_block) - 1)
    # what is left is rounding (0.5 of a published digit) and the drift of the base
    assert np.abs(found.ytd_yoy_pct[:, 0] - by_hand).max() < 0.06
    assert np.ptp(found.ytd_yoy_pct[:, 0] - by_hand) > 0.02


def test_a_path_that_comes_to_nothing_has_growth_after_it():
    # one jump of growth at the end, and some paths have no investment in August, nor a year later
    growth = [2.0] * 11 + [-0.2 - 0.1 * at for at in range(11)]
    growth += [-2.4 - 0.2 * at for at in range(11)] + [-4.6, -4.9, -5.2, -5.5, -5.8, 2.9]
    months = [month for month in MONTHS if month >= "2021-02"][: len(growth)]
    value = [9.0 * int(month[-2:]) for month in months]
    table = pd.DataFrame({"region_code": "990101", "indicator": "total"}, index=range(len(months)))
    table = table.assign(period=pd.PeriodIndex(months, freq="M"), ytd_value_100m=value)
    series = model_series(measures(table.assign(ytd_yoy_pct=growth)))
    found = growth_paths(series, horizon=12, names=PLAIN)
    august = found.ytd_value_100m[:, 0] - value[-1]
    stopped = np.isclose(august, 0)
    assert stopped.any()
    assert np.isfinite(found.block_yoy_pct).all()
    assert np.isfinite(found.ytd_yoy_pct).all()
    assert (found.block_yoy_pct[stopped, 11] == 0).all()


def test_below_zero_means_as_published():
    found = growth_paths(model_series(published()), horizon=1)
    assert (found.is_negative == (found.ytd_yoy_pct < -found.yoy_half_pct)).all()
    assert found.yoy_half_pct == pytest.approx(0.05)


@pytest.mark.parametrize(("growth", "expected"), [(9.1, 0.0), (-9.1, 1.0)])
def test_probabilities_follow_the_paths_and_end_after_a_year(growth, expected):
    measured = published(growth)
    found = growth_paths(model_series(measured), horizon=13)
    table = negative_probabilities(found)
    assert table["probability"].isna().tolist() == [False] * 11 + [True] * 2
    assert table["probability"].iloc[0] == pytest.approx(expected, abs=0.01)
    december, chance = full_year_negative(found)
    assert december == pd.Period("2024-12", "M")
    assert chance == pytest.approx(expected, abs=0.01)
    assert own_share(measured) == expected


def test_forecast_rows_hold_every_target_and_ordered_quantiles():
    found = growth_paths(model_series(published()), horizon=2)
    rows = forecast_rows(found, key=("990101", "total"))
    assert rows.columns.tolist() == FORECAST_COLUMNS
    assert set(rows["target"]) == {"ytd_yoy_pct", "block_yoy_pct", "ytd_value_100m"}
    quantiles = rows[rows["output_type"] == "quantile"]
    for _, one in quantiles.groupby(["target", "period"]):
        assert one["value"].is_monotonic_increasing
    assert rows["value"].notna().all()
    mean = rows[(rows["target"] == "ytd_yoy_pct") & (rows["output_type"] == "mean")]
    assert mean["value"].tolist() == found.ytd_yoy_pct.mean(axis=0).tolist()
    assert mean["value"].tolist() != np.median(found.ytd_yoy_pct, axis=0).tolist()


def test_the_last_three_blocks_go_on():
    assert last3_goes_on(published(), horizon=12) == pytest.approx([4.1] * 12)
    assert np.isnan(last3_goes_on(published(has_level=False), horizon=2)).all()
