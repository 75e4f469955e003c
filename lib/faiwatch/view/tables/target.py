"""Tables for readers of the target page; see :mod:`faiwatch.view.tables`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import NOT_AVAILABLE, Language, Text, block_name, half_up, percent
from faiwatch.data.measures import Measure, measures_of
from faiwatch.forecast.target.tables import TargetStudy
from faiwatch.forecast.target.words import NOT_FOR_REPORTING, SCENARIOS
from faiwatch.view.tables import NO_NOTE, Table, in_words

_ATTAINABLE = {
    True: Text("有过", "seen"),
    False: Text("没有过", "not seen"),
    None: Text("无可比", "no figure"),
}
_MET = {True: Text("达到", "reached"), False: Text("达不到", "missed")}


def turning_table(study: TargetStudy, *, lang: Language) -> Table:
    """Return what it takes for growth to be zero by each month left, and how likely that is."""
    opened = study.months[study.months["is_open"]]
    bests = zip(opened["best_growth_pct"], opened["best_year"], strict=True)
    frame = opened.assign(
        period=[block_name(str(period), lang, year=False) for period in opened["period"]],
        best=[
            f"{percent(best, lang)} ({int(year)})" if year else percent(best, lang)
            for best, year in bests
        ],
        attainable=[_ATTAINABLE[one].in_language(lang) for one in opened["is_within_best"]],
    )
    most, compared = int(opened["n_years_compared"].max()) if len(opened) else 0, NO_NOTE
    if most:
        first = int(opened.loc[opened["n_years_compared"].eq(most), "first_year"].iloc[0])
        compared = say("view.tables_target.past_years", first=first, years=most)
    columns = (
        measures_of(period="until_month", required_turn_100m="between_100m")
        | measures_of(required_turn_per_month_100m="monthly_100m")
        | measures_of(required_turn_growth_pct="until_growth_pct")
        | measures_of("best", "attainable", "chance_non_negative", "chance_turned")
    )
    return _where_known(
        frame,
        Text("逐月转正测算（工作量，不是上报数）", "Turning positive month by month (workload)"),
        columns,
        lang,
        say("view.tables_target.turning", purpose=NOT_FOR_REPORTING, compared=compared),
    )


def _where_known(
    frame: pd.DataFrame, title: Text, columns: Mapping[str, Measure], lang: Language, note: Text
) -> Table:
    """Return a table of the columns that hold something; one without any figure is left out."""
    there = Table(frame, title, {name: columns[name] for name in columns if name in frame}, lang)
    nothing = {NOT_AVAILABLE[lang], _ATTAINABLE[None].in_language(lang)}
    lacking = there.words.isin(nothing).all() & (not frame.empty)
    shown = {name: one for name, one in there.columns.items() if not lacking[name]}
    return replace(there, columns=shown, note=note)


def ladder_table(study: TargetStudy, *, lang: Language) -> Table:
    """Return how likely other targets are, and what each requires; the page's is marked."""
    found = study.ladder
    mark = Text("（本页目标）", " (this page's)").in_language(lang)
    rungs = zip(found["target_growth_pct"], found["is_target"], strict=True)
    frame = found.assign(
        target=[
            percent(growth, lang, 1 if half_up(growth, 2) == half_up(growth, 1) else 2)
            + (mark if is_target else "")
            for growth, is_target in rungs
        ]
    )
    return _where_known(
        frame,
        Text("全年增速不低于多少，概率多大", "How likely growth of the year is at least"),
        measures_of(target="target_growth")
        | measures_of("chance", "required_growth_pct", "required_100m"),
        lang,
        say("view.tables_target.chances"),
    )


def scenarios_table(study: TargetStudy, *, lang: Language) -> Table:
    """Return what scenarios of the rest of the year lead to."""
    found = study.scenarios
    return _where_known(
        found.assign(
            scenario=in_words(found["scenario"], SCENARIOS, lang),
            is_met=[_MET[bool(one)].in_language(lang) for one in found["is_met"]],
        ),
        Text("情景测算", "Scenarios"),
        measures_of("scenario", scenario_rest_yoy_pct="scenario_rest_pct")
        | measures_of(scenario_ytd_yoy_pct="scenario_ytd_pct")
        | measures_of("scenario_value_100m", "is_met"),
        lang,
        say("view.tables_target.scenarios", purpose=NOT_FOR_REPORTING),
    )
