"""Charts of the parts of a total: how each grows, and what each adds to the total's growth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import altair as alt
import pandas as pd

from faiwatch.core.phrases import brief_growth_phrase, joined, say
from faiwatch.core.text import (
    NOT_AVAILABLE,
    NOT_HELD,
    NOTHING,
    Text,
    number,
    percent,
)
from faiwatch.data.measures import label
from faiwatch.data.reference import ScopeBreak, indicator_named
from faiwatch.stats.parts import PARTS_OF_A_PART
from faiwatch.stats.scopes import scope_of_rows
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, series_id
from faiwatch.view.charts.marks import (
    MAIN_NAME,
    fade,
    layered,
    looks,
    month_x,
    name_y,
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
from faiwatch.view.charts.words import labelled, rounded, state_words

_SIGNED = alt.Scale(
    domain=["negative", "non_negative", "total"], range=[theme.NEGATIVE, theme.POSITIVE, theme.INK]
)


def component_growth(
    flags: pd.DataFrame,
    *,
    subject: Subject,
    names: Mapping[str, str],
    breaks: Iterable[ScopeBreak] = (),
) -> Chart:
    """Return the latest published growth of several indicators as bars, lowest first.

    Parameters
    ----------
    flags : DataFrame
        Flags of one region and several indicators; definitions other than ``ytd`` are left out.
    subject : Subject
        Names and language; its `indicator` is what the parts belong to.
    names : mapping
        What each indicator is called, in the page's language.
    breaks : iterable of ScopeBreak
        A release before a break that forbids joining is not shown beside the latest.

    Returns
    -------
    Chart
        A hollow dot marks the release before. Table: indicator, latest and previous growth in
        percent (NaN = not published), state.
    """
    lang, title = subject.lang, label(subject.growth, subject.lang)
    ytd = flags[flags["definition"] == "ytd"]
    dimensions = ytd["indicator"].map(lambda name: indicator_named(str(name)).dimension)
    latest = _latest_and_previous(ytd[dimensions.ne(PARTS_OF_A_PART)], names, breaks)
    month, when = _when(latest["period"], subject)
    answer = partial(
        subject.chart,
        series_id("component-growth", flags),
        title=say(
            "view.charts_components.growth", name=subject.name, basis=subject.basis, when=when
        ),
        table=labelled(
            lang,
            indicator=latest["name"],
            latest_pct=latest["value_pct"],
            previous_pct=latest["previous_pct"],
            state=state_words(latest["state"], lang),
        ),
        as_of=month,
    )
    if latest.empty:
        return answer()
    tips = {"name": "indicator", "value_pct": "latest_pct"}
    shown = latest[latest["state"] != "missing"]
    data = (shown if len(shown) else latest).drop(columns="period")
    dots = (
        alt.Chart()
        .mark_point(size=70, strokeWidth=1.8)
        .encode(
            x=value_x("previous_pct", title),
            y=name_y(),
            tooltip=tooltips(lang, "previous_pct", **tips),
            shape=alt.Shape("dot:N", title=None, scale=alt.Scale(range=["circle"])),
            fill=alt.value(theme.PAPER),
            stroke=alt.value(theme.INK),
        )
    )
    data = data.assign(dot=subject.say("上期", "Release before"))
    tips["previous_pct"] = "previous_pct"
    chart = _signed_bars(data, "value_pct", title, subject, tips, over=[dots])
    return answer(caption=_growth_caption(latest, subject), chart=chart)


def _when(months: pd.Series, subject: Subject) -> tuple[str, Text]:
    """Return the month of a chart of one release, and how its title says it."""
    month = subject.until(months)
    if months.empty:
        return month, NOTHING
    window = subject.window(month)
    if month >= subject.as_of:
        return month, say("view.charts_components.of_month", window=window)
    return month, say("view.charts_components.no_data_since", window=window)


def _latest_and_previous(
    ytd: pd.DataFrame, names: Mapping[str, str], breaks: Iterable[ScopeBreak]
) -> pd.DataFrame:
    """Return one row an indicator: its state at the latest release, and the growth before."""
    releases = sorted(ytd.loc[ytd["state"] != "missing", "period"].unique())[-2:]
    wanted = ytd[ytd["indicator"].isin(names) & ytd["period"].isin(releases)]
    growth = wanted.pivot(index="indicator", columns="period", values="value_pct")
    state = wanted.pivot(index="indicator", columns="period", values="state").astype("object")
    growth, state = (table.reindex(columns=releases) for table in (growth, state))
    if not releases:
        return pd.DataFrame(columns=["name", "period", "value_pct", "previous_pct", "state"])
    previous = pd.Series(float("nan"), index=growth.index)
    if len(releases) == 2:
        previous = growth[releases[0]]
        scope = wanted.assign(scope=scope_of_rows(wanted, breaks))
        n_scopes = scope.groupby("indicator", observed=True)["scope"].nunique()
        previous = previous.where(n_scopes.reindex(growth.index) == 1)
    return (
        pd.DataFrame(
            {
                "name": [names[str(indicator)] for indicator in growth.index],
                "period": releases[-1],
                "value_pct": growth[releases[-1]],
                "previous_pct": previous,
                "state": state[releases[-1]].fillna("missing"),
            }
        )
        .sort_values("value_pct", kind="stable")
        .reset_index(drop=True)
    )


def _signed_bars(
    data: pd.DataFrame,
    field: str,
    title: str,
    subject: Subject,
    tips: Mapping[str, str],
    over: Sequence[alt.Chart] = (),
) -> alt.LayerChart:
    """Return bars from zero, what lies over them, and the figures on their outer side."""
    write = partial(number, decimals=2) if field.endswith("_pp") else percent
    words = [write(value, subject.lang) for value in data[field]]
    # where the words begin: beyond the dot when the dot lies further out than the bar
    ends = data[[name for name in (field, "previous_pct") if name in data]].fillna(0.0)
    edge = ends.max(axis=1).where(data[field] >= 0, ends.min(axis=1)).fillna(0.0)
    base = alt.Chart().encode(y=name_y(), tooltip=tooltips(subject.lang, **tips))
    bars = base.mark_bar(height=18).encode(
        x=value_x(field, title), color=alt.Color("state:N", legend=None, scale=_SIGNED)
    )
    text = base.encode(x=value_x("edge", title), text="words:N")
    left = text.mark_text(align="right", dx=-9, fontWeight="bold", clip=False)
    right = text.mark_text(align="left", dx=9, fontWeight="bold", clip=False)
    below, is_below = alt.datum[field] < 0, data[field] < 0
    return layered(
        bars,
        zero_rule(title),
        *over,
        *([left.transform_filter(below)] if is_below.any() else []),
        *([right.transform_filter(~below)] if not is_below.all() else []),
        data=records(data.assign(words=words, edge=edge), decimals=2),
        height=34 * len(data),
    )


def _growth_caption(latest: pd.DataFrame, subject: Subject) -> Text:
    known = latest[latest["state"] != "missing"]
    if known.empty:
        return NOTHING
    lowest, missing = known.iloc[0], len(latest) - len(known)
    return say(
        "view.charts_components.lowest",
        window=subject.window(lowest["period"]),
        region=subject.region,
        known=len(known),
        negative=int((known["state"] == "negative").sum()),
        name=lowest["name"],
        growth=brief_growth_phrase(lowest["value_pct"]),
        gap=say("view.charts_components.more", n=missing, absent=NOT_HELD) if missing else NOTHING,
    )


def contributions(
    found: pd.DataFrame,
    *,
    subject: Subject,
    parts: Sequence[str],
    names: Mapping[str, str],
    total_yoy_pct: pd.Series,
) -> Chart:
    """Return what the parts of one cut add to the growth of the total, in percentage points.

    Parameters
    ----------
    found : DataFrame
        Contributions of one region; the latest month that has any of the parts is shown.
    subject : Subject
        Names and language.
    parts : sequence of str
        Indicators of one cut, which do not overlap (sectors, or industries, or ownership).
    names : mapping
        What each part is called, in the page's language.
    total_yoy_pct : Series
        Published growth of the total, indexed by monthly Period. What the parts leave of it is
        shown as "other"; when a part is not known, so is the rest.

    Returns
    -------
    Chart
        Table: indicator, growth in percent, share of the base in percent, contribution in
        percentage points, where the share comes from.
    """
    lang, title = subject.lang, label("contribution_pp", subject.lang)
    of_parts = found["indicator"].isin(parts) & found["contribution_pp"].notna()
    month = found.loc[of_parts, "period"].max()
    latest = found[found["period"] == month]
    until, when = _when(latest["period"], subject)
    called = subject.say("、", ", ").join(names[part] for part in parts)
    rows = _parts_and_rest(latest, parts, names, total_yoy_pct.get(month, float("nan")), subject)
    table = labelled(
        lang,
        indicator=rows["name"],
        latest_pct=rows["yoy_pct"],
        share_of_base_pct=rows["share_pct"],
        contribution_pp=rounded(rows["value_pp"], 2),
        share_basis=rows["basis"],
    )
    answer = partial(
        subject.chart,
        series_id(f"contributions-{'-'.join(parts)}", found),
        title=say(
            "view.charts_components.contributions", name=subject.name, when=when, parts=called
        ),
        table=table.head(0) if rows["value_pp"].iloc[:-2].isna().all() else table,
        units=subject.say("百分点", "percentage points"),
        as_of=until,
    )
    if latest.empty:
        return answer()
    state = (rows["value_pp"] < 0).map({True: "negative", False: "non_negative"})
    data = rows.assign(state=[*state.iloc[:-1], "total"])
    tips = {"name": "indicator", "yoy_pct": "latest_pct", "share_pct": "share_of_base_pct"}
    tips |= {"basis": "share_basis", "value_pp": "contribution_pp"}
    chart = _signed_bars(data, "value_pp", title, subject, tips)
    of_parts = latest[latest["indicator"].isin(parts)]
    return answer(caption=_contribution_caption(of_parts, rows, subject), chart=chart)


def contribution_history(
    found: pd.DataFrame,
    *,
    subject: Subject,
    parts: Sequence[str],
    names: Mapping[str, str],
    total_yoy_pct: pd.Series,
    months: int = 96,
) -> Chart:
    """Return what the parts of one cut added to growth, release by release, as stacked bars.

    Parameters
    ----------
    found : DataFrame
        Contributions of one region.
    subject : Subject
        Names and language.
    parts : sequence of str
        Indicators of one cut that add up to the total; three at most.
    names : mapping
        What each part is called, in the page's language.
    total_yoy_pct : Series
        Published growth of the total, indexed by monthly Period.
    months : int
        How many calendar months, up to the latest, are shown.

    Returns
    -------
    Chart
        A release has bars where every part is known; the line is the growth of the total. Table:
        month, indicator, growth, share, contribution, where the share comes from.
    """
    lang, title = subject.lang, label("contribution_pp", subject.lang)
    known = found[found["indicator"].isin(parts) & found["contribution_pp"].notna()]
    complete = known.groupby("period")["indicator"].transform("size") == len(parts)
    shown = recent(known[complete], months).sort_values(["period", "indicator"])
    total = total_yoy_pct.dropna()
    total = total[total.index > total.index.max() - months]
    answer = partial(
        subject.chart,
        series_id(f"contribution-history-{'-'.join(parts)}", found),
        title=say("view.charts_components.history", name=subject.name),
        table=labelled(
            lang,
            period=shown["period"],
            indicator=shown["indicator"].map(names),
            latest_pct=shown["yoy_pct"],
            share_of_base_pct=shown["share_of_base_pct"],
            contribution_pp=rounded(shown["contribution_pp"], 2),
            share_basis=_bases(shown, subject),
        ),
        units=subject.say("百分点", "percentage points"),
        as_of=subject.until(shown["period"]),
    )
    if shown.empty:
        return answer()
    n, n_all = shown["period"].nunique(), len(total)
    carried = shown.loc[shown["basis"] != "same_release", "period"].nunique()
    grown = found[found["indicator"].isin(parts) & found["yoy_pct"].notna()]
    n_grown = int(
        grown[grown["period"].isin(total.index)].groupby("period").size().eq(len(parts)).sum()
    )
    lacking = []
    if n_grown < n_all:
        lacking.append(say("view.charts_components.growth_lacking", n=n_all - n_grown))
    if n < n_grown:
        lacking.append(say("view.charts_components.values_lacking", n=n_grown - n))
    gap = NOTHING
    if lacking:
        gap = say(
            "view.charts_components.sectors_lacking",
            lacking=joined(lacking, "、", " and "),
            absent=NOT_HELD,
        )
    caption = say(
        "view.charts_components.taken_apart", releases=n_all, apart=n, gap=gap, carried=carried
    )
    return answer(caption=caption, chart=_stacked(shown, total, parts, names, subject, title))


def _stacked(
    shown: pd.DataFrame,
    total: pd.Series,
    parts: Sequence[str],
    names: Mapping[str, str],
    subject: Subject,
    title: str,
) -> alt.LayerChart:
    """Return the bars of each release, one part upon the other, and the line of the total."""
    lang, all_parts = subject.lang, subject.say("合计（公布增速）", "total (published)")
    bars = named_months(shown["period"], lang).assign(
        which=shown["indicator"].map(names), value_pp=shown["contribution_pp"]
    )
    line = named_months(total.index, lang).assign(which=all_parts, value_pp=total)
    months = (shown["period"].max() - shown["period"].min()).n + 1
    tips = tooltips(lang, "window", which="indicator", value_pp="contribution_pp")
    scales = looks(
        "which",
        [*(names[part] for part in parts), all_parts],
        legend=alt.Legend(columns=alt.ExprRef("width < 420 ? 2 : 4")),
        color=[theme.POSITIVE_MID, theme.NEGATIVE, theme.ACCENT, theme.INK][-len(parts) - 1 :],
    )
    x, y = month_x(lang), value_y("value_pp", title)
    stacked = (
        alt.Chart(records(bars, decimals=2), name=MAIN_NAME)
        .mark_bar(size=alt.ExprRef(f"clamp(0.7 * width / {months}, 1, 14)"))
        .encode(x=x, y=y, tooltip=tips, opacity=fade(), **scales)
        .add_params(zoom(), pick("which"))
    )
    drawn = (
        alt.Chart(records(line))
        .mark_line(point=alt.OverlayMarkDef(size=14, filled=True), strokeWidth=1.6)
        .encode(x=x, y=y, tooltip=tips, **scales)
    )
    return layered(stacked, zero_line(title), drawn, height=300)


def _bases(shares: pd.DataFrame, subject: Subject) -> list[str]:
    """Return where each share comes from."""
    told = []
    for kind, period in zip(shares["basis"], shares["share_period"], strict=True):
        words = NOT_AVAILABLE[subject.lang]
        if kind == "same_release":
            words = subject.say("同次公布", "Same release")
        elif kind == "earlier_release":
            earlier = say("view.charts_components.earlier_share", month=period)
            words = earlier.in_language(subject.lang)
        told.append(words)
    return told


def _parts_and_rest(
    latest: pd.DataFrame,
    parts: Sequence[str],
    names: Mapping[str, str],
    total: float,
    subject: Subject,
) -> pd.DataFrame:
    """Return the parts, least first, what they leave of the total's growth, and the total."""
    latest = latest.set_index("indicator").reindex(list(parts))
    rows = pd.DataFrame(
        {
            "name": [names[part] for part in parts],
            "yoy_pct": latest["yoy_pct"].to_numpy(),
            "share_pct": latest["share_of_base_pct"].to_numpy(),
            "value_pp": latest["contribution_pp"].to_numpy(),
            "basis": _bases(latest, subject),
        }
    )
    more = pd.DataFrame(
        {
            "name": [label("other", subject.lang), subject.say("合计", "Total")],
            "yoy_pct": [float("nan"), total],
            "share_pct": [100 - rows["share_pct"].sum(skipna=False), 100.0],
            "value_pp": [total - rows["value_pp"].sum(skipna=False), total],
            "basis": [subject.say("合计减各部分", "Total less the parts"), ""],
        }
    )
    return pd.concat([rows.sort_values("value_pp", kind="stable"), more], ignore_index=True)


def _contribution_caption(latest: pd.DataFrame, rows: pd.DataFrame, subject: Subject) -> Text:
    parts = rows.iloc[:-2].dropna(subset=["value_pp"])
    total = rows.iloc[-1]["value_pp"]
    if parts.empty or pd.isna(total):
        return NOTHING
    said = say(
        "view.charts_components.total",
        month=latest["period"].iloc[0],
        name=subject.name,
        growth=brief_growth_phrase(total),
    )
    if latest["basis"].eq("earlier_release").any():
        # contributions that rest on shares of earlier releases: about, and none of them "most"
        about = (
            say("view.charts_components.about", name=name, points=value)
            for name, value in zip(parts["name"], parts["value_pp"], strict=True)
        )
        return say("view.charts_components.assumed", said=said, parts=joined(about, "、", ", "))
    extreme = parts.iloc[0] if total < 0 else parts.iloc[-1]
    are_all = len(parts) == len(rows) - 2
    return say(
        "view.charts_components.most",
        said=said,
        known=NOTHING if are_all else Text("已知部分中", " among the known parts"),
        name=extreme["name"],
        points=extreme["value_pp"],
    )
