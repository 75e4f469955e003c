"""Text on its way into a document: what XML cannot hold is made visible."""

from __future__ import annotations

import re

from faiwatch.core.text import clean

_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")  # XML 1.0, production 2
_BREAKS = re.compile(r"[\t\r\n]+")


def fit_for_xml(words: str) -> str:
    r"""Return `words` in one line, without characters that hide, reorder, or are not allowed.

    Word does nothing with ``=...``, ``<script>`` or a field code in a text: it is shown.

    Examples
    --------
    >>> fit_for_xml("7.2%\x0c\ufffe\n=1+1") == "7.2%\ufffd\ufffd =1+1"
    True
    """
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", clean(_BREAKS.sub(" ", words)))
