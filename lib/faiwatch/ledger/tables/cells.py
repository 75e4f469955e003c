"""What several tables of a ledger have in common: who acts, texts as cells, and cut tables."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.measures import measures_of
from faiwatch.ledger.charts.rows import one_line
from faiwatch.view.tables import NO_NOTE

MOST = 1000  # rows of a table that is not the lag list; result files have them all
NO_PLAN = Text("无计划", "no plan")
NAMED = measures_of(name="projects.name")
UNIT = measures_of(unit="projects.unit")
LEAD = measures_of(lead="projects.lead")


def names(words: pd.Series) -> list[str]:
    """Return texts of a ledger as cells: on one line, and not too long."""
    return [one_line(str(one)) for one in words]


def cause_words(causes: pd.Series, lang: Language) -> list[str]:
    """Return causes that blanks separate as readers see them."""
    choices = ledger_tables()["issues"].fields["cause"].choices
    words = {one.value: one.label.in_language(lang) for one in choices}
    between = Text("、", "; ").in_language(lang)
    return [between.join(words[cause] for cause in told.split()) for told in causes]


def cut_words(rows: pd.DataFrame, most: int, file: str) -> Text:
    """Return the words below a table that is cut: how long it is, and the file of all its rows."""
    if len(rows) <= most:
        return NO_NOTE
    return say("ledger.tables_cells.first_rows", most=most, n_rows=len(rows), file=file)


def done_or_no_plan(done: pd.Series, plan: pd.Series) -> pd.Series:
    """Return the share done, and words where nothing is planned: no share can be worked out."""
    return done.astype("object").where(plan != 0, NO_PLAN)
