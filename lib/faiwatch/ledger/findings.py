"""The findings of a ledger: verdict, sentences below it, and key numbers, each with its rows.

Method: ``docs/methods/ledger-page.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from faiwatch.core.finding import Coverage, Finding, InputRow
from faiwatch.core.provenance import Basis, What, rows_behind
from faiwatch.core.text import Text, half_up
from faiwatch.data.ledger_fields import CODE_FROM_NAME, PROJECT_CODE
from faiwatch.ledger.coverage import coverage_of, covered, state_of
from faiwatch.ledger.reconcile import EXEMPT
from faiwatch.ledger.register import issue_figures
from faiwatch.ledger.sentences import ledger_sentences, not_reported_10k
from faiwatch.ledger.sheets import PER_100M, total_10k
from faiwatch.ledger.starts import start_flags
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tasks import task_figures
from faiwatch.stats.monitor import Tone

NUMBERS = (
    "lagging",
    "red_lights",
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
_LONGEST_NAME = 80  # of a project, its code in front, or of a bond
_WHATS = {
    "lagging": What(
        Text("滞后项目数", "projects that lag"),
        "projects",
        "n(status in not_started_due, slow, stopped, funds_missing, investor_exit)",
        "状态为未开工（到期）、进展缓慢、停建、资金不到位无实质进展、投资主体退出的项目数",
    ),
    "red_lights": What(
        Text("亮红灯的项目（个，按所选规则）", "projects with a red light (chosen rules)"),
        "projects",
        "n(projects with a red light, their own or of a bond, by any of the chosen rules)",
        "按所选任一规则，本项目或其债券亮红灯的项目数",
    ),
    "shortfall": What(
        Text("滞后项目比均衡进度少完成（亿元）", "behind even pace, lagging projects (100m yuan)"),
        "100m_cny",
        "sum max(0, plan * m / 12 - done) / 10000",
        "各滞后项目 年度计划 × m ÷ 12 − 已完成（小于0的计0）之和 ÷ 10000",
    ),
    "progress": What(
        Text("年度计划完成率", "done of the year's plans"),
        "pct",
        "100 sum(done) / sum(plan)",
        "100 × 已完成合计 ÷ 年度计划合计",
    ),
    "deviation": What(
        Text("比均衡进度（m/12）", "against even pace (m/12)"),
        "pp",
        "100 * sum(done) / sum(plan) - 100 * m / 12",
        "100 × 已完成合计 ÷ 年度计划合计 − 100 × m ÷ 12",
    ),
    "required_per_month": What(
        Text(
            "其余各月每月须完成（亿元，测算）", "required a month from here (100m yuan, workload)"
        ),
        "100m_cny",
        "(sum(plan) - sum(done)) / (12 - m) / 10000",
        "（年度计划合计 − 已完成合计）÷（12 − m）÷ 10000",
    ),
    "start_rate_due": What(
        Text("开工率（占已到期应开工）", "started, of those due by now"),
        "pct",
        "100 n(started and due) / n(due)",
        "100 × 已到期且已开工的项目数 ÷ 已到期应开工的项目数",
    ),
    "start_rate_planned": What(
        Text("开工率（占全年计划开工）", "started, of all planned this year"),
        "pct",
        "100 n(started) / n(planned this year)",
        "100 × 已开工项目数 ÷ 计划本年开工项目数",
    ),
    "funds_rate": What(
        Text("资金到位率", "share of funds in place"),
        "pct",
        "100 sum(arrived) / sum(planned)",
        "100 × 到位资金合计 ÷ 计划资金合计",
    ),
    "match_rate": What(
        Text("地方配套到位率", "share of local match paid"),
        "pct",
        "100 sum(min(paid, required)) / sum(required)",
        "100 × 各项目已到位配套（不超过应配套）合计 ÷ 应配套合计",
    ),
    "bond_use": What(
        Text("专项债券支出率", "special bonds paid out"),
        "pct",
        "100 sum(paid) / sum(amount)",
        "100 × 已支出合计 ÷ 债券金额合计",
    ),
    "open_issues": What(
        Text("未销号问题（个）", "issues open"), "issues", "n(open)", "未销号问题数"
    ),
    "closure_rate": What(
        Text("问题销号率", "share of issues closed"),
        "pct",
        "100 n(closed) / n(issues known)",
        "100 × 已销号问题数 ÷ 已提出问题数",
    ),
    "overdue_tasks": What(
        Text("逾期任务（个）", "tasks overdue"),
        "tasks",
        "n(open and due before the end of m)",
        "未办结且时限早于期末的任务数",
    ),
    "deliverable": What(
        Text("台账项目可完成（亿元，测算）", "the ledger could do (100m yuan, workload)"),
        "100m_cny",
        "sum(workload) / 10000, workload = min(plan - done, total - done since the start)",
        "在建及计划本年开工的项目：年度计划余额与总投资余额中较小者之和 ÷ 10000",
    ),
    "not_reported": What(
        Text("台账完成、统计未报（亿元）", "done in the ledger, not reported (100m yuan)"),
        "100m_cny",
        "(sum(done) - sum(reported)) / 10000, but projects below 5 million yuan and real estate",
        "（台账完成合计 − 统计上报合计）÷ 10000，不含500万元以下项目和房地产项目",
    ),
}
_SENTENCES = {
    "verdict": "lagging",
    "detail_statuses": "lagging",
    "detail_change": "lagging",
    "detail_units": "shortfall",
    "detail_causes": "open_issues",
    "detail_statistics": "not_reported",
    "detail_lights": "red_lights",
    "detail_coverage": "progress",
    "detail_delivery": "deliverable",
}


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
    over = _coverages(study)
    numbers = {
        name: covered(bases[name], name, values[name], _WHATS[name], over.get(name))
        for name in NUMBERS
    }
    sentences = {
        name: numbers[_SENTENCES[name]].model_copy(
            update={"id": name, "zh": words.zh, "en": words.en}
        )
        for name, words in ledger_sentences(study).items()
    }
    return sentences | numbers


def _values(study: LedgerStudy) -> dict[str, float]:
    found = study.totals
    bonds, is_known = study.bonds, _known_bonds(study)
    issued = total_10k(bonds.loc[is_known, "amount_10k"])
    is_told = issued and state_of(_coverages(study)["bond_use"]) != "missing"
    red = study.board.red
    return {
        "lagging": math.nan if found.n_unjudged == found.n else float(found.n_lagging),
        "red_lights": math.nan if red is None else float(red[PROJECT_CODE].nunique()),
        "shortfall": found.shortfall_10k / PER_100M,
        "progress": found.done_pct,
        "deviation": found.done_pct - found.time_pct,
        "required_per_month": found.required_per_month_10k / PER_100M,
        "start_rate_due": study.starts.rate_due_pct,
        "start_rate_planned": study.starts.rate_planned_pct,
        "funds_rate": study.funds.rate_pct,
        "match_rate": study.match.rate_pct,
        "bond_use": 100 * total_10k(bonds.loc[is_known, "paid_10k"]) / issued
        if is_told
        else math.nan,
        "open_issues": float(len(study.issues)),
        "closure_rate": issue_figures(study.register).closure_rate_pct,
        "overdue_tasks": float(task_figures(study.tasks).n_overdue),
        "deliverable": math.nan
        if study.delivery is None
        else study.delivery.workload_10k / PER_100M,
        "not_reported": not_reported_10k(study) / PER_100M,
    }


def _coverages(study: LedgerStudy) -> dict[str, Coverage]:
    """Return what each number is over; those that count what is listed are not here."""
    found = study.totals
    told = {
        "lagging": found.judged,
        "shortfall": found.short,
        "progress": found.progress,
        "deviation": found.progress,
        "required_per_month": found.progress,
        "start_rate_due": study.starts.due,
        "start_rate_planned": study.starts.planned,
        "funds_rate": study.funds.known,
        "match_rate": study.match.known,
        "bond_use": coverage_of(_known_bonds(study), weight=study.bonds["amount_10k"]),
        "not_reported": study.reconciliation.coverage,
    }
    return told | ({"deliverable": study.delivery.coverage} if study.delivery else {})


def _known_bonds(study: LedgerStudy) -> pd.Series:
    return study.bonds[["paid_10k", "amount_10k"]].notna().all(axis="columns")


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
    counted = start_flags(study.standing, as_of=study.as_of)
    starts = study.standing.astype({"started": "float64"})
    bonds = study.bonds
    register = study.register.astype({"is_open": "float64"})
    compared = study.reconciliation.projects
    exempt = compared.loc[compared["class"].isin(EXEMPT), PROJECT_CODE]
    asked = sheet[~sheet[PROJECT_CODE].isin(exempt)]
    workload: tuple[InputRow, ...] = ()
    if study.delivery is not None:
        could = study.delivery.projects.set_index(PROJECT_CODE)["workload_10k"]
        told = study.standing.join(could, on=PROJECT_CODE)
        workload = rows_behind(told.assign(period=month), "workload_10k")
    return {
        "lagging": basis(study.lag, "status"),
        "red_lights": Basis(month, month, _red_rows(study)),
        "shortfall": of_lag,
        "progress": of_all,
        "deviation": of_all,
        "required_per_month": of_all,
        "start_rate_due": basis(starts[counted["n_due"]], "started"),
        "start_rate_planned": basis(starts[counted["n_planned"]], "started"),
        "funds_rate": basis(sheet, "funds_plan", "funds_arrived"),
        "match_rate": basis(sheet, "local_match", "local_match_arrived"),
        "bond_use": basis(bonds, "amount_10k", "paid_10k"),
        "open_issues": basis(issues, "open"),
        "closure_rate": basis(register, "is_open"),
        "overdue_tasks": basis(study.tasks[study.tasks["overdue_days"] > 0], "overdue_days"),
        "deliverable": Basis(month, month, workload),
        "not_reported": basis(asked, "ytd_done", "stat_ytd_reported"),
    }


def _red_rows(study: LedgerStudy) -> tuple[InputRow, ...]:
    """Return one row for each red light: which light of which bond, and the project.

    What tells one light from another is `column` and the code; the name may change.
    """
    if study.board.red is None:
        return ()
    names = study.standing.set_index(PROJECT_CODE)["name"]
    told = study.board.red.join(names, on=PROJECT_CODE)
    return tuple(
        InputRow(
            file=row["file"],
            sheet=row["sheet"],
            row=row["row"],
            period=str(study.as_of),
            column=" ".join([row["light"], *row["batch"][:_LONGEST_NAME].split()]),
            value=CODE_FROM_NAME.join(filter(None, _tidy(row[PROJECT_CODE], row["name"])))[
                :_LONGEST_NAME
            ],
        )
        for row in told.assign(name=told["name"].fillna("")).to_dict("records")
    )


def _tidy(*words: str) -> list[str]:
    return [" ".join(one.split()) for one in words]
