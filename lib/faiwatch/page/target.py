"""The page ``05_target``: gap to the annual target, pace, and the chance of reaching it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from faiwatch.core.finding import Finding, Tone
from faiwatch.forecast.target.findings import numbers_shown, target_findings, target_tone
from faiwatch.forecast.target.position import Target
from faiwatch.forecast.target.tables import TargetStudy
from faiwatch.page.page import SeriesPage
from faiwatch.page.parameters import TargetParameters
from faiwatch.page.plots import Plots
from faiwatch.page.shown import Numbers, Withheld
from faiwatch.view.charts import scenario, target
from faiwatch.view.charts.chart import Chart, Subject
from faiwatch.view.tables import Table
from faiwatch.view.tables.target import ladder_table, scenarios_table, turning_table

_FIRST = 6  # numbers of the summary, a row of a wide screen; the annex has the rest


@dataclass(frozen=True)
class TargetPage(SeriesPage):
    """What a target for December requires, and how likely it is."""

    parameters: TargetParameters

    notebook = "05_target"
    annexed = ("detail_pace",)  # the chart of the pace says it

    @cached_property
    def study(self) -> TargetStudy:
        """What the target requires of the rest of the year, and its chance."""
        asked = Target.of(self.parameters)
        return self.series.target(asked.growth_pct, value_100m=asked.value_100m)

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Verdict and key numbers."""
        one = self.series
        return target_findings(self.study, one.target_basis, name=one.name, as_of=self.as_of)

    @property
    def key_numbers(self) -> list[str]:  # type: ignore[override]
        """The first of those that this target has."""
        return numbers_shown(self.study)[:_FIRST]

    @property
    def tone(self) -> Tone:
        """Whether the target is likely to be reached."""
        return target_tone(self.study)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Month by month, and what scenarios lead to."""
        return {
            "target": self.study.months,
            "scenarios": self.study.scenarios,
            "chances": self.study.ladder,
        }

    @property
    def plot(self) -> TargetPlots:
        """The charts: those of the target, and of :func:`faiwatch.series`."""
        return TargetPlots(self.series, self.study)

    def more_numbers(self) -> Numbers | Withheld:
        """Return the numbers that are not among the first ones."""
        rest = numbers_shown(self.study)[_FIRST:]
        return self.numbers(*rest) if rest else Withheld()

    def scenarios(self) -> Table:
        """Return what growth of the months left would make of the year."""
        return self.table(scenarios_table(self.study, lang=self.lang))

    def turning_positive(self) -> Table:
        """Return what it takes for growth to be zero by each month."""
        return self.table(turning_table(self.study, lang=self.lang))

    def other_targets(self) -> Table:
        """Return the chance of other targets, and what each takes."""
        return self.table(ladder_table(self.study, lang=self.lang))


@dataclass(frozen=True)
class TargetPlots(Plots):
    """The charts of a target."""

    study: TargetStudy

    def sliders(self) -> Chart:
        """Set growth of the months left and the target, and see what becomes of the year."""
        return scenario.sliders(self.study, self.series.target_basis, subject=self._subject)

    def pace(self) -> Chart:
        """Even pace, and the share of the year that past years had done by the same month."""
        return target.pace(self.study, subject=self._subject)

    def required(self) -> Chart:
        """Show what each month left would have to bring, beside last year and the forecast."""
        return target.blocks(self.study, subject=self._subject)

    @property
    def _subject(self) -> Subject:
        return replace(self.series.subject, as_of=str(self.study.year.origin))
