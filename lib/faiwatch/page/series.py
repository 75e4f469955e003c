"""One series as an analyst holds it: figures, what they imply, what comes next, and its charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from faiwatch.core.finding import Finding
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.calendars import Calendar
from faiwatch.data.events import event_months
from faiwatch.data.frames import plain_frame, without_ytd
from faiwatch.data.parameter_types import MODEL_ENSEMBLE, NONE
from faiwatch.data.reference import indicator_named, scope_breaks
from faiwatch.data.regions import Region, region_named
from faiwatch.data.source import DataSource
from faiwatch.forecast.cached import SHARED_HORIZON, looked_back, outlook_of, track_record_of
from faiwatch.forecast.cycle import Cycle, cycle_of
from faiwatch.forecast.members.members import PLAIN, names_of
from faiwatch.forecast.prospect import Prospect
from faiwatch.forecast.series import model_series
from faiwatch.forecast.simple import judged, simple_forecasts, with_simple
from faiwatch.forecast.target.position import Target, base_of_year
from faiwatch.forecast.target.tables import TargetStudy, study
from faiwatch.forecast.track_record import is_beaten_by_seasonal_naive
from faiwatch.forecast.trend import Method, fit_trend, parts_of, series_in_use
from faiwatch.page.ahead import Forecast
from faiwatch.page.known import Known, indicator_asked, known_figures, lender_code, refuse_months
from faiwatch.page.plots import Plots
from faiwatch.stats.base_profile import measures_with_profile
from faiwatch.stats.contributions import contributions
from faiwatch.stats.growth import measures
from faiwatch.stats.monitor import Series as Facts
from faiwatch.stats.monitor import monitor_findings, series_of, verdict_tone
from faiwatch.stats.negative import flags, runs
from faiwatch.stats.revisions import Changes, changes_between, figure_changes
from faiwatch.stats.scopes import scope_in_force, scope_marks
from faiwatch.stats.spell import Definition
from faiwatch.view import html as blocks
from faiwatch.view.charts.chart import Subject


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
    lang : {"zh", "en"}
        Language of sentences, names and charts.
    known : Known
        The figures that it may use.
    indicators : str
        Which indicators of the region stand beside it as parts: ``all``, or names.
    base_shares : str
        Whose cumulative base turns growth without levels into growth of the single month:
        ``none``, ``nation``, or the code of a region whose levels the data have.
    across_years : bool
        Whether a spell goes on over the year end.
    """

    region: Region
    indicator: str
    lang: Language
    known: Known
    indicators: str = "all"
    base_shares: str = NONE
    across_years: bool = True

    @property
    def as_of(self) -> str:
        """Month up to which figures are used, ``YYYY-MM``."""
        return self.known.as_of

    @property
    def calendar(self) -> Calendar:
        """When it is released, and what a release covers."""
        return indicator_named(self.indicator).calendar

    @property
    def source(self) -> Text:
        """Who published the figures, and by which copies they came here."""
        return self.known.source_words([self.region.code], [self.indicator])

    @property
    def name(self) -> Text:
        """Region and indicator as they stand in a sentence."""
        label, region = indicator_named(self.indicator).label, self.region.name
        return say("page.series.in_region", region=region, label=label)

    @property
    def observations(self) -> pd.DataFrame:
        """The figures as published, a row a release.

        ``month`` is the last month of the window (there is no January), ``ytd_value_100m`` in
        100 million of the currency and ``ytd_yoy_pct`` in percent; NaN = not published. ``file``
        and ``row`` say where each stands.
        """
        return self._plain(self.figures)

    def growth(self, *, base_shares: str | None = None) -> pd.DataFrame:
        """Return what the published figures imply, month by month.

        Parameters
        ----------
        base_shares : str, optional
            Whose cumulative base turns growth without levels into growth of the single month and
            of three releases: ``"nation"``, or a region whose levels the data have. It is an
            assumption, which ``block_basis`` names and for which the band is wider. By default
            what the series was made with: none.

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
        one = self if base_shares is None else replace(self, base_shares=base_shares)
        return self._plain(one.facts.measured)

    def flags(self) -> pd.DataFrame:
        """Return the state of every release by every definition of negative growth.

        Returns
        -------
        DataFrame
            See :func:`faiwatch.stats.negative.flags`, with ``month``.
        """
        return self._plain(self.facts.flagged)

    def spells(self, *, across_years: bool | None = None) -> pd.DataFrame:
        """Return the spells of negative growth, with both counts: releases and months.

        Parameters
        ----------
        across_years : bool, optional
            Whether a spell goes on over the year end; by default it does.

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
        one = self if across_years is None else replace(self, across_years=across_years)
        return self._plain(one.facts.runs)

    def contributions(self) -> pd.DataFrame:
        """Return what each part adds to the growth of the region's total, percentage points.

        Returns
        -------
        DataFrame
            See :func:`faiwatch.stats.contributions.contributions`, with ``month``. Cuts overlap
            and must not be added up across each other.
        """
        return self._plain(self.parts)

    def revisions(self) -> pd.DataFrame:
        """Return what the last release changed in figures that were known before it.

        Returns
        -------
        DataFrame
            See :func:`faiwatch.stats.revisions.figure_changes`, with ``month``; without rows
            where earlier figures were not kept.
        """
        then = self.known.before_last_release(self.figures)
        return self._plain(figure_changes(then, self.figures))

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
        refuse_months("cycle", [self.indicator])
        if method not in self._cycles:
            modelled = model_series(self.in_scope, events=event_months(self.indicator))
            keys = (self.region.code, self.indicator)
            self._cycles[method] = cycle_of(
                modelled, keys=keys, method=method, looking_back=looked_back
            )
        return self._cycles[method]

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

    def forecast(self, horizon: int = SHARED_HORIZON, *, models: str = MODEL_ENSEMBLE) -> Forecast:
        """Return what comes next: one predictive distribution of sample paths.

        Parameters
        ----------
        horizon : int
            Releases ahead.
        models : str
            As for :meth:`prospect`.

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
        return Forecast(self, self.prospect(horizon=horizon, models=models))

    def prospect(self, *, horizon: int = SHARED_HORIZON, models: str = MODEL_ENSEMBLE) -> Prospect:
        """Return what comes next, and how good such a forecast was before.

        Parameters
        ----------
        horizon : int
            Releases ahead.
        models : str
            ``ensemble``, or names of members separated by commas. What is no better than seasonal
            naive on this series, by its track record, is replaced by seasonal naive; at a target
            for which a simple method is better, that is used
            (:func:`faiwatch.forecast.simple.judged`).

        Raises
        ------
        DataMissingError
            The series has no figure, or no growth is published.
        """
        what = ("prospect", self.region.code, self.indicator, horizon, models)
        return self.known.once(what, lambda: self._prospect(horizon, models))

    def _prospect(self, horizon: int, models: str) -> Prospect:
        figures, known, asked = self.figures, self.known, names_of(models)
        vintages = known.issued_of(figures) if known.source.keeps_vintages else None
        tracked = record = track_record_of(figures, vintages=vintages, names=asked)
        used = PLAIN[:1] if is_beaten_by_seasonal_naive(tracked) else asked
        if used != asked:
            record = track_record_of(figures, vintages=vintages, names=used)
        found = outlook_of(figures, horizon=horizon, names=used)
        simple = simple_forecasts(found.measured, found.series, horizon=horizon)
        events = event_months(self.indicator)
        best = judged(record, simple, found.paths.periods, events, self.calendar)
        paths = with_simple(found.paths, found.series, best)
        return Prospect(
            self.name, found.measured, found.series, paths, record, tracked, asked, used,
            self.as_of, best,
        )  # fmt: skip

    def target(
        self,
        growth_pct: float | None = None,
        *,
        value_100m: float | None = None,
        base_shares: str | None = None,
    ) -> TargetStudy:
        """Return what a target for December requires of the rest of the year, and its chance.

        Parameters
        ----------
        growth_pct, value_100m : float, optional
            Growth (percent, comparable basis) or value (100 million) to reach; one of them.
            Without either it is growth of zero: turning positive.
        base_shares : str, optional
            Whose base the year is spread by where levels are not published, as for
            :meth:`growth`; by default none.
        """
        refuse_months("target", [self.indicator])
        one = self if base_shares is None else replace(self, base_shares=base_shares)
        lender = one.lender
        profile = None if lender is None else base_of_year(lender)
        return study(
            self.target_basis,
            self.prospect().paths,
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
        return monitor_findings(self.facts, definition=definition)

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
            tone=verdict_tone(self.facts, definition="ytd"),
            details=[one for name, one in found.items() if name.startswith("detail_")],
        )

    # --- what the answers rest on, as Periods; pages save these ------------------------------

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The figures as published."""
        return self.known.of([self.region.code], self.indicator)

    @cached_property
    def measured(self) -> pd.DataFrame:
        """Measures of every indicator of the region that is looked at."""
        figures, lender = self.known.of([self.region.code], self.indicators), self.lender
        subject = indicator_named(self.indicator).subject
        names = figures["indicator"]  # parts of one whole, and of no other
        is_of_it = names.map(
            {one: indicator_named(one).subject == subject for one in names.unique()}
        )
        figures = figures[is_of_it].reset_index(drop=True)
        if lender is None:
            return measures(figures, breaks=scope_breaks())
        base = lender.set_index("period")["base_100m"]
        return measures_with_profile(figures, base, breaks=scope_breaks())

    @cached_property
    def lender(self) -> pd.DataFrame | None:
        """Measures of whose base is borrowed, to the end of the year of the last figure."""
        code = lender_code(self.base_shares)
        if code == NONE:
            return None
        found = self.known.lender(code)
        last_year = pd.Period(self.known.reached, "M").year
        until: pd.DataFrame = found[found["period"].dt.year <= last_year]
        return until

    @cached_property
    def flagged(self) -> pd.DataFrame:
        """Their flags."""
        return flags(self.measured, as_of=self.as_of)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Their spells of negative growth."""
        return runs(self.flagged, across_years=self.across_years, breaks=scope_breaks())

    @cached_property
    def parts(self) -> pd.DataFrame:
        """What each adds to growth."""
        return contributions(self.measured, total=indicator_named(self.indicator).subject)

    @cached_property
    def changes(self) -> Changes:
        """What the last release of any of them changed."""
        then = self.known.before_last_release(self.measured)
        found = changes_between(then, self.measured, across_years=self.across_years)
        return replace(found, flags=without_ytd(found.flags), verdict=without_ytd(found.verdict))

    def _parts(self, method: Method) -> pd.DataFrame:
        modelled = model_series(self.in_scope, events=event_months(self.indicator))
        found = parts_of(fit_trend(series_in_use(modelled), method=method))
        return found.assign(region_code=self.region.code, indicator=self.indicator)

    @cached_property
    def facts(self) -> Facts:
        """Measures, flags and spells of the series itself."""
        return series_of(
            (self.measured, self.flagged, self.runs),
            region_code=self.region.code,
            indicator=self.indicator,
            name=self.name,
            as_of=self.as_of,
        )

    @cached_property
    def in_scope(self) -> pd.DataFrame:
        """Measures of the series since its scope is what it is now."""
        return scope_in_force(self.facts.measured)

    @cached_property
    def target_basis(self) -> pd.DataFrame:
        """Measures that a target rests on: of figures in today's scope alone."""
        return measures(scope_in_force(self.figures))

    @property
    def subject(self) -> Subject:
        """What its charts are about."""
        return self._subject(self.source)

    @property
    def subject_of_parts(self) -> Subject:
        """The same for charts that show its parts: their source line is that of all."""
        return self._subject(self.known.source_words([self.region.code]))

    def _subject(self, source: Text) -> Subject:
        return Subject(
            self.lang,
            self.region.name.in_language(self.lang),
            indicator_named(self.indicator).label.in_language(self.lang),
            source.in_language(self.lang),
            self.known.reached,
            self.calendar,
        )

    @property
    def breaks(self) -> pd.DataFrame:
        """Its changes of scope: ``period`` and ``label``."""
        return scope_marks(self.region.code, self.indicator, self.lang)

    @cached_property
    def _cycles(self) -> dict[str, Cycle]:
        return {}

    def _plain(self, table: pd.DataFrame) -> pd.DataFrame:
        return plain_frame(table, lang=self.lang)


def open_series(
    source: DataSource, region: str, indicator: str, *, as_of: str, lang: Language
) -> Series:
    """Return a series of a region by code and an indicator by name or label."""
    known = known_figures(source, [region], as_of, indicator=indicator)
    name = indicator_asked(indicator, list(known.of([region])["indicator"].unique()))
    return Series(region_named(region), name, lang, known)
