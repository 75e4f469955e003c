"""What goes into a document and what comes out: text that XML can hold, and the same bytes.

A document has the same bytes for the same content, whenever it is written.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile

from docx.document import Document

from faiwatch.core.text import LANGUAGE_TAGS, Language, clean

AUTHOR = "faiwatch"
_ZIP_BEGAN = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")  # XML 1.0, production 2
_BREAKS = re.compile(r"[\t\r\n]+")


def fit_for_xml(words: str) -> str:
    r"""Return `words` in one line, without characters that hide, reorder, or are not allowed.

    Word does nothing with ``=...``, ``<script>`` or a field code in a text: it is shown.

    Examples
    --------
    >>> fit_for_xml("7.2%\x0c\ufffe\n=1+1") == "7.2%\ufffd\ufffd =1+1"
    True
    """
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", clean(_BREAKS.sub(" ", words)))


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
