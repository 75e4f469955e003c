"""What the notes of a release (附注) say of the scope of its figures. Pure.

Kept are sentences that define one of our indicators, or say that scope or comparison changed; of
these the second are candidates for ``data/breaks.csv``, which a person decides on.
"""

from __future__ import annotations

import re

from faiwatch.data.live import Scope
from faiwatch.data.live.release_clauses import plain, readable, release_words

_HEAD = re.compile(r"^(?:\d+[.、])?(?:附注|附:?注|注释?[:：])", re.MULTILINE)
_SCOPE = re.compile("口径|统计范围|不可比|是指|指为|计划总投资|起报标准|起点|剔除")
_CHANGE = re.compile("不可比|调整|变更|新口径|不再|改为|(?:自|从)\\d{4}年.{0,12}?(?:起|开始)")
_HEAD_LENGTH = 30


def body_and_notes(text: str) -> tuple[str, str]:
    r"""Return a text before its notes, and the notes.

    Examples
    --------
    >>> body_and_notes("投资增长1%。\n附注\n1.指标解释")
    ('投资增长1%。\n', '附注\n1.指标解释')
    """
    found = _HEAD.search(text)
    return (text, "") if found is None else (text[: found.start()], text[found.start() :])


def scope_notes(notes: str, month: str) -> tuple[Scope, ...]:
    r"""Return what notes of the release of a month say of scope.

    Examples
    --------
    >>> said = scope_notes(
    ...     "附注\n1.基础设施投资：2026年起口径调整。\n2.样本由电子表报送。", "2026-08"
    ... )
    >>> [(one.indicator, one.words, one.may_break) for one in said]
    [('infrastructure', '基础设施投资：2026年起口径调整', True)]
    """
    found = []
    for line in notes.split("\n"):
        subject = ""
        for sentence in re.split("[。!?]", plain(line)):
            words = re.sub(
                r"^(?:附注:?)?(?:\(?\d+\)?[.、]?|\([一二三四五六七八九十]+\))", "", sentence
            )
            subject = _subject(words[:_HEAD_LENGTH]) or subject
            if _SCOPE.search(words) and "\t" not in line:
                said, changes = readable(words).replace(":", "："), bool(_CHANGE.search(words))
                found.append(Scope(month, subject or "*", said, changes))
    return tuple(found)


def _subject(words: str) -> str:
    """Return the indicator whose name stands first in some words, the longest of those."""
    places = [
        (words.find(plain(name)), -len(name), indicator)
        for indicator, names in release_words().items()
        for name in names
        if f"{plain(name)}投资" in words or (indicator == "total" and plain(name) in words)
    ]
    return min(places)[2] if places else ""
