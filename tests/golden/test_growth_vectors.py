"""Published figures and what must follow from them.

Origin of the levels and growth rates: monthly releases of the National Bureau of Statistics on
investment in fixed assets, 2018-2026, as carried in ``data/official``. The expected results were
computed by hand from those figures (growth from levels, comparable base, rounding interval of
0.05 percentage points) and are checked here against the library.
"""

import numpy as np
import pandas as pd
import pytest

from faiwatch.data.source import data_source
from faiwatch.stats.diffusion import diffusion_index
from faiwatch.stats.growth import average_growth, measures
from faiwatch.stats.negative import flags, runs


def series(months, growth, values=None, indicator="total"):
    return pd.DataFrame(
        {
            "region_code": "000000",
            "indicator": indicator,
            "period": pd.PeriodIndex(months, freq="M"),
            "ytd_value_100m": np.nan if values is None else values,
            "ytd_yoy_pct": growth,
        }
    )


@pytest.mark.parametrize(
    ("month", "value", "growth", "year_ago", "base", "naive", "revision"),
    [
        ("2025-08", 326111, 0.5, 329385, 324489, -0.99, -1.49),
        ("2025-10", 408914, -1.7, 423222, 415986, -3.38, -1.71),
    ],
)
def test_base_and_naive_growth(month, value, growth, year_ago, base, naive, revision):
    before = str(pd.Period(month, "M") - 12)
    row = measures(series([before, month], [3.4, growth], [year_ago, value])).iloc[-1]
    assert round(row["base_100m"]) == base
    assert round(row["naive_yoy_pct"], 2) == naive
    assert round(row["base_revision_pct"], 2) == revision


def test_naive_growth_below_zero_flags_nothing():
    table = series(["2024-08", "2025-08"], [3.4, 0.5], [329385, 326111])
    flagged = flags(measures(table))
    ytd = flagged[(flagged["definition"] == "ytd") & (flagged["period"] == "2025-08")]
    assert measures(table)["naive_yoy_pct"].iloc[-1] < 0
    assert ytd["state"].item() == "non_negative"


def test_annual_growth_from_levels_has_the_wrong_sign_in_2023():
    row = measures(series(["2022-12", "2023-12"], [5.1, 3.0], [572138, 503036])).iloc[-1]
    assert round(row["naive_yoy_pct"], 2) == -12.08
    assert row["ytd_yoy_pct"] == 3.0


def test_ytd_run_of_three_by_november_2025():
    months = ["2025-07", "2025-08", "2025-09", "2025-10", "2025-11"]
    found = runs(flags(series(months, [1.6, 0.5, -0.5, -1.7, -2.6])))
    run = found[found["definition"] == "ytd"].iloc[0]
    assert (run["n_releases"], run["n_months"], run["ongoing"]) == (3, 3, True)


def test_single_months_of_2025_with_their_rounding_bands():
    months = ["2025-07", "2025-08", "2025-09", "2025-10", "2025-11"]
    values = [288229, 326111, 371535, 408914, 444035]
    measured = measures(series(months, [1.6, 0.5, -0.5, -1.7, -2.6], values)).iloc[1:]
    bands = measured[["block_yoy_pct", "block_yoy_lo_pct", "block_yoy_hi_pct"]].round(1)
    assert bands.to_numpy().tolist() == [
        [-7.1, -7.8, -6.5],
        [-7.1, -7.8, -6.5],
        [-12.2, -13.0, -11.4],
        [-12.0, -13.0, -11.0],
    ]
    found = runs(flags(measures(series(months, [1.6, 0.5, -0.5, -1.7, -2.6], values))))
    assert found[found["definition"] == "block"]["n_releases"].iloc[-1] >= 4


def test_published_growth_chains_and_levels_do_not():
    growth = [5.4, 2.9, 4.9, 5.1]  # 2019-2022; levels 635,636 in 2018 and 572,138 in 2022
    chained = average_growth(np.array(growth))
    from_levels = 100 * ((572138 / 635636) ** (1 / 4) - 1)
    assert chained.round(2) == 4.57
    assert round(from_levels, 2) == -2.60


def test_two_year_average_of_the_first_half_of_2021():
    row = measures(series(["2020-06", "2021-06"], [-3.1, 12.6])).iloc[-1]
    assert round(row["two_year_avg_pct"], 1) == 4.5  # the release prints 4.4 from its own levels


def test_january_and_february_are_one_observation_of_two_months():
    row = measures(series(["2020-02"], [-24.5], [33323])).iloc[0]
    assert row["block_months"] == 2
    assert round(row["base_100m"]) == 44136
    assert row["block_yoy_pct"] == -24.5


def test_growth_only_block_from_a_base_profile():
    profile = pd.Series([287611.0, 329385.0], pd.PeriodIndex(["2025-07", "2025-08"], freq="M"))
    table = series(["2025-07", "2025-08"], [1.6, 0.5])
    row = measures(table, base_shares=profile).iloc[-1]
    assert round(row["block_yoy_pct"], 2) == -7.07
    assert row["block_basis"] == "base_shares"


def test_growth_only_block_is_missing_without_a_profile():
    flagged = flags(measures(series(["2025-07", "2025-08"], [1.6, 0.5])))
    block = flagged[flagged["definition"] == "block"]
    assert block["state"].tolist() == ["missing", "missing"]


def test_diffusion_index_as_the_philadelphia_fed_counts_states():
    assert diffusion_index(46, 2, 2) == 88
    assert diffusion_index(35, 9, 6) == 52


@pytest.fixture(scope="module")
def national():
    figures = data_source("embedded").newest()
    return figures[figures["region_code"] == "000000"]


def ytd_runs(figures, indicator, as_of, since="2008-02"):
    known = figures[(figures["period"] <= as_of) & (figures["period"] >= since)]
    found = runs(flags(measures(known[known["indicator"] == indicator])))
    return found[found["definition"] == "ytd"].reset_index(drop=True)


def test_national_total_up_to_august_2026(national):
    total = national[national["indicator"] == "total"]
    assert total.loc[total["period"] == "2026-08", "ytd_yoy_pct"].item() == -7.2
    found = ytd_runs(national, "total", "2026-08")
    assert found[["start", "end"]].astype(str).to_numpy().tolist() == [
        ["2020-02", "2020-08"],
        ["2025-09", "2025-12"],
        ["2026-04", "2026-08"],
    ]
    assert found["n_releases"].tolist() == [7, 4, 5]
    assert found["n_months"].tolist() == [8, 4, 5]
    assert found["ongoing"].tolist() == [False, False, True]
    assert found["n_releases"].sum() == 16


@pytest.mark.parametrize(
    ("indicator", "start", "n_releases"),
    [("private", "2025-06", 14), ("real_estate_development", "2022-04", 49)],
)
def test_parts_of_the_national_total_up_to_august_2026(national, indicator, start, n_releases):
    run = ytd_runs(national, indicator, "2026-08").iloc[-1]
    assert (str(run["start"]), run["n_releases"], run["ongoing"]) == (start, n_releases, True)


def test_no_total_run_goes_on_in_august_2025_although_levels_say_so(national):
    assert not ytd_runs(national, "total", "2025-08")["ongoing"].any()
    total = national[(national["indicator"] == "total") & (national["period"] <= "2025-08")]
    assert round(measures(total)["naive_yoy_pct"].iloc[-1], 1) == -1.0


def test_growth_from_levels_is_wrong_in_32_of_the_48_months_it_calls_negative(national):
    measured = measures(national[national["indicator"] == "total"])
    called = measured[(measured["period"] >= "2008-02") & (measured["naive_yoy_pct"] < 0)]
    assert len(called) == 48
    assert (called["ytd_yoy_pct"] >= 0).sum() == 32
