"""Tables of a ledger for everybody, see :mod:`faiwatch.view.tables`: counts and sums only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import WITHHELD, Language, Text
from faiwatch.data.measures import measure, measures_of
from faiwatch.ledger.editions import DONE, PLAN
from faiwatch.ledger.public import TOTAL, WORDS
from faiwatch.ledger.public_study import GROUPS, PublicStudy
from faiwatch.ledger.sheets import PER_100M, choice_words
from faiwatch.view.tables import Table, in_words

PUBLIC_NOTE = say("ledger.tables_public.withheld")
_HEADS = {"unit": "projects.unit", "level": "projects.level", "class": "class_cause"}


def public_tables_shown(found: PublicStudy, *, lang: Language) -> list[Table]:
    """Return every table of the public page."""
    kinds = in_words(found.by_category["category"], field_words("category"), lang)
    categories, title = found.by_category.assign(category=kinds), Text("按项目类别", "By category")
    columns = measures_of(category="projects.category", n="n_projects")
    units = _crossed(found.by_unit, ("unit", "group"), Text("按责任单位", "By unit"), lang)
    return [
        replace(units, note=units_note(found)),
        _crossed(found.by_level, ("level", "group"), Text("按项目级别", "By level"), lang),
        Table(categories, title, columns, lang, missing=WITHHELD),
        _crossed(found.issues, ("class", "cause"), Text("未销号问题", "Open issues"), lang),
    ]


def units_note(found: PublicStudy) -> Text:
    """Return what is said beside the table by unit: why cells are withheld, or rounded."""
    over_time = found.units.note
    return Text(f"{PUBLIC_NOTE.zh}{over_time.zh}", f"{PUBLIC_NOTE.en} {over_time.en}")


def _crossed(table: pd.DataFrame, cut: tuple[str, str], title: Text, lang: Language) -> Table:
    """Return counts with one column for each class of the second field, and sums of the rows."""
    row, column = cut
    words, count = field_words(column), measure("n_projects")
    counts = table.pivot(index=row, columns=column, values="n")
    classes = list(dict.fromkeys(table[column]))
    counts = counts.reindex(columns=classes, index=list(dict.fromkeys(table[row])))
    columns = measures_of(**{row: _HEADS[row]})
    for at, name in enumerate(map(str, classes)):
        columns[f"c{at}"] = replace(count, name=words.get(name) or Text(name, name))
    frame = counts.set_axis(list(columns)[1:], axis="columns")
    if PLAN in table:
        sums = table[table[column] == TOTAL].set_index(row).reindex(counts.index)
        frame = frame.assign(**{name: sums[name] / PER_100M for name in (PLAN, DONE)})
        columns |= measures_of(**{PLAN: "annual_plan_100m", DONE: "done_100m"})
    frame.insert(0, row, in_words(counts.index.to_series(), field_words(row), lang))
    return Table(frame, title, columns, lang, PUBLIC_NOTE, missing=WITHHELD)


def field_words(field: str) -> Mapping[str, Text]:
    """Return the words of a field of the public tables, with those of merged and withheld ones."""
    if field == "group":
        return dict(GROUPS) | dict(WORDS)
    table = "issues" if field in {"class", "cause"} else "projects"
    return choice_words(table, field) | dict(WORDS)
