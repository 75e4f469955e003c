"""Charts of the revised base: the naive-growth trap, and by how much the base was revised."""

from __future__ import annotations

from functools import partial

import altair as alt
import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import NOTHING, YES_NO, Language
from faiwatch.data.measures import label
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, series_id
from faiwatch.view.charts.marks import (
    CROSS,
    MAIN_NAME,
    Line,
    layered,
    month_x,
    named_lines,
    named_months,
    recent,
    records,
    tooltips,
    value_y,
    zero_line,
    zoom,
)
from faiwatch.view.charts.words import labelled, side_of


def base_trap(measured: pd.DataFrame, *, subject: Subject, months: int = 120) -> Chart:
    """Return published growth beside growth computed from published levels.

    The base of a year ago is revised and not published again, so the ratio of two published
    levels is not growth. Where it is negative and the published growth is not (or the reverse)
    the release is marked with a cross.

    Parameters
    ----------
    measured : DataFrame
        Measures of one region and indicator.
    subject : Subject
        Names and language.
    months : int
        How many calendar months, up to the latest, are shown and counted.

    Returns
    -------
    Chart
        Releases that have both growth rates. Table: month, both in percent, whether the sign is
        opposite.
    """
    lang = subject.lang
    both = recent(measured.dropna(subset=["ytd_yoy_pct", "naive_yoy_pct"]), months)
    wrong = wrong_sign(both)
    answer = partial(
        subject.chart,
        series_id("base-trap", measured),
        title=say("view.charts_base_trap.growth_and_ratio", name=subject.name),
        table=labelled(
            lang,
            period=both["period"],
            published_yoy_pct=both["ytd_yoy_pct"],
            naive_yoy_pct=both["naive_yoy_pct"],
            opposite=wrong.map({True: YES_NO[True].in_language(lang), False: ""}),
        ),
        as_of=subject.until(both["period"]),
    )
    if both.empty:
        return answer()
    called = both["naive_yoy_pct"] < 0
    n_missed = int((~called & wrong).sum())
    caption = say(
        "view.charts_base_trap.called_negative",
        since=both["period"].iloc[0],
        called=int(called.sum()),
        wrongly=int((called & wrong).sum()),
        missed=say("view.charts_base_trap.missed", missed=n_missed) if n_missed else NOTHING,
    )
    return answer(caption=caption, chart=_two_growths(both, wrong, lang))


def wrong_sign(both: pd.DataFrame) -> pd.Series:
    """Return where growth from levels is negative and the published is not, or the reverse."""
    return (both["naive_yoy_pct"] < 0) != (both["ytd_yoy_pct"] < 0)


def _two_growths(both: pd.DataFrame, wrong: pd.Series, lang: Language) -> alt.LayerChart:
    """Return published growth, the ratio as a broken line, and crosses where signs differ."""
    title = label("ytd_yoy_pct", lang)
    data = named_months(both["period"], lang).assign(
        published_pct=both["ytd_yoy_pct"], naive_pct=both["naive_yoy_pct"]
    )
    shown = {
        "published_pct": Line("published_yoy_pct", theme.POSITIVE, [1, 0], 2),
        "naive_pct": Line("naive_yoy_pct", theme.ACCENT, [4, 3], 2),
    }
    tips = tooltips(lang, "window", which="method", value_pct="ytd_yoy_pct")
    lines = named_lines(data, shown, value_y("value_pct", title), lang).encode(tooltip=tips)
    layers = [zero_line(title), lines]
    if wrong.any():
        opposite = data[wrong].assign(sign=label("opposite", lang))
        mark = alt.Chart(records(opposite)).mark_point(
            size=64, strokeWidth=2.4, color=theme.NEGATIVE
        )
        layers.append(
            mark.encode(
                x=month_x(lang),
                y=value_y("naive_pct", title),
                shape=alt.Shape(
                    "sign:N",
                    title=None,
                    scale=alt.Scale(range=[CROSS]),
                    legend=alt.Legend(orient="bottom"),  # beside the first no telephone has room
                ),
                tooltip=tooltips(
                    lang,
                    "window",
                    "sign",
                    published_pct="published_yoy_pct",
                    naive_pct="naive_yoy_pct",
                ),
            )
        )
    return layered(*layers)


def revisions(measured: pd.DataFrame, *, subject: Subject) -> Chart:
    """Return by how much the implied base differs from the level published a year before.

    Parameters
    ----------
    measured : DataFrame
        Measures of one region and indicator.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: month, base revision in percent (NaN = cannot be known).
    """
    lang, title = subject.lang, label("base_revision_pct", subject.lang)
    known = measured.dropna(subset=["base_revision_pct"]).sort_values("period")
    periods, revision = known["period"], known["base_revision_pct"]
    answer = partial(
        subject.chart,
        series_id("base-revision", measured),
        title=say("view.charts_base_trap.base_revised", name=subject.name),
        table=labelled(lang, period=periods, base_revision_pct=revision),
        as_of=subject.until(periods),
    )
    if known.empty:
        return answer()
    data = named_months(periods, lang).assign(revision_pct=revision)
    bars = alt.Chart(records(data), name=MAIN_NAME).mark_bar(
        size=alt.ExprRef(f"clamp(0.7 * width / {len(known) + 1}, 1, 9)"), color=theme.ACCENT
    )
    encoded = bars.encode(
        x=month_x(lang),
        y=value_y("revision_pct", title),
        tooltip=tooltips(lang, "window", revision_pct="base_revision_pct"),
    )
    last, place = float(revision.iloc[-1]), int(revision.abs().argmax())
    return answer(
        caption=say(
            "view.charts_base_trap.base_implied",
            window=data["window"].iloc[-1],
            size=abs(last),
            way=side_of(last),
            widest=data["window"].iloc[place],
            most=float(revision.iloc[place]),
        ),
        chart=layered(encoded.add_params(zoom()), zero_line(title), height=220),
    )
