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

from faiwatch.briefing.record import Document as Record
from faiwatch.briefing.word.look import PAGE
from faiwatch.briefing.word.styles import CHARACTERS_A_LINE

LINES_A_PAGE = (22, 23, 21, 24, 20)  # the standard's, then what is nearest to it
_HEAD_LINES = 4  # the title of two lines and what stands around it
_LEAST = 0.42  # of the last page; a third, and what an estimate may be off
_SPREAD = ("Normal", "Heading 1", "Heading 2", "Heading 3", "Addressee", "Signed")


def lines_of(document: Record) -> int:
    r"""Return about how many lines a Chinese text fills, with its title.

    Examples
    --------
    >>> from faiwatch.briefing.document import document_of
    >>> lines_of(document_of("# 题\n## [a] 节\n" + "字" * 57 + "。\n", "zh"))
    8
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
    return _HEAD_LINES + lines + blank + len(document.attachments)


def lines_a_page(lines: int, *, choices: Iterable[int] = LINES_A_PAGE) -> int:
    """Return how many lines a page takes, so that the last page is not nearly empty.

    Examples
    --------
    >>> lines_a_page(100), lines_a_page(112)
    (22, 23)
    """
    choices = tuple(choices)
    for one in choices:
        last = lines % one
        if lines <= one or not last or last >= _LEAST * one:
            return one
    return choices[0]


def spread_lines(document: Document, told: Record) -> None:
    """Set the pitch of the lines of a Chinese report by how long it is."""
    pitch = Mm(PAGE.height_mm - PAGE.top_mm - PAGE.bottom_mm).pt / lines_a_page(lines_of(told))
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
