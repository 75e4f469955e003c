"""Charts of the analyst's bench: several series compared, one taken apart, its distribution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias, cast

import altair as alt
import pandas as pd

from faiwatch.core.phrases import joined, say
from faiwatch.core.text import NOTHING, Language, Text, block_name, number, percent, window_name
from faiwatch.data.measures import label
from faiwatch.stats.negative import DEFINITIONS, STATES
from faiwatch.stats.spell import Definition
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, series_id, slug
from faiwatch.view.charts.marks import (
    CROSS,
    MAIN_NAME,
    fade,
    last_value,
    layered,
    looks,
    month_x,
    named_months,
    pick,
    recent,
    records,
    tooltips,
    value_x,
    value_y,
    zero_line,
    zero_rule,
    zoom,
)
from faiwatch.view.charts.words import labelled, rounded, side_of, state_words

Drawn: TypeAlias = alt.Chart  # with altair, by the analyst
MOST_SERIES = 5  # more lines than this cannot be told apart
_LINES = (  # colour, dashes, width: the first is the series in question
    (theme.POSITIVE, [1, 0], 3.0),
    (theme.NEGATIVE, [6, 3], 1.8),
    (theme.ACCENT, [1, 0], 1.6),
    (theme.INK, [2, 2], 1.6),
    (theme.INDETERMINATE, [8, 3, 2, 3], 1.6),
)
GROWTH: Mapping[Definition, str] = {
    "ytd": "ytd_yoy_pct",
    "block": "block_yoy_pct",
    "rolling3": "rolling3_yoy_pct",
}
# the columns of parts, and the measures that they are
_PARTS_OF_LEVEL = {
    name: name for name in ("observed_100m", "trend_100m", "seasonal_pct", "rest_pct")
}
_PARTS_OF_GROWTH = {
    "observed_pct": "growth_pct",
    "trend_pct": "trend_of_growth_pct",
    "rest_pp": "rest_pp",
}
# Points of a line are a layer of their own: with `point=` the Vega-Lite of JupyterLab (5.6) lets
# both zoom, and fails
_POINTS: Mapping[str, Any] = {"filled": True, "opacity": 1}
_WIDTHS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)  # of a bin, percentage points
_MOST_BINS = 24
_FILLS = {
    "negative": theme.NEGATIVE,
    "indeterminate": theme.MISSING,
    "non_negative": theme.POSITIVE,
}


# what names the months that a release covers
NAMED: Mapping[Definition, Callable[..., str]] = {
    "ytd": window_name,
    "block": block_name,
    "rolling3": block_name,
}


def window_of(period: object, definition: Definition, lang: Language) -> str:
    """Return what a release covers, in words."""
    return NAMED[definition](str(period), lang)


def compared(
    flags: pd.DataFrame,
    *,
    subject: Subject,
    definition: Definition = "ytd",
    months: int = 96,
    what: Text | None = None,
) -> Chart:
    """Return the growth of up to five series as lines.

    Parameters
    ----------
    flags : DataFrame
        Flags of several series, and in ``which`` what each is called, in the order of the legend;
        definitions other than `definition` are left out.
    subject : Subject
        Language and source.
    definition : {"ytd", "block", "rolling3"}
        Which growth.
    months : int
        How many calendar months, up to the latest, are shown.
    what : Text, optional
        What the title calls them together.

    Returns
    -------
    Chart
        Table: one row a release, one column a series, growth in percent (NaN = not known).
    """
    lang = subject.lang
    columns = list(flags["which"].unique())
    shown = recent(flags[flags["definition"] == definition], months)
    wide = shown.pivot(index="period", columns="which", values="value_pct").reindex(columns=columns)
    table = wide.apply(rounded)
    table.insert(0, label("window", lang), [window_of(one, definition, lang) for one in wide.index])
    known = shown.dropna(subset=["value_pct"])
    called = what or Text("增速比较", "Series compared")
    answer = partial(
        subject.chart,
        slug("compared", definition, *([what.en] if what else [])),
        title=say("view.charts_explore.titled", name=called, told=DEFINITIONS[definition]),
        table=table,
        as_of=subject.until(known["period"]),
    )
    if known.empty:
        return answer()
    last = known.groupby("which", sort=False).tail(1).sort_values("value_pct", ascending=False)
    newest = last["period"].max()
    parts = []
    for which, period, value in zip(last["which"], last["period"], last["value_pct"], strict=True):
        late = say("view.charts_explore.late", window=window_of(period, definition, lang))
        if period == newest:
            late = NOTHING
        parts.append(say("view.charts_explore.one", name=which, growth=value, late=late))
    caption = say(
        "view.charts_explore.from_high_to_low",
        window=window_of(newest, definition, lang),
        parts=joined(parts, "、", ", "),
        negative=int((last["state"] == "negative").sum()),
        total=len(last),
    )
    return answer(caption=caption, chart=_lines(shown, columns, definition, lang))


def _lines(
    shown: pd.DataFrame, columns: list[str], definition: Definition, lang: Language
) -> alt.LayerChart:
    title = label(GROWTH[definition], lang)
    data = named_months(shown["period"], lang, NAMED[definition]).assign(
        which=shown["which"],
        value_pct=shown["value_pct"],
        state=state_words(shown["state"], lang),
    )
    colours, dashes, widths = zip(*_LINES[: len(columns)], strict=True)
    told = {
        "x": month_x(lang),
        "y": value_y("value_pct", title),
        "opacity": fade(),
        "tooltip": tooltips(lang, "window", "state", which="series", value_pct=GROWTH[definition]),
        **looks(
            "which",
            columns,
            legend=alt.Legend(
                columns=alt.ExprRef("width < 420 ? 1 : 3"), symbolType="stroke", symbolSize=400
            ),
            color=colours,
            strokeDash=dashes,
            strokeWidth=widths,
        ),
    }
    lines = alt.Chart(name=MAIN_NAME).mark_line().encode(**told).add_params(zoom(), pick("which"))
    points = alt.Chart().mark_point(**_POINTS, size=14).encode(**told)
    return layered(zero_line(title), lines, points, data=records(data), height=340)


def decomposed(parts: pd.DataFrame, *, subject: Subject, months: int = 180) -> Chart:
    """Return a series taken apart, one band over the other: trend, season, rest.

    Parameters
    ----------
    parts : DataFrame
        Of :func:`faiwatch.forecast.trend.parts_of`, with its region and indicator.
    subject : Subject
        Names and language.
    months : int
        How many calendar months, up to the latest, are shown.

    Returns
    -------
    Chart
        Table: month, observed, trend, season (percent of the trend; without levels there is
        none), rest, state.
    """
    lang = subject.lang
    shown = recent(parts, months)
    has_level = "trend_100m" in shown
    columns = _PARTS_OF_LEVEL if has_level else _PARTS_OF_GROWTH
    table = pd.DataFrame({label("block", lang): shown["period"].astype(str)})
    for name, id in columns.items():
        table[label(id, lang)] = rounded(shown[name])
    states = {
        "observed": "",
        "event": Text("特殊事件，不参与估计", "event, left out of the fit").in_language(lang),
        "missing": STATES["missing"].in_language(lang),
    }
    table[label("state", lang)] = shown["state"].map(states)
    told = Text("趋势与其余", "trend and rest")
    if has_level:
        told = Text("趋势、季节、其余", "trend, season and rest")
    return subject.chart(
        series_id("decomposed", parts),
        title=say("view.charts_explore.titled", name=subject.name, told=told),
        caption=_parts_caption(shown, has_level, subject),
        chart=_bands(shown, columns, lang),
        table=table,
        units=subject.say("亿元、%", "100 million yuan, %") if has_level else "%",
        as_of=subject.until(shown.loc[shown["state"] != "missing", "period"]),
    )


def _bands(shown: pd.DataFrame, columns: Mapping[str, str], lang: Language) -> alt.LayerChart:
    observed, trend, *bars = columns
    keyed = named_months(shown["period"], lang, block_name).join(shown)
    data = records(keyed[["month", "window", "state", *columns]])
    tips = tooltips(lang, "window")
    tips += [
        alt.Tooltip(f"{name}:Q", title=label(id, lang), format=",.1f")
        for name, id in columns.items()
    ]
    tops = (0.0, 0.52, 0.82) if len(bars) == 2 else (0.0, 0.68)
    ends = (*(top - 0.13 for top in tops[1:]), 1.0)
    x = month_x(lang)
    base = alt.Chart(data).encode(x=x, tooltip=tips)
    whole = (label(columns[trend], lang), tops[0], ends[0])
    lines = (
        base.mark_line(color=colour, strokeWidth=width).encode(y=_band_y(name, *whole))
        for name, colour, width in ((observed, theme.LINE, 1), (trend, theme.POSITIVE, 3))
    )
    layers = [alt.layer(*lines)]
    events = keyed[keyed["state"] == "event"]
    width = alt.ExprRef(f"clamp(0.6 * width / {len(shown) + 1}, 1, 7)")
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=theme.INK)
    colours = (theme.ACCENT, theme.INDETERMINATE)[-len(bars) :]
    for name, top, end, colour in zip(bars, tops[1:], ends[1:], colours, strict=True):
        band = (label(columns[name], lang), top, end)
        marks = alt.Chart(records(events[["month", "window", name]])).mark_point(
            shape=CROSS, size=60, stroke=theme.NEGATIVE, strokeWidth=1.6
        )
        layers.append(
            alt.layer(
                zero.encode(y=_band_y("zero", *band)),
                base.mark_bar(color=colour, size=width).encode(y=_band_y(name, *band)),
                *([marks.encode(x=x, y=_band_y(name, *band))] if name == bars[-1] else []),
            )
        )
    drawn = alt.layer(*layers).resolve_scale(y="independent").properties(height=430)
    return cast("alt.LayerChart", drawn)


def _band_y(field: str, title: str, top: float, end: float) -> alt.Y:
    """Return a vertical axis that holds one band of the picture, its title above it."""
    reach = [alt.ExprRef(f"height * {end}"), alt.ExprRef(f"height * {top}")]
    return value_y(
        field,
        title,
        scale=alt.Scale(zero=False, nice=True, range=reach),
        titleY=alt.ExprRef(f"height * {top} - 8"),
        orient="left",
        tickCount=5 if top == 0 else 3,
    )


def _parts_caption(shown: pd.DataFrame, has_level: bool, subject: Subject) -> Text:
    known = shown[shown["state"] != "missing"]
    if known.empty:
        return NOTHING
    last = known.iloc[-1]
    if not has_level:
        return say(
            "view.charts_explore.parts_of_growth",
            month=last["period"],
            name=subject.name,
            growth=last["observed_pct"],
            trend=last["trend_pct"],
            rest=abs(last["rest_pp"]),
            way=side_of(last["rest_pp"]),
        )
    return say(
        "view.charts_explore.parts_of_level",
        month=last["period"],
        name=subject.name,
        trend=last["trend_100m"],
        season=abs(last["seasonal_pct"]),
        season_way=side_of(last["seasonal_pct"]),
        rest=abs(last["rest_pct"]),
        rest_way=side_of(last["rest_pct"]),
    )


def distribution(
    flags: pd.DataFrame, *, subject: Subject, definition: Definition = "ytd", months: int = 360
) -> Chart:
    """Return how often growth lay in which range, and where the latest release stands.

    Bins begin at zero, so no bar mixes rising and falling; releases whose sign rounding leaves
    open are a part of their bar of their own.

    Parameters
    ----------
    flags : DataFrame
        Flags of one series; definitions other than `definition` are left out.
    subject : Subject
        Names and language.
    definition : {"ytd", "block", "rolling3"}
        Which growth.
    months : int
        How many calendar months, up to the latest, are counted.

    Returns
    -------
    Chart
        Table: range of growth, releases in it by state.
    """
    lang = subject.lang
    shown = recent(flags[flags["definition"] == definition], months)
    known = shown.dropna(subset=["value_pct"])
    bins = binned(known)
    counts = bins.pivot_table(
        index=["from_pct", "to_pct"], columns="state", values="n", aggfunc="sum", fill_value=0
    ).reset_index()
    ends = {"from": counts["from_pct"], "to": counts["to_pct"]}
    table = pd.DataFrame({label(name, lang): rounded(of) for name, of in ends.items()})
    for state in ("negative", "indeterminate", "non_negative"):
        if state in counts:
            table[STATES[state].in_language(lang)] = counts[state].astype("int64")
    answer = partial(
        subject.chart,
        series_id(f"distribution-{definition}", flags),
        title=say(
            "view.charts_explore.distribution", name=subject.name, told=DEFINITIONS[definition]
        ),
        table=table,
        units=subject.say("发布次数", "releases"),
        as_of=subject.until(known["period"]),
    )
    if known.empty:
        return answer()
    last, states = known.iloc[-1], known["state"].astype("str").value_counts()
    unsure = int(states.get("indeterminate", 0))
    caption = say(
        "view.charts_explore.median",
        name=subject.name,
        total=len(known),
        median=known["value_pct"].median(),
        negative=int(states.get("negative", 0)),
        middle=say("view.charts_explore.unsure", unsure=unsure) if unsure else NOTHING,
        window=window_of(last["period"], definition, lang),
        growth=last["value_pct"],
        lower=int((known["value_pct"] < last["value_pct"]).sum()),
    )
    return answer(caption=caption, chart=_histogram(bins, known, subject, definition))


def binned(known: pd.DataFrame) -> pd.DataFrame:
    """Return the releases of each range of growth and state.

    Returns
    -------
    DataFrame
        ``from_pct to_pct state n``; a range holds its lower end and not its upper one. Ranges are
        the narrowest of 0.5, 1, 2, 5, 10 and 20 points that make 24 or fewer.

    Examples
    --------
    >>> growth = pd.DataFrame({"value_pct": [-0.2, 0.0, 0.3], "state": ["negative", "a", "a"]})
    >>> binned(growth)[["from_pct", "to_pct", "n"]].values.tolist()
    [[-0.5, 0.0, 1.0], [0.0, 0.5, 2.0]]
    """
    reach = known["value_pct"].max() - known["value_pct"].min() if len(known) else 0.0
    width = next((one for one in _WIDTHS if reach <= _MOST_BINS * one), reach / _MOST_BINS)
    first = (known["value_pct"] // width) * width
    bins = known.assign(from_pct=first, to_pct=first + width, state=known["state"].astype("str"))
    return (
        bins.groupby(["from_pct", "to_pct", "state"], as_index=False)
        .size()
        .rename(columns={"size": "n"})
    )


def _histogram(
    bins: pd.DataFrame, known: pd.DataFrame, subject: Subject, definition: Definition
) -> alt.LayerChart:
    """Return a bar a bin, parted by state, and where the latest release stands."""
    lang, last = subject.lang, known.iloc[-1]
    title, count = label(GROWTH[definition], lang), subject.say("发布次数", "Releases")
    states = [one for one in _FILLS if one in set(bins["state"])]
    ends = bins.groupby(["from_pct", "to_pct"])["n"].cumsum()
    data = bins.assign(
        state=state_words(bins["state"], lang),
        floor=ends - bins["n"],
        top=ends,
        range=[
            f"{number(low, lang)}–{number(high, lang)}"
            for low, high in zip(bins["from_pct"], bins["to_pct"], strict=True)
        ],
    )
    bars = alt.Chart(records(data), name=MAIN_NAME).mark_bar(stroke=theme.PAPER, strokeWidth=1)
    encoded = bars.encode(
        x=value_x("from_pct", title, padding=14),
        x2="to_pct:Q",
        y=value_y("floor", count, scale=alt.Scale(nice=True, domainMin=0)),
        y2="top:Q",
        **looks(
            "state",
            [STATES[one].in_language(lang) for one in states],
            color=[_FILLS[one] for one in states],
        ),
        opacity=fade(),
        tooltip=[
            alt.Tooltip("range:N", title=title),
            alt.Tooltip("state:N", title=label("state", lang)),
            alt.Tooltip("n:Q", title=count),
        ],
    )
    window = window_of(last["period"], definition, lang)
    note = {"at": [last["value_pct"]], "words": [f"{window} {percent(last['value_pct'], lang)}"]}
    is_left = bool(last["value_pct"] > known["value_pct"].agg(["min", "max"]).mean())
    mark = alt.Chart(records(pd.DataFrame(note)))
    x = value_x("at", title, padding=14)
    return layered(
        encoded.add_params(pick("state")),
        zero_rule(title, padding=14),
        mark.mark_rule(color=theme.INK, strokeWidth=2, strokeDash=[5, 3]).encode(x=x),
        mark.mark_text(
            align="right" if is_left else "left", dx=-6 if is_left else 6, y=-6, fontWeight="bold"
        ).encode(x=x, text="words:N"),
    )


def of_formula(values: pd.Series, *, subject: Subject, name: str, months: int = 96) -> Chart:
    """Return what a formula makes of some series as a line.

    Parameters
    ----------
    values : Series
        By month, as Periods.
    subject : Subject
        Language and source.
    name : str
        The formula.
    months : int
        How many calendar months, up to the latest, are shown.

    Returns
    -------
    Chart
        Table: month, value.
    """
    lang = subject.lang
    whole = pd.DataFrame({"period": values.index, "value_pct": values.to_numpy(dtype="float64")})
    shown = recent(whole, months)
    known = shown.dropna(subset=["value_pct"])
    table = labelled(lang, block=shown["period"])
    table[name] = rounded(shown["value_pct"], 2).to_numpy()
    answer = partial(
        subject.chart,
        slug("by-formula"),
        title=say("view.charts_explore.by_formula", name=name),
        table=table,
        units=subject.say("依公式", "as the formula says"),
        as_of=subject.until(known["period"]),
    )
    if known.empty:
        return answer()
    last, lowest = known.iloc[-1], known.iloc[int(known["value_pct"].argmin())]
    data = named_months(shown["period"], lang, block_name).assign(value_pct=shown["value_pct"])
    x, y = month_x(lang), value_y("value_pct", name)
    told = {
        "x": x,
        "y": y,
        "tooltip": [
            *tooltips(lang, "window"),
            alt.Tooltip("value_pct:Q", title=name, format=",.1f"),
        ],
    }
    line = alt.Chart(name=MAIN_NAME).mark_line(color=theme.ACCENT, strokeWidth=2.4)
    drawn = line.encode(**told).add_params(zoom())
    points = alt.Chart().mark_point(**_POINTS, color=theme.ACCENT).encode(**told)
    return answer(
        caption=say(
            "view.charts_explore.now_and_lowest",
            name=name,
            month=last["period"],
            value=last["value_pct"],
            month_of_lowest=lowest["period"],
            lowest=lowest["value_pct"],
        ),
        chart=layered(zero_line(name), drawn, points, last_value(data, x, y), data=records(data)),
    )


def own_chart(drawn: Drawn, *, subject: Subject, title: str) -> Chart:
    """Return a chart that the analyst drew with altair, its first 200 rows behind it."""
    data = drawn.data if isinstance(drawn.data, pd.DataFrame) else pd.DataFrame()
    return subject.chart(
        slug("own-chart", title.encode().hex()[:40]),
        title=Text(title, title),
        caption=Text("自己画的图", "a chart of one's own"),
        chart=cast("alt.LayerChart", alt.layer(drawn)),
        table=data.head(200),
        units=subject.say("见坐标轴", "as on the axes"),
    )
