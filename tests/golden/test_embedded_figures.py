"""Published figures, typed from the release or report named beside them, against the data files.

Origins: [1] NBS releases on January-August 2024 and 2025; [2] NBS release on January-August 2026
as quoted in public repositories; [3] NBS release on January-February 2020, stats.gov.cn
t20200317_1732659; [4] NBS releases on 2018 ... 2023; [5] provincial figures of the NBS portal;
[6] reports of January-July ... January-November 2025 (etnet, UDN); [7] NBS release on
January-July 2024; [8] reports of 2004 (China News Service).
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
GROWTH = [
    ("420000", "total", "2020-03", -82.8),  # [5] Hubei
    ("420000", "total", "2021-03", 284.8),  # [5]
    ("540000", "total", "2011-02", 224.9),  # [5] Tibet
    ("210000", "total", "2016-10", -63.7),  # [5] Liaoning
    ("000000", "private", "2020-02", -26.4),  # [3]
    ("000000", "manufacturing", "2020-02", -31.5),  # [3]
    ("000000", "infrastructure", "2020-02", -30.3),  # [3]
    ("000000", "private", "2024-07", 0.0),  # [7]
]
COUNTS = {  # rows, with value, with growth
    ("000000", "total"): (315, 212, 315),
    ("000000", "private"): (140, None, 140),
    ("000000", "manufacturing"): (163, None, 163),
    ("000000", "infrastructure"): (62, None, 62),
    ("000000", "real_estate_development"): (188, None, 188),
    ("000000", "primary"): (103, None, 102),
    ("000000", "secondary"): (103, None, 103),
    ("000000", "tertiary"): (103, None, 103),
}


@pytest.mark.parametrize(("period", "value", "growth"), NATIONAL)
def test_national_figures(figures, period, value, growth):
    row = figures.loc[("000000", "total", period)]
    assert (row["ytd_value_100m"], row["ytd_yoy_pct"]) == (value, growth)


@pytest.mark.parametrize(("region", "indicator", "period", "growth"), GROWTH)
def test_growth_of_components_and_provinces(figures, region, indicator, period, growth):
    assert figures.loc[(region, indicator, period), "ytd_yoy_pct"] == growth


def test_no_published_row_is_lost(figures):
    counts = figures.groupby("file").size().to_dict()
    assert counts == {
        "data/official/national.csv": 315,
        "data/official/components.csv": 862,
        "data/official/provinces.csv": 5616,
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
    provinces = figures[figures.index.isin(provinces_of_the_table(), level="region_code")]
    assert provinces["ytd_value_100m"].isna().all()
    assert provinces["ytd_yoy_pct"].notna().all()
    last = provinces.reset_index().groupby("region_code")["period"].max()
    assert last.value_counts().to_dict() == {"2026-06": 24, "2026-07": 7}
    missing = {("540000", "total", "2012-02"), ("540000", "total", "2012-03")}
    assert not missing & set(provinces.index)


def test_sectors_add_up_to_the_total_within_two(figures):
    national = figures.loc["000000"]["ytd_value_100m"].unstack("indicator")
    four = national[["total", "primary", "secondary", "tertiary"]].dropna()
    assert len(four) == 35
    gap = four["total"] - four[["primary", "secondary", "tertiary"]].sum(axis=1)
    assert gap.abs().max() <= 2


def test_total_growth_lies_between_the_sectors(figures):
    national = figures.loc["000000"]["ytd_yoy_pct"].unstack("indicator")
    four = national[["total", "primary", "secondary", "tertiary"]].dropna()
    sectors = four.drop(columns="total")
    assert len(four) == 102
    assert four["total"].between(sectors.min(axis=1), sectors.max(axis=1)).all()


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
