"""Tables of the register of work; for those who keep the ledger.

One table serves page and workbook: the page shows its first rows (`most`), the workbook all of
them. See :mod:`faiwatch.ledger.tables.main`.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.core.phrases import row_phrase, say
from faiwatch.core.text import NOTHING, Language, Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.measures import measures_of
from faiwatch.ledger.agenda import ITEMS
from faiwatch.ledger.contracts import STEPS
from faiwatch.ledger.notices import STATES as NOTICE_STATES
from faiwatch.ledger.parks import PARTS
from faiwatch.ledger.pipeline import CAME, LEFT, UNTOLD
from faiwatch.ledger.road_map import KINDS
from faiwatch.ledger.road_map import STATES as ROAD_STATES
from faiwatch.ledger.schedule import MONTHS
from faiwatch.ledger.status import status_words
from faiwatch.ledger.tables.cells import NAMED, UNIT, cut_words, names
from faiwatch.ledger.work import CrossCounty, Work
from faiwatch.ledger.work_list import CARRIED_OUT, ladder_words, step_words
from faiwatch.view.tables import NO_NOTE, Table, in_words

_NOT_TOLD = {
    "": Text("未填", "not stated"),
    UNTOLD: Text("未填", "not stated"),
    CAME: Text("本月新列", "not listed then"),
    LEFT: Text("本月未列", "not listed now"),
}
_PLACE = measures_of(place="ledger_place")
_DAYS = measures_of(age="age_days", late="overdue_days")


def open_table(work: Work, *, lang: Language, most: int | None = None) -> Table:
    """Return what is open: whose it is, for how long, and the next step by the ladder."""
    rows, cut = _cut(work.open, most, "open_items.csv")
    frame = _with_days(rows, lang).assign(
        item=in_words(rows["item"], ITEMS, lang),
        id=names(rows["id"]),
        title=names(rows["title"]),
        source=names(rows["source"]),
        owner=names(rows["owner"]),
        step=in_words(rows["step"], step_words(), lang),
    )
    columns = measures_of(item="agenda_item", id="code_or_id", title="agenda_about")
    columns |= measures_of(source="work_source", owner="projects.unit", due="next_due") | _DAYS
    columns |= measures_of(step="work_step") | _PLACE
    rule = ladder_words()
    note = Text(f"{rule.zh}。{cut.zh}", f"{rule.en}. {cut.en}")
    title = Text("未办结事项", "What is open")
    return Table(frame, title, columns, lang, note, "open_items.csv", missing=_BLANK)


def decision_table(
    decisions: pd.DataFrame, title: Text, *, lang: Language, most: int | None = None
) -> Table:
    """Return decisions of meetings, and whether they are carried out."""
    rows, cut = _cut(decisions, most, "decisions.csv")
    frame = _with_days(rows, lang).assign(
        state=in_words(rows["state"], CARRIED_OUT, lang),
        **{name: names(rows[name]) for name in ("meeting", "decision", "unit", "result")},
    )
    fields = ("date", "meeting", "decision", "unit", "due", "done")
    columns = measures_of(**{name: f"minutes.{name}" for name in fields})
    columns |= measures_of(state="work_state") | _DAYS
    columns |= measures_of(result="minutes.result") | _PLACE
    return Table(frame, title, columns, lang, cut, "decisions.csv", missing=_BLANK)


def notice_figure_table(work: Work, *, lang: Language) -> Table:
    """Return how many notices and problems there are, by direction."""
    rows = work.notice_figures
    frame = rows.assign(direction=_choices(rows["direction"], "notices", lang))
    columns = measures_of(direction="notices.direction") | measures_of(
        "n_notices", "n_problems", "n_open", "n_overdue", "n_without_due", "n_closed"
    )
    columns |= measures_of("closure_rate_pct", "n_without_evidence")
    title = Text("督导通知汇总", "Notices, counted")
    note = Text("一个通知可有多个问题，各项按问题计。", "A notice may hold several problems.")
    return Table(frame, title, columns, lang, note)


def notice_table(work: Work, *, lang: Language, most: int | None = None) -> Table:
    """Return the problems of notices: overdue ones first, then open, then closed."""
    order = work.notices["state"].map(["overdue", "open", "closed"].index)
    late = work.notices["overdue_days"].fillna(0)
    ordered = work.notices.assign(order=order, late=-late)
    rows, cut = _cut(ordered.sort_values(["order", "late"], kind="stable"), most, "notices.csv")
    words = ("title", "document_no", "sender", "receiver", "problem", "measure", "evidence")
    frame = _with_days(rows, lang).assign(
        direction=_choices(rows["direction"], "notices", lang),
        state=in_words(rows["state"], NOTICE_STATES, lang),
        **{name: names(rows[name]) for name in (*words, "owner_unit")},
    )
    fields = ["direction", "date", *words[:-1], "owner_unit", "due", "closed"]
    if most is not None:  # a page has no room for who wrote to whom
        fields = [name for name in fields if name not in {"document_no", "sender", "receiver"}]
    columns = measures_of(**{name: f"notices.{name}" for name in fields})
    columns |= measures_of(state="work_state") | _DAYS
    columns |= measures_of(evidence="notices.evidence") | _PLACE
    title = Text("督导通知办理台账", "Notices, one by one")
    return Table(frame, title, columns, lang, cut, "notices.csv", missing=_BLANK)


def lead_figure_table(work: Work, *, lang: Language) -> Table:
    """Return the numbers of each official who leads projects."""
    frame = work.lead_figures.assign(
        **{name: names(work.lead_figures[name]) for name in ("official", "post")}
    )
    columns = measures_of(official="leads.official", post="leads.post", n_projects="n_projects")
    columns |= measures_of("n_not_found", "visits", "visits_n", "solved", "solved_n")
    columns |= measures_of(reported="leads.reported")
    note = Text(
        "到场次数、解决问题数为填报数，只加填了的行；未填的超过5%的为待补。",
        "Visits and problems solved are as reported, over the rows that tell them; where more "
        "than 5 % do not, the sum is not available.",
    )
    title = Text("领导包抓汇总", "Officials and what they lead")
    return Table(frame, title, columns, lang, note)


def lead_list_table(work: Work, *, lang: Language, most: int | None = None) -> Table:
    """Return every project that an official leads, and where it stands."""
    rows, cut = _cut(work.leads, most, "lead_projects.csv")
    told = {**status_words(), "": Text("项目表中没有", "in no sheet of projects")}
    frame = rows.assign(
        **{name: names(rows[name]) for name in ("official", "project")},
        status=in_words(rows["status"], told, lang),
        place=_places(rows, lang),
    )
    columns = measures_of(official="leads.official", project="projects.name", status="status")
    columns |= measures_of("shortfall_10k", "visits", "solved", reported="leads.reported") | _PLACE
    title = Text("包抓项目", "Projects led")
    return Table(frame, title, columns, lang, cut, "lead_projects.csv", missing=_BLANK)


def stage_table(work: Work, *, lang: Language) -> Table:
    """Return the projects in reserve by stage."""
    frame = work.stages.assign(stage=_choices(work.stages["stage"], "pipeline", lang))
    columns = measures_of("n_unknown_total", "total_10k", n="n_projects")
    columns = measures_of(stage="pipeline.stage") | {
        name: columns[name] for name in ("n", "total_10k", "n_unknown_total")
    }
    title = Text("谋划储备项目，按阶段", "Reserve, by stage")
    note = Text("总投资只加填了的项目。", "Total investment is over the projects that tell it.")
    return Table(frame, title, columns, lang, note)


def reserve_table(work: Work, *, lang: Language, most: int | None = None) -> Table:
    """Return the projects in reserve one by one, by stage."""
    rows, cut = _cut(work.reserve, most, "pipeline.csv")
    frame = rows.assign(
        stage=_choices(rows["stage"], "pipeline", lang),
        year=[f"{year:.0f}" if year > 0 else "" for year in rows["plan_year"]],
        place=_places(rows, lang),
        **{name: names(rows[name]) for name in ("name", "category", "unit")},
    )
    fields = ("name", "stage", "category", "unit", "total_investment", "planned_start")
    columns = measures_of(**{name: f"pipeline.{name}" for name in fields})
    columns |= measures_of(year="pipeline.plan_year") | _PLACE
    title = Text("谋划储备项目", "Projects in reserve")
    return Table(frame, title, columns, lang, cut, "pipeline.csv")


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
    rows, moved = work.projects_by_stage, work.projects_moved
    frame = rows.assign(stage=_choices(rows["stage"], "projects", lang))
    columns = measures_of(stage="projects.stage", n="n_projects")
    columns |= measures_of("total_10k", plan_10k="annual_plan_10k")
    note = NO_NOTE
    if moved is not None:
        note = say(
            "ledger.tables_work.started_since",
            n_waiting=moved.n_waiting,
            n_waiting_started=moved.n_waiting_started,
            n_started=moved.n_started,
            n_started_in_production=moved.n_started_in_production,
        )
    return Table(frame, Text("台账项目，按阶段", "Ledger, by stage"), columns, lang, note)


def park_figure_table(work: Work, *, lang: Language) -> Table:
    """Return what all parks come to."""
    parts = {part: words for part, (words, *_) in PARTS.items()}
    frame = work.park_figures.assign(part=in_words(work.park_figures["part"], parts, lang))
    columns = measures_of(part="part", planned="planned", done="done", done_pct="share_done_pct")
    columns |= measures_of(n="n_parks", n_known="n_parks_known")
    note = Text(
        "只加计划数、完成数都填了的园区；只填一项的超过5%的，完成比例为待补。",
        "Over the parks that tell both figures; where more than 5 % tell one only, the share is "
        "not available.",
    )
    return Table(frame, Text("园区建设汇总", "All parks"), columns, lang, note)


def park_table(work: Work, *, lang: Language) -> Table:
    """Return each park: infrastructure, land, funds, problems."""
    frame = work.parks.assign(
        name=names(work.parks["name"]),
        problem=names(work.parks["problem"]),
        place=_places(work.parks, lang),
    )
    columns = measures_of(name="parks.name", works_plan="parks.works_plan")
    columns |= measures_of(works_done="parks.works_done", works_pct="share_done_pct")
    columns |= measures_of("land_plan", "land_done", land_pct="land_pct")
    columns |= measures_of(funds_plan="parks.funds_plan", funds_arrived="parks.funds_arrived")
    columns |= measures_of(funds_pct="arrived_pct", problem="parks.problem") | _PLACE
    return Table(frame, Text("各园区建设情况", "Park by park"), columns, lang)


def contract_table(work: Work, *, lang: Language, most: int | None = None) -> Table:
    """Return the contracts signed this year by name, and how far they have come."""
    rows, cut = _cut(work.contracts, most, "contract_list.csv")
    frame = rows.assign(
        name=names(rows["name"]),
        investor=names(rows["investor"]),
        step=in_words(rows["step"], STEPS, lang),
        place=_places(rows, lang),
    )
    columns = measures_of(name="contracts.name", investor="contracts.investor")
    columns |= measures_of(amount_10k="contracts.amount", signed="contracts.signed")
    columns |= measures_of(step="step", step_day="day", arrived_10k="contracts.arrived")
    columns |= measures_of("arrived_pct") | _PLACE
    title = Text("今年签约项目", "Contracts signed this year")
    return Table(frame, title, columns, lang, cut, "contract_list.csv")


def match_table(work: Work, *, lang: Language, most: int | None = None) -> Table:
    """Return the local match of each project that needs it, what is lacking most first."""
    rows, cut = _cut(work.match, most, "local_match.csv")
    frame = rows.assign(
        name=names(rows["name"]), unit=names(rows["unit"]), place=_places(rows, lang)
    )
    columns = NAMED | UNIT | measures_of(needed_10k="projects.local_match")
    columns |= measures_of(paid_10k="projects.local_match_arrived")
    columns |= measures_of("lacking_10k", paid_pct="arrived_pct") | _PLACE
    title = Text("地方配套，按尚缺排序", "Local match by project")
    return Table(frame, title, columns, lang, cut, "local_match.csv")


def cross_county_table(found: CrossCounty, *, lang: Language, most: int | None = None) -> Table:
    """Return the projects in two or more counties, and their completion."""
    rows, cut = _cut(found.projects, most, "cross_county.csv")
    frame = rows.assign(
        status=in_words(rows["status"], status_words(), lang),
        place=_places(rows, lang),
        **{name: names(rows[name]) for name in ("name", "area", "unit")},
    )
    columns = NAMED | measures_of(area="projects.area") | UNIT | measures_of("status", "total_10k")
    columns |= measures_of(cum_done_10k="cum_done_10k", cum_done_pct="cum_done_pct")
    columns |= measures_of("done_pct") | _PLACE
    further = NOTHING
    if found.n_untold:
        further = say("ledger.tables_work.untold_counties", n=found.n_untold)
    told = say(
        "ledger.tables_work.cross_county", n=found.n, n_completed=found.n_completed, further=further
    )
    title = Text("跨县区项目", "Projects in several counties")
    note = Text(f"{told.zh}{cut.zh}", f"{told.en} {cut.en}".strip())
    return Table(frame, title, columns, lang, note, "cross_county.csv")


def measure_count_table(work: Work, *, lang: Language) -> Table:
    """Return business environment measures by kind and state."""
    rows = work.measure_counts
    frame = rows.assign(kind=_choices(rows["kind"], "measures", lang))
    columns = measures_of(kind="measures.kind", drafting="n_drafting", in_force="n_in_force")
    columns |= measures_of(done="n_measures_done", untold="n_untold", n="n_measures")
    title = Text("营商环境举措汇总", "Business environment, counted")
    return Table(frame, title, columns, lang)


def measure_table(work: Work, *, lang: Language, most: int | None = None) -> Table:
    """Return the business environment measures."""
    rows, cut = _cut(work.measures, most, "business_environment.csv")
    frame = rows.assign(
        kind=_choices(rows["kind"], "measures", lang),
        state=_choices(rows["state"], "measures", lang),
        title=names(rows["title"]),
        unit=names(rows["unit"]),
        place=_places(rows, lang),
    )
    fields = ("title", "kind", "state", "date", "unit")
    columns = measures_of(**{name: f"measures.{name}" for name in fields}) | _PLACE
    title = Text("营商环境举措", "Business environment measures")
    return Table(frame, title, columns, lang, cut, "business_environment.csv")


def road_table(work: Work, *, lang: Language, most: int | None = None) -> Table:
    """Return what must happen: what is late first, then what is to come, then what is done."""
    plan = work.road_map
    order = plan["state"].map(list(ROAD_STATES).index)
    ordered = plan.assign(order=order).sort_values(["order", "day"], kind="stable")
    rows, cut = _cut(ordered if most else plan, most, "road_map.csv")
    frame = rows.assign(
        kind=in_words(rows["kind"], KINDS, lang),
        item=names(rows["item"]),
        owner=names(rows["owner"]),
        state=in_words(rows["state"], ROAD_STATES, lang),
        late=_no_zero(rows["late_days"]),
        place=_places(rows, lang),
    )
    columns = measures_of("month", "day", kind="agenda_item", item="agenda_about")
    columns |= measures_of(owner="projects.unit", state="work_state", done="tasks.done")
    columns |= measures_of(late="overdue_days") | _PLACE
    title = Text("逐项时间表", "Timetable, item by item")
    return Table(frame, title, columns, lang, cut, "road_map.csv", missing=_BLANK)


def month_table(work: Work, *, lang: Language, most: int | None = None) -> Table:
    """Return how much must happen in each month; on a page, until a year from now."""
    months, note = work.months, NO_NOTE
    if most is not None:
        near = months["month"].le(work.as_of + MONTHS)
        later = int(months.loc[~near, "n"].sum())
        if later:
            note = say("ledger.tables_work.later_left_out", later=later)
        months = months[near]
    columns = measures_of("month", n="n_items", done="n_items_done", late="n_items_late")
    columns |= measures_of(due="n_items_due")
    return Table(months, Text("各月事项", "Month by month"), columns, lang, note)


_BLANK = Text("", "")


def _cut(rows: pd.DataFrame, most: int | None, file: str) -> tuple[pd.DataFrame, Text]:
    if most is None:
        return rows, NO_NOTE
    return rows.head(most), cut_words(rows, most, file)


def _with_days(rows: pd.DataFrame, lang: Language) -> pd.DataFrame:
    days = {"age": rows["age_days"], "late": _no_zero(rows["overdue_days"])}
    return rows.assign(**days, place=_places(rows, lang))


def _no_zero(days: pd.Series) -> pd.Series:
    return days.astype("float64").where(days > 0)


def _places(rows: pd.DataFrame, lang: Language) -> list[str]:
    stand = zip(names(rows["sheet"]), rows["row"], strict=True)
    return [row_phrase(*one).in_language(lang) for one in stand]


def _choices(values: pd.Series, table: str, lang: Language) -> pd.Series:
    listed = ledger_tables()[table].fields[str(values.name)].choices
    return in_words(values, {one.value: one.label for one in listed} | _NOT_TOLD, lang)
