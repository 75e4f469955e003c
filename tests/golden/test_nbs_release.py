"""The parser of releases against the embedded official figures, told in words as releases do.

The figures are those of ``data/official`` (National Bureau of Statistics); the sentences are made
here in the wordings that releases have used since 2011.
"""

import datetime

import numpy as np
import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError
from faiwatch.data.live.release_text import read_release, window_end
from faiwatch.data.source import data_source

SUBJECTS = {
    "private": "民间固定资产投资",
    "manufacturing": "制造业投资",
    "infrastructure": "基础设施投资（不含电力等）",
    "real_estate_development": "全国房地产开发投资",
    "primary": "第一产业投资",
    "secondary": "第二产业投资",
    "tertiary": "第三产业投资",
    "industry": "工业投资",
    "high_tech_industry": "高技术产业投资",
    "mining": "采矿业投资",
    "electricity_heat_gas_water": "电力、热力、燃气及水生产和供应业投资",
    "state_controlled": "国有控股投资",
    "domestic": "内资企业投资",
    "hong_kong_macao_taiwan": "港澳台企业投资",
    "foreign": "外商企业投资",
    "region_east": "东部地区投资",
    "region_central": "中部地区投资",
    "region_west": "西部地区投资",
    "region_northeast": "东北地区投资",
}
TOTAL = "1—8月份，全国固定资产投资（不含农户）293092亿元，同比下降7.2%"
DAY = datetime.date(2026, 9, 15)


@pytest.fixture(scope="module")
def releases():
    """Return the figures of each month since 2011 that has a value of the total."""
    table = (
        data_source("embedded").newest().query("region_code == '000000' and period >= '2011-02'")
    )
    table = table[table["indicator"].isin(["total", *SUBJECTS])]
    months = {str(month): rows.set_index("indicator") for month, rows in table.groupby("period")}
    return {
        month: rows for month, rows in months.items() if rows["ytd_value_100m"].notna()["total"]
    }


def day_after(month):
    return (pd.Period(month, "M") + 1).start_time.date() + datetime.timedelta(days=14)


def window(month, style):
    year, last = month.split("-")
    if style == "plain" and last == "12":
        return f"{year}年"
    if style == "plain" and last == "06":
        return "上半年"
    words = f"1{'—' if style == 'plain' else '-'}{int(last)}月份"
    return words if style == "plain" else f"{year}年{words}"


def growth_words(growth, style):
    if growth == 0:
        return "与去年同期持平"
    verb = "增长" if growth > 0 else "下降"
    return f"{'同比' if style == 'plain' else '同比名义'}{verb}{abs(growth)}%"


def sentence(subject, row, style):
    value = "" if pd.isna(row["ytd_value_100m"]) else f"{row['ytd_value_100m']:.10g}亿元，"
    if pd.isna(row["ytd_yoy_pct"]):
        return subject + value.rstrip("，")
    return f"{subject}{value}{growth_words(row['ytd_yoy_pct'], style)}（详见附注）"


def text_of(month, rows, style):
    head = sentence("全国固定资产投资（不含农户）", rows.loc["total"], style)
    others = "；".join(
        sentence(words, rows.loc[name], style)
        for name, words in SUBJECTS.items()
        if name in rows.index
    )
    text = f"{window(month, style)}，{head}。分类看，{others}。"
    return text if style == "plain" else text.translate(str.maketrans("（），；", "(),;"))


@pytest.mark.parametrize("style", ["plain", "half-width"])
def test_every_embedded_figure_told_in_words_is_read_back(releases, style):
    assert len(releases) > 150
    for month, rows in releases.items():
        read = read_release(text_of(month, rows, style), issued=day_after(month))
        assert read.month == month
        assert sorted(one.indicator for one in read.figures) == sorted(rows.index)
        found = {one.indicator: (one.value, one.growth) for one in read.figures}
        known = rows[["ytd_value_100m", "ytd_yoy_pct"]].astype("float64")
        read_back = pd.DataFrame([found[name] for name in rows.index], dtype="float64").to_numpy()
        assert np.array_equal(read_back, known.to_numpy(), equal_nan=True), month


@pytest.mark.parametrize(
    "words",
    [
        "，增速比1—7月份回升0.3个百分点",
        "，1—7月份为下降6.7%",
        "；比2024年1—8月份增长9.1%，两年平均增长4.4%",
        "，降幅比1—7月份扩大0.5个百分点",
        "，比上月增长0.2%",
    ],
)
def test_what_follows_the_figure_is_about_something_else(words):
    (figure,) = read_release(f"{TOTAL}{words}。", issued=DAY).figures
    assert (figure.indicator, figure.value, figure.growth) == ("total", 293092, -7.2)


@pytest.mark.parametrize(
    "words",
    [
        "制造业投资两年平均增长5.0%",
        "制造业投资增速回升0.3个百分点",
        "制造业投资比2024年1—8月份增长9.1%",
        "制造业投资环比增长0.2%",
        "高技术制造业投资增长6.0%",
        "8月份，制造业投资增长6.0%",
        "1—7月份，制造业投资增长6.0%",
        "去年同期，制造业投资增长9.2%",
        "东部地区，制造业投资增长6.0%",
        "扣除房地产开发投资，民间投资增长2.1%",
        "制造业投资基本持平",
        "从环比看，8月份固定资产投资（不含农户）下降0.2%",
        "制造业投资占全部投资的比重提高1.0%",
    ],
)
def test_look_alikes_are_not_figures(words):
    (figure,) = read_release(f"{TOTAL}。{words}。", issued=DAY).figures
    assert figure.indicator == "total"


def test_a_base_named_in_passing_does_not_hide_what_follows():
    text = f"{TOTAL}；比2024年1—8月份下降6.0%；其中，民间固定资产投资下降9.0%。"
    assert [one.growth for one in read_release(text, issued=DAY).figures] == [-7.2, -9.0]


def test_a_scope_in_brackets_is_kept_with_the_figure():
    text = f"{TOTAL}。基础设施投资（不含电力、热力）同比增长2.0%。"
    figure = read_release(text, issued=DAY).figures[1]
    assert figure.note == ("发布稿口径(不含电力、热力) | scope as in the release: (不含电力、热力)")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8月份，全国固定资产投资（不含农户）增长1.0%。", "no sentence"),
        ("全国固定资产投资（不含农户）增长1.0%。", "no sentence"),
        ("1—8月份，全国固定资产投资（不含农户）29.3万亿元。", "no sentence"),
    ],
    ids=["one month", "no window", "another unit"],
)
def test_a_release_that_does_not_state_the_total_is_refused(monkeypatch, text, said):
    monkeypatch.setenv("FAIWATCH_LANG", "en")
    with pytest.raises(DataInvalidError, match=said):
        read_release(text, issued=DAY)


@pytest.mark.parametrize(
    ("title", "month"),
    [
        ("2026年1—8月份全国固定资产投资基本情况", "2026-08"),
        ("2021年1-6月份全国固定资产投资增长12.6%", "2021-06"),
        ("2025年全国固定资产投资下降3.8%", "2025-12"),
        ("2026年上半年全国固定资产投资基本情况", "2026-06"),
        ("2026年1—8月份民间固定资产投资情况", None),
        ("2026年1—8月份全国房地产开发投资情况", None),
        ("解读2026年1—8月份全国固定资产投资数据", None),
        ("全国固定资产投资数据说明", None),
    ],
)
def test_titles_of_the_release_on_the_total_tell_its_month(title, month):
    assert window_end(title) == month
