"""Head and foot of every page, and a document that has them: its marks, and its number."""

from __future__ import annotations

from collections.abc import Sequence

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import _Footer

from faiwatch.briefing.word.look import BODY_PT
from faiwatch.briefing.word.styles import dress_blank
from faiwatch.core.text import Language

_DASH = "\N{EM DASH}"


def blank_document(lang: Language, marks: Sequence[str]) -> Document:
    """Return an empty document of ours: page, styles, page numbers, marks at its head."""
    document = docx.Document()
    dress_blank(document, lang)
    number_pages(document)
    put_marks(document, marks)
    return document


def put_marks(document: Document, marks: Sequence[str]) -> None:
    """Print marks such as 「内部资料」 at the head of every page, after what stands there."""
    if not marks:
        return
    for number, section in enumerate(document.sections):
        kinds = [section.header]
        if document.settings.odd_and_even_pages_header_footer:
            kinds.append(section.even_page_header)
        if section.different_first_page_header_footer:
            kinds.append(section.first_page_header)
        for header in kinds:
            if number and header.is_linked_to_previous:  # prints those of the section before
                continue
            first = header.paragraphs[0]
            line = first if not first.text and not len(first.runs) else header.add_paragraph()
            line.style = "Header"
            line.add_run("\N{IDEOGRAPHIC SPACE}".join(marks))


def number_pages(document: Document) -> None:
    """Print 「— 1 —」 at the outer foot of every page, one character in (GB/T 9704-2012, 7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    for section in document.sections:
        _put_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right")
        _put_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left")


def _put_number(footer: _Footer, side: WD_ALIGN_PARAGRAPH, edge: str) -> None:
    line = footer.paragraphs[0]
    line.style, line.alignment = "Footer", side
    indent = line._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn(f"w:{edge}Chars"), "100")
    indent.set(qn(f"w:{edge}"), str(20 * BODY_PT["zh"]))
    line.add_run(f"{_DASH} ")
    line._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        )
    )
    line.add_run(f" {_DASH}")
