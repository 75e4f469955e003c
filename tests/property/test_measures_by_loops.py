"""Measures of any series against plain loops over its months, written from the method alone."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faiwatch.stats.growth import average_growth, measures
from faiwatch.stats.rounding import seen_half_width

YEARS, RELEASES = (2021, 2022, 2023), range(2, 13)
MONTHS = [pd.Period(year=year, month=month, freq="M") for year in YEARS for month in RELEASES]
HOLE = st.sampled_from([False] * 9 + [True])


@st.composite
def series(draw):
    """Return a table of three years, with holes, that ends in some month."""
    until = draw(st.integers(12, len(MONTHS)))
    rows, total = [], 0.0
    for month in MONTHS[:until]:
        total = (0.0 if month.month == 2 else total) + draw(st.integers(50, 900))
        growth = draw(st.integers(-400, 600)) / 10
        rows.append(
            {
                "period": month,
                "ytd_value_100m": math.nan if draw(HOLE) else total,
                "ytd_yoy_pct": math.nan if draw(HOLE) else growth,
            }
        )
    frame = pd.DataFrame(rows).assign(region_code="000000", indicator="total")
    return frame.astype({"period": "period[M]"})


def by_month(frame, name):
    return dict(zip(frame["period"], frame[name], strict=True))


def before(month):
    return month - (2 if month.month == 2 else 1)


def block_of(ytd, month):
    """Return what one release adds: February holds January and February."""
    now = ytd.get(month, math.nan)
    return now if month.month == 2 else now - ytd.get(month - 1, math.nan)


@given(series())
def test_base_blocks_and_revision_are_those_of_a_loop(frame):
    found = measures(frame)
    value, yoy = by_month(frame, "ytd_value_100m"), by_month(frame, "ytd_yoy_pct")
    base = {month: value[month] / (1 + yoy[month] / 100) for month in value}
    for row in found.to_dict("records"):
        month = row["period"]
        ago = value.get(month - 12, math.nan)
        expected = {
            "base_100m": base[month],
            "base_revision_pct": 100 * (base[month] - ago) / ago,
            "block_value_100m": block_of(value, month),
            "block_base_100m": block_of(base, month),
            "naive_yoy_pct": 100 * (value[month] - ago) / ago,
            "block_months": 2 if month.month == 2 else 1,
        }
        told = {name: row[name] for name in expected}
        assert told == pytest.approx(expected, nan_ok=True)


@given(series())
def test_growth_of_a_block_and_of_three_is_value_over_base(frame):
    found = measures(frame)
    value, yoy = by_month(frame, "ytd_value_100m"), by_month(frame, "ytd_yoy_pct")
    base = {month: value[month] / (1 + yoy[month] / 100) for month in value}
    for row in found.to_dict("records"):
        month = row["period"]
        three = [month, before(month), before(before(month))]
        values, bases = ([block_of(one, at) for at in three] for one in (value, base))
        block = 100 * (values[0] / bases[0] - 1) if bases[0] > 0 else math.nan
        if month.month == 2:
            block = yoy[month]  # as published, with or without a level
        assert row["block_yoy_pct"] == pytest.approx(block, nan_ok=True, abs=1e-6)
        assert row["block_basis"] == ("" if math.isnan(block) else "levels")
        if not math.isnan(sum(values) + sum(bases)):
            window = 100 * (sum(values) / sum(bases) - 1) if sum(bases) > 0 else math.nan
            assert row["rolling3_yoy_pct"] == pytest.approx(window, nan_ok=True, abs=1e-6)


@given(series())
def test_two_years_average_is_the_growth_that_done_twice_leads_there(frame):
    yoy = by_month(frame, "ytd_yoy_pct")
    for row in measures(frame).to_dict("records"):
        now, then = row["ytd_yoy_pct"], yoy.get(row["period"] - 12, math.nan)
        twice = (1 + row["two_year_avg_pct"] / 100) ** 2
        assert twice == pytest.approx((1 + now / 100) * (1 + then / 100), nan_ok=True)


def test_growth_of_minus_a_hundred_has_no_average():
    assert np.isnan(average_growth(np.array([-100.0, 5.0])))
    assert average_growth(np.array([-99.0, 9900.0])) == pytest.approx(0.0)  # a hundredth, then all


@given(series())
def test_the_chain_goes_back_by_block_growth_from_the_latest_year(frame):
    found = measures(frame)
    rows = {row["period"]: row for row in found.to_dict("records")}
    block = {month: row["block_value_100m"] for month, row in rows.items()}
    known = [month.year for month in block if not math.isnan(block[month])]
    if not known:
        assert found["chained_100m"].isna().all()
        return
    latest = max(known)
    revisions = [
        row["base_revision_pct"]
        for month, row in rows.items()
        if month.year == latest and not math.isnan(row["base_revision_pct"])
    ]
    revision = revisions[-1] if revisions else 0.0

    def chained(month):
        if month.year > latest:
            return math.nan
        if month.year == latest:
            return block.get(month, math.nan)
        after = chained(month + 12)
        if math.isnan(after) and month.year == latest - 1:
            return block[month] * (1 + revision / 100)  # not reached yet, or not published
        growth = rows[month + 12]["block_yoy_pct"] if month + 12 in rows else math.nan
        return after / (1 + growth / 100) if growth > -100 else math.nan

    expected = [chained(month) for month in found["period"]]
    assert found["chained_100m"].to_list() == pytest.approx(expected, nan_ok=True)


@given(series(), st.lists(st.integers(1, 90), min_size=22, max_size=22), st.integers(0, 11))
def test_growth_from_shares_weighs_two_releases_by_the_base_that_each_stands_on(frame, steps, at):
    frame = frame.assign(ytd_value_100m=np.nan)
    shares, total = {}, 0
    for month, step in zip(MONTHS[at:], steps, strict=False):
        total = (0 if month.month == 2 else total) + step
        shares[month] = float(total)
    beyond = {MONTHS[0] - 2: 7.0, MONTHS[-1] + 2: 9.0}  # months that the table does not reach
    given_shares = pd.Series(shares | beyond)
    given_shares.index = pd.PeriodIndex(given_shares.index, freq="M")
    found = measures(frame, base_shares=given_shares, growth_half_width_pct=0.05)
    yoy = by_month(frame, "ytd_yoy_pct")
    for row in found.to_dict("records"):
        month = row["period"]
        if month.month == 2:
            assert row["block_yoy_pct"] == pytest.approx(yoy[month], nan_ok=True)
            continue
        now, then = shares.get(month, math.nan), shares.get(month - 1, math.nan)
        growth = (yoy[month] * now - yoy.get(month - 1, math.nan) * then) / (now - then)
        assert row["block_yoy_pct"] == pytest.approx(growth, nan_ok=True, abs=1e-9)
        assert row["block_basis"] == ("" if math.isnan(growth) else "base_shares")
        if not math.isnan(growth):
            half = 0.05 * (now + then) / (now - then)
            band = (row["block_yoy_lo_pct"], row["block_yoy_hi_pct"])
            assert band == pytest.approx((growth - half, growth + half), abs=1e-9)


@given(series())
def test_three_blocks_to_april_are_the_year_to_date(frame):
    found = measures(frame)
    april = found[(found["period"].dt.month == 4) & found["rolling3_yoy_pct"].notna()]
    for end in ("", "_lo", "_hi"):
        three, year = april[f"rolling3_yoy{end}_pct"], april[f"ytd_yoy{end}_pct"]
        assert three.to_list() == pytest.approx(year.to_list())


def years(*rows):
    """Return measures of rows of (month, value, growth)."""
    frame = pd.DataFrame(rows, columns=["period", "ytd_value_100m", "ytd_yoy_pct"])
    frame["period"] = pd.PeriodIndex(frame["period"], freq="M")
    return measures(frame.assign(region_code="000000", indicator="total"))


def test_a_month_that_brought_nothing_ends_its_chain():
    rows = [("2022-02", 100.0, 0.0), ("2022-03", 250.0, 0.0)]
    rows += [("2023-02", 110.0, 10.0), ("2023-03", 110.0, -40.0)]
    chained = years(*rows)["chained_100m"].to_list()
    assert chained[0] == pytest.approx(100.0)  # 110 at 10 % more
    assert chained[2:] == [110.0, 0.0]
    assert not np.isinf(chained).any()


def test_a_year_of_one_release_is_the_latest_and_without_a_revision_there_is_none():
    chained = years(("2022-02", 100.0, 0.0), ("2022-03", 250.0, 0.0), ("2023-02", 90.0, -10.0))
    assert chained["chained_100m"].to_list() == pytest.approx([100.0, 150.0, 90.0])
    unknown = years(("2022-03", 250.0, 0.0), ("2022-04", 400.0, 0.0), ("2023-02", 90.0, -10.0))
    assert unknown["chained_100m"].to_list()[1:] == pytest.approx([150.0, 90.0])


def test_growth_below_minus_a_hundred_has_no_base():
    found = years(("2022-02", 100.0, -150.0), ("2022-03", 200.0, -120.0))
    names = ["base_100m", "block_base_100m", "two_year_avg_pct", "rolling3_yoy_pct"]
    assert found[names].isna().all(axis=None)
    assert np.isnan(found["block_yoy_pct"].iloc[1])


# --- rounding -------------------------------------------------------------------------------


def fits(figure, decimals):
    return not math.isnan(figure) and float(f"{figure:.{decimals}f}") == figure


def decimals_shown(figures, fewest):
    """Return the decimals of a series by the method: of all so far, or of the last eleven."""
    known = [one for one in figures if not math.isnan(one)]
    recent = [one for one in figures[-11:] if not math.isnan(one)]
    found = 6
    for decimals in range(6):
        of_all = sum(fits(one, decimals) for one in known) >= 0.9 * len(known)
        enough = len(figures) > 11 and len(recent) >= 8
        of_recent = sum(fits(one, decimals) for one in recent) >= 0.9 * len(recent)
        if of_all or (enough and of_recent):
            found = decimals
            break
    return max(found, fewest) if len(known) < 8 else found


figures = st.one_of(
    st.just(math.nan),
    st.integers(-30, 30).map(float),
    st.integers(-300, 300).map(lambda one: one / 10),
    st.integers(-3000, 3000).map(lambda one: one / 100),
)


@given(st.lists(figures, min_size=1, max_size=30), st.integers(0, 2))
def test_half_widths_are_those_of_a_loop_over_what_was_known(values, fewest):
    seen = seen_half_width(np.array([values]), fewest_decimals=fewest)[0]
    for at, half in enumerate(seen):
        assert half == pytest.approx(0.5 / 10 ** decimals_shown(values[: at + 1], fewest))


def test_one_figure_in_ten_may_be_finer_and_two_may_not():
    tenths = [1.2, 3.4, 5.1, 6.7, 8.9, 1.1, 2.3, 4.5, 6.1]
    assert seen_half_width(np.array([[*tenths, 2.45]]), fewest_decimals=1)[0, -1] == 0.05
    two = [*tenths[1:], 2.45, 3.55]
    assert seen_half_width(np.array([two]), fewest_decimals=1)[0, -1] == 0.005


def test_a_thirteenth_needs_all_the_decimals_there_are():
    assert seen_half_width(np.array([[1 / 13] * 9]), fewest_decimals=1)[0, -1] == 0.5e-6


def test_levels_with_a_decimal_are_rounded_to_it():
    levels = [326111.3, 288229.7, 248654.2, 191946.9, 147024.3, 52619.1, 485186.9, 444035.8, 9.6]
    assert seen_half_width(np.array([levels]), fewest_decimals=0)[0, -1] == pytest.approx(0.05)
