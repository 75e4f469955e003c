"""The table block: semantic rows and headers, our own style, wide ones scroll."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from faiwatch.core.text import NOT_AVAILABLE, WITHHELD, Language, Text, clean
from faiwatch.view.html.lights import SIGNS
from faiwatch.view.html.rendering import fragment

MOST_ROWS = 240  # a longer table is cut on the page; files and CSV links have every row

_LIGHTS = {f"{sign} ": light for light, sign in SIGNS.items()}  # the word behind it says the same
_NUMBER = re.compile(r"[\[(]?[−+\-]?\d[\d,. −+%\]\[）)(pp-]*")


def table(
    frame: pd.DataFrame,
    *,
    lang: Language,
    title: str,
    labels: Mapping[str, Text],
    source: str,
) -> str:
    """Return a table for readers.

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

    Returns
    -------
    str
        A ``figure`` element; the table scrolls inside a focusable region when it is too wide.
    """
    id = f"tab-{hashlib.sha256(title.encode()).hexdigest()[:8]}"
    shown = frame.loc[:, list(labels)].set_axis(
        [text.in_language(lang) for text in labels.values()], axis="columns"
    )
    return fragment(
        "table",
        {
            "id": id,
            "title": title,
            "columns": " ".join(labels),
            "grid": Markup(grid(shown, id=id, lang=lang)),
            "source": source,
            "source_label": Text("来源：", "Source: ").in_language(lang),
        },
    )


def grid(frame: pd.DataFrame, *, id: str, lang: Language) -> str:
    """Return the bare ``table`` element of a frame whose column names are reader's labels.

    Columns mostly of numbers stand to the right. Header ids begin with `id`, so that several tables
    can stand on one page.
    """
    cut = frame.head(MOST_ROWS)
    texts = [
        [NOT_AVAILABLE[lang] if pd.isna(value) else clean(str(value)) for value in cut.iloc[:, at]]
        for at in range(cut.shape[1])
    ]
    columns = [
        {"head": str(head), "side": "right" if is_numeric(column, lang) else "left"}
        for head, column in zip(frame.columns, texts, strict=True)
    ]
    rows = list(zip(*texts, strict=True))
    bare = fragment("grid", {"id": id, "columns": columns, "rows": rows, "signs": _LIGHTS})
    if len(frame) <= MOST_ROWS:
        return bare
    cut_words = Text(
        f"此处列出前 {MOST_ROWS} 行，共 {len(frame)} 行。",
        f"The first {MOST_ROWS} of {len(frame)} rows.",
    )
    return f'{bare}<p class="fw-cut">{cut_words.in_language(lang)}</p>'


def is_numeric(values: Sequence[str], lang: Language) -> bool:
    """Return whether a column of words holds mostly numbers; the missing ones do not count."""
    nothing = {NOT_AVAILABLE[lang], WITHHELD.in_language(lang), ""}
    told = [value for value in values if value not in nothing]
    # mostly: a count such as "at least 3" stays in its column of numbers
    return 2 * sum(_NUMBER.fullmatch(value) is not None for value in told) > len(told)
