"""What one cell, one label and one month say."""

import datetime

import pytest

from faiwatch.core.errors import ParameterError
from faiwatch.data.reference import known_indicators
from faiwatch.ingest.dates import read_period
from faiwatch.ingest.headers import Synonyms, known_synonyms
from faiwatch.ingest.meaning import Meaning, mapped, meaning_of, spelt
from faiwatch.ingest.numbers import read_number
from faiwatch.ingest.rules import RULES
from faiwatch.ingest.units import VALUE_UNITS, growth_scale, stated_units, unit_named
from faiwatch.ingest.values import Percent, Unusable, address, place_named, position

SYNONYMS = Synonyms(known_synonyms())


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("１２３．４", 123.4), ("1,234,567.8", 1234567.8), ("1，234.5", 1234.5),
        ("1 234.5", 1234.5),
        ("−3.2", -3.2), ("－3.2", -3.2), ("—3.2", -3.2), ("+5.2", 5.2), ("(3.2)", -3.2),
        ("5.2%", 5.2), ("５．２％", 5.2), ("12.5*", 12.5), ("12.5①", 12.5), (" 12 ", 12.0),
        ("增长5.2%", 5.2), ("下降 3.2", -3.2), ("持平", 0.0), (".5", 0.5),
        ("1e3", 1000.0),
        (0, 0.0), (5.199999999999999, 5.2), (Percent(0.052), 5.2),
    ],
)  # fmt: skip
def test_a_number_in_any_spelling(cell, value):
    assert read_number(cell).value == value


@pytest.mark.parametrize(
    "cell", ["", " ", "—", "——", "-", "/", "…", "……", "...", "无", "N/A", "NaN", "null", "待补"]
)
def test_blanks_and_marks_are_no_zeros(cell):
    assert read_number(cell).value is None


@pytest.mark.parametrize(
    "cell",
    ["约12", "12,34", "1.234,5", "12-13", "=1+1", "1" * 5000, "9" * 29 + "x", "1.2.3", "inf", True,
     datetime.date(2020, 9, 1), float("-inf"), Unusable("formula"), "٣", "1e400", "0x10", "--5"],
)  # fmt: skip
def test_what_is_not_clearly_a_number_is_none(cell):
    assert read_number(cell) is None


def test_a_broken_formula_is_no_figure_and_says_so():
    assert read_number(Unusable("error")).spelling.rules == ("error_cell",)
    assert read_number("#REF!").spelling.rules == ("error_cell",)


@pytest.mark.parametrize(
    ("cell", "year", "month", "is_window"),
    [
        ("2020.9", 2020, 9, False), ("2020.10", 2020, 10, False), ("2020-09", 2020, 9, False),
        ("2020/9", 2020, 9, False), ("2020年9月", 2020, 9, False),
        ("2020 年 9 月份", 2020, 9, False),
        ("二〇二〇年九月", 2020, 9, False), ("20年9月", 2020, 9, False), ("202009", 2020, 9, False),
        (202009, 2020, 9, False), ("20200930", 2020, 9, False), ("2020-09-30", 2020, 9, False),
        (44075, 2020, 9, False), ("1-9月", None, 9, True), ("1—9月", None, 9, True),
        ("1～9月", None, 9, True), ("1至9月", None, 9, True), ("2020年1-9月", 2020, 9, True),
        ("2020年1月-9月", 2020, 9, True), ("2020年前三季度", 2020, 9, True),
        ("上半年", None, 6, True),
        ("9月末", None, 9, False), ("十二月", None, 12, False), ("2020M09", 2020, 9, False),
        ("Sep 2020", 2020, 9, False), ("Jan-Sep 2020", 2020, 9, True), ("2020 Sep", 2020, 9, False),
        ("2020年", 2020, None, False), (2020, 2020, None, False), (9, None, 9, False),
        (datetime.date(2020, 9, 1), 2020, 9, False), (datetime.date(2020, 9, 30), 2020, 9, False),
    ],
    ids=repr,
)  # fmt: skip
def test_a_month_in_any_spelling(cell, year, month, is_window):
    assert read_period(cell)[:3] == (year, month, is_window)


@pytest.mark.parametrize(
    "cell",
    ["2020.13", "2020-00", "13月", "1-13月", "固定资产投资", "", "x" * 300, True, 5.2, "1850年1月",
     # Excel makes 9 January of "1-9": neither the first nor the last day of a month is taken
     datetime.date(2026, 1, 9), "2026-01-09", "2026-02-30", "2-9月"],
)  # fmt: skip
def test_what_names_no_month_is_none(cell):
    assert read_period(cell) is None


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("固定资产投资（不含农户）", "total"),
        ("其中：民间投资", "private"),
        ("（一）第一产业投资", "primary"),
        ("2020年1-9月累计完成投资（亿元）", "value ytd 2020-09 亿元"),
        ("累计同比增长（％）", "growth ytd %"),
        ("固定资产投资额同比增长", "growth total"),
        ("本月完成", "value single"),
        ("上年同期", "skip"),
        ("陕西省", "610000"),
        ("内蒙古", "150000"),
        ("合　　计", "sum"),
        ("FAI, ytd (100 million yuan)", "ytd total 亿元"),
        ("ytd_yoy_pct", "growth ytd %"),
    ],
)
def test_a_label_is_understood_by_the_table(label, words):
    meaning = SYNONYMS.understand(label)
    assert meaning.unknown is None
    assert spelt(meaning) == words


@pytest.mark.parametrize(
    ("label", "rest"),
    [("水利固定资产投资", "水利"), ("文旅投资", "文旅"), ("吉林市", "市"),
     ("固定资产透资", "透资")],
)  # fmt: skip
def test_what_is_not_in_the_table_makes_a_label_unknown(label, rest):
    assert SYNONYMS.understand(label).unknown is not None
    assert set(SYNONYMS.understand(label).unknown) <= set(rest)


def test_a_near_spelling_is_proposed_and_not_used():
    assert SYNONYMS.propose("固定资产透资") == "固定资产投资"
    assert SYNONYMS.understand("固定资产透资").indicator is None


def test_two_subjects_in_one_label_are_not_understood():
    assert SYNONYMS.understand("民间投资和制造业投资").unknown is not None


@pytest.mark.parametrize(
    ("title", "region"),
    [("陕西省2020年投资", "610000"), ("陕西省汉中市2020年投资", None), ("北京市海淀区", None),
     ("北京、天津投资", None), ("全国固定资产投资", "000000")],
)  # fmt: skip
def test_a_title_names_a_region_only_when_no_smaller_place_follows(title, region):
    assert SYNONYMS.search(title).region == region


def test_answers_win_and_a_star_answers_for_the_rest():
    answers = {"文旅投资": meaning_of("industry"), "*": meaning_of("skip")}
    table = Synonyms(known_synonyms(), answers)
    assert table.understand("文旅投资").indicator == "industry"
    assert table.understand("从没见过").unknown == "从没见过"  # rows and columns ask for the rest
    assert table.everything_else.measure == "skip"
    assert table.understand("民间投资").indicator == "private"


@pytest.mark.parametrize(
    "answer", ["投资", "=value", "投资=", "投资=vaule", "投资=Total!", "x=2020-13"]
)
def test_an_answer_outside_the_grammar_is_refused(answer):
    with pytest.raises(ParameterError):
        mapped(answer, tuple(known_indicators()))


def test_the_synonym_table_names_known_indicators_only():
    named = {meaning.indicator for meaning in known_synonyms().values()} - {None}
    assert named <= set(known_indicators())


@pytest.mark.parametrize("unit", VALUE_UNITS)
def test_a_unit_is_known_by_its_own_name(unit):
    assert unit_named(unit).name == unit


def test_units_of_a_title():
    assert [one.name for one in stated_units("单位：万元、%")] == ["万元", "%"]
    assert stated_units("单位：个") == stated_units("投资单位") == []


@pytest.mark.parametrize(
    ("sizes", "says_percent", "scale"),
    [
        ([5.2, 3.1, 0.4], True, "percent"),
        ([0.5, 0.3], True, "percent"),  # a fraction would be 50% and 30%
        ([0.5, 0.3], False, None),
        ([0.052, 0.031, 0.004], False, "fraction"),
        ([0.052], False, None),  # one figure has no neighbours
        ([0.052, 0.031, 0.004], True, None),  # header and figures disagree
        ([5.2, 0.052], False, None),  # both at once
        ([5.234567, 0.512345], False, "percent"),  # worked out, not rounded
        ([2.848, *[0.001 * number for number in range(1, 20)]], False, None),
        ([0.0], False, "percent"),
    ],
)  # fmt: skip
def test_growth_scale_is_decided_or_refused(sizes, says_percent, scale):
    assert growth_scale(sizes, says_percent=says_percent) == scale


def test_every_rule_is_told_in_both_languages():
    assert all(text.zh and text.en for text in RULES.values())


def test_addresses_are_each_others_inverse():
    assert [position(address(4, column)) for column in (0, 25, 26, 701, 702)] == [
        (4, 0), (4, 25), (4, 26), (4, 701), (4, 702)
    ]  # fmt: skip


def test_a_meaning_is_filled_up_and_never_overwritten():
    assert Meaning(year=2020).over(Meaning(year=2019, month=9)) == Meaning(year=2020, month=9)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("B", ("", None, 1)),
        ("B5", ("", 4, 1)),
        ("Sheet1!AI", ("Sheet1", None, 34)),
        ("'it''s (2)'!C7", ("it's (2)", 6, 2)),
        ("固投!A1", ("固投", 0, 0)),
        ("投资额", None),
        ("!A", None),
        ("AAAA", None),
        ("b5", None),
    ],
)
def test_a_place_is_written_as_in_a_spreadsheet(
    name: str, place: tuple[str, int | None, int] | None
) -> None:
    assert place_named(name) == place
