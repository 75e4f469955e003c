"""The files of a briefing: Word, plain text to paste, and its slots as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from faiwatch.briefing.exhibits import Exhibit
from faiwatch.briefing.html import Download
from faiwatch.briefing.html import briefing as block
from faiwatch.briefing.plain import briefing_text, slots_json
from faiwatch.briefing.record import Briefing
from faiwatch.briefing.word import word_document
from faiwatch.core.files import atomic_write_bytes
from faiwatch.core.text import Language, Text
from faiwatch.data.parameter_types import STANDARD
from faiwatch.page.page import Page
from faiwatch.page.parameters import BriefingParameters
from faiwatch.site.templates import base_values, check_page, render

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXT, _SLOTS = Text("纯文本", "Plain text"), Text("数字与出处（JSON）", "Slots (JSON)")
_HEADING = Text("简报", "Briefing")
_LEAD = Text(
    "有下划线的数字可点按（或用键盘选中后回车），看到定义、公式和所依据的单元格。",
    "An underlined number opens, by click, tap or Enter, to its definition, formula and cells.",
)
_WORD = Text("Word 文档", "Word document")


def briefing_files(page: Page, briefing: Briefing, exhibits: Sequence[Exhibit]) -> list[Download]:
    """Return the files of the briefing of an open page, in the language of the page.

    Parameters
    ----------
    page : Page
        Open; its parameters may name a letterhead.
    briefing : Briefing
        It must not be blocked.
    exhibits : sequence of Exhibit
        Charts and tables of the Word document.

    Raises
    ------
    DataInvalidError
        The briefing is blocked.
    ParameterError
        The letterhead cannot be used.
    DataMissingError
        The letterhead cannot be read.
    """
    lang, asked = page.lang, page.parameters
    assert isinstance(asked, BriefingParameters)
    letterhead = None if asked.letterhead == STANDARD else Path(asked.letterhead)
    word = word_document(briefing, lang, exhibits=exhibits, letterhead=letterhead)
    # the plain editor of Windows takes a text with a byte order mark as UTF-8
    text = b"\xef\xbb\xbf" + briefing_text(briefing, lang).replace("\n", "\r\n").encode()
    title = briefing.document(lang).title
    slots = json.dumps(slots_json(briefing, lang), ensure_ascii=False, separators=(",", ":")) + "\n"
    return [
        Download("briefing.docx", f"{title}.docx", _WORD.in_language(lang), WORD, word),
        Download(
            "briefing.txt",
            f"{title}.txt",
            _TEXT.in_language(lang),
            "text/plain;charset=utf-8",
            text,
        ),
        Download(
            "slots.json",
            f"{title}.json",
            _SLOTS.in_language(lang),
            "application/json",
            slots.encode(),
        ),
    ]


def briefing_page(briefing: Briefing, *, lang: Language) -> str:
    """Return a briefing as one page that stands alone: no script, nothing from outside.

    Raises
    ------
    DataInvalidError
        The briefing is blocked.
    """
    values = {
        **base_values(lang, briefing.document(lang).title),
        "heading": _HEADING.in_language(lang),
        "lead": _LEAD.in_language(lang),
        "blocks": [Markup(block(briefing, lang=lang))],
        "made_up": briefing.is_made_up,
        "home": "",
        "other": "",
    }
    html = render("reading", values)
    check_page(html, "page")
    return html


def save_files(page: Page, files: Sequence[Download]) -> None:
    """Write files into the results folder of a page; without one nothing is written."""
    if page.parameters.results:
        for file in files:
            atomic_write_bytes(Path(page.parameters.results) / file.file, file.content)
