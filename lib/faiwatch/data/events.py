"""Months that models leave out of their fit because something from outside broke the series."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from faiwatch.core.text import Text
from faiwatch.data.reference import EVERY_INDICATOR, records


@dataclass(frozen=True, slots=True)
class Event:
    """One row of ``data/events.csv``.

    Attributes
    ----------
    indicator : str
        Which indicator, or ``*`` for every one.
    period : str
        The release concerned, ``YYYY-MM``.
    kind : str
        ``pandemic``.
    what : Text
        What happened.
    source : str
        Source id.
    """

    indicator: str
    period: str
    kind: str
    what: Text
    source: str


@cache
def events() -> tuple[Event, ...]:
    """Return the declared events in the order of the file."""
    return records(Event, "events.csv", "what")


def event_months(indicator: str) -> frozenset[str]:
    """Return the months, ``YYYY-MM``, that models of an indicator leave out.

    Examples
    --------
    >>> sorted(event_months("total"))
    ['2020-02', '2020-03', '2020-04']
    """
    return frozenset(
        event.period for event in events() if event.indicator in {EVERY_INDICATOR, indicator}
    )
