"""Targets worked out by hand from published figures, and paces that cities and provinces name.

Origin of the national figures: monthly releases of the National Bureau of Statistics as carried in
``data/official/national.csv``. January-August 2026: 293,092, growth -7.2 %; the same months of 2025
as published: 326,111; 2025 as published: 485,186. By hand:

- implied base so far 293,092 / 0.928 = 315,831.9; revision 315,831.9 / 326,111 - 1 = -3.152 %
- base of the year 485,186 x 0.968480 = 469,892.8; of September-December 154,060.9
- growth of zero: 469,892.8 - 293,092 = 176,800.8, a month 44,200.2, growth
  176,800.8 / 154,060.9 - 1 = 14.76 %; shortfall so far 315,831.9 - 293,092 = 22,739.9
- growth of -5 %: 469,892.8 x 0.95 - 293,092 = 153,306.2, growth -0.49 %
- value of 450,000: growth 450,000 / 469,892.8 - 1 = -4.23 % on the comparable base and
  450,000 / 485,186 - 1 = -7.25 % on the published level; 156,908 to do, 39,227 a month
- by September: 371,535 x 0.968480 = 359,824.1, less 293,092 = 66,732.1, against 43,992.2: 51.69 %
- shares of January-August in the year, 2021-2025, from the published values: 346,913 / 544,547,
  367,106 / 572,138, 327,042 / 503,036, 329,385 / 514,374, 326,111 / 485,186
"""

import numpy as np
import pandas as pd
import pytest

from faiwatch.data.source import data_source
from faiwatch.forecast.target.position import Target, YearSoFar, requirement, year_so_far
from faiwatch.forecast.target.tables import best_growth, pace, scenario_growth
from faiwatch.stats.cumulative import as_known
from faiwatch.stats.growth import measures


def national(as_of):
    table = data_source("embedded").newest()
    total = table[(table["region_code"] == "000000") & (table["indicator"] == "total")]
    return measures(as_known(total.reset_index(drop=True), as_of))


@pytest.fixture(scope="module")
def august():
    return national("2026-08")


def test_comparable_base_of_the_year(august):
    year = year_so_far(august)
    assert round(year.base_so_far, 1) == 315831.9
    assert round(year.base_revision_pct, 3) == -3.152
    assert round(year.base[-1], 1) == 469892.8
    assert (year.months_left, year.basis) == (4, "levels")


@pytest.mark.parametrize(
    ("target", "required", "a_month", "growth"),
    [
        (Target(), 176800.8, 44200.2, 14.76),
        (Target(growth_pct=-5.0), 153306.2, 38326.5, -0.49),
        (Target(value_100m=450000.0), 156908.0, 39227.0, 1.85),
    ],
)
def test_required_amount_and_growth(august, target, required, a_month, growth):
    need = requirement(year_so_far(august), target)
    assert round(need.required_100m, 1) == required
    assert round(need.required_per_month_100m, 1) == a_month
    assert round(need.required_growth_pct, 2) == growth


def test_shortfall_so_far_and_gap_in_growth(august):
    need = requirement(year_so_far(august), Target())
    assert round(need.shortfall_100m, 1) == 22739.9
    assert need.gap_pp == 7.2


def test_growth_and_value_targets_differ_by_the_base_revision(august):
    need = requirement(year_so_far(august), Target(value_100m=450000.0))
    assert round(need.target_growth_pct, 2) == -4.23
    assert round(need.published_basis_growth_pct, 2) == -7.25
    turn = requirement(year_so_far(august), Target())
    assert round(turn.target_value_100m, 1) == 469892.8
    assert turn.published_basis_100m == 485186


def test_turning_positive_by_september(august):
    year = year_so_far(august)
    september = year.place + 1
    assert round(year.base[september] - year.done, 1) == 66732.1
    needed = 100 * ((year.base[september] - year.done) / year.base_open[0] - 1)
    assert round(needed, 2) == 51.69
    assert scenario_growth(year, needed)[0] == pytest.approx(0)


def test_pace_of_past_years(august):
    found = pace(august, year_so_far(august)).set_index("period").loc["2026-08"]
    # C[8] / C[12] as published
    shares = [346913 / 544547, 367106 / 572138, 327042 / 503036, 329385 / 514374, 326111 / 485186]
    assert found["even_share_pct"].item() == pytest.approx(100 * 8 / 12)
    assert found["past_share_pct"].item() == pytest.approx(100 * np.mean(shares))
    assert found["past_share_lo_pct"].item() == pytest.approx(100 * min(shares))
    assert found["past_share_hi_pct"].item() == pytest.approx(100 * max(shares))
    assert found["n_years"].item() == 5


def test_the_best_autumn_of_ten_years(august):
    """2020: (518,907 - 378,834) / (518,907 / 1.029 - 378,834 / 0.997) - 1 = 12.68 %."""
    best = best_growth(august, year_so_far(august)).iloc[-1]
    assert best["best_year"] == 2020
    by_hand = 100 * ((518907 - 378834) / (518907 / 1.029 - 378834 / 0.997) - 1)
    assert best["best_growth_pct"] == pytest.approx(by_hand)


def test_february_has_ten_months_to_go():
    """2026-02: 52,721 at 1.8 %; base 51,788.8, revision -1.578 %; 485,186 x 0.984222 = 477,531.0.

    Growth of 4 %: 496,632.2 - 52,721 = 443,911.2 over ten months, against 425,742.2: 4.27 %.
    """
    year = year_so_far(national("2026-02"))
    need = requirement(year, Target(growth_pct=4.0))
    assert year.months_left == 10
    assert round(need.required_100m, 1) == 443911.2
    assert round(need.required_per_month_100m, 1) == 44391.1
    assert round(need.required_growth_pct, 2) == 4.27


def test_a_complete_year_requires_nothing():
    """2025: 485,186 at -3.8 %, so the base is 504,351.4 and 19,165.4 were lacking for zero."""
    year = year_so_far(national("2025-12"))
    need = requirement(year, Target())
    assert year.months_left == 0
    assert round(need.shortfall_100m, 1) == 19165.4
    assert np.isnan(
        [need.required_100m, need.required_per_month_100m, need.required_growth_pct]
    ).all()


@pytest.mark.parametrize(
    ("done", "plan", "month", "progress", "ahead_pp"),
    [
        # Hanzhong, first half of 2020: 357.76 of 736.8, "1.44 points below even pace"
        (357.76, 736.8, 6, 48.56, -1.44),
        # Jiangmen, January-October: 629.0 of 647.4, printed as 97.2 %, "13.8 points ahead"
        (629.0, 647.4, 10, 97.16, 13.8),
    ],
)
def test_even_pace_as_cities_state_it(done, plan, month, progress, ahead_pp):
    year = YearSoFar(
        origin=pd.Period(f"2020-{month:02d}", "M"),
        growth_pct=0.0,
        growth_half_pct=0.05,
        value_100m=done,
        base=np.full(11, np.nan),
        last_year_100m=np.nan,
        base_revision_pct=np.nan,
        basis="growth_only",
    )
    need = requirement(year, Target(value_100m=plan))
    assert round(need.progress_pct, 2) == progress
    assert round(need.progress_pct - 100 * month / 12, len(str(ahead_pp).split(".")[1])) == ahead_pp


def test_growth_only_with_a_lent_profile():
    """July 2025 at 1.6 %, base of July 287,611 of 492,000: zero needs -2.25 % of the rest.

    (0 x 492,000 - 1.6 x 287,611) / (492,000 - 287,611) = -460,177.6 / 204,389 = -2.25.
    """
    months = pd.PeriodIndex(["2025-06", "2025-07"], freq="M")
    frame = pd.DataFrame(
        {
            "region_code": "350000",
            "indicator": "total",
            "period": months,
            "ytd_value_100m": np.nan,
            "ytd_yoy_pct": [2.8, 1.6],
        }
    )
    profile = np.linspace(45000.0, 492000.0, 11)
    profile[5] = 287611.0
    need = requirement(year_so_far(measures(frame), base_profile=profile), Target())
    assert round(need.required_growth_pct, 2) == -2.25
    assert np.isnan(need.required_100m)
