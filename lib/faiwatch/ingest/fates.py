"""What became of each cell of a sheet: figure, label, header, left out, or in question."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple

from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Text, clean
from faiwatch.data.ledger_fields import AS_OF, ledger_tables
from faiwatch.data.reference import indicator_named
from faiwatch.data.regions import region_named
from faiwatch.ingest.dialogue import CELLS, rank
from faiwatch.ingest.ledger.reading import LedgerReading
from faiwatch.ingest.log import Coercion
from faiwatch.ingest.numbers import is_figure
from faiwatch.ingest.reading import Reading
from faiwatch.ingest.rules import RULES
from faiwatch.ingest.values import Sheet, position

Kind = Literal["value", "growth", "label", "header", "dropped", "question", "waiting"]
At = tuple[int, int]  # row and column from zero
_AMOUNTS = {"number", "money", "percent"}
_WHOLE_SHEETS = {"hidden_sheet", "other_sheet", "no_table"}
# a column is left out at its header; the single month at its first figure
_OF_COLUMNS = {"skip", "other_subject", "wildcard", "subtotal", "unknown_column", "single_month"}
_OF_LABELS = {"label", "map", "filled_down", "period_text", "period_serial"}
KINDS: Mapping[Kind, Text] = {
    "value": Text("读作投资额或数量", "read as a value"),
    "growth": Text("读作增速或比例", "read as growth or a share"),
    "label": Text("标签、时间、文字", "label, month or words"),
    "header": Text("表头", "header"),
    "dropped": Text("未读入", "left out"),
    "question": Text("有问题待回答", "a question is open"),
    "waiting": Text("等待回答", "waits for an answer"),
}


class Fate(NamedTuple):
    """What became of one cell.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    words : Text
        What it was read as, or why not.
    """

    kind: Kind
    words: Text


def fates_of(
    reading: Reading | LedgerReading, sheet: Sheet, rows: Collection[int]
) -> dict[At, Fate]:
    """Return what became of the cells of some rows of a sheet that are not blank.

    Parameters
    ----------
    reading : Reading or LedgerReading
        How the file was read.
    sheet : Sheet
        One of ``reading.workbook``.
    rows : collection of int
        From zero.
    """
    name = clean(sheet.name)
    figures = (
        _of_ledger(reading, sheet, name, rows)
        if isinstance(reading, LedgerReading)
        else _of_figures(reading, sheet, rows)
    )
    asked = _asked(reading, sheet, name, sorted(rows), figures)
    found = figures | asked
    told = _told(reading.coercions, name)
    left_out = [one for one in reading.dropped if one.rule not in _WHOLE_SHEETS | {"title"}]
    dropped = _told(left_out, name)
    titles = _told([one for one in reading.dropped if one.rule == "title"], name)
    found = {at: _with_rule(fate, told.get(at)) for at, fate in found.items()}
    of_columns = [one for one in left_out if one.rule in _OF_COLUMNS]
    rest = [one for one in left_out if one.rule not in _OF_COLUMNS]
    of_row = {row: words for (row, _), words in _told(rest, name).items()}
    columns = {column for (_, column), fate in figures.items() if fate.kind != "label"}
    with_figures = {row for row, _ in figures}
    waits = _waiting_rows(reading, name, asked)
    first = min(with_figures | set(waits), default=None)
    labels = [one for one in reading.coercions if one.rule in _OF_LABELS]
    columns |= {column for row, column in _told(labels, name) if row in with_figures}
    headed = {at[1]: words for at, words in _told(of_columns, name).items() if at[1] not in columns}
    for row in rows:
        for column, cell in enumerate(sheet.rows[row]):
            at = (row, column)
            if cell == "" or at in found:
                continue
            if at in titles:  # what it says of place, month and unit is read
                found[at] = Fate("header", titles[at])
            elif at in dropped:
                found[at] = Fate("dropped", dropped[at])
            elif row in with_figures and column not in headed:
                found[at] = _with_rule(Fate("label", KINDS["label"]), told.get(at))
            elif row in waits and row not in with_figures and column not in headed:
                found[at] = Fate("waiting", waits[row])
            elif row not in with_figures and row in of_row and at not in told:
                found[at] = Fate("dropped", of_row[row])
            elif column in headed:
                found[at] = Fate("dropped", headed[column])
            elif first is not None and row < first:
                found[at] = _with_rule(Fate("header", KINDS["header"]), told.get(at))
    return found


def asked_rows(reading: Reading | LedgerReading, sheet: Sheet) -> set[int]:
    """Return the rows of a sheet in which a question arose."""
    name = clean(sheet.name)
    found = {position(one.cell)[0] for one in reading.questions if one.sheet == name}
    return {row for row in found if row < len(sheet.rows)}


def _asked(
    reading: Reading | LedgerReading,
    sheet: Sheet,
    name: str,
    rows: Sequence[int],
    figures: Collection[At],
) -> dict[At, Fate]:
    """Return the cells that a question is about, and the figures that wait for its answer.

    A question about the whole file leaves the figures as they were read, where they were.
    """
    found: dict[At, Fate] = {}
    width = max(map(len, sheet.rows), default=0)
    shown = set(rows)
    for one in reading.questions:
        row, column = position(one.cell)
        if one.sheet != name or row not in shown:
            continue
        found[row, column] = Fate("question", one.text)
        if rank(one) >= CELLS:
            continue
        below = [(at, column) for at in rows if at > row and is_figure(sheet.at(at, column))]
        right = [(row, at) for at in range(column + 1, width) if is_figure(sheet.at(row, at))]
        for at in below if len(below) >= len(right) else right:
            if rank(one) or at not in figures:
                found.setdefault(at, Fate("waiting", one.text))
    return found


def _waiting_rows(
    reading: Reading | LedgerReading, name: str, asked: Mapping[At, Fate]
) -> dict[int, Text]:
    """Return the rows whose figures wait, or are in question themselves, and for what."""
    questions = [one for one in reading.questions if one.sheet == name and rank(one) >= CELLS]
    of_cells = {position(one.cell)[0] for one in questions}
    return {
        row: fate.words
        for (row, _), fate in asked.items()
        if fate.kind == "waiting" or row in of_cells
    }


def _of_figures(reading: Reading, sheet: Sheet, rows: Collection[int]) -> dict[At, Fate]:
    settled, told = reading.placed()
    here = [at for at, one in enumerate(told) if one.sheet is sheet]
    chosen = settled[settled["told"].isin(here) & settled["row"].isin(list(rows))]
    found: dict[At, Fate] = {}
    columns = ["told", "year", "month", "row", "column", "value"]
    for at, year, month, row, column, value in chosen[columns].itertuples(index=False):
        meaning = told[at].meaning
        is_growth = meaning.measure == "growth"
        region = region_named(str(meaning.region)).name if meaning.region else Text("？", "?")
        label = indicator_named(str(meaning.indicator or "?")).label
        unit = Text("%", "%") if is_growth else Text("亿元", " (100 million yuan)")
        when = f"{year}-{month:02d}"
        words = say(
            "ingest.fates.figure", region=region, label=label, when=when, figure=value, unit=unit
        )
        found[row, column] = Fate("growth" if is_growth else "value", words)
    return found


def _of_ledger(
    reading: LedgerReading, sheet: Sheet, name: str, rows: Collection[int]
) -> dict[At, Fate]:
    found: dict[At, Fate] = {}
    for one in reading.sheets:
        if one.sheet != name:
            continue
        fields = ledger_tables()[one.table].fields
        read: set[int] = set()
        if (frame := reading.tables.get(one.table)) is not None:
            read = set((frame.loc[frame["sheet"] == name, "row"] - 1).tolist())
        for field, (_, cell) in one.columns.items():
            row, column = position(cell)
            about = fields[field]
            found[row, column] = Fate("header", about.label)
            kind: Kind = "label"
            if about.kind in _AMOUNTS:
                kind = "growth" if about.kind == "percent" else "value"
            for at in read & set(rows):
                if sheet.at(at, column) != "" and field != AS_OF:
                    found[at, column] = Fate(kind, about.label)
    return found


def _told(records: Collection[Coercion], name: str) -> dict[At, Text]:
    """Return what the rules say of the cells of a sheet."""
    found: dict[At, Text] = {}
    for one in records:
        if one.sheet == name:
            rules = [RULES[rule] for rule in one.rule.split("+")]
            became = f" → {one.became}" if one.became else ""
            found[position(one.cell)] = joined([joined(rules), Text(became, became)], "", "")
    return found


def _with_rule(fate: Fate, rule: Text | None) -> Fate:
    return fate if rule is None else fate._replace(words=joined([fate.words, rule]))
