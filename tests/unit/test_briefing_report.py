"""The report to be sent: every kind of sentence from its rows, and nothing of a working draft."""

import io
import re
from dataclasses import replace

import docx
import pandas as pd
import pytest
from material import sharing

from faiwatch.briefing import build
from faiwatch.briefing.build import fill_briefing
from faiwatch.briefing.plain import TOLD_IF_ANY, briefing_text, closing_lists, slots_json
from faiwatch.briefing.word import word_document
from faiwatch.briefing.word.letter import LINES_A_PAGE, lines_a_page
from faiwatch.core.text import LANGUAGES, OPEN
from faiwatch.data.ledger_schema import ledger_frame

# The kinds of sentence that a district's report to its city has, in their order, and what tells
# each: sentences by name, and the tables without which it is said to be missing.
KINDS = {
    "the notice that is answered": ("basis", {"notices"}),
    "the negative spell": ("spell", set()),
    "instructions from above": ("visit interview", {"events"}),
    "the task force": ("task_force", {"events"}),
    "documents issued": ("document", {"events"}),
    "meetings held": ("meetings", {"events"}),
    "monitoring and dispatch": ("joint closed", {"minutes", "issues"}),
    "documents forwarded": ("forward", {"events"}),
    "special meetings": ("special", {"events"}),
    "next year's plan": ("planning", {"events"}),
    "training": ("training", {"events"}),
    "fairs": ("promotion", {"events"}),
    "contracts signed": ("signed", {"contracts"}),
    "the site review": ("review", {"events"}),
    "officials report": ("leads", {"leads"}),
    "the second meeting": ("again", set()),
    "why intensity fell": ("completed cross average", {"projects"}),
    "growth this year": ("level run", set()),
    "renewal projects": ("renewal", {"projects"}),
    "parks": ("parks", {"parks"}),
    "local match": ("match", {"projects"}),
    "weak planning": ("pipeline landing overdue", {"pipeline", "contracts", "issues"}),
    "key projects held up": ("blocked", {"projects", "issues"}),
    "responsibility": ("weekly targets timetable", {"minutes", "targets", "tasks"}),
    "not started, slow, key projects": ("not_started slow_projects key", {"projects"}),
    "pipeline and promotion": ("reserve next_year", {"pipeline"}),
    "business environment": ("in_force", {"measures"}),
}
OF_A_DRAFT = ("可能性", "置信", "区间", "概率", "99.9%", "chance", "probab", "footnote", "见附表")


def report_of(material, *, ledger=None, **asked):
    parameters = material.parameters.model_copy(update={"form": "report", **asked})
    made = replace(material, parameters=parameters, ledger=ledger or material.ledger)
    return fill_briefing(sharing(material, made))


def sentences(briefing, lang="zh"):
    return {one.id: one for one in briefing.document(lang).sentences}


@pytest.fixture(scope="module")
def report(demo_material):
    return report_of(demo_material, report_date="2026-09-16")


def test_a_full_ledger_tells_all_27_kinds_of_sentence_each_from_rows(report):
    assert len(KINDS) == 27
    for lang in LANGUAGES:
        told = sentences(report, lang)
        for kind, (names, _) in KINDS.items():
            for name in names.split():
                assert name in told, (lang, kind)
                shown = [report.findings[slot] for slot in told[name].slots]
                assert shown, kind
                assert all(one.inputs or one.value is not None for one in shown), kind
                assert OPEN.in_language(lang) not in told[name].text, (kind, told[name].text)


@pytest.mark.parametrize(
    "table", ["notices", "events", "minutes", "leads", "contracts", "parks", "pipeline", "measures"]
)
def test_without_a_table_just_its_sentences_are_said_to_be_missing(demo_material, report, table):
    kept = {name: one for name, one in demo_material.ledger.items() if name != table}
    without = report_of(demo_material, ledger=kept, report_date="2026-09-16")
    before, now = sentences(report), sentences(without)
    for kind, (names, tables) in KINDS.items():
        if table not in tables or len(tables) > 1:
            continue
        for name in names.split():
            assert OPEN.zh in now[name].text, (kind, now[name].text)
    lacking = [one for one in without.open_findings if not report.findings[one.id].is_open]
    assert lacking
    assert all(one.missing.zh for one in lacking)
    touched = {one.id for one in without.findings.values() if one.is_open}
    steps = {"n_ahead", "n_late"}  # of every table: what one of them holds is no longer counted
    for name, one in before.items():
        if not set(one.slots) & (touched | steps) and name in now:
            assert now[name].text == one.text


def test_its_body_has_nothing_of_a_draft_and_the_length_of_such_a_report(report):
    body = "".join(one.text for one in report.document("zh").sentences)
    assert 2_000 <= len(body) <= 3_500
    for lang in LANGUAGES:
        text = briefing_text(report, lang)
        for words in OF_A_DRAFT:
            assert words not in text
        assert not re.search(r"[±［\[]", text)


def test_it_has_addressee_and_signature_at_its_edges(report):
    sections = report.document("zh").sections
    first, last = sections[0].paragraphs[0], sections[-1].paragraphs[-2:]
    assert (first.kind, first.sentences[0].text) == ("address", "演示市发改委：")
    assert [one.kind for one in last] == ["signature", "signature"]
    assert [one.sentences[0].text for one in last] == ["演示区政府", "2026年9月16日"]
    assert [one.title for one in sections[1:]] == [
        "一、工作推进情况",
        "二、存在的主要问题及困难",
        "三、下一步工作措施",
    ]


def test_offices_may_be_named_and_a_day_that_nobody_gave_is_missing(demo_material):
    named = report_of(demo_material, addressee="市政府", issuer="区发改局")
    told = briefing_text(named, "zh")
    assert "\n市政府：\n" in told
    assert "\n区发改局\n" in told
    assert named.findings["report_date"].is_open
    assert told.partition("\n附件1\n")[0].rstrip().endswith(OPEN.zh)


def test_events_are_counted_and_told_as_their_rows_have_them(demo_material):
    rows = [
        {"date": "2026-03-02", "type": "meeting", "title": "区政府召开投资分析会"},
        {"date": "2026-04-02", "type": "interview", "title": "约谈", "convened_by": "市政府"},
        {"date": "2026-05-02", "type": "document", "title": "《方案》", "document_no": "1号"},
    ]
    events = ledger_frame("events", pd.DataFrame(rows)).assign(file="l.xlsx", sheet="大事记")
    told = sentences(report_of(demo_material, ledger={**demo_material.ledger, "events": events}))
    assert "召开区政府召开投资分析会" in told["meetings"].text  # a title is not rewritten
    assert "4月2日，市政府约谈" in told["interview"].text
    assert "《方案》（1号）文件1件" in told["document"].text
    assert "training" not in told
    assert "again" not in told


@pytest.mark.parametrize(
    ("growth", "before", "words"),
    [
        (-7.4, -7.2, "重大项目投资强度减弱"),
        (-7.2, -7.4, "投资降幅收窄，压力仍然较大"),
        (2.0, 3.0, "投资增长基础仍需巩固"),
        (2.0, -1.0, "投资增长基础仍需巩固"),
    ],
)
def test_paragraphs_follow_what_growth_did(
    demo_material, report, growth, before, words, monkeypatch
):
    monkeypatch.setattr(build, "contradictions", lambda *_: ())  # of the figures put in by hand
    findings = dict(report.findings)
    change = {"ytd_yoy": growth, "ytd_before": before, "ytd_change": growth - before}
    for id, value in change.items():
        findings[id] = findings[id].model_copy(update={"value": value})
    is_negative = growth < 0
    for id in ("negative_run_length", "negative_run_releases"):
        count = findings[id].value if is_negative else 0
        findings[id] = findings[id].model_copy(update={"value": count})
    parameters = demo_material.parameters.model_copy(update={"form": "report"})
    made = sharing(demo_material, replace(demo_material, parameters=parameters))
    told = sentences(fill_briefing(made, findings=findings))
    assert words in told["weaker"].text
    assert ("run" in told) is is_negative
    assert ("由负转正" in told["spell"].text) is (before < 0 < growth)


@pytest.mark.parametrize(
    ("change", "block", "state", "words"),
    [
        (0.4, -3.0, "ok", "回升基础还不牢固"),
        (-0.4, 3.0, "ok", "出现积极变化"),
        (0.4, -0.1, "indeterminate", ""),
        (-0.4, -3.0, "ok", ""),
    ],
)
def test_a_month_that_goes_the_other_way_is_told(
    demo_material, report, change, block, state, words, monkeypatch
):
    monkeypatch.setattr(build, "contradictions", lambda *_: ())
    findings = dict(report.findings)
    findings["ytd_change"] = findings["ytd_change"].model_copy(update={"value": change})
    update = {"value": block, "state": state}
    findings["block_yoy"] = findings["block_yoy"].model_copy(update=update)
    parameters = demo_material.parameters.model_copy(update={"form": "report"})
    made = sharing(demo_material, replace(demo_material, parameters=parameters))
    told = sentences(fill_briefing(made, findings=findings))
    assert ("mixed" in told) is bool(words)
    if words:
        assert words in told["mixed"].text
        assert told["mixed"].slots == ("block_yoy",)


def test_what_the_ledger_has_none_of_is_listed_beside_the_report_not_in_it(demo_material):
    events = demo_material.ledger["events"]
    fewer = events[events["type"] != "training"].reset_index(drop=True)
    told = report_of(demo_material, ledger={**demo_material.ledger, "events": fewer})
    assert "training" not in sentences(told)
    lists = dict(closing_lists(told, "zh"))
    assert lists["台账没有记录、未写入的事项"] == ["本年事件数（培训）"]
    assert "台账没有记录" not in briefing_text(told, "zh")
    assert set(TOLD_IF_ANY) <= set(told.findings)


def test_timetable_and_targets_are_attached_in_both_languages(report):
    for lang in LANGUAGES:
        road, units = report.document(lang).attachments
        assert (road.id, units.id) == ("road_map", "unit_targets")
        rows = road.table.words.to_numpy().tolist()
        late = [row for row in rows if row[0] == rows[0][0]]
        numbers = [int(re.search(r"\d+", row[3])[0]) for row in late if re.search(r"\d", row[3])]
        assert sum(numbers) == report.findings["n_late"].value
        assert len(rows) > len(late)
        assert all(row[1] and row[2] for row in rows)
        gaps = units.table.frame["gap_100m"]
        assert (gaps < 0).sum() == report.findings["n_units_behind"].value
        assert {"month_100m", "to_09", "to_11", "year_100m"} <= set(units.table.columns)
        text = briefing_text(report, lang)
        assert all(cell in text for row in rows for cell in row)
    told = slots_json(report, "zh")["attachments"]
    assert [one["title"][:5] for one in told] == ["稳投资工作", "各责任单位"]
    assert len(told[1]["rows"]) == 7


def test_without_targets_by_month_or_anything_due_nothing_is_attached(demo_material):
    kept = {name: demo_material.ledger[name] for name in ("events", "targets")}
    targets = kept["targets"]
    kept["targets"] = targets[targets["month"].isna()].reset_index(drop=True)
    told = report_of(demo_material, ledger=kept)
    assert told.document("zh").attachments == ()
    assert "ahead" not in sentences(told)
    assert told.findings["month_target"].is_open
    assert "month_goal" not in sentences(told)


def test_word_names_attachments_before_the_signature_and_prints_them_behind_it(report):
    document = docx.Document(io.BytesIO(word_document(report, "zh")))
    lines = [one.text for one in document.paragraphs]
    listed = lines.index("附件：1. 稳投资工作时间表、路线图")
    assert lines[listed + 1 : listed + 4] == [
        "2. 各责任单位投资目标分解表（亿元）",
        "演示区政府",
        "2026年9月16日",
    ]
    assert lines.index("附件1") > listed + 3
    road, units = document.tables
    assert [cell.text for cell in road.rows[0].cells] == ["时限", "事项", "责任单位", "进度"]
    assert len(units.rows) == 8


@pytest.mark.parametrize("page", ["write-the-briefing.md", "write-the-briefing.zh.md"])
def test_the_documentation_shows_each_kind_of_sentence_beside_what_fills_it(project, page):
    words = (project / "docs/how-to" / page).read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (.*) \| `([^`]*)` \|$", words, re.MULTILINE)
    assert [int(number) for number, _, _ in rows] == list(range(1, 1 + len(KINDS)))
    for lang in LANGUAGES:
        template = project / f"lib/faiwatch/briefing/standard/sent.{lang}.txt"
        told = set(re.findall(r"^>? ?\[(\w+)\]", template.read_text("utf-8"), re.MULTILINE))
        for (number, about, names), (kind, (sentences, tables)) in zip(
            rows, KINDS.items(), strict=True
        ):
            assert set(names.split()) <= told, number
            assert set(sentences.split()) & set(names.split()), (number, kind)
            assert not tables or any(f"`{table}`" in about for table in tables), (number, kind)


def test_lines_move_so_that_the_last_page_is_never_nearly_empty():
    for lines in range(60, 200):  # of a report of 1,300 characters and more
        taken = lines_a_page(lines)
        assert taken in LINES_A_PAGE
        assert lines <= taken or not lines % taken or 3 * (lines % taken) >= taken
