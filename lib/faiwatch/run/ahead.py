"""What every worker needs once: done by the process that workers are forked from.

That process can import modules and nothing else, so this one is imported for what it does. Nothing
in it depends on the project, on files of a user or on the environment, which workers may have
newer.
"""

import faiwatch.core.fast_import
import faiwatch.run.pool
import faiwatch.run.single  # noqa: F401

# isort: split
from nbformat.v4 import new_notebook

from faiwatch.core.text import LANGUAGES
from faiwatch.site.article import compile_article
from faiwatch.site.templates import compile_pages

new_notebook()  # type: ignore[no-untyped-call]  # is checked, and the check compiled
compile_pages()
for _lang in LANGUAGES:
    compile_article(_lang)
