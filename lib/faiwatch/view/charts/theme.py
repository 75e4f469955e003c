"""One look for every chart: fonts, a small set of named colours, and the vega-lite settings.

A chart may use the colours of :data:`TOKENS` and no others, so that the page can recolour an
inline SVG in dark mode by exact value (``svg [fill="#1b1f24"] { fill: var(--ink) }``) and so
that a test can see that nothing else crept in. The pair blue / vermilion stays apart in the
common kinds of colour blindness (after M. Okabe and K. Ito, "Color Universal Design", 2008,
darkened until each reaches 4.5:1 on white). Colour is never the only sign: every state also has
its own shape, mark or word.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

FONTS = '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'

INK = "#1b1f24"
MUTED = "#57606a"
LINE = "#8c959f"
GRID = "#e4e7eb"
PAPER = "#ffffff"
POSITIVE = "#0b6cab"
POSITIVE_MID = "#9cc3e2"
POSITIVE_SOFT = "#dbe9f4"
NEGATIVE = "#bf4408"
NEGATIVE_MID = "#eb9c70"
NEGATIVE_SOFT = "#fae3d6"
INDETERMINATE = "#6b7580"
MISSING = "#c9d0d8"
ACCENT = "#7d4b9e"

TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "ink": INK,  # text, the published series
        "muted": MUTED,  # axis labels, notes
        "line": LINE,  # zero line, scope breaks
        "grid": GRID,
        "paper": PAPER,  # what lies behind: hollow marks, signs on dark cells
        "positive": POSITIVE,
        "positive-mid": POSITIVE_MID,
        "positive-soft": POSITIVE_SOFT,
        "negative": NEGATIVE,
        "negative-mid": NEGATIVE_MID,
        "negative-soft": NEGATIVE_SOFT,
        "indeterminate": INDETERMINATE,
        "missing": MISSING,
        "accent": ACCENT,  # a second series, such as the naive growth
    }
)

WIDTH = 720  # of the static picture, in px
HEIGHT = 300
TEXT_SIZE = 13


def config() -> dict[str, Any]:
    """Return the vega-lite ``config`` shared by all charts.

    The picture has one accessible name, the caption; the hundreds of marks inside stay silent.
    """
    words = {"labelColor": MUTED, "labelFontSize": TEXT_SIZE, "titleColor": MUTED}
    title = {"titleFontSize": TEXT_SIZE, "titleFontWeight": "normal"}
    return {
        "font": FONTS,
        "background": "transparent",
        "view": {"stroke": None},
        "mark": {"aria": False},
        "point": {"opacity": 1},
        "text": {"fontSize": TEXT_SIZE, "color": INK},
        "axis": {
            **words,
            **title,
            "aria": False,
            "domain": False,
            "gridColor": GRID,
            "labelPadding": 6,
            "tickColor": LINE,
            "ticks": False,
        },
        "legend": {
            **words,
            **title,
            "aria": False,
            "columnPadding": 18,
            "columns": {"expr": "width < 420 ? 2 : 0"},  # 0: all in one row
            "labelColor": INK,
            "labelLimit": 0,
            "offset": 26,
            "orient": "top",
            "symbolSize": 110,
            "symbolStrokeWidth": 2,
            "title": None,
        },
    }
