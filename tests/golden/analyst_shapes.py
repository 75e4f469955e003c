"""More files in the shapes of analysts, portals and data sets; see :mod:`shapes`, which they join.

They were made before the reader knew them: each was first read by what it understood by then.
"""

import pandas as pd
from shapes import (
    NATION,
    PROVINCES,
    chinese,
    day,
    growth,
    months,
    other,
    rows,
    shape,
    value,
    write,
)

SPAN = months("2018-02", "2019-06")
EPOCH = pd.Timestamp("1899-12-30")
SECTORS = {"primary": "第一产业", "secondary": "第二产业", "tertiary": "第三产业"}
ENGLISH = {
    "110000": "Beijing",
    "120000": "Tianjin",
    "150000": "Inner Mongolia",
    "610000": "Shaanxi",
}
SHORT = {"110000": "北京", "120000": "天津", "150000": "内蒙古", "610000": "陕西"}


def given(name, expected, **options):
    """Register a file of the rows, or of the text, that a function returns."""

    def register(make):
        def written(path):
            content = make()
            if isinstance(content, str):
                path.write_text(content, encoding="utf-8")
            else:
                write(path, content)

        return shape(name, expected, **options)(written)

    return register


def another(name):
    """Register a file of another subject from the rows that a function returns."""

    def register(make):
        return other(name)(lambda path: write(path, make()))

    return register


def blank(figure):
    return "" if figure is None else figure


def said(*indicators, regions=(NATION,)):
    return rows(SPAN, *indicators, regions=regions, values=False)


def amounts(*indicators):
    return rows(SPAN, *indicators, growths=False)


def by_province():
    """Yield code, month and growth of the provinces where it is held."""
    for region in PROVINCES:
        for month in SPAN:
            if (figure := growth(month, region=region)) is not None:
                yield region, month, figure


def english(month, spelt="%b %Y"):
    return pd.Period(month, "M").strftime(spelt)


def last(month):
    return day(month).strftime("%Y-%m-%d")


@given("panel_index.csv", said())
def _():
    head = ["Unnamed: 0", "date", "fai_yoy", "cpi_yoy", "ppi_yoy"]
    return [head, *([at, last(one), growth(one), 2.1, 0.3] for at, one in enumerate(SPAN))]


@given("underscores.csv", said("total", *SECTORS))
def _():
    head = [
        "",
        "date",
        "固定资产投资_累计同比",
        *(f"{one}投资_累计同比" for one in SECTORS.values()),
    ]
    body = [
        [at, one.replace("-", ""), *(blank(growth(one, of)) for of in ("total", *SECTORS)), 5.5]
        for at, one in enumerate(SPAN)
    ]
    return [[*head, "工业增加值_同比"], *body]


@given("melted.csv", said())
def _():
    body = [
        [one, name, figure]
        for one in SPAN
        for name, figure in (("fai_ytd_yoy", growth(one)), ("retail_sales_yoy", 8.1))
    ]
    return [["date", "variable", "value"], *body]


@given("pinyin.csv", rows(SPAN))
def _():
    head = ["riqi", "gudingzichan_touzi_leiji", "gudingzichan_touzi_leiji_tongbi"]
    return [head, *([one, value(one), growth(one)] for one in SPAN)]


@given("calendar_api.csv", said())
def _():
    head = ["Country", "Category", "DateTime", "Value", "Frequency", "HistoricalDataSymbol"]
    middle = ["China", "Fixed Asset Investment"]
    return [head, *([*middle, f"{last(m)}T00:00:00", growth(m), "Monthly", "X"] for m in SPAN)]


@given("a_code_nobody_knows.csv", said())
def _():
    return [["observation_date", "CHNX1"], *([f"{one}-01", growth(one)] for one in SPAN)]


@given("codes_of_columns.csv", amounts())
def _():
    head = ["REPORT_DATE", "TIME", "BASE", "BASE_SAME", "BASE_SEQUENTIAL", "BASE_ACCUMULATE"]
    body = [
        [f"{one}-01 00:00:00", f"{chinese(one)}份", 4000 + at, 3.2, 1.2, value(one)]
        for at, one in enumerate(SPAN)
    ]
    return [head, *body]


@given("a_row_of_a_block_is_empty.xlsx", rows(SPAN))
def _():
    name = "China: Fixed Asset Investment: ytd"
    block = [
        ["Select this link", name, f"{name}: YoY"],
        ["Region", "China", "China"],
        ["Subnational", "", ""],
        ["Frequency", "Monthly", "Monthly"],
        ["Unit", "RMB bn", "%"],
        ["Status", "Active", "Active"],
        ["First Obs. Date", "02/2018", "02/2018"],
    ]
    return {"Data": [*block, *([day(m), value(m) / 10, growth(m)] for m in SPAN)]}


@given("fractions.csv", said())
def _():
    return [["日期", "固投累计增速"], *([one, round(growth(one) / 100, 4)] for one in SPAN)]


@given("serials.csv", rows(SPAN))
def _():
    head = ["日期", "固定资产投资完成额累计值（亿元）", "固定资产投资完成额累计同比（%）"]
    return [head, *([(day(m) - EPOCH).days, value(m), growth(m)] for m in SPAN)]


@given("with_points.csv", said())
def _():
    lines = (f"{one.replace('-', '.')},{growth(one)}\n" for one in SPAN)
    return "month,fai_growth_ytd\n" + "".join(lines)


@given("release_calendar.csv", said())
def _():
    def released(month):
        next_one = pd.Period(month, "M") + 1
        return f"{next_one.strftime('%b')} 14, {next_one.year} ({english(month, '%b')})"

    head = ["Release Date", "Time", "Actual", "Forecast", "Previous"]
    body = [[released(one), "10:00", f"{growth(one)}%", "6.0%", "5.9%"] for one in SPAN]
    return [["China Fixed Asset Investment (YoY)"], head, *body]


@given("short_names.csv", rows(SPAN))
def _():
    head = ["month", "fai_accum", "fai_accum_yoy", "cpi"]
    return [head, *([m.replace("-", ""), value(m), growth(m), 102.1] for m in SPAN)]


@given("panel.csv", said(regions=PROVINCES), label="--map *=skip")
def _():
    head = ["prov_id", "province", "year", "month", "fai_growth", "gdp_growth", "lnpop", "treat"]
    body = [
        [code[:2], SHORT[code], month[:4], int(month[5:]), figure, 6.5, 8.123, 1]
        for code, month, figure in by_province()
    ]
    return [head, *body]


@given("wide_english.csv", said("total", "manufacturing", "infrastructure"))
def _():
    names = {
        "total": "Total FAI (ex rural households)",
        "manufacturing": "Manufacturing FAI",
        "infrastructure": "Infrastructure FAI (ex power)",
    }
    head = ["Indicator", "Unit", *map(english, SPAN)]
    body = [
        [name, "%, ytd y/y", *(blank(growth(one, of)) for one in SPAN)]
        for of, name in names.items()
    ]
    return [head, *body]


@given("terminal.xlsx", said())
def _():
    block = [
        ["Security", "CNFAYOY Index"],
        ["Name", "China Fixed Assets Investment YTD YoY"],
        ["Start Date", day("2018-02")],
        ["", ""],
        ["Dates", "PX_LAST"],
    ]
    return {"Sheet1": [*block, *([day(one), growth(one)] for one in SPAN)]}


@given("not_foreign.csv", said("private"))
def _():
    head = ["时间", "民间固定资产投资:累计同比", "外商直接投资:累计同比"]
    return [head, *([one, blank(growth(one, "private")), 3.3] for one in SPAN)]


@given("transposed_frame.csv", said())
def _():
    head = ["", *(f"{last(one)} 00:00:00" for one in SPAN)]
    return [head, ["固定资产投资累计同比", *map(growth, SPAN)], ["M2同比", *[8.1] * len(SPAN)]]


@given("codes_of_places.csv", said(regions=PROVINCES))
def _():
    body = [[code, SHORT[code], m.replace("-", ""), figure] for code, m, figure in by_province()]
    return [["adcode", "name", "ym", "inv_yoy_ytd"], *body]


@given("levels_of_columns.csv", said(regions=PROVINCES))
def _():
    heads = [
        ["region", *(name for name in ENGLISH.values() for _ in range(2))],
        ["variable", *["fai_yoy", "gdp_yoy"] * len(ENGLISH)],
        ["date", *[""] * 2 * len(ENGLISH)],
    ]
    body = [
        [m, *(one for code in ENGLISH for one in (blank(growth(m, region=code)), 6.6))]
        for m in SPAN
    ]
    return [*heads, *body]


@given("months_in_headers.csv", said(regions=PROVINCES))
def _():
    head = ["province_en", *(f"fai_yoy_{one.replace('-', 'm')}" for one in SPAN)]
    body = [
        [name, *(blank(growth(m, region=code)) for m in SPAN)] for code, name in ENGLISH.items()
    ]
    return [head, *body]


@given("rows_from_one.csv", rows(SPAN))
def _():
    body = [
        line
        for one in SPAN
        for line in (
            [one, "FAI_YTD", "100 million yuan", value(one)],
            [one, "FAI_YTD_YOY", "%", growth(one)],
        )
    ]
    head = ["", "time", "indicator", "unit", "value"]
    return [head, *([at, *line] for at, line in enumerate(body, start=1))]


@given("sdmx.csv", said())
def _():
    head = ["FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"]
    return [head, *(["M", "CN", "FAI_YTD_YOY", one, growth(one), "A"] for one in SPAN)]


@given("month_id.csv", said())
def _():
    body = ([one.replace("-", ""), growth(one)] for one in SPAN)
    return [["month_id", "gdzc_tz_yoy_acc"], *body]


@given("units_in_labels.xlsx", rows(SPAN))
def _():
    return {
        "Sheet1": [
            ["China: investment in fixed assets (excluding rural households)"],
            ["", *map(day, SPAN)],
            ["YTD, 100 mn yuan", *map(value, SPAN)],
            ["YTD growth, %", *map(growth, SPAN)],
        ]
    }


@given("sectors_by_name.csv", said(*SECTORS))
def _():
    body = [
        [int(m[:4]), int(m[5:]), one.capitalize(), blank(growth(m, one))]
        for m in SPAN
        for one in SECTORS
    ]
    return [["year", "month", "sector", "growth_ytd_pct"], *body]


@given("value_of_the_period.csv", rows(SPAN, "total", "primary"))
def _():
    names = {"total": "固定资产投资完成额累计", "primary": "固定资产投资完成额累计:第一产业"}
    body = [
        [f"{m[:4]}年{m[5:]}月", name, blank(value(m, of)), blank(growth(m, of))]
        for m in SPAN
        for of, name in names.items()
    ]
    return [["统计时间", "指标名称", "本期值", "同比增速"], *body]


@given("billions.csv", amounts())
def _():
    body = ([english(one, "%d-%b-%y"), f"{value(one) / 10:,.1f}"] for one in SPAN)
    return [["Month", "China FAI, YTD (CNY bn)"], *body]


@given("stamps.csv", said())
def _():
    body = ([f"{last(one)}T00:00:00+00:00", "CN.FAI.YTD.YOY", growth(one)] for one in SPAN)
    return [["timestamp", "series_id", "value"], *body]


@another("shares.csv")
def _():
    head = ["date", "open", "high", "low", "close", "volume"]
    return [head, *([last(one), 10.1, 11, 9, 10.5, 123456] for one in SPAN)]


@another("capital_formation.csv")
def _():
    name = "Gross fixed capital formation (% of GDP)"
    head = ["Country Name", "Country Code", "Indicator Name", "2017", "2018", "2019"]
    return [
        head,
        ["China", "CHN", name, 42.1, 42.9, 42.6],
        ["India", "IND", name, 28.2, 29.4, 28.5],
    ]


@another("price_index.csv")
def _():
    quarters = [f"{year}Q{quarter}" for year in (2018, 2019) for quarter in (1, 2, 3, 4)]
    head = ["季度", "固定资产投资价格指数(上年同期=100)"]
    return [head, *([one, 102.3] for one in quarters)]


@another("of_another_country.csv")
def _():
    head = ["Country", "Indicator", "Date", "Value"]
    return [head, *(["United States", "Private Fixed Investment", one, 3.3] for one in SPAN)]


@another("japan.csv")
def _():
    return [["Country", "Date", "Fixed Investment YoY (%)"], *(["Japan", m, 1.2] for m in SPAN)]


@another("product_of_provinces.xlsx")
def _():
    years = [["北京市", 28014.9, 33105.97, 35371.28], ["陕西省", 21898.81, 23941.88, 25793.17]]
    return {"Sheet1": [["地区", "2017年", "2018年", "2019年"], *years]}


@another("investors.csv")
def _():
    return [["日期", "新增投资者数量(万户)"], *([one, 120.1] for one in SPAN)]


@given("arrows.xlsx", said("total"))
def _():
    def arrow(figure):
        return "" if figure is None else f"{'↑' if figure >= 0 else '↓ '}{abs(figure)}%"

    return {"Sheet1": [["月份", "固定资产投资累计同比"], *([m, arrow(growth(m))] for m in SPAN)]}
