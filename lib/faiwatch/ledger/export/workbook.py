"""A judged ledger as a workbook: one sheet for each question, filters, lights with their words.

Nothing is worked out here: every figure comes from :mod:`faiwatch.ledger`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from faiwatch.core.finding import Finding
from faiwatch.core.light_names import LIGHTS
from faiwatch.core.text import Language, Text, half_up, month_name
from faiwatch.data.ledger_fields import PROJECT_CODE, ledger_tables
from faiwatch.ledger.agenda import ITEMS, KINDS, agenda, visit_list, visit_rule
from faiwatch.ledger.coverage import coverage_words
from faiwatch.ledger.export.columns import (
    BEHIND,
    CAUSES,
    CODE,
    DONE,
    DONE_PCT,
    EVEN_PP,
    LEAD,
    NAME,
    OWN_PP,
    PLACE,
    PLAN,
    PROJECTS,
    STATUS,
    UNIT,
    WHO,
    choices,
    money,
    places,
    said,
    with_words,
)
from faiwatch.ledger.export.money import money_sheets
from faiwatch.ledger.export.notes import notes_sheet
from faiwatch.ledger.findings import NUMBERS
from faiwatch.ledger.light_board import (
    needs_by_project,
    scale_label,
    scale_table,
)
from faiwatch.ledger.register import issue_register, task_list
from faiwatch.ledger.schedule import DELAY_BANDS
from faiwatch.ledger.scorecards import scorecard
from faiwatch.ledger.status import status_words, written_rules
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tables.cells import NEEDS
from faiwatch.ledger.tables.diff import SEVERITY_WORDS
from faiwatch.stats.cumulative import month_before
from faiwatch.view.sheets.data_sheets import Column, DataSheet, data_workbook

MADE_UP = Text("演示数据：全部数字均为虚构", "演示数据 · made-up figures")
INTERNAL = Text("内部资料", "internal")
UNITS: Mapping[str, Text] = {
    "pct": Text("%", "%"),
    "pp": Text("百分点", "points"),
    "100m_cny": Text("亿元", "100m yuan"),
    "projects": Text("个", "projects"),
    "issues": Text("个", "issues"),
}


@dataclass(frozen=True, slots=True)
class LedgerExport:
    """What a workbook is made of.

    Attributes
    ----------
    study : LedgerStudy
        Everything about one month.
    findings : mapping
        Verdict, details and key numbers by name.
    checks : DataFrame
        From :func:`faiwatch.ledger.checks.check_ledger`.
    source : str
        The file of the ledger, as readers see it.
    is_made_up : bool
        Whether it is the demonstration ledger.
    """

    study: LedgerStudy
    findings: Mapping[str, Finding]
    checks: pd.DataFrame
    source: str
    is_made_up: bool


def ledger_workbook(export: LedgerExport, *, lang: Language) -> bytes:
    """Return a judged ledger as a workbook, for those who keep it.

    Parameters
    ----------
    export : LedgerExport
        What it is made of.
    lang : {"zh", "en"}
        Language of everything but the words of the ledger.
    """
    study, source = export.study, Text(export.source, export.source)
    sheets = [
        summary_sheet(export.findings, NUMBERS, as_of=study.as_of, source=source),
        _projects(study, lang),
        _lights(study, lang),
        _light_rules(study),
        _lag(study, lang),
        _schedule(study, lang),
        _issues(study, lang),
        *money_sheets(study, lang=lang),
        _agenda(study, lang),
        _visits(study, lang),
        _scores(study, "unit", Text("单位", "Units"), UNIT),
        _scores(study, "lead", Text("包抓领导", "Leads"), LEAD),
        _checks(export, lang),
        notes_sheet([one.preset for one in study.board.scales]),
    ]
    mark = MADE_UP if export.is_made_up else INTERNAL
    return data_workbook(sheets, lang=lang, mark=mark, made=made_at(study.as_of))


def made_at(month: pd.Period) -> datetime.datetime:
    """Return the last day of a month, which a workbook keeps as the time of its making."""
    return month.end_time.normalize().to_pydatetime()


def summary_sheet(
    findings: Mapping[str, Finding], numbers: Sequence[str], *, as_of: pd.Period, source: Text
) -> DataSheet:
    """Return the first sheet: the verdict, the sentences below it, and the key numbers.

    Parameters
    ----------
    findings : mapping
        By name.
    numbers : sequence of str
        Names of the key numbers.
    as_of : Period
        Month of the ledger.
    source : Text
        Where it comes from.
    """
    when = Text(month_name(str(as_of), "zh"), month_name(str(as_of), "en"))
    none = Text("", "")
    rows: list[tuple[object, ...]] = [
        (Text("截至", "As of"), None, none, when),
        (Text("来源", "Source"), None, none, source),
    ]
    for name, one in findings.items():
        if name in numbers:
            what = Text(one.definition_zh, one.definition)
            value = None if one.number is None else float(half_up(one.number, 1))
            told = coverage_words(one.coverage) if one.coverage else none
            zh = "；".join(filter(None, (told.zh, one.formula_in("zh"))))
            en = "; ".join(filter(None, (told.en, one.formula)))
            rows.append((what, value, UNITS.get(one.unit, none), Text(zh, en)))
        else:
            rows.append((Text("结论", "Verdict"), None, none, Text(one.zh, one.en)))
    columns = {
        "what": Column(Text("项目", "What"), widest=36),
        "value": Column(Text("数值", "Figure"), "number"),
        "unit": Column(Text("单位", "Unit")),
        "words": Column(Text("文字或算法", "In words, or formula"), widest=90),
    }
    frame = pd.DataFrame(rows, columns=list(columns))
    return DataSheet(Text("摘要", "Summary"), frame, columns)


def _projects(study: LedgerStudy, lang: Language) -> DataSheet:
    rules = {rule.id: rule.words for rule in written_rules()}
    rows = with_words(study.standing, lang).assign(
        rule_status=said(study.standing["rule_status"], status_words(), lang),
        rule=said(study.standing["rule"], rules, lang),
    )
    columns = WHO | {
        "status": STATUS,
        "rule_status": Column(Text("规则判定", "Status by the rules"), widest=16),
        "rule": Column(Text("依据的规则", "Rule that decided"), widest=20),
        "is_overruled": Column(Text("人工改判", "Overruled by hand"), "flag"),
        "total_10k": money("总投资", "Total"),
        "annual_plan_10k": PLAN,
        "ytd_done_10k": DONE,
        "done_by_rule": Column(Text("未开工空白按0计", "Blank, 0 by rule"), "flag"),
        "done_pct": DONE_PCT,
        "deviation_pp": EVEN_PP,
        "schedule_deviation_pp": OWN_PP,
        "shortfall_10k": BEHIND,
        "n_open_issues": Column(Text("未销号问题", "Open issues"), "count"),
        PROJECT_CODE: CODE,
        "place": PLACE,
    }
    return DataSheet(Text("项目", "Projects"), rows, columns, frozen=1)


def _lights(study: LedgerStudy, lang: Language) -> DataSheet:
    named = study.standing[[PROJECT_CODE, *WHO]].drop_duplicates(PROJECT_CODE)
    rows = named.merge(study.board.projects.drop_duplicates(PROJECT_CODE), on=PROJECT_CODE)
    needs = needs_by_project(study.board.missing, lang=lang)
    rows = rows.assign(needs=needs.reindex(rows[PROJECT_CODE]).fillna("").to_numpy())
    columns = dict(WHO)
    for one in study.board.scales:
        preset, scale = one.preset.name, one.scale.name
        if one.scale.subject == "projects":
            label = Text(f"{preset.zh}：{scale.zh}", f"{preset.en}: {scale.en}")
            columns[one.name] = Column(label, "light")
    columns |= {"needs": Column(NEEDS, widest=60), PROJECT_CODE: CODE}
    note = Text(
        "颜色的含义见工作表“说明”；同一颜色在不同规则中含义不同。",
        "What a colour means stands on the sheet Notes; it differs between rule books.",
    )
    return DataSheet(Text("亮灯", "Lights"), rows, columns, [note], frozen=1)


def _light_rules(study: LedgerStudy) -> DataSheet:
    """Return each part of each rule book: whether it judges, what it lacks, and its lights."""
    told = [
        (scale_label(one), one.preset.scope, one.preset.validity, one.why_not)
        for one in study.board.scales
    ]
    words = pd.DataFrame(told, columns=["label", "scope", "valid", "why"])
    rows = words.join(scale_table(study.board))
    columns = {
        "label": Column(Text("规则", "Rule"), widest=30),
        "scope": Column(Text("适用范围", "Written for"), widest=30),
        "valid": Column(Text("有效期", "Valid"), widest=24),
        "why": Column(NEEDS, widest=60),
    } | {name: Column(words, "count") for name, words in LIGHTS.items()}
    return DataSheet(Text("亮灯规则", "Light rules"), rows, columns, frozen=1)


def _lag(study: LedgerStudy, lang: Language) -> DataSheet:
    columns = WHO | {
        "status": STATUS,
        "shortfall_10k": BEHIND,
        "done_pct": DONE_PCT,
        "causes": CAUSES,
        "next_unit": Column(Text("下一步由谁办", "Acts next")),
        "next_action": Column(Text("下一步措施", "Next step"), widest=36),
        "next_due": Column(Text("何时前", "By"), "date"),
        "is_overdue": Column(Text("已逾期", "Overdue"), "flag"),
        PROJECT_CODE: CODE,
        "place": PLACE,
    }
    note = Text(
        "比均衡进度少＝年度计划×月份/12－已完成，负数为超前；从大到小。",
        "Behind = plan of the year × month / 12 − done; negative is ahead. The largest first.",
    )
    rows = with_words(study.lag, lang)
    return DataSheet(Text("滞后清单", "Lag list"), rows, columns, [note], frozen=1)


def _schedule(study: LedgerStudy, lang: Language) -> DataSheet:
    fields = ledger_tables()["projects"].fields
    dates = [
        *("original_start", "planned_start", "actual_start"),
        *("original_finish", "planned_finish", "actual_finish", "stop_date"),
    ]
    columns = WHO | {"status": STATUS}
    columns |= {name: Column(fields[name].label, "date") for name in dates}
    columns |= {
        "delay_finish_months": Column(
            Text("竣工较原计划延期（月）", "Finish late on the first plan (months)"), "count"
        ),
        "delay_finish_months_latest": Column(
            Text("较现计划延期（月）", "Late on the plan in force (months)"), "count"
        ),
        "delay_band": Column(Text("延期分档", "Delay band")),
        PROJECT_CODE: CODE,
        "place": PLACE,
    }
    rows = with_words(study.standing, lang)
    rows = rows.assign(delay_band=said(rows["delay_band"], DELAY_BANDS, lang))
    return DataSheet(Text("工期", "Schedule"), rows, columns, frozen=1)


def _issues(study: LedgerStudy, lang: Language) -> DataSheet:
    fields = ledger_tables()["issues"].fields
    names = study.standing.drop_duplicates(PROJECT_CODE).set_index(PROJECT_CODE)["name"]
    rows = issue_register(study.tables["issues"], as_of=study.as_of).join(names, on=PROJECT_CODE)
    words = {name: choices(rows[name], "issues", lang) for name in ("class", "cause")}
    rows = rows.assign(**words, place=places(rows))
    columns = {
        "issue_id": Column(fields["issue_id"].label),
        "name": NAME,
        "class": Column(fields["class"].label),
        "cause": Column(fields["cause"].label),
        "opened": Column(fields["opened"].label, "date"),
        "due": Column(fields["due"].label, "date"),
        "closed": Column(fields["closed"].label, "date"),
        "is_open": Column(Text("未销号", "Open"), "flag"),
        "age_days": Column(Text("已历时（天）", "Age (days)"), "count"),
        "overdue_days": Column(Text("逾期（天）", "Overdue (days)"), "count"),
        "owner_unit": Column(fields["owner_unit"].label),
        "action": Column(fields["action"].label),
        "evidence": Column(fields["evidence"].label),
        "place": PLACE,
    }
    return DataSheet(Text("问题清单", "Issues"), rows, columns, frozen=2)


def _agenda(study: LedgerStudy, lang: Language) -> DataSheet:
    since, until = (
        month.end_time.normalize() for month in (month_before(study.as_of), study.as_of)
    )
    rows = agenda(study.tables, since=since, until=until)
    rows = rows.assign(
        kind=said(rows["kind"], KINDS, lang),
        item=said(rows["item"], ITEMS, lang),
        was=said(rows["was"], status_words(), lang),
        became=said(rows["became"], status_words(), lang),
        place=places(rows),
    )
    columns = {
        "kind": Column(Text("事由", "Why")),
        "item": Column(Text("种类", "Kind")),
        "id": Column(Text("编号或代码", "No. or code")),
        "title": Column(Text("内容", "What"), widest=50),
        "owner": UNIT,
        "was": Column(Text("原状态", "Was")),
        "became": Column(Text("现状态", "Is now")),
        "day": Column(Text("日期", "Day"), "date"),
        "overdue_days": Column(Text("逾期（天）", "Overdue (days)"), "count"),
        "place": PLACE,
    }
    note = Text(
        f"{since:%Y-%m-%d} 之后至 {until:%Y-%m-%d} 的变化。",
        f"What changed after {since:%Y-%m-%d}, up to {until:%Y-%m-%d}.",
    )
    return DataSheet(Text("会议议程", "Agenda"), rows, columns, [note])


def _visits(study: LedgerStudy, lang: Language) -> DataSheet:
    rows = with_words(visit_list(study.standing), lang)
    columns = WHO | {
        "area": Column(Text("所在片区", "Area")),
        "status": STATUS,
        "shortfall_10k": BEHIND,
        "deviation_pp": EVEN_PP,
        "causes": CAUSES,
        "place": PLACE,
    }
    rule = visit_rule()
    note = Text(f"选取规则：{rule.zh}。", f"How they are chosen: {rule.en}.")
    return DataSheet(Text("督导名单", "Visits"), rows, columns, [note], frozen=1)


def _scores(
    study: LedgerStudy, by: Literal["unit", "lead"], title: Text, column: Column
) -> DataSheet:
    tasks = task_list(study.tables["tasks"], study.tables["issues"], as_of=study.as_of)
    columns = {
        by: column,
        "n": PROJECTS,
        "plan_10k": PLAN,
        "done_10k": DONE,
        "done_pct": DONE_PCT,
        "deviation_pp": EVEN_PP,
        "shortfall_10k": BEHIND,
        "n_behind": Column(Text("滞后项目", "Lagging"), "count"),
        "n_open_issues": Column(Text("未销号问题", "Open issues"), "count"),
        "n_overdue_tasks": Column(Text("逾期任务", "Overdue tasks"), "count"),
        "rank": Column(Text("排序", "Rank"), "count"),
    }
    note = Text("不足 3 个项目的不排序。", "Fewer than three projects are not ranked.")
    return DataSheet(title, scorecard(study.standing, by, tasks=tasks), columns, [note], frozen=1)


def _checks(export: LedgerExport, lang: Language) -> DataSheet:
    found = export.checks
    rows = found.assign(
        severity=said(found["severity"], SEVERITY_WORDS, lang),
        month=found["month"].astype("str").where(found["month"].notna(), ""),
        words=found[lang],
    )
    columns = {
        "severity": Column(Text("级别", "Severity")),
        "sheet": Column(Text("工作表", "Sheet")),
        "row": Column(Text("行", "Row"), "count"),
        "cell": Column(Text("单元格", "Cell")),
        "month": Column(Text("月份", "Month")),
        "key": Column(Text("代码或编号", "Code or no.")),
        "words": Column(Text("问题", "What is wrong"), widest=60),
        "value": Column(Text("单元格内容", "What stands there")),
    }
    note = Text("台账原样保留，没有改动。", "The ledger is left as it is.")
    return DataSheet(Text("数据核对", "Checks"), rows, columns, [note])
