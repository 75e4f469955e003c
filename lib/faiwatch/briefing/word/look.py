"""How the document looks: page, fonts and styles, after the form of official documents.

The Chinese document follows GB/T 9704-2012 (a page of 22 lines with 28 characters). The standard
says nothing about English, whose document keeps the page and takes the sizes of a printed report.
Fonts are named, never embedded: a machine without one takes the next of :data:`FALLBACKS`, which
the font table of the document lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from faiwatch.core.text import Language

TITLE_SONG, HEI, KAI, FANGSONG, SONG = (
    "方正小标宋简体",
    "黑体",
    "楷体_GB2312",
    "仿宋_GB2312",
    "宋体",
)
LATIN = "Times New Roman"

# The standard's fonts and what stands in for them, in this order, on machines of other makers.
FALLBACKS: Mapping[str, tuple[str, ...]] = {
    TITLE_SONG: ("方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "华文中宋", "STZhongsong", "宋体"),
    HEI: ("SimHei", "华文黑体", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC"),
    KAI: ("楷体", "KaiTi", "华文楷体", "STKaiti", "AR PL UKai CN"),
    FANGSONG: ("仿宋", "FangSong", "华文仿宋", "STFangsong", "Noto Serif CJK SC"),
    SONG: ("SimSun", "华文宋体", "STSong", "Noto Serif CJK SC", "Source Han Serif SC"),
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
    """One style of the document.

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
    space_pt : tuple of float
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
    align: Align = "both"
    indent_chars: int = 0
    space_pt: tuple[float, float] = (0, 0)
    is_bold: bool = False
    keeps_with_next: bool = False
    is_ruled: bool = False


PAGE = Page()
LINE_PT: Mapping[Language, float] = {"zh": 28, "en": 20}
BODY_PT: Mapping[Language, float] = {"zh": 16, "en": 12}

_ZH = (
    Style("Normal", FANGSONG, 16, 28, indent_chars=2),
    Style("Title", TITLE_SONG, 22, 36, "center", space_pt=(0, 14), keeps_with_next=True),
    Style("Subtitle", KAI, 16, 28, "center", space_pt=(0, 14)),
    Style("Heading 1", HEI, 16, 28, indent_chars=2, keeps_with_next=True),
    Style("Heading 2", KAI, 16, 28, indent_chars=2, keeps_with_next=True),
    Style("Heading 3", FANGSONG, 16, 28, indent_chars=2, keeps_with_next=True),
    Style("Verdict", HEI, 16, 28, space_pt=(6, 20), is_ruled=True),
    Style("Addressee", FANGSONG, 16, 28, "left"),
    Style("Signed", FANGSONG, 16, 28, "right", keeps_with_next=True),
    Style("Attached", HEI, 16, 28, "left", keeps_with_next=True),
    Style("Mark", HEI, 12, 18, "center", space_pt=(0, 10)),
    Style("Caption", HEI, 12, 20, "center", space_pt=(6, 4), keeps_with_next=True),
    Style("Picture", FANGSONG, 12, 0, "center", keeps_with_next=True),
    Style("Source", FANGSONG, 10.5, 16, "left", space_pt=(2, 10)),
    Style("Cell", FANGSONG, 10.5, 16, "left"),
    Style("Header", HEI, 10.5, 14, "left"),
    Style("Footer", SONG, 14, 18, "left"),
    Style("footnote text", FANGSONG, 9, 12, "left"),
)
_EN = (
    Style("Normal", FANGSONG, 12, 20, space_pt=(0, 6)),
    Style(
        "Title", TITLE_SONG, 20, 28, "center", space_pt=(0, 8), is_bold=True, keeps_with_next=True
    ),
    Style("Subtitle", KAI, 12, 20, "center", space_pt=(0, 12)),
    Style("Heading 1", HEI, 15, 22, "left", space_pt=(12, 4), is_bold=True, keeps_with_next=True),
    Style("Heading 2", KAI, 13, 20, "left", space_pt=(8, 3), is_bold=True, keeps_with_next=True),
    Style(
        "Heading 3", FANGSONG, 12, 20, "left", space_pt=(6, 2), is_bold=True, keeps_with_next=True
    ),
    Style("Verdict", HEI, 14, 21, "left", space_pt=(6, 16), is_bold=True, is_ruled=True),
    Style("Addressee", FANGSONG, 12, 20, "left", space_pt=(0, 6)),
    Style("Signed", FANGSONG, 12, 20, "right", keeps_with_next=True),
    Style("Attached", HEI, 12, 20, "left", is_bold=True, keeps_with_next=True),
    Style("Mark", HEI, 11, 16, "center", space_pt=(0, 10), is_bold=True),
    Style("Caption", HEI, 11, 16, "center", space_pt=(6, 4), is_bold=True, keeps_with_next=True),
    Style("Picture", FANGSONG, 12, 0, "center", keeps_with_next=True),
    Style("Source", FANGSONG, 9.5, 13, "left", space_pt=(2, 10)),
    Style("Cell", FANGSONG, 9.5, 13, "left"),
    Style("Header", HEI, 10, 13, "left", is_bold=True),
    Style("Footer", SONG, 14, 18, "left"),
    Style("footnote text", FANGSONG, 8.5, 11, "left"),
)
STYLES: Mapping[Language, tuple[Style, ...]] = {"zh": _ZH, "en": _EN}
