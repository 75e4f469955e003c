"""``--map '*=skip'`` answers for open labels only, and nothing read is never success."""

import openpyxl
import pytest

from faiwatch.core.errors import DataMissingError
from faiwatch.ingest.meaning import meaning_of
from faiwatch.ingest.reading import Answers, read_workbook

TITLE = ["2025年陕西省固定资产投资（单位：亿元、%）"]
HEADER = ["月份", "累计投资额", "同比增长（%）"]
ROWS = [["1-2月", 1200.5, -3.2], ["1-3月", 2345.6, -1.5]]


@pytest.fixture
def book(tmp_path):
    def write(*rows, sheet="Sheet"):
        path = tmp_path / "own.xlsx"
        made = openpyxl.Workbook()
        made.active.title = sheet
        for row in rows:
            made.active.append(row)
        made.save(path)
        return path

    return write


def answered(**labels):
    labels = {"*": "skip"} | labels
    return Answers(labels={label: meaning_of(words) for label, words in labels.items()})


def read(path, **labels):
    reading = read_workbook(path, answers=answered(**labels))
    return reading, reading.settled()[["ytd_value_100m", "ytd_yoy_pct"]].values.tolist()


def test_a_sheet_of_an_unknown_name_keeps_its_answered_rows(book):
    head = ["2025年陕西省"]
    rows = [head, ["月份", "第一产业（某口径）"], ["1-2月", 5.5], ["1-3月", 6.1]]
    path = book(*rows, sheet="三次产业数据库")
    labels = {"第一产业（某口径）": "primary"}
    asks = {one.id for one in read_workbook(path, answers=answered(**labels)).questions}
    assert "measure" in asks
    _, found = read(path, **{"第一产业（某口径）": "primary growth"})
    assert [row[1] for row in found] == [5.5, 6.1]


def test_unknown_columns_and_rows_are_left_out_with_their_cause(book):
    header = [*HEADER, "入库项目", "序列"]
    rows = [[*row, 12.5, 3.5] for row in ROWS]
    reading, found = read(book(TITLE, header, *rows))
    assert found == [[1200.5, -3.2], [2345.6, -1.5]]
    told = {(one.cell, one.rule) for one in reading.dropped}
    assert {("D2", "wildcard"), ("E2", "wildcard")} <= told


def test_unknown_row_labels_are_left_out(book):
    rows = [["固定资产投资", 9.5], ["文旅投资", 4.5]]
    reading, found = read(book(["2025年陕西省（亿元）"], ["指标", "1-2月"], *rows))
    assert [row[0] for row in found] == [9.5]
    assert ("A4", "wildcard") in {(one.cell, one.rule) for one in reading.dropped}


def test_an_answered_column_keeps_its_place_whatever_else_its_header_says(book):
    heads = [["月份", "投资规模", "同比增长"], ["", "X0012", "X0013"]]
    path = book(TITLE, *heads, *ROWS)
    _, found = read(path, 投资规模="value ytd total", 同比增长="growth ytd total")
    assert found == [[1200.5, -3.2], [2345.6, -1.5]]


def test_an_unknown_group_over_an_answered_column_is_not_taken_for_the_whole(book):
    heads = [["月份", "全部投资", "", "文旅", ""], ["", "完成数", "速度", "完成数", "速度"]]
    rows = [[*row, 4.5, 1.5] for row in ROWS]
    _, found = read(book(TITLE, *heads, *rows), 完成数="value ytd", 速度="growth")
    assert found == [[1200.5, -3.2], [2345.6, -1.5]]


def test_titles_and_notes_are_not_hit(book):
    titles = [["某某局"], TITLE, ["表号：", "某1表"]]
    _, found = read(book(*titles, HEADER, *ROWS, ["注：初步数"]))
    assert found == [[1200.5, -3.2], [2345.6, -1.5]]


def test_nothing_read_says_what_was_found_and_skipped(book):
    rows = [["1-2月", 1.5, 2.5], ["1-3月", 3.5, 4.5]]
    path = book(["2025年陕西省"], ["月份", "甲数", "乙数"], *rows)
    with pytest.raises(DataMissingError) as refused:
        read_workbook(path, answers=answered())
    assert refused.value.exit_code == 10
    assert "a table at A2:C4; its 2 columns were skipped by *=skip" in refused.value.message("en")
    assert "A2:C4 有一张表，其 2 列由 *=skip 略去" in refused.value.message("zh")


def test_nothing_but_skipped_rows_is_nothing_read(book):
    rows = [["文旅投资", 9.5], ["农业投资", 4.5]]
    path = book(["2025年陕西省（亿元）"], ["指标", "1-2月"], *rows)
    with pytest.raises(DataMissingError) as refused:
        read_workbook(path, answers=answered())
    assert "its 2 row labels were skipped by *=skip" in refused.value.message("en")


def test_nothing_but_january_is_nothing_read(book):
    with pytest.raises(DataMissingError) as refused:
        read_workbook(book(TITLE, HEADER, ["1月", 120.5, 3.2]))
    message = refused.value.message("en")
    assert "a table at A2:C3" in message
    assert "there is no January release" in message


def test_a_blank_table_is_not_called_skipped(book):
    path = book(TITLE, HEADER, ["1-2月", "—", "—"], ["1-3月", "—", "—"])
    with pytest.raises(DataMissingError) as refused:
        read_workbook(path)
    assert "skipped" not in refused.value.message("en")


def test_zero_rows_leave_with_10(faiwatch_says, book):
    path = book(["2025年陕西省"], ["月份", "甲数"], ["1-2月", 1.5], ["1-3月", 3.5])
    code, out, err = faiwatch_says("ingest", path, "--map", "*=skip", "--lang", "en")
    assert code == 10
    assert "skipped by *=skip" in err
    assert "Traceback" not in out + err
