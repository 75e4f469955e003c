"""Blocks: what a reader sees, as self-contained fragments of HTML.

A notebook cell shows one block; the published page passes it through unchanged. A block carries
no style and no script of its own beside the chart specification, so it also reads well without
either. Every value is escaped, and characters that could hide or reorder text are replaced.
"""

from faiwatch.core.finding import Tone
from faiwatch.view.html.cards import cards
from faiwatch.view.html.charts import figure
from faiwatch.view.html.compare import compare
from faiwatch.view.html.filters import filter_bar
from faiwatch.view.html.lights import Board, Light, light_board
from faiwatch.view.html.rendering import ABOUT, LEFT_OUT, PAGE_HTML, WITHHELD, stylesheet
from faiwatch.view.html.statements import (
    annex,
    banner,
    key_numbers,
    note,
    steps,
    verdict,
    verdict_bundle,
)
from faiwatch.view.html.tables import table

__all__ = [
    "ABOUT",
    "LEFT_OUT",
    "PAGE_HTML",
    "WITHHELD",
    "Board",
    "Light",
    "Tone",
    "annex",
    "banner",
    "cards",
    "compare",
    "figure",
    "filter_bar",
    "key_numbers",
    "light_board",
    "note",
    "steps",
    "stylesheet",
    "table",
    "verdict",
    "verdict_bundle",
]
