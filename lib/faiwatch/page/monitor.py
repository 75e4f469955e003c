"""The page ``02_monitor``: is investment falling, since when, and which parts pull it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from faiwatch.core.finding import Finding, Tone
from faiwatch.data.frames import without_ytd
from faiwatch.page.page import SeriesPage
from faiwatch.page.parameters import MonitorParameters
from faiwatch.page.plots import Cut, held_cut
from faiwatch.page.shown import Block, Numbers
from faiwatch.stats.contributions import latest_parts
from faiwatch.stats.cumulative import RELEASES_A_YEAR
from faiwatch.stats.monitor import verdict_tone
from faiwatch.stats.parts import latest_of_parts, parts_findings
from faiwatch.stats.revisions import change_findings
from faiwatch.view.charts.chart import Chart
from faiwatch.view.tables import (
    Table,
    contributions_table,
    parts_table,
    register_table,
    spells_table,
)
from faiwatch.view.tables.vintages import verdict_steps_table

_KEY_NUMBERS = (
    *("ytd_yoy", "run_ytd", "block_yoy", "rolling3_yoy"),
    *("base_revision", "ytd_value"),
)


@dataclass(frozen=True)
class MonitorPage(SeriesPage):
    """Whether one indicator of a region falls, by every definition, and its parts."""

    parameters: MonitorParameters

    notebook = "02_monitor"
    takes_months = True

    @property
    def key_numbers(self) -> Sequence[str]:  # type: ignore[override]
        """Of years to date what months are implied; of a monthly indicator its months."""
        if self.series.calendar.is_cumulative:
            return _KEY_NUMBERS
        return ("block_yoy", "run_block", "rolling3_yoy", "block_change", "block_value")

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Verdict and key numbers, and what the last release changed."""
        one = self.series
        return self.standing | change_findings(
            one.changes,
            one.measured,
            indicator=one.indicator,
            definition=one.facts.asked(self.parameters.definition),
            as_of=self.as_of,
        )

    @cached_property
    def standing(self) -> dict[str, Finding]:
        """Verdict and key numbers as they stand, whatever changed."""
        one, definition = self.series, self.parameters.definition
        found = {
            name: finding
            for name, finding in one.findings(definition=definition).items()
            if finding.value is not None or not name.startswith("detail_") or self._has_levels
        }
        return found | parts_findings(one.facts, one.measured, self._latest_of_parts, one.parts)

    @property
    def tone(self) -> Tone:
        """Whether it falls by the definition of the page."""
        return verdict_tone(self.series.facts, definition=self.parameters.definition)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Of every indicator that is looked at."""
        one = self.series
        return {
            "flags": one.flagged,
            "runs": one.runs,
            "measures": one.measured,
            "contributions": one.parts,
            "parts": self._latest_of_parts,
            "flag_changes": one.changes.flags,
        }

    def spells(self) -> Table:
        """Return the spells of negative growth by each definition, the newest first."""
        return self._of_series(spells_table(without_ytd(self.series.facts.runs), lang=self.lang))

    def verdict_steps(self) -> Table:
        """Return how the last release changed the verdict, step by step."""
        one = self.series
        table = verdict_steps_table(one.changes, indicator=one.indicator, lang=self.lang)
        return self._of_series(table)

    def part_numbers(self) -> Numbers:
        """Return what is told of the parts, where any are held."""
        names = ("parts_negative", "sector_drag", "structure")
        found = self.findings
        return Numbers([found[name] for name in names if name in found], self.lang)

    def cut(self, name: Cut, *, months: int = 96) -> Chart | Block:
        """Draw the growth of the parts of one cut; nothing where no part of it is held."""
        return held_cut(self.series, name, months=months)

    def parts(self) -> Table:
        """Return the last growth held of each part, cut by cut."""
        return self.table(parts_table(self._latest_of_parts, lang=self.lang))

    def contributions(self) -> Table:
        """Return what each part adds to growth in the last month, if levels tell it of any."""
        latest = latest_parts(self.series.parts)
        if not self._has_levels and latest["contribution_pp"].isna().all():
            latest = latest.iloc[:0]
        return self.table(contributions_table(latest, lang=self.lang))

    def base_register(self) -> Table:
        """Return what the published figures imply about last year's base, month by month."""
        return self._of_series(register_table(self.series.facts.measured, lang=self.lang))

    @cached_property
    def _latest_of_parts(self) -> pd.DataFrame:
        one = self.series
        return latest_of_parts(one.flagged, total=one.indicator)

    @property
    def _has_levels(self) -> bool:
        """Whether anything could be implied, so that what is lacking this month must be said.

        Of a series that has growth alone nothing else is to be expected.
        """
        latest = self.series.facts.measured.tail(RELEASES_A_YEAR)
        return bool(latest["ytd_value_100m"].notna().any())

    def _of_series(self, table: Table) -> Table:
        return self.table(table, source=self.series.subject.source)
