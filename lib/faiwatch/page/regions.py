"""The page ``07_regions``: how many regions are falling, for how long, and how widely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from faiwatch.core.finding import Finding, Tone
from faiwatch.core.text import Text
from faiwatch.data.events import event_months
from faiwatch.data.regions import provinces
from faiwatch.forecast.phases import phases
from faiwatch.forecast.series import model_series
from faiwatch.forecast.trend import FEWEST_RELEASES, fit_trend, series_in_use, trend_table
from faiwatch.page.comparison import comparison
from faiwatch.page.known import TOTAL
from faiwatch.page.page import Page
from faiwatch.page.panel import Panel, PanelPlots
from faiwatch.page.parameters import PageParameters, RegionsParameters
from faiwatch.page.plots import held_cut
from faiwatch.page.series import Series
from faiwatch.page.shown import Block, Section
from faiwatch.stats.overview import region_tone
from faiwatch.view.charts.chart import Chart
from faiwatch.view.charts.clock import clock_of_regions
from faiwatch.view.tables import Table, components_of_regions_table, regions_table

_OF_CYCLE = ("phase", "trend_growth_pct", "long_run_pct", "change_pp")


@dataclass(frozen=True)
class RegionsPage(Page):
    """Many regions side by side, as :func:`faiwatch.panel` returns them."""

    parameters: RegionsParameters

    notebook = "07_regions"
    key_numbers = ("n_negative", "share_negative", "diffusion_index")

    @classmethod
    def regions_used(cls, parameters: PageParameters, there: set[str]) -> Sequence[str]:
        """Return those that are compared."""
        assert isinstance(parameters, RegionsParameters)
        return compared(parameters, there)

    @cached_property
    def panel(self) -> Panel:
        """The regions compared."""
        codes = compared(self.parameters, self.figures["region_code"])
        return Panel(tuple(codes), (TOTAL,), self.lang, self.known, self.region.name)

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Verdict and key numbers over the regions."""
        return self.panel.findings()

    @property
    def tone(self) -> Tone:
        """Whether most regions fall."""
        return region_tone(self.panel.spread)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Flags and spells of every region, and how they spread."""
        one = self.panel
        return {"flags": one.flagged, "runs": one.runs, "diffusion": one.spread}

    @property
    def source_words(self) -> Text:
        """Who published the figures of the regions compared, and by which copies."""
        return self.known.source_words(self.panel.regions)

    @property
    def plot(self) -> PanelPlots:
        """The charts: those of :func:`faiwatch.panel`."""
        return self.panel.plot

    def parts_of_the_country(self) -> Chart | Block:
        """Draw the growth of east, centre, west and north-east; nothing where none is held."""
        indicators = self.known.of([self.region.code], "all")["indicator"].unique()
        if TOTAL not in indicators:
            return Block("", "")
        return held_cut(Series(self.region, TOTAL, self.lang, self.known), "region")

    def clock(self) -> Chart:
        """Draw where each region stands in the growth cycle, with a slider for the month."""
        measured = self.panel.measured
        known = measured.groupby("region_code")["ytd_yoy_pct"].transform("count")
        long = measured[known >= FEWEST_RELEASES]
        tables = []
        for code, rows in long.groupby("region_code", observed=True):
            used = series_in_use(model_series(rows, events=event_months(TOTAL)))
            found = trend_table(fit_trend(used), region_code=str(code), indicator=TOTAL)
            tables.append(phases(found))
        empty = pd.DataFrame(columns=["region_code", "period", *_OF_CYCLE])
        cycles = pd.concat(tables, ignore_index=True) if tables else empty
        return clock_of_regions(cycles, subject=self.plot.subject, names=self.plot.names)

    def compare(self) -> Section:
        """Return one chart of two to five regions or indicators, which the reader chooses."""
        return comparison(self._whole)

    def components(self) -> Table:
        """Return the last growth held of each component of the regions compared.

        With them stand the regions of real-estate development, of which the nation's releases
        speak.
        """
        return self.table(
            components_of_regions_table(self._whole.measured, self.panel.regions, lang=self.lang)
        )

    @cached_property
    def _whole(self) -> Panel:
        """The region of the page and those compared, with every indicator."""
        regions = tuple(dict.fromkeys([self.region.code, *self.panel.regions]))
        indicators = self.known.of(regions, "all")["indicator"].unique()
        names = tuple(dict.fromkeys([TOTAL, *indicators]))
        return Panel(regions, names, self.lang, self.known, self.region.name)

    def regions(self) -> Table:
        """Return every region with its latest growth and its spell."""
        return self.table(regions_table(self.panel.runs, self.panel.flagged, lang=self.lang))


def compared(parameters: RegionsParameters, there: Iterable[str]) -> list[str]:
    """Return the codes that the parameter ``regions`` asks for; ``all`` are the provinces.

    A user's own file has its own regions: there ``all`` is every one but the page's.
    """
    if parameters.regions != "all":
        return parameters.regions.split(",")
    others = set(there) - {parameters.region}
    known = [code for code in provinces() if code in others]
    return known or sorted(others) or [parameters.region]
