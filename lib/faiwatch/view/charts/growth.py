"""Charts of one series: published growth, implied block growth, and the base trap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import altair as alt
import pandas as pd

from faiwatch.core.phrases import brief_growth_phrase, ongoing_spell, say
from faiwatch.core.text import NOT_AVAILABLE, Language, Text, band, block_name
from faiwatch.data.measures import label
from faiwatch.stats.negative import STATES, current_spell
from faiwatch.view.charts import theme
from faiwatch.view.charts.annotations import (
    break_lines,
    cut_to,
    missing_marks,
    month_columns,
    runs_of,
    spell_shading,
    spell_words,
)
from faiwatch.view.charts.chart import Chart, Subject, series_id
from faiwatch.view.charts.marks import (
    MAIN_NAME,
    fade,
    last_value,
    layered,
    month_x,
    named_months,
    pick,
    recent,
    records,
    state_scales,
    tooltips,
    value_y,
    zero_line,
    zoom,
)
from faiwatch.view.charts.words import labelled, state_words

_RANGE_SHADES = {
    "non_negative": theme.POSITIVE_MID,
    "negative": theme.NEGATIVE_MID,
    "indeterminate": theme.MISSING,
    "missing": theme.MISSING,
}


def ytd_growth(
    flags: pd.DataFrame,
    *,
    subject: Subject,
    runs: pd.DataFrame,
    breaks: pd.DataFrame | None = None,
    months: int = 60,
) -> Chart:
    """Return published year-to-date growth as bars, negative releases and their runs marked.

    Parameters
    ----------
    flags : DataFrame
        Flags of one region and indicator; definitions other than ``ytd`` are left out.
    subject : Subject
        Names and language.
    runs : DataFrame
        Runs; those of this series and definition are shaded.
    breaks : DataFrame, optional
        ``period``, ``label``: where the scope of the figures changed.
    months : int
        How many calendar months, up to the latest, are shown.

    Returns
    -------
    Chart
        Table: month, growth in percent (NaN = not published), state.
    """
    lang = subject.lang
    series = recent(flags[flags["definition"] == "ytd"], months)
    known = series[series["state"] != "missing"]
    mine = runs_of(runs, series, "ytd")
    answer = partial(
        subject.chart,
        series_id("ytd-growth", flags),
        title=say("view.charts_growth.published", name=subject.name, basis=subject.basis),
        table=labelled(
            lang,
            period=series["period"],
            **{subject.growth: series["value_pct"]},
            state=state_words(series["state"], lang),
        ),
        as_of=subject.until(known["period"]),
    )
    if known.empty:
        return answer()
    last, run = known.iloc[-1], current_spell(mine, "ytd")
    none = Text("目前没有持续中的负增长", "no negative spell is going on")
    caption = say(
        "view.charts_growth.growth_and_spell",
        window=subject.window(last["period"]),
        name=subject.name,
        growth=brief_growth_phrase(last["value_pct"]),
        spell=none if run is None else ongoing_spell(run),
        total=len(known),
        negative=int((known["state"] == "negative").sum()),
    )
    return answer(caption=caption, chart=_ytd_bars(series, cut_to(mine, series), breaks, subject))


def _states_shown(series: pd.DataFrame, states: Sequence[str]) -> list[str]:
    """Return the states of a legend: those that matter, and "missing" where something is."""
    return [*states, *(["missing"] if series["state"].eq("missing").any() else [])]


def _chart_data(
    series: pd.DataFrame, words: Callable[[str, Language], str], lang: Language
) -> pd.DataFrame:
    """Return the flags as chart data; `words` names the window or block of a month."""
    return named_months(series["period"], lang, words).assign(
        **series[["value_pct", "lo_pct", "hi_pct"]],
        shade=series["state"].astype("str").map(_RANGE_SHADES),
        state=state_words(series["state"], lang),
    )


def _ytd_bars(
    series: pd.DataFrame, runs: pd.DataFrame, breaks: pd.DataFrame | None, subject: Subject
) -> alt.LayerChart:
    lang = subject.lang
    data = _chart_data(series, subject.calendar.window, lang)
    data = data[["month", "value_pct", "state", "window"]]
    tips = tooltips(lang, "window", "state", value_pct=subject.growth, spell="negative_run")
    spells = spell_words(series["period"], runs, lang)
    outside = Text("无", "none").in_language(lang)
    unknown = series["state"].eq("missing")
    data = data.assign(
        spell=[
            words or (NOT_AVAILABLE[lang] if is_unknown else outside)
            for words, is_unknown in zip(spells, unknown, strict=True)
        ]
    )
    title = label(subject.growth, lang)
    x, y = month_x(lang), value_y("value_pct", title)
    look = state_scales(lang, _states_shown(series, ["non_negative", "negative"]))
    width = f"clamp(0.7 * width / {len(series) + 1}, 1.5, 9)"  # of a bar; follows the chart's
    base = alt.Chart().encode(x=x, y=y, tooltip=tips, opacity=fade())
    bars = (
        base.mark_bar(size=alt.ExprRef(width)).encode(fill=look["fill"]).properties(name=MAIN_NAME)
    )
    signs = base.mark_point(
        size=alt.ExprRef(f"8 * {width}"), strokeWidth=1, yOffset=alt.ExprRef(f"1 + {width} / 2")
    ).encode(**look)
    is_negative = data["state"] == STATES["negative"].in_language(lang)
    return layered(
        *spell_shading(runs, subject),
        month_columns(data, x, tips),
        bars.add_params(zoom(), pick("state")),
        signs.properties(data=records(data[is_negative])),
        zero_line(title),
        *missing_marks(data, x, title, lang=lang),
        last_value(data, x, y),
        *break_lines(breaks, series["period"], subject),
        data=records(data),
    )


def block_growth(
    flags: pd.DataFrame,
    *,
    subject: Subject,
    breaks: pd.DataFrame | None = None,
    months: int = 36,
) -> Chart:
    """Return implied growth of single months with the range that rounding leaves open.

    Parameters
    ----------
    flags : DataFrame
        Flags of one region and indicator; definitions other than ``block`` are left out.
    subject : Subject
        Names and language.
    breaks : DataFrame, optional
        ``period``, ``label``: where the scope of the figures changed.
    months : int
        How many calendar months, up to the latest, are shown.

    Returns
    -------
    Chart
        Table: month (February = January and February), implied growth and its range in
        percent (NaN = cannot be known from what is published), state. Empty when nothing is
        implied: growth of January and February alone is that of the year to date.
    """
    series = recent(flags[flags["definition"] == "block"], months)
    if series.loc[series["period"].dt.month != 2, "state"].eq("missing").all():
        series = series.head(0)
    known = series[series["state"] != "missing"]
    lang = subject.lang
    answer = partial(
        subject.chart,
        series_id("block-growth", flags),
        title=say("view.charts_growth.implied", name=subject.name),
        table=labelled(
            lang,
            block=series["period"],
            block_yoy_pct=series["value_pct"],
            **series[["lo_pct", "hi_pct"]],
            state=state_words(series["state"], lang),
        ),
        as_of=subject.until(known["period"]),
    )
    if known.empty:
        return answer()
    last, counts = known.iloc[-1], known["state"].value_counts()
    caption = say(
        "view.charts_growth.implied_and_range",
        month=last["period"],
        name=subject.name,
        growth=brief_growth_phrase(last["value_pct"]),
        spread=band(last["lo_pct"], last["hi_pct"], lang),
        total=len(known),
        negative=int(counts.get("negative", 0)),
        unsure=int(counts.get("indeterminate", 0)),
    )
    return answer(caption=caption, chart=_block_points(series, breaks, subject))


def _block_points(
    series: pd.DataFrame, breaks: pd.DataFrame | None, subject: Subject
) -> alt.LayerChart:
    lang = subject.lang
    data = _chart_data(series, block_name, lang)
    title = label("block_yoy_pct", lang)
    x, y = month_x(lang), value_y("value_pct", title)
    look = state_scales(lang, _states_shown(series, ["non_negative", "negative", "indeterminate"]))
    tips = tooltips(lang, "window", "state", "lo_pct", "hi_pct", value_pct="block_yoy_pct")
    base = alt.Chart().encode(x=x, tooltip=tips, opacity=fade())
    ranges = base.mark_bar(size=alt.ExprRef(f"clamp(0.6 * width / {len(series)}, 2, 9)")).encode(
        y=value_y("lo_pct", title), y2="hi_pct:Q", color=alt.Color("shade:N", scale=None)
    )
    points = base.mark_point(size=alt.ExprRef("width < 420 ? 40 : 75"), strokeWidth=1.6).encode(
        y=y, **look
    )
    return layered(
        zero_line(title),
        ranges,
        points.add_params(zoom(), pick("state")).properties(name=MAIN_NAME),
        *missing_marks(data, x, title, lang=lang),
        last_value(data, x, y),
        *break_lines(breaks, series["period"], subject),
        data=records(data),
    )
