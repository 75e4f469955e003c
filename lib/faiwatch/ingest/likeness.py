"""What figures that say too little of themselves are like, among the figures that are held.

A table may keep its region, its indicator or its year to itself. Published figures are nearly
unique: a series that equals a held one month after month is that series. It is proposed so, and
never taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Text
from faiwatch.data.reference import known_indicators
from faiwatch.data.regions import region_named
from faiwatch.data.schema import FIGURES
from faiwatch.ingest.figures import Figures
from faiwatch.ingest.values import only

_FEWEST = 4  # figures that are alike; fewer may be so by chance
_LARGE, _EXACT = 1000, 1e-9  # a level of four digits and more that is the very same counts for four
_MOST_ALIKE = 0.8
_GROWTH_ROUNDING = 0.05 + 1e-6  # published to one decimal
_LARGEST_FRACTION = 1.0  # growth below 100 percent, not written in percent
_VALUE_ROUNDING = 5e-4
_LOOKED_AT = 4000
UNITS = {1.0: "亿元", 1e4: "万元", 1e8: "元", 100.0: "百万元"}
DIMENSIONS = ("region", "indicator", "measure", "year")
_MEASURES = {"value": 1, "growth": 2}  # in the order of FIGURES


class Likeness(NamedTuple):
    """The held series that figures are like.

    Attributes
    ----------
    region, indicator, measure : str
        Empty where the figures tell it themselves.
    year : int
        0 where they tell it themselves.
    unit : str
        Unit of values that tell none; empty for growth and where it is told.
    alike, of : int
        How many of how many figures that are held too.
    """

    region: str
    indicator: str
    measure: str
    year: int
    unit: str
    alike: int
    of: int

    @property
    def flags(self) -> str:
        """The options that say so of the whole file; the measure has none of its own."""
        said = {"region": self.region, "indicator": self.indicator, "year": self.year or ""}
        said["unit"] = self.unit
        return " ".join(f"--{name} {value}" for name, value in said.items() if value)

    @property
    def means(self) -> str:
        """The same as one meaning of a label."""
        said = (self.region, self.indicator, self.measure, str(self.year or ""))
        return " ".join(filter(None, said))

    def in_words(self) -> Text:
        """Return how many months equal what."""
        parts = []
        if self.region:
            parts.append(region_named(self.region).name)
        if self.indicator:
            parts.append(known_indicators()[self.indicator].label)
        if self.year:
            parts.append(say("ingest.likeness.year", year=self.year))
        if self.unit:
            parts.append(Text(self.unit, self.unit))
        if not parts:
            parts.append(Text("已公布的累计增速", "the growth that was published"))
        told = joined(parts, "、", ", ")
        return say("ingest.likeness.equal", alike=self.alike, of=self.of, told=told)


class Held(NamedTuple):
    """Figures that are held, sorted by month.

    Attributes
    ----------
    names : mapping
        Numbers of the words of each of ``DIMENSIONS``, the year aside.
    said : mapping
        The number of the word, or the year, of each figure.
    month, number : ndarray
        Month of the year; the figure.
    """

    names: Mapping[str, Mapping[str, int]]
    said: Mapping[str, np.ndarray]
    month: np.ndarray
    number: np.ndarray


def likeness(pool: pd.DataFrame, held: Held | None) -> Likeness | None:
    """Return the one held series that figures are like, or None.

    Parameters
    ----------
    pool : DataFrame
        Figures with ``region``, ``indicator`` and ``measure`` ("" = not told), ``year`` (0),
        ``month``, ``number`` and ``factor`` (units in 100 million; NaN = not told).
    held : Held or None
        Observations known before, as :func:`held_figures` gives them.
    """
    if held is None or pool.empty:
        return None
    if len(pool) > _LOOKED_AT:
        pool = pool.iloc[:: len(pool) // _LOOKED_AT + 1]
    asked = {name: pool[name].to_numpy() for name in DIMENSIONS}
    for name, words in held.names.items():
        asked[name] = np.array([words.get(one, -1) if one else 0 for one in asked[name]])
    # each figure beside each held one of its month that is of what it tells: places among both
    month = pool["month"].to_numpy()
    first, end = (np.searchsorted(held.month, month, side) for side in ("left", "right"))
    mine = np.repeat(np.arange(len(pool)), end - first)
    theirs = np.arange(len(mine)) + np.repeat(end - np.cumsum(end - first), end - first)
    for name in DIMENSIONS:
        told = asked[name][mine]
        fits = (told == 0) | (told == held.said[name][theirs])
        mine, theirs = mine[fits], theirs[fits]
    if not len(mine):
        return None
    of_pool, number = pool["number"].to_numpy(), held.number[theirs]
    is_growth = held.said["measure"][theirs] == _MEASURES["growth"]
    own, told = of_pool[mine], pool["factor"].to_numpy()[mine]
    scale = np.full(len(mine), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        for factor in UNITS:
            near = np.abs(own / factor / number - 1) <= _VALUE_ROUNDING
            scale = np.where(near & (np.isnan(told) | (told == factor)), factor, scale)
        is_same = np.abs(own / scale / number - 1) <= _EXACT
    near = np.abs(own - number) <= _GROWTH_ROUNDING
    if np.abs(of_pool).max() < _LARGEST_FRACTION:  # 0.053 is 5.3 percent
        near |= np.abs(own * 100 - number) <= _GROWTH_ROUNDING
    is_alike = np.where(is_growth, near, ~np.isnan(scale))
    is_sure = is_same & ~is_growth & (number >= _LARGE)
    # what figures tell themselves is blank in the series that they are like
    keys = [np.where(asked[one][mine] == 0, held.said[one][theirs], 0) for one in DIMENSIONS]
    sizes = [int(one.max()) + 1 for one in keys]
    series, place = np.unique(np.ravel_multi_index(keys, sizes), return_inverse=True)
    points = np.bincount(place, is_alike * np.where(is_sure, _FEWEST, 1))
    best = int(points.argmax())
    alike, of = int(is_alike[place == best].sum()), int((place == best).sum())
    rival = np.delete(points, best).max(initial=0)
    enough = points[best] >= _FEWEST and alike >= of * _MOST_ALIKE
    if not enough or rival * 2 > points[best]:
        return None
    is_open_unit = is_alike & ~is_growth & np.isnan(told) & (place == best)
    unit = only(set(scale[is_open_unit].tolist()))
    at = dict(zip(DIMENSIONS, map(int, np.unravel_index(series[best], sizes)), strict=True))
    region, indicator, measure = (["", *held.names[one]][at[one]] for one in DIMENSIONS[:3])
    return Likeness(region, indicator, measure, at["year"], UNITS[unit] if unit else "", alike, of)


def in_common(found: Sequence[Likeness]) -> Likeness | None:
    """Return what several series are like together, or None where they differ."""
    if len({one[:4] for one in found}) != 1:
        return None
    return found[0]._replace(
        unit=only({one.unit for one in found} - {""}) or "",
        alike=sum(one.alike for one in found),
        of=sum(one.of for one in found),
    )


def is_held(settled: pd.DataFrame, figures: Figures, history: pd.DataFrame | None) -> bool:
    """Whether most figures of known place that are held too are what is held.

    Parameters
    ----------
    settled : DataFrame
        Figures with ``value``.
    figures : Figures
        What is said of them.
    history : DataFrame or None
        Observations known before.
    """
    if history is None or settled.empty:
        return False
    said = {name: figures.said(settled, name) for name in ("region", "indicator", "measure")}
    read = settled[["year", "month", "value"]].assign(**said)
    history = history[history["region_code"].isin(set(said["region"]) - {None})]
    every = history[["region_code", "indicator", *FIGURES]].set_axis(
        ["region", "indicator", *_MEASURES], axis=1
    )
    every = every.assign(year=history["period"].dt.year, month=history["period"].dt.month)
    keys = ["region", "indicator", "year", "month"]
    held = every.melt(keys, var_name="measure", value_name="number").dropna(subset="number")
    both = read.merge(held, on=[*DIMENSIONS, "month"])
    rounding = np.where(
        both["measure"] == "growth", _GROWTH_ROUNDING, both["number"].abs() * _VALUE_ROUNDING
    )
    alike = int(((both["value"] - both["number"]).abs() <= rounding).sum())
    return alike >= _FEWEST and alike >= len(both) * _MOST_ALIKE


def held_figures(history: pd.DataFrame | None) -> Held | None:
    """Return what is held of the known indicators, for :func:`likeness`."""
    if history is None:
        return None
    period = history["period"].dt
    names, codes = {"measure": _MEASURES}, {"year": period.year.to_numpy()}
    for name, column in (("region", "region_code"), ("indicator", "indicator")):
        found, words = pd.factorize(history[column])
        names[name], codes[name] = {one: at for at, one in enumerate(words, 1)}, found + 1
    figures = history[FIGURES].to_numpy()
    is_known = history["indicator"].isin(list(known_indicators())).to_numpy()
    row, measure = np.nonzero(~np.isnan(figures) & is_known[:, np.newaxis])
    month = period.month.to_numpy()[row]
    order = np.argsort(month, kind="stable")
    row, measure = row[order], measure[order]
    said = {name: of_row[row] for name, of_row in codes.items()} | {"measure": measure + 1}
    return Held(names, said, month[order], figures[row, measure])
