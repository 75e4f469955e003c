"""The body of the document: title, verdict, sections, exhibits, notes, annex.

The report to be sent has title, addressee, sections and signature alone; notes and annex are the
body of its second document, on where each figure comes from.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from faiwatch.briefing.exhibits import Exhibit
from faiwatch.briefing.plain import closing_lists, marks
from faiwatch.briefing.record import Briefing, Sentence, footnotes
from faiwatch.briefing.word.attached import place_signature, write_attached, write_list
from faiwatch.briefing.word.footnotes import Footnotes
from faiwatch.briefing.word.look import PAGE
from faiwatch.briefing.word.origins import annex_words, footnote_words
from faiwatch.briefing.word.package import fit_for_xml
from faiwatch.briefing.word.tables import add_table
from faiwatch.core.phrases import words_told
from faiwatch.core.text import Language, month_name
from faiwatch.view.charts.chart import Chart
from faiwatch.view.tables import Table

_STOPS = ("。", "；")
_MOST_ROWS = 60  # of a table; more belong into a workbook

_ANNEX_MM = (10, 30, 54, 62)  # a figure may be a sentence of some words
_EDGES = {"address": "Addressee", "signature": "Signed"}  # styles of paragraphs that are no text


@dataclass
class Draft:
    """A document being written; `items` numbers its slots as the annex does."""

    document: Document
    briefing: Briefing
    lang: Language
    footnotes: Footnotes | None = field(init=False)
    items: Mapping[str, int] = field(init=False)
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.footnotes = None if self.briefing.is_report else Footnotes(self.document)
        self.items = {note.finding.id: note.number for note in footnotes(self.briefing, self.lang)}

    def say(self, name: str) -> str:
        """Return one of the words of the document in its language."""
        return words_told("briefing.words_document", self.lang)[name]

    def add(self, words: str, style: str) -> Paragraph:
        """Add a paragraph."""
        return self.document.add_paragraph(fit_for_xml(words), style)


def write_body(draft: Draft, exhibits: Sequence[Exhibit]) -> None:
    """Write a briefing at the end of a document.

    Parameters
    ----------
    draft : Draft
        Document, briefing and language.
    exhibits : sequence of Exhibit
        Charts and tables.
    """
    briefing, lang = draft.briefing, draft.lang
    told = briefing.document(lang)
    draft.add(told.title, "Title")
    if not briefing.is_report:
        name, month = briefing.region.name.in_language(lang), month_name(briefing.as_of, lang)
        as_of = f"{draft.say('as_of')}{month}"
        draft.add(f"{name}（{as_of}）" if lang == "zh" else f"{name} ({as_of})", "Subtitle")
    if briefing.is_made_up:
        draft.add(draft.say("made_up"), "Mark")
    every = [one for section in told.sections for one in section.paragraphs]
    before_signature = next(
        (one for one, after in pairwise(every) if after.kind == "signature"), None
    )
    signed: list[Paragraph] = []
    for section in told.sections:
        if section.title:
            draft.add(section.title, f"Heading {section.level}")
        for paragraph in section.paragraphs:
            is_text = bool(section.level) or briefing.is_report
            style = _EDGES.get(paragraph.kind, "Normal" if is_text else "Verdict")
            if paragraph.kind == "signature" and not signed:
                write_list(draft.document, briefing, lang)
            written = draft.add("", style)
            if paragraph.kind == "signature":
                signed.append(written)
            if paragraph is before_signature:
                written.paragraph_format.keep_with_next = True
            for number, sentence in enumerate(paragraph.sentences):
                if number and lang == "en":
                    written.add_run(" ")
                _write_sentence(draft, written, sentence)
        for exhibit in exhibits:
            shown, is_here = exhibit.shown, exhibit.place(told) == section.id
            # an empty chart or table has no place on paper
            if is_here and isinstance(shown, Chart) and not shown.table.empty:
                _write_figure(draft, shown)
            elif is_here and isinstance(shown, Table) and not shown.frame.empty:
                _write_table(draft, shown, exhibit.source)
    if signed and lang == "zh":
        place_signature(signed)
    if not signed:
        write_list(draft.document, briefing, lang)
    write_attached(draft.document, briefing, lang)
    if briefing.is_report:
        return
    _write_notes(draft)
    if draft.items:
        draft.add(draft.say("annex"), "Heading 1").paragraph_format.page_break_before = True
        _write_annex(draft)


def write_provenance(draft: Draft) -> None:
    """Write where each figure of a report comes from, and what is missing in it."""
    draft.add(draft.say("provenance"), "Title")
    draft.add(draft.briefing.document(draft.lang).title, "Subtitle")
    if draft.briefing.is_made_up:
        draft.add(draft.say("made_up"), "Mark")
    _write_annex(draft)
    _write_notes(draft)


def _write_notes(draft: Draft) -> None:
    for title, words in closing_lists(draft.briefing, draft.lang):
        draft.add(title, "Heading 1")
        for number, one in enumerate(words, start=1):
            draft.add(f"{number}. {one}", "Normal")


def _write_annex(draft: Draft) -> None:
    lang, notes = draft.lang, footnotes(draft.briefing, draft.lang)
    heads = list(words_told("briefing.words_annex", lang).values())
    rows = [(str(note.number), *annex_words(note.finding, lang)) for note in notes]
    add_table(draft.document, [heads, *rows], lang=lang, widths_mm=_ANNEX_MM)


def page_marks(briefing: Briefing, lang: Language) -> tuple[str, ...]:
    """Return what stands at the head of every page."""
    return tuple(fit_for_xml(mark.in_language(lang)) for mark in marks(briefing))


def _write_sentence(draft: Draft, paragraph: Paragraph, sentence: Sentence) -> None:
    """Write the pieces, an open figure marked, and a footnote at the end."""
    *before, last = sentence.pieces
    stop = _stop_of(sentence.text)
    for piece in (*before, replace(last, text=last.text.removesuffix(stop))):
        if not piece.text:
            continue
        run = paragraph.add_run(fit_for_xml(piece.text))
        if piece.slot and draft.briefing.findings[piece.slot].is_open:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    if sentence.slots and draft.footnotes is not None:
        shown = [draft.briefing.findings[id] for id in sentence.slots]
        numbers = [draft.items[id] for id in sentence.slots]
        draft.footnotes.add(paragraph, footnote_words(shown, numbers, draft.lang))
    if stop:
        paragraph.add_run(stop)


def _stop_of(words: str) -> str:
    """Return the Chinese stop at the end of a sentence that the footnote's number stands before.

    Behind the stop it could begin a line of its own; behind a digit it would read as another one.

    Examples
    --------
    >>> _stop_of("增长7.4%。"), _stop_of("共 9。"), _stop_of("It fell.")
    ('。', '', '')
    """
    return words[-1:] if words[-1:] in _STOPS and not words[-2:-1].isdigit() else ""


def _write_figure(draft: Draft, figure: Chart) -> None:
    picture = draft.add("", "Picture").add_run()
    shape = picture.add_picture(
        io.BytesIO(figure.png(width_mm=PAGE.text_mm)), width=Mm(PAGE.text_mm)
    )
    about = shape._inline.docPr
    about.set("descr", fit_for_xml(f"{figure.title}. {figure.caption}"))
    about.set("title", fit_for_xml(figure.title))
    draft.add(_caption(draft, "Figure", figure.title), "Caption")
    units = f"{draft.say('units')}{figure.units}" if figure.units else ""
    told = filter(None, (f"{draft.say('source')}{figure.source}", units))
    draft.add(("；" if draft.lang == "zh" else "; ").join(told), "Source")


def _write_table(draft: Draft, table: Table, source: str) -> None:
    lang, rows = draft.lang, table.words.head(_MOST_ROWS)
    cut = ""
    if len(table.frame) > _MOST_ROWS:
        cut = draft.say("cut").format(_MOST_ROWS, len(table.frame))
    caption = draft.add(_caption(draft, "Table", table.title.in_language(lang)) + cut, "Caption")
    caption.paragraph_format.keep_with_next = True
    add_table(draft.document, [table.headings, *rows.itertuples(index=False, name=None)], lang=lang)
    whose = source or draft.briefing.source.in_language(lang)
    told = f"{draft.say('source')}{whose}{'。' if lang == 'zh' else '.'}"
    draft.add(" ".join(filter(None, (told, table.note.in_language(lang)))), "Source")


def _caption(draft: Draft, kind: str, title: str) -> str:
    draft.counted[kind] += 1
    return f"{draft.say(kind)}{draft.counted[kind]}\N{IDEOGRAPHIC SPACE}{title}"
