"""The findings of a ledger: verdict, sentences below it, and key numbers, each with its rows.

Method: ``docs/methods/ledger-page.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from faiwatch.findings import Finding
from faiwatch.ledger.progress import BEHIND
from faiwatch.ledger.readiness import Delivery
from faiwatch.ledger.reconcile import AS_REPORTED, LEDGER
from faiwatch.ledger.register import issue_figures
from faiwatch.ledger.schedule import MONTHS
from faiwatch.ledger.sheets import PER_100M, total_10k
from faiwatch.ledger.status import status_words
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tasks import task_figures
from faiwatch.ledger_tables import ledger_tables
from faiwatch.phrases import count_of
from faiwatch.signals.monitor import Tone
from faiwatch.signals.tracing import Basis, What, rows_behind
from faiwatch.targets.words import amount
from faiwatch.text import LANGUAGES, Text, half_up, number, percent

NUMBERS = (
    "lagging",
    "shortfall",
    "progress",
    "deviation",
    "required_per_month",
    "start_rate_due",
    "start_rate_planned",
    "funds_rate",
    "match_rate",
    "bond_use",
    "open_issues",
    "closure_rate",
    "overdue_tasks",
    "not_reported",
    "deliverable",
)
_MOST_NAMED = 3
_DECIMALS = ((1.0, 1), (0.1, 2))  # an amount of 100 million, and how it is said; less in 万元
_WHATS = {
    "lagging": What(
        Text("滞后项目（个）", "projects that lag"),
        "projects",
        "n(status in not_started_due, slow, stopped, funds_missing, investor_exit)",
    ),
    "shortfall": What(
        Text("滞后项目比均衡进度少完成（亿元）", "behind even pace, lagging projects (100m yuan)"),
        "100m_cny",
        "sum max(0, plan * m / 12 - done)",
    ),
    "progress": What(
        Text("年度计划完成率", "done of the year's plans"), "pct", "sum(done) / sum(plan)"
    ),
    "deviation": What(
        Text("与均衡进度（m/12）相比", "against even pace (m/12)"),
        "pp",
        "100 * sum(done) / sum(plan) - 100 * m / 12",
    ),
    "required_per_month": What(
        Text(
            "其余各月每月须完成（亿元，测算）", "required a month from here (100m yuan, workload)"
        ),
        "100m_cny",
        "(sum(plan) - sum(done)) / (12 - m)",
    ),
    "start_rate_due": What(
        Text("开工率（占已到期应开工）", "started, of those due by now"),
        "pct",
        "n(started and due) / n(due)",
    ),
    "start_rate_planned": What(
        Text("开工率（占全年计划开工）", "started, of all planned this year"),
        "pct",
        "n(started) / n(planned this year)",
    ),
    "funds_rate": What(Text("资金到位率", "funds in place"), "pct", "sum(arrived) / sum(planned)"),
    "match_rate": What(
        Text("地方配套到位率", "local match paid"),
        "pct",
        "sum(min(paid, required)) / sum(required)",
    ),
    "bond_use": What(
        Text("专项债券支出率", "special bonds paid out"), "pct", "sum(paid) / sum(amount)"
    ),
    "open_issues": What(Text("未销号问题（个）", "issues open"), "issues", "n(open)"),
    "closure_rate": What(Text("问题销号率", "issues closed"), "pct", "n(closed) / n(issues known)"),
    "overdue_tasks": What(
        Text("逾期任务（个）", "tasks overdue"), "tasks", "n(open and due before the end of m)"
    ),
    "deliverable": What(
        Text("台账项目可完成（亿元，测算）", "the ledger could do (100m yuan, workload)"),
        "100m_cny",
        "sum min(plan - done, total - done since the start), under way or to start this year",
    ),
    "not_reported": What(
        Text("台账完成、统计未报（亿元）", "done in the ledger, not reported (100m yuan)"),
        "100m_cny",
        "sum(done) - sum(reported)",
    ),
}
_SENTENCES = {
    "verdict": "lagging",
    "detail_statuses": "lagging",
    "detail_change": "lagging",
    "detail_units": "shortfall",
    "detail_causes": "open_issues",
    "detail_statistics": "not_reported",
    "detail_delivery": "deliverable",
}


def money(value_10k: float) -> Text:
    """Say an amount of 万元 in 100 million, with as many decimals as a small one needs.

    Examples
    --------
    >>> money(246_604.0).zh, money(4_120.0).en, money(85.0).zh
    ('24.7', '0.41', '0.0085')
    """
    value = value_10k / PER_100M
    decimals = next((n for least, n in _DECIMALS if abs(value) >= least), 4)
    if decimals == 1:
        return amount(value)
    zh, en = (number(value, lang, decimals) for lang in LANGUAGES)
    return Text(zh, en)


def ledger_tone(study: LedgerStudy) -> Tone:
    """Return the tone of the verdict: whether the plans keep even pace."""
    gap = study.totals.done_pct - study.totals.time_pct
    if math.isnan(gap):
        return "missing"
    return "behind" if half_up(gap, 1) < 0 else "on_pace"


def ledger_findings(study: LedgerStudy) -> dict[str, Finding]:
    """Return verdict, details and key numbers of a ledger by name.

    Parameters
    ----------
    study : LedgerStudy
        From :func:`faiwatch.ledger.study.study_ledger`.

    Returns
    -------
    dict
        ``verdict``, ``detail_…`` and :data:`NUMBERS`; each rests on rows of the ledger, with file,
        sheet and row.
    """
    values, bases = _values(study), _bases(study)
    numbers = {name: _number(name, values[name], bases[name]) for name in NUMBERS}
    told = {
        "verdict": verdict_words(study),
        "detail_statuses": _status_words(study),
        "detail_change": _change_words(study),
        "detail_units": _unit_words(study),
        "detail_causes": _cause_words(study),
        "detail_statistics": _statistics_words(study),
        "detail_delivery": delivery_words(study.delivery) if study.delivery else Text("", ""),
    }
    sentences = {
        name: numbers[_SENTENCES[name]].model_copy(
            update={"id": name, "zh": words.zh, "en": words.en}
        )
        for name, words in told.items()
        if words.zh
    }
    return sentences | numbers


def verdict_words(study: LedgerStudy) -> Text:
    """Say how many projects lag, by how much, and what that means for the year."""
    found = study.totals
    short = money(found.shortfall_10k)
    lagging = Text(
        f"{found.n}个项目中{found.n_lagging}个滞后，比均衡进度少完成{short.zh}亿元",
        f"{found.n_lagging} of {count_of(found.n, 'project')} lag, {short.en} (100m yuan) behind "
        "even pace",
    )
    if not found.n_lagging:
        lagging = Text(f"{found.n}个项目没有滞后的", f"None of {count_of(found.n, 'project')} lags")
    year = _year_words(study)
    return Text(f"{lagging.zh}；{year.zh}。", f"{lagging.en}; {year.en}.")


def delivery_words(found: Delivery) -> Text:
    """Say whether the projects could deliver what turning positive by December still takes."""
    required = money(found.required_10k)
    if not found.required_10k:
        return Text("全年转正已不需要更多投资。", "Turning positive takes no more investment.")
    could = money(total_10k(found.projects["workload_10k"]))
    if found.gap_10k:
        gap = money(found.gap_10k)
        return Text(
            f"全年转正还需{required.zh}亿元，台账项目全部按计划推进可完成{could.zh}亿元，"
            f"仍缺{gap.zh}亿元，须由台账以外的投资完成（测算）。",
            f"Turning positive by December takes {required.en}; the ledger's projects could do "
            f"{could.en} if all kept to plan, so {gap.en} must come from outside it (100m yuan, "
            "workload).",
        )
    n = int(found.projects["covers"].argmax()) + 1
    return Text(
        f"全年转正还需{required.zh}亿元，成熟度最高的{n}个项目按计划完成即可覆盖（测算）。",
        f"Turning positive by December takes {required.en} (100m yuan): the "
        f"{count_of(n, 'project')} that are most ready would cover it by keeping to plan "
        "(workload).",
    )


def _year_words(study: LedgerStudy) -> Text:
    found = study.totals
    if math.isnan(found.done_pct):
        return Text(
            "缺年度计划或完成数，全年情况无法判断",
            "without plans and figures of what is done, nothing can be said about the year",
        )
    if found.done_pct >= 100:
        return Text("全年计划已完成", "the plans of the year are fulfilled")
    if math.isnan(found.required_per_month_10k):
        share = percent(found.done_pct, "zh"), percent(found.done_pct, "en")
        return Text(f"全年计划完成{share[0]}", f"{share[1]} of the year's plans is done")
    needed = money(found.required_per_month_10k)
    left = MONTHS - study.as_of.month
    times = Text("", "")
    if found.pace_per_month_10k > 0:
        ratio = number(found.required_per_month_10k / found.pace_per_month_10k, "zh", 1)
        times = Text(
            f"，是前{study.as_of.month}个月月均的{ratio}倍",
            f", {ratio} times the monthly pace so far",
        )
    return Text(
        f"要完成全年计划，其余{left}个月每月须完成{needed.zh}亿元{times.zh}（测算）",
        f"the plans of the year take {needed.en} a month from now on{times.en} (workload)",
    )


def _status_words(study: LedgerStudy) -> Text:
    counts = study.lag["status"].value_counts()
    words = status_words()
    told = [(words[name], int(counts[name])) for name in BEHIND if name in counts]
    if not told:
        return Text("", "")
    return Text(
        f"其中{'，'.join(f'{word.zh}{n}个' for word, n in told)}。",
        f"Of these: {'; '.join(f'{word.en} {n}' for word, n in told)}.",
    )


def _change_words(study: LedgerStudy) -> Text:
    found = study.totals
    if found.n_lagging_before < 0:
        return Text("", "")
    change = found.n_lagging - found.n_lagging_before
    if not change:
        return Text("滞后项目数与上期相同。", "As many lag as at the release before.")
    more = Text("增加", "more") if change > 0 else Text("减少", "fewer")
    return Text(
        f"滞后项目比上期{more.zh}{abs(change)}个。",
        f"{abs(change)} {more.en} than at the release before.",
    )


def _unit_words(study: LedgerStudy) -> Text:
    lag = study.lag[study.lag["unit"].ne("") & study.lag["shortfall_10k"].gt(0)]
    if lag.empty:
        return Text("", "")
    groups = lag.groupby("unit")["shortfall_10k"].agg(["sum", "size"])
    top = groups.sort_values("sum", ascending=False).head(_MOST_NAMED)
    zh, en = [], []
    for unit, row in top.iterrows():
        short, n = money(float(row["sum"])), int(row["size"])
        zh.append(f"{unit}{short.zh}亿元（{n}个）")
        en.append(f"{unit} {short.en} ({n})")
    return Text(
        f"差额最大的单位：{'；'.join(zh)}。",
        f"Largest shortfalls by unit (100m yuan): {'; '.join(en)}.",
    )


def _cause_words(study: LedgerStudy) -> Text:
    labels = {one.value: one.label for one in ledger_tables()["issues"].fields["cause"].choices}
    counts = study.issues.loc[study.issues["cause"].ne(""), "cause"].value_counts()
    top = counts.head(_MOST_NAMED)
    if top.empty:
        return Text("", "")
    told = [(labels[str(cause)], int(n)) for cause, n in top.items()]
    return Text(
        f"未销号问题{len(study.issues)}个，主要因"
        f"{'、'.join(f'{word.zh}（{n}个）' for word, n in told)}。",
        f"{count_of(len(study.issues), 'issue')} open, mostly because of "
        f"{', '.join(f'{word.en} ({n})' for word, n in told)}.",
    )


def _statistics_words(study: LedgerStudy) -> Text:
    gap = _values(study)["not_reported"]
    if math.isnan(gap):
        return Text("", "")
    size = money(abs(gap) * PER_100M)
    if gap < 0:
        return Text(
            f"统计上报比台账多{size.zh}亿元。",
            f"{size.en} (100m yuan) more was reported than the ledger has.",
        )
    return Text(
        f"台账已完成投资中，有{size.zh}亿元未上报统计。",
        f"{size.en} (100m yuan) of what the ledger has done was not reported.",
    )


def _values(study: LedgerStudy) -> dict[str, float]:
    found = study.totals
    steps = study.reconciliation.steps.set_index("step")["amount_10k"]
    known = study.bonds[study.bonds[["paid_10k", "amount_10k"]].notna().all(axis="columns")]
    issued = total_10k(known["amount_10k"])
    return {
        "lagging": float(found.n_lagging),
        "shortfall": found.shortfall_10k / PER_100M,
        "progress": found.done_pct,
        "deviation": found.done_pct - found.time_pct,
        "required_per_month": found.required_per_month_10k / PER_100M,
        "start_rate_due": study.starts.rate_due_pct,
        "start_rate_planned": study.starts.rate_planned_pct,
        "funds_rate": study.funds.rate_pct,
        "match_rate": study.match.rate_pct,
        "bond_use": 100 * total_10k(known["paid_10k"]) / issued if issued else math.nan,
        "open_issues": float(len(study.issues)),
        "closure_rate": issue_figures(study.register).closure_rate_pct,
        "overdue_tasks": float(task_figures(study.tasks).n_overdue),
        "deliverable": math.nan
        if study.delivery is None
        else total_10k(study.delivery.projects["workload_10k"]) / PER_100M,
        "not_reported": (steps[LEDGER] - steps[AS_REPORTED]) / PER_100M,
    }


def _bases(study: LedgerStudy) -> Mapping[str, Basis]:
    """Return the rows that each number rests on, and the month."""
    month = str(study.as_of)
    sheet = study.tables["projects"]
    sheet = sheet[sheet["asof"] == study.as_of]

    def basis(rows: pd.DataFrame, *columns: str) -> Basis:
        told = rows.assign(period=month)
        inputs = [row for column in columns for row in rows_behind(told, column)]
        return Basis(month, month, tuple(inputs))

    of_lag = basis(study.lag, "annual_plan_10k", "ytd_done_10k")
    of_all = basis(study.standing, "annual_plan_10k", "ytd_done_10k")
    issues = study.issues.assign(open=1.0)
    start = study.standing["planned_start"].fillna(study.standing["original_start"])
    planned = study.standing[start.dt.year.eq(study.as_of.year)]
    bonds = study.tables["bonds"]
    return {
        "lagging": of_lag,
        "shortfall": of_lag,
        "progress": of_all,
        "deviation": of_all,
        "required_per_month": of_all,
        "start_rate_due": basis(planned[planned["start_due"]], "annual_plan_10k"),
        "start_rate_planned": basis(planned, "annual_plan_10k"),
        "funds_rate": basis(sheet, "funds_plan", "funds_arrived"),
        "match_rate": basis(sheet, "local_match", "local_match_arrived"),
        "bond_use": basis(bonds, "amount", "paid"),
        "open_issues": basis(issues, "open"),
        "closure_rate": basis(study.register.assign(known=1.0), "known"),
        "overdue_tasks": basis(study.tasks[study.tasks["overdue_days"] > 0], "overdue_days"),
        "deliverable": basis(study.standing, "annual_plan_10k", "ytd_done_10k", "total_10k"),
        "not_reported": basis(sheet, "ytd_done", "stat_ytd_reported"),
    }


def _number(id: str, value: float, basis: Basis) -> Finding:
    what = _WHATS[id]
    if math.isnan(value):
        return basis.missing(id, what)
    return basis.finding(id, float(value), what, _words(value, what.unit))


def _words(value: float, unit: str) -> Text:
    if unit == "pct":
        return Text(percent(value, "zh"), percent(value, "en"))
    if unit == "pp":
        sign = "+" if half_up(value, 1) > 0 else ""
        size = number(value, "zh")
        return Text(f"{sign}{size}个百分点", f"{sign}{size} pp")
    if unit == "100m_cny":
        return money(value * PER_100M)
    return Text(number(value, "zh", 0), number(value, "en", 0))
