"""Where a simple method forecasts a release better than the models do, and its forecast there.

Judged on the track record of the series, release by release; four of them are targets. Method:
``docs/methods/track-record.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.calendars import CUMULATIVE, Calendar
from faiwatch.forecast.backtest import last3_goes_on, plain_centres
from faiwatch.forecast.members.members import MEMBERS, PLAIN
from faiwatch.forecast.series import GrowthPaths, ModelSeries
from faiwatch.forecast.track_record import BASELINES, CHOSEN, LAST3, NO_CHANGE
from faiwatch.stats.cumulative import Array

TARGETS: Mapping[str, Text] = {
    "next": Text("下一期", "next release"),
    "year_end": Text("全年", "full year"),
    "february": Text("下一个1—2月", "next January–February"),
    "year_on": Text("一年之后", "a year on"),
}
SIMPLE: Mapping[str, Text] = {
    NO_CHANGE: Text("增速不变", "no change"),
    LAST3: Text("近三期延续", "last three go on"),
    **{name: MEMBERS[name] for name in PLAIN},
}
JUDGED_COLUMNS = [
    "target", "period", "horizon", "n", "error_pp", "simple", "simple_error_pp", "used",
    "simple_pct", "spread",
]  # fmt: skip
assert set(BASELINES) < set(SIMPLE)
_LEAD_WITHIN = 2  # releases: a target looked at from further or nearer is another task
_FEWEST = 8  # past forecasts of a target; with fewer nothing is judged
_TIE_PP = 1e-6
_MOST_SPREAD = 4.0  # times as wide, or as narrow: a record of few forecasts says no more
_RANGE = 0.8


def target_places(periods: pd.PeriodIndex, calendar: Calendar = CUMULATIVE) -> dict[str, int]:
    """Return where each of :data:`TARGETS` stands among the releases to come, each place once.

    Examples
    --------
    >>> months = pd.PeriodIndex(["2026-11", "2026-12", "2027-02", "2027-03"], freq="M")
    >>> target_places(months)
    {'next': 0, 'year_end': 1, 'february': 2}
    """
    months = list(periods.month)
    wanted = {
        "next": 0,
        "year_end": months.index(12) if 12 in months else len(months),
        "february": months.index(2) if 2 in months else len(months),
        "year_on": calendar.a_year - 1,
    }
    if not calendar.is_cumulative:  # a December is no full year, and a February no first window
        del wanted["year_end"], wanted["february"]
    places: dict[str, int] = {}
    for name, place in wanted.items():
        if place < len(months) and place not in places.values():
            places[name] = place
    return places


def judged(
    record: pd.DataFrame,
    now: Mapping[str, Array],
    periods: pd.PeriodIndex,
    events: Collection[str],
    calendar: Calendar = CUMULATIVE,
) -> pd.DataFrame:
    """Return the best simple method for each release, and whether it is better than the forecast.

    Parameters
    ----------
    record : DataFrame
        The track record of one series.
    now : mapping of str to array (horizon,)
        What simple methods say of the releases to come, from :func:`simple_forecasts`.
    periods : PeriodIndex (horizon,)
        Months of the releases to come.
    events : collection of str
        Months ``YYYY-MM`` that no series could announce. Growth of their years and of the years
        after, whose base they are, is not judged by.
    calendar : Calendar
        Of the series; of a monthly one the full year and the next February are no targets.

    Returns
    -------
    DataFrame
        :data:`JUDGED_COLUMNS`, a row a release; ``target`` is one of :data:`TARGETS` or empty.
        Mean absolute errors (percentage points) on the same past forecasts,
        ``n`` of them; ``used`` is ``forecast`` or the name of the simple method; ``simple_pct``
        what that says now; ``spread`` how wide its errors are beside those of the forecast. With
        fewer than eight past forecasts of a target nothing is judged (``simple`` empty).

    Notes
    -----
    The next release and the one a year on are judged by all past forecasts that looked as far
    ahead; any other by those of the same month of the year, from two releases further or nearer.
    """
    came = record[record["actual_pct"].notna()]
    years = {int(month[:4]) for month in events}
    touched = came["period"].dt.year.isin(years | {year + 1 for year in years})
    came = came[~touched.to_numpy(dtype=bool)]
    named = [name for name in SIMPLE if name in now and f"{name}_pct" in came]
    targets = {place: target for target, place in target_places(periods, calendar).items()}
    rows = []
    for place, month in enumerate(periods):
        target, horizon = targets.get(place, ""), place + 1
        is_near = (came["horizon"] - horizon).abs() <= _LEAD_WITHIN
        same = is_near & (came["period"].dt.month == month.month)
        if target in {"next", "year_on"}:
            same = came["horizon"] == horizon
        best = _best(came[same.to_numpy(dtype=bool)], named)
        says = now[str(best["simple"])][place] if best["simple"] else np.nan
        when = {"target": target, "period": month, "horizon": horizon}
        rows.append(when | best | {"simple_pct": says})
    return pd.DataFrame(rows, columns=JUDGED_COLUMNS)


def _best(rows: pd.DataFrame, named: Collection[str]) -> dict[str, object]:
    """Return the simple method of least error on some past forecasts, beside the forecast."""
    there = [name for name in named if rows[f"{name}_pct"].notna().any()]
    rows = rows.dropna(subset=[f"{name}_pct" for name in (CHOSEN, *there)])
    if len(rows) < _FEWEST or not there:
        nothing = {"error_pp": np.nan, "simple_error_pp": np.nan}
        return nothing | {"n": len(rows), "simple": "", "used": CHOSEN, "spread": np.nan}
    errors = {
        name: (rows[f"{name}_pct"] - rows["actual_pct"]).abs().to_numpy()
        for name in (CHOSEN, *there)
    }
    means = {name: float(error.mean()) for name, error in errors.items()}
    simple = min(there, key=lambda name: means[name])
    wide, own = (float(np.quantile(errors[name], _RANGE)) for name in (simple, CHOSEN))
    spread = wide / own if own > 0 else 1.0
    return {
        "n": len(rows),
        "error_pp": means[CHOSEN],
        "simple": simple,
        "simple_error_pp": means[simple],
        "used": simple if means[simple] < means[CHOSEN] - _TIE_PP else CHOSEN,
        "spread": float(np.clip(spread, 1 / _MOST_SPREAD, _MOST_SPREAD)),
    }


def simple_forecasts(
    measured: pd.DataFrame, series: ModelSeries, *, horizon: int
) -> dict[str, Array]:
    """Return what each simple method says of the releases to come, growth in percent.

    Parameters
    ----------
    measured : DataFrame
        Measures of one series up to the origin.
    series : ModelSeries
        The same as models see it.
    horizon : int
        Releases ahead.
    """
    plain = plain_centres(series, horizon=horizon)
    found = {
        NO_CHANGE: np.full(horizon, series.published_pct),
        LAST3: last3_goes_on(measured, horizon=horizon),
        **{name: plain[name] for name in PLAIN if name in plain},
    }
    return {name: path for name, path in found.items() if np.isfinite(path).all()}


def with_simple(paths: GrowthPaths, series: ModelSeries, found: pd.DataFrame) -> GrowthPaths:
    """Return sample paths with the simple method at the targets where it is the better one.

    Parameters
    ----------
    paths : GrowthPaths
        The forecast.
    series : ModelSeries
        What it was made from.
    found : DataFrame
        Result of :func:`judged`.

    Returns
    -------
    GrowthPaths
        At those targets paths lie around what the simple method says, as much wider or narrower as
        its past errors are; elsewhere they are as before. Single months and values follow, so that
        every number is still of one distribution.
    """
    ytd = paths.ytd_yoy_pct.copy()
    for row in found[found["used"] != CHOSEN].to_dict("records"):
        place = row["horizon"] - 1
        own = ytd[:, place] - np.median(ytd[:, place])
        ytd[:, place] = row["simple_pct"] + row["spread"] * own
    if (ytd == paths.ytd_yoy_pct).all():
        return paths
    value, block = _rebuilt(paths, series, ytd)
    return replace(paths, ytd_yoy_pct=ytd, ytd_value_100m=value, block_yoy_pct=block)


def _rebuilt(paths: GrowthPaths, series: ModelSeries, ytd: Array) -> tuple[Array, Array]:
    """Return values to date and growth of single months that go with other growth to date."""
    before, year = paths.ytd_value_100m, series.calendar.a_year
    if np.isnan(before).all():
        return before, paths.block_yoy_pct if series.calendar.is_cumulative else ytd
    factor = (100 + ytd) / (100 + paths.ytd_yoy_pct)
    base = np.ones_like(factor)
    for step in range(year, ytd.shape[1]):  # a year on, what was replaced is the base
        base[:, step] = factor[:, step - year] * base[:, step - year]
    value = before * factor * base
    if not series.calendar.is_cumulative:
        return value, ytd
    this_year = (len(series.values) - 1) // year * year
    so_far = 0.0 if len(series.values) - this_year == year else series.values[this_year:].sum()

    def blocks(values: Array) -> Array:
        first = np.full((len(values), 1), so_far)
        earlier = np.concatenate([first, values[:, :-1]], axis=1)
        return values - np.where(paths.periods.month == 2, 0.0, earlier)

    change = blocks(value) / blocks(before)
    moved = change.copy()
    moved[:, year:] /= change[:, : max(moved.shape[1] - year, 0)]
    return value, (100 + paths.block_yoy_pct) * moved - 100
