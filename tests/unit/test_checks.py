import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.text import Text
from faiwatch.data.csv_file import read_rows
from faiwatch.data.reference import CheckException, ScopeBreak, check_exceptions, scope_breaks
from faiwatch.data.regions import BELOW_PROVINCE, region_named
from faiwatch.data.source import data_source
from faiwatch.stats.check_records import RECORD_COLUMNS, SEVERITIES
from faiwatch.stats.checks import check_observations, raise_on_errors

YEAR = [f"{month:02d}" for month in range(2, 13)]


def series(years=(2024, 2025), *, growth=5.0, start=100.0):
    """Return a clean series: value grows by `growth` a year, eleven releases a year."""
    months = [f"{year}-{month}" for year in years for month in YEAR]
    values = [
        start * (1 + growth / 100) ** (year - years[0]) * step
        for year in years
        for step in range(1, 12)
    ]
    return pd.DataFrame(
        {
            "region_code": "610702",
            "indicator": "total",
            "period": months,
            "ytd_value_100m": values,
            "ytd_yoy_pct": growth,
            "file": "own.csv",
            "row": range(2, 2 + len(months)),
        }
    )


def changed(frame, month, column, value):
    frame = frame.copy()
    frame.loc[frame["period"] == month, column] = value
    return frame


def found(frame, **known):
    records = check_observations(frame, **known)
    return list(records[["check", "severity"]].itertuples(index=False, name=None))


def test_a_sound_series_has_no_record():
    records = check_observations(series())
    assert records.empty
    assert records.columns.tolist() == RECORD_COLUMNS
    assert isinstance(records["period"].dtype, pd.PeriodDtype)


def test_a_repeated_month_is_an_error_that_says_if_the_figures_agree():
    again = series().iloc[[3]].assign(row=99)
    records = check_observations(pd.concat([series(), again, again.assign(ytd_yoy_pct=4.0)]))
    repeated = records[records["check"] == "repeated_month"]
    assert repeated["severity"].tolist() == ["error", "error"]
    assert sorted(repeated["en"].str.extract("with (the same|different)")[0]) == [
        "different",
        "the same",
    ]
    assert repeated["row"].tolist()[0] == 99


def test_a_january_row_is_an_error_on_its_line():
    records = check_observations(changed(series(), "2025-02", "period", "2025-01"))
    (january,) = records[records["check"] == "january_row"].to_dict("records")
    assert (january["severity"], january["file"], january["row"]) == ("error", "own.csv", 13)
    assert january["period"] == pd.Period("2025-01")


def test_rows_out_of_order_are_noted_once_for_a_series():
    assert found(series().iloc[::-1]) == [("period_order", "note")]


def test_a_hole_in_the_series_is_one_record_with_a_count_and_january_is_no_hole():
    holed = series()[lambda rows: ~rows["period"].isin(["2024-12", "2025-02", "2025-07"])]
    records = check_observations(holed)
    (hole,) = records.to_dict("records")
    assert (hole["check"], hole["severity"], hole["value"]) == ("missing_releases", "warning", 3)
    assert "2024-12 to 2025-07" in hole["en"]
    assert hole["period"] == pd.Period("2024-12")


@pytest.mark.parametrize("growth", [-100.1, -250.0])
def test_growth_below_minus_100_is_impossible(growth):
    assert found(changed(series(), "2025-08", "ytd_yoy_pct", growth)) == [
        ("impossible_growth", "error")
    ]


def test_a_negative_value_is_impossible():
    records = found(changed(series(), "2025-08", "ytd_value_100m", -3.0))
    assert records == [("impossible_value", "error"), ("falling_value", "warning")]


@pytest.mark.parametrize("factor", [10_000.0, 10.0, 0.1, 1e-4])
def test_a_unit_mistake_is_an_error_because_published_growth_contradicts_it(factor):
    frame = series()
    later = frame["period"] >= "2025"
    frame = frame.assign(ytd_value_100m=frame["ytd_value_100m"].where(~later, lambda v: v * factor))
    (jump,) = check_observations(frame).to_dict("records")
    assert (jump["check"], jump["severity"]) == ("unit_jump", "error")
    assert jump["value"] == pytest.approx(factor)
    assert "11 value(s)" in jump["en"]


def test_a_tenfold_year_is_only_a_warning_without_a_witness():
    frame = series(growth=900.0).assign(ytd_yoy_pct=float("nan"))
    assert ("unit_jump", "warning") in found(frame)


def test_true_tenfold_growth_is_no_unit_mistake():
    assert "unit_jump" not in {check for check, _ in found(series(growth=900.0))}


def test_an_ordinary_base_revision_is_no_unit_mistake():
    revised = series().assign(ytd_yoy_pct=25.0)
    assert found(revised) == []


def test_a_value_that_falls_within_the_year_is_a_warning_but_not_across_years():
    (fall,) = check_observations(changed(series(), "2025-08", "ytd_value_100m", 600.0)).to_dict(
        "records"
    )
    assert (fall["check"], fall["period"]) == ("falling_value", pd.Period("2025-08"))


def test_a_fall_is_seen_across_a_month_without_value():
    frame = changed(series(), "2025-07", "ytd_value_100m", float("nan"))
    frame = changed(frame, "2025-08", "ytd_value_100m", 500.0)
    assert ("falling_value", "warning") in found(frame)


def test_growth_far_from_the_rest_of_its_series_is_a_warning():
    assert found(changed(series(), "2025-12", "ytd_yoy_pct", 60.0)) == [
        ("extreme_growth", "warning")
    ]
    assert found(changed(series(), "2025-12", "ytd_yoy_pct", 12.0)) == []


def test_a_short_series_has_no_usual_growth_to_be_far_from():
    assert found(changed(series(years=(2025,)), "2025-12", "ytd_yoy_pct", 60.0)) == []


def test_a_known_true_extreme_becomes_a_note_with_its_reason():
    frame = changed(series(), "2025-12", "ytd_yoy_pct", 60.0)
    known = CheckException("extreme_growth", "610702", "total", "2025-12", Text("真实", "true"))
    (record,) = check_observations(frame, exceptions=[known]).to_dict("records")
    assert record["severity"] == "note"
    assert record["en"].endswith("known: true")
    assert record["zh"].endswith("已知：真实")


def test_growth_without_value_and_the_reverse_are_one_note_each():
    frame = series()
    frame.loc[frame["period"] < "2024-06", "ytd_value_100m"] = float("nan")
    frame.loc[frame["period"] > "2025-10", "ytd_yoy_pct"] = float("nan")
    records = check_observations(frame)
    assert records["check"].tolist() == ["growth_without_value", "value_without_growth"]
    assert records["value"].tolist() == [4, 2]
    assert "(2025-11 to 2025-12)" in records["en"].iloc[1]


@pytest.mark.parametrize(
    ("severity", "expected"), [("do_not_join", "warning"), ("caution", "note")]
)
def test_a_series_that_crosses_a_scope_break_is_told(severity, expected):
    words = Text("新口径", "new scope")
    inside = ScopeBreak("*", "2025-02", severity, words, "S1")
    first = ScopeBreak("*", "2024-02", severity, words, "S1")
    other = ScopeBreak("private", "2025-02", severity, words, "S1")
    assert found(series(), breaks=[inside, first, other]) == [("scope_break", expected)]


def test_series_are_checked_apart():
    other = series(start=1e6).assign(region_code="610703")
    assert found(pd.concat([series(), other])) == []


def test_the_most_severe_come_first():
    frame = changed(series(), "2025-08", "ytd_yoy_pct", -120.0).iloc[::-1]
    severities = [severity for _, severity in found(frame)]
    assert severities == sorted(severities, key=SEVERITIES.index)


def test_the_input_is_not_changed():
    frame = series().iloc[::-1]
    before = frame.copy(deep=True)
    check_observations(frame, exceptions=check_exceptions(), breaks=scope_breaks())
    pd.testing.assert_frame_equal(frame, before)


def test_the_text_of_a_broken_file_becomes_records(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "region_code,indicator,period,ytd_yoy_pct\n"
        "610702,total,2026-01,1\n610702,total,2026-02,1\n610702,total,2026-02,2\n",
        encoding="utf-8",
    )
    records = check_observations(read_rows(path))
    errors = records[records["severity"] == "error"]
    assert sorted(zip(errors["check"], errors["row"], strict=True)) == [
        ("january_row", 2),
        ("repeated_month", 4),
    ]


def test_errors_are_raised_with_the_first_and_the_count():
    frame = changed(series(), "2025-08", "ytd_yoy_pct", -120.0)
    with pytest.raises(DataInvalidError) as refusal:
        raise_on_errors(check_observations(frame))
    message = refusal.value.message("en")
    assert "1 error(s)" in message
    assert "own.csv:19 610702 total 2025-08" in message


def test_warnings_are_not_raised():
    raise_on_errors(check_observations(changed(series(), "2025-12", "ytd_yoy_pct", 60.0)))


def test_the_embedded_figures_have_no_error_and_their_warnings_are_these():
    records = check_observations(
        data_source("embedded").newest(), exceptions=check_exceptions(), breaks=scope_breaks()
    )
    raise_on_errors(records)
    warnings = records[records["severity"] == "warning"]
    is_city = warnings["region_code"].map(lambda code: region_named(code).level in BELOW_PROVINCE)
    above = warnings[~is_city].groupby("check").size()
    # real estate of the four parts of the country is held of three months
    assert above.to_dict() == {"extreme_growth": 7, "missing_releases": 23, "scope_break": 3}
    # a small place jumps; 13 prefectures lack 2019-04 and 2020-06, 12 districts 2019-05
    below = warnings[is_city].groupby("check").size()
    assert below.to_dict() == {"extreme_growth": 14, "missing_releases": 25}


def test_every_exception_still_answers_a_record():
    records = check_observations(data_source("embedded").newest())
    complaints = {
        (row.check, row.region_code, row.indicator, str(row.period)) for row in records.itertuples()
    }
    assert {
        (one.check, one.region_code, one.indicator, one.period) for one in check_exceptions()
    } <= complaints


def test_the_demo_district_is_clean():
    records = check_observations(data_source("demo").newest(), breaks=scope_breaks())
    assert records.empty
