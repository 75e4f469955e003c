"""Laws that hold for any ledger: nothing changed is nothing told, and parts make the whole."""

import datetime

import numpy as np
import pandas as pd
from examples import FEW
from hypothesis import given
from hypothesis import strategies as st

from faiwatch.core.light_names import LIGHTS
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.data.light_rules import presets
from faiwatch.ledger.agenda import agenda, stopped_list, visit_list
from faiwatch.ledger.attribution import attribution
from faiwatch.ledger.checks import check_ledger
from faiwatch.ledger.compare import compare_sheets
from faiwatch.ledger.light_measures import group_measures, project_measures
from faiwatch.ledger.lights import light
from faiwatch.ledger.pipeline import conversion, pipeline
from faiwatch.ledger.progress import lag_list, progress_table
from faiwatch.ledger.reconcile import reconcile
from faiwatch.ledger.register import (
    issue_figures,
    issue_register,
    task_figures,
    task_list,
)
from faiwatch.ledger.scorecards import scorecard
from faiwatch.ledger.standing import Standings, standing
from faiwatch.ledger.starts import start_rates

THEN, NOW = pd.Period("2025-08", "M"), pd.Period("2026-08", "M")
PRESETS = tuple(presets().values())

amounts = st.one_of(st.none(), st.floats(-1e6, 1e7, allow_nan=False))
days = st.one_of(st.none(), st.dates(datetime.date(2020, 1, 1), datetime.date(2028, 12, 31)))
row = st.fixed_dictionaries(
    {
        "asof": st.sampled_from(["2025-07", "2025-08", "2025-12", "2026-08", "2026-09"]),
        "project_code": st.sampled_from("甲乙丙丁"),
        "status": st.sampled_from(["", "stopped", "completed", "investor_exit"]),
        "nature": st.sampled_from(["", "new", "ongoing", "early"]),
        "planned_start": days,
        "planned_finish": days,
        "original_finish": days,
        "annual_plan": amounts,
        "actual_start": days,
        "actual_finish": days,
        "stop_date": days,
        "ytd_done": amounts,
        "month_done": amounts,
        "stat_ytd_reported": amounts,
        "in_stat_library": st.sampled_from([True, False, None]),
        "remark": st.sampled_from(["", "由 甲 拆分", "由 乙、丙 打包", "凭证不全"]),
    }
)
issue = st.fixed_dictionaries(
    {
        "asof": st.sampled_from([None, "2025-08", "2026-07", "2026-08", "2026-09"]),
        "issue_id": st.sampled_from("一二三"),
        "project_code": st.sampled_from("甲乙丙丁某"),
        "class": st.sampled_from(["", "slow", "stopped", "investor_exit"]),
        "cause": st.sampled_from(["", "land", "funds"]),
        "opened": st.dates(datetime.date(2024, 1, 1), datetime.date(2027, 12, 31)),
        "due": days,
        "closed": days,
    }
)
task = st.fixed_dictionaries(
    {
        "asof": st.sampled_from([None, "2026-07", "2026-08"]),
        "id": st.sampled_from("子丑寅"),
        "title": st.just("落实"),
        "parent": st.sampled_from(["甲", "一", ""]),
        "due": st.dates(datetime.date(2024, 1, 1), datetime.date(2027, 12, 31)),
        "done": days,
    }
)
figures = st.tuples(st.floats(0.01, 1e4), st.floats(-90, 90))


@st.composite
def ledgers(draw):
    fixed = [
        {"asof": str(month), "project_code": "戊", "ytd_done": draw(amounts)}
        for month in (THEN, NOW)
    ]
    rows = pd.DataFrame([*fixed, *draw(st.lists(row, max_size=12))])
    return ledger_frame("projects", rows.assign(name=rows["project_code"] + "厂"))


def in_yuan(values):
    return sum(round(value * 1e4) for value in values if not np.isnan(value))


@FEW
@given(ledgers())
def test_a_sheet_compared_with_itself_shows_no_change(projects):
    found = compare_sheets(projects, as_of=NOW, against=NOW)
    assert found.new.empty
    assert found.gone.empty
    assert found.fields.empty
    assert found.repackaged.empty
    assert found.slipped.empty


@FEW
@given(ledgers())
def test_what_is_new_one_way_is_gone_the_other(projects):
    there = compare_sheets(projects, as_of=NOW, against=THEN)
    back = compare_sheets(projects, as_of=THEN, against=NOW)
    assert there.new["project_code"].tolist() == back.gone["project_code"].tolist()
    assert len(there.fields) == len(back.fields)


@FEW
@given(ledgers(), figures)
def test_the_attribution_adds_up_to_the_yuan_and_leaves_nobody_out(projects, published):
    value, growth = published
    found = attribution(projects, as_of=NOW, ytd_value_100m=value, ytd_yoy_pct=growth)
    of_effects = found.effects.set_index("effect")["change_10k"]
    assert in_yuan(of_effects) == in_yuan([found.total_10k])
    assert in_yuan(found.projects["change_10k"]) == in_yuan(of_effects.drop("residual"))
    codes = [code for codes in found.projects["codes"] for code in codes.split()]
    both = projects[projects["asof"].isin([THEN, NOW])]
    assert len(codes) == len(set(codes))
    assert set(both["project_code"]) <= set(codes)
    assert found.effects["n"].sum() == len(found.projects)


@FEW
@given(ledgers())
def test_later_sheets_change_no_attribution(projects):
    known = projects[projects["asof"] <= NOW]
    whole, past = (attribution(one, as_of=NOW).projects for one in (projects, known))
    pd.testing.assert_frame_equal(whole, past)


@FEW
@given(ledgers(), figures)
def test_the_reconciliation_adds_up_to_the_yuan(projects, published):
    found = reconcile(projects, as_of=NOW, ytd_value_100m=published[0]).steps
    amounts_of = found.set_index("step")["amount_10k"]
    total = in_yuan([amounts_of["statistics"]])
    parts = amounts_of.drop(["ledger_as_reported", "residual", "statistics"])
    assert in_yuan(parts) == in_yuan([amounts_of["ledger_as_reported"]])
    assert in_yuan(parts) + in_yuan([amounts_of["residual"]]) == total


@FEW
@given(ledgers())
def test_checks_never_stop_and_change_nothing(projects):
    before = projects.copy(deep=True)
    found = check_ledger({"projects": projects})
    assert found["zh"].str.len().min() > 0 or found.empty
    pd.testing.assert_frame_equal(projects, before)


@FEW
@given(ledgers())
def test_every_project_stands_somewhere_and_later_sheets_change_nothing(projects):
    before = projects.copy(deep=True)
    found = standing(projects, as_of=NOW)
    assert set(found["project_code"]) == set(projects.loc[projects["asof"] == NOW, "project_code"])
    assert found["rule_status"].ne("").all()
    pd.testing.assert_frame_equal(projects, before)
    pd.testing.assert_frame_equal(found, standing(projects[projects["asof"] <= NOW], as_of=NOW))


@FEW
@given(ledgers(), st.lists(issue, max_size=6), st.lists(task, max_size=4))
def test_no_ledger_is_too_odd_to_be_judged_and_every_project_is_counted_once(
    projects, issues, tasks
):
    tables = {
        "projects": projects,
        "issues": ledger_frame("issues", pd.DataFrame(issues)),
        "tasks": ledger_frame("tasks", pd.DataFrame(tasks)),
    }
    now, then = (standing(projects, tables["issues"], as_of=month) for month in (NOW, THEN))
    assert progress_table(now, ["level"], before=then)["n"].sum() == len(now)
    assert pipeline(now)["n"].sum() == len(now)
    moves = conversion(now, then).moves
    assert moves["n"].sum() == len(set(now["project_code"]) | set(then["project_code"]))
    starts = start_rates(now, as_of=NOW)
    assert starts.n_started_due <= starts.n_due <= starts.n_planned
    assert len(visit_list(now)) <= len(lag_list(now))
    assert len(stopped_list(now, projects, as_of=NOW)) == now["status"].eq("stopped").sum()

    register = issue_register(tables["issues"], as_of=NOW)
    found = issue_figures(register)
    assert found.n_open + found.n_closed == found.n == register["issue_id"].nunique()
    listed = task_list(tables["tasks"], tables["issues"], as_of=NOW)
    done = task_figures(listed)
    assert done.n_done + done.n_overdue <= done.n
    assert scorecard(now, "unit", tasks=listed)["n"].sum() == len(now)
    measures = project_measures(Standings(projects, tables["issues"]), as_of=NOW)
    scales = [one for book in PRESETS for one in book.scale if one.subject == "projects"]
    assert all(light(measures, scale).isin(LIGHTS).all() for scale in scales)
    assert group_measures(now, projects, ["level"], as_of=NOW)["n"].sum() == len(now)
    week = {"since": THEN.end_time.normalize(), "until": NOW.end_time.normalize()}
    assert not agenda(tables, **week).duplicated(["item", "id"]).any()
