"""Bare names of parts, 第一产业 or 采矿业, belong to what stands above or beside them."""

import datetime

import pytest
import xlsxwriter

from faiwatch.ingest.dates import order_of_days, read_slashed
from faiwatch.ingest.ledger.reading import is_ledger
from faiwatch.ingest.meaning import meaning_of
from faiwatch.ingest.reading import Answers, read_workbook
from faiwatch.ingest.values import Sheet


@pytest.fixture
def read(tmp_path):
    """Return the figures of rows as a CSV: (indicator, value, growth) of one month and place."""

    def reading(rows, name="一", **answers):
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
        return read_workbook(path, answers=Answers(region="610000", **answers))

    return reading


def figures(reading):
    assert not reading.questions, [one.text.en for one in reading.questions]
    columns = ["indicator", "ytd_value_100m", "ytd_yoy_pct"]
    table = reading.table[columns].astype("object")
    return {
        name: (value, growth) for name, value, growth in table.where(table.notna(), None).values
    }


HEAD = ["指标", "1-6月累计（亿元）", "增长（%）"]


def test_parts_below_output_are_no_parts_of_investment(read):
    rows = [["2024年1-6月主要经济指标"], HEAD, ["地区生产总值", 16000.5, 4.3]]
    rows += [["第一产业", 800.1, 3.1], ["第二产业", 7000.2, 5.5], ["规模以上工业增加值", "", 7.4]]
    rows += [["#采矿业", "", 5.5], ["制造业", "", 8.8], ["固定资产投资", "", 3.0]]
    rows += [["第一产业", "", -5.0], ["#采矿业", "", 1.5], ["社会消费品零售总额", 500.5, 2.2]]
    found = figures(read(rows))
    assert found == {"total": (None, 3.0), "primary": (None, -5.0), "mining": (None, 1.5)}


def test_parts_beside_output_are_no_parts_of_investment(read):
    head = ["月份", "GDP增速", "第一产业", "第二产业", "固定资产投资增速", "第三产业"]
    found = figures(read([["累计增速（%）"], head, ["2024年1-6月", 4.3, 3.1, 5.5, 3.0, -0.7]]))
    assert found == {"total": (None, 3.0), "tertiary": (None, -0.7)}


def test_consumption_has_no_parts_of_investment(read):
    rows = [
        ["累计增速（%）"],
        ["月份", "固定资产投资", "消费", "制造业"],
        ["2024年1-6月", 3.0, 4.1, 9.5],
    ]
    assert figures(read(rows)) == {"total": (None, 3.0), "manufacturing": (None, 9.5)}


def test_a_table_of_investment_names_industries_ownership_and_structure(read):
    rows = [["2024年1-6月固定资产投资（不含农户）主要数据"], HEAD, ["固定资产投资", 100.5, 3.9]]
    rows += [["其中：国有控股", "…", 6.8], ["分行业"], ["教育", "…", 2.5], ["房地产业", "…", -9.5]]
    rows += [["按构成分"], ["建筑安装工程", "…", 3.6], ["分登记注册类型"], ["外商企业", "…", -15.8]]
    found = figures(read(rows))
    assert found.pop("total") == (100.5, 3.9)
    assert found == {
        "state_controlled": (None, 6.8),
        "education": (None, 2.5),
        "construction_installation": (None, 3.6),
        "foreign": (None, -15.8),
    }


def test_a_part_of_a_part_is_left_out(read):
    head = ["指标", "固定资产投资增速（%）", "民间投资增速（%）"]
    rows = [["2024年1-6月"], head, ["全部", 3.9, 0.1], ["采矿业", 17.7, 9.5]]
    found = figures(read(rows))  # 9.5 is of mining by private firms
    assert found == {"total": (None, 3.9), "private": (None, 0.1), "mining": (None, 17.7)}


def test_a_title_about_a_part_is_not_about_the_total(read):
    rows = [["指标：国有控股固定资产投资额累计增长(%)"], ["地区", "2024年6月"], ["陕西", 6.8]]
    assert figures(read(rows)) == {"state_controlled": (None, 6.8)}


def test_project_investment_is_the_total_without_real_estate(read):
    rows = [["2024年1-6月"], HEAD, ["固定资产投资", 100.5, 3.0], ["项目投资", 80.5, 6.1]]
    assert figures(read(rows))["project_investment_ex_real_estate"] == (80.5, 6.1)


def test_an_index_of_the_year_before_is_growth(read):
    rows = [["固定资产投资累计指数（上年同期=100）"], ["指标", "2024年1-6月"], ["民间投资", 99.5]]
    assert figures(read(rows)) == {"private": (None, -0.5)}


def test_the_whole_province_stands_beside_its_cities(read):
    rows = [["2021年1-8月固定资产投资增速（%）"], ["地区", "增速"], ["全省", 9.5], ["长沙市", 8.5]]
    across = [
        ["2021年固定资产投资增速（%）"],
        ["月份", "全省", "长沙市", "株洲市"],
        ["1-8月", 9.5, 8.5, 7.5],
    ]
    assert dict(read(across).table[["region_code", "ytd_yoy_pct"]].values)["430000"] == 9.5
    found = read([*rows, ["株洲市", 7.5]]).table
    assert dict(zip(found["region_code"], found["ytd_yoy_pct"], strict=True)) == {
        "430000": 9.5, "430100": 8.5, "430200": 7.5,
    }  # fmt: skip


def test_a_row_with_a_unit_and_no_figures_is_no_header(read):
    rows = [["2024年1-4月主要经济指标"], ["指标名称", "计量单位", "1-4月累计", "增长（%）"]]
    rows += [["一、地区生产总值", "亿元", "", ""], ["二、规模以上工业增加值", "亿元", "", 1.3]]
    rows += [["三、固定资产投资", "亿元", 2400.5, 2.5]]
    assert figures(read(rows)) == {"total": (2400.5, 2.5)}


def test_a_pivot_table_is_read_by_what_it_sums(read):
    rows = [["求和项:固定资产投资累计完成(万元)", "列标签", ""], ["行标签", "2024-03", "2024-04"]]
    found = read([*rows, ["双清区", 412051, 456739], ["大祥区", 1, 2], ["总计", 412052, 456741]])
    assert not found.questions
    assert found.table["ytd_value_100m"].tolist() == [41.2051, 45.6739, 0.0001, 0.0002]


def test_a_sheet_may_be_called_like_a_cell(read):
    head = ["月份", "自年初累计（亿元）"]
    rows = [head, ["2024年3月", 10.5], ["2024年4月", 14.5]]
    answer = {"A07": meaning_of("total")}
    found = read(rows, "A07", labels=answer)
    assert figures(found)["total"] == (14.5, None)


def test_dates_with_the_year_first_and_of_two_digits():
    assert order_of_days(["24/2/29", "24/3/31"]) == "year"
    assert read_slashed("24/2/29", "year")[:2] == (2024, 2)
    assert order_of_days(["24/2/29", "24/3/30"]) is None


def test_serial_numbers_below_the_word_for_names_are_months(tmp_path):
    day = datetime.date(1899, 12, 30)
    path = tmp_path / "wind.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, ["指标名称", "固定资产投资完成额:累计同比"])
        sheet.write_row(1, 0, ["单位", "%"])
        for row, month in enumerate((datetime.date(2023, 3, 31), datetime.date(2023, 4, 30)), 2):
            sheet.write_row(row, 0, [(month - day).days, 4.5 + row])
        sheet.write_row(4, 0, ["数据来源：Wind"])
    found = read_workbook(path, answers=Answers(region="000000"))
    assert found.table["period"].astype("str").tolist() == ["2023-03", "2023-04"]


def test_a_block_about_series_may_end_with_a_blank_line(read):
    rows = [["Download", "CN: Fixed Asset Investment: ytd: YoY"], ["Region", "China"]]
    rows += [["Unit", "%"], ["Series remarks", ""], ["02/2024", 4.2], ["03/2024", 4.5]]
    found = read(rows)
    assert not found.questions
    assert found.table["ytd_yoy_pct"].tolist() == [4.2, 4.5]


def test_a_list_of_codes_of_indicators_is_no_ledger():
    rows = [["code", "name", "unit", "memo"]]
    rows += [
        ["A0401", "固定资产投资额_累计值", "亿元", "x"],
        ["A0402", "社会消费品零售总额", "亿元", "x"],
    ]
    assert not is_ledger([Sheet("wd", rows)])


@pytest.mark.parametrize(
    "title",
    [
        "装备制造业投资累计增长(%)",
        "指标：房地产业固定资产投资额累计增长(%)",
        "扣除房地产开发的投资增速（%）",
    ],
)
def test_a_title_about_something_narrower_is_asked_about(read, title):
    (question,) = read([[title], ["地区", "2024年6月"], ["陕西", 6.8]]).questions
    assert question.id == "indicator"


def test_a_part_of_two_cuts_is_none_that_is_kept(read):
    head = ["月份", "房地产开发投资完成额:累计同比", "房地产开发投资完成额:设备工器具购置:累计同比"]
    found = figures(read([head, ["2024年6月", -10.1, 8.8]]))
    assert found == {"real_estate_development": (None, -10.1)}


def test_parts_of_private_investment_are_none_of_all(read):
    rows = [["2023年1—10月份民间固定资产投资主要数据"], ["指标", "同比增长（%）"]]
    rows += [["民间固定资产投资", -0.5], ["第一产业", 1.5], ["采矿业", 7.1], ["东部地区", 1.1]]
    assert figures(read(rows)) == {"private": (None, -0.5)}


def test_a_table_of_a_release_in_english(read):
    rows = [
        ["Investment in Fixed Assets (Excluding Rural Households) from January to October 2024"]
    ]
    rows += [["Indicators", "Absolute Value", "Growth Rate Y/Y (%)"], ["Grouped by Sector", "", ""]]
    rows += [
        ["Of which: State Holding", "", 6.2],
        ["Mining", "", 13.2],
        ["Other Expenses", "", -3.9],
    ]
    assert figures(read(rows)) == {
        "state_controlled": (None, 6.2), "mining": (None, 13.2), "other_expenses": (None, -3.9),
    }  # fmt: skip


def test_codes_over_their_names_are_not_needed(read):
    rows = [["Sgnmonth", "Fai0101"], ["统计月度", "固定资产投资额累计"], ["没有单位", "亿元"]]
    assert figures(read([*rows, ["2022-02", 800.5]])) == {"total": (800.5, None)}


def test_enterprises_of_foreign_investors_are_no_investment(read):
    rows = [
        ["月份", "出口总额", "外商投资企业"],
        ["2023年2月", 2800, 900],
        ["2023年3月", 2900, 950],
    ]
    (question,) = read(rows).questions
    assert question.id == "subject"


def test_a_triangle_is_asked_about_once_and_read_as_answered(read):
    rows = [["固定资产投资累计增速（%）"], ["年份", "1-2月", "1-3月"], [2023, 5.1, "▲7.3"]]
    rows += [[2024, "▲5.4", 1.5]]
    asked = read(rows, indicator="total").questions
    assert {one.flag for one in asked} == {"--take triangles=minus | --take triangles=plus"}
    for how, sign in (("minus", -1), ("plus", 1)):
        found = read(rows, indicator="total", take=(f"triangles={how}",)).table["ytd_yoy_pct"]
        assert found.tolist() == [5.1, 7.3 * sign, 5.4 * sign, 1.5]


def test_a_footnote_on_a_header_is_no_part_of_it(read):
    rows = [["月份", "基础设施投资增速①"], ["2024年1-6月", 5.4]]
    assert figures(read(rows)) == {"infrastructure": (None, 5.4)}


def test_an_office_names_parts_of_its_own_for_tables_of_investment(read, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("label,means\n采选业,part mining\n自建房,part skip\n", encoding="utf-8")
    rows = [
        ["固定资产投资累计增速（%）"],
        ["指标", "2024年1-6月"],
        ["采选业", 1.5],
        ["自建房", 9.9],
    ]
    assert figures(read(rows, headers=own)) == {"mining": (None, 1.5)}
    rows = [["工业增加值累计增速（%）"], ["指标", "2024年1-6月"], ["采选业", 1.5]]
    assert "mining" not in set(read(rows, headers=own).table["indicator"])
