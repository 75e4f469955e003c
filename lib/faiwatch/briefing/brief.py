"""The page ``10_brief``: what a leader reads of a region, on one sheet of paper.

It has no number of its own: each line is a finding of another page, asked of the class of that
page with the same figures, and leads to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from faiwatch.core.finding import Finding, Tone
from faiwatch.core.text import Text
from faiwatch.data.parameter_types import NONE
from faiwatch.forecast.prospect import Prospect, prospect_findings
from faiwatch.ledger.page import open_ledger
from faiwatch.page.forecast import ForecastPage
from faiwatch.page.monitor import MonitorPage
from faiwatch.page.page import Page, SeriesPage
from faiwatch.page.parameters import (
    BRIEF,
    BriefParameters,
    ForecastParameters,
    MonitorParameters,
    TargetParameters,
)
from faiwatch.page.shown import Block
from faiwatch.page.target import TargetPage
from faiwatch.view.html import brief as block

_MONITOR, _FORECAST, _TARGET, _PROJECTS = "02_monitor", "04_forecast", "05_target", "06_projects"
_NUMBERS = {  # the first four that are known stand at the head, each with the page that tells it
    "ytd_yoy": _MONITOR,
    "run_ytd": _MONITOR,
    "block_yoy": _MONITOR,
    "p_next_negative": _FORECAST,
    "p_full_year_negative": _FORECAST,
    "ytd_value": _MONITOR,
}
_MOST_NUMBERS = 4
_LINES = {  # what stands below the chart, and what it is about
    "parts_negative": (_MONITOR, Text("分项", "Parts")),
    "sector_drag": (_MONITOR, Text("产业", "Sectors")),
    "structure": (_MONITOR, Text("构成", "Structure")),
    "forecast": (_FORECAST, Text("走势", "Outlook")),
    "target": (_TARGET, Text("目标", "Target")),
    "projects": (_PROJECTS, Text("项目", "Projects")),
}


@dataclass(frozen=True)
class BriefPage(SeriesPage):
    """A region on one sheet: verdict, four numbers, one chart, and a line on each subject."""

    parameters: BriefParameters

    notebook = BRIEF

    @cached_property
    def monitor(self) -> MonitorPage:
        """The page whose verdict this one repeats."""
        return MonitorPage(MonitorParameters(**self._same("base_shares")), self.known)

    @cached_property
    def prospect(self) -> Prospect:
        """What comes next, as page 04 has it."""
        return ForecastPage(ForecastParameters(**self._same()), self.known).prospect

    @cached_property
    def target(self) -> TargetPage:
        """The page of the annual target."""
        asked = self._same("target_growth_pct", "base_shares")
        return TargetPage(TargetParameters(**asked), self.known)

    @cached_property
    def projects(self) -> Page | None:
        """The page of the project ledger; None without one."""
        if self.parameters.ledger == NONE:
            return None
        return open_ledger(self._same("ledger"))

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Verdict, numbers and lines, as the other pages have them."""
        ahead = prospect_findings(self.prospect)
        found = {**ahead, **self.monitor.standing}
        lines = {"forecast": ahead["outlook"], "target": self.target.findings["verdict"]}
        if self.projects:
            lines["projects"] = self.projects.findings["verdict"]
        named = {id: one.model_copy(update={"id": id}) for id, one in lines.items()}
        wanted = ("verdict", *_NUMBERS, *_LINES)
        return {id: one for id, one in (found | named).items() if id in wanted}

    @property
    def tone(self) -> Tone:
        """That of the verdict."""
        return self.monitor.tone

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Those of the other pages that its numbers rest on."""
        own = {"contributions": self.monitor.series.parts, "forecasts": self.prospect.rows()}
        of_projects = self.projects.tables if self.projects else {}
        return {**of_projects, **self.target.tables, **own}

    def head(self) -> Block:
        """Return the four numbers, each a link to the page that tells where it comes from."""
        cards = [
            block.Line(one.definition_in(self.lang), one, _NUMBERS[id])
            for id, one in self.findings.items()
            if id in _NUMBERS and one.value is not None
        ]
        ordered = sorted(cards, key=lambda card: list(_NUMBERS).index(card.finding.id))
        return self._block(block.numbers, ordered[:_MOST_NUMBERS])

    def lines(self) -> Block:
        """Return a sentence on each subject, with a link to its page."""
        told = [
            block.Line(subject.in_language(self.lang), self.findings[id], page)
            for id, (page, subject) in _LINES.items()
            if id in self.findings
        ]
        return self._block(block.lines, told)

    def _block(self, made: block.Made, told: Sequence[block.Line]) -> Block:
        words = "\n".join(f"{one.subject}: {one.finding.words(self.lang)}" for one in told)
        return Block(made(told, lang=self.lang), words)

    def _same(self, *names: str) -> dict[str, Any]:
        """Return this page's parameters as another takes them."""
        shared = ("region", "as_of", "lang", "data", *names)
        return {name: getattr(self.parameters, name) for name in shared}
