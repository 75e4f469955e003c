"""Blocks of the one-page brief: numbers and lines that lead to the pages they come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from faiwatch.core.finding import Finding
from faiwatch.core.phrases import words_told
from faiwatch.core.text import Language
from faiwatch.view.html.rendering import fragment

PAGE_ADDRESS = "page:"
"""How a link to another page of the region begins; the site puts the address there, if it is."""


@dataclass(frozen=True, slots=True)
class Line:
    """A finding, what it is about, and the notebook whose page tells it whole."""

    subject: str
    finding: Finding
    page: str


Made: TypeAlias = Callable[..., str]


def numbers(told: Sequence[Line], *, lang: Language) -> str:
    """Return numbers side by side, each a link to its page."""
    return _filled("numbers", told, lang)


def lines(told: Sequence[Line], *, lang: Language) -> str:
    """Return one sentence a line, its subject before it, each a link to its page."""
    return _filled("lines", told, lang)


def _filled(kind: str, told: Sequence[Line], lang: Language) -> str:
    words = words_told("view.words_brief", lang)
    return fragment("brief", kind=kind, told=told, lang=lang, words=words, page=PAGE_ADDRESS)
