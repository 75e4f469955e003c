"""What a page says about a ledger: totals against a loop, sentences, rows behind each number."""

import math
import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from faiwatch.core.errors import DataMissingError
from faiwatch.core.text import Text
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.data.light_rules import presets
from faiwatch.data.source import data_source
from faiwatch.ledger import standing as standing_module
from faiwatch.ledger.agenda import agenda
from faiwatch.ledger.charts.bridge import attribution_waterfall, reconciliation_steps
from faiwatch.ledger.charts.counts import contract_steps, element_matrix_chart, issue_matrix
from faiwatch.ledger.charts.funding import bond_path
from faiwatch.ledger.charts.schedule import MOST_ROWS, gantt
from faiwatch.ledger.coverage import money
from faiwatch.ledger.findings import NUMBERS, ledger_findings, ledger_tone
from faiwatch.ledger.study import Published, ledger_month, study_ledger
from faiwatch.ledger.tables.main import issue_counts
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Subject

AUGUST, DECEMBER = pd.Period("2026-08", "M"), pd.Period("2026-12", "M")
BOOKS = list(presets().values())
BEHIND = {"slow", "not_started_due", "funds_missing", "stopped", "investor_exit"}


def published(required=100.0):
    figures = data_source("demo").newest()
    rows = figures[(figures["period"] == AUGUST) & (figures["indicator"] == "total")]
    row = rows.iloc[0]
    return Published(row["ytd_value_100m"], row["ytd_yoy_pct"], required, rows)


@pytest.fixture(scope="module")
def study(demo_ledger):
    return study_ledger(demo_ledger.settled(), published(), BOOKS, as_of=AUGUST)


def small(month=AUGUST, issues=None, **fields):
    rows = {"asof": str(month), "project_code": list("甲乙丙"), "name": list("厂路桥")}
    tables = {"projects": ledger_frame("projects", pd.DataFrame(rows | fields))}
    if issues is not None:
        tables["issues"] = ledger_frame("issues", pd.DataFrame(issues))
    nothing = Published(np.nan, np.nan, np.nan, pd.DataFrame())
    return study_ledger(tables, nothing, [], as_of=month)


STARTED = {"actual_start": "2026-02-01", "unit": "局", "in_stat_library": True}


def test_totals_are_what_a_loop_over_the_rows_adds_up(study):
    n = short = plan = done = 0
    for row in study.standing.to_dict("records"):
        if row["status"] in BEHIND:
            n += 1
            short += max(0.0, row["annual_plan_10k"] * 8 / 12 - row["ytd_done_10k"])
        if not math.isnan(row["annual_plan_10k"]) and not math.isnan(row["ytd_done_10k"]):
            plan, done = plan + row["annual_plan_10k"], done + row["ytd_done_10k"]
    found = study.totals
    assert (found.n_lagging, found.n) == (n, len(study.standing))
    assert found.shortfall_10k == pytest.approx(short, abs=0.01 * n)
    assert found.plan_10k == pytest.approx(plan)
    assert found.required_per_month_10k == pytest.approx((plan - done) / 4)
    assert found.done_pct == pytest.approx(100 * done / plan)


def test_the_verdict_says_how_many_lag_by_how_much_and_what_it_means_for_the_year():
    study = small(annual_plan=[1200.0, 1200.0, 6e4], ytd_done=[1200.0, 0.0, 2e4], **STARTED)
    words = ledger_findings(study)["verdict"]
    assert words.zh == (
        "3个项目中2个滞后，低于序时进度2.1亿元；"
        "要完成全年计划，其余4个月每月须完成1.0亿元，是前8个月月均的3.9倍（测算）。"
    )
    assert words.en == (
        "2 of 3 projects lag, 2.1 (100m yuan) behind even pace; the plans of the year take "
        "1.0 (100m yuan) a month from now on, 3.9 times the monthly pace so far (workload)."
    )
    assert ledger_tone(study) == "behind"


def test_a_sentence_names_the_unit_of_its_amounts_in_its_own_language(study):
    plain = small(annual_plan=1200.0, ytd_done=900.0, **STARTED)
    told = [*ledger_findings(study).values(), *ledger_findings(plain).values()]
    sentences = [one for one in told if one.id not in NUMBERS]
    assert sum("亿元" in one.zh for one in sentences) > 3
    for one in sentences:
        assert "yuan" not in one.zh, one.id
        assert not re.search("[亿万]元|测算", one.en), one.id
        assert ("亿元" in one.zh) == ("100m yuan" in one.en), one.id


@pytest.mark.parametrize(
    ("month", "done", "zh", "tone"),
    [
        (AUGUST, 900.0, "没有滞后的；要完成全年计划，其余4个月每月", "on_pace"),
        (AUGUST, 1300.0, "没有滞后的；全年计划已完成", "on_pace"),
        (DECEMBER, 1100.0, "没有滞后的；全年计划完成91.7%", "behind"),
        (AUGUST, None, "3个未判定（缺计划或完成数）；缺年度计划或完成数", "missing"),
    ],
)
def test_the_verdict_of_a_year_that_goes_well_is_over_or_is_not_known(month, done, zh, tone):
    study = small(month, annual_plan=1200.0, ytd_done=done, **STARTED)
    assert zh in ledger_findings(study)["verdict"].zh
    assert ledger_tone(study) == tone


def test_who_acts_next_is_the_unit_of_the_issue_that_is_due_first():
    issue = {
        "issue_id": ["1", "2", "3"],
        "project_code": ["甲", "甲", "乙"],
        "opened": "2026-01-01",
    }
    issue |= {"due": ["2026-10-01", "2026-05-01", None], "owner_unit": ["财政局", "资源局", ""]}
    study = small(issues=issue, annual_plan=1200.0, ytd_done=0.0, **STARTED)
    told = study.lag.set_index("project_code")
    assert told["next_unit"].to_dict() == {"甲": "资源局", "乙": "局", "丙": "局"}
    assert told["is_overdue"].to_dict() == {"甲": True, "乙": False, "丙": False}


def test_every_number_rests_on_rows_of_the_ledger(study, demo_ledger):
    findings = ledger_findings(study)
    tables = demo_ledger.settled().values()
    known = {place for one in tables for place in zip(one["sheet"], one["row"], strict=True)}
    assert set(NUMBERS) <= set(findings)
    for finding in findings.values():
        assert finding.inputs, finding.id
        assert {(row.sheet, row.row) for row in finding.inputs} <= known, finding.id


def test_rows_behind_the_shortfall_are_those_that_lag(study):
    rows = {row.row for row in ledger_findings(study)["shortfall"].inputs}
    assert rows == set(study.lag["row"])


def test_projects_with_a_red_light_are_counted_once_and_each_light_has_its_row(study, demo_ledger):
    found = ledger_findings(study)["red_lights"]
    lights = study.board.projects.set_index("project_code").eq("red")
    of_bonds = [one for one in study.board.scales if one.scale.subject == "bonds"]
    n_lights = int(lights.to_numpy().sum()) + sum(one.counts["red"] for one in of_bonds)
    assert len(found.inputs) == n_lights
    codes = {str(row.value).partition(" ")[0] for row in found.inputs}
    assert set(lights.index[lights.any(axis="columns")]) <= codes
    assert found.value == len(codes) < n_lights
    assert len({(row.column, row.value) for row in found.inputs}) == n_lights
    rows = demo_ledger.settled()["projects"].set_index(["sheet", "row"])["project_code"]
    told = [row for row in found.inputs if row.column == "ouhai.month"]
    assert {rows[row.sheet, row.row] for row in told} == set(lights.index[lights["ouhai.month"]])


def test_two_red_bonds_of_one_project_are_told_apart(demo_ledger):
    tables = dict(demo_ledger.settled())
    one = tables["bonds"][tables["bonds"]["issued"] < "2026-01-01"].tail(1)
    poor = one.assign(paid=0.0)
    tables["bonds"] = pd.concat([poor, poor.assign(batch="第二批")], ignore_index=True)
    found = study_ledger(tables, published(), [presets()["tianjin_bonds"]], as_of=AUGUST)
    rows = ledger_findings(found)["red_lights"].inputs
    batches = [one["batch"].item(), "第二批"]
    scales = [one.scale.id for one in found.board.scales if one.scale.subject == "bonds"]
    assert sorted(row.column for row in rows) == sorted(
        f"tianjin_bonds.{scale} {batch}" for scale in scales for batch in batches
    )


@pytest.mark.parametrize(("book", "state"), [("ouhai", "ok"), ("tianjin_growth", "missing")])
def test_red_lights_are_those_of_the_chosen_rules(demo_ledger, book, state):
    chosen = [presets()[book]]
    found = study_ledger(demo_ledger.settled(), published(), chosen, as_of=AUGUST)
    red = ledger_findings(found)["red_lights"]
    assert red.state == state
    if state == "ok":
        assert red.value == sum(one.counts["red"] for one in found.board.scales)


def test_required_and_deliverable_amounts_are_marked_and_never_called_reported(study):
    findings = ledger_findings(study)
    for name in ("required_per_month", "deliverable"):
        assert "测算" in findings[name].definition_zh
        assert "workload" in findings[name].definition
    assert not [name for name in study.delivery.projects if "report" in name or "done" in name]


def test_each_month_is_judged_once(demo_ledger, monkeypatch):
    asked = []
    real = standing_module.required_sheet
    monkeypatch.setattr(
        standing_module,
        "required_sheet",
        lambda projects, month: asked.append(str(month)) or real(projects, month),
    )
    tables = {name: one for name, one in demo_ledger.settled().items() if name != "minutes"}
    first = tables["events"]["date"] <= pd.Timestamp("2026-03-12")
    tables["events"] = tables["events"][first].reset_index(drop=True)
    found = study_ledger(tables, published(), BOOKS, as_of=AUGUST)
    told = found.agenda  # judged when it is asked for
    # February is what was known before the last meeting, of 12 March, for the agenda
    assert sorted(asked) == ["2026-02", "2026-07", "2026-08"]
    since, until = found.meeting.day, AUGUST.end_time.normalize()
    assert_frame_equal(told, agenda(found.tables, since=since, until=until))


def test_a_ledger_of_projects_alone_is_enough():
    study = small(annual_plan=1200.0, ytd_done=100.0, **STARTED)
    findings = ledger_findings(study)
    assert findings["open_issues"].value == 0
    assert {findings[name].state for name in ("funds_rate", "bond_use")} == {"missing"}
    assert study.attribution is None
    assert study.delivery is None


def test_the_latest_sheet_up_to_the_month_is_taken(demo_ledger):
    projects = demo_ledger.settled()["projects"]
    assert ledger_month(projects, as_of=pd.Period("2026-01", "M")) == pd.Period("2025-12", "M")
    with pytest.raises(DataMissingError):
        ledger_month(projects, as_of=pd.Period("2020-01", "M"))


@pytest.fixture(scope="module", params=["zh", "en"])
def figures(request, study):
    about = Subject(request.param, "演示区", "台账", "ledger.xlsx", "2026-08")
    counts, names = issue_counts(study)
    found = [
        attribution_waterfall(study.attribution, subject=about),
        reconciliation_steps(study.reconciliation, subject=about),
        issue_matrix(counts, names=names, subject=about),
        element_matrix_chart(study.matrix, subject=about),
        contract_steps(study.funnel, subject=about),
        bond_path(study.bonds, subject=about),
        gantt(study.standing, subject=about),
    ]
    return {figure.id.removesuffix("-2026-08"): figure for figure in found}


def colours_in(part):
    if isinstance(part, dict):
        return {colour for value in part.values() for colour in colours_in(value)}
    if isinstance(part, list):
        return {colour for value in part for colour in colours_in(value)}
    return {part} if isinstance(part, str) and part.startswith("#") else set()


def test_charts_use_only_colours_that_have_a_dark_twin(figures):
    for figure in figures.values():
        assert colours_in(figure.spec()) <= set(theme.TOKENS.values()), figure.id
        assert "<svg" in figure.svg()


def rows_of(figure, kind=None):
    """Return the rows of the chart's data that have a kind, or those of one kind."""
    rows = [row for data in figure.spec()["datasets"].values() for row in data if "kind" in row]
    return [row for row in rows if kind is None or row["kind"] == kind]


def test_the_waterfall_ends_where_its_total_does(figures):
    steps = rows_of(figures["ledger-attribution"])
    assert steps[-2]["end"] == pytest.approx(steps[-1]["amount"], abs=0.001)
    parts = [row["amount"] for row in steps[:-1]]
    assert sum(parts) == pytest.approx(steps[-1]["amount"], abs=0.001)
    for before, after in pairwise(steps[:-1]):
        assert after["start"] == pytest.approx(before["end"], abs=0.001)


def test_the_steps_from_the_ledger_reach_the_published_figure(figures):
    totals = rows_of(figures["ledger-reconciliation"], "total")
    steps = rows_of(figures["ledger-reconciliation"])
    assert [row["start"] for row in totals] == [0.0, 0.0, 0.0]
    assert steps[-2]["end"] == pytest.approx(totals[-1]["amount"], abs=0.001)
    assert totals[-1]["amount"] == pytest.approx(published().value_100m, abs=0.001)


def test_the_matrix_of_issues_counts_what_a_loop_counts(figures, study):
    table = figures["ledger-issues"].table
    assert int(table.iloc[:, 1:].to_numpy().sum()) == len(study.issues)


def test_the_gantt_chart_is_cut_and_its_table_is_not(figures, study):
    figure = figures["ledger-schedule"]
    rows = [row for data in figure.spec()["datasets"].values() for row in data]
    assert len({row["name"] for row in rows if "name" in row}) == MOST_ROWS
    assert len(figure.table) == len(study.standing)


def test_what_a_project_that_has_not_started_did_is_zero_by_rule():
    begun = {"actual_start": ["2026-02-01", "2026-02-01", None], "planned_start": "2026-05-31"}
    told = ledger_findings(
        small(annual_plan=[600.0, 400.0, 360.0], ytd_done=[400.0, 246.0, None], **begun)
    )
    progress = told["progress"]
    assert progress.zh == "47.5%（1个未开工项目空白按0计）"  # of the other two: 64.6 %
    assert progress.en == "47.5% (blank counted as 0 by rule: 1 not started)"
    assert told["required_per_month"].value == pytest.approx((1360 - 646) / 4 / 1e4)
    assert told["shortfall"].value == pytest.approx(360 * 8 / 12 / 1e4)


def test_projects_that_cannot_be_judged_are_counted_in_the_verdict_with_the_reason():
    waits = {
        "nature": ["ongoing", "new", "new"],
        "annual_plan": 100.0,
        "ytd_done": [90.0, 0.0, 0.0],
    }
    verdict = ledger_findings(small(**waits))["verdict"]
    assert verdict.zh.startswith("已判定的1个项目没有滞后的；另有2个未判定（缺计划开工日期）；")
    assert verdict.en.startswith(
        "None of the 1 project that could be judged lags; 2 of 3 not judged: no start date; "
    )
    assert verdict.coverage.n_known == 1


def test_an_amount_of_nothing_is_a_plain_zero():
    assert money(0.0) == Text("0", "0")
