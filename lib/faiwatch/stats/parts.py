"""The parts of a total, cut by cut: what is held of each, and what stands in a sentence about them.

Method: ``docs/methods/contributions.md``. Cuts overlap, and releases print some of them in single
months only: of each part the last month held is told, and that later ones are not in the data.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from faiwatch.core.finding import Finding
from faiwatch.core.phrases import joined, number_phrase, percent_phrase, say
from faiwatch.core.provenance import Basis, result_rows, rows_behind
from faiwatch.core.text import NOT_HELD, NOTHING, Text, both, window_name
from faiwatch.data.definitions import definitions_of
from faiwatch.data.reference import indicator_named
from faiwatch.stats.contributions import SECTORS
from faiwatch.stats.monitor import Series

CUTS: Mapping[str, tuple[str, ...]] = {
    "sector": SECTORS,
    "industry": ("industry", "mining", "manufacturing", "electricity_heat_gas_water"),
    "ownership": ("private", "state_controlled", "domestic", "hong_kong_macao_taiwan", "foreign"),
    "structure": ("construction_installation", "equipment_purchase", "other_expenses"),
    "region": ("region_east", "region_central", "region_west", "region_northeast"),
}
DIMENSIONS = {
    "sector": Text("产业", "Sector"),
    "industry": Text("行业", "Industry"),
    "ownership": Text("所有制", "Ownership"),
    "structure": Text("构成", "Structure"),
    "region": Text("地区", "Region"),
    "own": Text("其他", "Other"),
}
PARTS_OF_A_PART = "real_estate_region"  # regions of real-estate development, not of the total
PART_COLUMNS = ["dimension", "indicator", "period", "value_pct", "previous_pct", "state"]
_MEANT = definitions_of("parts")


def latest_of_parts(flagged: pd.DataFrame, *, total: str) -> pd.DataFrame:
    """Return the last growth held of each part of a region's total, cut by cut.

    Parameters
    ----------
    flagged : DataFrame
        Flags of one region and several indicators.
    total : str
        The indicator that they are parts of; left out.

    Returns
    -------
    DataFrame
        ``dimension indicator period value_pct previous_pct state``, the cuts in the order of
        :data:`DIMENSIONS`, the lowest growth first; ``previous_pct`` is that of the release before
        it, NaN where that one is not held.
    """
    ytd = flagged[(flagged["definition"] == "ytd") & (flagged["indicator"] != total)]
    ytd = ytd.sort_values(["indicator", "period"])
    before = ytd.groupby("indicator", sort=False, observed=True)["value_pct"].shift()
    known = ytd.assign(previous_pct=before)[ytd["value_pct"].notna()]
    last = known.groupby("indicator", sort=False, observed=True).tail(1)
    dimensions = [indicator_named(name).dimension for name in last["indicator"]]
    ranks = [list(DIMENSIONS).index(one) if one in DIMENSIONS else 99 for one in dimensions]
    last = last.assign(dimension=dimensions, rank=ranks).sort_values(["rank", "value_pct"])
    last = last[last["dimension"] != PARTS_OF_A_PART]
    return last[PART_COLUMNS].reset_index(drop=True)


def parts_findings(
    facts: Series, measured: pd.DataFrame, latest: pd.DataFrame, parts: pd.DataFrame
) -> dict[str, Finding]:
    """Return how many parts fall, which pulls growth down most, and how structure moves.

    Parameters
    ----------
    facts : Series
        The total.
    measured : DataFrame
        Measures of the region's indicators: the rows that the findings rest on.
    latest : DataFrame
        Of :func:`latest_of_parts`.
    parts : DataFrame
        Contributions of the region.

    Returns
    -------
    dict of str to Finding
        ``parts_negative``, ``sector_drag`` and ``structure``, those that there is anything for.
    """
    found = (
        _parts_negative(facts, measured, latest),
        _sector_drag(facts, measured, parts),
        _structure(facts, measured),
    )
    return {one.id: one for one in found if one is not None}


def _parts_negative(facts: Series, measured: pd.DataFrame, latest: pd.DataFrame) -> Finding | None:
    month = facts.latest["period"]
    now = latest[latest["period"] == month]
    if now.empty:
        return None
    n, n_down, absent = len(now), int((now["state"] == "negative").sum()), len(latest) - len(now)
    gap = say("stats.parts.more", said=NOT_HELD, absent=absent) if absent else NOTHING
    words = say("stats.parts.held_negative", n=n, n_down=n_down, gap=gap)
    rows = measured[(measured["period"] == month) & measured["indicator"].isin(now["indicator"])]
    basis = _basis(facts, month, rows)
    what = _MEANT["parts_negative"]
    return basis.finding("parts_negative", n_down, what, words, "partial" if absent else "ok")


def _sector_drag(facts: Series, measured: pd.DataFrame, parts: pd.DataFrame) -> Finding | None:
    """Return the sector that pulls growth down most, or holds it up least."""
    month = facts.latest["period"]
    now = parts[(parts["period"] == month) & parts["indicator"].isin(SECTORS)]
    now = now[now["contribution_pp"].notna()].sort_values("contribution_pp")
    if now.empty:
        return None
    least = now.iloc[0]
    name, value = indicator_named(least["indicator"]).label, float(least["contribution_pp"])
    is_carried, is_partial = least["basis"] != "same_release", len(now) < len(SECTORS)
    words = say(
        "stats.parts.contribution",
        said=number_phrase(value),
        left=Text("已收录的产业中，", "of the sectors held, ") if is_partial else NOTHING,
        name=name,
        growth=percent_phrase(least["yoy_pct"]),
        about=Text("约", "about ") if is_carried else NOTHING,
    )
    rows = measured[(measured["period"] == month) & (measured["indicator"] == least["indicator"])]
    saved = result_rows(now.head(1), "contributions.csv", "contribution_pp")
    basis = Basis(str(month), facts.as_of, rows_behind(rows, "ytd_yoy_pct") + saved)
    what = _MEANT["sector_drag"]
    return basis.finding("sector_drag", value, what, words, "partial" if is_partial else "ok")


def _structure(facts: Series, measured: pd.DataFrame) -> Finding | None:
    """Return construction and equipment at the last month that has both."""
    pair = ("construction_installation", "equipment_purchase")
    growth = measured[measured["indicator"].isin(pair)].dropna(subset=["ytd_yoy_pct"])
    wide = growth.pivot(index="period", columns="indicator", values="ytd_yoy_pct").dropna()
    if set(wide.columns) != set(pair) or wide.empty:
        return None
    month, last = wide.index[-1], wide.iloc[-1]
    gap = float(last[pair[1]] - last[pair[0]])
    told = [
        joined([indicator_named(one).label, percent_phrase(last[one])], "", " ") for one in pair
    ]
    window = both(window_name, str(month))
    words = joined([window, joined(told, "，", ", ")], "，", ": ")
    rows = growth[growth["period"] == month]
    return _basis(facts, month, rows).finding("structure", gap, _MEANT["structure"], words)


def _basis(facts: Series, month: pd.Period, rows: pd.DataFrame) -> Basis:
    return Basis(str(month), facts.as_of, rows_behind(rows, "ytd_yoy_pct"))
