"""Make the fonts that charts are measured in: widths of Noto Sans CJK SC, and nothing else.

To measure one text, vl-convert reads the whole font: 20 MB for the real one, some kilobytes for
these. Each character has the advance of the real font and a plain box for its outline; a picture
never shows them. Run it again only when the fonts of the charts change:
``.venv/bin/python .ci/metrics.py`` (needs fonttools, which comes with matplotlib).
"""

import subprocess
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

HOME = Path(__file__).parents[1] / "lib/faiwatch/view/metrics"
NAME = "faiwatch metrics"
MODEL = "Noto Sans CJK SC"
# Western letters, figures and signs; Chinese punctuation, characters and full-width forms
WRITTEN = ((0, 0x2E80), (0x3000, 0x3100), (0x4E00, 0xA000), (0xFF00, 0xFFF0))
WEIGHTS = {"Regular": 400, "Bold": 700}


def made(style: str) -> FontBuilder:
    """Return the font whose characters are as wide as those of the real one."""
    asked = ["fc-match", "--format=%{file} %{index}", f"{MODEL}:style={style}"]
    file, number = subprocess.check_output(asked, text=True).rsplit(" ", 1)
    model = TTFont(file, fontNumber=int(number))
    wide, height = model["hmtx"], model["hhea"]
    widths = {code: wide[name][0] for code, name in model.getBestCmap().items() if measured(code)}
    glyphs = {width: f"w{width}" for width in sorted(set(widths.values()))}
    font = FontBuilder(model["head"].unitsPerEm, isTTF=True)
    font.setupGlyphOrder([".notdef", *glyphs.values()])
    font.setupCharacterMap({code: glyphs[width] for code, width in widths.items()})
    font.setupGlyf({".notdef": box(1000), **{name: box(width) for width, name in glyphs.items()}})
    font.setupHorizontalMetrics(
        {".notdef": (1000, 0), **{name: (width, 0) for width, name in glyphs.items()}}
    )
    font.setupHorizontalHeader(ascent=height.ascent, descent=height.descent)
    names = {"familyName": NAME, "styleName": style, "psName": f"faiwatch-metrics-{style}"}
    font.setupNameTable(names)
    font.setupOS2(usWeightClass=WEIGHTS[style])
    font.setupPost(keepGlyphNames=False)
    font.font["head"].created = font.font["head"].modified = 0
    font.font.recalcTimestamp = False
    return font


def measured(code: int) -> bool:
    """Return whether it is a character that charts are written with."""
    return any(low <= code < high for low, high in WRITTEN)


def box(width: int) -> Glyph:
    """Return a box as wide as the character."""
    pen = TTGlyphPen(None)
    if width:
        for number, corner in enumerate(((0, 0), (0, 800), (width, 800), (width, 0))):
            (pen.lineTo if number else pen.moveTo)(corner)
        pen.closePath()
    return pen.glyph()


if __name__ == "__main__":
    HOME.mkdir(exist_ok=True)
    for style in WEIGHTS:
        made(style).save(HOME / f"{style.lower()}.ttf")
