"""The bytes of a document: the same for the same content, whenever it is written."""

from __future__ import annotations

import datetime
import io
import zipfile

from docx.document import Document

from faiwatch.briefing.word.text import fit_for_xml
from faiwatch.core.text import LANGUAGE_TAGS, Language

AUTHOR = "faiwatch"
_ZIP_BEGAN = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold


def set_properties(document: Document, *, title: str, lang: Language, issued: str) -> None:
    """Say what a document is and in which language; nobody's name and no clock.

    Parameters
    ----------
    document : Document
        It is changed.
    title : str
        Its title.
    lang : {"zh", "en"}
        Its language.
    issued : str
        Day of its newest figures, ``YYYY-MM-DD``; given as the date of the document.
    """
    told = document.core_properties
    told.title, told.language = fit_for_xml(title), LANGUAGE_TAGS[lang]
    told.author = told.last_modified_by = AUTHOR
    told.comments = told.keywords = told.category = told.subject = ""
    told.revision = 1
    told.created = told.modified = datetime.datetime.fromisoformat(issued)


def packed(document: Document) -> bytes:
    """Return a document as a file, with the same time on each of its parts."""
    draft, content = io.BytesIO(), io.BytesIO()
    document.save(draft)
    with zipfile.ZipFile(draft) as written, zipfile.ZipFile(content, "w") as package:
        for part in written.infolist():
            package.writestr(
                zipfile.ZipInfo(part.filename, _ZIP_BEGAN),
                written.read(part),
                compress_type=zipfile.ZIP_DEFLATED,
            )
    return content.getvalue()
