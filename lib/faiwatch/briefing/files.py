"""The files of a briefing: Word, plain text to paste, and its slots as JSON."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from faiwatch.briefing.exhibits import Exhibit
from faiwatch.briefing.html import Download
from faiwatch.briefing.html import briefing as block
from faiwatch.briefing.plain import briefing_text, slots_json
from faiwatch.briefing.record import Briefing
from faiwatch.core.extras import has_extra
from faiwatch.core.files import atomic_write_bytes
from faiwatch.core.phrases import say, words_told
from faiwatch.core.text import Language
from faiwatch.data.parameter_types import STANDARD
from faiwatch.page.page import Page
from faiwatch.page.parameters import BriefingParameters
from faiwatch.site.templates import base_values, check_page, render

ENDINGS = (".docx", ".txt", ".json")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def briefing_files(
    page: Page,
    briefing: Briefing,
    exhibits: Sequence[Exhibit],
    *,
    report: Briefing | None = None,
    endings: Collection[str] = ENDINGS,
) -> list[Download]:
    """Return the files of the briefing of an open page, in the language of the page.

    Parameters
    ----------
    page : Page
        Open; its parameters may name a letterhead.
    briefing : Briefing
        It must not be blocked.
    exhibits : sequence of Exhibit
        Charts and tables of the Word document of a draft.
    report : Briefing, optional
        The report to be sent, beside a draft.
    endings : collection of str
        Which kinds of file to make; all by default.

    Returns
    -------
    list of Download
        The report with its provenance, the draft, the text to paste, and the slots; without the
        extra ``word`` the last two, and how to get it.

    Raises
    ------
    DataInvalidError
        The briefing is blocked.
    ParameterError
        The letterhead cannot be used.
    DataMissingError
        The letterhead cannot be read.
    """
    lang, asked = page.lang, page.parameters
    assert isinstance(asked, BriefingParameters)
    letterhead = None if asked.letterhead == STANDARD else Path(asked.letterhead)
    sent, planned = briefing if briefing.is_report else report, []
    if sent is not None:
        name = "briefing.docx" if sent is briefing else "report.docx"
        planned += _word_files(sent, lang, name, "report", letterhead)
    if not briefing.is_report:
        planned += _word_files(briefing, lang, "briefing.docx", "draft", letterhead, exhibits)
    return _made([*planned, *_plain(briefing, lang)], lang, endings)


def city_files(
    briefing: Briefing, lang: Language, *, endings: Collection[str] = ENDINGS
) -> list[Download]:
    """Return the files of the briefing of a city: Word, its provenance, text, slots.

    Without the extra ``word`` the last two, and how to get it.
    """
    planned = [*_word_files(briefing, lang, "briefing.docx", "city"), *_plain(briefing, lang)]
    return _made(planned, lang, endings)


@dataclass(frozen=True)
class _Planned:
    """A file that is made when it is wanted: a Word document takes most of a second.

    `label` names its words in the catalogue.
    """

    file: str
    title: str
    label: str
    media_type: str
    content: Callable[[], bytes]


def _made(planned: Sequence[_Planned], lang: Language, endings: Collection[str]) -> list[Download]:
    """Return the files wanted; no Word file without the extra ``word``."""
    found, labels = [], words_told("briefing.words_files", lang)
    for one in planned:
        ending = Path(one.file).suffix
        if ending in endings and (ending != ".docx" or has_extra("docx")):
            name, label = f"{one.title}{ending}", labels[one.label]
            found.append(Download(one.file, name, label, one.media_type, one.content()))
    return found


def _word_files(
    briefing: Briefing,
    lang: Language,
    file: str,
    label: str,
    letterhead: Path | None = None,
    exhibits: Sequence[Exhibit] = (),
) -> list[_Planned]:
    """Return a document, and beside one to be sent where its figures come from."""
    title = briefing.document(lang).title
    from_where = say("briefing.files.origins_of", title=title).in_language(lang)

    def word() -> bytes:
        from faiwatch.briefing.word import word_document

        return word_document(briefing, lang, exhibits=exhibits, letterhead=letterhead)

    def origins() -> bytes:
        from faiwatch.briefing.word import provenance_document

        return provenance_document(briefing, lang)

    document = _Planned(file, title, label, WORD, word)
    provenance = _Planned("provenance.docx", from_where, "provenance", WORD, origins)
    return [document, provenance] if briefing.is_report else [document]


def _plain(briefing: Briefing, lang: Language) -> list[_Planned]:
    """Return the text to paste, and the slots."""

    def text() -> bytes:
        # the plain editor of Windows takes a text with a byte order mark as UTF-8
        return b"\xef\xbb\xbf" + briefing_text(briefing, lang).replace("\n", "\r\n").encode()

    def slots() -> bytes:
        told = slots_json(briefing, lang)
        return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()

    title, label = briefing.document(lang).title, "text" if has_extra("docx") else "text_alone"
    return [
        _Planned("briefing.txt", title, label, "text/plain;charset=utf-8", text),
        _Planned("slots.json", title, "slots", "application/json", slots),
    ]


def briefing_page(briefing: Briefing, *, lang: Language) -> str:
    """Return a briefing as one page that stands alone: no script, nothing from outside.

    Raises
    ------
    DataInvalidError
        The briefing is blocked.
    """
    values = {
        **base_values(lang, briefing.document(lang).title),
        **words_told("briefing.words_alone", lang),
        "blocks": [Markup(block(briefing, lang=lang))],
        "made_up": briefing.is_made_up,
        "home": "",
        "other": "",
    }
    html = render("alone", values)
    check_page(html, "page")
    return html


class PageWithFiles(Page):
    """A page that saves the files of a briefing beside its findings and tables."""

    @property
    @abstractmethod
    def files(self) -> Sequence[Download]:
        """What is offered, and saved."""

    def save_beside(self, folder: Path) -> None:
        """Save the files."""
        for file in self.files:
            atomic_write_bytes(folder / file.file, file.content)
