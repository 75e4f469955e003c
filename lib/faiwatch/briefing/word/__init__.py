"""The briefing as a Word document in the look of an official one.

Method and look: ``docs/methods/briefing-document.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docx.document import Document

from faiwatch.briefing.exhibits import Exhibit
from faiwatch.briefing.record import Briefing
from faiwatch.briefing.word.body import Draft, page_marks, write_body, write_provenance
from faiwatch.briefing.word.edges import blank_document, put_marks
from faiwatch.briefing.word.letter import spread_lines
from faiwatch.briefing.word.letterhead import open_letterhead
from faiwatch.briefing.word.package import packed, set_properties
from faiwatch.briefing.word.styles import add_styles
from faiwatch.core.text import Language, month_name

__all__ = ["provenance_document", "word_document"]


def word_document(
    briefing: Briefing,
    lang: Language,
    *,
    exhibits: Sequence[Exhibit] = (),
    letterhead: Path | None = None,
) -> bytes:
    """Return a briefing as a ``.docx`` file.

    Parameters
    ----------
    briefing : Briefing
        It must not be blocked.
    lang : {"zh", "en"}
        Language of the document.
    exhibits : sequence of Exhibit
        Charts and tables.
    letterhead : Path, optional
        A document of the user's to write it into: its page, its styles, its head and foot.

    Returns
    -------
    bytes
        The same for the same input, whenever it is made.

    Raises
    ------
    DataInvalidError
        The briefing is blocked.
    ParameterError
        The letterhead cannot be used.
    DataMissingError
        The letterhead cannot be read.
    """
    title, marks = briefing.document(lang).title, page_marks(briefing, lang)
    before = None
    if letterhead is None:
        document = blank_document(lang, marks)
    else:
        words = {
            "title": title,
            "region": briefing.region.name.in_language(lang),
            "month": month_name(briefing.as_of, lang),
            "marks": " ".join(marks),
        }
        document, before = open_letterhead(letterhead, words)
        add_styles(document, lang)
        put_marks(document, marks)
    if letterhead is None and briefing.is_report and lang == "zh":
        spread_lines(document, briefing)
    body = document.element.body
    kept = len(body)
    write_body(Draft(document, briefing, lang), exhibits)
    if before is not None:  # python-docx writes at the end; the letterhead says where
        for element in list(body)[kept - 1 : -1]:
            before._p.addprevious(element)
        body.remove(before._p)
    return _finished(document, briefing, title, lang)


def provenance_document(briefing: Briefing, lang: Language) -> bytes:
    """Return where each figure of a report comes from, as a ``.docx`` file of its own.

    Parameters
    ----------
    briefing : Briefing
        A report that is not blocked.
    lang : {"zh", "en"}
        Language of the document.

    Raises
    ------
    DataInvalidError
        The briefing is blocked.
    """
    document = blank_document(lang, page_marks(briefing, lang))
    write_provenance(Draft(document, briefing, lang))
    return _finished(document, briefing, briefing.document(lang).title, lang)


def _finished(document: Document, briefing: Briefing, title: str, lang: Language) -> bytes:
    days = {row.issued for one in briefing.findings.values() for row in one.inputs}
    issued = max(days, default="") or f"{briefing.as_of}-01"
    set_properties(document, title=title, lang=lang, issued=issued)
    return packed(document)
