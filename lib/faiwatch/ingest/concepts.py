"""Headers of a ledger that say the same in other words.

Offices put a header together from the same few parts in any order: 8月份当月完成投资额 is
本月完成投资. Two headers are alike when they are made of the same concepts of
``data/ledger_words.csv``, and letters that are no word of it are a concept of their own; so nothing
is passed over, and what differs in a single word that means something is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from faiwatch.core.text import fold
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.reference import table_rows

# what every header of a table is about, so that it need not be said
_UNDERSTOOD = {"issues": frozenset({"问题"}), "bonds": frozenset({"资金"})}
# what alone may stand over anything: 投资额 is that of a year or of the whole project
_TOO_LITTLE = {"投资", "资金", "目标", "计划", "完成", "单位", "企业", "累计", "实际"}
_TOO_LITTLE |= {"总", "年", "月", "时", "债"}
_NOT_WORDS = re.compile(r"[\W_]+")


def concepts(header: str, table: str) -> frozenset[str]:
    """Return the concepts of which a header is made.

    Examples
    --------
    >>> sorted(concepts("n月份当月完成投资额", "projects"))
    ['完成', '投资', '月']
    >>> concepts("计划完工时间", "projects") == concepts("预计竣工投产日期", "projects")
    True
    """
    told = _concepts(header)
    return told - _UNDERSTOOD.get(table, frozenset()) or told


@lru_cache(maxsize=65536)
def _concepts(header: str) -> frozenset[str]:
    found = set()
    text = fold(header).casefold()
    end = 0
    for match in _pattern().finditer(text):
        found.add(_NOT_WORDS.sub("", text[end : match.start()]))
        found.add(_words()[match[0]])
        end = match.end()
    found.add(_NOT_WORDS.sub("", text[end:]))
    return frozenset(found - {""})


def alike_fields(header: str, parents: Sequence[str]) -> Mapping[str, str]:
    """Return by table the field whose known headers are made of the same concepts.

    Parameters
    ----------
    header : str
        The header right above a column; alone it goes before it with what stands over it.
    parents : sequence of str
        What stands over it, the nearest first.

    Examples
    --------
    >>> alike_fields("预计竣工投产日期", [])["projects"]
    'planned_finish'
    """
    found: dict[str, str] = {}
    for table in ("", *_UNDERSTOOD):  # the others understand the same: nothing
        child = concepts(header, table)
        for made_of in (child, *(child | concepts(parent, table) for parent in parents)):
            for name, field in _alike_headers().get(made_of, {}).items():
                if table == (name if name in _UNDERSTOOD else ""):
                    found.setdefault(name, field)
    return found


@cache
def _alike_headers() -> Mapping[frozenset[str], Mapping[str, str]]:
    """Return table and field by the concepts of known headers.

    What two fields of a table have in common says nothing and is left out.
    """
    known: dict[frozenset[str], dict[str, str]] = {}
    for table, its in ledger_tables().items():
        fields: dict[frozenset[str], set[str]] = {}
        for name, field in its.fields.items():
            for word in (field.label.zh, *field.synonyms):
                if (key := concepts(word, table)) - _TOO_LITTLE or len(key) > 1:
                    fields.setdefault(key, set()).add(name)
        for key, names in fields.items():
            if len(names) == 1:
                known.setdefault(key, {})[table] = names.pop()
    return known


@cache
def _words() -> Mapping[str, str]:
    rows = table_rows("ledger_words.csv")
    return {word: row["concept"] for row in rows for word in row["words"].split("|")}


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_words(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))
