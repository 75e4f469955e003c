"""What explains a time chart: runs behind it, scope breaks across it, months that are missing."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from faiwatch.core.phrases import spell_counted, spell_counts_phrase
from faiwatch.core.text import Language
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Subject
from faiwatch.view.charts.marks import (
    CROSS,
    HALF_MONTH,
    LOOKS,
    columns,
    month_x,
    records,
    tooltips,
    value_y,
)

_LETTER: Mapping[Language, float] = {"zh": 12, "en": 6.2}  # px: how wide a letter is


def runs_of(runs: pd.DataFrame, series: pd.DataFrame, definition: str) -> pd.DataFrame:
    """Return the runs, by one definition, of the one series in `series`, in order."""
    keys = series[["region_code", "indicator"]].drop_duplicates()
    by_definition = runs[runs["definition"] == definition]
    mine = by_definition.merge(keys, on=["region_code", "indicator"])
    return mine.sort_values("start", ignore_index=True)


def cut_to(runs: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Return the runs inside the months of `series`; one that began earlier is cut there."""
    first = series["period"].min()
    inside: pd.DataFrame = runs[runs["end"] >= first]
    return inside.assign(start=inside["start"].where(inside["start"] >= first, first))


def spell_shading(runs: pd.DataFrame, subject: Subject) -> list[alt.Chart]:
    """Return a band behind each negative spell, with its length at the top.

    Parameters
    ----------
    runs : DataFrame
        ``start``, ``end`` (Period), ``n_releases``, ``n_months``, ``ongoing`` of one series and
        definition, clipped to what the chart shows.
    subject : Subject
        For the language.
    """
    if runs.empty:
        return []
    spans = pd.DataFrame(
        {
            "month": runs["start"].dt.to_timestamp() - HALF_MONTH,
            "until": runs["end"].dt.to_timestamp() + HALF_MONTH,
            "length": [
                spell_counts_phrase(run).in_language(subject.lang) for _, run in runs.iterrows()
            ],
            "whole": [spell_counted(run).in_language(subject.lang) for _, run in runs.iterrows()],
            "short": [
                f"{'≥' if bound else ''}{count}{subject.say('次', '')}"
                for bound, count in zip(runs["is_lower_bound"], runs["n_releases"], strict=True)
            ],
            "ongoing": runs["ongoing"].astype(bool),
        }
    )
    x = month_x(subject.lang)
    layers = [columns(spans, x, color=theme.NEGATIVE_SOFT, opacity=0.7)]
    # the long words of a run that goes on reach back over earlier runs: they have their own line
    for is_ongoing, group in spans.groupby("ongoing"):
        word = alt.Chart(records(group))
        if is_ongoing:
            # on a telephone the length alone
            is_long = f"length(datum.whole) * {_LETTER[subject.lang]} > width"
            text = word.mark_text(
                align="right",
                baseline="middle",
                dx=-4,
                text=alt.ExprRef(f"{is_long} ? datum.length : datum.whole"),
            )
            layers.append(text.encode(x=month_x(subject.lang, "until"), y=alt.Y(value=12)))
        else:
            text = word.mark_text(align="left", baseline="middle", dx=4)
            layers.append(text.encode(x=x, y=alt.Y(value=32), text="short:N"))
    return layers


def spell_words(months: pd.Series, runs: pd.DataFrame, lang: Language) -> list[str]:
    """Return of each month how long the spell is that it is part of; empty outside of any."""
    told = pd.Series("", index=months.index, dtype="str")
    for _, run in runs.iterrows():
        words = f"{spell_counted(run).in_language(lang)} ({run['start']} – {run['end']})"
        told = told.mask(months.between(run["start"], run["end"]), words)
    return list(told)


def month_columns(data: pd.DataFrame, x: alt.X, tips: list[alt.Tooltip]) -> alt.Chart:
    """Return columns that nobody sees: pointing anywhere above a month tells that month's figures.

    Without them a shaded spell would answer for every month in it.

    Parameters
    ----------
    data : DataFrame
        ``month`` (Period) and the fields of `tips`.
    x : altair.X
        The axis of months of the chart.
    tips : list of altair.Tooltip
        What is told.
    """
    middle = data["month"].dt.to_timestamp()
    months = data.assign(month=middle - HALF_MONTH, until=middle + HALF_MONTH)
    return columns(months, x, color=theme.PAPER, opacity=0).encode(tooltip=tips)


def break_lines(
    breaks: pd.DataFrame | None, months: pd.Series, subject: Subject
) -> list[alt.Chart]:
    """Return dashed lines where the scope of the figures changed.

    Parameters
    ----------
    breaks : DataFrame or None
        ``period`` (Period, first month of the new scope), ``label`` (what changed, in the page's
        language; shown when pointed at).
    months : Series
        The months that the chart shows; breaks outside them are left out.
    subject : Subject
        For the language.
    """
    if breaks is None:
        return []
    inside = breaks[breaks["period"].between(months.min(), months.max())]
    if inside.empty:
        return []
    places = pd.DataFrame(
        {
            "month": inside["period"].dt.to_timestamp() - HALF_MONTH,
            "from": inside["period"].astype(str),
            "what": inside["label"].astype(str),
            "words": subject.say("口径变化", "scope changes"),
            "early": inside["period"] < months.min() + (months.max() - months.min()).n // 5,
        }
    )
    x, tips = month_x(subject.lang), tooltips(subject.lang, "from", what="scope_change")
    line = alt.Chart(records(places)).mark_rule(color=theme.MUTED, strokeDash=[4, 4])
    layers = [line.encode(x=x, tooltip=tips)]
    for is_early, group in places.groupby("early"):  # no room on the left of an early line
        text = alt.Chart(records(group)).mark_text(
            align="left" if is_early else "right",
            baseline="bottom",
            dx=5 if is_early else -5,
            dy=-4,
            color=theme.MUTED,
        )
        layers.append(text.encode(x=x, y=alt.Y(value="height"), text="words:N"))
    return layers


def missing_marks(data: pd.DataFrame, x: alt.X, title: str, *, lang: Language) -> list[alt.Chart]:
    """Return a cross on the zero line for each month that is not available."""
    lacking = data.loc[data["value_pct"].isna(), ["month", "window", "state"]].assign(zero=0)
    if lacking.empty:
        return []
    mark = alt.Chart(records(lacking)).mark_point(
        shape=CROSS, size=30, stroke=LOOKS["missing"].stroke, strokeWidth=1.6
    )
    return [mark.encode(x=x, y=value_y("zero", title), tooltip=tooltips(lang, "window", "state"))]
