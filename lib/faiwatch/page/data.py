"""The page ``01_data``: what do we have, is it sound, what was revised, what is late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from faiwatch.core.finding import Finding, Tone
from faiwatch.data.parameter_types import NONE
from faiwatch.page.page import SeriesPage
from faiwatch.page.parameters import DataParameters
from faiwatch.stats.changes import changes
from faiwatch.stats.coverage import coverage
from faiwatch.stats.overview import data_findings, data_tone
from faiwatch.stats.revisions import change_findings
from faiwatch.stats.vintages import revision_statistics, revision_triangle
from faiwatch.view.tables import (
    Table,
    changes_table,
    checks_table,
    coverage_table,
    provenance_table,
)
from faiwatch.view.tables.vintages import (
    figure_changes_table,
    flag_changes_table,
    statistics_table,
    triangle_table,
    verdict_steps_table,
)


@dataclass(frozen=True)
class DataPage(SeriesPage):
    """The figures of a region: complete, sound, new, revised, and where each comes from."""

    parameters: DataParameters

    notebook = "01_data"
    key_numbers = ("n_figures", "n_errors", "n_warnings", "n_late")

    @cached_property
    def own_figures(self) -> pd.DataFrame:
        """The figures of the region."""
        return self.known.of([self.region.code])

    @cached_property
    def records(self) -> pd.DataFrame:
        """What the checks say of them."""
        return self.known.records_of([self.region.code])

    @cached_property
    def covered(self) -> pd.DataFrame:
        """How complete they are, by indicator."""
        return coverage(self.own_figures, as_of=self.as_of)

    @cached_property
    def changed(self) -> pd.DataFrame:
        """What is new against an earlier month: the one asked for, or that of a year before."""
        asked = self.parameters.against
        year_before = str(pd.Period(self.as_of, "M") - 12)
        return changes(self.own_figures, against=year_before if asked == NONE else asked)

    @cached_property
    def triangle(self) -> pd.DataFrame:
        """What each release said of each month."""
        return revision_triangle(self.known.issued_of(self.own_figures))

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Verdict and counts, and what the last release changed."""
        one = self.series
        found = data_findings(self.covered, self.records, self.own_figures, as_of=self.as_of)
        return found | change_findings(
            one.changes,
            self.own_figures,
            indicator=one.indicator,
            definition="ytd",
            as_of=self.as_of,
        )

    @property
    def tone(self) -> Tone:
        """Whether the checks found errors."""
        return data_tone(self.records)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Coverage, records, and what changed."""
        return {
            "coverage": self.covered,
            "checks": self.records,
            "changes": self.changed,
            "flag_changes": self.series.changes.flags,
        }

    def coverage(self) -> Table:
        """Return how complete the figures are."""
        return self.table(coverage_table(self.covered, lang=self.lang))

    def checks(self) -> Table:
        """Return what the checks found, errors first."""
        return self.table(checks_table(self.records, lang=self.lang))

    def changes(self) -> Table:
        """Return what is new against the earlier month."""
        return self.table(changes_table(self.changed, lang=self.lang))

    def figure_changes(self) -> Table:
        """Return the figures that the last release brought or revised."""
        return self.table(figure_changes_table(self.series.changes, lang=self.lang))

    def flag_changes(self) -> Table:
        """Return the negative flags that a revision added or withdrew."""
        return self.table(flag_changes_table(self.series.changes, lang=self.lang))

    def verdict_steps(self) -> Table:
        """Return how the last release changed the verdict, step by step."""
        one = self.series
        return self.table(verdict_steps_table(one.changes, indicator=one.indicator, lang=self.lang))

    def revisions(self) -> Table:
        """Return growth of the same month as it was published time after time."""
        is_main = self.triangle["indicator"] == self.series.indicator
        return self.table(triangle_table(self.triangle[is_main], lang=self.lang))

    def revision_statistics(self) -> Table:
        """Return how large revisions were."""
        return self.table(statistics_table(revision_statistics(self.triangle), lang=self.lang))

    def provenance(self) -> Table:
        """Return source, note, file and line of each growth figure of the last releases."""
        return self.table(provenance_table(self.own_figures, lang=self.lang))
