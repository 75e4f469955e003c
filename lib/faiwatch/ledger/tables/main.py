"""Tables of a project ledger for those who keep it, see :mod:`faiwatch.view.tables`.

They name projects, units and officials: nothing here is for the public page.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.measures import Measure, measure, measures_of
from faiwatch.ledger.charts.rows import one_line
from faiwatch.ledger.light_board import (
    ScaleLights,
    needs_by_project,
    not_judged_words,
    scale_label,
    scale_table,
)
from faiwatch.ledger.sheets import choice_words
from faiwatch.ledger.status import status_words
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tables.cells import (
    LEAD,
    NAMED,
    NOT_STATED,
    UNIT,
    cause_words,
    cut,
    done_or_no_plan,
    names,
    told,
)
from faiwatch.ledger.tables.work_sections import result_frames
from faiwatch.view.html.lights import light_words
from faiwatch.view.tables import Table

# which of a project's lights by one rule book speaks for it
_WORST = (
    "red", "yellow", "light_blue", "blue", "undefined", "missing", "excused", "green",
    "not_applicable",
)  # fmt: skip
_OVERDUE = Text("（已逾期）", " (overdue)")
_BY_HAND = Text("（人工；规则：{}）", " (by hand; rule: {})")


def lag_table(study: LedgerStudy, *, lang: Language, scales: Sequence[ScaleLights] = ()) -> Table:
    """Return the lagging projects by shortfall: status, causes, and who acts next.

    With `scales` of one rule book the worst of their lights stands beside each.
    """
    rows = study.lag
    dated = rows["next_due"].astype("object").where(rows["next_due"].notna(), None)
    late = [_OVERDUE.in_language(lang) if one else "" for one in rows["is_overdue"]]
    steps = [
        one_line(unit) if due is None else f"{one_line(unit)} {due:%Y-%m-%d}{mark}"
        for unit, due, mark in zip(rows["next_unit"], dated, late, strict=True)
    ]
    # each status, and beside one given by hand what the rules say
    words = {name: text.in_language(lang) for name, text in status_words().items()}
    rules = study.standing.set_index("project_code")["rule_status"].reindex(rows["project_code"])
    statuses = [
        words[now] if now == rule else words[now] + _BY_HAND.in_language(lang).format(words[rule])
        for now, rule in zip(rows["status"], rules, strict=True)
    ]
    columns = NAMED | measures_of("status", "shortfall_10k", "done_pct", "causes") | UNIT
    if scales:
        columns["light"] = Measure(
            "light", say("ledger.tables_main.light", book=scales[0].preset.name)
        )
    columns |= LEAD | measures_of("next")
    frame = told(rows, columns, lang).assign(
        light=_worst(study, rows["project_code"], scales, lang),
        status=statuses,
        done_pct=done_or_no_plan(rows["done_pct"], rows["annual_plan_10k"]),
        next=steps,
    )
    title = Text("滞后项目，按差额排序", "Projects that lag, by shortfall")
    return Table(frame, title, columns, lang, say("ledger.tables_main.behind"), "lag.csv")


def _worst(
    study: LedgerStudy, codes: pd.Series, scales: Sequence[ScaleLights], lang: Language
) -> list[str]:
    """Return the worst light of each project, and by which part of the rule book."""
    if not scales:
        return [""] * len(codes)
    names_of = [one.name for one in scales]
    lit = study.board.projects.drop_duplicates("project_code").set_index("project_code")[names_of]
    worst = []
    for colours in lit.reindex(codes).itertuples(index=False):
        at = min(range(len(colours)), key=lambda one: _WORST.index(colours[one]))
        part = scales[at].scale.name.in_language(lang)
        worst.append(f"{light_words(colours[at], lang)} · {part}")
    return worst


def light_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the lights of each project by every rule book, those with most red ones first.

    A scale that judges no project has no column: its board says why.
    """
    board, whose = study.board, study.standing.drop_duplicates("project_code")
    of_projects = [one for one in board.scales if one.scale.subject == "projects"]
    scales = [one for one in of_projects if one.n_judged]
    columns = [one.name for one in scales]
    rows = board.projects.merge(whose[["project_code", "name", "shortfall_10k"]], on="project_code")
    n_red = rows[columns].isin(["red"]).sum(axis="columns")
    lit = rows[rows[columns].isin(["red", "yellow"]).any(axis="columns")].assign(n_red=n_red)
    ordered = lit.sort_values(["n_red", "shortfall_10k"], ascending=False, kind="stable")
    frame = pd.DataFrame({"name": names(ordered["name"])})
    labels = dict(NAMED)
    for one in scales:
        frame[one.name] = [light_words(light, lang) for light in ordered[one.name]]
        labels[one.name] = Measure(one.name, scale_label(one))
    lacking = board.missing[board.missing["light"].isin(columns)]
    needs = needs_by_project(lacking, lang=lang).reindex(ordered["project_code"]).fillna("")
    if needs.ne("").any():
        frame["needs"], labels["needs"] = needs.to_list(), measure("needs")
    title = say("ledger.tables_main.yellow_or_red")
    note = not_judged_words([one for one in of_projects if not one.n_judged])
    return cut(Table(frame, title, labels, lang, note, "lights.csv"))


def issue_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the open issues, the one that is due first on top."""
    rows = study.issues.sort_values("due", kind="stable")
    late = (study.as_of.end_time.normalize() - rows["due"]).dt.days.clip(lower=0)
    rows = rows.assign(
        name=rows["name"].fillna(rows["project_code"]),
        late=late.astype("object").where(late > 0, ""),
    )
    fields = ("class", "cause", "due")
    columns = measures_of(issue_id="issues.issue_id", name="projects.name")
    columns |= measures_of(**{name: f"issues.{name}" for name in fields}, late="overdue_days")
    columns |= measures_of(owner_unit="issues.owner_unit", action="issues.action")
    title = Text("未销号问题，按时限排序", "Open issues by due date")
    return cut(Table(told(rows, columns, lang), title, columns, lang, file="issues.csv"))


FACETS = {
    "unit": measure("projects.unit").name,
    "lead": measure("projects.lead").name,
    "status": measure("status").name,
    "cause": measure("causes").name,
}


def facets(study: LedgerStudy, *, lang: Language) -> dict[str, dict[str, list[str]]]:
    """Return what the projects of a month can be filtered by: name, then words by facet."""
    words, rows = status_words(), study.standing
    between = Text("、", "; ").in_language(lang)
    found: dict[str, dict[str, list[str]]] = {}
    for name, unit, lead, status, causes in zip(
        names(rows["name"]),
        names(rows["unit"]),
        names(rows["lead"]),
        rows["status"],
        cause_words(rows["causes"], lang),
        strict=True,
    ):
        facts = found.setdefault(name, {facet: [] for facet in FACETS})
        facts["unit"].append(unit)
        facts["lead"].append(lead)
        facts["status"].append(words[status].in_language(lang))
        facts["cause"] += causes.split(between)
    return found


def issue_counts(study: LedgerStudy) -> tuple[pd.DataFrame, tuple[list[Text], list[Text]]]:
    """Return open issues by class and cause, and what rows and columns are called."""
    sides = [choice_words("issues", name) | {"": NOT_STATED} for name in ("class", "cause")]
    counts = pd.crosstab(study.issues["class"], study.issues["cause"])
    counts = counts.reindex(index=list(sides[0]), columns=list(sides[1]), fill_value=0)
    if not counts[""].any():
        counts = counts.drop(columns="")
    if not counts.loc[""].any():
        counts = counts.drop(index="")
    rows = [sides[0][str(one)] for one in counts.index]
    return counts, (rows, [sides[1][str(one)] for one in counts.columns])


def result_tables(study: LedgerStudy, checks: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return every table behind the page, whole, by the name of its file."""
    by_unit = study.standing.groupby(["unit", "status"])["annual_plan_10k"].agg(["size", "sum"])
    found = {
        "agenda": study.agenda,
        "tasks": study.tasks,
        "register": study.register,
        "units": study.cards["unit"],
        "leads": study.cards["lead"],
        "visits": study.visits,
        "stopped": study.stopped,
        "status": by_unit.set_axis(["n", "annual_plan_10k"], axis="columns").reset_index(),
        "projects": study.standing,
        "lights": study.board.projects,
        "lights_missing": study.board.missing,
        "light_rules": scale_table(study.board),
        "lag": study.lag,
        "issues": study.issues,
        "elements": study.matrix,
        "bonds": study.bonds,
        "contracts": study.funnel.steps,
        "reconciliation": study.reconciliation.projects,
        "reconciliation_steps": study.reconciliation.steps,
        "checks": checks,
    }
    if study.attribution is not None:
        found["attribution"] = study.attribution.projects
        found["attribution_effects"] = study.attribution.effects
    if study.delivery is not None:
        found["delivery"] = study.delivery.projects
    return found | result_frames(study.work)
