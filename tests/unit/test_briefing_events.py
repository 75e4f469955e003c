"""What a briefing says of events: who did what as the row has it, every type, each traced."""

from dataclasses import replace

import pandas as pd
import pytest
from material import sharing

from faiwatch.briefing.build import fill_briefing, findings_of
from faiwatch.briefing.changes import sentences_of
from faiwatch.core.text import LANGUAGES
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.study import last_meeting

AUGUST = pd.Period("2026-08", "M")
TITLES = {
    "interview": "市委、市政府约谈本区",
    "site_review": "重点项目观摩推进会",
    "meeting": "区政府召开稳投资推进会",
    "inspection": "市发改委督导检查本区项目",
    "visit": "省发改委来区调研",
    "task_force": "成立稳投资工作专班",
    "document": "印发《稳投资工作方案》",
    "training": "举办项目谋划培训班",
    "promotion": "参加绿色循环经济合作交流活动",
    "forward": "转发《开展项目问题整改通知》",
    "special_meeting": "召开老旧小区改造专题会",
    "push_meeting": "召开重点项目推进会",
    "signing": "举行集中签约仪式",
    "planning": "申报明年重点项目",
    "other": "签订区校共建协议",
}


def events(rows):
    return ledger_frame("events", pd.DataFrame(rows)).assign(file="l.xlsx", sheet="大事记")


def with_events(material, rows):
    made = replace(material, ledger={**material.ledger, "events": events(rows)})
    return sharing(material, made)


def one_of_each():
    return [
        {"date": f"2026-07-{day:02d}", "type": kind, "title": title, "row": day}
        for day, (kind, title) in enumerate(TITLES.items(), start=2)
    ]


def test_the_events_of_a_ledger_have_a_type_for_what_offices_write_down():
    choices = ledger_tables()["events"].fields["type"].choices
    assert {one.value for one in choices} == set(TITLES)


@pytest.fixture(scope="module")
def of_each(demo_material):
    return fill_briefing(with_events(demo_material, one_of_each()))


@pytest.mark.parametrize("kind", TITLES)
def test_every_type_is_told_in_the_words_of_its_row_and_traced_to_it(of_each, kind):
    row, briefing = next(one for one in one_of_each() if one["type"] == kind), of_each
    for lang in LANGUAGES:
        told = [one for one in briefing.document(lang).sentences if row["title"] in one.text]
        assert len(told) == 1
        slot = briefing.findings[f"n_event_{kind}"]
        assert slot.id in told[0].slots
        assert {(one.row, one.value) for one in slot.inputs} >= {(row["row"], row["title"])}
    assert f"7月{row['row']}日，{row['title']}" in "".join(sentences_of(briefing, "zh").values())


def test_nobody_is_made_to_do_what_was_done_to_him_and_no_reason_is_added(demo_material):
    row = {"date": "2026-07-02", "type": "interview", "title": "市委、市政府约谈临江区"}
    told = sentences_of(fill_briefing(with_events(demo_material, [row])), "zh")
    assert told["interview"] == "约谈1次：7月2日，市委、市政府约谈临江区。"


def test_an_event_without_a_type_is_told_among_the_others(demo_material):
    row = {"date": "2026-07-02", "title": "举办项目集中开工活动"}
    told = sentences_of(fill_briefing(with_events(demo_material, [row])), "zh")
    assert told["other"] == "其他事项1次：7月2日，举办项目集中开工活动。"


def test_of_many_the_latest_are_told_and_all_are_counted(demo_material):
    rows = [
        {"date": f"2026-0{month}-03", "type": "meeting", "title": f"第{month}次例会", "row": month}
        for month in range(1, 9)
    ]
    slots = findings_of(with_events(demo_material, rows))
    told = slots["n_event_meeting"].forms["told"].zh
    assert slots["n_event_meeting"].value == 8
    assert "最近5次" in told
    assert [f"第{month}次例会" in told for month in range(1, 9)] == [False] * 3 + [True] * 5
    assert {one.row for one in slots["n_event_meeting"].inputs} == set(range(1, 9))


def test_a_table_without_events_says_nothing_and_one_that_is_not_there_says_so_once(demo_material):
    kinds = {"meeting", "interview", "site_review", "inspection", "training", "other"}
    empty = sentences_of(fill_briefing(with_events(demo_material, [])), "zh")
    assert not kinds & set(empty)
    tables = {name: one for name, one in demo_material.ledger.items() if name != "events"}
    briefing = fill_briefing(sharing(demo_material, replace(demo_material, ledger=tables)))
    told = sentences_of(briefing, "zh")
    assert "待补" in told["events"]
    assert not kinds & set(told)
    assert "「事件」" in briefing.findings["n_events"].missing.zh


def test_the_last_meeting_is_a_meeting():
    rows = [
        {"date": "2026-08-05", "type": "meeting", "title": "推进会"},
        {"date": "2026-08-12", "type": "interview", "title": "约谈"},
        {"date": "2026-08-20", "title": "印发文件"},
    ]
    found = last_meeting(events(rows), as_of=AUGUST)
    assert (found.day, found.title) == (pd.Timestamp("2026-08-05"), "推进会")
    none = last_meeting(events(rows[1:]), as_of=AUGUST)
    assert (none.day, none.title) == (pd.Timestamp("2026-07-31"), "")
