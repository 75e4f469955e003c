"""Real tables: a head that every page repeats, rows no page parts, words no line parts."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from docx.document import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from faiwatch.briefing.word.letter import width_of
from faiwatch.briefing.word.look import PAGE
from faiwatch.briefing.word.package import fit_for_xml
from faiwatch.core.text import Language
from faiwatch.view.html.tables import is_numeric

_LINES = {"top": 8, "bottom": 8, "insideH": 4}  # in eighths of a point
_GRID = {"top": 8, "left": 8, "bottom": 8, "right": 8, "insideH": 4, "insideV": 4}
_WHOLE = 3  # characters of a Chinese heading that is not parted
_SAFE, _STEP = (1.3, 1.15, 1.0), 0.5  # fonts differ in width; bold is wider
_LONGEST = 12.0  # of a word that is not parted; an address may be longer
_CHAR_MM, _EDGES = 3.75, 1.1  # a character of a cell, and the margins of a cell in characters
_WORD = re.compile(r"[^\s\u2e80-\uffef\u2013]+\u2013?")  # a line may part Chinese words only
_AFTER_LINES = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")  # ISO/IEC 29500-1, 17.4.59


def add_table(
    document: Document,
    rows: Sequence[Sequence[str]],
    *,
    lang: Language,
    widths_mm: Sequence[float] = (),
    row_mm: float = 0,
) -> None:
    """Add a table at the end of a document.

    Parameters
    ----------
    document : Document
        It is changed.
    rows : sequence of sequence of str
        The first is the head; columns mostly of numbers stand to the right.
    lang : {"zh", "en"}
        Language of the cells.
    widths_mm : sequence of float
        Widths of the columns; without them as their words need it.
    row_mm : float
        Height of the rows of a form that is filled in by hand; it has lines between columns too.
    """
    across = len(rows[0])
    table = document.add_table(len(rows), across)
    table.autofit = False
    lines = "".join(
        f'<w:{edge} w:val="single" w:sz="{size}" w:space="0" w:color="auto"/>'
        for edge, size in (_GRID if row_mm else _LINES).items()
    )
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")
    table._tbl.tblPr.insert_element_before(borders, *_AFTER_LINES)
    widths = widths_mm or column_widths(rows)
    numeric = [is_numeric([row[at] for row in rows[1:]], lang) for at in range(across)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    style = document.styles["Cell"].style_id
    for line, row in zip(table.rows, rows, strict=True):
        is_head = row is rows[0]
        properties = line._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if is_head:
            properties.append(OxmlElement("w:tblHeader"))
        elif row_mm:
            line.height, line.height_rule = Mm(row_mm), WD_ROW_HEIGHT_RULE.AT_LEAST
        for at, (cell, words) in enumerate(zip(line.cells, row, strict=True)):
            cell.width = Mm(widths[at])
            (paragraph,) = cell.paragraphs
            paragraph._p.style = style  # by name it would be sought for each cell
            is_narrow = is_head and width_of(words) > widths[at] / _CHAR_MM - _EDGES
            broken = _parts(words) if is_narrow else [words]
            paragraph.add_run("\n".join(map(fit_for_xml, broken))).font.bold = is_head or None
            if numeric[at] and width_of(words) < widths[at] / _CHAR_MM:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def column_widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Return widths in mm that fill the page: no word is parted, and the rows are low.

    Each column begins as wide as its longest word; what is left goes, bit by bit, to the column
    that makes the table lowest.

    Examples
    --------
    >>> [round(one) for one in column_widths([["No.", "Deadline"], ["1", "as soon as possible"]])]
    [34, 122]
    """
    room = PAGE.text_mm / _CHAR_MM
    words = np.array(
        [[width_of(cell) for cell in row] for row in rows[1:]] or [[0.0] * len(rows[0])]
    )
    for safe in _SAFE:
        widths = np.array([_least(name, cells, safe) for name, *cells in zip(*rows, strict=True)])
        if widths.sum() <= room:
            break
    widths *= min(1.0, room / widths.sum())

    def height(wide: np.ndarray) -> float:
        lines = words / (wide - _EDGES)
        return float((np.ceil(lines) + 0.01 * lines).max(axis=1).sum())

    while room - widths.sum() >= _STEP and (words > widths - _EDGES).any():
        wider = [widths + _STEP * one for one in np.eye(len(widths))]
        widths = min(wider, key=height)
    return [PAGE.text_mm * one / widths.sum() for one in widths]


def _least(heading: str, cells: Sequence[str], safe: float) -> float:
    """Return the least width of a column in characters, fonts being so much wider."""
    western = {one for cell in cells for one in _WORD.findall(cell)}
    longest = min(max(map(width_of, western), default=0.0), _LONGEST)
    lines = [word for line in _parts(heading) for word in _WORD.findall(line) or [line]]
    bold = max(map(width_of, lines), default=0.0)
    return _EDGES + safe * max(longest, bold, 1.0)


def _parts(heading: str) -> list[str]:
    """Return the lines of a heading in a narrow column: words, or the halves of a Chinese one."""
    if " " in heading or width_of(heading) <= _WHOLE or heading.isascii():
        return heading.split()
    found = re.search(r"(?<=.月)(?=.)|(?=（)", heading)
    at = found.start() if found else (len(heading) + 1) // 2
    return [heading[:at], heading[at:]]
