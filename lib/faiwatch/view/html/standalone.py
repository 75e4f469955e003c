"""A page of its own around one block, for a chart that somebody saves and sends."""

from __future__ import annotations

from markupsafe import Markup

from faiwatch.core.text import LANGUAGE_TAGS, Language
from faiwatch.view.charts.bundle import javascript_bundle
from faiwatch.view.charts.theme import FONTS
from faiwatch.view.html.rendering import block_script, fragment, stylesheet


def standalone(block: str, *, title: str, lang: Language) -> str:
    """Return a whole page that shows one figure and fetches nothing.

    Parameters
    ----------
    block : str
        Of :func:`faiwatch.view.html.charts.figure`.
    title : str
        What the browser's window is called.
    lang : {"zh", "en"}
        Language of the page.
    """
    return fragment(
        "standalone",
        block=Markup(block),
        title=title,
        tag=LANGUAGE_TAGS[lang],
        style=Markup(stylesheet()),
        fonts=Markup(FONTS),
        library=Markup(javascript_bundle()),
        script=Markup(block_script("common", "tables", "figures")),
    )
