"""What a briefing is: findings, and documents whose sentences point at them.

A *document* is the briefing in one language: sections of paragraphs of sentences of pieces, and a
piece is either words or fills a *slot* of the template with a finding, which it names. Both
languages are made from the same findings, so they hold the same numbers. Word, HTML and plain text
are drawn from this record alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.finding import Finding, InputRow
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.regions import Region
from faiwatch.view.tables import Table


@dataclass(frozen=True, slots=True)
class Piece:
    """Words as they are printed; those that show a figure name its finding in `slot`."""

    text: str
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; its `id` is the same in both languages and from month to month."""

    id: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole sentence."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def slots(self) -> tuple[str, ...]:
        """Ids of the findings that it shows, each once, in their order."""
        return tuple(dict.fromkeys(piece.slot for piece in self.pieces if piece.slot))


Form = Literal["draft", "report"]
ParagraphKind = Literal["body", "address", "signature"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together; `kind` says where: to whom it goes, the text, who signs."""

    sentences: tuple[Sentence, ...]
    kind: ParagraphKind = "body"


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs under a heading.

    Attributes
    ----------
    id : str
        Stable name, such as ``position``; Word and HTML put tables and charts after it.
    level : int
        1 (「一、」) or 2 (「（一）」); 0 for paragraphs before the first heading.
    title : str
        The heading; empty at level 0.
    paragraphs : tuple of Paragraph
        May be empty: then headings of level 2 follow.
    """

    id: str
    level: int
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A table that goes with a document (附件): its name in the template, its title, its rows."""

    id: str
    title: str
    table: Table


@dataclass(frozen=True, slots=True)
class Document:
    """The briefing in one language.

    `own_numbers` are those that a user's template brought along: marked where they stand, and
    traced to nothing.
    """

    lang: Language
    title: str
    sections: tuple[Section, ...]
    own_numbers: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def sentences(self) -> Iterator[Sentence]:
        """Every sentence in its order."""
        for section in self.sections:
            for paragraph in section.paragraphs:
                yield from paragraph.sentences

    @property
    def slots(self) -> tuple[str, ...]:
        """Ids of the findings that it shows, each once, in the order of first mention."""
        return tuple(dict.fromkeys(slot for one in self.sentences for slot in one.slots))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Figures that cannot all be true; a briefing with one is not written.

    Attributes
    ----------
    id : str
        Which rule they break.
    what : Text
        What is wrong, with the figures.
    inputs : tuple of InputRow
        Where those figures stand.
    """

    id: str
    what: Text
    inputs: tuple[InputRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Briefing:
    """A filled report.

    Attributes
    ----------
    region : Region
        Whose it is.
    as_of : str
        Month up to which figures were used, ``YYYY-MM``.
    source : Text
        Who published the figures.
    findings : mapping of str to Finding
        Every figure by id, in their order.
    documents : mapping of language to Document
        Empty when the briefing is blocked.
    blocked : tuple of Contradiction
        Why it is not written; empty when it is.
    is_confidential : bool
        Whether every page is marked 「内部资料」.
    form : {"draft", "report"}
        The working draft (底稿), traced sentence by sentence, or the report to be sent (汇报),
        whose provenance is a file of its own.
    """

    region: Region
    as_of: str
    source: Text
    findings: Mapping[str, Finding]
    documents: Mapping[Language, Document]
    blocked: tuple[Contradiction, ...] = ()
    is_confidential: bool = False
    form: Form = "draft"

    @property
    def is_report(self) -> bool:
        """Whether it is the report to be sent."""
        return self.form == "report"

    @property
    def is_made_up(self) -> bool:
        """Whether its figures are made up and every page must say 「演示数据」."""
        return self.region.is_made_up

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Findings that are shown in some document and cannot be told."""
        shown = {slot for document in self.documents.values() for slot in document.slots}
        return tuple(one for id, one in self.findings.items() if id in shown and one.is_open)

    def document(self, lang: Language) -> Document:
        """Return the briefing in one language.

        Raises
        ------
        DataInvalidError
            Its figures contradict each other; the message says which and where.
        """
        refuse_blocked(self)
        return self.documents[lang]


@dataclass(frozen=True, slots=True)
class Footnote:
    """Where a figure comes from: `number` counts from 1 in the order of a document."""

    number: int
    finding: Finding


def footnotes(briefing: Briefing, lang: Language) -> tuple[Footnote, ...]:
    """Return a footnote for every figure that the document shows, in the order of first mention."""
    shown = enumerate(briefing.document(lang).slots, start=1)
    return tuple(Footnote(number, briefing.findings[slot]) for number, slot in shown)


def refuse_blocked(briefing: Briefing) -> None:
    """Raise `DataInvalidError` for the first contradiction of a briefing, if there is one."""
    for one in briefing.blocked:
        raise DataInvalidError(
            say("briefing.record.contradicted", what=one.what),
            where="; ".join(place(row) for row in one.inputs[:_MOST_PLACES]) or None,
            todo=Text("核对这些单元格", "check these cells"),
        )


_MOST_PLACES = 6


def place(row: InputRow) -> str:
    """Return where a row stands: ``ledger.xlsx 2026年8月 Y17``.

    Examples
    --------
    >>> row = {"file": "ledger.xlsx", "sheet": "2026年8月", "row": 17, "period": "2026-08"}
    >>> place(InputRow(**row, column="annual_plan", value=5.0, cell="Y17"))
    'ledger.xlsx 2026年8月 Y17'
    """
    where = row.cell or f"{row.column} {row.row}"
    return " ".join(filter(None, (row.file, row.sheet, where)))
