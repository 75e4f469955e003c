"""The cards of a page: data of many things, of which a box shows one, by its address.

The page's script opens the card of ``#project-CODE``, and makes a link of each name that it knows.
Without scripts there are no cards, and no dead link either.
"""

from __future__ import annotations

from collections.abc import Mapping

from faiwatch.core.phrases import words_told
from faiwatch.core.text import Language
from faiwatch.view.html.rendering import fragment, packed


def cards(data: Mapping[str, object], *, lang: Language) -> str:
    """Return the cards of a page, to be opened by the page's script.

    Parameters
    ----------
    data : mapping
        ``heads``: title and headings of each section by its name; ``projects``: code to
        ``name status unit sections``, each section a list of rows.
    lang : {"zh", "en"}
        Language of the page.
    """
    words = words_told("view.words_cards", lang)
    return fragment("cards", words=words, packed=packed(data))
