"""The page ``03_trend``: where is the trend, and which phase of the cycle is this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from faiwatch.core.finding import Finding, Tone
from faiwatch.data.reference import indicator_named
from faiwatch.forecast.cycle import Cycle
from faiwatch.forecast.cycle_findings import cycle_findings, cycle_tone
from faiwatch.page.page import SeriesPage
from faiwatch.page.parameters import TrendParameters
from faiwatch.view.tables import Table
from faiwatch.view.tables.trend import methods_table, ratios_table, turns_table


@dataclass(frozen=True)
class TrendPage(SeriesPage):
    """Trend, phase and turning points of one indicator."""

    parameters: TrendParameters

    notebook = "03_trend"
    key_numbers = ("trend_growth", "phase", "last_turn", "since_turn", "long_run")
    annexed = ("detail_level",)  # the chart of the level says it

    @property
    def cycle(self) -> Cycle:
        """Trend, phase and turning points by the method of the page."""
        return self.series.cycle(method=self.parameters.method)

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Verdict and key numbers, and how sure they are."""
        one = self.series
        about = indicator_named(one.indicator).label  # the heading of the page names the region
        return cycle_findings(self.cycle, one.in_scope, name=about, as_of=self.as_of)

    @property
    def tone(self) -> Tone:
        """Whether the trend falls."""
        return cycle_tone(self.cycle)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Trend, turning points, and how reliable both were."""
        return {
            "trend": self.cycle.trends,
            "turning_points": self.cycle.turns,
            "directions": self.cycle.direction.table,
            "last_turn": self.cycle.found_table,
            "season_ratios": self.cycle.ratios,
        }

    def turning_points(self) -> Table:
        """Return turning points and the length of each phase."""
        return self.table(turns_table(self.cycle, lang=self.lang))

    def methods(self) -> Table:
        """Return what the two methods say."""
        return self.table(methods_table(self.cycle, lang=self.lang))

    def season_ratios(self) -> Table:
        """Return what each ratio of the season's variance would say of the latest release."""
        return self.table(ratios_table(self.cycle, lang=self.lang))
