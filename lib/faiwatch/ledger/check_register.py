"""Checks of the register of work: who is to act, by when, and about which project.

Method: ``docs/methods/ledger-compare.md``. They look at tables that belong together; single rows
are checked in :mod:`faiwatch.ledger.check_rows`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE
from faiwatch.ledger.check_rows import Record, records
from faiwatch.ledger.sheets import choice_words, months_of

PROPOSED = Text("拟议：", "Proposed: ")  # before what a form of minutes begins with
_ACTS = {  # whose turn it is, and when it is over
    "issues": ("owner_unit", "closed"),
    "tasks": ("owner", "done"),
    "minutes": ("unit", "done"),
    "notices": ("owner_unit", "closed"),
}
_COUNTED = {"leads": ("visits", "solved"), "parks": ("land_plan", "land_done")}


def register_checks(tables: Mapping[str, pd.DataFrame]) -> Iterator[Record]:
    """Yield what is wrong or lacking in the register of work.

    Parameters
    ----------
    tables : mapping
        Tables of the ledger; any may be absent.
    """
    for name in tables:
        if name in _ACTS:
            yield from _nobody(tables, name)
        for field in _COUNTED.get(name, ()):
            below = tables[name][tables[name][field] < 0]
            yield from records(below, name, field, "negative_number")
    if "minutes" in tables:
        yield from _open_decisions(tables["minutes"])
    if "parks" in tables:
        rows = tables["parks"]
        above = rows[rows["land_done"] > rows["land_plan"]]
        yield from records(above, "parks", "land_done", "done_above_plan")
    if "projects" in tables:
        yield from _strange_projects(tables)


def _nobody(tables: Mapping[str, pd.DataFrame], name: str) -> Iterator[Record]:
    """Yield what is overdue and nobody's; minutes are looked at at the end of the last sheet."""
    unit, over = _ACTS[name]
    rows = tables[name]
    if AS_OF in rows:
        end = rows[AS_OF].dt.to_timestamp(how="end")
    else:
        months = [months_of(one)[-1] for one in tables.values() if AS_OF in one and months_of(one)]
        end = pd.Series(max(months).end_time if months else pd.NaT, index=rows.index)
    end = end.dt.normalize()
    is_open = ~rows[over].le(end)
    whose = rows[unit]
    if name == "notices":  # one to below names whom it is sent to
        whose = whose.mask(rows["direction"].eq("to_below") & whose.eq(""), rows["receiver"])
    late = rows[rows["due"].lt(end) & is_open & whose.eq("")]
    yield from records(late, name, unit, "overdue_without_unit")


def _open_decisions(minutes: pd.DataFrame) -> Iterator[Record]:
    is_open = minutes["done"].isna()
    proposed = minutes["decision"].str.startswith((PROPOSED.zh, PROPOSED.en.strip()))
    yield from records(minutes[proposed], "minutes", "decision", "still_proposed")
    for field, lacks in (("unit", minutes["unit"].eq("")), ("due", minutes["due"].isna())):
        rows, check = minutes[is_open & lacks], f"decision_without_{field}"
        yield from records(rows, "minutes", field, check, severity="note")


def _strange_projects(tables: Mapping[str, pd.DataFrame]) -> Iterator[Record]:
    """Yield leads of projects that no sheet has, and reserve that has started and is in none."""
    projects = tables["projects"]
    known = {*projects[PROJECT_CODE], *projects["name"]}
    if "leads" in tables:
        rows = tables["leads"]
        stray = rows[~rows["project"].isin(known)]
        yield from records(stray, "leads", "project", "unknown_project")
    if "pipeline" in tables:
        rows = tables["pipeline"]
        label = choice_words("pipeline", "stage")["started"]
        stray = rows[rows["stage"].eq("started") & ~rows["name"].isin(known)]
        words = say("ledger.check_register.reserve_without_project", label=label)
        yield from records(
            stray, "pipeline", "stage", "started_not_in_projects", words, severity="note"
        )
