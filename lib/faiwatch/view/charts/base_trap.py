"""Charts of the revised base: the naive-growth trap, and by how much the base was revised."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from faiwatch.core.text import number, percent, window_name
from faiwatch.data.measures import label
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, series_id
from faiwatch.view.charts.marks import (
    CROSS,
    MAIN_NAME,
    fade,
    layered,
    month_x,
    pick,
    recent,
    records,
    tooltips,
    value_y,
    zero_line,
    zoom,
)
from faiwatch.view.charts.words import labelled, not_available, series_name


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
    table = labelled(
        lang,
        period=both["period"],
        published_yoy_pct=both["ytd_yoy_pct"],
        naive_yoy_pct=both["naive_yoy_pct"],
        opposite=wrong.map({True: subject.say("是", "yes"), False: ""}),
    )
    return subject.chart(
        series_id("base-trap", measured),
        title=subject.say(
            f"{series_name(subject)}：公布增速与按公布总量相除的对照",
            f"{series_name(subject)}: published growth and the ratio of levels",
        ),
        caption=_trap_caption(both, wrong, subject),
        chart=_trap_chart(both, wrong, subject) if len(both) else None,
        table=table,
        as_of=subject.until(both["period"]),
    )


def wrong_sign(both: pd.DataFrame) -> pd.Series:
    """Return where growth from levels is negative and the published is not, or the reverse."""
    return (both["naive_yoy_pct"] < 0) != (both["ytd_yoy_pct"] < 0)


def _trap_chart(both: pd.DataFrame, wrong: pd.Series, subject: Subject) -> alt.LayerChart:
    lang = subject.lang
    names = {
        "ytd_yoy_pct": label("published_yoy_pct", lang),
        "naive_yoy_pct": label("naive_yoy_pct", lang),
    }
    data = both.assign(
        month=both["period"],
        window=[window_name(str(period), lang) for period in both["period"]],
        wrong=wrong,
    )
    return layered(
        zero_line(label("ytd_yoy_pct", lang)),
        _two_lines(data, names, subject).add_params(zoom(), pick("which")),
        *([_crosses(data[data["wrong"]], subject)] if wrong.any() else []),
    )


def _two_lines(data: pd.DataFrame, names: Mapping[str, str], subject: Subject) -> alt.Chart:
    """Return the two growth rates as a full and a broken line."""
    lang = subject.lang
    keys = ["month", "window"]
    lines = data[[*keys, *names]].melt(keys, list(names), "which", "value_pct")
    lines = lines.assign(which=lines["which"].map(dict(names)))
    colours = alt.Scale(domain=list(names.values()), range=[theme.POSITIVE, theme.ACCENT])
    dashes = alt.Scale(domain=list(names.values()), range=[[1, 0], [4, 3]])
    title = label("ytd_yoy_pct", lang)
    legend = alt.Legend(columns=alt.ExprRef("width < 420 ? 1 : 0"))
    drawn: alt.Chart = (
        alt.Chart(records(lines), name=MAIN_NAME)
        .mark_line(strokeWidth=2)
        .encode(
            x=month_x(lang),
            y=value_y("value_pct", title),
            color=alt.Color("which:N", title=None, legend=legend, scale=colours),
            strokeDash=alt.StrokeDash("which:N", title=None, legend=legend, scale=dashes),
            opacity=fade(),
            tooltip=tooltips(lang, "window", which="method", value_pct="ytd_yoy_pct"),
        )
    )
    return drawn


def _crosses(opposite: pd.DataFrame, subject: Subject) -> alt.Chart:
    lang = subject.lang
    data = opposite.rename(columns={"ytd_yoy_pct": "published_pct", "naive_yoy_pct": "naive_pct"})
    data = data[["month", "window", "published_pct", "naive_pct"]].assign(
        sign=label("opposite", lang)
    )
    mark = alt.Chart(records(data)).mark_point(size=64, strokeWidth=2.4, color=theme.NEGATIVE)
    shape = alt.Shape("sign:N", title=None, scale=alt.Scale(range=[CROSS]))
    marked: alt.Chart = mark.encode(
        x=month_x(lang),
        y=value_y("naive_pct", label("ytd_yoy_pct", lang)),
        shape=shape,
        tooltip=tooltips(
            lang,
            "window",
            "sign",
            published_pct="published_yoy_pct",
            naive_pct="naive_yoy_pct",
        ),
    )
    return marked


def _trap_caption(both: pd.DataFrame, wrong: pd.Series, subject: Subject) -> str:
    if both.empty:
        return not_available(subject)
    called = both["naive_yoy_pct"] < 0
    n_called, n_false = int(called.sum()), int((called & wrong).sum())
    n_missed = int((~called & wrong).sum())
    since = window_name(str(both["period"].iloc[0]), subject.lang)
    missed = subject.say(
        f"；另有{n_missed}次公布为负而相除得正", f"; and {n_missed} times the reverse"
    )
    return subject.say(
        f"{since}以来，按公布总量直接相除有{n_called}次得负，其中{n_false}次公布的可比增速并不为负"
        f"{missed if n_missed else ''}。判断正负须用公布增速。",
        f"Since {since} the ratio of published levels called growth negative {n_called} times; "
        f"in {n_false} of them published growth was not negative{missed if n_missed else ''}. "
        "Signs must be read from published growth.",
    )


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
    lang = subject.lang
    known = measured.dropna(subset=["base_revision_pct"]).sort_values("period")
    table = labelled(lang, period=known["period"], base_revision_pct=known["base_revision_pct"])
    return subject.chart(
        series_id("base-revision", measured),
        title=subject.say(
            f"{series_name(subject)}：上年同期基数的调整幅度",
            f"{series_name(subject)}: revision of the base of a year ago",
        ),
        caption=_revision_caption(known, subject),
        chart=_revision_chart(known, subject) if len(known) else None,
        table=table,
        as_of=subject.until(known["period"]),
    )


def _revision_chart(known: pd.DataFrame, subject: Subject) -> alt.LayerChart:
    lang = subject.lang
    title = label("base_revision_pct", lang)
    data = pd.DataFrame(
        {
            "month": known["period"],
            "revision_pct": known["base_revision_pct"],
            "window": [window_name(str(period), lang) for period in known["period"]],
        }
    )
    tips = tooltips(lang, "window", revision_pct="base_revision_pct")
    bars = alt.Chart(records(data), name=MAIN_NAME).mark_bar(
        size=alt.ExprRef(f"clamp(0.7 * width / {len(known) + 1}, 1, 9)"), color=theme.ACCENT
    )
    encoded = bars.encode(x=month_x(lang), y=value_y("revision_pct", title), tooltip=tips)
    return layered(encoded.add_params(zoom()), zero_line(title)).properties(height=220)


def _revision_caption(known: pd.DataFrame, subject: Subject) -> str:
    if known.empty:
        return not_available(subject)
    last = known.iloc[-1]
    largest = known.iloc[known["base_revision_pct"].abs().argmax()]
    window, then = (window_name(str(row["period"]), subject.lang) for row in (last, largest))
    size, most = abs(last["base_revision_pct"]), largest["base_revision_pct"]
    way = subject.say(*(("低", "below") if last["base_revision_pct"] < 0 else ("高", "above")))
    return subject.say(
        f"{window}公布增速所隐含的上年同期基数比当时公布的总量{way}{percent(size, 'zh')}；"
        f"调整最大的是{then}，{percent(most, 'zh')}。",
        f"The base implied by the growth of {window} lies {number(size, 'en')}% {way} the level "
        f"published a year before; the largest revision is {percent(most, 'en')}, {then}.",
    )
