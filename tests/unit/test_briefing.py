"""What a briefing does when an input is gone, changed, or at odds with another."""

import json
import re
import shutil
from dataclasses import replace
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from material import sharing

from faiwatch.api import open_page
from faiwatch.briefing.build import changes_since, fill_briefing, findings_of, material_of
from faiwatch.briefing.changes import changed_sentences, saved_sentences, sentences_of
from faiwatch.briefing.contradictions import contradictions, parts_above_whole, run_counts
from faiwatch.briefing.filling import Material
from faiwatch.briefing.plain import briefing_text, slots_json
from faiwatch.briefing.series import series_findings
from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.provenance import Basis, What
from faiwatch.core.text import LANGUAGES, Text
from faiwatch.forecast import cached

MONTH = pd.Period("2026-08", "M")
RENEWAL_COUNTS = {"n_slow", "n_no_funds", "n_exit"}
STARTS = {"n_starts_planned", "n_started", "start_rate"}
KEY_SUMS = {"key_done_rate", "key_pace_gap"}
BLOCKED_AND_RENEWAL = {"n_factor_blocked", *RENEWAL_COUNTS}
REGISTER = {"n_issues_open", "n_issues_closed", "close_rate", "n_issues_overdue"}
REQUIRED = {"required_total", "required_per_month", "required_growth"}
TARGET = {"target_growth", "target_gap", *REQUIRED, "target_chance"}
CHANCES = {"target_chance", "next_negative_chance", "year_negative_chance"}
SIGNED = {"signed_count", "signed_investment", "performed_count", "signed_not_started"}
EVENT_TYPES = ("interview", "site_review", "meeting", "inspection", "visit", "task_force")
EVENT_TYPES += ("document", "forward", "training", "promotion", "other", "planning", "signing")
EVENT_TYPES += ("push_meeting", "special_meeting")
EVENTS = {"event_interview", "event_site_review", "event_meeting", "event_inspection", "n_events"}
EVENTS |= {f"n_event_{kind}" for kind in EVENT_TYPES}
EVENTS |= {"n_meetings", "meeting_after_review", "n_events_planned"}
HELD_UP = {"n_not_started", "n_going_slow"}
MATCH = {"match_needed", "match_paid", "match_rate", "n_match_short"}
ENDED = {"n_completed", "completed_loss", "n_cross_finished"}
SCOPES = ("all", "national", "provincial", "district", "unlevelled")
LEVELS = {f"{kind}_{scope}" for kind in ("n", "plan", "done") for scope in SCOPES}
BLOCKED = {"n_factor_blocked", "n_factor_blocked_all"}
RUN = {"negative_run_length", "negative_run_releases"}
ALL_POINTS = {
    f"{name}_pp"
    for name in (
        *("primary", "secondary", "tertiary", "infrastructure", "manufacturing"),
        *("real_estate_development", "private", "excluding_real_estate"),
    )
}
REST = {"excluding_real_estate_yoy", "excluding_real_estate_pp"}


def missing(slots):
    """Return what cannot be told; the day of the report is given by nobody here."""
    return {slot.id for slot in slots.values() if slot.is_open} - {"report_date"}


def with_ledger(material, **tables):
    """Return the material with other tables; None takes one away."""
    kept = {**material.ledger, **tables}
    made = replace(material, ledger={name: one for name, one in kept.items() if one is not None})
    return sharing(material, made)


def with_cells(material, table, chosen, **values):
    frame = material.ledger[table].copy()
    for field, value in values.items():
        frame.loc[chosen(frame), field] = value
    return with_ledger(material, **{table: frame})


def with_figure(material, indicator, month, column, value):
    figures = material.page.figures.copy()
    row = (figures["indicator"] == indicator) & (figures["period"] == month)
    figures.loc[row & (figures["region_code"] == "990101"), column] = value
    known = replace(material.page.known, figures=figures)
    return sharing(material, replace(material, page=replace(material.page, known=known)))


def of_month(frame):
    return frame["asof"] == MONTH


def of_every_row(frame):
    return frame.index >= 0


def first_key_project(frame):
    """Choose a key project that no count of a status can see: on time, not of renewal."""
    key = of_month(frame) & (frame["level"] == "city") & (frame["status"] == "completed")
    return frame.index == frame.index[key & (frame["category"] != "棚改")][0]


TABLES = {
    "projects": RENEWAL_COUNTS
    | KEY_SUMS
    | STARTS
    | LEVELS
    | BLOCKED
    | HELD_UP
    | MATCH
    | ENDED
    | {"n_units_behind"}
    | {"n_key_projects", "annual_plan", "key_done", "n_renewal"},
    "issues": REGISTER | RENEWAL_COUNTS | BLOCKED | HELD_UP,
    "contracts": SIGNED,
    "events": EVENTS,
    "targets": TARGET
    | {"n_target_units", "n_month_targets", "n_units_behind", "month_target", "month_gap"},
    "tasks": {"n_tasks", "n_tasks_done", "n_tasks_overdue"},
    "minutes": {"n_joint_meetings", "n_decisions", "n_decisions_done", "n_decisions_overdue"},
    "notices": {"notice", "addressee", "issuer"},
    "leads": {"n_leads", "n_led", "lead_visits", "lead_solved", "n_leads_reported"},
    "pipeline": {"n_pipeline", "pipeline_investment", "n_pipeline_ready", "n_pipeline_next"},
    "parks": {"n_parks", "n_parks_behind"},
    "measures": {"n_measures_in_force", "n_measures_drafting"},
}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_taken_away_opens_exactly_its_slots(demo_material, table):
    slots = findings_of(with_ledger(demo_material, **{table: None}))
    assert missing(slots) == TABLES[table]
    for id in TABLES[table]:
        assert all(slots[id].missing.in_language(lang) for lang in LANGUAGES)


FIGURES = {
    ("total", "2026-08", "ytd_value_100m"): {"ytd_value", "block_yoy", *ALL_POINTS, *REQUIRED}
    | {"excluding_real_estate_yoy", "month_gap"},
    ("total", "2026-07", "ytd_yoy_pct"): {"ytd_before", "ytd_change", "block_yoy"},
    ("total", "2026-07", "ytd_value_100m"): {"block_yoy"},
    ("total", "2025-12", "ytd_value_100m"): REQUIRED,
    ("total", "2023-12", "ytd_yoy_pct"): {"avg_annual_growth"},
    ("private", "2026-08", "ytd_yoy_pct"): {"private_yoy", "private_pp"},
    ("manufacturing", "2026-08", "ytd_value_100m"): {"manufacturing_pp"},
    ("real_estate_development", "2026-08", "ytd_value_100m"): {
        "real_estate_development_pp",
        *REST,
    },
}


@pytest.fixture
def looks_back_once(monkeypatch):
    """Look back at one release, not at all: it takes seconds for each series that was changed."""
    monkeypatch.setattr(cached, "MOST_ORIGINS", 1)


@pytest.mark.parametrize("figure", FIGURES, ids="-".join)
@pytest.mark.usefixtures("looks_back_once")
def test_a_figure_taken_away_opens_exactly_its_slots(demo_material, figure):
    indicator, month, column = figure
    material = with_figure(demo_material, indicator, pd.Period(month, "M"), column, np.nan)
    assert missing(findings_of(material)) == FIGURES[figure]


@pytest.mark.usefixtures("looks_back_once")
def test_without_growth_of_the_month_nothing_older_stands_in_for_it(demo_material):
    material = with_figure(demo_material, "total", MONTH, "ytd_yoy_pct", np.nan)
    slots = findings_of(material)
    assert {"ytd_yoy", "ytd_change", "block_yoy", *RUN, *TARGET, *CHANCES} <= missing(slots)
    assert slots["ytd_yoy"].missing.zh == "演示区2026年8月的累计增速：本库尚未收录"


COLUMNS = {
    ("projects", "level"): {"n_key_projects", "annual_plan", "key_done", *KEY_SUMS}
    | {"n_factor_blocked", *STARTS},
    ("projects", "category"): {"n_renewal", *RENEWAL_COUNTS},
    ("contracts", "amount"): {"signed_investment"},
}


@pytest.mark.parametrize("column", COLUMNS, ids="-".join)
def test_a_column_taken_away_opens_exactly_its_slots(demo_material, column):
    table, field = column
    blank = np.nan if field == "amount" else ""
    values = {field: blank} | ({"name": "某项目"} if field == "category" else {})
    slots = findings_of(with_cells(demo_material, table, of_every_row, **values))
    assert missing(slots) == COLUMNS[column]


def test_one_blank_cell_leaves_a_sum_that_says_how_many_it_is_over(demo_material):
    material = with_cells(demo_material, "projects", first_key_project, annual_plan=np.nan)
    briefing = fill_briefing(material)
    slots = briefing.findings
    assert not missing(slots)
    partial = {slot.id for slot in slots.values() if slot.state == "partial"}
    assert partial == {"annual_plan", "key_done", *KEY_SUMS, "plan_all", "done_all"}
    n = slots["n_key_projects"].value
    for lang, words in {
        "zh": f"{n}个项目中{n - 1}个有数",
        "en": f"{n - 1} of {n} projects",
    }.items():
        assert words in briefing_text(briefing, lang)


def test_many_blank_cells_open_their_sum_and_are_named(demo_material):
    def chosen(frame):
        return of_month(frame) & (frame["level"] == "city") & (frame["unit"] != "")

    material = with_cells(demo_material, "projects", chosen, annual_plan=np.nan)
    briefing = fill_briefing(material)
    slots = briefing.findings
    of_all = {"plan_all", "done_all", "n_factor_blocked_all"}
    assert missing(slots) == {
        "annual_plan",
        "key_done",
        *KEY_SUMS,
        *BLOCKED_AND_RENEWAL,
        *HELD_UP,
        *of_all,
    }
    frame = demo_material.ledger["projects"]
    row = frame[chosen(frame)].iloc[0]
    letters = demo_material.columns[row["sheet"], "annual_plan"]
    assert f"{letters}{row['row']}" in slots["annual_plan"].missing.zh
    text = briefing_text(briefing, "zh")
    assert "年度计划投资待补亿元" in text
    assert f"{letters}{row['row']}" in text


def test_a_table_of_later_months_alone_is_no_zero(demo_material):
    def later(frame):
        return frame.assign(asof=MONTH + 1)

    material = with_ledger(demo_material, contracts=later(demo_material.ledger["contracts"]))
    slots = findings_of(material)
    assert missing(slots) == SIGNED
    assert "2026年8月" in slots["signed_count"].missing.zh


def test_no_contract_signed_in_the_window_is_a_zero(demo_material):
    old = demo_material.ledger["contracts"].assign(signed=pd.Timestamp("2025-03-01"))
    slots = findings_of(with_ledger(demo_material, contracts=old))
    assert (slots["signed_count"].value, slots["signed_investment"].value) == (0, 0)


def test_where_nothing_is_held_up_or_overdue_no_problem_is_claimed(demo_material):
    issues = demo_material.ledger["issues"]
    closed = issues.assign(closed=issues["closed"].fillna(pd.Timestamp("2026-08-31")))
    briefing = fill_briefing(with_ledger(demo_material, issues=closed))
    for lang, claims in {
        "zh": ("还有短板", "还不够及时"),
        "en": ("are still short", "are not settled"),
    }.items():
        told = sentences_of(briefing, lang)
        assert not [id for id in ("blocked", "overdue") if any(one in told[id] for one in claims)]
        assert "0" in told["blocked"]
        assert "0" in told["overdue"]


def test_without_renewal_projects_their_paragraph_is_left_out_and_the_points_stay_in_order(
    demo_material, demo_briefing
):
    projects = demo_material.ledger["projects"]
    others = projects.assign(
        category=projects["category"].replace("棚改", "基础设施"),
        name=projects["name"].str.replace("棚户区", "片区"),
    )
    assert not others["category"].eq("棚改").any()
    briefing = fill_briefing(with_ledger(demo_material, projects=others))
    firsts = {
        "zh": ["一是投资", "二是要素", "三是问题"],
        "en": ["First, ", "Second, land", "Third, issues"],
    }
    for lang, beginnings in firsts.items():
        told = sentences_of(briefing, lang)
        points = [told[id] for id in ("pressure", "blocked", "overdue")]
        assert "renewal" not in told
        assert all(map(str.startswith, points, beginnings)), points
    assert sentences_of(demo_briefing, "zh")["overdue"].startswith("四是")


def test_renewal_is_sought_in_the_name_too_and_the_cell_is_named(demo_material, demo_briefing):
    def chosen(frame):
        is_key = of_month(frame) & (frame["level"] == "city") & ~frame["category"].eq("棚改")
        return frame.index == frame.index[is_key & ~frame["name"].str.contains("棚")][0]

    renamed = with_cells(demo_material, "projects", chosen, name="城东棚户区改造二期")
    slot = findings_of(renamed)["n_renewal"]
    assert slot.value == demo_briefing.findings["n_renewal"].value + 1
    assert "城东棚户区改造二期" in {one.value for one in slot.inputs if one.column == "name"}


def test_projects_of_every_level_are_told_and_come_to_all(demo_material, demo_briefing):
    slots = demo_briefing.findings
    parts = [slots[f"n_{scope}"].value for scope in SCOPES[1:]]
    assert slots["n_all"].value == sum(parts) + slots["n_key_projects"].value
    rows = demo_material.ledger["projects"]
    rows = rows[of_month(rows)].drop_duplicates("project_code")
    for level in ("provincial", "district"):
        own = rows[rows["level"] == level]
        assert slots[f"n_{level}"].value == len(own) > 0
        assert slots[f"plan_{level}"].value == pytest.approx(own["annual_plan"].sum() / 1e4)
        assert f"{len(own)}个" in sentences_of(demo_briefing, "zh")[level]
    assert slots["n_factor_blocked_all"].value >= slots["n_factor_blocked"].value


def changed(before, after):
    old, new = sentences_of(before, "zh"), sentences_of(after, "zh")
    assert list(old) == list(new)
    assert {id for id in old if old[id] != new[id]} == {
        one.id for one in changed_sentences(after, old, "zh")
    }
    return {id for id in old if old[id] != new[id]}


def showing(briefing, slots):
    shown = {one.id: set(one.slots) for one in briefing.document("zh").sentences}
    return {id for id, held in shown.items() if held & slots}


CELLS = {
    "plan": ("projects", first_key_project, {"annual_plan": 90_000.0}, {"key", "pace", "all"}),
    "done": ("projects", first_key_project, {"ytd_done": 90_000.0}, {"key", "pace", "all"}),
    "level": ("projects", first_key_project, {"level": "district"}, {"key", "pace", "district"}),
    "amount": (
        "contracts",
        lambda frame: frame["id"] == "演示-H002",
        {"amount": 990_000.0},
        {"signed"},
    ),
    "day": (
        "events",
        lambda frame: frame["type"] == "interview",
        {"date": pd.Timestamp("2026-08-20")},
        {"interview"},
    ),
    "target": (
        "targets",
        lambda frame: frame["metric"] == "growth",
        {"value": 5.0},
        {"goal", "required"},
    ),
}


@pytest.mark.parametrize("cell", CELLS)
def test_one_changed_cell_changes_exactly_the_sentences_that_rest_on_it(
    demo_material, demo_briefing, cell
):
    table, chosen, values, expected = CELLS[cell]
    material = with_cells(demo_material, table, chosen, **values)
    after = fill_briefing(material, languages=["zh"])
    told = {id: (slot.value, slot.forms) for id, slot in demo_briefing.findings.items()}
    moved = {id for id, slot in after.findings.items() if (slot.value, slot.forms) != told[id]}
    assert changed(demo_briefing, after) == expected
    assert expected <= showing(after, moved)
    rows = demo_material.ledger[table][chosen(demo_material.ledger[table])]
    address = (str(rows["sheet"].iloc[0]), int(rows["row"].iloc[0]))
    for id in moved:
        inputs = demo_briefing.findings[id].inputs + after.findings[id].inputs
        assert address in {(one.sheet, one.row) for one in inputs}, id


@pytest.mark.usefixtures("looks_back_once")
def test_one_changed_figure_changes_exactly_the_sentences_that_rest_on_it(
    demo_material, demo_briefing
):
    material = with_figure(demo_material, "private", MONTH, "ytd_yoy_pct", -3.0)
    assert changed(demo_briefing, fill_briefing(material, languages=["zh"])) == {"private"}
    material = with_figure(demo_material, "total", MONTH - 1, "ytd_yoy_pct", -8.9)
    after = fill_briefing(material, languages=["zh"])
    moved = {
        id for id in after.findings if after.findings[id].value != demo_briefing.findings[id].value
    }
    row = next(
        one
        for one in demo_briefing.findings["ytd_change"].inputs
        if one.period == "2026-07" and one.column == "ytd_yoy_pct"
    )
    assert {"level", "block"} <= changed(demo_briefing, after) <= showing(after, moved)
    assert all(row in demo_briefing.findings[id].inputs for id in moved)


def test_a_changed_cell_of_the_real_workbook_reaches_the_text(tmp_path, project, demo_briefing):
    row = demo_briefing.findings["annual_plan"].inputs[0]
    with (
        ZipFile(project / "data/demo/ledger.xlsx") as old,
        ZipFile(tmp_path / "own.xlsx", "w") as book,
    ):
        sheets = re.findall('<sheet name="(.+?)"', old.read("xl/workbook.xml").decode())
        for name in old.namelist():
            content = old.read(name).decode()
            if name == f"xl/worksheets/sheet{sheets.index(row.sheet) + 1}.xml":
                cell = f'<c r="{row.cell}"><v>'
                was, now = f"{cell}{row.value:.0f}<", f"{cell}{row.value + 100_000:.0f}<"
                assert was in content
                content = content.replace(was, now)
            book.writestr(name, content)
    own = shutil.copy(project / "data/demo/district.csv", tmp_path / "own.csv")
    values = {"region": "990101", "data": str(own), "ledger": str(tmp_path / "own.xlsx")}
    after = fill_briefing(material_of(open_page("08_briefing", values)), languages=["zh"])
    gained = after.findings["annual_plan"].value - demo_briefing.findings["annual_plan"].value
    assert gained == pytest.approx(10.0)
    assert changed(demo_briefing, after) == {"key", "pace", "all"}


def test_both_conventions_are_printed_where_a_definition_is_contested(demo_briefing):
    text = briefing_text(demo_briefing, "zh")
    for words in (
        "累计口径已连续11个月负增长（10次发布",
        "当月口径已连续14个月负增长（13次发布",
        "增速比上年同期（1.6%）回落9.0个百分点",
        "以2021年为首个增长年（5年平均）为4.4%",
        "以2021年为基年（4年平均）为3.3%",
        "允许一个项目计入多类时分别为",
        "按项目计",
        "签约不等于履约",
    ):
        assert words in text, words


def hand_made(id, value):
    words = Text(str(value), str(value))
    return Basis("2026-08", "2026-08", ()).finding(id, value, What(words, "projects", ""), words)


def test_parts_above_their_whole_are_a_contradiction(demo_briefing):
    counts = {"n_slow": 5, "n_no_funds": 4, "n_exit": 4}
    slots = dict(demo_briefing.findings) | {id: hand_made(id, n) for id, n in counts.items()}
    assert [one.id for one in parts_above_whole(slots)] == ["parts_above_whole"]
    slots["n_exit"] = hand_made("n_exit", 3)
    assert list(parts_above_whole(slots)) == []


def test_a_run_that_counting_back_does_not_give_is_a_contradiction(demo_material, demo_briefing):
    assert list(run_counts(demo_material, demo_briefing.findings)) == []
    wrong = hand_made("negative_run_length", 10)
    slots = dict(demo_briefing.findings) | {"negative_run_length": wrong}
    assert [one.id for one in run_counts(demo_material, slots)] == ["run_counts"]


@pytest.mark.usefixtures("looks_back_once")
def test_a_run_after_a_month_that_is_not_held_is_at_least_so_long(demo_material):
    june = pd.Period("2026-06", "M")
    slots = findings_of(with_figure(demo_material, "total", june, "ytd_yoy_pct", np.nan))
    assert [slots[name].text for name in sorted(RUN)] == [Text("至少2", "at least 2")] * 2
    assert "至少连续2个月" in slots["negative_run_length"].forms["phrase"].zh
    assert "July 2026 or earlier" in slots["negative_run_length"].forms["phrase"].en


def twice(material, **values):
    frame = material.ledger["projects"]
    copied = frame[first_key_project(frame)].assign(row=999, **values)
    return with_ledger(material, projects=pd.concat([frame, copied], ignore_index=True))


def test_one_project_told_twice_blocks_the_briefing_and_names_both_cells(demo_material):
    briefing = fill_briefing(twice(demo_material, annual_plan=1.0))
    assert [one.id for one in briefing.blocked] == ["repeated_figures"]
    assert briefing.documents == {}
    with pytest.raises(DataInvalidError) as refused:
        briefing_text(briefing, "zh")
    assert refused.value.exit_code == 11
    assert "999" in refused.value.message("zh")
    assert slots_json(briefing, "en")["blocked"][0]["where"][-1].endswith("999")


def test_the_same_row_twice_counts_once(demo_material, demo_briefing):
    briefing = fill_briefing(twice(demo_material))
    assert briefing.blocked == ()
    assert briefing.findings["annual_plan"].value == demo_briefing.findings["annual_plan"].value


@pytest.mark.usefixtures("looks_back_once")
@pytest.mark.parametrize(
    ("indicator", "value"), [("private", 900.0), ("tertiary", 110.0)], ids=["part", "sectors"]
)
def test_parts_above_the_published_total_block_the_briefing(demo_material, indicator, value):
    material = with_figure(demo_material, indicator, MONTH, "ytd_value_100m", value)
    found = contradictions(material, findings_of(material))
    assert {one.id for one in found} == {"parts_above_total"}
    assert any(row.period == "2026-08" and row.value == value for row in found[0].inputs)


def test_two_targets_for_one_year_block_the_briefing(demo_material):
    asked = demo_material.parameters.model_copy(update={"target_growth_pct": "5"})
    briefing = fill_briefing(sharing(demo_material, replace(demo_material, parameters=asked)))
    assert [one.id for one in briefing.blocked] == ["two_targets"]
    assert "3.0" in briefing.blocked[0].what.en


def test_what_changed_since_the_release_before_is_told_sentence_by_sentence(
    demo_material, demo_briefing, tmp_path
):
    found = changes_since(demo_material, demo_briefing, "zh")
    level = next(one for one in found if one.id == "level")
    assert level.kind == "changed"
    assert "1—7月" in level.before
    assert "1—8月" in level.now
    assert "timetable" not in {one.id for one in found}
    saved = tmp_path / "briefing.json"
    saved.write_text(json.dumps(slots_json(demo_briefing, "zh")), encoding="utf-8")
    assert changed_sentences(demo_briefing, saved_sentences(saved, "zh"), "zh") == ()
    with pytest.raises(DataInvalidError, match="zh"):
        saved_sentences(saved, "en")
    with pytest.raises(DataMissingError):
        saved_sentences(tmp_path / "none.json", "zh")


def test_new_and_gone_sentences_are_told_apart(demo_briefing):
    before = {"gone": "It was."} | sentences_of(demo_briefing, "en")
    del before["level"]
    kinds = {one.id: one.kind for one in changed_sentences(demo_briefing, before, "en")}
    assert kinds == {"level": "new", "gone": "gone"}


@pytest.mark.parametrize("region", ["000000", "610000"])
def test_without_a_ledger_it_is_a_short_note_with_nothing_open(region):
    page = open_page("08_briefing", {"region": region})
    briefing = fill_briefing(material_of(page), languages=["zh"])
    assert briefing.blocked == ()
    assert briefing.open_findings == ()
    text = briefing_text(briefing, "zh")
    assert "同比下降" in text
    assert "负增长概率" in text
    assert "项目" not in text


def test_no_release_of_the_nation_contradicts_itself():
    page = open_page("08_briefing", {})
    total = page.figures.query("region_code == '000000' and indicator == 'total'")
    for month in total["period"].tail(24):
        figures = page.figures[page.figures["period"] <= month]
        at = replace(page, known=replace(page.known, as_of=str(month), figures=figures))
        material = Material(at, page.parameters, {}, {})
        slots = {one.id: one for one in series_findings(material)}
        assert list(run_counts(material, slots)) == [], month
