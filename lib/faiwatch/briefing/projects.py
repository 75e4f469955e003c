"""Findings of the projects of the ledger: key projects, every level, renewal projects.

Method: ``docs/methods/briefing.md``. The status of a project is that of
:mod:`faiwatch.ledger.standing`, here and on every other page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from faiwatch.briefing.definitions import BLOCKED, KEY_PROJECTS, LEVELS, PROJECT_WORK, RENEWAL
from faiwatch.briefing.filling import Material, listed, no_table, over
from faiwatch.core.finding import Finding, InputRow
from faiwatch.core.phrases import gap_phrase, percent_phrase, say, share_phrase
from faiwatch.core.text import NOTHING, Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE
from faiwatch.ledger.attribution import attribution
from faiwatch.ledger.compare import families
from faiwatch.ledger.coverage import coverage_of, state_of
from faiwatch.ledger.funding import local_match
from faiwatch.ledger.progress import group_coverage, progress_table
from faiwatch.ledger.register import factor_blocked, open_issues
from faiwatch.ledger.sheets import PER_100M, months_of, total_10k
from faiwatch.ledger.starts import start_rates
from faiwatch.ledger.status import FACTOR_CAUSES, UNKNOWN, StatusRules, named
from faiwatch.ledger.work import match_list

KEY_LEVEL = "city"  # 市级重点项目
RENEWAL_WORDS = ("棚改", "棚户", "shantytown")
EVEN_PACE = Text("序时进度", "even pace")
YEARS_PLAN = Text("年度计划", "the year's plan")
_NO_LEVEL = Text("项目表没有填「项目级别」", "no project tells its level")
_SLOWED = {"n_slow": "slow", "n_no_funds": "funds_missing", "n_exit": "investor_exit"}
_DECIDED_BY = {  # the fields that a rule of ledger.status looks at; issues come on their own
    "start_overdue": ("planned_start", "actual_start"),
    "funds_and_quiet": ("month_done",),
    "behind_pace": ("annual_plan", "ytd_done"),
}


@dataclass(frozen=True)
class _Sheet:
    """The projects of the month: as the ledger has them, and where each stands."""

    material: Material
    rows: pd.DataFrame
    stands: pd.DataFrame

    def deciding(self, chosen: pd.Series) -> tuple[InputRow, ...]:
        """Return the cells that decided about the status: the one given by hand, or the rule's."""
        by_hand = self.rows["status"].ne("")
        found = self.material.cells(self.rows[chosen & by_hand], "status")
        for rule, fields in _DECIDED_BY.items():
            ruled = chosen & ~by_hand & self.stands["rule"].eq(rule)
            if ruled.any():
                found += self.material.cells(self.rows[ruled], *fields)
        return found

    def unjudged(self, scope: pd.Series) -> Text | None:
        """Say which projects have no status, or that no issues are told; None when all is known."""
        if missing := self.material.rows_of("issues")[1]:
            return missing
        unknown = self.stands[scope & (self.stands["status"] == UNKNOWN)]
        if unknown.empty:
            return None
        first = unknown.head(5).to_dict("records")
        rows = ", ".join(f"{row['sheet']}:{row['row']}" for row in first)
        return say("briefing.projects.no_status", n_unknown=len(unknown), rows=rows)


def project_findings(material: Material) -> Iterator[Finding]:
    """Yield the findings of projects; missing ones say which table lacks what."""
    yield material.finding("time_progress", 100 * material.month.month / 12)
    projects, stands = material.ledger.get("projects"), material.stands
    if projects is None or stands is None:
        missing = no_table("projects")
        if projects is not None:
            missing = say("briefing.projects.no_sheet", name=str(material.month))
        levels = (f"{kind}_{scope}" for scope in LEVELS for kind in ("n", "plan", "done"))
        for id in (*KEY_PROJECTS, *levels, *RENEWAL, *BLOCKED, *PROJECT_WORK):
            yield material.lacking(id, missing)
        return
    rows = projects[projects[AS_OF] == material.month].drop_duplicates(PROJECT_CODE)
    sheet = _Sheet(material, rows.reset_index(drop=True), stands)
    yield from _key_projects(sheet)
    level = sheet.rows["level"]
    for scope in LEVELS:  # of all projects, and of each level but the city's
        chosen = level.notna() if scope == "all" else level.eq(scope.replace("unlevelled", ""))
        yield material.counted(f"n_{scope}", sheet.rows[chosen], "level")
        yield _plan(sheet, chosen, f"plan_{scope}")
        yield _done(sheet, chosen, f"done_{scope}")[0]
    yield from _renewal(sheet)
    yield from (_factor_blocked(sheet, id) for id in BLOCKED)
    yield from _completed(sheet)
    yield _cross_finished(sheet)
    for id, status in (("n_not_started", "not_started_due"), ("n_going_slow", "slow")):
        chosen = sheet.stands["status"].eq(status)
        if unknown := sheet.unjudged(chosen.notna()):
            yield material.lacking(id, unknown)
            continue
        largest = sheet.stands[chosen].sort_values("annual_plan_10k", ascending=False)
        names = listed(largest["name"])
        yield material.finding(id, int(chosen.sum()), sheet.deciding(chosen), names=names)
    yield from _match(sheet)


def _key_projects(sheet: _Sheet) -> Iterator[Finding]:
    material, is_key = sheet.material, sheet.rows["level"] == KEY_LEVEL
    if sheet.rows["level"].eq("").all():
        yield from (material.lacking(id, _NO_LEVEL) for id in KEY_PROJECTS)
        return
    rows = sheet.rows[is_key]
    projects = material.ledger["projects"]
    heads = families(projects[projects[AS_OF] <= material.month])
    before = {old for old, head in heads.items() if old != head} | set(heads.values())
    of_key = {heads.get(code, code) for code in rows[PROJECT_CODE]}
    note = NOTHING  # how many there would be had none been merged or split, where that is another
    if before & of_key and len(of_key) != len(rows):
        note = say("briefing.projects.codes_in_force", n_rows=len(rows), n_of_key=len(of_key))
    yield material.counted("n_key_projects", rows, "level", note=note)
    yield _plan(sheet, is_key, "annual_plan")
    yield from _key_done(sheet, is_key)
    yield from _starts(sheet, is_key)


def _starts(sheet: _Sheet, is_key: pd.Series) -> Iterator[Finding]:
    """Yield how many starts were planned and made; the note has the other denominator."""
    material = sheet.material
    found = start_rates(sheet.stands[is_key], as_of=material.month)
    rows, year, rate = sheet.rows[is_key], material.month.year, found.rate_planned_pct
    day = rows["planned_start"].fillna(rows["original_start"])
    counted = rows[day.dt.year.eq(year) | (day.isna() & rows["nature"].eq("new"))]
    inputs = material.cells(counted, "planned_start")
    inputs += material.cells(counted[counted["planned_start"].isna()], "original_start")
    inputs += material.cells(counted, "actual_start")
    note, missing = NOTHING, None
    if not found.n_planned:
        missing = say("briefing.projects.none_planned")
    elif math.isnan(rate):
        missing = say("briefing.projects.no_start_date", n=found.planned.n - found.planned.n_known)
    else:
        planned, due = percent_phrase(rate), percent_phrase(found.rate_due_pct)
        note = say(
            "briefing.projects.start_rate_both_ways",
            n_planned=found.n_planned,
            planned=planned,
            n_due=found.n_due,
            n_started_due=found.n_started_due,
            due=due,
        )
    yield material.finding("n_starts_planned", found.n_planned, inputs, note=note)
    yield material.finding("n_started", found.n_started, inputs, note=note)
    if missing:
        yield material.lacking("start_rate", missing)
    else:
        rated = over(material.finding("start_rate", rate, inputs), found.planned)
        yield rated.model_copy(update={"note": note})


def _plan(sheet: _Sheet, chosen: pd.Series, id: str) -> Finding:
    """Return what is planned this year, over the projects that have a plan or need none."""
    plan, rows = sheet.stands.loc[chosen, "annual_plan_10k"], sheet.rows[chosen]
    coverage = coverage_of(plan.notna(), weight=plan)
    if state_of(coverage) == "missing":
        blank = sheet.material.blank("projects", rows[plan.isna()], "annual_plan")
        return sheet.material.lacking(id, blank or NOTHING)
    inputs = sheet.material.cells(rows, "annual_plan")
    return over(sheet.material.finding(id, total_10k(plan) / PER_100M, inputs), coverage)


def _done(sheet: _Sheet, chosen: pd.Series, id: str) -> tuple[Finding, pd.Series | None]:
    """Return what is done this year, and its row of the table of progress if there is any."""
    rows, stands, material = sheet.rows[chosen], sheet.stands[chosen], sheet.material
    if rows.empty:
        return material.finding(id, 0.0), None
    found = progress_table(stands).iloc[0]
    if found["state"] == "missing":
        blanks = [
            material.blank("projects", rows[stands[name].isna()], field)
            for name, field in (("ytd_done_10k", "ytd_done"), ("annual_plan_10k", "annual_plan"))
        ]
        return material.lacking(id, next(filter(None, blanks), NOTHING)), found
    done, inputs = float(found["done_10k"]) / PER_100M, material.cells(rows, "ytd_done")
    return over(material.finding(id, done, inputs), group_coverage(found)), found


def _key_done(sheet: _Sheet, is_key: pd.Series) -> Iterator[Finding]:
    """Yield what is done, its share of the plan, and its points from even pace."""
    (amount, found), material = _done(sheet, is_key, "key_done"), sheet.material
    yield amount
    missing = amount.missing
    if not amount.is_open:
        missing = Text("市级重点项目没有年度计划投资", "no investment is planned this year")
    if amount.is_open or found is None or math.isnan(found["done_pct"]):
        yield from (material.lacking(id, missing) for id in ("key_done_rate", "key_pace_gap"))
        return
    inputs = material.cells(sheet.rows[is_key], "annual_plan") + amount.inputs
    coverage = group_coverage(found)
    rate, gap = float(found["done_pct"]), float(found["deviation_pp"])
    told = {"key_done_rate": (rate, share_phrase(rate, YEARS_PLAN))}
    told["key_pace_gap"] = gap, gap_phrase(gap, EVEN_PACE)
    for id, (value, phrase) in told.items():
        yield over(material.finding(id, value, inputs, phrase=phrase), coverage)


def _renewal(sheet: _Sheet) -> Iterator[Finding]:
    material, category, status = sheet.material, sheet.rows["category"], sheet.stands["status"]
    words = "|".join(RENEWAL_WORDS)
    in_category = category.str.contains(words, case=False)
    in_name = sheet.rows["name"].str.contains(words, case=False)
    is_renewal = in_category | in_name
    if category.eq("").all() and not in_name.any():
        missing = say("briefing.projects.no_category")
        yield from (material.lacking(id, missing) for id in RENEWAL)
        return
    inputs = material.cells(sheet.rows[is_renewal], "category")
    inputs += material.cells(sheet.rows[in_name & ~in_category], "name")
    yield material.finding("n_renewal", int(is_renewal.sum()), inputs)
    if unknown := sheet.unjudged(is_renewal):
        yield from (material.lacking(id, unknown) for id in _SLOWED)
        return
    stands, rules = sheet.stands[is_renewal], StatusRules()
    under_way = ~stands["status"].isin(["completed", "not_due"])
    slow = under_way & stands["deviation_pp"].le(rules.slow_from_pp)
    quiet = named(stands["causes"], "funds") & stands["quiet_months"].ge(rules.quiet_months)
    left = stands["status"].eq("investor_exit") | stands["rule_status"].eq("investor_exit")
    note = say(
        "briefing.projects.counted_once",
        slow=slow.sum(),
        without_funds=(under_way & quiet).sum(),
        withdrawn=left.sum(),
    )
    for id, wanted in _SLOWED.items():
        chosen = is_renewal & (status == wanted)
        inputs = material.cells(sheet.rows[chosen], "category") + sheet.deciding(chosen)
        yield material.finding(id, int(chosen.sum()), inputs, note=note)


def _factor_blocked(sheet: _Sheet, id: str) -> Finding:
    material, rows, is_all = sheet.material, sheet.rows, id.endswith("_all")
    in_scope = rows["level"].notna() if is_all else rows["level"] == KEY_LEVEL
    missing = sheet.unjudged(in_scope)
    if not missing and not is_all and rows["level"].eq("").all():
        missing = _NO_LEVEL
    if missing:
        return material.lacking(id, missing)
    blocked = factor_blocked(sheet.stands[in_scope]).index
    chosen = pd.Series(rows.index.isin(blocked), rows.index)
    found = open_issues(material.ledger["issues"], as_of=material.month)
    of_rows = found[PROJECT_CODE].isin(rows.loc[chosen, PROJECT_CODE])
    causes = found[of_rows & found["cause"].isin(FACTOR_CAUSES)]
    inputs = material.cells(rows[chosen], "level") + sheet.deciding(chosen)
    n = int(chosen.sum())
    note = say("briefing.projects.projects_and_issues", n=n, n_causes=len(causes))
    return material.finding(id, n, inputs + material.cells(causes, "cause"), note=note)


def _completed(sheet: _Sheet) -> Iterator[Finding]:
    """Yield how much less investment the projects make that were completed since a year before."""
    material, ids = sheet.material, ("n_completed", "completed_loss")
    projects, month = material.ledger["projects"], material.month
    if month - 12 not in months_of(projects):
        missing = say("briefing.projects.no_sheet", name=str(month - 12))
        yield from (material.lacking(id, missing) for id in ids)
        return
    found = attribution(projects, as_of=month).projects
    over_now = found[found["effect"].eq("completed")]
    before = projects[projects[AS_OF].isin([month - 12, month])]
    rows = before[before[PROJECT_CODE].isin(" ".join(over_now["codes"]).split())]
    inputs, names = material.cells(rows, "ytd_done"), listed(over_now["name"])
    yield material.finding("n_completed", len(over_now), inputs, names=names)
    yield material.finding("completed_loss", -total_10k(over_now["change_10k"]) / PER_100M, inputs)


def _cross_finished(sheet: _Sheet) -> Finding:
    material, rows = sheet.material, sheet.rows
    if rows["cross_county"].isna().all():
        unsaid = Text("项目表没有填「是否跨县区」", "no project tells whether it crosses counties")
        return material.lacking("n_cross_finished", unsaid)
    since = pd.Timestamp(material.month.year - 1, 1, 1)
    finished = rows["actual_finish"].between(since, material.month.end_time)
    chosen = rows[rows["cross_county"].fillna(False).astype("bool") & finished]
    fields = ("cross_county", "actual_finish")
    return material.counted("n_cross_finished", chosen, *fields, named="name")


def _match(sheet: _Sheet) -> Iterator[Finding]:
    """Yield the local match, and the projects that lack most of it."""
    material, rows = sheet.material, sheet.rows
    found = local_match(material.ledger["projects"], as_of=material.month)
    ids = ("match_needed", "match_paid", "match_rate", "n_match_short")
    if math.isnan(found.rate_pct):
        blank = material.blank("projects", rows, "local_match_arrived")
        untold = blank or Text("没有项目需要地方配套", "no project needs a local match")
        yield from (material.lacking(id, untold) for id in ids)
        return
    told = rows[rows["local_match"].gt(0) & rows["local_match_arrived"].notna()]
    inputs = material.cells(told, "local_match", "local_match_arrived")
    lacking = match_list(material.ledger["projects"], as_of=material.month)
    lacking = lacking[lacking["lacking_10k"] > 0]
    short = rows[rows[PROJECT_CODE].isin(lacking[PROJECT_CODE])]
    values = (found.needed_10k / PER_100M, found.arrived_10k / PER_100M, found.rate_pct)
    for id, value in zip(ids, values, strict=False):
        yield over(material.finding(id, value, inputs), found.known)
    fields, names = ("local_match", "local_match_arrived"), listed(lacking["name"])
    yield over(material.counted("n_match_short", short, *fields, names=names), found.known)
