"""The chart of what is there: which indicator has which figures, from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import altair as alt
import numpy as np
import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import (
    HALF_MONTH,
    MAIN_NAME,
    fade,
    layered,
    looks,
    month_x,
    name_y,
    pick,
    records,
    tooltips,
    zoom,
)
from faiwatch.view.charts.words import labelled


@dataclass(frozen=True, slots=True)
class Holding:
    """What a release holds, and how a stretch of such releases looks."""

    word: Text
    colour: str
    height: int  # px: the more is there, the thicker the bar


HOLDINGS: Mapping[str, Holding] = {
    "both": Holding(Text("增速和总量", "Growth and value"), theme.POSITIVE, 18),
    "growth": Holding(Text("仅增速", "Growth only"), theme.POSITIVE_MID, 10),
    "value": Holding(Text("仅总量", "Value only"), theme.ACCENT, 10),
    "missing": Holding(Text("缺", "Missing"), theme.INDETERMINATE, 3),
}


def coverage(observations: pd.DataFrame, *, subject: Subject, names: Mapping[str, str]) -> Chart:
    """Return which indicators have growth, value, both or neither, release by release.

    Parameters
    ----------
    observations : DataFrame
        Observations of one region.
    subject : Subject
        Names and language.
    names : mapping
        What each indicator is called, in the page's language; the order of the rows.

    Returns
    -------
    Chart
        Neighbouring releases that hold the same are one bar. A release is missing when it lies
        between the first figure of its indicator and the last month of the table. Table: one row
        a bar: indicator, from, to, number of releases, what they hold.
    """
    lang = subject.lang
    chosen = observations[observations["indicator"].isin(names)]
    columns = ["name", "start", "end", "n_releases", "holding"]
    rows = []
    for indicator, called in names.items():
        figures = chosen[chosen["indicator"] == indicator].set_index("period")
        figures = figures[["ytd_yoy_pct", "ytd_value_100m"]].dropna(how="all")
        if figures.empty:
            continue
        months = pd.period_range(figures.index.min(), chosen["period"].max(), freq="M")
        is_there = figures.reindex(months[months.month != 1]).notna()
        has_growth, has_value = is_there["ytd_yoy_pct"], is_there["ytd_value_100m"]
        kinds = np.select(
            [has_growth & has_value, has_growth, has_value], ["both", "growth", "value"], "missing"
        )
        held = pd.Series(kinds, index=is_there.index)
        for _, stretch in held.groupby((held != held.shift()).cumsum()):
            ends = (stretch.index[0], stretch.index[-1])
            rows.append((called, *ends, len(stretch), stretch.iloc[0]))
    stretches = pd.DataFrame(rows, columns=columns)
    words = stretches["holding"].map({key: h.word.in_language(lang) for key, h in HOLDINGS.items()})
    answer = partial(
        subject.chart,
        slug("coverage", *observations["region_code"].astype(str).unique()[:1]),
        title=say("view.charts_coverage.coverage", name=subject.name),
        table=labelled(
            lang,
            indicator=stretches["name"],
            **{"from": stretches["start"], "to": stretches["end"]},
            n_releases=stretches["n_releases"],
            holding=words,
        ),
        units=subject.say("次公布", "releases"),
    )
    if stretches.empty:
        return answer()
    counts = stretches.groupby("holding")["n_releases"].sum().reindex(list(HOLDINGS), fill_value=0)
    caption = say(
        "view.charts_coverage.held",
        region=subject.region,
        total=stretches["name"].nunique(),
        first=stretches["start"].min(),
        last=stretches["end"].max(),
        both=counts["both"],
        growth=counts["growth"],
        value=counts["value"],
        missing=counts["missing"],
    )
    return answer(caption=caption, chart=_bars(stretches, words, lang))


def _bars(stretches: pd.DataFrame, words: pd.Series, lang: Language) -> alt.LayerChart:
    data = pd.DataFrame(
        {
            "name": stretches["name"],
            "month": stretches["start"].dt.to_timestamp() - HALF_MONTH,
            "until": stretches["end"].dt.to_timestamp() + HALF_MONTH,
            "from": stretches["start"].astype(str),
            "to": stretches["end"].astype(str),
            "n": stretches["n_releases"],
            "holding": words,
        }
    )
    base = alt.Chart().encode(
        x=month_x(lang),
        x2="until:T",
        y=name_y(),
        **looks(
            "holding",
            [holding.word.in_language(lang) for holding in HOLDINGS.values()],
            legend=alt.Legend(symbolType="square"),
            color=[holding.colour for holding in HOLDINGS.values()],
        ),
        tooltip=tooltips(lang, "holding", "from", "to", name="indicator", n="n_releases"),
        opacity=fade(),
    )
    bars = [
        base.mark_bar(height=holding.height)
        .transform_filter(alt.datum.holding == holding.word.in_language(lang))
        .properties(name=f"{MAIN_NAME}-{key}")
        for key, holding in HOLDINGS.items()
        if data["holding"].eq(holding.word.in_language(lang)).any()
    ]
    bars[0] = bars[0].add_params(zoom(), pick("holding"))
    return layered(*bars, data=records(data), height=34 * data["name"].nunique())
