"""Which projects could deliver what a target needs: classes, workload, and a loop over the rows."""

import math

import pandas as pd
import pytest

from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.readiness import COUNTED, delivery

AUGUST = pd.Period("2026-08", "M")
READY = {"land_status": "done", "env_status": "not_needed", "funds_plan": 0.0}
DUE = {"planned_start": "2026-10-31"}


def projects(*rows):
    fixed = {"asof": "2026-08", "annual_plan": 100.0, "ytd_done": 40.0}
    listed = [
        fixed | {"project_code": str(at), "name": str(at)} | row for at, row in enumerate(rows)
    ]
    return ledger_frame("projects", pd.DataFrame(listed))


def found(*rows, required=100.0):
    return delivery(projects(*rows), as_of=AUGUST, required_10k=required)


@pytest.mark.parametrize(
    ("expected", "fields"),
    [
        ("over", {"actual_start": "2025-01-01", "actual_finish": "2026-08-31"}),
        ("under_way", {"actual_start": "2025-01-01", "actual_finish": "2026-09-01"}),
        ("halted", {"actual_start": "2025-01-01", "stop_date": "2026-08-01"}),
        ("halted", DUE | READY | {"status": "investor_exit"}),
        ("under_way", {"actual_start": "2026-08-31"}),
        ("ready", DUE | READY),
        ("blocked", DUE | READY | {"env_status": "pending"}),
        ("blocked", DUE | READY | {"land_status": ""}),
        ("blocked", DUE | READY | {"funds_plan": 90.0, "funds_arrived": 59.0}),
        ("later", {"planned_start": "2027-01-01"} | READY),
        ("later", READY | {"nature": "early", "ytd_done": None}),
        ("under_way", READY),  # something was done
        ("undated", READY | {"ytd_done": 0.0}),
    ],
)
def test_each_project_is_in_the_class_that_the_method_says(expected, fields):
    classes = found(fields).classes.set_index("readiness")["n"]
    assert classes[classes > 0].to_dict() == {expected: 1}


@pytest.mark.parametrize(
    ("fields", "workload"),
    [
        ({}, 60.0),
        ({"total_investment": 500.0, "cum_done_total": 470.0}, 30.0),
        ({"ytd_done": 120.0}, 0.0),
        ({"annual_plan": None}, math.nan),
        ({"annual_plan": None, "total_investment": 500.0, "cum_done_total": 0.0}, math.nan),
    ],
)
def test_workload_is_what_plan_and_project_leave(fields, workload):
    told = found({"actual_start": "2026-01-01"} | fields).projects["workload_10k"]
    assert told.tolist() == pytest.approx([workload], nan_ok=True)


def test_the_most_ready_come_first_and_the_row_that_covers_is_marked():
    under_way = {"actual_start": "2026-01-01"}
    rows = [DUE, DUE | READY, under_way, under_way | {"annual_plan": 90.0}]
    told = found(*rows, required=115.0)
    assert told.projects["project_code"].tolist() == ["2", "3", "1", "0"]
    assert told.projects["covers"].tolist() == [False, False, True, False]
    assert told.gap_10k == 0


@pytest.mark.parametrize(("required", "gap"), [(70.0, 10.0), (60.0, 0.0), (-5.0, 0.0)])
def test_the_gap_is_what_no_project_of_the_ledger_covers(required, gap):
    told = found({"actual_start": "2026-01-01"}, required=required)
    assert told.gap_10k == gap
    assert told.projects["covers"].any() == (0 < required <= 60)


def test_what_projects_without_a_date_could_do_is_not_known_and_no_zero():
    told = found({"ytd_done": 0.0}, {"actual_start": "2026-01-01"})
    assert math.isnan(told.workload_10k)
    assert math.isnan(told.gap_10k)
    assert (told.coverage.n, told.coverage.n_known, told.coverage.unknown_pct) == (2, 1, 50.0)


def test_workload_of_the_made_up_ledger_is_that_of_a_loop(demo_ledger):
    table = demo_ledger.settled()["projects"]
    told = delivery(table, as_of=AUGUST, required_10k=1e6)
    sums = told.classes.set_index("readiness")["workload_10k"]
    expected = 0.0
    for row in table[table["asof"] == AUGUST].to_dict("records"):
        is_over = row["status"] in {"completed", "stopped", "investor_exit"}
        if not is_over and not pd.isna(row["actual_start"]):
            left = min(
                row["annual_plan"] - row["ytd_done"],
                row["total_investment"] - row["cum_done_total"],
            )
            expected += max(0.0, left)
    assert sums["under_way"] == expected
    assert told.gap_10k == pytest.approx(1e6 - sums[list(COUNTED)].sum())
