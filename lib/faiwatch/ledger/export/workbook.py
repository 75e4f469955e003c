"""A judged ledger as a workbook: one sheet for each question, filters, lights with their words.

Nothing is worked out here: every figure comes from :mod:`faiwatch.ledger`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from faiwatch.core.finding import Finding
from faiwatch.core.light_names import LIGHTS
from faiwatch.core.phrases import say
from faiwatch.core.text import NOTHING, Language, Text, both, half_up, month_name
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.measures import UNITS, Measure, measure, measures_of
from faiwatch.ledger.agenda import ITEMS, KINDS, agenda, visit_rule
from faiwatch.ledger.coverage import coverage_words
from faiwatch.ledger.export.money import money_sheets
from faiwatch.ledger.export.notes import notes_sheet
from faiwatch.ledger.findings import NUMBERS
from faiwatch.ledger.light_board import needs_by_project, scale_label, scale_table
from faiwatch.ledger.schedule import DELAY_BANDS
from faiwatch.ledger.standing import DATES
from faiwatch.ledger.status import status_words, written_rules
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tables.cells import CODE, PLACE, WHO, sheet
from faiwatch.ledger.tables.work_sections import work_sheets
from faiwatch.ledger.work_findings import WORK_NUMBERS
from faiwatch.stats.check_records import SEVERITY_WORDS
from faiwatch.stats.cumulative import month_before
from faiwatch.view.sheets.data_sheets import data_workbook
from faiwatch.view.tables import Table

MADE_UP = Text("演示数据（全部数字均为虚构）", "演示数据 · made-up figures")
INTERNAL = Text("内部资料", "confidential")
_UNITS: Mapping[str, Text] = dict(UNITS) | dict.fromkeys(
    ("projects", "issues"), Text("个", "number")
)


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
    checks = export.checks.assign(
        month=export.checks["month"].astype("str").where(export.checks["month"].notna(), ""),
        words=export.checks[lang],
    )
    columns = measures_of("severity", "sheet", "row", "cell", "month", key="code_or_id")
    columns |= measures_of(words="what_is_wrong", value="cell_content")
    untouched = Text("台账原样保留，没有改动。", "The ledger is left as it is.")
    names = study.standing.drop_duplicates(PROJECT_CODE).set_index(PROJECT_CODE)["name"]
    issues = study.register.join(names, on=PROJECT_CODE)
    before = ("class", "cause", "opened", "due", "closed")
    after = ("owner_unit", "action", "evidence")
    fields = measures_of(issue_id="issues.issue_id", name="projects.name")
    fields |= measures_of(**{name: f"issues.{name}" for name in before})
    fields |= measures_of("is_open", "age_days", "overdue_days")
    fields |= measures_of(**{name: f"issues.{name}" for name in after}) | PLACE
    title, severities = Text("数据核对", "Data checks"), {"severity": SEVERITY_WORDS}
    sheets = [
        summary_sheet(
            export.findings, NUMBERS + WORK_NUMBERS, as_of=study.as_of, source=source, lang=lang
        ),
        *_project_sheets(study, lang),
        sheet(issues, Text("问题清单", "List of issues"), fields, lang, pinned=2),
        *money_sheets(study, lang=lang),
        *_meeting_sheets(study, lang),
        _scores(study, "unit", lang),
        _scores(study, "lead", lang),
        *work_sheets(study.work, lang=lang),
        sheet(checks, title, columns, lang, untouched, severities, pinned=0),
        notes_sheet([one.preset for one in study.board.scales], lang=lang),
    ]
    mark = MADE_UP if export.is_made_up else INTERNAL
    return data_workbook(sheets, lang=lang, mark=mark, made=made_at(study.as_of))


def made_at(month: pd.Period) -> datetime.datetime:
    """Return the last day of a month, which a workbook keeps as the time of its making."""
    return month.end_time.normalize().to_pydatetime()


def summary_sheet(
    findings: Mapping[str, Finding],
    numbers: Sequence[str],
    *,
    as_of: pd.Period,
    source: Text,
    lang: Language,
) -> Table:
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
    lang : {"zh", "en"}
        Language of the words.
    """
    rows: list[tuple[object, ...]] = [
        (Text("截至", "As of"), None, NOTHING, both(month_name, str(as_of))),
        (Text("来源", "Source"), None, NOTHING, source),
    ]
    for name, one in findings.items():
        if name in numbers:
            what = Text(one.definition_zh, one.definition)
            value = None if one.number is None else float(half_up(one.number, 1))
            told = coverage_words(one.coverage) if one.coverage else NOTHING
            zh = "；".join(filter(None, (told.zh, one.formula_in("zh"))))
            en = "; ".join(filter(None, (told.en, one.formula)))
            rows.append((what, value, _UNITS.get(one.unit, NOTHING), Text(zh, en)))
        else:
            rows.append((Text("结论", "Verdict"), None, NOTHING, Text(one.zh, one.en)))
    columns = measures_of(what="summary_item", value="value", unit="unit", words="in_words")
    return Table(pd.DataFrame(rows, columns=list(columns)), Text("摘要", "Summary"), columns, lang)


def _project_sheets(study: LedgerStudy, lang: Language) -> list[Table]:
    """Return the projects as they stand, their lights, those that lag, and their dates."""
    words = {
        "rule_status": status_words(),
        "rule": {rule.id: rule.words for rule in written_rules()},
    }
    columns = WHO | measures_of("status", "rule_status", rule="status_rule")
    columns |= measures_of("is_overruled", "total_10k", "annual_plan_10k", ytd_done_10k="done_10k")
    columns |= measures_of("done_by_rule", "done_pct", "deviation_pp", "schedule_deviation_pp")
    columns |= measures_of("shortfall_10k", "n_open_issues") | CODE | PLACE
    lag = WHO | measures_of("status", "shortfall_10k", "done_pct", "causes")
    lag |= measures_of("next_unit", "next_action", "next_due", "is_overdue") | CODE | PLACE
    note = say("ledger.export_workbook.behind")
    dated = WHO | measures_of("status", **{name: f"projects.{name}" for name in DATES})
    dated |= measures_of("delay_finish_months", "delay_finish_months_latest", "delay_band")
    dated |= CODE | PLACE
    schedule = Text("工期", "Schedule")
    return [
        sheet(study.standing, Text("项目", "Projects"), columns, lang, words=words),
        *_light_sheets(study, lang),
        sheet(study.lag, Text("滞后清单", "Lag list"), lag, lang, note),
        sheet(study.standing, schedule, dated, lang, words={"delay_band": DELAY_BANDS}),
    ]


def _light_sheets(study: LedgerStudy, lang: Language) -> list[Table]:
    """Return the lights of the projects, and each part of each rule book with what it lacks."""
    named = study.standing[[PROJECT_CODE, *WHO]].drop_duplicates(PROJECT_CODE)
    rows = named.merge(study.board.projects.drop_duplicates(PROJECT_CODE), on=PROJECT_CODE)
    needs = needs_by_project(study.board.missing, lang=lang)
    rows = rows.assign(needs=needs.reindex(rows[PROJECT_CODE]).fillna("").to_numpy())
    columns: dict[str, Measure] = dict(WHO)
    for one in study.board.scales:
        if one.scale.subject == "projects":
            book, scale = one.preset.name, one.scale.name
            name = Text(f"{book.zh}：{scale.zh}", f"{book.en}: {scale.en}")
            columns[one.name] = Measure(one.name, name, format="light")
    columns |= measures_of("needs") | CODE
    note = say("ledger.export_workbook.meaning_of_colours")
    words = pd.DataFrame(
        [
            (scale_label(one), one.preset.scope, one.preset.validity, one.why_not)
            for one in study.board.scales
        ],
        columns=["label", "scope", "valid", "why"],
    )
    rules = measures_of(label="light_rule", scope="scope", valid="validity", why="needs")
    rules |= {name: replace(measure("n_projects"), name=light) for name, light in LIGHTS.items()}
    counted = words.join(scale_table(study.board))
    return [
        Table(rows, Text("亮灯", "Lights by project"), columns, lang, note, pinned=1),
        Table(counted, Text("亮灯规则", "Light rules"), rules, lang, pinned=1),
    ]


def _meeting_sheets(study: LedgerStudy, lang: Language) -> list[Table]:
    """Return what the next meeting has to speak of, and the sites to visit."""
    since, until = (
        month.end_time.normalize() for month in (month_before(study.as_of), study.as_of)
    )
    columns = measures_of(kind="agenda_kind", item="agenda_item", id="code_or_id")
    columns |= measures_of(title="agenda_about", owner="projects.unit", was="was", became="became")
    columns |= measures_of("day", "overdue_days") | PLACE
    rows = agenda(study.tables, since=since, until=until)
    words = {"kind": KINDS, "item": ITEMS, "was": status_words(), "became": status_words()}
    note = say("ledger.export_workbook.changed_between", since=since, until=until)
    sites = WHO | measures_of(area="projects.area", status="status")
    sites |= measures_of("shortfall_10k", "deviation_pp", "causes") | PLACE
    chosen = say("ledger.export_workbook.how_they_chosen", rule=visit_rule())
    return [
        sheet(rows, Text("会议议程", "Agenda"), columns, lang, note, words, pinned=0),
        sheet(study.visits, Text("督查名单", "Sites to visit"), sites, lang, chosen),
    ]


def _scores(study: LedgerStudy, by: Literal["unit", "lead"], lang: Language) -> Table:
    columns = measures_of(**{by: f"projects.{by}"}, n="n_projects", plan_10k="annual_plan_10k")
    columns |= measures_of("done_10k", "done_pct", "deviation_pp", "shortfall_10k")
    columns |= measures_of("n_behind", "n_open_issues", "n_overdue_tasks", "rank")
    note = Text("不足 3 个项目的不排序。", "Fewer than three projects are not ranked.")
    return sheet(study.cards[by], columns[by].name, columns, lang, note)
