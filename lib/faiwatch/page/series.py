"""One series as an analyst holds it: figures, what they imply, what comes next, and its charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from faiwatch.core.finding import Finding
from faiwatch.core.text import Language, Text
from faiwatch.data.events import event_months
from faiwatch.data.frames import plain_frame
from faiwatch.data.reference import indicator_named, scope_breaks
from faiwatch.data.regions import NATION, Region, region_named
from faiwatch.data.source import DataSource
from faiwatch.forecast.cached import SHARED_HORIZON, Outlook, looked_back, outlook_of
from faiwatch.forecast.cycle import Cycle, cycle_of
from faiwatch.forecast.members.members import POOL
from faiwatch.forecast.rows import forecast_rows, model_of
from faiwatch.forecast.series import model_series
from faiwatch.forecast.target.position import Target, base_of_year
from faiwatch.forecast.target.tables import TargetStudy, study
from faiwatch.forecast.trend import Method, fit_trend, parts_of, series_in_use
from faiwatch.page.known import indicator_asked, known_figures
from faiwatch.stats.contributions import REAL_ESTATE_CUT, SECTORS, contributions
from faiwatch.stats.growth import measures
from faiwatch.stats.monitor import Series as Facts
from faiwatch.stats.monitor import monitor_findings, series_of, verdict_tone
from faiwatch.stats.negative import flags, runs
from faiwatch.stats.revisions import Changes, changes_between
from faiwatch.stats.scopes import scope_in_force
from faiwatch.stats.vintages import before_last_release
from faiwatch.view import html as blocks
from faiwatch.view.charts import (
    base_trap,
    clock,
    components,
    explore,
    forecast,
    growth,
    heat_map,
    trend,
)
from faiwatch.view.charts.chart import Chart, Subject
from faiwatch.view.tables import part_name

Definition = Literal["ytd", "block", "rolling3"]
_COLUMNS = {
    ("mean", ""): "mean_pct",
    ("quantile", "0.5"): "median_pct",
    ("quantile", "0.025"): "lo95_pct",
    ("quantile", "0.1"): "lo80_pct",
    ("quantile", "0.9"): "hi80_pct",
    ("quantile", "0.975"): "hi95_pct",
    ("probability", "negative"): "negative_probability",
}


@dataclass(frozen=True)
class Series:
    """One indicator of one region, as known at a month.

    Made by :func:`faiwatch.series`. At the end of a cell it shows its verdict.

    Attributes
    ----------
    region : Region
        Its code and name.
    indicator : str
        Its name.
    as_of : str
        Month up to which figures are used, ``YYYY-MM``.
    source : Text
        Who published the figures.
    lang : {"zh", "en"}
        Language of sentences, names and charts.
    """

    region: Region
    indicator: str
    as_of: str
    source: Text
    lang: Language
    figures_known: pd.DataFrame
    figures_issued: pd.DataFrame

    @property
    def name(self) -> Text:
        """Region and indicator as they stand in a sentence."""
        label, region = indicator_named(self.indicator).label, self.region.name
        return Text(f"{region.zh}{label.zh}", f"{label.en} in {region.en}")

    @property
    def observations(self) -> pd.DataFrame:
        """The figures as published, a row a release.

        ``month`` is the last month of the window (there is no January), ``ytd_value_100m`` in
        100 million of the currency and ``ytd_yoy_pct`` in percent; NaN = not published. ``file``
        and ``row`` say where each stands.
        """
        return self._plain(self._figures)

    def growth(self, *, base_shares: Literal["none", "nation"] = "none") -> pd.DataFrame:
        """Return what the published figures imply, month by month.

        Parameters
        ----------
        base_shares : {"none", "nation"}
            Whose cumulative base turns growth without levels into growth of the single month; an
            assumption that ``block_basis`` names.

        Returns
        -------
        DataFrame
            Columns of :func:`faiwatch.stats.growth.measures` with ``month``; NaN = cannot be known
            from what is published.

        Examples
        --------
        >>> import faiwatch as fw
        >>> august = fw.series("China", as_of="2025-08").growth().iloc[-1]
        >>> float(august["ytd_yoy_pct"]), float(round(august["block_yoy_pct"], 1))
        (0.5, -7.1)
        """
        return self._plain(self._measures(base_shares))

    def flags(self) -> pd.DataFrame:
        """Return the state of every release by every definition of negative growth.

        Returns
        -------
        DataFrame
            See :func:`faiwatch.stats.negative.flags`, with ``month``.
        """
        return self._plain(self._of_series(self._flagged))

    def spells(self, *, across_years: bool = True) -> pd.DataFrame:
        """Return the spells of negative growth, with both counts: releases and months.

        Parameters
        ----------
        across_years : bool
            Whether a spell goes on over the year end.

        Returns
        -------
        DataFrame
            See :func:`faiwatch.stats.negative.runs`; ``start_month`` and ``end_month`` are
            timestamps.

        Examples
        --------
        >>> import faiwatch as fw
        >>> spells = fw.series("000000", as_of="2026-08").spells()
        >>> spells[spells["definition"] == "ytd"]["n_releases"].tolist()
        [7, 4, 5]
        """
        return self._plain(self._of_series(self._runs(across_years)))

    def contributions(self) -> pd.DataFrame:
        """Return what each part adds to the growth of the region's total, percentage points.

        Returns
        -------
        DataFrame
            See :func:`faiwatch.stats.contributions.contributions`, with ``month``. Cuts overlap
            and must not be added up across each other.
        """
        return self._plain(contributions(self._measured))

    def revisions(self) -> pd.DataFrame:
        """Return what the last release changed in figures that were known before it.

        Returns
        -------
        DataFrame
            See :func:`faiwatch.stats.revisions.figure_changes`, with ``month``; without rows
            where earlier figures were not kept.
        """
        return self._plain(self._changes.figures)

    def cycle(self, *, method: Method = "ucm") -> Cycle:
        """Return trend, phase and turning points.

        Parameters
        ----------
        method : {"ucm", "stl"}
            Unobserved components, or seasonal-trend decomposition by loess.

        Raises
        ------
        DataMissingError
            The series is too short.
        """
        modelled = model_series(self._in_scope, events=event_months(self.indicator))
        keys = (self.region.code, self.indicator)
        return cycle_of(modelled, keys=keys, method=method, looking_back=looked_back)

    def decomposition(self, *, method: Method = "ucm") -> pd.DataFrame:
        """Return the single month taken apart: observed = trend x season x rest.

        Parameters
        ----------
        method : {"ucm", "stl"}
            As for :meth:`cycle`.

        Returns
        -------
        DataFrame
            ``month state observed_100m trend_100m seasonal_pct rest_pct``; where only growth is
            published ``month state observed_pct trend_pct rest_pp`` (growth = trend + rest).

        Raises
        ------
        DataMissingError
            The series is too short.

        Examples
        --------
        >>> import faiwatch as fw
        >>> parts = fw.series("000000", as_of="2026-08").decomposition().iloc[-1]
        >>> season, rest = 1 + parts["seasonal_pct"] / 100, 1 + parts["rest_pct"] / 100
        >>> bool(abs(parts["trend_100m"] * season * rest - parts["observed_100m"]) < 0.01)
        True
        """
        return self._plain(self._parts(method))

    def forecast(self, horizon: int = SHARED_HORIZON) -> Forecast:
        """Return what comes next: one predictive distribution of sample paths.

        Parameters
        ----------
        horizon : int
            Releases ahead.

        Raises
        ------
        DataMissingError
            No growth is published.

        Examples
        --------
        >>> import faiwatch as fw
        >>> ahead = fw.series("000000", as_of="2026-08").forecast(3)
        >>> [str(month.date()) for month in ahead.table["month"]]
        ['2026-09-01', '2026-10-01', '2026-11-01']
        """
        return Forecast(self, outlook_of(self._figures, horizon=horizon))

    def target(
        self,
        growth_pct: float | None = None,
        *,
        value_100m: float | None = None,
        base_shares: Literal["none", "nation"] = "none",
    ) -> TargetStudy:
        """Return what a target for December requires of the rest of the year, and its chance.

        Parameters
        ----------
        growth_pct, value_100m : float, optional
            Growth (percent, comparable basis) or value (100 million) to reach; one of them.
            Without either it is growth of zero: turning positive.
        base_shares : {"none", "nation"}
            Whose base the year is spread by where levels are not published.
        """
        measured = measures(scope_in_force(self._figures, scope_breaks()))
        profile = base_of_year(self._nation) if base_shares == "nation" else None
        return study(
            measured,
            outlook_of(self._figures).paths,
            Target(growth_pct, value_100m),
            base_profile=profile,
            events=event_months(self.indicator),
        )

    def findings(self, *, definition: Definition = "ytd") -> Mapping[str, Finding]:
        """Return verdict and key numbers, each with formula, state and the rows it rests on.

        Parameters
        ----------
        definition : {"ytd", "block", "rolling3"}
            Which definition of negative growth the verdict speaks of.
        """
        return monitor_findings(self._facts, definition=definition)

    @property
    def verdict(self) -> Finding:
        """The one sentence to take away."""
        return self.findings()["verdict"]

    @property
    def plot(self) -> Plots:
        """Its charts: ``.plot.growth()``, ``.plot.forecast()`` and the others of :class:`Plots`."""
        return Plots(self)

    def __repr__(self) -> str:
        return self.verdict.words(self.lang)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        found = self.findings()
        return blocks.verdict_bundle(
            found["verdict"],
            lang=self.lang,
            tone=verdict_tone(self._facts, definition="ytd"),
            details=[one for name, one in found.items() if name.startswith("detail_")],
        )

    # --- what the answers rest on, as Periods -----------------------------------------------

    @cached_property
    def _figures(self) -> pd.DataFrame:
        return self._of_series(self.figures_known)

    @cached_property
    def _of_region(self) -> pd.DataFrame:
        known = self.figures_known
        return known[known["region_code"] == self.region.code].reset_index(drop=True)

    @cached_property
    def _nation(self) -> pd.DataFrame:
        known = self.figures_known
        is_total = (known["region_code"] == NATION) & (known["indicator"] == "total")
        return measures(known[is_total].reset_index(drop=True))

    @cached_property
    def _measured(self) -> pd.DataFrame:
        return measures(self._of_region, breaks=scope_breaks())

    def _measures(self, base_shares: str) -> pd.DataFrame:
        shares = None if base_shares == "none" else self._nation.set_index("period")["base_100m"]
        return measures(self._figures, base_shares=shares, breaks=scope_breaks())

    @cached_property
    def _in_scope(self) -> pd.DataFrame:
        return scope_in_force(self._of_series(self._measured), scope_breaks())

    @cached_property
    def _flagged(self) -> pd.DataFrame:
        return flags(self._measured, as_of=self.as_of)

    def _parts(self, method: Method) -> pd.DataFrame:
        modelled = model_series(self._in_scope, events=event_months(self.indicator))
        found = parts_of(fit_trend(series_in_use(modelled), method=method))
        return found.assign(region_code=self.region.code, indicator=self.indicator)

    def _runs(self, across_years: bool = True) -> pd.DataFrame:
        return runs(self._flagged, across_years=across_years, breaks=scope_breaks())

    @cached_property
    def _changes(self) -> Changes:
        issued = self.figures_issued
        issued = issued[
            (issued["region_code"] == self.region.code) & (issued["indicator"] == self.indicator)
        ]
        then = before_last_release(issued.reset_index(drop=True), self.as_of)
        return changes_between(then, self._of_series(self._measured))

    @cached_property
    def _facts(self) -> Facts:
        return series_of(
            (self._measured, self._flagged, self._runs()),
            region_code=self.region.code,
            indicator=self.indicator,
            name=self.name,
            as_of=self.as_of,
        )

    def _of_series(self, table: pd.DataFrame) -> pd.DataFrame:
        is_ours = (table["region_code"] == self.region.code) & (
            table["indicator"] == self.indicator
        )
        return table[is_ours].reset_index(drop=True)

    def _plain(self, table: pd.DataFrame) -> pd.DataFrame:
        return plain_frame(table, lang=self.lang)

    @property
    def _subject(self) -> Subject:
        return Subject(
            self.lang,
            self.region.name.in_language(self.lang),
            indicator_named(self.indicator).label.in_language(self.lang),
            self.source.in_language(self.lang),
            self.as_of,
        )

    @property
    def _breaks(self) -> pd.DataFrame:
        concerned = [
            one for one in scope_breaks() if one.concerns(self.region.code, self.indicator)
        ]
        return pd.DataFrame(
            {
                "period": pd.PeriodIndex([one.period for one in concerned], freq="M"),
                "label": [one.what.in_language(self.lang) for one in concerned],
            }
        )


def open_series(
    source: DataSource, region: str, indicator: str, *, as_of: str, lang: Language
) -> Series:
    """Return a series of a region by code and an indicator by name or label."""
    known = known_figures(source, [region], as_of, indicator=indicator)
    name = indicator_asked(indicator, list(known.figures["indicator"].unique()))
    named = region_named(region)
    return Series(named, name, known.as_of, source.publisher, lang, known.figures, known.issued)


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

    def growth(self, *, months: int = 96) -> Chart:
        """Draw published year-to-date growth, negative spells shaded."""
        one = self.series
        return growth.ytd_growth(
            one._facts.flagged,
            subject=one._subject,
            runs=one._facts.runs,
            breaks=one._breaks,
            months=months,
        )

    def single_month(self, *, months: int = 48) -> Chart:
        """Implied growth of the single month, with what rounding leaves open."""
        one = self.series
        return growth.block_growth(
            one._facts.flagged, subject=one._subject, breaks=one._breaks, months=months
        )

    def parts(self) -> Chart:
        """Growth of the parts of the region's total."""
        one = self.series
        others = one._flagged[one._flagged["indicator"] != one.indicator]
        return components.component_growth(
            others, subject=one._subject, names=self._names(one._measured["indicator"].unique())
        )

    def contributions(self, cut: Literal["sectors", "real_estate"] = "sectors") -> Chart:
        """Draw what each part adds to growth, by one cut of the total."""
        one = self.series
        parts = {"sectors": SECTORS, "real_estate": REAL_ESTATE_CUT}[cut]
        return components.contributions(
            contributions(one._measured),
            subject=one._subject,
            parts=parts,
            names=self._names(parts),
            total_yoy_pct=one._facts.measured.set_index("period")["ytd_yoy_pct"],
        )

    def levels_trap(self, *, months: int = 240) -> Chart:
        """Why the ratio of published levels is not growth."""
        return base_trap.base_trap(
            self.series._facts.measured, subject=self.series._subject, months=months
        )

    def base_revisions(self) -> Chart:
        """How far last year's base was revised."""
        return base_trap.revisions(self.series._facts.measured, subject=self.series._subject)

    def trend(self, *, method: Method = "ucm") -> Chart:
        """Trend growth with its band."""
        one = self.series
        return trend.trend_growth(
            one.cycle(method=method), one._in_scope, subject=one._subject, breaks=one._breaks
        )

    def clock(self, *, method: Method = "ucm") -> Chart:
        """Draw the growth cycle as a clock of four phases."""
        return clock.clock(self.series.cycle(method=method), subject=self.series._subject)

    def seasons(self, *, method: Method = "ucm") -> Chart:
        """How much of a year each month carries."""
        return clock.season_shares(self.series.cycle(method=method), subject=self.series._subject)

    def heat_map(self, *, definition: Definition = "block", months: int = 132) -> Chart:
        """Growth by year and month, as a heat map."""
        one = self.series
        return heat_map.season_map(
            one._facts.flagged, subject=one._subject, definition=definition, months=months
        )

    def decomposition(self, *, method: Method = "ucm", months: int = 180) -> Chart:
        """Trend, season and rest, one band over the other."""
        one = self.series
        return explore.decomposed(one._parts(method), subject=one._subject, months=months)

    def distribution(self, *, definition: Definition = "ytd", months: int = 360) -> Chart:
        """How often growth lay in which range, and where the latest release stands."""
        one = self.series
        return explore.distribution(
            one._facts.flagged, subject=one._subject, definition=definition, months=months
        )

    def forecast(self, horizon: int = SHARED_HORIZON) -> Chart:
        """Draw published growth and the fan of what comes next."""
        one = self.series
        ahead = one.forecast(horizon)._outlook
        return forecast.fan(
            ahead.measured,
            ahead.paths,
            subject=one._subject,
            events=sorted(event_months(one.indicator)),
            breaks=one._breaks,
        )

    def _names(self, indicators: object) -> dict[str, str]:
        return {name: part_name(name).in_language(self.series.lang) for name in indicators}  # type: ignore[attr-defined]


@dataclass(frozen=True, repr=False)
class Forecast:
    """What comes next in one series. Everything comes from the same sample paths.

    Attributes
    ----------
    series : Series
        Of what.
    """

    series: Series
    _outlook: Outlook

    @property
    def rows(self) -> pd.DataFrame:
        """The forecast record: one value a row, of every target, quantile and probability.

        See :func:`faiwatch.forecast.rows.forecast_rows`, with ``month``.
        """
        return plain_frame(self._rows, lang=self.series.lang)

    @property
    def table(self) -> pd.DataFrame:
        """Published growth of the releases to come, percent, a row a release.

        ``month horizon mean_pct median_pct lo95_pct lo80_pct hi80_pct hi95_pct
        negative_probability``; the probability is NaN where none is told.
        """
        of_growth = self._rows[self._rows["target"] == "ytd_yoy_pct"]
        wide = of_growth.pivot(
            index=["period", "horizon"], columns=["output_type", "output_type_id"], values="value"
        ).reindex(columns=pd.MultiIndex.from_tuples(list(_COLUMNS)))
        return plain_frame(
            wide.set_axis(list(_COLUMNS.values()), axis="columns").reset_index(),
            lang=self.series.lang,
        )

    @property
    def paths(self) -> pd.DataFrame:
        """The sample paths of published growth, percent: a row a path, a column a release."""
        found = self._outlook.paths
        return pd.DataFrame(found.ytd_yoy_pct, columns=found.periods.astype(str))

    @property
    def chart(self) -> Chart:
        """Published growth and the fan of what comes next."""
        return self.series.plot.forecast(len(self._outlook.paths.periods))

    def __repr__(self) -> str:
        return repr(self.chart)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return self.chart._repr_mimebundle_()

    @property
    def _rows(self) -> pd.DataFrame:
        found = self._outlook
        key = (self.series.region.code, self.series.indicator)
        return forecast_rows(found.paths, key=key, model=model_of(found.paths, POOL))
