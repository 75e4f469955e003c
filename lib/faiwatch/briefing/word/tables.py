"""Real tables: a head that every page repeats, rows that no page parts."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from faiwatch.briefing.word.look import PAGE
from faiwatch.briefing.word.package import fit_for_xml
from faiwatch.core.text import Language
from faiwatch.view.html.tables import is_numeric

_LINES = (("top", 8), ("bottom", 8), ("insideH", 4))  # in eighths of a point
_AFTER_LINES = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")  # ISO/IEC 29500-1, 17.4.59


def add_table(
    document: Document,
    rows: Sequence[Sequence[str]],
    *,
    lang: Language,
    widths_mm: Sequence[float] = (),
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
        Widths of the columns; without them all are equal.
    """
    across = len(rows[0])
    table = document.add_table(len(rows), across)
    table.autofit = False
    lines = "".join(
        f'<w:{edge} w:val="single" w:sz="{size}" w:space="0" w:color="auto"/>'
        for edge, size in _LINES
    )
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")
    table._tbl.tblPr.insert_element_before(borders, *_AFTER_LINES)
    widths = widths_mm or [PAGE.text_mm / across] * across
    numeric = [is_numeric([row[at] for row in rows[1:]], lang) for at in range(across)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for line, row in zip(table.rows, rows, strict=True):
        is_head = row is rows[0]
        properties = line._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if is_head:
            properties.append(OxmlElement("w:tblHeader"))
        for at, (cell, words) in enumerate(zip(line.cells, row, strict=True)):
            cell.width = Mm(widths[at])
            (paragraph,) = cell.paragraphs
            paragraph.style = "Cell"
            paragraph.add_run(fit_for_xml(words)).font.bold = is_head or None
            if numeric[at]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
