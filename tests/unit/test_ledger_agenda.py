"""What changed since the last meeting, where to go, what stands still."""

import math

import pandas as pd
import pytest

from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.agenda import KINDS, SEVERITY, agenda, stopped_list, visit_list, visit_rule
from faiwatch.ledger.standing import standing
from faiwatch.ledger.status import status_words

AUGUST = pd.Period("2026-08", "M")
WEEK = {"since": pd.Timestamp("2026-08-03"), "until": pd.Timestamp("2026-08-10")}
MONTH = {"since": pd.Timestamp("2026-07-31"), "until": pd.Timestamp("2026-08-31")}
UNDER_WAY = {"actual_start": "2025-03-31", "annual_plan": 120.0, "name": "厂"}


def issue(**row):
    given = {"issue_id": "1", "project_code": "甲", "opened": "2026-01-05"} | row
    return ledger_frame("issues", pd.DataFrame([given]))


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"opened": "2026-08-03"}, None),
        ({"opened": "2026-08-04"}, "new"),
        ({"opened": "2026-08-10"}, "new"),
        ({"opened": "2026-08-11"}, None),
        ({"opened": "2026-08-04", "closed": "2026-08-05"}, "closed"),
        ({"due": "2026-08-02"}, "still_overdue"),
        ({"due": "2026-08-03"}, "overdue"),
        ({"due": "2026-08-09"}, "overdue"),
        ({"due": "2026-08-10"}, None),
        ({"due": "2026-07-11"}, "still_overdue"),
        ({"due": "2026-07-10"}, "escalated"),
        ({"due": "2026-07-04"}, "escalated"),
        ({"due": "2026-07-03"}, "still_overdue"),
        ({"due": "2026-07-10", "closed": "2026-08-10"}, "closed"),
        ({"closed": "2026-08-03"}, None),
        ({"closed": "2026-08-11"}, None),
        ({"opened": "2026-08-04", "due": "2026-08-05"}, "overdue"),
    ],
)
def test_an_issue_is_on_the_agenda_for_one_reason(row, kind):
    found = agenda({"issues": issue(**row)}, **WEEK)["kind"].to_list()
    assert found == ([kind] if kind else [])


def test_the_day_is_that_of_what_happened():
    rows = {"new": {"opened": "2026-08-04", "due": "2026-09-30"}}
    rows |= {"closed": {"due": "2026-07-01", "closed": "2026-08-05"}}
    rows |= {"overdue": {"due": "2026-08-06"}}
    for day, (kind, row) in enumerate(rows.items(), start=4):
        found = agenda({"issues": issue(**row)}, **WEEK).iloc[0]
        assert (found["kind"], found["day"]) == (kind, pd.Timestamp(2026, 8, day))


def test_when_to_escalate_is_a_choice():
    late = issue(due="2026-08-03")
    found = agenda({"issues": late}, **WEEK, escalate_after_days=5)
    assert found["kind"].to_list() == ["escalated"]


def test_a_task_follows_the_same_days_and_names_its_project():
    row = {"id": ["t"], "title": ["批地"], "due": ["2026-08-05"], "parent": ["1"]}
    tasks = ledger_frame("tasks", pd.DataFrame(row))
    found = agenda({"tasks": tasks, "issues": issue()}, **WEEK)
    assert found[["kind", "item", "project_code"]].values.tolist() == [["overdue", "task", "甲"]]


def projects(**by_code):
    rows = [
        {"asof": month, "project_code": code} | UNDER_WAY | row
        for code, sheets in by_code.items()
        for month, row in zip(("2026-07", "2026-08"), sheets, strict=True)
        if row is not None
    ]
    return ledger_frame("projects", pd.DataFrame(rows))


def test_projects_are_compared_between_the_last_complete_sheets():
    table = projects(
        worse=({"ytd_done": 70.0}, {"ytd_done": 60.0}),
        better=({"ytd_done": 50.0}, {"ytd_done": 80.0}),
        same=({"ytd_done": 70.0}, {"ytd_done": 80.0}),
        came=(None, {"ytd_done": 80.0}),
        grave=({"ytd_done": 50.0}, {"ytd_done": 50.0, "stop_date": "2026-08-05"}),
        over=({"ytd_done": 70.0}, {"ytd_done": 80.0, "actual_finish": "2026-08-05"}),
    )
    found = agenda({"projects": table}, **MONTH)
    told = {row["id"]: (row["kind"], row["was"], row["became"]) for row in found.to_dict("records")}
    assert told == {
        "worse": ("escalated", "normal", "slow"),
        "grave": ("escalated", "slow", "stopped"),
        "came": ("new", "", "normal"),
        "better": ("improved", "slow", "normal"),
    }
    assert agenda({"projects": table}, **WEEK).empty  # one sheet was complete on both days


def test_both_sheets_are_judged_with_what_was_open_then():
    table = projects(甲=({"ytd_done": 70.0}, {"ytd_done": 80.0}))
    exit_since = issue(**{"class": "investor_exit", "opened": "2026-08-05", "asof": "2026-08"})
    found = agenda({"projects": table, "issues": exit_since}, **MONTH)
    moved = found[found["item"] == "project"].iloc[0]
    assert (moved["was"], moved["became"]) == ("normal", "investor_exit")
    before = issue(**{"class": "investor_exit", "opened": "2026-07-05", "asof": "2026-08"})
    assert agenda({"projects": table, "issues": before}, **MONTH).empty


def test_the_agenda_of_the_made_up_ledger_holds_each_item_once(demo_ledger):
    found = agenda(demo_ledger.settled(), **MONTH)
    assert not found.duplicated(["item", "id"]).any()
    order = found["kind"].map(list(KINDS).index)
    assert order.is_monotonic_increasing
    assert found["row"].gt(0).all()


def test_an_empty_ledger_has_an_empty_agenda():
    assert agenda({}, **WEEK).empty


def test_every_status_has_its_gravity():
    assert {status for group in SEVERITY for status in group} == set(status_words())


@pytest.fixture(scope="module")
def tables(demo_ledger):
    return demo_ledger.settled()


@pytest.fixture(scope="module")
def now(tables):
    return standing(tables["projects"], tables["issues"], as_of=AUGUST)


def test_visits_follow_the_rule_that_is_printed(now):
    chosen = sorted(
        (-row["shortfall_10k"], row["project_code"])
        for row in now.to_dict("records")
        if row["status"] in {"slow", "stopped"} and row["shortfall_10k"] > 0
    )
    listed = visit_list(now, most=4)
    assert listed["project_code"].to_list() == [code for _, code in chosen[:4]]
    assert " 4 " in visit_rule(most=4).zh
    assert " 4 " in visit_rule(most=4).en


def test_stopped_projects_tell_how_long_and_why(now, tables):
    listed = stopped_list(now, tables["projects"], as_of=AUGUST)
    months = {
        row["project_code"]: (AUGUST - row["stop_date"].to_period("M")).n
        for row in now.to_dict("records")
        if row["status"] == "stopped"
    }
    assert dict(zip(listed["project_code"], listed["stopped_months"], strict=True)) == months
    assert listed["stopped_months"].is_monotonic_decreasing
    assert listed["problem"].str.len().min() > 0


@pytest.mark.parametrize(
    ("stop", "months"),
    [("2026-08-01", 0), ("2026-07-31", 1), (None, math.nan), ("2026-09-01", math.nan)],
)
def test_a_stop_without_a_date_has_no_duration(stop, months):
    row = {"asof": "2026-08", "project_code": "甲", "status": "stopped", "stop_date": stop}
    table = ledger_frame("projects", pd.DataFrame([row | UNDER_WAY]))
    found = stopped_list(standing(table, as_of=AUGUST), table, as_of=AUGUST)
    assert found["stopped_months"].to_list() == pytest.approx([months], nan_ok=True)
