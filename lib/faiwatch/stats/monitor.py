"""The findings of one series: the verdict sentence and the key numbers behind it.

Method pages: ``docs/methods/measures.md``, ``flags-and-runs.md`` and ``phrases.md``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from faiwatch.core.finding import Absence, Finding, InputRow, State, Tone
from faiwatch.core.phrases import (
    change_phrase,
    growth_phrase,
    joined,
    no_spell_phrase,
    number_phrase,
    percent_phrase,
    points_phrase,
    say,
    spell_counts_phrase,
    spell_phrase,
    with_stop,
)
from faiwatch.core.provenance import Basis, What, rows_behind
from faiwatch.core.text import Text, band, both, window_name
from faiwatch.data.calendars import Calendar
from faiwatch.data.definitions import about, definitions_of
from faiwatch.data.frames import inputs_of
from faiwatch.data.reference import LEVELS, absence, indicator_named
from faiwatch.stats.negative import DEFINITIONS, current_spell

# Of each state of a release: the tone of a verdict on it, and the state of a finding about it.
_TOLD: dict[str, tuple[Tone, State]] = {
    "negative": ("negative", "ok"),
    "non_negative": ("positive", "ok"),
    "indeterminate": ("indeterminate", "indeterminate"),
    "missing": ("missing", "missing"),
}
_MEANT, _OF_MONTHS = definitions_of("monitor"), definitions_of("monthly")


@dataclass(frozen=True)
class Series:
    """One region's indicator with everything that was computed of it.

    Attributes
    ----------
    name : Text
        Region and indicator as readers see them, 「全国固定资产投资」.
    measured, flagged, runs : DataFrame
        Measures, flags and runs of this series alone.
    as_of : str
        Month up to which figures were used, ``YYYY-MM``.
    """

    name: Text
    measured: pd.DataFrame
    flagged: pd.DataFrame
    runs: pd.DataFrame
    as_of: str

    @cached_property
    def latest(self) -> pd.Series:
        """The last release with published growth."""
        return self.measured[self.measured["ytd_yoy_pct"].notna()].iloc[-1]

    @cached_property
    def before(self) -> pd.Series | None:
        """The release before the latest one, of the same year if it is cumulative, or None."""
        latest, calendar = self.latest["period"], self.calendar
        rows = self.measured[self.measured["period"] == latest - 1]
        known = rows[rows["ytd_yoy_pct"].notna()]
        starts_anew = calendar.is_cumulative and latest.month == calendar.first_month
        return None if known.empty or starts_anew else known.iloc[0]

    @property
    def calendar(self) -> Calendar:
        """When it is released, and what a release covers."""
        return indicator_named(str(self.measured["indicator"].iloc[0])).calendar

    @property
    def is_of_levels(self) -> bool:
        """Whether the latest growth was computed from comparable levels."""
        return bool(self.latest.get("growth_route") == LEVELS)

    @property
    def definitions(self) -> tuple[str, ...]:
        """Which definitions tell something of it, first that of what is published."""
        return tuple(DEFINITIONS)[0 if self.calendar.is_cumulative else 1 :]

    def asked(self, definition: str) -> str:
        """Return the definition that answers for one asked for: of a month there is no ``ytd``."""
        return definition if definition in self.definitions else self.definitions[0]

    def meant(self, id: str) -> What:
        """Return what a finding is, which of a monthly series is told otherwise."""
        if self.calendar.is_cumulative:
            return _MEANT[id]
        name = "computed" if id == "block" and self.is_of_levels else id
        return _OF_MONTHS[name] if name in _OF_MONTHS else _MEANT[name]

    def state(self, definition: str) -> str:
        """Return the state of the latest release by one definition."""
        return self._states[definition]

    @cached_property
    def _states(self) -> dict[str, str]:
        rows = self.flagged[self.flagged["period"] == self.latest["period"]]
        return dict(zip(rows["definition"].astype("str"), rows["state"].astype("str"), strict=True))


def series_of(
    tables: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    *,
    region_code: str,
    indicator: str,
    name: Text,
    as_of: str,
) -> Series:
    """Pick one series out of measures, flags and runs."""
    picked = (
        table[(table["region_code"] == region_code) & (table["indicator"] == indicator)]
        for table in tables
    )
    measured, flagged, found = (table.reset_index(drop=True) for table in picked)
    return Series(name, measured, flagged, found, as_of)


def monitor_findings(series: Series, *, definition: str) -> dict[str, Finding]:
    """Return the verdict and key numbers of one series by name.

    Parameters
    ----------
    series : Series
        One region's indicator.
    definition : {"ytd", "block", "rolling3"}
        Which definition the verdict speaks of; the others are told as details.

    Returns
    -------
    dict of str to Finding
        ``verdict``, ``detail_<definition>`` for the two other definitions, ``ytd_yoy``,
        ``ytd_change`` (where the year has a release before), ``block_yoy``, ``rolling3_yoy``,
        ``run_ytd``, ``run_block``, ``ytd_value``, ``base_revision``. Of a monthly series there is
        no year to date and no revised base: ``block_yoy``, ``block_change``, ``rolling3_yoy``,
        ``run_block`` and ``block_value`` tell of its months.
    """
    definition, leads = series.asked(definition), series.definitions[0]
    said = {name: _sentence(series, name) for name in series.definitions}
    ids = {definition: "verdict"} | {one: f"detail_{one}" for one in said if one != definition}
    found = {id: said[name].model_copy(update={"id": id}) for name, id in ids.items()}
    found |= {f"{name}_yoy": _growth_number(series, name, said[name]) for name in said}
    if series.before is not None:
        change = float(series.latest["ytd_yoy_pct"]) - float(series.before["ytd_yoy_pct"])
        both = rows_behind(_rows(series, 0, 1), "ytd_yoy_pct")
        id = f"{leads}_change"
        found[id] = _basis(series, both).finding(
            id, change, series.meant(id), points_phrase(change, signed=True)
        )
    found |= {f"run_{name}": _run_number(series, name) for name in said if name != "rolling3"}
    value, revision = series.latest[["ytd_value_100m", "base_revision_pct"]].astype(float)
    absent = [_level_at(series, months) for months in (0, 12)]
    words = number_phrase(value, 0 if value % 1 == 0 else 1)
    inputs = rows_behind(_rows(series, 0), "ytd_value_100m")
    levels = [(f"{leads}_value", value, words, inputs, absent[0])]
    if series.calendar.is_cumulative:
        inputs = rows_behind(_rows(series, 0), "ytd_yoy_pct")
        inputs += rows_behind(_rows(series, 0, 12), "ytd_value_100m")
        known = next((one for one in absent if one.state == "missing"), absent[0])
        levels.append(("base_revision", revision, percent_phrase(revision), inputs, known))
    for id, number, words, inputs, why in levels:
        basis, what = _basis(series, inputs), series.meant(id)
        if math.isnan(number):
            found[id] = basis.absent(id, what, why)
        else:
            found[id] = basis.finding(id, number, what, words)
    return found


def verdict_tone(series: Series, *, definition: str) -> Tone:
    """Return the tone of the verdict: the state of the latest release."""
    return _TOLD[series.state(series.asked(definition))][0]


def _sentence(series: Series, definition: str) -> Finding:
    """Return the sentence of a definition; whoever shows it names it."""
    latest = series.latest
    month = str(latest["period"])
    growth = float(latest[f"{definition}_yoy_pct"])
    if math.isnan(growth):
        opening, why = _opening(series, definition, month), _no_level(series)
        nothing = _basis(series, ()).absent(definition, series.meant(definition), why)
        words = say(
            "stats.monitor.cannot_be_worked_out", opening=opening, absent=nothing, why=why.words
        )
        return nothing.model_copy(update={"zh": words.zh, "en": words.en})
    run = current_spell(series.runs, definition)
    told = [joined([_opening(series, definition, month), growth_phrase(growth)], "", " ")]
    before = series.before
    if not _is_published(series, definition):
        span = _band(latest, definition)
        ranged = say("stats.monitor.rounding_range", span=span)
        told.append(say("stats.monitor.range", span=span) if _is_borrowed(latest) else ranged)
    elif definition == series.definitions[0] and before is not None:
        was, then = float(before["ytd_yoy_pct"]), str(before["period"])
        told.append(change_phrase(growth, was, then, series.calendar.window))
    if run is not None:
        told.append(spell_phrase(run, DEFINITIONS[definition]))
    elif series.state(definition) == "indeterminate":
        told.append(
            Text("舍入误差跨零，不判为负增长", "the band spans zero, so it is not called negative")
        )
    else:
        told.append(no_spell_phrase(DEFINITIONS[definition]))
    words = with_stop(joined(told, "，"))
    _, state = _TOLD[series.state(definition)]
    basis = _basis(series, _inputs(series, definition, run))
    what = series.meant(definition)
    if definition == "block" != series.definitions[0] and _is_published(series, definition):
        what = What(what.label, what.unit, _MEANT["ytd"].formula)
    return basis.finding(definition, growth, what, words, state)


def _no_level(series: Series) -> Absence:
    """Return why nothing can be implied: levels are not published, or the data lack some."""
    why = _level_at(series, 0)
    if why.state == "missing":
        return why
    level = indicator_named(str(series.latest["indicator"])).level.zh
    words = say("stats.monitor.inputs_not_held", level=level)
    if not series.measured["ytd_value_100m"].notna().any():
        words = say("stats.monitor.growth_alone", level=level)
    return replace(why, words=words)


def _opening(series: Series, definition: str, month: str) -> Text:
    calendar = series.calendar
    if definition == series.definitions[0]:
        return joined([both(calendar.window, month), series.name], "，", ": ")
    if not calendar.is_cumulative:
        return Text("最近三个月合计", "The last three months together")
    how = Text("由累计数推算", "implied by the cumulative figures")
    if _is_borrowed(series.latest):
        how = Text("按所借基数结构推算，属假定", "implied with a borrowed base: an assumption")
    if definition == "block":
        if _is_published(series, definition):
            return both(window_name, month)
        return say("stats.monitor.single_month", month=month, how=how)
    en = how.en if _is_borrowed(series.latest) else "implied"
    return say("stats.monitor.last_three_releases", how=how, said=en)


def _is_borrowed(latest: pd.Series) -> bool:
    """Whether growth is implied without levels, by the base of somebody else."""
    return bool(math.isnan(latest["ytd_value_100m"]) and not math.isnan(latest["rolling3_yoy_pct"]))


def _is_published(series: Series, definition: str) -> bool:
    """Whether a growth is published: year to date, or the block of January and February."""
    is_first = series.latest["period"].month == series.calendar.first_month
    return definition == series.definitions[0] or (definition == "block" and is_first)


def _inputs(series: Series, definition: str, run: pd.Series | None) -> tuple[InputRow, ...]:
    """Return the rows behind a sentence: the latest figures, those of the run, what ended it."""
    latest, month_before = series.latest["period"], series.calendar.before
    first = latest if run is None else run["start"]
    flagged = series.flagged[series.flagged["definition"] == definition]
    before = flagged.loc[flagged["period"] == month_before(first), "state"]
    # what shows that the run is no longer, unless a break or the New Year ended it there
    if run is not None and not (before == "negative").any():
        first = month_before(first)
    leads = definition == series.definitions[0]
    for _ in range((0 if leads else _RELEASES_NEEDED[definition]) + (run is None)):
        first = month_before(first)
    is_used = series.measured["period"].between(first, latest)
    if series.is_of_levels:  # growth is that of levels, now and a year ago
        is_used |= series.measured["period"].between(first - 12, latest - 12)
        return rows_behind(series.measured[is_used], "ytd_value_100m")
    window = series.measured[is_used]
    growth = rows_behind(window, "ytd_yoy_pct")
    return growth if leads else growth + rows_behind(window, "ytd_value_100m")


# A block needs the release before it, three blocks the one before the first of them.
_RELEASES_NEEDED = {"ytd": 0, "block": 1, "rolling3": 3}


def _growth_number(series: Series, definition: str, sentence: Finding) -> Finding:
    latest, value = series.latest, sentence.number
    words = percent_phrase(value)
    if sentence.value is None:
        words = _basis(series, ()).absent("", series.meant(definition), _no_level(series)).text
    elif not _is_published(series, definition):
        words = joined([words, _band(latest, definition)], " ", " ")
    return sentence.model_copy(update={"id": f"{definition}_yoy", "zh": words.zh, "en": words.en})


def _band(latest: pd.Series, definition: str) -> Text:
    return both(band, *(latest[f"{definition}_yoy_{end}_pct"] for end in ("lo", "hi")))


def _run_number(series: Series, definition: str) -> Finding:
    run = current_spell(series.runs, definition)
    id, what = f"run_{definition}", about(_MEANT["run"], DEFINITIONS[definition])
    _, state = _TOLD[series.state(definition)]
    basis = _basis(series, _inputs(series, definition, run))
    if state == "missing":
        return basis.absent(id, what, _no_level(series))
    if run is None:
        return basis.finding(id, 0, what, Text("无", "none"), state)
    return basis.finding(id, int(run["n_releases"]), what, spell_counts_phrase(run), state)


def _level_at(series: Series, months_ago: int) -> Absence:
    """Return why the level of the latest release, or of an earlier one, is not there."""
    latest = series.latest
    key = (str(latest["region_code"]), str(latest["indicator"]))
    return absence(*key, "ytd_value_100m", str(latest["period"] - months_ago))


def _basis(series: Series, inputs: tuple[InputRow, ...]) -> Basis:
    return Basis(str(series.latest["period"]), series.as_of, inputs_of(inputs, series.calendar))


def _rows(series: Series, *months_ago: int) -> pd.DataFrame:
    """Return the rows of the latest release and of so many months before it."""
    wanted = [series.latest["period"] - months for months in months_ago]
    return series.measured[series.measured["period"].isin(wanted)]
