import numpy as np
import pandas as pd
import pytest

from faiwatch.stats.contributions import contributions, latest_parts
from faiwatch.stats.growth import measures

MONTHS = pd.PeriodIndex(["2025-12", "2026-02"], freq="M")


def table(rows):
    frame = pd.DataFrame(rows, columns=["indicator", "period", "ytd_value_100m", "ytd_yoy_pct"])
    return frame.assign(region_code="000000", period=pd.PeriodIndex(frame["period"], freq="M"))


@pytest.fixture
def found():
    """Contributions of January-February 2026, figures as released (sectors add up)."""
    rows = [
        ("total", "2025-12", 485186, -3.8),
        ("real_estate_development", "2025-12", 82788, -17.2),
        ("total", "2025-02", 52619, 4.1),
        ("real_estate_development", "2025-02", 10720, -9.8),
        ("total", "2026-02", 52721, 1.8),
        ("primary", "2026-02", 1093, 17.4),
        ("secondary", "2026-02", 17434, 5.4),
        ("tertiary", "2026-02", 34194, -0.4),
        ("real_estate_development", "2026-02", np.nan, -11.1),
        ("manufacturing", "2026-02", np.nan, 3.1),
    ]
    parts = contributions(measures(table(rows)))
    return parts[parts["period"] == "2026-02"].set_index("indicator")


def test_contribution_is_the_comparable_base_share_times_growth(found):
    base_total, base_part = 52721 / 1.018, 17434 / 1.054
    assert found.loc["secondary", "contribution_pp"] == pytest.approx(
        100 * (17434 - base_part) / base_total
    )
    assert found.loc["secondary", "basis"] == "same_release"


def test_sectors_and_the_rest_add_up_to_the_total(found):
    parts = found.loc[["primary", "secondary", "tertiary", "other"], "contribution_pp"]
    assert parts.sum() == pytest.approx(1.8)


def test_a_share_carried_forward_names_its_month(found):
    estate = found.loc["real_estate_development"]
    assert (estate["basis"], str(estate["share_period"])) == ("earlier_release", "2025-02")
    assert estate["share_of_base_pct"] == pytest.approx(100 * 10720 / 52619)


def test_the_rest_without_real_estate_and_real_estate_add_up(found):
    both = found.loc[["real_estate_development", "excluding_real_estate"]]
    assert both["contribution_pp"].sum() == pytest.approx(1.8)
    assert both["share_of_base_pct"].sum() == pytest.approx(100)


def test_without_any_level_a_contribution_is_missing(found):
    assert found.loc["manufacturing", "basis"] == "missing"
    assert np.isnan(found.loc["manufacturing", "contribution_pp"])


def test_a_share_of_two_years_before_is_carried_on_with_last_years_growth():
    rows = [
        ("total", "2024-08", 329385, 3.4),
        ("real_estate_development", "2024-08", 69284, -10.2),
        ("total", "2025-08", 326111, 0.5),
        ("real_estate_development", "2025-08", np.nan, -12.9),
        ("total", "2026-08", 293092, -7.2),
        ("real_estate_development", "2026-08", np.nan, -19.9),
    ]
    estate = latest_parts(contributions(measures(table(rows)))).set_index("indicator")
    share = estate.loc["real_estate_development", "share_of_base_pct"]
    assert share == pytest.approx(100 * 69284 / 329385 * 0.871 / 1.005)
    assert str(estate.loc["real_estate_development", "share_period"]) == "2024-08"


def test_a_share_of_other_months_is_not_used():
    rows = [
        ("total", "2025-12", 485186, -3.8),
        ("real_estate_development", "2025-12", 82788, -17.2),
        ("total", "2026-08", 293092, -7.2),
        ("real_estate_development", "2026-08", np.nan, -19.9),
    ]
    assert latest_parts(contributions(measures(table(rows))))["basis"].tolist() == ["missing"]


def test_a_share_older_than_two_years_is_not_used():
    rows = [
        ("total", "2023-12", 503036, 3.0),
        ("private", "2023-12", 253544, -0.4),
        ("total", "2026-02", 52721, 1.8),
        ("private", "2026-02", np.nan, -2.6),
    ]
    latest = latest_parts(contributions(measures(table(rows))))
    assert latest["basis"].tolist() == ["missing"]


def test_industry_contribution_and_base_share_of_a_release():
    # Xi'an: industry +49.3 % contributed 7.4 points, which is a base share of 15.0 %
    base = 15.01
    rows = [
        ("total", "2026-02", (100 - base) * 1.02 + base * 1.493, 9.1),
        ("manufacturing", "2026-02", base * 1.493, 49.3),
    ]
    total = rows[0][2]
    rows[0] = ("total", "2026-02", total, 100 * (total / 100 - 1))
    part = contributions(measures(table(rows))).iloc[0]
    assert round(part["contribution_pp"], 1) == 7.4
    assert round(part["share_of_base_pct"], 1) == 15.0


def test_a_total_alone_has_no_parts():
    assert contributions(measures(table([("total", "2026-02", 52721, 1.8)]))).empty
