"""Blocks: what a reader sees, as self-contained fragments of HTML.

A notebook cell shows one block; the published page passes it through unchanged. A block carries
no style and no script of its own beside the chart specification, so it also reads well without
either. Every value is escaped, and characters that could hide or reorder text are replaced.
"""

from faiwatch.blocks.briefing import Download, briefing, changes, downloads
from faiwatch.blocks.figures import figure
from faiwatch.blocks.filters import filter_bar
from faiwatch.blocks.lights import Board, Light, light_board
from faiwatch.blocks.rendering import LEFT_OUT, PAGE_HTML, WITHHELD, stylesheet
from faiwatch.blocks.statements import banner, key_numbers, note, steps, verdict
from faiwatch.blocks.tables import table
from faiwatch.signals.monitor import Tone

__all__ = [
    "LEFT_OUT",
    "PAGE_HTML",
    "WITHHELD",
    "Board",
    "Download",
    "Light",
    "Tone",
    "banner",
    "briefing",
    "changes",
    "downloads",
    "figure",
    "filter_bar",
    "key_numbers",
    "light_board",
    "note",
    "steps",
    "stylesheet",
    "table",
    "verdict",
]
