"""The jinja environment of the blocks, and the two gates that text passes on its way to HTML."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterable
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from faiwatch.core.finding import InputRow
from faiwatch.core.phrases import words_told
from faiwatch.core.text import NOT_AVAILABLE, Language, clean, month_name
from faiwatch.data.input_labels import column_label, value_label
from faiwatch.data.reference import releases_in_words, source_in_words
from faiwatch.view.charts.theme import TOKENS

PAGE_HTML = "application/vnd.faiwatch.html"
"""Type of an output that is HTML for the published page and something livelier in a notebook."""

WITHHELD = "application/vnd.faiwatch.withheld"
"""Type of an output that shows nothing because its page may not: a part kept from the public."""

LEFT_OUT = "application/vnd.faiwatch.left-out"
"""Type of an output that is not shown because there is no data for it: what it would have been."""

ABOUT = "application/vnd.faiwatch.about+json"
"""Type of an output that says of what the page is: ``calendar``, and ``zh`` ``en`` of its subject
where that is another one than fixed-asset investment."""

_LONGEST_PLACE = 120  # characters; a file may call itself anything


def left_out(what: str, *, lang: Language) -> dict[str, object]:
    """Return the output of what has no data: the published page names it once, with all others."""
    return {LEFT_OUT: what, "text/plain": f"{what} ({NOT_AVAILABLE[lang]})"}


def json_for_html(value: object) -> Markup:
    r"""Return JSON that may stand inside a script element whatever the texts in it hold.

    Examples
    --------
    >>> str(json_for_html({"a": "</script>"}))
    '{"a":"\\u003c/script>"}'
    """
    words = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    safe = clean(words).replace("<", "\\u003c")
    return Markup(safe.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def packed(value: object) -> str:
    """Return data that are too many to stand in a page as they are: JSON, compressed, in base64.

    The page's script unpacks it; the same data make the same text.

    Examples
    --------
    >>> json.loads(gzip.decompress(base64.b64decode(packed(["甲", 1]))))
    ['甲', 1]
    """
    words = clean(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
    return base64.b64encode(gzip.compress(words.encode("utf-8"), mtime=0)).decode("ascii")


def block_script(*names: str) -> str:
    """Return the scripts of the blocks: all of them, or those named, to be put into a function."""
    chosen = names or ("common", "tables", "figures", "cards", "compare")
    folder = files(__package__).joinpath("scripts")
    return "\n".join(folder.joinpath(f"{name}.js").read_text("utf-8") for name in chosen)


def fragment(name: str, /, **values: object) -> str:
    """Return the fragment ``fragments/<name>.html.j2`` filled with `values`, all escaped."""
    return _environment.get_template(f"{name}.html.j2").render(values).strip()


def compile_fragments() -> None:
    """Compile all fragments, so that kernels forked afterwards share them."""
    for name in _environment.list_templates():
        _environment.get_template(name)


def origin_words(lang: Language) -> dict[str, str]:
    """Return the words of the fragment ``origin``, which says where a number comes from."""
    return words_told("view.words_origin", lang)


def stylesheet() -> str:
    """Return the style of the blocks, for pages and for notebooks that show blocks in a cell.

    The colours are those of the charts, as custom properties (``--ink``); a chart inside a
    block takes its colours from the same properties, so whoever sets them recolours both.
    """
    recolour = "".join(
        f'.fw-chart [{part}="{colour}" i]{{{part}:var(--{name})}}\n'
        for name, colour in TOKENS.items()
        for part in ("fill", "stroke")
    )
    own = files(__package__).joinpath("blocks.css").read_text(encoding="utf-8")
    return f"{palette()}{recolour}{own}"


def palette() -> str:
    """Return the colours as custom properties alone, for a page without blocks."""
    colours = "".join(f"--{name}:{colour};" for name, colour in TOKENS.items())
    return f":root{{{colours}}}\n"


def _by_place(
    rows: Iterable[InputRow], lang: Language
) -> list[tuple[tuple[str, str, str], list[InputRow]]]:
    """Group input rows by file (and sheet), column and source, so that each is named once."""
    places: dict[tuple[str, str, str], list[InputRow]] = {}
    for row in rows:
        file = " · ".join(filter(None, (row.file, row.sheet)))[:_LONGEST_PLACE]
        places.setdefault((file, column_label(row, lang), row.source), []).append(row)
    return list(places.items())


def _unbroken(words: str) -> Markup:
    """Return words in which no line ends within months such as 1—8月; they copy as they were."""
    whole = r'<span class="fw-whole">\g<0></span>'
    return Markup(re.sub(r"\d+—\d+月", whole, str(escape(clean(words)))))


def _shown(value: object) -> object:
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


_environment = Environment(
    loader=PackageLoader("faiwatch.view.html", "fragments"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["month"] = month_name
_environment.filters["by_place"] = _by_place
_environment.filters["unbroken"] = _unbroken
_environment.filters["value_label"] = value_label
_environment.filters["source_words"] = source_in_words
_environment.filters["releases"] = releases_in_words
