"""Tables for readers of two runs of a page; see :mod:`faiwatch.view.tables`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from faiwatch.core.phrases import texts_of, words_told
from faiwatch.core.text import Language, Text
from faiwatch.data.measures import measures_of
from faiwatch.view.tables import Table, in_words


def findings_table(changes: Sequence[Mapping[str, object]], *, lang: Language) -> Table:
    """Return the findings that are not the same in two runs.

    Parameters
    ----------
    changes : sequence of mapping
        From :func:`faiwatch.run.diff.compare_runs`: ``id kind then now``.
    lang : {"zh", "en"}
        Language of the table.
    """
    rows = pd.DataFrame(changes, columns=["id", "kind", "then", "now"], dtype="str").fillna("")
    return Table(
        rows.assign(kind=in_words(rows["kind"], texts_of("view.words_finding_changes"), lang)),
        Text("不同的结论", "Findings that differ"),
        measures_of(id="finding", kind="difference", then="former", now="latter"),
        lang,
    )


def circumstances_table(circumstances: Mapping[str, Sequence[str]], *, lang: Language) -> Table:
    """Return what else differs between two runs: parameters, data, code, versions."""
    fields = words_told("view.words_run", lang)
    rows = [(fields.get(name, name), *both) for name, both in circumstances.items()]
    return Table(
        pd.DataFrame(rows, columns=["field", "then", "now"], dtype="str"),
        Text("运行条件的差别", "What else differs"),
        measures_of(field="circumstance", then="former", now="latter"),
        lang,
    )
