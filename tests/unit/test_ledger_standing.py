"""Where projects stand: each rule, its boundary, its place in the order; pace, delay, issues."""

import math

import pandas as pd
import pytest

from faiwatch.core.errors import DataMissingError
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.schedule import schedule_pct
from faiwatch.ledger.standing import COLUMNS, standing
from faiwatch.ledger.status import StatusRules, status_words, written_rules

JUNE, AUGUST = pd.Period("2026-06", "M"), pd.Period("2026-08", "M")
UNDER_WAY = {
    "actual_start": "2025-03-31",
    "planned_start": "2025-03-31",
    "annual_plan": 100.0,
    "ytd_done": 50.0,
    "month_done": 5.0,
}
WAITING = {"planned_start": "2026-06-30", "annual_plan": 100.0, "ytd_done": 0.0}


def ledger(*rows, asof="2026-06"):
    listed = [{"asof": asof, "project_code": str(at), "name": "厂"} | row for at, row in
              enumerate(rows)]  # fmt: skip
    return ledger_frame("projects", pd.DataFrame(listed))


def issues(*rows):
    listed = [
        {"issue_id": str(at), "project_code": "0", "opened": "2026-01-05"} | row
        for at, row in enumerate(rows)
    ]
    return ledger_frame("issues", pd.DataFrame(listed))


def judged(row, *about, month=JUNE, rules=None):
    given = issues(*about) if about else None
    found = standing(ledger(row), given, as_of=month, rules=rules).iloc[0]
    return found["rule"], found["rule_status"]


@pytest.mark.parametrize(
    ("row", "rule", "status"),
    [
        (UNDER_WAY, "keeps_pace", "normal"),
        (UNDER_WAY | {"ytd_done": 40.1}, "keeps_pace", "normal"),
        (UNDER_WAY | {"ytd_done": 40.0}, "behind_pace", "slow"),
        (UNDER_WAY | {"ytd_done": None}, "no_figures", "unknown"),
        (UNDER_WAY | {"annual_plan": None}, "no_figures", "unknown"),
        (UNDER_WAY | {"annual_plan": 0.0}, "keeps_pace", "normal"),
        (UNDER_WAY | {"stop_date": "2026-06-30"}, "stop_date", "stopped"),
        (UNDER_WAY | {"stop_date": "2026-07-01"}, "keeps_pace", "normal"),
        (UNDER_WAY | {"actual_finish": "2026-06-30"}, "finished", "completed"),
        (UNDER_WAY | {"actual_finish": "2026-07-01"}, "keeps_pace", "normal"),
        (UNDER_WAY | {"stage": "in_production"}, "in_production", "completed"),
        (WAITING, "start_overdue", "not_started_due"),
        (WAITING | {"planned_start": "2026-07-01"}, "start_to_come", "not_due"),
        (WAITING | {"planned_start": None, "nature": "early"}, "no_date_yet", "not_due"),
        (WAITING | {"planned_start": None, "stage": "reserve"}, "no_date_yet", "not_due"),
        (WAITING | {"planned_start": None, "nature": "new"}, "no_start_date", "unknown"),
        (WAITING | {"nature": "ongoing"}, "behind_pace", "slow"),
        (WAITING | {"nature": "ongoing", "stage": "reserve"}, "start_overdue", "not_started_due"),
        (WAITING | {"nature": "ongoing", "planned_start": "2026-07-01"}, "start_to_come",
         "not_due"),
        (WAITING | {"ytd_done": 60.0}, "keeps_pace", "normal"),
        (WAITING | {"actual_start": "2026-07-01", "ytd_done": 60.0}, "start_overdue",
         "not_started_due"),
    ],
)  # fmt: skip
def test_each_rule_decides_where_it_says(row, rule, status):
    assert judged(row) == (rule, status)


@pytest.mark.parametrize(
    ("about", "rule"),
    [
        ({"class": "investor_exit"}, "exit_issue"),
        ({"class": "stopped"}, "stop_issue"),
        ({"class": "slow", "cause": "funds"}, "keeps_pace"),
        ({"class": "investor_exit", "closed": "2026-06-30"}, "keeps_pace"),
        ({"class": "investor_exit", "opened": "2026-07-01"}, "keeps_pace"),
        ({"class": "investor_exit", "project_code": "1"}, "keeps_pace"),
    ],
)
def test_only_open_issues_of_the_project_count(about, rule):
    assert judged(UNDER_WAY, about)[0] == rule


def test_a_finished_project_is_finished_whatever_else_is_said():
    row = UNDER_WAY | {"actual_finish": "2026-05-31", "stop_date": "2026-04-30"}
    assert judged(row, {"class": "investor_exit"})[0] == "finished"


def quiet(months, **fields):
    """Return a project under way whose amounts of `months` were zero, and something before."""
    rows = [
        {"asof": month, "project_code": "0", "name": "厂"}
        | UNDER_WAY
        | {"month_done": 0.0 if month in months else 5.0}
        | fields
        for month in ("2025-12", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06")
    ]
    return ledger_frame("projects", pd.DataFrame(rows))


@pytest.mark.parametrize(
    ("months", "as_of", "expected"),
    [
        (["2026-05", "2026-06"], "2026-06", 2),
        (["2026-04", "2026-05", "2026-06"], "2026-06", 3),
        (["2026-04", "2026-05"], "2026-06", 0),
        (["2026-02", "2026-03"], "2026-03", 3),  # January and February are two
        (["2025-12", "2026-02"], "2026-02", 3),
    ],
)
def test_months_without_progress_are_counted_in_a_row(months, as_of, expected):
    month = pd.Period(as_of, "M")
    found = standing(quiet(months), issues({"cause": "funds"}), as_of=month).iloc[0]
    assert found["quiet_months"] == expected
    assert (found["rule"] == "funds_and_quiet") == (expected >= 3)


def test_silence_is_no_proof_of_standing_still():
    told = quiet(["2026-04", "2026-05", "2026-06"]).assign(ytd_done=float("nan"))
    unknown = told.assign(month_done=told["month_done"].mask(told["asof"] == "2026-05"))
    assert standing(unknown, as_of=JUNE).loc[0, "quiet_months"] == 1
    gap = told[told["asof"] != "2026-05"]
    assert standing(gap, as_of=JUNE).loc[0, "quiet_months"] == 1


def test_a_blank_month_is_read_from_the_year_to_date():
    told = quiet([]).assign(month_done=float("nan"), ytd_done=[90.0, 0.0, 5.0, 5.0, 5.0, 4.0])
    assert standing(told, as_of=JUNE).loc[0, "quiet_months"] == 3
    march = told[told["asof"] <= "2026-02"]
    assert standing(march, as_of=pd.Period("2026-02", "M")).loc[0, "quiet_months"] == 2


def test_thresholds_and_pace_are_a_choice_and_are_said():
    row = UNDER_WAY | {"ytd_done": 41.0, "planned_start": "2026-05-31"}
    row |= {"planned_finish": "2026-12-31"}  # two months of eight: 25 %
    assert judged(row, rules=StatusRules(slow_from_pp=-9.0))[0] == "behind_pace"
    assert judged(row, rules=StatusRules(slow_from_pp=-9.0, pace="schedule"))[0] == "keeps_pace"
    words = {one.id: one.words for one in written_rules(StatusRules(-7.5, 4, "schedule"))}
    assert "7.5" in words["behind_pace"].zh
    assert "own schedule" in words["behind_pace"].en
    assert " 4 " in words["funds_and_quiet"].en


def test_every_rule_has_a_status_and_every_status_but_none_a_rule():
    assert {rule.status for rule in written_rules()} == set(status_words())


def test_what_was_given_wins_and_the_rule_stays_beside_it():
    rows = (UNDER_WAY | {"status": "slow"}, UNDER_WAY | {"status": "normal"}, UNDER_WAY)
    found = standing(ledger(*rows), as_of=JUNE)
    assert found["rule_status"].to_list() == ["normal"] * 3
    assert found["status"].to_list() == ["slow", "normal", "normal"]
    assert found["is_overruled"].to_list() == [True, False, False]


@pytest.mark.parametrize(
    ("start", "finish", "share"),
    [
        ("2025-05-31", "2027-05-31", 200 / 3),
        ("2026-01-31", "2026-12-31", 200 / 3),
        ("2026-07-31", "2026-12-31", 100 / 3),
        ("2026-09-30", "2027-12-31", 0.0),
        ("2027-01-31", "2027-12-31", 0.0),
        ("2025-01-31", "2026-08-31", 100.0),
        ("2025-01-31", "2025-12-31", 100.0),
        ("2026-08-31", "2026-08-01", 100.0),
        ("2026-08-31", "2026-05-31", math.nan),
        (None, "2026-12-31", math.nan),
        ("2026-01-31", None, math.nan),
    ],
)
def test_the_own_schedule_counts_the_months_of_this_year(start, finish, share):
    sheet = ledger({"planned_start": start, "planned_finish": finish}, asof="2026-08")
    found = schedule_pct(sheet, AUGUST).iloc[0]
    assert found == pytest.approx(share, nan_ok=True)


@pytest.mark.parametrize(
    ("original", "planned", "actual", "against_original", "against_latest"),
    [
        ("2026-01-31", "2026-03-31", "2026-04-15", 3, 1),
        ("2026-03-31", "2026-03-01", "2026-02-15", -1, -1),
        ("2026-01-31", "2026-03-31", None, 7, 5),
        ("2026-01-31", "2026-10-31", None, 9, 0),
        ("2026-10-31", "2026-10-31", None, 0, 0),
        ("2026-01-31", None, None, 7, 7),
        (None, "2026-03-31", None, math.nan, 5),
        ("2026-01-31", "2026-03-31", "2026-09-15", 7, 5),  # a date that has not come
    ],
)
def test_delays_are_against_both_schedules(
    original, planned, actual, against_original, against_latest
):
    dates = {"original_finish": original, "planned_finish": planned, "actual_finish": actual}
    found = standing(ledger(dates, asof="2026-08"), as_of=AUGUST).iloc[0]
    delays = found[["delay_finish_months", "delay_finish_months_latest"]].to_list()
    assert delays == pytest.approx([against_original, against_latest], nan_ok=True)


def test_a_start_without_its_date_has_no_known_delay():
    row = {"original_start": "2026-01-31", "ytd_done": 5.0}
    assert math.isnan(standing(ledger(row), as_of=JUNE).loc[0, "delay_start_months"])


def test_causes_are_listed_once_in_the_order_of_the_taxonomy():
    about = [{"cause": cause} for cause in ("funds", "land", "funds", "")]
    found = standing(ledger(UNDER_WAY, UNDER_WAY), issues(*about), as_of=JUNE)
    assert found["causes"].to_list() == ["land funds", ""]
    assert found["n_open_issues"].to_list() == [4, 0]


def test_a_month_without_a_sheet_is_refused_and_an_empty_row_is_not():
    with pytest.raises(DataMissingError, match="2026-06"):
        standing(ledger({}), as_of=AUGUST)
    assert standing(ledger({}), as_of=JUNE).loc[0, "status"] == "unknown"


def test_the_table_keeps_its_contract_and_the_order_of_the_sheet(demo_ledger):
    tables = demo_ledger.settled()
    found = standing(tables["projects"], tables["issues"], as_of=AUGUST)
    assert found.columns.to_list() == COLUMNS
    sheet = tables["projects"][tables["projects"]["asof"] == AUGUST]
    assert found["project_code"].to_list() == sheet["project_code"].to_list()


def test_shortfalls_and_slow_projects_are_those_of_a_loop_over_the_rows(demo_ledger):
    projects = demo_ledger.settled()["projects"]
    found = standing(projects, as_of=AUGUST)
    short, slow = 0.0, 0
    for row in projects[projects["asof"] == AUGUST].to_dict("records"):
        short += row["annual_plan"] * 8 / 12 - row["ytd_done"]
        over = not pd.isna(row["actual_finish"]) or not pd.isna(row["stop_date"])
        waits = row["stage"] == "reserve" and pd.isna(row["actual_start"])
        if row["annual_plan"] and not over and not waits:
            slow += 100 * row["ytd_done"] / row["annual_plan"] - 200 / 3 <= -10
    assert found["shortfall_10k"].sum() == pytest.approx(short)
    assert (found["rule_status"] == "slow").sum() == slow
