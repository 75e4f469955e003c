"""What a file leaves open is asked, with the option that answers it; nothing is guessed."""

import openpyxl
import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError, DataMissingError, ParameterError
from faiwatch.ingest.meaning import meaning_of
from faiwatch.ingest.reading import Answers, read_workbook

TITLE = ["2025年陕西省固定资产投资"]
HEADER = ["月份", "累计投资额（亿元）", "同比增长（%）"]
ROWS = [["1-2月", 1200.5, -3.2], ["1-3月", 2345.6, -1.5]]


@pytest.fixture
def book(tmp_path):
    def write(*rows, **more_sheets):
        path = tmp_path / "own.xlsx"
        made = openpyxl.Workbook()
        for row in rows:
            made.active.append(row)
        for name, others in more_sheets.items():
            sheet = made.create_sheet(name)
            for row in others:
                sheet.append(row)
        made.save(path)
        return path

    return write


def labels(**answers):
    return Answers(labels={label: meaning_of(words) for label, words in answers.items()})


def asked(path, answers=None, **more):
    return {one.id: one for one in read_workbook(path, answers=answers, **more).questions}


@pytest.mark.parametrize(
    ("rows", "id", "answers"),
    [
        ([TITLE, ["月份", "累计投资额"], *[row[:2] for row in ROWS]], "unit", Answers(unit="万元")),
        ([TITLE, ["单位：万元、亿元"], ["月份", "累计投资额"], *[row[:2] for row in ROWS]], "unit",
         Answers(unit="亿元")),
        ([["2025年固定资产投资"], HEADER, *ROWS], "region", Answers(region="610702")),
        ([["2025年陕西省"], HEADER, *ROWS], "indicator", Answers(indicator="total")),
        ([["陕西省固定资产投资"], HEADER, *ROWS], "year", Answers(year=2025)),
        ([TITLE, ["月份", "增速"], ["1-2月", 0.052], ["1-3月", 0.3]], "growth_scale",
         Answers(growth_scale="fraction")),
        ([TITLE, ["月份", "全社会投资（亿元）"], *[row[:2] for row in ROWS]], "label",
         labels(**{"全社会投资（亿元）": "value ytd 亿元"})),
        ([TITLE, HEADER, ["二月", 1.5, 0.5], ["春季", 2.5, 0.5]], "period", labels(春季="2025-03")),
        ([TITLE, HEADER, ["1-2月", "约12", -3.2]], "number", Answers(unreadable_is_missing=True)),
        ([TITLE, HEADER, ["1-2月", "=1+1", -3.2]], "formula", Answers(unreadable_is_missing=True)),
        ([TITLE, ["月份", "投资额（亿元）"], ["2月", 9.5], ["3月", 4.5]], "window",
         labels(**{"投资额（亿元）": "value ytd 亿元"})),
        ([TITLE, ["指标", "2月", "3月"], ["投资额（亿元）", 9.5, 4.5]], "window",
         labels(**{"投资额（亿元）": "value ytd 亿元"})),
        ([TITLE, ["月份", "累计投资（亿元）"], ["1-2月", "5.2%"]], "measure",
         labels(**{"累计投资（亿元）": "growth ytd"})),
        ([TITLE, ["月份", "累计投资额（%）"], ["1-2月", 5.2]], "measure",
         labels(**{"累计投资额（%）": "growth ytd %"})),
        ([TITLE, ["月份", "当月投资额（亿元）"], ["2月", 9.5], ["3月", 4.5]], "window",
         labels(**{"当月投资额（亿元）": "value ytd 亿元"})),
        ([["陕西省固定资产投资"], ["时间", "累计（亿元）"], [2025.1, 9.5]], "period",
         labels(**{"2025.1": "2025-10"})),
        ([TITLE, ["月份", "累计（亿元）"], ["2月", 9.5], ["3月", 4000000]], "magnitude",
         Answers(unit="亿元")),
        ([TITLE, ["月份", "同比增长（%）"], ["2月", 520], ["3月", 310]], "growth_scale", None),
    ],
)  # fmt: skip
def test_what_is_open_is_asked_and_can_be_answered(book, rows, id, answers):
    path = book(*rows)
    question = asked(path)[id]
    assert question.flag
    assert question.cell
    assert question.text.zh
    reading = read_workbook(path)
    assert reading.table.empty
    with pytest.raises(DataInvalidError, match=r"own\.xlsx") as refused:
        reading.settled()
    assert refused.value.exit_code == 11
    assert "--" in refused.value.message("en")
    if answers is not None:
        assert not read_workbook(path, answers=answers).settled().empty


def test_every_open_question_is_asked_at_once(book):
    ids = asked(
        book(["情况"], ["月份", "累计投资额", "增速"], ["1-2月", 5.5, 0.05], ["1-3月", 9, 0.1])
    )
    assert {"region", "indicator", "year", "unit", "growth_scale"} <= set(ids)


def test_a_near_label_is_proposed(book):
    question = asked(book(["2025年陕西省"], ["指标", "1-2月（亿元）"], ["民间透资", 5.5]))["label"]
    assert question.proposal == "民间投资"
    assert question.flag == "--map '民间透资=private'"


def test_another_name_is_no_misspelling(book):
    question = asked(book(["2025年陕西省"], ["指标", "1-2月（亿元）"], ["文旅投资", 5.5]))["label"]
    assert (question.proposal, question.flag) == ("", "--map '文旅投资=…'")


def test_a_window_beside_growth_is_the_value(book):
    head = ["2025年陕西省固定资产投资", "", "单位：亿元、%"]
    path = book(head, ["月份", "本月", "本月止累计", "同比增长"], ["1-2月", 5, 1200.5, -3.2])
    reading = read_workbook(path)
    assert reading.settled()[["ytd_value_100m", "ytd_yoy_pct"]].values.tolist() == [[1200.5, -3.2]]
    assert "value_by_growth" in {one.rule for one in reading.coercions}


def test_a_month_stands_for_the_named_rows_below_it(book):
    head = ["2025年陕西省", "", "单位：亿元"]
    rows = [
        ["1-2月", "固定资产投资", 9],
        ["", "民间投资", 4],
        ["1-3月", "民间投资", 7],
        ["", "", 8],
    ]
    reading = read_workbook(book(head, ["月份", "指标", "累计投资额"], *rows))
    found = reading.settled()[["indicator", "period", "ytd_value_100m"]].astype({"period": "str"})
    assert found.values.tolist() == [
        ["private", "2025-02", 4],
        ["private", "2025-03", 7],
        ["total", "2025-02", 9],
    ]
    assert [one.rule for one in reading.dropped if one.cell == "C6"] == ["no_label"]


@pytest.mark.parametrize("opens", [["1-3月", "小计", 11], ["1-3月", "", ""]])
def test_a_blank_month_is_that_of_the_row_above_even_if_that_is_left_out(book, opens):
    rows = [["1-2月", "民间投资", 4], opens, ["", "民间投资", 7]]
    head = ["2025年陕西省", "", "单位：亿元"]
    found = read_workbook(book(head, ["月份", "指标", "累计投资额"], *rows)).settled()
    assert found["period"].astype("str").tolist() == ["2025-02", "2025-03"]


def test_different_figures_of_one_month_are_a_conflict(book):
    path = book(TITLE, HEADER, *ROWS, 改过=[TITLE, HEADER, ["1-2月", 1300.5, -3.2]])
    question = asked(path)["conflict"]
    assert question.flag == "--sheet '改过'"
    table = read_workbook(path, answers=Answers(sheets=("改过",))).settled()
    assert table["ytd_value_100m"].tolist() == [1300.5]


def test_two_columns_of_one_thing_are_told_apart_by_their_headers(book):
    header = [*HEADER, "投资完成额（亿元）"]
    path = book(TITLE, header, [*ROWS[0], 1200.5], [*ROWS[1], 2346.1])
    assert asked(path)["conflict"].flag == "--map '投资完成额（亿元）=skip'"
    answered = read_workbook(path, answers=labels(**{"投资完成额（亿元）": "skip"})).settled()
    assert answered["ytd_value_100m"].tolist() == [1200.5, 2345.6]
    assert asked(book(TITLE, HEADER, *ROWS, ["1-3月", 2346.1, -1.5]))["conflict"].flag == ""


def test_a_sheet_that_does_not_exist_is_refused(book):
    with pytest.raises(ParameterError, match="Sheet"):
        read_workbook(book(TITLE, HEADER, *ROWS), answers=Answers(sheets=("无",)))


def test_a_workbook_without_figures_is_missing_data(book):
    with pytest.raises(DataMissingError):
        read_workbook(book(["只有文字"], ["没有数字"]))


def history(region, value):
    months = pd.PeriodIndex(["2024-02", "2024-03"], freq="M")
    return pd.DataFrame(
        {
            "region_code": region,
            "indicator": "total",
            "period": months,
            "ytd_value_100m": [value, value * 2],
            "ytd_yoy_pct": 1.0,
        }
    )


def test_a_pasted_answer_cannot_run_a_command(book):
    question = asked(book(TITLE, ["月份", '"; rm -rf ~; echo "'], ["1-2月", 5.5]))["label"]
    assert question.flag == """--map '"; rm -rf ~; echo "=…'"""


def test_sizes_are_compared_with_history(book):
    path = book(TITLE, HEADER, *ROWS)
    assert not asked(path, history=history("610000", 1100.0))
    assert "magnitude" in asked(path, history=history("610000", 0.11))
    assert not asked(path, Answers(unit="亿元"), history=history("610000", 0.11))


def test_a_part_is_not_larger_than_the_nation(book):
    path = book(TITLE, HEADER, *ROWS)
    assert not asked(path, history=history("000000", 50_000.0))
    assert "magnitude" in asked(path, history=history("000000", 500.0))


def test_january_is_left_out_and_reported(book):
    reading = read_workbook(book(TITLE, HEADER, ["1月", 500.5, 1.1], *ROWS))
    assert [str(period) for period in reading.settled()["period"]] == ["2025-02", "2025-03"]
    assert {("B3", "no_january"), ("C3", "no_january")} <= {
        (one.cell, one.rule) for one in reading.dropped
    }


def test_each_coercion_names_its_cell(book):
    path = book(TITLE, ["单位：万元"], ["月份", "累计投资额"], ["1-2月", "1,200.5"])
    found = {(one.cell, one.was, one.became, one.rule) for one in read_workbook(path).coercions}
    assert ("B4", "1,200.5", "0.12005", "thousands+unit_title") in found
    assert ("A4", "1-2月", "2025-02", "period_text") in found


def test_a_users_synonyms_extend_the_table(book, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("label,means\n全社会投资,total value ytd\n", encoding="utf-8")
    path = book(["2025年陕西省"], ["月份", "全社会投资（亿元）"], ["1-2月", 5.5])
    assert (
        read_workbook(path, answers=Answers(headers=own)).settled().loc[0, "indicator"] == "total"
    )
    own.write_text("label,means\n全社会投资,Total!\n", encoding="utf-8")
    with pytest.raises(DataInvalidError, match=r"own\.csv:2"):
        read_workbook(path, answers=Answers(headers=own))
    with pytest.raises(DataMissingError):
        read_workbook(path, answers=Answers(headers=tmp_path / "none.csv"))


def test_a_row_says_where_it_was_read(book):
    row = read_workbook(book(TITLE, HEADER, *ROWS), name="年报.xlsx").settled().loc[1]
    assert row[["file", "sheet", "cell", "row"]].tolist() == ["年报.xlsx", "Sheet", "B4", 4]


@pytest.mark.parametrize(
    "row",
    [["北京", 5, 6], ["北京", 2, 3], ["北京", 10, 10], ["北京", 2020, 2021], ["北京", 12, 11]],
    ids=str,
)
def test_figures_that_look_like_months_stay_figures(book, row):
    path = book(
        ["2025年1-5月固定资产投资"], ["地区", "累计（亿元）", "增速（%）"], ["天津", 7.5, 1.5], row
    )
    table = read_workbook(path, answers=Answers(growth_scale="percent", unit="亿元")).table
    if row[1] < 1950:
        assert table.loc[table["region_code"] == "110000", "ytd_value_100m"].tolist() == [row[1]]
