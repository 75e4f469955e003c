"""Targets and chances worked out with pencil and paper: round figures, four paths, each edge."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.forecast.probability import full_year_negative, negative_probabilities, own_share
from faiwatch.forecast.series import GrowthPaths
from faiwatch.forecast.target.chances import (
    chance_ladder,
    chance_of_target,
    paths_of_year,
    required_range,
    turning,
)
from faiwatch.forecast.target.position import Target, base_of_year, requirement, year_so_far
from faiwatch.stats.cumulative import release_number, release_periods
from faiwatch.stats.growth import measures

AUGUST = pd.Period("2026-08", "M")


def table(until="2026-08", growth=-10.0, *, value=True, revised=1.0):
    """Last year 100 a month; this year 90: 10 percent less, on a base `revised` times as large."""
    months = [pd.Period(year=year, month=month, freq="M") for year in (2025, 2026)
              for month in range(2, 13)]  # fmt: skip
    rows = [
        {
            "region_code": "990101",
            "indicator": "total",
            "period": month,
            "ytd_value_100m": month.month
            * (100.0 if month.year == 2025 else (100 + growth) * revised),
            "ytd_yoy_pct": 0.0 if month.year == 2025 else growth,
        }
        for month in months
        if month <= pd.Period(until, "M")
    ]
    frame = pd.DataFrame(rows).astype({"period": "period[M]"})
    return measures(frame if value else frame.assign(ytd_value_100m=np.nan))


def test_where_the_year_stands_in_august():
    year = year_so_far(table())
    assert (str(year.origin), year.place, year.months_left) == ("2026-08", 6, 4)
    assert (year.growth_pct, year.value_100m, year.last_year_100m) == (-10.0, 720.0, 1200.0)
    assert year.growth_half_pct == pytest.approx(0.5)  # whole percents in 18 figures
    assert year.base.tolist() == pytest.approx([100.0 * month for month in range(2, 13)])
    assert year.base_so_far == pytest.approx(800.0)
    assert year.base_open.tolist() == pytest.approx([100.0, 200.0, 300.0, 400.0])
    assert year.is_open.tolist() == [False] * 7 + [True] * 4
    assert year.periods.astype(str).tolist() == [f"2026-{month:02d}" for month in range(2, 13)]
    assert year.base_revision_pct == pytest.approx(0.0)
    assert (year.done, year.basis, year.has_value) == (720.0, "levels", True)


def test_without_last_years_december_the_base_of_the_year_is_not_known():
    measured = table()
    without = measured[measured["period"] != pd.Period("2025-12", "M")]
    assert year_so_far(without).basis == "growth_only"


def test_a_year_is_that_of_one_series_with_growth():
    two = pd.concat([table(), table().assign(region_code="990102")])
    for measured in (table().iloc[:0], two):
        with pytest.raises(DataMissingError, match="exactly one series"):
            year_so_far(measured)


def test_the_rest_of_the_base_is_last_years_on_its_last_revision():
    year = year_so_far(table(revised=0.8))
    assert year.base_revision_pct == pytest.approx(-20.0)
    assert year.base.tolist() == pytest.approx([80.0 * month for month in range(2, 13)])
    assert year.last_year_100m == 1200.0  # as it was published
    need = requirement(year, Target(growth_pct=5.0))
    assert need.target_value_100m == pytest.approx(1008.0)
    assert need.published_basis_100m == pytest.approx(1260.0)
    assert need.published_basis_growth_pct == pytest.approx(-16.0)  # 1,008 of 1,200


def test_what_growth_of_five_percent_requires():
    need = requirement(year_so_far(table()), Target(growth_pct=5.0))
    assert need.target_growth_pct == 5.0
    assert need.target_value_100m == pytest.approx(1260.0)
    assert need.gap_pp == pytest.approx(15.0)
    assert need.shortfall_100m == pytest.approx(120.0)  # 840 were due by August
    assert need.required_100m == pytest.approx(540.0)
    assert need.required_per_month_100m == pytest.approx(135.0)
    assert need.required_growth_pct == pytest.approx(35.0)  # 540 on 400
    assert need.progress_pct == pytest.approx(100 * 720 / 1260)


def test_what_a_value_requires():
    need = requirement(year_so_far(table()), Target(value_100m=1080.0))
    assert need.target_growth_pct == pytest.approx(-10.0)
    assert need.gap_pp == pytest.approx(0.0)
    assert need.required_100m == pytest.approx(360.0)
    assert need.shortfall_100m == pytest.approx(0.0)


def test_without_a_target_it_is_not_to_fall():
    need = requirement(year_so_far(table()), Target())
    assert (need.target_growth_pct, need.gap_pp) == (0.0, 10.0)
    assert need.required_100m == pytest.approx(480.0)


def test_a_complete_year_requires_nothing_and_has_its_progress():
    year = year_so_far(table("2026-12"))
    need = requirement(year, Target(growth_pct=0.0))
    assert (year.months_left, year.base_open.size) == (0, 0)
    assert math.isnan(need.required_100m)
    assert math.isnan(need.required_per_month_100m)
    assert math.isnan(need.required_growth_pct)
    assert need.progress_pct == pytest.approx(90.0)
    assert need.shortfall_100m == pytest.approx(120.0)


def test_a_target_of_minus_a_hundred_has_no_progress():
    need = requirement(year_so_far(table()), Target(growth_pct=-100.0))
    assert math.isnan(need.progress_pct)
    assert need.required_100m == pytest.approx(-720.0)  # reached already


def test_january_and_february_alone_are_a_place_to_stand():
    year = year_so_far(table("2026-02"))
    assert (year.place, year.months_left, year.value_100m) == (0, 10, 180.0)
    assert year.base_open.tolist() == pytest.approx([100.0 * more for more in range(1, 11)])


def test_growth_alone_gives_a_gap_and_no_amount():
    year = year_so_far(table(value=False))
    assert (year.basis, year.has_value) == ("growth_only", False)
    need = requirement(year, Target(growth_pct=5.0))
    assert need.gap_pp == pytest.approx(15.0)
    assert math.isnan(need.required_100m)
    assert math.isnan(need.required_growth_pct)
    with pytest.raises(ParameterError):
        requirement(year, Target(value_100m=5.0))


def test_a_lent_profile_is_an_index_and_gives_growth_but_no_amount():
    profile = base_of_year(table())
    year = year_so_far(table(value=False), base_profile=profile)
    assert year.basis == "profile"
    assert year.base[-1] == pytest.approx(100.0)
    assert year.base_so_far == pytest.approx(800 / 12)
    assert year.done == pytest.approx(60.0)  # nine tenths of two thirds
    need = requirement(year, Target(growth_pct=5.0))
    assert need.required_growth_pct == pytest.approx(35.0)
    amounts = (need.target_value_100m, need.shortfall_100m, need.required_100m)
    assert all(math.isnan(amount) for amount in amounts)


def test_a_lent_profile_is_put_on_the_scale_of_what_is_known():
    measured = table()
    lone = measures(
        measured[["region_code", "indicator", "period", "ytd_value_100m", "ytd_yoy_pct"]]
        .loc[measured["period"] >= "2026-02"]
        .reset_index(drop=True)
    )
    year = year_so_far(lone, base_profile=7 * base_of_year(measured))
    assert year.basis == "profile"
    late = np.array([month**2 for month in range(2, 13)])  # another series, later in the year
    assert year_so_far(lone, base_profile=late).base_so_far == pytest.approx(800.0)
    assert year_so_far(lone, base_profile=late).base[-1] == pytest.approx(800 * 144 / 64)
    assert year.base.tolist() == pytest.approx([100.0 * month for month in range(2, 13)])


def test_the_last_month_with_growth_counts_however_the_rows_lie():
    measured = table()
    blank = measured["ytd_yoy_pct"].mask(measured["period"] == AUGUST)
    assert str(year_so_far(measured.assign(ytd_yoy_pct=blank)).origin) == "2026-07"
    assert str(year_so_far(measured.iloc[::-1]).origin) == "2026-08"
    with pytest.raises(DataMissingError):
        year_so_far(measured.assign(ytd_yoy_pct=np.nan))


def test_the_base_so_far_is_the_one_implied_in_each_month():
    measured = table()
    july = measured["period"] == "2026-07"
    values = measured["ytd_value_100m"].where(~july, 600.0)  # 666.7 a year ago on this basis
    plain = measured[["region_code", "indicator", "period", "ytd_yoy_pct"]]
    year = year_so_far(measures(plain.assign(ytd_value_100m=values)))
    assert year.base[5] == pytest.approx(600 / 0.9)
    assert year.base[6:].tolist() == pytest.approx([800.0, 900.0, 1000.0, 1100.0, 1200.0])


def test_one_published_figure_is_a_year_so_far():
    first = measures(table()[["region_code", "indicator", "period", "ytd_yoy_pct"]].iloc[:1])
    year = year_so_far(first.assign(ytd_value_100m=200.0))
    assert (str(year.origin), year.growth_pct, year.value_100m) == ("2025-02", 0.0, 200.0)


@pytest.mark.parametrize(
    ("growth", "value", "target"),
    [
        (5, "none", Target(growth_pct=5.0)),
        ("none", 1080, Target(value_100m=1080.0)),
        ("none", "none", Target()),
    ],
)
def test_a_target_is_what_the_page_asks_for(growth, value, target):
    asked = SimpleNamespace(target_growth_pct=growth, target_value_100m=value)
    assert Target.of(asked) == target


# --- chances: four paths from September to December and two months of the next year ---------


GROWTH = np.array(
    [
        [-8.0, -6.0, -4.0, 1.0, 5.0, 5.0],
        [-9.0, 0.0, -3.0, -2.0, 5.0, 5.0],
        [-8.0, -7.0, -6.0, -5.0, -5.0, -5.0],
        [-0.5, 2.0, 3.0, 4.0, 5.0, 5.0],
    ]
)
AHEAD = pd.PeriodIndex(["2026-09", "2026-10", "2026-11", "2026-12", "2027-02", "2027-03"], freq="M")


def paths(growth=GROWTH, half=0.5, periods=AHEAD):
    base = np.array([900.0, 1000.0, 1100.0, 1200.0, 200.0, 300.0])[: growth.shape[1]]
    value = base * (1 + growth / 100)
    return GrowthPaths(AUGUST, periods, growth, growth, value, half, (), {})


def test_paths_of_the_year_end_in_december():
    found = paths_of_year(paths(), year_so_far(table()), "ytd_yoy_pct")
    assert found.tolist() == GROWTH[:, :4].tolist()


@pytest.mark.parametrize(
    ("aim", "chance"), [(4.6, 0.0), (4.5, 0.25), (1.0, 0.5), (-1.5, 0.75), (-4.5, 1.0)]
)
def test_the_chance_of_growth_counts_paths_that_round_up_to_it(aim, chance):
    assert chance_of_target(paths(), year_so_far(table()), Target(growth_pct=aim)) == chance


@pytest.mark.parametrize(("aim", "chance"), [(1248.1, 0.0), (1248.0, 0.25), (1100.0, 1.0)])
def test_the_chance_of_a_value_counts_paths_at_it_or_above(aim, chance):
    assert chance_of_target(paths(), year_so_far(table()), Target(value_100m=aim)) == chance


@pytest.mark.parametrize(
    ("target", "chance"),
    [
        (Target(growth_pct=-10.0), 1.0),
        (Target(growth_pct=-9.5), 1.0),  # -10 as published may be -9.5
        (Target(growth_pct=-9.4), 0.0),
        (Target(value_100m=1080.0), 1.0),
        (Target(value_100m=1080.1), 0.0),
    ],
)
def test_a_complete_year_has_reached_its_target_or_not(target, chance):
    year = year_so_far(table("2026-12"))
    nothing = paths(GROWTH[:, 4:], periods=AHEAD[4:])
    assert chance_of_target(nothing, year, target) == chance


def test_paths_without_values_have_no_chance_of_a_value():
    lost = paths()
    lost.ytd_value_100m[0, 3] = np.nan
    assert math.isnan(chance_of_target(lost, year_so_far(table()), Target(value_100m=5.0)))


def test_having_turned_is_that_month_or_an_earlier_one():
    found = turning(paths(), year_so_far(table()))
    assert found["period"].astype(str).tolist() == ["2026-09", "2026-10", "2026-11", "2026-12"]
    assert found["chance_non_negative"].tolist() == [0.25, 0.5, 0.25, 0.5]  # -0.5 may be 0
    assert found["chance_turned"].tolist() == [0.25, 0.5, 0.5, 0.75]


@pytest.mark.parametrize(("growth", "told"), [(-1.0, True), (0.0, False), (3.0, False)])
def test_only_who_is_negative_can_turn(growth, told):
    found = turning(paths(), year_so_far(table(growth=growth)))
    assert found["chance_turned"].notna().all() == told
    assert found["chance_turned"].notna().any() == told


def test_the_required_amount_is_as_open_as_the_base_of_december():
    year = year_so_far(table())
    wide = np.array([1000.0, 1100.0, 1200.0, 1300.0])  # bases of December that the paths imply
    found = paths()
    found.ytd_value_100m[:, 3] = (wide * (1 + GROWTH[:, 3] / 100)).tolist()
    low, high = required_range(found, year, Target(growth_pct=10.0))
    assert (low, high) == pytest.approx((1030 * 1.1 - 720, 1270 * 1.1 - 720))
    of_a_value = required_range(found, year, Target(value_100m=5.0))
    assert all(math.isnan(end) for end in of_a_value)
    complete = year_so_far(table("2026-12"))
    assert all(math.isnan(end) for end in required_range(found, complete, Target()))
    growth_only = year_so_far(table(value=False))
    assert all(math.isnan(end) for end in required_range(found, growth_only, Target()))


def test_the_ladder_holds_round_figures_over_the_paths_zero_and_the_target():
    found = chance_ladder(paths(), year_so_far(table()), Target(growth_pct=2.7))
    # December: 5 % at -4.55, 95 % at 3.55: 8.1 points in steps of 2
    assert found["target_growth_pct"].tolist() == [4.0, 2.7, 2.0, 0.0, -2.0, -4.0, -6.0]
    assert found["chance"].tolist() == [0.25, 0.25, 0.25, 0.5, 0.75, 0.75, 1.0]
    assert found["is_target"].tolist() == [False, True, False, False, False, False, False]
    assert found["required_100m"].iloc[0] == pytest.approx(1248 - 720)
    assert found["required_growth_pct"].iloc[3] == pytest.approx(20.0)
    assert chance_ladder(paths(), year_so_far(table("2026-12")), Target()).empty


@pytest.mark.parametrize(
    ("factor", "steps"),
    [(0.1, 0.5), (0.5, 1.0), (2.0, 5.0), (5.0, 10.0), (10.0, 20.0), (50.0, 50.0)],
)
def test_rungs_lie_farther_apart_where_the_paths_do(factor, steps):
    found = chance_ladder(paths(GROWTH * factor), year_so_far(table()), Target())
    rungs = found["target_growth_pct"]
    assert set(-rungs.diff().dropna()) == {steps}


# --- probabilities --------------------------------------------------------------------------


def test_the_own_share_counts_what_was_published_below_zero():
    frame = pd.DataFrame({"ytd_yoy_pct": [-0.1, 0.0, 3.0, math.nan, -4.0]})
    assert own_share(frame) == 0.5
    assert math.isnan(own_share(frame.iloc[3:4]))


def test_a_release_is_negative_in_as_many_paths_as_would_be_published_so():
    found = negative_probabilities(paths())
    assert found["period"].tolist() == AHEAD.tolist()
    assert found["horizon"].tolist() == [1, 2, 3, 4, 5, 6]
    assert found["probability"].tolist() == [0.75, 0.5, 0.75, 0.5, 0.25, 0.25]


def test_no_chance_is_told_beyond_a_year():
    ahead = release_periods(release_number(AHEAD[:1])[0] + np.arange(12))
    growth = np.repeat(GROWTH[:, 2:3], 12, axis=1)  # below zero in three of four paths
    found = negative_probabilities(GrowthPaths(AUGUST, ahead, growth, growth, growth, 0.5, (), {}))
    assert found["probability"].tolist()[:11] == [0.75] * 11  # to August, the eleventh release
    assert found["period"].iloc[10] == AUGUST + 12
    assert math.isnan(found["probability"].iloc[11])


def test_the_year_is_the_next_december():
    assert full_year_negative(paths()) == (pd.Period("2026-12", "M"), 0.5)
    assert full_year_negative(paths(GROWTH[:, :3], periods=AHEAD[:3])) is None
    two = pd.PeriodIndex(["2026-12", "2027-02", "2027-12"], freq="M")
    assert full_year_negative(paths(GROWTH[:, :3], periods=two)) == (two[0], 0.75)
