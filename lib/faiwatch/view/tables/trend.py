"""Tables for readers about the trend: turning points and phases, and the two methods compared."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from faiwatch.core.phrases import say, words_told
from faiwatch.core.text import Language, Text, band, number, percent
from faiwatch.data.measures import measures_of
from faiwatch.forecast.cycle import TURNS, Cycle
from faiwatch.forecast.phases import PHASES
from faiwatch.forecast.trend import BAND, METHODS
from faiwatch.view.tables import Table, in_words

_NONE = Text("无", "none")
_WHOLE = 1000  # 100 million yuan; smaller levels are told with a decimal
_SERIES = {"growth": Text("趋势增速", "trend growth"), "level": Text("趋势水平", "trend level")}
_WEIGHS = 0.005  # share of the likelihood from which on a ratio has its row


def turns_table(cycle: Cycle, *, lang: Language) -> Table:
    """Return the turning points of trend growth and of the trend level, the newest first."""
    parts = [cycle.turns_by(cycle.method, name) for name in _SERIES]
    turns = pd.concat([part.iloc[::-1] for part in parts], ignore_index=True)
    if (turns["kind"] == "now").all():
        turns = turns.head(0)
    marks_told = words_told("view.words_turn_marks", lang)
    none, pp = _NONE.in_language(lang), Text("个百分点", " pp").in_language(lang)
    between = Text("；", "; ").in_language(lang)
    values, lengths, swings, marks = [], [], [], []
    for row in turns.to_dict("records"):
        is_growth, value, swing = row["series"] == "growth", row["value"], row["swing"]
        decimals = 0 if value >= _WHOLE else 1
        values.append(percent(value, lang) if is_growth else number(value, lang, decimals))
        has_none = math.isnan(row["n_releases"])
        lengths.append(none if has_none else f"{int(row['n_releases'])} / {int(row['n_months'])}")
        change = f"{number(swing, lang)}{pp}" if is_growth else percent(swing, lang)
        swings.append(none if math.isnan(swing) else change)
        marks.append(between.join(told for name, told in marks_told.items() if row[name]))
    return Table(
        turns.assign(
            series=in_words(turns["series"], _SERIES, lang),
            kind=in_words(turns["kind"], TURNS, lang),
            value=values,
            length=lengths,
            swing=swings,
            mark=marks,
        ),
        Text("转折点与各阶段长度", "Turning points and length of phases"),
        measures_of("series", kind="turn", period="month", value="turn_value")
        | measures_of(length="since_turn", swing="swing", mark="remark"),
        lang,
        say("view.tables_trend.row_now"),
    )


def ratios_table(cycle: Cycle, *, lang: Language) -> Table:
    """Return what each ratio of the season's variance would say of the latest release."""
    weighs, ratio = cycle.ratios["weight"] >= _WEIGHS, cycle.ratios["ratio"]
    is_decade = np.isclose(np.log10(ratio.astype(float)) % 1, 0)
    found = cycle.ratios[weighs | is_decade]
    ends = zip(found["lo_pct"], found["hi_pct"], strict=True)
    frame = found.assign(likelihood=100 * found["weight"], band=[band(*one, lang) for one in ends])
    return Table(
        frame,
        Text("季节变动快慢的假定与趋势增速", "Trend growth by how fast the season may change"),
        measures_of(ratio="season_ratio", likelihood="likelihood_pct")
        | measures_of(growth_pct="trend_growth_pct", band=f"range_{BAND}"),
        lang,
        say("view.tables_trend.ratios"),
    )


def methods_table(cycle: Cycle, *, lang: Language) -> Table:
    """Return what the two methods say of the latest release, side by side."""
    rows = pd.DataFrame([cycle.trend_by(name).iloc[-1] for name in METHODS])
    none = _NONE.in_language(lang)
    ends = zip(rows["lo_pct"], rows["hi_pct"], strict=True)
    last_turns = []
    for name in METHODS:
        turns, told = cycle.turns_by(name), _NONE
        if len(turns) > 1:
            turn = turns.iloc[-2]
            told = say("view.tables_trend.turn", month=turn["period"], kind=TURNS[turn["kind"]])
        last_turns.append(told.in_language(lang))
    frame = rows.assign(
        method=[name.in_language(lang) for name in METHODS.values()],
        band=[none if math.isnan(lo) else band(lo, hi, lang) for lo, hi in ends],
        phase=[
            "—" if pd.isna(phase) else PHASES[phase].in_language(lang) for phase in rows["phase"]
        ],
        turn=last_turns,
    )
    columns = measures_of("method", "trend_growth_pct", band=f"range_{BAND}")
    return Table(
        frame,
        Text("两种方法现在的差别", "How the two methods differ now"),
        columns | measures_of("change_pp", "phase", turn="last_turn"),
        lang,
        Text("STL 自身不给误差区间。", "STL has no range of its own."),
    )
