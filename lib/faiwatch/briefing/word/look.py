"""How the document looks: page, fonts and styles, after the form of official documents.

The Chinese document follows GB/T 9704-2012 (a page of 22 lines with 28 characters). The standard
says nothing about English, whose document keeps the page and takes the sizes of a printed report.
Fonts are named, never embedded: a machine without one takes the next of :data:`FALLBACKS`, which
the font table of the document lists.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from pydantic import TypeAdapter

from faiwatch.core.text import LANGUAGES, Language

LATIN = "Times New Roman"

# The standard's fonts and what stands in for them, in this order, on machines of other makers.
FALLBACKS: Mapping[str, tuple[str, ...]] = {
    "方正小标宋简体": ("方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "华文中宋", "STZhongsong", "宋体"),
    "黑体": ("SimHei", "华文黑体", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC"),
    "楷体_GB2312": ("楷体", "KaiTi", "华文楷体", "STKaiti", "AR PL UKai CN"),
    "仿宋_GB2312": ("仿宋", "FangSong", "华文仿宋", "STFangsong", "Noto Serif CJK SC"),
    "宋体": ("SimSun", "华文宋体", "STSong", "Noto Serif CJK SC", "Source Han Serif SC"),
    LATIN: ("Liberation Serif", "Nimbus Roman"),
}

Align = Literal["left", "center", "right", "both"]


@dataclass(frozen=True, slots=True)
class Page:
    """The page: A4, with the margins of GB/T 9704-2012 §5.2 and §7.2.

    Attributes
    ----------
    width_mm, height_mm, top_mm, bottom_mm, left_mm, right_mm : float
        Sheet and margins.
    foot_mm : float
        From the edge of the sheet to the page number, whose line stands 7 mm below the text.
    head_mm : float
        From the edge of the sheet to the marks at its head.
    """

    width_mm: float = 210
    height_mm: float = 297
    top_mm: float = 37
    bottom_mm: float = 35
    left_mm: float = 28
    right_mm: float = 26
    foot_mm: float = 23
    head_mm: float = 22

    @property
    def text_mm(self) -> float:
        """Width of the text."""
        return self.width_mm - self.left_mm - self.right_mm


@dataclass(frozen=True, slots=True)
class Style:
    """One style of the document, a row of ``standard/styles.csv``.

    Attributes
    ----------
    name : str
        Word's own name where it has one, so that headings show in the navigation pane.
    font : str
        East Asian font.
    size_pt : float
        Size of the characters.
    line_pt : float
        Exact line pitch; 0 = single, for what holds pictures.
    align : {"left", "center", "right", "both"}
        "both" is justified.
    indent_chars : int
        Characters by which the first line is indented.
    space_before_pt, space_after_pt : float
        Space before and after.
    is_bold : bool
        Whether it is set in bold; Chinese headings differ by font instead.
    keeps_with_next : bool
        Whether it never stands last on a page.
    is_ruled : bool
        Whether a line stands above and below.
    """

    name: str
    font: str
    size_pt: float
    line_pt: float
    align: Align
    indent_chars: int
    space_before_pt: float
    space_after_pt: float
    is_bold: bool
    keeps_with_next: bool
    is_ruled: bool


PAGE = Page()
LINE_PT: Mapping[Language, float] = {"zh": 28, "en": 20}
BODY_PT: Mapping[Language, float] = {"zh": 16, "en": 12}

_STYLES = files("faiwatch.briefing").joinpath("standard", "styles.csv").read_text("utf-8")
_ROWS = list(csv.DictReader(_STYLES.splitlines()))
STYLES: Mapping[Language, tuple[Style, ...]] = {
    lang: TypeAdapter(tuple[Style, ...]).validate_python(
        [row for row in _ROWS if row["lang"] == lang]
    )
    for lang in LANGUAGES
}
