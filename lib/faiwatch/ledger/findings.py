"""The findings of a ledger: verdict, sentences below it, and key numbers, each with its rows.

Method: ``docs/methods/ledger-page.md``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from functools import cache, partial
from typing import NamedTuple

import pandas as pd

from faiwatch.core.finding import Coverage, Finding, InputRow, Tone
from faiwatch.core.provenance import Basis, rows_behind
from faiwatch.core.text import half_up
from faiwatch.data.definitions import definitions_of
from faiwatch.data.ledger_fields import AS_OF, CODE_FROM_NAME, PROJECT_CODE
from faiwatch.ledger.coverage import coverage_of, covered, state_of
from faiwatch.ledger.reconcile import EXEMPT
from faiwatch.ledger.register import issue_figures, task_figures
from faiwatch.ledger.sentences import ledger_sentences, not_reported_10k
from faiwatch.ledger.sheets import PER_100M, total_10k
from faiwatch.ledger.starts import start_flags
from faiwatch.ledger.study import LedgerStudy

_LONGEST_NAME = 80  # of a project, its code in front, or of a bond
DEFINITIONS = definitions_of("ledger")
NUMBERS = tuple(DEFINITIONS)
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


class _Number(NamedTuple):
    """A number, the cells it is made from, and what it is over; None where it counts a list."""

    value: float
    inputs: Callable[[], tuple[InputRow, ...]]  # looked up when it is told
    coverage: Coverage | None = None


def ledger_tone(study: LedgerStudy) -> Tone:
    """Return the tone of the verdict: whether the plans keep even pace."""
    return pace_tone(study.totals.done_pct - study.totals.time_pct)


def pace_tone(gap_pp: float) -> Tone:
    """Return the tone of a verdict about the plans, by their distance from even pace."""
    if math.isnan(gap_pp):
        return "missing"
    return "behind" if half_up(gap_pp, 1) < 0 else "on_pace"


def ledger_findings(study: LedgerStudy, *, names: Collection[str] = NUMBERS) -> dict[str, Finding]:
    """Return verdict, details and key numbers of a ledger by name.

    Parameters
    ----------
    study : LedgerStudy
        From :func:`faiwatch.ledger.study.study_ledger`.
    names : collection of str
        Which key numbers, with the sentences that rest on them; all by default.

    Returns
    -------
    dict
        ``verdict``, ``detail_…`` and :data:`NUMBERS`; each rests on rows of the ledger, with file,
        sheet and row.
    """
    month = str(study.as_of)
    told = _progress_numbers(study) | _money_numbers(study)
    numbers = {}
    for name in (one for one in NUMBERS if one in names):
        basis, one = Basis(month, month, told[name].inputs()), told[name]
        numbers[name] = covered(basis, name, one.value, DEFINITIONS[name], one.coverage)
    sentences = {
        name: numbers[_SENTENCES[name]].model_copy(
            update={"id": name, "zh": words.zh, "en": words.en}
        )
        for name, words in ledger_sentences(study).items()
        if _SENTENCES[name] in numbers
    }
    return sentences | numbers


def _progress_numbers(study: LedgerStudy) -> dict[str, _Number]:
    """Return what is said of the plans of the year, starts and lights, issues and tasks."""
    month, found, starts = study.as_of, study.totals, study.starts
    amounts = ("annual_plan_10k", "ytd_done_10k")
    of_all, of_lag = (
        cache(partial(_cells, rows, month, *amounts)) for rows in (study.standing, study.lag)
    )
    asked = start_flags(study.standing, as_of=month)
    started = study.standing.astype({"started": "float64"})
    due, planned = (
        partial(_cells, started[asked[name]], month, "started") for name in ("n_due", "n_planned")
    )
    red, register, tasks = study.board.red, study.register, study.tasks
    return {
        "lagging": _Number(
            math.nan if found.n_unjudged == found.n else float(found.n_lagging),
            partial(_cells, study.lag, month, "status"),
            found.judged,
        ),
        "red_lights": _Number(
            math.nan if red is None else float(red[PROJECT_CODE].nunique()),
            partial(_red_cells, study),
        ),
        "shortfall": _Number(found.shortfall_10k / PER_100M, of_lag, found.short),
        "progress": _Number(found.done_pct, of_all, found.progress),
        "deviation": _Number(found.done_pct - found.time_pct, of_all, found.progress),
        "required_per_month": _Number(
            found.required_per_month_10k / PER_100M, of_all, found.progress
        ),
        "start_rate_due": _Number(starts.rate_due_pct, due, starts.due),
        "start_rate_planned": _Number(starts.rate_planned_pct, planned, starts.planned),
        "open_issues": _Number(
            float(len(study.issues)), partial(_cells, study.issues.assign(open=1.0), month, "open")
        ),
        "closure_rate": _Number(
            issue_figures(register).closure_rate_pct,
            partial(_cells, register.astype({"is_open": "float64"}), month, "is_open"),
        ),
        "overdue_tasks": _Number(
            float(task_figures(tasks).n_overdue),
            partial(_cells, tasks[tasks["overdue_days"] > 0], month, "overdue_days"),
        ),
    }


def _money_numbers(study: LedgerStudy) -> dict[str, _Number]:
    """Return what is said of funds, of bonds, of the statistics, and of what could be done."""
    month, bonds, compared = study.as_of, study.bonds, study.reconciliation
    sheet = study.tables["projects"]
    sheet = sheet[sheet[AS_OF] == month]
    is_told = bonds[["paid_10k", "amount_10k"]].notna().all(axis="columns")
    of_bonds = coverage_of(is_told, weight=bonds["amount_10k"])
    paid, issued = (total_10k(bonds.loc[is_told, name]) for name in ("paid_10k", "amount_10k"))
    is_known = issued and state_of(of_bonds) != "missing"
    exempt = compared.projects.loc[compared.projects["class"].isin(EXEMPT), PROJECT_CODE]
    told = {
        "funds_rate": _Number(
            study.funds.rate_pct,
            partial(_cells, sheet, month, "funds_plan", "funds_arrived"),
            study.funds.known,
        ),
        "match_rate": _Number(
            study.match.rate_pct,
            partial(_cells, sheet, month, "local_match", "local_match_arrived"),
            study.match.known,
        ),
        "bond_use": _Number(
            100 * paid / issued if is_known else math.nan,
            partial(_cells, bonds, month, "amount_10k", "paid_10k"),
            of_bonds,
        ),
        "not_reported": _Number(
            not_reported_10k(study) / PER_100M,
            partial(
                _cells,
                sheet[~sheet[PROJECT_CODE].isin(exempt)],
                month,
                "ytd_done",
                "stat_ytd_reported",
            ),
            compared.coverage,
        ),
        "deliverable": _Number(math.nan, tuple),
    }
    if study.delivery is not None:
        could = study.delivery.projects.set_index(PROJECT_CODE)["workload_10k"]
        told["deliverable"] = _Number(
            study.delivery.workload_10k / PER_100M,
            partial(_cells, study.standing.join(could, on=PROJECT_CODE), month, "workload_10k"),
            study.delivery.coverage,
        )
    return told


def _cells(rows: pd.DataFrame, month: pd.Period, *columns: str) -> tuple[InputRow, ...]:
    told = rows.assign(period=str(month))
    return tuple(row for column in columns for row in rows_behind(told, column))


def _red_cells(study: LedgerStudy) -> tuple[InputRow, ...]:
    """Return one row for each red light: which light of which bond, and the project.

    What tells one light from another is `column` and the code; the name may change.
    """
    if study.board.red is None:
        return ()
    names = study.standing.set_index(PROJECT_CODE)["name"]
    told = study.board.red.join(names, on=PROJECT_CODE).fillna({"name": ""})
    cells = []
    for row in told.to_dict("records"):
        whose = [" ".join(row[name].split()) for name in (PROJECT_CODE, "name")]
        cells.append(
            InputRow(
                file=row["file"],
                sheet=row["sheet"],
                row=row["row"],
                period=str(study.as_of),
                column=" ".join([row["light"], *row["batch"][:_LONGEST_NAME].split()]),
                value=CODE_FROM_NAME.join(filter(None, whose))[:_LONGEST_NAME],
            )
        )
    return tuple(cells)
