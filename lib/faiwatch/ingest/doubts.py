"""Ask before believing figures that cannot be, or that disagree with what is known.

Sizes: units differ by ten thousand. Growth says nothing of its window by its size. Two things tell:
figures held for the same months, and the levels of the file. Published growth is on a comparable
basis and often differs from that of the published levels, even by sign, so a difference from the
levels means nothing by itself. But growth that equals what the levels imply *for the single month*,
month after month, is that growth.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.regions import NATION, region_named
from faiwatch.data.schema import FIGURES, KEYS
from faiwatch.ingest.figures import Figures
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.units import UNIT_FLAG

# Units differ by factors of ten and more; no cumulative series changes sixfold within two years.
_LARGEST_CHANGE = 6.0
_MONTHS_AWAY = (0, -12, 12, -24, 24)
# From January-February to December a series grows about twentyfold; 亿元 to 万元 is ten thousand.
_LARGEST_STEP = 300.0
_LARGEST_GROWTH = 100.0
_FLAGS = {"magnitude": UNIT_FLAG, "growth_scale": "--growth-scale percent"}

# Growth is published to one decimal; the same figure rounded once more differs by one at most.
_ROUNDING = 0.1 + 1e-6
_MOST = 0.5
_SAME, _FEWEST_DATED = 1e-4, 3  # relative; figures by which a date is told
# One month may be alike by chance (one in fifty), two in a row hardly.
_FEWEST_ALIKE = 2
_MOST_DECIMALS = 6
_FIRST_MONTH = 2  # January and February are one release: their window is both
_SPAN = 1 << 20  # more months than any series has
_Key = tuple[Hashable, ...]


def check_magnitudes(table: pd.DataFrame, history: pd.DataFrame | None, log: Log) -> None:
    """Ask about series whose size contradicts itself, their history or the nation.

    Parameters
    ----------
    table : DataFrame
        Observations just read, with ``sheet`` and ``cell``.
    history : DataFrame or None
        Observations known before.
    log : Log
        Takes the questions.
    """
    levels = table[table["ytd_value_100m"] > 0]
    year, size = levels["period"].dt.year, levels["ytd_value_100m"]
    step = size / size.groupby([*(levels[name] for name in KEYS), year]).shift(1)
    far = (step > _LARGEST_STEP) | (step < 1 / _LARGEST_STEP)
    _ask("magnitude", levels[far], say("ingest.doubts.units_mixed"), log)
    size = table["ytd_yoy_pct"].abs()
    typical = size.groupby([table[name] for name in KEYS]).transform("median")
    text = Text("增速大多超过 100%：量级对吗？", "most growth is above 100%: is the scale right?")
    _ask("growth_scale", table[(typical > _LARGEST_GROWTH) & size.notna()], text, log)
    if history is None or levels.empty:
        return
    ratio = _ratio(levels, history[_is_of(levels, history)], KEYS)
    typical = ratio.groupby([levels[name] for name in KEYS]).transform("median")
    far = (typical > _LARGEST_CHANGE) | (typical < 1 / _LARGEST_CHANGE)
    for index in levels[far].drop_duplicates(KEYS).index:
        text = say("ingest.doubts.times_as_much", times=typical[index])
        _ask("magnitude", levels.loc[[index]], text, log)
    # a region without a history of its own does not exceed the nation
    codes = levels["region_code"]
    is_made_up = {code: region_named(code).is_made_up for code in codes.unique()}
    parts = levels[ratio.isna() & (codes != NATION) & ~codes.map(is_made_up).astype("bool")]
    if parts.empty:
        return
    nation = history[history["region_code"] == NATION]
    text = Text("超过全国总量：单位对吗？", "more than the whole nation: is the unit right?")
    _ask("magnitude", parts[_ratio(parts, nation, ["indicator"]) > 1], text, log)


def month_meant(table: pd.DataFrame, history: pd.DataFrame | None) -> Literal["", "own", "before"]:
    """Return which month the dates of a file stand for, as the figures that are held tell.

    Parameters
    ----------
    table : DataFrame
        Observations just read, each in the month of its date.
    history : DataFrame or None
        Observations known before.

    Returns
    -------
    str
        ``before`` where most figures equal those held for the month before, as where each is dated
        by its release; ``own`` where they equal those of their month; empty where neither does.
    """
    if history is None or table.empty:
        return ""
    held = history[_is_of(table, history)].drop_duplicates([*KEYS, "period"], keep="last")
    place, own = _places(held, table, KEYS)
    held, now = held[FIGURES].astype("float64").set_axis(place), table[FIGURES].to_numpy()
    equal = {}
    for months in (0, 1):
        then = held.reindex(own - months).to_numpy()
        alike = np.abs(now - then) <= _SAME * np.abs(then).clip(min=1)
        known = ~np.isnan(now - then)
        equal[months] = int(alike.any(axis=1).sum()), int(known.any(axis=1).sum())
    for months in (1, 0):
        count, of = equal[months]
        if count >= _FEWEST_DATED and count > of * _MOST and count > 2 * equal[1 - months][0]:
            return "before" if months else "own"
    return ""


def check_dates(table: pd.DataFrame, history: pd.DataFrame | None, log: Log) -> None:
    """Ask about figures that are held for the month before, each: they are dated by release."""
    if month_meant(table, history) != "before":
        return
    first = table.iloc[0]
    text = say("ingest.doubts.dated_by_release")
    flag, got = "--take dates=release | --take dates=month", str(first["period"])
    log.ask(Question("period", first["sheet"], first["cell"], text, got, flag, "dates=release"))


def _ask(
    id: Literal["magnitude", "growth_scale"], rows: pd.DataFrame, text: Text, log: Log
) -> None:
    """Ask about the first of the rows of each series."""
    figure = "ytd_value_100m" if id == "magnitude" else "ytd_yoy_pct"
    for _, row in rows.drop_duplicates(KEYS).iterrows():
        got = f"{row['region_code']} {row['indicator']} {row['period']}: {row[figure]:.6g}"
        log.ask(Question(id, str(row["sheet"]), str(row["cell"]), text, got, _FLAGS[id]))


def _ratio(levels: pd.DataFrame, known: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Return new over known value of that month, or of the same month up to two years away."""
    known = known[known["ytd_value_100m"] > 0].drop_duplicates([*keys, "period"], keep="last")
    found = pd.Series(float("nan"), index=levels.index)
    for near in _levels(known, levels, _MONTHS_AWAY, keys):
        found = found.fillna(levels["ytd_value_100m"] / near)
    return found


def _levels(
    known: pd.DataFrame, rows: pd.DataFrame, away: Sequence[int], keys: list[str] = KEYS
) -> list[np.ndarray]:
    """Return for each row the levels known of its series, so many months away; NaN = none."""
    place, own = _places(known, rows, keys)
    levels = pd.Series(known["ytd_value_100m"].to_numpy(), index=place)
    return [levels.reindex(own + months).to_numpy() for months in away]


def _places(
    known: pd.DataFrame, rows: pd.DataFrame, keys: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return one number for each series and month, of what is known and of rows.

    Looking up tuples would be felt in a long table.
    """
    both = pd.concat([one[[*keys, "period"]] for one in (known, rows)], ignore_index=True)
    place = both.groupby(keys, sort=False).ngroup().to_numpy() * _SPAN
    place += both["period"].astype("int64").to_numpy()
    return place[: len(known)], place[len(known) :]


def _is_of(table: pd.DataFrame, history: pd.DataFrame) -> pd.Series:
    """Whether observations are of the regions and indicators of a table: of all, a few."""
    found: pd.Series = history[KEYS[0]].isin(table[KEYS[0]].unique())
    return found & history[KEYS[1]].isin(table[KEYS[1]].unique())


class _Doubt(NamedTuple):
    """What is odd about the growth of a series."""

    id: Literal["growth", "window"]
    text: Text


def check_growth(
    table: pd.DataFrame,
    growth: pd.DataFrame,
    figures: Figures,
    history: pd.DataFrame | None,
    log: Log,
) -> None:
    """Ask about series whose growth disagrees on most months, once for each column.

    Parameters
    ----------
    table : DataFrame
        Observations just read.
    growth : DataFrame
        The figures of growth among them.
    figures : Figures
        What is said of them.
    history : DataFrame or None
        Observations known before.
    log : Log
        Takes the questions.
    """
    read = table[table["ytd_yoy_pct"].notna()]
    if read.empty:
        return
    columns = [*KEYS, "period", "ytd_value_100m"]
    levels = table[columns].dropna()
    others = pd.Series(dtype="float64")
    if history is not None:  # a file of one year has no base of its own
        is_near = _is_of(table, history)
        levels = pd.concat([levels, history.loc[is_near, columns].dropna()])
        levels = levels.drop_duplicates([*KEYS, "period"], keep="first")
        others = history.loc[~is_near, "ytd_value_100m"].dropna()
    found = _like_single_months(read, levels, np.r_[levels["ytd_value_100m"], others])
    if history is not None:
        held = history.loc[is_near, [*KEYS, "period", "ytd_yoy_pct"]].dropna()
        held = held.drop_duplicates([*KEYS, "period"], keep="last")
        both = read.merge(held, on=[*KEYS, "period"])
        both["differs"] = (both["ytd_yoy_pct_x"] - both["ytd_yoy_pct_y"]).abs() > _ROUNDING
        for key, months in both.groupby(KEYS, sort=False):
            count, of = int(months["differs"].sum()), len(months)
            if count > of * _MOST:
                last = months[months["differs"]].iloc[-1]
                text = say(
                    "ingest.doubts.differs_from_held",
                    count=count,
                    of=of,
                    when=last["period"],
                    now=last["ytd_yoy_pct_x"],
                    then=last["ytd_yoy_pct_y"],
                )
                found[key] = _Doubt("growth", text)
    asked: set[int] = set()
    for one in figures.spots(growth, "told", "column"):
        meaning, column = one.told.meaning, one.told.column
        doubt = found.get((meaning.region, meaning.indicator))
        if doubt is None or column.index in asked:
            continue
        asked.add(column.index)
        # what is held may be left aside, levels not
        answer = map_flag(one.header, "growth single")
        answers = [answer] if column.meaning.measure == "growth" and one.header else []
        answers += ["--history none"] if doubt.id == "growth" else []
        flag = " | ".join(answers)
        log.ask(Question(doubt.id, one.sheet, one.cell, doubt.text, one.was, flag))


def _like_single_months(
    read: pd.DataFrame, levels: pd.DataFrame, known: np.ndarray
) -> dict[_Key, _Doubt]:
    """Return the series whose growth is what levels imply for the single month, on most months.

    Only months count in which the levels imply another growth for the year to date. All levels that
    are `known` tell how they are rounded.
    """
    if levels.empty:
        return {}
    now, before, base, base_before = _levels(levels, read, (0, -1, -12, -13))
    growth = read["ytd_yoy_pct"].to_numpy()
    rounded = (np.abs(known.round(places) - known) <= 1e-9 for places in range(_MOST_DECIMALS))
    decimals = next((places for places, one in enumerate(rounded) if one.all()), _MOST_DECIMALS)
    with np.errstate(divide="ignore", invalid="ignore"):
        single = ((now - before) / (base - base_before) - 1) * 100
        ytd = (now / base - 1) * 100
        slack = _ROUNDING + 100 * 10.0**-decimals / (base - base_before)
    tells = (read["period"].dt.month > _FIRST_MONTH) & (np.abs(single - ytd) > 2 * slack)
    is_single = tells & (np.abs(growth - single) <= slack) & (np.abs(growth - ytd) > slack)
    found = {}
    judged = read[KEYS].assign(tells=tells, is_single=is_single)
    for key, of, count in judged.groupby(KEYS, sort=False).sum().itertuples(name=None):
        if count >= _FEWEST_ALIKE and count > of * _MOST:
            found[key] = _Doubt("window", say("ingest.doubts.single_month", count=count, of=of))
    return found
