"""The public profile of a ledger as a workbook: the tables of its public page and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from faiwatch.core.text import WITHHELD, Language, Text
from faiwatch.data.measures import measures_of
from faiwatch.ledger.editions import DONE, PLAN
from faiwatch.ledger.export.workbook import MADE_UP, made_at, summary_sheet
from faiwatch.ledger.public_study import PUBLIC_NUMBERS, PublicStudy, public_findings
from faiwatch.ledger.tables.public import PUBLIC_NOTE, field_words, units_note
from faiwatch.view.sheets.data_sheets import data_workbook
from faiwatch.view.tables import Table, in_words

_PUBLIC = Text("公开版", "public")
_FIELDS = {
    "unit": "projects.unit",
    "level": "projects.level",
    "category": "projects.category",
    "group": "status",
    "class": "issues.class",
    "cause": "issues.cause",
}


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
    summary = summary_sheet(
        public_findings(found), PUBLIC_NUMBERS, as_of=found.as_of, source=source, lang=lang
    )
    sheets = [
        summary,
        replace(
            _sheet(found.by_unit, Text("按责任单位", "By unit"), "n_projects", lang),
            note=units_note(found),
        ),
        _sheet(found.by_level, Text("按项目级别", "By level"), "n_projects", lang),
        _sheet(found.by_category, Text("按项目类别", "By category"), "n_projects", lang),
        _sheet(found.issues, Text("未销号问题", "Open issues"), "n_issues", lang),
    ]
    mark = MADE_UP if is_made_up else _PUBLIC
    return data_workbook(sheets, lang=lang, mark=mark, made=made_at(found.as_of))


def _sheet(table: pd.DataFrame, title: Text, counted: str, lang: Language) -> Table:
    fields = {name: id for name, id in _FIELDS.items() if name in table}
    amounts = {PLAN: "annual_plan_10k", DONE: "done_10k"} if PLAN in table else {}
    rows = {name: in_words(table[name], field_words(name), lang) for name in fields}
    columns = measures_of(**fields, n=counted) | measures_of(**amounts)
    return Table(table.assign(**rows), title, columns, lang, PUBLIC_NOTE, missing=WITHHELD)
