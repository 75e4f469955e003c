"""What each column of a table is: labels of the rows, figures, or not needed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from faiwatch.core.text import Text
from faiwatch.ingest.dates import october_in, read_period
from faiwatch.ingest.headers import Synonyms
from faiwatch.ingest.layout import Table
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.meaning import LEFT_OUT, NOTHING, Field, Meaning, spelt
from faiwatch.ingest.numbers import is_figure, read_number
from faiwatch.ingest.units import unit_named
from faiwatch.ingest.values import Value, address, shown
from faiwatch.ingest.windows import with_windows

_LOOKED_AT = 40  # body cells that show what an unnamed column holds
LABEL_FIELDS: frozenset[Field] = frozenset({"region", "indicator"})
PERIOD_FIELDS: frozenset[Field] = frozenset({"period", "year", "month"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    index : int
        From zero.
    meaning : Meaning
        What its header says, from the lowest words up; ``field`` is set for columns of labels.
    cell : str
        Address of its lowest header cell.
    words : str
        Its header in full, for messages.
    """

    index: int
    meaning: Meaning
    cell: str
    words: str


def columns_of(table: Table, synonyms: Synonyms, log: Log) -> list[Column]:
    """Return the columns of a table that are read.

    Columns that are not needed are noted as left out. A header that is not known and stands over
    figures becomes a question.
    """
    found: list[Column] = []
    standing: list[Column] = []
    is_beside_other = False
    for index in range(table.left, table.width):
        cells = _sample(table, index)
        column = _column(table, index, synonyms)
        standing.append(_unanswered(column, table, synonyms))
        if not cells:
            continue
        column = _with_field(column, cells, synonyms, found)
        if column.meaning.measure == "other":
            is_beside_other = True
        elif is_beside_other and _is_bare_growth(column.meaning):
            column = replace(column, meaning=Meaning(measure="other"))
        elif not column.meaning.is_left_out:
            is_beside_other = False
        if column.meaning.is_left_out:
            log.drop(table.sheet.name, column.cell, column.words, LEFT_OUT[column.meaning.measure])
        elif column.meaning.unknown is None:
            _note(column, table, synonyms, log)
            found.append(column)
        elif not any(map(is_figure, cells)):
            log.drop(table.sheet.name, column.cell, column.words, "skip")
        elif (rest := synonyms.everything_else) is None:
            log.ask(unknown_label(table.sheet.name, column.cell, column.meaning.unknown, synonyms))
        elif rest.measure == "skip":
            log.drop(table.sheet.name, column.cell, column.words, "wildcard")
        else:
            found.append(replace(column, meaning=column.meaning._replace(unknown=None).over(rest)))
    found = _with_values(_with_subjects(_without_sums(found, table, log)), table, log)
    return with_windows(found, standing, table, log)


def _unanswered(column: Column, table: Table, synonyms: Synonyms) -> Column:
    """Return a column as a neighbour: one that an answer leaves out is still what it is."""
    labels = [words for *_, words in table.labels(column.index)]
    if column.meaning.measure != "skip" or not any(map(synonyms.is_answered, labels)):
        return column
    whole = NOTHING
    for label in reversed(labels):
        whole = whole.over(synonyms.in_the_tables(label))
    return replace(column, meaning=whole)


def _is_bare_growth(meaning: Meaning) -> bool:
    has_subject = meaning.indicator is not None or meaning.region is not None
    return meaning.field is None and meaning.measure == "growth" and not has_subject


def unknown_label(sheet: str, cell: str, label: str, synonyms: Synonyms) -> Question:
    """Return the question what a label means."""
    proposal = synonyms.propose(label)
    means = spelt(synonyms.known[proposal]) if proposal else "…"
    return Question(
        "label",
        sheet,
        cell,
        Text(f"「{label}」是什么？", f"what does {label!r} mean?"),
        got=label,
        flag=map_flag(label, means),
        proposal=proposal,
    )


def _column(table: Table, index: int, synonyms: Synonyms) -> Column:
    """Return a column as its header says; words that are unknown keep their whole label.

    Where the user has answered one label of it, and for everything else, words that stand over this
    column alone (a code, a source) are not needed; words over several columns may be their subject.
    """
    labels = table.labels(index)
    if synonyms.everything_else and any(synonyms.is_answered(words) for *_, words in labels):
        labels = [one for one in labels if not _is_not_needed(one, table, synonyms)]
    periods = [_period_label(table, row, column) for row, column, _ in labels]
    meanings = [
        period or synonyms.understand(words)
        for period, (_, _, words) in zip(periods, labels, strict=True)
    ]
    whole = NOTHING
    for meaning in reversed(meanings):
        whole = whole.over(meaning)
    left_out = next((meaning.measure for meaning in meanings if meaning.is_left_out), None)
    if left_out is not None:
        whole = whole._replace(measure=left_out)
    unknown = next(
        (
            label[2]
            for label, meaning in zip(labels, meanings, strict=True)
            if meaning.unknown is not None
        ),
        None,
    )
    row, column = labels[-1][:2] if labels else (table.headers[-1], index)
    words = " / ".join(label[2] for label in labels)
    return Column(index, whole._replace(unknown=unknown), address(row, column), words)


def _is_not_needed(label: tuple[int, int, str], table: Table, synonyms: Synonyms) -> bool:
    row, column, words = label
    is_group = sum(label in table.labels(one) for one in range(table.left, table.width)) > 1
    is_open = synonyms.understand(words).unknown is not None
    return is_open and not is_group and _period_label(table, row, column) is None


def _period_label(table: Table, row: int, column: int) -> Meaning | None:
    """Return the month of a header cell that is a number or a date, not words."""
    value = table.sheet.at(row, column)
    number = read_number(value)
    if isinstance(value, str) and (number is None or number.value is None):
        return None
    when = read_period(value)
    if when is None and number is not None and number.value is not None:
        when = read_period(number.value)
    if when is None:
        return None
    if october_in([table.sheet.at(row, one) for one in range(table.width)], column):
        return Meaning(year=when.year, month=10)
    return Meaning(year=when.year, month=when.month)


def _with_field(
    column: Column, cells: list[Value], synonyms: Synonyms, before: list[Column]
) -> Column:
    """Return a column of labels with what its cells show it to be.

    「单位」 heads units of measure as often as units of administration; the corner cell is often
    blank, says both (地区/指标), or names what stands across; and a column of labels beside
    another may have no header.
    """
    meaning = column.meaning
    corner = not before and meaning.measure is None
    unnamed = meaning == NOTHING and all(one.meaning.field for one in before)
    asked = meaning.field == "unit" or (meaning.field == "indicator" and corner)
    if not asked and (meaning.field is not None or not (corner or unnamed)):
        return column
    kind, share = Counter(_shows(cell, synonyms) for cell in cells).most_common(1)[0]
    mostly = share * 2 >= len(cells)
    if meaning.field == "indicator" and not (kind == "period" and mostly):
        return column
    if kind == "figure" and meaning.field is None:
        return column
    holds: Field = "indicator"  # or words that nobody knows yet: names of something
    if kind == "words" or kind == "figure":
        holds = "region" if meaning.field == "unit" else holds
    elif mostly:
        holds = kind
    meaning = meaning._replace(field=holds, unknown=None)
    return replace(column, meaning=meaning)


def _shows(
    cell: Value, synonyms: Synonyms
) -> Literal["unit", "region", "period", "indicator", "figure", "words"]:
    """Return which kind of label a body cell shows, a figure, or words that are not known."""
    words = shown(cell)
    if unit_named(words):
        return "unit"
    meaning = synonyms.understand(words)
    if meaning.region is not None and meaning.unknown is None:
        return "region"
    if meaning.month is not None or meaning.year is not None:
        return "period"
    if meaning[1:4] != NOTHING[1:4] or meaning.sum is not None:
        return "indicator"
    if is_figure(cell):
        return "figure"
    return "period" if not isinstance(cell, str) and read_period(cell) else "words"


def _sample(table: Table, index: int) -> list[Value]:
    found = []
    for row in range(table.body, table.end):
        value = table.sheet.at(row, index)
        if value != "":
            found.append(value)
            if len(found) == _LOOKED_AT:
                break
    return found


def _note(column: Column, table: Table, synonyms: Synonyms, log: Log) -> None:
    if not column.words:
        return
    answered = any(synonyms.is_answered(words) for *_, words in table.labels(column.index))
    rule = "map" if answered else "label"
    log.coerced(table.sheet.name, column.cell, column.words, spelt(column.meaning), rule)


def _without_sums(columns: list[Column], table: Table, log: Log) -> list[Column]:
    """Return the columns with 合计 read as the total indicator, or left out as sum of others."""
    others = [column.meaning for column in columns if column.meaning.sum is None]
    is_sum_of = any(one.region for one in others) or any(one.indicator == "total" for one in others)
    found = []
    for column in columns:
        meaning = column.meaning
        if meaning.sum is None or meaning.indicator is not None:
            found.append(column)
        elif meaning.sum == "subtotal" or is_sum_of:
            log.drop(table.sheet.name, column.cell, column.words, "subtotal")
        else:
            meaning = meaning._replace(indicator="total")
            found.append(Column(column.index, meaning, column.cell, column.words))
    return found


def _with_subjects(columns: list[Column]) -> list[Column]:
    """Return the columns with growth that names no subject made that of the column on its left.

    「固定资产投资额 | 增速」: the growth is that of fixed-asset investment.
    """
    found: list[Column] = []
    left = NOTHING
    for column in columns:
        meaning = column.meaning
        if meaning.field is None and meaning.measure == "growth" and meaning.indicator is None:
            meaning = meaning.over(Meaning(indicator=left.indicator, region=left.region))
        if meaning.field is None:
            left = meaning
        found.append(Column(column.index, meaning, column.cell, column.words))
    return found


def _with_values(columns: list[Column], table: Table, log: Log) -> list[Column]:
    """Return the columns with those that name a window only, beside growth, made values.

    「本月止累计 | 同比增长」: the window is that of the amount, since growth has its own column.
    """
    measures = {(_subject(one), one.meaning.measure) for one in columns if not one.meaning.field}
    found = []
    for column in columns:
        meaning, subject = column.meaning, _subject(column)
        is_open = meaning.field is None and meaning.measure is None and meaning.window is not None
        if is_open and (subject, "growth") in measures and (subject, "value") not in measures:
            column = replace(column, meaning=meaning._replace(measure="value"))
            log.coerced(table.sheet.name, column.cell, column.words, "value", "value_by_growth")
        found.append(column)
    return found


def _subject(column: Column) -> tuple[str | None, str | None]:
    return column.meaning.indicator, column.meaning.region
