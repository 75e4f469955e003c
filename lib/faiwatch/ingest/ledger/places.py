"""Find the table of a sheet: which table of the ledger it is, and where its header ends.

The header is the block of one to three rows in which most columns are fields of one table. A title
above it or a row of data below it makes no more columns known, so of those that know most the first
wins whose merged cells end in it, the smaller and higher before the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from faiwatch.core.text import LANGUAGES, Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE, LedgerField, LedgerTable, ledger_tables
from faiwatch.ingest import layout
from faiwatch.ingest.headers import BY_NAME, Headers, Label, normal
from faiwatch.ingest.ledger.answers import SHEET, SKIP
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.units import Unit
from faiwatch.ingest.values import Sheet, address, column_letters, shown

_LAST_HEADER_ROW = 20
_MOST_HEADER_ROWS = 3


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
    """

    field: LedgerField
    index: int
    header: str
    cell: str
    unit: Unit | None


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
    unknown : mapping of int to (str, str)
        Place of each column that is no field and was not answered for, to the address of its
        header and what a ``--map`` calls it.
    is_own_form : bool
        Every header is the name of a field, as in a CSV that faiwatch wrote: units are those of
        ``data/ledger_fields.csv``.
    """

    sheet: Sheet
    table: LedgerTable
    titles: tuple[str, ...]
    headers: tuple[int, ...]
    columns: tuple[LedgerColumn, ...]
    unknown: Mapping[int, tuple[str, str]]
    is_own_form: bool

    @property
    def is_by_name(self) -> bool:
        """Whether names stand where codes of projects are wanted."""
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
        """Required fields without a column; the month may be told elsewhere."""
        return [
            name
            for name in self.headers.table.required
            if name not in self.fields
            and name != AS_OF
            and not (name == PROJECT_CODE and BY_NAME in self.fields)
        ]

    @property
    def is_sure(self) -> bool:
        """Whether nobody would take it for figures: a name of the ledger, or project codes."""
        kinds = {self.headers.table.fields[name].kind for name in self.fields - {BY_NAME}}
        return not self.lacking and (self.is_named or "code" in kinds)

    @property
    def is_worth_asking(self) -> bool:
        """Whether it is a table, or so near to one that the user should say what it lacks."""
        needed = set(self.headers.table.required) - {AS_OF}
        is_near = len(self.fields) > 2 and bool(needed & self.fields)
        return not self.lacking or is_near or (self.is_named and len(self.fields) > 1)

    def fit(self) -> tuple[int, bool]:
        """How well the block is the header: fields known, and no merged cell goes on outside it."""
        first, last = self.block.headers[0], self.block.headers[-1]
        cut = any(
            top < first <= bottom or top <= last < bottom
            for top, _, bottom, _ in self.block.sheet.merges
        )
        return len(self.fields), not cut

    def rank(self) -> tuple[bool, bool, int]:
        """How likely it is: complete, named so, many fields."""
        return not self.lacking, self.is_named, len(self.fields)


def is_ledger_sheet(sheet: Sheet) -> bool:
    """Whether a sheet holds a table of a ledger and can be nothing else."""
    best = _ranked(sheet, {})[:1]
    return bool(best) and best[0].is_sure


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
    ranked = _ranked(sheet, answers)
    said = answers.get(f"{SHEET}:{sheet.name}")
    if said is not None:
        ranked = [one for one in ranked if one.headers.table.name == said]
    if not ranked or not (said or ranked[0].is_worth_asking):
        log.drop(sheet.name, "A1", sheet.name, "no_table")
        return None
    best = ranked[0]
    if said is None and len(ranked) > 1 and ranked[1].rank() == best.rank():
        tables = [one.headers.table for one in ranked[:2]]
        zh, en = (" / ".join(one.label.in_language(lang) for one in tables) for lang in LANGUAGES)
        text = Text(f"这张工作表是哪一种：{zh}？", f"which table is this sheet: {en}?")
        flag = " | ".join(map_flag(f"{SHEET}:{sheet.name}", one.name) for one in tables)
        log.ask(Question("table", sheet.name, "A1", text, got=sheet.name, flag=flag))
        return None
    return _place(sheet, best, log)


def _ranked(sheet: Sheet, answers: Mapping[str, str]) -> list[_Candidate]:
    """Return what a sheet may be, the likeliest first."""
    named = _named(sheet.name)
    worded = []
    for block in _blocks(sheet):
        words = {at: [word for *_, word in block.labels(at)] for at in range(block.width)}
        if words := {column: over for column, over in words.items() if over}:
            worded.append((block, words))
    found = []
    for table in ledger_tables().values() if worded else ():
        headers = Headers(table, answers)
        blocks = [
            _Candidate(
                headers,
                block,
                {column: headers.understand(one) for column, one in words.items()},
                named == table.name,
            )
            for block, words in worded
        ]
        found.append(max(blocks, key=_Candidate.fit))  # the first of equals
    return sorted((one for one in found if one.fields), key=_Candidate.rank, reverse=True)


def _named(sheet: str) -> str | None:
    """Return the table whose name stands in the name of a sheet; the longest name counts."""
    text = normal(sheet)
    names = {
        normal(word): table.name
        for table in ledger_tables().values()
        for word in (table.name, table.label.zh, table.label.en, *table.synonyms)
    }
    inside = sorted((word for word in names if word in text), key=len, reverse=True)
    if not inside or (len(inside) > 1 and len(inside[0]) == len(inside[1])):
        return None
    return names[inside[0]]


def _blocks(sheet: Sheet) -> Iterator[layout.Table]:
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


def _place(sheet: Sheet, best: _Candidate, log: Log) -> Place:
    table, block, row = best.headers.table, best.block, best.block.headers[-1]
    columns, unknown = [], {}
    times = Counter(label.field for label in best.found.values())
    own_form = True
    for index, label in best.found.items():
        cells = block.labels(index)
        *at, words = cells[-1]
        where, header = address(*at), "/".join(word for *_, word in cells)
        if label.field == BY_NAME and PROJECT_CODE in best.fields:
            label = Label(SKIP)  # the code says which project
        if label.field == SKIP:
            log.drop(sheet.name, where, header, "skip")
        elif label.field is not None:
            field = _by_name(table) if label.field == BY_NAME else table.fields[label.field]
            if times[label.field] > 1:
                text = Text(
                    f"有两列都是「{field.label.zh}」，这一列要吗？",
                    f"two columns are {field.label.en!r}; is this one needed?",
                )
                log.ask(Question("label", sheet.name, where, text, words, map_flag(words, SKIP)))
            columns.append(LedgerColumn(field, index, header, where, label.unit))
            own_form &= words == field.name and len(cells) == 1
            if label.by_answer:
                log.coerced(sheet.name, where, header, field.name, "map")
        elif near := best.headers.propose([words], best.fields):
            text = Text("这一列是什么？", "what is this column?")
            means = best.headers.field_of(near)
            flag = f"{map_flag(header, means)} | {map_flag(header, SKIP)}"
            log.ask(Question("label", sheet.name, where, text, header, flag, near))
        else:
            unknown[index] = where, header
    # columns that nothing stands above are called K:K, as spreadsheets do
    letters = {at: column_letters(at) for at in range(block.width) if at not in best.found}
    unknown |= {
        at: (address(row, at), f"{name}:{name}")
        for at, name in letters.items()
        if best.headers.understand([f"{name}:{name}"]).field != SKIP
    }
    for name in best.lacking:
        field = table.fields[name]
        text = Text(f"哪一列是「{field.label.zh}」？", f"which column is {field.label.en!r}?")
        got = ", ".join(words for at in best.found for *_, words in block.labels(at)[-1:])
        flag = map_flag("…", name)
        log.ask(Question("field", sheet.name, address(row, 0), text, got, flag, name))
    titles = tuple(words for _, words in block.title_words())
    for above in block.titles:
        if words := " ".join(filter(None, (shown(cell).strip() for cell in sheet.rows[above]))):
            log.drop(sheet.name, address(above, 0), words, "title")
    return Place(sheet, table, titles, block.headers, tuple(columns), unknown, own_form)


def _by_name(table: LedgerTable) -> LedgerField:
    """Return the code of a project as a column of names, which are looked up once all is read."""
    name = ledger_tables()["projects"].fields["name"]
    return replace(table.fields[PROJECT_CODE], kind=name.kind, longest=name.longest)
