"""The one stylesheet and script of the pages; the policy that lets a browser run nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from faiwatch.core.files import write_whole
from faiwatch.view.charts.bundle import bundle_version, javascript_bundle
from faiwatch.view.html import stylesheet

# The chart colours for a dark screen, each at least 4.5:1 on `paper` where it carries text.
DARK: Mapping[str, str] = {
    "ink": "#e7e9ec",
    "muted": "#a9b1bb",
    "line": "#66707c",
    "grid": "#2b323b",
    "paper": "#14181d",
    "positive": "#6fb5ea",
    "positive-mid": "#2f6086",
    "positive-soft": "#18324a",
    "negative": "#f2925a",
    "negative-mid": "#a9602f",
    "negative-soft": "#43281b",
    "indeterminate": "#9aa4af",
    "missing": "#3f4751",
    "accent": "#c394e2",
    "ground": "#0f1317",
    "tint": "#1c2229",
    "link": "#7dbcf0",
    "banner": "#4a3b0c",
    "banner-stripe": "#544410",
    "banner-ink": "#fbe7a6",
    "lamp-green": "#5fc27a",
    "lamp-yellow": "#e0b341",
    "lamp-red": "#f0766c",
}


@cache
def page_style() -> str:
    """Return the style of a page: blocks, page and dark colours, without comments."""
    dark = "".join(f"--{name}:{colour};" for name, colour in DARK.items())
    # on screens only: paper is white
    scheme = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    whole = stylesheet() + template_file("page.css") + scheme
    return re.sub(r"/\*.*?\*/\n?", "", whole, flags=re.DOTALL)


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
    """Return the small script of every page."""
    return template_file("page.js")


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
        write_whole(path, whole_script())
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
