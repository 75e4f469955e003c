"""Slots that come from the projects of the ledger: key projects, renewal projects.

Method: ``docs/methods/briefing.md``. The status of a project is that of
:mod:`faiwatch.ledger.standing`, here and on every other page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from faiwatch.briefing.filling import (
    Material,
    filled,
    in_percent,
    lacking,
    noted,
    over,
    plain_number,
    said,
    whole,
)
from faiwatch.briefing.record import NOTHING, Slot
from faiwatch.core.finding import Coverage, InputRow
from faiwatch.core.phrases import count_of, gap_phrase, share_phrase
from faiwatch.core.provenance import What
from faiwatch.core.text import Text, month_name
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE
from faiwatch.ledger.compare import families
from faiwatch.ledger.coverage import coverage_of, state_of
from faiwatch.ledger.progress import group_coverage, progress_table
from faiwatch.ledger.register import factor_blocked, open_issues
from faiwatch.ledger.sheets import PER_100M, total_10k
from faiwatch.ledger.standing import standing
from faiwatch.ledger.starts import Starts, start_rates
from faiwatch.ledger.status import FACTOR_CAUSES, UNKNOWN, StatusRules, named

KEY_LEVEL = "city"  # 市级重点项目
RENEWAL_WORDS = ("棚改", "棚户", "shantytown")
EVEN_PACE = Text("时间进度", "even pace")
YEARS_PLAN = Text("年度计划", "the year's plan")
WHAT = {
    "n_key_projects": What(
        Text("市级重点项目数", "key projects of the city's list"),
        "projects",
        "distinct project codes, level = city",
        "级别为市级的不重复项目代码数",
    ),
    "annual_plan": What(
        Text("市级重点项目年度计划投资（亿元）", "investment planned this year, 100 million yuan"),
        "100m_cny",
        "sum of the plans of the year, level = city",
        "市级项目年度计划投资合计",
    ),
    "key_done": What(
        Text("市级重点项目累计完成投资（亿元）", "done this year to date, 100 million yuan"),
        "100m_cny",
        "sum of what is done this year, level = city",
        "市级项目本年累计完成投资合计",
    ),
    "key_done_rate": What(
        Text("市级重点项目计划完成率", "share of the year's plan that is done"),
        "pct",
        "100 (sum done this year) / (sum of the plans), level = city",
        "市级项目：100 × 本年累计完成合计 ÷ 年度计划合计",
    ),
    "time_progress": What(Text("时间进度", "even pace"), "pct", "100 m / 12"),
    "key_pace_gap": What(
        Text("计划完成率与时间进度之差", "share done against even pace"),
        "pp",
        "100 (sum done this year) / (sum of the plans) - 100 m / 12",
        "市级项目计划完成率 − 100 × 月份 ÷ 12",
    ),
    "n_starts_planned": What(
        Text("计划本年开工的市级重点项目数", "key projects planned to start this year"),
        "projects",
        "level = city, planned start in the year",
        "市级项目中计划开工日期在本年的个数",
    ),
    "n_started": What(
        Text("其中已开工的项目数", "of these, projects that have started"),
        "projects",
        "level = city, planned start in the year, started",
        "市级项目中计划本年开工、截至期末已开工的个数",
    ),
    "start_rate": What(
        Text("年度计划开工率", "start rate, of those planned this year"),
        "pct",
        "100 started / planned this year",
        "100 × 已开工个数 ÷ 计划本年开工个数",
    ),
    "n_renewal": What(
        Text("棚改项目数", "renewal projects"),
        "projects",
        "distinct codes, name or category says renewal",
        "项目名称或类别含“棚改”“棚户”的不重复项目代码数",
    ),
    "n_slow": What(
        Text("进展缓慢的棚改项目数", "renewal projects that are slow"),
        "projects",
        "name or category says renewal, and status = slow",
        "棚改项目中状态为“进展缓慢”的个数",
    ),
    "n_no_funds": What(
        Text("资金不到位、无实质进展的棚改项目数", "renewal projects without funds or progress"),
        "projects",
        "name or category says renewal, and status = funds missing",
        "棚改项目中状态为“资金不到位无实质进展”的个数",
    ),
    "n_exit": What(
        Text("投资主体退出的棚改项目数", "renewal projects whose investor has withdrawn"),
        "projects",
        "name or category says renewal, and status = investor has withdrawn",
        "棚改项目中状态为“投资主体退出”的个数",
    ),
    "n_factor_blocked": What(
        Text(
            "因土地、环保、资金未开工或进展缓慢的市级重点项目数",
            "key projects not started though due, or slow, for land, environment or funds",
        ),
        "projects",
        "level = city, slow or not started though due, an open cause: land, environment or funds",
        "市级项目中未开工（到期）或进展缓慢，且有土地、环保、资金类未销号问题的个数",
    ),
    "n_factor_blocked_all": What(
        Text(
            "因土地、环保、资金未开工或进展缓慢的项目数（各级）",
            "projects of every level not started though due, or slow, for land, environment or "
            "funds",
        ),
        "projects",
        "slow or not started though due, an open cause: land, environment or funds",
        "各级项目中未开工（到期）或进展缓慢，且有土地、环保、资金类未销号问题的个数",
    ),
}
OTHER_LEVELS = {
    "national": Text("国家级项目", "national projects"),
    "provincial": Text("省级项目", "provincial projects"),
    "district": Text("区级项目", "district projects"),
    "unlevelled": Text("未填级别的项目", "projects without a level"),
}
_EVERY_LEVEL = {"all": Text("台账全部项目", "all projects of the ledger"), **OTHER_LEVELS}
for _scope, _whose in _EVERY_LEVEL.items():
    WHAT[f"n_{_scope}"] = What(
        Text(f"{_whose.zh}数", f"{_whose.en}: how many"),
        "projects",
        "distinct project codes of the month's sheet, by level",
        "本月表中该级别的不重复项目代码数",
    )
    WHAT[f"plan_{_scope}"] = What(
        Text(f"{_whose.zh}年度计划投资（亿元）", f"{_whose.en}: plan, 100 million yuan"),
        "100m_cny",
        "sum of the plans of the year, by level",
        "该级别项目年度计划投资合计",
    )
    WHAT[f"done_{_scope}"] = What(
        Text(f"{_whose.zh}本年完成投资（亿元）", f"{_whose.en}: done, 100 million yuan"),
        "100m_cny",
        "sum of what is done this year, by level",
        "该级别项目本年累计完成投资合计",
    )
LEVEL_IDS = tuple(f"{kind}_{scope}" for scope in _EVERY_LEVEL for kind in ("n", "plan", "done"))
STARTS = ("n_starts_planned", "n_started", "start_rate")
KEY_IDS = ("n_key_projects", "annual_plan", "key_done", "key_done_rate", "key_pace_gap", *STARTS)
RENEWAL_IDS = {
    "n_renewal": None,
    "n_slow": "slow",
    "n_no_funds": "funds_missing",
    "n_exit": "investor_exit",
}


@dataclass(frozen=True)
class _Sheet:
    """The projects of the month: as the ledger has them, and where each stands."""

    material: Material
    rows: pd.DataFrame
    stands: pd.DataFrame

    def count(self, id: str, scope: str, chosen: pd.Series) -> Slot:
        """Return how many projects are chosen, with the cells that put each of them there."""
        picked = self.rows[chosen]
        inputs = self.material.cells(picked, scope)
        if id not in _SCOPES:
            inputs += self._decided(chosen)
        return filled(id, WHAT[id], len(picked), whole(len(picked)), inputs)

    def _decided(self, chosen: pd.Series) -> tuple[InputRow, ...]:
        """Return the cells that decided about the status: the one given by hand, or the rule's."""
        by_hand = self.rows["status"].ne("")
        found = self.material.cells(self.rows[chosen & by_hand], "status")
        for rule, fields in _DECIDED_BY.items():
            ruled = self.rows[chosen & ~by_hand & self.stands["rule"].eq(rule)]
            for field in fields:
                found += self.material.cells(ruled, field)
        return found


_SCOPES = ("n_key_projects", "n_renewal", *(f"n_{scope}" for scope in _EVERY_LEVEL))
_BLOCKED = ("n_factor_blocked", "n_factor_blocked_all")
_DECIDED_BY = {  # the fields that a rule of ledger.status looks at; issues come on their own
    "start_overdue": ("planned_start", "actual_start"),
    "funds_and_quiet": ("month_done",),
    "behind_pace": ("annual_plan", "ytd_done"),
}


def ledger_slots(material: Material) -> dict[str, Slot]:
    """Return the slots of projects by id; missing ones say which table lacks what."""
    gone = 100 * material.month.month / 12
    slots = [filled("time_progress", WHAT["time_progress"], gone, in_percent(gone))]
    sheet, missing = _sheet(material)
    if sheet is None:
        ids = (*KEY_IDS, *LEVEL_IDS, *RENEWAL_IDS, *_BLOCKED)
        slots += [lacking(id, WHAT[id], missing) for id in ids]
    else:
        slots += [*_key_projects(sheet), *_every_level(sheet), *_renewal(sheet)]
        slots += [_factor_blocked(sheet, id) for id in _BLOCKED]
    return {slot.id: slot for slot in slots}


def _sheet(material: Material) -> tuple[_Sheet | None, Text]:
    projects, month = material.ledger.get("projects"), material.month
    if projects is None:
        return None, material.rows_of("projects")[1] or NOTHING
    rows = projects[projects[AS_OF] == month].drop_duplicates(PROJECT_CODE)
    rows = rows.reset_index(drop=True)
    if rows.empty:
        name = str(month)
        return None, Text(
            f"项目台账没有{month_name(name, 'zh')}的表",
            f"the ledger has no sheet of projects for {month_name(name, 'en')}",
        )
    stands = standing(projects, material.ledger.get("issues"), as_of=month)
    return _Sheet(material, rows, stands), NOTHING


def _key_projects(sheet: _Sheet) -> list[Slot]:
    if sheet.rows["level"].eq("").all():
        missing = Text("项目表没有填「项目级别」", "no project tells its level")
        return [lacking(id, WHAT[id], missing) for id in KEY_IDS]
    is_key = sheet.rows["level"] == KEY_LEVEL
    rows = sheet.rows[is_key]
    count = noted(sheet.count("n_key_projects", "level", is_key), _packaging(sheet, rows))
    return [count, _plan(sheet, is_key), *_done(sheet, is_key), *_starts(sheet, is_key)]


def _starts(sheet: _Sheet, is_key: pd.Series) -> list[Slot]:
    """Return how many starts were planned and made; the note has the other denominator."""
    found = start_rates(sheet.stands[is_key], as_of=sheet.material.month)
    rows, year = sheet.rows[is_key], sheet.material.month.year
    day = rows["planned_start"].fillna(rows["original_start"])
    counted = rows[day.dt.year.eq(year) | (day.isna() & rows["nature"].eq("new"))]
    inputs = sheet.material.cells(counted, "planned_start")
    inputs += sheet.material.cells(counted[counted["planned_start"].isna()], "original_start")
    inputs += sheet.material.cells(counted, "actual_start")
    counts = zip(STARTS, (found.n_planned, found.n_started), strict=False)
    slots = [filled(id, WHAT[id], n, whole(n), inputs) for id, n in counts]
    if not found.n_planned:
        none = Text(
            "没有计划本年开工的市级重点项目", "no key project is planned to start this year"
        )
        return [*slots, lacking("start_rate", WHAT["start_rate"], none)]
    rate = found.rate_planned_pct
    if math.isnan(rate):
        return [*slots, lacking("start_rate", WHAT["start_rate"], _undated(found.planned))]
    rated = filled("start_rate", WHAT["start_rate"], rate, in_percent(rate), inputs)
    slots.append(over(rated, found.planned))
    return [noted(slot, _both_denominators(found)) for slot in slots]


def _undated(coverage: Coverage) -> Text:
    n = coverage.n - coverage.n_known
    return Text(f"{n}个项目缺开工日期", f"{count_of(n, 'project')} tell no start date")


def _both_denominators(found: Starts) -> Text:
    planned, due = in_percent(found.rate_planned_pct), in_percent(found.rate_due_pct)
    return Text(
        f"开工率的两种分母：按本年计划开工{found.n_planned}个计为{planned.zh}；"
        f"按截至期末应开工{found.n_due}个（其中已开工{found.n_started_due}个）计为{due.zh}。",
        f"Both denominators of the start rate: {planned.en} of {found.n_planned} planned this "
        f"year; {due.en} of {found.n_due} due by now ({found.n_started_due} of them started).",
    )


def _packaging(sheet: _Sheet, rows: pd.DataFrame) -> Text:
    """Say how many projects there would be had none been merged or split; nothing if as many."""
    projects = sheet.material.ledger["projects"]
    heads = families(projects[projects[AS_OF] <= sheet.material.month])
    before = {old for old, head in heads.items() if old != head} | set(heads.values())
    of_key = {heads.get(code, code) for code in rows[PROJECT_CODE]}
    if not before & of_key or len(of_key) == len(rows):
        return NOTHING
    return Text(
        f"按现行项目代码计{len(rows)}个；打包、拆分出的项目各按一家计为{len(of_key)}个。",
        f"{len(rows)} by the codes in force; {len(of_key)} when what was merged or split counts "
        "once.",
    )


def _plan(sheet: _Sheet, chosen: pd.Series, id: str = "annual_plan") -> Slot:
    """Return what is planned this year, over the projects that have a plan or need none."""
    plan = sheet.stands.loc[chosen, "annual_plan_10k"]
    coverage = coverage_of(plan.notna(), weight=plan)
    rows = sheet.rows[chosen]
    if state_of(coverage) == "missing":
        blank = sheet.material.blank("projects", rows[plan.isna()], "annual_plan")
        return lacking(id, WHAT[id], blank or NOTHING)
    value, inputs = total_10k(plan) / PER_100M, sheet.material.cells(rows, "annual_plan")
    return over(filled(id, WHAT[id], value, plain_number(value, 2), inputs), coverage)


def _amount_done(sheet: _Sheet, chosen: pd.Series, id: str) -> Slot:
    """Return what is done this year: that of :func:`faiwatch.ledger.progress.progress_table`."""
    rows, stands = sheet.rows[chosen], sheet.stands[chosen]
    if rows.empty:
        return filled(id, WHAT[id], 0.0, plain_number(0.0, 2))
    found = progress_table(stands).iloc[0]
    if found["state"] == "missing":
        missing = [
            sheet.material.blank("projects", rows[stands[name].isna()], field)
            for name, field in (("annual_plan_10k", "annual_plan"), ("ytd_done_10k", "ytd_done"))
        ]
        return lacking(id, WHAT[id], next((one for one in reversed(missing) if one), NOTHING))
    done = float(found["done_10k"]) / PER_100M
    inputs = sheet.material.cells(rows, "ytd_done")
    return over(filled(id, WHAT[id], done, plain_number(done, 2), inputs), group_coverage(found))


def _done(sheet: _Sheet, is_key: pd.Series) -> list[Slot]:
    """Return what is done, its share of the plan, and its points from even pace."""
    ids = ("key_done_rate", "key_pace_gap")
    amount = _amount_done(sheet, is_key, "key_done")
    if amount.is_open:
        return [amount, *(lacking(id, WHAT[id], amount.missing) for id in ids)]
    rows, slots = sheet.rows[is_key], [amount]
    nothing = Text("市级重点项目没有年度计划投资", "no investment is planned this year")
    if rows.empty:
        return [amount, *(lacking(id, WHAT[id], nothing) for id in ids)]
    found = progress_table(sheet.stands[is_key]).iloc[0]
    inputs = sheet.material.cells(rows, "annual_plan") + amount.inputs
    coverage = group_coverage(found)
    rate, gap = float(found["done_pct"]), float(found["deviation_pp"])
    if math.isnan(rate):
        return [*slots, *(lacking(id, WHAT[id], nothing) for id in ids)]
    told = {
        "key_done_rate": (rate, in_percent(rate), share_phrase(rate, YEARS_PLAN)),
        "key_pace_gap": (gap, plain_number(gap), gap_phrase(gap, EVEN_PACE)),
    }
    return slots + [
        over(said(filled(id, WHAT[id], value, words, inputs), phrase=phrase), coverage)
        for id, (value, words, phrase) in told.items()
    ]


def _renewal(sheet: _Sheet) -> list[Slot]:
    category, status = sheet.rows["category"], sheet.stands["status"]
    words = "|".join(RENEWAL_WORDS)
    in_category = category.str.contains(words, case=False)
    in_name = sheet.rows["name"].str.contains(words, case=False)
    is_renewal = in_category | in_name
    if category.eq("").all() and not in_name.any():
        missing = Text(
            "项目表没有填「项目类别」，项目名称中也没有棚改字样",
            "no project tells its category, and no name says renewal",
        )
        return [lacking(id, WHAT[id], missing) for id in RENEWAL_IDS]
    total = sheet.count("n_renewal", "category", is_renewal)
    named = sheet.material.cells(sheet.rows[in_name & ~in_category], "name")
    total = replace(total, inputs=total.inputs + named)
    unknown = sheet.material.rows_of("issues")[1] or _unjudged(sheet, is_renewal)
    if unknown:
        return [total] + [lacking(id, WHAT[id], unknown) for id in RENEWAL_IDS if id != total.id]
    note = _exclusive(sheet, is_renewal)
    counts = [
        noted(sheet.count(id, "category", is_renewal & (status == wanted)), note)
        for id, wanted in RENEWAL_IDS.items()
        if wanted
    ]
    return [total, *counts]


def _unjudged(sheet: _Sheet, scope: pd.Series) -> Text | None:
    unknown = sheet.stands[scope & (sheet.stands["status"] == UNKNOWN)]
    if unknown.empty:
        return None
    rows = ", ".join(f"{row['sheet']}:{row['row']}" for row in unknown.head(5).to_dict("records"))
    return Text(
        f"{len(unknown)}个项目缺数、未判定状态（{rows}）",
        f"{len(unknown)} projects lack a figure and have no status ({rows})",
    )


def _exclusive(sheet: _Sheet, scope: pd.Series) -> Text:
    """Say that a project has one status, and what the counts are when it may have several."""
    stands, rules = sheet.stands[scope], StatusRules()
    under_way = ~stands["status"].isin(["completed", "not_due"])
    slow = under_way & stands["deviation_pp"].le(rules.slow_from_pp)
    quiet = named(stands["causes"], "funds") & stands["quiet_months"].ge(rules.quiet_months)
    left = stands["status"].eq("investor_exit") | stands["rule_status"].eq("investor_exit")
    counts = [int(one.sum()) for one in (slow, under_way & quiet, left)]
    return Text(
        "进展缓慢、资金不到位、投资主体退出按主要状态计，互不重复；"
        f"允许一个项目计入多类时分别为{counts[0]}、{counts[1]}、{counts[2]}个。",
        "Slow, without funds and withdrawn count each project once, by its main status; were a "
        f"project to count in several, they would be {counts[0]}, {counts[1]} and {counts[2]}.",
    )


def _every_level(sheet: _Sheet) -> Iterator[Slot]:
    """Yield count, plan and done of all projects, and of each level but the city's."""
    level = sheet.rows["level"]
    for scope in _EVERY_LEVEL:
        chosen = level.notna() if scope == "all" else level.eq(scope.replace("unlevelled", ""))
        yield sheet.count(f"n_{scope}", "level", chosen)
        yield _plan(sheet, chosen, f"plan_{scope}")
        yield _amount_done(sheet, chosen, f"done_{scope}")


def _factor_blocked(sheet: _Sheet, id: str) -> Slot:
    rows, stands, is_all = sheet.rows, sheet.stands, id.endswith("_all")
    _, missing = sheet.material.rows_of("issues")
    if missing:
        return lacking(id, WHAT[id], missing)
    if rows["level"].eq("").all() and not is_all:
        return lacking(id, WHAT[id], Text("项目表没有填「项目级别」", "no project tells its level"))
    is_key = rows["level"].notna() if is_all else rows["level"] == KEY_LEVEL
    unknown = _unjudged(sheet, is_key)
    if unknown:
        return lacking(id, WHAT[id], unknown)
    chosen = pd.Series(rows.index.isin(factor_blocked(stands[is_key]).index), rows.index)
    slot = sheet.count(id, "level", chosen)
    causes, n_issues = _open_causes(sheet, rows[chosen])
    slot = filled(id, WHAT[id], slot.value or 0, slot.text, slot.inputs + causes)
    return noted(
        slot,
        Text(
            f"按项目计{len(rows[chosen])}个，按问题计{n_issues}个；未到开工期的不计。",
            f"{len(rows[chosen])} projects, {n_issues} issues; projects not yet due to start are "
            "not counted.",
        ),
    )


def _open_causes(sheet: _Sheet, rows: pd.DataFrame) -> tuple[tuple[InputRow, ...], int]:
    is_open = open_issues(sheet.material.ledger["issues"], as_of=sheet.material.month)
    of_rows = is_open[
        is_open[PROJECT_CODE].isin(rows[PROJECT_CODE]) & is_open["cause"].isin(FACTOR_CAUSES)
    ]
    return sheet.material.cells(of_rows, "cause"), len(of_rows)
