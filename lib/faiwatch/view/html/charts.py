"""The figure block: chart, caption and the numbers behind it.

The static picture is always there; the page's script puts the interactive chart in its place and
leaves the picture for print. Title, caption and numbers never depend on a script.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from markupsafe import Markup

from faiwatch.core.phrases import words_told
from faiwatch.core.text import Language, clean
from faiwatch.view.html.rendering import fragment, json_for_html
from faiwatch.view.html.statements import note
from faiwatch.view.html.tables import grid

if TYPE_CHECKING:
    from faiwatch.view.charts.chart import Chart


def figure(figure: Chart, *, lang: Language) -> str:
    """Return a figure with its static picture, chart specification, caption, table and CSV.

    Parameters
    ----------
    figure : Chart
        Its `finding` is both caption and text alternative.
    lang : {"zh", "en"}
        Language of the page.

    Returns
    -------
    str
        A ``figure`` element with the id ``fig-<figure.id>``; a note when there is nothing to draw.
    """
    if figure.table.empty:
        return note(figure.caption, lang=lang, title=figure.title)
    id = f"fig-{figure.id}"
    # the page knows its vega-lite; without the schema's name it holds no outside address at all
    spec = {name: value for name, value in figure.spec().items() if name != "$schema"}
    return fragment(
        "figure",
        figure=figure,
        id=id,
        lang=lang,
        picture=Markup(clean(figure.svg())),
        spec=json_for_html(spec),
        csv=_address("text/csv", figure.csv()),
        about=_address("application/json", json.dumps(figure.about(), ensure_ascii=False)),
        grid=Markup(grid(figure.table, id=f"{id}-data", lang=lang)),
        words=words_told("view.words_figure", lang),
    )


def _address(kind: str, text: str) -> str:
    """Return the address of a file that the page itself holds."""
    held = base64.b64encode(text.encode("utf-8")).decode("ascii")
    return f"data:{kind};charset=utf-8;base64,{held}"
