"""Sheets of a ledger about money: funds, bonds, and how the ledger meets the statistics."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Language, Text
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.ledger.attribution import EFFECTS, RESIDUAL, RESIDUAL_WORDS
from faiwatch.ledger.export.columns import (
    CODE,
    NAME,
    PLACE,
    PROJECTS,
    STATUS,
    UNIT,
    WHO,
    money,
    places,
    said,
    with_words,
)
from faiwatch.ledger.funding import ELEMENTS, STATES
from faiwatch.ledger.reconcile import CLASSES, STEPS
from faiwatch.ledger.sheets import sheet_of
from faiwatch.ledger.study import LedgerStudy
from faiwatch.view.sheets.data_sheets import Column, DataSheet

_COPIED = Text(
    "上报数照抄统计报表，这里不推算、不改动。",
    "What was reported is copied from the returns; nothing here works it out or changes it.",
)


def money_sheets(study: LedgerStudy, *, lang: Language) -> list[DataSheet]:
    """Return the sheets about money.

    Parameters
    ----------
    study : LedgerStudy
        Everything about one month.
    lang : {"zh", "en"}
        Language of the words.
    """
    return [
        _funding(study, lang),
        _bonds(study),
        _reconciliation(study, lang),
        _attribution(study, lang),
        _steps(study, lang),
    ]


def _funding(study: LedgerStudy, lang: Language) -> DataSheet:
    money_of = ["funds_plan", "funds_arrived", "local_match", "local_match_arrived"]
    sheet = sheet_of(study.tables["projects"], study.as_of)[money_of]
    stands = with_words(study.standing, lang)[[PROJECT_CODE, "status", "unit", "lead", "place"]]
    rows = study.matrix.merge(stands, on=PROJECT_CODE).join(sheet, on=PROJECT_CODE)
    plan, arrived = rows["funds_plan"], rows["funds_arrived"]
    rows = rows.assign(
        rate=100 * arrived / plan.where(plan > 0),
        **{element: said(rows[element], STATES, lang) for element in ELEMENTS},
    )
    columns = WHO | {
        "status": STATUS,
        "funds_plan": money("计划到位资金", "Funds planned"),
        "funds_arrived": money("到位资金", "Funds in place"),
        "rate": Column(Text("到位率（%）", "In place (%)"), "percent"),
        "local_match": money("应配套地方资金", "Local match required"),
        "local_match_arrived": money("已配套地方资金", "Local match paid"),
    }
    columns |= {element: Column(words) for element, words in ELEMENTS.items()}
    columns |= {PROJECT_CODE: CODE, "place": PLACE}
    return DataSheet(Text("资金与要素", "Funding"), rows, columns, frozen=1)


def _bonds(study: LedgerStudy) -> DataSheet:
    columns = {
        "name": NAME,
        "unit": UNIT,
        "batch": Column(Text("批次", "Batch")),
        "issued": Column(Text("发行日期", "Issued"), "date"),
        "amount_10k": money("额度", "Amount"),
        "paid_10k": money("已支出", "Paid out"),
        "expected_10k": money("预期支出", "Expected by now"),
        "shortfall_10k": money("慢于预期", "Short of it"),
        "use_pct": Column(Text("支出率（%）", "Used (%)"), "percent"),
        "expected_pct": Column(Text("预期支出率（%）", "Expected (%)"), "percent"),
        PROJECT_CODE: CODE,
    }
    note = Text(
        "预期：发行次月起 6 个月内均匀用完。预期数是测算，不是上报数。",
        "Expected: used evenly within six months from the month after the issue. It is worked "
        "out and no reported figure.",
    )
    return DataSheet(Text("专项债券", "Bonds"), study.bonds, columns, [note], frozen=1)


def _reconciliation(study: LedgerStudy, lang: Language) -> DataSheet:
    found = study.reconciliation.projects
    words = {"class": said(found["class"], CLASSES, lang), "place": places(found)}
    columns = {
        "name": NAME,
        "unit": UNIT,
        "class": Column(Text("情况", "What is the matter")),
        "done_10k": money("台账完成", "Done in the ledger"),
        "reported_10k": money("统计上报", "Reported"),
        "gap_10k": money("上报减台账", "Reported less done"),
        PROJECT_CODE: CODE,
        "place": PLACE,
    }
    title = Text("与统计核对", "Reconciliation")
    return DataSheet(title, found.assign(**words), columns, [_COPIED], frozen=1)


def _attribution(study: LedgerStudy, lang: Language) -> DataSheet:
    columns = {
        "name": NAME,
        "effect": Column(Text("类别", "Effect")),
        "then_10k": money("上年同期", "A year before"),
        "now_10k": money("本期", "Now"),
        "change_10k": money("增减", "Change"),
        "codes": CODE,
    }
    title = Text("增减归因", "Attribution")
    if study.attribution is None:
        note = Text("没有上年同月的表，不能比较。", "There is no sheet of a year before.")
        return DataSheet(title, pd.DataFrame(columns=list(columns)), columns, [note], frozen=1)
    found = study.attribution.projects
    rows = found.assign(effect=said(found["effect"], EFFECTS, lang))
    note = Text(
        "打包、拆分的项目合为一项；减少最多的在前。",
        "Merged and split projects count as one; the largest loss first.",
    )
    return DataSheet(title, rows, columns, [note], frozen=1)


def _steps(study: LedgerStudy, lang: Language) -> DataSheet:
    """Return the sums of both, which add up to the statistic with what the ledger lacks."""
    steps = study.reconciliation.steps
    parts = [
        pd.DataFrame(
            {
                "part": Text("台账到统计", "From the ledger to the statistic").in_language(lang),
                "step": said(steps["step"], STEPS, lang),
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
                    "step": said(effects["effect"], words, lang),
                    "n": effects["n"],
                    "amount_10k": effects["change_10k"],
                    "points_pp": effects["points_pp"],
                }
            )
        )
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.reindex(columns=["part", "step", "n", "amount_10k", "points_pp"])
    columns = {
        "part": Column(Text("部分", "Part")),
        "step": Column(Text("步骤或类别", "Step or effect")),
        "n": PROJECTS,
        "amount_10k": money("金额", "Amount"),
        "points_pp": Column(Text("拉动（百分点）", "Points of growth"), "points"),
    }
    note = Text(
        "各部分相加等于统计数；统计数未给出时，差额为空。",
        "The parts add up to the statistic; without one the residual is blank.",
    )
    return DataSheet(Text("核对与归因汇总", "Steps"), rows, columns, [note])
