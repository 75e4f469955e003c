"""Findings of the published series: level, growth, its change, runs, averages, and the parts.

Method: ``docs/methods/briefing.md`` and ``docs/methods/contributions.md``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from faiwatch.briefing.definitions import ESTATE, PARTS
from faiwatch.briefing.filling import Material
from faiwatch.core.finding import Absence, Finding
from faiwatch.core.phrases import (
    amount,
    at_least,
    average_phrase,
    change_phrase,
    contribution_phrase,
    growth_phrase,
    joined,
    no_spell_phrase,
    number_phrase,
    say,
    spell_phrase,
)
from faiwatch.core.provenance import rows_behind
from faiwatch.core.text import NOT_HELD, OPEN, Text, band, both, number
from faiwatch.data.parameter_types import NONE
from faiwatch.data.reference import absence, scope_breaks
from faiwatch.page.known import TOTAL
from faiwatch.stats.contributions import EXCLUDING_REAL_ESTATE, contributions
from faiwatch.stats.cumulative import month_before
from faiwatch.stats.growth import average_growth, measures
from faiwatch.stats.negative import DEFINITIONS, current_spell, flags, runs
from faiwatch.view.tables import part_name

VALUE = Text("累计投资额", "the year-to-date value")
GROWTH = Text("累计增速", "year-to-date growth")
YEARS_AVERAGED = 5
_RUN = ("negative_run_length", "negative_run_releases")


def series_findings(material: Material) -> Iterator[Finding]:
    """Yield the findings of the published total."""
    measured, month = material.measured, material.month
    now, before = (row_at(measured, one) for one in (month, month_before(month)))
    value, growth = _known(now, "ytd_value_100m"), _known(before, "ytd_yoy_pct")
    if math.isnan(value):
        yield material.lacking("ytd_value", not_published(material, VALUE, month))
    else:
        inputs = rows_behind(now, "ytd_value_100m")
        yield material.finding("ytd_value", value, inputs, words=amount(value))
    yield _growth(measured, material)
    if math.isnan(growth):  # what tells whether the sign has turned
        yield material.lacking("ytd_before", not_published(material, GROWTH, month_before(month)))
    else:
        yield material.finding("ytd_before", growth, rows_behind(before, "ytd_yoy_pct"))
    yield _change(measured, material)
    growth = _known(now, "block_yoy_pct")
    if math.isnan(growth):
        yield material.lacking("block_yoy", say("briefing.series.block_unknown"))
    else:
        used = measured[measured["period"].isin([month - 1, month] if month.month > 2 else [month])]
        inputs = rows_behind(used, "ytd_yoy_pct")
        inputs += rows_behind(used, "ytd_value_100m") if month.month > 2 else ()
        lo, hi = _known(now, "block_yoy_lo_pct"), _known(now, "block_yoy_hi_pct")
        phrase, span = growth_phrase(growth), both(band, lo, hi)
        told = material.finding("block_yoy", growth, inputs, phrase=phrase, band=span)
        yield told.model_copy(update={"state": "indeterminate"}) if lo < 0 <= hi else told
    yield from _run(measured, material)
    yield from _average(measured, material)


def row_at(measured: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """Return the row of one month, or none."""
    return measured[measured["period"] == month]


def _known(rows: pd.DataFrame, column: str) -> float:
    return math.nan if rows.empty else float(rows[column].iloc[0])


def not_published(material: Material, what: Text, month: pd.Period) -> Absence:
    """Say that a figure of a month is not there: not held, unless it is known to be unpublished."""
    region, name = material.page.region, str(month)
    figure = "ytd_value_100m" if what == VALUE else "ytd_yoy_pct"
    why = absence(region.code, TOTAL, figure, name)
    told = say(
        "briefing.series.missing_of", region=region.name, name=name, what=what, why=why.words
    )
    return Absence(why.state, told)


def _growth(measured: pd.DataFrame, material: Material) -> Finding:
    """Return growth; the note keeps level and change apart, which 「增速同比下降」 mixes up."""
    month = material.month
    now, before = row_at(measured, month), row_at(measured, month - 12)
    growth, then = _known(now, "ytd_yoy_pct"), _known(before, "ytd_yoy_pct")
    if math.isnan(growth):
        return material.lacking("ytd_yoy", not_published(material, GROWTH, month))
    phrase, inputs = growth_phrase(growth), rows_behind(now, "ytd_yoy_pct")
    if math.isnan(then):
        return material.finding("ytd_yoy", growth, inputs, phrase=phrase)
    moved = number(abs(growth - then), "zh")
    side = Text("回落", "slower") if growth < then else Text("提高", "faster")
    note = say("briefing.series.two_readings", phrase=phrase, then=then, side=side, moved=moved)
    inputs += rows_behind(before, "ytd_yoy_pct")
    return material.finding("ytd_yoy", growth, inputs, note=note, phrase=phrase)


def _change(measured: pd.DataFrame, material: Material) -> Finding:
    month = material.month
    both = measured[measured["period"].isin([month - 1, month])]
    growth, before = (_known(row_at(both, one), "ytd_yoy_pct") for one in (month, month - 1))
    if month.month == 2:
        first = Text("1—2月是当年首次发布", "January–February is the year's first release")
        return material.lacking("ytd_change", first)
    if math.isnan(growth) or math.isnan(before):
        absent = month if math.isnan(growth) else month - 1
        return material.lacking("ytd_change", not_published(material, GROWTH, absent))
    phrase = change_phrase(growth, before, str(month - 1))
    inputs = rows_behind(both, "ytd_yoy_pct")
    return material.finding("ytd_change", growth - before, inputs, phrase=phrase)


def _run(measured: pd.DataFrame, material: Material) -> Iterator[Finding]:
    """Yield months and releases of the run; the note tells both conventions."""
    month, definition = material.month, material.parameters.definition
    now = row_at(measured, month)
    if math.isnan(_known(now, f"{definition}_yoy_pct")):
        missing = not_published(material, GROWTH, month)
        yield from (material.lacking(id, missing) for id in _RUN)
        return
    flagged = flags(measured, as_of=str(month))
    across = material.parameters.run_across_years
    found = runs(flagged, across_years=across, breaks=scope_breaks())
    told = [
        _run_words(current_spell(found, name), name)
        if not math.isnan(_known(now, f"{name}_yoy_pct"))
        else say("briefing.series.spell_open", definitions=DEFINITIONS[name], open=OPEN)
        for name in ("ytd", "block")
    ]
    note = say("briefing.series.spell_both_ways", told=joined(told))
    run = current_spell(found, definition)
    first = month if run is None else run["start"]
    published = measured.loc[measured["ytd_yoy_pct"].notna(), "period"]
    start = published[published < first].max()  # the release that the run began after
    window = measured[measured["period"] <= month]
    window = window[window["period"] >= (first if pd.isna(start) else start)]
    inputs = rows_behind(window, "ytd_yoy_pct")
    if definition != "ytd":
        inputs += rows_behind(window, "ytd_value_100m")
    phrase = _run_words(run, definition)
    for id, counted in zip(_RUN, ("n_months", "n_releases"), strict=True):
        value = 0 if run is None else int(run[counted])
        words = number_phrase(value, 0)
        if run is not None:
            least = at_least(run)
            words = Text(least.zh + words.zh, least.en + words.en)
        yield material.finding(id, value, inputs, words=words, note=note, phrase=phrase)


def _run_words(run: pd.Series | None, definition: str) -> Text:
    label = DEFINITIONS[definition]
    return no_spell_phrase(label) if run is None else spell_phrase(run, label)


def _average(measured: pd.DataFrame, material: Material) -> Iterator[Finding]:
    """Yield the years averaged and their growth; the note has both ways to count the years."""
    asked, month = material.parameters, material.month
    last = month.year - (month.month < 12) if asked.avg_to == NONE else int(asked.avg_to)
    first = last - YEARS_AVERAGED + 1 if asked.avg_from == NONE else int(asked.avg_from)
    yield material.finding("avg_from", first)
    yield material.finding("avg_to", last)
    december = measured[measured["period"].dt.month == 12]
    chosen = december[december["period"].dt.year.between(first, last)]
    published = set(chosen.loc[chosen["ytd_yoy_pct"].notna(), "period"].dt.year)
    absent = [str(year) for year in range(first, last + 1) if year not in published]
    if first > last:
        turned = Text("首年 avg_from 晚于末年 avg_to", "avg_from is after avg_to")
        yield material.lacking("avg_annual_growth", turned)
    elif absent:
        missing = say(
            "briefing.series.growth_not_held",
            absent=Text("、".join(absent), ", ".join(absent)),
            said=NOT_HELD,
        )
        yield material.lacking("avg_annual_growth", Absence("not_held", missing))
    else:
        growth = chosen["ytd_yoy_pct"].to_numpy(dtype=np.float64)
        roles = (Text("首个增长年", "the first year of growth"), Text("基年", "the base"))
        said = joined(
            say(
                "briefing.series.average_from",
                first=first,
                role=role,
                n=len(growth) - skipped,
                average=float(average_growth(growth[skipped:])),
            )
            for skipped, role in enumerate(roles[: len(growth)])
        )
        note = say("briefing.series.average_growth", said=said, first=first, last=last)
        value, inputs = float(average_growth(growth)), rows_behind(chosen, "ytd_yoy_pct")
        phrase = average_phrase(value)
        yield material.finding("avg_annual_growth", value, inputs, note=note, phrase=phrase)


def part_findings(material: Material) -> Iterator[Finding]:
    """Yield growth of every part, ``<part>_yoy``, and what it adds to the whole, ``<part>_pp``."""
    page = material.page
    figures = page.figures[page.figures["region_code"] == page.region.code]
    measured = measures(figures.reset_index(drop=True), breaks=scope_breaks())
    rows = measured[measured["period"] == material.month]
    told: dict[str, pd.Series] = {}
    if (rows["indicator"] == TOTAL).any():
        table = contributions(measured)
        now = table[table["period"] == material.month]
        told = {str(row["indicator"]): row for _, row in now.iterrows()}
    for name in PARTS:
        yield from _part(name, told.get(name), rows, material)


def _part(
    name: str, told: pd.Series | None, rows: pd.DataFrame, material: Material
) -> tuple[Finding, Finding]:
    """Return growth and contribution of a part; without the total only its growth is known."""
    growth, points, label = f"{name}_yoy", f"{name}_pp", part_name(name)
    is_rest, is_assumed = name == EXCLUDING_REAL_ESTATE, True
    own = rows[(rows["indicator"] == name) & rows["ytd_yoy_pct"].notna()]
    inputs = rows_behind(own, "ytd_yoy_pct")
    if told is None:
        if own.empty:
            what = say("briefing.series.growth_of", label=label)
            missing = not_published(material, what, material.month)
            return material.lacking(growth, missing), material.lacking(points, missing)
        value = float(own["ytd_yoy_pct"].iloc[0])
        words = say("briefing.series.growth_total", said=NOT_HELD)
    else:
        is_assumed = told["basis"] != "same_release"
        value = float(told["yoy_pct"])
        words = say("briefing.series.value_open", said=NOT_HELD, label=label)
    unknown = Absence("not_held", words)
    if is_assumed and is_rest:  # its growth follows from the share
        return material.lacking(growth, unknown), material.lacking(points, unknown)
    used = rows[rows["indicator"].isin([TOTAL, ESTATE if is_rest else name])]
    figures = rows_behind(used, "ytd_yoy_pct") + rows_behind(used, "ytd_value_100m")
    grown = material.finding(growth, value, inputs or figures, phrase=growth_phrase(value))
    if told is None or is_assumed:
        return grown, material.lacking(points, unknown)
    added = float(told["contribution_pp"])
    return grown, material.finding(points, added, figures, phrase=contribution_phrase(added))
