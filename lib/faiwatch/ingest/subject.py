"""Stop a file that says itself that its subject is not investment: GDP, retail sales, prices.

Such a file has the shape of one about investment, and every question about it can be answered. What
it states is worth more than what is answered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.reference import own_indicators
from faiwatch.ingest.headers import Synonyms, normal
from faiwatch.ingest.layout import Table
from faiwatch.ingest.log import Coercion, Log, Question
from faiwatch.ingest.meaning import Meaning
from faiwatch.ingest.parts import without_investors
from faiwatch.ingest.values import address

FLAG = "--subject-is-investment"
_LOOKED_AT = 2000  # rows of a table whose labels may name investment
_INVESTMENT = re.compile(
    r"投资|固投|基建|invest|touzi|gdzc|(?<![a-z])fai(?![a-z])|capex|fixed[ _-]?assets?"
    r"|ytd_value_100m|ytd_yoy_pct"
)
_SOURCE = re.compile(r"^\s*(?:数据来源|资料来源|来源|source)", re.IGNORECASE)
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


def about_investment(
    tables: Sequence[Table], synonyms: Synonyms, log: Log
) -> tuple[list[Table], bool]:
    """Return the tables to read, and whether anything in the file says that it is investment.

    Where a sheet names investment, sheets that state another subject, and those that nowhere name
    investment, are left out and noted. A sheet with the same header as one that does, or whose name
    is a region or a month, belongs to it. Where no sheet names investment and one states another
    subject, that is asked.

    Parameters
    ----------
    tables : sequence of Table
        Those of the sheets that are read.
    synonyms : Synonyms
        The synonym table with the user's answers.
    log : Log
        Takes what is left out, and the question.
    """
    stated = {one.sheet: one for one in stated_subjects(tables, synonyms)}
    named = [
        table
        for table in tables
        if table.sheet.name not in stated and says_investment(table, synonyms)
    ]
    if not named:
        if stated:
            sheets = list(stated) if len(stated) > 1 else []
            log.ask(_question(next(iter(stated.values())), sheets))
        return ([] if stated else list(tables)), bool(stated)
    about = {table.sheet.name for table in named}
    heads = {_head(table) for table in named}
    kept = []
    for table in tables:
        name = table.sheet.name
        own = synonyms.understand(name)
        is_known = own != Meaning() and own.unknown is None and not own.is_left_out
        is_sibling = name not in stated and (_head(table) in heads or is_known)
        if name in about or is_sibling:
            kept.append(table)
        else:
            log.drop(name, "A1", name, "other_subject_sheet")
    return kept, True


def says_investment(table: Table, synonyms: Synonyms) -> bool:
    """Whether a title, a header, a label or the name of the sheet speaks of investment.

    So does a label that the user has answered, a column of Observations, and an indicator that a
    workspace has added to ours.
    """
    around = [one.words for one in _around(table)]
    if any(_speaks(words, synonyms) for words in (*around, *table.header_words())):
        return True
    body = table.sheet.rows[table.body : min(table.end, table.body + _LOOKED_AT)]
    labels = {cell for row in body for cell in row[table.left : table.width] if type(cell) is str}
    return any(_speaks(words, synonyms) for words in labels if words)


def _speaks(words: str, synonyms: Synonyms) -> bool:
    said = synonyms.understand(words)
    if synonyms.is_answered(words) and not said.is_left_out:
        return True
    meant = (said, synonyms.in_the_tables(words), synonyms.search(words))
    if any(one.indicator in own_indicators() for one in meant):  # an office has said it is watched
        return True
    text = without_investors(normal(synonyms.dictionary.get(words.strip(), words)))
    return bool(_INVESTMENT.search(text)) and synonyms.in_the_tables(words).measure != "other"


def _head(table: Table) -> tuple[str, ...]:
    """Return the header of a table in a form that can be compared."""
    return tuple(map(normal, table.header_words()))


def ask_whether_investment(tables: Sequence[Table], log: Log) -> None:
    """Ask the one question about a file in which nothing says that it is about investment."""
    if others := [one for one in log.dropped if one.rule == "other_subject"]:
        _ask_instead(others[0], log)
        return
    log.questions.clear()  # whatever else is open is open about another subject
    table = tables[0]
    where, got = address(table.headers[0], table.left), ", ".join(table.header_words()[:6])
    log.ask(Question("subject", table.sheet.name, where, say("ingest.subject.unsaid"), got, FLAG))


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
        _ask_instead(one, log)


def _ask_instead(one: Coercion, log: Log) -> None:
    """Ask about another subject, in place of whatever else is open about it."""
    log.questions.clear()
    log.ask(_question(Stated(one.sheet, one.cell, one.was)))


def _question(stated: Stated, sheets: Sequence[str] = ()) -> Question:
    named = Text("、".join(sheets), ", ".join(sheets))
    text = (
        say("ingest.subject.sheets_state_another", sheets=named)
        if sheets
        else say("ingest.subject.file_states_another")
    )
    return Question("subject", *stated[:2], text, stated.words, FLAG)


def _around(table: Table) -> list[Stated]:
    """Return the words that speak of a whole table: titles, its corner, the name of its sheet."""
    corner = [(address(row, column), words) for row, column, words in table.labels(table.left)[-1:]]
    name = table.sheet.name
    titles = [one for one in table.title_words() if not _SOURCE.match(one[1])]
    return [Stated(name, *one) for one in (*titles, *corner, ("A1", name))]


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
