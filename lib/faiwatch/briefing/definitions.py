"""What each figure of a briefing is: its definition, unit and formula, by id."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from faiwatch.core.phrases import texts_of
from faiwatch.core.provenance import What
from faiwatch.core.text import Text
from faiwatch.data.definitions import about, definitions_of
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.stats.contributions import EXCLUDING_REAL_ESTATE, SECTORS
from faiwatch.view.tables import part_name

ESTATE = "real_estate_development"
PARTS = (*SECTORS, "infrastructure", "manufacturing", ESTATE, "private", EXCLUDING_REAL_ESTATE)
LEVELS = texts_of("briefing.words_levels")
DATED = ("interview", "site_review", "meeting", "inspection")  # events whose latest day is told
SERIES = definitions_of("series")
OUTLOOK = definitions_of("outlook")
KEY_PROJECTS = definitions_of("key_projects")
RENEWAL = definitions_of("renewal")
BLOCKED = definitions_of("blocked")
ISSUES = definitions_of("issues")
CONTRACTS = definitions_of("contracts")
WORK = definitions_of("work")
PROJECT_WORK = definitions_of("project_work")


@cache
def definitions() -> Mapping[str, What]:
    """Return what every figure is by id."""
    projects = (KEY_PROJECTS, RENEWAL, BLOCKED, PROJECT_WORK)
    sections = (SERIES, OUTLOOK, *projects, ISSUES, CONTRACTS, WORK)
    told = {id: what for section in sections for id, what in section.items()}
    told |= definitions_of("briefing")
    part, level, event = (definitions_of(name) for name in ("part", "level", "events"))
    for name in PARTS:
        kind = "rest_" if name == EXCLUDING_REAL_ESTATE else ""
        for unit in ("yoy", "pp"):
            told[f"{name}_{unit}"] = about(part[f"{kind}{unit}"], part_name(name))
    for scope, whose in LEVELS.items():
        told |= {f"{kind}_{scope}": about(what, whose) for kind, what in level.items()}
    kinds = ledger_tables()["events"].fields["type"].choices
    events = {"n_events": Text("合计", "in all")}
    events |= {f"n_event_{kind.value}": kind.label for kind in kinds}
    told |= {id: about(event["n"], label) for id, label in events.items()}
    for kind in DATED:
        told[f"event_{kind}"] = about(event["latest"], events[f"n_event_{kind}"])
    return told
