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
from faiwatch.briefing.record import Briefing
from faiwatch.briefing.word.letter import width_of
from faiwatch.briefing.word.look import BODY_PT, LINE_PT
from faiwatch.briefing.word.package import fit_for_xml
from faiwatch.briefing.word.tables import add_table
from faiwatch.core.text import Language, Text

_LIST = Text("附件：", "Attached: ")
_LIST_CHARS = 3  # of 「附件：」
_DATE_CHARS = 4  # that the day stands in from the right edge


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
    """Print each attachment on a page of its own, which leaves what stands before it alone."""
    document.paragraphs[-1].paragraph_format.keep_with_next = False
    for heading, one in attachments(briefing, lang):
        first = document.add_paragraph(heading.strip(), "Attached")
        first.paragraph_format.page_break_before = True
        document.add_paragraph(fit_for_xml(one.title), "Title")
        rows = [one.table.headings, *one.table.words.to_numpy().tolist()]
        add_table(document, rows, lang=lang)


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
