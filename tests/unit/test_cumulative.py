import numpy as np
import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.stats.cumulative import (
    as_known,
    earlier,
    grid_of,
    release_number,
    release_periods,
    ytd_to_block,
)


def frame(months, region="000000"):
    return pd.DataFrame(
        {
            "region_code": region,
            "indicator": "total",
            "period": pd.PeriodIndex(months, freq="M"),
            "ytd_yoy_pct": 1.0,
        }
    )


def test_release_numbers_count_eleven_a_year_and_come_back():
    months = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(2, 13)]
    numbers = release_number(pd.PeriodIndex(months, freq="M"))
    assert np.diff(numbers).tolist() == [1] * 21
    assert release_periods(numbers).astype(str).tolist() == months


def test_a_missing_month_costs_its_own_block_and_the_next():
    february = np.array([True, False, False, False])
    assert np.isnan(ytd_to_block(np.array([[1.0, np.nan, 3.0, 4.0]]), february)).tolist() == [
        [False, True, True, False]
    ]


def test_the_first_release_of_a_year_owes_nothing_to_the_year_before():
    february = np.array([False, True])
    assert ytd_to_block(np.array([[500.0, 50.0]]), february)[0, 1] == 50.0


def test_what_lies_before_the_grid_is_unknown():
    assert np.isnan(earlier(np.array([[1.0, 2.0]]), 5)).all()


def test_an_empty_table_has_an_empty_grid():
    grid = grid_of(frame([]))
    assert grid.spread(pd.Series(dtype=float)).shape == (0, 11)  # no series, of a whole year


@pytest.mark.parametrize(
    ("months", "said"), [(["2026-01"], "January"), (["2026-02", "2026-02"], "twice")]
)
def test_rows_that_would_overwrite_each_other_are_refused(months, said, monkeypatch):
    monkeypatch.setenv("FAIWATCH_LANG", "en")
    with pytest.raises(DataInvalidError, match=said) as error:
        grid_of(frame(months))
    assert months[-1] in str(error.value)


def test_as_known_keeps_the_month_itself_and_drops_what_comes_later():
    assert as_known(frame(["2026-02", "2026-03"]), "2026-02")["period"].astype(str).tolist() == [
        "2026-02"
    ]


def test_as_known_before_the_first_figure_says_what_there_is(monkeypatch):
    monkeypatch.setenv("FAIWATCH_LANG", "en")
    with pytest.raises(DataMissingError, match="2026-02 to 2026-03"):
        as_known(frame(["2026-02", "2026-03"]), "1990-12")


def test_each_pair_of_region_and_indicator_is_a_series():
    parts = [frame(["2025-02"], region=region) for region in ("610000", "000000")]
    parts += [part.assign(indicator="private") for part in parts]
    grid = grid_of(pd.concat(parts, ignore_index=True))
    assert grid.row.tolist() == [3, 1, 2, 0]
    assert grid.keys.to_numpy().tolist() == [
        ["000000", "private"], ["000000", "total"], ["610000", "private"], ["610000", "total"],
    ]  # fmt: skip
