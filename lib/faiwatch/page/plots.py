"""The charts of a series, as the analyst asks for them and as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from faiwatch.core.phrases import texts_of
from faiwatch.data.events import event_months
from faiwatch.data.reference import scope_breaks
from faiwatch.forecast.cached import SHARED_HORIZON
from faiwatch.forecast.prospect import Prospect
from faiwatch.forecast.trend import Method
from faiwatch.page.shown import Block
from faiwatch.stats.contributions import REAL_ESTATE_CUT, SECTORS
from faiwatch.stats.parts import CUTS
from faiwatch.stats.spell import Definition
from faiwatch.view.charts import (
    base_trap,
    clock,
    components,
    coverage,
    explore,
    forecast,
    growth,
    heat_map,
    trend,
)
from faiwatch.view.charts.chart import Chart
from faiwatch.view.tables import part_name

if TYPE_CHECKING:
    from faiwatch.page.series import Series

Cut = Literal["sector", "industry", "ownership", "structure", "region"]


@dataclass(frozen=True)
class Plots:
    """The charts of a series, each a :class:`~faiwatch.view.charts.chart.Chart`.

    Examples
    --------
    >>> import faiwatch as fw
    >>> print(fw.series("陕西", as_of="2026-06", lang="en").plot.growth().title)
    Shaanxi, fixed-asset investment: published growth, year to date
    """

    series: Series

    def coverage(self) -> Chart:
        """Which releases of the region's indicators have a value, growth, or both."""
        one = self.series
        figures = one.known.of([one.region.code], one.indicators)
        names = self._names(figures["indicator"].unique())
        return coverage.coverage(figures, subject=one.subject, names=names)

    def growth(self, *, months: int = 96) -> Chart:
        """Draw published year-to-date growth, negative spells shaded."""
        one = self.series
        return growth.ytd_growth(
            one.facts.flagged,
            subject=one.subject,
            runs=one.facts.runs,
            breaks=one.breaks,
            months=months,
        )

    def single_month(self, *, months: int = 48) -> Chart:
        """Implied growth of the single month, with what rounding leaves open."""
        one = self.series
        return growth.block_growth(
            one.facts.flagged, subject=one.subject, breaks=one.breaks, months=months
        )

    def parts(self) -> Chart:
        """Growth of the parts of the region's total."""
        one = self.series
        return components.component_growth(
            one.flagged[one.flagged["indicator"] != one.indicator],
            subject=one.subject_of_parts,
            names=self._names(one.measured["indicator"].unique()),
            breaks=scope_breaks(),
        )

    def contributions(self, cut: Literal["sectors", "real_estate"] = "sectors") -> Chart:
        """Draw what each part adds to growth, by one cut of the total."""
        one = self.series
        parts = {"sectors": SECTORS, "real_estate": REAL_ESTATE_CUT}[cut]
        return components.contributions(
            one.parts,
            subject=one.subject_of_parts,
            parts=parts,
            names=self._names(parts),
            total_yoy_pct=one.facts.measured.set_index("period")["ytd_yoy_pct"],
        )

    def contribution_history(self, *, months: int = 96) -> Chart:
        """Draw what each sector added to growth, release by release."""
        one = self.series
        return components.contribution_history(
            one.parts,
            subject=one.subject_of_parts,
            parts=SECTORS,
            names=self._names(SECTORS),
            total_yoy_pct=one.facts.measured.set_index("period")["ytd_yoy_pct"],
            months=months,
        )

    def cut(self, cut: Cut, *, months: int = 96) -> Chart:
        """Draw the growth of the parts of one cut, for the months that are held of each."""
        one, wanted = self.series, CUTS[cut]
        names = self._names(wanted)
        rows = one.flagged[one.flagged["indicator"].isin(wanted)]
        named = rows.assign(
            which=pd.Categorical(rows["indicator"].map(names), list(names.values()))
        )
        return explore.compared(
            named.sort_values("which", kind="stable").astype({"which": str}),
            subject=one.subject_of_parts,
            months=months,
            what=texts_of("page.words_cuts")[cut],
        )

    def levels_trap(self, *, months: int = 240) -> Chart:
        """Why the ratio of published levels is not growth."""
        return base_trap.base_trap(
            self.series.facts.measured, subject=self.series.subject, months=months
        )

    def base_revisions(self) -> Chart:
        """How far last year's base was revised."""
        return base_trap.revisions(self.series.facts.measured, subject=self.series.subject)

    def trend(self, *, method: Method = "ucm") -> Chart:
        """Trend growth with its band."""
        one = self.series
        return trend.trend_growth(
            one.cycle(method=method), one.in_scope, subject=one.subject, breaks=one.breaks
        )

    def trend_level(self, *, method: Method = "ucm") -> Chart:
        """Draw single months with the season taken off, and the trend through them."""
        return trend.trend_level(self.series.cycle(method=method), subject=self.series.subject)

    def clock(self, *, method: Method = "ucm") -> Chart:
        """Draw the growth cycle as a clock of four phases."""
        return clock.clock(self.series.cycle(method=method), subject=self.series.subject)

    def seasons(self, *, method: Method = "ucm") -> Chart:
        """How much of a year each month carries."""
        return clock.season_shares(self.series.cycle(method=method), subject=self.series.subject)

    def heat_map(self, *, definition: Definition = "block", months: int = 132) -> Chart:
        """Growth by year and month, as a heat map."""
        one = self.series
        return heat_map.season_map(
            one.facts.flagged, subject=one.subject, definition=definition, months=months
        )

    def decomposition(self, *, method: Method = "ucm", months: int = 180) -> Chart:
        """Trend, season and rest, one band over the other."""
        one = self.series
        return explore.decomposed(one._parts(method), subject=one.subject, months=months)

    def distribution(self, *, definition: Definition = "ytd", months: int = 360) -> Chart:
        """How often growth lay in which range, and where the latest release stands."""
        one = self.series
        return explore.distribution(
            one.facts.flagged, subject=one.subject, definition=definition, months=months
        )

    def forecast(self, horizon: int = SHARED_HORIZON) -> Chart:
        """Draw published growth and the fan of what comes next."""
        return self.fan_of(self.series.prospect(horizon=horizon))

    def fan_of(self, found: Prospect) -> Chart:
        """Draw published growth and the fan of a forecast that is made already."""
        return forecast.fan(
            found.measured,
            found.paths,
            subject=self.series.subject,
            events=sorted(event_months(self.series.indicator)),
            breaks=self.series.breaks,
        )

    def _names(self, indicators: Iterable[str]) -> dict[str, str]:
        return {name: part_name(name).in_language(self.series.lang) for name in indicators}


def held_cut(series: Series, name: Cut, *, months: int = 96) -> Chart | Block:
    """Draw the growth of the parts of one cut; nothing where no part of it is held."""
    if set(series.flagged["indicator"].unique()).isdisjoint(CUTS[name]):
        return Block("", "")
    return series.plot.cut(name, months=months)
