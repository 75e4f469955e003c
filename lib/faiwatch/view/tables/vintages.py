"""Tables for readers about vintages: what changed, the revision triangle and its statistics."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from faiwatch.core.phrases import say, texts_of
from faiwatch.core.text import YES_NO, Language, Text, month_name, percent
from faiwatch.data.measures import measure, measures_of
from faiwatch.stats.negative import DEFINITIONS, STATES
from faiwatch.stats.revisions import FIGURES, STEPS, Changes
from faiwatch.stats.vintages import SIGNIFICANCE_LEVEL
from faiwatch.view.tables import NO_NOTE, Table, in_words, indicators_in, spells_in

_UNPUBLISHED = Text("未收录", "not held")


def figure_changes_table(changes: Changes, *, lang: Language, most: int = 40) -> Table:
    """Return the figures that are new or revised, revisions first, then the newest months."""
    found = changes.figures.sort_values(
        ["kind", "period"], ascending=[False, False], kind="stable"
    ).head(most)
    not_held = _UNPUBLISHED.in_language(lang)
    return Table(
        found.assign(
            kind=in_words(found["kind"], texts_of("view.words_figure_changes"), lang),
            indicator=indicators_in(found, lang),
            figure=in_words(found["figure"], FIGURES, lang),
            then=_known_or(found["then"], not_held),
            now=_known_or(found["now"], not_held),
            change=_known_or(found["change"], ""),
            issued=pd.to_datetime(found["issued"]),
        ),
        Text("新公布与修订的数", "New and revised figures"),
        measures_of("kind", "indicator", "period", "figure", "then", "now", "change", "issued"),
        lang,
        say("view.tables_vintages.at_most", total=len(changes.figures), most=most),
    )


def flag_changes_table(changes: Changes, *, lang: Language) -> Table:
    """Return the negative flags that a revision added or withdrew."""
    found = changes.flags
    return Table(
        found.assign(
            kind=in_words(found["kind"], texts_of("view.words_figure_changes"), lang),
            indicator=indicators_in(found, lang),
            definition=in_words(found["definition"], DEFINITIONS, lang),
            then=_judgements(found, "then", lang),
            now=_judgements(found, "now", lang),
        ),
        Text("因修订新增或撤回的负增长标记", "Negative flags that a revision added or withdrew"),
        measures_of("kind", "indicator", "period", "definition", "then", "now"),
        lang,
        Text("当时尚未公布的月份不列。", "Months that were not published then are not listed."),
    )


def verdict_steps_table(changes: Changes, *, indicator: str, lang: Language) -> Table:
    """Return how the verdict on one indicator came about: as it was, revised, with the news.

    A definition by which there is no verdict at any step is left out.
    """
    steps = changes.verdict[changes.verdict["indicator"] == indicator]
    steps = steps[steps["state"].ne("missing").groupby(steps["definition"]).transform("any")]
    none = Text("无", "none").in_language(lang)
    return Table(
        steps.assign(
            definition=in_words(steps["definition"], DEFINITIONS, lang),
            step=in_words(steps["step"], STEPS, lang),
            period=[
                none if pd.isna(one) else month_name(str(one), lang) for one in steps["period"]
            ],
            state=in_words(steps["state"], STATES, lang),
            **spells_in(steps, lang),
        ),
        Text("结论如何变化", "What became of the verdict"),
        measures_of("definition", "step", "period", value_pct="growth_pct")
        | measures_of("state", run="run_length", since="since"),
        lang,
        say("view.tables_vintages.two_steps"),
    )


def triangle_table(
    triangle: pd.DataFrame, *, lang: Language, months: int = 12, releases: int = 8
) -> Table:
    """Return the revision triangle of one series: months down, issue dates across.

    Months that were published once only have nothing to show and are left out.
    """
    triangle = triangle[triangle.groupby("period")["release"].transform("max") > 1]
    days = sorted(triangle["issued"].unique())[-releases:]
    shown = triangle[triangle["issued"].isin(days)]
    wide = shown.pivot(index="period", columns="issued", values="value").sort_index()
    wide.columns = [f"{day:%Y-%m-%d}" for day in wide.columns]
    wide = wide.tail(months).iloc[::-1]
    figure = measure("growth_pct")
    days_across = {
        day: replace(figure, id=day, name=Text(day, day), unit=(), format="0.0")
        for day in map(str, wide.columns)
    }
    return Table(
        wide.reset_index(),
        Text("修订三角", "Revision triangle"),
        measures_of("period") | days_across,
        lang,
        say("view.tables_vintages.columns_are_releases"),
        missing=NO_NOTE,
    )


def statistics_table(statistics: pd.DataFrame, *, lang: Language) -> Table:
    """Return the revision statistics of each series."""
    too_few = Text("待补：次数太少", "not available: too few").in_language(lang)
    tests = zip(statistics["p_value"], statistics["is_significant"], strict=True)
    return Table(
        statistics.assign(
            indicator=indicators_in(statistics, lang),
            is_significant=[
                too_few if pd.isna(p_value) else YES_NO[bool(is_significant)].in_language(lang)
                for p_value, is_significant in tests
            ],
        ),
        Text("修订统计（末次减首次）", "Revision statistics (last less first release)"),
        measures_of("indicator", n_revisions="n_months", mean="mean_revision")
        | measures_of(mean_absolute="mean_absolute_revision")
        | measures_of("p_value", "is_significant"),
        lang,
        say("view.tables_vintages.t_test", level=100 * SIGNIFICANCE_LEVEL),
    )


def _known_or(values: pd.Series, otherwise: str) -> pd.Series:
    return values.astype("object").where(values.notna(), otherwise)


def _judgements(found: pd.DataFrame, when: str, lang: Language) -> list[str]:
    return [
        f"{STATES[state].in_language(lang)} {percent(value, lang)}"
        for state, value in zip(found[f"state_{when}"], found[f"{when}_pct"], strict=True)
    ]
