"""Choosing two to five series for one chart: the page's script draws them, the address keeps them.

Without scripts the chart shows the choice that the page was made with, and no dead control.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from faiwatch.core.phrases import words_told
from faiwatch.core.text import Language
from faiwatch.view.html.rendering import fragment, packed

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
    return fragment(
        "compare",
        names=[name for name, _, _ in series.values()],
        figure=figure,
        chosen=",".join(chosen),
        packed=packed(series),
        words=words_told("view.words_compare", lang),
    )
