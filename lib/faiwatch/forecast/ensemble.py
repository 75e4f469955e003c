"""One distribution from several models: leave out the absurd, weigh by past errors, join paths.

Combining beats choosing, and a mixture of distributions covers what the average of their bounds
misses. Method: ``docs/methods/forecast.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.core.text import Text
from faiwatch.forecast.members.members import ENSEMBLE, FEWEST_TO_FIT, member_paths, remembered
from faiwatch.forecast.quantiles import median, quantiles
from faiwatch.stats.cumulative import Array

_PATHS = 1000
_DECIMALS = 12
_TRIAL_PATHS = 100
_LEAST_TRIAL = 6
_WIDEST = 2.0  # times the median width of the members
_NEAR, _FAR = 0.4, 1.0  # half median widths from the median of the members: full weight, none
# Of the usual size of errors, one for each pair of paths: 80 % bands stay, 95 % ones grow wider.
_LEAST_SIZE, _LARGEST_SIZE = 0.5, 1.5
_GOLDEN = (5**0.5 - 1) / 2
_ERROR_POWER = 1.5
_LESS_TRUSTED = {"complex_smoothing": 0.25}  # it adds another view, and errs more often alone
_NO_ERROR = 1e-3  # a member that was exact does not take the whole ensemble
_CALIBRATION_SHARE = 0.25  # a handful of origins says little, so little of it is used
_CALIBRATION_LIMITS = (0.6, 1.8)
_LARGEST = float(np.finfo(np.float64).max) / 4  # differences of paths stay finite too
_REACH = 20.0  # no path leaves the range seen so far by more than so many ranges


@dataclass(frozen=True, slots=True)
class Ensemble:
    """What was combined and why.

    Attributes
    ----------
    paths : array (paths, horizon)
        Sample paths of the ensemble.
    members : dict of str to array (paths, horizon)
        Sample paths of each member alone, before the spread is calibrated.
    weights : dict of str to float
        Share of each member; 0 = left out because its band or its path was absurd.
    past_errors : dict of str to float
        Mean absolute error of each member at earlier origins, relative to the mean of the
        members; NaN when the series is too short to look back.
    widening : float
        What the spread of paths was multiplied with, from errors at earlier origins.
    """

    paths: Array
    members: dict[str, Array]
    weights: dict[str, float]
    past_errors: dict[str, float]
    widening: float


def ensemble_of(
    y: npt.ArrayLike,
    *,
    season_length: int,
    horizon: int,
    seed: int = 0,
    names: Collection[str] = ENSEMBLE,
    trial: int | None = None,
    detrended: bool = False,
) -> Ensemble:
    """Return the ensemble of the members that suit the series.

    Parameters
    ----------
    y : array (n,)
        At least one finite value; NaN = not known (infinite counts as not known).
    season_length, horizon : int
        Observations in a cycle; how far to look.
    seed : int
        Same seed, same paths.
    names : collection of str
        Members of the ensemble, of :data:`faiwatch.forecast.members.members.CHOICES`. A mapping
        fixes their weights: no earlier origin is looked at, and nothing is calibrated.
    trial : int, optional
        How far earlier origins look; a cycle and a half, six at least, when not given.
    detrended : bool
        As for :func:`faiwatch.forecast.members.members.member_paths`.

    Raises
    ------
    ParameterError, DataMissingError
        As for :func:`faiwatch.forecast.forecast.forecast_array`.

    Notes
    -----
    Members are fitted again at up to three earlier origins (one trial, two thirds and one third
    of it back), as far as three cycles remain before them. Their weights are the mean relative
    errors there to the power -1.5. The spread is multiplied with the fourth root of how far
    errors there went beyond the 80 % band, between 0.6 and 1.8 before the root. Nothing of this
    depends on `horizon`: a longer forecast begins with the shorter one.
    """
    y = _checked(y, season_length=season_length, horizon=horizon)
    scale = float(np.nanmax(np.abs(y)))
    if scale == 0:
        zeros, name = np.zeros((_PATHS, horizon)), "random_walk"
        return Ensemble(zeros, {name: zeros}, {name: 1.0}, {name: np.nan}, 1.0)
    trial = trial or max(3 * season_length // 2, _LEAST_TRIAL)
    options = (season_length, max(horizon, trial), seed, tuple(names), detrended)
    trials = []
    for back in [] if isinstance(names, Mapping) else _origins(y, season_length, trial):
        # in its own units, without the noise of the last bits, a beginning of a series is the same
        # numbers whichever later origin looks back at it
        unit = float(np.nanmax(np.abs(y[:-back]))) or 1.0
        then = _said(np.round(y[:-back] / unit, _DECIMALS), *options)
        trials.append(_Trial(then, y[-back:] / unit))
    y = y / scale
    members = _said(np.round(y, _DECIMALS), *options).members
    errors = _past_errors(trials, list(members))
    weights = _weights(names, {name: path[:, :trial] for name, path in members.items()}, errors)
    members = {name: path[:, :horizon] for name, path in members.items()}
    # from each member as many paths as its weight asks for, in whole pairs of shocks, and each
    # pair once: the same few hundred for every member would say less of the tails
    ends = 2 * np.rint(np.cumsum(weights) * _PATHS / 2).astype(int)
    starts = np.concatenate([[0], ends[:-1]])
    shares = zip(members.values(), starts, ends, strict=True)
    paths = np.concatenate([path[start:end] for path, start, end in shares])
    excess = np.concatenate([np.zeros(0), *(trial.excess() for trial in trials)])
    widening = 1.0
    if len(excess):
        beyond = np.quantile(excess, 0.8) ** _CALIBRATION_SHARE
        widening = float(np.clip(beyond, *_CALIBRATION_LIMITS))
    centre = median(paths)
    paths = _within_reach(centre + widening * (paths - centre), y)
    largest = _LARGEST / max(scale, 1.0)
    return Ensemble(
        np.clip(paths, -largest, largest) * scale,
        {name: np.clip(path, -largest, largest) * scale for name, path in members.items()},
        dict(zip(members, weights.tolist(), strict=True)),
        dict(zip(members, errors.tolist(), strict=True)),
        widening,
    )


def _checked(y: npt.ArrayLike, **at_least_one: int) -> Array:
    """Return the values of a series, NaN where none is known."""
    values = np.asarray(y, dtype=np.float64)
    if values.ndim != 1:
        what = Text("需要一维数组", "a one-dimensional array is needed")
        raise ParameterError(what, where="y", got=values.shape)
    for name, number in at_least_one.items():
        if number < 1:
            raise ParameterError(
                Text("参数过小", "the parameter is too small"),
                where=name,
                got=number,
                allowed=Text("1 或更大", "1 or more"),
            )
    if not np.isfinite(values).any():
        raise DataMissingError(
            Text("序列没有任何数据，无法预测", "the series holds no figure, so nothing follows"),
            where="y",
            got=values.tolist(),
        )
    return np.where(np.isfinite(values), values, np.nan)


@dataclass(frozen=True)
class _Said:
    """What members say after a beginning of a series, in units of its own largest value."""

    y: Array
    season_length: int
    horizon: int
    seed: int
    names: tuple[str, ...]
    detrended: bool

    @cached_property
    def members(self) -> dict[str, Array]:
        """All paths of each member."""
        return self._paths(_PATHS)

    @cached_property
    def first(self) -> dict[str, Array]:
        """The first paths of each, enough for a trial."""
        told = self.__dict__.get("members") or self._paths(_TRIAL_PATHS)
        return {name: path[:_TRIAL_PATHS] for name, path in told.items()}

    @cached_property
    def bands(self) -> Array:
        """What the first paths say, see `_bands`."""
        return _bands(self.first)

    def _paths(self, count: int) -> dict[str, Array]:
        late = len(self.y) - 1 - int(np.flatnonzero(np.isfinite(self.y))[-1])
        return member_paths(
            self.y,
            season_length=self.season_length,
            horizon=self.horizon,
            shocks=_shocks(self.seed, late + self.horizon)[:count],
            names=self.names,
            detrended=self.detrended,
        )


_said = remembered(_Said)  # a rolling origin looks back at what it forecast from before


@dataclass(frozen=True)
class _Trial:
    """What members said at an earlier origin, and what came, in units of then."""

    said: _Said
    came: Array

    @property
    def bands(self) -> Array:
        """What each member said, as far as is known what came."""
        return self.said.bands[..., : len(self.came)]

    def errors(self, names: Sequence[str]) -> Array:
        """Return each member's mean absolute error; NaN for one that was not there."""
        found = np.nanmean(np.abs(self.bands[1] - self.came), axis=1)
        own = dict(zip(self.said.first, found, strict=True))
        return np.array([own.get(name, np.nan) for name in names])

    def excess(self) -> Array:
        """Return errors in units of half the 80 % band of the ensemble, where something came."""
        sound = _soundness(self.bands, self.said.first)
        both = zip(self.said.first.values(), sound, strict=True)
        kept = [path[:, : len(self.came)] for path, keep in both if keep > 0]
        low, centre, high = quantiles(np.concatenate(kept), (0.1, 0.5, 0.9))
        usable = np.isfinite(self.came) & (high > low)
        return np.asarray(
            2 * np.abs(self.came[usable] - centre[usable]) / (high[usable] - low[usable])
        )


def _bands(members: Mapping[str, Array]) -> Array:
    """Return lower end, centre and upper end of the 95 % band, each (members, horizon)."""
    return quantiles(np.stack(list(members.values())), (0.025, 0.5, 0.975))


@lru_cache(maxsize=8)  # every origin of a track record asks for the same
def _shocks(seed: int, width: int) -> Array:
    """Return shocks in pairs of opposite sign, so that centres are exact; wider ones go on.

    Normal along a path, but how large errors will be is not known either: each pair has a size of
    its own, spread evenly, which makes the tails of all paths together heavier than normal.
    """
    evenly = np.arange(1, _PATHS // 2 + 1)[:, None] * _GOLDEN % 1  # any first so many are even too
    size = _LEAST_SIZE + (_LARGEST_SIZE - _LEAST_SIZE) * evenly
    half = size * np.random.default_rng(seed).standard_normal((width, _PATHS // 2)).T
    return np.stack([half, -half], axis=1).reshape(_PATHS, width)


def _origins(y: Array, season_length: int, trial: int) -> list[int]:
    fewest = max(3 * season_length, 2 * FEWEST_TO_FIT)
    known = np.isfinite(y)
    backs = sorted({trial, 2 * trial // 3, trial // 3} - {0}, reverse=True)
    return [b for b in backs if known[:-b].sum() >= fewest and known[-b:].any()]


def _past_errors(trials: Sequence[_Trial], names: Sequence[str]) -> Array:
    relative = []
    for trial in trials:
        errors = trial.errors(names)
        mean = float(np.nanmean(errors))
        if mean > 0:
            relative.append(errors / mean)
    if not relative:
        return np.full(len(names), np.nan)
    together = np.array(relative)
    seen = np.isfinite(together)
    total = np.where(seen, together, 0.0).sum(axis=0)
    return np.where(seen.any(axis=0), total / np.maximum(seen.sum(axis=0), 1), np.nan)


def _weights(names: Collection[str], members: Mapping[str, Array], errors: Array) -> Array:
    """Return the share of each member: as fixed before, where one is left that had a share."""
    if isinstance(names, Mapping):
        fixed = np.array([names.get(name, 0.0) for name in members])
        if fixed.sum() > 0:
            return np.asarray(fixed / fixed.sum())
    trusted = (np.where(np.isfinite(errors), errors, 1.0) + _NO_ERROR) ** -_ERROR_POWER
    trusted *= [_LESS_TRUSTED.get(name, 1.0) for name in members]
    weights = trusted * _soundness(_bands(members), members)
    return np.asarray(weights / weights.sum())


def _soundness(bands: Array, names: Collection[str]) -> Array:
    """Return 1 for members whose path is near the others', falling to 0 for those far off.

    0 as well for a band over twice as wide as usual. A member that is less trusted does not say
    what is usual. Two members always stay.
    """
    low, centre, high = bands
    width = (high - low).mean(axis=1)
    less = np.array([name in _LESS_TRUSTED for name in names])
    judges = ~less | less.all()
    usual = float(median(width[judges, None])[0])
    distance = np.abs(centre - median(centre[judges])).mean(axis=1)
    half = max(usual / 2, np.finfo(float).tiny)
    near = np.clip((_FAR - distance / half) / (_FAR - _NEAR), 0, 1)
    sound = near * (width <= _WIDEST * usual)
    return np.asarray(sound if (sound > 0).sum() >= 2 else 1.0 * (width <= np.sort(width)[:2][-1]))


def _within_reach(paths: Array, y: Array) -> Array:
    low, high = float(np.nanmin(y)), float(np.nanmax(y))
    reach = _REACH * (high - low)
    floor = max(low - reach, 0.0) if low >= 0 else low - reach
    return np.clip(paths, floor, high + reach)
