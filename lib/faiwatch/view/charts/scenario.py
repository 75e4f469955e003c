"""The chart with sliders: what growth of the rest of the year would make of the whole year.

The formula runs in the reader's browser (``docs/methods/target.md``, scenarios); nothing is asked
of a server. Paper and pages without scripts show the picture at the sliders' first values.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import altair as alt
import numpy as np
import pandas as pd

from faiwatch.core.phrases import say, words_told
from faiwatch.core.text import Language, Text
from faiwatch.data.measures import label
from faiwatch.forecast.target.position import YearSoFar
from faiwatch.forecast.target.sentences import nothing_words
from faiwatch.forecast.target.tables import TargetStudy, scenario_growth
from faiwatch.forecast.target.words import SCENARIOS
from faiwatch.stats.negative import STATES
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import (
    LAST_WORDS,
    layered,
    month_x,
    records,
    state_scales,
    value_y,
    zero_line,
)
from faiwatch.view.charts.words import labelled

REST, AIM, SAID = "rest", "aim", "said"
_STEP = 0.1  # percentage points, as growth is published
_MET = (Text("达到", "reached"), Text("达不到", "missed"))
_HEIGHT = 240  # chart and sliders are seen at once
_MARGIN = 5.0  # percentage points that a slider reaches beyond what the page speaks of


def sliders(study: TargetStudy, measured: pd.DataFrame, *, subject: Subject) -> Chart:
    """Return year-to-date growth through the year, the rest of it as the reader sets it.

    Parameters
    ----------
    study : TargetStudy
        From :func:`faiwatch.forecast.target.tables.study`.
    measured : DataFrame
        The measures that it was made from.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Two sliders: growth of the months to come, and the target. Table: the scenarios. Empty
        when the year is complete or its base is not known.
    """
    lang, found = subject.lang, study.scenarios
    answer = partial(
        subject.chart,
        slug("target-scenario", subject.as_of),
        title=say("view.charts_scenario.scenario", name=subject.name),
        table=labelled(
            lang,
            scenario=[SCENARIOS[name].in_language(lang) for name in found["scenario"]],
            scenario_rest_pct=found["scenario_rest_yoy_pct"].astype("float64"),
            scenario_ytd_pct=found["scenario_ytd_yoy_pct"].astype("float64"),
        ),
    )
    if found.empty:
        return answer(caption=nothing_words(study))
    growth = _first_rest(study)
    caption = say(
        "view.charts_scenario.at_the_middle",
        rest=growth,
        year=scenario_growth(study.year, growth)[-1],
        aim=study.need.target_growth_pct,
        needed=study.need.required_growth_pct,
    )
    return replace(answer(caption=caption, chart=_lines(study, measured, lang)), says=SAID)


def _first_rest(study: TargetStudy) -> float:
    """Return where the slider stands first: the middle of the forecast, on the slider's step."""
    rest = study.scenarios.set_index("scenario")["scenario_rest_yoy_pct"]
    return round(float(rest["forecast_mid"]), 1)


def _lines(study: TargetStudy, measured: pd.DataFrame, lang: Language) -> alt.LayerChart:
    """Return band, target and year; the target and the rest of the year follow the sliders."""
    data = _data(study, measured)
    title = label("ytd_yoy_pct", lang)
    low, high, params = _sliders(study, lang)
    reach = [*scenario_growth(study.year, low), *scenario_growth(study.year, high)]
    values = [*reach, *data["known"].dropna(), *data["lo"].dropna(), *data["hi"].dropna(), 0.0]
    scale = alt.Scale(domain=[math.floor(min(values)) - 1, math.ceil(max(values)) + 1], nice=False)
    x = month_x(lang)
    y, aim, lo = (value_y(field, title, scale=scale) for field in ("ytd", "aim", "lo"))
    growth = f"100 * (({_done(study.year)} + datum.open * (1 + {REST} / 100)) / datum.base - 1)"
    negative, other = (STATES[name].in_language(lang) for name in ("negative", "non_negative"))
    half = study.year.growth_half_pct
    base = (
        alt.Chart()
        .transform_calculate(ytd=f"isValid(datum.known) ? datum.known : {growth}")
        .transform_calculate(state=f"datum.ytd < -{half:.6f} ? '{negative}' : '{other}'")
        .encode(x=x)
    )
    band = alt.Chart().mark_area(color=theme.POSITIVE_SOFT).encode(x=x, y=lo, y2="hi:Q")
    here = alt.Chart(alt.InlineData(values=[{"at": 0}])).transform_calculate(aim=AIM)
    rule = here.mark_rule(color=theme.ACCENT, strokeDash=[6, 4], strokeWidth=1.8)
    words = Text("目标", "target").in_language(lang)
    name = here.transform_calculate(words=f"'{words} ' + format({AIM}, '.1f') + '%'").mark_text(
        align="right", baseline="bottom", dx=-4, dy=-4, color=theme.ACCENT
    )
    chart = layered(
        band,
        zero_line(title, scale=scale),
        rule.encode(y=aim),
        name.encode(x=alt.X(value="width"), y=aim, text="words:N"),
        *_year_so_far_and_ahead(base, y, lang),
        data=records(data, decimals=6),
        height=_HEIGHT,
    )
    return chart.add_params(*params)


def _year_so_far_and_ahead(base: alt.Chart, y: alt.Y, lang: Language) -> list[alt.Chart]:
    """Return what is published, filled, and what sliders make of the rest, dashed and hollow."""
    looks = state_scales(lang, ["non_negative", "negative"])
    hollow = {name: look for name, look in looks.items() if name != "fill"}
    tips = [
        alt.Tooltip("window:N", title=label("period", lang)),
        alt.Tooltip("ytd:Q", title=label("ytd_yoy_pct", lang), format=".1f"),
    ]
    known, ahead = (base.transform_filter(f"{sign}isValid(datum.known)") for sign in ("", "!"))
    path = base.transform_filter("!isValid(datum.known) || datum.origin")
    last = base.transform_filter("datum.last").transform_calculate(
        words="format(datum.ytd, '.1f') + '%'"
    )
    return [
        known.mark_line(strokeWidth=2, color=theme.INK).encode(y=y),
        path.mark_line(strokeWidth=2, color=theme.INK, strokeDash=[5, 4]).encode(y=y),
        known.mark_point(size=70, strokeWidth=1.4).encode(y=y, tooltip=tips, **looks),
        ahead.mark_point(size=70, strokeWidth=1.8, fill=theme.PAPER).encode(
            y=y, tooltip=tips, **hollow
        ),
        last.mark_text(**LAST_WORDS, dx=10).encode(y=y, text="words:N"),
    ]


def _data(study: TargetStudy, measured: pd.DataFrame) -> pd.DataFrame:
    """Return the year as the formula needs it: bases in percent of the year's."""
    year, months = study.year, study.months
    growth = measured.set_index("period")["ytd_yoy_pct"].reindex(year.periods)
    whole = year.base[-1]
    opened = np.where(year.is_open, year.base - year.base_so_far, 0.0)
    known = pd.Series(np.where(year.is_open, np.nan, growth.to_numpy()))
    at_origin = pd.Series(np.arange(len(known)) == year.place)
    frame = pd.DataFrame(
        {
            "month": year.periods,
            "window": year.periods.astype(str),
            "known": known,
            "base": 100 * year.base / whole,
            "open": 100 * opened / whole,
            "lo": months["forecast_ytd_lo_pct"].where(~at_origin, year.growth_pct),
            "hi": months["forecast_ytd_hi_pct"].where(~at_origin, year.growth_pct),
            "last": np.arange(len(known)) == len(known) - 1,
            "origin": at_origin,
        }
    )
    return frame[frame["known"].notna() | year.is_open & frame["base"].notna()]


def _done(year: YearSoFar) -> str:
    return f"{100 * year.done / year.base[-1]:.8f}"


def _sliders(study: TargetStudy, lang: Language) -> tuple[float, float, list[alt.Parameter]]:
    """Return the ends of the first slider, both sliders, and the sentence they make."""
    rests = [*study.scenarios["scenario_rest_yoy_pct"], -20.0, 20.0]
    low, high = (
        _MARGIN * math.floor(min(rests) / _MARGIN),
        _MARGIN * math.ceil(max(rests) / _MARGIN),
    )
    aims = [study.need.target_growth_pct, study.year.growth_pct, 0.0]
    aim_ends = math.floor(min(aims) - _MARGIN), math.ceil(max(aims) + _MARGIN)
    first = {REST: _first_rest(study), AIM: round(study.need.target_growth_pct, 1)}
    ends = {REST: (low, high), AIM: aim_ends}
    sliders = []
    for name, called in words_told("view.words_sliders", lang).items():
        least, most = ends[name]
        bind = alt.binding_range(min=least, max=most, step=_STEP, name=called)
        sliders.append(alt.param(name=name, value=first[name], bind=bind))
    # the sentence below the sliders, as an expression
    year, done = study.year, _done(study.year)
    opened = f"{100 - 100 * year.base_so_far / year.base[-1]:.8f}"
    whole = f"({done} + {opened} * (1 + {REST} / 100) - 100)"
    needed = f"(100 * ((100 + {AIM} - {done}) / {opened} - 1))"
    shown = "' + format({}, '.1f') + '%".format
    yes, no = (words.in_language(lang) for words in _MET)
    is_met = f"{whole} >= {AIM} - {year.growth_half_pct:.6f}"
    said = say(
        "view.charts_scenario.as_set",
        rest=shown(REST),
        whole=shown(whole),
        met=f"' + ({is_met} ? '{yes}' : '{no}') + '",
        aim=shown(AIM),
        needed=shown(needed),
    )
    return low, high, [*sliders, alt.param(name=SAID, expr=f"'{said.in_language(lang)}'")]
