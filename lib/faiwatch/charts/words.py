"""Labels of columns and axes, and the small phrases that findings are built from."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from faiwatch.charts.figure import Subject
from faiwatch.signals.negative import STATES
from faiwatch.text import NOT_AVAILABLE, Language, Text, half_up, percent

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
    "block_yoy": Text("当月同比（推算，%）", "Implied growth of the month (%)"),
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
    "months": Text("月数", "Months"),
    "since": Text("始于", "Since"),
    "lowest": Text("最低（%）", "Lowest (%)"),
    "share_negative": Text("负增长地区占比（%）", "Regions with negative growth (%)"),
    "diffusion": Text("扩散指数", "Diffusion index"),
    "n_negative": Text("负增长地区数", "Regions negative"),
    "n_regions": Text("地区数", "Regions"),
    "n_missing": Text("未公布地区数", "Regions not published"),
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


def change(value: float, lang: Language) -> str:
    """Return growth on a year earlier in words.

    Examples
    --------
    >>> change(-7.2, "zh"), change(0.5, "en"), change(0.0, "zh")
    ('同比下降7.2%', 'up 0.5% on a year earlier', '同比持平')
    """
    shown = half_up(value, 1)
    amount = percent(abs(value), lang)
    if shown == 0:
        return "同比持平" if lang == "zh" else "unchanged on a year earlier"
    if lang == "zh":
        return f"同比{'增长' if shown > 0 else '下降'}{amount}"
    return f"{'up' if shown > 0 else 'down'} {amount} on a year earlier"


def series_name(subject: Subject) -> str:
    """Return region and indicator as they stand in a sentence."""
    return subject.say(
        f"{subject.region}{subject.indicator}", f"{subject.region}, {subject.indicator}"
    )


def not_available(subject: Subject) -> str:
    """Return the finding of a chart that has nothing to show."""
    colon = subject.say("：", ": ")
    return f"{series_name(subject)}{colon}{NOT_AVAILABLE[subject.lang]}"


def plural(count: int, one: str, many: str) -> str:
    """Return an English count with its noun."""
    return f"{count:,} {one if count == 1 else many}"
