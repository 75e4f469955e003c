"""The findings of a ledger: verdict, sentences below it, and key numbers, each with its rows.

Method: ``docs/methods/ledger-page.md``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import pandas as pd

from faiwatch.core.finding import Coverage, Finding, InputRow, Tone
from faiwatch.core.provenance import Basis, rows_behind
from faiwatch.core.text import half_up
from faiwatch.data.definitions import definitions_of
from faiwatch.data.ledger_fields import AS_OF, CODE_FROM_NAME, PROJECT_CODE
from faiwatch.ledger.coverage import coverage_of, covered, state_of
from faiwatch.ledger.reconcile import EXEMPT
from faiwatch.ledger.register import issue_figures
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
    """A number, the rows and columns it is made from, and what it is over; None of a count."""

    value: float
    rows: pd.DataFrame
    columns: Sequence[str] = ()
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
    known: dict[tuple[int, tuple[str, ...]], tuple[InputRow, ...]] = {}  # several rest on the same
    for name in (one for one in NUMBERS if one in names):
        one = told[name]
        place = (id(one.rows), tuple(one.columns))
        if place not in known:
            rows = one.rows.assign(period=month)
            known[place] = tuple(cell for at in one.columns for cell in rows_behind(rows, at))
        cells = _red_cells(study) if name == "red_lights" else known[place]
        basis = Basis(month, month, cells)
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
    stands, found, starts = study.standing, study.totals, study.starts
    amounts = ("annual_plan_10k", "ytd_done_10k")
    asked = start_flags(stands, as_of=study.as_of)
    started = stands.astype({"started": "float64"})
    due, planned = (started[asked[name]] for name in ("n_due", "n_planned"))
    red, register, tasks = study.board.red, study.register, study.tasks
    n_lagging = math.nan if found.n_unjudged == found.n else float(found.n_lagging)
    n_red = math.nan if red is None else float(red[PROJECT_CODE].nunique())
    needed, issues = found.required_per_month_10k / PER_100M, study.issues.assign(open=1.0)
    closed = issue_figures(register).closure_rate_pct
    late = tasks[tasks["overdue_days"] > 0]
    return {
        "lagging": _Number(n_lagging, study.lag, ["status"], found.judged),
        "red_lights": _Number(n_red, stands),
        "shortfall": _Number(found.shortfall_10k / PER_100M, study.lag, amounts, found.short),
        "progress": _Number(found.done_pct, stands, amounts, found.progress),
        "deviation": _Number(found.done_pct - found.time_pct, stands, amounts, found.progress),
        "required_per_month": _Number(needed, stands, amounts, found.progress),
        "start_rate_due": _Number(starts.rate_due_pct, due, ["started"], starts.due),
        "start_rate_planned": _Number(
            starts.rate_planned_pct, planned, ["started"], starts.planned
        ),
        "open_issues": _Number(float(len(issues)), issues, ["open"]),
        "closure_rate": _Number(closed, register.astype({"is_open": "float64"}), ["is_open"]),
        "overdue_tasks": _Number(float(len(late)), late, ["overdue_days"]),
    }


def _money_numbers(study: LedgerStudy) -> dict[str, _Number]:
    """Return what is said of funds, of bonds, of the statistics, and of what could be done."""
    bonds, compared, funds, match = study.bonds, study.reconciliation, study.funds, study.match
    sheet = study.tables["projects"]
    sheet = sheet[sheet[AS_OF] == study.as_of]
    is_told = bonds[["paid_10k", "amount_10k"]].notna().all(axis="columns")
    of_bonds = coverage_of(is_told, weight=bonds["amount_10k"])
    paid, issued = (total_10k(bonds.loc[is_told, name]) for name in ("paid_10k", "amount_10k"))
    used = 100 * paid / issued if issued and state_of(of_bonds) != "missing" else math.nan
    exempt = compared.projects.loc[compared.projects["class"].isin(EXEMPT), PROJECT_CODE]
    asked, gap = sheet[~sheet[PROJECT_CODE].isin(exempt)], not_reported_10k(study) / PER_100M
    told = {
        "funds_rate": _Number(funds.rate_pct, sheet, ["funds_plan", "funds_arrived"], funds.known),
        "match_rate": _Number(
            match.rate_pct, sheet, ["local_match", "local_match_arrived"], match.known
        ),
        "bond_use": _Number(used, bonds, ["amount_10k", "paid_10k"], of_bonds),
        "not_reported": _Number(gap, asked, ("ytd_done", "stat_ytd_reported"), compared.coverage),
        "deliverable": _Number(math.nan, sheet),
    }
    if study.delivery is not None:
        could = study.delivery.projects.set_index(PROJECT_CODE)["workload_10k"]
        rows, workload = study.standing.join(could, on=PROJECT_CODE), study.delivery.workload_10k
        told["deliverable"] = _Number(
            workload / PER_100M, rows, ["workload_10k"], study.delivery.coverage
        )
    return told


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
