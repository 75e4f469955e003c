"""Tables that set a ledger beside the statistics; for those who keep the ledger.

See :mod:`faiwatch.ledger.tables.main`.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Language, Text, number
from faiwatch.ledger.attribution import EFFECTS
from faiwatch.ledger.readiness import READINESS
from faiwatch.ledger.reconcile import BASIS, CLASSES
from faiwatch.ledger.sentences import delivery_words
from faiwatch.ledger.sheets import PER_100M
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tables.cells import (
    LEAD,
    MOST,
    NAME,
    UNIT,
    cut_words,
    names,
    whole,
)
from faiwatch.view.tables import Table

_COVERS = Text("✓ 到此可覆盖", "✓ covers it here")


def reconciliation_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the projects whose reported investment is not that of the ledger."""
    found = study.reconciliation.projects
    differs = found[~found["class"].isin(["agrees", "not_started"])]
    ordered = differs.sort_values("gap_10k", key=lambda gap: gap.abs(), ascending=False)
    rows, cut = ordered.head(MOST), cut_words(ordered, MOST, "reconciliation.csv")
    frame = pd.DataFrame(
        {
            "name": names(rows["name"]),
            "unit": names(rows["unit"]),
            "class": [CLASSES[one].in_language(lang) for one in rows["class"]],
            "done": whole(rows["done_10k"], lang),
            "reported": whole(rows["reported_10k"], lang),
            "gap": whole(rows["gap_10k"], lang),
            "place": names(rows["sheet"].str[:40] + "!" + rows["row"].astype("str")),
        }
    )
    n_unknown = int((differs["class"].eq("not_in_library") & differs["size_unknown"]).sum())
    unknown = Text(
        f"未入库项目中{n_unknown}个未填总投资，是否达到500万元不明。" if n_unknown else "",
        f"Of those not in the library, {n_unknown} tell no total, so whether they reach 5 million "
        "yuan is not known. "
        if n_unknown
        else "",
    )
    labels = {
        "name": NAME,
        "unit": UNIT,
        "class": Text("情况", "What is the matter"),
        "done": Text("台账完成（万元）", "Ledger (10,000 yuan)"),
        "reported": Text("已上报（万元）", "Reported (10,000 yuan)"),
        "gap": Text("差额（万元）", "Difference (10,000 yuan)"),
        "place": Text("台账位置", "In the ledger"),
    }
    return Table(
        frame,
        Text("台账与统计不一致的项目", "Projects that differ from the statistics"),
        labels,
        Text(
            f"{BASIS.zh}{unknown.zh}上报数是台账照抄统计报表的数，本页不推算、不改动。{cut.zh}",
            f"{BASIS.en} {unknown.en}What was reported is copied from the returns; nothing here "
            f"works it out or changes it. {cut.en}",
        ),
        "reconciliation.csv",
    )


def attribution_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the projects that moved investment most, down and up."""
    labels = {
        "name": NAME,
        "effect": Text("原因", "How"),
        "then": Text("上年同期（万元）", "Year before (10,000 yuan)"),
        "now": Text("本期（万元）", "Now (10,000 yuan)"),
        "change": Text("增减（万元）", "Change (10,000 yuan)"),
    }
    title = Text("增减最大的项目", "Projects that moved most")
    if study.attribution is None:
        return Table(pd.DataFrame(columns=list(labels)), title, labels)
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
    cut = cut_words(ordered, MOST // 2, "attribution.csv")
    return Table(frame, title, labels, cut, "attribution.csv")


def delivery_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the projects that could deliver what the target still needs, the most ready first."""
    labels = {
        "name": NAME,
        "unit": UNIT,
        "lead": LEAD,
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
        return Table(pd.DataFrame(columns=list(labels)), title, labels)
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
    if not rows["covers"].any():
        del labels["covers"]
    cut, told = cut_words(counted, MOST, "delivery.csv"), delivery_words(study.delivery)
    return Table(
        frame, title, labels, Text(told.zh + cut.zh, f"{told.en} {cut.en}"), "delivery.csv"
    )


def delivery_classes(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the workload by readiness, counted or not."""
    labels = {
        "readiness": Text("成熟度", "Readiness"),
        "n": Text("项目数", "Projects"),
        "unknown": Text("缺数", "Not known"),
        "workload": Text("剩余工作量（亿元，测算）", "Work left (100m yuan, workload)"),
    }
    title = Text("按成熟度汇总（工作量测算）", "By readiness (workload)")
    if study.delivery is None:
        return Table(pd.DataFrame(columns=list(labels)), title, labels)
    found = study.delivery.classes
    frame = pd.DataFrame(
        {
            "readiness": [READINESS[one].in_language(lang) for one in found["readiness"]],
            "n": [number(n, lang, 0) for n in found["n"]],
            "unknown": [number(n, lang, 0) for n in found["n_unknown"]],
            "workload": [number(value / PER_100M, lang, 2) for value in found["workload_10k"]],
        }
    )
    return Table(frame, title, labels)
