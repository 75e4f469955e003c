"""A store over the embedded figures: which figure stands, since when, and what stays as history."""

import datetime

import pandas as pd
import pytest

from faiwatch.core.errors import ParameterError
from faiwatch.data.source import data_source, over_embedded
from faiwatch.data.store import Ingest, keep
from faiwatch.page.parameters import check_parameters
from faiwatch.run.report import report_plan
from faiwatch.stats.vintages import known_at

NATION = "000000"


@pytest.fixture
def store(tmp_path):
    """Return a function that keeps figures in a store and returns its address."""

    def kept(*figures, source="nbs_release", fetched="2026-10-20", day=None):
        rows = pd.DataFrame(
            [
                {
                    "region_code": NATION,
                    "indicator": "total",
                    "period": period,
                    "ytd_value_100m": value,
                    "ytd_yoy_pct": growth,
                    "issued": issued,
                }
                for period, value, growth, issued in figures
            ]
        )
        when = datetime.datetime.fromisoformat(f"{fetched}T04:00+00:00")
        content = f"{figures}".encode()
        keep(rows, Ingest("a", content, source, when, day), address=str(tmp_path / "store"))
        return str(tmp_path / "store")

    return kept


def total(source, month):
    rows = source.newest() if not isinstance(source, pd.DataFrame) else source
    found = rows[
        (rows["region_code"] == NATION)
        & (rows["indicator"] == "total")
        & (rows["period"].astype(str) == month)
    ]
    (row,) = found.to_dict("records")
    return row["ytd_value_100m"], row["ytd_yoy_pct"], str(row["issued"])[:10]


def test_new_months_join_the_embedded_history(store):
    address = store(("2026-09", 331000.0, -7.5, "2026-10-19"))
    layered, embedded = data_source(f"embedded+{address}"), data_source("embedded")
    assert len(layered.newest()) == len(embedded.newest()) + 1
    assert total(layered, "2026-09") == (331000, -7.5, "2026-10-19")
    assert total(layered, "2026-08") == total(embedded, "2026-08")
    assert len(data_source(address).newest()) == 1  # alone it is what it holds


def test_a_figure_that_was_revised_wins_and_the_old_one_stays_as_history(store):
    day = datetime.date(2026, 10, 20)
    address = store(("2026-08", None, -7.0, "2026-09-15"), source="nbs", day=day)
    layered = data_source(f"embedded+{address}")
    value, growth, issued = total(layered, "2026-08")
    assert (value, growth, issued) == (293092, -7.0, "2026-10-20")  # the day it was seen
    before = known_at(layered.vintages(), "2026-10-01")
    assert total(before, "2026-08")[1] == -7.2


def test_a_figure_that_repeats_says_nothing_new(store):
    address = store(("2026-08", 293092.0, -7.2, "2026-09-15"))
    layered = data_source(f"embedded+{address}")
    assert total(layered, "2026-08")[:2] == (293092, -7.2)
    months = layered.newest().groupby(["region_code", "indicator", "period"]).size()
    assert months.max() == 1


def test_a_release_wins_over_a_figure_whose_day_is_only_supposed(store):
    address = store(("2026-08", None, -7.1, "2026-09-15"))
    growth = total(data_source(f"embedded+{address}"), "2026-08")[1]
    assert growth == -7.1


def test_an_older_release_does_not_undo_a_newer_embedded_figure(store):
    embedded = data_source("embedded").newest()
    dated = embedded[
        (embedded["indicator"] == "total")
        & (embedded["region_code"] == NATION)
        & embedded["issued"].notna()
    ]
    if dated.empty:
        dated = embedded[embedded["issued"].notna() & (embedded["region_code"] == NATION)]
    row = dated.iloc[-1]
    earlier = row["issued"] - pd.Timedelta(days=3)
    frame = pd.DataFrame(
        [
            {
                "region_code": NATION,
                "indicator": row["indicator"],
                "period": str(row["period"]),
                "ytd_yoy_pct": 99.0,
                "issued": earlier,
            }
        ]
    )
    address = store(("2026-09", 1.0, -7.5, "2026-10-19"))
    when = datetime.datetime(2026, 10, 21, tzinfo=datetime.UTC)
    keep(frame, Ingest("b", b"b", "nbs_release", when), address=address)
    stands = data_source(f"embedded+{address}").newest()
    same = stands[
        (stands["region_code"] == NATION)
        & (stands["indicator"] == row["indicator"])
        & (stands["period"] == row["period"])
    ]
    assert same["ytd_yoy_pct"].tolist() == [row["ytd_yoy_pct"]]


def test_a_store_that_fetch_filled_lies_over_the_embedded_and_one_s_own_stands_alone(store):
    address = store(("2026-09", 331000.0, -7.5, "2026-10-19"))
    assert over_embedded(address) == f"embedded+{address}"
    assert over_embedded(f"embedded+{address}") == f"embedded+{address}"
    store(("2026-10", 350000.0, -7.9, "2026-11-16"), source="own")
    assert over_embedded(address) == address


def test_a_page_takes_it_and_a_store_that_is_none_is_refused(store, tmp_path):
    address = store(("2026-09", 331000.0, -7.5, "2026-10-19"))
    given = check_parameters("02_monitor", {"data": f"embedded+{address}", "region": "610000"})
    assert given.data == f"embedded+{address}"
    own = tmp_path / "own.csv"
    own.write_text("region_code\n")
    for wrong in ("none", str(own), "demo", "../store"):
        with pytest.raises(ParameterError):
            check_parameters("02_monitor", {"data": f"embedded+{wrong}"})


def test_the_report_is_made_of_it_and_the_made_up_district_stays():
    data = {job.values["data"] for job in report_plan("embedded+store")}
    assert data == {"embedded+store", "demo", "demo-city"}
    assert {job.values["data"] for job in report_plan()} == {"embedded", "demo", "demo-city"}
