"""The findings of page 03: where the trend is, which phase, which turning point, how sure.

Method pages: ``docs/methods/trend.md`` and ``docs/methods/turning-points.md``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from faiwatch.core.finding import Finding, InputRow, State
from faiwatch.core.phrases import count_of, length_phrase, percent_phrase, points_phrase
from faiwatch.core.provenance import Basis, What, result_rows, rows_behind
from faiwatch.core.text import Text, band, block_name, month_name, number, percent
from faiwatch.forecast.cycle import TURNS, Cycle
from faiwatch.forecast.phases import CHANGE_OVER, LONG_RUN_YEARS, PHASES, long_run_words
from faiwatch.forecast.trend import BAND, METHODS, Method
from faiwatch.stats.monitor import Tone

_ROWS_SHOWN = 11
_LONG_RUN_BLOCKS = 11 * LONG_RUN_YEARS
# The result files of page 03 that its numbers are read from.
_TREND, _TURNS, _DIRECTIONS, _LAST_TURN_FILE = (
    "trend.csv", "turning_points.csv", "directions.csv", "last_turn.csv",
)  # fmt: skip
_TREND_GROWTH = What(
    Text("趋势增速（折年）", "trend growth, annual rate"),
    "pct",
    "100 (exp(11 b) - 1), b: change per release of the smoothed log of x",
    "100 (exp(11 b) - 1)，b 为平滑后对数序列每次发布的变化",
)
_OF_GROWTH = What(
    Text("累计增速的趋势", "trend of published growth"),
    "pct",
    "smoothed year-to-date growth g",
    "平滑后的累计增速 g",
)
_CHANGE = What(
    Text(f"趋势增速近{CHANGE_OVER}次发布的变化", f"change over {CHANGE_OVER} releases"),
    "pp",
    f"trend growth[t] - trend growth[t-{CHANGE_OVER}]",
    f"趋势增速[t] − 趋势增速[t−{CHANGE_OVER}]",
)
_PHASE = What(
    Text("周期阶段", "phase of the cycle"),
    "pp",
    "trend_growth_pct - long_run_pct; rising or falling by change_pp",
    "趋势增速 − 长期平均（trend_growth_pct − long_run_pct）；回升或回落按 change_pp 判断",
)
_LONG_RUN = What(
    Text("长期平均趋势增速", "long-run mean of trend growth"),
    "pct",
    "mean trend growth of the last 110 releases, or of all where there are fewer",
    "近110次发布趋势增速的平均；不足110次的，为全部的平均",
)
_LAST_TURN = What(
    Text("趋势增速最近的转折点", "last turning point of trend growth"),
    "pct",
    "value[turn], the last peak or trough that the rules of Bry and Boschan leave",
    "按布赖—博尚规则保留的最近一个峰或谷处的趋势增速",
)
_SINCE_TURN = What(
    Text("距该转折点", "time since then"),
    "releases",
    "n_releases[now]",
    "该转折点之后的发布次数（n_releases）",
)
_LEVEL = What(
    Text("趋势水平自最近转折点以来", "trend level since its last turning point"),
    "pct",
    "100 (value[now] / value[turn] - 1)",
    "100（目前趋势 ÷ 转折点趋势 − 1）",
)
_GAP = What(
    Text("两种方法之差", "difference between the methods"),
    "pp",
    "trend growth[UCM, t] - trend growth[STL, t]",
    "目前：UCM 趋势增速 − STL 趋势增速",
)
_STOOD = What(
    Text("当时判断的方向至今成立", "direction told then still stands"),
    "pct",
    "100 n(sign then = sign now) / n, pseudo-real-time",
    "100 × 当时与现在方向相同的次数 ÷ 总次数（伪实时）",
)
_FOUND = What(
    Text("最近转折点多久后才看出（UCM）", "last turn found how long after (UCM)"),
    "releases",
    "found_after: releases from the turn to the first that shows it, pseudo-real-time, UCM",
    "found_after：从转折点到首次显示它的发布次数（伪实时，UCM）",
)


@dataclass(frozen=True, slots=True)
class _Now:
    """The latest release of one cycle."""

    cycle: Cycle
    name: Text
    basis: Basis

    def on(self, *evidence: InputRow) -> Basis:
        """Return the basis of a number that is read from rows of the result files."""
        return replace(self.basis, inputs=(*evidence, *self.basis.inputs))

    def trend_rows(self, column: str, *back: int, method: Method | None = None) -> Basis:
        """Return the basis of a number that is read from the trend, so many releases back."""
        trends = self.cycle.trends
        own = trends[trends["method"] == (method or self.cycle.method)]
        return self.on(*result_rows(own.iloc[[-1 - one for one in back]], _TREND, column))

    def turn_rows(self, series: str, *columns: str) -> Basis:
        """Return the basis of a number that is read from the last turn and where it is now."""
        turns = self.cycle.turns
        own = turns[(turns["method"] == self.cycle.method) & (turns["series"] == series)]
        return self.on(*result_rows(own.tail(2), _TURNS, *columns))

    @property
    def row(self) -> pd.Series:
        """Trend, long-run pace, change and phase of the latest release."""
        return self.cycle.trend_by(self.cycle.method).iloc[-1]

    @property
    def what(self) -> What:
        """What trend growth is, which depends on what is modelled."""
        return _TREND_GROWTH if self.cycle.has_level else _OF_GROWTH

    def turns(self, series: str = "growth") -> pd.DataFrame:
        """Return turning points; the last row is now."""
        return self.cycle.turns_by(self.cycle.method, series)


def cycle_findings(
    cycle: Cycle, measured: pd.DataFrame, *, name: Text, as_of: str
) -> dict[str, Finding]:
    """Return the verdict and the key numbers of one series by name.

    Parameters
    ----------
    cycle : Cycle
        From :func:`faiwatch.forecast.cycle.cycle_of`.
    measured : DataFrame
        Measures of the same series; its latest rows are named as inputs.
    name : Text
        Region and indicator as readers see them.
    as_of : str
        Month up to which figures were used, ``YYYY-MM``.

    Returns
    -------
    dict of str to Finding
        ``verdict``, ``detail_phase`` (where there is one), ``detail_level`` (where there are
        levels and a turn), ``trend_growth``, ``trend_change``, ``phase``, ``long_run``,
        ``last_turn``, ``since_turn``, ``method_gap``, ``direction_stood``, ``turn_found``.
    """
    last = str(cycle.trend_by(cycle.method)["period"].iloc[-1])
    known = measured[measured["period"] <= pd.Period(last, "M")].tail(_ROWS_SHOWN)
    column = "ytd_value_100m" if cycle.has_level else "ytd_yoy_pct"
    inputs = rows_behind(known, "ytd_yoy_pct")
    inputs += rows_behind(known, column) if cycle.has_level else ()
    now = _Now(cycle, name, Basis(last, as_of, inputs))
    found = [
        _verdict(now),
        *_phase_detail(now),
        *_level(now),
        _growth(now),
        _change(now),
        _phase(now),
        _long_run(now),
    ]
    found += [*_last_turn(now), _gap(now), _stood(now), _found(now)]
    return {finding.id: finding for finding in found}


def cycle_tone(cycle: Cycle) -> Tone:
    """Return the tone of the verdict: on which side of zero the band of trend growth lies."""
    row = cycle.trend_by(cycle.method).iloc[-1]
    if math.isnan(row["lo_pct"]):
        return "negative" if row["trend_growth_pct"] < 0 else "positive"
    if row["hi_pct"] < 0:
        return "negative"
    return "positive" if row["lo_pct"] >= 0 else "indeterminate"


def _verdict(now: _Now) -> Finding:
    row, month = now.row, now.basis.period
    clauses = [_growth_clause(now), _phase_clause(now), _turn_clause(now)]
    words = Text(
        f"{block_name(month, 'zh')}，{now.name.zh}的" + "；".join(c.zh for c in clauses) + "。",
        f"{block_name(month, 'en')}, {now.name.en}: " + "; ".join(c.en for c in clauses) + ".",
    )
    basis = now.trend_rows("trend_growth_pct", 0)
    return basis.finding("verdict", float(row["trend_growth_pct"]), now.what, words)


def _growth_clause(now: _Now) -> Text:
    row = now.row
    label = (
        Text("趋势增速为{}（折年）", "trend growth is {} a year")
        if now.cycle.has_level
        else Text("累计增速的趋势为{}", "the trend of published growth is {}")
    )
    growth = float(row["trend_growth_pct"])
    words = Text(label.zh.format(percent(growth, "zh")), label.en.format(percent(growth, "en")))
    if math.isnan(row["lo_pct"]):
        return words
    lo, hi = row["lo_pct"], row["hi_pct"]
    return Text(
        f"{words.zh}，{BAND}%区间{band(lo, hi, 'zh')}",
        f"{words.en} ({BAND}% range {band(lo, hi, 'en')})",
    )


def _phase_clause(now: _Now) -> Text:
    row = now.row
    if row["phase"] is None:
        return Text("序列尚短，不判周期阶段", "too short a series to name a phase of the cycle")
    phase, move = PHASES[row["phase"]], _move_words(now)
    unsure = Text("", "") if _is_clear(now) else Text("（暂定）", " (provisional)")
    return Text(
        f"{move.zh}，周期处于“{phase.zh}”阶段{unsure.zh}",
        f"{move.en}, and the cycle is in {phase.en}{unsure.en}",
    )


def _phase_detail(now: _Now) -> list[Finding]:
    row, error = now.row, now.cycle.direction.error_pp
    if row["phase"] is None:
        return []
    pace, change = float(row["long_run_pct"]), float(row["change_pp"])
    gap = float(row["trend_growth_pct"]) - pace
    side = Text("高于", "above") if gap >= 0 else Text("低于", "below")
    mean = long_run_words(int(row["long_run_releases"]))
    compared = Text("", "")
    if not math.isnan(error):
        small = Text("小于", "less than") if abs(change) <= error else Text("大于", "more than")
        compared = Text(
            f"，{small.zh}常见误差{number(error, 'zh')}",
            f", {small.en} the usual error of {number(error, 'en')}",
        )
    words = Text(
        f"趋势增速{side.zh}{mean.zh}（{percent(pace, 'zh')}）"
        f"{number(abs(gap), 'zh')}个百分点；近{CHANGE_OVER}次发布变化"
        f"{number(change, 'zh')}个百分点{compared.zh}。",
        f"It is {number(abs(gap), 'en')} percentage points {side.en} its {mean.en} "
        f"({percent(pace, 'en')}) and changed by {number(change, 'en')} over {CHANGE_OVER} "
        f"releases{compared.en}.",
    )
    return [_phase_basis(now).finding("detail_phase", gap, _PHASE, words)]


def _phase_basis(now: _Now) -> Basis:
    """Return the growth of now, its long-run pace and its change."""
    pace, change = now.trend_rows("long_run_pct", 0), now.trend_rows("change_pp", 0)
    return now.on(
        *now.trend_rows("trend_growth_pct", 0).inputs[:1], *pace.inputs[:1], *change.inputs[:1]
    )


def _is_clear(now: _Now) -> bool:
    return now.cycle.direction.is_clear(float(now.row["change_pp"]))


def _move_words(now: _Now) -> Text:
    is_rising = now.row["change_pp"] >= 0
    if _is_clear(now):
        return Text("正在回升", "picking up") if is_rising else Text("仍在回落", "still slowing")
    if is_rising:
        return Text("是否已在回升尚难判断", "whether it picks up cannot be told yet")
    return Text("是否仍在回落尚难判断", "whether it still slows cannot be told yet")


def _turn_clause(now: _Now) -> Text:
    turns = now.turns()
    if len(turns) == 1:
        return Text("期内没有转折点", "there is no turning point in the series")
    turn, since = turns.iloc[-2], _length(turns.iloc[-1])
    kind, month = TURNS[turn["kind"]], str(turn["period"])
    unsure = Text("（暂定）", " (provisional)") if turn["is_provisional"] else Text("", "")
    return Text(
        f"距{month_name(month, 'zh')}的{kind.zh}{unsure.zh}已{since.zh}",
        f"the last turning point, a {kind.en}{unsure.en}, was in {month_name(month, 'en')}, "
        f"{since.en} ago",
    )


def _length(turn: pd.Series) -> Text:
    releases, months = int(turn["n_releases"]), int(turn["n_months"])
    return length_phrase(months, releases)


def _level(now: _Now) -> list[Finding]:
    turns = now.turns("level")
    if len(turns) < 2:
        return []
    turn, latest = turns.iloc[-2], turns.iloc[-1]
    kind, month, length = TURNS[turn["kind"]], str(turn["period"]), _length(latest)
    swing = float(latest["swing"])
    size = number(abs(swing), "zh")
    moved = Text("下降", "has fallen") if swing < 0 else Text("上升", "has risen")
    words = Text(
        f"投资的趋势水平自{month_name(month, 'zh')}的{kind.zh}以来{moved.zh}{size}%，"
        f"历时{length.zh}。",
        f"The trend level of investment {moved.en} {size}% since its {kind.en} of "
        f"{month_name(month, 'en')}, over {length.en}.",
    )
    return [now.turn_rows("level", "value").finding("detail_level", swing, _LEVEL, words)]


def _growth(now: _Now) -> Finding:
    row = now.row
    value = float(row["trend_growth_pct"])
    zh, en = percent(value, "zh"), percent(value, "en")
    if not math.isnan(row["lo_pct"]):
        zh = f"{zh} {band(row['lo_pct'], row['hi_pct'], 'zh')}"
        en = f"{en} {band(row['lo_pct'], row['hi_pct'], 'en')}"
    basis = now.trend_rows("trend_growth_pct", 0)
    return basis.finding("trend_growth", value, now.what, Text(zh, en))


def _change(now: _Now) -> Finding:
    value, error = float(now.row["change_pp"]), now.cycle.direction.error_pp
    if math.isnan(value):
        return now.basis.missing("trend_change", _CHANGE)
    words = points_phrase(value)
    if not math.isnan(error):
        usual = number(error, "zh")
        words = Text(f"{words.zh}（常见误差±{usual}）", f"{words.en} (usual error ±{usual})")
    state: State = "ok" if _is_clear(now) else "indeterminate"
    basis = now.trend_rows("trend_growth_pct", CHANGE_OVER, 0)
    return basis.finding("trend_change", value, _CHANGE, words, state)


def _phase(now: _Now) -> Finding:
    row = now.row
    if row["phase"] is None:
        return now.basis.missing("phase", _PHASE)
    words, clear = PHASES[row["phase"]], _is_clear(now)
    words = words if clear else Text(f"{words.zh}（暂定）", f"{words.en} (provisional)")
    gap = float(row["trend_growth_pct"] - row["long_run_pct"])
    state: State = "ok" if clear else "indeterminate"
    return _phase_basis(now).finding("phase", gap, _PHASE, words, state)


def _long_run(now: _Now) -> Finding:
    value = float(now.row["long_run_pct"])
    if math.isnan(value):
        return now.basis.missing("long_run", _LONG_RUN)
    words = percent_phrase(value)
    there = min(_LONG_RUN_BLOCKS, len(now.cycle.trend_by(now.cycle.method)))
    basis = now.trend_rows("trend_growth_pct", *reversed(range(there)))
    return basis.finding("long_run", value, _LONG_RUN, words)


def _last_turn(now: _Now) -> list[Finding]:
    turns = now.turns()
    if len(turns) == 1:
        return [now.basis.missing("last_turn", _LAST_TURN), now.basis.missing(
            "since_turn", _SINCE_TURN)]  # fmt: skip
    turn, latest = turns.iloc[-2], turns.iloc[-1]
    kind, month = TURNS[turn["kind"]], str(turn["period"])
    value = float(turn["value"])
    words = Text(
        f"{month_name(month, 'zh')}{kind.zh}（{percent(value, 'zh')}）",
        f"{kind.en} of {month_name(month, 'en')} ({percent(value, 'en')})",
    )
    return [
        now.turn_rows("growth", "value").finding(
            "last_turn", value, _LAST_TURN, words,
            "indeterminate" if turn["is_provisional"] else "ok",
        ),
        now.turn_rows("growth", "n_releases").finding(
            "since_turn", float(latest["n_releases"]), _SINCE_TURN, _length(latest)
        ),
    ]  # fmt: skip


def _gap(now: _Now) -> Finding:
    by = {name: float(now.cycle.trend_by(name)["trend_growth_pct"].iloc[-1]) for name in METHODS}
    value = by["ucm"] - by["stl"]
    apart, other = points_phrase(value), percent_phrase(by["stl"])
    words = Text(f"{apart.zh}（STL {other.zh}）", f"{apart.en} (STL {other.en})")
    rows = [now.trend_rows("trend_growth_pct", 0, method=name).inputs[0] for name in ("ucm", "stl")]
    return now.on(*rows).finding("method_gap", value, _GAP, words)


def _stood(now: _Now) -> Finding:
    record = now.cycle.direction
    if not record.n_judged:
        return now.basis.missing("direction_stood", _STOOD)
    value = 100 * record.share_stood
    words = Text(
        f"{percent(value, 'zh', 0)}（{record.n_judged}次中）",
        f"{percent(value, 'en', 0)} of {record.n_judged}",
    )
    basis = now.on(*result_rows(record.table, _DIRECTIONS, "told_pp", "stands_pp"))
    return basis.finding("direction_stood", value, _STOOD, words)


def _found(now: _Now) -> Finding:
    turn = now.cycle.last_turn
    if turn is None:
        return now.basis.missing("turn_found", _FOUND)
    after = str(turn.found_at)
    moved = abs(turn.moved)
    dated = str(turn.first_dated)
    words = Text(
        f"{turn.found_after}次发布后（{month_name(after, 'zh')}），当时定在"
        f"{month_name(dated, 'zh')}，此后移动{moved}次发布",
        f"after {count_of(turn.found_after, 'release')} ({month_name(after, 'en')}), dated "
        f"{month_name(dated, 'en')} then; moved by {count_of(moved, 'release')} since",
    )
    basis = now.on(*result_rows(now.cycle.found_table, _LAST_TURN_FILE, "found_after"))
    return basis.finding("turn_found", float(turn.found_after), _FOUND, words)
