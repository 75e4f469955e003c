"""The page ``04_forecast``: what comes next, how good this was before, and why it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from faiwatch.core.finding import Finding, Tone
from faiwatch.core.phrases import say
from faiwatch.data.events import event_months, events
from faiwatch.data.reference import EVERY_INDICATOR, breaks_of
from faiwatch.data.schema import KEYS
from faiwatch.forecast.prospect import Prospect, prospect_findings, prospect_tone
from faiwatch.forecast.record_findings import (
    ERROR_NUMBERS,
    change_findings,
    record_findings,
    record_tables,
    simple_findings,
)
from faiwatch.page.ahead import Forecast, ForecastPlots
from faiwatch.page.page import SeriesPage
from faiwatch.page.parameters import ForecastParameters
from faiwatch.page.shown import Block, Numbers, Verdict
from faiwatch.view import html as blocks
from faiwatch.view.tables import Table
from faiwatch.view.tables.forecast import (
    change_table,
    forecast_table,
    horizon_table,
    left_out_table,
    models_table,
    ranges_table,
    targets_table,
    turns_table,
)

_SUMMARY = ("detail_simple", "detail_change")
_RECORD = ("detail_record", "detail_model")
LEFT_OUT_COLUMNS = ["period", "what_zh", "what_en", "effect_zh", "effect_en"]


@dataclass(frozen=True)
class ForecastPage(SeriesPage):
    """What comes next in one indicator, and whether to believe it."""

    parameters: ForecastParameters

    notebook = "04_forecast"
    takes_months = True

    @cached_property
    def ahead(self) -> Forecast:
        """The forecast, as :func:`faiwatch.series` hands it out too."""
        asked = self.parameters
        return self.series.forecast(asked.horizon, models=asked.models)

    @property
    def prospect(self) -> Prospect:
        """The forecast with its track record."""
        return self.ahead.prospect

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """What comes next, how good the method was, and why the forecast changed."""
        return {
            **self._prospects,
            **simple_findings(self.prospect),
            **record_findings(self.prospect, events=self._events),
            **change_findings(self.prospect, self.ahead.changed),
        }

    @property
    def key_numbers(self) -> list[str]:  # type: ignore[override]
        """What is told of the releases to come."""
        return [name for name in self._prospects if name not in {"verdict", "outlook"}]

    @property
    def tone(self) -> Tone:
        """Whether the next release is likely to be negative."""
        return prospect_tone(self.prospect)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The forecast, its track record, and why it changed."""
        return {
            "forecasts": self.prospect.rows(),
            "track_record": self.prospect.record,
            "forecast_change": self.ahead.changed,
            "targets": self.prospect.judged,
            **record_tables(self.prospect, events=self._events),
        }

    @property
    def plot(self) -> ForecastPlots:
        """The charts: those of the forecast, and of :func:`faiwatch.series`."""
        return self.ahead.plot

    def verdict(self) -> Verdict:
        """Return the sentence to take away, how it compares, and why it changed.

        What past errors were, and the model in full, are told in the annex by :meth:`record`.
        """
        told, found = super().verdict(), self.findings
        return replace(
            told, details=[found[name] for name in _SUMMARY if found[name].state != "missing"]
        )

    def record(self) -> Block:
        """Return how good the forecast was before, and by which model it is made."""
        words = [self.findings[name].words(self.lang) for name in _RECORD]
        return Block(blocks.note(words, lang=self.lang), "\n".join(words))

    def error_numbers(self) -> Numbers:
        """Return past errors and the share of ranges that held, beside the baselines."""
        return self.numbers(*ERROR_NUMBERS)

    def releases(self) -> Table:
        """Return the forecast of each release to come."""
        return self.table(forecast_table(self.prospect, lang=self.lang))

    def targets(self) -> Table:
        """Return the best simple method for each target, and whether the forecast beats it."""
        return self.table(targets_table(self.prospect, lang=self.lang))

    def changes(self) -> Table:
        """Return what revised and new figures, and the model, did to the forecast."""
        return self.table(change_table(self.ahead.changed, lang=self.lang))

    def errors(self) -> Table:
        """Return past errors by horizon, beside the baselines."""
        record, calendar = self.prospect.record, self.series.calendar
        return self.table(horizon_table(record, lang=self.lang, calendar=calendar))

    def ranges(self) -> Table:
        """Return how often past ranges held what came."""
        return self.table(ranges_table(self.prospect.record, lang=self.lang))

    def models(self) -> Table:
        """Return the models and their weights."""
        return self.table(models_table(self.prospect, lang=self.lang))

    def warnings(self) -> Table:
        """Return when growth turned negative, and whether a warning came before."""
        record, calendar = self.prospect.record, self.series.calendar
        table = turns_table(record, events=self._events, lang=self.lang, calendar=calendar)
        return self.table(table)

    def left_out(self) -> Table:
        """Return the releases that the fit leaves out, and where the scope changed."""
        return self.table(left_out_table(left_out(self.prospect), lang=self.lang))

    @cached_property
    def _prospects(self) -> dict[str, Finding]:
        return prospect_findings(self.prospect)

    @property
    def _events(self) -> list[str]:
        return sorted(event_months(self.series.indicator))


def left_out(prospect: Prospect) -> pd.DataFrame:
    """Return the releases that the fit leaves out, and where the scope changed, with reasons.

    Returns
    -------
    DataFrame
        :data:`LEFT_OUT_COLUMNS`: what happened and what the models do about it, in both
        languages; only of the months that the series reaches.
    """
    region, indicator = prospect.measured[KEYS].iloc[0]
    rows = []
    for one in events():
        if one.indicator in {EVERY_INDICATOR, indicator}:
            rows.append((one.period, one.what, say("page.forecast.not_fitted")))
            if prospect.series.basis == "published_growth":
                later = str(pd.Period(one.period, "M") + 12)
                rows.append((later, one.what, say("page.forecast.base_not_fitted")))
    cut, chained = say("page.forecast.cut"), say("page.forecast.chained")
    rows += [
        (change.period, change.what, cut if change.divides else chained)
        for change in breaks_of(region, indicator)
    ]
    months = prospect.measured["period"].astype(str)
    return pd.DataFrame(
        [
            (period, what.zh, what.en, effect.zh, effect.en)
            for period, what, effect in sorted(rows, key=lambda row: row[0])
            if months.min() <= period <= months.max()
        ],
        columns=LEFT_OUT_COLUMNS,
    )
