"""The words of the page around the blocks, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from faiwatch.core.phrases import say, texts_of, words_told
from faiwatch.core.text import Language, Text
from faiwatch.site.run_record import RunRecord
from faiwatch.site.site import edition_of

NOTEBOOK_TITLES = texts_of("site.words_notebooks")


EDITIONS = texts_of("site.words_editions")
HAPPENED = texts_of("site.words_happened")  # by verdict

MADE_UP_MARK = Text("【演示数据】", "[made-up data] ")  # before a title or a subject


def words_in(lang: Language) -> dict[str, str]:
    """Return the words of one language, and of the link to the other one."""
    return words_told("site.words_page", lang)


_INVESTMENT = {"zh": "(?:固定资产)?投资", "en": "(?:fixed-asset )?investment"}


def in_subject(words: str, subject: Text, lang: Language) -> str:
    """Return a title or the first words of a page about another subject than investment.

    Examples
    --------
    >>> in_subject("Investment monitor", Text("零售额", "retail sales"), "en")
    'Retail sales monitor'
    """

    def named(found: re.Match[str]) -> str:
        name = subject.in_language(lang)
        return name[:1].upper() + name[1:] if found[0][:1].isupper() else name

    return re.sub(_INVESTMENT[lang], named, words, flags=re.IGNORECASE)


def subject_shared(records: Iterable[RunRecord]) -> Text | None:
    """Return what all pages are about; None where that is fixed-asset investment, or not one."""
    subjects = {one.subject for one in records}
    return subjects.pop() if len(subjects) == 1 else None


def title_of(record: RunRecord, lang: Language) -> str:
    """Return what a page is called in indexes, letters and on failure pages.

    Parameters
    ----------
    record : RunRecord
        Its run: of a notebook of an office's own it holds the title, and of pages that are made
        for some readers or for all, and of other subjects, it says so.
    lang : {"zh", "en"}
        Language of the title.

    Examples
    --------
    >>> ran = RunRecord.model_construct(notebook="06_projects", parameters={"profile": "public"})
    >>> title_of(ran, "en"), title_of(ran, "zh")
    ('Project ledger review (public)', '项目台账调度（公开版）')
    """
    known = NOTEBOOK_TITLES.get(record.notebook, record.title)
    title = known.in_language(lang) if known else record.notebook
    if record.subject:
        told = in_subject(title, record.subject, lang)
        title = told if told != title else _beside(title, record.subject, lang)
    # the usual edition may have a name
    edition = edition_of(record.parameters) or str(record.parameters.get("profile", ""))
    return _beside(title, EDITIONS[edition], lang) if edition in EDITIONS else title


def _beside(title: str, words: Text, lang: Language) -> str:
    return say("site.words.beside", title=title, words=words).in_language(lang)
