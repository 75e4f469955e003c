"""The bar that filters the tables of a page by what is known of the projects in them.

The page's script shows it; without scripts, and before they run, every table is whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from faiwatch.core.phrases import words_told
from faiwatch.core.text import Language, Text, clean
from faiwatch.view.html.rendering import fragment, json_for_html

Facts = Mapping[str, Sequence[str]]


def filter_bar(
    projects: Mapping[str, Facts], *, choices: Mapping[str, Text], lang: Language
) -> str:
    """Return the bar, empty when there is nothing to choose from.

    Tables whose frame has a column ``name`` follow it, charts do not.

    Parameters
    ----------
    projects : mapping
        Name of each project, as the tables show it, to its words by facet.
    choices : mapping of str to Text
        Facets in order, and what they are called.
    lang : {"zh", "en"}
        Language of the page.

    Returns
    -------
    str
        A ``form`` element.
    """
    options = {
        facet: sorted({word for facts in projects.values() for word in facts[facet] if word})
        for facet in choices
    }
    place = {facet: {word: at for at, word in enumerate(told)} for facet, told in options.items()}
    index = [
        [key(name), *([place[facet][word] for word in facts[facet] if word] for facet in choices)]
        for name, facts in projects.items()
    ]
    shown = [
        (facet, label.in_language(lang), options[facet])
        for facet, label in choices.items()
        if len(options[facet]) > 1
    ]
    if not shown:
        return ""
    return fragment(
        "filter_bar",
        choices=shown,
        index=json_for_html({"facets": list(choices), "projects": index}),
        words=words_told("view.words_filter", lang),
    )


def key(name: str) -> str:
    """Return a name as the page's script compares it: clean, with single blanks."""
    return " ".join(clean(name).split())
