"""What the tables of a ledger have in common: their rows in words, who acts, and cut tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from faiwatch.core.phrases import row_phrase, say
from faiwatch.core.text import Language, Text
from faiwatch.data.measures import Measure, measures_of
from faiwatch.ledger.charts.rows import one_line
from faiwatch.ledger.funding import ELEMENTS
from faiwatch.ledger.pipeline import CAME, LEFT, UNTOLD
from faiwatch.ledger.sheets import choice_words
from faiwatch.ledger.status import status_words
from faiwatch.view.tables import NO_NOTE, Table, in_words

Words = Mapping[str, Mapping[str, Text]]  # of a column, and of each of its values
MOST = 1000  # rows of a table that is not the lag list; result files have them all
NO_PLAN = Text("无计划", "no plan")
NOT_STATED = Text("未填", "not stated")
NAMED = measures_of(name="projects.name")
UNIT = measures_of(unit="projects.unit")
LEAD = measures_of(lead="projects.lead")
WHO = NAMED | UNIT | LEAD
CODE = measures_of(project_code="projects.project_code")
PLACE = measures_of(place="ledger_place")
INPUTS = {name: Measure(name, Text(one.zh, one.en.capitalize())) for name, one in ELEMENTS.items()}
_NOT_TOLD = {
    "": NOT_STATED,
    UNTOLD: NOT_STATED,
    CAME: Text("本月新列", "not listed then"),
    LEFT: Text("本月未列", "not listed now"),
}


def told(
    rows: pd.DataFrame,
    columns: Mapping[str, Measure],
    lang: Language,
    words: Words | None = None,
    *,
    is_whole: bool = False,
) -> pd.DataFrame:
    """Return rows of a ledger as readers see them.

    Parameters
    ----------
    rows : DataFrame
        They know their sheet and row when a column says the place.
    columns : mapping of str to Measure
        What is shown. A field that is chosen from a list, a status and causes are put in words.
    lang : {"zh", "en"}
        Language.
    words : mapping, optional
        Column to the words of its values, for further ones.
    is_whole : bool
        Whether the cells are those of a workbook, as the ledger has them. Otherwise texts are cut
        to one line, and a choice that nobody made is said to be.
    """
    if "place" in columns and "place" not in rows:
        sheets = rows["sheet"] if is_whole else names(rows["sheet"])
        stand = zip(sheets, rows["row"], strict=True)
        rows = rows.assign(place=[row_phrase(*one).in_language(lang) for one in stand])
    found = {}
    for name in (one for one in columns if one in rows and one != "place"):
        id, values = columns[name].id, rows[name]
        table, is_field, field = id.partition(".")
        choices = choice_words(table, field) if is_field else {}
        is_text = pd.api.types.is_string_dtype(values) or pd.api.types.is_object_dtype(values)
        if words and name in words:
            found[name] = in_words(values, words[name], lang)
        elif choices:
            found[name] = in_words(values, choices if is_whole else choices | _NOT_TOLD, lang)
        elif id == "status":
            found[name] = in_words(values, status_words(), lang)
        elif id == "causes":
            found[name] = pd.Series(cause_words(values, lang), index=values.index, dtype="str")
        elif is_text and not is_whole:
            found[name] = values.map(lambda one: one_line(one) if isinstance(one, str) else one)
    return rows.assign(**found)


def sheet(
    rows: pd.DataFrame,
    title: Text,
    columns: Mapping[str, Measure],
    lang: Language,
    note: Text = NO_NOTE,
    words: Words | None = None,
    *,
    pinned: int = 1,
) -> Table:
    """Return rows as a sheet of a workbook, whole; see :func:`told`."""
    frame = told(rows, columns, lang, words, is_whole=True)
    return Table(frame, title, columns, lang, note, pinned=pinned)


def names(words: pd.Series) -> list[str]:
    """Return texts of a ledger as cells: on one line, and not too long."""
    return [one_line(str(one)) for one in words]


def cause_words(causes: pd.Series, lang: Language) -> list[str]:
    """Return causes that blanks separate as readers see them."""
    words = choice_words("issues", "cause")
    between = Text("、", "; ").in_language(lang)
    return [between.join(words[one].in_language(lang) for one in told.split()) for told in causes]


def cut(table: Table, most: int = MOST) -> Table:
    """Return the first rows of a table; its note says how long it is, and which file has it all."""
    n_rows = len(table.frame)
    if n_rows <= most or not table.file:
        return table
    left = say("ledger.tables_cells.first_rows", most=most, n_rows=n_rows, file=table.file)
    note = Text(f"{table.note.zh}{left.zh}", f"{table.note.en} {left.en}".strip())
    return replace(table, frame=table.frame.head(most), note=note)


def done_or_no_plan(done: pd.Series, plan: pd.Series) -> pd.Series:
    """Return the share done, and words where nothing is planned: no share can be worked out."""
    return done.astype("object").where(plan != 0, NO_PLAN)
