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
    MOST,
    NAMED,
    UNIT,
    cause_words,
    cut_words,
    done_or_no_plan,
    names,
)
from faiwatch.view.tables import Table

_NOBODY = Text("未填", "not stated")


def agenda_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return what is new, overdue or escalated since the last meeting, by kind."""
    rows = study.agenda.head(MOST)
    whose = study.standing.set_index("project_code")["name"].reindex(rows["project_code"])
    late = rows["overdue_days"]
    # its words, or how the status of a project moved
    words = {name: text.in_language(lang) for name, text in status_words().items()}
    about = [
        f"{words[was]} → {words[became]}" if was in words and became in words else one_line(title)
        for title, was, became in zip(rows["title"], rows["was"], rows["became"], strict=True)
    ]
    frame = rows.assign(
        kind=[KINDS[one].in_language(lang) for one in rows["kind"]],
        item=[ITEMS[one].in_language(lang) for one in rows["item"]],
        name=names(whose.fillna(whose.index.to_series()).reset_index(drop=True)),
        what=about,
        owner=names(rows["owner"]),
        late=late.astype("object").where(late > 0, ""),
    )
    columns = measures_of(
        kind="agenda_kind", item="agenda_item", name="projects.name"
    ) | measures_of(what="agenda_about", owner="projects.unit", day="day", late="overdue_days")
    since = f"{study.meeting.day:%Y-%m-%d}"
    title = say("ledger.tables_agenda.agenda_since", since=since)
    cut, meeting = cut_words(study.agenda, MOST, "agenda.csv"), one_line(study.meeting.title)
    note = say(
        "ledger.tables_agenda.since_last_meeting",
        meeting=Text(meeting or "上期月末", meeting or "the end of the release before"),
        escalate_after=escalate_after(),
        cut=cut,
    )
    return Table(frame, title, columns, lang, note, "agenda.csv")


def visit_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the sites to visit, with the rule that chose them."""
    rows, words, rule = study.visits, status_words(), visit_rule()
    frame = rows.assign(
        status=[words[one].in_language(lang) for one in rows["status"]],
        causes=cause_words(rows["causes"], lang),
        **{name: names(rows[name]) for name in ("name", "area", "unit", "lead")},
    )
    columns = NAMED | measures_of(area="projects.area")
    columns |= measures_of("status", "shortfall_10k", "causes") | UNIT | LEAD
    note = say("ledger.tables_agenda.rule", rule=rule)
    return Table(frame, Text("督查名单", "Sites to visit"), columns, lang, note)


def stopped_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the projects that stand still, the longest first."""
    rows = study.stopped.head(MOST)
    frame = rows.assign(**{name: names(rows[name]) for name in ("name", "problem", "unit", "lead")})
    columns = NAMED | measures_of(stop_date="projects.stop_date", stopped_months="stopped_months")
    columns |= measures_of(left_10k="left_10k", problem="projects.problem") | UNIT | LEAD
    title = Text("停建项目", "Projects that stand still")
    cut = cut_words(study.stopped, MOST, "stopped.csv")
    return Table(frame, title, columns, lang, cut, "stopped.csv")


_CARD = (
    measures_of(rank="rank", n="n_projects")
    | measures_of("n_behind", "done_pct", "deviation_pp", shortfall_10k="net_shortfall_10k")
    | measures_of("n_open_issues", "n_overdue_tasks")
)


def card_table(study: LedgerStudy, by: Literal["unit", "lead"], *, lang: Language) -> Table:
    """Return the scorecard by unit or by lead official; those with few projects have no rank."""
    whole_card, file = study.cards[by], f"{by}s.csv"
    card, cut = whole_card.head(MOST), cut_words(whole_card, MOST, file)
    frame = card.assign(
        **{by: [one_line(str(one)) or _NOBODY.in_language(lang) for one in card[by]]},
        rank=["—" if pd.isna(one) else one for one in card["rank"]],
        done_pct=done_or_no_plan(card["done_pct"], card["plan_10k"]),
    )
    title = {
        "unit": Text("各责任单位", "Responsible units"),
        "lead": Text("包抓领导（内部）", "Lead officials (internal)"),
    }[by]
    note = say("ledger.tables_agenda.ranked_by_distance", fewest=FEWEST, cut=cut)
    return Table(frame, title, {"unit": UNIT, "lead": LEAD}[by] | _CARD, lang, note, file)
