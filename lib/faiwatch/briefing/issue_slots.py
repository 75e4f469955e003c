"""Slots that come from the register of issues. Method: ``docs/methods/briefing.md``."""

from __future__ import annotations

from collections.abc import Mapping

from faiwatch.briefing.filling import Material, filled, in_percent, lacking, whole
from faiwatch.briefing.record import Slot
from faiwatch.core.provenance import What
from faiwatch.core.text import Text
from faiwatch.ledger.register import IssueFigures, issue_figures, issue_register

_WHAT = {
    "n_issues_open": What(
        Text("未销号问题", "open issues"),
        "issues",
        "opened <= as_of < closed",
        "截至期末已提出、未销号的问题数",
    ),
    "n_issues_closed": What(
        Text("已销号问题数", "closed issues"), "issues", "closed <= as_of", "截至期末已销号的问题数"
    ),
    "close_rate": What(
        Text("问题销号率", "share of issues closed"),
        "pct",
        "100 closed / (closed + open)",
        "100 × 已销号 ÷（已销号 + 未销号）",
    ),
    "n_issues_overdue": What(
        Text("逾期未销号问题数", "open issues past their date"),
        "issues",
        "due < as_of, still open",
        "时限早于期末、仍未销号的问题数",
    ),
}


def issue_slots(material: Material) -> dict[str, Slot]:
    """Return how many issues are open, closed and overdue, by id."""
    return {slot.id: slot for slot in _issues(material)}


def _issues(material: Material) -> list[Slot]:
    rows, missing = material.rows_of("issues")
    if missing:
        return [lacking(id, what, missing) for id, what in _WHAT.items()]
    register = issue_register(rows, as_of=material.month)
    figures, is_open = issue_figures(register), register["is_open"]
    overdue = register["overdue_days"].gt(0)
    counted = {"n_issues_open": ("opened", is_open), "n_issues_closed": ("closed", ~is_open)}
    counted |= {"n_issues_overdue": ("due", overdue)}
    slots = {}
    for id, (field, chosen) in counted.items():
        inputs = material.cells(register[chosen], field)
        slots[id] = filled(id, _WHAT[id], int(chosen.sum()), whole(int(chosen.sum())), inputs)
    return [*slots.values(), _rate(figures, slots)]


def _rate(figures: IssueFigures, slots: Mapping[str, Slot]) -> Slot:
    id, rate = "close_rate", figures.closure_rate_pct
    if not figures.n:
        return lacking(id, _WHAT[id], Text("问题清单没有已提出的问题", "no issue was raised yet"))
    inputs = slots["n_issues_open"].inputs + slots["n_issues_closed"].inputs
    return filled(id, _WHAT[id], rate, in_percent(rate), inputs)
