"""Decide whether growth is written in percent or as a fraction."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
import pandas as pd

from faiwatch.core.text import Text
from faiwatch.ingest.decide import cell_of, was_in
from faiwatch.ingest.figures import Figures
from faiwatch.ingest.log import Log, Question
from faiwatch.ingest.numbers import exact

GrowthScale = Literal["percent", "fraction"]

# Growth is published to one decimal. As a fraction it has three, and hardly ever reaches 1.5.
_LARGE = 1.5
_DECIMALS_OF_A_FRACTION = 3
_MOST_LARGE_FRACTIONS = 0.1
_FEW = 3


def in_percent(
    frame: pd.DataFrame, figures: Figures, asked: GrowthScale | None, log: Log
) -> pd.DataFrame:
    """Return growth in percent, after deciding whether plain numbers are percent or fractions.

    Parameters
    ----------
    frame : DataFrame
        Growth only.
    figures : Figures
        What is said of it.
    asked : {"percent", "fraction"} or None
        The user's ``--growth-scale``.
    log : Log
        Takes each decision, and the question when there are two readings.

    Returns
    -------
    DataFrame
        With ``RESULT_COLUMNS``; empty when the scale is asked for.
    """
    spellings = figures.spellings
    says_itself = np.array([one.is_percent for one in spellings])[frame["spelling"]]
    in_format = np.array(["percent_format" in one.rules for one in spellings])[frame["spelling"]]
    rule = np.array(["+".join(one.rules) for one in spellings], dtype=object)[frame["spelling"]]
    says_percent = np.array([one.says_percent for one in figures.told] or [False])[frame["told"]]
    number = frame["number"].to_numpy()
    value = number.copy()
    sheet = _sheets(figures)[frame["told"]]
    for says in (False, True):
        alike = ~says_itself & (says_percent == says)
        for one in np.unique(sheet[alike]):
            pool = alike & (sheet == one)
            scale = asked or _scale_of(number[pool], number[alike], says_percent=says)
            if scale is None:
                log.ask(_question(frame[pool], figures))
                return frame.head(0).assign(value=0.0, rule="")
            if scale == "fraction":
                value[pool] = exact(number[pool] * 100)
                rule[pool] = _added(rule[pool], "scale_parameter" if asked else "scale_fraction")
            else:
                first = np.flatnonzero(pool)[0]
                rule[first] = _added(rule[first], "scale_parameter" if asked else "scale_percent")
    if asked == "percent":  # 5.2 typed into a cell whose format shows 520%
        value[in_format] = exact(number[in_format] / 100)
        rule[in_format] = "scale_parameter"
    return frame.assign(value=value, rule=rule)


def _sheets(figures: Figures) -> np.ndarray:
    """Return for each place in ``Figures.told`` a number for its sheet."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(one.sheet.name, len(numbers)) for one in figures.told])


def _scale_of(numbers: np.ndarray, alike: np.ndarray, *, says_percent: bool) -> GrowthScale | None:
    """Return the scale of the growth on one sheet; where it has none of its own, that of the file.

    What the file tells is taken only where the sheet could not be read otherwise: percent has one
    decimal, a fraction more.
    """
    sizes = set(np.abs(numbers).tolist())
    own = growth_scale(sizes, says_percent=says_percent)
    if own is not None:
        return own
    shared = growth_scale(set(np.abs(alike).tolist()), says_percent=says_percent)
    has_one_decimal = all(_decimals(size) <= 1 for size in sizes)
    is_small = max(sizes) < _LARGE
    return shared if has_one_decimal == (shared == "percent") and is_small else None


def growth_scale(sizes: Collection[float], *, says_percent: bool) -> GrowthScale | None:
    """Return whether growth figures are percent or fractions, or None when both are possible.

    Parameters
    ----------
    sizes : collection of float
        Distinct absolute figures that belong together, none with a percent sign of its own.
    says_percent : bool
        Their header says percent.

    Examples
    --------
    >>> growth_scale([5.2, 0.3, 0.4], says_percent=False)
    'percent'
    >>> growth_scale([0.052, 0.003, 0.041], says_percent=False)
    'fraction'
    >>> growth_scale([0.052, 0.041, 0.05], says_percent=True) is None
    True
    >>> growth_scale([5.2, 0.052], says_percent=True) is None
    True
    """
    sizes = [size for size in sizes if size]
    if not sizes:
        return "percent"  # nothing but zeros, which are the same in both
    large = [size for size in sizes if size >= _LARGE]
    fine = [size for size in sizes if size < _LARGE and _decimals(size) >= _DECIMALS_OF_A_FRACTION]
    if large:
        coarse = max(map(_decimals, large)) < _DECIMALS_OF_A_FRACTION
        doubtful = coarse or len(large) <= _MOST_LARGE_FRACTIONS * len(sizes)
        return None if fine and doubtful else "percent"
    if says_percent:
        return "percent" if all(_decimals(size) <= 1 for size in sizes) else None
    return "fraction" if len(sizes) >= _FEW and len(fine) * 2 >= len(sizes) else None


def _decimals(number: float) -> int:
    digits = f"{number:.12f}".rstrip("0")
    return len(digits) - digits.index(".") - 1


def _added(rules: np.ndarray | str, rule: str) -> np.ndarray | str:
    """Return rules with one more, joined by ``+``."""
    if isinstance(rules, str):
        return f"{rules}+{rule}" if rules else rule
    return np.array([f"{one}+{rule}" if one else rule for one in rules], dtype=object)


def _question(pool: pd.DataFrame, figures: Figures) -> Question:
    figure = pool.iloc[int(pool["number"].abs().argmax())]
    told = figures.told[int(figure["told"])]
    return Question(
        "growth_scale",
        told.sheet.name,
        cell_of(figure),
        Text(
            "增速是百分数（5.2 即 5.2%）还是小数（0.052 即 5.2%）？",
            "is growth in percent (5.2 is 5.2%) or a fraction (0.052 is 5.2%)?",
        ),
        got=was_in(told, figure),
        flag="--growth-scale percent | --growth-scale fraction",
    )
