"""Forecasts and track records as pages 03 to 05 and the command line share them.

Everything here is computed by :mod:`faiwatch.forecast` and kept by content
(:mod:`faiwatch.core.cache`), so that pages that speak of one series say the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from faiwatch.core.cache import Arrays, kept_arrays, kept_table
from faiwatch.core.processes import allowed_processes, side_by_side
from faiwatch.data.events import event_months
from faiwatch.data.newest import issue_dates
from faiwatch.data.reference import calendar_of
from faiwatch.data.schema import KEYS
from faiwatch.forecast.backtest import forecasts_at, with_actual
from faiwatch.forecast.members.members import ENSEMBLE
from faiwatch.forecast.series import GrowthPaths, ModelSeries, growth_paths, model_series
from faiwatch.forecast.trend import LookBack, look_back
from faiwatch.stats.cumulative import Array
from faiwatch.stats.growth import measures
from faiwatch.stats.scopes import scope_in_force
from faiwatch.stats.vintages import issue_cutoff, known_at

SHARED_HORIZON = 12  # releases: any page that looks less far reads the beginning of the same paths
MOST_ORIGINS = 150
FEWEST_KNOWN = 36  # releases before the first origin of a track record
_SLOW_STRIDE = 11  # with the structural model, one origin a year: each costs seconds
_APART = SHARED_HORIZON // 3  # models look back by thirds: such origins share their fits
_SEED = 0
_NEEDED = [*KEYS, "period", "ytd_value_100m", "ytd_yoy_pct"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What comes next in one series, and what it rests on.

    Attributes
    ----------
    measured : DataFrame
        Measures of the series up to the origin.
    series : ModelSeries
        What models see.
    paths : GrowthPaths
        Sample paths of the releases to come.
    """

    measured: pd.DataFrame
    series: ModelSeries
    paths: GrowthPaths


def outlook_of(
    figures: pd.DataFrame, *, horizon: int = SHARED_HORIZON, names: Sequence[str] = ENSEMBLE
) -> Outlook:
    """Return what comes next in one series.

    Parameters
    ----------
    figures : DataFrame
        Observations of one region and indicator, as known at the origin.
    horizon : int
        Releases ahead.
    names : sequence of str
        Members of the ensemble, of :data:`faiwatch.forecast.members.members.CHOICES`.

    Raises
    ------
    DataMissingError
        No growth is published, or `figures` holds several series.
    """
    measured = measures(scope_in_force(figures))
    series = model_series(measured, events=event_months(str(figures["indicator"].iloc[0])))
    options: dict[str, Any] = {
        "horizon": max(horizon, SHARED_HORIZON),
        "seed": _SEED,
        "names": tuple(names),
    }
    fit = partial(growth_paths, series, **options)
    parts = asdict(series) | options | {"what": "growth_paths"}
    found = _from_arrays(kept_arrays(parts, lambda: _as_arrays(fit())), series)
    paths = replace(  # the first releases of the same paths
        found,
        periods=found.periods[:horizon],
        centres={name: path[:horizon] for name, path in found.centres.items()},
        **{name: getattr(found, name)[:, :horizon] for name in _TARGETS},
    )
    return Outlook(measured, series, paths)


def track_record_of(
    figures: pd.DataFrame,
    *,
    vintages: pd.DataFrame | None = None,
    horizon: int = SHARED_HORIZON,
    names: Sequence[str] = ENSEMBLE,
) -> pd.DataFrame:
    """Return what would have been forecast at each earlier release, beside what came.

    Parameters
    ----------
    figures : DataFrame
        Observations of one region and indicator, as known now.
    vintages : DataFrame, optional
        The same as they were issued, from a store that kept them. An origin that it can answer
        for is forecast from what was known then; all others from today's figures.
    horizon : int
        Releases ahead.
    names : sequence of str
        Members of the ensemble.

    Returns
    -------
    DataFrame
        Columns of :func:`faiwatch.forecast.backtest.forecasts_at` and of
        :func:`~faiwatch.forecast.backtest.with_actual`, and ``is_real_time``, for the
        last :data:`MOST_ORIGINS` origins with :data:`FEWEST_KNOWN` releases before them (one a
        year with the structural model); without rows when the series is too short.
    """
    now = scope_in_force(figures)[_NEEDED]
    stride = _SLOW_STRIDE if "local_linear_trend" in names else 1
    published = now.loc[now["ytd_yoy_pct"].notna(), "period"].sort_values()
    possible = published.iloc[FEWEST_KNOWN - 1 : -1].tolist()
    origins = possible[-MOST_ORIGINS:][::-stride][::-1]
    events = event_months(str(figures["indicator"].iloc[0]))
    work = partial(forecasts_at, horizon=horizon, events=sorted(events), names=tuple(names))
    if not origins:  # the columns of a record, and nothing in them
        return with_actual(work([now]), now).assign(is_real_time=False).head(0)
    kept = None if vintages is None else scope_in_force(vintages)[[*_NEEDED, "issued"]]

    told = {"what": "track_record", "kept": kept, "names": tuple(names), "horizon": horizon}
    told |= {"calendar": calendar_of(now["indicator"]).name}

    def parts(now: pd.DataFrame, origins: list[pd.Period]) -> dict[str, object]:
        return {**told, "events": events, "now": now, "origins": list(map(str, origins))}

    def fit() -> pd.DataFrame:
        # page 08 compares with the release before: its record is all of this but for one origin
        has_before = kept is None and stride == 1 and len(origins) > 1
        asked = possible[-MOST_ORIGINS - 1 :] if has_before else origins
        tables, is_real = zip(*(_known_then(now, kept, one) for one in asked), strict=True)
        chunks = [part for k in range(_APART) if (part := tables[k::_APART])]
        found = pd.concat(side_by_side(work, chunks, processes=allowed_processes()))
        rows = with_actual(found.sort_values(["origin", "horizon"], ignore_index=True), now)
        rows = rows.assign(is_real_time=rows["origin"].map(dict(zip(asked, is_real, strict=True))))
        if has_before:
            before, then = asked[:-1], now[now["period"] <= published.iloc[-2]]
            own = rows[rows["origin"].isin(before)].reset_index(drop=True)
            kept_table(parts(then, before), lambda: with_actual(own, then))
        return rows[rows["origin"].isin(origins)].reset_index(drop=True)

    return kept_table(parts(now, origins), fit)


def looked_back(series: ModelSeries, *, since: int | None = None) -> LookBack:
    """Return :func:`faiwatch.forecast.trend.look_back`, kept when it was computed before."""
    parts = asdict(series) | {"what": "look_back", "since": since}

    def fit() -> Arrays:
        found = look_back(series, since=since)
        return {
            "known": np.array(found.known, dtype=np.int64),
            "growth_pct": np.concatenate([np.zeros(0), *found.growth_pct]),
            "widening": np.array(found.widening),
            "n_final": np.array(found.n_final),
        }

    kept = kept_arrays(parts, fit)
    growth = np.split(kept["growth_pct"], np.cumsum(kept["known"])[:-1])
    known = tuple(kept["known"].tolist())
    told = tuple(growth) if known else ()
    return LookBack(known, told, float(kept["widening"]), int(kept["n_final"]))


def _known_then(
    now: pd.DataFrame, vintages: pd.DataFrame | None, origin: pd.Period
) -> tuple[pd.DataFrame, bool]:
    """Return what was known at an origin, and whether that is what was really known then."""
    if vintages is not None and (issue_dates(vintages) <= issue_cutoff(str(origin))).any():
        then = known_at(vintages, str(origin))
        growth = then[then["ytd_yoy_pct"].notna()]
        if len(growth) >= FEWEST_KNOWN and growth["period"].max() == origin:
            return then, True
    return now[now["period"] <= origin], False


_TARGETS = ("ytd_yoy_pct", "block_yoy_pct", "ytd_value_100m")


def _as_arrays(found: GrowthPaths) -> Arrays:
    arrays: Arrays = {name: getattr(found, name) for name in _TARGETS}
    for number, weights in enumerate(found.weights):
        arrays |= {f"weight.{number}.{name}": np.array(share) for name, share in weights.items()}
    return arrays | {f"centre.{name}": path for name, path in found.centres.items()}


def _from_arrays(arrays: Arrays, series: ModelSeries) -> GrowthPaths:
    weights: dict[str, dict[str, float]] = {}
    centres: dict[str, Array] = {}
    for key, value in arrays.items():
        kind, _, name = key.partition(".")
        if kind == "centre":
            centres[name] = value
        elif kind == "weight":
            number, _, member = name.partition(".")
            weights.setdefault(number, {})[member] = float(value)
    ytd, block, value = (arrays[name] for name in _TARGETS)
    return GrowthPaths.of(series, (ytd, block, value), list(weights.values()), centres)
