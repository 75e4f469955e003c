"""The public profile of a ledger as a workbook: the tables of its public page and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from faiwatch.core.text import WITHHELD, Language, Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.ledger.export.columns import money
from faiwatch.ledger.export.workbook import MADE_UP, made_at, summary_sheet
from faiwatch.ledger.public import WORDS
from faiwatch.ledger.public_study import (
    DONE,
    GROUPS,
    PLAN,
    PUBLIC_NUMBERS,
    PublicStudy,
    public_findings,
)
from faiwatch.view.sheets.data_sheets import Column, DataSheet, data_workbook

_PUBLIC = Text("公开版", "public")
_LABELS = {
    "unit": Text("责任单位", "Unit"),
    "level": Text("级别", "Level"),
    "category": Text("类别", "Category"),
    "group": Text("进展", "Progress"),
    "class": Text("问题类别", "Class"),
    "cause": Text("问题原因", "Cause"),
}
_AMOUNTS = {PLAN: money("年度计划", "Plan of the year"), DONE: money("已完成", "Done this year")}
_NOTE = Text(
    "“不公开”：该格涉及的项目太少，或可由其他格推出；合并的类别同理。",
    "“Withheld”: too few projects stand behind the cell, or others would give it away. Classes "
    "are merged for the same reason.",
)


def public_workbook(found: PublicStudy, *, is_made_up: bool, lang: Language) -> bytes:
    """Return the public tables of a ledger as a workbook.

    Parameters
    ----------
    found : PublicStudy
        From :func:`faiwatch.ledger.public_study.public_study`.
    is_made_up : bool
        Whether it is the demonstration ledger.
    lang : {"zh", "en"}
        Language of the words.
    """
    source = Text("项目台账汇总", "sums of a project ledger")
    sheets = [
        summary_sheet(public_findings(found), PUBLIC_NUMBERS, as_of=found.as_of, source=source),
        _sheet(found.by_unit, Text("按责任单位", "By unit"), Text("项目数", "Projects"), lang),
        _sheet(found.by_level, Text("按级别", "By level"), Text("项目数", "Projects"), lang),
        _sheet(found.by_category, Text("按类别", "By category"), Text("项目数", "Projects"), lang),
        _sheet(found.issues, Text("未销号问题", "Open issues"), Text("问题数", "Issues"), lang),
    ]
    mark = MADE_UP if is_made_up else _PUBLIC
    return data_workbook(sheets, lang=lang, mark=mark, made=made_at(found.as_of))


def _sheet(table: pd.DataFrame, title: Text, counted: Text, lang: Language) -> DataSheet:
    fields = [str(name) for name in table if name in _LABELS]
    words = {name: _words(name) for name in fields}
    rows = table.assign(
        **{
            name: [
                words[name][one].in_language(lang) if one in words[name] else one
                for one in table[name]
            ]
            for name in fields
        }
    )
    columns = {name: Column(_LABELS[name]) for name in fields}
    columns["n"] = Column(counted, "count", missing=WITHHELD)
    columns |= {
        name: Column(one.label, one.kind, missing=WITHHELD)
        for name, one in _AMOUNTS.items()
        if name in table
    }
    return DataSheet(title, rows, columns, [_NOTE])


def _words(field: str) -> Mapping[str, Text]:
    if field == "group":
        return dict(GROUPS) | dict(WORDS)
    table = "issues" if field in {"class", "cause"} else "projects"
    return {one.value: one.label for one in ledger_tables()[table].fields[field].choices} | dict(
        WORDS
    )
