"""From the text that a template makes to a document: headings, paragraphs, sentences, pieces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from faiwatch.briefing.record import (
    Attachment,
    Document,
    Paragraph,
    ParagraphKind,
    Piece,
    Section,
    Sentence,
)
from faiwatch.core.errors import ParameterError
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.view.tables import Table

# A figure within the text is wrapped in these, of Unicode's private use area: no text holds them.
MARK_START, MARK_TEXT, MARK_END = "\ue000", "\ue001", "\ue002"
OWN = "※"  # stands behind a number that a user's template brought along
ORDINAL = "\ue003"  # stands for 一是, 二是 and so on: which one is known when all is written
_FIGURE = re.compile(f"{MARK_START}([^{MARK_TEXT}]*){MARK_TEXT}([^{MARK_END}]*){MARK_END}")
_OWN_NUMBER = re.compile(
    r"(?P<unit>100 million yuan|10,000 yuan)"
    r"|百分之[〇零一二两三四五六七八九十百点]+"
    r"|[-−]?\d(?:[\d,.，．]*\d)?[%％‰]?"
    r"|(?!一[个项次家件])[〇零一二两三四五六七八九十百千万亿]+(?=个|项|次|家|件|倍|成|亿元|万元)"
)
_NAMED = re.compile(r"\[([a-z][a-z0-9_]*)\]\s*(.*)")
_NAME_OR_HEADING = re.compile(r"\s*(?:#{1,3}\s+|[><+] )?(?:\[[a-z][a-z0-9_]*\])?")
_HEADING = re.compile(r"(#{1,3})\s+(.*)")
_EDGES: Mapping[str, ParagraphKind] = {"> ": "address", "< ": "signature"}
_ATTACHED = "+ "
_ONES = "〇一二三四五六七八九"
_FIRST_ENGLISH = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth")


@dataclass
class _Draft:
    """A section while its lines are read."""

    id: str
    level: int
    title: str
    paragraphs: list[tuple[ParagraphKind, list[Sentence]]] = field(
        default_factory=lambda: [("body", [])]
    )
    points: int = 0

    def begin(self, kind: ParagraphKind = "body") -> None:
        """Begin a new paragraph."""
        self.paragraphs.append((kind, []))

    def add(self, words: str, lang: Language) -> None:
        """Add the sentence of a line, its points counted."""
        count = sum(len(said) for _, said in self.paragraphs)
        name, told = _name(words, f"{self.id}_{count + 1}")
        while ORDINAL in told:
            self.points += 1
            told = told.replace(ORDINAL, _ordinal(self.points, lang), 1)
        if told:
            self.paragraphs[-1][1].append(Sentence(name, tuple(_pieces(told))))

    def section(self) -> Section:
        kept = tuple(Paragraph(tuple(said), kind) for kind, said in self.paragraphs if said)
        return Section(self.id, self.level, self.title, kept)


def document_of(
    text: str, lang: Language, *, is_own: bool = False, tables: Mapping[str, Table] | None = None
) -> Document:
    r"""Return the document that a filled template stands for.

    Sections in which nothing is said are left out; the others are numbered, and so are the points
    of each section that begin with :data:`ORDINAL`.

    Parameters
    ----------
    text : str
        The filled template: what it was given stands between marks, with the id of its slot.
    lang : {"zh", "en"}
        Its language.
    is_own : bool
        Whether a user wrote the template: then numbers outside the marks get :data:`OWN`.
    tables : mapping of str to Table, optional
        What can be attached, by name.

    Raises
    ------
    ParameterError
        There is no title, two sentences have one name, or there is no such table to attach.

    Examples
    --------
    >>> found = document_of("# Note\n## [now] Position\n[level] It fell.\n## Empty\n", "en")
    >>> [(one.id, one.title) for one in found.sections], next(found.sentences).id
    ([('now', '1. Position')], 'level')
    """
    title, drafts = "", [_Draft("head", 0, "")]
    own: list[str] = []
    attached: list[Attachment] = []
    if is_own:
        text = _with_own_marked(text, own)
    for line in text.splitlines():
        words = line.strip()
        heading = _HEADING.fullmatch(words)
        if heading and len(heading[1]) == 1:
            title = _plain(heading[2])
        elif heading:
            name, told = _name(heading[2], f"section_{len(drafts)}")
            drafts.append(_Draft(name, len(heading[1]) - 1, _plain(told)))
        elif words[:2] in _EDGES:  # a line of its own: to whom it goes, who signs
            drafts[-1].begin(_EDGES[words[:2]])
            drafts[-1].add(words[2:].strip(), lang)
            drafts[-1].begin()
        elif words.startswith(_ATTACHED):
            attached.append(_attachment(words, tables or {}))
        elif words:
            drafts[-1].add(words, lang)
        else:
            drafts[-1].begin()
    if not title:
        raise _refused(Text("模板没有标题行（# 标题）", "the template has no title (# title)"))
    sections = tuple(_numbered([draft.section() for draft in drafts], lang))
    document = Document(lang, title, sections, tuple(own), tuple(attached))
    counted = Counter(sentence.id for sentence in document.sentences)
    twice = sorted(name for name, count in counted.items() if count > 1)
    if twice:
        raise _refused(
            Text("模板中两个句子同名", "two sentences of the template have one name"), twice
        )
    return document


def _attachment(words: str, tables: Mapping[str, Table]) -> Attachment:
    """Return the table that a line attaches."""
    name, title = _name(words.removeprefix(_ATTACHED).strip(), "")
    if name not in tables:
        no_table = say(
            "briefing.document.no_such_table", tables=Text("、".join(tables), ", ".join(tables))
        )
        raise _refused(no_table, words)
    return Attachment(name, _plain(title), tables[name])


def _name(words: str, default: str) -> tuple[str, str]:
    named = _NAMED.fullmatch(words)
    return (named[1], named[2]) if named else (default, words)


def marked(words: str, slot: str = "") -> str:
    """Return words between marks: those of a slot, or others that are ours and no user's own."""
    return f"{MARK_START}{slot}{MARK_TEXT}{words}{MARK_END}"


def figures_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield slot and words of each figure in a filled template."""
    for figure in _FIGURE.finditer(text):
        if figure[1]:
            yield figure[1], figure[2]


def _with_own_marked(text: str, own: list[str]) -> str:
    """Mark the numbers outside the marks, line by line, and add them to a list."""

    def mark(number: re.Match[str]) -> str:
        if number["unit"]:
            return number[0]
        own.append(number[0])
        return number[0] + OWN

    parts = []
    for line in text.splitlines(keepends=True):
        named = _NAME_OR_HEADING.match(line)
        start = named.end() if named else 0
        parts.append(line[:start])
        at = start
        for figure in _FIGURE.finditer(line, start):
            parts += [_OWN_NUMBER.sub(mark, line[at : figure.start()]), figure[0]]
            at = figure.end()
        parts.append(_OWN_NUMBER.sub(mark, line[at:]))
    return "".join(parts)


def _pieces(words: str) -> Iterator[Piece]:
    """Yield figures and the words between them, in as few pieces as can be."""
    at, between = 0, ""
    for figure in _FIGURE.finditer(words):
        between += words[at : figure.start()]
        at = figure.end()
        if not figure[1]:
            between += figure[2]
            continue
        if between:
            yield Piece(between)
        yield Piece(figure[2], figure[1])
        between = ""
    if between + words[at:]:
        yield Piece(between + words[at:])


def _plain(words: str) -> str:
    return "".join(piece.text for piece in _pieces(words))


def _numbered(sections: list[Section], lang: Language) -> Iterator[Section]:
    """Yield the sections in which something is said, and headings above such, with numbers."""
    kept: list[Section] = []
    for section in reversed(sections):
        is_above = section.level == 1 and bool(kept) and kept[-1].level == 2
        if section.paragraphs or is_above:
            kept.append(section)
    first = second = 0
    for section in kept[::-1]:
        if section.level == 1:
            first, second = first + 1, 0
            number = f"{_chinese(first)}、" if lang == "zh" else f"{first}. "
        elif section.level == 2:
            second += 1
            number = f"（{_chinese(second)}）" if lang == "zh" else f"{first}.{second} "
        else:
            number = ""
        yield replace(section, title=number + section.title)


def _chinese(number: int) -> str:
    """Return a number below a hundred in Chinese.

    Examples
    --------
    >>> _chinese(3), _chinese(10), _chinese(12), _chinese(21)
    ('三', '十', '十二', '二十一')
    """
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else "十" if tens == 1 else _ONES[tens] + "十"
    return before + (_ONES[ones] if ones or not tens else "")


def _ordinal(number: int, lang: Language) -> str:
    """Return what a point begins with.

    Examples
    --------
    >>> _ordinal(4, "zh"), _ordinal(4, "en"), _ordinal(11, "en")
    ('四是', 'Fourth', 'Point 11')
    """
    if lang == "zh":
        return say("briefing.document.point", number=_chinese(number)).zh
    if number <= len(_FIRST_ENGLISH):
        return _FIRST_ENGLISH[number - 1]
    return say("briefing.document.point", number=number).en


def _refused(what: Text, got: object = None) -> ParameterError:
    return ParameterError(what, got=got, todo=Text("改正简报模板", "mend the template"))
