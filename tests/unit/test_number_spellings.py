"""One cell as a number: which rules were applied, its scale and unit, and where a number ends."""

import datetime
import math

import numpy as np
import pytest

from faiwatch.core.text import fold
from faiwatch.ingest.numbers import BLANK, MISSING, exact, is_figure, is_missing_mark, read_number
from faiwatch.ingest.values import Percent, Unusable


@pytest.mark.parametrize(
    ("cell", "value", "rules", "is_percent", "unit"),
    [
        (12, 12.0, (), False, ""),
        ("12", 12.0, ("text_number",), False, ""),
        ("１２", 12.0, ("full_width",), False, ""),
        ("5.2%", 5.2, ("percent_sign",), True, ""),
        ("５．２％", 5.2, ("full_width", "percent_sign"), True, ""),
        (Percent(0.052), 5.2, ("percent_format",), True, ""),
        (Percent(-1.5), -150.0, ("percent_format",), True, ""),
        ("持平", 0.0, ("words",), True, ""),
        ("与上年持平", 0.0, ("words",), True, ""),
        ("下降3.2%", -3.2, ("words", "percent_sign"), True, ""),
        ("减少3.2", -3.2, ("words",), False, ""),
        ("降低 3.2 %", -3.2, ("words", "percent_sign"), True, ""),
        ("上升3.2", 3.2, ("words",), False, ""),
        ("增加3.2", 3.2, ("words",), False, ""),
        ("5.2p", 5.2, ("provisional_mark",), False, ""),
        ("5.2%（修订）", 5.2, ("full_width", "revised_mark", "percent_sign"), True, ""),
        ("52亿元 预计", 52.0, ("forecast_mark",), False, "亿元"),
        ("(3.2)", -3.2, ("parentheses",), False, ""),
        ("(3.2%)", -3.2, ("parentheses", "percent_sign"), True, ""),
        ("↑5.3%", 5.3, ("arrow", "percent_sign"), True, ""),
        ("↑ +5.3 %", 5.3, ("arrow", "percent_sign"), True, ""),
        ("+5.3 % ↑", 5.3, ("arrow", "percent_sign"), True, ""),
        ("5.3%↑", 5.3, ("arrow", "percent_sign"), True, ""),
        ("↓ 5.3%", -5.3, ("arrow", "percent_sign"), True, ""),
        ("↓−5.3%", -5.3, ("arrow", "percent_sign"), True, ""),
        ("-5.3% ↓", -5.3, ("arrow", "percent_sign"), True, ""),
        ("5.3%↓", -5.3, ("arrow", "percent_sign"), True, ""),
        ("↓５.３％", -5.3, ("full_width", "arrow", "percent_sign"), True, ""),
        ("↓5.3%*", -5.3, ("footnote_mark", "arrow", "percent_sign"), True, ""),
        ("1,234", 1234.0, ("thousands",), False, ""),
        ("12,345,678.9", 12345678.9, ("thousands",), False, ""),
        ("-1,234", -1234.0, ("thousands",), False, ""),
        ("(1,234)", -1234.0, ("parentheses", "thousands"), False, ""),
        ("12*", 12.0, ("footnote_mark",), False, ""),
        ("12%*", 12.0, ("footnote_mark", "percent_sign"), True, ""),
        ("12[3]", 12.0, ("footnote_mark",), False, ""),
        ("12③", 12.0, ("full_width", "footnote_mark"), False, ""),
        ("123.4亿元", 123.4, ("text_number",), False, "亿元"),
        ("5 万元", 5.0, ("text_number",), False, "万元"),
        ("1,234万元", 1234.0, ("thousands",), False, "万元"),
        ("-1e3", -1000.0, ("text_number",), False, ""),
        ("12.", 12.0, ("text_number",), False, ""),
    ],
)
def test_a_spelling_is_told_with_its_number(cell, value, rules, is_percent, unit):
    number = read_number(cell)
    assert number.value == value
    assert number.spelling == (rules, is_percent, unit)


@pytest.mark.parametrize(
    "cell",
    [
        "12元素", "12个", "1,23", "1234,567", ",123", "12%5", "%", "1.5.", "()", "(12", "12)",
        "(1)(2)", "增长", "增长约5%", "5%增长", "大幅下降3%", "12x", "e5", "1e", "1e123",
        "↑-5.3%", "-5.3%↑", "↓+5.3%", "+5.3%↓", "↑5.3%↓", "↑5.3%↑", "↓5.3%↓", "↑↑5.3%", "↑", "↓%",
        "↑5.3", "↓5.3", "5.3↓", "↑1.2.3%", "(5.3%)↓", "↓(5.3%)", "↑5.3%x1",
        "1234567890123456789", "0." + "1" * 16, "1 23", "12--", "+-5", "±5", "#12", "12!",
        False, datetime.time(9), datetime.timedelta(1), math.nan, math.inf,
    ],
)  # fmt: skip
def test_what_is_nearly_a_number_is_none(cell):
    assert read_number(cell) is None
    assert not is_figure(cell)


def test_a_number_has_thirty_signs_at_most():
    assert read_number("0" * 13 + "1." + "0" * 15).value == 1.0  # thirty with the point
    assert read_number("增长" + " " * 27 + "5").value == 5.0
    assert read_number("增长" + " " * 28 + "5") is None


@pytest.mark.parametrize("cell", ["#REF!", "#DIV/0!", "#NAME?", Unusable("error")])
def test_a_cell_in_error_holds_no_figure_and_is_told_from_a_blank(cell):
    number = read_number(cell)
    assert number.value is None
    assert number.spelling.rules == ("error_cell",)
    assert number != BLANK


@pytest.mark.parametrize(
    ("cell", "marks"), [("-", True), (" — ", True), ("N/A", True), ("＃N／A", True), ("", False),
                        (" ", False), ("0", False), (0.5, False), (None, False), ("x", True)],
)  # fmt: skip
def test_a_mark_says_not_published_and_a_blank_says_nothing(cell, marks):
    assert is_missing_mark(cell) == marks
    if marks:
        assert read_number(cell) == MISSING


def test_a_figure_is_a_number_or_what_should_have_been_one():
    assert [is_figure(cell) for cell in ("5", 5.0, Percent(0.1), Unusable("formula"))] == [True] * 4
    assert [is_figure(cell) for cell in ("", "—", "无", "约5", True)] == [False] * 5


def test_binary_noise_is_taken_off_and_nothing_else():
    told = exact(np.array([5.199999999999999, 0.1 + 0.2, -7.199999999999999, 5.1999999, 1 / 3]))
    assert told.tolist() == [5.2, 0.3, -7.2, 5.1999999, 1 / 3]
    assert read_number(0.1 + 0.2).value == 0.3
    assert read_number(5.1999999).value == 5.1999999
    assert read_number(1e-12).value == 1e-12  # small is not noise
    ten = math.nextafter(0.1234567891, 1)  # nobody publishes so many decimals
    assert read_number(ten).value == exact(np.array([ten]))[0] == ten
    assert read_number(-0.30000000000000004).value == -0.3


def test_full_width_is_folded_but_an_ellipsis_is_not_three_stops():
    assert fold(" １２％ ") == "12%"
    assert fold("…") == "…"
    assert fold("5③ ") == "5[3]"
    assert fold(" a ") == "a"
