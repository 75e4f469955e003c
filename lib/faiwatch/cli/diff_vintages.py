"""The answers of ``faiwatch diff`` and ``faiwatch revisions``, for people and programs."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from typing import TypedDict

import pandas as pd

from faiwatch.core.errors import nearest, refused
from faiwatch.core.text import Text
from faiwatch.data.load import load_vintages
from faiwatch.data.parameter_types import LAST_RELEASE, LATEST
from faiwatch.stats.revisions import Changes, change_findings
from faiwatch.stats.vintages import (
    before_last_release,
    issue_cutoff,
    known_at,
    revision_triangle,
)

_MOMENTS = Text("latest、YYYY-MM 或 YYYY-MM-DD", "latest, YYYY-MM or YYYY-MM-DD")
_EARLIER = Text(
    "last-release，或早于 as-of 的 YYYY-MM、YYYY-MM-DD",
    "last-release, or YYYY-MM or YYYY-MM-DD earlier than as-of",
)
Row = dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: which figures, and when they are to have been known."""

    data: str
    region: str
    indicator: str
    as_of: str


class DiffAnswer(TypedDict):
    """What ``faiwatch diff --json`` prints; None = not available."""

    region_code: str
    indicator: str
    as_of: str
    against: str
    summary: dict[str, str]
    figures: list[Row]
    flags: list[Row]
    verdict: list[Row]


class RevisionsAnswer(TypedDict):
    """What ``faiwatch revisions --json`` prints."""

    region_code: str
    indicator: str
    figure: str
    as_of: str
    triangle: list[Row]
    statistics: list[Row]


def compared(question: Question, against: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures as known at two times.

    Parameters
    ----------
    question : Question
        `as_of` is the later time.
    against : str
        The earlier: ``YYYY-MM``, ``YYYY-MM-DD``, or ``last-release`` for the state of knowledge
        just before the last release.

    Returns
    -------
    then, now : DataFrame
        Observations.

    Raises
    ------
    ParameterError
        A time is not one, or `against` is not the earlier one; no such indicator.
    DataMissingError
        Nothing had been issued by one of the times.
    """
    until = _cutoff("as-of", question.as_of, _MOMENTS)
    vintages = _asked_for(question)
    if against == LAST_RELEASE:
        return before_last_release(vintages, question.as_of), known_at(vintages, question.as_of)
    earlier = _cutoff("against", against, _EARLIER)
    if earlier is None or (until is not None and earlier >= until):
        raise refused("against", against, _EARLIER)
    return known_at(vintages, against), known_at(vintages, question.as_of)


def diff_answer(
    question: Question, against: str, changes: Changes, now: pd.DataFrame
) -> DiffAnswer:
    """Return changes as plain values with one sentence in both languages.

    Examples
    --------
    >>> from faiwatch.stats.revisions import changes_between
    >>> question = Question("embedded", "000000", "total", "2026-08")
    >>> then, now = compared(question, "2026-07")
    >>> answer = diff_answer(question, "2026-07", changes_between(then, now), now)
    >>> [(row["figure"], row["kind"]) for row in answer["figures"]]
    [('ytd_value_100m', 'new'), ('ytd_yoy_pct', 'new')]
    """
    there = list(now["indicator"].unique())
    indicator = "total" if "total" in there else str(there[0])
    found = change_findings(
        changes, now, indicator=indicator, definition="ytd", as_of=question.as_of
    )
    return {
        "region_code": question.region,
        "indicator": indicator,
        "as_of": question.as_of,
        "against": against,
        "summary": {"zh": found["change"].zh, "en": found["change"].en},
        "figures": _rows(changes.figures),
        "flags": _rows(changes.flags),
        "verdict": _rows(changes.verdict),
    }


def triangle_of(question: Question, figure: str) -> pd.DataFrame:
    """Return the revision triangle of the series asked for.

    Raises
    ------
    ParameterError, DataMissingError
        As :func:`compared`.
    """
    _cutoff("as-of", question.as_of, _MOMENTS)
    return revision_triangle(_asked_for(question), figure=figure, as_of=question.as_of)


def revisions_answer(
    question: Question, figure: str, triangle: pd.DataFrame, statistics: pd.DataFrame
) -> RevisionsAnswer:
    """Return a revision triangle and its statistics as plain values."""
    return {
        "region_code": question.region,
        "indicator": question.indicator,
        "figure": figure,
        "as_of": question.as_of,
        "triangle": _rows(triangle),
        "statistics": _rows(statistics),
    }


def _asked_for(question: Question) -> pd.DataFrame:
    vintages = load_vintages(question.data)
    of_region = vintages[vintages["region_code"] == question.region]
    if question.indicator == "all":
        return of_region
    names = sorted(of_region["indicator"].unique())
    for name in question.indicator.split(","):
        if name not in names:
            raise refused("indicator", name, ", ".join(names), nearest(name, names))
    return of_region[of_region["indicator"].isin(question.indicator.split(","))]


def _cutoff(name: str, value: str, allowed: Text) -> pd.Timestamp | None:
    """Return the last day of issue, after checking what was typed."""
    if value == LATEST:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}(?:-\d{2})?", value):
        raise refused(name, value, allowed)
    try:
        datetime.date.fromisoformat(value if len(value) > len("YYYY-MM") else f"{value}-01")
    except ValueError:
        raise refused(name, value, allowed) from None
    return issue_cutoff(value)


def _rows(table: pd.DataFrame) -> list[Row]:
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: object) -> str | int | float | bool | None:
    """Return a value that JSON knows; None = not available."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, bool | int) else str(value)
