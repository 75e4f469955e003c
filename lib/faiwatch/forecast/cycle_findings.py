"""The findings of page 03: where the trend is, which phase, which turning point, how sure.

Method pages: ``docs/methods/trend.md`` and ``docs/methods/turning-points.md``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from faiwatch.core.finding import Finding, InputRow, State, Tone
from faiwatch.core.phrases import (
    joined,
    length_phrase,
    number_phrase,
    percent_phrase,
    points_phrase,
    say,
    with_capital,
)
from faiwatch.core.provenance import Basis, What, result_rows, rows_behind
from faiwatch.core.text import NOTHING, Text, band, both, number
from faiwatch.data.definitions import definitions_of
from faiwatch.forecast.cycle import TURNS, Cycle
from faiwatch.forecast.phases import CHANGE_OVER, LONG_RUN_YEARS, PHASES, long_run_words
from faiwatch.forecast.trend import BAND, METHODS, Method

Inputs = tuple[InputRow, ...]
_ROWS_SHOWN = 11
_LONG_RUN_BLOCKS = 11 * LONG_RUN_YEARS
# The result files of page 03 that its numbers are read from.
_TREND, _TURNS, _DIRECTIONS, _LAST_TURN_FILE, _RATIOS = (
    "trend.csv", "turning_points.csv", "directions.csv", "last_turn.csv", "season_ratios.csv",
)  # fmt: skip
_LIKELY = 0.05  # share of the likelihood from which on a ratio is named
_CHANGE = say("forecast.cycle_findings.change_over_releases", change_over=CHANGE_OVER)
_CHANGE_FORMULA = say("forecast.cycle_findings.change_formula", change_over=CHANGE_OVER)
_MEANT = {
    **definitions_of("cycle"),
    "trend_change": What(_CHANGE, "pp", _CHANGE_FORMULA.en, _CHANGE_FORMULA.zh),
}
_PROVISIONAL = Text("（暂定）", " (provisional)")


@dataclass(frozen=True, slots=True)
class _Now:
    """The latest release of one cycle."""

    cycle: Cycle
    name: Text
    basis: Basis

    def tell(
        self,
        id: str,
        value: float,
        words: Text,
        evidence: Inputs,
        *,
        about: str = "",
        state: State = "ok",
    ) -> Finding:
        """Return a number that is read from rows of the result files, or a sentence about one."""
        if math.isnan(value):
            return self.basis.missing(id, _MEANT[id])
        about = about or id
        if about == "trend_growth" and not self.cycle.has_level:
            about = "trend_of_growth"
        basis = replace(self.basis, inputs=(*evidence, *self.basis.inputs))
        return basis.finding(id, value, _MEANT[about], words, state)

    def lacks(self, *ids: str) -> Iterator[Finding]:
        """Yield numbers that cannot be known."""
        return (self.basis.missing(id, _MEANT[id]) for id in ids)

    def trend_cells(self, column: str, *back: int, method: Method | None = None) -> Inputs:
        """Return cells of the trend, so many releases back."""
        trends = self.cycle.trends
        own = trends[trends["method"] == (method or self.cycle.method)]
        return result_rows(own.iloc[[-1 - one for one in back]], _TREND, column)

    def turn_cells(self, series: str, column: str) -> Inputs:
        """Return cells of the last turn and of where it is now."""
        turns = self.cycle.turns
        own = turns[(turns["method"] == self.cycle.method) & (turns["series"] == series)]
        return result_rows(own.tail(2), _TURNS, column)

    @property
    def phase_cells(self) -> Inputs:
        """Cells that a phase rests on: growth, its long-run pace, and its change."""
        columns = ("trend_growth_pct", "long_run_pct", "change_pp")
        return tuple(cell for name in columns for cell in self.trend_cells(name, 0))

    @property
    def row(self) -> pd.Series:
        """Trend, long-run pace, change and phase of the latest release."""
        return self.cycle.trend_by(self.cycle.method).iloc[-1]

    @property
    def is_clear(self) -> bool:
        """Whether trend growth has changed by more than the usual error."""
        return self.cycle.direction.is_clear(float(self.row["change_pp"]))

    @property
    def doubt(self) -> Text:
        """What stands behind a phase that is not clear."""
        return NOTHING if self.is_clear else _PROVISIONAL

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
        What the verdict is about as readers see it.
    as_of : str
        Month up to which figures were used, ``YYYY-MM``.

    Returns
    -------
    dict of str to Finding
        ``verdict``, ``detail_turn``, ``detail_phase`` (where there is one), ``detail_level`` (where
        there are levels and a turn), ``trend_growth``, ``trend_change``, ``phase``, ``long_run``,
        ``last_turn``, ``turn_swing``, ``since_turn``, ``method_gap``, ``season_ratio``,
        ``trend_revision``, ``direction_stood``, ``turn_found``.
    """
    last = str(cycle.trend_by(cycle.method)["period"].iloc[-1])
    known = measured[measured["period"] <= pd.Period(last, "M")].tail(_ROWS_SHOWN)
    column = "ytd_value_100m" if cycle.has_level else "ytd_yoy_pct"
    inputs = rows_behind(known, "ytd_yoy_pct")
    inputs += rows_behind(known, column) if cycle.has_level else ()
    now = _Now(cycle, name, Basis(last, as_of, inputs))
    found = [*_sentences(now), *_trend_numbers(now), *_turn_numbers(now), *_reliability(now)]
    return {finding.id: finding for finding in found}


def cycle_tone(cycle: Cycle) -> Tone:
    """Return the tone of the verdict: on which side of zero the band of trend growth lies."""
    row = cycle.trend_by(cycle.method).iloc[-1]
    if math.isnan(row["lo_pct"]):
        return "negative" if row["trend_growth_pct"] < 0 else "positive"
    if row["hi_pct"] < 0:
        return "negative"
    return "positive" if row["lo_pct"] >= 0 else "indeterminate"


def _sentences(now: _Now) -> Iterator[Finding]:
    """Say the verdict, how sure it is and the turn before it, what the phase rests on, the level.

    The verdict is one line on a screen: growth and phase. Its month is told with the range.
    """
    row, month = now.row, now.basis.period
    growth, lo, hi = row[["trend_growth_pct", "lo_pct", "hi_pct"]].astype(float)
    pace = (
        say("forecast.cycle_findings.trend_a_year", growth=growth)
        if now.cycle.has_level
        else say("forecast.cycle_findings.trend_of_published_growth", growth=growth)
    )
    phase = Text("序列尚短，不判周期阶段", "too short to name a phase of the cycle")
    if row["phase"] is not None:
        phase = say("forecast.cycle_findings.cycle", phase=PHASES[row["phase"]], unsure=now.doubt)
    words = say("forecast.cycle_findings.verdict", now=now.name, pace=pace, phase=phase)
    cells = now.trend_cells("trend_growth_pct", 0)
    yield now.tell("verdict", growth, with_capital(words), cells, about="trend_growth")
    sure = NOTHING
    if not math.isnan(lo):
        sure = say("forecast.cycle_findings.range", span=both(band, lo, hi), band=BAND)
    turn = _turn_clause(now)
    words = say("forecast.cycle_findings.turn_since", month=month, sure=sure, turn=turn)
    yield now.tell("detail_turn", growth, words, cells, about="trend_growth")
    if row["phase"] is not None:
        yield _phase_detail(now)
    turns = now.turns("level")
    if len(turns) < 2:
        return
    kind, month, since = _last_turn(turns)
    swing = float(turns.iloc[-1]["swing"])
    words = say(
        "forecast.cycle_findings.level_since_turn",
        month=month,
        kind=kind,
        moved=Text("下降", "has fallen") if swing < 0 else Text("上升", "has risen"),
        size=number(abs(swing), "zh"),
        since=since,
    )
    yield now.tell("detail_level", swing, words, now.turn_cells("level", "value"), about="level")


def _turn_clause(now: _Now) -> Text:
    """Say how far trend growth had come to its last turn, whether that counts, and went since."""
    turns = now.turns()
    if len(turns) == 1:
        return Text("期内没有转折点", "there is no turning point in the series")
    (kind, month, _), turn = _last_turn(turns), turns.iloc[-2]
    size = _swing_words(turn)
    return say(
        "forecast.cycle_findings.came_then",
        month=month,
        kind=kind,
        unsure=_PROVISIONAL if turn["is_provisional"] else NOTHING,
        before=NOTHING if size is None else say("forecast.cycle_findings.after", size=size),
        since=_swing_words(turns.iloc[-1]),
    )


def _swing_words(turn: pd.Series) -> Text | None:
    """Return by how much trend growth rose or fell to a turn; None to the first of a series."""
    swing = float(turn["swing"])
    if math.isnan(swing):
        return None
    said, size = Text("降", "a fall") if swing < 0 else Text("升", "a rise"), abs(swing)
    small = Text("（小于误差，不显著）", " (within the error: not material)")
    doubt = small if turn["is_small"] else NOTHING
    return say("forecast.cycle_findings.swing", said=said, size=number(size, "zh"), doubt=doubt)


def _last_turn(turns: pd.DataFrame) -> tuple[Text, str, Text]:
    """Return the kind and month of the last turn, and how long ago it was."""
    turn, latest = turns.iloc[-2], turns.iloc[-1]
    since = length_phrase(int(latest["n_months"]), int(latest["n_releases"]))
    return TURNS[turn["kind"]], str(turn["period"]), since


def _phase_detail(now: _Now) -> Finding:
    row, error = now.row, now.cycle.direction.error_pp
    pace, change = float(row["long_run_pct"]), float(row["change_pp"])
    gap = float(row["trend_growth_pct"]) - pace
    side = Text("高于", "above") if gap >= 0 else Text("低于", "below")
    mean = long_run_words(int(row["long_run_releases"]))
    compared = NOTHING
    if not math.isnan(error):
        small = Text("小于", "less than") if abs(change) <= error else Text("大于", "more than")
        compared = say("forecast.cycle_findings.usual_error", small=small, error=error)
    move = {
        (True, True): Text("正在回升", "it is picking up"),
        (True, False): Text("仍在回落", "it is still slowing"),
        (False, True): Text("是否已在回升尚难判断", "whether it picks up cannot be told yet"),
        (False, False): Text("是否仍在回落尚难判断", "whether it still slows cannot be told yet"),
    }[now.is_clear, change >= 0]
    words = say(
        "forecast.cycle_findings.distance_and_change",
        side=side,
        mean=mean,
        pace=pace,
        gap=abs(gap),
        change_over=CHANGE_OVER,
        change=change,
        compared=compared,
        move=move,
    )
    return now.tell("detail_phase", gap, words, now.phase_cells, about="phase")


def _trend_numbers(now: _Now) -> Iterator[Finding]:
    """Tell trend growth, its change, the phase, and the long-run mean."""
    row, error = now.row, now.cycle.direction.error_pp
    growth, change, pace = row[["trend_growth_pct", "change_pp", "long_run_pct"]].astype(float)
    state: State = "ok" if now.is_clear else "indeterminate"
    words, lo, hi = percent_phrase(growth), row["lo_pct"], row["hi_pct"]
    if not math.isnan(lo):
        words = joined((words, both(band, lo, hi)), " ", " ")
    yield now.tell("trend_growth", growth, words, now.trend_cells("trend_growth_pct", 0))
    words = points_phrase(change)
    if not math.isnan(error):
        usual = number(error, "zh")
        words = say("forecast.cycle_findings.with_usual_error", words=words, usual=usual)
    cells = now.trend_cells("trend_growth_pct", CHANGE_OVER, 0)
    yield now.tell("trend_change", change, words, cells, state=state)
    if row["phase"] is None:
        yield from now.lacks("phase")
    else:
        words = joined((PHASES[row["phase"]], now.doubt), "", "")
        yield now.tell("phase", growth - pace, words, now.phase_cells, state=state)
    there = min(_LONG_RUN_BLOCKS, len(now.cycle.trend_by(now.cycle.method)))
    cells = now.trend_cells("trend_growth_pct", *reversed(range(there)))
    yield now.tell("long_run", pace, percent_phrase(pace), cells)


def _turn_numbers(now: _Now) -> Iterator[Finding]:
    """Tell the last turning point of trend growth, and how long ago it was."""
    turns = now.turns()
    if len(turns) == 1:
        yield from now.lacks("last_turn", "turn_swing", "since_turn")
        return
    (kind, month, since), turn = _last_turn(turns), turns.iloc[-2]
    value, n_releases = float(turn["value"]), float(turns.iloc[-1]["n_releases"])
    words = say("forecast.cycle_findings.turn", month=month, kind=kind, part=value)
    state: State = "indeterminate" if turn["is_provisional"] else "ok"
    yield now.tell("last_turn", value, words, now.turn_cells("growth", "value"), state=state)
    size = _swing_words(turn) or NOTHING
    yield now.tell("turn_swing", float(turn["swing"]), size, now.turn_cells("growth", "swing"))
    yield now.tell("since_turn", n_releases, since, now.turn_cells("growth", "n_releases"))


def _reliability(now: _Now) -> Iterator[Finding]:
    """Tell how far the methods differ, and how well direction and turn were told in the past."""
    ucm, stl = (float(now.cycle.trend_by(name)["trend_growth_pct"].iloc[-1]) for name in METHODS)
    apart, other = points_phrase(ucm - stl), percent_phrase(stl)
    words = say("forecast.cycle_findings.other_method", apart=apart, other=other)
    both = [now.trend_cells("trend_growth_pct", 0, method=name)[0] for name in METHODS]
    yield now.tell("method_gap", ucm - stl, words, tuple(both))
    yield _season_ratio(now)
    record, turn = now.cycle.direction, now.cycle.last_turn
    if not record.n_judged:
        yield from now.lacks("trend_revision", "direction_stood")
    else:
        median, most, worst = record.revisions_pp
        words = say(
            "forecast.cycle_findings.past_revisions",
            median=median,
            most=most,
            worst=worst,
            band=BAND,
            n_judged=record.n_judged,
        )
        told = result_rows(record.table, _DIRECTIONS, "growth_told_pct", "growth_stands_pct")
        yield now.tell("trend_revision", median, words, told)
        share, n = 100 * record.share_stood, record.n_judged
        words = say("forecast.cycle_findings.direction_stood", share=share, n_judged=n)
        told = result_rows(record.table, _DIRECTIONS, "told_pp", "stands_pp")
        yield now.tell("direction_stood", share, words, told)
    if turn is None:
        yield from now.lacks("turn_found")
        return
    words = say(
        "forecast.cycle_findings.turn_seen_and_moved",
        found_after=turn.found_after,
        after=str(turn.found_at),
        dated=str(turn.first_dated),
        moved=abs(turn.moved),
    )
    cells = result_rows(now.cycle.found_table, _LAST_TURN_FILE, "found_after")
    yield now.tell("turn_found", float(turn.found_after), words, cells)


def _season_ratio(now: _Now) -> Finding:
    """Say which ratios of the season's variance are likely, and what trend growth they give."""
    found = now.cycle.ratios
    if found.empty:
        return next(now.lacks("season_ratio"))
    centre = float(np.exp((found["weight"] * np.log(found["ratio"])).sum()))
    ratio, growth = (
        found.loc[found["weight"] >= _LIKELY, name].tolist() for name in ("ratio", "growth_pct")
    )
    words = say(
        "forecast.cycle_findings.trend_growth",
        middle=number_phrase(centre, 2),
        low=number_phrase(ratio[0], 2),
        high=number_phrase(ratio[-1], 2),
        first=percent_phrase(growth[0]),
        last=percent_phrase(growth[-1]),
    )
    return now.tell("season_ratio", centre, words, result_rows(found, _RATIOS, "weight"))
