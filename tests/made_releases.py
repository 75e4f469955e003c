"""Releases made in the shapes that releases of the NBS had from 2021 to 2026.

The figures are those of releases of the National Bureau of Statistics (2021-06, 2023-09, 2024-08,
2026-02); the sentences, tables and notes are made here in the shapes that releases have used, and
what no published copy was found of (lines of infrastructure, month on month) is made up.
"""

import datetime
import math

FIGURES = {
    "2021-06": {
        "total": (255900, 12.6),
        "private": (147957, 15.4),
        "primary": (6564, 21.3),
        "secondary": (76354, 16.3),
        "tertiary": (172982, 10.7),
        "industry": 16.2,
        "mining": 11.5,
        "manufacturing": 19.2,
        "electricity_heat_gas_water": 3.4,
        "infrastructure": 7.8,
        "region_east": 11.2,
        "region_central": 22.3,
        "region_west": 11.4,
        "region_northeast": 11.8,
        "domestic": 12.4,
        "hong_kong_macao_taiwan": 19.9,
        "foreign": 9.3,
    },
    "2023-09": {
        "total": (375035, 3.1),
        "private": (193399, -0.6),
        "primary": (7951, -1.0),
        "secondary": (116808, 9.0),
        "tertiary": (250276, 0.7),
        "industry": 9.0,
        "mining": 1.6,
        "manufacturing": 6.2,
        "electricity_heat_gas_water": 25.0,
        "infrastructure": 6.2,
        "region_east": 5.4,
        "region_central": -0.9,
        "region_west": -0.4,
        "region_northeast": -2.7,
        "domestic": 3.3,
        "hong_kong_macao_taiwan": -2.6,
        "foreign": 1.7,
    },
    "2024-08": {
        "total": (329385, 3.4),
        "private": (167911, -0.2),
        "primary": (6146, 2.9),
        "secondary": (112778, 12.1),
        "tertiary": (210461, -0.8),
        "industry": 12.1,
        "mining": 15.6,
        "manufacturing": 9.1,
        "electricity_heat_gas_water": 23.5,
        "infrastructure": 4.4,
        "region_east": 2.7,
        "region_central": 4.6,
        "region_west": -0.2,
        "region_northeast": 2.5,
        "domestic": 3.3,
        "hong_kong_macao_taiwan": 4.7,
        "foreign": -17.7,
        "state_controlled": 6.0,
        "construction_installation": 3.4,
        "equipment_purchase": 16.8,
        "other_expenses": -3.5,
    },
    "2026-02": {
        "total": (52721, 1.8),
        "private": -2.6,
        "primary": (1093, 17.4),
        "secondary": (17434, 5.4),
        "tertiary": (34194, -0.4),
        "industry": 5.4,
        "mining": 13.0,
        "manufacturing": 3.1,
        "electricity_heat_gas_water": 13.1,
        "infrastructure": 11.4,
        "region_east": 1.8,
        "region_central": 1.9,
        "region_west": -0.5,
        "region_northeast": -11.4,
        "domestic": 2.1,
        "hong_kong_macao_taiwan": -3.0,
        "foreign": -9.1,
        "state_controlled": 7.7,
        "construction_installation": 0.6,
        "equipment_purchase": 11.5,
        "other_expenses": -1.9,
    },
}
LINES = {  # made up
    "railways": 22.1,
    "roads": -0.7,
    "waterways": 8.5,
    "aviation": 20.3,
    "pipelines": 4.0,
    "water_conservancy": 32.6,
    "public_facilities": -3.4,
    "internet_services": 17.9,
}
DAYS = {"2021-06": 15, "2023-09": 18, "2024-08": 14, "2026-02": 16}
WINDOWS = {"2021-06": "1—6月份", "2023-09": "1—9月份", "2024-08": "1—8月份", "2026-02": "1—2月份"}
ENTERPRISES = {
    "2021-06": ("内资企业固定资产", "港澳台商企业固定资产", "外商企业固定资产"),
    "2026-02": ("内资企业", "港澳台投资企业", "外商投资企业"),
}
LABELS = {
    "total": "固定资产投资（不含农户）",
    "state_controlled": "其中：国有控股",
    "private": "其中：民间投资",
    "construction_installation": "建筑安装工程",
    "equipment_purchase": "设备工器具购置",
    "other_expenses": "其他费用",
    "primary": "第一产业",
    "secondary": "第二产业",
    "tertiary": "第三产业",
    "mining": "采矿业",
    "manufacturing": "制造业",
    "electricity_heat_gas_water": "电力、热力、燃气及水生产和供应业",
    "railways": "　　其中：铁路运输业",
    "domestic": "内资企业",
    "hong_kong_macao_taiwan": "港澳台商投资企业",
    "foreign": "外商投资企业",
}
GROUPS = {"construction_installation": "按构成分", "primary": "分产业", "mining": "分行业"}


def day(month):
    after = datetime.date(int(month[:4]), int(month[5:]), 28) + datetime.timedelta(days=7)
    return after.replace(day=DAYS[month])


def known(month):
    """Return value and growth of everything that the text of a month states."""
    told = FIGURES[month] | LINES
    return {name: one if isinstance(one, tuple) else (math.nan, one) for name, one in told.items()}


def text(month):
    figures = known(month)

    def grown(name, verb="", value=False):
        growth = figures[name][1]
        level = f"{figures[name][0]:.0f}亿元，" if value and figures[name][0] > 0 else ""
        return f"{level}{verb}{'增长' if growth >= 0 else '下降'}{abs(growth)}%"

    firms = ENTERPRISES.get(month, ("内资企业", "港澳台企业", "外商企业"))
    lines = {
        "railways": "铁路运输业",
        "roads": "道路运输业",
        "waterways": "水上运输业",
        "aviation": "航空运输业",
        "pipelines": "管道运输业",
        "water_conservancy": "水利管理业",
        "public_facilities": "公共设施管理业",
        "internet_services": "互联网和相关服务业",
    }
    regions = ("east", "central", "west", "northeast")
    scope = "" if month == "2026-02" else "（不含电力、热力、燃气及水生产和供应业）"
    remark = "（按可比口径计算，详见附注7）" if month > "2023" else ""
    two_years = "；比2019年1—6月份增长9.1%，两年平均增长4.4%" if month == "2021-06" else ""
    pairs = [
        f"{WINDOWS[month]}，全国固定资产投资（不含农户）{grown('total', '同比', value=True)}"
        f"{remark}{two_years}。其中，民间固定资产投资{grown('private', '同比', value=True)}。"
        f"从环比看，{int(month[5:])}月份固定资产投资（不含农户）增长0.17%。",
        f"分产业看，第一产业投资{grown('primary', '同比', value=True)}；"
        f"第二产业投资{grown('secondary', value=True)}；"
        f"第三产业投资{grown('tertiary', value=True)}。",
        f"第二产业中，工业投资{grown('industry', '同比')}。其中，采矿业投资{grown('mining')}，"
        f"制造业投资{grown('manufacturing')}，"
        f"电力、热力、燃气及水生产和供应业投资{grown('electricity_heat_gas_water')}。",
        f"第三产业中，基础设施投资{scope}{grown('infrastructure', '同比')}。其中，"
        + "，".join(f"{words}投资{grown(name)}" for name, words in lines.items())
        + "。",
        "分地区看，"
        + "，".join(
            f"{words}地区投资{grown(f'region_{name}', '同比' if name == 'east' else '')}"
            for name, words in zip(regions, ("东部", "中部", "西部", "东北"), strict=True)
        )
        + "。",
        f"分登记注册类型看，{firms[0]}投资{grown('domestic', '同比')}，"
        f"{firms[1]}投资{grown('hong_kong_macao_taiwan')}，{firms[2]}投资{grown('foreign')}。",
    ]
    return pairs


def table(month, change=lambda name, growth: growth):  # noqa: ARG005
    figures = known(month)
    rows = ["<tr><td>指标</td><td><p>同比增长</p><p>（%）</p></td></tr>"]
    for name, label in LABELS.items():
        if name in figures:
            rows += [f"<tr><td>{GROUPS[name]}</td><td></td></tr>"] if name in GROUPS else []
            shown = f"<span>{change(name, figures[name][1])}</span>"
            rows.append(f"<tr><td><p>{label}</p></td><td><p>{shown}</p></td></tr>")
    year = month[:4]
    caption = f"<p>{year}年{WINDOWS[month]}固定资产投资（不含农户）主要数据</p>"
    return f"{caption}<table>{''.join(rows)}</table>"


NOTES = (
    "<p>附注</p><p>1.指标解释</p>"
    "<p>固定资产投资（不含农户）：是指城镇和农村各种登记注册类型的单位进行的计划总投资500万元及以上"
    "的项目投资。</p>"
    "<p>基础设施投资：是指建造公共设施的投资。自2026年起，口径调整为包含电力、热力、燃气及水生产和"
    "供应业投资。</p>"
    "<p>7.固定资产投资增速按可比口径计算。报告期数据与上年已公布的同期数据之间存在不可比因素，"
    "2025年制造业投资增长0.6%不能与之比较。</p>"
    "<p>8.环比数据修订</p><table><tr><td></td><td>环比增速（%）</td></tr>"
    "<tr><td>{year}年1月</td><td>-0.30</td></tr><tr><td>{year}年{last}月</td><td>0.17</td></tr>"
    "</table>"
)


def page(month, **options):
    notes = NOTES.replace("{year}", month[:4]).replace("{last}", str(int(month[5:])))
    words = "".join(f"<p>　　{one}</p>" for one in text(month))
    return f"<html><body>{words}{table(month, **options)}{notes}</body></html>"
