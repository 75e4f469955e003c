"""Sheets of a ledger about money: funds, bonds, and how the ledger meets the statistics."""

from __future__ import annotations

from typing import Any

import pandas as pd

from faiwatch.core.text import Language, Text
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.measures import Measure, measures_of
from faiwatch.ledger.attribution import EFFECTS, RESIDUAL, RESIDUAL_WORDS
from faiwatch.ledger.export.columns import (
    CODE,
    PLACE,
    WHO,
    places,
    with_words,
)
from faiwatch.ledger.funding import ELEMENTS, STATES
from faiwatch.ledger.reconcile import CLASSES, STEPS
from faiwatch.ledger.sheets import sheet_of
from faiwatch.ledger.study import LedgerStudy
from faiwatch.view.tables import Table, in_words

_COPIED = Text(
    "上报数照抄统计报表，这里不推算、不改动。",
    "What was reported is copied from the returns; nothing here works it out or changes it.",
)


def money_sheets(study: LedgerStudy, *, lang: Language) -> list[Table]:
    """Return the sheets about money.

    Parameters
    ----------
    study : LedgerStudy
        Everything about one month.
    lang : {"zh", "en"}
        Language of the words.
    """
    bonds = measures_of(name="projects.name", unit="projects.unit", batch="batch")
    bonds |= measures_of(issued="bond_issued", amount_10k="bond_amount_10k")
    bonds |= measures_of("paid_10k", "expected_10k", shortfall_10k="bond_shortfall_10k")
    bonds |= measures_of("use_pct", "expected_pct") | CODE
    note = Text(
        "预期：发行次月起 6 个月内均匀用完。预期数是测算，不是上报数。",
        "Expected: used evenly within six months from the month after the issue. It is worked "
        "out and no reported figure.",
    )
    found = study.reconciliation.projects
    words: dict[str, Any] = {
        "class": in_words(found["class"], CLASSES, lang),
        "place": places(found, lang),
    }
    columns = measures_of(name="projects.name", unit="projects.unit", **{"class": "class"})
    columns |= measures_of(done_10k="ledger_done_10k")
    columns |= measures_of("reported_10k", "gap_10k") | CODE | PLACE
    title = Text("与统计核对", "Reconciliation")
    money_of = ["funds_plan", "funds_arrived", "local_match", "local_match_arrived"]
    sheet = sheet_of(study.tables["projects"], study.as_of)[money_of]
    stands = with_words(study.standing, lang)[[PROJECT_CODE, "status", "unit", "lead", "place"]]
    rows = study.matrix.merge(stands, on=PROJECT_CODE).join(sheet, on=PROJECT_CODE)
    plan, arrived = rows["funds_plan"], rows["funds_arrived"]
    rows = rows.assign(
        rate=100 * arrived / plan.where(plan > 0),
        **{element: in_words(rows[element], STATES, lang) for element in ELEMENTS},
    )
    funding = WHO | measures_of("status", "funds_plan", "funds_arrived", rate="arrived_pct")
    funding |= measures_of("local_match", "local_match_arrived")
    funding |= {
        name: Measure(name, Text(one.zh, one.en.capitalize())) for name, one in ELEMENTS.items()
    }
    funding |= CODE | PLACE
    return [
        Table(rows, Text("资金与要素", "Funding"), funding, lang, pinned=1),
        Table(study.bonds, Text("专项债券", "Bonds"), bonds, lang, note, pinned=1),
        Table(found.assign(**words), title, columns, lang, _COPIED, pinned=1),
        _attribution(study, lang),
        _steps(study, lang),
    ]


def _attribution(study: LedgerStudy, lang: Language) -> Table:
    columns = measures_of(name="projects.name", effect="effect")
    columns |= measures_of("then_10k", "now_10k", "change_10k", codes="projects.project_code")
    title = Text("增减归因", "Attribution")
    if study.attribution is None:
        note = Text("没有上年同月的表，不能比较。", "There is no sheet of a year before.")
        return Table(pd.DataFrame(columns=list(columns)), title, columns, lang, note, pinned=1)
    found = study.attribution.projects
    rows = found.assign(effect=in_words(found["effect"], EFFECTS, lang))
    note = Text(
        "打包、拆分的项目合为一项；减少最多的在前。",
        "Merged and split projects count as one; the largest loss first.",
    )
    return Table(rows, title, columns, lang, note, pinned=1)


def _steps(study: LedgerStudy, lang: Language) -> Table:
    """Return the sums of both, which add up to the statistic with what the ledger lacks."""
    steps = study.reconciliation.steps
    parts = [
        pd.DataFrame(
            {
                "part": Text("台账到统计", "From the ledger to the statistic").in_language(lang),
                "step": in_words(steps["step"], STEPS, lang),
                "n": steps["n"],
                "amount_10k": steps["amount_10k"],
            }
        )
    ]
    if study.attribution is not None:
        effects = study.attribution.effects
        words = EFFECTS | {RESIDUAL: RESIDUAL_WORDS}
        parts.append(
            pd.DataFrame(
                {
                    "part": Text("比上年同期", "Since a year before").in_language(lang),
                    "step": in_words(effects["effect"], words, lang),
                    "n": effects["n"],
                    "amount_10k": effects["change_10k"],
                    "points_pp": effects["points_pp"],
                }
            )
        )
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.reindex(columns=["part", "step", "n", "amount_10k", "points_pp"])
    columns = measures_of(part="comparison", step="step", n="n_projects")
    columns |= measures_of("amount_10k", points_pp="contribution_pp")
    note = Text(
        "各部分相加等于统计数；统计数未给出时，差额为空。",
        "The parts add up to the statistic; without one the residual is blank.",
    )
    return Table(rows, Text("核对与归因汇总", "Steps"), columns, lang, note)
