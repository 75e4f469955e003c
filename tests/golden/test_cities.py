"""Figures of Shaoyang (Hunan), its districts and counties, and the prefectures of Hunan.

Origin of every expectation: the monthly statistical bulletins of the Shaoyang municipal government
(www.shaoyang.gov.cn/shaoyang/tjyb/), source CY1 in ``data/official/sources.csv``: growth and ranks
as printed there. The spells are counted from the printed signs by hand, not by this library.
"""

import pytest

import faiwatch as fw
from faiwatch.data.regions import inside
from faiwatch.data.source import data_source

CITY, DISTRICTS = "430500", inside("430500")
SEPTEMBER_2025 = {  # growth of January-September 2025, percent, as printed
    "430500": -9.9,
    "430502": -2.3,
    "430503": -22.4,
    "430511": -28.8,
}
# Spells of negative growth that were going on in 2025-09: since when, releases, months.
ONGOING = {
    "430500": ("2025-08", 2, 2),
    "430503": ("2025-02", 8, 9),
    "430511": ("2024-07", 14, 15),
}


@pytest.fixture(scope="module")
def growth():
    figures = data_source("embedded").newest()
    total = figures[figures["indicator"] == "total"]
    return total.assign(period=total["period"].astype(str)).pivot(
        index="period", columns="region_code", values="ytd_yoy_pct"
    )


@pytest.mark.parametrize(("code", "printed"), SEPTEMBER_2025.items())
def test_growth_of_the_last_bulletin(growth, code, printed):
    assert growth.loc["2025-09", code] == printed


def test_the_city_has_every_release_and_its_districts_all_but_one(growth):
    city = growth[CITY].dropna()
    assert (len(city), city.index[0], city.index[-1]) == (86, "2017-12", "2025-09")
    for code in DISTRICTS:
        found = growth[code].dropna()
        assert (len(found), found.index[0], found.index[-1]) == (77, "2018-09", "2025-09")
        assert "2019-05" not in found.index
        assert len(found["2019-06":]) == 70
    assert len(DISTRICTS) == 12


def test_prefectures_end_in_february_2023(growth):
    for code in inside("430000"):
        if code != CITY:
            assert growth[code].dropna().index[-1] == "2023-02"


def test_both_tables_of_a_bulletin_give_the_city_the_same():
    """Where the tables of prefectures and of counties both name the city, one figure stands."""
    rows = data_source("embedded").newest()
    both = rows[rows["note"].str.contains("both agree")]
    assert len(both) == 46
    assert set(both["region_code"]) == {CITY}


@pytest.mark.parametrize(("code", "spell"), ONGOING.items())
def test_negative_spells_that_were_going_on_in_september_2025(code, spell):
    found = fw.series(code, as_of="2025-09").spells()
    ongoing = found[(found["definition"] == "ytd") & found["ongoing"]]
    [(start, releases, months)] = ongoing[["start_month", "n_releases", "n_months"]].to_numpy()
    assert (start.strftime("%Y-%m"), releases, months) == spell


@pytest.mark.parametrize("code", [CITY, *DISTRICTS])
def test_spells_equal_a_count_by_plain_loops(growth, code):
    published = growth[code].dropna()
    runs, open_run, before = [], None, None
    for month, value in published.items():
        year, number = int(month[:4]), int(month[5:])
        follows = before in {(year, number - 1), (year - 1, 12) if number == 2 else None}
        before = (year, number)
        if value >= 0 or (open_run and not follows):
            open_run = None
        if value < 0:
            if open_run is None:
                open_run = [month, 0, 0]
                runs.append(open_run)
            open_run[1] += 1
            open_run[2] += 2 if number == 2 else 1
    spells = fw.series(code).spells()
    mine = spells[spells["definition"] == "ytd"]
    counted = [
        [row.start_month.strftime("%Y-%m"), row.n_releases, row.n_months]
        for row in mine.itertuples()
    ]
    assert counted == runs


def test_who_published_is_told_and_by_which_copies():
    one = fw.series("大祥区")
    assert one.source.zh == "邵阳市人民政府统计月报，取自公开仓库中的副本"
    assert fw.series("湖南").source.zh.startswith("国家统计局")
    sources = set(one.observations["source"])
    assert sources == {"CY1"}
