"""What is attached to a letter (附件): named below its text, printed behind its signature.

GB/T 9704-2012, 7.3.5 and 7.3.8: a blank line and two characters before 「附件：」; each attachment
begins a page of its own, its number at the upper left, its title in the middle.
"""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from faiwatch.briefing.plain import attachments
from faiwatch.briefing.record import Attachment, Briefing
from faiwatch.briefing.word.letter import width_of
from faiwatch.briefing.word.look import BODY_PT, LINE_PT, PAGE
from faiwatch.briefing.word.package import fit_for_xml
from faiwatch.briefing.word.tables import add_table
from faiwatch.core.text import Language, Text

_LIST = Text("附件：", "Attached: ")
_LIST_CHARS = 3  # of 「附件：」
_DATE_CHARS = 4  # that the day stands in from the right edge
_CHAR_MM = 3.75  # a character of a cell
_LEAST = 4.0  # characters of the narrowest column
_SHORT = 9.0  # characters that a cell may have to stand on one line
_MOST_SHORT = 0.6  # of the width, for short cells


def write_list(document: Document, briefing: Briefing, lang: Language) -> None:
    """Name what is attached, below the text."""
    every = briefing.document(lang).attachments
    for at, one in enumerate(every):
        number = f"{at + 1}. " if len(every) > 1 else ""
        words = _LIST.in_language(lang) if at == 0 else ""
        line = document.add_paragraph(fit_for_xml(f"{words}{number}{one.title}"), "Normal")
        shape = line.paragraph_format
        shape.keep_with_next = True
        if at == 0:
            shape.space_before = Pt(LINE_PT[lang])
        elif lang == "zh":
            shape.first_line_indent = Pt((2 + _LIST_CHARS) * BODY_PT[lang])


def write_attached(document: Document, briefing: Briefing, lang: Language) -> None:
    """Print each attachment on a page of its own."""
    for heading, one in attachments(briefing, lang):
        first = document.add_paragraph(heading.strip(), "Attached")
        first.paragraph_format.page_break_before = True
        document.add_paragraph(fit_for_xml(one.title), "Title")
        rows = [one.table.headings, *one.table.words.to_numpy().tolist()]
        add_table(document, rows, lang=lang, widths_mm=_widths(one))


def _widths(attached: Attachment) -> Sequence[float]:
    """Return widths of columns: short cells stand on one line, long ones share what is left."""
    words, heads = attached.table.words, attached.table.headings
    need = [
        max(_LEAST, 1 + max(map(width_of, words[name]), default=0.0), _of_head(head))
        for name, head in zip(words, heads, strict=True)
    ]
    room = PAGE.text_mm / _CHAR_MM
    short = sum(one for one in need if one <= _SHORT)
    long = sum(one**0.5 for one in need if one > _SHORT)
    if not long or short > room * _MOST_SHORT:
        return [PAGE.text_mm * one / sum(need) for one in need]
    left = room - short
    return [_CHAR_MM * (one if one <= _SHORT else left * one**0.5 / long) for one in need]


def _of_head(head: str) -> float:
    """Return how wide a heading must be: it may stand on two lines, but no word is parted."""
    words = head.split()
    return 1 + (width_of(head) / 2 if len(words) == 1 else max(map(width_of, words)))


def place_signature(lines: Sequence[Paragraph]) -> None:
    """Move who signs and the day in from the right, the shorter line in the middle of the longer.

    A blank line stands before them.
    """
    widest = max((width_of(line.text) for line in lines), default=0.0)
    for at, line in enumerate(lines):
        size = BODY_PT["zh"]
        chars = _DATE_CHARS + (widest - width_of(line.text)) / 2
        indent = line._p.get_or_add_pPr().get_or_add_ind()
        indent.set(qn("w:rightChars"), str(round(100 * chars)))
        indent.set(qn("w:right"), str(round(20 * size * chars)))
        if at == 0:
            line.paragraph_format.space_before = Pt(LINE_PT["zh"])
