"""Tables of a project ledger for those who keep it, see :mod:`faiwatch.reader_tables`.

They name projects, units and officials: nothing here is for the public page.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.blocks.lights import SIGNS
from faiwatch.ledger.attribution import EFFECTS
from faiwatch.ledger.funding import ELEMENTS, STATES
from faiwatch.ledger.lights import LIGHTS
from faiwatch.ledger.readiness import READINESS
from faiwatch.ledger.reconcile import CLASSES
from faiwatch.ledger.status import status_words
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger_tables import ledger_tables
from faiwatch.reader_tables import NO_NOTE, ReaderTable
from faiwatch.text import Language, Text, number, percent

MOST = 60  # rows of a table that is not the lag list; result files have them all
MOST_LAGGING = 240
_LONGEST = 60  # characters of a cell
_NAME = Text("项目", "Project")
_UNIT = Text("责任单位", "Unit")
_LEAD = Text("包抓领导", "Lead")
_STATUS = Text("状态", "Status")
_CAUSES = Text("原因", "Causes")
_OVERDUE = Text("（已逾期）", " (overdue)")
_BY_HAND = Text("（人工；规则：{}）", " (by hand; rule: {})")
_NO_PLAN = Text("无计划", "no plan")
_COVERS = Text("✓ 到此可覆盖", "✓ covers it here")
_NOT_STATED = Text("未填", "not stated")


def lag_table(study: LedgerStudy, *, lang: Language) -> ReaderTable:
    """Return the lagging projects by shortfall: status, causes, and who acts next."""
    rows, words = study.lag.head(MOST_LAGGING), status_words()
    cut = _cut(study.lag, MOST_LAGGING, "lag")
    by_rule = study.standing.drop_duplicates("project_code").set_index("project_code")
    rules = by_rule["rule_status"].reindex(rows["project_code"])
    status = [
        words[now].in_language(lang)
        + (_BY_HAND.in_language(lang).format(words[rule].in_language(lang)) if now != rule else "")
        for now, rule in zip(rows["status"], rules, strict=True)
    ]
    steps = zip(rows["next_unit"], rows["next_due"], rows["is_overdue"], strict=True)
    frame = pd.DataFrame(
        {
            "name": names(rows["name"]),
            "status": status,
            "shortfall": whole(rows["shortfall_10k"], lang),
            "done": [
                _NO_PLAN.in_language(lang) if plan == 0 else percent(value, lang)
                for value, plan in zip(rows["done_pct"], rows["annual_plan_10k"], strict=True)
            ],
            "causes": cause_words(rows["causes"], lang),
            "unit": names(rows["unit"]),
            "lead": names(rows["lead"]),
            "next": [_next_words(*step, lang=lang) for step in steps],
        }
    )
    labels = {
        "name": _NAME,
        "status": _STATUS,
        "shortfall": Text("差额（万元）", "Behind (10,000 yuan)"),
        "done": Text("完成年度计划", "Of the plan"),
        "causes": _CAUSES,
        "unit": _UNIT,
        "lead": _LEAD,
        "next": Text("下一步：谁、何时前", "Next: who, by when"),
    }
    return ReaderTable(
        frame,
        Text("滞后项目，按差额排序", "Projects that lag, by shortfall"),
        labels,
        Text(
            f"差额＝年度计划×月份/12－已完成，负数为超前。{cut.zh}",
            f"Behind = plan of the year × month / 12 − done; negative is ahead. {cut.en}",
        ),
    )


def _next_words(unit: str, due: pd.Timestamp, is_overdue: bool, *, lang: Language) -> str:
    if pd.isna(due):
        return names_of(unit)
    late = _OVERDUE.in_language(lang) if is_overdue else ""
    return f"{names_of(unit)} {due:%Y-%m-%d}{late}"


def light_table(study: LedgerStudy, *, lang: Language) -> ReaderTable:
    """Return the lights of each project by every rule book, those with most red ones first."""
    board, whose = study.board, study.standing.drop_duplicates("project_code")
    scales = [one for one in board.scales if one.scale.subject == "projects"]
    columns = [f"{one.preset.id}.{one.scale.id}" for one in scales]
    rows = board.projects.merge(whose[["project_code", "name", "shortfall_10k"]], on="project_code")
    n_red = rows[columns].eq("red").sum(axis="columns")
    lit = rows[rows[columns].isin(["red", "yellow"]).any(axis="columns")].assign(n_red=n_red)
    ordered = lit.sort_values(["n_red", "shortfall_10k"], ascending=False, kind="stable")
    shown = ordered.head(MOST)
    frame = pd.DataFrame({"name": names(shown["name"])})
    labels = {"name": _NAME}
    for column, one in zip(columns, scales, strict=True):
        frame[column] = [
            f"{SIGNS[light]} {LIGHTS[light].in_language(lang)}" for light in shown[column]
        ]
        book = one.preset.name
        labels[column] = Text(
            f"{book.zh.partition('：')[0]}·{one.scale.name.zh}",
            f"{book.en.partition(':')[0]}, {one.scale.name.en}",
        )
    return ReaderTable(
        frame,
        Text(
            "有黄灯或红灯的项目，几套规则并列", "Projects with a yellow or red light, rule by rule"
        ),
        labels,
        _cut(ordered, MOST, "lights"),
    )


def issue_table(study: LedgerStudy, *, lang: Language) -> ReaderTable:
    """Return the open issues, the one that is due first on top."""
    fields = ledger_tables()["issues"].fields
    ordered = study.issues.sort_values("due", kind="stable")
    rows = ordered.head(MOST)
    end = study.as_of.end_time.normalize()
    late = (end - rows["due"]).dt.days.clip(lower=0)
    frame = pd.DataFrame(
        {
            "issue": names(rows["issue_id"]),
            "name": names(rows["name"].fillna(rows["project_code"])),
            "class": _choice_words(rows["class"], fields["class"].choices, lang),
            "cause": _choice_words(rows["cause"], fields["cause"].choices, lang),
            "due": _days(rows["due"]),
            "late": [number(days, lang, 0) if days > 0 else "" for days in late],
            "owner": names(rows["owner_unit"]),
            "action": names(rows["action"]),
        }
    )
    labels = {
        "issue": Text("编号", "No."),
        "name": _NAME,
        "class": Text("类别", "Class"),
        "cause": Text("原因", "Cause"),
        "due": Text("完成时限", "Due"),
        "late": Text("逾期（天）", "Days overdue"),
        "owner": Text("责任单位", "Unit"),
        "action": Text("措施", "Action"),
    }
    return ReaderTable(
        frame,
        Text("未销号问题，按时限排序", "Open issues by due date"),
        labels,
        _cut(ordered, MOST, "issues"),
    )


def element_table(study: LedgerStudy, *, lang: Language) -> ReaderTable:
    """Return the projects that lack land, environmental approval or funds."""
    unit = study.standing[["project_code", "unit", "shortfall_10k", "status"]]
    joined = study.matrix.merge(unit, on="project_code")
    is_open = ~joined["status"].isin(["completed", "stopped", "investor_exit"])
    lacking = joined[joined[list(ELEMENTS)].eq("pending").any(axis="columns") & is_open]
    n = lacking[list(ELEMENTS)].eq("pending").sum(axis="columns")
    ordered = lacking.assign(n=n).sort_values(["n", "shortfall_10k"], ascending=False)
    rows = ordered.head(MOST)
    signs = {"in_place": "✓ ", "pending": "✗ ", "not_needed": "", "unknown": ""}
    told = {state: f"{signs[state]}{words.in_language(lang)}" for state, words in STATES.items()}
    frame = pd.DataFrame(
        {"name": names(rows["name"]), "unit": names(rows["unit"])}
        | {element: rows[element].map(told).to_list() for element in ELEMENTS}
        | {"shortfall": whole(rows["shortfall_10k"], lang)}
    )
    labels = {"name": _NAME, "unit": _UNIT} | dict(ELEMENTS)
    labels["shortfall"] = Text("差额（万元）", "Behind (10,000 yuan)")
    return ReaderTable(
        frame,
        Text(
            "要素未落实的项目（未竣工、未停建）",
            "Projects that lack an input (not over, not halted)",
        ),
        labels,
        _cut(ordered, MOST, "elements"),
    )


def reconciliation_table(study: LedgerStudy, *, lang: Language) -> ReaderTable:
    """Return the projects whose reported investment is not that of the ledger."""
    found = study.reconciliation.projects
    differs = found[~found["class"].isin(["agrees", "not_started"])]
    ordered = differs.sort_values("gap_10k", key=lambda gap: gap.abs(), ascending=False)
    rows, cut = ordered.head(MOST), _cut(ordered, MOST, "reconciliation")
    frame = pd.DataFrame(
        {
            "name": names(rows["name"]),
            "unit": names(rows["unit"]),
            "class": [CLASSES[one].in_language(lang) for one in rows["class"]],
            "done": whole(rows["done_10k"], lang),
            "reported": whole(rows["reported_10k"], lang),
            "gap": whole(rows["gap_10k"], lang),
            "place": [f"{one}!{row}" for one, row in zip(rows["sheet"], rows["row"], strict=True)],
        }
    )
    labels = {
        "name": _NAME,
        "unit": _UNIT,
        "class": Text("情况", "What is the matter"),
        "done": Text("台账完成（万元）", "Ledger (10,000 yuan)"),
        "reported": Text("已上报（万元）", "Reported (10,000 yuan)"),
        "gap": Text("差额（万元）", "Difference (10,000 yuan)"),
        "place": Text("台账位置", "In the ledger"),
    }
    return ReaderTable(
        frame,
        Text("台账与统计不一致的项目", "Projects that differ from the statistics"),
        labels,
        Text(
            f"上报数是台账照抄统计报表的数，本页不推算、不改动。{cut.zh}",
            "What was reported is copied from the returns; nothing here works it out or changes "
            f"it. {cut.en}",
        ),
    )


def attribution_table(study: LedgerStudy, *, lang: Language) -> ReaderTable:
    """Return the projects that moved investment most, down and up."""
    labels = {
        "name": _NAME,
        "effect": Text("原因", "How"),
        "then": Text("上年同期（万元）", "Year before (10,000 yuan)"),
        "now": Text("本期（万元）", "Now (10,000 yuan)"),
        "change": Text("增减（万元）", "Change (10,000 yuan)"),
    }
    title = Text("增减最大的项目", "Projects that moved most")
    if study.attribution is None:
        return ReaderTable(pd.DataFrame(columns=list(labels)), title, labels)
    moved = study.attribution.projects.dropna(subset="change_10k")
    ordered = moved.sort_values("change_10k", key=lambda one: one.abs(), ascending=False)
    rows = ordered.head(MOST // 2)
    frame = pd.DataFrame(
        {
            "name": names(rows["name"]),
            "effect": [EFFECTS[one].in_language(lang) for one in rows["effect"]],
            "then": whole(rows["then_10k"], lang),
            "now": whole(rows["now_10k"], lang),
            "change": whole(rows["change_10k"], lang),
        }
    )
    return ReaderTable(frame, title, labels, _cut(ordered, MOST // 2, "attribution"))


def delivery_table(study: LedgerStudy, *, lang: Language) -> ReaderTable:
    """Return the projects that could deliver what the target still needs, the most ready first."""
    labels = {
        "name": _NAME,
        "unit": _UNIT,
        "lead": _LEAD,
        "readiness": Text("成熟度", "Readiness"),
        "workload": Text("可完成（万元，测算）", "Could do (10,000 yuan, workload)"),
        "running": Text("累计（万元，测算）", "Running sum (10,000 yuan, workload)"),
        "covers": Text("是否覆盖", "Covers"),
    }
    title = Text(
        "谁能完成年度目标还差的投资（工作量测算，不是上报数）",
        "Who could do what the target still needs (workload, not figures to report)",
    )
    if study.delivery is None:
        return ReaderTable(pd.DataFrame(columns=list(labels)), title, labels)
    found = study.delivery.projects
    counted = found[found["workload_10k"].gt(0)]
    rows = counted.head(MOST)
    frame = pd.DataFrame(
        {
            "name": names(rows["name"]),
            "unit": names(rows["unit"]),
            "lead": names(rows["lead"]),
            "readiness": [READINESS[one].in_language(lang) for one in rows["readiness"]],
            "workload": whole(rows["workload_10k"], lang),
            "running": whole(rows["running_10k"], lang),
            "covers": [_COVERS.in_language(lang) if one else "" for one in rows["covers"]],
        }
    )
    return ReaderTable(frame, title, labels, _cut(counted, MOST, "delivery"))


def delivery_classes(study: LedgerStudy, *, lang: Language) -> ReaderTable:
    """Return the workload by readiness, counted or not."""
    labels = {
        "readiness": Text("成熟度", "Readiness"),
        "n": Text("项目数", "Projects"),
        "unknown": Text("缺数", "Not known"),
        "workload": Text("剩余工作量（亿元，测算）", "Work left (100m yuan, workload)"),
    }
    title = Text("按成熟度汇总（工作量测算）", "By readiness (workload)")
    if study.delivery is None:
        return ReaderTable(pd.DataFrame(columns=list(labels)), title, labels)
    found = study.delivery.classes
    frame = pd.DataFrame(
        {
            "readiness": [READINESS[one].in_language(lang) for one in found["readiness"]],
            "n": [number(n, lang, 0) for n in found["n"]],
            "unknown": [number(n, lang, 0) for n in found["n_unknown"]],
            "workload": [number(value / 1e4, lang, 2) for value in found["workload_10k"]],
        }
    )
    return ReaderTable(frame, title, labels)


def names(words: pd.Series) -> list[str]:
    """Return texts of a ledger as cells: on one line, and not too long."""
    return [names_of(str(one)) for one in words]


def names_of(word: str) -> str:
    """Return one text of a ledger as a cell.

    Examples
    --------
    >>> names_of("a  b"), len(names_of("x" * 10000))
    ('a b', 60)
    """
    line = " ".join(word.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def whole(amounts: pd.Series, lang: Language) -> list[str]:
    """Return amounts of 万元 without decimals."""
    return [number(float(value), lang, 0) for value in amounts]


def cause_words(causes: pd.Series, lang: Language) -> list[str]:
    """Return causes that blanks separate as readers see them."""
    choices = ledger_tables()["issues"].fields["cause"].choices
    words = {one.value: one.label.in_language(lang) for one in choices}
    between = Text("、", "; ").in_language(lang)
    return [between.join(words[cause] for cause in told.split()) for told in causes]


def _choice_words(values: pd.Series, choices: tuple[object, ...], lang: Language) -> list[str]:
    words = {one.value: one.label.in_language(lang) for one in choices}  # type: ignore[attr-defined]
    return [words.get(one, _NOT_STATED.in_language(lang)) for one in values]


def _days(dates: pd.Series) -> list[str]:
    return ["" if pd.isna(day) else f"{day:%Y-%m-%d}" for day in dates]


def _cut(rows: pd.DataFrame, most: int, file: str) -> Text:
    if len(rows) <= most:
        return NO_NOTE
    return Text(
        f"此处列出前 {most} 行，共 {len(rows)} 行，全表见结果文件 {file}.csv。",
        f"The first {most} of {len(rows)} rows; the result file {file}.csv has them all.",
    )


FACETS = {
    "unit": _UNIT,
    "lead": _LEAD,
    "status": _STATUS,
    "cause": _CAUSES,
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
    fields = ledger_tables()["issues"].fields
    sides = [
        {one.value: one.label for one in fields[name].choices} | {"": _NOT_STATED}
        for name in ("class", "cause")
    ]
    counts = pd.crosstab(study.issues["class"], study.issues["cause"])
    counts = counts.reindex(index=list(sides[0]), columns=list(sides[1]), fill_value=0)
    if not counts[""].any():
        counts = counts.drop(columns="")
    if not counts.loc[""].any():
        counts = counts.drop(index="")
    rows = [sides[0][str(one)] for one in counts.index]
    return counts, (rows, [sides[1][str(one)] for one in counts.columns])


def funding_table(study: LedgerStudy, *, lang: Language) -> ReaderTable:
    """Return money that is there beside money that is needed."""
    told = {
        Text("本年资金", "Funds of the year"): study.funds,
        Text("地方配套", "Local match"): study.match,
    }
    frame = pd.DataFrame(
        {
            "what": [words.in_language(lang) for words in told],
            "n": [number(found.n, lang, 0) for found in told.values()],
            "needed": [number(found.needed_10k / 1e4, lang, 2) for found in told.values()],
            "arrived": [number(found.arrived_10k / 1e4, lang, 2) for found in told.values()],
            "open": [number(found.open_10k / 1e4, lang, 2) for found in told.values()],
            "rate": [percent(found.rate_pct, lang) for found in told.values()],
        }
    )
    labels = {
        "what": Text("资金", "Money"),
        "n": Text("项目数", "Projects"),
        "needed": Text("应到位（亿元）", "Needed (100m yuan)"),
        "arrived": Text("已到位（亿元）", "In place (100m yuan)"),
        "open": Text("尚缺（亿元）", "Lacking (100m yuan)"),
        "rate": Text("到位率", "Rate"),
    }
    note = Text(
        "尚缺按项目逐个计算：一个项目多到位的，不抵另一个项目的缺口。",
        "What is lacking is counted project by project: too much here does not cover a gap there.",
    )
    return ReaderTable(frame, Text("资金到位情况", "Money in place"), labels, note)


def result_tables(study: LedgerStudy, checks: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return every table behind the page, whole, by the name of its file."""
    by_unit = study.standing.groupby(["unit", "status"])["annual_plan_10k"].agg(["size", "sum"])
    found = {
        "status": by_unit.set_axis(["n", "annual_plan_10k"], axis="columns").reset_index(),
        "projects": study.standing,
        "lights": study.board.projects,
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
    return found
