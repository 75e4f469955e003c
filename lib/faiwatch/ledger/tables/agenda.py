"""Who acts: agenda, sites to visit, stopped projects, scorecards; for those who keep the ledger.

See :mod:`faiwatch.ledger.tables.main`.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from faiwatch.core.text import Language, Text, number, percent
from faiwatch.ledger.agenda import ESCALATE_AFTER_DAYS, ITEMS, KINDS, visit_rule
from faiwatch.ledger.charts.rows import one_line
from faiwatch.ledger.scorecards import FEWEST
from faiwatch.ledger.status import status_words
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tables.cells import (
    BEHIND,
    CAUSES,
    LEAD,
    MOST,
    NAME,
    NO_PLAN,
    STATUS,
    UNIT,
    cause_words,
    cut_words,
    days,
    names,
    whole,
)
from faiwatch.view.tables import Table

_NOBODY = Text("未填", "not stated")


def agenda_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return what is new, overdue or escalated since the last meeting, by kind."""
    rows = study.agenda.head(MOST)
    whose = study.standing.set_index("project_code")["name"].reindex(rows["project_code"])
    frame = pd.DataFrame(
        {
            "kind": [KINDS[one].in_language(lang) for one in rows["kind"]],
            "item": [ITEMS[one].in_language(lang) for one in rows["item"]],
            "name": names(whose.fillna(whose.index.to_series()).reset_index(drop=True)),
            "what": _about(rows, lang),
            "owner": names(rows["owner"]),
            "day": days(rows["day"]),
            "late": [number(one, lang, 0) if one > 0 else "" for one in rows["overdue_days"]],
        }
    )
    labels = {
        "kind": Text("事由", "Why"),
        "item": Text("类型", "What"),
        "name": NAME,
        "what": Text("内容", "About"),
        "owner": UNIT,
        "day": Text("日期", "Day"),
        "late": Text("逾期（天）", "Days overdue"),
    }
    since = f"{study.meeting.day:%Y-%m-%d}"
    title = Text(f"议程：{since} 以来", f"Agenda: since {since}")
    return Table(frame, title, labels, _agenda_note(study), "agenda.csv")


def _about(rows: pd.DataFrame, lang: Language) -> list[str]:
    """Return what an item is about: its words, or how the status of a project moved."""
    words = {name: text.in_language(lang) for name, text in status_words().items()}
    return [
        f"{words[was]} → {words[became]}" if was in words and became in words else one_line(title)
        for title, was, became in zip(rows["title"], rows["was"], rows["became"], strict=True)
    ]


def _agenda_note(study: LedgerStudy) -> Text:
    cut, title = cut_words(study.agenda, MOST, "agenda.csv"), one_line(study.meeting.title)
    return Text(
        f"从上次会议（{title or '上期月末'}）算起，不含当天。逾期超过 {ESCALATE_AFTER_DAYS} 天或"
        f"状态变坏的，提请升级。{cut.zh}",
        f"Since the last meeting ({title or 'the end of the release before'}), that day not "
        f"counted. What is overdue by more than {ESCALATE_AFTER_DAYS} days, or has become worse, "
        f"is passed up. {cut.en}",
    )


def visit_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the sites to visit, with the rule that chose them."""
    rows, words, rule = study.visits, status_words(), visit_rule()
    frame = pd.DataFrame(
        {
            "name": names(rows["name"]),
            "area": names(rows["area"]),
            "status": [words[one].in_language(lang) for one in rows["status"]],
            "shortfall": whole(rows["shortfall_10k"], lang),
            "causes": cause_words(rows["causes"], lang),
            "unit": names(rows["unit"]),
            "lead": names(rows["lead"]),
        }
    )
    labels = {
        "name": NAME,
        "area": Text("片区", "Area"),
        "status": STATUS,
        "shortfall": BEHIND,
        "causes": CAUSES,
        "unit": UNIT,
        "lead": LEAD,
    }
    note = Text(f"选取规则：{rule.zh}。", f"Rule: {rule.en}.")
    return Table(frame, Text("督查名单", "Sites to visit"), labels, note)


def stopped_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the projects that stand still, the longest first."""
    rows = study.stopped.head(MOST)
    frame = pd.DataFrame(
        {
            "name": names(rows["name"]),
            "since": days(rows["stop_date"]),
            "months": [number(one, lang, 0) for one in rows["stopped_months"]],
            "left": whole(rows["left_10k"], lang),
            "problem": names(rows["problem"]),
            "unit": names(rows["unit"]),
            "lead": names(rows["lead"]),
        }
    )
    labels = {
        "name": NAME,
        "since": Text("停建日期", "Stopped on"),
        "months": Text("已停（月）", "Months"),
        "left": Text("未完成投资（万元）", "Not done yet (10,000 yuan)"),
        "problem": Text("存在问题", "Problem"),
        "unit": UNIT,
        "lead": LEAD,
    }
    title = Text("停建项目", "Projects that stand still")
    return Table(frame, title, labels, cut_words(study.stopped, MOST, "stopped.csv"), "stopped.csv")


_CARD = {
    "rank": Text("位次", "Rank"),
    "n": Text("项目数", "Projects"),
    "behind": Text("滞后", "Lagging"),
    "done": Text("完成年度计划", "Of the plan"),
    "deviation": Text("与均衡进度比（百分点）", "Against even pace (pp)"),
    "shortfall": Text("净差额（万元）", "Net behind (10,000 yuan)"),
    "issues": Text("未销号问题", "Open issues"),
    "tasks": Text("逾期任务", "Tasks overdue"),
}


def card_table(study: LedgerStudy, by: Literal["unit", "lead"], *, lang: Language) -> Table:
    """Return the scorecard by unit or by lead official; those with few projects have no rank."""
    whole_card, file = study.cards[by], f"{by}s.csv"
    card, cut = whole_card.head(MOST), cut_words(whole_card, MOST, file)
    head = {"unit": UNIT, "lead": LEAD}[by]
    frame = pd.DataFrame(
        {
            by: [one_line(str(one)) or _NOBODY.in_language(lang) for one in card[by]],
            "rank": ["—" if pd.isna(one) else number(one, lang, 0) for one in card["rank"]],
            "n": [number(one, lang, 0) for one in card["n"]],
            "behind": [number(one, lang, 0) for one in card["n_behind"]],
            "done": [
                NO_PLAN.in_language(lang) if plan == 0 else percent(one, lang)
                for one, plan in zip(card["done_pct"], card["plan_10k"], strict=True)
            ],
            "deviation": [number(one, lang) for one in card["deviation_pp"]],
            "shortfall": whole(card["shortfall_10k"], lang),
            "issues": [number(one, lang, 0) for one in card["n_open_issues"]],
            "tasks": [number(one, lang, 0) for one in card["n_overdue_tasks"]],
        }
    )
    title = {
        "unit": Text("责任单位", "Units"),
        "lead": Text("包抓领导（内部）", "Lead officials (internal)"),
    }[by]
    note = Text(
        f"位次按与均衡进度的差距；不足 {FEWEST} 个项目的不排位次。净差额为负即总体超前。{cut.zh}",
        f"Ranked by the distance from even pace; those with fewer than {FEWEST} projects are not. "
        f"Net behind: negative is ahead on the whole. {cut.en}",
    )
    return Table(frame, title, {by: head} | _CARD, note, file)
