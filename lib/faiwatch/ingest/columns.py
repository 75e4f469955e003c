"""What each column of a table is: labels of the rows, figures, or not needed.

Growth that names no window has that of the amount it stands beside: 「本月 | 同比 | 累计 | 同比」
has growth of the month and of the year to date, and neither says so. Where a table names both
windows and growth stands beside neither, it is asked: taken as year to date, the growth of a single
month is a wrong number that looks right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise, takewhile
from typing import Literal

from faiwatch.core.phrases import say
from faiwatch.core.text import fold
from faiwatch.data.regions import known_regions
from faiwatch.ingest.dates import Every, names_time, october_in, read_period
from faiwatch.ingest.headers import Synonyms, normal
from faiwatch.ingest.layout import Table
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.meaning import LEFT_OUT, NOTHING, Field, Meaning, spelt, together
from faiwatch.ingest.numbers import is_figure, read_number
from faiwatch.ingest.parts import (
    OF_ALL,
    About,
    about_of,
    about_whole,
    part_of_titles,
    understood,
    whole_of,
)
from faiwatch.ingest.units import unit_named
from faiwatch.ingest.values import Value, address, column_letters, place_words, shown

_MONTHS = 12
_LOOKED_AT = 40  # body cells that show what an unnamed column holds
_FREQUENCIES: Mapping[str, Every] = {
    **dict.fromkeys(("年", "年度", "年报", "a", "y", "annual", "yearly"), "annual"),
    **dict.fromkeys(("季", "季度", "季报", "q", "quarterly"), "quarterly"),
}
_FEWEST_ALIKE = 4  # cells by which a column with an unknown header is told
_A_CODE = re.compile(r"[A-Za-z][A-Za-z_]{0,15}\d{2,9}")
_CLOCK = re.compile(r"[0-2]?\d:[0-5]\d(?::[0-5]\d)?")
_OF_PROGRAMS = {"", "Unnamed: 0", "index"}
LABEL_FIELDS: frozenset[Field] = frozenset({"region", "indicator"})
PERIOD_FIELDS: frozenset[Field] = frozenset({"period", "year", "month"})
BOTH_WINDOWS = {"ytd", "single"}
_YTD = re.compile(
    r"累计|自年初|年初至今|year[ -]?to[ -]?date|[\s_:：.,()-]"
    r"|(?<![a-z])(?:ytd|cum[a-z]*|acc(?:um[a-z]*)?)(?![a-z])"
)
_OURS = re.compile(r"不含(?:农户|电力)|不包括农户|(?:excl?\w*|ex)\.? (?:rural|electric)")
_WIDER = re.compile("全社会|社会固定资产")
GROWTH_OF_A_WINDOW = "growth ytd|growth single"  # what ``--map`` may answer


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

    @property
    def header(self) -> str:
        """The lowest words of its header."""
        return self.words.rpartition(" / ")[2]

    def means(self, **said: object) -> Column:
        """Return the column with a part of its meaning changed."""
        return replace(self, meaning=self.meaning._replace(**said))  # type: ignore[arg-type]


def columns_of(table: Table, synonyms: Synonyms, log: Log) -> list[Column]:
    """Return the columns of a table that are read.

    Columns that are not needed are noted as left out. A header that is not known and stands over
    figures becomes a question.
    """
    name = table.sheet.name
    found: list[Column] = []
    standing: list[Column] = []
    is_beside_other = False
    about, within = about_whole(table, synonyms), part_of_titles(table, synonyms)
    for index in range(table.left, table.width):
        body = (table.sheet.at(row, index) for row in range(table.body, table.end))
        cells = list(islice((cell for cell in body if cell != ""), _LOOKED_AT))
        column, about = _column(table, index, synonyms, about, within)
        standing.append(_unanswered(column, table, synonyms))
        if not cells:
            continue
        # rows that a program has numbered, from 0, or from 1 on beyond the months of a year
        first = 1 if cells[0] == 1 and len(cells) > _MONTHS else 0
        if column.words in _OF_PROGRAMS and cells == list(range(first, first + len(cells))):
            log.drop(name, column.cell, column.words, "skip")
            continue
        if not column.words and column.meaning == NOTHING and any(map(is_figure, cells)):
            before = [one.meaning for one in found if one.meaning.field is None]
            if before and before[-1].month is not None:  # it may be the month that follows
                log.ask(_blank_header(column, cells, found, name))
                continue
        column = _by_its_cells(_with_field(column, cells, synonyms, found), cells, synonyms, found)
        meaning = column.meaning
        has_subject = meaning.field or meaning.indicator or meaning.region
        if meaning.measure == "other":
            is_beside_other = True
        elif is_beside_other and meaning.measure == "growth" and not has_subject:
            meaning = Meaning(measure="other")
        elif not meaning.is_left_out:
            is_beside_other = False
        if meaning.is_left_out:
            log.drop(name, column.cell, column.words, LEFT_OUT[meaning.measure])
        elif meaning.unknown is None:
            if column.words:
                is_answered = any(synonyms.is_answered(words) for *_, words in table.labels(index))
                rule = "map" if is_answered else "label"
                log.coerced(name, column.cell, column.words, spelt(meaning), rule)
            found.append(column)
        elif not any(map(is_figure, cells)):
            log.drop(name, column.cell, column.words, "skip")
        elif (rest := synonyms.everything_else) is None:
            log.ask(unknown_label(name, column.cell, meaning.unknown, synonyms))
        elif rest.measure == "skip":
            log.drop(name, column.cell, column.words, "wildcard")
        else:
            found.append(replace(column, meaning=meaning._replace(unknown=None).over(rest)))
    found = _of_single_months(_with_neighbours(found, table, log), standing, table, log)
    found = _of_one_scope(found, name, log)
    return _with_windows(found, standing, table, log)


def _blank_header(column: Column, cells: list[Value], before: list[Column], sheet: str) -> Question:
    """Return the question which month a column without a header is, with what stands beside it.

    The month that follows in the row is proposed; there is no release at January.
    """
    places = [
        one.meaning.year * _MONTHS + one.meaning.month - 1
        for one in before[-2:]
        if one.meaning.year is not None and one.meaning.month is not None
    ]
    proposal = ""
    if len(places) == 2 and abs(step := places[1] - places[0]) == 1:
        year, month = divmod(places[1] + step, _MONTHS)
        if month == 0:
            year, month = divmod(places[1] + 2 * step, _MONTHS)
        proposal = f"{year}-{month + 1:02d}"
    figures = "、".join(map(shown, cells[:3]))
    letters = column_letters(column.index)
    text = say("ingest.columns.no_header", column=letters, left=before[-1].words)
    flag = map_flag(place_words(sheet, None, column.index), proposal or "YYYY-MM|skip")
    return Question("month", sheet, column.cell, text, figures, flag, proposal)


def _of_single_months(
    columns: Sequence[Column], standing: Sequence[Column], table: Table, log: Log
) -> list[Column]:
    """Return the columns; what names no window beside its own year to date is of the single month.

    The headers tell it, 「同比增长 | 累计同比增长」, ``yoy, ytd_yoy``: the second says what the
    first is not. So do amounts that fall in a row in which those of the year to date rise.
    """
    name, found = table.sheet.name, []
    ytd = {
        (_YTD.sub("", normal(one.words)), one.meaning.indicator, one.meaning.region)
        for one in standing
        if one.meaning.window == "ytd" and one.meaning.field is None
    }
    amounts = [one for one in columns if _is_amount(one.meaning) and one.meaning.window == "ytd"]
    for column in columns:
        meaning, rule = column.meaning, ""
        own = _YTD.sub("", normal(column.words)), meaning.indicator, meaning.region
        subject = meaning.indicator, meaning.region, meaning.year
        if meaning.field is None and meaning.window is None and own[0] and own in ytd:
            rule = "window_contrast"
        elif (
            meaning.measure
            and _is_amount(meaning)
            and not any((meaning.window, meaning.month, meaning.every))
            and any(
                (one.meaning.indicator, one.meaning.region, one.meaning.year) == subject
                and _falls_beside(table, column.index, one.index)
                for one in amounts
            )
        ):
            rule = "window_beside"
        if rule:
            column = column.means(window="single")
            log.coerced(name, column.cell, column.words, spelt(column.meaning), rule)
        found.append(column)
    return found


def _of_one_scope(columns: Sequence[Column], sheet: str, log: Log) -> list[Column]:
    """Return the columns without those that another says in the scope that is kept.

    「基础设施投资 | 基础设施投资（不含电力）」, 「全社会固定资产投资 | 固定资产投资（不含农户）」.
    """
    ours: dict[Meaning, int] = {}
    for column in columns:
        if column.meaning.field is None and column.meaning.indicator is not None:
            scope = _scope(column.words)
            ours[column.meaning] = max(scope, ours.get(column.meaning, scope))
    found = []
    for column in columns:
        if column.meaning.field is None and _scope(column.words) < ours.get(column.meaning, -1):
            log.drop(sheet, column.cell, column.words, "other_scope")
        else:
            found.append(column)
    return found


def _scope(words: str) -> int:
    """Return how near a header is to the scope that is kept: 1 it says it, -1 it says another."""
    text = normal(words)
    return bool(_OURS.search(text)) - bool(_WIDER.search(text))


def _falls_beside(table: Table, column: int, other: int) -> bool:
    """Whether a column falls from a row to the next in which the other one rises."""
    read = (
        [read_number(table.sheet.at(row, at)) for at in (column, other)]
        for row in range(table.body, table.end)
    )
    pairs = [(a.value, b.value) for a, b in read if a and b]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return any(now[0] < before[0] and now[1] > before[1] for before, now in pairwise(known))


def unknown_label(sheet: str, cell: str, label: str, synonyms: Synonyms) -> Question:
    """Return the question what a label means."""
    proposal = synonyms.propose(label)
    means = spelt(synonyms.known[proposal]) if proposal else "…"
    text = say("ingest.columns.unknown_label", label=label)
    return Question("label", sheet, cell, text, label, map_flag(label, means), proposal)


def _column(
    table: Table, index: int, synonyms: Synonyms, about: About | None, within: str | None
) -> tuple[Column, About | None]:
    """Return a column as its header says; words that are unknown keep their whole label.

    With it comes what bare names of parts are `about` in the columns on its right: 第一产业 beside
    地区生产总值 is a part of that. That a header speaks of investment, only those below it hear. A
    title about one part, `within`, makes others parts of that.

    Where the user has answered one label of it, and for everything else, words that stand over this
    column alone (a code, a source) are not needed; words over several columns may be their subject.
    """
    labels = table.labels(index)
    said: list[Meaning] = []
    near = about
    for row, at, words in labels:
        answer = synonyms.answer_at(table.sheet.name, row, at) or _month_in(table, row, at)
        if words in OF_ALL and not synonyms.is_answered(words):
            beside = (synonyms.understand(shown(cell)).region for cell in table.sheet.rows[row])
            answer = answer or Meaning(region=whole_of(beside))
        said.append(answer or understood(words, near, synonyms, within))
        near = about_of(words, said[-1], near)
    about = None if near == "below" else near
    pairs = list(zip(labels, said, strict=True))
    if any(one.unknown is None and (one.indicator or one.field) for one in said):
        # Fai0101 over 固定资产投资额累计
        pairs = [
            (label, one)
            for label, one in pairs
            if one.unknown is None or _A_CODE.fullmatch(label[2]) is None
        ]
    if synonyms.everything_else and any(synonyms.is_answered(label[2]) for label, _ in pairs):
        others = [table.labels(one) for one in range(table.left, table.width) if one != index]
        pairs = [
            (label, one)
            for label, one in pairs
            if one.unknown is None or any(label in other for other in others)
        ]
    labels, said = [label for label, _ in pairs], [one for _, one in pairs]
    whole = together(reversed(said))
    left_out = next((meaning.measure for meaning in said if meaning.is_left_out), whole.measure)
    open_words = (label[2] for label, one in pairs if one.unknown is not None)
    row, column = labels[-1][:2] if labels else (table.headers[-1], index)
    whole = whole._replace(measure=left_out, unknown=next(open_words, None))
    for at, kind in table.about:
        word = fold(shown(table.sheet.at(at, index)))
        match kind:
            case "unit":
                if synonyms.understand(word).measure == "other":  # 万平方米
                    whole = Meaning(measure="other")
                whole = whole.over(Meaning(unit=unit_named(word)))
            case "region":
                whole = whole.over(Meaning(region=synonyms.understand(word).region))
            case "every":
                whole = whole.over(Meaning(every=_FREQUENCIES.get(word.casefold())))
    answer = synonyms.answer_at(table.sheet.name, None, index)
    if answer is not None:
        whole = answer.over(whole._replace(unknown=None, field=answer.field or whole.field))
    words = " / ".join(words for *_, words in labels)
    return Column(index, whole, address(row, column), words), about


def _month_in(table: Table, row: int, column: int) -> Meaning | None:
    """Return the month of a header cell that is a number or a date, not words."""
    value = table.sheet.at(row, column)
    number = read_number(value)
    figure = None if number is None else number.value
    if isinstance(value, str) and figure is None:
        return None
    when = read_period(value) or (None if figure is None else read_period(figure))
    if when is None:
        return None
    if october_in([table.sheet.at(row, one) for one in range(table.width)], column):
        return Meaning(year=when.year, month=10)
    return Meaning(year=when.year, month=when.month, every=when.every, mark=when.mark or None)


def _unanswered(column: Column, table: Table, synonyms: Synonyms) -> Column:
    """Return a column as a neighbour: one that an answer leaves out is still what it is."""
    labels = [words for *_, words in table.labels(column.index)]
    if column.meaning.measure != "skip" or not any(map(synonyms.is_answered, labels)):
        return column
    return replace(column, meaning=together(map(synonyms.in_the_tables, reversed(labels))))


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
    crossed = corner and meaning.field in PERIOD_FIELDS  # 时间 over names: it names what is across
    asked = meaning.field == "unit" or (meaning.field == "indicator" and corner) or crossed
    if not asked and (meaning.field is not None or not (corner or unnamed)):
        return column
    kind, share = Counter(_shows(cell, synonyms) for cell in cells).most_common(1)[0]
    mostly = share * 2 >= len(cells)
    if crossed and (kind in {"figure", "period"} or any(map(names_time, cells))):
        return column
    numbers = [one for one in cells if isinstance(one, float)]
    if meaning.field == "indicator" and corner and len(numbers) * 2 > len(cells):
        # serial numbers of dates below 指标名称: no column of names holds figures
        return column.means(field="period") if all(map(names_time, numbers)) else column
    if meaning.field == "indicator" and not (kind == "period" and mostly):
        return column
    if kind == "figure" and meaning.field is None:
        return column
    holds: Field = "indicator"  # or words that nobody knows yet: names of something
    if kind == "words" or kind == "figure":
        holds = "region" if meaning.field == "unit" else holds
    elif mostly:
        holds = kind
    return column.means(field=holds, unknown=None)


def _by_its_cells(
    column: Column, cells: list[Value], synonyms: Synonyms, before: list[Column]
) -> Column:
    """Return a column of labels whose header says nothing of it, as all its cells do.

    An unknown header over months or over regions alone is a column of these; 时刻 over 10:00 holds
    no month; a release day with a month in brackets, Mar 14, 2019 (Feb), names the month.
    """
    meaning = column.meaning
    if meaning.field == "issued" and all(read_period(one) for one in cells if isinstance(one, str)):
        is_month = any(isinstance(one, str) and "(" in one for one in cells)
        return column.means(field="period") if is_month else column
    if meaning.field == "period" and all(_CLOCK.fullmatch(shown(one)) for one in cells):
        return column.means(field=None, measure="skip")
    if meaning.unknown is None or len(cells) < _FEWEST_ALIKE:
        return column
    has = {one.meaning.field for one in before}
    months = map(read_period, cells)
    if "period" not in has and all(one and one.year and one.month for one in months):
        return column.means(field="period", unknown=None)
    words = list(map(shown, cells))  # of figures the first says already that it is no label
    regions = known_regions()
    for field in ("region", "indicator"):
        said = (
            Meaning(region=word) if word in regions else synonyms.in_the_tables(word)
            for word in words
        )
        if field not in has and all(getattr(one, field) and one.unknown is None for one in said):
            return column.means(field=field, unknown=None)
    return column


def _shows(cell: Value, synonyms: Synonyms) -> Field | Literal["figure", "words"]:
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


def _with_neighbours(columns: list[Column], table: Table, log: Log) -> list[Column]:
    """Return the columns that are no sums of others, with what their neighbours tell of them.

    「固定资产投资额 | 增速」: the growth is that of fixed-asset investment.
    「本月止累计 | 同比增长」: the window is that of the amount, since growth has its own column.
    """
    others = [column.meaning for column in columns if column.meaning.sum is None]
    is_sum_of = any(one.region for one in others) or any(one.indicator == "total" for one in others)
    found: list[Column] = []
    left = NOTHING
    for column in columns:
        if column.meaning.sum is not None and column.meaning.indicator is None:
            if column.meaning.sum == "subtotal" or is_sum_of:
                log.drop(table.sheet.name, column.cell, column.words, "subtotal")
                continue
            column = column.means(indicator="total")
        meaning = column.meaning
        if meaning.field is None and meaning.measure == "growth" and meaning.indicator is None:
            meaning = meaning.over(Meaning(indicator=left.indicator, region=left.region))
        if meaning.field is None:
            left = meaning
        found.append(replace(column, meaning=meaning))
    measures = {
        (one.meaning.indicator, one.meaning.region, one.meaning.measure)
        for one in found
        if not one.meaning.field
    }
    for at, column in enumerate(found):
        meaning = column.meaning
        subject = meaning.indicator, meaning.region
        is_open = meaning.field is None and meaning.measure is None and meaning.window is not None
        if is_open and (*subject, "growth") in measures and (*subject, "value") not in measures:
            found[at] = column.means(measure="value")
            log.coerced(table.sheet.name, column.cell, column.words, "value", "value_by_growth")
    return found


def _with_windows(
    columns: Sequence[Column], standing: Sequence[Column], table: Table, log: Log
) -> list[Column]:
    """Return the columns, growth without a window with that of its neighbour.

    The neighbour is the nearest amount on the left under the same words of the header; where there
    is none, the amounts under these words if they have one window. Two such growths after amounts
    of two windows belong to nobody knows which. Blank columns, and those that an answer leaves out,
    are `standing` in the table and neighbours all the same.
    """
    name = table.sheet.name
    beside = {
        one.index: _beside(one, standing, table) for one in columns if is_open_growth(one.meaning)
    }
    alike = Counter(id(amount) for amount in beside.values() if amount is not None)
    headers = Counter(one.header for one in columns)
    figures = [one.meaning for one in standing if one.meaning.field is None]
    has_both = {one.window for one in figures if not one.is_left_out} >= BOTH_WINDOWS
    found = []
    for column in columns:
        amount = beside.get(column.index)
        window = amount and amount.meaning.window
        if amount and alike[id(amount)] > 1 and _windows_before(amount, standing) >= BOTH_WINDOWS:
            window, is_asked = None, True
        else:
            # growth of no window may be of either: the table has both, or amounts of two kinds
            is_doubtful = has_both or any(
                amount and one.window and _is_amount(one) and is_one_subject(one, amount.meaning)
                for one in figures
            )
            is_asked = not window and column.index in beside and is_doubtful
        if window:
            column = column.means(window=window)
            log.coerced(name, column.cell, column.words, spelt(column.meaning), "window_beside")
        elif is_asked:  # two of one header can only be left out together
            means = GROWTH_OF_A_WINDOW if headers[column.header] == 1 else "skip"
            flag = map_flag(column.header, means)
            log.ask(window_question(name, column.cell, column.header, flag))
        found.append(column)
    return found


def _beside(column: Column, standing: Sequence[Column], table: Table) -> Column | None:
    """Return the amount that growth stands beside, from the narrowest group of the header up."""
    groups = {one.index: [at for *at, _ in table.labels(one.index)[:-1]] for one in standing}
    amounts = [
        one
        for one in standing
        if _is_amount(one.meaning) and is_one_subject(one.meaning, column.meaning)
    ]
    for depth in range(len(groups[column.index]), -1, -1):
        near = [one for one in amounts if groups[one.index][:depth] == groups[column.index][:depth]]
        left = [one for one in near if one.index < column.index]
        if left:
            return left[-1]
        if depth and len({one.meaning.window for one in near}) == 1:
            return near[0]
    return None


def _windows_before(amount: Column, standing: Sequence[Column]) -> set[str | None]:
    """Return the windows of the amounts that stand together, up to one."""
    before = reversed([one.meaning for one in standing if one.index <= amount.index])
    return {one.window for one in takewhile(_is_amount, before)}


def _is_amount(meaning: Meaning) -> bool:
    says = meaning.measure or meaning.window or meaning.indicator or meaning.unit
    return meaning.field is None and says is not None and meaning.measure in {None, "value"}


def is_one_subject(one: Meaning, other: Meaning) -> bool:
    """Whether two labels may be about the same: neither names a region or indicator of its own."""
    pairs = ((one.indicator, other.indicator), (one.region, other.region))
    return all(None in pair or pair[0] == pair[1] for pair in pairs)


def is_open_growth(meaning: Meaning) -> bool:
    """Whether figures are growth of a window that is not named."""
    return meaning.field is None and meaning.measure == "growth" and meaning.window is None


def window_question(sheet: str, cell: str, label: str, flag: str) -> Question:
    """Return the question which window growth has that stands beside none, or between two."""
    return Question("window", sheet, cell, say("ingest.columns.window", label=label), label, flag)
