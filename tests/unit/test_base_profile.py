"""Growth without levels, spread by a lender's base: what is assumed, and how wide the doubt is."""

import math

import pandas as pd
import pytest

import faiwatch as fw
from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.page.parameters import check_parameters
from faiwatch.stats.base_profile import PROFILES, measures_with_profile, yearly_shares
from faiwatch.stats.growth import measures

OWN = "region_code,indicator,period,ytd_yoy_pct\n" + "".join(
    f"610702,total,{year}-{month:02d},{growth}\n"
    for year, growths in {
        2024: (8.0, 7.1, 6.0, 5.2, 5.0, 4.4, 3.9, 3.0, 2.5, 2.2, 2.0),
        2025: (1.0, 0.4, -1.0, -2.2, -3.0, -4.1, -4.0, -5.2),
    }.items()
    for month, growth in enumerate(growths, start=2)
)


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def nation():
    return measures(fw.series(as_of="2026-08").figures).set_index("period")["base_100m"]


def test_an_own_file_without_the_nation_borrows_its_base(own):
    """`base_shares=nation` with a file of one's own ended with exit code 10."""
    series = fw.series("610702", data=own)
    growth = series.growth(base_shares="nation")
    assert growth["block_yoy_pct"].notna().all()
    assert set(growth["block_basis"]) == {"levels", "base_shares"}  # published in February
    assert series.growth()["block_yoy_pct"].notna().sum() == 2  # the two Januaries-to-Februaries
    assert math.isfinite(series.target(base_shares="nation").need.required_growth_pct)


def test_the_page_of_an_own_file_is_made_with_the_base_of_the_nation(own):
    values = {"region": "610702", "data": str(own), "base_shares": "nation", "lang": "en"}
    page = fw.open_page("02_monitor", values)
    words = [one.words("en") for one in page.verdict().details]
    assert any("borrowed base" in one for one in words)
    shown = "".join(str(one) for one in page.verdict().outputs())
    assert "assumption" in shown
    assert "China" in shown


def test_equals_the_formula_by_plain_loops(nation):
    frame = fw.series("430503", as_of="2025-09").figures.drop(columns="ytd_value_100m")
    found = measures_with_profile(frame.assign(ytd_value_100m=float("nan")), nation)
    growth = dict(zip(frame["period"], frame["ytd_yoy_pct"], strict=True))
    compared = 0
    for row in found.itertuples():
        before = row.period - 1
        if row.period.month == 2 or before not in growth or math.isnan(row.ytd_yoy_pct):
            continue
        now, then = nation[row.period], nation[before]
        expected = (row.ytd_yoy_pct * now - growth[before] * then) / (now - then)
        if not math.isnan(expected):
            assert row.block_yoy_pct == pytest.approx(expected)
            compared += 1
    assert compared > 60


def test_three_releases_equal_plain_loops_within_a_year_and_across_it(nation):
    frame = fw.series("430503", as_of="2025-09").figures.assign(ytd_value_100m=float("nan"))
    found = measures_with_profile(frame, nation).set_index("period")
    growth = frame.set_index("period")["ytd_yoy_pct"]

    def month(text):
        return pd.Period(text, "M")

    september, june = month("2025-09"), month("2025-06")
    top = growth[september] * nation[september] - growth[june] * nation[june]
    within = top / (nation[september] - nation[june])
    assert found.loc[september, "rolling3_yoy_pct"] == pytest.approx(within)
    # February: November and December of last year, and the first two months of this one
    february, october, december = month("2025-02"), month("2024-10"), month("2024-12")
    scale = 1 + growth[december] / 100  # what last year came to, where its base is 1
    last = nation[december]
    share = nation[october] / last
    old_base = 1 - share
    old_done = scale - share * (1 + growth[october] / 100)
    completed = nation[month("2025-12")]
    new_base = scale * nation[february] / completed
    new_done = new_base * (1 + growth[february] / 100)
    across = 100 * ((old_done + new_done) / (old_base + new_base) - 1)
    assert found.loc[february, "rolling3_yoy_pct"] == pytest.approx(across)


def test_the_band_is_wider_than_rounding_and_holds_every_profile(nation):
    frame = fw.series("430503", as_of="2025-09").figures.assign(ytd_value_100m=float("nan"))
    found = measures_with_profile(frame, nation)
    rounding = measures(frame, base_shares=nation)
    both = found["block_basis"] == "base_shares"
    assert (found["block_yoy_lo_pct"] <= rounding["block_yoy_lo_pct"] + 1e-9)[both].all()
    assert (found["block_yoy_hi_pct"] >= rounding["block_yoy_hi_pct"] - 1e-9)[both].all()
    shares = yearly_shares(nation)
    row = found[found["period"] == pd.Period("2025-09", "M")].iloc[0]
    growth = frame.set_index("period")["ytd_yoy_pct"]
    for year in range(2025, 2025 - PROFILES, -1):
        eight, nine = shares.loc[year, 8], shares.loc[year, 9]
        alike = growth[pd.Period("2025-09", "M")] * nine - growth[pd.Period("2025-08", "M")] * eight
        assert row["block_yoy_lo_pct"] <= alike / (nine - eight) <= row["block_yoy_hi_pct"]


def test_no_amount_is_filled_and_levels_stay_as_they_are(nation):
    figures = fw.series("000000", as_of="2026-08").figures
    plain, lent = measures(figures), measures_with_profile(figures, nation)
    levels = plain["block_basis"] == "levels"
    pd.testing.assert_frame_equal(plain[levels], lent[levels])
    own = fw.series("430503", as_of="2025-09").figures
    assert measures_with_profile(own, nation)["base_100m"].notna().sum() == 0


def test_an_open_year_is_completed_with_the_year_before():
    base = pd.Series(
        [10.0, 60.0, 100.0, 12.0, 66.0],
        pd.PeriodIndex(["2024-02", "2024-08", "2024-12", "2025-02", "2025-08"], freq="M"),
    )
    shares = yearly_shares(base)
    assert shares.loc[2025, 8] == pytest.approx(0.6)
    assert shares.loc[2025, 2] == pytest.approx(12 / 110)


def test_a_city_lends_its_base_where_the_file_has_its_levels(tmp_path):
    path = tmp_path / "city.csv"
    rows = [
        f"610700,total,2025-{month:02d},{10.0 * month},{2.0 - month / 2}" for month in range(2, 9)
    ] + [f"610702,total,2025-{month:02d},,{1.0 - month}" for month in range(2, 9)]
    path.write_text(
        "\n".join(["region_code,indicator,period,ytd_value_100m,ytd_yoy_pct", *rows]),
        encoding="utf-8",
    )
    lent = fw.series("610702", data=path).growth(base_shares="610700")
    assert lent["block_yoy_pct"].notna().all()
    with pytest.raises(DataMissingError, match="610702"):
        fw.series("610700", data=path).growth(base_shares="610702").block_yoy_pct.count()


def test_a_lender_is_a_word_or_a_region_of_the_data(own):
    values = {"region": "610702", "data": str(own)}
    assert check_parameters("02_monitor", values | {"base_shares": 0}).base_shares == "nation"
    with pytest.raises(ParameterError, match="610700"):
        check_parameters("02_monitor", values | {"base_shares": "610700"})


def test_without_a_lender_nothing_is_said_of_what_cannot_be_implied():
    page = fw.open_page("02_monitor", {"region": "430503", "as_of": "2025-09"})
    assert page.verdict().details == []
    assert page.contributions().frame.empty
