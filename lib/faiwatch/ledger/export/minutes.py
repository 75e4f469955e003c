"""A form for the minutes of a meeting: its items proposed as decisions, read back as minutes."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Language, Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.ledger.check_register import PROPOSED
from faiwatch.ledger.export.template import form_column
from faiwatch.ledger.meeting import Agenda
from faiwatch.ledger.work_list import step_words
from faiwatch.view.sheets.forms import fill_form, lists_sheet, new_workbook

MOST = 60
_NAME = Text("投资项目推进会", "meeting on investment projects")
_NOTES = (
    Text(
        "每行是拟议的一项，由议程里的逾期、未定单位、未定时限事项生成；议定的改写“议定事项”并去掉“拟议：”，"
        "填责任单位和时限，没有议定的整行删除。",
        "Each row proposes a decision, made from what is overdue, nobody's or without a day. "
        "Rewrite what was decided without “Proposed:”, fill in unit and day; delete the others.",
    ),
    Text(
        "填好后与台账放在同一文件夹，或贴入台账的“会议纪要”表。",
        "When filled in, put it into the folder of the ledger, or paste it into its sheet Minutes.",
    ),
)


def proposed_decisions(found: Agenda, *, lang: Language) -> pd.DataFrame:
    """Return the rows that the form begins with: what is open and needs a decision.

    Parameters
    ----------
    found : Agenda
        From :func:`faiwatch.ledger.meeting.meeting_agenda`.
    lang : {"zh", "en"}
        Language of the proposal; the words of the ledger stay.

    Returns
    -------
    DataFrame
        ``id date meeting decision unit due`` of at most :data:`MOST` items whose next step is not
        to carry out in time; a day that is past is left blank.
    """
    rows = found.open[found.open["step"].ne("carry_out")].head(MOST)
    steps, before = step_words(), PROPOSED.in_language(lang)
    between = Text("——", " – ").in_language(lang)
    told = [
        f"{before}{title or id}{between}{steps[step].in_language(lang)}"
        for title, id, step in zip(rows["title"], rows["id"], rows["step"], strict=True)
    ]
    return pd.DataFrame(
        {
            "id": [f"{found.until:%Y%m%d}-{at:02d}" for at in range(1, len(rows) + 1)],
            "date": found.until,
            "meeting": _NAME.in_language(lang),
            "decision": told,
            "unit": rows["owner"].to_list(),
            "due": rows["due"].where(rows["due"].gt(found.until)).to_list(),
        }
    )


def minutes_form(found: Agenda, *, lang: Language) -> bytes:
    """Return the form as a workbook with one sheet, which is read back as table ``minutes``.

    Parameters
    ----------
    found : Agenda
        From :func:`faiwatch.ledger.meeting.meeting_agenda`.
    lang : {"zh", "en"}
        Language of the form.
    """
    table = ledger_tables()["minutes"]
    fields = list(table.fields.values())
    with new_workbook() as (book, content):
        sheet = book.add_worksheet(table.label.in_language(lang))
        lists_sheet(book)
        titles = [table.label.in_language(lang), *(note.in_language(lang) for note in _NOTES)]
        fill_form(book, sheet, titles, [form_column(field, lang) for field in fields])
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
        rows = proposed_decisions(found, lang=lang)
        for line, row in enumerate(rows.to_dict("records"), start=len(titles) + 2):
            for at, field in enumerate(fields):
                value = row.get(field.name)
                if isinstance(value, pd.Timestamp):
                    sheet.write_datetime(line, at, value.to_pydatetime(), day)
                elif isinstance(value, str):
                    sheet.write_string(line, at, value)
    return content.getvalue()
