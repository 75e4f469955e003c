"""Which cells of a table have to be withheld. Method: ``docs/methods/ledger-public.md``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

FEWEST = 3  # projects, or contributors of an amount
_DOMINANT = 0.8  # share of the largest contributor
_LEFT = 0.1  # of the largest, that the third and further contributors make together
_APART = 0.2  # of an amount, by which the upper end of what is possible is too high


class Withheld(NamedTuple):
    """Cells that must not be shown, with the labels of the table.

    Attributes
    ----------
    counts, amounts : DataFrame
        True = withheld; every cell that is in `counts` is in `amounts` as well.
    """

    counts: pd.DataFrame
    amounts: pd.DataFrame


def suppress(
    counts: pd.DataFrame,
    *,
    few: pd.DataFrame | None = None,
    amounts: Mapping[str, pd.DataFrame] | None = None,
    unsafe: Mapping[str, pd.DataFrame] | None = None,
) -> Withheld:
    """Return which cells of a two-way table to withhold so that no unsafe one can be worked out.

    Parameters
    ----------
    counts : DataFrame
        Projects in each cell, without margins; every margin is safe and is published.
    few : DataFrame, optional
        Cells that fewer than three projects stand behind, whatever their count.
    amounts : mapping, optional
        Name of an amount to its cells, the same shape.
    unsafe : mapping, optional
        Name of an amount to the cells that are unsafe for another reason than their count, see
        :func:`unsafe_amounts`.

    Examples
    --------
    >>> counts = pd.DataFrame([[1, 9, 6], [7, 8, 9], [5, 5, 5]])
    >>> suppress(counts).counts.to_numpy().astype(int).tolist()
    [[1, 0, 1], [0, 0, 0], [1, 0, 1]]
    """
    cells = counts.to_numpy(dtype="float64")
    none = np.zeros(cells.shape, dtype=bool)
    small = (cells > 0) & (cells < FEWEST) | (none if few is None else few.to_numpy(dtype=bool))
    least = np.full(cells.shape, float(FEWEST))
    of_counts = _protected(cells, small, ((least - cells).clip(min=1.0), least), none)
    of_amounts = of_counts
    for name, frame in (amounts or {}).items():
        values = frame.to_numpy(dtype="float64").clip(min=0.0)
        average = values.sum() / max(cells.sum(), 1.0)
        room = _APART * np.maximum(values, average)
        bad = small | (unsafe[name].to_numpy(dtype=bool) if unsafe else none)
        bad &= (values.sum(axis=0) > 0) & (values.sum(axis=1) > 0)[:, None]  # else the margin tells
        of_amounts = _protected(values, bad, (room, room), of_amounts)
    told = (pd.DataFrame(one, counts.index, counts.columns) for one in (of_counts, of_amounts))
    return Withheld(*told)


def _protected(
    values: np.ndarray,
    unsafe: np.ndarray,
    needed: tuple[np.ndarray, np.ndarray],
    withheld: np.ndarray,
) -> np.ndarray:
    """Return `withheld` with the unsafe cells and, for each, the corners of a rectangle.

    `needed` is how far up a cell must be able to move, and how far in all.
    """
    found: np.ndarray = withheld | unsafe
    more = values.sum() + 1.0  # one cell less is worth more than any amount
    places = sorted(zip(*np.nonzero(unsafe), strict=True), key=lambda at: (values[at], at))
    for i, j in places:
        up = np.minimum(values[i, :][None, :], values[:, j][:, None])
        down = np.minimum(values[i, j], values)
        fits = (up >= needed[0][i, j]) & (up + down >= needed[1][i, j])
        fits[i, :] = fits[:, j] = False
        if not fits.any():
            return np.ones(values.shape, dtype=bool)
        price = np.where(found, 0.0, more + values)
        prices = price + price[i, :][None, :] + price[:, j][:, None]
        other = np.unravel_index(np.where(fits, prices, np.inf).argmin(), values.shape)
        found[i, other[1]] = found[other[0], j] = found[other] = True
    return found


def few_subjects(rows: pd.DataFrame, by: list[str], subject: str) -> pd.Series:
    """Return, for each class that `by` makes, whether fewer than three subjects stand behind it.

    Parameters
    ----------
    rows : DataFrame
        Rows that are counted; several may be about one subject.
    by : list of str
        Columns that make the classes.
    subject : str
        Column that says what a row is about; empty when each row is about one of its own.

    Examples
    --------
    >>> rows = pd.DataFrame({"cause": list("xxxyyy"), "project_code": list("甲甲乙甲乙丙")})
    >>> few_subjects(rows, ["cause"], "project_code").to_dict()
    {'x': True, 'y': False}
    """
    groups = rows.groupby(by)
    return (groups[subject].nunique() if subject else groups.size()) < FEWEST


def unsafe_amounts(rows: pd.DataFrame, by: list[str], amount: str, contributor: str) -> pd.Series:
    """Return, for each class that `by` makes, whether its amount tells of single contributors.

    Parameters
    ----------
    rows : DataFrame
        One row for each project.
    by : list of str
        Columns that make the classes.
    amount : str
        Column to be added up; NaN = not known.
    contributor : str
        Column that says whose it is; absent or blank, each row is alone.

    Returns
    -------
    Series
        Indexed by the classes.

    Examples
    --------
    >>> rows = pd.DataFrame({"unit": list("aaabbb"), "done": [90.0, 5.0, 5.0, 40.0, 30.0, 30.0]})
    >>> unsafe_amounts(rows, ["unit"], "done", "owner").to_dict()
    {'a': True, 'b': False}
    """
    whose = rows[contributor] if contributor in rows else pd.Series("", index=rows.index)
    alone = pd.Series(rows.index, index=rows.index).astype("str")
    whose = whose.astype("str").where(whose.notna() & whose.ne(""), alone).rename("whose")
    parts = rows[amount].abs().dropna().groupby([*(rows[one] for one in by), whose]).sum()
    parts = parts.sort_values(ascending=False)
    of_class = parts.groupby(level=by)
    number, total, first = of_class.size(), of_class.sum(), of_class.max()
    second = parts[of_class.cumcount() == 1].droplevel("whose")
    left = total - first - second.reindex(first.index, fill_value=0.0)
    bad = (number < FEWEST) | (first > _DOMINANT * total) | (left < _LEFT * first)
    return bad.reindex(rows.groupby(by).size().index, fill_value=True)
