"""Names in ledger charts: in two lines on an axis, cut in a table."""

from __future__ import annotations

import textwrap
import unicodedata

import altair as alt
import pandas as pd

from faiwatch.core.text import clean
from faiwatch.view.charts import theme

ROW = 34  # px
_LONGEST = 60  # characters of a cell
WIDEST = 24  # in widths of a Latin letter
_MORE = "…"


def wrapped(name: str, *, lines: int = 2, width: int = WIDEST) -> str:
    r"""Return a name in at most so many lines; what does not fit ends in an ellipsis.

    Examples
    --------
    >>> wrapped("started, not in the statistics library")
    'started, not in the\nstatistics library'
    >>> wrapped("演示·城西新区雨污分流改造工程")
    '演示·城西新区雨污分流改\n造工程'
    """
    words = " ".join(clean(name).split())
    if _width(words) == len(words):  # Latin letters: break between words
        broken = textwrap.wrap(words, width) or [""]
    else:
        broken = [""]
        for letter in words:
            if _width(broken[-1] + letter) > width:
                broken.append("")
            broken[-1] += letter
    if len(broken) > lines:
        broken = [*broken[: lines - 1], f"{broken[lines - 1][:-1]}{_MORE}"]
    return "\n".join(broken)


def apart(names: pd.Series) -> pd.Series:
    """Return names wrapped, no two of them alike: each is a row of its own."""
    broken = names.map(wrapped)
    again = broken.groupby(broken).cumcount()
    return broken.where(again.eq(0), broken + " (" + (again + 1).astype("str") + ")")


def one_line(word: str, *, longest: int = _LONGEST) -> str:
    """Return one text of a ledger as a cell.

    Examples
    --------
    >>> one_line("a  b"), len(one_line("x" * 10000))
    ('a b', 60)
    """
    line = " ".join(word.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def row_y() -> alt.Y:
    """Return a vertical axis of wrapped names, in the order of the rows."""
    axis = alt.Axis(
        labelColor=theme.INK,
        labelLimit=0,
        labelExpr="split(datum.label, '\\n')",
        labelLineHeight=14,
        labelOffset=-4,
        labelFontSize=12,
    )
    return alt.Y("name:N", title=None, sort=None, axis=axis)


def _width(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in words)
