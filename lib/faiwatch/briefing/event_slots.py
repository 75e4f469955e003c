"""Slots that come from the list of events, in the words of its rows.

Method: ``docs/methods/briefing.md``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from babel.dates import format_date

from faiwatch.briefing.filling import Material, filled, lacking, said, whole
from faiwatch.briefing.record import NOTHING, Slot
from faiwatch.core.phrases import count_of
from faiwatch.core.provenance import What
from faiwatch.core.text import BABEL_LOCALES, LANGUAGES, Language, Text
from faiwatch.data.ledger_fields import ledger_tables

DATED = ("interview", "site_review", "meeting", "inspection")  # have a slot for their latest day
UNTYPED = "other"
MOST_TOLD = 5  # of one type; all of them are counted
_COUNTED = {"document": ("件", "document"), "task_force": ("个", "task force")}


def event_slots(material: Material) -> Iterator[Slot]:
    """Yield how many events the year has, in all and by type, and the latest day of some types.

    A count of a type says in its form ``told`` what happened, as the rows have it: nothing about
    who did it, to whom and why is added.
    """
    labels = {one.value: one.label for one in ledger_tables()["events"].fields["type"].choices}
    rows, missing = _of_year(material)
    defined = {"n_events": _count_what(Text("合计", "in all"))}
    defined |= {f"n_event_{kind}": _count_what(label) for kind, label in labels.items()}
    if missing:
        yield from (lacking(id, what, missing) for id, what in defined.items())
        yield from (lacking(f"event_{kind}", _day_what(labels[kind]), missing) for kind in DATED)
        return
    inputs = material.cells(rows, "date")
    yield filled("n_events", defined["n_events"], len(rows), whole(len(rows)), inputs)
    for kind in labels:
        of_kind = rows[rows["type"].replace("", UNTYPED).eq(kind)]
        yield _count(material, kind, of_kind, defined[f"n_event_{kind}"])
        if kind in DATED:
            yield _latest(material, kind, of_kind, labels[kind])


def _of_year(material: Material) -> tuple[pd.DataFrame, Text | None]:
    table, month = material.ledger.get("events"), material.month
    if table is None:
        label = ledger_tables()["events"].label
        return pd.DataFrame(), Text(
            f"台账没有「{label.zh}」表", f"the ledger has no table {label.en!r}"
        )
    of_year = table["date"].between(pd.Timestamp(month.year, 1, 1), month.end_time)
    return table[of_year].sort_values("date", kind="stable"), None


def _count(material: Material, kind: str, rows: pd.DataFrame, what: What) -> Slot:
    last = rows.tail(MOST_TOLD)
    inputs = material.cells(rows, "date") + material.cells(last, "title")
    slot = filled(f"n_event_{kind}", what, len(rows), whole(len(rows)), inputs)
    zh, en = _COUNTED.get(kind, ("次", "time"))
    times = Text(f"{len(rows)}{zh}", count_of(len(rows), en))
    return said(slot, times=times, told=_told(last, is_all=len(last) == len(rows)))


def _told(rows: pd.DataFrame, *, is_all: bool) -> Text:
    """Say day and title of each row."""
    days = {lang: [_day(day, lang) for day in rows["date"]] for lang in LANGUAGES}
    titles = [str(title).strip().rstrip("。；;.") for title in rows["title"]]
    zh = [f"{day}，{title}" for day, title in zip(days["zh"], titles, strict=True)]
    en = [f"{day}, “{title}”" for day, title in zip(days["en"], titles, strict=True)]
    more = NOTHING if is_all else Text(f"最近{len(rows)}次为", f"the latest {len(rows)} are ")
    return Text(more.zh + "；".join(zh), more.en + "; ".join(en))


def _latest(material: Material, kind: str, rows: pd.DataFrame, label: Text) -> Slot:
    id, what, year = f"event_{kind}", _day_what(label), material.month.year
    if rows.empty:
        missing = Text(
            f"大事记没有{year}年到期末的{label.zh}",
            f"the list of events has no {label.en} in {year} so far",
        )
        return lacking(id, what, missing)
    last = rows.tail(1)
    day, title = last["date"].iloc[0], str(last["title"].iloc[0])
    told = Text(_day(day, "zh"), _day(day, "en"))
    inputs = material.cells(last, "date") + material.cells(last, "title")
    slot = filled(id, what, f"{day:%Y-%m-%d}", told, inputs)
    times = Text(f"{len(rows)}次", count_of(len(rows), "time"))
    return said(slot, title=Text(title, title), times=times)


def _day(day: pd.Timestamp, lang: Language) -> str:
    return format_date(day.date(), "M月d日" if lang == "zh" else "d MMMM", BABEL_LOCALES[lang])


def _count_what(label: Text) -> What:
    return What(
        Text(f"本年事件数（{label.zh}）", f"events this year ({label.en})"),
        "times",
        "number of rows in the year up to as_of",
        "本年截至期末的行数",
    )


def _day_what(label: Text) -> What:
    return What(
        Text(f"本年最近一次{label.zh}的日期", f"day of the latest {label.en} this year"),
        "date",
        "latest date of this type in the year up to as_of",
        "本年截至期末该类型日期中最晚的一个",
    )
