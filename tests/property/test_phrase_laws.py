"""Laws of the phrases: both languages hold the same numbers, whatever the figures are."""

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from faiwatch.core.phrases import (
    average_phrase,
    bare_phrase,
    change_phrase,
    contribution_phrase,
    gap_phrase,
    growth_phrase,
    share_phrase,
)
from faiwatch.core.text import Text, half_up

GROWTH = st.floats(-99, 400).map(lambda value: round(value, 3))
MARK = Text("序时进度", "even pace")


def numbers_of(words):
    """Return the figures of a phrase."""
    words = re.sub(r"1—\d+月", "", words)
    return [Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", words)]


@given(GROWTH, GROWTH)
def test_both_languages_hold_the_same_numbers(growth, before):
    said = (
        growth_phrase(growth),
        change_phrase(growth, before, "2026-07"),
        average_phrase(growth),
        bare_phrase(growth),
        contribution_phrase(growth),
        gap_phrase(growth - before, MARK),
        share_phrase(abs(growth), MARK),
    )
    for words in said:
        assert numbers_of(words.zh) == numbers_of(words.en), words


@given(GROWTH, GROWTH)
def test_a_difference_is_taken_before_it_is_rounded(one, other):
    printed = half_up(abs(one - other), 1)
    told = numbers_of(gap_phrase(one - other, MARK).zh)
    assert told == ([printed] if printed else [])


@given(GROWTH, GROWTH)
def test_a_smaller_decline_narrows_and_a_larger_one_widens(growth, before):
    words = change_phrase(-abs(growth) - 0.1, -abs(before) - 0.1, "2026-07").zh
    moved = half_up(abs(before) - abs(growth), 1)
    expected = "收窄" if moved > 0 else "扩大" if moved < 0 else "持平"
    assert expected in words
