"""Peaks and troughs after Bry and Boschan, in the form of Harding and Pagan.

Method and rules: ``docs/methods/turning-points.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from faiwatch.stats.cumulative import Array

Kind = Literal["peak", "trough"]


@dataclass(frozen=True, slots=True)
class Rules:
    """How long things must last, in observations.

    Attributes
    ----------
    window : int
        Neighbours on either side that a turn must exceed.
    phase : int
        Least length from a peak to a trough or the reverse.
    cycle : int
        Least length from peak to peak or trough to trough.
    """

    window: int
    phase: int
    cycle: int


QUARTERS = Rules(2, 2, 5)  # Harding and Pagan (2002)
MONTHS = Rules(5, 5, 15)  # Bry and Boschan (1971)
BLOCKS = Rules(5, 5, 14)  # the same in eleven blocks a year


@dataclass(frozen=True, slots=True)
class Turn:
    """One turning point: its place in the array, and what it is."""

    place: int
    kind: Kind


def turning_points(values: Array, *, rules: Rules = BLOCKS) -> list[Turn]:
    """Return the turning points of an array in order; peaks and troughs alternate.

    Parameters
    ----------
    values : array (n,)
        Smooth or seasonally adjusted; NaN = unknown, no turn is found beside it.
    rules : Rules
        Censoring rules.

    References
    ----------
    Harding and Pagan (2002), *Journal of Monetary Economics* 49, 365-381.

    Examples
    --------
    >>> wave = np.array([0.0, 2, 4, 3, 1, 0, 2, 5, 4, 3])
    >>> [(turn.place, turn.kind) for turn in turning_points(wave, rules=QUARTERS)]
    [(2, 'peak'), (5, 'trough'), (7, 'peak')]
    """
    turns = []
    for place in range(rules.window, len(values) - rules.window):
        around = values[place - rules.window : place + rules.window + 1]
        beside = np.delete(around, rules.window)
        if (values[place] > beside).all():  # comparisons with NaN are false
            turns.append(Turn(place, "peak"))
        elif (values[place] < beside).all():
            turns.append(Turn(place, "trough"))
    while True:
        alternating: list[Turn] = []  # the most extreme of each row of a kind, else the later
        for turn in turns:
            if not alternating or alternating[-1].kind != turn.kind:
                alternating.append(turn)
            elif _extremeness(turn, values) >= _extremeness(alternating[-1], values):
                alternating[-1] = turn
        turns = _censored(alternating, values, rules)
        if len(turns) == len(alternating):
            return turns


def _extremeness(turn: Turn, values: Array) -> float:
    return float(values[turn.place] if turn.kind == "peak" else -values[turn.place])


def _censored(turns: list[Turn], values: Array, rules: Rules) -> list[Turn]:
    """Return the turns without the first breach of a rule: ends, then cycle, then phase."""
    if not turns:
        return turns
    if _is_exceeded(turns[-1], values, slice(turns[-1].place, None)):
        return turns[:-1]
    if _is_exceeded(turns[0], values, slice(turns[0].place)):
        return turns[1:]
    places = np.array([turn.place for turn in turns])
    cycles = places[2:] - places[:-2]
    if len(cycles) and cycles.min() < rules.cycle:
        first = int(cycles.argmin())
        ends = [first, first + 2]
        weaker = min(ends, key=lambda number: _extremeness(turns[number], values))
        return [turn for number, turn in enumerate(turns) if number != weaker]
    phases = np.diff(places)
    if len(phases) and phases.min() < rules.phase:
        first = int(phases.argmin())
        gone = {first, first + 1}
        if len(turns) > 2 and first == 0:
            gone = {0}
        elif first + 2 == len(turns):
            gone = {first + 1}
        return [turn for number, turn in enumerate(turns) if number not in gone]
    return turns


def _is_exceeded(turn: Turn, values: Array, stretch: slice) -> bool:
    """Whether a stretch of the series goes beyond the turn; unknown figures do not."""
    sign = 1 if turn.kind == "peak" else -1
    return bool((sign * values[stretch] > sign * values[turn.place]).any())
