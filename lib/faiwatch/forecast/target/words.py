"""How targets, months still to come and chances are said, in both languages."""

from __future__ import annotations

from faiwatch.core.phrases import amount, say, texts_of
from faiwatch.core.text import Text, block_name, half_up, number
from faiwatch.forecast.target.position import (
    MONTHS_A_YEAR,
    TURN_POSITIVE_PCT,
    Requirement,
    YearSoFar,
)

NOT_FOR_REPORTING = Text("工作量测算，不是上报数", "Workload, not figures to report")
LIKELY, UNLIKELY = 2 / 3, 1 / 3  # IPCC 2010: "likely" from 66 %, "unlikely" up to 33 %

SCENARIOS = texts_of("forecast.words_scenarios")


def rest_words(year: YearSoFar) -> Text:
    """Say the months still to come.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> nothing = np.full(11, np.nan)
    >>> august = pd.Period("2026-08", "M")
    >>> rest_words(YearSoFar(august, 0.5, 0.05, 1.0, nothing, 1.0, 0.0, "levels"))
    Text(zh='9—12月', en='September–December')
    """
    return until_words(year, MONTHS_A_YEAR)


def until_words(year: YearSoFar, month: int) -> Text:
    """Say the months after the last release up to one."""
    first, last = year.origin + 1, f"{year.origin.year}-{month:02d}"
    if year.origin.month + 1 == month:
        return Text(block_name(last, "zh", year=False), block_name(last, "en", year=False))
    return say(
        "forecast.target_words.months", since=first.month, until=month, first=first, last=last
    )


def goal_words(year: YearSoFar, need: Requirement, *, is_value: bool) -> Text:
    """Say the target as what the year is to do: 「2026年全年不下降」, "to end 2026 unchanged"."""
    when = str(year.origin.year)
    if is_value:
        aim = amount(need.target_value_100m)
        return say("forecast.target_words.reach_yuan", when=when, aim=aim)
    growth = need.target_growth_pct
    if growth == TURN_POSITIVE_PCT:
        return say("forecast.target_words.end_no_lower", when=when)
    size = number(abs(growth), "zh", 2)  # as it was given: 4, 4.5, 4.25
    size = size.rstrip("0").rstrip(".") if "." in size else size
    if growth < TURN_POSITIVE_PCT:
        return say("forecast.target_words.fall_no_more", when=when, size=size)
    return say("forecast.target_words.grow", when=when, size=size)


def growth_needed(growth_pct: float) -> Text:
    """Say the growth that is required, as what must be done.

    Examples
    --------
    >>> growth_needed(14.76).zh, growth_needed(-0.49).en
    ('须同比增长14.8%', 'may fall by 0.5% at most')
    """
    shown = half_up(growth_pct, 1)
    size = number(abs(growth_pct), "zh")
    if shown == 0:
        return Text("须与上年同期持平", "must match last year")
    if shown < 0:
        return say("forecast.target_words.may_fall_by", size=size)
    return say("forecast.target_words.must_grow", size=size)
