"""Templates of a briefing: plain files that users edit, filled in a sandbox.

A line is a sentence; a blank line ends a paragraph; ``#`` is the title, ``##`` and ``###`` are
headings, which are numbered by themselves; ``> `` begins the line to whom a report goes, ``< `` one
of who signs it, ``+ [table] title`` attaches a table. ``[name]`` before a sentence or heading is
its name.
``{{ slot }}`` shows a figure, ``{{ slot.phrase }}`` says it as a phrase, ``{% if slot is known %}``
asks whether it can be told, ``{{ ordinal }}`` counts the points of a section. How-to:
``docs/how-to/write-the-briefing.md``.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from faiwatch.briefing.document import ORDINAL, document_of, marked
from faiwatch.briefing.record import Document
from faiwatch.briefing.template_rules import (
    FORMS,
    Refused,
    one_line,
    refuse_altered,
    refuse_marks,
    refuse_what_alters,
)
from faiwatch.core.errors import DataMissingError, FaiwatchError, ParameterError, nearest
from faiwatch.core.files import bytes_of
from faiwatch.core.finding import Finding
from faiwatch.core.phrases import say
from faiwatch.core.text import OPEN, Language, Text
from faiwatch.view.tables import Table

_MOST_BYTES = 1 << 20  # people write it by hand
_UNKNOWN_NAME = re.compile(r"'([^']+)' is undefined")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a template, what it is called, and whether a user wrote it."""

    name: str
    text: str
    is_own: bool = False


class Word(str):
    """Words that we give to a template: no slot, and no words of the user's own either."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as a template sees it: it prints as its figure and has other forms."""

    _finding: Finding  # a template sees no name that begins with an underscore
    _lang: Language

    @property
    def value(self) -> float | str | None:
        """The unrounded figure, to compare with; a template cannot print it."""
        return self._finding.value

    def is_in(self, *states: str) -> bool:
        """Whether the finding is in one of some states, such as ``ok`` or ``indeterminate``."""
        return self._finding.state in states

    def has(self, form: str) -> bool:
        """Whether the figure has another form."""
        return form in self._finding.forms

    def __str__(self) -> str:
        return self._marked(self._finding.text)

    def __getitem__(self, form: str) -> str:
        said = self._finding.forms.get(form)
        if said is None and self._finding.is_open and form in FORMS:
            said = OPEN
        if said is None:
            raise KeyError(form)
        return self._marked(said)

    def _marked(self, text: Text) -> str:
        return marked(one_line(text, self._lang), self._finding.id)


class Sandbox(ImmutableSandboxedEnvironment):
    """Arithmetic has no place in a template: every figure is a slot."""

    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "**", "%"])

    def call_binop(self, context: object, operator: str, left: Any, right: Any) -> NoReturn:  # noqa: ANN401, ARG002
        """Refuse it; the message names the operator."""
        msg = f"arithmetic ({operator}) is not allowed"
        raise SecurityError(msg)


def standard_template(kind: str, lang: Language) -> Source:
    """Return one of our own templates.

    Parameters
    ----------
    kind : {"sent", "report", "note", "city"}
        The report that a district sends, its working draft with the ledger, the short note on
        published figures alone, or the briefing of a city over its districts.
    lang : {"zh", "en"}
        Language of its text.

    Examples
    --------
    >>> standard_template("note", "en").text.splitlines()[0].startswith("# ")
    True
    """
    name = f"{kind}.{lang}.txt"
    path = files("faiwatch.briefing").joinpath("standard", name)
    return Source(name, path.read_text(encoding="utf-8"))


def own_template(path: Path) -> Source:
    """Return the template in a user's file.

    Raises
    ------
    DataMissingError
        It cannot be read as UTF-8 text.
    DataInvalidError
        It is larger than any text.
    """
    what = Text("读不出简报模板", "the template cannot be read")
    todo = Text("存为 UTF-8 文本文件", "save it as a text file in UTF-8")
    content = bytes_of(path, what, where=path.name, todo=todo, most=_MOST_BYTES)
    try:
        return Source(path.name, content.decode("utf-8-sig"), is_own=True)
    except UnicodeDecodeError as error:
        raise DataMissingError(what, where=path.name, got=str(error), todo=todo) from None


def fill(
    source: Source,
    findings: Mapping[str, Finding],
    words: Mapping[str, object],
    lang: Language,
    tables: Mapping[str, Table] | None = None,
) -> Document:
    """Return the document that a template makes of some findings.

    Parameters
    ----------
    source : Source
        The template.
    findings : mapping of str to Finding
        Every figure by id.
    words : mapping
        What else the template may say or ask, such as ``region`` and ``window``.
    lang : {"zh", "en"}
        Language of the document.
    tables : mapping of str to Table, optional
        What it may attach, by name, in the language of the document.

    Raises
    ------
    ParameterError
        The template is broken; the message names file, line and cause.
    """
    try:
        rendered = _render(source, findings, words, lang)
        refuse_altered(rendered, findings, lang)
        return document_of(rendered, lang, is_own=source.is_own, tables=tables)
    except FaiwatchError:
        raise
    except Exception as error:  # whatever a user's template does, it is the template's fault
        line = getattr(error, "lineno", None)
        if not line:  # jinja puts the line of the template into the traceback
            frames = reversed(traceback.extract_tb(error.__traceback__))
            line = next((frame.lineno for frame in frames if frame.filename == source.name), None)
        cause = error.message if isinstance(error, TemplateError) and error.message else str(error)
        name = _UNKNOWN_NAME.search(cause)
        got: Text | str = error.cause if isinstance(error, Refused) else cause
        at_line = say("briefing.template.line", source=source.name, line=line)
        raise ParameterError(
            Text("简报模板有误", "the template of the briefing is broken"),
            where=at_line if line else source.name,
            got=got or type(error).__name__,
            todo=(name and nearest(name[1], [*findings, *words]))
            or Text("改正这一行", "mend this line"),
        ) from None


def _render(
    source: Source, findings: Mapping[str, Finding], words: Mapping[str, object], lang: Language
) -> str:
    shown = {id: Shown(one, lang) for id, one in findings.items()}
    told = {
        name: Word(one_line(Text(word, word), lang)) if isinstance(word, str) else word
        for name, word in words.items()
    }
    given = {"ordinal": Word(ORDINAL), **told}
    return _compiled(source, tuple(given)).render({**given, **shown})


@lru_cache(maxsize=8)
def _compiled(source: Source, words: tuple[str, ...]) -> Template:
    """Return a template that alters no figure: briefings of every month and form are filled by it.

    Compiling takes as long as all figures of a section.
    """
    environment = Sandbox(
        loader=FunctionLoader(
            lambda name: (source.text, source.name, None) if name == source.name else None
        ),
        undefined=StrictUndefined,
        finalize=_printed,
        autoescape=False,  # plain text; Word and HTML escape what they print
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.filters.clear()
    environment.tests = {
        "known": lambda shown: not shown.is_in("missing", "not_held"),
        "missing": lambda shown: shown.is_in("missing", "not_held"),
        "covered": lambda shown: shown.has("coverage"),
        "indeterminate": lambda shown: shown.is_in("indeterminate"),
        "negative": lambda shown: _number(shown) < 0,
        "positive": lambda shown: _number(shown) > 0,
        "zero": lambda shown: _number(shown) == 0,
    }
    refuse_marks(source.text)
    refuse_what_alters(environment.parse(source.text, source.name), words)
    return environment.get_template(source.name)


def _printed(value: object) -> object:
    """Refuse a bare number: what is printed names its slot, so that it can be traced."""
    if isinstance(value, int | float):
        msg = f"{value!r} is a bare number: print its slot"
        raise SecurityError(msg)
    return marked(value) if isinstance(value, Word) else value


def _number(shown: Shown) -> float:
    return float(shown.value or 0)
