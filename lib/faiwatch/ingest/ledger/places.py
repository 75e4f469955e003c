"""Find the table of a sheet: which table of the ledger it is, and where its header ends.

The header is the block of one to three rows in which most columns are fields of one table. A title
above it or a row of data below it makes no more columns known, so of those that know most the first
wins whose merged cells end in it, the smaller and higher before the others.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

import pandas as pd

from faiwatch.core.phrases import joined, say
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE, LedgerField, LedgerTable, ledger_tables
from faiwatch.ingest import layout
from faiwatch.ingest.headers import (
    EVERYTHING_ELSE,
    Synonyms,
    known_synonyms,
    normal,
)
from faiwatch.ingest.ledger.answers import SHEET, SKIP
from faiwatch.ingest.ledger.headers import (
    BY_NAME,
    PROJECT_NUMBERS,
    ROW_NUMBERS,
    Headers,
    Label,
    may_head,
)
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.units import Unit
from faiwatch.ingest.values import Sheet, address, column_letters, place_named, shown

COLUMNS = "columns"  # one option answers for all columns that nobody knows
# What an id is made of where no column holds one, see :mod:`faiwatch.ingest.ledger.names`
MADE_OF: Mapping[str, tuple[str, str]] = {
    "projects": (PROJECT_CODE, "name"),
    "issues": ("issue_id", PROJECT_CODE),
    "contracts": ("id", "name"),
    "tasks": ("id", "title"),
}
# Headers of days that may be planned or actual
_BARE_DAYS = {
    "planned_start": re.compile(r"开工(?:时间|日期|年月|建设时间)?|动工时间|开\(复\)工时间"),
    "planned_finish": re.compile("竣工(?:时间|日期|年月)|完工(?:时间|日期)|建成时间|投产时间"),
}
_LAST_HEADER_ROW = 20
_MOST_HEADER_ROWS = 3
_NO_TABLES = re.compile(
    r"^(?:填报|填表|使用)?(?:说明|须知)$|^(?:封面|目录|下拉选项|选项|字典|数据字典)$|^guide$"
)
_COUNTS = re.compile(r"(?:项目|总)?(?:个数|数量|数)(?:\(个\))?|项目总数")
_FEW_FIELDS = 3
_NAMES_LOOKED_AT = 500
_FEWEST_BESIDE_CODES = 2
_MOST_FIGURES = 4  # one cell of four
_MANY_FIELDS = 6  # a table of projects with so many is no table of figures


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """One column that is read.

    Attributes
    ----------
    field : LedgerField
        Which field it is.
    index : int
        Its place on the sheet, from zero.
    header : str
        Words above it, from the top.
    cell : str
        Address of the lowest of them.
    unit : Unit or None
        Unit of amounts in the header.
    by_answer : bool
        The user has said which field it is.
    """

    field: LedgerField
    index: int
    header: str
    cell: str
    unit: Unit | None
    by_answer: bool = False


class Unknown(NamedTuple):
    """A column that is no field.

    Attributes
    ----------
    cell, header : str
        Address of its header, and what a ``--map`` calls it.
    near, field : str
        The nearest known header and its field; empty where none is near.
    """

    cell: str
    header: str
    near: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The table of one sheet.

    Attributes
    ----------
    sheet : Sheet
        The sheet.
    table : LedgerTable
        Which table it is.
    titles : tuple of str
        What stands above the header.
    headers : tuple of int
        Header rows, from zero; the body begins below them.
    columns : tuple of LedgerColumn
        Columns that are read.
    unknown : mapping of int to Unknown
        Each column that is no field and was not answered for, by its place.
    is_own_form : bool
        Every header is the name of a field, as in a CSV that faiwatch wrote: units are those of
        ``data/ledger_fields.csv``.
    month : Period or None
        At whose end the sheet says that it is true.
    of_workbook : Period or None
        The one month that the sheets of its file tell, where it tells none itself.
    keeps_zeros : bool
        Its file writes ``2026.10`` as text, so that the text ``2026.1`` is January.
    year : int or None
        Of its days that leave theirs out.
    bare : mapping
        Field of a planned day to its header, where that does not say whether it is planned.
    number : int or None
        Column of the running numbers of projects, from zero.
    """

    sheet: Sheet
    table: LedgerTable
    titles: tuple[str, ...]
    headers: tuple[int, ...]
    columns: tuple[LedgerColumn, ...]
    unknown: Mapping[int, Unknown]
    is_own_form: bool
    month: pd.Period | None = None
    of_workbook: pd.Period | None = None
    keeps_zeros: bool = False
    year: int | None = None
    bare: Mapping[str, str] = dataclasses.field(default_factory=dict)
    number: int | None = None

    @property
    def is_by_number(self) -> bool:
        """Whether running numbers stand where codes of projects are wanted."""
        return any(one.index == self.number for one in self.columns)

    @property
    def is_by_name(self) -> bool:
        """Whether names, or numbers, stand where codes of projects are wanted."""
        return any(
            one.field.name == PROJECT_CODE and one.field.kind == "text" for one in self.columns
        )

    @property
    def body(self) -> int:
        """First row below the header, from zero."""
        return self.headers[-1] + 1


@dataclass(frozen=True, slots=True)
class _Candidate:
    headers: Headers
    block: layout.Table
    found: Mapping[int, Label]
    is_named: bool

    @property
    def fields(self) -> set[str]:
        return {one.field for one in self.found.values() if one.field} - {SKIP}

    @property
    def lacking(self) -> list[str]:
        """Required fields without a column; the month may be told, and an id made, elsewhere."""
        made, source = MADE_OF.get(self.headers.table.name, ("", ""))
        sources = {source, BY_NAME} if source == PROJECT_CODE else {source}
        elsewhere = {AS_OF, *self.fields}
        if BY_NAME in self.fields:
            elsewhere.add(PROJECT_CODE)
        if sources & self.fields:
            elsewhere.add(made)
        return [name for name in self.headers.table.required if name not in elsewhere]

    @property
    def is_sure(self) -> bool:
        """Whether nobody would take it for figures: a name of the ledger, or project codes.

        A code and an id alone are any dictionary's columns.
        """
        kinds = {self.headers.table.fields[name].kind for name in self.fields - {BY_NAME}}
        is_wide = self.headers.table.name == "projects" and len(self.fields) >= _MANY_FIELDS
        has_codes = "code" in kinds and len(self.fields) > _FEWEST_BESIDE_CODES
        return not self.lacking and (self.is_named or has_codes or is_wide)

    @property
    def has_id(self) -> bool:
        """Whether no id has to be made for its rows."""
        made, _ = MADE_OF.get(self.headers.table.name, ("", ""))
        return not made or made in self.fields

    @property
    def is_worth_asking(self) -> bool:
        """Whether it is a table, or so near to one that the user should say what it lacks.

        An id can be made for nearly any words, so a table without one has to have more fields.
        """
        needed = set(self.headers.table.required) - {AS_OF}
        fewest = 2 if self.has_id else _FEW_FIELDS
        is_near = len(self.fields) > fewest and bool(needed & self.fields)
        is_whole = not self.lacking and (self.has_id or self.is_named)
        return is_whole or is_near or (self.is_named and len(self.fields) > 1)

    def fit(self) -> tuple[int, bool]:
        """How well the block is the header: fields known, and no merged cell goes on outside it."""
        first, last = self.block.headers[0], self.block.headers[-1]
        cut = any(
            top < first <= bottom or top <= last < bottom
            for top, _, bottom, _ in self.block.sheet.merges
        )
        return len(self.fields), not cut

    def rank(self) -> tuple[bool, int, bool]:
        """How likely it is: complete, many fields, a name, and no id to be made.

        An id can be made for nearly any table, so one without is complete only if it is named so.
        """
        is_complete = not self.lacking and (self.has_id or self.is_named)
        is_complete &= self.is_named or len(self.fields) > 1  # a name alone is any table's
        return is_complete, len(self.fields) * (2 if self.is_named else 1), self.has_id


def is_ledger_sheet(sheet: Sheet) -> bool:
    """Whether a sheet holds a table of a ledger and can be nothing else."""
    best = _ranked(sheet, {})[:1]
    return bool(best) and best[0].is_sure and not _lists_indicators(sheet, best[0])


def _lists_indicators(sheet: Sheet, found: _Candidate) -> bool:
    """Whether the names in a table are those of indicators: a list of codes and what they mean."""
    known = Synonyms(known_synonyms())
    at = next((column for column, label in found.found.items() if label.field == "name"), None)
    body = range(found.block.headers[-1] + 1, min(found.block.end, _NAMES_LOOKED_AT))
    names = [words for row in body if at is not None and (words := shown(sheet.at(row, at)))]
    said = map(known.in_the_tables, names)
    is_one = [one.unknown is None and bool(one.indicator or one.measure) for one in said]
    return sum(is_one) * 2 > len(names)


def place_of(sheet: Sheet, answers: Mapping[str, str], log: Log) -> Place | None:
    """Return the table of a sheet, or None when it holds none.

    Parameters
    ----------
    sheet : Sheet
        A sheet.
    answers : mapping
        From ``--map``.
    log : Log
        Takes columns that are left out, and questions about headers.
    """
    is_guide = _NO_TABLES.match(normal(sheet.name.rpartition(" ")[2]))
    ranked = [] if is_guide else _ranked(sheet, answers)
    said = answers.get(f"{SHEET}:{sheet.name}")
    if said is not None:
        ranked = [one for one in ranked if one.headers.table.name == said]
    if not ranked or not (said or ranked[0].is_worth_asking):
        log.drop(sheet.name, "A1", sheet.name, "no_table")
        return None
    best = ranked[0]
    if said is None and _is_summary(best):
        log.drop(sheet.name, "A1", sheet.name, "summary")
        return None
    if said is None and len(ranked) > 1 and ranked[1].rank() == best.rank():
        tables = [one.headers.table for one in ranked[:2]]
        named = joined((one.label for one in tables), " / ", " / ")
        text = say("ingest.places.which_table", tables=named)
        flag = " | ".join(map_flag(f"{SHEET}:{sheet.name}", one.name) for one in tables)
        log.ask(Question("table", sheet.name, "A1", text, got=sheet.name, flag=flag))
        return None
    return _place(sheet, best, answers, log)


def _is_summary(found: _Candidate) -> bool:
    """Whether a sheet counts projects by class or town, and names none."""
    heads = (words for at in range(found.block.width) for *_, words in found.block.labels(at)[-1:])
    counts = any(_COUNTS.fullmatch(normal(words)) for words in heads)
    return counts and found.fields.isdisjoint({"name", BY_NAME, "project"})


def _ranked(sheet: Sheet, answers: Mapping[str, str]) -> list[_Candidate]:
    """Return what a sheet may be, the likeliest first."""
    worded, told = [], dict[int, str | None]()  # what stands above a row is looked at once
    for block in blocks(sheet):
        filled = [cell for cell in sheet.rows[block.headers[-1]] if cell != ""]
        if _MOST_FIGURES * sum(not isinstance(cell, str) for cell in filled) > len(filled):
            continue
        words = {at: [word for *_, word in block.labels(at)] for at in range(block.width)}
        if words := {column: over for column, over in words.items() if over}:
            top = block.headers[0]
            told[top] = told[top] if top in told else name_of(sheet, block)
            spelt = tuple(map(tuple, words.values()))
            may_be = ledger_tables().keys() if answers else may_head(spelt)
            worded.append((block, tuple(words), spelt, told[top], may_be))
    by_place = _answers_by_place(sheet, answers)
    found = []
    for table in ledger_tables().values() if worded else ():
        of_table = (table.name, tuple(answers.items()))
        tried = []
        for block, columns, spelt, named, may_be in worded:
            if table.name not in may_be:
                continue
            means = dict(zip(columns, _labels(*of_table, spelt), strict=True))
            for column in by_place.keys() & means.keys():
                means[column] = _said(means[column], by_place[column], table)
            tried.append(_Candidate(_headers(*of_table), block, means, named == table.name))
        if tried:
            found.append(max(tried, key=_Candidate.fit))  # the first of equals
    return sorted((one for one in found if one.fields), key=_Candidate.rank, reverse=True)


@lru_cache(maxsize=256)
def _headers(table: str, answers: tuple[tuple[str, str], ...]) -> Headers:
    """Return what is known of a table's headers: each monthly sheet has the same ones."""
    return Headers(ledger_tables()[table], dict(answers))


@lru_cache(maxsize=4096)
def _labels(
    table: str, answers: tuple[tuple[str, str], ...], spelt: tuple[tuple[str, ...], ...]
) -> tuple[Label, ...]:
    """Return what the headers of a block of columns mean in a table."""
    return tuple(map(_headers(table, answers).understand, spelt))


def _answers_by_place(sheet: Sheet, answers: Mapping[str, str]) -> dict[int, str]:
    """Return what the user says of columns by their letters, ``AI`` or ``'Sheet1'!AI``."""
    found = {}
    for label, means in answers.items():
        place = place_named(label.partition(":")[0] if label == label.upper() else label)
        if place is not None and place[0] in {"", sheet.name}:
            found[place[2]] = means
    return found


def _said(label: Label, answer: str | None, table: LedgerTable) -> Label:
    """Return what a column is: a header that is known or answered for goes before its letters."""
    if answer is None or label.by_answer or answer not in {SKIP, *table.fields}:
        return label
    return label._replace(field=answer, by_answer=True)


def name_of(sheet: Sheet, block: layout.Table) -> str | None:
    """Return the table that the name of a sheet, or else a title above the header, tells."""
    titles = (words for _, words in block.title_words())
    return next(filter(None, map(_named, chain((sheet.name,), titles))), None)


@cache
def _named(text: str) -> str | None:
    """Return the table whose name stands in some words: the longest, of equals the last.

    Chinese names end with what they are: 重点项目问题清单 is a list of issues.
    """
    words = normal(text)
    names = {
        normal(word): table.name
        for table in ledger_tables().values()
        for word in (table.name, table.label.zh, table.label.en, *table.synonyms)
    }
    inside = [
        (len(word), words.rfind(word), table) for word, table in names.items() if word in words
    ]
    return max(inside)[2] if inside else None


def blocks(sheet: Sheet) -> Iterator[layout.Table]:
    """Yield the rows that may be the header, the smaller and higher block first."""
    last = min(len(sheet.rows), _LAST_HEADER_ROW)
    # a sheet may have thousands of merged cells below, and each is looked at for each header
    sheet = replace(sheet, merges=[one for one in sheet.merges if one[0] < last])
    width = max(map(len, sheet.rows), default=0)
    for height in range(1, _MOST_HEADER_ROWS + 1):
        for top in range(last - height + 1):
            rows = tuple(range(top, top + height))
            titles = tuple(range(top))
            yield layout.Table(sheet, titles, rows, top + height, len(sheet.rows), width)


def _place(sheet: Sheet, best: _Candidate, answers: Mapping[str, str], log: Log) -> Place:
    table, block, row = best.headers.table, best.block, best.block.headers[-1]
    columns, unknown, own_form = [], {}, True
    taken: set[str] = set()
    found = dict(best.found)
    # columns that nothing stands above are called K:K, as spreadsheets do
    for at in range(block.width):
        if at not in found:
            letters = column_letters(at)
            label = best.headers.understand([f"{letters}:{letters}"])
            found[at] = _said(label, _answers_by_place(sheet, answers).get(at), table)
    bare = _bare_days(table, block, found)
    number = _number_of(block, found)
    lacking = best.lacking
    if number is not None and PROJECT_CODE in lacking:
        # without codes and names, a sheet may name its projects by their numbers
        found[number] = Label(BY_NAME)
        lacking = [
            one for one in lacking if one not in {PROJECT_CODE, *MADE_OF.get(table.name, ())}
        ]
    for index, label in sorted(found.items()):
        cells = block.labels(index)
        letters = column_letters(index)
        above, left, words = cells[-1] if cells else (row, index, f"{letters}:{letters}")
        where, header = address(above, left), "/".join(word for *_, word in cells) or words
        if label.field == BY_NAME and PROJECT_CODE in best.fields:
            label = Label(SKIP)  # the code says which project
        if label.field == SKIP:
            if cells:
                log.drop(sheet.name, where, header, "skip")
        elif label.field is not None:
            field = _by_name(table) if label.field == BY_NAME else table.fields[label.field]
            if field.name in taken:
                _ask_for_twin(sheet, field, (where, words), answers, log)
                continue
            taken.add(field.name)
            columns.append(
                LedgerColumn(field, index, header, where, label.unit, by_answer=label.by_answer)
            )
            own_form &= words == field.name and len(cells) == 1
            if label.by_answer or label.is_alike:
                rule = "map" if label.by_answer else "header_alike"
                log.coerced(sheet.name, where, header, field.name, rule)
        else:
            near = best.headers.propose([words], best.fields) if cells else ""
            unknown[index] = Unknown(
                where, header, near, best.headers.field_of(near) if near else ""
            )
    for name in lacking:
        got = ", ".join(words for at in best.found for *_, words in block.labels(at)[-1:])
        log.ask(which_column(sheet, table, name, address(row, 0), got))
    titles = tuple(words for _, words in block.title_words())
    for above in block.titles:
        if words := " ".join(filter(None, (shown(cell).strip() for cell in sheet.rows[above]))):
            log.drop(sheet.name, address(above, 0), words, "title")
    where_bare = {name: header for name, header in bare.items() if name in taken}
    read = tuple(columns), unknown, own_form
    return Place(sheet, table, titles, block.headers, *read, bare=where_bare, number=number)


def which_column(sheet: Sheet, table: LedgerTable, name: str, cell: str, got: str) -> Question:
    """Return the question which column holds a field that is needed."""
    text = say("ingest.places.which_column", field=table.fields[name].label)
    return Question("field", sheet.name, cell, text, got, map_flag("…", name), name)


def _number_of(block: layout.Table, found: Mapping[int, Label]) -> int | None:
    """Return the column of running numbers, the one that says of projects first."""
    heads = {
        at: normal(words)
        for at, label in sorted(found.items())
        if label.field == SKIP and not label.by_answer
        for *_, words in block.labels(at)[-1:]
    }
    of_projects = [at for at, words in heads.items() if words in PROJECT_NUMBERS]
    return next(iter([*of_projects, *(at for at in heads if heads[at] in ROW_NUMBERS)]), None)


def _bare_days(table: LedgerTable, block: layout.Table, found: dict[int, Label]) -> dict[str, str]:
    """Give columns headed 开工时间 and 竣工时间 a field, and return those that stand alone.

    Beside a column of planned days such a column tells the actual ones, and the reverse.
    """
    alone = {}
    fields = {label.field for label in found.values()}
    for index, label in sorted(found.items()) if table.name == "projects" else ():
        words = "".join(normal(word) for *_, word in block.labels(index)[-1:])
        for plan, headers in _BARE_DAYS.items():
            if label.field is not None or not headers.fullmatch(words):
                continue
            actual = plan.replace("planned", "actual")
            told = actual if plan in fields else plan
            if plan not in fields and actual not in fields:
                alone[plan] = words
            found[index] = label._replace(field=told)
            fields.add(told)
    return alone


def _ask_for_twin(
    sheet: Sheet,
    field: LedgerField,
    column: tuple[str, str],
    answers: Mapping[str, str],
    log: Log,
) -> None:
    """Ask about the second column of a field, or leave it out where that is the answer."""
    where, words = column
    if answers.get(EVERYTHING_ELSE) == SKIP:
        log.drop(sheet.name, where, words, "skip")
        return
    text, flag = say("ingest.places.twin", field=field.label), map_flag(words, SKIP)
    log.ask(Question("label", sheet.name, where, text, words, flag, group=COLUMNS))


def _by_name(table: LedgerTable) -> LedgerField:
    """Return the code of a project as a column of names, which are looked up once all is read."""
    name = ledger_tables()["projects"].fields["name"]
    return replace(table.fields[PROJECT_CODE], kind=name.kind, longest=name.longest)
