"""Findings of the register of work: the notice answered, decisions, leads, tasks, the pipeline.

Method: ``docs/methods/briefing.md``. Every one is a count or a sum over rows of one table; names
are told as the rows have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pandas as pd

from faiwatch.briefing.definitions import WORK
from faiwatch.briefing.filling import Material, listed, no_table, over, trimmed
from faiwatch.briefing.lists import day_words, event_finding, titled
from faiwatch.briefing.timetable import AHEAD, TARGETS, ahead_findings, target_findings
from faiwatch.core.finding import Finding
from faiwatch.core.phrases import joined, percent_phrase, say
from faiwatch.core.text import NOTHING, Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.parameter_types import NONE
from faiwatch.ledger.coverage import coverage_of, state_of
from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger.parks import PARTS, with_shares
from faiwatch.ledger.register import task_list
from faiwatch.ledger.reserve import GONE, by_stage
from faiwatch.ledger.schedule import time_pct
from faiwatch.ledger.sheets import PER_100M, total_10k
from faiwatch.ledger.study import MEETINGS
from faiwatch.ledger.work_list import decision_list

_LETTER = ("notice", "addressee", "issuer", "report_date")
_EVENTS = ("n_meetings", "meeting_after_review", "n_events_planned")
_MINUTES = ("n_joint_meetings", "n_decisions", "n_decisions_done", "n_decisions_overdue")
_LEADS = ("n_leads", "n_led", "lead_visits", "lead_solved", "n_leads_reported")
_TASKS = ("n_tasks", "n_tasks_done", "n_tasks_overdue")
_PIPELINE = ("n_pipeline", "pipeline_investment", "n_pipeline_ready", "n_pipeline_next")
_PARKS = ("n_parks", "n_parks_behind")
_PARK_WORDS = {
    "works": Text("基础设施完成年度计划的{}", "infrastructure at {} of the plan"),
    "land": Text("征迁土地完成{}", "land cleared {}"),
    "funds": Text("计划资金到位{}", "funds in place {}"),
}
_MEASURES = ("n_measures_in_force", "n_measures_drafting")


def work_findings(material: Material) -> Iterator[Finding]:
    """Yield the findings of the register of work; without its table each says which is missing."""
    parts = {
        "notices": (_LETTER, _letter),
        "events": (_EVENTS, _events),
        "minutes": (_MINUTES, _minutes),
        "leads": (_LEADS, _leads),
        "targets": (TARGETS, target_findings),
        "tasks": (_TASKS, _tasks),
        "pipeline": (_PIPELINE, _pipeline),
        "parks": (_PARKS, _parks),
        "measures": (_MEASURES, _measures),
    }
    assert {*chain(*(ids for ids, _ in parts.values())), *AHEAD} == set(WORK)
    for table, (ids, told) in parts.items():
        if table == "notices" or table in material.ledger:  # what a letter says may be given
            yield from told(material)
        else:
            yield from (material.lacking(id, no_table(table)) for id in ids)
    if material.ledger:
        yield from ahead_findings(material)
    else:
        yield from (material.lacking(id, no_table("tasks")) for id in AHEAD)


def _letter(material: Material) -> Iterator[Finding]:
    """Yield what the report answers, to whom, from whom and of which day.

    The last notice from above counts that came before the end of the month after: a report of a
    month is written in the next.
    """
    asked, table = material.parameters, material.ledger.get("notices")
    missing, last = no_table("notices"), pd.DataFrame()
    if table is not None:
        written_by = (material.month + 1).end_time
        came = table[table["direction"].eq("from_above") & table["date"].le(written_by)]
        last = came.sort_values("date", kind="stable").tail(1)
        missing = Text("督导通知表没有上级来文", "the table of notices has none from above")
    if last.empty:
        yield material.lacking("notice", missing)
    else:
        row = last.iloc[0]
        sender, title, number = (str(row[name]) for name in ("sender", "title", "document_no"))
        named = titled(title, number)
        yield material.finding(
            "notice",
            title,
            material.cells(last, "title", "date"),
            words=named,
            phrase=say("briefing.work.notice_from", sender=sender, named=named),
        )
    for id, given, field in (
        ("addressee", asked.addressee, "sender"),
        ("issuer", asked.issuer, "receiver"),
    ):
        told = given if given != NONE else ("" if last.empty else str(last[field].iloc[0]))
        if told:
            rows = material.cells(last, field) if given == NONE else ()
            yield material.finding(id, told, rows, words=Text(told, told))
        else:
            yield material.lacking(id, missing)
    if asked.report_date == NONE:
        unsigned = Text(
            "成文日期以签发之日为准，签发时用参数 report_date 填写",
            "a report has the day on which it is signed: give it then, as report_date",
        )
        yield material.lacking("report_date", unsigned)
    else:
        words = day_words(pd.Timestamp(asked.report_date), with_year=True)
        yield material.finding("report_date", asked.report_date, words=words)


def _events(material: Material) -> Iterator[Finding]:
    table, end = material.ledger["events"], material.month.end_time
    dated = table.sort_values("date", kind="stable")
    of_year = dated[dated["date"].between(pd.Timestamp(material.month.year, 1, 1), end)]
    meetings = of_year[of_year["type"].isin(MEETINGS)]
    yield event_finding(material, "n_meetings", meetings)
    reviewed = of_year.loc[of_year["type"].eq("site_review"), "date"].max()
    after = meetings[meetings["date"] > reviewed]  # none where none was reviewed
    if after.empty:
        none = Text("观摩之后没有会议记录", "no meeting after the site review is recorded")
        yield material.lacking("meeting_after_review", none)
    else:
        last = after.tail(1)
        told = event_finding(material, "meeting_after_review", last)
        yield told.model_copy(update={"value": f"{last['date'].iloc[0]:%Y-%m-%d}"})
    yield event_finding(material, "n_events_planned", dated[dated["date"] > end])


def _minutes(material: Material) -> Iterator[Finding]:
    decisions = decision_list(material.ledger["minutes"], as_of=material.month)
    rows = decisions[decisions["date"].dt.year.eq(material.month.year)]
    rows = rows.sort_values(["file", "sheet", "row"])  # as they stand in the ledger
    meetings = rows.drop_duplicates(["date", "meeting"])
    names = listed(meetings["meeting"].drop_duplicates())
    yield material.counted("n_joint_meetings", meetings, "date", names=names)
    done, overdue = (rows[rows["state"].eq(state)] for state in ("done", "overdue"))
    yield material.counted("n_decisions", rows, "decision", named="decision")
    yield material.counted("n_decisions_done", done, "done", named="decision")
    yield material.counted("n_decisions_overdue", overdue, "decision", named="decision")


def _leads(material: Material) -> Iterator[Finding]:
    rows = latest_rows(material.ledger["leads"], material.month)
    yield material.counted("n_leads", rows.drop_duplicates("official"), "official")
    yield material.finding("n_led", rows["project"].nunique(), material.cells(rows, "project"))
    for id, field in (("lead_visits", "visits"), ("lead_solved", "solved")):
        yield _sum(material, id, "leads", rows, field)
    said = rows[rows["reported"].le(material.month.end_time)].drop_duplicates("official")
    yield material.counted("n_leads_reported", said, "reported")


def _tasks(material: Material) -> Iterator[Finding]:
    found = task_list(material.ledger["tasks"], material.ledger.get("issues"), as_of=material.month)
    yield material.counted("n_tasks", found, "title")
    yield material.counted("n_tasks_done", found[found["is_done"]], "done")
    yield material.counted("n_tasks_overdue", found[found["overdue_days"] > 0], "due")


def _pipeline(material: Material) -> Iterator[Finding]:
    rows = latest_rows(material.ledger["pipeline"], material.month)
    waiting = rows[~rows["stage"].isin(GONE)]
    stages = by_stage(waiting).set_index("stage")["n"]
    labels = ledger_tables()["pipeline"].fields["stage"].choices
    told = [
        say("briefing.work.counted", what=one.label, n=n)
        for one in labels
        if (n := stages[one.value])
    ]
    yield material.counted("n_pipeline", waiting, "stage", told=joined(told, "、", ", "))
    yield _sum(material, "pipeline_investment", "pipeline", waiting, "total_investment")
    yield material.counted("n_pipeline_ready", waiting[waiting["stage"].eq("ready")], "stage")
    following = waiting[waiting["plan_year"].eq(material.month.year + 1)]
    yield material.counted("n_pipeline_next", following, "plan_year")


def _parks(material: Material) -> Iterator[Finding]:
    """Yield how many parks there are, and those whose works are behind even pace, each told."""
    rows = with_shares(latest_rows(material.ledger["parks"], material.month))
    yield material.counted("n_parks", rows, "name")
    blank = rows[rows["works_pct"].isna()]
    behind = rows[rows["works_pct"] < time_pct(material.month)]
    if len(blank):
        which = material.blank("parks", blank, "works_done")
        why = which or material.blank("parks", blank, "works_plan") or NOTHING
        yield material.lacking("n_parks_behind", why)
        return
    told = []
    for _, row in behind.iterrows():
        zh, en = [], []
        for part, words in _PARK_WORDS.items():
            if pd.notna(share := row[f"{part}_pct"]):
                shown = percent_phrase(share)
                zh.append(words.zh.format(shown.zh))
                en.append(words.en.format(shown.en))
        problem = trimmed(row["problem"])
        zh_why, en_why = (f"（{problem}）", f" (“{problem}”)") if problem else ("", "")
        name = row["name"]
        told.append(Text(f"{name}{'，'.join(zh)}{zh_why}", f"{name}: {', '.join(en)}{en_why}"))
    fields = [name for _, plan, done in PARTS.values() for name in (done, plan)]
    yield material.counted("n_parks_behind", behind, *fields, told=joined(told))


def _measures(material: Material) -> Iterator[Finding]:
    rows = latest_rows(material.ledger["measures"], material.month)
    for id, state in (("n_measures_in_force", "in_force"), ("n_measures_drafting", "drafting")):
        chosen = rows[rows["state"].eq(state)]
        kinds = zip(chosen["title"], chosen["kind"], strict=True)
        names = listed(title if kind == "action" else titled(title).zh for title, kind in kinds)
        yield material.counted(id, chosen, "title", names=names)


def _sum(material: Material, id: str, table: str, rows: pd.DataFrame, field: str) -> Finding:
    """Return the sum of a column, with its coverage; missing where too much of it is blank."""
    cells = rows[field]
    coverage = coverage_of(cells.notna(), weight=cells)
    if state_of(coverage) == "missing":
        return material.lacking(id, material.blank(table, rows, field) or NOTHING)
    is_money = ledger_tables()[table].fields[field].kind == "money"
    value = total_10k(cells) / PER_100M if is_money else float(cells.sum())
    return over(material.finding(id, value, material.cells(rows, field)), coverage)
