"""Charts of the revised base: the naive-growth trap, and by how much the base was revised."""

from __future__ import annotations

from functools import partial

import altair as alt
import pandas as pd

from faiwatch.core.text import Language, number, percent, window_name
from faiwatch.data.measures import label
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, series_id
from faiwatch.view.charts.marks import (
    CROSS,
    MAIN_NAME,
    fade,
    layered,
    looks,
    month_x,
    pick,
    recent,
    records,
    tooltips,
    value_y,
    zero_line,
    zoom,
)
from faiwatch.view.charts.words import labelled


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
        title=subject.say(
            f"{subject.name}：公布增速与按公布总量相除的对照",
            f"{subject.name}: published growth and the ratio of levels",
        ),
        table=labelled(
            lang,
            period=both["period"],
            published_yoy_pct=both["ytd_yoy_pct"],
            naive_yoy_pct=both["naive_yoy_pct"],
            opposite=wrong.map({True: subject.say("是", "yes"), False: ""}),
        ),
        as_of=subject.until(both["period"]),
    )
    if both.empty:
        return answer()
    called = both["naive_yoy_pct"] < 0
    n_called, n_false = int(called.sum()), int((called & wrong).sum())
    n_missed = int((~called & wrong).sum())
    since = window_name(str(both["period"].iloc[0]), lang)
    missed = subject.say(
        f"；另有{n_missed}次公布为负而相除得正", f"; and {n_missed} times the reverse"
    )
    caption = subject.say(
        f"{since}以来，按公布总量计算的增速有{n_called}次为负，其中{n_false}次公布的可比增速并不为负"
        f"{missed if n_missed else ''}。判断正负须用公布增速。",
        f"Since {since} the ratio of published levels called growth negative {n_called} times; "
        f"in {n_false} of them published growth was not negative{missed if n_missed else ''}. "
        "Signs must be read from published growth.",
    )
    return answer(caption=caption, chart=_two_growths(both, wrong, lang))


def wrong_sign(both: pd.DataFrame) -> pd.Series:
    """Return where growth from levels is negative and the published is not, or the reverse."""
    return (both["naive_yoy_pct"] < 0) != (both["ytd_yoy_pct"] < 0)


def _two_growths(both: pd.DataFrame, wrong: pd.Series, lang: Language) -> alt.LayerChart:
    """Return published growth, the ratio as a broken line, and crosses where signs differ."""
    title = label("ytd_yoy_pct", lang)
    names = {
        "ytd_yoy_pct": label("published_yoy_pct", lang),
        "naive_yoy_pct": label("naive_yoy_pct", lang),
    }
    data = both.assign(
        month=both["period"], window=[window_name(str(period), lang) for period in both["period"]]
    )[["month", "window", *names]]
    lines = data.melt(["month", "window"], list(names), "which", "value_pct")
    drawn = alt.Chart(records(lines.assign(which=lines["which"].map(names))), name=MAIN_NAME)
    encoded = drawn.mark_line(strokeWidth=2).encode(
        x=month_x(lang),
        y=value_y("value_pct", title),
        **looks(
            "which",
            list(names.values()),
            legend=alt.Legend(columns=alt.ExprRef("width < 420 ? 1 : 0")),
            color=[theme.POSITIVE, theme.ACCENT],
            strokeDash=[[1, 0], [4, 3]],
        ),
        opacity=fade(),
        tooltip=tooltips(lang, "window", which="method", value_pct="ytd_yoy_pct"),
    )
    layers = [zero_line(title), encoded.add_params(zoom(), pick("which"))]
    if wrong.any():
        opposite = data[wrong].rename(
            columns={"ytd_yoy_pct": "published_pct", "naive_yoy_pct": "naive_pct"}
        )
        mark = alt.Chart(records(opposite.assign(sign=label("opposite", lang)))).mark_point(
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
        title=subject.say(
            f"{subject.name}：上年同期基数的调整幅度",
            f"{subject.name}: revision of the base of a year ago",
        ),
        table=labelled(lang, period=periods, base_revision_pct=revision),
        as_of=subject.until(periods),
    )
    if known.empty:
        return answer()
    windows = [window_name(str(period), lang) for period in periods]
    data = pd.DataFrame({"month": periods, "revision_pct": revision, "window": windows})
    bars = alt.Chart(records(data), name=MAIN_NAME).mark_bar(
        size=alt.ExprRef(f"clamp(0.7 * width / {len(known) + 1}, 1, 9)"), color=theme.ACCENT
    )
    encoded = bars.encode(
        x=month_x(lang),
        y=value_y("revision_pct", title),
        tooltip=tooltips(lang, "window", revision_pct="base_revision_pct"),
    )
    last, place = float(revision.iloc[-1]), int(revision.abs().argmax())
    size, most = abs(last), float(revision.iloc[place])
    way = subject.say(*(("低", "below") if last < 0 else ("高", "above")))
    return answer(
        caption=subject.say(
            f"{windows[-1]}公布增速所隐含的上年同期基数比当时公布的总量{way}{percent(size, 'zh')}；"
            f"调整最大的是{windows[place]}，{percent(most, 'zh')}。",
            f"The base implied by the growth of {windows[-1]} lies {number(size, 'en')}% {way} the "
            f"level published a year before; the largest revision is {percent(most, 'en')}, "
            f"{windows[place]}.",
        ),
        chart=layered(encoded.add_params(zoom()), zero_line(title), height=220),
    )
