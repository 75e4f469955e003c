"""Who acts: agenda, sites to visit, stopped projects, scorecards; for those who keep the ledger.

See :mod:`faiwatch.ledger.tables.main`.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.measures import measures_of
from faiwatch.ledger.agenda import ITEMS, KINDS, escalate_after, visit_rule
from faiwatch.ledger.charts.rows import one_line
from faiwatch.ledger.scorecards import FEWEST
from faiwatch.ledger.status import status_words
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tables.cells import (
    LEAD,
    NAMED,
    NOT_STATED,
    UNIT,
    cut,
    done_or_no_plan,
    names,
    told,
)
from faiwatch.view.tables import Table


def agenda_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return what is new, overdue or escalated since the last meeting, by kind."""
    rows, late = study.agenda, study.agenda["overdue_days"]
    whose = study.standing.set_index("project_code")["name"].reindex(rows["project_code"])
    # its words, or how the status of a project moved
    words = {name: text.in_language(lang) for name, text in status_words().items()}
    about = [
        f"{words[was]} → {words[became]}" if was in words and became in words else one_line(title)
        for title, was, became in zip(rows["title"], rows["was"], rows["became"], strict=True)
    ]
    columns = measures_of(kind="agenda_kind", item="agenda_item", name="projects.name")
    columns |= measures_of(what="agenda_about", owner="projects.unit")
    columns |= measures_of("day", late="overdue_days")
    frame = told(rows, columns, lang, {"kind": KINDS, "item": ITEMS}).assign(
        name=names(whose.fillna(whose.index.to_series())),
        what=about,
        late=late.astype("object").where(late > 0, ""),
    )
    title = say("ledger.tables_agenda.agenda_since", since=f"{study.meeting.day:%Y-%m-%d}")
    meeting = one_line(study.meeting.title)
    note = say(
        "ledger.tables_agenda.since_last_meeting",
        meeting=Text(meeting or "上期月末", meeting or "the end of the release before"),
        escalate_after=escalate_after(),
    )
    return cut(Table(frame, title, columns, lang, note, "agenda.csv"))


def visit_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the sites to visit, with the rule that chose them."""
    columns = NAMED | measures_of(area="projects.area")
    columns |= measures_of("status", "shortfall_10k", "causes") | UNIT | LEAD
    title = Text("督查名单", "Sites to visit")
    note = say("ledger.tables_agenda.rule", rule=visit_rule())
    return Table(told(study.visits, columns, lang), title, columns, lang, note)


def stopped_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the projects that stand still, the longest first."""
    columns = NAMED | measures_of(stop_date="projects.stop_date", stopped_months="stopped_months")
    columns |= measures_of(left_10k="left_10k", problem="projects.problem") | UNIT | LEAD
    title = Text("停建项目", "Projects that stand still")
    return cut(Table(told(study.stopped, columns, lang), title, columns, lang, file="stopped.csv"))


_CARD = (
    measures_of(rank="rank", n="n_projects")
    | measures_of("n_behind", "done_pct", "deviation_pp", shortfall_10k="net_shortfall_10k")
    | measures_of("n_open_issues", "n_overdue_tasks")
)


def card_table(study: LedgerStudy, by: Literal["unit", "lead"], *, lang: Language) -> Table:
    """Return the scorecard by unit or by lead official; those with few projects have no rank."""
    card = study.cards[by]
    title, column = {
        "unit": (Text("各责任单位", "Responsible units"), UNIT),
        "lead": (Text("包抓领导（内部）", "Lead officials (internal)"), LEAD),
    }[by]
    frame = card.assign(
        **{by: [one_line(str(one)) or NOT_STATED.in_language(lang) for one in card[by]]},
        rank=["—" if pd.isna(one) else one for one in card["rank"]],
        done_pct=done_or_no_plan(card["done_pct"], card["plan_10k"]),
    )
    note = say("ledger.tables_agenda.ranked_by_distance", fewest=FEWEST)
    return cut(Table(frame, title, column | _CARD, lang, note, f"{by}s.csv"))
