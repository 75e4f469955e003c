"""Columns and words that several sheets of a ledger have in common."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.phrases import row_phrase
from faiwatch.core.text import Language
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.measures import measures_of
from faiwatch.ledger.status import status_words
from faiwatch.ledger.tables.cells import cause_words
from faiwatch.view.tables import in_words

WHO = measures_of(name="projects.name", unit="projects.unit", lead="projects.lead")
CODE = measures_of(project_code="projects.project_code")
PLACE = measures_of(place="ledger_place")


def choices(values: pd.Series, table: str, lang: Language) -> pd.Series:
    """Return the words of a field that is chosen from a list; the series is called like it."""
    listed = ledger_tables()[table].fields[str(values.name)].choices
    return in_words(values, {one.value: one.label for one in listed}, lang)


def with_words(rows: pd.DataFrame, lang: Language) -> pd.DataFrame:
    """Return projects with status and causes in words, and the place in the ledger."""
    return rows.assign(
        status=in_words(rows["status"], status_words(), lang),
        causes=cause_words(rows["causes"], lang),
        place=places(rows, lang),
    )


def places(rows: pd.DataFrame, lang: Language) -> list[str]:
    """Return where in the ledger each row stands."""
    stand = zip(rows["sheet"], rows["row"], strict=True)
    return [row_phrase(*one).in_language(lang) for one in stand]
