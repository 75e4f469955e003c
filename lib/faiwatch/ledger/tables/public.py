"""Tables of a ledger for everybody, see :mod:`faiwatch.view.tables`: counts and sums only."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from faiwatch.core.text import WITHHELD, Language, Text, number
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.ledger.public import TOTAL, WORDS
from faiwatch.ledger.public_study import DONE, GROUPS, PLAN, PublicStudy
from faiwatch.ledger.sheets import PER_100M
from faiwatch.view.tables import NO_NOTE, Table

_NOTE = Text(
    "“不公开”：该格涉及的项目太少，或可由其他格推出。合并的类别同理。",
    "“Withheld”: too few projects stand behind the cell, or others would give it away. Classes are "
    "merged for the same reason.",
)
_HEADS = {
    "unit": Text("责任单位", "Unit"),
    "level": Text("项目级别", "Level"),
    "class": Text("类别＼原因", "Class \\ cause"),
}


def public_tables_shown(found: PublicStudy, *, lang: Language) -> list[Table]:
    """Return every table of the public page."""
    return [
        _crossed(found.by_unit, ("unit", "group"), Text("按责任单位", "By unit"), lang),
        _crossed(found.by_level, ("level", "group"), Text("按项目级别", "By level"), lang),
        _listed(found.by_category, lang),
        _crossed(found.issues, ("class", "cause"), Text("未销号问题", "Open issues"), lang),
    ]


def _crossed(table: pd.DataFrame, cut: tuple[str, str], title: Text, lang: Language) -> Table:
    """Return counts with one column for each class of the second field, and sums of the rows."""
    row, column = cut
    words = _words(row), _words(column)
    counts = table.pivot(index=row, columns=column, values="n")
    order = list(dict.fromkeys(table[column])), list(dict.fromkeys(table[row]))
    counts = counts.reindex(columns=order[0], index=order[1])
    frame = pd.DataFrame({row: [_said(str(one), words[0], lang) for one in counts.index]})
    labels = {row: _HEADS[row]}
    for at, name in enumerate(counts.columns):
        frame[f"c{at}"] = [_count(value, lang) for value in counts[name]]
        labels[f"c{at}"] = words[1].get(str(name)) or Text(str(name), str(name))
    if PLAN in table:
        sums = table[table[column] == TOTAL].set_index(row).reindex(counts.index)
        for name, label in (
            (PLAN, Text("年度计划（亿元）", "Planned this year (100m yuan)")),
            (DONE, Text("已完成（亿元）", "Done (100m yuan)")),
        ):
            frame[name] = [_amount(value, lang) for value in sums[name]]
            labels[name] = label
    return Table(frame, title, labels, _NOTE)


def _listed(table: pd.DataFrame, lang: Language) -> Table:
    words = _words("category")
    frame = pd.DataFrame(
        {
            "category": [_said(str(one), words, lang) for one in table["category"]],
            "n": [_count(value, lang) for value in table["n"]],
        }
    )
    labels = {"category": Text("项目类别", "Category"), "n": Text("项目数", "Projects")}
    return Table(frame, Text("按项目类别", "By category"), labels, NO_NOTE)


def _words(field: str) -> Mapping[str, Text]:
    if field == "group":
        return dict(GROUPS) | dict(WORDS)
    table = "issues" if field in {"class", "cause"} else "projects"
    choices = ledger_tables()[table].fields[field].choices
    return {one.value: one.label for one in choices} | dict(WORDS)


def _said(name: str, words: Mapping[str, Text], lang: Language) -> str:
    return words[name].in_language(lang) if name in words else name


def _count(value: float, lang: Language) -> str:
    return WITHHELD.in_language(lang) if math.isnan(value) else number(value, lang, 0)


def _amount(value: float, lang: Language) -> str:
    return WITHHELD.in_language(lang) if math.isnan(value) else number(value / PER_100M, lang, 2)
