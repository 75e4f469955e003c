"""Scores, warnings and turns of a track record, by hand."""

import numpy as np
import pandas as pd
import pytest

from faiwatch.forecast.change import forecast_change
from faiwatch.forecast.track_record import (
    errors_by_horizon,
    is_beaten_by_seasonal_naive,
    model_errors,
    probability_scores,
    turns,
    warnings_given,
)

MONTHS = pd.period_range("2024-02", "2024-12", freq="M")
GROWTH = [3.0, 2.0, 1.0, 0.5, -0.5, -1.0, 0.2, 0.4, 0.6, 0.8, 1.0]
CHANCE_SOON = [0.1, 0.2, 0.7, 0.4, 0.9, 0.9, 0.6, 0.1, 0.1, 0.1, 0.1]


def record(forecast_error=0.5, naive_error=1.0):
    """Three releases ahead from each month of a year that turns negative in June."""
    rows = []
    for place, origin in enumerate(MONTHS):
        for horizon in (1, 2, 3):
            there = place + horizon < len(MONTHS)
            actual = GROWTH[place + horizon] if there else np.nan
            rows.append(
                {
                    "origin": origin,
                    "period": origin + horizon,
                    "horizon": horizon,
                    "actual_pct": actual,
                    "forecast_pct": actual + forecast_error,
                    "seasonal_naive_pct": actual + naive_error,
                    "no_change_pct": GROWTH[place],
                    "last3_pct": np.nan,
                    "lower_80": actual - 0.4,
                    "upper_80": actual + 1.0,
                    "lower_95": actual + 0.1,
                    "upper_95": actual + 2.0,
                    "p_negative": 0.8 if actual < 0 else 0.1,
                    "own_share": 0.2,
                    "was_negative": float(GROWTH[place] < 0),
                    "p_soon": CHANCE_SOON[place],
                    "scale": 2.0,
                }
            )
    return pd.DataFrame(rows)


def test_errors_of_models_compare_on_the_same_forecasts():
    table = model_errors(record()).set_index("model")
    assert table.index.tolist() == ["forecast", "seasonal_naive", "no_change"]
    assert table["n"].unique().tolist() == [27]
    assert table.loc["forecast", ["mae_pp", "median_pp", "rmse_pp"]].tolist() == [0.5] * 3
    assert table.loc["seasonal_naive", "mase"] == 0.5


def test_what_is_no_better_than_seasonal_naive_is_beaten():
    assert not is_beaten_by_seasonal_naive(record(0.5, 1.0))
    assert is_beaten_by_seasonal_naive(record(1.0, 1.0))
    assert not is_beaten_by_seasonal_naive(record().head(0))


def test_ranges_by_horizon():
    table = errors_by_horizon(record())
    assert table["horizon"].tolist() == [1, 2, 3]
    assert table["n"].tolist() == [10, 9, 8]
    assert table["coverage_80"].unique().tolist() == [1.0]
    assert table["coverage_95"].unique().tolist() == [0.0]
    # 1.9 wide, 0.1 below the lower end: 1.9 + 2 / 0.05 * 0.1
    assert table["score_95"].tolist() == pytest.approx([5.9] * 3)
    assert table["median_last3"].isna().all()


def test_brier_scores_and_skill():
    scores = probability_scores(record())
    negative, other = 2 * 3, 27 - 2 * 3
    assert scores["brier"] == pytest.approx((negative * 0.04 + other * 0.01) / 27)
    assert scores["brier_climatology"] == pytest.approx((negative * 0.64 + other * 0.04) / 27)
    assert scores["skill_climatology"] == pytest.approx(
        1 - scores["brier"] / scores["brier_climatology"]
    )


def test_warnings_are_judged_only_while_growth_is_not_negative():
    table = warnings_given(record()).set_index("origin")["outcome"]
    told = {str(month): outcome for month, outcome in table.items()}
    assert told == {
        "2024-02": "quiet",  # March to May stay above zero
        "2024-03": "miss",
        "2024-04": "hit",
        "2024-05": "miss",
        "2024-08": "false_alarm",
        "2024-09": "quiet",
    }


def test_a_turn_counts_its_lead_from_the_earliest_warning_before_it():
    table = turns(record(), events=["2024-06"])
    assert table["period"].astype(str).tolist() == ["2024-06"]
    assert str(table["first_warning"].iloc[0]) == "2024-04"
    assert table["lead_releases"].tolist() == [2]
    assert table["is_event"].tolist() == [True]
    assert turns(record().head(0)).empty


def figures(growth):
    months = [f"{year}-{month:02d}" for year in range(2019, 2025) for month in range(2, 13)]
    return pd.DataFrame(
        {
            "region_code": "610702",
            "indicator": "total",
            "period": pd.PeriodIndex(months[: len(growth)], freq="M"),
            "ytd_value_100m": np.nan,
            "ytd_yoy_pct": growth,
        }
    )


def test_a_change_of_forecast_is_revision_news_and_model_and_adds_up():
    growth = np.round(3 + np.cumsum(np.random.default_rng(4).normal(0, 0.4, 50)), 1)
    now, december = figures(growth), pd.Period("2023-12", "M")
    same = forecast_change(now.head(49), now, period=december).set_index("step")
    assert same.loc["revised", "effect_pp"] == 0
    revised = now.assign(ytd_yoy_pct=now["ytd_yoy_pct"].where(now.index != 47, 9.0))
    steps = forecast_change(now.head(49), revised, period=december).set_index("step")
    assert steps.loc["revised", "effect_pp"] != 0
    whole = steps.loc["now", "forecast_pct"] - steps.loc["then", "forecast_pct"]
    assert steps["effect_pp"].sum() == pytest.approx(whole)
    assert forecast_change(now.head(0), now, period=december).empty


def test_a_release_by_a_simple_method_changes_by_data_alone():
    growth = np.round(3 + np.cumsum(np.random.default_rng(4).normal(0, 0.4, 50)), 1)
    now, december = figures(growth), pd.Period("2023-12", "M")
    revised = now.assign(ytd_yoy_pct=now["ytd_yoy_pct"].where(now.index != 48, 9.0))
    steps = forecast_change(now.head(49), revised, period=december, simple="no_change")
    steps = steps.set_index("step")
    assert steps.loc["then", "forecast_pct"] == growth[48]
    assert steps.loc["revised", "effect_pp"] == pytest.approx(9.0 - growth[48])
    assert steps.loc["new", "effect_pp"] == pytest.approx(growth[49] - 9.0)
    assert steps.loc["model", "effect_pp"] == pytest.approx(0)
    assert steps.loc["now", "forecast_pct"] == growth[49]
