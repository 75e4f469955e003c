"""What comes next in one series, as an analyst holds it and as page ``04_forecast`` shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from faiwatch.data.events import event_months
from faiwatch.data.frames import plain_frame
from faiwatch.forecast.change import CHANGE_COLUMNS, forecast_change
from faiwatch.forecast.probability import full_year_negative
from faiwatch.forecast.prospect import Prospect
from faiwatch.forecast.target.tables import scenario_growth
from faiwatch.forecast.track_record import CHOSEN, errors_by_horizon, reliability_table
from faiwatch.page.known import refuse_months
from faiwatch.page.plots import Plots
from faiwatch.page.shown import Withheld
from faiwatch.stats.scopes import scope_in_force
from faiwatch.view.charts import forecast, scenario, track_record
from faiwatch.view.charts.chart import Chart

if TYPE_CHECKING:
    from faiwatch.page.series import Series

_COLUMNS = {
    ("mean", ""): "mean_pct",
    ("quantile", "0.5"): "median_pct",
    ("quantile", "0.025"): "lo95_pct",
    ("quantile", "0.1"): "lo80_pct",
    ("quantile", "0.9"): "hi80_pct",
    ("quantile", "0.975"): "hi95_pct",
    ("probability", "negative"): "negative_probability",
}


@dataclass(frozen=True, repr=False)
class Forecast:
    """What comes next in one series. Everything comes from the same sample paths.

    Made by ``fw.series(...).forecast()``. At the end of a cell it draws its fan.

    Attributes
    ----------
    series : Series
        Of what.
    prospect : Prospect
        What findings and tables of page ``04_forecast`` are made from.
    """

    series: Series
    prospect: Prospect

    @property
    def rows(self) -> pd.DataFrame:
        """The forecast record: one value a row, of every target, quantile and probability.

        See :func:`faiwatch.forecast.rows.forecast_rows`, with ``month``.
        """
        return plain_frame(self.prospect.rows(), lang=self.series.lang)

    @property
    def table(self) -> pd.DataFrame:
        """Published growth of the releases to come, percent, a row a release.

        ``month horizon mean_pct median_pct lo95_pct lo80_pct hi80_pct hi95_pct
        negative_probability``; the probability is NaN where none is told.
        """
        rows = self.prospect.rows()
        of_growth = rows[rows["target"].isin(["ytd_yoy_pct", "yoy_pct"])]
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
        found = self.prospect.paths
        return pd.DataFrame(found.ytd_yoy_pct, columns=found.periods.astype(str))

    @property
    def targets(self) -> pd.DataFrame:
        """The best simple method for each release, its past error beside ours, and which is used.

        ``month target horizon n error_pp simple simple_error_pp used simple_pct``: mean absolute
        errors in percentage points on the same past forecasts, see
        :func:`faiwatch.forecast.simple.judged`.
        """
        return self._plain(self.prospect.judged.drop(columns="spread"))

    @property
    def record(self) -> pd.DataFrame:
        """What would have been forecast at each earlier release, beside what came.

        See :func:`faiwatch.forecast.cached.track_record_of`.
        """
        return self.prospect.record

    @property
    def news(self) -> pd.DataFrame:
        """What the last release did to the forecast of the full year, by cause.

        ``month step forecast_pct effect_pp``, a row for each step from the forecast before the
        last release (``then``) by ``revised`` data, ``new`` data and the ``model`` to that of
        ``now``; effects add up to the whole change, see
        :func:`faiwatch.forecast.change.forecast_change`. ``.plot.news()`` draws it. Without rows
        where nothing was known before, and of a monthly indicator, whose December is no full year.

        Examples
        --------
        >>> import faiwatch as fw
        >>> news = fw.series("Shaanxi", as_of="2026-06").forecast().news
        >>> news["step"].tolist()
        ['then', 'revised', 'new', 'model', 'now']
        >>> change = news["forecast_pct"].iloc[-1] - news["forecast_pct"].iloc[0]
        >>> bool(abs(news["effect_pp"].sum() - change) < 1e-9)
        True
        """
        return self._plain(self.changed)

    def scenario(self, rest: float) -> pd.DataFrame:
        """Return what becomes of the year if each month left grows by so much.

        Neither a forecast nor a figure to report. The year's own set of scenarios, from the middle
        of the forecast to the best of history, is ``fw.series(...).target().scenarios``;
        ``.plot.scenario()`` is the same arithmetic with a slider.

        Parameters
        ----------
        rest : float
            Growth of each single month after the last release, percent on a year earlier.

        Returns
        -------
        DataFrame
            ``month scenario_rest_yoy_pct scenario_ytd_yoy_pct scenario_value_100m``, with region
            and indicator; a row for each release of the year still to come. Value and growth are
            on the comparable base; NaN where that is not known. Without rows after December.

        Raises
        ------
        ParameterError
            The indicator is monthly.

        Examples
        --------
        >>> import faiwatch as fw
        >>> year = fw.series("000000", as_of="2026-08").forecast().scenario(0.0)
        >>> len(year), bool(year["scenario_ytd_yoy_pct"].is_monotonic_increasing)
        (4, True)
        """
        refuse_months("scenario", [self.series.indicator])
        year = self.series.target().year
        growth = scenario_growth(year, rest)
        value = year.base[year.is_open] if year.has_value else float("nan")
        told = pd.DataFrame(
            {
                "period": year.periods[year.is_open],
                "scenario_rest_yoy_pct": float(rest),
                "scenario_ytd_yoy_pct": growth,
                "scenario_value_100m": value * (1 + growth / 100),
            }
        )
        return self._plain(told)

    @property
    def plot(self) -> ForecastPlots:
        """Its charts: ``fan news scenario chances errors reliability``, and those of its series."""
        return ForecastPlots(self.series, self)

    @property
    def chart(self) -> Chart:
        """Published growth and the fan of what comes next."""
        return self.plot.fan()

    def __repr__(self) -> str:
        return repr(self.chart)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return self.chart._repr_mimebundle_()

    @cached_property
    def changed(self) -> pd.DataFrame:
        """The rows of :meth:`news` as Periods; the page saves these."""
        one, whole = self.series, self.prospect
        if not one.calendar.is_cumulative:  # a December is no full year
            return pd.DataFrame(columns=CHANGE_COLUMNS)
        if (year := full_year_negative(whole.paths)) is None:  # asked for less far than that
            whole = one.prospect(models=",".join(whole.asked))
            year = full_year_negative(whole.paths)
        assert year is not None  # a year on is behind any December
        judged = whole.judged
        used = judged.loc[(judged["period"] == year[0]) & (judged["used"] != CHOSEN), "used"]
        return forecast_change(
            scope_in_force(one.known.before_last_release(one.figures)),
            scope_in_force(one.figures),
            period=year[0],
            events=sorted(event_months(one.indicator)),
            names=whole.used,
            simple=next(iter(used), ""),
        )

    def _plain(self, table: pd.DataFrame) -> pd.DataFrame:
        one = self.series
        keyed = table.assign(region_code=one.region.code, indicator=one.indicator)
        return plain_frame(keyed, lang=one.lang)


@dataclass(frozen=True)
class ForecastPlots(Plots):
    """The charts of a forecast that was held against its track record."""

    ahead: Forecast

    def news(self) -> Chart:
        """Draw what the last release did to the forecast of the full year, by cause."""
        return forecast.news(self.ahead.changed, key=self._key, subject=self.series.subject)

    def scenario(self) -> Chart | Withheld:
        """Set growth of the rest of the year, and see what becomes of the year to date."""
        one = self.series
        if not one.calendar.is_cumulative:
            return Withheld()
        study = one.target()
        subject = replace(one.subject, as_of=str(study.year.origin))
        return scenario.sliders(study, one.target_basis, subject=subject)

    def fan(self) -> Chart:
        """Draw published growth and the fan of what comes next."""
        return self.fan_of(self.ahead.prospect)

    def chances(self) -> Chart:
        """How likely each release is negative."""
        found = self.ahead.prospect.probabilities
        return forecast.negative_chances(found, key=self._key, subject=self.series.subject)

    def errors(self) -> Chart:
        """Past errors by horizon, beside the baselines."""
        found = errors_by_horizon(self.ahead.prospect.record)
        return track_record.errors(found, key=self._key, subject=self.series.subject)

    def reliability(self) -> Chart:
        """Of what was called likely, how much happened."""
        found = reliability_table(self.ahead.prospect.record)
        return track_record.reliability(found, key=self._key, subject=self.series.subject)

    @property
    def _key(self) -> tuple[str, str]:
        return self.series.region.code, self.series.indicator
