"""Months, quarters, years and their marks as people spell them; dialects; how figures are taken."""

import pytest

from faiwatch.core.errors import ParameterError
from faiwatch.data.encoding import decode_csv
from faiwatch.ingest.dates import day_inside, order_of_days, read_day, read_period, read_slashed
from faiwatch.ingest.dialect import delimiter_of, open_comma, with_decimal_commas
from faiwatch.ingest.numbers import read_number
from faiwatch.ingest.takes import TAKE_WORDS, TAKES, flag_of, taken
from faiwatch.ingest.values import DecimalComma, Sheet


@pytest.mark.parametrize(
    ("spelt", "year", "month", "is_window"),
    [
        ("2025Q1", 2025, 3, True),  # the first quarter is the year to date
        ("2025-Q2", 2025, 6, False),
        ("2Q 2025", 2025, 6, False),
        ("Q3-25", 2025, 9, False),
        ("25Q4", 2025, 12, False),
        ("2025年二季度", 2025, 6, False),
        ("第3季度", None, 9, False),
        ("2025Q1–Q3累计", 2025, 9, True),
        ("1-2季度", None, 6, True),
        ("2025年三季度累计", 2025, 9, True),
        ("前三季度", None, 9, True),
        ("1H25", 2025, 6, True),
        ("9M2025", 2025, 9, True),
        ("全年", None, 12, True),
        ("31-Mar-19", 2019, 3, False),
        ("Mar 31, 2019", 2019, 3, False),
        ("2019-Mar-31", 2019, 3, False),
        ("201903.0", 2019, 3, False),
        ("Mar 14, 2019 (Feb)", 2019, 2, False),  # a release, and the month that it is about
        ("Jan 18, 2019 (Dec)", 2018, 12, False),
        ("FY2024", 2024, None, False),
        ("Sep-25", 2025, 9, False),
        ("2025-M09", 2025, 9, False),
        ("09.2025", 2025, 9, False),
        ("30.09.2025", 2025, 9, False),
        ("2025-09-01T01:00:00+02:00", 2025, 9, False),
        ("99年3月", 1999, 3, False),
    ],
)
def test_a_period_is_read_as_it_is_spelt(spelt, year, month, is_window):
    assert read_period(spelt)[:3] == (year, month, is_window)


@pytest.mark.parametrize(
    "words", ["q5", "5季度", "9e", "5p", "H2 2025", "2025-08-31T16:00:00Z", "2025-10-20", "Qtr"]
)
def test_what_is_no_period_is_none(words):
    """The evening before a month may be the month or the one before; a day is no month's name."""
    assert read_period(words) is None


@pytest.mark.parametrize(
    ("spelt", "mark"),
    [
        ("Jan\n2026p", "provisional"),
        ("2025r", "revised"),
        ("2025年8月（初步核算）", "provisional"),
        ("2025E", "forecast"),
        ("2025年(预计)", "forecast"),
        ("2024A", ""),
        ("2025*", "footnote"),
    ],
)
def test_a_mark_is_told_apart_from_its_month(spelt, mark):
    assert read_period(spelt).mark == mark


def test_an_expected_day_is_no_day_of_a_ledger():
    assert read_day("2026年9月(预计)") is None
    assert read_day("2026年9月").date is not None


def test_the_column_tells_the_order_of_days():
    assert order_of_days(["2/1/2024", "3/1/2024"]) == "month"
    assert order_of_days(["01/02/2024", "01/03/2024"]) == "day"
    assert order_of_days(["1/1/2024", ""]) is None
    assert order_of_days(["20/25/2024"]) is None
    assert read_slashed("31/12/2025", "day")[:2] == (2025, 12)
    assert read_slashed("31/12/2025", "month") is None
    assert day_inside("2026.2") is None


@pytest.mark.parametrize(
    ("spelt", "value", "mark"),
    [
        ("4.2 r", 4.2, "revised"),
        ("103174p", 103174, "provisional"),
        ("5.2%(初步)", 5.2, "provisional"),
        ("4.2E", 4.2, "forecast"),
        ("103174*", 103174, "footnote"),
        ("103\u2009174", 103174, ""),
        ("1'234.5", 1234.5, ""),
    ],
)
def test_a_number_is_read_beside_its_mark(spelt, value, mark):
    number = read_number(spelt)
    assert (number.value, number.spelling.mark) == (value, mark)


@pytest.mark.parametrize("words", ["1e", "3x", "4.2 c", "98,4"])
def test_what_is_nearly_a_marked_number_is_none(words):
    assert read_number(words) is None


def test_a_column_tells_its_decimal_comma():
    rows = [["1.234,5", "1,234.5"], ["104", "2,000"], ["1.500", "3"]]
    read = with_decimal_commas(rows)
    assert [row[0] for row in read] == [1234.5, "104", 1500]  # beside a decimal comma, thousands
    assert isinstance(read[2][0], DecimalComma)
    assert [row[1] for row in read] == ["1,234.5", "2,000", "3"]  # the other column says points
    mixed = [["98,4"], ["98.4"]]
    assert with_decimal_commas(mixed) == mixed


def test_one_comma_that_may_be_either_is_asked_about_where_nothing_tells():
    rows = [["a", "1,234"]]
    assert open_comma(Sheet("t", rows, delimiter=";")) == (0, 1)
    assert open_comma(Sheet("t", rows, delimiter=",")) is None
    assert open_comma(Sheet("t", rows)) == (0, 1)
    assert open_comma(Sheet("t", [["投资额", "1,234"]])) is None  # Chinese has no decimal comma
    assert open_comma(Sheet("t", [*rows, ["b", 4.5]], delimiter=";")) is None
    assert with_decimal_commas(rows, asked="decimal")[0][1] == 1.234
    assert with_decimal_commas(rows, asked="thousands") == rows


@pytest.mark.parametrize("sign", ",;\t|")
def test_the_delimiter_is_the_consistent_one(sign):
    lines = [["月份", "额", "速"], *[[f"2025-{m:02d}", f"1{m},5", "0,4"] for m in range(2, 6)]]
    quote = '"' if sign == "," else ""
    text = "\n".join(sign.join(f"{quote}{cell}{quote}" for cell in line) for line in lines)
    assert delimiter_of(text) == sign


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("时间,固定资产投资\n2025,圳", "gbk"),
        ("時間,固定資產投資\n2025,1", "big5"),
        ("Год;Объем, млрд. рублей\n2025;1", "cp1251"),
        ("Monat;Index für Geräte\n2025;1", "cp1252"),
        ("时间\t额\n2025\t1", "utf-16-le"),
        ("时间\t额\n2025\t1", "utf-16-be"),
    ],
)
def test_an_encoding_is_told_by_its_letters(words, encoding):
    assert decode_csv(words.encode(encoding)) == words


def test_bytes_of_no_language_are_refused():
    with pytest.raises(UnicodeDecodeError):
        decode_csv(b"\x00\x01\x02\x80\x81")


@pytest.mark.parametrize(
    "wrong", ["annual", "annual=cumulate", "weekly=ytd", "=ytd", "monthly=ytd"]
)
def test_what_cannot_be_taken_so_is_refused(wrong):
    """Single months are never taken for the year to date, whatever is answered."""
    with pytest.raises(ParameterError):
        taken(wrong)


def test_every_way_has_its_words():
    ways = [f"{kind}={how}" for kind, hows in TAKES.items() for how in hows]
    assert list(TAKE_WORDS) == ways
    assert [taken(one) for one in ways]
    assert flag_of("quarterly", "cumulate").startswith("--take quarterly=cumulate | ")
