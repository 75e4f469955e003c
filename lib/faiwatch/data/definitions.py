"""What findings are: the name, unit and formula of each, by the page or section that tells it.

They stand in ``data/findings.csv``, in both languages. A name stands alone in a sentence and
carries its unit, other than that of a column (:mod:`faiwatch.data.measures`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from faiwatch.core.paths import data_folder
from faiwatch.core.provenance import What
from faiwatch.core.text import Text
from faiwatch.data.encoding import rows_of


@cache
def _sections() -> Mapping[str, Mapping[str, What]]:
    sections: dict[str, dict[str, What]] = defaultdict(dict)
    for row in rows_of(data_folder() / "findings.csv"):
        what = What(Text(row["zh"], row["en"]), row["unit"], row["formula"], row["formula_zh"])
        sections[row["section"]][row["id"]] = what
    return sections


def definitions_of(section: str) -> Mapping[str, What]:
    """Return what the findings of a section are, by id, in the order of the file.

    Examples
    --------
    >>> definitions_of("ledger")["lagging"].label.zh
    '滞后项目数'
    """
    return _sections()[section]


def about(what: What, name: Text) -> What:
    """Return a definition that speaks of something by its name, which takes the place of ``{}``.

    Examples
    --------
    >>> about(definitions_of("monitor")["run"], Text("累计增速", "year to date")).label.en
    'negative spell, year to date'
    """
    told = what.label
    return replace(what, label=Text(told.zh.format(name.zh), told.en.format(name.en)))
