"""What figures that say too little of themselves are like, among the figures that are held.

A table may keep its region, its indicator or its year to itself. Published figures are nearly
unique: a series that equals a held one month after month is that series. It is proposed so, and
never taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Text
from faiwatch.data.reference import known_indicators
from faiwatch.data.regions import region_named
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


def likeness(pool: pd.DataFrame, held: pd.DataFrame | None) -> Likeness | None:
    """Return the one held series that figures are like, or None.

    Parameters
    ----------
    pool : DataFrame
        Figures with ``region``, ``indicator`` and ``measure`` ("" = not told), ``year`` (0),
        ``month``, ``number`` and ``factor`` (units in 100 million; NaN = not told).
    held : DataFrame or None
        Observations known before, as :func:`held_figures` gives them.
    """
    if held is None or pool.empty:
        return None
    if len(pool) > _LOOKED_AT:
        pool = pool.iloc[:: len(pool) // _LOOKED_AT + 1]
    both = pool.merge(held, on="month", suffixes=("", "_held"))
    for name in DIMENSIONS:
        both = both[both[name].isin(["", 0]) | (both[name] == both[f"{name}_held"])]
    if both.empty:
        return None
    is_growth = both["measure_held"] == "growth"
    told = both["factor"].to_numpy()
    scale = np.full(len(both), np.nan)
    for factor in UNITS:
        near = np.abs(both["number"] / factor / both["number_held"] - 1) <= _VALUE_ROUNDING
        scale = np.where(near & (np.isnan(told) | (told == factor)), factor, scale)
    near = (both["number"] - both["number_held"]).abs() <= _GROWTH_ROUNDING
    if pool["number"].abs().max() < _LARGEST_FRACTION:  # 0.053 is 5.3 percent
        near |= (both["number"] * 100 - both["number_held"]).abs() <= _GROWTH_ROUNDING
    is_alike = np.where(is_growth, near, ~np.isnan(scale))
    blanks = {name: 0 if name == "year" else "" for name in DIMENSIONS}
    open_ones = {
        name: np.where(both[name] == blank, both[f"{name}_held"], blank)
        for name, blank in blanks.items()
    }
    is_same = np.abs(both["number"] / scale / both["number_held"] - 1) <= _EXACT
    is_sure = is_same & ~is_growth & (both["number_held"] >= _LARGE)
    judged = pd.DataFrame(open_ones).assign(
        alike=is_alike,
        points=is_alike * np.where(is_sure, _FEWEST, 1),
        unit=np.where(is_growth | ~np.isnan(told), 0.0, scale),
    )
    names = list(DIMENSIONS)
    counts = judged.groupby(names).agg(
        points=("points", "sum"), alike=("alike", "sum"), of=("alike", "count")
    )
    counts = counts.sort_values("points", ascending=False)
    points, alike, of = map(int, counts.iloc[0])
    rivals = counts["points"].iloc[1:]
    enough = points >= _FEWEST and alike >= of * _MOST_ALIKE
    if not enough or (len(rivals) and rivals.iloc[0] * 2 > points):
        return None
    key = counts.index[0]
    same = (judged[names] == list(key)).all(axis=1)
    unit = only(set(judged.loc[same & judged["alike"], "unit"].unique()) - {0.0})
    region, indicator, measure, year = key
    return Likeness(region, indicator, measure, int(year), UNITS[unit] if unit else "", alike, of)


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
    held = _figures(history).rename(columns=lambda name: name.removesuffix("_held"))
    both = read.merge(held, on=[*DIMENSIONS, "month"])
    rounding = np.where(
        both["measure"] == "growth", _GROWTH_ROUNDING, both["number"].abs() * _VALUE_ROUNDING
    )
    alike = int(((both["value"] - both["number"]).abs() <= rounding).sum())
    return alike >= _FEWEST and alike >= len(both) * _MOST_ALIKE


def held_figures(history: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return what is held of the known indicators, one figure a row, for :func:`likeness`."""
    if history is None:
        return None
    return _figures(history[history["indicator"].isin(list(known_indicators()))])


def _figures(history: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for measure, name in (("value", "ytd_value_100m"), ("growth", "ytd_yoy_pct")):
        known = history.dropna(subset=name)
        parts.append(
            pd.DataFrame(
                {
                    "region_held": known["region_code"].astype("object"),
                    "indicator_held": known["indicator"].astype("object"),
                    "measure_held": measure,
                    "year_held": known["period"].dt.year,
                    "month": known["period"].dt.month,
                    "number_held": known[name],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
