"""The Gantt chart of a ledger: original and latest schedule, what happened, and the slippage."""

from __future__ import annotations

from functools import partial

import altair as alt
import pandas as pd

from faiwatch.core.phrases import count_of, say
from faiwatch.core.text import NOTHING, Language, Text, number
from faiwatch.ledger.charts.rows import ROW, apart, one_line, row_y
from faiwatch.ledger.standing import DATES
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import layered, looks, month_x, records, tooltips
from faiwatch.view.charts.words import labelled

MOST_ROWS = 18  # a longer chart is no chart
MOST_LISTED = 240  # of its table; the whole one is a result file
_SLIP = "delay_finish_months"  # against the original schedule
_BARS = {
    "original": (Text("原计划", "original schedule"), theme.MISSING),
    "latest": (Text("最新计划", "latest schedule"), theme.POSITIVE_MID),
    "actual": (Text("实际", "actual"), theme.POSITIVE),
}
_DATES = DATES[:-1]  # all but that of a stop
_TODAY = Text("台账月末", "end of the ledger's month")


def gantt(stands: pd.DataFrame, *, subject: Subject) -> Chart:
    """Return the schedule of the projects whose finish slipped most.

    Parameters
    ----------
    stands : DataFrame
        From :func:`faiwatch.ledger.standing.standing`; of equal delays the larger project comes
        first.
    subject : Subject
        Names and language; the chart's line stands at the end of its month.

    Returns
    -------
    Chart
        At most :data:`MOST_ROWS` projects. Table: the projects with a date, the longest delay
        first, at most :data:`MOST_LISTED`; months are NaN where a date is missing.
    """
    lang = subject.lang
    dated = stands[stands[_DATES].notna().any(axis="columns")]
    ordered = dated.sort_values(
        [_SLIP, "total_10k"], ascending=False, kind="stable", na_position="last"
    )
    dates = {f"projects.{name}": ordered[name].dt.strftime("%Y-%m").fillna("") for name in _DATES}
    names = {"projects.name": ordered["name"].map(one_line)}
    table = labelled(lang, **names, **dates, delay_finish_months=ordered[_SLIP])
    late = ordered[ordered[_SLIP].gt(0)]
    answer = partial(
        subject.chart,
        slug("ledger-schedule", subject.as_of),
        title=Text("工期：原计划、最新计划与实际", "Schedules: original, latest, actual"),
        table=table.head(MOST_LISTED),
        units=subject.say("日期（年-月）；月", "dates (year-month); months"),
    )
    known = int(ordered[_SLIP].notna().sum())
    of_known = count_of(known, "project")
    if late.empty:
        return answer(
            caption=say("ledger.charts_schedule.none_late", known=known, of_known=of_known)
        )
    middle, longest = (
        number(float(months), lang, 0) for months in (late[_SLIP].median(), late[_SLIP].max())
    )
    cut = NOTHING
    if len(late) > MOST_ROWS:
        cut = say("ledger.charts_schedule.latest_ones_shown", most_rows=MOST_ROWS)
    caption = say(
        "ledger.charts_schedule.will_finish_late",
        known=known,
        n_late=len(late),
        middle=middle,
        longest=longest,
        cut=cut,
        of_known=of_known,
    )
    return answer(caption=caption, chart=_schedules(late.head(MOST_ROWS), subject))


def _schedules(shown: pd.DataFrame, subject: Subject) -> alt.LayerChart:
    lang = subject.lang
    now = pd.Period(subject.as_of, "M").end_time.normalize()
    shown = shown.assign(name=apart(shown["name"]))
    x = month_x(lang, "start")
    words = {kind: look[0].in_language(lang) for kind, look in _BARS.items()}
    colours = looks(
        "what",
        list(words.values()),
        legend=alt.Legend(symbolType="square", symbolStrokeWidth=0),
        color=[look[1] for look in _BARS.values()],
    )
    base = alt.Chart(records(_bars(shown, now, lang))).encode(
        x=x,
        x2=alt.X2("end:T"),
        y=row_y(),
        tooltip=tooltips(lang, "from", "to", name="projects.name", what="schedule"),
        **colours,
    )
    bars = [
        base.transform_filter(alt.datum.what == words[kind]).mark_bar(height=high, yOffset=offset)
        for kind, high, offset in (("original", 6, -7), ("latest", 6, 0), ("actual", 6, 7))
    ]
    slips = shown.assign(
        start=shown["planned_finish"],
        told=[f"+{number(months, 'en', 0)}" for months in shown[_SLIP]],
    )
    later = (
        alt.Chart(records(slips[["name", "start", "told"]]))
        .mark_text(align="left", dx=5, fontWeight="bold", color=theme.NEGATIVE)
        .encode(x=x, y=row_y(), text=alt.Text("told:N"))
    )
    line = alt.Chart(alt.InlineData(values=[{"start": f"{now:%Y-%m-%d}"}]))
    today = line.mark_rule(color=theme.INK, strokeDash=[4, 3], strokeWidth=1.4).encode(x=x)
    said = line.mark_text(
        align="left", baseline="bottom", dx=4, dy=-2, color=theme.INK, text=_TODAY.in_language(lang)
    ).encode(x=x, y=alt.value(0))
    return layered(*bars, today, said, later, height=ROW * len(shown))


def _bars(shown: pd.DataFrame, now: pd.Timestamp, lang: Language) -> pd.DataFrame:
    """Return one row for each bar: three at most for each project."""
    finished = shown["actual_finish"]
    spans = {
        "original": (shown["original_start"], shown["original_finish"]),
        "latest": (shown["planned_start"], shown["planned_finish"]),
        "actual": (shown["actual_start"], finished.where(finished.le(now), now)),
    }
    parts = [
        pd.DataFrame(
            {
                "name": shown["name"],
                "what": _BARS[kind][0].in_language(lang),
                "start": start,
                "end": end,
                "from": start.dt.strftime("%Y-%m"),
                "to": end.dt.strftime("%Y-%m"),
            }
        )
        for kind, (start, end) in spans.items()
    ]
    bars = pd.concat(parts, ignore_index=True)
    return bars[bars["start"].notna() & bars["end"].notna() & bars["start"].le(bars["end"])]
