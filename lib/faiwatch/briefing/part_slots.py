"""Slots of the parts of the total: their growth, and what each adds to the growth of the whole.

Method: ``docs/methods/briefing.md`` and ``docs/methods/contributions.md``.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.briefing.filling import Material, filled, in_percent, lacking, plain_number, said
from faiwatch.briefing.record import Slot
from faiwatch.briefing.series_slots import not_published
from faiwatch.core.finding import Absence
from faiwatch.core.phrases import contribution_phrase, growth_phrase
from faiwatch.core.provenance import What, rows_behind
from faiwatch.core.text import NOT_HELD, Text
from faiwatch.data.reference import scope_breaks
from faiwatch.page.known import TOTAL
from faiwatch.stats.contributions import EXCLUDING_REAL_ESTATE, SECTORS, contributions
from faiwatch.stats.growth import measures
from faiwatch.view.tables import part_name

_ESTATE = "real_estate_development"
PARTS = (*SECTORS, "infrastructure", "manufacturing", _ESTATE, "private", EXCLUDING_REAL_ESTATE)


def part_slots(material: Material) -> dict[str, Slot]:
    """Return ``<part>_yoy`` and ``<part>_pp`` for every one of :data:`PARTS`, by id."""
    page = material.page
    figures = page.figures[page.figures["region_code"] == page.region.code]
    measured = measures(figures.reset_index(drop=True), breaks=scope_breaks())
    rows = measured[measured["period"] == material.month]
    told: dict[str, pd.Series] = {}
    if (rows["indicator"] == TOTAL).any():
        table = contributions(measured)
        now = table[table["period"] == material.month]
        told = {str(row["indicator"]): row for _, row in now.iterrows()}
    slots = [slot for name in PARTS for slot in _part(name, told.get(name), rows, material)]
    return {slot.id: slot for slot in slots}


def _part(
    name: str, told: pd.Series | None, rows: pd.DataFrame, material: Material
) -> tuple[Slot, Slot]:
    growth, points = _whats(name)
    label = part_name(name)
    if told is None:
        return _without_total(name, rows, material)
    is_assumed = told["basis"] != "same_release"
    words = Text(
        f"与本期增速相配的{label.zh}或投资总额{NOT_HELD['zh']}",
        f"the value of {label.en} or of the total with this growth is {NOT_HELD['en']}",
    )
    unknown = Absence("not_held", words)
    if is_assumed and name == EXCLUDING_REAL_ESTATE:  # its growth follows from the share
        return lacking(f"{name}_yoy", growth, unknown), lacking(f"{name}_pp", points, unknown)
    used = rows[rows["indicator"].isin([TOTAL, _ESTATE if name == EXCLUDING_REAL_ESTATE else name])]
    figures = rows_behind(used, "ytd_yoy_pct") + rows_behind(used, "ytd_value_100m")
    own = rows_behind(rows[rows["indicator"] == name], "ytd_yoy_pct") or figures
    value, added = float(told["yoy_pct"]), float(told["contribution_pp"])
    grown = filled(f"{name}_yoy", growth, value, in_percent(value), own)
    grown = said(grown, phrase=growth_phrase(value))
    if is_assumed:
        return grown, lacking(f"{name}_pp", points, unknown)
    slot = filled(f"{name}_pp", points, added, plain_number(added), figures)
    return grown, said(slot, phrase=contribution_phrase(added))


def _without_total(name: str, rows: pd.DataFrame, material: Material) -> tuple[Slot, Slot]:
    """Return what is known of a part of which nothing can be said beside the total."""
    growth, points = _whats(name)
    label = part_name(name)
    what = Text(f"{label.zh}增速", f"growth of {label.en}")
    missing = not_published(material, what, material.month)
    own = rows[(rows["indicator"] == name) & rows["ytd_yoy_pct"].notna()]
    if own.empty:
        return lacking(f"{name}_yoy", growth, missing), lacking(f"{name}_pp", points, missing)
    value = float(own["ytd_yoy_pct"].iloc[0])
    slot = filled(f"{name}_yoy", growth, value, in_percent(value), rows_behind(own, "ytd_yoy_pct"))
    words = Text(f"投资总额的增速{NOT_HELD['zh']}", f"growth of the total is {NOT_HELD['en']}")
    no_total = Absence("not_held", words)
    return said(slot, phrase=growth_phrase(value)), lacking(f"{name}_pp", points, no_total)


def _whats(name: str) -> tuple[What, What]:
    label = part_name(name)
    is_rest = name == EXCLUDING_REAL_ESTATE
    return (
        What(
            Text(f"{label.zh}累计增速", f"growth of {label.en}, year to date"),
            "pct",
            "((C - C[i]) / (B - B[i]) - 1) 100" if is_rest else "g[i,m]",
        ),
        What(
            Text(f"{label.zh}对投资增长的拉动", f"contribution of {label.en}"),
            "pp",
            "g - 100 (C[i] - B[i]) / B" if is_rest else "100 (C[i] - B[i]) / B, B = C / (1 + g)",
        ),
    )
