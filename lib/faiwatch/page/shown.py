"""What the cells of a page are worth: values to keep and work with, which show themselves.

Each shows the outputs of which the published page is made, in Jupyter and under papermill alike.
Charts and tables need nothing of this: they show themselves.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import publish_display_data

from faiwatch.core.finding import Finding
from faiwatch.core.text import Language
from faiwatch.view import html as blocks
from faiwatch.view.charts.chart import Chart
from faiwatch.view.html.rendering import PAGE_HTML, left_out
from faiwatch.view.tables import Table

Output: TypeAlias = Mapping[str, object]  # one output of a cell in several forms, by media type

_NUMBER_COLUMNS = ["id", "definition", "value", "unit", "period", "state"]


class Shown(ABC):
    """The value of a cell; as its last line it shows itself."""

    @abstractmethod
    def outputs(self) -> Sequence[Output]:
        """Return what the cell shows."""

    def _ipython_display_(self) -> None:
        show(self)

    def __repr__(self) -> str:
        words = (str(output.get("text/plain", "")) for output in self.outputs())
        return "\n".join(filter(None, words))


@dataclass(frozen=True, repr=False)
class Block(Shown):
    """A block of :mod:`faiwatch.view.html`, and what it says as plain text."""

    html: str
    plain: str

    def outputs(self) -> Sequence[Output]:
        """Return the block; nothing when it is empty."""
        return [{"text/html": self.html, "text/plain": self.plain}] if self.html else []


@dataclass(frozen=True, repr=False)
class Withheld(Shown):
    """Something that this page may not show; its heading is left out too."""

    def outputs(self) -> Sequence[Output]:
        """Return the mark of what is kept back."""
        return [{blocks.WITHHELD: ""}]


@dataclass(frozen=True, repr=False)
class Verdict(Shown):
    """The one sentence to take away.

    Attributes
    ----------
    finding : Finding
        Its words are the sentence.
    details : sequence of Finding
        Sentences that go with it.
    notes : sequence of Block
        What a reader must know beside it: figures are made up, or late.
    about : mapping of str to str
        What the published page takes its words from, see :data:`faiwatch.view.html.ABOUT`.
    """

    finding: Finding
    details: Sequence[Finding]
    tone: blocks.Tone
    lang: Language
    notes: Sequence[Block] = ()
    about: Mapping[str, str] = field(default_factory=dict)

    def outputs(self) -> Sequence[Output]:
        """Return the style of all blocks, the verdict, the notes, and what the page is about."""
        told = blocks.verdict(self.finding, lang=self.lang, tone=self.tone, details=self.details)
        shown = outputs_of(STYLE, Block(told, self.finding.words(self.lang)), *self.notes)
        return [*shown, {blocks.ABOUT: dict(self.about)}] if self.about else shown


@dataclass(frozen=True, repr=False)
class Numbers(Shown):
    """Some numbers, each with its definition and where it comes from.

    Attributes
    ----------
    findings : sequence of Finding
        In the order shown; those without data are left out of what is shown.
    """

    findings: Sequence[Finding]
    lang: Language

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The numbers unrounded: ``id definition value unit period state words``."""
        frame = pd.DataFrame([dict(one) for one in self.findings])[_NUMBER_COLUMNS]
        return frame.assign(
            definition=[one.definition_in(self.lang) for one in self.findings],
            words=[one.words(self.lang) for one in self.findings],
        )

    def outputs(self) -> Sequence[Output]:
        """Return what is left out, each with its name, then the numbers."""
        told = [one for one in self.findings if one.state != "missing"]
        lacking = [
            left_out(one.definition_in(self.lang), lang=self.lang)
            for one in self.findings
            if one.state == "missing"
        ]
        plain = "\n".join(f"{one.definition_in(self.lang)}: {one.words(self.lang)}" for one in told)
        html = blocks.key_numbers(told, lang=self.lang) if told else ""
        return [*lacking, *Block(html, plain).outputs()]


@dataclass(frozen=True, repr=False)
class Section(Shown):
    """Several charts and tables in their order.

    Attributes
    ----------
    parts : sequence of Chart or Table
        Each shows itself too.
    """

    parts: Sequence[Chart | Table | Shown]

    def outputs(self) -> Sequence[Output]:
        """Return what the parts show."""
        return outputs_of(*self.parts)


def outputs_of(*parts: Chart | Table | Shown) -> list[Output]:
    """Return what several things show, one after the other."""
    outputs: list[Output] = []
    for part in parts:
        outputs += part.outputs() if isinstance(part, Shown) else [part._repr_mimebundle_()]
    return outputs


def bundle(html: str, plain: str) -> dict[str, object]:
    """Return HTML as Jupyter shows an object, with its style, and as the published page has it."""
    return {PAGE_HTML: html, "text/html": f"{STYLE.html}{html}", "text/plain": plain}


def show(*parts: Chart | Table | Shown) -> None:
    """Show several things at once, without being the value of a cell."""
    for output in outputs_of(*parts):
        publish_display_data(dict(output))  # type: ignore[no-untyped-call]


STYLE = Block(f"<style>{blocks.stylesheet()}</style>", "")
"""The style of the blocks, for JupyterLab; the published page has it already."""


def cell_of_front_end() -> str:
    """Return the cell that a front end had run; empty where nobody sits who could click.

    JupyterLab, Notebook 7 and VS Code name the cell in their message; papermill, nbclient and
    nbconvert do not. What they run makes no widgets, so an export of it needs no widget script.
    """
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None:
        return ""
    return str(kernel.get_parent().get("metadata", {}).get("cellId") or "")
