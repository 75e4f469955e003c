import datetime

import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError
from faiwatch.data.schema import OBSERVATION_COLUMNS, observations, typed_columns


def rows(**columns):
    return pd.DataFrame({"region_code": "000000", "indicator": "total"} | columns)


def test_a_table_is_sorted_and_complete():
    table = observations(rows(period=["2026-03", "2026-02"], ytd_yoy_pct=[-1.7, 1.8]))
    assert table["period"].astype(str).tolist() == ["2026-02", "2026-03"]
    assert set(OBSERVATION_COLUMNS) <= set(table.columns)
    assert table["ytd_value_100m"].isna().all()
    assert table["issued"].isna().all()


def test_the_input_is_not_changed():
    given = rows(period=["2026-03", "2026-02"], ytd_yoy_pct=["-1.7", ""])
    before = given.copy(deep=True)
    observations(given)
    pd.testing.assert_frame_equal(given, before)


def test_a_checked_table_passes_unchanged():
    once = observations(rows(period=["2026-02", "2026-03"], ytd_value_100m=[1.0, 2.0]))
    pd.testing.assert_frame_equal(observations(once), once)


def test_text_numbers_and_dates_are_read_as_such():
    table = observations(
        rows(period=["2026-02"], ytd_yoy_pct=["-24.5"], issued=[" 2026-03-16 "], note=[None])
    )
    assert table.loc[0, "ytd_yoy_pct"] == -24.5
    assert table.loc[0, "issued"] == pd.Timestamp(2026, 3, 16)
    assert table.loc[0, "note"] == ""


def test_dates_of_python_are_dates():
    table = observations(
        rows(period=["2026-02"], ytd_yoy_pct=[1.0], issued=[datetime.date(2026, 3, 16)])
    )
    assert table.loc[0, "issued"] == pd.Timestamp(2026, 3, 16)


def test_an_unreadable_date_is_not_silently_unknown():
    with pytest.raises(DataInvalidError) as refusal:
        observations(rows(period=["2026-02"], ytd_yoy_pct=[1.0], issued=["16 March"]))
    assert "YYYY-MM-DD" in refusal.value.message("en")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"period": ["2026-01"], "ytd_yoy_pct": [1.0]}, "no January row"),
        ({"period": ["2026-02"] * 2, "ytd_yoy_pct": [1.0, 1.0]}, "stand twice"),
        ({"period": ["2026-13"], "ytd_yoy_pct": [1.0]}, "YYYY-MM"),
        ({"period": ["2026-2"], "ytd_yoy_pct": [1.0]}, "YYYY-MM"),
        ({"period": ["2026-02"], "ytd_yoy_pct": ["1.0%"]}, "a number or blank"),
        ({"period": ["2026-02"], "ytd_value_100m": [float("inf")]}, "finite"),
        ({"period": ["2026-02"]}, "ytd_value_100m, ytd_yoy_pct"),
    ],
)
def test_a_row_outside_the_contract_is_refused(columns, said):
    with pytest.raises(DataInvalidError) as refusal:
        observations(rows(**columns))
    assert said in refusal.value.message("en")


def test_a_refusal_names_the_place():
    broken = rows(period=["2026-02", "2026-01"], ytd_yoy_pct=[1.0, 1.0], file="own.csv", row=[7, 9])
    with pytest.raises(DataInvalidError) as refusal:
        observations(broken)
    assert "own.csv:9 000000 total 2026-01" in refusal.value.message("en")


def test_frames_put_together_with_the_same_index_are_told_apart():
    twice = pd.concat([rows(period=[month], ytd_yoy_pct=[1.0]) for month in ("2026-02", "2026-01")])
    with pytest.raises(DataInvalidError) as refusal:
        observations(twice)
    assert "2026-01" in refusal.value.message("en")


def test_typed_columns_keep_the_rows_that_the_table_refuses():
    typed = typed_columns(rows(period=["2026-02", "2026-01", "2026-02"], ytd_yoy_pct=[1, 2, 3]))
    assert typed["period"].astype(str).tolist() == ["2026-02", "2026-01", "2026-02"]
