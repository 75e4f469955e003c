"""Many regions at once as an analyst holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import pandas as pd

from faiwatch.core.errors import ParameterError
from faiwatch.core.finding import Finding
from faiwatch.core.text import Language, Text
from faiwatch.data.frames import plain_frame
from faiwatch.data.reference import indicator_named, scope_breaks
from faiwatch.data.regions import region_named
from faiwatch.data.source import DataSource
from faiwatch.page.known import Known, indicator_asked, known_figures, refuse_months
from faiwatch.stats.diffusion import diffusion
from faiwatch.stats.growth import measures
from faiwatch.stats.negative import flags, runs
from faiwatch.stats.overview import region_findings, region_tone
from faiwatch.stats.spell import Definition
from faiwatch.view import html as blocks
from faiwatch.view.charts import explore, heat_map
from faiwatch.view.charts import regions as region_charts
from faiwatch.view.charts.chart import Chart, Subject

Key = tuple[str, str]  # region code and indicator
_SELECTED = Text("所选地区", "selected regions")


@dataclass(frozen=True)
class Panel:
    """Several regions and indicators, as known at a month. Made by :func:`faiwatch.panel`.

    Attributes
    ----------
    regions, indicators : tuple of str
        Codes and names, in the order asked for.
    lang : {"zh", "en"}
        Language of sentences, names and charts.
    known : Known
        The figures that it may use.
    place : Text, optional
        What the regions are called together; by default that of which all are parts.
    """

    regions: tuple[str, ...]
    indicators: tuple[str, ...]
    lang: Language
    known: Known
    place: Text | None = None

    @property
    def as_of(self) -> str:
        """Month up to which figures are used, ``YYYY-MM``."""
        return self.known.as_of

    @property
    def source(self) -> Text:
        """Who published the figures, and by which copies they came here."""
        return self.known.source_words(self.regions, self.indicators)

    @property
    def observations(self) -> pd.DataFrame:
        """The figures as published, a row a release of each series; NaN = not published."""
        return self._plain(self._figures)

    def growth(self) -> pd.DataFrame:
        """Return what the figures imply; see :meth:`faiwatch.Series.growth`."""
        return self._plain(self.measured)

    def wide(self, column: str = "ytd_yoy_pct") -> pd.DataFrame:
        """Return one measure with a month a row and a region a column, for ``frame.plot()``.

        Parameters
        ----------
        column : str
            A column of :meth:`growth`. With several indicators a column is a region and an
            indicator.

        Examples
        --------
        >>> import faiwatch as fw
        >>> fw.panel(["Shaanxi", "Sichuan"], lang="en").wide().columns.tolist()
        ['Shaanxi', 'Sichuan']
        """
        keys = ["region"] if len(self.indicators) == 1 else ["region", "indicator_name"]
        table = self.growth().pivot(index="month", columns=keys, values=column)
        if len(keys) == 1:
            order = [region_named(code).name.in_language(self.lang) for code in self.regions]
            table = table[[name for name in order if name in table.columns]]
        return table

    def flags(self) -> pd.DataFrame:
        """Return the state of every release; see :func:`faiwatch.stats.negative.flags`."""
        return self._plain(self.flagged)

    def spells(self) -> pd.DataFrame:
        """Return the spells of negative growth; see :func:`faiwatch.stats.negative.runs`."""
        return self._plain(self.runs)

    def diffusion(self) -> pd.DataFrame:
        """Return how many regions rise and fall; see :func:`faiwatch.stats.diffusion.diffusion`."""
        return self._plain(self.spread)

    def findings(self) -> Mapping[str, Finding]:
        """Return verdict and key numbers over the regions, of the first indicator."""
        return region_findings(
            self.spread, self._of_first(self.runs), self._of_first(self.measured), as_of=self.as_of
        )

    @property
    def verdict(self) -> Finding:
        """The one sentence to take away."""
        return self.findings()["verdict"]

    @property
    def plot(self) -> PanelPlots:
        """Its charts: ``.plot.heat_map()``, ``.plot.ranking()``, ``.plot.diffusion()``."""
        return PanelPlots(self)

    def __repr__(self) -> str:
        return self.verdict.words(self.lang)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return blocks.verdict_bundle(self.verdict, lang=self.lang, tone=region_tone(self.spread))

    # --- what the answers rest on, as Periods; the page saves these --------------------------

    @cached_property
    def measured(self) -> pd.DataFrame:
        """Measures of every region and indicator."""
        return measures(self._figures, breaks=scope_breaks())

    @cached_property
    def flagged(self) -> pd.DataFrame:
        """Their flags."""
        return flags(self.measured, as_of=self.as_of)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Their spells of negative growth."""
        return runs(self.flagged, breaks=scope_breaks())

    @cached_property
    def spread(self) -> pd.DataFrame:
        """How many regions rise and fall by the first indicator."""
        return diffusion(self._of_first(self.flagged))

    @cached_property
    def _figures(self) -> pd.DataFrame:
        return self.known.of(self.regions, ",".join(self.indicators))

    def named(self, keys: Sequence[Key] | None = None) -> pd.DataFrame:
        """Return flags with ``which``, what each series is called, in the order asked for.

        Parameters
        ----------
        keys : sequence of (str, str), optional
            Region code and indicator of the series wanted; all by default.
        """
        table = self.flagged
        of_row = list(zip(table["region_code"], table["indicator"], strict=True))
        there = set(of_row)
        wanted = [key for key in keys or product(self.regions, self.indicators) if key in there]
        names = series_names(wanted, self.lang)
        which = pd.Categorical([names.get(key) for key in of_row], list(names.values()))
        named = table.assign(which=which).dropna(subset=["which"])
        return named.sort_values("which", kind="stable").astype({"which": str})

    def _of_first(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[table["indicator"] == self.indicators[0]].reset_index(drop=True)

    def _plain(self, table: pd.DataFrame) -> pd.DataFrame:
        return plain_frame(table, lang=self.lang)


def open_panel(
    source: DataSource,
    regions: Sequence[str],
    indicators: Sequence[str],
    *,
    as_of: str,
    lang: Language,
) -> Panel:
    """Return a panel of regions by code and indicators by name or label."""
    known = known_figures(source, regions, as_of)
    there_are = list(known.of(regions)["indicator"].unique())
    names = [indicator_asked(one, there_are) for one in indicators]
    refuse_months("panel", names)
    return Panel(tuple(regions), tuple(names), lang, known)


@dataclass(frozen=True)
class PanelPlots:
    """The charts of a panel, each a :class:`~faiwatch.view.charts.chart.Chart`."""

    panel: Panel

    def heat_map(self, *, months: int = 24) -> Chart:
        """Which regions were negative in which month."""
        one = self.panel
        return heat_map.negative_heat_map(
            one._of_first(one.flagged), subject=self.subject, names=self.names, months=months
        )

    def tiles(self) -> Chart:
        """Where growth is negative now: a tile for each region, about where it lies."""
        one = self.panel
        return heat_map.region_tiles(
            one._of_first(one.flagged), subject=self.subject, names=self.names
        )

    def compare(self, *, definition: Definition = "ytd", months: int = 96) -> Chart:
        """Growth of up to five series as lines.

        Raises
        ------
        ParameterError
            There are more than five: nobody tells so many lines apart.

        Examples
        --------
        >>> import faiwatch as fw
        >>> both = fw.panel(["Shaanxi", "Sichuan"], as_of="2026-06", lang="en")
        >>> list(both.plot.compare().table.columns)
        ['Period', 'Shaanxi', 'Sichuan']
        """
        one = self.panel
        named = one.named()
        if named["which"].nunique() > explore.MOST_SERIES:
            raise ParameterError(
                Text("一张图最多比较五个序列", "a chart compares five series at most"),
                got=named["which"].nunique(),
                todo=Text("减少地区或指标", "name fewer regions or indicators"),
            )
        return explore.compared(named, subject=self.subject, definition=definition, months=months)

    def ranking(self) -> Chart:
        """Regions by the length of the spell that is still going on."""
        one = self.panel
        return region_charts.spell_length_ranking(
            one._of_first(one.runs), subject=self.subject, names=self.names
        )

    def diffusion(self) -> Chart:
        """How many regions rise and fall, month by month."""
        return region_charts.diffusion(self.panel.spread, subject=self.subject)

    @property
    def names(self) -> dict[str, str]:
        """What the regions are called."""
        one = self.panel
        return {code: region_named(code).name.in_language(one.lang) for code in one.regions}

    @property
    def subject(self) -> Subject:
        """What the charts are about."""
        one = self.panel
        label = indicator_named(one.indicators[0]).label.in_language(one.lang)
        parents = {region_named(code).parent for code in one.regions} - {""}
        where = one.place or (_SELECTED if len(parents) != 1 else region_named(*parents).name)
        return Subject(
            one.lang,
            where.in_language(one.lang),
            label,
            one.source.in_language(one.lang),
            one.known.reached,
        )


def series_names(keys: Sequence[Key], lang: Language) -> dict[Key, str]:
    """Return what series are called among each other: by what tells them apart.

    Examples
    --------
    >>> list(series_names([("610000", "total"), ("510000", "total")], "en").values())
    ['Shaanxi', 'Sichuan']
    >>> list(series_names([("000000", "total"), ("610000", "total")], "zh").values())
    ['全国', '陕西省']
    """
    regions = {code: region_named(code).name.in_language(lang) for code, _ in keys}
    labels = {name: indicator_named(name).label.in_language(lang) for _, name in keys}
    if len(labels) == 1:
        return {key: regions[key[0]] for key in keys}
    if len(regions) == 1:
        return {key: labels[key[1]] for key in keys}
    return {key: full_name(key, lang) for key in keys}


def full_name(key: Key, lang: Language) -> str:
    """Return what a series is called anywhere: by its region and its indicator."""
    region, name = region_named(key[0]).name, indicator_named(key[1]).label
    return Text(f"{region.zh}{name.zh}", f"{region.en}, {name.en}").in_language(lang)
