"""The road map of a ledger: what must happen in the months around now, and what is late."""

from __future__ import annotations

import altair as alt
import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import NOTHING, Text
from faiwatch.ledger.charts.rows import ROW, apart, one_line, row_y
from faiwatch.ledger.road_map import KINDS, STATES
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import layered, month_x, records, tooltips
from faiwatch.view.charts.words import labelled
from faiwatch.view.tables import in_words

MOST_ROWS, MOST_LISTED = 20, 240
MONTHS_AHEAD = 6
_COLOURS = {"late": theme.NEGATIVE, "due": theme.POSITIVE_MID}  # what is done is not drawn


def road_map_chart(plan: pd.DataFrame, stands: pd.DataFrame, *, subject: Subject) -> Chart:
    """Return what must happen from January to half a year ahead, late items first.

    Parameters
    ----------
    plan : DataFrame
        From :func:`faiwatch.ledger.road_map.road_map`.
    stands : DataFrame
        From ``standing()``: a project has a bar from its planned start to its planned finish.
    subject : Subject
        Names and language; the line stands at the end of its month.

    Returns
    -------
    Chart
        At most :data:`MOST_ROWS` rows; table: at most :data:`MOST_LISTED` items of the same months.
    """
    month = pd.Period(subject.as_of, "M")
    near = plan[plan["month"].le(month + MONTHS_AHEAD)]
    waits = near[near["state"].ne("done")]
    order = waits["state"].map(list(STATES).index)
    ordered = waits.assign(order=order).sort_values(["order", "day"], kind="stable")
    shown = ordered.drop_duplicates(["item", "owner"]).head(MOST_ROWS)
    table = labelled(
        subject.lang,
        month=near["month"],
        day=near["day"].dt.strftime("%Y-%m-%d"),
        agenda_item=in_words(near["kind"], KINDS, subject.lang),
        agenda_about=near["item"].map(one_line),
        work_state=in_words(near["state"], STATES, subject.lang),
        overdue_days=near["late_days"].astype("float64"),
    )
    n_late, n_due = (int(waits["state"].eq(state).sum()) for state in ("late", "due"))
    cut = NOTHING
    if len(shown) < len(waits):
        cut = say("ledger.charts_road_map.cut", n=len(shown))
    return subject.chart(
        slug("ledger-road-map", subject.as_of),
        title=Text("时间表、路线图", "Timetable and road map"),
        caption=say(
            "ledger.charts_road_map.late_and_due",
            cut=cut,
            n_late=n_late,
            months_ahead=MONTHS_AHEAD,
            n_due=n_due,
        ),
        chart=_chart(shown, stands, subject) if len(shown) else None,
        table=table.head(MOST_LISTED),
        units=subject.say("日期；天", "dates; days"),
    )


def _chart(shown: pd.DataFrame, stands: pd.DataFrame, subject: Subject) -> alt.LayerChart:
    lang = subject.lang
    now = pd.Period(subject.as_of, "M").end_time.normalize()
    ahead = (pd.Period(subject.as_of, "M") + MONTHS_AHEAD).end_time.normalize()
    first = min(shown["day"].min(), now - pd.DateOffset(months=8))
    once = stands.drop_duplicates("project_code").set_index("project_code")
    start = once["planned_start"].fillna(once["original_start"])
    of_project = shown["kind"].isin(["start", "finish"])
    rows = shown.assign(
        name=apart(shown["item"].map(lambda item: one_line(item, longest=26))),
        what=in_words(shown["kind"], KINDS, lang),
        state=in_words(shown["state"], STATES, lang),
        start=shown["project_code"].map(start).where(of_project, shown["day"]).clip(lower=first),
        until=shown["day"],
        when=shown["day"].dt.strftime("%Y-%m-%d"),
        owner=shown["owner"].map(one_line),
    )
    words = [STATES[state].in_language(lang) for state in _COLOURS]
    colour = alt.Color(
        "state:N", title=None, scale=alt.Scale(domain=words, range=list(_COLOURS.values()))
    )
    data = rows[["name", "what", "state", "start", "until", "when", "owner"]]
    tips = tooltips(
        lang, name="agenda_about", what="agenda_item", owner="projects.unit", when="day"
    )
    base = alt.Chart(records(data)).encode(y=row_y(), color=colour, tooltip=tips)
    ends = [f"{first:%Y-%m-%d}", f"{ahead:%Y-%m-%d}"]
    scale = alt.Scale(type="utc", domain=ends, padding=14)
    x = month_x(lang, "start")
    bars = base.mark_bar(height=8, opacity=0.45).encode(x=x.scale(scale), x2=alt.X2("until:T"))
    marks = base.mark_point(filled=True, size=80, opacity=1, shape="diamond").encode(
        x=month_x(lang, "until").scale(scale)
    )
    line = alt.Chart(alt.InlineData(values=[{"start": f"{now:%Y-%m-%d}"}]))
    today = line.mark_rule(color=theme.INK, strokeDash=[4, 3]).encode(x=x.scale(scale))
    return layered(bars, marks, today, height=ROW * len(rows))
