"""Forecast any seasonal array: centre, intervals and sample paths from one ensemble of models.

There is no domain in here, so anyone can measure it against others:
``benchmarks/forecast.py``. Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from faiwatch.core.errors import ParameterError
from faiwatch.core.text import Text
from faiwatch.forecast.ensemble import ensemble_of
from faiwatch.forecast.members.members import WIDER
from faiwatch.forecast.quantiles import quantiles
from faiwatch.stats.cumulative import Array

LEVELS = (80, 95)
_FEW_SERIES = 32  # starting processes takes longer than these


@dataclass(frozen=True, slots=True)
class ArrayForecast:
    """A forecast of one array.

    Attributes
    ----------
    mean : array (horizon,)
        Centre: the median of the paths, which keeps absolute errors least.
    lower, upper : arrays (levels, horizon)
        Ends of the central intervals, in the order of the levels asked for.
    paths : array (paths, horizon)
        Sample paths; every probability is read from them.
    """

    mean: Array
    lower: Array
    upper: Array
    paths: Array


def forecast_array(
    y: npt.ArrayLike,
    *,
    season_length: int,
    horizon: int,
    levels: Sequence[float] = LEVELS,
    seed: int = 0,
) -> ArrayForecast:
    """Forecast one seasonal array.

    Parameters
    ----------
    y : array (n,)
        Observations in order, NaN = missing (infinite counts as missing). Three are enough,
        even constant, zero or negative ones.
    season_length : int
        Observations in a cycle, such as 12 or 11; 1 = no season.
    horizon : int
        How many observations ahead.
    levels : sequence of float
        Coverage of the intervals, percent.
    seed : int
        Same seed and same figures give the same forecast to the last bit.

    Returns
    -------
    ArrayForecast
        Finite throughout; lower <= mean <= upper.

    Raises
    ------
    ParameterError
        `season_length` or `horizon` below 1, a level outside 0 to 100, `y` of two dimensions.
    DataMissingError
        `y` holds no figure at all.

    Examples
    --------
    >>> found = forecast_array(np.tile([3.0, 5.0, 4.0], 8), season_length=3, horizon=3)
    >>> found.mean.round(2).tolist(), found.lower.shape
    ([3.0, 5.0, 4.0], (2, 3))
    """
    ensemble = ensemble_of(
        y, season_length=season_length, horizon=horizon, seed=seed, names=WIDER, detrended=True
    )
    return summary(ensemble.paths, levels=levels)


def summary(paths: Array, *, levels: Sequence[float] = LEVELS) -> ArrayForecast:
    """Return centre and intervals of sample paths (paths, horizon)."""
    if not all(0 < level < 100 for level in levels):
        raise ParameterError(
            Text("区间水平不可用", "this coverage cannot be used"),
            where="levels",
            got=list(levels),
            allowed=Text("0 与 100 之间", "between 0 and 100"),
        )
    tails = (100 - np.asarray(levels, dtype=np.float64)) / 200
    cuts = quantiles(paths, np.concatenate([[0.5], tails, 1 - tails]))
    count = len(tails)
    return ArrayForecast(cuts[0], cuts[1 : 1 + count], cuts[1 + count :], paths)


def forecast_arrays(
    list_of_y: Sequence[npt.ArrayLike],
    *,
    season_length: int,
    horizon: int,
    levels: Sequence[float] = LEVELS,
    workers: int | None = None,
) -> list[ArrayForecast]:
    """Forecast many arrays, on several processes when there are many.

    Parameters
    ----------
    list_of_y : sequence of arrays
        Each as for :func:`forecast_array`; lengths may differ.
    season_length, horizon, levels
        As for :func:`forecast_array`.
    workers : int, optional
        Processes; None = one for each core (one alone below 32 arrays).

    Returns
    -------
    list of ArrayForecast
        In the order given, each equal to ``forecast_array(y, ...)`` with seed 0.
    """
    one = partial(forecast_array, season_length=season_length, horizon=horizon, levels=levels)
    if workers == 1 or (workers is None and len(list_of_y) < _FEW_SERIES):
        return [one(y) for y in list_of_y]
    # fork: a script without a main guard and a notebook cell can both call this
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
    with ProcessPoolExecutor(workers, multiprocessing.get_context(method)) as executor:
        return list(executor.map(one, list_of_y, chunksize=8))
