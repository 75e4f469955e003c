"""The lines of a report to be sent, so spread that its last page is never nearly empty.

An official text has 22 lines of 28 characters on a page. Where its end, with the signature, would
stand alone on a page, GB/T 9704-2012 lets the lines move closer together or further apart.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from faiwatch.briefing.record import Briefing
from faiwatch.briefing.record import Document as Record
from faiwatch.briefing.word.look import PAGE
from faiwatch.briefing.word.styles import CHARACTERS_A_LINE

LINES_A_PAGE = (22, 23, 21, 24, 20, 25, 26)  # the standard's, then what is nearest to it
# In lines of the text: a line of the title, what is left free, what made-up figures say of it.
_TITLE_LINE, _FREE, _MARK = 1.4, 0.75, 1.1
_TITLE_CHARACTERS = 20  # of a line of the title
_LEAST = 0.42  # of the last page; a third, and what an estimate may be off
_SPREAD = ("Normal", "Heading 1", "Heading 2", "Heading 3", "Addressee", "Signed")


def lines_of(document: Record, *, is_made_up: bool = False) -> int:
    r"""Return about how many lines a Chinese text fills, with its title.

    Examples
    --------
    >>> from faiwatch.briefing.document import document_of
    >>> lines_of(document_of("# 题\n## [a] 节\n" + "字" * 57 + "。\n", "zh"))
    7
    """
    told = [section.title for section in document.sections if section.title]
    told += [
        "".join(one.text for one in paragraph.sentences)
        for section in document.sections
        for paragraph in section.paragraphs
    ]
    kinds = {one.kind for section in document.sections for one in section.paragraphs}
    blank = ("signature" in kinds) + bool(document.attachments)
    lines = sum(math.ceil((2 + width_of(text)) / CHARACTERS_A_LINE) for text in told)
    title = math.ceil(width_of(document.title) / _TITLE_CHARACTERS)
    above = math.ceil(_TITLE_LINE * title + _FREE + _MARK * is_made_up)
    return above + lines + blank + len(document.attachments)


def lines_a_page(lines: int, *, choices: Iterable[int] = LINES_A_PAGE) -> int:
    """Return how many lines a page takes, so that the last page is not nearly empty.

    Examples
    --------
    >>> lines_a_page(100), lines_a_page(112)
    (22, 23)
    """
    choices = tuple(choices)
    for one in choices:
        if lines < one or lines % one >= _LEAST * one:  # a full page may be a line too full
            return one
    return choices[0]


def spread_lines(document: Document, briefing: Briefing) -> None:
    """Set the pitch of the lines of a Chinese report by how long it is."""
    lines = lines_of(briefing.document("zh"), is_made_up=briefing.is_made_up)
    pitch = Mm(PAGE.height_mm - PAGE.top_mm - PAGE.bottom_mm).pt / lines_a_page(lines)
    for style in document.styles:
        if style.name in _SPREAD:
            style.paragraph_format.line_spacing = Pt(math.floor(pitch * 2) / 2)  # half points
    for section in document.sections:
        grid = section._sectPr.find(qn("w:docGrid"))
        grid.set(qn("w:linePitch"), str(math.floor(20 * pitch)))


def width_of(text: str) -> float:
    """Return how many characters wide a text is; letters and digits of the West take half.

    Examples
    --------
    >>> width_of("8月"), width_of("2026年8月")
    (1.5, 4.5)
    """
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in text)
