"""Charts of a target: the pace so far, and what the months still to come would have to bring."""

from __future__ import annotations

from functools import partial

import altair as alt
import pandas as pd

from faiwatch.core.phrases import amount, say, words_told
from faiwatch.core.text import NOTHING, Language, Text, block_name
from faiwatch.data.measures import UNITS, label
from faiwatch.forecast.target.sentences import nothing_words, pace_words
from faiwatch.forecast.target.tables import TargetStudy
from faiwatch.forecast.target.words import rest_words
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import (
    LAST_WORDS,
    layered,
    looks,
    month_x,
    named_months,
    records,
    tooltips,
    value_y,
    zero_line,
)
from faiwatch.view.charts.words import labelled, rounded

_BLOCKS = (
    Text("目标所需（测算）", "Required (workload)"),
    Text("按历史最好增速", "At the best past growth"),
    Text("预测中值与80%区间", "Forecast, middle and 80% range"),
)
_WIDEST = 40  # px, a column of the block chart
_FEW = 6  # more columns leave no room for words above them on a telephone
_LARGE = 1000  # from here on no decimals


def pace(study: TargetStudy, *, subject: Subject) -> Chart:
    """Return how far the year is ahead of or behind even pace, beside past years.

    Parameters
    ----------
    study : TargetStudy
        From :func:`faiwatch.forecast.target.tables.study`.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: month, done share of the target, even pace, pace of past years with its range, and
        the share required, percent. NaN = still to come, or not known.
    """
    lang, months, words = subject.lang, study.months, pace_words(study)
    table = labelled(
        lang,
        **months[["period", "progress_pct", "even_share_pct", "past_share_pct"]],
        past_lo_pct=months["past_share_lo_pct"],
        past_hi_pct=months["past_share_hi_pct"],
        required_share_pct=months["required_share_pct"],
    )
    answer = partial(
        subject.chart,
        slug("target-pace", subject.as_of),
        title=say("view.charts_target.pace", name=subject.name),
        units=subject.say("%（占目标全年）", "% of the target of the year"),
    )
    if words is None:
        return answer(caption=nothing_words(study), table=table.head(0))
    years = int(months["n_years"].iloc[-1])
    return answer(
        caption=say(
            "view.charts_target.pace_and_lines",
            pace=words,
            band=say("view.charts_target.band", years=years) if years else NOTHING,
        ),
        chart=_pace_lines(months, lang),
        table=table,
    )


def _pace_lines(months: pd.DataFrame, lang: Language) -> alt.LayerChart:
    """Return each pace against even pace; what is required goes on from what is done."""
    title, even = label("ahead_pp", lang), months["even_share_pct"]
    done, required = months["progress_pct"], months["required_share_pct"]
    is_open = months["is_open"]
    is_last_known = ~is_open & is_open.shift(-1, fill_value=True)
    shares = {
        "done": done,
        "required": required.where(is_open, done.where(is_last_known)),
        "past": months["past_share_pct"],
    }
    keyed = named_months(months["period"], lang)
    names = words_told("view.words_paces", lang)
    paces = pd.concat(
        [keyed.assign(which=names[name], ahead_pp=share - even) for name, share in shares.items()]
    ).dropna(subset="ahead_pp")
    band = keyed[["month"]].assign(
        lo_pp=months["past_share_lo_pct"] - even, hi_pp=months["past_share_hi_pct"] - even
    )
    x, y, tips = month_x(lang), value_y("ahead_pp", title), tooltips(lang, "window", "ahead_pp")
    area = alt.Chart(records(band.dropna())).mark_area(color=theme.MISSING, opacity=0.45)
    told = looks(
        "which",
        list(names.values()),
        color=[theme.INK, theme.NEGATIVE, theme.MUTED],
        strokeDash=[[1, 0], [6, 4], [2, 3]],
    )
    line = alt.Chart(records(paces)).mark_line(strokeWidth=2.4)
    so_far = paces[paces["which"] == names["done"]]
    points = alt.Chart(records(so_far)).mark_point(size=45, filled=True, color=theme.INK)
    last = alt.Chart(records(so_far.tail(1))).mark_text(**LAST_WORDS, dx=10, dy=12)
    return layered(
        area.encode(x=x, y=value_y("lo_pp", title), y2="hi_pp:Q"),
        zero_line(title),
        line.encode(x=x, y=y, tooltip=tips, **told),
        points.encode(x=x, y=y, tooltip=tips),
        last.encode(x=x, y=y, text=alt.Text("ahead_pp:Q", format="+.1f")),
    )


def blocks(study: TargetStudy, *, subject: Subject) -> Chart:
    """Return what each block still to come would have to bring, against history and forecast.

    Parameters
    ----------
    study : TargetStudy
        From :func:`faiwatch.forecast.target.tables.study`.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: month, last year's block on the comparable base, required, forecast with its range,
        and last year's block grown by the best of history; 100 million. Empty when amounts are
        not known or the year is complete.
    """
    lang, is_open = subject.lang, study.months["is_open"]
    opened = study.months[is_open].dropna(subset="block_base_100m")
    best = 1 + study.months["best_growth_pct"].iloc[-1] / 100
    data = opened.assign(best_block_100m=opened["block_base_100m"] * best)
    decimals = 0 if opened["block_base_100m"].max() >= _LARGE else 1
    columns = {
        "block_base_100m": "block_base_100m",
        "required_block_100m": "required_block_100m",
        "forecast_mid_100m": "forecast_block_mid_100m",
        "forecast_lo_100m": "forecast_block_lo_100m",
        "forecast_hi_100m": "forecast_block_hi_100m",
        "best_block_100m": "best_block_100m",
    }
    amounts = {name: rounded(data[column], decimals) for name, column in columns.items()}
    answer = partial(
        subject.chart,
        slug("target-blocks", subject.as_of),
        title=say("view.charts_target.months_left", name=subject.name),
        table=labelled(lang, block=data["period"], **amounts),
        units=UNITS["100m_cny"].in_language(lang),
    )
    if data.empty:
        return answer(caption=nothing_words(study))
    left = study.months[is_open]
    base, forecast = (
        amount(float(left[name].sum())) for name in ("block_base_100m", "forecast_block_mid_100m")
    )
    return answer(
        caption=say(
            "view.charts_target.required",
            rest=rest_words(study.year),
            required=amount(float(study.need.required_100m)),
            base=base,
            forecast=forecast,
        ),
        chart=_block_columns(data, lang),
    )


def _block_columns(data: pd.DataFrame, lang: Language) -> alt.LayerChart:
    title, base_name = UNITS["100m_cny"].in_language(lang), label("block_base_100m", lang)
    number = ",.0f" if data["block_base_100m"].max() >= _LARGE else ",.1f"
    required_name, best_name, forecast_name = (words.in_language(lang) for words in _BLOCKS)
    blocks = [block_name(str(period), lang, year=False) for period in data["period"]]
    kinds = {
        base_name: "block_base_100m",
        required_name: "required_block_100m",
        best_name: "best_block_100m",
        forecast_name: "forecast_block_mid_100m",
    }
    rows = [
        pd.DataFrame({"block": blocks, "which": name, "value": data[column].to_numpy()})
        for name, column in kinds.items()
    ]
    rows[-1]["lo"] = data["forecast_block_lo_100m"].to_numpy()
    rows[-1]["hi"] = data["forecast_block_hi_100m"].to_numpy()
    x = alt.X("block:N", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelColor=theme.INK))
    scale = alt.Scale(zero=True, nice=True)
    y = value_y("value", title, scale=scale)
    tips = [
        alt.Tooltip("block:N", title=label("block", lang)),
        alt.Tooltip("which:N", title=title),
        alt.Tooltip("value:Q", title=" ", format=number),
    ]
    every = alt.Chart().encode(x=x, y=y, tooltip=tips)
    base = every.transform_filter(alt.datum.which == base_name)
    required = every.transform_filter(alt.datum.which == required_name)
    others = every.transform_filter(
        alt.FieldOneOfPredicate(field="which", oneOf=[best_name, forecast_name])
    )
    told = looks(
        "which",
        [required_name, best_name, forecast_name],
        shape=["stroke", "diamond", "circle"],
        stroke=[theme.NEGATIVE, theme.ACCENT, theme.POSITIVE],
        fill=[theme.NEGATIVE, theme.PAPER, theme.POSITIVE],
    )
    wide = f"clamp(0.5 * width / {len(data)}, 8, {_WIDEST})"
    wider = alt.ExprRef(f"1.7 * {wide}")
    words = required.mark_text(baseline="bottom", dy=-9, fontWeight="bold", color=theme.NEGATIVE)
    return layered(
        base.mark_bar(size=alt.ExprRef(wide), color=theme.MISSING),
        every.transform_filter("isValid(datum.hi)")
        .mark_rule(color=theme.POSITIVE, strokeWidth=4)
        .encode(y=value_y("lo", title, scale=scale), y2="hi:Q"),
        required.mark_tick(size=wider, thickness=4, opacity=1, color=theme.NEGATIVE),
        others.mark_point(size=90, strokeWidth=2).encode(**told),
        *([words.encode(text=alt.Text("value:Q", format=number))] if len(data) <= _FEW else []),
        data=records(pd.concat(rows).dropna(subset="value")),
    )
