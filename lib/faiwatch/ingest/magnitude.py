"""Ask before believing figures of an impossible size: units differ by ten thousand."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.regions import NATION, region_named
from faiwatch.data.schema import KEYS
from faiwatch.ingest.log import Log, Question

# Units differ by factors of ten and more; no cumulative series changes sixfold within two years.
_LARGEST_CHANGE = 6.0
_MONTHS_AWAY = (0, -12, 12, -24, 24)
# From January-February to December a series grows about twentyfold; 亿元 to 万元 is ten thousand.
_LARGEST_STEP = 300.0
_LARGEST_GROWTH = 100.0
_FLAGS = {"magnitude": "--unit 万元 | --unit 亿元", "growth_scale": "--growth-scale percent"}


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
    _ask_about_steps(levels, log)
    _ask_about_growth(table, log)
    if history is None or levels.empty:
        return
    ratio = _ratio(levels, history, KEYS)
    typical = ratio.groupby([levels[name] for name in KEYS]).transform("median")
    far = (typical > _LARGEST_CHANGE) | (typical < 1 / _LARGEST_CHANGE)
    for index in levels[far].drop_duplicates(KEYS).index:
        words = f"{typical[index]:.4g}"
        text = Text(
            f"约为已有数据的 {words} 倍：单位对吗？",
            f"about {words} times what is known: is the unit right?",
        )
        log.ask(_question("magnitude", levels.loc[index], "ytd_value_100m", text))
    _ask_about_parts(levels[ratio.isna()], history, log)


def _ask_about_steps(levels: pd.DataFrame, log: Log) -> None:
    """Ask where neighbours in a year differ as different units do."""
    year = levels["period"].dt.year
    step = levels["ytd_value_100m"].groupby([*(levels[name] for name in KEYS), year]).pct_change()
    far = (step + 1 > _LARGEST_STEP) | (step + 1 < 1 / _LARGEST_STEP)
    text = Text(
        "同一年内相邻两期相差数百倍：单位混用了吗？",
        "neighbours in one year differ hundredfold: are units mixed?",
    )
    for _, row in levels[far].drop_duplicates(KEYS).iterrows():
        log.ask(_question("magnitude", row, "ytd_value_100m", text))


def _ask_about_growth(table: pd.DataFrame, log: Log) -> None:
    """Ask when most growth of a series is beyond belief."""
    size = table["ytd_yoy_pct"].abs()
    typical = size.groupby([table[name] for name in KEYS]).transform("median")
    text = Text("增速大多超过 100%：量级对吗？", "most growth is above 100%: is the scale right?")
    far = table[(typical > _LARGEST_GROWTH) & size.notna()]
    for _, row in far.drop_duplicates(KEYS).iterrows():
        log.ask(_question("growth_scale", row, "ytd_yoy_pct", text))


def _ask_about_parts(levels: pd.DataFrame, history: pd.DataFrame, log: Log) -> None:
    """Ask when a region without a history of its own exceeds the nation."""
    nation = history[history["region_code"] == NATION]
    codes = levels["region_code"]
    is_part = (codes != NATION) & ~codes.map(lambda code: region_named(code).is_made_up).astype(
        "bool"
    )
    parts = levels[is_part]
    text = Text("超过全国总量：单位对吗？", "more than the whole nation: is the unit right?")
    beyond = parts[_ratio(parts, nation, ["indicator"]) > 1]
    for _, row in beyond.drop_duplicates(KEYS).iterrows():
        log.ask(_question("magnitude", row, "ytd_value_100m", text))


def _ratio(levels: pd.DataFrame, known: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Return new over known value of that month, or of the same month up to two years away."""
    known = known[known["ytd_value_100m"] > 0]
    before = known.drop_duplicates([*keys, "period"], keep="last")
    levels_before = before.set_index([*keys, "period"])["ytd_value_100m"]
    found = pd.Series(float("nan"), index=levels.index)
    for months in _MONTHS_AWAY:
        near = pd.MultiIndex.from_arrays(
            [*(levels[name] for name in keys), levels["period"] + months]
        )
        ratio = levels["ytd_value_100m"].to_numpy() / levels_before.reindex(near).to_numpy()
        found = found.fillna(pd.Series(ratio, index=levels.index))
    return found


def _question(id: str, row: pd.Series, column: str, text: Text) -> Question:
    got = f"{row['region_code']} {row['indicator']} {row['period']}: {row[column]:.6g}"
    return Question(id, str(row["sheet"]), str(row["cell"]), text, got=got, flag=_FLAGS[id])
