"""Tables of the register of work; for those who keep the ledger.

One table serves page and workbook: the page shows its first rows (`most`), the workbook all of
them. See :mod:`faiwatch.ledger.tables.main`.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.core.phrases import say, with_stop
from faiwatch.core.text import NOTHING, Language, Text
from faiwatch.data.measures import measures_of
from faiwatch.ledger.agenda import ITEMS
from faiwatch.ledger.contracts import STEPS
from faiwatch.ledger.notices import STATES as NOTICE_STATES
from faiwatch.ledger.parks import PARTS
from faiwatch.ledger.road_map import KINDS
from faiwatch.ledger.road_map import STATES as ROAD_STATES
from faiwatch.ledger.status import status_words
from faiwatch.ledger.tables.cells import NAMED, PLACE, UNIT, told
from faiwatch.ledger.work import Work
from faiwatch.ledger.work_list import CARRIED_OUT, ladder_words, step_words
from faiwatch.view.tables import NO_NOTE, Table

_DAYS = measures_of(age="age_days", late="overdue_days")
_BLANK = Text("", "")  # where a number is not known: an item may have no day


def open_table(work: Work, *, lang: Language) -> Table:
    """Return what is open: whose it is, for how long, and the next step by the ladder."""
    columns = measures_of(item="agenda_item", id="code_or_id", title="agenda_about")
    columns |= measures_of(source="work_source", owner="projects.unit", due="next_due") | _DAYS
    columns |= measures_of(step="work_step") | PLACE
    frame = told(_with_days(work.open), columns, lang, {"item": ITEMS, "step": step_words()})
    title, note = Text("未办结事项", "What is open"), with_stop(ladder_words())
    return Table(frame, title, columns, lang, note, "open_items.csv", missing=_BLANK)


def decision_table(work: Work, *, lang: Language) -> Table:
    """Return the decisions of meetings, and whether they are carried out."""
    return _decisions(work.decisions, Text("会议议定事项", "Decisions of meetings"), lang)


def last_decision_table(work: Work, *, lang: Language) -> Table:
    """Return what the last meeting decided."""
    return _decisions(work.decided, Text("上次会议议定事项", "Decided last time"), lang)


def _decisions(rows: pd.DataFrame, title: Text, lang: Language) -> Table:
    fields = ("date", "meeting", "decision", "unit", "due", "done")
    columns = measures_of(**{name: f"minutes.{name}" for name in fields})
    columns |= measures_of(state="work_state") | _DAYS
    columns |= measures_of(result="minutes.result") | PLACE
    frame = told(_with_days(rows), columns, lang, {"state": CARRIED_OUT})
    return Table(frame, title, columns, lang, file="decisions.csv", missing=_BLANK)


def notice_figure_table(work: Work, *, lang: Language) -> Table:
    """Return how many notices and problems there are, by direction."""
    columns = measures_of(direction="notices.direction") | measures_of(
        "n_notices", "n_problems", "n_open", "n_overdue", "n_without_due", "n_closed"
    )
    columns |= measures_of("closure_rate_pct", "n_without_evidence")
    title = Text("督导通知汇总", "Notices, counted")
    note = Text("一个通知可有多个问题，各项按问题计。", "A notice may hold several problems.")
    return Table(told(work.notice_figures, columns, lang), title, columns, lang, note)


def notice_table(work: Work, *, lang: Language) -> Table:
    """Return the problems of notices: overdue ones first, then open, then closed."""
    order = work.notices["state"].map(["overdue", "open", "closed"].index)
    late = work.notices["overdue_days"].fillna(0)
    ordered = work.notices.assign(order=order, late=-late).sort_values(
        ["order", "late"], kind="stable"
    )
    fields = ["direction", "date", "title", "document_no", "sender", "receiver", "problem"]
    fields += ["measure", "owner_unit", "due", "closed"]
    columns = measures_of(**{name: f"notices.{name}" for name in fields})
    columns |= measures_of(state="work_state") | _DAYS
    columns |= measures_of(evidence="notices.evidence") | PLACE
    frame = told(_with_days(ordered), columns, lang, {"state": NOTICE_STATES})
    title = Text("督导通知办理台账", "Notices, one by one")
    return Table(frame, title, columns, lang, file="notices.csv", missing=_BLANK)


def lead_figure_table(work: Work, *, lang: Language) -> Table:
    """Return the numbers of each official who leads projects."""
    columns = measures_of(official="leads.official", post="leads.post", n_projects="n_projects")
    columns |= measures_of("n_not_found", "visits", "visits_n", "solved", "solved_n")
    columns |= measures_of(reported="leads.reported")
    note = Text(
        "到场次数、解决问题数为填报数，只加填了的行；未填的超过5%的为待补。",
        "Visits and problems solved are as reported, over the rows that tell them; where more "
        "than 5 % do not, the sum is not available.",
    )
    title = Text("领导包抓汇总", "Officials and what they lead")
    return Table(told(work.lead_figures, columns, lang), title, columns, lang, note)


def lead_list_table(work: Work, *, lang: Language) -> Table:
    """Return every project that an official leads, and where it stands."""
    columns = measures_of(official="leads.official", project="projects.name", status="status")
    columns |= measures_of("shortfall_10k", "visits", "solved", reported="leads.reported") | PLACE
    status = {**status_words(), "": Text("项目表中没有", "in no sheet of projects")}
    frame = told(work.leads, columns, lang, {"status": status})
    title = Text("包抓项目", "Projects led")
    return Table(frame, title, columns, lang, file="lead_projects.csv", missing=_BLANK)


def stage_table(work: Work, *, lang: Language) -> Table:
    """Return the projects in reserve by stage."""
    columns = measures_of(stage="pipeline.stage", n="n_projects", total_10k="total_10k")
    columns |= measures_of("n_unknown_total")
    title = Text("谋划储备项目，按阶段", "Reserve, by stage")
    note = Text("总投资只加填了的项目。", "Total investment is over the projects that tell it.")
    return Table(told(work.stages, columns, lang), title, columns, lang, note)


def reserve_table(work: Work, *, lang: Language) -> Table:
    """Return the projects in reserve one by one, by stage."""
    rows = work.reserve.assign(
        year=[f"{year:.0f}" if year > 0 else "" for year in work.reserve["plan_year"]]
    )
    fields = ("name", "stage", "category", "unit", "total_investment", "planned_start")
    columns = measures_of(**{name: f"pipeline.{name}" for name in fields})
    columns |= measures_of(year="pipeline.plan_year") | PLACE
    title = Text("谋划储备项目", "Projects in reserve")
    return Table(told(rows, columns, lang), title, columns, lang, file="pipeline.csv")


def conversion_table(work: Work, *, lang: Language) -> Table:
    """Return how many projects of the reserve moved on, month by month."""
    columns = measures_of("month", "n_waiting", "n_came", "n_moved_on", "n_moved_back")
    columns |= measures_of(n_started="n_reserve_started")
    columns |= measures_of("n_dropped", "n_left", start_pct="reserve_start_pct")
    note = Text(
        "各月与前一张表相比；储备项目开工率＝已开工÷上张表中未开工、未退出的项目。",
        "Each month against the sheet before; the start rate is over those that had neither "
        "started nor been dropped.",
    )
    title = Text("储备项目转化", "Reserve, moves by month")
    return Table(work.conversions, title, columns, lang, note)


def project_stage_table(work: Work, *, lang: Language) -> Table:
    """Return the projects of the ledger by stage, and how many moved on since the sheet before."""
    moved, note = work.projects_moved, NO_NOTE
    columns = measures_of(stage="projects.stage", n="n_projects")
    columns |= measures_of("total_10k", plan_10k="annual_plan_10k")
    if moved is not None:
        note = say(
            "ledger.tables_work.started_since",
            n_waiting=moved.n_waiting,
            n_waiting_started=moved.n_waiting_started,
            n_started=moved.n_started,
            n_started_in_production=moved.n_started_in_production,
        )
    frame = told(work.projects_by_stage, columns, lang)
    return Table(frame, Text("台账项目，按阶段", "Ledger, by stage"), columns, lang, note)


def park_figure_table(work: Work, *, lang: Language) -> Table:
    """Return what all parks come to."""
    parts = {part: words for part, (words, *_) in PARTS.items()}
    columns = measures_of(part="part", planned="planned", done="done", done_pct="share_done_pct")
    columns |= measures_of(n="n_parks", n_known="n_parks_known")
    note = Text(
        "只加计划数、完成数都填了的园区；只填一项的超过5%的，完成比例为待补。",
        "Over the parks that tell both figures; where more than 5 % tell one only, the share is "
        "not available.",
    )
    frame = told(work.park_figures, columns, lang, {"part": parts})
    return Table(frame, Text("园区建设汇总", "All parks"), columns, lang, note)


def park_table(work: Work, *, lang: Language) -> Table:
    """Return each park: infrastructure, land, funds, problems."""
    columns = measures_of(name="parks.name", works_plan="parks.works_plan")
    columns |= measures_of(works_done="parks.works_done", works_pct="share_done_pct")
    columns |= measures_of("land_plan", "land_done", land_pct="land_pct")
    columns |= measures_of(funds_plan="parks.funds_plan", funds_arrived="parks.funds_arrived")
    columns |= measures_of(funds_pct="arrived_pct", problem="parks.problem") | PLACE
    title = Text("各园区建设情况", "Park by park")
    return Table(told(work.parks, columns, lang), title, columns, lang)


def contract_table(work: Work, *, lang: Language) -> Table:
    """Return the contracts signed this year by name, and how far they have come."""
    columns = measures_of(name="contracts.name", investor="contracts.investor")
    columns |= measures_of(amount_10k="contracts.amount", signed="contracts.signed")
    columns |= measures_of(step="step", step_day="day", arrived_10k="contracts.arrived")
    columns |= measures_of("arrived_pct") | PLACE
    title = Text("今年签约项目", "Contracts signed this year")
    frame = told(work.contracts, columns, lang, {"step": STEPS})
    return Table(frame, title, columns, lang, file="contract_list.csv")


def match_table(work: Work, *, lang: Language) -> Table:
    """Return the local match of each project that needs it, what is lacking most first."""
    columns = NAMED | UNIT | measures_of(needed_10k="projects.local_match")
    columns |= measures_of(paid_10k="projects.local_match_arrived")
    columns |= measures_of("lacking_10k", paid_pct="arrived_pct") | PLACE
    title = Text("地方配套，按尚缺排序", "Local match by project")
    return Table(told(work.match, columns, lang), title, columns, lang, file="local_match.csv")


def cross_county_table(work: Work, *, lang: Language) -> Table:
    """Return the projects in two or more counties, and their completion."""
    found, further = work.cross_county, NOTHING
    columns = NAMED | measures_of(area="projects.area") | UNIT | measures_of("status", "total_10k")
    columns |= measures_of("cum_done_10k", "cum_done_pct", "done_pct") | PLACE
    if found.n_untold:
        further = say("ledger.tables_work.untold_counties", n=found.n_untold)
    note = say(
        "ledger.tables_work.cross_county", n=found.n, n_completed=found.n_completed, further=further
    )
    frame = told(found.projects, columns, lang)
    title = Text("跨县区项目", "Projects in several counties")
    return Table(frame, title, columns, lang, note, "cross_county.csv")


def measure_count_table(work: Work, *, lang: Language) -> Table:
    """Return business environment measures by kind and state."""
    columns = measures_of(kind="measures.kind", drafting="n_drafting", in_force="n_in_force")
    columns |= measures_of(done="n_measures_done", untold="n_untold", n="n_measures")
    title = Text("营商环境举措汇总", "Business environment, counted")
    return Table(told(work.measure_counts, columns, lang), title, columns, lang)


def measure_table(work: Work, *, lang: Language) -> Table:
    """Return the business environment measures."""
    fields = ("title", "kind", "state", "date", "unit")
    columns = measures_of(**{name: f"measures.{name}" for name in fields}) | PLACE
    title, frame = Text("营商环境举措", "Business environment measures"), work.measures
    file = "business_environment.csv"
    return Table(told(frame, columns, lang), title, columns, lang, file=file)


def road_table(work: Work, *, lang: Language) -> Table:
    """Return what must happen, day by day."""
    rows = work.road_map.assign(late=_no_zero(work.road_map["late_days"]))
    columns = measures_of("month", "day", kind="agenda_item", item="agenda_about")
    columns |= measures_of(owner="projects.unit", state="work_state", done="tasks.done")
    columns |= measures_of(late="overdue_days") | PLACE
    frame = told(rows, columns, lang, {"kind": KINDS, "state": ROAD_STATES})
    title = Text("逐项时间表", "Timetable, item by item")
    return Table(frame, title, columns, lang, file="road_map.csv", missing=_BLANK)


def month_table(work: Work, *, lang: Language) -> Table:
    """Return how much must happen in each month; its note counts what is in later ones."""
    columns = measures_of("month", n="n_items", done="n_items_done", late="n_items_late")
    columns |= measures_of(due="n_items_due")
    later = len(work.road_map) - int(work.months["n"].sum())
    note = say("ledger.tables_work.later_left_out", later=later) if later else NO_NOTE
    return Table(work.months, Text("各月事项", "Month by month"), columns, lang, note)


def _with_days(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(age=rows["age_days"], late=_no_zero(rows["overdue_days"]))


def _no_zero(days: pd.Series) -> pd.Series:
    return days.astype("float64").where(days > 0)
