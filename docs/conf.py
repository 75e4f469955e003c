"""Sphinx for one language of the documentation; ``docs/build.py`` sets it up and says which.

Nothing in the pages comes from outside: no font, no script, no MathJax (formulas are MathML), and
the search reads an index that lies beside it, so all of it works from ``file://``.
"""

import os
import re

from docutils.nodes import SkipNode
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.search import SearchLanguage, languages
from sphinx.util.typing import ExtensionMetadata

import faiwatch

LANG = os.environ.get("FAIWATCH_DOCS_LANG", "en")
CHINESE = LANG == "zh"

project = "faiwatch"
release = version = faiwatch.__version__
language = "zh_CN" if CHINESE else "en"
html_title = f"faiwatch {release}"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["repository"]
templates_path = ["_templates"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
add_module_names = False
autodoc_typehints = "none"  # numpydoc docstrings say what a parameter takes, in words
napoleon_use_rtype = False
suppress_warnings = ["ref.python"]  # a word of a docstring that two classes have an attribute for
html_theme = "furo"
html_copy_source = html_show_sourcelink = html_show_copyright = html_show_sphinx = False
html_math_renderer = "mathml"
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_context = {
    "other_language": "en" if CHINESE else "zh",
    "other_name": "English" if CHINESE else "中文",
}
html_theme_options = {
    "light_css_variables": {
        "font-stack": '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",'
        " sans-serif"
        if CHINESE
        else "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif"
    }
}

IDEOGRAPHS = r"[\u3400-\u9fff]+"


class ChinesePairs(SearchLanguage):
    """Chinese searched by pairs of characters: no dictionary, so no word of ours is unknown to it.

    Sphinx's own way needs jieba, splits 负增长概率 by a general dictionary, and its search box does
    not split at all. Here text and query are cut alike, into 负增, 增长, 长概, 概率.
    """

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = r"""
function splitQuery(query) {
  const found = [];
  for (const word of query.match(/[\u3400-\u9fff]+|[a-z0-9_]+/gi) || []) {
    if (!/[\u3400-\u9fff]/.test(word) || word.length < 3) found.push(word);
    else for (let at = 0; at < word.length - 1; at++) found.push(word.slice(at, at + 2));
  }
  return found;
}
"""

    def split(self, input: str) -> list[str]:
        """Return pairs of neighbouring ideographs, and the words in other letters."""
        runs = re.findall(IDEOGRAPHS, input)
        pairs = [run[at : at + 2] for run in runs for at in range(max(1, len(run) - 1))]
        return pairs + re.findall(r"[A-Za-z0-9_]+", input)

    def stem(self, word: str) -> str:
        """Return it in small letters."""
        return word.lower()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add MathML in place of a script from elsewhere, and the search by pairs."""
    languages["zh"] = ChinesePairs

    def formula(self, node) -> None:  # noqa: ANN001  a writer of HTML
        self.body.append(str(tex2mathml(node.astext(), as_block=node.tagname == "math_block")))
        raise SkipNode

    app.add_html_math_renderer("mathml", (formula, None), (formula, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
