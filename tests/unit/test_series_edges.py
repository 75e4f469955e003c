"""Flags, runs, vintages, checks and calendars at their edges, by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.text import Text
from faiwatch.data.reference import ScopeBreak
from faiwatch.stats.checks import check_observations, raise_on_errors
from faiwatch.stats.contributions import contributions
from faiwatch.stats.coverage import coverage
from faiwatch.stats.cumulative import (
    as_known,
    earlier,
    grid_of,
    month_after,
    month_before,
    refuse_late,
    release_number,
    release_periods,
    releases_behind,
    series_of_rows,
)
from faiwatch.stats.growth import measures
from faiwatch.stats.negative import current_spell, flags, runs
from faiwatch.stats.vintages import (
    before_last_release,
    issued_by,
    known_at,
    revision_statistics,
    revision_triangle,
)

NAN = math.nan


def month(text):
    return pd.Period(text, "M")


def published(growth, *, first="2025-02", values=None, indicator="total"):
    """Return consecutive releases from one month on."""
    start = int(release_number(pd.PeriodIndex([first], freq="M"))[0])
    return pd.DataFrame(
        {
            "region_code": "000000",
            "indicator": indicator,
            "period": release_periods(start + np.arange(len(growth))),
            "ytd_value_100m": values if values is not None else NAN,
            "ytd_yoy_pct": [NAN if one is None else one for one in growth],
        }
    )


# --- the calendar ---------------------------------------------------------------------------


def test_the_calendar_has_no_january():
    assert str(month_before(month("2026-02"))) == "2025-12"
    assert str(month_before(month("2026-03"))) == "2026-02"
    assert str(month_before(month("2026-12"))) == "2026-11"
    assert str(month_after(month("2025-12"))) == "2026-02"
    assert str(month_after(month("2025-11"))) == "2025-12"
    assert str(month_after(month("2026-02"))) == "2026-03"


@pytest.mark.parametrize(
    ("last", "as_of", "behind"),
    [
        ("2026-08", "2026-08", 0), ("2026-08", "2026-09", 1), ("2026-08", "2026-07", 0),
        ("2025-12", "2026-01", 0), ("2025-12", "2026-02", 1), ("2025-12", "2026-03", 2),
        ("2025-08", "2026-08", 11),
    ],
)  # fmt: skip
def test_releases_behind_count_releases_and_not_months(last, as_of, behind):
    assert releases_behind(month(last), month(as_of)) == behind


def test_three_releases_late_are_shown_and_four_are_refused():
    refuse_late(month("2026-08"), month("2026-11"))
    with pytest.raises(DataMissingError, match="2026-08"):
        refuse_late(month("2026-08"), month("2026-12"))


def test_a_grid_begins_with_a_february_and_is_whole_years_wide():
    frame = published([1.0] * 3, first="2025-12")
    grid = grid_of(frame)
    assert (str(release_periods(np.array([grid.first]))[0]), grid.width) == ("2025-02", 22)
    assert grid.column.tolist() == [10, 11, 12]
    assert grid.is_block.tolist() == ([True] + [False] * 10) * 2
    assert grid_of(frame, until=month("2027-01")).width == 22  # January has no release
    assert grid_of(frame, until=month("2027-02")).width == 33
    assert grid_of(frame, until=month("2024-02")).width == 22
    values = frame.assign(x=[7.0, 8.0, 9.0])["x"]
    assert grid.gather(grid.spread(values)).tolist() == [7.0, 8.0, 9.0]
    assert np.isnan(grid.spread(values)).sum() == 19


def test_parts_of_a_series_have_rows_of_their_own():
    frame = pd.concat([published([1.0] * 4), published([1.0] * 4, indicator="private")])
    grid = grid_of(frame, parts=np.array([0, 0, 1, 1] * 2))
    assert grid.row.tolist() == [2, 2, 3, 3, 0, 0, 1, 1]
    assert grid.keys["indicator"].tolist() == ["private", "private", "total", "total"]
    which, example = series_of_rows(frame, ["indicator"])
    assert (which.tolist(), example.tolist()) == ([1] * 4 + [0] * 4, [4, 0])


def test_no_two_figures_share_a_place():
    twice = pd.concat([published([1.0, 2.0]), published([3.0])])
    with pytest.raises(DataInvalidError, match="2025-02"):
        grid_of(twice)
    mixed = pd.concat([published([1.0]), published([2.0]).assign(
        period=pd.PeriodIndex(["2026-01"], freq="M"))])  # fmt: skip
    with pytest.raises(DataInvalidError, match="2026-01"):
        grid_of(mixed)
    january = published([1.0]).assign(period=pd.PeriodIndex(["2025-01"], freq="M"))
    with pytest.raises(DataInvalidError, match="2025-01"):
        grid_of(january)


def test_a_shift_by_the_whole_width_leaves_nothing():
    grid = np.array([[1.0, 2.0, 3.0]])
    assert np.isnan(earlier(grid, 3)).all()
    assert earlier(grid, 2)[0].tolist()[2] == 1.0
    assert np.isnan(earlier(grid, 2)[0, :2]).all()


def test_what_was_known_by_a_month_includes_it():
    frame = published([1.0, 2.0, 3.0])
    assert len(as_known(frame, "2025-03")) == 2
    assert len(as_known(frame, "latest")) == 3
    assert as_known(frame.iloc[1:], "2025-03").index.tolist() == [0]
    with pytest.raises(DataMissingError, match="2025-02"):
        as_known(frame, "2025-01")
    assert as_known(frame.iloc[:0], "2025-01").empty


def test_coverage_counts_from_the_first_growth_to_the_last():
    frame = published([None, 1.0, None, None, 2.0, 3.0, None], values=[1.0] * 6 + [NAN])
    found = coverage(frame, as_of="2025-12").iloc[0]
    assert (str(found["first"]), str(found["last"])) == ("2025-03", "2025-07")
    counts = found[["n_growth", "n_values", "n_missing", "lag_releases"]]
    assert counts.to_list() == [3, 6, 2, 5]
    assert coverage(frame.assign(ytd_yoy_pct=NAN), as_of="2025-12").empty


# --- flags and runs -------------------------------------------------------------------------


def states(frame, definition, **how):
    found = flags(frame, **how)
    return found[found["definition"] == definition]["state"].to_list()


def test_zero_is_not_negative_and_a_hole_is_missing():
    frame = published([-0.1, 0.0, None, 0.1])
    assert states(frame, "ytd") == ["negative", "non_negative", "missing", "non_negative"]
    assert states(frame, "ytd", as_of="2025-07")[4:] == ["missing", "missing"]
    assert states(frame, "ytd", as_of="2025-03") == states(frame, "ytd")


def test_a_series_is_listed_from_its_first_row_to_the_last_month_of_the_table():
    frame = pd.concat(
        [published([-1.0] * 2, first="2025-04", indicator="private"), published([-1.0] * 6)]
    )
    found = flags(frame)
    ytd = found[found["definition"] == "ytd"]
    private = ytd[ytd["indicator"] == "private"]
    assert private["period"].astype(str).to_list() == ["2025-04", "2025-05", "2025-06", "2025-07"]
    assert private["state"].to_list() == ["negative"] * 2 + ["missing"] * 2


def test_a_band_that_touches_zero_is_no_verdict_below_and_one_above():
    # two releases of a year: 100 and then 200 in all, growth 0 and g
    def second(lo, hi):
        frame = measures(published([0.0, 0.0], values=[100.0, 200.0]))
        at = frame.index[-1]
        frame.loc[at, ["block_yoy_lo_pct", "block_yoy_hi_pct"]] = (lo, hi)
        return states(frame, "block")[-1]

    assert second(-0.2, -0.1) == "negative"
    assert second(-0.2, 0.0) == "indeterminate"
    assert second(-0.1, 0.1) == "indeterminate"
    assert second(0.0, 0.2) == "non_negative"


def ytd_runs(growth, *, first="2025-02", as_of=None, **how):
    found = runs(flags(published(growth, first=first), as_of=as_of), **how)
    found = found[found["definition"] == "ytd"]
    names = ["n_releases", "n_months", "ongoing", "lowest_pct", "is_lower_bound"]
    return [(str(row["start"]), str(row["end"]), *(row[name] for name in names))
            for row in found.to_dict("records")]  # fmt: skip


def test_a_run_counts_releases_and_months_and_its_lowest():
    assert ytd_runs([-1.0, -3.0, -2.0, 0.0, -0.5]) == [
        ("2025-02", "2025-04", 3, 4, False, -3.0, True),  # nothing older is held
        ("2025-06", "2025-06", 1, 1, True, -0.5, False),
    ]
    assert ytd_runs([-1.0]) == [("2025-02", "2025-02", 1, 2, True, -1.0, True)]


def test_a_run_goes_over_new_year_or_not():
    growth = [1.0] * 9 + [-1.0, -2.0, -3.0, -4.0]
    assert ytd_runs(growth) == [("2025-11", "2026-03", 4, 5, True, -4.0, False)]
    assert ytd_runs(growth, across_years=False) == [
        ("2025-11", "2025-12", 2, 2, False, -2.0, False),
        ("2026-02", "2026-03", 2, 3, True, -4.0, False),
    ]


def test_beside_a_hole_a_run_may_be_longer():
    assert ytd_runs([1.0, None, -1.0, 1.0]) == [("2025-04", "2025-04", 1, 1, False, -1.0, True)]
    assert ytd_runs([1.0, -1.0, None, 1.0]) == [("2025-03", "2025-03", 1, 1, False, -1.0, True)]


def test_a_run_goes_on_until_it_is_more_than_three_releases_old():
    assert ytd_runs([1.0, -1.0], as_of="2025-06")[0][4:] == (True, -1.0, False)
    assert ytd_runs([1.0, -1.0], as_of="2025-07")[0][4:] == (False, -1.0, True)


def test_a_break_that_forbids_joining_ends_a_run():
    new = ScopeBreak("total", "2025-04", "do_not_join", Text("", ""), "")
    found = ytd_runs([-1.0] * 4, breaks=[new])
    assert [run[:4] for run in found] == [
        ("2025-02", "2025-03", 2, 3), ("2025-04", "2025-05", 2, 2),
    ]  # fmt: skip
    caution = ScopeBreak("total", "2025-04", "caution", Text("", ""), "")
    assert len(ytd_runs([-1.0] * 4, breaks=[caution])) == 1


def test_runs_of_two_series_are_never_joined():
    frame = pd.concat([published([1.0, -1.0]), published([-2.0, 1.0], indicator="private")])
    found = runs(flags(frame))
    found = found[found["definition"] == "ytd"].set_index("indicator")
    assert found["n_releases"].to_dict() == {"private": 1, "total": 1}
    assert found["ongoing"].to_dict() == {"private": False, "total": True}
    assert found["is_lower_bound"].to_dict() == {"private": True, "total": False}
    one = runs(flags(frame[frame["indicator"] == "total"]))
    assert current_spell(one, "ytd")["lowest_pct"] == -1.0
    assert current_spell(one, "block") is None
    blocks = runs(flags(measures(published([9.0, 2.0], values=[100.0, 190.0]))))
    assert current_spell(blocks, "block")["n_releases"] == 1  # March alone: 90, and 94.5 a year ago
    assert current_spell(blocks, "ytd") is None
    assert current_spell(blocks, "rolling3") is None
    shuffled = flags(frame).sample(frac=1.0, random_state=5)
    pd.testing.assert_frame_equal(runs(shuffled), runs(flags(frame)))


def test_no_run_at_all_is_an_empty_table():
    assert runs(flags(published([1.0, 0.0]))).empty


@pytest.mark.parametrize("values", [None, [1.0, 2.0]])
def test_no_rows_at_all_are_empty_tables_of_the_same_columns(values):
    frame = published([1.0, -2.0], values=values)
    nothing = frame.iloc[:0]
    pairs = [(measures(nothing), measures(frame))]
    pairs += [(flags(nothing, as_of=until), flags(frame)) for until in (None, "2026-08")]
    pairs += [(runs(flags(nothing)), runs(flags(frame)))]
    pairs += [(coverage(nothing, as_of="2026-08"), coverage(frame, as_of="2026-08"))]
    for found, usual in pairs:
        assert len(found) == 0 < len(usual)
        assert found.dtypes.to_dict() == usual.dtypes.to_dict()


# --- vintages -------------------------------------------------------------------------------


def issued(*rows, indicator="total"):
    """Return rows of (month, growth, day of issue)."""
    table = pd.DataFrame(rows, columns=["period", "ytd_yoy_pct", "issued"])
    return table.assign(
        region_code="000000",
        indicator=indicator,
        ytd_value_100m=NAN,
        period=pd.PeriodIndex(table["period"], freq="M"),
        issued=pd.to_datetime(table["issued"]).astype("datetime64[ns]"),
        source="made-up",
        file="a.csv",
        row=range(2, 2 + len(table)),
    )


def test_a_day_includes_what_was_issued_on_it_and_no_later_month():
    table = issued(("2025-08", 1.0, "2025-09-15"), ("2025-09", 2.0, "2025-09-15"))
    assert issued_by(table, "2025-09-15")["ytd_yoy_pct"].to_list() == [1.0, 2.0]
    assert issued_by(table, "2025-08")["ytd_yoy_pct"].to_list() == [1.0]  # not of a month after it
    with pytest.raises(DataMissingError, match="2025-09-15"):
        issued_by(table, "2025-09-14")
    assert issued_by(table.iloc[:0], "2025-09-14").empty
    assert issued_by(table, "2025-09-15").columns.to_list() == table.columns.to_list()
    assert len(issued_by(table, "latest")) == 2


def test_before_the_last_release_is_what_stood_the_day_before():
    table = issued(
        ("2025-08", 1.0, "2025-09-15"),
        ("2025-09", 2.0, "2025-10-15"),
        ("2025-08", 0.5, "2025-10-15"),
    )
    then = before_last_release(table, "latest")
    assert then["ytd_yoy_pct"].to_list() == [1.0]
    assert before_last_release(table, "2025-08").empty
    assert known_at(table, "latest")["ytd_yoy_pct"].to_list() == [0.5, 2.0]


def test_the_triangle_counts_releases_and_takes_off_the_one_before_and_the_first():
    table = issued(
        ("2025-08", 1.0, "2025-09-15"),
        ("2025-08", 0.4, "2025-10-15"),
        ("2025-08", 0.4, "2025-11-15"),
        ("2025-08", 1.5, "2025-12-15"),
        ("2025-08", NAN, "2025-12-20"),
        ("2025-08", 1.6, "2025-12-15"),  # the same day again: the later row is the better reading
    )
    found = revision_triangle(table)
    assert found["release"].to_list() == [1, 2, 3, 4]
    assert found["value"].to_list() == [1.0, 0.4, 0.4, 1.6]
    assert found["change"].to_list() == pytest.approx([NAN, -0.6, 0.0, 1.2], nan_ok=True)
    assert found["since_first"].to_list() == pytest.approx([0.0, -0.6, -0.6, 0.6])


def months_revised(revisions):
    rows = []
    for at, revision in enumerate(revisions):
        first = month("2024-03") + at
        day = (first + 1).to_timestamp() + pd.Timedelta(days=14)
        rows.append((str(first), 1.0, day))
        rows.append((str(first), 1.0 + revision, day + pd.Timedelta(days=30)))
    return revision_statistics(revision_triangle(issued(*rows))).iloc[0]


def test_the_mean_revision_and_when_it_is_tested():
    seven = months_revised([0.1, -0.3, 0.2, 0.1, -0.2, 0.4, -0.1])
    assert seven["n_revisions"] == 7
    assert seven["mean"] == pytest.approx(0.2 / 7)
    assert seven["mean_absolute"] == pytest.approx(1.4 / 7)
    assert math.isnan(seven["p_value"])
    assert not seven["is_significant"]
    eight = months_revised([0.5, 0.6, 0.4, 0.5, 0.6, 0.5, 0.4, 0.5])
    assert eight["n_revisions"] == 8
    assert eight["p_value"] < 0.001
    assert eight["is_significant"]
    even = months_revised([0.5, -0.6, 0.4, -0.5, 0.6, -0.5, 0.4, -0.3])
    assert even["p_value"] > 0.05
    assert not even["is_significant"]


def test_a_month_that_was_old_news_when_it_was_first_seen_is_not_counted():
    table = issued(
        ("2025-06", 1.0, "2025-09-15"),  # first seen with August
        ("2025-08", 1.0, "2025-09-15"),
        ("2025-06", 2.0, "2025-10-15"),
        ("2025-08", 1.3, "2025-10-15"),
        ("2025-09", 5.0, "2025-10-15"),  # not revised
    )
    found = revision_statistics(revision_triangle(table)).iloc[0]
    assert found["n_revisions"] == 1
    assert found["mean"] == pytest.approx(0.3)
    late = issued(("2025-07", 1.0, "2025-10-20"), ("2025-07", 9.0, "2025-11-15"))
    again = revision_statistics(revision_triangle(pd.concat([table, late]))).iloc[0]
    assert again["n_revisions"] == 1  # July came after September had


@pytest.mark.parametrize(("size", "lags"), [(8, 2), (28, 3), (99, 3), (100, 4)])
def test_the_error_of_the_mean_looks_as_far_back_as_newey_and_west_say(size, lags):
    revisions = np.round(np.random.default_rng(1).normal(0.3, 1.0, size), 1)
    revisions[revisions == 0] = 0.1  # each month is revised
    away = revisions - revisions.mean()
    variance = (away @ away) / size
    for lag in range(1, lags + 1):
        variance += 2 * (1 - lag / (lags + 1)) * (away[lag:] @ away[:-lag]) / size
    error = math.sqrt(variance / (size - 1))  # the correction for one fitted mean
    rows, day = [], pd.Timestamp("2015-04-15")
    numbers = release_number(pd.PeriodIndex(["2015-03"], freq="M"))[0] + np.arange(size)
    for month_of, revision in zip(release_periods(numbers), revisions, strict=True):
        rows.append((str(month_of), 1.0, day))
        day += pd.Timedelta(days=30)
        rows.append((str(month_of), 1.0 + revision, day))
    found = revision_statistics(revision_triangle(issued(*rows))).iloc[0]
    assert found["n_revisions"] == size
    assert found["standard_error"] == pytest.approx(error)
    assert found["t_value"] == pytest.approx(revisions.mean() / error)


# --- checks ---------------------------------------------------------------------------------


def checked(frame):
    found = check_observations(frame)
    return {(row["check"], row["severity"]): row for row in found.to_dict("records")}


def two_years(value=lambda at: 100.0 * (at % 11 + 1), growth=5.0):
    return published([growth] * 22, first="2024-02", values=[value(at) for at in range(22)])


@pytest.mark.parametrize(("growth", "is_wrong"), [(-100.1, True), (-100.0, False), (-99.9, False)])
def test_nothing_falls_by_more_than_all(growth, is_wrong):
    frame = published([5.0, growth])
    assert (("impossible_growth", "error") in checked(frame)) == is_wrong


def test_a_value_of_zero_is_possible_and_one_below_is_not():
    assert ("impossible_value", "error") not in checked(published([5.0], values=[0.0]))
    assert checked(published([5.0], values=[-0.1]))["impossible_value", "error"]["value"] == -0.1


@pytest.mark.parametrize(
    ("factor", "is_wrong"), [(6.4, True), (6.2, False), (1 / 6.4, True), (1 / 6.2, False)]
)
def test_a_factor_above_six_is_a_unit_mistake(factor, is_wrong):
    frame = two_years(lambda at: 100.0 * (at % 11 + 1) * (1 if at < 11 else factor), growth=0.0)
    assert (("unit_jump", "error") in checked(frame)) == is_wrong


@pytest.mark.parametrize(("factor", "is_odd"), [(6.28, False), (6.34, True)])
def test_without_growth_a_factor_stands_as_it_is(factor, is_odd):
    frame = two_years(lambda at: 100.0 * (at % 11 + 1) * (1 if at < 11 else factor), growth=None)
    assert (("unit_jump", "warning") in checked(frame)) == is_odd


@pytest.mark.parametrize(("factor", "said"), [(10.0, "10 倍"), (0.1, "0.1000 倍")])
def test_the_factor_of_a_unit_mistake_is_said_with_the_digits_it_needs(factor, said):
    frame = two_years(lambda at: 100.0 * (at % 11 + 1) * (1 if at < 11 else factor), growth=0.0)
    assert said in checked(frame)["unit_jump", "error"]["zh"]


@pytest.mark.parametrize(
    ("growth", "check", "said"),
    [(0.0, "error", "published growth contradicts"), (None, "warning", "no published growth")],
)
def test_a_unit_mistake_says_whether_growth_bears_witness(growth, check, said):
    frame = two_years(lambda at: 100.0 * (at % 11 + 1) * (1 if at < 11 else 10.0), growth=growth)
    assert said in checked(frame)["unit_jump", check]["en"]


@pytest.mark.parametrize(("growth", "check"), [(-94.9, "error"), (-95.0, "warning")])
def test_growth_near_minus_a_hundred_is_no_witness(growth, check):
    frame = two_years(lambda at: 100.0 * (at % 11 + 1) * (1 if at < 11 else 1000), growth=growth)
    assert ("unit_jump", check) in checked(frame)


def test_a_value_that_stays_is_no_fall():
    assert ("falling_value", "warning") not in checked(published([5.0] * 2, values=[9.0, 9.0]))
    fall = checked(published([5.0] * 2, values=[9.0, 8.9]))["falling_value", "warning"]
    assert (str(fall["period"]), fall["value"]) == ("2025-03", 8.9)


@pytest.mark.parametrize(
    ("size", "odd", "is_far"),
    # growth that never moves: 8 times the smallest spread of 2 points is 16
    [(22, 21.1, True), (22, 21.0, False), (22, -11.1, True), (21, 21.1, False)],
)
def test_growth_is_far_from_its_median_beyond_eight_spreads(size, odd, is_far):
    frame = published([5.0] * (size - 1) + [odd], first="2023-02")
    assert (("extreme_growth", "warning") in checked(frame)) == is_far


def test_the_spread_is_the_scaled_median_deviation():
    growth = [0.0] * 12 + [4.0] * 11  # with one above: the median is 2, all lie 2 away
    just = 2.0 + 8 * 1.4826 * 2.0
    for odd, is_far in ((just + 0.1, True), (just - 0.1, False)):
        frame = published([*growth, odd], first="2023-02")
        assert (("extreme_growth", "warning") in checked(frame)) == is_far


def test_releases_that_are_missing_inside_are_counted_with_their_ends():
    frame = published([5.0] * 14, first="2024-10").assign(file="a.csv", row=range(2, 16))
    holed = frame.drop(index=[1, 3, 4]).reset_index(drop=True)  # 11, then 2025-02 and 2025-03
    found = checked(holed)["missing_releases", "warning"]
    assert found["value"] == 3
    assert str(found["period"]) == "2024-11"
    assert "(2024-11 to 2025-03)" in found["en"]
    assert (found["file"], found["row"]) == ("", 0)  # what is missing stands on no line
    assert ("missing_releases", "warning") not in checked(frame)


def test_a_month_out_of_order_is_a_note_and_a_repeated_one_an_error():
    frame = published([5.0, 6.0, 7.0])
    back = checked(frame.iloc[[1, 0, 2]])
    assert back["period_order", "note"]["value"] == 1
    assert ("period_order", "note") not in checked(frame)
    again = pd.concat([frame, frame.iloc[[2]]])
    assert "same figures" in checked(again)["repeated_month", "error"]["en"]
    assert ("period_order", "note") not in checked(again)


def test_errors_are_counted_and_notes_are_let_pass():
    bad = check_observations(published([-120.0, -130.0]))
    with pytest.raises(DataInvalidError, match="2 error"):
        raise_on_errors(bad)
    raise_on_errors(check_observations(published([5.0, 6.0])))


# --- contributions --------------------------------------------------------------------------


def test_contributions_by_hand():
    parts = {"primary": (20.0, 100.0), "secondary": (45.0, 12.5), "tertiary": (45.0, -10.0)}
    total = published([10.0], values=[110.0])  # bases: 100 = 10 + 40 + 50
    rows = [total, *(published([growth], values=[value], indicator=name)
                     for name, (value, growth) in parts.items())]  # fmt: skip
    found = contributions(measures(pd.concat(rows, ignore_index=True))).set_index("indicator")
    assert found["contribution_pp"].to_dict() == pytest.approx(
        {"other": 0.0, "primary": 10.0, "secondary": 5.0, "tertiary": -5.0}
    )
    shares = found["share_of_base_pct"].to_dict()
    expected = {"other": 0.0, "primary": 10.0, "secondary": 40.0, "tertiary": 50.0}
    assert shares == pytest.approx(expected, abs=1e-9)
    assert set(found["basis"]) == {"same_release"}
    assert set(found["share_period"].astype(str)) == {"2025-02"}


def test_what_two_sectors_leave_is_not_called_the_rest():
    rows = [
        published([10.0], values=[110.0]),
        published([100.0], values=[20.0], indicator="primary"),
        published([12.5], values=[45.0], indicator="secondary"),
    ]
    found = contributions(measures(pd.concat(rows, ignore_index=True)))
    assert found["indicator"].to_list() == ["primary", "secondary"]


def test_the_total_without_real_estate_by_hand():
    rows = [published([10.0], values=[110.0]), published([-20.0], values=[40.0],
            indicator="real_estate_development")]  # fmt: skip
    found = contributions(measures(pd.concat(rows, ignore_index=True))).set_index("indicator")
    rest = found.loc["excluding_real_estate"]
    assert rest["contribution_pp"] == pytest.approx(20.0)  # 50 became 70, of 100
    assert rest["share_of_base_pct"] == pytest.approx(50.0)
    assert rest["yoy_pct"] == pytest.approx(40.0)
