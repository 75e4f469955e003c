"""Tables that set a ledger beside the statistics; for those who keep the ledger.

See :mod:`faiwatch.ledger.tables.main`.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import NOTHING, Language, Text
from faiwatch.data.measures import measures_of
from faiwatch.ledger.attribution import EFFECTS
from faiwatch.ledger.readiness import READINESS
from faiwatch.ledger.reconcile import CLASSES
from faiwatch.ledger.sentences import delivery_words
from faiwatch.ledger.sheets import PER_100M
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tables.cells import LEAD, NAMED, UNIT, cut, names, told
from faiwatch.view.tables import Table

_COVERS = Text("✓ 到此可覆盖", "✓ covers it here")


def reconciliation_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the projects whose reported investment is not that of the ledger."""
    found = study.reconciliation.projects
    differs = found[~found["class"].isin(["agrees", "not_started"])]
    ordered = differs.sort_values("gap_10k", key=lambda gap: gap.abs(), ascending=False)
    n_unknown = int((differs["class"].eq("not_in_library") & differs["size_unknown"]).sum())
    unknown = say("ledger.tables_statistics.size_unknown", n=n_unknown) if n_unknown else NOTHING
    columns = NAMED | UNIT | measures_of("class", done_10k="ledger_done_10k")
    columns |= measures_of("reported_10k", "gap_10k", place="ledger_place")
    frame = told(ordered, columns, lang, {"class": CLASSES}).assign(
        place=names(ordered["sheet"].str[:40] + "!" + ordered["row"].astype("str"))
    )
    title = Text("台账与统计不一致的项目", "Projects that differ from the statistics")
    basis = say("ledger.reconcile.basis")
    note = say("ledger.tables_statistics.reported_is_copied", basis=basis, unknown=unknown)
    return cut(Table(frame, title, columns, lang, note, "reconciliation.csv"))


def attribution_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the projects that moved investment most, down and up."""
    columns = NAMED | measures_of("effect", "then_10k", "now_10k", "change_10k")
    title = Text("增减最大的项目", "Projects that moved most")
    if study.attribution is None:
        return Table(pd.DataFrame(columns=list(columns)), title, columns, lang)
    moved = study.attribution.projects.dropna(subset="change_10k")
    ordered = moved.sort_values("change_10k", key=lambda one: one.abs(), ascending=False)
    frame = told(ordered, columns, lang, {"effect": EFFECTS})
    return cut(Table(frame, title, columns, lang, file="attribution.csv"))


def delivery_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the projects that could deliver what the target still needs, the most ready first."""
    columns = NAMED | UNIT | LEAD
    columns |= measures_of("readiness", "workload_10k", "running_10k", "covers")
    title = say("ledger.tables_statistics.who_could")
    if study.delivery is None:
        return Table(pd.DataFrame(columns=list(columns)), title, columns, lang)
    rows = study.delivery.projects
    rows = rows[rows["workload_10k"].gt(0)]
    frame = told(rows, columns, lang, {"readiness": READINESS}).assign(
        covers=[_COVERS.in_language(lang) if one else "" for one in rows["covers"]]
    )
    shown = cut(Table(frame, title, columns, lang, delivery_words(study.delivery), "delivery.csv"))
    if shown.frame["covers"].eq("").all():
        shown = replace(shown, columns={at: of for at, of in columns.items() if at != "covers"})
    return shown


def delivery_classes(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the workload by readiness, counted or not."""
    columns = measures_of("readiness", n="n_projects", n_unknown="n_unknown")
    columns |= measures_of("workload_100m")
    title = Text("按成熟度汇总（工作量测算）", "By readiness (workload)")
    if study.delivery is None:
        return Table(pd.DataFrame(columns=list(columns)), title, columns, lang)
    rows = study.delivery.classes
    rows = rows.assign(workload_100m=rows["workload_10k"] / PER_100M)
    return Table(told(rows, columns, lang, {"readiness": READINESS}), title, columns, lang)
