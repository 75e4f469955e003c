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


def test_the_year_after_growth_alone_has_its_levels():
    frame = table("2021-12", [5.0, 0.0, 0.0]).assign(ytd_value_100m=[np.nan, 100.0, 150.0])
    assert measures(frame)["chained_100m"].to_list()[1:] == [100.0, 50.0]


def test_the_latest_year_with_levels_rebases_the_one_before_whatever_follows():
    # a year that ends at 220 and the next, up 10 %, whose base was put up from 100 to 110
    months = pd.PeriodIndex(["2021-02", "2021-12", "2022-02", "2023-02", "2024-02"], freq="M")
    frame = table("2021-02", [0.0, 0.0, 10.0, 1.0, 1.0]).assign(
        period=months, ytd_value_100m=[100.0, 220.0, 121.0, np.nan, np.nan]
    )
    full = frame.set_index("period").reindex(pd.period_range("2021-02", "2021-12", freq="M"))
    values = np.linspace(100.0, 220.0, 11)
    full = full.assign(ytd_value_100m=values, ytd_yoy_pct=0.0, region_code="000000")
    full = full.assign(indicator="total").rename_axis("period").reset_index()
    found = measures(pd.concat([full, frame.iloc[2:]], ignore_index=True))
    december = found.set_index("period")["chained_100m"]["2021-12"]
    assert np.isclose(december, (values[-1] - values[-2]) * 1.1)


def test_few_whole_numbers_of_growth_are_known_to_a_tenth():
    found = measures(table("2021-02", [5.0])).iloc[0]
    assert np.isclose(found["ytd_yoy_hi_pct"] - found["ytd_yoy_pct"], 0.05)


def test_runs_of_flags_the_other_way_round_are_the_same():
    flagged = flags(measures(table("2021-02", [5.0, -1.0, -2.0, 3.0, -1.0])))
    published = flagged[flagged["definition"] == "ytd"]
    pd.testing.assert_frame_equal(runs(published.iloc[::-1]), runs(published))
