"""Links from a page of a ledger to the result files of its run.

They lead from the executed notebook, which lies beside them; publication leads them from the page.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from faiwatch.core.text import Language, Text, clean

RESULT_ADDRESS = "results/"


def linked(words: Text, file: str, *, lang: Language) -> Markup:
    """Return words in which the name of a result file is a link to it.

    Parameters
    ----------
    words : Text
        Plain text; markup in it is shown, not obeyed.
    file : str
        Name of the file, such as ``lag.csv``; empty = none.
    lang : {"zh", "en"}
        Language of the page.

    Examples
    --------
    >>> str(linked(Text("全表见 lag.csv", "<all> in lag.csv."), "lag.csv", lang="en"))
    '&lt;all&gt; in <a href="results/lag.csv">lag.csv</a>.'
    """
    told = escape(clean(words.in_language(lang)))
    if not file:
        return told
    link = Markup('<a href="{}">{}</a>').format(f"{RESULT_ADDRESS}{file}", file)
    return told.replace(escape(file), link)
