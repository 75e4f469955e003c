"""The briefing as a block: a number opens the card that says where it comes from.

A number is a link to its card, so a tap, a click or a key opens it without any script; the page's
script makes the card a popover beside the number and lets a pointer open it that only hovers. On
paper the cards stand below the text as numbered notes.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from markupsafe import Markup

from faiwatch.briefing.changes import KINDS, SentenceChange
from faiwatch.briefing.plain import attachments, closing_lists, marks
from faiwatch.briefing.record import Briefing, Document, Section, footnotes
from faiwatch.core.phrases import words_told
from faiwatch.core.text import Language, month_name
from faiwatch.view.html.rendering import fragment, origin_words
from faiwatch.view.html.tables import table as table_block

# What is put before a reader at once; the rest unfolds. A line of the screen holds so many letters.
_LINES_OF_A_PAGE, _LETTERS_OF_A_LINE, _LINES_OF_A_HEADING = 24, {"zh": 40, "en": 80}, 2
_TOKEN = re.compile(r"\d[\d,.]*\d|[A-Za-z]+|.")  # a number is never cut in two


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a page offers, and holds.

    Attributes
    ----------
    file : str
        What it is called in the results folder, ``briefing.docx``.
    name : str
        What it is called on the reader's disk.
    label : str
        Words of the link.
    media_type : str
        What it is, ``text/plain`` and so on.
    content : bytes
        The file.
    """

    file: str
    name: str
    label: str
    media_type: str
    content: bytes

    @property
    def address(self) -> str:
        """The file as an address that leads nowhere outside the page."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode('ascii')}"


def briefing(record: Briefing, *, lang: Language) -> str:
    """Return a briefing whose every number opens to its definition, formula and rows.

    Parameters
    ----------
    record : Briefing
        It must not be blocked.
    lang : {"zh", "en"}
        Language of the page.

    Returns
    -------
    str
        An ``article``, and a ``section`` with a card for each figure that it shows.

    Raises
    ------
    DataInvalidError
        The briefing is blocked.
    """
    document, notes = record.document(lang), footnotes(record, lang)
    first_page, further_pages = pages_of(document)
    numbers = {note.finding.id: note.number for note in notes}
    first: dict[str, tuple[str, int]] = {}
    for sentence in document.sentences:
        for position, piece in enumerate(sentence.pieces):
            if piece.slot:
                first.setdefault(piece.slot, (sentence.id, position))
    words, lists = words_told("briefing.words_page", lang), closing_lists(record, lang)
    lacking = [one.definition_in(lang) for one in record.open_findings]
    said_open = words["open" if lacking else "none_open"]
    attached: list[tuple[str, object]] = []
    for heading, one in attachments(record, lang):
        labels = {name: column.heading for name, column in one.table.columns.items()}
        source, title = one.table.source, one.title
        shown = table_block(one.table.words, lang=lang, title=title, labels=labels, source=source)
        attached.append((heading, Markup(shown)))
    return fragment(
        "briefing",
        title=document.title,
        first_page=first_page,
        further_pages=further_pages,
        follows=[
            *_headings(further_pages, words["rest"]),
            *(heading for heading, _ in [*attached, *lists]),
        ],
        is_draft=not record.is_report,
        open=said_open.format(n=len(notes), m=len(lacking), which=words["and"].join(lacking)),
        findings=record.findings,
        notes=notes,
        said={slot: sentence for slot, (sentence, _) in first.items()},
        mentions={place: numbers[slot] for slot, place in first.items()},
        marks=[mark.in_language(lang) for mark in marks(record)],
        between="" if lang == "zh" else " ",
        attached=attached,
        lists=lists,
        lang=lang,
        words=words | origin_words(lang),
    )


def pages_of(document: Document) -> tuple[list[Section], list[Section]]:
    """Return what of a document fits on the first page of a screen, and what follows it.

    It is cut between paragraphs; a section that is cut goes on without its heading.

    Examples
    --------
    >>> from faiwatch.briefing.record import Paragraph, Piece, Sentence
    >>> said = (Paragraph((Sentence("a", (Piece("It fell. " * 130),)),)),) * 3
    >>> document = Document("en", "Note", (Section("now", 1, "1. Position", said),))
    >>> [[(one.title, len(one.paragraphs)) for one in page] for page in pages_of(document)]
    [[('1. Position', 1)], [('', 2)]]
    """
    room: float = _LINES_OF_A_PAGE
    pages: tuple[list[Section], list[Section]] = ([], [])
    for section in document.sections:
        room -= _LINES_OF_A_HEADING if section.title else 0
        kept = 0
        for paragraph in section.paragraphs:
            letters = sum(len(sentence.text) for sentence in paragraph.sentences)
            room -= 0.5 + math.ceil(letters / _LETTERS_OF_A_LINE[document.lang])
            if room < 0:
                break
            kept += 1
        if room >= 0 or kept:
            pages[0].append(replace(section, paragraphs=section.paragraphs[:kept]))
        if room < 0:
            title = "" if kept else section.title
            pages[1].append(replace(section, title=title, paragraphs=section.paragraphs[kept:]))
    while pages[0] and not pages[0][-1].paragraphs:  # no page ends with a heading
        pages[1].insert(0, pages[0].pop())
    return pages


def _headings(sections: Sequence[Section], rest: str) -> list[str]:
    """Return the headings that a folded part begins with; text before the first one is `rest`."""
    if not sections:
        return []
    first, *others = sections
    top = min((one.level for one in sections if one.title), default=0)
    return [first.title or rest, *(one.title for one in others if one.title and one.level == top)]


def downloads(files: Sequence[Download], text: str, *, lang: Language) -> str:
    """Return links to files that the page holds, and the plain text with a button to copy it.

    Parameters
    ----------
    files : sequence of Download
        In the order shown.
    text : str
        What the button copies.
    lang : {"zh", "en"}
        Language of the page.
    """
    words = words_told("briefing.words_page", lang)
    return fragment("downloads", files=files, text=text, words=words)


def changes(found: Sequence[SentenceChange] | None, month: str, *, lang: Language) -> str:
    """Return what a briefing says that an earlier one did not, sentence by sentence.

    Parameters
    ----------
    found : sequence of SentenceChange or None
        None when there is no earlier briefing.
    month : str
        Month of the earlier one, ``YYYY-MM``.
    lang : {"zh", "en"}
        Language of the page.

    Returns
    -------
    str
        A list; in a changed sentence words that went are ``del``, words that came ``ins``.
    """
    words = words_told("briefing.words_page", lang)
    return fragment(
        "changes",
        changes=[(KINDS[one.kind].in_language(lang), marked(one)) for one in found or ()],
        title=words["since"].format(month_name(month, lang)),
        nothing="" if found else words["same" if found is not None else "no_earlier"],
    )


def marked(change: SentenceChange) -> list[tuple[str, str]]:
    """Return a changed sentence in parts that were kept (``""``), came (``ins``) or went (``del``).

    Examples
    --------
    >>> marked(SentenceChange("level", "changed", "fell 7.2%", "fell 7.4%"))
    [('', 'fell '), ('del', '7.2'), ('ins', '7.4'), ('', '%')]
    """
    before, now = _TOKEN.findall(change.before), _TOKEN.findall(change.now)
    parts: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(("", "".join(now[c:d])))
            continue
        gone, come = ("del", "".join(before[a:b])), ("ins", "".join(now[c:d]))
        parts += [part for part in (gone, come) if part[1]]
    return parts
