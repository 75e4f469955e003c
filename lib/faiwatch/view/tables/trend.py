"""Tables for readers about the trend: turning points and phases, and the two methods compared."""

from __future__ import annotations

import math

import pandas as pd

from faiwatch.core.phrases import points_phrase
from faiwatch.core.text import Language, Text, band, month_name, number, percent
from faiwatch.forecast.cycle import TURNS, Cycle
from faiwatch.forecast.phases import PHASES
from faiwatch.forecast.trend import BAND, METHODS
from faiwatch.view.tables import Table

_NONE = Text("无", "none")
_WHOLE = 1000  # 100 million yuan; smaller levels are told with a decimal
_SERIES = {
    "growth": Text("趋势增速", "trend growth"),
    "level": Text("趋势水平", "trend level"),
}
_MARKS = {
    "provisional": Text("暂定，可能移动", "provisional, may move"),
    "small": Text("幅度小于误差区间", "smaller than the band"),
}


def turns_table(cycle: Cycle, *, lang: Language) -> Table:
    """Return the turning points of trend growth and of the trend level, the newest first."""
    parts = [cycle.turns_by(cycle.method, name) for name in _SERIES]
    turns = pd.concat([part.iloc[::-1] for part in parts], ignore_index=True)
    if (turns["kind"] == "now").all():
        turns = turns.head(0)
    rows = turns.to_dict("records")
    frame = pd.DataFrame(
        {
            "series": [_SERIES[row["series"]].in_language(lang) for row in rows],
            "kind": [TURNS[row["kind"]].in_language(lang) for row in rows],
            "period": [month_name(str(row["period"]), lang) for row in rows],
            "value": [
                percent(row["value"], lang)
                if row["series"] == "growth"
                else number(row["value"], lang, 0 if row["value"] >= _WHOLE else 1)
                for row in rows
            ],
            "length": [_length(row["n_releases"], row["n_months"], lang) for row in rows],
            "swing": [_swing(row["swing"], row["series"], lang) for row in rows],
            "mark": [_mark(row["is_provisional"], row["is_small"], lang) for row in rows],
        }
    )
    return Table(
        frame,
        Text("转折点与各阶段长度", "Turning points and length of phases"),
        {
            "series": Text("序列", "Series"),
            "kind": Text("转折点", "Turn"),
            "period": Text("月份", "Month"),
            "value": Text("增速 / 水平（亿元）", "Growth / 100m yuan"),
            "length": Text("距上一转折点（次/月）", "Releases / months since"),
            "swing": Text("其间变化", "Change since"),
            "mark": Text("说明", "Note"),
        },
        Text(
            "“目前”一行是尚未结束的阶段。趋势水平为当月额，已去除季节影响。",
            "The row “now” is the phase that goes on. The trend level is that of single months, "
            "season taken off.",
        ),
    )


def methods_table(cycle: Cycle, *, lang: Language) -> Table:
    """Return what the two methods say of the latest release, side by side."""
    rows = {name: cycle.trend_by(name).iloc[-1] for name in METHODS}
    turns = {name: cycle.turns_by(name) for name in METHODS}
    frame = pd.DataFrame(
        {
            "method": [METHODS[name].in_language(lang) for name in rows],
            "growth": [percent(row["trend_growth_pct"], lang) for row in rows.values()],
            "band": [
                _NONE.in_language(lang)
                if math.isnan(row["lo_pct"])
                else band(row["lo_pct"], row["hi_pct"], lang)
                for row in rows.values()
            ],
            "change": [number(row["change_pp"], lang) for row in rows.values()],
            "phase": [
                "—" if row["phase"] is None else PHASES[row["phase"]].in_language(lang)
                for row in rows.values()
            ],
            "turn": [_last_turn(turns[name], lang) for name in rows],
        }
    )
    return Table(
        frame,
        Text("两种方法现在的差别", "How the two methods differ now"),
        {
            "method": Text("方法", "Method"),
            "growth": Text("趋势增速", "Trend growth"),
            "band": Text(f"{BAND}%区间", f"{BAND}% range"),
            "change": Text("近三次变化（百分点）", "Change over three releases (pp)"),
            "phase": Text("阶段", "Phase"),
            "turn": Text("最近转折点", "Last turning point"),
        },
        Text("STL 自身不给误差区间。", "STL has no range of its own."),
    )


def _length(releases: float, months: float, lang: Language) -> str:
    if math.isnan(releases):
        return _NONE.in_language(lang)
    return f"{int(releases)} / {int(months)}"


def _swing(value: float, series: str, lang: Language) -> str:
    if math.isnan(value):
        return _NONE.in_language(lang)
    if series == "level":
        return percent(value, lang)
    return points_phrase(value).in_language(lang)


def _mark(is_provisional: bool, is_small: bool, lang: Language) -> str:
    marks = {"provisional": is_provisional, "small": is_small}
    told = [_MARKS[name].in_language(lang) for name, applies in marks.items() if applies]
    return Text("；", "; ").in_language(lang).join(told)


def _last_turn(turns: pd.DataFrame, lang: Language) -> str:
    if len(turns) == 1:
        return _NONE.in_language(lang)
    turn = turns.iloc[-2]
    kind = TURNS[turn["kind"]].in_language(lang)
    month = month_name(str(turn["period"]), lang)
    return f"{month}{kind}" if lang == "zh" else f"{kind} of {month}"
