"""Ask before believing growth that disagrees with what is known, or with the levels beside it.

Growth says nothing of its window by its size. Two things tell: figures held for the same months,
and the levels of the file. Published growth is on a comparable basis and often differs from that of
the published levels, even by sign, so a difference from the levels means nothing by itself. But
growth that equals what the levels imply *for the single month*, month after month, is that growth.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.schema import KEYS
from faiwatch.ingest.decide import cell_of, was_in
from faiwatch.ingest.figures import Figures, Told
from faiwatch.ingest.log import Log, Question, map_flag

# Growth is published to one decimal; the same figure rounded once more differs by one at most.
_ROUNDING = 0.1 + 1e-6
_MOST = 0.5
# One month may be alike by chance (one in fifty), two in a row hardly.
_FEWEST_ALIKE = 2
_MOST_DECIMALS = 6
_Key = tuple[Hashable, ...]
_FIRST_MONTH = 2  # January and February are one release: their window is both


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
    found = _like_single_months(read, table if history is None else _over(table, history))
    if history is not None:
        found |= _unlike_held(read, history)
    asked: set[int] = set()
    for _, figure in growth.drop_duplicates(["told", "column"]).iterrows():
        told = figures.told[int(figure["told"])]
        doubt = found.get((told.meaning.region, told.meaning.indicator))
        if doubt is not None and figure["column"] not in asked:
            asked.add(figure["column"])
            log.ask(_question(figure, told, doubt))


class _Doubt(NamedTuple):
    """What is odd about the growth of a series."""

    id: Literal["growth", "window"]
    text: Text


def _unlike_held(read: pd.DataFrame, history: pd.DataFrame) -> dict[_Key, _Doubt]:
    """Return the series whose growth differs from that held for most of the months in both."""
    held = history.dropna(subset="ytd_yoy_pct").drop_duplicates([*KEYS, "period"], keep="last")
    both = read.merge(held[[*KEYS, "period", "ytd_yoy_pct"]], on=[*KEYS, "period"])
    both["differs"] = (both["ytd_yoy_pct_x"] - both["ytd_yoy_pct_y"]).abs() > _ROUNDING
    found = {}
    for key, months in both.groupby(KEYS, sort=False):
        count, of = int(months["differs"].sum()), len(months)
        if count > of * _MOST:
            last = months[months["differs"]].iloc[-1]
            now, held_one = last["ytd_yoy_pct_x"], last["ytd_yoy_pct_y"]
            text = Text(
                f"{of} 个月中有 {count} 个月与已有的累计增速不同（{last['period']}：{now:g}，"
                f"已有 {held_one:g}）：是累计增速吗？",
                f"differs from the growth held for {count} of {of} months "
                f"({last['period']}: {now:g}, held {held_one:g}): is it of the year to date?",
            )
            found[key] = _Doubt("growth", text)
    return found


def _like_single_months(read: pd.DataFrame, known: pd.DataFrame) -> dict[_Key, _Doubt]:
    """Return the series whose growth is what levels imply for the single month, on most months.

    Only months count in which the levels imply another growth for the year to date.
    """
    levels = known.dropna(subset="ytd_value_100m")
    if read.empty or levels.empty:
        return {}
    by_place = levels.set_index([*KEYS, "period"])["ytd_value_100m"]

    def level(months: int) -> np.ndarray:
        place = [*(read[name] for name in KEYS), read["period"] - months]
        found: np.ndarray = by_place.reindex(pd.MultiIndex.from_arrays(place)).to_numpy()
        return found

    now, before, base, base_before = map(level, (0, 1, 12, 13))
    growth = read["ytd_yoy_pct"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        single = ((now - before) / (base - base_before) - 1) * 100
        ytd = (now / base - 1) * 100
        slack = _ROUNDING + 100 * 10.0 ** -_decimals(levels["ytd_value_100m"]) / (
            base - base_before
        )
    tells = (read["period"].dt.month > _FIRST_MONTH) & (np.abs(single - ytd) > 2 * slack)
    is_single = tells & (np.abs(growth - single) <= slack) & (np.abs(growth - ytd) > slack)
    found = {}
    judged = read[KEYS].assign(tells=tells, is_single=is_single)
    for key, months in judged.groupby(KEYS, sort=False):
        count, of = int(months["is_single"].sum()), int(months["tells"].sum())
        if count >= _FEWEST_ALIKE and count > of * _MOST:
            text = Text(
                f"投资额表明，{of} 个月中有 {count} 个月是当月增速，不是累计增速",
                f"by the levels it is growth of the single month in {count} of {of} months, "
                "not of the year to date",
            )
            found[key] = _Doubt("window", text)
    return found


def _over(table: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Return levels just read, filled up with those held: a file of one year has no base."""
    columns = [*KEYS, "period", "ytd_value_100m"]
    both = pd.concat([table[columns], history[columns]]).dropna(subset="ytd_value_100m")
    return both.drop_duplicates([*KEYS, "period"], keep="first")


def _decimals(levels: pd.Series) -> int:
    """Return how many decimals levels are given to."""
    rounded = (levels.round(places) for places in range(_MOST_DECIMALS))
    alike = (bool(np.isclose(one, levels, rtol=0, atol=1e-9).all()) for one in rounded)
    return next((places for places, same in enumerate(alike) if same), _MOST_DECIMALS)


def _question(figure: pd.Series, told: Told, doubt: _Doubt) -> Question:
    """Return the question about a column of growth; what is held may be left aside, levels not."""
    header = told.column.words.rpartition(" / ")[2]
    named = told.column.meaning.measure == "growth" and header
    answer = map_flag(header, "growth single") if named else ""
    flag = " | ".join(filter(None, [answer, "--history none" if doubt.id == "growth" else ""]))
    name, cell = told.sheet.name, cell_of(figure)
    return Question(doubt.id, name, cell, doubt.text, got=was_in(told, figure), flag=flag)
