"""A file that states another subject than investment is not turned into investment."""

import json

import openpyxl
import pytest

from faiwatch.ingest.meaning import meaning_of
from faiwatch.ingest.reading import Answers, read_workbook

BODY = [["地区", "2019年", "2018年"], ["陕西省", 120.5, 110.5], ["甘肃省", 80.5, 70.5]]
ANSWERS = {"2019年": "value ytd 2019-12", "2018年": "value ytd 2018-12"}


@pytest.fixture
def book(tmp_path):
    def write(**sheets):
        path = tmp_path / "own.xlsx"
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
        made.save(path)
        return path

    return write


def answers(labels=ANSWERS, **more):
    meanings = {label: meaning_of(words) for label, words in labels.items()}
    return Answers(labels=meanings, **({"indicator": "total", "unit": "亿元"} | more))


@pytest.mark.parametrize(
    "title",
    [
        "指标：地区生产总值(亿元)",
        "2019年社会消费品零售总额（亿元）",
        "规模以上工业增加值",
        "居民消费价格指数(上年同月=100)",
        "固定资产投资价格指数",
        "GDP by province",
        "Retail sales of consumer goods",
    ],
)
def test_another_subject_stops_the_file_whatever_is_answered(book, title):
    path = book(分省数据=[["数据库：分省数据"], [title], *BODY])
    for said in (None, answers(), answers({"*": "skip"}), answers({"*": "total growth"})):
        (question,) = read_workbook(path, answers=said).questions
        assert question.id == "subject"
        assert question.got == title
        assert question.cell == "A2"
        assert question.flag == "--subject-is-investment"


def test_the_name_of_a_sheet_states_a_subject_too(book):
    (question,) = read_workbook(book(GDP=BODY), answers=answers()).questions
    assert (question.id, question.got) == ("subject", "GDP")


def test_the_user_may_say_that_it_is_investment(book):
    path = book(分省数据=[["指标：地区生产总值(亿元)"], *BODY])
    table = read_workbook(path, answers=answers(subject_is_investment=True)).settled()
    assert len(table) == 4


def test_a_title_that_names_investment_too_is_read(book):
    title = ["2019年地区生产总值和固定资产投资"]
    labels = ANSWERS
    reading = read_workbook(book(表1=[title, *BODY]), answers=answers(labels))
    assert len(reading.settled()) == 4


def test_rows_of_another_subject_beside_investment_are_left_out(book):
    rows = [
        ["2025年陕西省主要经济指标（亿元）"],
        ["指标", "1-2月", "1-3月"],
        ["地区生产总值", 500.5, 800.5],
        ["固定资产投资", 100.5, 180.5],
        ["社会消费品零售总额", 70.5, 90.5],
    ]
    reading = read_workbook(book(表1=rows))
    assert reading.settled()["ytd_value_100m"].tolist() == [100.5, 180.5]
    assert [one.cell for one in reading.dropped if one.rule == "other_subject"] == ["A3", "A5"]


def test_growth_below_a_row_of_another_subject_is_of_that_subject(book):
    rows = [
        ["2025年陕西省主要经济指标（亿元、%）"],
        ["指标", "1-2月", "1-3月"],
        ["固定资产投资额", 100.5, 180.5],
        ["同比增长", 3.5, 4.5],
        ["地区生产总值", 500.5, 800.5],
        ["同比增长", 5.5, 6.5],
    ]
    reading = read_workbook(book(表1=rows))
    assert reading.settled()["ytd_yoy_pct"].tolist() == [3.5, 4.5]
    assert [one.cell for one in reading.dropped if one.rule == "other_subject"] == ["A5", "A6"]


def test_a_title_of_the_whole_does_not_stop_rows_that_name_investment(book):
    rows = [
        ["2025年陕西省生产总值等主要经济指标（亿元）"],
        ["指标", "1-2月", "1-3月"],
        ["地区生产总值", 500.5, 800.5],
        ["固定资产投资", 100.5, 180.5],
    ]
    assert read_workbook(book(表1=rows)).settled()["ytd_value_100m"].tolist() == [100.5, 180.5]


def test_an_answer_cannot_make_another_subject_investment(book):
    rows = [["2025年陕西省（亿元）"], ["指标", "1-2月"], ["地区生产总值", 500.5]]
    path = book(表1=rows)
    said = {"地区生产总值": "total value"}
    (question,) = read_workbook(path, answers=answers(said)).questions
    assert (question.id, question.cell) == ("subject", "A3")
    table = read_workbook(path, answers=answers(said, subject_is_investment=True)).settled()
    assert table["ytd_value_100m"].tolist() == [500.5]


def test_nor_can_a_synonym_table_of_ones_own(book, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("label,means\n地区生产总值,total value\n", encoding="utf-8")
    rows = [["2025年陕西省（亿元）"], ["指标", "1-2月"], ["地区生产总值", 500.5]]
    (question,) = read_workbook(book(表1=rows), answers=Answers(headers=own)).questions
    assert question.id == "subject"


def test_nothing_but_columns_of_another_subject_stops_the_file(book):
    rows = [["时间", "居民消费价格指数(上年同月=100)", "CPI"], ["2025年2月", 100.5, 100.5]]
    (question,) = read_workbook(book(月度数据=rows)).questions
    assert (question.id, question.cell) == ("subject", "B1")


def test_sheets_of_other_subjects_are_left_out_beside_one_of_investment(book):
    good = [["2025年陕西省固定资产投资（亿元）"], ["月份", "累计投资额"], ["1-2月", 5.5]]
    path = book(
        GDP=BODY,
        人均=[["社会消费品零售总额"], *BODY],
        汇率=[["日期", "收盘"], *BODY[1:]],
        投资=good,
    )
    reading = read_workbook(path)
    assert reading.settled()["ytd_value_100m"].tolist() == [5.5]
    left_out = [one.sheet for one in reading.dropped if one.rule == "other_subject_sheet"]
    assert left_out == ["GDP", "人均", "汇率"]


def test_a_sheet_of_the_same_header_belongs_to_one_of_investment(book):
    first = [["固定资产投资（亿元）"], ["月份", "累计值"], ["2025年1-2月", 5.5]]
    path = book(陕西=first, 甘肃=[["2025年"], ["月份", "累计值"], ["2025年1-2月", 7.5]])
    asked = {one.id for one in read_workbook(path).questions}
    assert asked == {"indicator", "unit"}  # of the second sheet, which is not left out


def test_a_file_in_which_nothing_names_investment_is_asked_about_in_one_line(book):
    path = book(分省年度数据=BODY)
    (question,) = read_workbook(path).questions
    assert (question.id, question.flag) == ("subject", "--subject-is-investment")
    assert "nothing in the file says" in question.text.en


def test_a_bare_sector_is_no_investment_where_nothing_says_so(book):
    rows = [["2025年陕西省（亿元）"], ["月份", "第一产业", "第二产业"], ["1-2月", 5.5, 6.5]]
    (question,) = read_workbook(book(表1=rows)).questions
    assert question.id == "subject"


def test_the_command_stops_in_one_line(faiwatch_says, book):
    path = book(分省数据=[["指标：地区生产总值(亿元)"], *BODY])
    options = ["--indicator", "total", "--map", "2019年=value ytd 2019-12"]
    code, out, err = faiwatch_says("ingest", path, *options, "--lang", "en")
    assert (code, out) == (11, "")
    assert len(err.strip().splitlines()) == 1
    assert "another subject than investment" in err
    code, out, _ = faiwatch_says("ingest", path, "--json", "--lang", "zh")
    assert code == 11
    assert [one["id"] for one in json.loads(out)["questions"]] == ["subject"]
    last = ["--map", "2018年=value ytd 2018-12", "--history", "none"]
    assert faiwatch_says("ingest", path, *options, *last, "--subject-is-investment")[0] == 0
