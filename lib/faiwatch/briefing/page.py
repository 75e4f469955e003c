"""The page ``08_briefing``: the report filled, its files, and what changed since the last one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from faiwatch.briefing import html
from faiwatch.briefing.build import changes_if_told, fill_briefing, material_of, month_compared
from faiwatch.briefing.changes import changes_text
from faiwatch.briefing.exhibits import Exhibit, exhibits_of
from faiwatch.briefing.files import PageWithFiles, briefing_files
from faiwatch.briefing.filling import Material
from faiwatch.briefing.html import Download
from faiwatch.briefing.plain import briefing_text
from faiwatch.briefing.record import Briefing
from faiwatch.core.finding import Finding, Tone
from faiwatch.data.parameter_types import STANDARD
from faiwatch.page.page import SeriesPage
from faiwatch.page.parameters import BriefingParameters
from faiwatch.page.shown import Block, Verdict
from faiwatch.stats.monitor import verdict_tone


@dataclass(frozen=True)
class BriefingPage(PageWithFiles, SeriesPage):
    """The briefing of a region, with or without its ledger."""

    parameters: BriefingParameters

    notebook = "08_briefing"

    @cached_property
    def material(self) -> Material:
        """What the briefing is filled from."""
        return material_of(self)

    @cached_property
    def briefing(self) -> Briefing:
        """The briefing, as :func:`faiwatch.briefing` returns it."""
        return fill_briefing(self.material)

    @cached_property
    def report(self) -> Briefing | None:
        """The report to be sent; None without a ledger, or with a template of one's own."""
        asked = self.parameters
        if asked.form == "report":
            return self.briefing
        if not self.material.ledger or asked.template != STANDARD or self.briefing.blocked:
            return None
        material = replace(self.material, parameters=asked.model_copy(update={"form": "report"}))
        return fill_briefing(material, findings=self.briefing.findings)

    @cached_property
    def exhibits(self) -> Sequence[Exhibit]:
        """Charts and tables of the Word document."""
        return exhibits_of(self.material)

    @cached_property
    def files(self) -> Sequence[Download]:
        """Word documents, plain text and slots."""
        return briefing_files(self, self.briefing, self.exhibits, report=self.report)

    @property
    def findings(self) -> Mapping[str, Finding]:
        """Those of the region's growth; the numbers of the text are its slots."""
        return self.series.findings(definition=self.parameters.definition)

    @property
    def tone(self) -> Tone:
        """Whether investment falls by the definition of the page."""
        return verdict_tone(self.series.facts, definition=self.parameters.definition)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """None: the files of the briefing are saved instead."""
        return {}

    def verdict(self) -> Verdict:
        """Return the sentence to take away; those that go with it stand in the text."""
        return replace(super().verdict(), details=())

    def downloads(self) -> Block:
        """Return links to the files, and the plain text with a button to copy it."""
        return Block(html.downloads(self.files, self._text, lang=self.lang), self._text)

    def text(self) -> Block:
        """Return the briefing, each number with its origin."""
        return Block(html.briefing(self.briefing, lang=self.lang), self._text)

    def changes(self) -> Block:
        """Return what it says that the one before did not; nothing when there is none."""
        found = changes_if_told(self.material, self.briefing, self.lang)
        told = html.changes(found, month_compared(self.material), lang=self.lang)
        return Block(told, changes_text(found or (), self.lang))

    @property
    def _text(self) -> str:
        return briefing_text(self.briefing, self.lang)
