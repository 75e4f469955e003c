"""Issues and tasks: open and closed, ages, reopening, the two axes, plain loops."""

import math

import numpy as np
import pandas as pd
import pytest

from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.register import (
    factor_blocked,
    issue_figures,
    issue_register,
    open_issues,
    task_figures,
    task_list,
)
from faiwatch.ledger.standing import standing

AUGUST = pd.Period("2026-08", "M")
LAST = pd.Timestamp("2026-08-31")


def issues(*rows):
    listed = [
        {"issue_id": str(at), "project_code": "甲", "opened": "2026-06-01"} | row
        for at, row in enumerate(rows)
    ]
    return ledger_frame("issues", pd.DataFrame(listed))


@pytest.fixture(scope="module")
def tables(demo_ledger):
    return demo_ledger.settled()


def test_the_figures_of_the_made_up_register_are_those_of_a_loop(tables):
    n_open = overdue = unproved = 0
    ages = []
    for row in tables["issues"].to_dict("records"):
        if pd.isna(row["closed"]) or row["closed"] > LAST:
            n_open += 1
            overdue += row["due"] < LAST
            ages.append((LAST - row["opened"]).days)
        else:
            unproved += row["evidence"] == ""
    register = issue_register(tables["issues"], as_of=AUGUST)
    found = issue_figures(register)
    assert (found.n, found.n_open) == (len(tables["issues"]), n_open)
    assert (found.n_overdue, found.n_without_evidence) == (overdue, unproved)
    assert found.open_median_days == np.median(ages)
    assert found.open_p90_days == pytest.approx(np.quantile(ages, 0.9))
    assert found.closure_rate_pct == pytest.approx(100 * (1 - n_open / found.n))


@pytest.mark.parametrize(
    ("row", "is_open", "age", "overdue"),
    [
        ({}, True, 91, math.nan),
        ({"due": "2026-08-31"}, True, 91, 0),
        ({"due": "2026-08-30"}, True, 91, 1),
        ({"due": "2026-08-30", "closed": "2026-08-31"}, False, 91, 0),
        ({"due": "2026-08-30", "closed": "2026-09-01"}, True, 91, 1),
        ({"closed": "2026-05-31"}, False, math.nan, 0),
        ({"opened": "2026-08-31"}, True, 0, math.nan),
    ],
)
def test_an_issue_is_open_until_the_day_it_is_closed(row, is_open, age, overdue):
    found = issue_register(issues(row), as_of=AUGUST).iloc[0]
    assert found["is_open"] == is_open
    assert found[["age_days", "overdue_days"]].to_list() == pytest.approx(
        [age, overdue], nan_ok=True
    )
    assert len(open_issues(issues(row), as_of=AUGUST)) == is_open


def test_what_is_opened_later_is_not_known_yet():
    assert issue_register(issues({"opened": "2026-09-01"}), as_of=AUGUST).empty
    assert math.isnan(issue_figures(issue_register(issues({}).head(0), as_of=AUGUST)).open_p90_days)


@pytest.mark.parametrize(
    ("closed", "times"),
    [
        (["2026-06-20", None, None], 1),
        (["2026-06-20", None, "2026-08-20"], 1),
        (["2026-06-20", "2026-08-20", "2026-08-20"], 1),
        (["2026-06-20", "2026-07-20", "2026-07-20"], 1),
        (["2026-06-20", "2026-06-20", "2026-06-20"], 0),
        (["2026-06-20", "2026-06-21", "2026-06-21"], 0),
        ([None, None, "2026-08-20"], 0),
    ],
)
def test_an_issue_is_reopened_when_a_later_sheet_has_it_open_again(closed, times):
    months = ("2026-06", "2026-07", "2026-08")
    rows = [
        {"issue_id": "1", "asof": month, "closed": day}
        for month, day in zip(months, closed, strict=True)
    ]
    found = issue_register(issues(*rows, {"issue_id": "0"}), as_of=AUGUST)
    assert found.set_index("issue_id")["n_reopened"].to_dict() == {"1": times, "0": 0}


def test_the_taxonomy_says_that_it_is_not_official():
    note = ledger_tables()["issues"].fields["class"].note
    assert "非官方口径" in note.zh
    assert "not official" in note.en


def test_projects_held_up_by_land_environment_or_funds_are_those_of_a_loop(tables):
    now = standing(tables["projects"], tables["issues"], as_of=AUGUST)
    causes = {}
    for row in tables["issues"].to_dict("records"):
        if pd.isna(row["closed"]) or row["closed"] > LAST:
            causes.setdefault(row["project_code"], set()).add(row["cause"])
    blocked = set()
    for row in now.to_dict("records"):
        held = causes.get(row["project_code"], set()) & {"land", "environment", "funds"}
        if held and row["status"] in {"slow", "not_started_due"}:
            blocked.add(row["project_code"])
    assert set(factor_blocked(now)["project_code"]) == blocked != set()


def test_tasks_are_overdue_by_days_and_late_once_done(tables):
    overdue = late = done = 0
    for row in tables["tasks"].to_dict("records"):
        if pd.isna(row["done"]) or row["done"] > LAST:
            overdue += row["due"] < LAST
        else:
            done, late = done + 1, late + (row["done"] > row["due"])
    listed = task_list(tables["tasks"], tables["issues"], as_of=AUGUST)
    found = task_figures(listed)
    assert (found.n_overdue, found.n_done, found.n_late) == (overdue, done, late)
    assert listed["overdue_days"].is_monotonic_decreasing
    project_of = dict(zip(tables["issues"]["issue_id"], tables["issues"]["project_code"],
                          strict=True))  # fmt: skip
    assert listed["project_code"].to_list() == [project_of[one] for one in listed["parent"]]


@pytest.mark.parametrize(
    ("due", "done", "days", "is_late"),
    [
        ("2026-08-31", None, 0, False),
        ("2026-08-30", None, 1, False),
        ("2026-08-30", "2026-08-31", 0, True),
        ("2026-08-30", "2026-09-01", 1, False),
    ],
)
def test_a_task_is_open_until_the_day_it_is_done(due, done, days, is_late):
    row = {"id": ["1"], "title": ["甲"], "due": [due], "done": [done], "parent": ["某项目"]}
    found = task_list(ledger_frame("tasks", pd.DataFrame(row)), as_of=AUGUST).iloc[0]
    assert (found["overdue_days"], found["is_late"]) == (days, is_late)
    assert found["project_code"] == "某项目"
