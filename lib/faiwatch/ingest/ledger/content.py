"""What the cells of a ledger tell that their headers do not.

An office heads 续建 and 新建 alike with 建设性质, writes 在建 under 状态 and 已销号 where a day
belongs. Words are taken only where each of them is in a list of the ledger, and that is written
down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Text, fold
from faiwatch.data.ledger_fields import LedgerField
from faiwatch.ingest.dates import read_day
from faiwatch.ingest.headers import nearest_spelling, normal
from faiwatch.ingest.ledger.cells import choice_words
from faiwatch.ingest.ledger.places import LedgerColumn, Place
from faiwatch.ingest.ledger.rows import is_filled
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.values import address, shown

Values = dict[str, list[Any]]
_ANY_WORDS = frozenset({"category"})  # a text under whose header lists of the ledger stand, too
_TELLING = (
    "nature",
    "construction_type",
    "cause",
)  # whose words can be nothing else under any header
_NEAR = 0.6
# a field without a column, and the one that may tell it
_TOLD_BY = (
    ("stage", "status"),
    ("nature", "status"),
    ("stage", "actual_start"),
    ("is_closed", "closed"),
    ("is_closed", "progress"),
    ("is_performed", "performed"),
    ("is_performed", "progress"),
    ("is_done", "done"),
    ("is_done", "progress"),
)
# a field without a column, and those that stand for it, the better first
_STANDS_FOR = {
    "unit": ("line_department", "partner_unit"),
    "lead": ("contact",),
    "action": ("progress",),
}
_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)%")
_NOT_OF_WORK = re.compile(
    r"(?:投资|资金|计划|年度|任务|目标|支付|拨付|支出|占|增长|同比|征|拆|签约|产能|入住|销售|回款|贷款|配套)"
    r"[^，,。；;、]{0,8}$"
)
_YEARS = re.compile(r"(.{4,12}?)[-—–~～至到]+(.{4,12})")
_SINCE_START = re.compile("开工|建设以来|历年|总投资")
_UNTOLD = re.compile("截[至止]目前(?:累计)?完成")
_ROUNDING, _PROOFS, _MOST = 0.6, 3, 0.95  # points of a share; rows that prove; share of the rows
_BEGUN = ("cum_done_total", "ytd_done", "month_done", "progress_pct")


def by_content(place: Place, rows: Sequence[int], log: Log) -> Place:
    """Return a place whose columns of choices are the fields that their words belong to.

    Parameters
    ----------
    place : Place
        The table of a sheet, as its headers tell it.
    rows : sequence of int
        Rows that are read, from zero.
    log : Log
        Takes each column that is another field than its header says.
    """
    fields = {column.field.name for column in place.columns}
    columns = []
    for column in place.columns:
        field = column.field
        is_open = not column.by_answer
        if is_open and (field.kind in {"choice", "flag"} or field.name in _ANY_WORDS):
            other = _field_by_words(place, column, rows, fields)
            if other is not None:
                fields = (fields - {field.name}) | {other.name}
                log.coerced(place.sheet.name, column.cell, column.header, other.name, "by_words")
                column = replace(column, field=other)
        columns.append(column)
    unknown = dict(place.unknown)
    for index, (cell, header, *_) in place.unknown.items():
        words = _words_in(place, index, rows)
        for name in _TELLING if len(words) > 1 else ():
            told = place.table.fields.get(name)
            if told is not None and name not in fields and words <= set(choice_words(told)):
                fields |= {name}
                del unknown[index]
                columns.append(LedgerColumn(told, index, header, cell, None))
                log.coerced(place.sheet.name, cell, header, name, "by_words")
                break
    return replace(place, columns=tuple(columns), unknown=unknown)


def _words_in(place: Place, index: int, rows: Sequence[int]) -> set[str]:
    given = {shown(place.sheet.at(row, index)).strip() for row in rows}
    return {normal(word) for word in given if is_filled(word)}


def _field_by_words(
    place: Place, column: LedgerColumn, rows: Sequence[int], fields: set[str]
) -> LedgerField | None:
    """Return the other field of the table to which all words of a column belong."""
    field = column.field
    words = _words_in(place, column.index, rows)
    own = choice_words(field) if field.choices else {}
    if not words or words <= set(own):
        return None
    free = [
        one for one in place.table.fields.values() if one.name not in fields and one is not field
    ]
    if field.kind == "flag":  # 履约情况 tells yes or no, or how far it is
        return next((one for one in free if one.name == "progress"), None)
    choices = [one for one in free if one.kind == "choice"]
    exact = [one for one in choices if words <= set(choice_words(one))]
    if exact or field.kind != "choice":
        return next(iter(exact), None)

    def is_near(one: LedgerField) -> bool:
        known = tuple(choice_words(one))
        return all(nearest_spelling(word, known, cutoff=_NEAR) for word in words)

    return None if is_near(field) else next(filter(is_near, choices), None)


def by_sums(place: Place, values: Values, log: Log) -> Place:
    """Return a place whose 累计完成 is that of the year where the shares of the plan prove it.

    What was done since January makes the share of the year's plan that stands beside it; what was
    done since a project began does not. A header that tells neither is asked about.

    Parameters
    ----------
    place : Place
        The table of a sheet.
    values : dict of list
        Field to its values; the amount is moved within it.
    log : Log
        Takes what was moved, or the question.
    """
    column = next((one for one in place.columns if one.field.name == "cum_done_total"), None)
    if column is None or column.by_answer or "ytd_done" in values:
        return place
    if _SINCE_START.search(column.header):
        return place
    names = ("cum_done_total", "annual_plan", "plan_done_pct")
    rows = zip(*(values.get(one, []) for one in names), strict=False)
    told = [(done, plan, share) for done, plan, share in rows if done and plan and share]
    proofs = [abs(100 * done / plan - share) <= _ROUNDING for done, plan, share in told]
    if len(proofs) >= _PROOFS and sum(proofs) >= _MOST * len(proofs):
        field = place.table.fields["ytd_done"]
        values["ytd_done"] = values.pop("cum_done_total")
        log.coerced(place.sheet.name, column.cell, column.header, field.name, "by_sums")
        columns = [replace(one, field=field) if one is column else one for one in place.columns]
        return replace(place, columns=tuple(columns))
    if _UNTOLD.search(column.header):
        text = Text("是当年累计还是开工以来累计？", "since January, or since the project began?")
        label = column.header
        flag = f"{map_flag(label, 'ytd_done')} | {map_flag(label, 'cum_done_total')}"
        log.ask(Question("window", place.sheet.name, column.cell, text, label, flag))
    return place


def told_besides(place: Place, rows: Sequence[int], values: Values, log: Log) -> None:
    """Fill fields that have no column from what other columns say of them.

    Parameters
    ----------
    place : Place
        The table of a sheet.
    rows : sequence of int
        Rows that are read, from zero.
    values : dict of list
        Field to its values in these rows; filled in place.
    log : Log
        Takes what was filled from where.
    """
    columns = {column.field.name: column for column in place.columns}
    for name, source in _TOLD_BY:
        field = place.table.fields.get(name)
        if field is None or name in columns or source not in columns:
            continue
        known = choice_words(field)
        of_source = choice_words(place.table.fields[source]) if source == "status" else {}
        index = columns[source].index
        words = [normal(shown(place.sheet.at(row, index))) for row in rows]
        told = [
            known[word][0] if word in known and word not in of_source else None for word in words
        ]
        said = [one == "yes" if field.kind == "flag" and one else one for one in told]
        _fill(place, rows, values, (name, source), said, log)
    for name, sources in _STANDS_FOR.items():
        stand_in = next((one for one in sources if one in values), None)
        if name in place.table.fields and name not in columns and stand_in is not None:
            _fill(place, rows, values, (name, stand_in), values[stand_in], log)
    if "progress_note" in values and "progress_pct" not in columns:
        share = [None if note is None else share_of_work(note) for note in values["progress_note"]]
        _fill(place, rows, values, ("progress_pct", "progress_note"), share, log)
    for at, end in enumerate(("planned_start", "planned_finish")):  # the two ends of 2025—2027
        if "build_years" not in columns or end in columns:
            continue
        days = []
        for years in values["build_years"]:
            match = _YEARS.fullmatch(fold(years or "").replace(" ", ""))
            day = read_day(match[at + 1]) if match else None
            days.append(pd.Timestamp(day.date) if day is not None and day.date else None)
        _fill(place, rows, values, (end, "build_years"), days, log)


def _fill(
    place: Place,
    rows: Sequence[int],
    values: Values,
    names: tuple[str, str],
    told: Sequence[Any],
    log: Log,
) -> None:
    """Put values into a field where it has none, and write down from which column they come."""
    name, source = names
    index = next(one.index for one in place.columns if one.field.name == source)
    held = values.get(name, [None] * len(rows))
    for row, was, new in zip(rows, held, told, strict=True):
        if was is None and new is not None:
            given = shown(place.sheet.at(row, index))
            text = f"{name}={new}"
            log.coerced(place.sheet.name, address(row, index), given, text, "told_besides")
    values[name] = [new if was is None else was for was, new in zip(held, told, strict=True)]


def share_of_work(note: str) -> float | None:
    """Return the one share of work done that words on progress tell; None where it is not plain.

    Examples
    --------
    >>> share_of_work("主体完成80%"), share_of_work("形象进度达到65.5％")
    (80.0, 65.5)
    >>> share_of_work("基础完成100%，主体完成50%"), share_of_work("完成年度计划的70%")
    (None, None)
    """
    text = fold(note)
    found = list(_SHARE.finditer(text))
    if len(found) != 1 or _NOT_OF_WORK.search(text[: found[0].start()]):
        return None
    share = float(found[0][1])
    return share if share <= 100 else None


def part_bare_days(place: Place, rows: Sequence[int], values: Values, log: Log) -> None:
    """Part the days of a column 开工时间 or 竣工时间 into planned and actual ones.

    What lies after the month of the sheet is planned. An earlier day is the actual one where the
    row says that work has begun (or is over); else it is asked about.
    """
    for plan, header in place.bare.items():
        actual = plan.replace("planned", "actual")
        column = next(one for one in place.columns if one.field.name == plan)
        end = place.month.end_time if place.month is not None else None
        is_over = _is_begun if plan == "planned_start" else _is_finished
        planned, happened, open_rows = [], [], []
        for at, (row, day) in enumerate(zip(rows, values[plan], strict=True)):
            is_past = day is not None and end is not None and day <= end
            has = is_past and is_over(values, at)
            planned.append(None if has else day)
            happened.append(day if has else None)
            if has:
                given = shown(place.sheet.at(row, column.index))
                where = address(row, column.index)
                log.coerced(place.sheet.name, where, given, actual, "has_happened")
            elif day is not None and (is_past or end is None):
                open_rows.append(row)
        values[plan], values[actual] = planned, happened
        if open_rows:
            text = say("ingest.content.planned_or_actual", header=header, n=len(open_rows))
            cell = address(open_rows[0], column.index)
            flag = f"{map_flag(header, plan)} | {map_flag(header, actual)}"
            got = shown(place.sheet.at(open_rows[0], column.index))
            question = Question("day_kind", place.sheet.name, cell, text, got, flag, group=header)
            log.ask(question)


def _is_begun(values: Values, at: int) -> bool:
    done = (values[name][at] for name in _BEGUN if name in values)
    return any(one is not None and one > 0 for one in done) or _says(
        values, at, {"nature": {"ongoing", "completed"}, "stage": {"started", "in_production"}}
    )


def _is_finished(values: Values, at: int) -> bool:
    share = values.get("progress_pct", [None] * (at + 1))[at]
    words = {"nature": {"completed"}, "stage": {"in_production"}, "status": {"completed"}}
    return share == 100 or _says(values, at, words)


def _says(values: Values, at: int, words: Mapping[str, set[str]]) -> bool:
    return any(name in values and values[name][at] in those for name, those in words.items())
