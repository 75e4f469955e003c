"""Labels of columns and axes, and the small phrases that findings are built from."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from faiwatch.core.text import NOT_AVAILABLE, Language, Text, half_up
from faiwatch.stats.negative import STATES
from faiwatch.view.charts.chart import Subject

LABELS: Mapping[str, Text] = {
    "month": Text("截至月份", "Through month"),
    "block": Text("月份（1—2月合并）", "Month (Jan–Feb together)"),
    "span": Text("起止", "From – to"),
    "whole": Text("负增长", "Negative growth"),
    "what": Text("口径变化", "Change of scope"),
    "which": Text("算法", "How"),
    "sign": Text("正负号", "Sign"),
    "window": Text("统计期", "Period"),
    "yoy": Text("累计同比（%）", "Growth, year to date (%)"),
    "block_yoy": Text("推算的当月增速（%）", "Implied single-month growth (%)"),
    "band": Text("取整误差范围（%）", "Range left by rounding (%)"),
    "lo": Text("下限（%）", "Lower end (%)"),
    "hi": Text("上限（%）", "Upper end (%)"),
    "state": Text("状态", "State"),
    "published": Text("公布增速（可比口径）", "Published (comparable basis)"),
    "naive": Text("按公布总量直接相除", "Ratio of published levels"),
    "published_pct": Text("公布增速（%）", "Published growth (%)"),
    "naive_pct": Text("公布总量直接相除（%）", "From published levels (%)"),
    "opposite": Text("方向相反", "Opposite sign"),
    "indicator": Text("指标", "Indicator"),
    "region": Text("地区", "Region"),
    "latest": Text("本期增速（%）", "Latest growth (%)"),
    "previous": Text("上期增速（%）", "Release before (%)"),
    "contribution": Text("拉动（百分点）", "Contribution (pp)"),
    "share": Text("占可比基数比重（%）", "Share of comparable base (%)"),
    "basis": Text("比重来源", "Where the share comes from"),
    "other": Text("其他", "Other"),
    "coverage": Text("已公布", "Published"),
    "n_releases": Text("公布次数", "Releases"),
    "from": Text("起", "From"),
    "to": Text("止", "To"),
    "revision": Text("基数调整（%）", "Base revision (%)"),
    "releases": Text("连续次数", "Releases in a row"),
    "at_least": Text("是否为下限", "At least"),
    "months": Text("月数", "Months"),
    "since": Text("始于", "Since"),
    "lowest": Text("最低（%）", "Lowest (%)"),
    "share_negative": Text("负增长地区占比（%）", "Regions with negative growth (%)"),
    "diffusion": Text("扩散指数", "Diffusion index"),
    "n_negative": Text("负增长地区数", "Regions negative"),
    "n_regions": Text("地区数", "Regions"),
    "n_missing": Text("无数地区数", "Regions without figures"),
    "growth": Text("增速（%）", "Growth (%)"),
    "trend_growth": Text("趋势增速（折年，%）", "Trend growth, annual rate (%)"),
    "trend_of_growth": Text("累计增速的趋势（%）", "Trend of published growth (%)"),
    "turn": Text("转折点", "Turning point"),
    "event": Text("特殊事件，不参与估计", "event, left out of the fit"),
    "missing": Text("本库尚未收录", "not in this data set"),
    "level": Text("当月额（亿元，可比口径）", "Single month (100m yuan, comparable)"),
    "observed": Text("当月额（亿元）", "Single month (100m yuan)"),
    "adjusted": Text("季节调整后（亿元）", "Seasonally adjusted (100m yuan)"),
    "trend": Text("趋势（亿元）", "Trend (100m yuan)"),
    "change_pp": Text("近三次发布的变化（百分点）", "Change over three releases (pp)"),
    "gap_pp": Text("与长期平均之差（百分点）", "Against the long-run mean (pp)"),
    "long_run": Text("长期平均（%）", "Long-run mean (%)"),
    "phase": Text("阶段", "Phase"),
    "share_now": Text(
        "占全年比重（%），竖线为五年前", "Share of a year (%); upright marks: five years before"
    ),
    "share_then": Text("五年前比重（%）", "Share, five years before (%)"),
    "progress": Text("已完成（%）", "Done (%)"),
    "even_share": Text("均衡进度 m/12（%）", "Even pace, m/12 (%)"),
    "past_share": Text("往年平均进度（%）", "Pace of past years (%)"),
    "past_lo": Text("往年最低（%）", "Lowest of past years (%)"),
    "past_hi": Text("往年最高（%）", "Highest of past years (%)"),
    "required_share": Text("所需进度（%，测算）", "Required (%, workload)"),
    "ahead": Text("比均衡进度（百分点）", "Against even pace (pp)"),
    "block_base": Text("上年同期，可比基数（亿元）", "Last year, comparable base (100m yuan)"),
    "required_block": Text("目标所需（亿元，测算）", "Required (100m yuan, workload)"),
    "forecast_mid": Text("预测中值（亿元）", "Forecast, middle (100m yuan)"),
    "forecast_lo": Text("预测10%（亿元）", "Forecast, 10% (100m yuan)"),
    "forecast_hi": Text("预测90%（亿元）", "Forecast, 90% (100m yuan)"),
    "best_block": Text("按历史最好增速（亿元）", "At the best past growth (100m yuan)"),
    "scenario": Text("情景", "Scenario"),
    "scenario_rest": Text("其余月份增速（%）", "Growth of the rest (%)"),
    "scenario_ytd": Text("全年累计增速（%，测算）", "Growth of the year (%, scenario)"),
}


def rounded(values: pd.Series, decimals: int = 1) -> pd.Series:
    """Return `values` rounded half-up for a table; NaN stays NaN."""
    return values.map(lambda v: float(half_up(v, decimals)), na_action="ignore").astype("float64")


def label(name: str, lang: Language) -> str:
    """Return a label of :data:`LABELS` in one language."""
    return LABELS[name].in_language(lang)


def state_words(states: pd.Series, lang: Language) -> pd.Series:
    """Return states as readers see them."""
    return states.astype("str").map({name: word.in_language(lang) for name, word in STATES.items()})


def series_name(subject: Subject) -> str:
    """Return region and indicator as they stand in a sentence."""
    return subject.say(
        f"{subject.region}{subject.indicator}", f"{subject.region}, {subject.indicator}"
    )


def not_available(subject: Subject) -> str:
    """Return the finding of a chart that has nothing to show."""
    colon = subject.say("：", ": ")
    return f"{series_name(subject)}{colon}{NOT_AVAILABLE[subject.lang]}"
