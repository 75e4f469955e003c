"""Real footnotes, which python-docx can keep but not make."""

from __future__ import annotations

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

from faiwatch.briefing.word.package import fit_for_xml
from faiwatch.briefing.word.styles import FOOTNOTE_REFERENCE

_TEXT_STYLE = "footnote text"
_SEPARATORS = {-1: "separator", 0: "continuationSeparator"}  # the ids that Word itself gives them
# What may stand after the note settings in the settings of a document (ISO/IEC 29500-1, 17.15.1).
_AFTER_SETTINGS = ("w:endnotePr", "w:compat", "w:docVars", "w:rsids")


class Footnotes:
    """The footnotes of one document, after those it may have already.

    Parameters
    ----------
    document : Document
        Gets a part for footnotes when it has none.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._notes = _notes_of(document)
        self._reference = document.styles[FOOTNOTE_REFERENCE].style_id
        self._text = document.styles[_TEXT_STYLE].style_id

    def add(self, paragraph: Paragraph, words: str) -> None:
        """Add a footnote whose number stands at the end of a paragraph as it is now."""
        id = 1 + max(int(note.get(qn("w:id"))) for note in self._notes)
        mark = OxmlElement("w:footnoteReference")
        mark.set(qn("w:id"), str(id))
        run = paragraph.add_run()
        run.style = self._document.styles[FOOTNOTE_REFERENCE]
        run._r.append(mark)
        note = parse_xml(
            f'<w:footnote {nsdecls("w")} w:id="{id}"><w:p>'
            f'<w:pPr><w:pStyle w:val="{self._text}"/></w:pPr>'
            f'<w:r><w:rPr><w:rStyle w:val="{self._reference}"/></w:rPr><w:footnoteRef/></w:r>'
            '<w:r><w:t xml:space="preserve"/></w:r></w:p></w:footnote>'
        )
        note.find(f".//{qn('w:t')}").text = f" {fit_for_xml(words)}"
        self._notes.append(note)


def _notes_of(document: Document) -> BaseOxmlElement:
    """Return the element that holds a document's footnotes, in a part that can be written."""
    kind = RELATIONSHIP_TYPE.FOOTNOTES
    there = [one for one in document.part.rels.values() if one.reltype == kind]
    if there:
        found = there[0].target_part
        part: XmlPart = XmlPart.load(found.partname, found.content_type, found.blob, found.package)
        for relation in found.rels.values():
            part.load_rel(relation.reltype, relation._target, relation.rId, relation.is_external)
        there[0]._target = part
        return part._element
    separators = "".join(
        f'<w:footnote w:type="{name}" w:id="{id}"><w:p><w:pPr><w:spacing w:before="0" w:after="0" '
        f'w:line="240" w:lineRule="auto"/><w:ind w:firstLineChars="0" w:firstLine="0"/></w:pPr>'
        f"<w:r><w:{name}/></w:r></w:p></w:footnote>"
        for id, name in _SEPARATORS.items()
    )
    part = XmlPart(
        PackURI("/word/footnotes.xml"),
        CONTENT_TYPE.WML_FOOTNOTES,
        parse_xml(f"<w:footnotes {nsdecls('w')}>{separators}</w:footnotes>"),
        document.part.package,
    )
    document.part.relate_to(part, kind)
    declared = "".join(f'<w:footnote w:id="{id}"/>' for id in _SEPARATORS)
    document.settings.element.insert_element_before(
        parse_xml(f"<w:footnotePr {nsdecls('w')}>{declared}</w:footnotePr>"), *_AFTER_SETTINGS
    )
    return part._element
