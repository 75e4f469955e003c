"""Alerts speak once when something begins, to those whom it concerns."""

import pytest

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.finding import Finding, InputRow
from faiwatch.core.text import Text
from faiwatch.run.alert_rules import alert_rules
from faiwatch.run.alerts import Seen, alerts_of
from faiwatch.run.notify import message_of
from faiwatch.site.run_record import RunRecord

RULES = {rule.id: rule for rule in alert_rules().rule}


def record(notebook="02_monitor", verdict="ok", **values):
    values = {"parameters": {}} | values
    return RunRecord(
        run_id="r",
        notebook=notebook,
        region="610000",
        as_of="latest",
        lang="zh",
        verdict=verdict,
        code_version="1",
        seeds={},
        threads={},
        versions={},
        started="2026-09-20T08:00:00+00:00",
        seconds=1.0,
        **values,
    )


def finding(id, value, state="ok"):
    words = {"zh": f"{id}为{value}", "en": f"{id} is {value}"}
    return Finding(
        id=id, value=value, unit="", period="2026-08", as_of="2026-08", definition="d",
        definition_zh="定义", formula="f", inputs=(), state=state, **words,
    )  # fmt: skip


def seen(id="run_ytd", value=0.0, *, notebook="02_monitor", verdict="ok", state="ok", **values):
    good = record(notebook)
    newest = good if verdict == "ok" else record(notebook, verdict, **values)
    found = [finding("verdict", -7.2), finding(id, value, state)]
    return Seen(newest, good, {one.id: one for one in found})


def story(rule, *chapters):
    """Return which chapters of a story raise an alert."""
    state, told = {}, []
    for chapter in chapters:
        alerts, state = alerts_of([RULES[rule]], [chapter], state)
        told.append(bool(alerts))
    return told


@pytest.mark.parametrize(
    ("rule", "values", "told"),
    [
        ("run_begun", [0, 0, 1, 2, 0, 1], [False, False, True, False, False, True]),
        ("run_begun", [5, 6], [True, False]),
        ("run_ended", [0, 0, 3, 0, 0], [False, False, False, True, False]),
    ],
)
def test_a_run_of_negative_growth_is_told_when_it_begins_and_when_it_ends(rule, values, told):
    assert story(rule, *(seen(value=float(value)) for value in values)) == told


def test_a_chance_is_told_when_it_passes_the_threshold():
    chances = [
        seen("p_next_negative", chance, notebook="04_forecast") for chance in (50.0, 50.1, 99.0)
    ]
    assert story("likely_negative", *chances) == [False, True, False]


def test_projects_that_lag_are_told_each_time_there_are_more_of_them():
    counts = [seen("lagging", float(count), notebook="06_projects") for count in (3, 3, 4, 2, 5)]
    assert story("more_lagging", *counts) == [True, False, True, False, True]


def test_a_number_over_most_of_its_rows_is_heard_and_one_that_is_missing_is_not():
    chapters = [
        seen("p_next_negative", chance, notebook="04_forecast", state=state)
        for chance, state in ((50.0, "ok"), (60.0, "partial"), (None, "missing"))
    ]
    assert story("likely_negative", *chapters) == [False, True, False]


def red(*lights, profile="internal", value=None, column="ouhai.month", rules="all"):
    """Return what a page saw whose red lights are `lights`."""
    rows = [
        InputRow(file="l.xlsx", row=2, period="2026-08", column=column, value=name)
        for name in lights
    ]
    count = float(len(lights)) if value is None else value
    found = finding("red_lights", count).model_copy(update={"inputs": tuple(rows)})
    good = record("06_projects", parameters={"profile": profile, "rules": rules})
    return Seen(good, good, {"red_lights": found})


def test_a_light_that_turns_red_is_told_even_while_another_turns_green():
    chapters = [red("甲"), red("甲"), red("甲", "乙"), red("甲"), red("丙"), red(), red("丙")]
    assert story("light_red", *chapters) == [False, False, True, False, True, False, True]


def test_a_project_that_is_renamed_shows_the_light_that_it_showed():
    chapters = [red("P 1 · 甲"), red("P 1 · 乙"), red("P 1"), red("P 1 · 乙", "P 2 · 乙")]
    assert story("light_red", *chapters) == [False, False, False, True]


def test_lights_by_other_rule_books_are_remembered_and_not_told():
    books = [red("甲", rules="a"), red("甲", "乙", rules="b"), red("甲", "乙", "丙", rules="b")]
    assert story("light_red", *books) == [False, False, True]
    first = RULES["light_red"].model_copy(update={"tell_at_first": True})
    _, state = alerts_of([first], books[:1], {})
    assert alerts_of([first], books[1:2], state)[0] == []


def test_lights_that_an_older_version_remembered_are_remembered_anew():
    key = "light_red 610000 06_projects"
    old = {key: {"holds": True, "value": 1.0, "counted": ["0123456789abcdef"]}}
    alerts, state = alerts_of([RULES["light_red"]], [red("甲")], old)
    assert (alerts, state[key]["books"]) == ([], "all")


def told_of(*chapters):
    state = {}
    for chapter in chapters:
        alerts, state = alerts_of([RULES["light_red"]], [chapter], state)
    return alerts[0], state


def test_an_internal_page_tells_which_lights_turned_red_and_as_many_as_there_is_room_for():
    alert, _ = told_of(red("甲"), red("甲", "乙"))
    assert alert.title == Text("陕西省：有灯转红", "Shaanxi: a light turned red")
    assert alert.body.zh.splitlines()[0] == "新增 1 项：乙 (ouhai.month)。"
    alert, _ = told_of(red(), red(*"甲乙丙丁戊己庚"))
    assert alert.body.en.startswith("7 new: ")
    assert alert.body.en.splitlines()[0].endswith("; and 2 more.")
    assert sum(name in alert.body.en for name in "甲乙丙丁戊己庚") == 5


def test_a_page_that_is_not_internal_tells_how_many_and_the_state_names_nobody():
    alert, state = told_of(red("甲", profile="public"), red("甲", "乙", profile="public"))
    assert alert.body.zh.splitlines()[0] == "新增 1 项。"
    assert not [name for name in "甲乙" if name in alert.body.zh + alert.body.en + str(state)]


def edition(profile, verdict="ok", n=3.0):
    good = record("06_projects", parameters={"profile": profile})
    newest = good.model_copy(update={"verdict": verdict})
    return Seen(newest, good, {"lagging": finding("lagging", n)})


def test_a_number_is_told_once_of_two_editions_and_a_failure_of_each():
    rules = [RULES["more_lagging"], RULES["run_failed"]]
    both = [edition("internal"), edition("public", "deadline")]
    alerts, state = alerts_of(rules, both, {})
    pages = {"more_lagging": "zh/610000/06_projects.html"}
    pages["run_failed"] = "zh/610000/06_projects.public.html"
    assert {one.rule: one.page for one in alerts} == pages
    assert alerts_of(rules, both, state)[0] == []
    (alone,), _ = alerts_of(rules, [edition("public")], {})
    assert alone.page == pages["run_failed"]


def test_numbers_of_an_edition_are_told_where_the_other_never_ended_well():
    never = edition("internal", "kernel_died")
    both = [Seen(never.newest, None, {}), edition("public")]
    told, _ = alerts_of([RULES["more_lagging"]], both, {})
    assert [one.page for one in told] == ["zh/610000/06_projects.public.html"]


def test_late_data_and_failed_runs_are_told_apart():
    chapters = [
        seen(),
        seen(verdict="late"),
        seen(verdict="late"),
        seen(verdict="deadline"),
        seen(),
        seen(verdict="kernel_died"),
    ]
    assert story("data_late", *chapters) == [False, True, False, False, False, False]
    assert story("run_failed", *chapters) == [False, False, False, True, False, True]


def test_what_cannot_be_told_changes_nothing():
    unknown = seen(value=None, state="missing")
    assert story("run_begun", seen(value=2.0), unknown, seen(value=3.0)) == [True, False, False]
    unclear = seen(value=0.0, state="indeterminate")
    assert story("run_ended", seen(value=2.0), unclear, seen(value=0.0)) == [False, False, True]


def test_an_alert_says_where_and_what_in_both_languages():
    (alert,), _ = alerts_of([RULES["run_begun"]], [seen(value=1.0)], {})
    assert (alert.title.zh, alert.title.en) == (
        "陕西省：出现连续负增长",
        "Shaanxi: negative growth has begun",
    )
    assert (alert.body.zh, alert.page) == ("verdict为-7.2", "zh/610000/02_monitor.html")
    late = seen(verdict="late", cause="8月未发布", page="zh/610000/02_monitor.failed.html")
    (other,), _ = alerts_of([RULES["data_late"]], [late], {})
    assert other.body.zh == "02_monitor 数据缺失或迟到: 8月未发布"
    title, body = message_of([alert, other], "zh", address="http://stats.local")
    assert title == "陕西省：出现连续负增长，另有 1 项"
    assert "http://stats.local/zh/610000/02_monitor.failed.html" in body


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("nonsense = ", "rules.toml"),
        ("[audiences.a]\naddresses = 'mailto://me'\nlang = 'zh'", "audiences.a.addresses"),
        ("{A}\n[[rule]]\nid = 'x'\naudience = 'a'\nwords.zh = '一'\nwords.en = 'x'", "rule[1]"),
        ("{A}\n{R}audience = 'b'", "rule[1].audience"),
        ("{A}\n{R}audience = 'a'\n{R}audience = 'a'", "rule[1].id"),
        ("{A}\n{R}audience = 'a'\nverdicts = ['unheard of']", "rule[1].verdicts"),
    ],
)
def test_a_broken_file_of_rules_names_the_place(text, where, tmp_path):
    audience = "[audiences.a]\naddresses = 'MY_SECRET'\nlang = 'zh'"
    rule = (
        "[[rule]]\nid = 'x'\nnotebook = '02_monitor'\nfinding = 'run_ytd'\nabove = 0\n"
        "words.zh = '一'\nwords.en = 'x'\n"
    )
    path = tmp_path / "rules.toml"
    path.write_text(text.replace("{A}", audience).replace("{R}", rule), encoding="utf-8")
    with pytest.raises(DataInvalidError) as caught:
        alert_rules(path)
    assert where in caught.value.message("en")


def test_a_file_of_rules_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DataMissingError, match=r"mine\.toml"):
        alert_rules(tmp_path / "mine.toml")
