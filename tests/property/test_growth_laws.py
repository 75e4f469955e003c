"""Laws that hold for any series: round trip, scale, no look-ahead, monotone doubt."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from faiwatch.stats.cumulative import ytd_to_block
from faiwatch.stats.growth import measures
from faiwatch.stats.negative import flags, runs

MONTHS = [f"{year}-{month:02d}" for year in range(2019, 2024) for month in range(2, 13)]
IS_FEBRUARY = np.array([month.endswith("-02") for month in MONTHS])

blocks = st.lists(st.floats(10, 1000, allow_nan=False), min_size=len(MONTHS), max_size=len(MONTHS))
growths = st.lists(
    st.one_of(st.none(), st.integers(-300, 300).map(lambda tenths: tenths / 10)),
    min_size=len(MONTHS),
    max_size=len(MONTHS),
)


def year_to_date(block):
    """Blocks added up within each year of eleven releases."""
    return np.cumsum(np.reshape(block, (-1, 11)), axis=1).ravel()


def table(block, growth):
    ytd = year_to_date(block).round()
    return pd.DataFrame(
        {
            "region_code": "000000",
            "indicator": "total",
            "period": pd.PeriodIndex(MONTHS, freq="M"),
            "ytd_value_100m": ytd,
            "ytd_yoy_pct": [np.nan if g is None else g for g in growth],
        }
    )


@given(blocks)
def test_blocks_are_what_years_to_date_were_added_up_from(block):
    ytd = np.array([year_to_date(block)])
    assert np.allclose(ytd_to_block(ytd, IS_FEBRUARY), [block])


@given(blocks, growths, st.sampled_from([10.0, 1000.0]))
def test_growth_does_not_depend_on_the_unit_of_value(block, growth, factor):
    given_table = table(block, growth)
    scaled = given_table.assign(ytd_value_100m=given_table["ytd_value_100m"] * factor)
    names = ["block_yoy_pct", "rolling3_yoy_pct", "base_revision_pct", "two_year_avg_pct"]
    expected, found = measures(given_table)[names], measures(scaled)[names]
    pd.testing.assert_frame_equal(found, expected)


@given(blocks, growths, st.integers(1, len(MONTHS)))
def test_the_future_changes_no_past_flag(block, growth, known):
    whole, past = table(block, growth), table(block, growth).head(known)
    expected = flags(whole)
    expected = expected[expected["period"] <= past["period"].max()].reset_index(drop=True)
    pd.testing.assert_frame_equal(flags(past), expected)


@given(blocks, growths, st.floats(0.05, 2), st.floats(1, 5))
def test_more_rounding_never_makes_a_verdict_out_of_doubt(block, growth, half_width, factor):
    given_table = table(block, growth)
    fine = flags(measures(given_table, growth_half_width_pct=half_width))
    coarse = flags(measures(given_table, growth_half_width_pct=half_width * factor))
    doubtful = (fine["state"] == "indeterminate") & (fine["definition"] != "ytd")
    assert not (coarse["state"][doubtful] == "negative").any()
    assert not (coarse["state"][doubtful] == "non_negative").any()


@given(blocks, growths)
def test_bands_hold_the_figure_they_belong_to(block, growth):
    measured = measures(table(block, growth))
    for name in ("ytd", "block", "rolling3"):
        band = measured[[f"{name}_yoy_lo_pct", f"{name}_yoy_pct", f"{name}_yoy_hi_pct"]].dropna()
        assert (band.diff(axis=1).iloc[:, 1:] > -1e-9).all(axis=None)


@given(growths)
def test_runs_agree_with_a_plain_loop(growth):
    measured = measures(table([100.0] * len(MONTHS), growth))
    expected, current = [], []
    for month, value in zip(MONTHS, growth, strict=True):
        if value is not None and value < 0:
            current.append(month)
        elif current:
            expected.append(current)
            current = []
    expected += [current] if current else []
    found = runs(flags(measured))
    found = found[found["definition"] == "ytd"]
    assert found["start"].astype(str).tolist() == [run[0] for run in expected]
    assert found["end"].astype(str).tolist() == [run[-1] for run in expected]
    assert found["n_releases"].tolist() == [len(run) for run in expected]
    assert found["n_months"].tolist() == [
        sum(2 if month.endswith("-02") else 1 for month in run) for run in expected
    ]


@given(growths)
def test_runs_do_not_depend_on_the_order_of_rows(growth):
    flagged = flags(table([100.0] * len(MONTHS), growth))
    shuffled = flagged.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(runs(shuffled), runs(flagged))


@given(growths)
def test_a_run_that_may_not_cross_the_year_end_stays_within_a_year(growth):
    found = runs(flags(table([100.0] * len(MONTHS), growth)), across_years=False)
    assert (found["start"].dt.year == found["end"].dt.year).all()


@given(blocks, growths)
def test_inputs_are_never_changed(block, growth):
    given_table = table(block, growth)
    before = given_table.copy(deep=True)
    runs(flags(measures(given_table)))
    pd.testing.assert_frame_equal(given_table, before)
