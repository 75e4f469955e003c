"""What rounding leaves open: half-widths seen in the figures, and growth with its band.

A published growth of 0.5 % stands for anything from 0.45 to 0.55. Differences of year-to-date
figures magnify this: the August block of 2025 is -7.1 % with a band of -7.8 to -6.5. A block
whose band spans zero is not called negative. Method: ``docs/methods/rounding.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from faiwatch.stats.cumulative import RELEASES_A_YEAR, Array, Integers

_MOST_DECIMALS = 6
_ENOUGH_FIGURES = 8  # fewer cannot tell a coarse series from a lucky one
_NOISE = 1e-9  # of a decimal fraction kept as a binary one
_SHARE_COVERED = 0.9  # one or two odd figures do not change what a series is rounded to


def seen_half_width(values: Array, *, fewest_decimals: int) -> Array:
    """Return half a unit of the last digit that each series has shown so far.

    Parameters
    ----------
    values : array (series, releases)
        Figures as published; NaN = not published.
    fewest_decimals : int
        Decimals assumed while fewer than eight figures are known (1 for growth, 0 for values).

    Returns
    -------
    array (series, releases)
        Half-width at each release. It looks back only, so figures published later never change
        what was said before.

    Notes
    -----
    The decimals of a series are the fewest that nine tenths of its figures so far need, or nine
    tenths of those of the last eleven releases: a series that has become coarser is coarse.

    Examples
    --------
    >>> seen_half_width(np.array([[5.3, 4.0, 4.1]]), fewest_decimals=1).tolist()
    [[0.05, 0.05, 0.05]]
    """
    known = np.isfinite(values)
    count = np.cumsum(known, axis=1)
    recent = count - _before_window(count)
    decimals = np.full(values.shape, _MOST_DECIMALS)
    still_open = np.ones(values.shape, dtype=bool)
    for digits in range(_MOST_DECIMALS):
        scaled = np.where(known, values, 0.0) * 10.0**digits
        noise = _NOISE * np.maximum(1.0, np.abs(scaled))
        is_fit = (np.abs(scaled - np.rint(scaled)) < noise) & known
        fits = np.cumsum(is_fit, axis=1, dtype=np.int64)
        covered = fits >= _SHARE_COVERED * count
        covered |= (recent >= _ENOUGH_FIGURES) & (
            fits - _before_window(fits) >= _SHARE_COVERED * recent
        )
        decimals[still_open & covered] = digits
        still_open &= ~covered
        if not still_open.any():
            break
    decimals = np.where(count < _ENOUGH_FIGURES, np.maximum(decimals, fewest_decimals), decimals)
    return np.asarray(0.5 * 10.0 ** -decimals.astype(np.float64))


def _before_window(counts: Integers) -> Integers:
    """Return a running count as it stood a year of releases before, 0 where there is none."""
    before = np.zeros_like(counts)
    before[:, RELEASES_A_YEAR:] = counts[:, :-RELEASES_A_YEAR]
    return before


@dataclass(frozen=True, slots=True)
class Term:
    """One year-to-date figure that a block or a window is made of.

    Attributes
    ----------
    sign : int
        +1 when it is added, -1 when it is taken away.
    value, yoy_pct : array
        Year-to-date value and published growth; ``value`` 0 where the term does not apply.
    value_half, yoy_half : array
        Rounding half-widths of both.
    """

    sign: int
    value: Array
    yoy_pct: Array
    value_half: Array
    yoy_half: Array

    @property
    def parts(self) -> tuple[Array, ...]:
        """Its figures and their half-widths."""
        return self.value, self.yoy_pct, self.value_half, self.yoy_half


def banded_growth(terms: Sequence[Term]) -> tuple[Array, Array, Array]:
    """Return comparable-basis growth of a sum of terms, with what rounding leaves open.

    Parameters
    ----------
    terms : sequence of Term
        All arrays of one shape.

    Returns
    -------
    growth_pct, lo_pct, hi_pct : arrays
        NaN where a figure is missing, or where the comparable base is not above zero. `lo` and
        `hi` alone are NaN where the base could be zero within rounding: growth is then open.

    Notes
    -----
    ``1 + h = N / D`` with ``N = sum(s C)`` and ``D = sum(s C / (1 + g))``. ``D`` falls in each
    ``s g``, so the ends of the band lie at the ends of every ``g``. In each ``C`` the quotient is
    monotone, with the sign of ``s (g - h)``; its end is taken accordingly.
    """
    growth, _ = _growth(terms, 0, growth_pct=None)
    lo, lo_base = _growth(terms, -1, growth_pct=growth)
    hi, hi_base = _growth(terms, +1, growth_pct=growth)
    sound = (lo_base > 0) & (hi_base > 0)
    return growth, np.where(sound, lo, np.nan), np.where(sound, hi, np.nan)


def _growth(terms: Sequence[Term], side: int, *, growth_pct: Array | None) -> tuple[Array, Array]:
    """Return growth and base with every figure at one end of its rounding interval.

    `side` is -1 for the lower end, +1 for the upper end and 0 for the figures as published.
    """
    total = np.zeros_like(terms[0].value)
    base = np.zeros_like(total)
    for term in terms:
        yoy, value = term.yoy_pct, term.value
        if growth_pct is not None:
            value = value + side * term.value_half * np.sign(term.sign * (yoy - growth_pct))
            yoy = yoy + side * term.sign * term.yoy_half
        ratio = 1 + yoy / 100
        total = total + term.sign * value
        base = base + term.sign * value / np.where(ratio > 0, ratio, np.nan)
    return 100 * (total / np.where(base > 0, base, np.nan) - 1), base
