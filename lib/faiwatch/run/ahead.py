"""What every worker needs once: done by the process that workers are forked from.

That process can import modules and nothing else, so this one is imported for what it does. Nothing
in it depends on the project, on files of a user or on the environment, which workers may have
newer. What libraries would load and no worker ever uses stays away: papermill's ways to notebooks
elsewhere, Jupyter's other wire format, selectors of CSS.
"""

# isort: skip_file
import warnings

from faiwatch.core.fast_import import without

with (
    without("boto3", "pyarrow", "msgpack", "soupsieve"),
    warnings.catch_warnings(action="ignore", category=UserWarning),  # told that there are none
):
    from faiwatch.run import pool, single  # noqa: F401
    from faiwatch.site.article import compile_article

from nbformat.v4 import new_notebook

from faiwatch.core.text import LANGUAGES
from faiwatch.site.templates import compile_pages

new_notebook()  # type: ignore[no-untyped-call]  # is checked, and the check compiled
compile_pages()
for _lang in LANGUAGES:
    compile_article(_lang)
