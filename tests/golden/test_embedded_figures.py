"""Published figures, typed from the release or report named beside them, against the data files.

Origins: [1] NBS releases on January-August 2024 and 2025; [2] NBS release on January-August 2026
as quoted in public repositories; [3] NBS release on January-February 2020, stats.gov.cn
t20200317_1732659; [4] NBS releases on 2018 ... 2023; [5] provincial figures of the NBS portal;
[6] reports of January-July ... January-November 2025 (etnet, UDN); [7] NBS release on
January-July 2024; [8] reports of 2004 (China News Service); [9] NBS release on January-August 2023
with its table (SMM); [10] two vendors' copies of the NBS series, alike; [11] Xinhua on January-July
2020; [12] NBS release on January-March 2026; [13] one vendor's copy; [14] Guangdong bureau of
statistics; [15] NBS real-estate release on January-March 2026.
"""

import pandas as pd
import pytest

from faiwatch.data.regions import provinces as provinces_of_the_table
from faiwatch.data.source import data_source


@pytest.fixture(scope="module")
def figures():
    table = data_source("embedded").newest()
    return table.assign(period=table["period"].astype(str)).set_index(
        ["region_code", "indicator", "period"]
    )


NATIONAL = [
    ("1998-12", 21_102.32, 19.5),  # [13] value
    ("2004-06", 21_844, 31.0),  # [8]
    ("2018-12", 635_636, 5.9),  # [4]
    ("2019-12", 551_478, 5.4),  # [4]
    ("2020-02", 33_323, -24.5),  # [3]
    ("2022-12", 572_138, 5.1),  # [4]
    ("2023-12", 503_036, 3.0),  # [4]
    ("2024-07", 287_611, 3.6),  # [7]
    ("2024-08", 329_385, 3.4),  # [1]
    ("2025-07", 288_229, 1.6),  # [6]
    ("2025-08", 326_111, 0.5),  # [1]
    ("2025-09", 371_535, -0.5),  # [6]
    ("2025-10", 408_914, -1.7),  # [6]
    ("2025-11", 444_035, -2.6),  # [6]
    ("2026-08", 293_092, -7.2),  # [2]
]
REAL_ESTATE = [
    ("440000", "real_estate_development", "2025-12", 8598.22, -23.6),  # [14]
    ("440000", "real_estate_development", "2026-06", 3967.96, -21.6),  # [14]
    ("000000", "real_estate_northeast", "2026-03", 196, -31.6),  # [15]
]
GROWTH = [
    ("420000", "total", "2020-03", -82.8),  # [5] Hubei
    ("420000", "total", "2021-03", 284.8),  # [5]
    ("540000", "total", "2011-02", 224.9),  # [5] Tibet
    ("210000", "total", "2016-10", -63.7),  # [5] Liaoning
    ("000000", "private", "2020-02", -26.4),  # [3]
    ("000000", "manufacturing", "2020-02", -31.5),  # [3]
    ("000000", "infrastructure", "2020-02", -30.3),  # [3]
    ("000000", "private", "2024-07", 0.0),  # [7]
    ("000000", "private", "2020-07", -5.7),  # [11]
    ("000000", "tertiary", "2016-05", 11.9),  # [10]
    ("000000", "state_controlled", "2023-08", 7.4),  # [9]
    ("000000", "mining", "2023-08", 2.0),  # [9]
    ("000000", "electricity_heat_gas_water", "2023-08", 26.5),  # [9]
    ("000000", "equipment_purchase", "2023-08", 6.8),  # [9]
    ("000000", "region_northeast", "2023-08", -3.1),  # [9]
    ("000000", "hong_kong_macao_taiwan", "2023-08", -3.0),  # [9]
    ("000000", "region_east", "2026-03", 0.7),  # [12]
    ("000000", "industry", "2026-03", 5.8),  # [12]
    ("000000", "equipment_purchase", "2026-08", 9.3),  # [2]
]
COUNTS = {  # rows, with value, with growth
    ("000000", "total"): (315, 315, 315),
    ("000000", "private"): (160, 38, 160),
    ("000000", "manufacturing"): (163, 19, 163),
    ("000000", "infrastructure"): (91, 9, 91),
    ("000000", "real_estate_development"): (304, 178, 304),
    ("000000", "primary"): (311, 52, 311),
    ("000000", "secondary"): (312, 47, 312),
    ("000000", "tertiary"): (312, 45, 312),
    ("000000", "state_controlled"): (248, 2, 248),
    ("000000", "construction_installation"): (247, 0, 247),
    ("000000", "equipment_purchase"): (249, 0, 249),
    ("000000", "other_expenses"): (247, 0, 247),
    ("000000", "industry"): (31, 1, 31),
    ("000000", "mining"): (45, 2, 45),
    ("000000", "electricity_heat_gas_water"): (43, 1, 43),
    ("000000", "region_east"): (27, 1, 27),
    ("000000", "region_northeast"): (23, 0, 23),
    ("000000", "foreign"): (43, 2, 43),
}


@pytest.mark.parametrize(("period", "value", "growth"), NATIONAL)
def test_national_figures(figures, period, value, growth):
    row = figures.loc[("000000", "total", period)]
    assert (row["ytd_value_100m"], row["ytd_yoy_pct"]) == (value, growth)


@pytest.mark.parametrize(("region", "indicator", "period", "growth"), GROWTH)
def test_growth_of_components_and_provinces(figures, region, indicator, period, growth):
    assert figures.loc[(region, indicator, period), "ytd_yoy_pct"] == growth


@pytest.mark.parametrize(("region", "indicator", "period", "value", "growth"), REAL_ESTATE)
def test_real_estate_of_provinces_and_parts_of_the_country(
    figures, region, indicator, period, value, growth
):
    row = figures.loc[(region, indicator, period)]
    assert (row["ytd_value_100m"], row["ytd_yoy_pct"]) == (value, growth)
    assert "one copy alone" in row["note"]


def test_no_published_row_is_lost(figures):
    counts = figures.groupby("file").size().to_dict()
    assert counts == {
        "data/official/national.csv": 315,
        "data/official/components.csv": 3038,
        "data/official/provinces.csv": 5616,
        "data/official/real_estate.csv": 29,
        "data/official/cities.csv": 2225,
    }


@pytest.mark.parametrize(("series", "counts"), COUNTS.items())
def test_each_series_keeps_its_rows_and_growth(figures, series, counts):
    rows, values, growths = counts
    mine = figures.loc[series]
    assert len(mine) == rows
    assert mine["ytd_yoy_pct"].notna().sum() == growths
    if values:
        assert mine["ytd_value_100m"].notna().sum() == values


def test_provinces_publish_growth_only_and_end_where_the_readme_says(figures):
    of_provinces = figures.index.isin(provinces_of_the_table(), level="region_code")
    provinces = figures[of_provinces & (figures["file"] == "data/official/provinces.csv")]
    assert provinces["ytd_value_100m"].isna().all()
    assert provinces["ytd_yoy_pct"].notna().all()
    last = provinces.reset_index().groupby("region_code")["period"].max()
    assert last.value_counts().to_dict() == {"2026-06": 24, "2026-07": 7}
    missing = {("540000", "total", "2012-02"), ("540000", "total", "2012-03")}
    assert not missing & set(provinces.index)


def test_sectors_add_up_to_the_total_within_two(figures):
    national = figures.loc["000000"]["ytd_value_100m"].unstack("indicator")
    four = national[["total", "primary", "secondary", "tertiary"]].dropna()
    assert len(four) == 45
    gap = four["total"] - four[["primary", "secondary", "tertiary"]].sum(axis=1)
    assert gap.abs().max() <= 2


def test_total_growth_lies_between_the_sectors(figures):
    national = figures.loc["000000"]["ytd_yoy_pct"].unstack("indicator")
    four = national[["total", "primary", "secondary", "tertiary"]].dropna()
    sectors = four.drop(columns="total")
    assert len(four) == 311
    assert four["total"].between(sectors.min(axis=1), sectors.max(axis=1)).all()


@pytest.mark.parametrize(
    ("whole", "parts", "months"),
    [
        ("total", ["region_east", "region_central", "region_west", "region_northeast"], 22),
        ("total", ["construction_installation", "equipment_purchase", "other_expenses"], 247),
        ("industry", ["mining", "manufacturing", "electricity_heat_gas_water"], 30),
    ],
)
def test_growth_of_a_whole_lies_between_that_of_its_parts(figures, whole, parts, months):
    growth = figures.loc["000000"]["ytd_yoy_pct"].unstack("indicator")[[whole, *parts]].dropna()
    assert len(growth) == months
    assert growth[whole].between(growth[parts].min(axis=1), growth[parts].max(axis=1)).all()


def test_what_is_printed_every_month_is_held_without_a_hole(figures):
    growth = figures.loc["000000"]["ytd_yoy_pct"].unstack("indicator").loc["2021-02":"2026-08"]
    assert len(growth) == 62
    whole = ["private", "manufacturing", "real_estate_development", "equipment_purchase"]
    assert growth[whole].notna().all().all()
    holes = {
        "secondary": {"2025-06", "2025-09", "2025-10"},
        "tertiary": {"2025-06", "2025-09", "2025-10"},
        "primary": {"2025-06", "2025-09", "2025-10", "2026-08"},
        "infrastructure": {"2021-12", "2022-03", "2022-04"},
    }
    for name, missing in holes.items():
        assert set(growth.index[growth[name].isna()]) == missing


def test_the_nation_lies_inside_the_range_of_its_provinces(figures):
    growth = figures.xs("total", level="indicator")["ytd_yoy_pct"].unstack("region_code")
    growth = growth.loc["2010-02":"2026-06"]
    provinces = growth.drop(columns="000000")
    assert len(growth) == 181
    assert growth["000000"].between(provinces.min(axis=1), provinces.max(axis=1)).all()


def test_the_negative_releases_since_2008_are_these_three_runs(figures):
    growth = figures.loc[("000000", "total")]["ytd_yoy_pct"].loc["2008-02":]
    negative = pd.PeriodIndex(growth.index[growth < 0], freq="M")
    runs = [
        *pd.period_range("2020-02", "2020-08", freq="M"),
        *pd.period_range("2025-09", "2025-12", freq="M"),
        *pd.period_range("2026-04", "2026-08", freq="M"),
    ]
    assert negative.tolist() == runs
