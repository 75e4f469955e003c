"""Makes files in the shapes in which data terminals, portals and analysts keep figures.

The figures are those of ``data/official``, so that what a file keeps to itself can be recognised.
``SHAPES`` holds for each the rows that must come out after the answers for which the tool asks, and
``OTHERS`` the files that are not about investment.
"""

import csv
import datetime
import io
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import xlsxwriter

OFFICIAL = Path(__file__).parents[2] / "data" / "official"
NATION = "000000"
CUTS = {
    "total": "固定资产投资完成额",
    "primary": "固定资产投资完成额:第一产业",
    "secondary": "固定资产投资完成额:第二产业",
    "tertiary": "固定资产投资完成额:第三产业",
}
SECTORS = ("primary", "secondary", "tertiary")
PROVINCES = {"110000": "北京市", "120000": "天津市", "150000": "内蒙古自治区", "610000": "陕西省"}


def _official():
    names = ("national", "components", "provinces")
    frames = [pd.read_csv(OFFICIAL / f"{name}.csv", dtype={"region_code": str}) for name in names]
    held = pd.concat(frames, ignore_index=True).astype("object")
    held = held.where(held.notna(), None)
    columns = (["region_code", "indicator", "period"], ["ytd_value_100m", "ytd_yoy_pct"])
    places, figures = (held[names].itertuples(index=False, name=None) for names in columns)
    return dict(zip(places, figures, strict=True))


HELD = _official()


def months(first, last):
    """Return the months of releases, which leave January out."""
    every = pd.period_range(first, last, freq="M")
    return [str(month) for month in every if month.month > 1]


def value(month, indicator="total", region=NATION):
    return HELD.get((region, indicator, month), (None, None))[0]


def growth(month, indicator="total", region=NATION):
    return HELD.get((region, indicator, month), (None, None))[1]


def rows(when, *indicators, regions=(NATION,), values=True, growths=True):
    """Return the rows that must come out."""
    return [
        (region, indicator, month, *figures)
        for region in regions
        for indicator in indicators or ("total",)
        for month in when
        for figures in [
            (
                value(month, indicator, region) if values else None,
                growth(month, indicator, region) if growths else None,
            )
        ]
        if figures != (None, None)
    ]


@dataclass(frozen=True)
class Shape:
    """One file, the rows in it, what a person says where the tool cannot propose, and rules."""

    name: str
    make: object
    expected: list
    says: dict = field(default_factory=dict)
    rules: set = field(default_factory=set)
    most: int = 3


SHAPES, OTHERS = [], []


def shape(name, expected, *rules, most=3, **says):
    """Register what a function makes: it returns rows, or sheets of rows for a workbook."""

    def register(make):
        SHAPES.append(Shape(name, make, expected, says, set(rules), most))
        return make

    return register


def other(name):
    """Register a file that is not about investment."""

    def register(make):
        OTHERS.append(Shape(name, make, []))
        return make

    return register


def write(path, content, encoding="utf-8"):
    """Write rows as CSV, or sheets of rows as a workbook."""
    sheets = content if isinstance(content, dict) else {"Sheet1": content}
    if path.suffix == ".csv":
        text = io.StringIO()
        csv.writer(text).writerows(next(iter(sheets.values())))
        encoding = "gbk" if "gbk" in path.stem else "utf-8-sig" if "bom" in path.stem else encoding
        path.write_bytes(text.getvalue().encode(encoding))
        return
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for r, line in enumerate(lines):
                for c, cell in enumerate(line):
                    if isinstance(cell, datetime.date):
                        sheet.write_datetime(r, c, cell, day)
                    elif cell not in (None, ""):
                        sheet.write(r, c, cell)


def day(month):
    """Return the last day of a month, as terminals date it."""
    return pd.Period(month, "M").end_time.to_pydatetime().replace(microsecond=0, hour=0, minute=0,
                                                                   second=0)  # fmt: skip


def chinese(month):
    return f"{month[:4]}年{int(month[5:])}月"


def blank(one):
    return "" if one is None else one


def times(one, factor):
    return "" if one is None else round(one * factor, 6)


WHEN = months("2024-02", "2025-09")
LATE = months("2025-02", "2025-09")


# --- metadata blocks of data terminals


@shape("choice.xlsx", rows(WHEN, "total", *SECTORS, values=False), "metadata", "note")
def _choice(path):
    names = [f"{CUTS[one]}:累计同比" for one in CUTS]
    head = [
        ["序号", "日期", *names],
        ["", "指标名称", *names],
        ["", "指标ID", *[f"EMM0002{at}" for at in range(4)]],
        ["", "频率", *["月"] * 4],
        ["", "单位", *["%"] * 4],
        ["", "发布方", *["国家统计局"] * 4],
    ]
    body = [
        [at, month, *[growth(month, one) for one in CUTS]]
        for at, month in enumerate(reversed(WHEN), start=1)
    ]
    write(path, {"指标": [*head, *body, [], [], ["数据来源：东方财富Choice数据"]]})


MIXED = [
    *rows(["2024-07"], "primary", growths=False),
    *rows(WHEN),
]


@shape("choice-mixed-units.xlsx", MIXED, "unit_header")
def _mixed(path):
    head = [
        ["指标名称", "固定资产投资完成额:累计值", "固定资产投资完成额:累计同比",
         "固定资产投资完成额:第一产业:累计值"],
        ["频率", "月", "月", "月"],
        ["单位", "亿元", "%", "万元"],
        ["来源", "国家统计局", "国家统计局", "国家统计局"],
    ]  # fmt: skip
    body = [
        [day(month), value(month), growth(month),
         times(value(month, "primary"), 1e4) if month == "2024-07" else ""]
        for month in WHEN
    ]  # fmt: skip
    write(path, [*head, *body])


@shape("wind.xlsx", rows(WHEN, "total", "real_estate_development", values=False), "metadata")
def _wind(path):
    names = ["固定资产投资完成额:累计同比", "房地产开发投资完成额:累计同比"]
    head = [
        ["指标名称", *names],
        ["频率", "月", "月"],
        ["单位", "%", "%"],
        ["指标ID", "M0000273", "S0029657"],
        ["时间区间", "1992-02:2025-09", "1999-02:2025-09"],
        ["来源", "国家统计局", "国家统计局"],
        ["更新时间", day("2025-10"), day("2025-10")],
    ]
    body = [[day(m), growth(m), growth(m, "real_estate_development")] for m in WHEN]
    write(path, {"Sheet1": [*head, *body, [], ["数据来源：Wind"]]})


@shape("wind-many-sheets.xlsx", rows(WHEN, "total", *SECTORS, values=False),
       "other_subject_sheet", "repeated", "skip")  # fmt: skip
def _many_sheets(path):
    def sheet(*names):
        body = [[day(m), *[at + 1.5 for at, _ in enumerate(names)]] for m in WHEN]
        return [["指标名称", *names], *body, [], ["数据来源：Wind"]]

    names = [f"{CUTS[one]}:累计同比" for one in CUTS]
    body = [[day(m), growth(m), *[growth(m, one) for one in CUTS], 3.5] for m in WHEN]
    own = [["指标名称", names[0], *names, "固定资产投资完成额:新建:累计同比"], *body]
    write(path, {
        "GDP": sheet("GDP:不变价:当季同比", "GDP:不变价:第一产业:当季同比"),
        "PMI": sheet("PMI", "PMI:生产", "PMI:新订单"),
        "铁路客运": sheet("铁路客运量:当月同比"),
        "GS CAI": [["Date", "Headline", "Manufacturing"], *[[day(m), 1.5, 2.5] for m in WHEN]],
        "固定资产投资": [*own, [], ["数据来源：Wind"]],
        "外汇储备": sheet("官方储备资产:外汇储备", "平均汇率:美元兑人民币"),
        "人口": sheet("城镇调查失业率", "就业人员平均工资:城镇单位:累计同比"),
    })  # fmt: skip


@shape("ifind.xlsx", rows(WHEN, "total", "manufacturing", values=False), "metadata", most=0)
def _ifind(path):
    names = ["固定资产投资完成额:累计同比", "固定资产投资完成额:制造业:累计同比"]
    head = [
        ["指标名称", *names],
        ["频率", "月", "月"],
        ["单位", "%", "%"],
        ["指标ID", "L001", "L002"],
        ["来源", "国家统计局", "国家统计局"],
        ["国家", "中国", "中国"],
        ["更新时间", "2025-10-20", "2025-10-20"],
    ]
    write(path, [*head, *[[m, growth(m), growth(m, "manufacturing")] for m in WHEN]])


@shape("terminal-by-province.xlsx",
       rows(LATE, regions=tuple(PROVINCES), values=False), "metadata", most=0)  # fmt: skip
def _by_province(path):
    head = [
        ["指标名称", *["固定资产投资:累计同比"] * 4],
        ["频率", *["月"] * 4],
        ["单位", *["%"] * 4],
        ["地区", *PROVINCES.values()],
        ["来源", *["国家统计局"] * 4],
    ]
    body = [[m, *[blank(growth(m, region=code)) for code in PROVINCES]] for m in LATE]
    write(path, [*head, *body])


@shape("ceic-english.xlsx", rows(WHEN), "metadata", most=0)
def _ceic(path):
    head = [
        ["", "China | Fixed Asset Investment: ytd", "China | FAI: ytd: YoY"],
        ["Region", "China", "China"],
        ["Frequency", "Monthly", "Monthly"],
        ["Unit", "RMB bn", "%"],
        ["Source", "National Bureau of Statistics", "CEIC Data"],
        ["Status", "Active", "Active"],
        ["Series Code", "COAA", "COAB"],
        ["First Obs. Date", "02/2024", "02/2024"],
        ["Mean", 250000.5, 3.5],
        ["Variance", 12345.5, 1.25],
        ["No. of Obs", 20, 20],
    ]
    body = [[day(m), times(value(m), 0.1), growth(m)] for m in WHEN]
    write(path, {"My Series": [*head, *body]})


@shape("ceic-chinese-gbk.csv", rows(WHEN, "total", "private", values=False), most=0)
def _ceic_chinese(path):
    head = [
        ["时间", "中国:固定资产投资:累计:同比", "中国:固定资产投资:民间:累计同比"],
        ["频率", "月", "月"],
        ["单位", "%", "%"],
        ["来源", "国家统计局", "国家统计局"],
    ]
    body = [[m.replace("-", "/"), growth(m), blank(growth(m, "private"))] for m in WHEN]
    write(path, [*head, *body])


@shape("series-in-rows.xlsx", rows(LATE, "total", *SECTORS, values=False), most=0)
def _series_in_rows(path):
    head = ["指标名称", "指标ID", "频率", "单位", "来源", "国家", "时间区间", "更新时间", *LATE]
    body = [
        [f"{name}:累计同比", f"M{at}", "月", "%", "国家统计局", "中国", "1992:2025", "2025-10-20",
         *[growth(m, one) for m in LATE]]
        for at, (one, name) in enumerate(CUTS.items())
    ]  # fmt: skip
    write(path, [head, *body])


@shape("two-tables-with-metadata.xlsx", rows(LATE, "total", "primary", values=False), "metadata")
def _two_tables(path):
    def table(one):
        head = [["指标名称", f"{CUTS[one]}:累计同比"], ["频率", "月"], ["单位", "%"]]
        return [*head, *[[m, growth(m, one)] for m in LATE], []]

    write(path, [*table("total"), *table("primary")])


# --- portals


def portal(database, when, *lines, first="指标"):
    return [
        [f"数据库：{database}"],
        ["时间：最近20个月"],
        [first, *map(chinese, reversed(when))],
        *lines,
        ["注：1.固定资产投资不含农户。"],
        ["2.增速按可比口径计算。"],
        ["数据来源：国家统计局"],
    ]


def across(name, figures, when):
    return [name, *[blank(figures(m)) for m in reversed(when)]]


@shape("月度数据-gbk.csv", rows(WHEN), most=0)
def _nbs_monthly(path):
    lines = [
        across("固定资产投资额_累计值(亿元)", value, WHEN),
        across("固定资产投资额_累计增长(%)", growth, WHEN),
    ]
    write(path, portal("月度数据", WHEN, *lines))


@shape("三次产业.csv", rows(WHEN, "total", *SECTORS, values=False), most=0)
def _nbs_sectors(path):
    names = {
        "total": "固定资产投资额累计增长(%)",
        "primary": "第一产业固定资产投资额_累计增长(%)",
        "secondary": "第二产业固定资产投资额_累计增长(%)",
        "tertiary": "第三产业固定资产投资额_累计增长(%)",
    }
    lines = [across(name, lambda m, one=one: growth(m, one), WHEN) for one, name in names.items()]
    write(path, portal("月度数据", WHEN, *lines))


@shape("分省月度数据.xlsx", rows(LATE, regions=tuple(PROVINCES), values=False), most=0)
def _nbs_provinces(path):
    lines = [
        [name, *[blank(growth(m, region=code)) for m in reversed(LATE)]]
        for code, name in PROVINCES.items()
    ]
    content = portal("分省月度数据", LATE, *lines, first="地区")
    content.insert(1, ["指标：固定资产投资额累计增长(%)"])
    write(path, {"分省月度数据": content})


@shape("分省-陕西.csv", rows(LATE, regions=("610000",), values=False), most=0)
def _nbs_one_province(path):
    line = [
        "固定资产投资额累计增长(%)",
        *[blank(growth(m, region="610000")) for m in reversed(LATE)],
    ]
    content = portal("分省月度数据", LATE, line)
    content.insert(1, ["地区：陕西省"])
    write(path, content)


@shape("pairs-above.xlsx", rows(LATE, regions=tuple(PROVINCES), values=False), most=0)
def _pairs(path):
    lines = [
        [name, *[blank(growth(m, region=code)) for m in LATE]] for code, name in PROVINCES.items()
    ]
    head = [["数据库", "分省月度数据"], ["指标", "固定资产投资累计增速(%)"], ["时间", "最近8个月"]]
    write(path, [*head, ["地区", *map(chinese, LATE)], *lines, ["数据来源：国家统计局"]])


INDUSTRIES = ("酒、饮料和精制茶制造业", "铁路运输业", "农、林、牧、渔业", "教育", "专用设备制造业",
              "房地产业", "建筑业", "汽车制造业", "卫生和社会工作", "水利管理业")  # fmt: skip
KEPT = {"铁路运输业": "railways", "农、林、牧、渔业": "agriculture", "教育": "education",
        "专用设备制造业": "special_machinery", "汽车制造业": "motor_vehicles",
        "卫生和社会工作": "health_social_work", "水利管理业": "water_conservancy"}  # fmt: skip


def of_industries(first, rest=()):
    """Return the rows of the industries that are kept; the others are left out."""
    return [
        (NATION, KEPT[name], month, None, figure)
        for names, figure in ((first, 1.5), (rest, 2.5))
        for name in names
        if name in KEPT
        for month in WHEN
    ]


@shape("按行业分固定资产投资增速.csv",
       rows(WHEN, "manufacturing", values=False) + of_industries(INDUSTRIES[:5], INDUSTRIES[5:]),
       "skip")  # fmt: skip
def _industries(path):
    names = [*INDUSTRIES[:5], "制造业", *INDUSTRIES[5:]]
    head = ["time", *[f"{name}固定资产投资额_累计增长" for name in names]]
    body = [[m, *[1.5] * 5, growth(m, "manufacturing"), *[2.5] * 5] for m in WHEN]
    write(path, [head, *body])


@shape("行业-最新在前.xlsx",
       rows(WHEN, "manufacturing", values=False) + of_industries(INDUSTRIES[:4]), "skip", most=3,
       month="--map '固投月度增长!{last}=2024-02'")  # fmt: skip
def _blank_header(path):
    head = [
        "指标",
        *[datetime.date(int(m[:4]), int(m[5:]), 1) for m in reversed(WHEN[1:])],
        "  ",
    ]
    body = [
        ["制造业固定资产投资额累计增长(%)", *[growth(m, "manufacturing") for m in reversed(WHEN)]]
    ]
    body += [[f"{name}固定资产投资额累计增长(%)", *[1.5] * len(WHEN)] for name in INDUSTRIES[:4]]
    write(
        path, {"PMI": [["日期", "PMI"], *[[m, 50.5] for m in WHEN]], "固投月度增长": [head, *body]}
    )


# --- codes, and what a file keeps to itself


@shape("codes.xlsx", rows(WHEN, growths=False) + rows(WHEN, "manufacturing", values=False),
       "dictionary", "other_subject")  # fmt: skip
def _codes(path):
    names = [
        ["Code", "Factor", "Factor_CN", "Unit", "Source"],
        ["IVA", "Industrial value added", "工业增加值:当月同比", "%", "NBS"],
        ["CPI", "CPI: year-on-year", "CPI:当月同比", "%", "NBS"],
        ["FAI", "Fixed asset investment", "固定资产投资完成额:累计值", "100M Yuan", "NBS"],
        ["MFG", "Manufacturing", "固定资产投资完成额:制造业:累计同比", "%", "NBS"],
        ["CCI", "Consumer confidence", "消费者信心指数(月)", "", "NBS"],
    ]
    body = [[day(m), 5.5, 0.5, value(m), growth(m, "manufacturing"), 90.5] for m in WHEN]
    write(path, {"Dict": names, "Data": [["", "IVA", "CPI", "FAI", "MFG", "CCI"], *body]})


@shape("日期-累计同比.csv", rows(WHEN, values=False))
def _two_columns(path):
    write(path, [["日期", "固定资产投资累计同比"], *[[m, growth(m)] for m in WHEN]])


@shape("date-value.csv", rows(WHEN, growths=False))
def _date_value(path):
    write(path, [["Date", "FAI YTD (100 million yuan)"], *[[f"{m}-01", value(m)] for m in WHEN]])


@shape("fixed_asset_investment.csv", rows(WHEN, growths=False), "window_contrast", "single_month")
def _package(path):
    head = ["date", "value", "yoy", "mom", "ytd_value", "ytd_yoy", "jan_feb_combined"]
    body = [
        [f"{m}-01", "" if m.endswith("02") else 4000.5, "" if m.endswith("02") else 1.25, "",
         value(m), "", m.endswith("02")]
        for m in WHEN
    ]  # fmt: skip
    write(path, [head, *body])


YEAR = months("2024-02", "2024-12")


@shape("accumulated.xlsx", rows(YEAR, growths=False), "other_subject")
def _no_year(path):
    head = ["accumulated till", *[int(m[5:]) for m in reversed(YEAR)]]
    own = ["固定资产投资（亿元）", *[value(m) for m in reversed(YEAR)]]
    floor = ["新建商品房销售面积（万平方米）", *[900.0 - at for at, _ in enumerate(YEAR)]]
    write(path, [head, own, floor, ["  其中：住宅", *[700.0 - at for at, _ in enumerate(YEAR)]]])


@shape("各省增速.csv", rows(LATE, regions=tuple(PROVINCES), values=False))
def _untitled(path):
    head = ["地区", *map(chinese, reversed(LATE))]
    body = [
        [name, *[blank(growth(m, region=code)) for m in reversed(LATE)]]
        for code, name in PROVINCES.items()
    ]
    write(path, [head, *body])


@shape("growth-without-header.xlsx", rows(WHEN, values=False))
def _no_header(path):
    write(path, {"固定资产投资": [["日期", ""], *[[m, growth(m)] for m in WHEN]]})


@shape("unit-nowhere.csv", rows(WHEN, growths=False))
def _no_unit(path):
    body = [[m, times(value(m), 1e4)] for m in WHEN]
    write(path, [["月份", "全国固定资产投资累计完成"], *body])


# --- analysts


@shape("macro-bom.csv", rows(WHEN, values=False), "other_subject")
def _macro(path):
    head = ["date", "gdp", "cpi_yoy", "ppi", "pmi", "FAI_yoy", "retail_sales", "M2", "社融存量"]
    write(path, [head, *[[m, 5.1, 0.3, -2.1, 50.1, growth(m), 4.5, 8.5, 9.5] for m in WHEN]])


@shape("宏观指标.xlsx", rows(WHEN, "total", "real_estate_development", values=False),
       "other_subject")  # fmt: skip
def _macro_chinese(path):
    head = ["时间", "工业增加值:累计同比", "固定资产投资完成额:累计同比",
            "社会消费品零售总额:累计同比", "房地产开发投资完成额:累计同比", "出口金额:累计同比",
            "M2:同比", "房屋新开工面积:累计同比", "规模以上工业企业:利润总额:累计同比",
            "CPI:当月同比", "城镇调查失业率"]  # fmt: skip
    body = [
        [day(m), 6.5, growth(m), 4.5, growth(m, "real_estate_development"), 3.5, 8.5, -20.5, 2.5,
         0.5, 5.25]
        for m in WHEN
    ]  # fmt: skip
    write(path, {"月度": [head, *body]})


@shape("fai_ytd.csv", rows(WHEN, "total", "manufacturing", values=False))
def _english_heads(path):
    head = ["Month", "FAI (YTD, yoy %)", "Manufacturing investment: cum. yoy"]
    body = [
        [pd.Period(m, "M").strftime("%b %Y"), growth(m), growth(m, "manufacturing")] for m in WHEN
    ]
    write(path, [head, *body])


@shape("snake_case.csv", rows(WHEN, "total", "private", "real_estate_development", values=False))
def _snake(path):
    head = ["month_end", "fixed_asset_inv_ytd_yoy", "private_investment_ytd_yoy",
            "real_estate_investment_ytd_yoy", "cpi_yoy"]  # fmt: skip
    body = [
        [day(m).date().isoformat(), growth(m), blank(growth(m, "private")),
         growth(m, "real_estate_development"), 0.4]
        for m in WHEN
    ]  # fmt: skip
    write(path, [head, *body])


@shape("panel-long.csv", rows(LATE, regions=tuple(PROVINCES), values=False), most=0)
def _panel(path):
    body = [
        [name, m[:4], int(m[5:]), blank(growth(m, region=code))]
        for code, name in PROVINCES.items()
        for m in LATE
    ]
    write(path, [["省份", "年份", "月份", "固定资产投资累计增速（%）"], *body])


@shape("panel-merged.xlsx", rows(LATE, regions=tuple(PROVINCES), values=False), "other_subject",
       most=0)  # fmt: skip
def _panel_merged(path):
    head = ["id", "province", "date", "gdp", "population", "fai_growth", "城镇化率", "专利授权量"]
    body = [
        [code, name, m, 800.5, 1200.5, blank(growth(m, region=code)), 65.5, 1234]
        for code, name in PROVINCES.items()
        for m in LATE
    ]
    write(path, [head, *body])


@shape("long-english.csv", rows(LATE, "total", "manufacturing", values=False), "other_subject",
       most=0)  # fmt: skip
def _long_english(path):
    def lines(name, figures):
        return [["China", name, m, figures(m)] for m in LATE]

    body = [
        *lines("Fixed Asset Investment, YTD, YoY", growth),
        *lines("CPI, YoY", lambda _: 0.5),
        *lines("Manufacturing Investment, YTD, YoY", lambda m: growth(m, "manufacturing")),
        *lines("Retail Sales, YoY", lambda _: 4.5),
    ]
    write(path, [["country", "indicator", "date", "value (%)"], *body])


@shape("two-scopes.xlsx", rows(LATE, "infrastructure", "total", values=False), "other_scope")
def _scopes(path):
    head = ["月份", "基础设施投资:累计同比", "基础设施投资(不含电力):累计同比",
            "全社会固定资产投资:累计同比", "固定资产投资(不含农户):累计同比"]  # fmt: skip
    body = [[m, 7.7, blank(growth(m, "infrastructure")), 6.6, growth(m)] for m in LATE]
    write(path, [head, *body])


@shape("sheet-per-cut.xlsx", rows(LATE, "total", "manufacturing", values=False))
def _sheets(path):
    def sheet(one):
        return [["日期", "累计同比(%)"], *[[m, growth(m, one)] for m in LATE]]

    write(path, {"固定资产投资": sheet("total"), "制造业投资": sheet("manufacturing")})


@shape("notes-below.xlsx", rows(LATE), "note")
def _notes(path):
    body = [[chinese(m), value(m), growth(m)] for m in LATE]
    notes = [
        [],
        ["注释：固定资产投资（不含农户）。"],
        ["数据来源：国家统计局", "", "2025年10月"],
        ["更新时间：2025-10-20"],
    ]
    head = ["指标", "固定资产投资累计值（亿元）", "固定资产投资累计增长（%）"]
    write(path, {"固定资产投资": [head, *body, *notes]})


@shape("region-column-of-china.csv", rows(LATE), most=0)
def _china(path):
    body = [["中国", m, value(m), growth(m)] for m in LATE]
    write(path, [["国家", "月份", "固定资产投资累计值(亿元)", "固定资产投资累计同比(%)"], *body])


@shape("addressed.csv", rows(LATE, values=False), label="--map 'B=total growth ytd'")
def _addressed(path):
    write(path, [["月份", "全国甲种固投速度"], *[[m, growth(m)] for m in LATE]])


@shape("forecast-beside.xlsx", rows(LATE, values=False), "skip")
def _forecast(path):
    head = ["指标名称", "固定资产投资:累计同比", "固定资产投资:累计同比:预测平均值",
            "固定资产投资:累计同比:前值"]  # fmt: skip
    write(path, [head, *[[day(m), growth(m), 3.3, 2.2] for m in LATE]])


@shape("macro_china_gdzctz.csv", rows(WHEN, growths=False), "single_month")
def _akshare(path):
    head = ["月份", "当月", "同比增长", "环比增长", "自年初累计"]
    body = [[f"{m[:4]}年{m[5:]}月份", 4000 + at, 1.5, 0.3, value(m)] for at, m in enumerate(WHEN)]
    write(path, [head, *body])


@shape("news.csv", rows(WHEN, values=False), "skip", most=0)
def _news(path):
    head = ["商品", "日期", "今值", "预测值", "前值"]
    write(path, [head, *[["中国固定资产投资年率", m, growth(m), 1.1, 2.2] for m in WHEN]])


@shape("index-of-pandas.csv", rows(WHEN, values=False))
def _pandas(path):
    write(path, [["Unnamed: 0", "固定资产投资完成额:累计同比"], *[[m, growth(m)] for m in WHEN]])


@shape("value-that-is-growth.csv", rows(WHEN, values=False))
def _generic_value(path):
    write(path, [["DateTime", "Value", "Frequency"], *[[m, growth(m), "Monthly"] for m in WHEN]])


@shape("bare-names.csv", rows(WHEN, "total", "manufacturing", "real_estate_development",
                              values=False), "other_subject")  # fmt: skip
def _bare(path):
    head = ["日期", "投资", "消费", "出口", "房地产", "制造业"]
    body = [
        [m, growth(m), 4.5, 3.5, growth(m, "real_estate_development"), growth(m, "manufacturing")]
        for m in WHEN
    ]
    write(path, [head, *body])


@shape("provinces-across.csv", rows(LATE, regions=(NATION, *PROVINCES), values=False))
def _across_provinces(path):
    codes = (NATION, *PROVINCES)
    body = [[m, *[blank(growth(m, region=code)) for code in codes]] for m in LATE]
    write(path, [["时间", "全国", *PROVINCES.values()], *body])


# --- files of other subjects


def years(figures=100.5):
    return [[name, *[figures + at for at in range(5)]] for name in PROVINCES.values()]


FIVE = [f"{year}年" for year in range(2024, 2019, -1)]


@other("分省年度数据-gdp.xlsx")
def _gdp(path):
    head = [["数据库：分省年度数据"], ["指标：地区生产总值(亿元)"], ["时间：最近5年"]]
    write(path, {"分省年度数据": [*head, ["地区", *FIVE], *years(), ["数据来源：国家统计局"]]})


@other("分省年度数据.xlsx")
def _nameless(path):
    write(path, {"分省年度数据": [["地区", *FIVE], *years(43760.7)]})


@other("分省月度数据.csv")
def _assets(path):
    body = [[name, *[11681.5 + at for at, _ in enumerate(LATE)]] for name in PROVINCES.values()]
    write(path, [["地区", *map(chinese, reversed(LATE))], *body])


@other("cpi-gbk.csv")
def _cpi(path):
    names = [
        "居民消费价格指数(上年同月=100)",
        "食品烟酒类居民消费价格指数(上年同月=100)",
        "旅客运输量",
    ]
    head = [["数据库：月度数据"], ["时间：2024-"], ["时间", *names]]
    write(
        path, [*head, *[[chinese(m), 100.5, 101.5, 2345] for m in LATE], ["数据来源：国家统计局"]]
    )


@other("us.csv")
def _us(path):
    head = ["date", "total_construction", "residential", "private", "public"]
    write(path, [head, *[[f"{m}-01", 2190424, 945151, 1661190, 529234] for m in LATE]])


@other("pmi.xlsx")
def _pmi(path):
    head = ["指标名称", "PMI", "PMI:新订单", "非制造业PMI:商务活动"]
    write(path, {"PMI": [head, *[[day(m), 50.1, 49.5, 51.5] for m in LATE], ["数据来源：Wind"]]})


@other("usdcny.csv")
def _rates(path):
    write(path, [["日期", "收盘", "开盘", "高", "低", "涨跌幅"],
                 *[[f"{m}-01", 7.1, 7.05, 7.15, 7.0, "0.5%"] for m in LATE]])  # fmt: skip


@other("floor-space.xlsx")
def _floor(path):
    names = ["房屋施工面积:累计值", "房屋新开工面积:累计值", "商品房销售面积:累计值"]
    head = [["指标名称", *names], ["频率", "月", "月", "月"], ["单位", *["万平方米"] * 3]]
    write(path, [*head, *[[day(m), 640000.5, 40000.5, 50000.5] for m in LATE]])


@other("sectors-of-gdp.xlsx")
def _sectors(path):
    body = [[2020 + at, 500.5 + at, 900.5 + at, 1200.5 + at] for at in range(4)]
    write(path, {"产业": [["年份", "第一产业", "第二产业", "第三产业"], *body]})


@other("fdi.csv")
def _fdi(path):
    head = ["指标名称", "实际使用外资金额:外商直接投资:累计同比"]
    write(path, [head, *[[day(m).date(), 5.5] for m in LATE]])
