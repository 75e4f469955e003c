"""Stop a file that says itself that its subject is not investment: GDP, retail sales, prices.

Such a file has the shape of one about investment, and every question about it can be answered. What
it states is worth more than what is answered.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Sequence
from typing import NamedTuple

from faiwatch.core.text import Text, fold
from faiwatch.ingest.headers import Synonyms
from faiwatch.ingest.layout import Table
from faiwatch.ingest.log import Log, Question
from faiwatch.ingest.values import address

FLAG = "--subject-is-investment"
_INVESTMENT = re.compile(
    "投资|投資|固定资产|固定資產|固投|固资|invest|fixed.?asset|(?<![a-z])fai(?![a-z])",
    re.IGNORECASE,
)
_FEW = 4
_STATES_THE_INDICATOR = re.compile(r"^\s*指标(?:名称)?\s*[:：]")


class Stated(NamedTuple):
    """Where a table states its subject, and in which words."""

    sheet: str
    cell: str
    words: str


def stated_subjects(tables: Sequence[Table], synonyms: Synonyms) -> list[Stated]:
    """Return where tables state a subject that is not investment, one place for each sheet.

    A table whose own rows or columns name investment is about that, whatever its title says; so is
    one with a second title about investment, unless a line ``指标：`` says what its indicator is.

    Parameters
    ----------
    tables : sequence of Table
        Those of the sheets that are read.
    synonyms : Synonyms
        The synonym table.
    """
    found: dict[str, Stated] = {}
    for table in tables:
        said = [(one, synonyms.search(one.words)) for one in _around(table)]
        others = [one for one, meaning in said if meaning.measure == "other"]
        certain = any(_STATES_THE_INDICATOR.match(one.words) for one in others)
        is_mixed = any(meaning.indicator for _, meaning in said) and not certain
        if others and not is_mixed and not _names_investment(table, synonyms):
            found.setdefault(table.sheet.name, others[0])
    return list(found.values())


def subject_question(
    stated: Sequence[Stated], tables: Sequence[Table], synonyms: Synonyms
) -> Question:
    """Return the one question about a file whose sheets state another subject.

    Where other sheets are about investment, the option names them.
    """
    wrong = [one.sheet for one in stated]
    right = dict.fromkeys(
        table.sheet.name
        for table in tables
        if table.sheet.name not in wrong
        and (
            any(synonyms.search(one.words).indicator for one in _around(table))
            or _names_investment(table, synonyms)
        )
    )
    flag = " ".join(f"--sheet {shlex.quote(name)}" for name in right) or FLAG
    return _question(stated[0], flag, wrong if len(wrong) > 1 or right else [])


def ask_about_refused(refused: Collection[str], log: Log, *, is_empty: bool) -> None:
    """Ask when an answer would have made investment of a label, or nothing but others was found.

    Parameters
    ----------
    refused : collection of str
        Labels of another subject that were answered as investment.
    log : Log
        What was left out; takes the question.
    is_empty : bool
        No figure was read.
    """
    others = [one for one in log.dropped if one.rule == "other_subject"]
    answered = [one for one in others if any(label in one.was for label in refused)]
    nothing_else = others if is_empty and not log.questions else []
    for one in [*answered, *nothing_else][:1]:
        log.questions.clear()  # whatever else is open is open about another subject
        log.ask(_question(Stated(one.sheet, one.cell, one.was), FLAG, []))


def ask_instead(tables: Sequence[Table], synonyms: Synonyms, log: Log) -> None:
    """Say in one line that nothing in a file speaks of investment, in place of all questions.

    They can all be answered, and would make investment of any other figures. What equals figures
    that are held speaks for itself.

    Parameters
    ----------
    tables : sequence of Table
        Those of the sheets that are read.
    synonyms : Synonyms
        The synonym table.
    log : Log
        What is open.
    """
    questions = log.questions.values()
    if not questions or any(one.proposal or one.id == "subject" for one in questions):
        return
    labels = {
        cell
        for table in tables
        for row in (*table.titles, *range(table.headers[0], table.end))
        for cell in table.sheet.rows[row]
        if type(cell) is str and cell
    }
    words = {fold(one).casefold() for one in labels} | {table.sheet.name for table in tables}
    if any(map(_INVESTMENT.search, words)):
        return
    # English names of parts, private or primary, are parts of anything
    said = (synonyms.in_the_tables(one) for one in labels if not one.isascii())
    if any(one.indicator is not None and one.unknown is None for one in said):
        return
    first = tables[0]
    heads = [(one, first.labels(one)) for one in range(first.left, first.width)]
    found = [head[-1] for _, head in heads if head][:_FEW]
    row, column = found[0][:2] if found else (first.headers[0], first.left)
    got = ", ".join(words for *_, words in found)
    log.questions.clear()
    text = Text(
        "文件中没有任何文字表明是固定资产投资，不读入，除非它确是投资",
        "nothing in the file says that it is about fixed-asset investment: it is not read, unless "
        "it is investment after all",
    )
    log.ask(Question("subject", first.sheet.name, address(row, column), text, got, FLAG))


def _question(stated: Stated, flag: str, sheets: Sequence[str]) -> Question:
    zh, en = "、".join(sheets), ", ".join(sheets)
    text = Text(
        f"{f'工作表 {zh} ' if sheets else '文件'}写明的不是固定资产投资，不读入，除非它确是投资",
        f"{f'sheets {en} state' if sheets else 'the file states'} another subject than investment: "
        "it is not read, unless it is investment after all",
    )
    return Question("subject", *stated[:2], text, stated.words, flag)


def _around(table: Table) -> list[Stated]:
    """Return the words that speak of a whole table: titles, its corner, the name of its sheet."""
    corner = [(address(row, column), words) for row, column, words in table.labels(table.left)[-1:]]
    name = table.sheet.name
    return [Stated(name, *one) for one in (*table.title_words(), *corner, ("A1", name))]


def _names_investment(table: Table, synonyms: Synonyms) -> bool:
    """Whether a label of a row or column names investment by the synonym table, not by answers."""
    labels = {
        cell
        for row in (*table.headers, *range(table.body, table.end))
        for cell in table.sheet.rows[row][table.left : table.width]
        if type(cell) is str and cell
    }
    said = map(synonyms.in_the_tables, labels)
    return any(one.indicator is not None and one.unknown is None for one in said)
