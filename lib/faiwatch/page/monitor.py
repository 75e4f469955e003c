"""The page ``02_monitor``: is investment falling, since when, and which parts pull it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from faiwatch.core.finding import Finding
from faiwatch.page.page import SeriesPage
from faiwatch.page.parameters import MonitorParameters
from faiwatch.stats.contributions import latest_parts
from faiwatch.stats.cumulative import RELEASES_A_YEAR
from faiwatch.stats.monitor import Tone, verdict_tone
from faiwatch.stats.revisions import change_findings
from faiwatch.view.tables import Table, contributions_table, register_table, spells_table
from faiwatch.view.tables.vintages import verdict_steps_table


@dataclass(frozen=True)
class MonitorPage(SeriesPage):
    """Whether one indicator of a region falls, by every definition, and its parts."""

    parameters: MonitorParameters

    notebook = "02_monitor"
    key_numbers = (
        "ytd_yoy",
        "run_ytd",
        "block_yoy",
        "rolling3_yoy",
        "base_revision",
        "ytd_value",
    )

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Verdict and key numbers, and what the last release changed."""
        one, definition = self.series, self.parameters.definition
        found = {
            name: finding
            for name, finding in one.findings(definition=definition).items()
            if finding.value is not None or not name.startswith("detail_") or self._has_levels
        }
        return found | change_findings(
            one.changes,
            one.measured,
            indicator=one.indicator,
            definition=definition,
            as_of=self.as_of,
        )

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
            "flag_changes": one.changes.flags,
        }

    def spells(self) -> Table:
        """Return the spells of negative growth by each definition, the newest first."""
        return self._of_series(spells_table(self.series.facts.runs, lang=self.lang))

    def verdict_steps(self) -> Table:
        """Return how the last release changed the verdict, step by step."""
        one = self.series
        table = verdict_steps_table(one.changes, indicator=one.indicator, lang=self.lang)
        return self._of_series(table)

    def contributions(self) -> Table:
        """Return what each part adds to growth in the last month, if levels tell it of any."""
        latest = latest_parts(self.series.parts)
        if not self._has_levels and latest["contribution_pp"].isna().all():
            latest = latest.iloc[:0]
        return self.table(contributions_table(latest, lang=self.lang))

    def base_register(self) -> Table:
        """Return what the published figures imply about last year's base, month by month."""
        return self._of_series(register_table(self.series.facts.measured, lang=self.lang))

    @property
    def _has_levels(self) -> bool:
        """Whether anything could be implied, so that what is lacking this month must be said.

        Of a series that has growth alone nothing else is to be expected.
        """
        latest = self.series.facts.measured.tail(RELEASES_A_YEAR)
        return bool(latest["ytd_value_100m"].notna().any())

    def _of_series(self, table: Table) -> Table:
        return self.table(table, source=self.series.subject.source)
