"""The shell of every page: templates, the one stylesheet and script, and the rules pages keep.

The content security policy lets a browser run nothing but the page's own script.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from faiwatch.core.errors import PublicationBlockedError
from faiwatch.core.files import atomic_write
from faiwatch.core.text import LANGUAGE_TAGS, Language, Text, other_language
from faiwatch.site.words import words_in
from faiwatch.view.charts.bundle import bundle_version, javascript_bundle
from faiwatch.view.html.rendering import block_script, palette, stylesheet

Bundle = Literal["site", "page"]

MOST_BYTES: Mapping[Bundle, int] = {"site": 3_000_000, "page": 4_000_000}

HOME_PATH = r"(?:/home/|/Users/|[A-Za-z]:\\+Users\\+|/root/)[^\s<\"'/\\]+"
_FIGURE = re.compile(r'<figure\b[^>]*?\bid="([^"]+)".*?</figure>', re.DOTALL)

_environment = Environment(
    loader=PackageLoader("faiwatch.site", "template"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def compile_pages() -> None:
    """Compile all templates, so that workers forked afterwards share them."""
    for name in _environment.list_templates(["j2"]):
        if name != "article.html.j2":  # has filters of its own, see `faiwatch.site.article`
            _environment.get_template(name)


def render(name: str, values: Mapping[str, object]) -> str:
    """Return the template `name` filled with `values`, all escaped."""
    return _environment.get_template(f"{name}.html.j2").render(values)


def base_values(
    lang: Language, title: str, *, more_style: str = "", has_blocks: bool = True
) -> dict[str, object]:
    """Return what every page has: language, title, style and words.

    The policy it holds allows no script; a page with one replaces it. `more_style` is of this kind
    of page alone, and one without blocks is spared their style.
    """
    style = page_style(has_blocks=has_blocks) + more_style + running_foot(title)
    return {
        "tag": LANGUAGE_TAGS[lang],
        "other_tag": LANGUAGE_TAGS[other_language(lang)],
        "title": title,
        "style": Markup(style),
        "csp": content_policy(style=style),
        "words": words_in(lang),
        "lang": lang,
        "bar": None,  # a page in a site has one
        "way_up": (),
        "made_up": False,
        "home": "",
        "other": "",
    }


def check_page(html: str, bundle: Bundle) -> None:
    """Raise `PublicationBlockedError` when a page breaks a rule for pages.

    Parameters
    ----------
    html : str
        The whole page.
    bundle : {"site", "page"}
        Which size is allowed: 3 MB without the chart library (5,000 projects need 2.3), 4 MB with.
    """
    content = html.encode("utf-8")
    size, most = len(content), MOST_BYTES[bundle]
    if size > most:
        figures = {found[1]: len(found[0].encode("utf-8")) for found in _FIGURE.finditer(html)}
        biggest = max(figures, key=lambda id: figures[id], default="")
        raise PublicationBlockedError(
            Text("页面太大", "the page is too large"),
            where=f"{biggest} ({figures.get(biggest, 0):,} bytes)",
            got=size,
            allowed=f"{most:,} bytes",
            todo=Text("减少最大图表的数据点或列", "reduce the data points of the largest chart"),
        )
    if may_show_home(content) and (path := re.search(HOME_PATH, html)):
        raise PublicationBlockedError(
            Text("页面含有个人目录的路径", "the page contains the path of a home folder"),
            got=path[0],
        )


def may_show_home(content: bytes) -> bool:
    """Return whether there is a part of any `HOME_PATH`, which is found ten times as fast as one.

    Examples
    --------
    >>> may_show_home(b"in the home"), may_show_home(b"in /home/me")
    (False, True)
    """
    return any(part in content for part in (b"/home/", b"/root/", b"Users"))


@cache
def page_style(*, has_blocks: bool = True) -> str:
    """Return the style of a page: blocks, page and dark colours, without comments and line ends."""
    whole = (stylesheet() if has_blocks else palette()) + template_file("page.css")
    bare = re.sub(r"/\*.*?\*/\n?", "", whole, flags=re.DOTALL)
    return re.sub(r"(?<=[{};,])\s*\n\s*", "", bare)


def running_foot(words: str) -> str:
    r"""Return the style that prints `words` at the foot of every sheet of paper.

    Examples
    --------
    >>> running_foot('a"b')
    '@page{@bottom-left{content:"a\\22 b";font-size:8pt;color:#57606a}}'
    """
    text = re.sub(r"[^\w ·]", lambda sign: f"\\{ord(sign[0]):x} ", words)
    return f'@page{{@bottom-left{{content:"{text}";font-size:8pt;color:#57606a}}}}'


def page_script() -> str:
    """Return the small script of every page: that of the blocks, then that of what is around."""
    return f'"use strict";\n(() => {{\n{block_script()}\n{template_file("page.js")}}})();\n'


def whole_script() -> str:
    """Return the page's script with the chart library before it."""
    return f"{javascript_bundle()}\n{page_script()}"


@cache
def asset_name() -> str:
    """Return the name of the script file of a site; it changes whenever its content does.

    It is made from what decides the content: to build the chart library takes seconds.
    """
    digest = hashlib.sha256(f"{bundle_version()}\n{page_script()}".encode()).hexdigest()
    return f"faiwatch-{digest[:8]}.js"


def write_assets(site: Path) -> Path:
    """Write the script that the pages of a site share, and return where it lies.

    See :func:`asset_name`; older ones stay, because older pages use them.
    """
    path = site / "assets" / asset_name()
    if not path.exists():
        atomic_write(path, whole_script())
    return path


def template_file(name: str) -> str:
    """Return a file of the template folder."""
    return files(__package__).joinpath("template", name).read_text(encoding="utf-8")


def content_policy(*, style: str, inline_script: str = "", own_files: bool = False) -> str:
    """Return the content security policy of a page.

    Nothing is allowed but the page's own style, its own script and pictures inside it. The
    inline parts are named by hash, so an injected one does not run; ``'self'`` is, for a page
    opened from a folder, that folder's disk.

    Examples
    --------
    >>> content_policy(style="p{}")[:67]
    "default-src 'none'; base-uri 'none'; form-action 'none'; img-src da"
    """
    allowed = ["'self'"] if own_files else []
    if inline_script:
        allowed.append(_hash(inline_script))
    parts = [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "img-src data:",
        f"style-src {_hash(style)}",
        f"script-src {' '.join(allowed) or chr(39) + 'none' + chr(39)}",
    ]
    return "; ".join(parts)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
