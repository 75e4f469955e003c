"""The chart of page 07 on which a reader compares two to five regions or indicators."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from faiwatch.core.text import Language, Text, half_up, percent, window_name
from faiwatch.data.regions import region_named
from faiwatch.page.known import TOTAL
from faiwatch.page.panel import Panel
from faiwatch.page.shown import Block, Section
from faiwatch.view import html as blocks
from faiwatch.view.charts import explore
from faiwatch.view.charts.marks import recent
from faiwatch.view.charts.words import state_words
from faiwatch.view.html.compare import Told
from faiwatch.view.tables import part_name

_MONTHS = 96  # of a series that may be compared
_ENDS = 2  # at first the page's region, the lowest and the highest


def comparison(panel: Panel) -> Section:
    """Return the controls and the chart, which begins with the extremes.

    Parameters
    ----------
    panel : Panel
        The region of the page first, then those compared; every indicator. Of the others only the
        total may be chosen.
    """
    own = panel.regions[0]
    flagged = panel.flagged[panel.flagged["definition"] == "ytd"]
    is_offered = flagged["region_code"].eq(own) | flagged["indicator"].eq(TOTAL)
    known = flagged["value_pct"].notna().groupby([flagged["region_code"], flagged["indicator"]])
    offered = flagged[is_offered & known.transform("any")]
    codes = zip(offered["region_code"], offered["indicator"], strict=True)
    offered = offered.assign(key=[code if one == TOTAL else f"{code}.{one}" for code, one in codes])
    groups = {str(key): rows for key, rows in offered.groupby("key", sort=False)}
    order = [key for code in panel.regions for key in groups if key.partition(".")[0] == code]
    order.sort(key=lambda key: "." in key)  # totals of regions, then indicators
    series = {key: _told(groups[key], panel.lang) for key in order}
    totals = {
        key: rows.dropna(subset="value_pct") for key, rows in groups.items() if "." not in key
    }
    latest = {key: rows.sort_values("period")["value_pct"].iloc[-1] for key, rows in totals.items()}
    others = sorted((key for key in latest if key != own), key=latest.__getitem__)
    first = [key for key in (own,) if key in latest]
    extremes = [*others[:_ENDS], *others[_ENDS:][-_ENDS:]]
    chosen = [*first, *extremes] or list(groups)[: explore.MOST_SERIES]
    picked = pd.concat([groups[key].assign(which=series[key][0]) for key in chosen])
    chart = explore.compared(picked, subject=panel.plot.subject, months=_MONTHS)
    form = blocks.compare(series, figure=f"fig-{chart.id}", chosen=chosen, lang=panel.lang)
    return Section([Block(form, ""), chart])


def _told(rows: pd.DataFrame, lang: Language) -> tuple[str, str, Sequence[Told]]:
    """Return what a series is called, its newest figure in words, and its releases."""
    code, indicator = rows[["region_code", "indicator"]].iloc[0]
    name = region_named(code).name.in_language(lang)
    if indicator != TOTAL:
        name += Text("：", ": ").in_language(lang) + part_name(indicator).in_language(lang)
    shown = recent(rows, _MONTHS)
    told: list[Told] = [
        (
            f"{month}-01",
            window_name(str(month), lang),
            None if pd.isna(value) else float(half_up(value, 1)),
            state,
        )
        for month, value, state in zip(
            shown["period"], shown["value_pct"], state_words(shown["state"], lang), strict=True
        )
    ]
    known = [one for one in told if one[2] is not None]
    if not known:
        return name, name, told
    brackets = Text(f"（{known[-1][1]}）", f" ({known[-1][1]})").in_language(lang)
    return name, f"{name} {percent(known[-1][2] or 0.0, lang)}{brackets}", told
