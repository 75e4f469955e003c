"""The cycle of one series: its trend by both methods, its turning points, and how sure they are.

Method pages: ``docs/methods/trend.md`` and ``docs/methods/turning-points.md``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from faiwatch.core.phrases import texts_of
from faiwatch.data.schema import KEYS
from faiwatch.forecast.phases import CHANGE_OVER, phases
from faiwatch.forecast.series import ModelSeries
from faiwatch.forecast.trend import (
    BAND,
    METHODS,
    LookBack,
    Method,
    Ratio,
    Trend,
    fit_trend,
    look_back,
    season_ratios,
    series_in_use,
    trend_table,
)
from faiwatch.forecast.turning_points import turning_points
from faiwatch.stats.cumulative import RELEASES_A_YEAR, Array, release_periods

TURNS = texts_of("forecast.words_turns")
_PROVISIONAL = RELEASES_A_YEAR


@dataclass(frozen=True, slots=True)
class LastTurn:
    """How the last turning point of trend growth came to be known (pseudo-real-time).

    Attributes
    ----------
    period : Period
        Its month as dated today.
    found_at : Period
        Last release that was known when it was first found.
    first_dated : Period
        Its month as dated then.
    found_after, moved : int
        Releases from the turn to `found_at`, and from `first_dated` to `period`.
    """

    period: pd.Period
    found_at: pd.Period
    first_dated: pd.Period
    found_after: int
    moved: int


@dataclass(frozen=True, slots=True)
class DirectionRecord:
    """How well the direction of trend growth was told at past releases (pseudo-real-time).

    Attributes
    ----------
    n_judged : int
        Releases with five years before them and two after.
    share_stood : float
        Share of them whose direction told then is the one told today; NaN without any.
    error_pp : float
        Change over three releases told then against today's: what four of five errors stay
        within; NaN without any.
    revisions_pp : tuple of float
        How far trend growth told then lay from the one of today (absolute): median, what four of
        five stay within, and the largest; NaN without any.
    table : DataFrame
        ``period told_pp stands_pp growth_told_pct growth_stands_pct``: each release judged, the
        change over three releases told then and the one told today, and trend growth likewise.
    """

    n_judged: int
    share_stood: float
    error_pp: float
    revisions_pp: tuple[float, float, float]
    table: pd.DataFrame

    def is_clear(self, change_pp: float) -> bool:
        """Whether a change is larger than the usual error, so that its sign may be called."""
        return abs(change_pp) > self.error_pp


@dataclass(frozen=True, slots=True)
class Cycle:
    """Everything that the page says of one series.

    Attributes
    ----------
    method : {"ucm", "stl"}
        The method that the page speaks by.
    trends : DataFrame
        Trend, long-run pace, change and phase by both methods.
    turns : DataFrame
        Turning points by both methods, see :func:`turns_of`.
    widening : float
        By how much the band was widened.
    direction : DirectionRecord
        How well rising and falling were told in the past.
    last_turn : LastTurn or None
        How the last turn by unobserved components came to be known.
    ratios : DataFrame
        ``ratio weight growth_pct lo_pct hi_pct``: what each ratio of the season's variance would
        say of the latest release (:func:`faiwatch.forecast.trend.season_ratios`).
    """

    method: Method
    trends: pd.DataFrame
    turns: pd.DataFrame
    widening: float
    direction: DirectionRecord
    last_turn: LastTurn | None
    ratios: pd.DataFrame

    @property
    def found_table(self) -> pd.DataFrame:
        """How the last turn came to be known as a table of one row, or of none."""
        known = [] if self.last_turn is None else [self.last_turn]
        return pd.DataFrame(known, columns=[one.name for one in dataclasses.fields(LastTurn)])

    def trend_by(self, method: Method) -> pd.DataFrame:
        """Return the trend by one method."""
        return self.trends[self.trends["method"] == method].reset_index(drop=True)

    def turns_by(self, method: Method, series: str = "growth") -> pd.DataFrame:
        """Return the turning points of trend growth, or of the trend ``level``, by one method."""
        is_it = (self.turns["method"] == method) & (self.turns["series"] == series)
        return self.turns[is_it].reset_index(drop=True)

    @property
    def has_level(self) -> bool:
        """Whether levels are published, so that there is a trend level and a season."""
        return bool(self.trends["trend_100m"].notna().any())


def cycle_of(
    series: ModelSeries,
    *,
    keys: tuple[str, str],
    method: Method = "ucm",
    looking_back: Callable[..., LookBack] = look_back,
) -> Cycle:
    """Return trend, phases and turning points of one series.

    Parameters
    ----------
    series : ModelSeries
        From :func:`faiwatch.forecast.series.model_series`.
    keys : tuple of str
        Region code and indicator, for the tables.
    method : {"ucm", "stl"}
        The method that findings speak by; both are computed.
    looking_back : function
        :func:`faiwatch.forecast.trend.look_back`, or one that keeps what it returned before.

    Raises
    ------
    DataMissingError
        The series is too short.
    """
    used = series_in_use(series)
    turned = turning_points(fit_trend(used).growth_pct)
    looked = looking_back(used, since=turned[-1].place if turned else None)
    found = {name: fit_trend(used, method=name, widening=looked.widening) for name in METHODS}
    region_code, indicator = keys
    tables = [
        phases(trend_table(trend, region_code=region_code, indicator=indicator))
        for trend in found.values()
    ]
    turns = {(*keys, name): turns_of(trend) for name, trend in found.items()}
    return Cycle(
        method,
        pd.concat(tables, ignore_index=True),
        pd.concat(turns, names=[*KEYS, "method"]).droplevel(-1).reset_index(),
        looked.widening,
        _direction_record(looked, found["ucm"]),
        _last_turn(looked, found["ucm"]),
        pd.DataFrame(season_ratios(used), columns=[one.name for one in dataclasses.fields(Ratio)]),
    )


def turns_of(trend: Trend) -> pd.DataFrame:
    """Return the turning points of trend growth and of the trend level, and where both are now.

    Returns
    -------
    DataFrame
        ``series`` (``growth``, ``level``) · ``kind`` (``peak``, ``trough``, ``now``) · ``period`` ·
        ``value`` (percent, or 100 million) · ``n_releases``, ``n_months`` and ``swing`` since the
        turn before (percentage points, or percent; missing for the first) · ``is_small`` (the
        swing is within the band; never without one) · ``is_provisional``.
    """
    has_band = np.isfinite(trend.hi_pct).any()
    half_band = float(np.nanmedian(trend.hi_pct - trend.growth_pct)) if has_band else 0.0
    tables = [_rows(trend, trend.growth_pct, "growth", half_band)]
    if trend.series.has_level:
        tables.append(_rows(trend, trend.level, "level", 0.0))
    return pd.concat(tables, ignore_index=True)


def _rows(trend: Trend, values: Array, series: str, half_band: float) -> pd.DataFrame:
    turns, end = turning_points(values), len(values) - 1
    places = np.array([*(turn.place for turn in turns), end])
    months = trend.series.periods[places]
    at = values[places]
    swing = np.diff(at) if series == "growth" else 100 * (at[1:] / at[:-1] - 1)
    return pd.DataFrame(
        {
            "series": series,
            "kind": [*(turn.kind for turn in turns), "now"],
            "period": months,
            "value": at,
            "n_releases": [np.nan, *np.diff(places)],
            "n_months": [np.nan, *np.diff(months.asi8)],
            "swing": [np.nan, *swing],
            "is_small": [False, *(np.abs(swing) < half_band)],
            "is_provisional": [*(places[:-1] > end - _PROVISIONAL), False],
        }
    )


def _direction_record(looked: LookBack, trend: Trend) -> DirectionRecord:
    places = np.array([n - 1 for n, _ in looked.judged], dtype=int)
    told = np.array([then[[-1, -1 - CHANGE_OVER]] for _, then in looked.judged]).reshape(-1, 2)
    stands = trend.growth_pct[places[:, None] - [0, CHANGE_OVER]]
    table = pd.DataFrame(
        {
            "period": trend.series.periods[places],
            "told_pp": told[:, 0] - told[:, 1],
            "stands_pp": stands[:, 0] - stands[:, 1],
            "growth_told_pct": told[:, 0],
            "growth_stands_pct": stands[:, 0],
        }
    )
    change, stood = table["told_pp"], table["stands_pp"]
    error = float((change - stood).abs().quantile(BAND / 100))
    moved = (table["growth_told_pct"] - table["growth_stands_pct"]).abs()
    revisions = (float(moved.median()), float(moved.quantile(BAND / 100)), float(moved.max()))
    share = float(((change >= 0) == (stood >= 0)).mean())
    return DirectionRecord(len(table), share, error, revisions, table)


def _last_turn(looked: LookBack, trend: Trend) -> LastTurn | None:
    turns = turning_points(trend.growth_pct)
    if not turns:
        return None
    last = turns[-1]
    for n, then in zip(looked.known, looked.growth_pct, strict=True):
        if n <= last.place:
            continue
        alike = [one.place for one in turning_points(then) if one.kind == last.kind]
        first = min(alike, key=lambda place: abs(place - last.place), default=None)
        # the same turn, dated then
        if first is not None and abs(first - last.place) < RELEASES_A_YEAR:
            months = release_periods(trend.series.first + np.array([last.place, n - 1, first]))
            after, moved = n - 1 - last.place, last.place - first
            return LastTurn(months[0], months[1], months[2], after, moved)
    return None
