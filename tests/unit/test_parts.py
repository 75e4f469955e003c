"""What is told of the parts of a total, worked out again by plain code."""

import csv

import pandas as pd
import pytest

from faiwatch.api import open_page
from faiwatch.data.reference import indicator_named
from faiwatch.data.regions import region_named


def rows_of(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


SECTORS = ["primary", "secondary", "tertiary"]


@pytest.fixture(scope="module")
def page():
    return open_page("02_monitor", {"region": "000000", "lang": "zh", "as_of": "2026-08"})


@pytest.fixture(scope="module")
def growth(project):
    """Return growth as it stands in the file, a month a row and a part a column."""
    table = pd.read_csv(project / "data/official/components.csv")
    return table.pivot(index="period", columns="indicator", values="ytd_yoy_pct")


def test_how_many_parts_fall_and_how_many_are_not_held(page, growth):
    now = growth.loc["2026-08"].dropna()
    found = page.findings["parts_negative"]
    assert (found.value, found.state) == ((now < 0).sum(), "partial")
    assert found.zh == (
        f"已收录的{len(now)}项中{(now < 0).sum()}项为负，其余{25 - len(now)}项本库尚未收录"
    )


def test_each_part_is_told_with_its_last_month_held(page, growth):
    told = page.tables["parts"].set_index("indicator")
    assert len(told) == growth.shape[1] == 25
    for name, column in growth.items():
        last = column.dropna()
        assert str(told.loc[name, "period"]) == last.index[-1]
        assert told.loc[name, "value_pct"] == last.iloc[-1]
    # March is held of foreign-funded enterprises, and February before it; of mining August alone
    assert told.loc["foreign", "previous_pct"] == growth.loc["2026-02", "foreign"]
    assert pd.isna(told.loc["mining", "previous_pct"])


def test_structure_is_told_of_the_last_month_that_has_construction_and_equipment(page, growth):
    both = growth[["construction_installation", "equipment_purchase"]].dropna().iloc[-1]
    found = page.findings["structure"]
    assert found.value == pytest.approx(both.iloc[1] - both.iloc[0])
    assert (found.period, len(found.inputs)) == (both.name, 2)


def test_the_sector_that_pulls_most_is_the_lowest_contribution(page):
    parts = page.tables["contributions"]
    now = parts[parts["period"].astype(str).eq("2026-08") & parts["indicator"].isin(SECTORS)]
    lowest = now.sort_values("contribution_pp").iloc[0]
    found = page.findings["sector_drag"]
    assert found.value == lowest["contribution_pp"]
    assert (lowest["indicator"], found.state) == ("tertiary", "partial")  # primary is not held
    # the share of January-August 2024, carried on with growth of 2025: worked out by hand
    share = 100 * 210_461 / 329_385 * (1 - 0.034) / 1.005
    assert lowest["contribution_pp"] == pytest.approx(share * -9.9 / 100, abs=0.05)


def test_the_bars_of_a_release_add_up_to_what_was_published(page):
    table = page.plot.contribution_history(months=60).table
    added = table.groupby("截至月份")["拉动（百分点）"].sum()
    total = page.series.observations.set_index("month")["ytd_yoy_pct"]
    total.index = total.index.strftime("%Y-%m")
    assert len(added) >= 50
    same = table[table["比重依据"].eq("同次公布")]["截至月份"].unique()
    assert (added - total[added.index]).loc[same].abs().max() < 0.2
    assert (added - total[added.index]).abs().max() < 0.3


def test_it_is_said_of_which_releases_growth_and_of_which_shares_of_sectors_are_not_held(
    page, growth
):
    total = page.series.observations.set_index("month")["ytd_yoy_pct"].dropna()
    months = [str(one)[:7] for one in total.index if str(one)[:7] > "2018-08"]
    sectors = growth[SECTORS].reindex(months)
    n_lacking = int(sectors.isna().any(axis="columns").sum())
    chart = page.plot.contribution_history()
    n = chart.table["截至月份"].nunique()
    told = "、".join(
        f"{count}次的分产业{what}"
        for count, what in ((n_lacking, "增速"), (len(months) - n - n_lacking, "投资额"))
        if count
    )
    assert n_lacking > 0
    assert (
        f"图中{len(months)}次发布有{n}次可按三次产业分解，另有{told}本库尚未收录" in chart.caption
    )


def test_a_region_without_parts_shows_none():
    page = open_page("02_monitor", {"region": "610000", "lang": "en"})
    assert page.part_numbers().findings == []
    assert page.parts().frame.empty
    assert page.cut("structure").outputs() == []


def test_the_page_of_regions_shows_the_four_parts_of_the_country():
    chart = open_page("07_regions", {"lang": "en"}).parts_of_the_country()
    assert list(chart.table.columns[1:]) == [
        "investment in the east",
        "investment in the centre",
        "investment in the west",
        "investment in the north-east",
    ]
    city = open_page("07_regions", {"region": "430500", "lang": "en", "as_of": "2025-09"})
    assert city.parts_of_the_country().outputs() == []


@pytest.fixture(scope="module")
def regions():
    return open_page("07_regions", {"lang": "en", "as_of": "2026-08"})


def test_regions_are_told_with_the_components_held_of_them_and_how_many_have_none(regions, project):
    last = {}
    for row in rows_of(project / "data/official/real_estate.csv"):
        last[row["indicator"]] = row  # each series stands in the order of its months
    table = regions.components()
    told = table.frame.set_index("indicator")
    assert len(told) == len(last) == 5
    for name, row in last.items():
        mine = told.loc[indicator_named(name).label.en]
        assert f"{mine['period']:%Y-%m}" == row["period"]
        assert (mine["ytd_yoy_pct"], mine["ytd_value_100m"]) == (
            float(row["ytd_yoy_pct"]),
            float(row["ytd_value_100m"]),
        )
        assert mine["region"] == ("Guangdong" if row["region_code"] == "440000" else "China")
    n = len({row["region_code"] for row in rows_of(project / "data/official/provinces.csv")})
    assert f"held of 1 of {n} regions; those of the other {n - 1} are not" in table.note.en


def test_the_tiles_of_regions_say_each_ones_own_latest_growth(regions, project):
    rows = rows_of(project / "data/official/provinces.csv")
    last = {row["region_code"]: row for row in rows}
    chart = regions.plot.tiles()
    told = {row["Region"]: row for row in chart.table.to_dict("records")}
    assert {region_named(code).name.en for code in last} == set(told)
    for code, row in last.items():
        mine = told[region_named(code).name.en]
        assert (str(mine["Through"]), mine["Growth, year to date (%)"]) == (
            row["period"],
            float(row["ytd_yoy_pct"]),
        )
    below = sum(float(row["ytd_yoy_pct"]) < 0 for row in last.values())
    assert f"{below} of {len(last)} regions with figures negative" in chart.caption
    (data,) = chart.spec()["datasets"].values()
    tiles = {tile["whole"]: tile for tile in data}
    places = {row["region_code"]: row for row in rows_of(project / "data/tiles.csv")}
    for code in last:
        tile, place = tiles[region_named(code).name.en], places[code]
        assert (tile["y"], tile["x"]) == (int(place["row"]), int(place["column"]))
