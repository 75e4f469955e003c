"""The cards of a page: data of many things, of which a box shows one, by its address.

The page's script opens the card of ``#project-CODE``, and makes a link of each name that it knows.
Without scripts there are no cards, and no dead link either.
"""

from __future__ import annotations

from collections.abc import Mapping

from faiwatch.core.text import Language, Text
from faiwatch.view.html.rendering import fragment, packed

_WORDS = {
    "close": Text("关闭", "Close"),
    "cell": Text("单元格", "Cell"),
    "plan": Text("序时进度", "Even pace"),
    "done": Text("完成", "Done"),
    "same": Text("同名项目，请选择：", "Several projects have this name:"),
    "unknown": Text(
        "本页没有代码为 {code} 的项目。", "No project of this page has the code {code}."
    ),
}


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
    words = {name: text.in_language(lang) for name, text in _WORDS.items()}
    return fragment("cards", {"words": words, "packed": packed(data)})
