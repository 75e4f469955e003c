"""Tables for readers about what changed in a ledger, see :mod:`faiwatch.view.tables`."""

from __future__ import annotations

from functools import partial

import pandas as pd

from faiwatch.core.phrases import texts_of
from faiwatch.core.text import NOTHING, Language, Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.measures import measures_of
from faiwatch.ledger.compare import LedgerDiff
from faiwatch.ledger.sheets import choice_words
from faiwatch.ledger.table_changes import KINDS
from faiwatch.ledger.tables.cells import sheet
from faiwatch.stats.check_records import SEVERITY_WORDS
from faiwatch.view.tables import Table

_PROJECT = measures_of(project_code="projects.project_code", name="projects.name")
_CHANGE = measures_of("was", "became")


def diff_tables(
    found: LedgerDiff, others: pd.DataFrame, checks: pd.DataFrame, *, lang: Language
) -> list[Table]:
    """Return what changed as tables: listed projects, repackaged ones, moves, slips, checks.

    Parameters
    ----------
    found : LedgerDiff
        From :func:`faiwatch.ledger.compare.compare_sheets`.
    others : DataFrame
        From :func:`faiwatch.ledger.table_changes.table_changes`; without any there is no table.
    checks : DataFrame
        From :func:`faiwatch.ledger.checks.check_ledger`.
    lang : {"zh", "en"}
        Language of the cells.
    """
    listed = _PROJECT | measures_of(unit="projects.unit")
    listed |= measures_of(total_investment="projects.total_investment")
    packed = measures_of(kind="agenda_item", gone_name="old_project", new_name="new_project")
    packed |= measures_of("basis")
    slipped = _PROJECT | measures_of("field") | _CHANGE | measures_of(days="delay_days")
    by_field = measures_of("field", n="n_projects")
    statuses = choice_words("projects", "status") | {"": Text("空白", "blank")}
    fields = ledger_tables()["projects"].fields.items()
    words = dict.fromkeys(("kind", "basis"), texts_of("ledger.words_repackaged"))
    words["field"] = {name: field.label for name, field in fields}
    # how many projects changed in each field; the cells themselves stand in the JSON
    counts = found.fields.groupby("field", sort=False)["project_code"].nunique()
    counted = counts.sort_values()[::-1].rename("n").reset_index()
    shown, titles = partial(sheet, lang=lang, pinned=0), texts_of("ledger.words_diff")
    moves, moved = found.status_moves, dict.fromkeys(_CHANGE, statuses)
    return [
        shown(found.new, titles["new"], listed),
        shown(found.gone, titles["gone"], listed),
        shown(found.repackaged, titles["repackaged"], packed, words=words),
        shown(moves, titles["status_moves"], _PROJECT | _CHANGE, words=moved),
        shown(found.slipped, titles["slipped"], slipped, words=words),
        shown(counted, titles["fields"], by_field, words=words),
        *([_others(others, lang)] if len(others) else []),
        ledger_checks(checks, lang=lang),
    ]


def _others(rows: pd.DataFrame, lang: Language) -> Table:
    """Return what changed in the tables that are not that of the projects."""
    cells = []
    for table, field, was, became in rows[["table", "field", "was", "became"]].to_numpy():
        choices = choice_words(table, field) if field else {}
        name = ledger_tables()[table].fields[field].label if field else NOTHING
        cells.append((name, choices.get(was, was), choices.get(became, became)))
    told = pd.DataFrame(cells, rows.index, ["field", "was", "became"], dtype="object")
    rows = rows.assign(**told, place=rows["sheet"] + "!" + rows["row"].astype("str"))
    columns = measures_of(table="ledger_table", kind="agenda_kind", key="code_or_id", field="field")
    columns |= _CHANGE | measures_of(place="ledger_place")
    words = {"table": {name: one.label for name, one in ledger_tables().items()}, "kind": KINDS}
    title = Text("其他各表的变动", "Changes in the other tables")
    return sheet(rows, title, columns, lang, words=words, pinned=0)


def ledger_checks(rows: pd.DataFrame, *, lang: Language) -> Table:
    """Return what the checks of a ledger found, with the address of each cell."""
    places = rows["sheet"] + "!" + rows["cell"].where(rows["cell"] != "", rows["row"].astype("str"))
    columns = measures_of(severity="severity", place="cell", key="projects.project_code")
    columns |= measures_of(words="what_is_wrong")
    rows = rows.assign(place=places, words=rows[lang])
    title = Text("核对", "Checks")
    return sheet(rows, title, columns, lang, words={"severity": SEVERITY_WORDS}, pinned=0)
