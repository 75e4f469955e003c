"""The light board: what each colour of a set of rules means, and how many have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from faiwatch.core.light_names import LIGHTS
from faiwatch.core.text import Language, Text
from faiwatch.view.html.rendering import fragment

Colour = Literal[
    "green",
    "excused",
    "yellow",
    "red",
    "light_blue",
    "blue",
    "undefined",
    "missing",
    "not_applicable",
]

# A sign for each colour in words, and a shape on a board, so that none is told by colour alone.
_LOOKS: Mapping[Colour, tuple[str, str]] = {
    "green": ("●", "M16 3a13 13 0 1 0 .01 0z"),
    "excused": ("▤", "M6 4h20v24H6zm4 4v3h12V8zm0 7v3h12v-3zm0 7v3h7v-3z"),
    "yellow": ("▲", "M16 3l14 26H2z"),
    "red": ("■", "M4 4h24v24H4z"),
    "light_blue": ("▼", "M2 5h28L16 29z"),
    "blue": ("⬢", "M10 3h12l8 13-8 13H10L2 16z"),
    "undefined": ("◇", "M16 3l13 13-13 13L3 16zm0 5l-8 8 8 8 8-8z"),
    "missing": ("○", "M16 4a12 12 0 1 0 .01 0zm0 5a7 7 0 1 1-.01 0z"),
    "not_applicable": ("–", "M5 14h22v4H5z"),
}
SIGNS: Mapping[Colour, str] = {colour: sign for colour, (sign, _) in _LOOKS.items()}


def light_words(light: str, lang: Language) -> str:
    """Return a light as it stands in a table: its sign and its word.

    Examples
    --------
    >>> light_words("red", "zh")
    '■ 红灯'
    """
    return f"{SIGNS[cast('Colour', light)]} {LIGHTS[light].in_language(lang)}"


@dataclass(frozen=True, slots=True)
class Light:
    """One colour of a board: its word, how many have it, and what it means."""

    colour: Colour
    word: str
    count: str
    means: str


@dataclass(frozen=True, slots=True)
class Board:
    """One set of rules: its name, where it comes from and what it looks at, and its colours."""

    title: str
    about: str
    lights: Sequence[Light]


def light_board(boards: Sequence[Board], *, lang: Language) -> str:
    """Return several sets of rules side by side, each colour with its shape, word and meaning.

    Parameters
    ----------
    boards : sequence of Board
        In the order shown; texts in the language of the page.
    lang : {"zh", "en"}
        Language of the page.

    Returns
    -------
    str
        A ``div`` element with a section for each board.
    """
    return fragment(
        "lights",
        boards=boards,
        shapes={colour: shape for colour, (_, shape) in _LOOKS.items()},
        label=Text("亮灯情况", "Lights").in_language(lang),
    )
