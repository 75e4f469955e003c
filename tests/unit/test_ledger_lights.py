"""Lights: every threshold of every preset, the gaps they leave, and what a broken file says."""

import io

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.light_names import LIGHTS
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.data.light_rules import COLOURS, MEASURES, Semantics, presets, read_preset
from faiwatch.ledger.checks import check_ledger
from faiwatch.ledger.export.workbook import LedgerExport, ledger_workbook
from faiwatch.ledger.findings import ledger_findings
from faiwatch.ledger.funding import bond_use
from faiwatch.ledger.light_board import scale_table
from faiwatch.ledger.light_measures import group_measures, project_measures
from faiwatch.ledger.lights import light, light_with_needs
from faiwatch.ledger.standing import Standings, standing
from faiwatch.ledger.starts import finish_on_time_pct, start_rates
from faiwatch.ledger.study import Published, study_ledger
from faiwatch.ledger.tables.lights import light_boards
from faiwatch.ledger.tables.main import light_table, result_tables

AUGUST = pd.Period("2026-08", "M")
PRESETS = presets()
OWN = """
semantics = "progress"
valid_from = 2026-01-01
valid_to = "none"
name = { zh = "本区", en = "ours" }
scope = { zh = "本区项目", en = "our projects" }
source = { zh = "通知", en = "a notice" }

[[scale]]
id = "own"
subject = "projects"
name = { zh = "进度", en = "progress" }
undefined = { zh = "没有", en = "none" }

[[scale.light]]
colour = "red"
meaning = { zh = "落后", en = "behind" }
when = [{ measure = "deviation_pp", at_most = -20 }]
"""


def of(preset, scale, **measures):
    rules = next(one for one in PRESETS[preset].scale if one.id == scale)
    return light(pd.DataFrame([measures]), rules).item()


def lights_of(frame, chosen, subject="projects"):
    """A column for each scale about the subject, called by its rule book and its own name."""
    return pd.DataFrame(
        {
            f"{book.id}.{scale.id}": light(frame, scale)
            for book in chosen
            for scale in book.scale
            if scale.subject == subject
        }
    )


@pytest.mark.parametrize(
    ("growth", "plan", "average", "colour"),
    [
        (-0.1, -5, -5, "red"),
        (0.0, 0.0, 0.0, "green"),
        (0.0, 0.1, 0.0, "undefined"),
        (5.0, 5.0, 5.0, "green"),
        (5.0, 5.1, 5.0, "yellow"),
        (5.0, 5.0, 5.1, "yellow"),
        (5.0, None, 5.0, "missing"),
        (5.0, None, 5.1, "yellow"),  # below the average, whatever the plan
        (None, 5.0, 5.0, "missing"),
        (-0.1, None, None, "red"),
    ],
)
def test_tianjins_lights_for_growth(growth, plan, average, colour):
    measures = {"ytd_yoy_pct": growth, "plan_growth_pct": plan, "average_growth_pct": average}
    frame = {name: pd.to_numeric(value) for name, value in measures.items()}
    assert of("tianjin_growth", "growth", **frame) == colour


@pytest.mark.parametrize(
    ("paid", "share", "points"),
    [
        (300.0, "green", "green"),
        (299.9, "yellow", "yellow"),
        (210.0, "yellow", "yellow"),  # exactly 30 % of what is expected, 15 points
        (209.9, "red", "yellow"),
        (120.0, "red", "yellow"),  # exactly 30 points
        (119.9, "red", "red"),
        (None, "missing", "missing"),
    ],
)
def test_tianjins_lights_for_bonds_by_both_readings(paid, share, points):
    row = {"project_code": ["甲"], "batch": ["一"], "issued": ["2026-05-20"], "amount": [600.0]}
    bonds = ledger_frame("bonds", pd.DataFrame(row | {"paid": [paid]}))
    found = lights_of(bond_use(bonds, as_of=AUGUST), [PRESETS["tianjin_bonds"]], subject="bonds")
    assert found.iloc[0].to_list() == [share, points]


def test_a_bond_of_this_month_is_not_behind():
    row = {"project_code": ["甲"], "batch": ["一"], "issued": ["2026-08-20"], "amount": [600.0]}
    bonds = ledger_frame("bonds", pd.DataFrame(row | {"paid": [0.0]}))
    use = bond_use(bonds, as_of=AUGUST)
    found = lights_of(use, [PRESETS["tianjin_bonds"], PRESETS["yinchuan"]], subject="bonds")
    assert set(found.iloc[0]) == {"green"}


@pytest.mark.parametrize(
    ("deviation", "colour"),
    [
        (0.0, "green"),
        (-1e-12, "green"),  # binary noise
        (-0.1, "undefined"),
        (-9.9, "undefined"),
        (-10.0, "yellow"),
        (-30.0, "yellow"),
        (-30.1, "red"),
        (float("nan"), "missing"),
    ],
)
def test_yinchuans_light_for_progress(deviation, colour):
    applies = {"started": True, "is_over": False, "annual_plan_10k": 100.0}
    assert of("yinchuan", "progress", deviation_pp=deviation, **applies) == colour


@pytest.mark.parametrize(
    "applies",
    [
        {"started": False, "is_over": False, "annual_plan_10k": 100.0},
        {"started": True, "is_over": True, "annual_plan_10k": 100.0},
        {"started": True, "is_over": False, "annual_plan_10k": 0.0},
    ],
)
def test_what_a_rule_is_not_about_gets_no_light(applies):
    assert of("yinchuan", "progress", deviation_pp=-50.0, **applies) == "not_applicable"


def measured(*rows, month=AUGUST, before=()):
    listed = [
        {"asof": str(asof), "project_code": str(at), "name": "厂"} | row
        for asof, some in ((month, rows), (month - 1, before))
        for at, row in enumerate(some)
    ]
    return project_measures(Standings(ledger_frame("projects", pd.DataFrame(listed))), as_of=month)


def lit(preset, scale, *rows, **more):
    found = lights_of(measured(*rows, **more), [PRESETS[preset]])
    return found[f"{preset}.{scale}"].to_list()


@pytest.mark.parametrize(
    ("planned", "actual", "colour"),
    [
        ("2026-08-31", None, "yellow"),
        ("2026-07-31", None, "undefined"),
        ("2026-06-30", None, "undefined"),
        ("2026-05-31", None, "red"),
        ("2025-05-31", None, "red"),
        ("2026-09-30", None, "not_applicable"),
        ("2026-09-30", "2026-08-01", "green"),
        ("2026-05-01", "2026-05-31", "green"),
        ("2026-05-31", "2026-06-01", "undefined"),
        ("2024-05-31", "2024-06-01", "not_applicable"),
        ("2025-11-30", "2026-02-01", "undefined"),
        (None, None, "not_applicable"),
    ],
)
def test_yinchuans_light_for_starts(planned, actual, colour):
    assert lit("yinchuan", "start", {"planned_start": planned, "actual_start": actual}) == [colour]


@pytest.mark.parametrize(
    ("start", "inside", "colour"),
    [
        ("2026-08-01", False, "undefined"),
        ("2026-07-31", False, "yellow"),
        ("2026-06-01", False, "undefined"),
        ("2026-05-31", False, "red"),
        ("2026-05-31", True, "green"),
        ("2026-05-31", None, "missing"),
        (None, False, "not_applicable"),
    ],
)
def test_yinchuans_light_for_the_statistics_library(start, inside, colour):
    row = {"actual_start": start, "in_stat_library": inside}
    assert lit("yinchuan", "library", row) == [colour]


def test_yinchuans_funds_are_not_those_of_special_bonds():
    scale = next(one for one in PRESETS["yinchuan"].scale if one.id == "funds")
    assert scale.subject == "projects"
    assert {"bonds"} == {one.subject for one in PRESETS["tianjin_bonds"].scale}
    frame = measured({"funds_plan": 100.0, "funds_arrived": 100.0})
    assert light(frame, scale).to_list() == ["missing"]
    assert light_with_needs(frame, scale)[1].to_list() == ["budget_funds_short_10k"]
    paid = frame.assign(budget_funds_short_10k=0.0)
    assert light(paid, scale).to_list() == ["green"]
    late = frame.assign(budget_funds_short_10k=1.0, budget_funds_below_required_10k=[0.0])
    assert light(late, scale).to_list() == ["undefined"]
    assert light(late.assign(budget_funds_below_required_10k=2.0), scale).to_list() == ["red"]


@pytest.mark.parametrize(
    ("row", "start", "library"),
    [
        ({}, "red", "not_applicable"),
        ({"problem": "征地未完成"}, "excused", "not_applicable"),
        ({"problem": "征地", "planned_start": "2026-08-31"}, "excused", "not_applicable"),
        ({"problem": "征地", "planned_start": "2026-07-31"}, "undefined", "not_applicable"),
        ({"problem": "无"}, "red", "not_applicable"),
        ({"problem": "—"}, "red", "not_applicable"),
        ({"remark": "因征地延期"}, "excused", "not_applicable"),
        ({"remark": "基因产业园二期"}, "red", "not_applicable"),
        ({"actual_start": "2026-05-31"}, "green", "red"),
        ({"actual_start": "2026-05-31", "problem": "凭证不全"}, "green", "excused"),
        ({"actual_start": "2026-05-31", "total_investment": 499.0}, "green", "not_applicable"),
        ({"actual_start": "2026-05-31", "category": "房地产"}, "green", "not_applicable"),
    ],
)
def test_a_recorded_reason_excuses_and_the_library_asks_only_for_its_own(row, start, library):
    given = {"planned_start": "2026-05-31", "in_stat_library": False, "actual_start": None} | row
    assert lit("yinchuan", "start", given) == [start]
    assert lit("yinchuan", "library", given) == [library]


@pytest.mark.parametrize(
    ("issue", "colour"),
    [
        ({"cause": "land"}, "excused"),
        ({"cause": ""}, "red"),
        ({"cause": "land", "closed": "2026-07-31"}, "red"),
    ],
)
def test_an_open_issue_with_a_cause_is_a_reason(issue, colour):
    row = {"issue_id": "1", "project_code": "0", "opened": "2026-05-01", "closed": None} | issue
    issues = ledger_frame("issues", pd.DataFrame([row]))
    late = {"asof": "2026-08", "project_code": "0", "name": "厂", "planned_start": "2026-05-31"}
    projects = ledger_frame("projects", pd.DataFrame([late]))
    frame = project_measures(Standings(projects, issues), as_of=AUGUST)
    assert lights_of(frame, [PRESETS["yinchuan"]])["yinchuan.start"].to_list() == [colour]


def board_of(*rows, books, month=AUGUST, targets=None, average=np.nan, growth=5.0):
    listed = [
        {"asof": str(month), "project_code": str(at), "name": f"厂{at}", "file": "f"} | row
        for at, row in enumerate(rows)
    ]
    tables = {"projects": ledger_frame("projects", pd.DataFrame(listed))}
    if targets is not None:
        tables["targets"] = ledger_frame("targets", pd.DataFrame(targets))
    published = Published(np.nan, growth, np.nan, pd.DataFrame(), average)
    return study_ledger(tables, published, [PRESETS[name] for name in books], as_of=month)


PLAN = {"unit": "全区", "year": 2026, "month": None, "metric": "growth", "value": 4.0}
PLAN |= {"value_unit": "percent"}


@pytest.mark.parametrize(
    ("average", "told", "colour"),
    [
        (4.5, None, "green"),
        (5.5, None, "yellow"),
        (np.nan, 4.5, "green"),
        (5.5, 4.5, "yellow"),  # what is given wins
        (np.nan, None, "missing"),
    ],
)
def test_tianjins_green_is_reached_once_the_average_of_the_city_is_given(average, told, colour):
    targets = [PLAN]
    if told is not None:
        of_month = {"metric": "city_average", "month": 8, "value": told}
        targets = [PLAN, PLAN | of_month, PLAN | of_month | {"month": 7, "value": 9.0}]
    study = board_of({}, books=["tianjin_growth"], targets=targets, average=average)
    (found,) = study.board.scales
    assert found.counts[colour] == 1
    boards = {lang: light_boards(study, lang=lang)[0] for lang in ("zh", "en")}
    needs = study.board.missing["needs"].to_list()
    if colour == "missing":
        assert needs == ["average_growth_pct"]
        assert any("未给全市平均增速" in one.means for one in boards["zh"].lights)
        assert any("no city average given" in one.means for one in boards["en"].lights)
        sentence = ledger_findings(study)["detail_lights"]
        assert "未给全市平均增速" in sentence.zh
        assert "no city average given" in sentence.en
    else:
        assert needs == []
        assert "detail_lights" not in ledger_findings(study)


@pytest.mark.parametrize(
    ("month", "level", "colour"),
    [
        ("2021-05", "provincial", "not_applicable"),
        ("2021-06", "provincial", "green"),
        ("2021-09", "provincial", "green"),
        ("2021-10", "provincial", "not_applicable"),
        ("2026-08", "provincial", "not_applicable"),
        ("2021-08", "", "missing"),
        ("2021-08", "city", None),
    ],
)
def test_the_four_rates_judge_one_summer_and_the_projects_of_the_province(month, level, colour):
    row = {"level": level, "funds_plan": 100.0, "funds_arrived": 90.0}
    other = {
        "level": "provincial" if not level else "district",
        "funds_plan": 900.0,
        "funds_arrived": 0.0,
    }
    month = pd.Period(month, "M")
    study = board_of(row, other, books=["four_rates"], month=month)
    funds = next(one for one in study.board.scales if one.scale.id == "funds")
    assert {name: n for name, n in funds.counts.items() if n} == ({colour: 1} if colour else {})
    told = ledger_findings(study)["detail_lights"].zh
    assert ("2021-06-01 至 2021-09-10" in told) == (colour == "not_applicable")
    assert ("未填项目级别" in told) == (level == "")
    assert ("没有填为适用级别的项目" in told) == (level == "city")


def test_projects_of_another_level_get_no_light_and_a_blank_level_is_named(tmp_path):
    text = OWN.replace('valid_to = "none"', 'valid_to = "none"\nlevels = ["city"]')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    rows = [{"level": level, "annual_plan": 100.0, "ytd_done": 1.0} for level in
            ("city", "district", "")]  # fmt: skip
    listed = pd.DataFrame(rows).assign(asof="2026-08", project_code=list("甲乙丙"), name="厂")
    tables = {"projects": ledger_frame("projects", listed)}
    none = Published(np.nan, np.nan, np.nan, pd.DataFrame())
    found = study_ledger(tables, none, [presets(tmp_path)["own"]], as_of=AUGUST).board
    assert found.projects["own.own"].to_list() == ["red", "not_applicable", "missing"]
    assert found.missing[["project_code", "needs"]].to_numpy().tolist() == [["丙", "level"]]


def test_a_rule_book_judges_nothing_before_it_holds():
    row = {"planned_start": "2024-02-29", "annual_plan": 100.0, "ytd_done": 0.0}
    study = board_of(row, books=["yinchuan"], month=pd.Period("2024-08", "M"))
    assert set(study.board.projects.drop(columns="project_code").iloc[0]) == {"not_applicable"}
    red = ledger_findings(study)["red_lights"]
    assert red.state == "missing"
    assert study.board.red is None
    assert not scale_table(study.board)["holds"].any()


def test_no_red_light_is_counted_where_every_light_lacks_a_figure():
    study = board_of({"planned_start": "2026-05-31"}, books=["yinchuan"])
    assert ledger_findings(study)["red_lights"].value == 1.0
    book = PRESETS["yinchuan"]
    funds = book.model_copy(update={"scale": tuple(s for s in book.scale if s.id == "funds")})
    rows = pd.DataFrame([{"asof": "2026-08", "project_code": "甲", "name": "厂"}])
    tables = {"projects": ledger_frame("projects", rows)}
    none = Published(np.nan, np.nan, np.nan, pd.DataFrame())
    found = study_ledger(tables, none, [funds], as_of=AUGUST)
    assert ledger_findings(found)["red_lights"].state == "missing"


def test_what_a_light_lacks_stands_beside_the_project_in_every_output():
    rows = [
        {"planned_start": "2026-05-31", "actual_start": "2026-05-31", "annual_plan": 100.0},
        {"planned_start": "2026-05-31", "annual_plan": 100.0, "ytd_done": 0.0},
    ]
    study = board_of(*rows, books=["yinchuan"])
    lacking = study.board.missing.set_index(["light", "project_code"])["needs"]
    assert lacking["yinchuan.library", "0"] == "in_stat_library"
    assert lacking["yinchuan.progress", "0"] == "deviation_pp"
    tables_found = result_tables(study, pd.DataFrame())
    assert tables_found["lights_missing"].equals(study.board.missing)
    shown = light_table(study, lang="zh")
    assert "yinchuan.funds" not in shown.frame
    assert "台账没有中央、市本级预算资金" in shown.note.zh
    assert "central and city budget funds" in shown.note.en
    book = load_workbook(io.BytesIO(export_of(study)))
    sheet = [[cell.value for cell in row] for row in book["亮灯"].iter_rows()]
    needs = [row for row in sheet if any("是否入库" in str(cell) for cell in row)]
    assert len(needs) == 1
    rules = [[cell.value for cell in row] for row in book["亮灯规则"].iter_rows()]
    (funds,) = [row for row in rules if "银川 2025·资金" in row]
    assert any("台账没有中央、市本级预算资金" in str(cell) for cell in funds)


def export_of(study):
    export = LedgerExport(study, ledger_findings(study), check_ledger(study.tables), "f", False)
    return ledger_workbook(export, lang="zh")


@pytest.mark.parametrize(
    ("done", "done_before", "colour"),
    [(80.0, 70.0, "green"), (79.9, 70.0, "red"), (80.0, 69.9, "yellow"), (80.0, None, "missing")],
)
def test_ouhais_three_colours(done, done_before, colour):
    year = {"planned_start": "2026-01-31", "planned_finish": "2026-12-31", "annual_plan": 120.0}
    year |= {"actual_start": "2026-01-31"}  # else a blank is zero by rule
    found = lit("ouhai", "month", year | {"ytd_done": done}, before=[year | {"ytd_done":
                done_before}])  # fmt: skip
    assert found == [colour]
    assert lit("ouhai", "month", year | {"ytd_done": 80.0}, before=[]) == ["green"]


@pytest.mark.parametrize(
    ("scale", "measure", "mark"),
    [
        ("start_planned", "start_rate_planned_pct", 90.0),
        ("start_due", "start_rate_due_pct", 90.0),
        ("investment", "done_pct", 80.0),
        ("funds", "funds_rate_pct", 80.0),
        ("finish", "finish_on_time_pct", 100.0),
    ],
)
def test_the_four_rates_have_a_pass_mark_and_nothing_below_it(scale, measure, mark):
    assert of("four_rates", scale, month=9, **{measure: mark}) == "green"
    assert of("four_rates", scale, month=9, **{measure: mark - 0.1}) == "undefined"


def test_investment_is_asked_for_from_september():
    assert of("four_rates", "investment", month=8, done_pct=90.0) == "not_applicable"


def test_every_measure_that_rules_may_ask_for_is_there(demo_ledger):
    tables = demo_ledger.settled()
    now = standing(tables["projects"], as_of=AUGUST)
    frames = {
        "projects": project_measures(Standings(tables["projects"], tables["issues"]), as_of=AUGUST),
        "groups": group_measures(now, tables["projects"], ["unit"], as_of=AUGUST),
        "bonds": bond_use(tables["bonds"], as_of=AUGUST),
    }
    for subject, frame in frames.items():
        assert set(MEASURES[subject]) <= set(frame.columns)
    assert len(frames["groups"]) == now["unit"].nunique()


def test_rule_books_are_compared_on_one_ledger_in_one_table(demo_ledger):
    tables = demo_ledger.settled()
    frame = project_measures(Standings(tables["projects"], tables["issues"]), as_of=AUGUST)
    found = lights_of(frame, PRESETS.values())
    assert found.columns.to_list() == [
        "ouhai.month", "yinchuan.start", "yinchuan.progress", "yinchuan.funds", "yinchuan.library",
    ]  # fmt: skip
    counts = found.apply(pd.Series.value_counts).T.fillna(0)
    assert counts.sum(axis=1).eq(len(frame)).all()
    red = sum(
        row["started"]
        and not row["is_over"]
        and row["annual_plan_10k"] > 0
        and row["ytd_done_10k"] / row["annual_plan_10k"] < 8 / 12 - 0.3
        for row in frame.to_dict("records")
    )
    assert counts.loc["yinchuan.progress", "red"] == red > 0


def test_every_colour_has_its_words():
    assert {colour for allowed in COLOURS.values() for colour in allowed} <= set(LIGHTS)
    assert {preset.semantics for preset in PRESETS.values()} == {Semantics.PROGRESS}


def test_a_district_writes_its_own_rules(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    own = presets(tmp_path)["own"]
    frame = measured({"annual_plan": 100.0, "ytd_done": 46.0}).assign(deviation_pp=[-20.0])
    assert lights_of(frame, [own])["own.own"].to_list() == ["red"]


@pytest.mark.parametrize(
    ("was", "became", "where"),
    [
        ('id = "own"', 'id = "own', "own.toml"),
        ('id = "own"', 'id = "Own"', "own.toml scale[1].id"),
        ('semantics = "progress"', "", "own.toml semantics"),
        ('"progress"\nvalid', '"colourful"\nvalid', "own.toml semantics"),
        ("valid_from = 2026-01-01\n", "", "own.toml valid_from"),
        ("valid_from = 2026-01-01", 'valid_from = "2026"', "own.toml valid_from"),
        ('valid_to = "none"', "", "own.toml valid_to"),
        ('valid_to = "none"', 'valid_to = "soon"', "own.toml valid_to"),
        ('valid_to = "none"', "valid_to = 2025-12-31", "own.toml"),
        ('valid_to = "none"', 'valid_to = "none"\nlevels = ["town"]', "own.toml levels[1]"),
        ('scope = { zh = "本区项目", en = "our projects" }', "", "own.toml scope"),
        ('zh = "本区项目"', 'zh = " "', "own.toml scope"),
        ('zh = "落后", en', 'zh = " ", en', "own.toml scale[1].light[1].meaning"),
        ('zh = "落后", ', "", "own.toml scale[1].light[1].meaning.zh"),
        ('colour = "red"', 'colour = "purple"', "own.toml scale[1].light[1].colour"),
        ('subject = "projects"', 'subject = "roads"', "own.toml scale[1].subject"),
        ("at_most = -20", "at_most = true", "own.toml scale[1].light[1].when[1].at_most"),
        ("at_most = -20", "least = -20", "own.toml scale[1].light[1].when[1].least"),
        (", at_most = -20", "", "own.toml scale[1].light[1].when[1]"),
        ("at_most = -20", "at_most = -20, above = 0", "own.toml scale[1].light[1].when[1]"),
        ("at_most = -20", "is = true", "own.toml scale[1].light[1].when[1].measure"),
        ("at_most = -20", 'at_most = "gap_pp"', "own.toml scale[1].light[1].when[1].at_most"),
        ('"deviation_pp"', '"deviation_p"', "own.toml scale[1].light[1].when[1].measure"),
        ("when = [{ measure", "when = []\nx = [{ measure", "own.toml scale[1].light[1].when"),
        ("[[scale]]", OWN[OWN.index("[[scale]]") :] + "[[scale]]", "own.toml scale[2].id"),
    ],
)
def test_a_broken_file_names_file_rule_and_key(tmp_path, was, became, where):
    assert was in OWN
    (tmp_path / "own.toml").write_text(OWN.replace(was, became, 1), encoding="utf-8")
    with pytest.raises(DataInvalidError) as caught:
        presets(tmp_path)
    assert caught.value.parts["where"] == where
    assert "文件" in caught.value.message("zh")


def test_a_misspelt_measure_is_answered_with_the_nearest_one(tmp_path):
    (tmp_path / "own.toml").write_text(OWN.replace("deviation_pp", "deviaton_pp"), "utf-8")
    with pytest.raises(DataInvalidError, match="deviation_pp"):
        presets(tmp_path)


def test_files_that_cannot_be_read_are_told_as_such(tmp_path):
    with pytest.raises(DataMissingError, match=r"own\.toml"):
        read_preset(tmp_path / "own.toml")
    (tmp_path / "own.toml").write_bytes(OWN.encode("gb18030"))
    with pytest.raises(DataInvalidError, match="UTF-8"):
        read_preset(tmp_path / "own.toml")


def test_rates_of_groups_are_those_of_loops_over_the_rows(demo_ledger):
    projects = demo_ledger.settled()["projects"]
    now = standing(projects, as_of=AUGUST)
    rows = projects[projects["asof"] == AUGUST].to_dict("records")
    found = group_measures(now, projects, ["unit"], as_of=AUGUST).set_index("unit")
    for unit, row in found.iterrows():
        funded = [one for one in rows if one["unit"] == unit and one["funds_plan"] > 0]
        plan = sum(one["funds_plan"] for one in funded)
        arrived = sum(one["funds_arrived"] for one in funded)
        assert row["funds_rate_pct"] == pytest.approx(100 * arrived / plan)
        starts = start_rates(now[now["unit"] == unit], as_of=AUGUST)
        rates = [starts.rate_planned_pct, starts.rate_due_pct]
        rates.append(finish_on_time_pct(now[now["unit"] == unit], as_of=AUGUST))
        names = ["start_rate_planned_pct", "start_rate_due_pct", "finish_on_time_pct"]
        assert row[names].to_list() == pytest.approx(rates, nan_ok=True)
    whole = group_measures(now, projects, as_of=AUGUST).iloc[0]
    assert whole["n"] == len(now)
    assert whole["start_rate_due_pct"] == start_rates(now, as_of=AUGUST).rate_due_pct


def test_money_that_nobody_planned_is_in_no_rate_of_funds():
    rows = [{"funds_plan": 100.0, "funds_arrived": 40.0}, {"funds_plan": 0.0, "funds_arrived": 9.0}]
    listed = [
        {"asof": "2026-08", "project_code": str(at), "name": "厂"} | row
        for at, row in enumerate(rows)
    ]
    projects = ledger_frame("projects", pd.DataFrame(listed))
    now = standing(projects, as_of=AUGUST)
    assert group_measures(now, projects, as_of=AUGUST).loc[0, "funds_rate_pct"] == 40.0
