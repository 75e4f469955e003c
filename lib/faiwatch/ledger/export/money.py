"""Sheets of a ledger about money: funds, bonds, and how the ledger meets the statistics."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.measures import measures_of
from faiwatch.ledger.attribution import EFFECTS, RESIDUAL, RESIDUAL_WORDS
from faiwatch.ledger.funding import ELEMENTS, STATES
from faiwatch.ledger.reconcile import CLASSES, STEPS
from faiwatch.ledger.sheets import sheet_of
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tables.cells import CODE, INPUTS, NAMED, PLACE, UNIT, WHO, sheet
from faiwatch.view.tables import Table, in_words

_COPIED = say("ledger.export_money.reported_is_copied")


def money_sheets(study: LedgerStudy, *, lang: Language) -> list[Table]:
    """Return the sheets about money.

    Parameters
    ----------
    study : LedgerStudy
        Everything about one month.
    lang : {"zh", "en"}
        Language of the words.
    """
    bonds = NAMED | UNIT | measures_of("batch", issued="bond_issued")
    bonds |= measures_of(amount_10k="bond_amount_10k", paid_10k="paid_10k")
    bonds |= measures_of("expected_10k", shortfall_10k="bond_shortfall_10k")
    bonds |= measures_of("use_pct", "expected_pct") | CODE
    note = say("ledger.export_money.how_expected")
    columns = NAMED | UNIT | measures_of("class", done_10k="ledger_done_10k")
    columns |= measures_of("reported_10k", "gap_10k") | CODE | PLACE
    money_of = ["funds_plan", "funds_arrived", "local_match", "local_match_arrived"]
    amounts = sheet_of(study.tables["projects"], study.as_of)[money_of]
    stands = study.standing[[PROJECT_CODE, "status", "unit", "lead", "sheet", "row"]]
    rows = study.matrix.merge(stands, on=PROJECT_CODE).join(amounts, on=PROJECT_CODE)
    plan, arrived = rows["funds_plan"], rows["funds_arrived"]
    rows = rows.assign(rate=100 * arrived / plan.where(plan > 0))
    funding = WHO | measures_of("status", "funds_plan", "funds_arrived", rate="arrived_pct")
    funding |= measures_of("local_match", "local_match_arrived") | INPUTS | CODE | PLACE
    states, classes = dict.fromkeys(ELEMENTS, STATES), {"class": CLASSES}
    compared, title = study.reconciliation.projects, Text("与统计核对", "Reconciliation")
    return [
        sheet(rows, Text("资金与要素", "Funding"), funding, lang, words=states),
        sheet(study.bonds, Text("专项债券", "Bonds"), bonds, lang, note),
        sheet(compared, title, columns, lang, _COPIED, classes),
        _attribution(study, lang),
        _steps(study, lang),
    ]


def _attribution(study: LedgerStudy, lang: Language) -> Table:
    columns = NAMED | measures_of("effect", "then_10k", "now_10k", "change_10k")
    columns |= measures_of(codes="projects.project_code")
    rows = pd.DataFrame(columns=list(columns))
    note = Text("没有上年同月的表，不能比较。", "There is no sheet of a year before.")
    if study.attribution is not None:
        rows = study.attribution.projects
        note = say("ledger.export_money.count_as_one")
    return sheet(rows, Text("增减归因", "Attribution"), columns, lang, note, {"effect": EFFECTS})


def _steps(study: LedgerStudy, lang: Language) -> Table:
    """Return the sums of both, which add up to the statistic with what the ledger lacks."""
    steps = study.reconciliation.steps
    parts = [
        steps.assign(
            part=Text("台账到统计", "From the ledger to the statistic").in_language(lang),
            step=in_words(steps["step"], STEPS, lang),
        )
    ]
    if study.attribution is not None:
        effects = study.attribution.effects
        parts.append(
            effects.assign(
                part=Text("比上年同期", "Since a year before").in_language(lang),
                step=in_words(effects["effect"], {**EFFECTS, RESIDUAL: RESIDUAL_WORDS}, lang),
                amount_10k=effects["change_10k"],
            )
        )
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.reindex(columns=["part", "step", "n", "amount_10k", "points_pp"])
    columns = measures_of(part="comparison", step="step", n="n_projects")
    columns |= measures_of("amount_10k", points_pp="contribution_pp")
    note = say("ledger.export_money.parts_add_up")
    return Table(rows, Text("核对与归因汇总", "Steps"), columns, lang, note)
