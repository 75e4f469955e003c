"""Measures and flags of a few figures, worked out by hand."""

import numpy as np
import pandas as pd

from faiwatch.stats.growth import measures
from faiwatch.stats.negative import flags, runs


def table(first, growth):
    months = [month for month in pd.period_range(first, periods=30, freq="M") if month.month > 1]
    return pd.DataFrame(
        {
            "region_code": "000000",
            "indicator": "total",
            "period": pd.PeriodIndex(months[: len(growth)], freq="M"),
            "ytd_value_100m": np.nan,
            "ytd_yoy_pct": growth,
        }
    )


def test_a_share_of_a_month_before_the_table_says_nothing_of_its_end():
    frame = table("2021-02", [5.0] * 22)
    shares = pd.Series([float(month) for _ in range(2) for month in range(2, 13)], frame["period"])
    before = pd.Series([7.0], pd.PeriodIndex(["2020-12"], freq="M"))
    found = measures(frame, base_shares=pd.concat([shares, before]))
    # growth of 5 % all the year is growth of 5 % in each of its months
    assert np.allclose(found["block_yoy_pct"], 5.0)


def test_a_table_without_rows_has_no_flag_and_no_run():
    measured = measures(table("2021-02", [5.0, -1.0]))
    found = flags(measured.iloc[:0])
    assert found.empty
    assert runs(found).empty


def test_a_year_of_growth_alone_is_not_the_latest_with_levels():
    frame = table("2022-11", [0.0, 0.0, -10.0]).assign(ytd_value_100m=[100.0, 250.0, np.nan])
    chained = measures(frame)["chained_100m"]
    assert chained.iloc[1] == 150.0  # December stands as it was published
    assert np.isnan(chained.iloc[2])


def test_a_figure_that_cannot_be_gives_none_to_the_next():
    frame = table("2021-02", [-150.0, 0.0]).assign(ytd_value_100m=[100.0, 200.0])
    assert np.isnan(measures(frame)["block_yoy_pct"].iloc[1])


def test_growth_of_half_a_hundred_million_is_told():
    # 0.5 a year ago and 0.6 now; +25 % as published, so the base is now 0.48
    growth = [0.0, *[np.nan] * 10, 25.0]
    value = [0.5, *[np.nan] * 10, 0.6]
    found = measures(table("2021-02", growth).assign(ytd_value_100m=value)).iloc[-1]
    assert np.isclose(found["naive_yoy_pct"], 20.0)
    assert np.isclose(found["base_revision_pct"], -4.0)


def test_a_cumulative_share_that_falls_gives_its_month_no_growth():
    frame = table("2021-02", [5.0, 5.0, 5.0])
    shares = pd.Series([10.0, 8.0, 20.0], pd.PeriodIndex(frame["period"]))
    found = measures(frame, base_shares=shares)["block_yoy_pct"]
    assert np.isnan(found.iloc[1])
    assert np.isclose(found.iloc[2], 5.0)
