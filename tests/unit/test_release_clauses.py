"""Which clause of a release says what: subject, window and region are those of the clause."""

import datetime

import pytest

from faiwatch.data.live.release_text import read_release

DAY = datetime.date(2026, 9, 15)
TOTAL = "1—8月份，全国固定资产投资（不含农户）293092亿元，同比下降7.2%"


def read(text, issued=DAY):
    told = read_release(text, issued=issued)
    figures = {one.indicator: (one.value, one.growth) for one in told.figures}
    return figures, told


def growths(text, issued=DAY):
    return {name: growth for name, (_, growth) in read(text, issued)[0].items()}


def test_a_look_back_does_not_end_the_sentence():
    told = (
        "1—5月份，全国固定资产投资（不含农户）199194亿元，同比下降6.3%，降幅比1—4月份收窄4.0个百分点。"
        "分产业看，第一产业投资5180亿元，与去年同期持平，1—4月份为下降5.4%；"
        "第二产业投资58577亿元，下降11.8%，1—4月份下降16.0%；第三产业投资135437亿元，下降3.9%。"
    )
    figures, release = read(told, datetime.date(2020, 6, 15))
    assert release.month == "2020-05"
    assert figures == {
        "total": (199194, -6.3),
        "primary": (5180, 0),
        "secondary": (58577, -11.8),
        "tertiary": (135437, -3.9),
    }
    assert release.unread == ()


@pytest.mark.parametrize(
    "words",
    [
        "民间投资中，制造业投资增长9.9%",
        "民间投资中制造业投资增长9.9%",
        "在民间投资中，制造业投资增长9.9%",
        "民间投资方面，制造业投资增长9.9%",
        "从民间投资看，制造业投资增长9.9%",
        "民间投资两年平均增长2%，其中制造业投资增长9.9%",
        "高技术产业投资增长3%，其中，制造业投资增长9.9%",
        "第二产业中，民间投资增长9.9%",
        "制造业投资增速放缓，其中，民间投资增长9.9%",
        "二季度，民间投资增长9.9%",
        "第二季度民间投资增长9.9%",
        "8月当月，民间投资增长9.9%",
        "8月民间投资增长9.9%",
        "3—5月份，民间投资增长9.9%",
        "下半年以来，民间投资增长9.9%",
        "前7个月，民间投资增长9.9%",
        "去年1—8月份，民间投资增长9.9%",
        "2025年，民间投资增长9.9%",
        "二季度，制造业用电量增长5%，民间投资增长9.9%",
        "全省民间投资增长9.9%",
        "陕西民间投资增长9.9%",
        "临江区，民间投资增长9.9%",
        "我市工业增加值增长8%，民间投资增长9.9%",
        "分地区看，东部地区投资增长1%，其中，民间投资增长9.9%",
        "西部，民间投资增长9.9%",
        "从环比看，民间投资增长9.9%",
        "与2024年同期相比，民间投资增长9.9%",
        "剔除房地产开发投资，民间投资增长9.9%",
        "预计民间投资增长9.9%",
        "民间投资增长9.9%以上",
        "民间投资当月增长9.9%",
        "民间投资和制造业投资分别增长9.9%和3%",
        "民间投资147139亿元，占50.2%，同比增长9.9%",
    ],
)
def test_what_a_clause_says_of_something_else_is_not_taken_and_is_listed(words):
    for text in (f"{TOTAL}。{words}。", f"{TOTAL}；{words}。", f"{TOTAL}。\n{words}。"):
        figures, release = read(text)
        assert 9.9 not in {growth for _, growth in figures.values()}, text
        assert figures["total"] == (293092, -7.2)
        told = "".join(one.words for one in release.unread)
        assert "9.9%" in told, text
        assert all(one.reason.zh and one.reason.en for one in release.unread)


@pytest.mark.parametrize(
    "words",
    [
        "其中，制造业投资增长9.9%",
        "第二产业中，制造业投资增长9.9%",
        "第二产业中，工业投资增长5%。其中，采矿业投资增长1%；制造业投资增长9.9%",
        "从环比看，8月份固定资产投资增长0.2%。分产业看，制造业投资增长9.9%",
        "8月份，民间投资增长1%。\n制造业投资增长9.9%",
        "8月份，民间投资增长1%；1—8月份，制造业投资增长9.9%",
        "前8个月，制造业投资增长9.9%",
        "2026年前八个月制造业投资增长9.9%",
        "1至8月，全国制造业投资同比增长9.9%，1—7月份为增长5%",
        "民间投资中，制造业投资增长1%。\n制造业投资增长9.9%",
        "民间投资下降9%，其中，制造业投资增长1%。制造业投资增长9.9%",
        "分地区看，东部地区投资增长1%。分行业看，制造业投资增长9.9%",
        "全省民间投资增长1%。全国制造业投资增长9.9%",
        "基础设施投资增长1%、制造业投资增长9.9%",
        "制造业投资按可比口径计算同比增长9.9%",
        "制造业投资，按可比口径计算，同比增长9.9%",
        "分行业看：制造业投资增长9.9%",
    ],
)
def test_what_a_clause_says_of_the_nation_and_the_window_is_taken(words):
    for text in (f"{TOTAL}。{words}。", f"{TOTAL}；{words}。"):
        assert growths(text)["manufacturing"] == 9.9, text


def test_a_text_of_a_province_that_quotes_the_nation_gives_the_nation_only():
    figures, release = read(
        f"{TOTAL}。\n全省固定资产投资（不含农户）同比增长3.1%。\n分产业看，第一产业投资增长5.0%，"
        "第二产业投资增长6.0%，第三产业投资下降2.0%。其中，制造业投资增长9.9%。"
    )
    assert figures == {"total": (293092, -7.2)}
    assert len(release.unread) == 5
    assert {one.reason.en for one in release.unread} == {"another region"}


def test_one_contradiction_does_not_lose_the_rest():
    figures, release = read(f"{TOTAL}。民间投资下降9.0%，制造业投资增长1.0%。\n民间投资下降9.3%。")
    assert figures == {
        "total": (293092, -7.2),
        "manufacturing": (pytest.approx(float("nan"), nan_ok=True), 1.0),
    }
    assert [(one.indicator, one.figures) for one in release.conflicts] == [
        ("private", (-9.0, -9.3))
    ]


def test_a_total_that_contradicts_itself_leaves_its_other_figure_and_the_rest():
    figures, release = read(f"{TOTAL}。民间投资下降9.0%。{TOTAL.replace('7.2', '7.3')}。")
    assert figures["total"] == (293092, pytest.approx(float("nan"), nan_ok=True))
    assert figures["private"][1] == -9.0
    assert [one.indicator for one in release.conflicts] == ["total"]


def test_every_clause_on_investment_with_a_percentage_is_read_or_listed():
    figures, release = read(
        f"{TOTAL}。其中，采矿业投资增长3.2%；电力、热力、燃气及水生产和供应业投资增长1.5%。"
        "低空经济投资增长2.7%，水库投资增长1.9%。"
        "社会消费品零售总额增长4.4%。制造业投资占全部投资的比重提高1.0个百分点。"
    )
    assert [one.words for one in release.unread] == ["低空经济投资增长2.7%", "水库投资增长1.9%"]
    assert figures["mining"][1] == 3.2
    assert figures["electricity_heat_gas_water"][1] == 1.5


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("内资企业固定资产投资同比增长9.9%", "domestic"),
        ("港、澳、台商投资企业投资增长9.9%", "hong_kong_macao_taiwan"),
        ("港澳台商企业固定资产投资增长9.9%", "hong_kong_macao_taiwan"),
        ("分登记注册类型看，外商投资企业投资增长9.9%", "foreign"),
        ("国有控股投资增长9.9%", "state_controlled"),
        ("国有及国有控股投资增长9.9%", "state_controlled"),
        ("分地区看，东北地区投资增长9.9%", "region_northeast"),
        ("东部地区固定资产投资同比增长9.9%", "region_east"),
        ("分区域看，东部地区投资增长1%；中部地区投资增长9.9%", "region_central"),
        ("第三产业中，基础设施投资增长1%。其中，铁路运输业投资增长9.9%", "railways"),
        ("分构成看，设备工器具购置投资增长9.9%", "equipment_purchase"),
        ("高技术产业投资增长9.9%", "high_tech_industry"),
    ],
)
def test_each_cut_of_the_total_is_read(words, name):
    for text in (f"{TOTAL}。{words}。", f"{TOTAL}。\n{words}，增速比1—7月份加快0.3个百分点。"):
        assert growths(text)[name] == 9.9, text


@pytest.mark.parametrize(
    "words",
    [
        "东部地区投资增长1%，采矿业投资增长9.9%",
        "分地区看，东部地区投资增长1%；其中，工业投资增长9.9%",
        "民间投资中，采矿业投资增长9.9%",
        "外商企业投资中，采矿业投资增长9.9%",
        "内资企业投资增长1%，其中，国有控股投资增长9.9%",
        "第二产业中，国有控股投资增长9.9%",
        "8月份，铁路运输业投资增长9.9%",
        "江苏铁路运输业投资增长9.9%",
        "民间投资中，东部地区投资增长9.9%",
    ],
)
def test_a_part_of_a_part_is_not_the_part_of_the_whole(words):
    figures, release = read(f"{TOTAL}。{words}。")
    assert 9.9 not in {growth for _, growth in figures.values()}
    assert "9.9%" in "".join(one.words for one in release.unread)
