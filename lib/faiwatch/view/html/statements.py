"""Blocks made of words and numbers: verdict, key numbers, notes, steps, annex, banner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from faiwatch.core.finding import Finding, Tone
from faiwatch.core.phrases import texts_of, words_told
from faiwatch.core.text import Language, Text
from faiwatch.view.html.rendering import fragment, origin_words, stylesheet

# A shape beside the words, so that neither colour nor language is needed to tell tones apart.
_TONES_OF: Mapping[str, Sequence[Tone]] = {
    "M4 7h24L16 27z": ["negative", "unlikely", "behind"],  # down
    "M4 25h24L16 5z": ["positive", "likely"],  # up
    "M16 3l13 13-13 13L3 16z": ["indeterminate", "open"],  # diamond
    "M4 16l4-4 6 6L25 6l4 4-15 16z": ["sound", "reached", "on_pace"],  # tick
    "M6 3l10 9L26 3l3 3-9 10 9 10-3 3-10-9-10 9-3-3 9-10L3 6z": ["unsound", "missed"],  # cross
    "M16 4a12 12 0 1 0 .01 0zm0 5a7 7 0 1 1-.01 0z": ["missing"],  # ring
}
_TONE_SHAPES = {tone: shape for shape, tones in _TONES_OF.items() for tone in tones}
_MOST_INPUT_ROWS = 24  # more rows than this are counted, not listed: the results folder has all


def verdict(
    finding: Finding, *, lang: Language, tone: Tone, details: Sequence[Finding] = ()
) -> str:
    """Return the verdict: the one sentence that a reader should take away.

    Parameters
    ----------
    finding : Finding
        Its words are the sentence.
    lang : {"zh", "en"}
        Language of the page.
    tone : Tone
        Decides colour, shape and the word above the sentence: of growth ("negative", "positive",
        "indeterminate", "missing"), of the figures themselves ("sound", "unsound"), of a
        target ("likely", "unlikely", "open", "reached", "missed"), or of projects ("behind",
        "on_pace").
    details : sequence of Finding
        Sentences that stand below in smaller type.

    Returns
    -------
    str
        A ``section`` element.
    """
    return fragment(
        "verdict",
        finding=finding,
        lang=lang,
        tone=tone,
        tone_words=texts_of("view.words_tone")[tone].in_language(lang),
        shape=_TONE_SHAPES[tone],
        details=details,
        label=Text("结论", "Verdict").in_language(lang),
    )


def verdict_bundle(
    finding: Finding, *, lang: Language, tone: Tone, details: Sequence[Finding] = ()
) -> dict[str, str]:
    """Return the verdict as Jupyter shows an object: with its style, and as words."""
    shown = verdict(finding, lang=lang, tone=tone, details=details)
    style = f"<style>{stylesheet()}</style>"
    return {"text/html": style + shown, "text/plain": finding.words(lang)}


def key_numbers(findings: Sequence[Finding], *, lang: Language) -> str:
    """Return one card per finding: what it is, its value, its month, and where it comes from.

    Parameters
    ----------
    findings : sequence of Finding
        In the order shown; missing ones stay and say so.
    lang : {"zh", "en"}
        Language of the page.

    Returns
    -------
    str
        A ``ul`` element; each card holds a ``details`` element with formula and input rows.
    """
    return fragment(
        "key_numbers",
        findings=findings,
        lang=lang,
        states=words_told("view.words_state", lang),
        most=_MOST_INPUT_ROWS,
        words=origin_words(lang) | {"label": Text("关键数字", "Key numbers").in_language(lang)},
    )


def note(paragraphs: str | Sequence[str], *, lang: Language, title: str = "") -> str:
    """Return a note, one or several paragraphs of plain text, such as a method or a caveat.

    Parameters
    ----------
    paragraphs : str or sequence of str
        Plain text; markup in it is shown, not obeyed.
    lang : {"zh", "en"}
        Language of the page, in which an untitled note is named.
    title : str
        Short heading, may be empty.
    """
    texts = [paragraphs] if isinstance(paragraphs, str) else list(paragraphs)
    label = title or Text("说明", "Notes").in_language(lang)
    return fragment("note", paragraphs=texts, title=title, label=label)


def steps(items: Sequence[str]) -> str:
    """Return numbered steps of plain text, such as how a figure was computed."""
    return fragment("steps", items=items)


def annex(*, lang: Language) -> str:
    """Return the heading of the annex: a published page folds every section below it."""
    return fragment("annex", **words_told("view.words_annex", lang))


def banner(text: str) -> str:
    """Return a banner across the page, such as the one that marks made-up figures."""
    return fragment("banner", text=text)
