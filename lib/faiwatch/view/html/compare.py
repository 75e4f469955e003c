"""Choosing two to five series for one chart: the page's script draws them, the address keeps them.

Without scripts the chart shows the choice that the page was made with, and no dead control.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from faiwatch.core.text import Language, Text
from faiwatch.view.html.rendering import fragment, packed

_WORDS = {
    "label": Text("选择要比较的地区或指标", "Regions or indicators to compare"),
    "add": Text("添加", "Add"),
    "remove": Text("移除", "Remove"),
    "most": Text("最多比较五个，请先移除一个。", "Five at most: remove one first."),
    "fewest": Text("至少保留一个。", "One stays at least."),
    "unknown": Text("没有这个名称，请从列表中选。", "There is no such name: choose from the list."),
    "kept": Text("网址已保存这一选择。", "The address of the page keeps the choice."),
    "between": Text("；", "; "),
}

Told = tuple[str, str, float | None, str]
"""One release of a series: its month, what it covers, growth in percent, state in words."""


def compare(
    series: Mapping[str, tuple[str, str, Sequence[Told]]],
    *,
    figure: str,
    chosen: Sequence[str],
    lang: Language,
) -> str:
    """Return the controls of a chart that compares series, and the series.

    Parameters
    ----------
    series : mapping
        Key as the address has it, to name, newest figure in words, and the releases in order.
    figure : str
        Id of the chart of lines, whose data have ``month window which value_pct state``.
    chosen : sequence of str
        Keys of what the chart shows at first.
    lang : {"zh", "en"}
        Language of the page.
    """
    words = {name: text.in_language(lang) for name, text in _WORDS.items()}
    return fragment(
        "compare",
        {
            "names": [name for name, _, _ in series.values()],
            "figure": figure,
            "chosen": ",".join(chosen),
            "packed": packed(series),
            "words": words,
        },
    )
