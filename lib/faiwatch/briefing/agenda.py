"""The agenda of a meeting as a Word file, ready to be printed: nothing in it is worked out here.

Method: ``docs/methods/ledger-agenda.md``. Its numbers and rows come from
:mod:`faiwatch.ledger.meeting`; each row names its place in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from docx.document import Document

from faiwatch.briefing.lists import day_words
from faiwatch.briefing.plain import MARKS
from faiwatch.briefing.word.edges import blank_document
from faiwatch.briefing.word.package import fit_for_xml, packed, set_properties
from faiwatch.briefing.word.tables import add_table
from faiwatch.core.phrases import joined, row_phrase, say, with_stop
from faiwatch.core.text import Language, Text
from faiwatch.ledger.agenda import ITEMS, KINDS
from faiwatch.ledger.charts.rows import one_line
from faiwatch.ledger.meeting import DAYS_AHEAD, Agenda
from faiwatch.ledger.road_map import KINDS as ROAD_KINDS
from faiwatch.ledger.status import status_words
from faiwatch.ledger.work_list import CARRIED_OUT, ladder_words, step_words

MOST = 40  # rows of one list on paper; the workbook has them all
_BLANK_LINES = 6  # of the record of decisions
_RECORD_MM, _RECORD_ROW_MM = (14, 84, 32, 26), 11
_TITLE = Text("投资项目推进会议议程", "Agenda of the meeting on investment projects")
_NUMERALS = "一二三四五六七八"
_NOTHING = Text("没有。", "None.")
_HEADS: dict[str, Text] = {
    "decision": Text("议定事项", "Decision"),
    "unit": Text("责任单位", "Responsible unit"),
    "due": Text("时限", "Due"),
    "state": Text("落实情况", "Result"),
    "why": Text("事由", "Why"),
    "kind": Text("种类", "Kind"),
    "what": Text("事项", "Subject"),
    "late": Text("逾期天数", "Days overdue"),
    "age": Text("已历时天数", "Days open"),
    "step": Text("下一步", "What next"),
    "place": Text("台账位置", "In the ledger"),
    "no": Text("序号", "No."),
    "day": Text("日期", "Date"),
}
Cells = Callable[[pd.Series], Sequence[str]]


def agenda_document(found: Agenda, *, is_made_up: bool, lang: Language) -> bytes:
    """Return the agenda of a meeting as a ``.docx`` file.

    Parameters
    ----------
    found : Agenda
        From :func:`faiwatch.ledger.meeting.meeting_agenda`.
    is_made_up : bool
        Whether the ledger is the demonstration one; every page says so.
    lang : {"zh", "en"}
        Language of everything but the words of the ledger.

    Returns
    -------
    bytes
        The same for the same input, whenever it is made.
    """
    kinds = ("confidential", *(["made_up"] * is_made_up))
    document = blank_document(lang, [MARKS[kind].in_language(lang) for kind in kinds])
    title = _TITLE.in_language(lang)
    document.add_paragraph(title, "Title")
    last = one_line(found.last.title)
    day, before = (day_words(one, with_year=True) for one in (found.until, found.last.day))
    about = say(
        "briefing.agenda.last_meeting",
        day=day,
        before=joined([Text(last, last), before], "，", ", ") if last else before,
    )
    document.add_paragraph(fit_for_xml(about.in_language(lang)), "Subtitle")
    _decided(document, found, lang)
    _happened(document, found, lang)
    _open(document, found, lang)
    _coming(document, found, lang)
    words = Text("会上填写；会后录入会议纪要表。", "To be filled in, then kept in the minutes.")
    _section(document, 5, Text("本次会议议定事项", "Decisions of this meeting"), words, lang)
    heads = [_HEADS[name].in_language(lang) for name in ("no", "decision", "unit", "due")]
    lines = [(str(at), "", "", "") for at in range(1, _BLANK_LINES + 1)]
    add_table(document, [heads, *lines], lang=lang, widths_mm=_RECORD_MM, row_mm=_RECORD_ROW_MM)
    set_properties(document, title=title, lang=lang, issued=f"{found.until:%Y-%m-%d}")
    return packed(document)


def _decided(document: Document, found: Agenda, lang: Language) -> None:
    rows, done = found.decided, int(found.decided["state"].eq("done").sum())
    late = int(rows["state"].eq("overdue").sum())
    words = say("briefing.agenda.decided_last_time", n_rows=len(rows), done=done, late=late)
    title = Text("上次会议议定事项落实情况", "What was decided last time")
    _section(document, 1, title, words if len(rows) else _NOTHING, lang)
    _list(
        document,
        rows,
        ("decision", "unit", "due", "state", "place"),
        lambda row: (
            row["decision"],
            row["unit"],
            _day(row["due"]),
            CARRIED_OUT[row["state"]].in_language(lang),
            _at(row, lang),
        ),
        lang,
    )


def _happened(document: Document, found: Agenda, lang: Language) -> None:
    rows = found.happened[found.happened["kind"].ne("still_overdue")]
    counts = rows["kind"].value_counts()
    told = [(KINDS[kind], int(counts[kind])) for kind in KINDS if kind in counts]
    counted = joined((say("briefing.agenda.counted", what=one, n=n) for one, n in told), "，", "; ")
    words = with_stop(counted)
    title = Text("上次会议以来的变化", "What has happened since")
    _section(document, 2, title, words if told else _NOTHING, lang)
    status = {name: one.in_language(lang) for name, one in status_words().items()}

    def cells(row: pd.Series) -> Sequence[str]:
        moved = f"{status.get(row['was'], '')} → {status.get(row['became'], '')}"
        what = f"{row['title']} {moved}" if row["was"] else row["title"] or row["id"]
        kinds = KINDS[row["kind"]].in_language(lang), ITEMS[row["item"]].in_language(lang)
        return (*kinds, what, row["owner"], str(row["overdue_days"] or ""), _at(row, lang))

    _list(document, rows, ("why", "kind", "what", "unit", "late", "place"), cells, lang)


def _open(document: Document, found: Agenda, lang: Language) -> None:
    rows, late = found.open, int(found.open["overdue_days"].gt(0).sum())
    words = say("briefing.agenda.open_items", n_rows=len(rows), late=late, rule=ladder_words())
    title = Text("未办结事项和下一步", "What is open, and the next step")
    _section(document, 3, title, words if len(rows) else _NOTHING, lang)
    steps = {name: one.in_language(lang) for name, one in step_words().items()}

    def cells(row: pd.Series) -> Sequence[str]:
        what = row["title"] or row["id"]
        days = (_count(row["age_days"]), _day(row["due"]), _count(row["overdue_days"]))
        return (what, row["owner"], *days, steps.get(row["step"], ""), _at(row, lang))

    _list(document, rows, ("what", "unit", "age", "due", "late", "step", "place"), cells, lang)


def _coming(document: Document, found: Agenda, lang: Language) -> None:
    rows = found.coming
    words = say("briefing.agenda.due_soon", days_ahead=DAYS_AHEAD, n_rows=len(rows))
    title = Text("近期到期事项", "What comes next")
    _section(document, 4, title, words if len(rows) else _NOTHING, lang)
    _list(
        document,
        rows,
        ("day", "kind", "what", "unit", "place"),
        lambda row: (
            _day(row["day"]),
            ROAD_KINDS[row["kind"]].in_language(lang),
            row["item"],
            row["owner"],
            _at(row, lang),
        ),
        lang,
    )


def _section(document: Document, at: int, title: Text, words: Text, lang: Language) -> None:
    heading = Text(f"{_NUMERALS[at - 1]}、{title.zh}", f"{at}. {title.en}")
    document.add_paragraph(heading.in_language(lang), "Heading 1")
    document.add_paragraph(words.in_language(lang), "Normal")


def _list(
    document: Document, rows: pd.DataFrame, columns: Sequence[str], cells: Cells, lang: Language
) -> None:
    """Add a table of some rows, at most :data:`MOST`, and say how many there are."""
    if rows.empty:
        return
    heads = [_HEADS[name].in_language(lang) for name in columns]
    lines = [[one_line(cell) for cell in cells(row)] for _, row in rows.head(MOST).iterrows()]
    add_table(document, [heads, *lines], lang=lang)
    if len(rows) > MOST:
        more = say("briefing.agenda.first_listed", most=MOST, n_rows=len(rows))
        document.add_paragraph(more.in_language(lang), "Source")


def _at(row: pd.Series, lang: Language) -> str:
    return row_phrase(row["sheet"], row["row"]).in_language(lang)


def _day(day: pd.Timestamp | None) -> str:
    return "" if day is None or pd.isna(day) else f"{day:%Y-%m-%d}"


def _count(days: float) -> str:
    return f"{days:.0f}" if days > 0 else ""
