"""The templates of pages, filled; what every page has, and the rules that every page keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from faiwatch.core.errors import PublicationBlockedError
from faiwatch.core.text import LANGUAGE_TAGS, Language, Text, other_language
from faiwatch.site.style import content_policy, page_style, running_foot
from faiwatch.site.words import words_in

Bundle = Literal["site", "page"]

MOST_BYTES: Mapping[Bundle, int] = {"site": 1_500_000, "page": 3_000_000}

HOME_PATH = r"(?:/home/|/Users/|[A-Za-z]:\\+Users\\+|/root/)[^\s<\"'/\\]+"
_FIGURE = re.compile(r'<figure\b[^>]*?\bid="([^"]+)".*?</figure>', re.DOTALL)


def render(name: str, values: Mapping[str, object]) -> str:
    """Return the template `name` filled with `values`, all escaped."""
    return _environment.get_template(f"{name}.html.j2").render(values)


def base_values(lang: Language, title: str) -> dict[str, object]:
    """Return what every page has: language, title, style and words.

    The policy it holds allows no script; a page with one replaces it.
    """
    style = page_style() + running_foot(title)
    other = other_language(lang)
    return {
        "tag": LANGUAGE_TAGS[lang],
        "other_tag": LANGUAGE_TAGS[other],
        "title": title,
        "style": Markup(style),
        "csp": content_policy(style=style),
        "words": words_in(lang),
    }


def check_page(html: str, bundle: Bundle) -> None:
    """Raise `PublicationBlockedError` when a page breaks a rule for pages.

    Parameters
    ----------
    html : str
        The whole page.
    bundle : {"site", "page"}
        Which size is allowed: 1.5 MB without the chart library, 3 MB with it.
    """
    size, most = len(html.encode("utf-8")), MOST_BYTES[bundle]
    if size > most:
        figures = {found[1]: len(found[0].encode("utf-8")) for found in _FIGURE.finditer(html)}
        biggest = max(figures, key=lambda id: figures[id], default="")
        raise PublicationBlockedError(
            Text("页面太大", "the page is too large"),
            where=f"{biggest} ({figures.get(biggest, 0):,} bytes)",
            got=size,
            allowed=f"{most:,} bytes",
            todo=Text("减少最大图表的数据点或列", "give the biggest figure fewer points"),
        )
    path = re.search(HOME_PATH, html)
    if path:
        raise PublicationBlockedError(
            Text("页面含有个人目录的路径", "the page shows a path of somebody's home folder"),
            got=path[0],
        )


_environment = Environment(
    loader=PackageLoader("faiwatch.site", "template"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
