"""Small ledgers worked out with pencil and paper: sums, rates, thresholds, units, what is blank."""

import math

import numpy as np
import pandas as pd
import pytest

from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.data.light_rules import Scale, presets
from faiwatch.ledger.attribution import EFFECTS, attribution
from faiwatch.ledger.light_measures import group_measures, project_measures
from faiwatch.ledger.lights import light
from faiwatch.ledger.progress import (
    BEHIND,
    lag_list,
    progress_table,
)
from faiwatch.ledger.reconcile import reconcile
from faiwatch.ledger.standing import Standings, standing

MARCH, JUNE, AUGUST = (pd.Period(month, "M") for month in ("2026-03", "2026-06", "2026-08"))


def projects(*rows, month="2026-08"):
    listed = [
        {"asof": month, "project_code": chr(ord("a") + at), "name": f"厂{at}"} | row
        for at, row in enumerate(rows)
    ]
    return ledger_frame("projects", pd.DataFrame(listed))


def issues(*rows):
    listed = [{"issue_id": str(at), "opened": "2026-01-05"} | row for at, row in enumerate(rows)]
    return ledger_frame("issues", pd.DataFrame(listed))


# --- progress -------------------------------------------------------------------------------


def year(level, nature, plan, done, **fields):
    return {"level": level, "nature": nature, "annual_plan": plan, "ytd_done": done} | fields


ROWS = (
    year("city", "new", 120.0, 20.0, total_investment=900.0),
    year("city", "ongoing", 240.0, 180.0, total_investment=400.0),
    year("district", "new", 600.0, 500.0, total_investment=0.3),
    year("district", "new", 60.0, None, total_investment=0.1),
)


def test_sums_shares_and_shortfall_of_a_group():
    found = progress_table(standing(projects(*ROWS), as_of=AUGUST), ["level"])
    assert found["level"].to_list() == ["city", "district"]  # a plan that is not told comes last
    assert found["state"].to_list() == ["ok", "missing"]
    city, district = (found.iloc[at].drop(["level", "state"]).astype(float) for at in (0, 1))
    assert city[["n", "n_unknown", "total_10k"]].to_list() == [2, 0, 1300.0]
    assert city[["plan_10k", "done_10k"]].to_list() == [360.0, 200.0]
    assert city["done_pct"] == pytest.approx(500 / 9)
    assert city["time_pct"] == pytest.approx(200 / 3)
    assert city["deviation_pp"] == pytest.approx(-100 / 9)
    assert city["shortfall_10k"] == pytest.approx(40.0)  # 8/12 of 360 is 240
    assert city["unknown_pct"] == 0.0
    assert district[["n", "n_unknown", "total_10k"]].to_list() == [2, 1, 0.4]
    assert district["unknown_pct"] == pytest.approx(100 * 60 / 660)  # above one part in twenty
    assert district[MADE].isna().all()


MADE = ["plan_10k", "done_10k", "done_pct", "deviation_pp", "shortfall_10k"]


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        # 500 of 600 are known; with the blank at nothing or at its whole plan it may be
        (20.0, [600.0, 500.0, 100 * 5 / 6, 100 / 6, -100.0]),  # 80.6 to 83.9 percent
        (30.0, [math.nan] * 5),  # 79.4 to 84.1: a light changes at 80
        (31.0, [math.nan] * 5),
    ],
)
def test_a_blank_that_may_weigh_little_leaves_the_others_sum(plan, told):
    rows = [*ROWS[:3], year("district", "new", plan, None)]
    found = progress_table(standing(projects(*rows), as_of=AUGUST), ["level"]).set_index("level")
    district = found.loc["district"]
    assert district["state"] == ("missing" if math.isnan(told[0]) else "partial")
    assert district[MADE].to_list() == pytest.approx(told, nan_ok=True)
    assert district["unknown_pct"] == pytest.approx(100 * plan / (600 + plan))


def test_the_change_is_against_the_same_group_a_month_before():
    now = standing(projects(*ROWS), as_of=AUGUST)
    then = standing(projects(*ROWS[:1], month="2026-06"), as_of=JUNE)
    found = progress_table(now, ["level"], before=then).set_index("level")["change_pp"]
    assert found["city"] == pytest.approx(500 / 9 - 100 / 6)
    assert math.isnan(found["district"])
    assert progress_table(now, ["level"])["change_pp"].isna().all()


def test_a_group_without_a_plan_has_no_share_and_no_shortfall():
    found = progress_table(standing(projects({"ytd_done": 5.0}), as_of=AUGUST)).iloc[0]
    assert found[["n", "n_unknown", "unknown_pct", "state"]].to_list() == [1, 1, 100.0, "missing"]
    assert found[[*MADE, "schedule_pct"]].isna().all()


def test_no_project_at_all_has_no_row():
    nobody = standing(projects(*ROWS), as_of=AUGUST).iloc[:0]
    assert progress_table(nobody, ["level"]).empty


def test_what_is_due_by_the_own_dates_is_a_share_of_the_plan_of_those_that_have_them():
    dated = {"planned_start": "2026-01-31", "planned_finish": "2026-10-31"}  # 8 of 10 months
    found = progress_table(
        standing(
            projects(year("city", "new", 100.0, 50.0, **dated), year("city", "new", 900.0, 900.0)),
            as_of=AUGUST,
        )
    ).iloc[0]
    assert found["schedule_pct"] == pytest.approx(80.0)
    assert found["schedule_deviation_pp"] == pytest.approx(-30.0)
    assert found["done_pct"] == pytest.approx(95.0)


def test_the_lag_list_begins_with_the_largest_shortfall_and_ends_with_the_unknown():
    rows = [
        year("city", "new", 120.0, 10.0, status="slow"),  # 80 were due: 70 short
        year("city", "new", 240.0, 60.0, status="stopped"),  # 100 short
        year("city", "new", None, None, status="funds_missing"),
        year("city", "new", 120.0, 10.0, status="investor_exit"),
        year("city", "new", 120.0, 0.0, status="normal"),
        year("city", "new", 120.0, 0.0, status="not_started_due"),  # 80 short
        year("city", "new", 120.0, 0.0, status="not_due"),
    ]
    found = lag_list(standing(projects(*rows), as_of=AUGUST))
    assert found["project_code"].to_list() == ["b", "f", "a", "d", "c"]
    assert set(found["status"]) == set(BEHIND)


# --- where a project stands -----------------------------------------------------------------


def stands(row, *about, month=AUGUST):
    told = issues(*({"project_code": "a"} | one for one in about)) if about else None
    return standing(projects(row, month=str(month)), told, as_of=month).iloc[0]


def test_progress_of_one_project():
    dates = {"planned_start": "2026-01-31", "planned_finish": "2026-10-31"}
    found = stands(year("city", "new", 240.0, 180.0, **dates))
    assert found["done_pct"] == 75.0
    assert found["deviation_pp"] == pytest.approx(75 - 200 / 3)
    assert found["schedule_pct"] == pytest.approx(80.0)
    assert found["schedule_deviation_pp"] == pytest.approx(-5.0)
    assert found["shortfall_10k"] == pytest.approx(-20.0)


@pytest.mark.parametrize(
    ("row", "started"),
    [
        ({"actual_start": "2026-08-31"}, True),
        ({"actual_start": "2026-09-01"}, False),
        ({"actual_start": "2026-09-01", "ytd_done": 5.0}, False),  # a date is believed
        ({"ytd_done": 0.1}, True),
        ({"ytd_done": 0.0}, False),
        ({"cum_done_total": 0.1}, True),
        ({"cum_done_total": 0.0}, False),
        ({"stage": "started"}, True),
        ({"stage": "in_production"}, True),
        ({"stage": "planned"}, False),
        ({"nature": "completed"}, True),
        ({"nature": "ongoing"}, True),
        ({"nature": "new"}, False),
        ({"nature": "ongoing", "stage": "planned"}, False),
        ({"nature": "ongoing", "planned_start": "2026-08-31"}, True),
        ({"nature": "ongoing", "planned_start": "2026-09-30"}, False),
        ({"actual_finish": "2026-08-31"}, True),
        ({"actual_finish": "2026-09-01"}, False),
    ],
)
def test_started_is_what_a_date_says_or_else_what_was_done(row, started):
    assert stands(row)["started"] == started


def test_the_latest_plan_decides_whether_a_start_is_due_and_else_the_first():
    assert stands({"planned_start": "2026-09-30", "original_start": "2026-01-31"})["rule"] == (
        "start_to_come"
    )
    assert stands({"original_start": "2026-08-31"})["rule"] == "start_overdue"
    assert stands({"original_start": "2026-08-31"})["start_due"]
    assert not stands({})["start_due"]


def test_a_project_in_production_is_not_late():
    row = {"original_finish": "2026-03-31", "planned_finish": "2026-03-31"}
    assert stands(row)["delay_finish_months"] == 5
    assert not stands(row | {"stage": "in_production"})["delay_finish_months"] > 0


def test_without_issues_there_are_none():
    found = stands({})
    assert (found["n_open_issues"], found["causes"]) == (0, "")


UNDER_WAY = {"actual_start": "2025-03-31", "annual_plan": 120.0, "ytd_done": 80.0}


@pytest.mark.parametrize(
    ("rows", "months"),
    [
        # month by month: asof, month_done, ytd_done
        ([("2026-06", 0.0, 9.0), ("2026-07", -1.0, 8.0), ("2026-08", 0.0, 8.0)], 3),
        ([("2026-06", 0.0, 9.0), ("2026-07", 0.1, 9.1), ("2026-08", 0.0, 9.1)], 1),
        ([("2026-07", None, 9.0), ("2026-08", None, 9.0)], 1),  # July could be told from June only
        ([("2026-07", None, 9.0), ("2026-08", None, 9.1)], 0),
        ([("2026-07", None, 9.0), ("2026-08", None, 8.9)], 1),
    ],
)
def test_quiet_months_are_counted_back_from_this_one(rows, months):
    listed = [
        {"asof": month, "project_code": "a", "name": "厂", "month_done": done, "ytd_done": total}
        | {"actual_start": "2025-03-31", "annual_plan": 120.0}
        for month, done, total in rows
    ]
    found = standing(ledger_frame("projects", pd.DataFrame(listed)), as_of=AUGUST)
    assert found["quiet_months"].item() == months


def test_the_first_two_months_are_counted_together_and_stand_alone():
    listed = [
        {"asof": month, "project_code": "a", "name": "厂", "ytd_done": total}
        for month, total in (("2025-12", 90.0), ("2026-02", 0.0), ("2026-03", 0.0))
    ]
    frame = ledger_frame("projects", pd.DataFrame(listed))
    assert standing(frame, as_of=MARCH)["quiet_months"].item() == 3


def test_sheets_of_a_ledger_are_those_of_their_months():
    listed = [
        {"asof": month, "project_code": "a", "name": "厂", "annual_plan": 120.0, "ytd_done": done}
        for month, done in (("2025-12", 60.0), ("2026-02", 12.0), ("2026-04", 24.0))
    ]
    standings = Standings(ledger_frame("projects", pd.DataFrame(listed)))
    assert standings.of(pd.Period("2026-02", "M"))["done_pct"].item() == 10.0
    assert standings.before(pd.Period("2026-02", "M"))["done_pct"].item() == 50.0
    assert standings.before(pd.Period("2026-04", "M")) is None  # March has no sheet


# --- lights ---------------------------------------------------------------------------------


def measured(*rows, month=AUGUST, before=()):
    frames = [projects(*rows, month=str(month))]
    if before:
        frames.append(projects(*before, month=str(month - 1)))
    return project_measures(Standings(pd.concat(frames, ignore_index=True)), as_of=month)


def test_months_of_starts_are_counted_across_years():
    found = measured(
        {"planned_start": "2025-11-30", "actual_start": "2026-02-01"},
        {"planned_start": "2025-11-30"},
        {"planned_start": "2026-08-31"},
        {"planned_start": "2026-09-30"},
        {"original_start": "2026-05-31", "actual_start": "2026-04-30"},
        {"planned_start": "2025-12-31", "actual_start": "2025-12-31"},
        {"planned_start": "2025-12-31", "actual_start": "2026-01-31"},
        {"planned_start": "2026-01-31", "actual_start": "2025-12-31"},
    )
    nan = math.nan
    assert found["start_late_months"].to_list() == pytest.approx(
        [3, nan, nan, nan, -1, 0, 1, -1], nan_ok=True
    )
    assert found["start_overdue_months"].to_list() == pytest.approx(
        [nan, 9, 0, nan, nan, nan, nan, nan], nan_ok=True
    )
    assert found["months_since_start"].to_list() == pytest.approx(
        [6, nan, nan, nan, 4, 8, 7, 8], nan_ok=True
    )
    # this year's starts and what still waits; a start of last year as planned is no question now
    assert found["start_in_question"].to_list() == [
        True, True, True, False, True, False, True, True,
    ]  # fmt: skip
    assert set(found["month"]) == {8}


def test_the_deviation_before_is_that_of_the_last_sheet_of_the_year():
    dated = {"planned_start": "2026-01-31", "planned_finish": "2026-12-31", "annual_plan": 120.0}
    now, then = dated | {"ytd_done": 80.0}, dated | {"ytd_done": 58.0}
    found = measured(now, now, before=[then])
    assert found["schedule_deviation_before_pp"].to_list() == pytest.approx([-10.0, 0.0])
    blank = measured(now, before=[dated])  # not started in July: nothing done by rule, 7 of 12 due
    assert blank["schedule_deviation_before_pp"].to_list() == pytest.approx([-700 / 12])
    unknown = measured(now, before=[dated | {"actual_start": "2026-01-31"}])
    assert unknown["schedule_deviation_before_pp"].isna().all()
    assert measured(now)["schedule_deviation_before_pp"].to_list() == [0.0]


def test_last_years_gap_is_no_gap_of_this_year():
    dated = {"planned_start": "2025-01-31", "planned_finish": "2026-12-31", "annual_plan": 120.0}
    listed = [
        {"asof": month, "project_code": "a", "name": "厂", "ytd_done": 1.0} | dated
        for month in ("2025-12", "2026-02")
    ]
    standings = Standings(ledger_frame("projects", pd.DataFrame(listed)))
    found = project_measures(standings, as_of=pd.Period("2026-02", "M"))
    assert found["schedule_deviation_before_pp"].item() == 0.0


@pytest.mark.parametrize(("plan", "funds"), [(5.0, 40.0), (6.0, math.nan)])  # 4.8 and 5.7 percent
def test_rates_of_a_group(plan, funds):
    rows = projects(
        {"unit": "甲", "funds_plan": 100.0, "funds_arrived": 40.0, "planned_start": "2026-03-31",
         "actual_start": "2026-03-31", "planned_finish": "2026-07-31",
         "actual_finish": "2026-07-31", "annual_plan": 100.0},
        {"unit": "甲", "funds_plan": 300.0, "funds_arrived": None, "planned_start": "2026-03-31",
         "planned_finish": "2026-07-31", "annual_plan": plan},
        {"unit": "甲", "funds_plan": 0.0, "funds_arrived": 50.0, "planned_start": "2026-12-31",
         "planned_finish": "2026-12-31"},
        {"unit": "乙"},
    )  # fmt: skip
    now = standing(rows, as_of=AUGUST)
    found = group_measures(now, rows, ["unit"], as_of=AUGUST).set_index("unit")
    assert found.loc["甲", "n"] == 3
    assert found.loc["甲", "start_rate_planned_pct"] == pytest.approx(100 / 3)
    assert found.loc["甲", "start_rate_due_pct"] == pytest.approx(50.0)
    assert found.loc["甲", "funds_rate_pct"] == pytest.approx(funds, nan_ok=True)
    assert found.loc["甲", "finish_on_time_pct"] == pytest.approx(50.0)
    rates = [name for name in found if name.endswith(("rate_pct", "due_pct", "time_pct"))]
    assert found.loc["乙", rates].isna().all()
    whole = group_measures(now, rows, as_of=AUGUST).iloc[0]
    assert (whole["n"], whole["finish_on_time_pct"]) == (4, 50.0)
    pairs = group_measures(now, rows, ["unit", "level"], as_of=AUGUST)
    assert pairs[["unit", "level", "n"]].to_numpy().tolist() == [["乙", "", 1], ["甲", "", 3]]
    assert pairs["finish_on_time_pct"].to_list() == pytest.approx([math.nan, 50.0], nan_ok=True)
    # the one of 乙 may be due and tells no date: as heavy as the others, a quarter of four
    assert whole[["start_rate_planned_pct", "start_rate_due_pct"]].isna().all()


def test_where_no_rule_was_meant_nothing_lights_up_and_what_is_unknown_is_said():
    frame = pd.DataFrame({"started": [True, False, None], "is_over": False,
                          "annual_plan_10k": 100.0, "deviation_pp": -50.0})  # fmt: skip
    frame["started"] = frame["started"].astype("boolean")
    progress = next(one for one in presets()["yinchuan"].scale if one.id == "progress")
    assert isinstance(progress, Scale)
    assert light(frame, progress).to_list() == ["red", "not_applicable", "missing"]


def test_figures_are_compared_to_nine_decimals():
    growth = presets()["tianjin_growth"].scale[0]
    rows = pd.DataFrame({"ytd_yoy_pct": [5.0 - 4e-10, 5.0 - 6e-10]})
    rows = rows.assign(plan_growth_pct=5.0, average_growth_pct=4.0)
    assert light(rows, growth).to_list() == ["green", "yellow"]


# --- beside the statistics ------------------------------------------------------------------


STARTED = {"actual_start": "2026-03-01"}


@pytest.fixture
def compared():
    rows = projects(
        STARTED | {"ytd_done": 120.0, "stat_ytd_reported": 120.5, "in_stat_library": True},
        STARTED | {"ytd_done": 50.0, "in_stat_library": False},
        STARTED | {"ytd_done": 80.0, "stat_ytd_reported": 0.0, "in_stat_library": True},
        STARTED | {"ytd_done": 30.0, "stat_ytd_reported": 45.0, "in_stat_library": True},
        STARTED | {"ytd_done": 90.0, "stat_ytd_reported": 60.0, "in_stat_library": True},
        STARTED
        | {"ytd_done": 70.0, "stat_ytd_reported": 20.0, "in_stat_library": True}
        | {"remark": "发票未开"},
        STARTED | {"ytd_done": 15.0, "in_stat_library": True},
        STARTED | {"stat_ytd_reported": 4.0, "in_stat_library": True},
        {"planned_start": "2026-12-31"},
        STARTED | {"ytd_done": 60.0, "in_stat_library": False, "name": "锦绣商品住宅"},
        STARTED | {"ytd_done": 40.0, "in_stat_library": False, "total_investment": 499.9},
    )
    return reconcile(rows, as_of=AUGUST, ytd_value_100m=0.05)


def test_each_class_of_the_reconciliation_by_hand(compared):
    assert compared.projects["class"].to_list() == [
        "agrees", "not_in_library", "zero_reported", "above_ledger", "below_ledger",
        "evidence_missing", "not_compared", "not_compared", "not_started", "real_estate",
        "below_threshold",
    ]  # fmt: skip
    assert compared.projects["gap_10k"].to_list() == pytest.approx(
        [0.5, -50.0, -80.0, 15.0, -30.0, -50.0, math.nan, math.nan, 0.0, -60.0, -40.0], nan_ok=True
    )
    assert compared.projects["size_unknown"].to_list() == [True] * 10 + [False]


def test_the_steps_lead_from_the_ledger_to_the_published_figure(compared):
    rows = compared.steps[["step", "n", "amount_10k"]].to_numpy().tolist()
    assert rows == [
        ["ledger", 11, 555.0],
        ["not_in_library", 1, -50.0],
        ["real_estate", 1, -60.0],
        ["below_threshold", 1, -40.0],
        ["zero_reported", 1, -80.0],
        ["above_ledger", 1, 15.0],
        ["evidence_missing", 1, -50.0],
        ["below_ledger", 1, -30.0],
        ["not_compared", 2, -11.0],  # 4 reported of nothing told, 15 done of nothing reported
        ["agrees", 1, 0.5],
        ["ledger_as_reported", 11, 249.5],
        ["residual", 0, 250.5],  # 0.05 (100 million) are 500
        ["statistics", 0, 500.0],
    ]


def test_without_a_published_figure_the_residual_is_not_known():
    rows = projects(STARTED | {"ytd_done": 5.0, "stat_ytd_reported": 5.0, "in_stat_library": True})
    steps = reconcile(rows, as_of=AUGUST).steps.set_index("step")["amount_10k"]
    assert steps[["residual", "statistics"]].isna().all()
    assert steps["ledger_as_reported"] == 5.0


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"ytd_done": -5.0, "stat_ytd_reported": 0.0, "in_stat_library": True}, "zero_reported"),
        ({"ytd_done": 1.0, "stat_ytd_reported": 2.0, "in_stat_library": True}, "agrees"),
        ({"ytd_done": 1.0, "stat_ytd_reported": 2.0001, "in_stat_library": True}, "above_ledger"),
        ({"ytd_done": 3.0, "stat_ytd_reported": 2.0, "in_stat_library": True}, "agrees"),
        ({"ytd_done": 3.0, "stat_ytd_reported": 1.9999, "in_stat_library": True}, "below_ledger"),
        ({"ytd_done": 0.0, "stat_ytd_reported": 0.0, "in_stat_library": True}, "not_started"),
        (STARTED | {"ytd_done": 0.0, "stat_ytd_reported": 0.0, "in_stat_library": True}, "agrees"),
        ({"stat_ytd_reported": 7.0, "in_stat_library": True}, "not_compared"),
        ({"ytd_done": 9.0, "stat_ytd_reported": 0.0, "in_stat_library": False}, "not_in_library"),
        ({"ytd_done": 9.0, "stat_ytd_reported": 0.0}, "zero_reported"),
    ],
)
def test_the_edges_of_the_classes(row, expected):
    assert reconcile(projects(row), as_of=AUGUST).projects["class"].to_list() == [expected]


@pytest.mark.parametrize(
    ("issue", "expected"),
    [
        ({"action": "凭证不全"}, "evidence_missing"),
        ({"action": "催办"}, "below_ledger"),
        ({"action": "凭证不全", "project_code": "b"}, "below_ledger"),
        ({"action": "凭证不全", "opened": "2026-08-31"}, "evidence_missing"),
        ({"action": "凭证不全", "opened": "2026-09-01"}, "below_ledger"),
    ],
)
def test_an_issue_that_is_open_may_say_that_vouchers_are_missing(issue, expected):
    rows = projects({"ytd_done": 9.0, "stat_ytd_reported": 1.0, "in_stat_library": True})
    told = issues({"project_code": "a"} | issue)
    assert reconcile(rows, told, as_of=AUGUST).projects["class"].to_list() == [expected]


# --- what moved investment ------------------------------------------------------------------


def over_two_years(*rows):
    listed = [
        {"asof": month, "project_code": code, "name": f"{code}{month}", "ytd_done": done} | more
        for code, month, done, more in rows
    ]
    return ledger_frame("projects", pd.DataFrame(listed))


def test_the_change_of_a_year_by_hand():
    rows = over_two_years(
        ("a", "2025-08", 900.0, {}),
        ("a", "2026-08", 400.0, {"actual_finish": "2026-06-30"}),
        ("b", "2025-08", 100.0, {}),
        ("b", "2026-08", 130.0, {}),
        ("c", "2026-08", 50.0, {}),
        ("d", "2025-08", 70.0, {"stop_date": "2025-12-31"}),
        ("e", "2025-08", 20.0, {}),
        ("f", "2025-08", 33.3, {}),
        ("f", "2026-08", 33.3, {}),
        ("g", "2025-08", 33.3, {}),
        ("g", "2026-08", 33.2, {}),
    )
    found = attribution(rows, as_of=AUGUST, ytd_value_100m=0.9, ytd_yoy_pct=-10.0)
    assert found.total_10k == -1000.0  # 9,000 is 10 % less than 10,000
    told = found.effects.set_index("effect")
    assert list(told.index) == [*EFFECTS, "residual"]
    assert told["change_10k"].to_dict() == {
        "completed": -500.0, "stopped": -70.0, "left": -20.0, "slower": -0.1, "faster": 30.0,
        "newly_started": 50.0, "unchanged": 0.0, "not_compared": 0.0, "residual": -489.9,
    }  # fmt: skip
    assert told["n"].to_list() == [1, 1, 1, 1, 1, 1, 1, 0, 0]
    assert told["points_pp"]["completed"] == pytest.approx(-5.0)
    assert told["points_pp"].sum() == pytest.approx(-10.0)
    order = found.projects["project_code"].to_list()
    assert order == ["a", "d", "e", "g", "f", "b", "c"]  # the largest loss first
    names = found.projects.set_index("project_code")["name"]
    assert (names["a"], names["e"]) == ("a2026-08", "e2025-08")  # as it was last called
    assert (found.as_of, found.against) == (AUGUST, AUGUST - 12)


def test_one_unknown_amount_makes_its_project_unknown_and_no_other():
    rows = over_two_years(
        ("a", "2025-08", None, {}),
        ("a", "2026-08", 40.0, {}),
        ("b", "2025-08", 10.0, {}),
        ("b", "2026-08", None, {}),
        ("c", "2025-06", 10.0, {}),  # was listed before and not then: what it did then is open
        ("c", "2026-08", 40.0, {}),
        ("d", "2025-09", 10.0, {}),  # came after: it did nothing then
        ("d", "2026-08", 40.0, {}),
    )
    assert isinstance(attribution(rows, as_of=AUGUST).projects.index, pd.RangeIndex)
    found = attribution(rows, as_of=AUGUST).projects.set_index("project_code")
    assert found.loc[["a", "b", "c"], ["then_10k", "now_10k", "change_10k"]].isna().all(axis=None)
    assert found["effect"].to_dict() == {
        "a": "not_compared", "b": "not_compared", "c": "not_compared", "d": "newly_started",
    }  # fmt: skip
    assert found.loc["d", ["then_10k", "now_10k", "change_10k"]].to_list() == [0.0, 40.0, 40.0]


def test_amounts_are_taken_off_each_other_in_whole_yuan():
    rows = over_two_years(("a", "2025-08", 0.3, {}), ("a", "2026-08", 0.1 + 0.2, {}))
    found = attribution(rows, as_of=AUGUST).projects
    assert found["effect"].to_list() == ["unchanged"]
    assert np.array_equal(found["change_10k"], [0.0])


def test_a_project_that_had_stopped_by_then_and_did_less_was_stopped():
    rows = [("a", "2025-08", 9.0, {}), ("b", "2025-08", 9.0, {}), ("c", "2025-08", 9.0, {})]
    rows += [("a", "2026-08", 1.0, {"stop_date": "2026-08-31"})]
    rows += [("b", "2026-08", 1.0, {"stop_date": "2026-09-01"})]
    rows += [("c", "2026-08", 1.0, {"status": "stopped"})]
    found = attribution(over_two_years(*rows), as_of=AUGUST).projects
    assert found.set_index("project_code")["effect"].to_dict() == {
        "a": "stopped", "b": "slower", "c": "stopped",
    }  # fmt: skip


def test_what_is_unknown_twice_is_unknown():
    rows = over_two_years(
        ("x", "2025-08", 1.0, {}),
        ("a", "2025-06", 10.0, {}),  # listed before, not then, and blank now
        ("a", "2026-08", None, {}),
        ("b", "2025-08", 9.5, {}),
        ("b", "2026-08", 10.0, {}),
    )
    found = attribution(rows, as_of=AUGUST).projects.set_index("project_code")["effect"]
    assert found[["a", "b"]].to_list() == ["not_compared", "faster"]  # by half a 万元


def test_a_plan_of_nothing_has_no_share():
    now = standing(projects(year("city", "new", 0.0, 5.0)), as_of=AUGUST)
    assert math.isnan(now["done_pct"].item())
    found = progress_table(now).iloc[0]
    assert found[["n_unknown", "plan_10k", "done_10k"]].to_list() == [0, 0.0, 5.0]
    assert math.isnan(found["done_pct"])
    assert found["shortfall_10k"] == -5.0


def test_one_project_alone_has_its_rates():
    dates = {"planned_start": "2026-03-31", "actual_start": "2026-03-31"}
    dates |= {"planned_finish": "2026-07-31", "actual_finish": "2026-07-31"}
    rows = projects(dates | {"funds_plan": 1.0, "funds_arrived": 0.5})
    found = group_measures(standing(rows, as_of=AUGUST), rows, as_of=AUGUST).iloc[0]
    names = ["start_rate_planned_pct", "start_rate_due_pct", "finish_on_time_pct"]
    assert found[names].to_list() == [100.0] * 3
    assert found["funds_rate_pct"] == 50.0
