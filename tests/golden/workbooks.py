"""Makes the corpus: workbooks and CSVs with every oddity that people's files have.

Each case is made by a script, so that nobody has to open a binary file to know what is tested. The
figures are made up. ``CASES`` holds for each the tidy table that must come out, and the rules that
the report must name.
"""

import datetime
import shutil
import struct
import subprocess
import zipfile
from dataclasses import dataclass, field

import openpyxl
import pandas as pd
import xlsxwriter

NAN = None
VALUE = {2: 1200.5, 3: 2345.6, 4: 3456.7, 5: 4567.8}
GROWTH = {2: -3.2, 3: -1.5, 4: 0.4, 5: 5.2}
PRIVATE_VALUE = {2: 600.25, 3: 1100.5, 4: 1700.75, 5: 2300.0}
PRIVATE_GROWTH = {2: -6.1, 3: -5.5, 4: -4.4, 5: -3.9}


def series(values=VALUE, growth=GROWTH, *, region="610000", indicator="total", year=2025):
    """Return the expected rows of one series."""
    months = sorted({*values, *growth})
    return [
        (region, indicator, f"{year}-{month:02d}", values.get(month), growth.get(month))
        for month in months
    ]


TOTAL = series()
BOTH = series(PRIVATE_VALUE, PRIVATE_GROWTH, indicator="private") + TOTAL
GROWTH_ONLY = series({}, GROWTH)


@dataclass(frozen=True)
class Case:
    """One file, the table in it, and what the report must mention."""

    name: str
    make: object
    expected: list
    rules: set = field(default_factory=set)
    answers: dict = field(default_factory=dict)


CASES = []


def case(file, expected, *rules, **answers):
    """Register what a function makes."""

    def register(make):
        CASES.append(Case(file, make, expected, set(rules), answers))
        return make

    return register


def xlsx(path, sheets, *, merges=(), formats=None, hidden=()):
    """Write sheets of rows; `merges` and `formats` (cell to number format) are of the first."""
    with xlsxwriter.Workbook(path) as book:
        for number, (name, rows) in enumerate(sheets.items()):
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    cell = xlsxwriter.utility.xl_rowcol_to_cell(r, c)
                    style = (formats or {}).get(cell)
                    style = book.add_format({"num_format": style}) if style else None
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(r, c, value, style)
                    elif value != "":
                        sheet.write(r, c, value, style)
            if number == 0:
                for area in merges:
                    corner = area.split(":")[0]
                    row, column = xlsxwriter.utility.xl_cell_to_rowcol(corner)
                    sheet.merge_range(area, rows[row][column])
            if name in hidden:
                sheet.hide()


def text(path, content, encoding="utf-8"):
    path.write_bytes(content.encode(encoding))


def lines(*, months=VALUE, label="1-{}月", value=VALUE, growth=GROWTH):
    return [[label.format(month), value[month], growth[month]] for month in months]


TITLE = ["2025年1-5月陕西省固定资产投资完成情况"]
HEADER = ["月份", "累计完成投资", "同比增长（%）"]


@case("plain.xlsx", TOTAL, "label", "period_text", "title")
def _plain(path):
    xlsx(path, {"表1": [TITLE, ["", "", "单位：亿元"], HEADER, *lines()]})


@case("titles-and-notes.xlsx", TOTAL, "title", "note")
def _titles_and_notes(path):
    rows = [
        ["附件2"],
        TITLE,
        ["编制单位：投资科", "", "2025年6月18日"],
        [],
        ["计量单位：亿元、%"],
        HEADER,
        *lines(),
        [],
        ["注：1. 本表不含农户。"],
        ["", "2. 数据为初步数。"],
        ["填表人：甲", "", "审核人：乙"],
    ]
    xlsx(path, {"表1": rows}, merges=["A1:C1", "A2:C2", "A5:C5"])


@case("two-row-merged-header.xlsx", BOTH)
def _two_rows(path):
    rows = [
        TITLE,
        ["时间", "固定资产投资", "", "民间投资", ""],
        ["", "投资额（亿元）", "增速（%）", "投资额（亿元）", "增速（%）"],
        *[
            [f"2025年1-{m}月", VALUE[m], GROWTH[m], PRIVATE_VALUE[m], PRIVATE_GROWTH[m]]
            for m in VALUE
        ],
    ]
    xlsx(path, {"表1": rows}, merges=["A1:E1", "A2:A3", "B2:C2", "D2:E2"])


@case("three-row-merged-header.xlsx", BOTH, "single_month")
def _three_rows(path):
    rows = [
        ["陕西省"],
        ["2025年", "固定资产投资", "", "", "", "民间投资", "", "", ""],
        ["", "当月", "", "累计", "", "当月", "", "累计", ""],
        ["", *["亿元", "±%"] * 4],
        *[
            [f"{m}月", 9.9, 1.1, VALUE[m], GROWTH[m], 8.8, 2.2, PRIVATE_VALUE[m], PRIVATE_GROWTH[m]]
            for m in VALUE
        ],
    ]
    merges = ["A2:A4", "B2:E2", "F2:I2", "B3:C3", "D3:E3", "F3:G3", "H3:I3"]
    xlsx(path, {"表1": rows}, merges=merges)


@case("merged-header.csv", BOTH)
def _header_in_csv(path):
    rows = [
        "时间,固定资产投资（亿元）,,民间投资（亿元）,",
        ",累计,同比（%）,累计,同比（%）",
        *[
            f"2025-{m:02d},{VALUE[m]},{GROWTH[m]},{PRIVATE_VALUE[m]},{PRIVATE_GROWTH[m]}"
            for m in VALUE
        ],
    ]
    text(path, "\n".join(rows))


_header_in_csv_answers = CASES[-1].answers.update(region="610000")


@case("wide-months.xlsx", BOTH, "label")
def _wide(path):
    rows = [
        ["陕西省主要经济指标"],
        ["指标", "单位", "2025年", "", "", "", ""],
        ["", "", "1月", "1-2月", "1-3月", "1-4月", "1-5月"],
        ["固定资产投资", "亿元", "—", *VALUE.values()],
        ["  同比增长", "%", "", *GROWTH.values()],
        ["其中：民间投资", "亿元", "—", *PRIVATE_VALUE.values()],
        ["  同比增长", "%", "", *PRIVATE_GROWTH.values()],
    ]
    xlsx(path, {"表1": rows}, merges=["A1:G1", "A2:A3", "B2:B3", "C2:G2"])


@case("wide-serials.csv", GROWTH_ONLY)
def _wide_serials(path):
    dates = ",".join(str(45658 + days) for days in (31, 59, 90, 120))
    row = ",".join(str(growth) for growth in GROWTH.values())
    text(path, f"固定资产投资累计增速（%）\n地区,{dates}\n陕西,{row}\n")


@case("wide-dates.xlsx", GROWTH_ONLY)
def _wide_dates(path):
    dates = [datetime.date(2025, month, 1) for month in GROWTH]
    rows = [["固定资产投资累计增速（%）"], ["地区", *dates], ["陕西省", *GROWTH.values()]]
    formats = {f"{letter}2": "yyyy-mm" for letter in "BCDE"}
    xlsx(path, {"表1": rows}, formats=formats)


@case("wide-bare-months.xlsx", GROWTH_ONLY)
def _wide_bare(path):
    rows = [["2025年固定资产投资增速（%）"], ["地区", 2, 3, 4, 5], ["陕西省", *GROWTH.values()]]
    xlsx(path, {"表1": rows})


def long_rows():
    return [
        *[["陕西", "固定资产投资", f"2025年{m}月", VALUE[m], GROWTH[m]] for m in VALUE],
        *[["陕西", "民间投资", f"2025年{m}月", PRIVATE_VALUE[m], PRIVATE_GROWTH[m]] for m in VALUE],
    ]


LONG = ["地区", "指标", "时间", "累计值（亿元）", "累计增速（%）"]


@case("long.xlsx", BOTH)
def _long(path):
    xlsx(path, {"data": [LONG, *long_rows()]})


@case("long-labels-once.xlsx", BOTH, "filled_down")
def _labels_once(path):
    rows = [
        [cell if place > 1 or index % 4 == 0 else "" for place, cell in enumerate(row)]
        for index, row in enumerate(long_rows())
    ]
    xlsx(path, {"data": [LONG, *rows]}, merges=["A2:A5", "B2:B5", "A6:A9", "B6:B9"])


@case("observations.csv", TOTAL)
def _observations(path):
    rows = [f"610000,total,2025-{m:02d},{VALUE[m]},{GROWTH[m]},2025-06-18,自有" for m in VALUE]
    header = "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct,issued,source"
    text(path, "\n".join([header, *rows]))


def tabular(delimiter):
    rows = [HEADER, *lines(label="2025.{}")]
    return "\r\n".join(delimiter.join(map(str, row)) for row in rows)


for _file, _encoding, _delimiter in (
    ("utf8.csv", "utf-8", ","),
    ("utf8-bom.csv", "utf-8-sig", ","),
    ("gbk.csv", "gbk", ","),
    ("gb18030.tsv", "gb18030", "\t"),
    ("semicolons.csv", "utf-8", ";"),
    ("unicode-text.txt", "utf-16", "\t"),
):

    @case(_file, TOTAL, "unit_parameter", region="610000", indicator="total", unit="万元")
    def _delimited(path, encoding=_encoding, delimiter=_delimiter):
        wan = {month: value * 10000 for month, value in VALUE.items()}
        rows = [HEADER, *lines(label="2025.{}", value=wan)]
        content = "\r\n".join(delimiter.join(map(str, row)) for row in rows)
        text(path, content, encoding)


@case("every-number-spelling.xlsx", TOTAL, "full_width", "thousands", "missing_mark", "text_number",
      "footnote_mark", "percent_sign", "words", "parentheses")  # fmt: skip
def _number_spellings(path):
    rows = [
        TITLE,
        ["单位：亿元"],
        HEADER,
        ["1-2月", "１，２００．５", "(3.2)"],
        ["1-3月", "2,345.6*", "下降1.5%"],
        ["1-4月", " 3456.7 ", "０．４％"],
        ["1-5月", "4 567.8", "增长5.2"],
        ["1-6月", "—", "…"],
        ["1-7月", "/", "无"],
        ["1-8月", "", ""],
    ]
    xlsx(path, {"表1": rows})


@case("zero-is-no-blank.xlsx", series({2: 0.0, 4: 3.5}, {2: 0.0, 4: NAN, 5: 1.5}), "missing_mark")
def _zeros(path):
    rows = [[2, 0, 0], [3, "", ""], [4, 3.5, "--"], [5, "……", 1.5]]
    rows = [[f"1-{month}月", value, growth] for month, value, growth in rows]
    xlsx(path, {"表1": [TITLE, ["单位：亿元"], HEADER, *rows]})


SPELLINGS = ["2025.2", "2025-03", "2025年4月", "1-5月", "202506", "2025/7", "2025年1—8月", 45901]
SPELLINGS += ["2025年1月至10月", "Jan-Nov 2025", datetime.date(2025, 12, 31)]
ALL_MONTHS = {month: 100.0 * month for month in range(2, 13)}


@case("every-month-spelling.xlsx", series(ALL_MONTHS, {}), "period_text", "period_serial")
def _month_spellings(path):
    rows = [[spelt, value] for spelt, value in zip(SPELLINGS, ALL_MONTHS.values(), strict=True)]
    header = ["时间", "累计投资额（亿元）"]
    xlsx(path, {"表1": [TITLE, header, *rows]}, formats={"A13": "yyyy-mm-dd"})


@case("october-lost-its-zero.xlsx", series({9: 90.0, 10: 100.0, 11: 110.0}, {}),
      "october_lost_its_zero")  # fmt: skip
def _october(path):
    rows = [[2025.9, 90], [2025.1, 100], [2025.11, 110]]
    xlsx(path, {"表1": [["陕西省固定资产投资"], ["时间", "累计投资额（亿元）"], *rows]})


@case("year-and-month-columns.xlsx", TOTAL)
def _year_and_month(path):
    rows = [[2025 if m == 2 else "", m, VALUE[m], GROWTH[m]] for m in VALUE]
    header = ["年份", "月份", "固定资产投资额（亿元）", "增速（%）"]
    xlsx(path, {"陕西": [header, *rows]}, merges=["A2:A5"])


@case("year-sections.xlsx", series({11: 5.0, 12: 6.0}, {}, year=2024) + series({2: 1.5}, {}))
def _sections(path):
    rows = [["2024年", ""], ["1-11月", 5], ["1-12月", 6], ["2025年", ""], ["1-2月", 1.5]]
    header = ["月份", "累计投资额（亿元）"]
    xlsx(path, {"表1": [["陕西省固定资产投资"], header, *rows]})


REGIONS = [
    ("110000", "total", "2025-05", 10.5, 1.1),
    ("120000", "total", "2025-05", 20.5, -2.2),
    ("150000", "total", "2025-05", 30.5, 3.3),
]


@case("subtotals.xlsx", REGIONS, "subtotal", "skip", "column_numbers")
def _subtotals(path):
    rows = [
        ["2025年1-5月固定资产投资（亿元）"],
        ["序号", "地区", "投资额", "增速（%）", "位次"],
        ["甲", "乙", 1, 2, 3],
        ["", "合  计", 61.5, 2.2, ""],
        [1, "北京", 10.5, 1.1, 2],
        [2, "天津市", 20.5, -2.2, 3],
        ["", "小计", 31, 0.1, ""],
        [3, "内蒙古", 30.5, 3.3, 1],
    ]
    xlsx(path, {"表1": rows})


@case("sum-is-the-total.xlsx", [
    ("610000", "primary", "2025-05", 10.0, 1.0), ("610000", "secondary", "2025-05", 20.0, 2.0),
    ("610000", "tertiary", "2025-05", 30.0, 3.0), ("610000", "total", "2025-05", 60.0, 2.3),
])  # fmt: skip
def _sum(path):
    rows = [
        ["陕西省2025年1-5月投资"],
        ["指标", "累计完成（亿元）", "同比±%"],
        ["合计", 60, 2.3],
        ["一、第一产业", 10, 1.0],
        ["二、第二产业", 20, 2.0],
        ["三、第三产业", 30, 3.0],
    ]
    xlsx(path, {"表1": rows})


@case("columns-of-comparison.xlsx", TOTAL, "skip", "label")
def _comparison(path):
    header = ["月份", "累计完成（亿元）", "比上年同期±%", "比上年同期增减额（亿元）", "增速排位"]
    rows = [[*line, 12.3, 4] for line in lines()]
    xlsx(path, {"表1": [TITLE, header, *rows]})


@case("month-to-date-of-a-bulletin.xlsx", [
    ("610000", "private", "2025-05", PRIVATE_VALUE[5], PRIVATE_GROWTH[5]), TOTAL[-1],
], "single_month")  # fmt: skip
def _bulletin(path):
    rows = [
        ["陕西省"],
        ["指标名称", "计量单位", "本月", "1—本月", "同比增长（%）"],
        ["固定资产投资", "亿元", 100, f"{VALUE[5]:,}", GROWTH[5]],
        ["  其中：民间投资", "亿元", 50, PRIVATE_VALUE[5], PRIVATE_GROWTH[5]],
    ]
    xlsx(path, {"2025.5": rows})


@case("blocks-side-by-side.xlsx", [
    *REGIONS, ("610000", "total", "2025-05", 40.5, -4.4),
])  # fmt: skip
def _side_by_side(path):
    head = ["序号", "地区", "投资额", "增速（%）"]
    rows = [
        ["2025年1-5月固定资产投资（亿元）"],
        [*head, *head],
        [1, "北京", 10.5, 1.1, 3, "内蒙古", 30.5, 3.3],
        [2, "天津", 20.5, -2.2, 4, "陕西", 40.5, -4.4],
    ]
    xlsx(path, {"表1": rows})


@case("continued-table.xlsx", [
    *REGIONS, ("610000", "total", "2025-05", 40.5, -4.4),
])  # fmt: skip
def _continued(path):
    head = ["地区", "投资额", "增速（%）"]
    rows = [
        ["2025年1-5月固定资产投资（亿元）"],
        head,
        ["北京", 10.5, 1.1],
        ["天津", 20.5, -2.2],
        ["续表"],
        head,
        ["内蒙古", 30.5, 3.3],
        [],
        head,
        ["陕西", 40.5, -4.4],
    ]
    xlsx(path, {"表1": rows})


@case("export-of-a-data-service.xlsx", TOTAL, "label")
def _export(path):
    name = "陕西:固定资产投资完成额:"
    rows = [
        ["指标名称", f"{name}累计值", f"{name}累计同比"],
        ["频率", "月", "月"],
        ["单位", "亿元", "%"],
        ["来源", "某局", "某局"],
        *[[str(pd.Period(f"2025-{m}", "M").end_time.date()), VALUE[m], GROWTH[m]] for m in VALUE],
        ["数据来源：某局"],
    ]
    xlsx(path, {"Sheet1": rows})


@case("window-in-an-unnamed-column.xlsx", TOTAL, "single_month")
def _unnamed(path):
    rows = [
        ["陕西省2025年  单位：亿元"],
        ["项目", "", "2月", "3月", "4月", "5月"],
        ["固定资产投资", "当月", 100, 90, 80, 70],
        ["", "累计", *VALUE.values()],
        ["", "累计增长（%）", *GROWTH.values()],
    ]
    xlsx(path, {"表1": rows}, merges=["A3:A5"])


@case("value-by-its-own-growth.csv", BOTH, "value_by_growth")
def _value_by_growth(path):
    rows = [
        "附表,,,,",
        "陕西省固定资产投资,,,,",
        '"单位：亿元，%",,,,',
        "时间,投资额,,民间投资,",
        ",累计,增速,累计,增速",
        *[f"2025年1-{m}月,{VALUE[m]},{GROWTH[m]}%,{PRIVATE_VALUE[m]},{PRIVATE_GROWTH[m]}%"
          for m in VALUE],
        ",,,,",
        "制表：甲,,,,",
    ]  # fmt: skip
    text(path, "\n".join(rows), "gb18030")


@case("window-by-neighbour.csv", TOTAL, "window_beside", "single_month")
def _window_by_neighbour(path):
    rows = [
        "陕西省固定资产投资（亿元、%）,,,,,",
        "月份,本月,同比,本年,累计,同比",
        *[f"2025-{m:02d},{9 + m},{m - 20.3},,{VALUE[m]},{GROWTH[m]}" for m in VALUE],
    ]
    text(path, "\n".join(rows))


@case("package-columns.csv", series(growth={}), "window_beside", "single_month",
      region="610000", indicator="total", unit="亿元")  # fmt: skip
def _package_columns(path):
    rows = [
        "月份,当月,同比增长,环比增长,自年初累计",
        *[f"2025年{m:02d}月份,{9 + m},{m - 20.3},{m - 1.5},{VALUE[m]}" for m in VALUE],
    ]
    text(path, "\n".join(rows))


@case("wildcard.xlsx", TOTAL, "wildcard", labels={"*": "skip", "投资规模": "value ytd"})
def _wildcard(path):
    rows = [TITLE, ["", "单位：亿元"], ["月份", "投资规模", "同比增长（%）", "入库数", "甲数"]]
    xlsx(path, {"某某数据库": [*rows, *([*line, 5.5, 6.5] for line in lines())]})


@case("other-subjects.xlsx", TOTAL, "other_subject")
def _other_subjects(path):
    heads = [
        ["月份", "地区生产总值", "", "固定资产投资", "", "社会消费品零售总额", ""],
        ["", *("累计（亿元）", "增速（%）") * 3],
    ]
    body = [[line[0], 800.5, 4.5, *line[1:], 90.5, 2.5] for line in lines()]
    xlsx(path, {"表1": [["2025年陕西省主要经济指标"], *heads, *body]}, merges=["B2:C2", "D2:E2"])


@case("this-year-and-last.xlsx", [
    ("610000", "private", "2025-05", PRIVATE_VALUE[5], PRIVATE_GROWTH[5]), TOTAL[-1],
], "skip")  # fmt: skip
def _this_year(path):
    rows = [
        ["2025年1-5月陕西固定资产投资（亿元）"],
        ["指标", "本年", "上年", "增减（%）"],
        ["固定资产投资", VALUE[5], 4342.0, GROWTH[5]],
        ["民间投资", PRIVATE_VALUE[5], 2393.3, PRIVATE_GROWTH[5]],
    ]
    xlsx(path, {"表1": rows})


@case("scale-by-sheet.xlsx", [
    ("610000", "total", "2025-02", NAN, 5.2), ("610000", "total", "2025-03", NAN, -12.0),
    ("610000", "total", "2025-04", NAN, 4.1), ("620000", "total", "2025-02", NAN, 5.2),
    ("620000", "total", "2025-03", NAN, -3.1), ("620000", "total", "2025-04", NAN, 10.4),
], "scale_fraction", "scale_percent")  # fmt: skip
def _scale_by_sheet(path):
    head = [["2025年固定资产投资"], ["月份", "累计同比"]]
    months = ["1-2月", "1-3月", "1-4月"]
    fractions = [list(row) for row in zip(months, [0.052, -0.12, 0.041], strict=True)]
    percents = [list(row) for row in zip(months, [5.2, -3.1, 10.4], strict=True)]
    xlsx(path, {"陕西": [*head, *fractions], "甘肃": [*head, *percents]})


@case("sheet-per-month.xlsx", BOTH, "hidden_sheet", "no_table")
def _sheet_per_month(path):
    sheets = {"说明": [["本工作簿由各月报表汇成"]]}
    for m in VALUE:
        sheets[f"2025年1-{m}月"] = [
            ["陕西省投资完成情况", "", "单位：亿元"],
            ["指标", "累计", "增长%"],
            ["固定资产投资", VALUE[m], GROWTH[m]],
            ["#民间投资", PRIVATE_VALUE[m], PRIVATE_GROWTH[m]],
        ]
    sheets["旧"] = [["指标", "累计"], ["固定资产投资", 1]]
    xlsx(path, sheets, hidden=["旧"])


UNITS = series(region="610702") + series(PRIVATE_VALUE, PRIVATE_GROWTH, region="610703")


@case("sheet-per-unit.xlsx", UNITS, "map", labels={"甲区": "610702", "乙区": "610703"})
def _sheet_per_unit(path):
    head = [["2025年固定资产投资（亿元）"], HEADER]
    second = lines(value=PRIVATE_VALUE, growth=PRIVATE_GROWTH)
    xlsx(path, {"甲区": [*head, *lines()], "乙区": [*head, *second]})


@case("two-tables-on-a-sheet.xlsx", BOTH)
def _two_tables(path):
    second = lines(value=PRIVATE_VALUE, growth=PRIVATE_GROWTH)
    rows = [["2025年陕西省"], ["固定资产投资"], HEADER_UNIT, *lines(), ["注：初步数"], []]
    xlsx(path, {"表1": [*rows, ["2025年陕西省"], ["民间投资"], HEADER_UNIT, *second]})


HEADER_UNIT = ["月份", "累计（亿元）", "增速（%）"]


@case("units-by-row.xlsx", BOTH, "unit_row")
def _units_by_row(path):
    rows = [["陕西省2025年"], ["指标", "计量单位", "1-2月", "1-3月", "1-4月", "1-5月"]]
    for name, values, growth in (
        ("固定资产投资", VALUE, GROWTH),
        ("民间投资", PRIVATE_VALUE, PRIVATE_GROWTH),
    ):
        rows.append([name, "万元", *[value * 10000 for value in values.values()]])
        rows.append([f"{name}增速", "%", *growth.values()])
    xlsx(path, {"表1": rows})


@case("units-in-cells.xlsx", series(VALUE, {}), "unit_cell")
def _units_in_cells(path):
    rows = [[f"1-{m}月", f"{value}亿元" if m % 2 else f"{value * 10000:,.0f}万元"]
            for m, value in VALUE.items()]  # fmt: skip
    xlsx(path, {"表1": [TITLE, ["月份", "累计投资额"], *rows]})


@case("growth-with-signs.xlsx", GROWTH_ONLY, "percent_sign")
def _growth_signs(path):
    rows = [[f"1-{m}月", f"{growth}%"] for m, growth in GROWTH.items()]
    xlsx(path, {"表1": [TITLE, ["月份", "同比增长"], *rows]})


@case("growth-fractions.xlsx", GROWTH_ONLY, "scale_fraction")
def _growth_fractions(path):
    rows = [[f"1-{m}月", growth / 100] for m, growth in GROWTH.items()]
    xlsx(path, {"表1": [TITLE, ["月份", "同比增长"], *rows]})


@case("growth-in-percent-format.xlsx", GROWTH_ONLY, "percent_format")
def _growth_format(path):
    rows = [[f"1-{m}月", growth / 100] for m, growth in GROWTH.items()]
    formats = {f"B{row}": "0.0%" for row in range(3, 7)}
    xlsx(path, {"表1": [TITLE, ["月份", "同比增长（%）"], *rows]}, formats=formats)


@case("formulas-calculated.xlsx", TOTAL)
def _formulas(path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表1")
        for r, row in enumerate([TITLE, ["单位：亿元"], HEADER, *lines()]):
            for c, value in enumerate(row):
                if r > 2 and c == 1:
                    sheet.write_formula(r, c, f"={value}+0", None, value)
                else:
                    sheet.write(r, c, value)


@case("error-cells.xlsx", series({2: 1200.5}, {2: -3.2, 3: -1.5}), "error_cell")
def _errors(path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表1")
        for r, row in enumerate([TITLE, ["单位：亿元"], HEADER, *lines(months=[2, 3])]):
            sheet.write_row(r, 0, row)
        sheet.write_formula("B5", "=1/0", None, "#DIV/0!")


@case("hostile-cells.xlsx", TOTAL, "note")
def _hostile(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表1"
    for row in [TITLE, ["单位：亿元"], [*HEADER, "备注"]]:
        sheet.append(row)
    for row, note in zip(
        lines(), ["<script>alert(1)</script>", "\u202e7.2", "x" * 5000, "'@SUM(1)"], strict=True
    ):
        sheet.append([*row, note])
    sheet.append(["注：" + "９" * 2000])
    book.save(path)


@case("scattered.xlsx", TOTAL)
def _scattered(path):
    rows = [[], [], ["", "", *TITLE], ["", "", "", "", "单位：亿元"], ["", "", *HEADER]]
    xlsx(path, {"表1": [*rows, *[["", "", *row] for row in lines()]]}, merges=["C3:E3"])


@case("english.xlsx", BOTH)
def _english(path):
    rows = [
        ["Shaanxi: fixed-asset investment (100 million yuan)"],
        ["Item", "Jan-Feb 2025", "Jan-Mar 2025", "Jan-Apr 2025", "Jan-May 2025"],
        ["Fixed asset investment", *VALUE.values()],
        ["Growth, y/y (%)", *GROWTH.values()],
        ["Private investment", *PRIVATE_VALUE.values()],
        ["Growth, y/y (%)", *PRIVATE_GROWTH.values()],
    ]
    xlsx(path, {"table": rows})


OFFICE_FORMATS = ("xls", "ods")
for _suffix in OFFICE_FORMATS:

    @case(f"from-office.{_suffix}", BOTH)
    def _office(path):
        source = path.with_name(f"{path.suffix[1:]}-source.xlsx")
        _two_rows(source)
        to_office_format(source, path)


@case("binary.xlsb", TOTAL)
def _binary(path):
    xlsb(path, [TITLE, ["单位：亿元"], HEADER, *lines()])


def has_office():
    return shutil.which("soffice") is not None


def to_office_format(source, target):
    """Convert with LibreOffice, in one profile a worker so that tests may run side by side."""
    profile = (target.parents[1] / "profile").as_uri()  # beside the folders of all its tests
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to",
         target.suffix[1:], "--outdir", str(target.parent), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    source.with_suffix(target.suffix).rename(target)


def xlsb(path, rows):
    """Write the smallest binary workbook (MS-XLSB) with one sheet; no library writes them."""

    def record(id, data=b""):
        head = bytes([id]) if id < 128 else bytes([id & 0x7F | 0x80, id >> 7])
        size, length = len(data), b""
        while size > 127:
            length += bytes([size & 0x7F | 0x80])
            size >>= 7
        return head + length + bytes([size]) + data

    def words(value):
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    cells = b""
    for r, row in enumerate(rows):
        cells += record(0, struct.pack("<IIHBBBI", r, 0, 300, 0, 0, 0, 0))
        for c, value in enumerate(row):
            at = struct.pack("<II", c, 0)
            if isinstance(value, str):
                cells += record(6, at + words(value)) if value else b""
            else:
                cells += record(5, at + struct.pack("<d", value))
    extent = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = record(129) + record(148, extent) + record(145) + cells + record(146) + record(130)
    names = record(143) + record(156, struct.pack("<II", 0, 1) + words("rId1") + words("表1"))
    main = "application/vnd.ms-excel"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="bin" ContentType="{main}.sheet.binary.macroEnabled.main"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{links}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{links}/worksheet" Target="worksheets/sheet1.bin"/>'
        "</Relationships>",
        "xl/workbook.bin": record(131) + names + record(144) + record(132),
        "xl/worksheets/sheet1.bin": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package_file:
        for name, part in parts.items():
            package_file.writestr(name, part)
