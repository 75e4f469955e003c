"""Lights: every threshold of every preset, the gaps they leave, and what a broken file says."""

import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError, DataMissingError, ParameterError
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.funding import bond_use
from faiwatch.ledger.light_measures import group_measures, project_measures
from faiwatch.ledger.light_rules import COLOURS, MEASURES, Semantics, presets, read_preset
from faiwatch.ledger.lights import LIGHTS, compare_lights, light, light_counts
from faiwatch.ledger.standing import Standings, standing
from faiwatch.ledger.starts import finish_on_time_pct, start_rates

AUGUST = pd.Period("2026-08", "M")
PRESETS = presets()
OWN = """
semantics = "progress"
name = { zh = "本区", en = "ours" }
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
    found = compare_lights(
        bond_use(bonds, as_of=AUGUST), [PRESETS["tianjin_bonds"]], subject="bonds"
    )
    assert found.iloc[0].to_list() == [share, points]


def test_a_bond_of_this_month_is_not_behind():
    row = {"project_code": ["甲"], "batch": ["一"], "issued": ["2026-08-20"], "amount": [600.0]}
    bonds = ledger_frame("bonds", pd.DataFrame(row | {"paid": [0.0]}))
    use = bond_use(bonds, as_of=AUGUST)
    found = compare_lights(use, [PRESETS["tianjin_bonds"], PRESETS["yinchuan"]], subject="bonds")
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
    found = compare_lights(measured(*rows, **more), [PRESETS[preset]])
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


@pytest.mark.parametrize(("paid", "colour"), [(300.0, "green"), (299.0, "missing")])
def test_yinchuans_requirement_for_funds_is_not_invented(paid, colour):
    row = {"project_code": ["甲"], "batch": ["一"], "issued": ["2026-05-20"], "amount": [600.0]}
    bonds = ledger_frame("bonds", pd.DataFrame(row | {"paid": [paid]}))
    use = bond_use(bonds, as_of=AUGUST)
    found = compare_lights(use, [PRESETS["yinchuan"]], subject="bonds")
    assert found.loc[0, "yinchuan.funds"] == colour


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
    found = compare_lights(frame, PRESETS.values())
    assert found.columns.to_list() == [
        "ouhai.month", "yinchuan.start", "yinchuan.progress", "yinchuan.library",
    ]  # fmt: skip
    counts = light_counts(found)
    assert counts.sum(axis=1).eq(len(frame)).all()
    red = sum(
        row["started"]
        and not row["is_over"]
        and row["annual_plan_10k"] > 0
        and row["ytd_done_10k"] / row["annual_plan_10k"] < 8 / 12 - 0.3
        for row in frame.to_dict("records")
    )
    assert counts.loc["yinchuan.progress", "red"] == red > 0


def test_colours_that_mean_something_else_are_never_beside_these(tmp_path):
    climate = tmp_path / "climate.toml"
    climate.write_text(OWN.replace('"progress"\nname', '"climate"\nname'), encoding="utf-8")
    frame = measured({})
    with pytest.raises(ParameterError, match="climate"):
        compare_lights(frame, [PRESETS["yinchuan"], read_preset(climate)])


def test_every_colour_has_its_words():
    assert {colour for allowed in COLOURS.values() for colour in allowed} <= set(LIGHTS)
    assert {preset.semantics for preset in PRESETS.values()} == {Semantics.PROGRESS}


def test_a_district_writes_its_own_rules(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    own = presets(tmp_path)["own"]
    frame = measured({"annual_plan": 100.0, "ytd_done": 46.0}).assign(deviation_pp=[-20.0])
    assert compare_lights(frame, [own])["own.own"].to_list() == ["red"]


@pytest.mark.parametrize(
    ("was", "became", "where"),
    [
        ('id = "own"', 'id = "own', "own.toml"),
        ('id = "own"', 'id = "Own"', "own.toml scale[1].id"),
        ('semantics = "progress"', "", "own.toml semantics"),
        ('"progress"\nname', '"colourful"\nname', "own.toml semantics"),
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
