"""The figure block: chart, caption and the numbers behind it.

The static picture is always there; the page's script puts the interactive chart in its place and
leaves the picture for print. Title, caption and numbers never depend on a script.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from markupsafe import Markup

from faiwatch.core.text import Language, Text, clean, month_name
from faiwatch.view.html.rendering import fragment, json_for_html
from faiwatch.view.html.statements import note
from faiwatch.view.html.tables import grid

if TYPE_CHECKING:
    from faiwatch.view.charts.chart import Chart

_WORDS = {
    "table": Text("数据表", "Data table"),
    "csv": Text("CSV", "CSV"),
    "about": Text("数据说明", "Metadata"),
    "tools": Text("图表工具：", "Tools of the chart"),
    "full": Text("全屏", "Full screen"),
    "zoom": Text("拖动可平移，按住 Ctrl 滚动可缩放", "Drag to move, Ctrl and wheel to zoom"),
    "reset": Text("还原缩放（双击图亦可）", "Undo zoom (or double-click the chart)"),
    "units": Text("单位：", "Units: "),
    "source": Text("来源：", "Source: "),
    "as_of": Text("数据截至", "Data as of"),
}


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
    words = {name: text.in_language(lang) for name, text in _WORDS.items()}
    until = f" {words['as_of']} {month_name(figure.as_of, lang)}" if figure.as_of else ""
    id = f"fig-{figure.id}"
    # the page knows its vega-lite; without the schema's name it holds no outside address at all
    spec = {name: value for name, value in figure.spec().items() if name != "$schema"}
    return fragment(
        "figure",
        {
            "figure": figure,
            "id": id,
            "lang": lang,
            "picture": Markup(clean(figure.svg())),
            "spec": json_for_html(spec),
            "csv": _address("text/csv", figure.csv()),
            "about": _address("application/json", json.dumps(figure.about(), ensure_ascii=False)),
            "credit": f"{words['source']}{figure.source}{until}",
            "grid": Markup(grid(figure.table, id=f"{id}-data", lang=lang)),
            "words": words,
        },
    )


def _address(kind: str, text: str) -> str:
    """Return the address of a file that the page itself holds."""
    held = base64.b64encode(text.encode("utf-8")).decode("ascii")
    return f"data:{kind};charset=utf-8;base64,{held}"
