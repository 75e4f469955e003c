"""Whole releases, as they were worded from 2021 to 2026: every figure of text and table is read.

The figures are those of releases of the National Bureau of Statistics (2021-06, 2023-09, 2024-08,
2026-02); the sentences, tables and notes are made here in the shapes that releases have used, and
what no published copy was found of (lines of infrastructure, month on month) is made up.
"""

import datetime
import math

import pytest

from faiwatch.data.live.pages import text_of
from faiwatch.data.live.release_text import read_release

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


def read(html, month):
    return read_release(text_of(html), issued=day(month))


@pytest.mark.parametrize("month", FIGURES)
def test_every_figure_of_a_whole_release_is_read(month):
    told = read(page(month), month)
    assert told.month == month
    found = {one.indicator: (one.value, one.growth) for one in told.figures}
    expected = known(month)
    assert len(expected) >= 25
    assert set(found) == set(expected)
    for name, pair in expected.items():
        assert found[name] == pytest.approx(pair, nan_ok=True, abs=0), name
    assert (told.conflicts, told.unread) == ((), ())
    assert told.month_on_month[-1] == (month, 0.17)
    assert (f"{month[:4]}-01", -0.3) in told.month_on_month


@pytest.mark.parametrize("month", FIGURES)
def test_text_alone_and_table_alone_say_the_same(month):
    words = "".join(f"<p>{one}</p>" for one in text(month))
    first = f"<p>{text(month)[0]}</p>"
    in_text = {one.indicator: one.growth for one in read(words, month).figures}
    in_table = {one.indicator: one.growth for one in read(first + table(month), month).figures}
    shared = set(in_text) & set(in_table)
    assert len(shared) >= 10
    assert {name: in_text[name] for name in shared} == {name: in_table[name] for name in shared}


def test_a_table_that_differs_from_the_text_is_told_and_neither_is_taken():
    changed = page("2026-02", change=lambda name, growth: 3.3 if name == "mining" else growth)
    told = read(changed, "2026-02")
    assert [(one.indicator, one.figures, one.is_table) for one in told.conflicts] == [
        ("mining", (13.0, 3.3), True)
    ]
    assert "mining" not in {one.indicator for one in told.figures}
    assert len(told.figures) == len(known("2026-02")) - 1


def test_rows_and_sentences_that_are_not_known_are_listed():
    html = (
        page("2024-08")
        .replace("</table>", "<tr><td>海洋牧场</td><td>4.1</td></tr></table>", 1)
        .replace("<p>附注", "<p>低空经济投资增长8.8%。</p><p>附注")
    )
    told = read(html, "2024-08")
    assert [one.words for one in told.unread] == ["低空经济投资增长8.8%", "海洋牧场 4.1"]


def test_a_table_of_another_window_is_not_taken():
    html = page("2024-08").replace("2024年1—8月份固定", "2024年1—7月份固定")
    told = read(html, "2024-08")
    assert "state_controlled" not in {one.indicator for one in told.figures}
    assert {one.reason.en for one in told.unread} == {"a table of another window"}


def test_a_table_with_values_and_growth_is_read_by_its_heads():
    html = (
        f"<p>{text('2024-08')[0]}</p><table><tr><td>指标</td><td colspan=2>1—8月份</td></tr>"
        "<tr><td></td><td>绝对量（亿元）</td><td>同比增长（%）</td></tr>"
        "<tr><td>固定资产投资（不含农户）</td><td>329,385</td><td>3.4</td></tr>"
        "<tr><td>第一产业</td><td>6146</td><td>2.9</td></tr><tr><td>制造业</td><td>…</td>"
        "<td>－9.1</td></tr></table>"
    )
    found = {one.indicator: (one.value, one.growth) for one in read(html, "2024-08").figures}
    assert found["primary"] == (6146, 2.9)
    assert found["manufacturing"] == (pytest.approx(math.nan, nan_ok=True), -9.1)
    assert found["total"] == (329385, 3.4)


def test_growth_on_the_month_before_is_no_year_to_date_and_a_difference_is_told():
    html = page("2024-08").replace(
        "<td>2024年8月</td><td>0.17</td>", "<td>2024年8月</td><td>0.2</td>"
    )
    told = read(html, "2024-08")
    assert "2024-08" not in dict(told.month_on_month)
    assert [one.reason.en for one in told.unread] == ["text and table differ on the month before"]
    assert {one.growth for one in told.figures if one.indicator == "total"} == {3.4}


def test_notes_on_scope_are_kept_and_their_figures_are_not():
    told = read(page("2026-02"), "2026-02")
    assert [(one.indicator, one.may_break) for one in told.scope] == [
        ("total", False),
        ("infrastructure", False),
        ("infrastructure", True),
        ("total", False),
        ("total", True),
        ("*", True),
    ]
    assert "口径调整为包含电力" in told.scope[2].words
    growths = {one.indicator: one.growth for one in told.figures}
    assert growths["manufacturing"] == 3.1
