"""The table block: semantic rows and headers, our own style, wide ones scroll."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from faiwatch.core.phrases import say, words_told
from faiwatch.core.text import NOT_AVAILABLE, WITHHELD, Language, Text, clean
from faiwatch.view.html.lights import SIGNS
from faiwatch.view.html.rendering import fragment, packed

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 60  # that stand in the page as they are; a script brings the others of a table
MOST_DATA_ROWS = 240  # of the numbers behind a chart; its CSV has every row

_LIGHTS = {f"{sign} ": light for light, sign in SIGNS.items()}  # the word behind it says the same
_NUMBER = re.compile(r"[\[(]?[−+\-]?\d[\d,. −+%\]\[）)(pp-]*")


def table(
    frame: pd.DataFrame,
    *,
    lang: Language,
    title: str,
    labels: Mapping[str, Text],
    source: str,
    workbook: str = "",
    has_script: bool = True,
) -> str:
    """Return a table for readers.

    On a page its first rows stand there; the script brings the others, and sorts, searches, copies
    and saves.

    Parameters
    ----------
    frame : DataFrame
        One row per line. Values are shown as they are: format numbers with
        :func:`faiwatch.core.text.number` before (half-up).
        Missing values show as 「待补」 / "not available".
    lang : {"zh", "en"}
        Language of the page.
    title : str
        What the table shows; unique on the page.
    labels : mapping of str to Text
        Columns shown, in this order, and what they are called.
    source : str
        Where the figures come from.
    workbook : str
        Address of a workbook that holds the table too, may be empty.
    has_script : bool
        Whether it stands on a page with our script; elsewhere it has no tools, and rows up to
        :data:`MOST_DATA_ROWS`.

    Returns
    -------
    str
        A ``figure`` element; the table scrolls inside a focusable region when it is too wide.
    """
    id = f"tab-{hashlib.sha256(title.encode()).hexdigest()[:8]}"
    shown = frame.loc[:, list(labels)].set_axis(
        [text.in_language(lang) for text in labels.values()], axis="columns"
    )
    words = words_told("view.words_table", lang)
    rest = shown.iloc[MOST_ROWS if has_script else len(shown) :]
    bare = _grid(shown, id=id, lang=lang) if has_script else grid(shown, id=id, lang=lang)
    if len(rest):
        words["rest"] = _cut_words(shown, lang)
    return fragment(
        "table",
        id=id,
        title=title,
        columns=" ".join(labels),
        grid=Markup(bare),
        has_script=has_script,
        rest=packed(list(zip(*_texts(rest, lang), strict=True))) if len(rest) else "",
        source=source,
        workbook=workbook,
        words=words,
    )


def grid(frame: pd.DataFrame, *, id: str, lang: Language) -> str:
    """Return the bare ``table`` element of a frame whose column names are reader's labels.

    Columns mostly of numbers stand to the right; the first column, when it holds words, names the
    row. A longer table is cut after :data:`MOST_DATA_ROWS` rows, and says so.
    """
    bare = _grid(frame, id=id, lang=lang, most=MOST_DATA_ROWS)
    if len(frame) <= MOST_DATA_ROWS:
        return bare
    return f'{bare}<p class="fw-rest">{_cut_words(frame, lang, MOST_DATA_ROWS)}</p>'


def _grid(frame: pd.DataFrame, *, id: str, lang: Language, most: int = MOST_ROWS) -> str:
    texts = _texts(frame.head(most), lang)
    columns = [
        {"head": str(head), "side": "right" if is_numeric(column, lang) else "left"}
        for head, column in zip(frame.columns, texts, strict=True)
    ]
    columns[0]["heads"] = "1" if columns[0]["side"] == "left" and len(columns) > 1 else ""
    rows = list(zip(*texts, strict=True))
    has_lights = any(cell[:2] in _LIGHTS for row in rows for cell in row)
    lights = " ".join(f"{sign[0]}{light}" for sign, light in _LIGHTS.items()) if has_lights else ""
    return fragment("grid", id=id, columns=columns, rows=rows, signs=_LIGHTS, lights=lights)


def _texts(frame: pd.DataFrame, lang: Language) -> list[list[str]]:
    """Return the cells of each column as words fit for display."""
    return [
        [
            NOT_AVAILABLE[lang] if is_none else clean(str(value))
            for value, is_none in zip(column, column.isna(), strict=True)
        ]
        for _, column in frame.items()
    ]


def _cut_words(frame: pd.DataFrame, lang: Language, most: int = MOST_ROWS) -> str:
    return say("view.html_tables.cut", most=most, total=len(frame)).in_language(lang)


def is_numeric(values: Sequence[str], lang: Language) -> bool:
    """Return whether a column of words holds mostly numbers; the missing ones do not count."""
    nothing = {NOT_AVAILABLE[lang], WITHHELD.in_language(lang), ""}
    told = [value for value in values if value not in nothing]
    # mostly: a count such as "at least 3" stays in its column of numbers
    return 2 * sum(_NUMBER.fullmatch(value) is not None for value in told) > len(told)
