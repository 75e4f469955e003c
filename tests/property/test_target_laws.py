"""Laws of targets: doing what is required reaches them, and nothing published is touched."""

import numpy as np
import pandas as pd
import pytest
from examples import FEW
from hypothesis import given
from hypothesis import strategies as st

from faiwatch.forecast.series import GrowthPaths
from faiwatch.forecast.target.chances import chance_ladder, chance_of_target, turning
from faiwatch.forecast.target.position import Target, requirement, year_so_far
from faiwatch.forecast.target.tables import (
    best_growth,
    month_table,
    pace,
    scenario_growth,
    scenario_table,
)
from faiwatch.stats.growth import measures

MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(2, 13)]
growths = st.floats(-60, 150)
origins = st.integers(2, 12)


@st.composite
def years(draw):
    """Measures of two whole years and part of a third, any blocks and any growth."""
    month = draw(origins)
    n = 22 + month - 1
    blocks = draw(st.lists(st.floats(1, 1e5), min_size=n, max_size=n))
    value = [sum(blocks[place // 11 * 11 : place + 1]) for place in range(n)]
    growth = draw(st.lists(st.integers(-400, 400).map(lambda g: g / 10), min_size=n, max_size=n))
    return measures(
        pd.DataFrame(
            {
                "region_code": "990101",
                "indicator": "total",
                "period": pd.PeriodIndex(MONTHS[:n], freq="M"),
                "ytd_value_100m": value,
                "ytd_yoy_pct": growth,
            }
        )
    )


def paths(year, seed):
    """Any paths from the origin of a year to December."""
    opened = year.periods[year.is_open]
    growth = np.random.default_rng(seed).normal(0, 5, (200, len(opened)))
    value = year.base[year.is_open] * (1 + growth / 100)
    return GrowthPaths(year.origin, opened, growth, growth, value, 0.05, (), {})


@FEW
@given(years(), growths)
def test_growing_as_required_reaches_the_target_exactly(measured, growth):
    year = year_so_far(measured)
    need = requirement(year, Target(growth_pct=growth))
    if year.months_left:
        reached = scenario_growth(year, need.required_growth_pct)[-1]
        assert reached == pytest.approx(growth, abs=1e-6)
        total = year.value_100m + need.required_100m
        assert total == pytest.approx(year.base[-1] * (1 + growth / 100))
        assert need.required_per_month_100m * year.months_left == pytest.approx(need.required_100m)


@FEW
@given(years(), growths)
def test_required_is_the_shortfall_so_far_and_the_rest_grown(measured, growth):
    year = year_so_far(measured)
    need = requirement(year, Target(growth_pct=growth))
    if year.months_left:
        rest = year.base_open[-1] * (1 + growth / 100)
        # near -100 % the base is a great many times what was done, and so is its rounding
        size = max(abs(rest), abs(need.shortfall_100m), abs(year.done))
        needed = need.shortfall_100m + rest
        assert need.required_100m == pytest.approx(needed, rel=0, abs=1e-12 * size)


@FEW
@given(years(), growths)
def test_a_growth_target_and_its_value_are_the_same_target(measured, growth):
    year = year_so_far(measured)
    by_growth = requirement(year, Target(growth_pct=growth))
    by_value = requirement(year, Target(value_100m=by_growth.target_value_100m))
    assert by_value.target_growth_pct == pytest.approx(growth, abs=1e-6)
    assert by_value.required_growth_pct == pytest.approx(
        by_growth.required_growth_pct, rel=1e-6, abs=1e-6, nan_ok=True
    )


@FEW
@given(years(), st.floats(0.01, 1000))
def test_the_unit_does_not_matter(measured, factor):
    scaled = measured.assign(
        ytd_value_100m=measured["ytd_value_100m"] * factor,
        base_100m=measured["base_100m"] * factor,
    )
    one, other = (
        requirement(year_so_far(table), Target(growth_pct=3.0)) for table in (measured, scaled)
    )
    assert other.required_growth_pct == pytest.approx(one.required_growth_pct, nan_ok=True)
    assert other.progress_pct == pytest.approx(one.progress_pct)


@FEW
@given(years(), st.integers(0, 99))
def test_turning_positive_takes_what_the_table_says(measured, seed):
    year = year_so_far(measured)
    found = paths(year, seed)
    table = month_table(measured, found, year, Target())
    opened = table[table["is_open"]].reset_index(drop=True)
    for place, row in opened.iterrows():
        reached = scenario_growth(year, row["required_turn_growth_pct"])[place]
        assert reached == pytest.approx(0, abs=1e-6)
    assert table.loc[~table["is_open"], "required_turn_100m"].isna().all()


@FEW
@given(years(), st.integers(0, 99))
def test_higher_targets_are_never_likelier(measured, seed):
    year = year_so_far(measured)
    ladder = chance_ladder(paths(year, seed), year, Target(growth_pct=2.0))
    chances = ladder["chance"].to_numpy(dtype=float)
    assert (np.diff(chances) >= 0).all()  # from the highest target down
    assert ladder["target_growth_pct"].is_unique


@FEW
@given(years(), st.integers(0, 99))
def test_having_turned_is_at_least_as_likely_as_being_up(measured, seed):
    year = year_so_far(measured)
    found = turning(paths(year, seed), year)
    if year.growth_pct < -0.05 and len(found):
        assert (found["chance_turned"] >= found["chance_non_negative"]).all()
        assert found["chance_turned"].is_monotonic_increasing
    else:
        assert found["chance_turned"].isna().all()


@FEW
@given(years(), growths, st.integers(0, 99))
def test_inputs_are_not_changed_and_reported_columns_not_made(measured, growth, seed):
    before = measured.copy(deep=True)
    year, target = year_so_far(measured), Target(growth_pct=growth)
    found = paths(year, seed)
    tables = [
        month_table(measured, found, year, target),
        scenario_table(measured, found, year, target),
        pace(measured, year),
        best_growth(measured, year),
    ]
    pd.testing.assert_frame_equal(measured, before)
    assert not {name for table in tables for name in table} & {"ytd_value_100m", "ytd_yoy_pct"}


@FEW
@given(years(), growths)
def test_a_complete_year_is_reached_or_missed_as_published(measured, growth):
    table = measured[measured["period"] <= "2024-12"]
    year = year_so_far(table)
    chance = chance_of_target(paths(year, 0), year, Target(growth_pct=growth))
    assert chance == float(year.growth_pct >= growth - 0.05)
