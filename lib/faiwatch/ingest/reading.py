"""Read a workbook of any shape into Observations, with a report of every step."""

from __future__ import annotations

import gc
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.core.phrases import joined, say, texts_of
from faiwatch.core.text import Language, Text, clean
from faiwatch.ingest import bulk
from faiwatch.ingest.decide import check_windows, in_100m, in_percent, placed
from faiwatch.ingest.dialect import open_comma, with_decimal_commas
from faiwatch.ingest.dictionary import dictionaries
from faiwatch.ingest.doubts import check_dates, check_growth, check_magnitudes, month_meant
from faiwatch.ingest.figures import Figures, TableFigures, Told, flagged
from faiwatch.ingest.headers import (
    EVERYTHING_ELSE,
    Synonyms,
    known_synonyms,
    normal,
    read_synonyms,
)
from faiwatch.ingest.lacking import BY_HISTORY, group_labels, propose_names
from faiwatch.ingest.layout import Table, tables_of
from faiwatch.ingest.likeness import is_held
from faiwatch.ingest.log import Coercion, Log, Question, refused_as_open
from faiwatch.ingest.meaning import NOTHING, Meaning
from faiwatch.ingest.opening import open_sheets
from faiwatch.ingest.parts import part_names
from faiwatch.ingest.rules import RULES
from faiwatch.ingest.subject import about_investment, ask_about_refused, ask_whether_investment
from faiwatch.ingest.takes import Take, added_up, flag_of, is_asked, propose, taken
from faiwatch.ingest.tidy import conversions, tidy
from faiwatch.ingest.units import GrowthScale
from faiwatch.ingest.values import Sheet, address, place_named, position, shown

# left out of every table
_NO_FIGURES = {"title", "note", "column_numbers", "header_again", "metadata"}
_WHOLE_SHEETS = ("hidden_sheet", "other_sheet")
_MOST_TABLES = 5
_TRIANGLES = {"▲", "△"}
_RISE = re.compile(r"[▲△]\s*(\d[\d,]*(?:\.\d+)?\s*%?)")
_MOST_NAMES = 4
_LEFT_OUT_TOGETHER = texts_of("ingest.words_left_out")
_BY_HISTORY = {"region", "year", "indicator", "measure", "unit"}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the user says about a file, for what the file leaves open.

    Attributes
    ----------
    region, indicator, year : optional
        Of figures for which the file tells none.
    unit : str, optional
        Unit of the values of which the file tells none; where it tells one of all, this wins.
    growth_scale : {"percent", "fraction"}, optional
        How growth is written.
    sheets : tuple of str
        Sheets to read; all visible ones by default.
    labels : mapping
        Labels and what they mean (``--map``), or cells and columns by their letters (``AI``,
        ``Sheet1!B7``); ``*`` is every label of a row or column that is not known and not answered.
    unreadable_is_missing : bool
        Take cells that are no numbers as not published.
    headers : Path, optional
        A synonym table of the user's own, read over that of the project.
    subject_is_investment : bool
        Read the file although it states another subject.
    take : tuple of str
        How to take what is no plain year to date: ``annual=ytd``, ``monthly=cumulate``; see
        :data:`faiwatch.ingest.takes.TAKES`. The last of each kind counts.
    """

    region: str | None = None
    indicator: str | None = None
    year: int | None = None
    unit: str | None = None
    growth_scale: GrowthScale | None = None
    sheets: tuple[str, ...] = ()
    labels: Mapping[str, Meaning] = field(default_factory=dict)
    unreadable_is_missing: bool = False
    headers: Path | None = None
    subject_is_investment: bool = False
    take: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """How a file was read.

    Attributes
    ----------
    file : str
        As it was named.
    table : DataFrame
        Observations with ``file``, ``row``, ``sheet`` and ``cell`` of the figure; empty when there
        are questions.
    questions : tuple of Question
        What the file leaves open.
    dropped : tuple of Coercion
        Cells, rows and sheets that were left out.
    workbook : tuple of Sheet
        The sheets that were read.
    """

    file: str
    table: pd.DataFrame
    questions: tuple[Question, ...]
    dropped: tuple[Coercion, ...]
    _noted: tuple[Coercion, ...]
    _settled: pd.DataFrame
    _figures: Figures
    workbook: tuple[Sheet, ...] = ()

    @property
    def rows(self) -> int:
        """Number of rows in the table."""
        return len(self.table)

    @cached_property
    def coercions(self) -> tuple[Coercion, ...]:
        """Cells that were read as something else than what stands in them."""
        return (*self._noted, *conversions(self._settled, self._figures))

    def placed(self) -> tuple[pd.DataFrame, list[Told]]:
        """Return every figure with its cell (``told year month row column value``), and Told."""
        return self._settled, self._figures.told

    @property
    def told_left_out(self) -> tuple[Text, ...]:
        """One line for each kind of column, row or sheet that is not about what is kept."""
        told = []
        for rule, what in _LEFT_OUT_TOGETHER.items():
            names = list(dict.fromkeys(one.was for one in self.dropped if one.rule == rule))
            some, rest = names[:_MOST_NAMES], names[_MOST_NAMES:]
            if names:
                named = Text("、".join(some), ", ".join(some))
                told.append(say("ingest.reading.left_out", n=len(names), what=what, named=named))
            if rest:
                told[-1] = joined([told[-1], Text("…", " …")], "", "")
        return tuple(told)

    def settled(self) -> pd.DataFrame:
        """Return the table.

        Raises
        ------
        DataInvalidError
            Something is open; the message holds the first question and the option that answers it.
        """
        if not self.questions:
            return self.table
        raise refused_as_open(self.questions, self.file)

    def as_json(self, lang: Language) -> dict[str, Any]:
        """Return the reading as plain values, see :class:`faiwatch.ingest.log.IngestAnswer`."""
        table = self.table.assign(
            period=self.table["period"].astype("str"),
            issued=self.table["issued"].dt.strftime("%Y-%m-%d"),
        ).astype("object")
        return {
            "kind": "fai",
            "rows": len(table),
            "table": table.where(table.notna(), None).to_dict("records"),
            "coercions": [one._asdict() for one in (*self.coercions, *self.dropped)],
            "questions": [one.as_json(lang) for one in self.questions],
        }


def read_workbook(
    path: Path,
    *,
    answers: Answers | None = None,
    history: pd.DataFrame | None = None,
    name: str | None = None,
) -> Reading:
    """Read a workbook or CSV of any shape.

    Parameters
    ----------
    path : Path
        See :func:`faiwatch.ingest.opening.open_sheets` for the formats.
    answers : Answers, optional
        What the user says about it.
    history : DataFrame, optional
        Observations known before; sizes are compared with them.
    name : str, optional
        How the file is called in the table and in messages; the path by default.

    Returns
    -------
    Reading
        With an empty table when it holds questions. :meth:`Reading.settled` raises for them.

    Raises
    ------
    DataMissingError
        The file is not there, is empty, or holds no figure that is read; the message says what was
        found and left out.
    DataInvalidError
        It cannot be opened within bounds; see :func:`~faiwatch.ingest.opening.open_sheets`.
    ParameterError
        A sheet that was asked for does not exist.
    """
    shown_name = clean(name or str(path))
    was_on = gc.isenabled()
    gc.disable()  # the collector of cycles would go through every cell again and again
    try:
        sheets = open_sheets(path, name=shown_name)
        return read_sheets(sheets, name=shown_name, answers=answers, history=history)
    finally:
        if was_on:
            gc.enable()


def read_sheets(
    all_sheets: list[Sheet],
    *,
    name: str,
    answers: Answers | None = None,
    history: pd.DataFrame | None = None,
) -> Reading:
    """Read sheets that are open already; see :func:`read_workbook`."""
    answers, shown_name = answers or Answers(), clean(name)
    log = Log()
    sheets = wanted(all_sheets, answers.sheets, shown_name, log)
    take = dict(map(taken, answers.take))
    sheets = _with_numbers(sheets, take, log)
    synonyms, refused = _synonyms(answers, sheets, shown_name)
    explained = dictionaries(sheets, synonyms)
    names = {code: name for one in explained for code, name in one.names.items()}
    synonyms = replace(synonyms, dictionary=names) if names else synonyms
    tables: list[Table] = []
    for sheet in sheets:
        if any(one.sheet == sheet.name for one in explained):
            log.drop(sheet.name, "A1", sheet.name, "dictionary")
            continue
        found = tables_of(sheet, synonyms)
        tables += found
        if not found:
            log.drop(sheet.name, "A1", sheet.name, "no_table")
    wanted_tables, says_investment = about_investment(tables, synonyms, log)
    figures = Figures()
    for table in wanted_tables:
        bulk.gather(TableFigures(table, synonyms, answers, log, figures))
    settled = _settled(figures, answers, take, log, history)
    if history is not None and synonyms.everything_else is None:
        _propose_names(wanted_tables, synonyms, answers, log, history)
    ask_about_refused(refused, log, is_empty=settled.empty)
    has_said = says_investment or answers.indicator or answers.subject_is_investment
    has_skipped = settled.empty and not log.questions and synonyms.everything_else is not None
    if (
        tables
        and not has_said
        and not has_skipped
        and not _is_likely(settled, figures, log, history)
    ):
        ask_whether_investment(tables, log)
    if settled.empty and not log.questions:
        raise _nothing_read(tables, shown_name, log)
    group_labels(log)
    read = tidy(settled.head(0) if log.questions else settled, figures, shown_name, log)
    if "dates" not in take:
        _ask_about_dates(read, settled, figures, history, log)
    if not log.questions and answers.unit is None:
        check_magnitudes(read, history, log)
    if not log.questions:
        growth = settled[figures.said(settled, "measure") == "growth"]
        check_growth(read, growth, figures, history, log)
    read = read.head(0) if log.questions else read
    questions = tuple(log.questions.values())
    # tables side by side, or one that goes on, have their titles and notes in common
    noted, dropped = (tuple(dict.fromkeys(told)) for told in (log.coercions, log.dropped))
    return Reading(shown_name, read, questions, dropped, noted, settled, figures, tuple(sheets))


def _propose_names(
    tables: Sequence[Table], synonyms: Synonyms, answers: Answers, log: Log, history: pd.DataFrame
) -> None:
    """Propose what labels mean that nobody knows, by their figures read as if they said nothing."""
    if any(one.id == "label" for one in log.questions.values()):
        nameless = replace(synonyms, answers={**synonyms.answers, EVERYTHING_ELSE: NOTHING})
        unnamed = Figures()
        for table in tables:
            bulk.gather(TableFigures(table, nameless, answers, Log(), unnamed))
        propose_names(unnamed, log, history)


def _ask_about_dates(
    read: pd.DataFrame,
    settled: pd.DataFrame,
    figures: Figures,
    history: pd.DataFrame | None,
    log: Log,
) -> None:
    """Ask which month dates stand for, or propose it, where figures that are held tell."""
    check_dates(read, history, log)
    if history is None or not is_asked("dates", log):
        return
    is_named = (None not in (one.meaning.region, one.meaning.indicator) for one in figures.told)
    named = settled[flagged(is_named, settled["told"])]
    meant = month_meant(tidy(named, figures, "", Log()), history)
    propose("dates", {"before": "release", "own": "month"}.get(meant), log)


def _with_numbers(sheets: list[Sheet], take: Take, log: Log) -> list[Sheet]:
    """Return sheets with decimal commas and ▲ read, after asking where nothing tells of them."""
    commas = take.get("commas")
    sheets = [replace(one, rows=with_decimal_commas(one.rows, asked=commas)) for one in sheets]
    for sheet in sheets if commas is None else ():
        if place := open_comma(sheet):
            text = Text("逗号是小数点还是千分位？", "is the comma a decimal sign, or of thousands?")
            got, flag = shown(sheet.at(*place)), flag_of("commas")
            log.ask(Question("number", sheet.name, address(*place), text, got, flag))
    return [_with_triangles(one, take.get("triangles"), log) for one in sheets]


def _with_triangles(sheet: Sheet, how: str | None, log: Log) -> Sheet:
    """Return a sheet with ▲5.4 read: a fall in accounts, a rise in many a bulletin, so it is asked.

    Until it is answered such cells are blank, since a cell that is no number is another question.
    """
    read: dict[tuple[int, int], str] = {}
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if type(cell) is str and cell[:1] in _TRIANGLES and (match := _RISE.fullmatch(cell)):
                read[row, column] = f"{'-' if how == 'minus' else ''}{match[1]}" if how else ""
    if not read:
        return sheet
    for (row, column), became in read.items():
        was, where = shown(sheet.at(row, column)), address(row, column)
        if how:
            log.coerced(sheet.name, where, was, became, "triangle")
        else:
            text = Text("▲ 是下降还是增长？", "is ▲ a fall, or a rise?")
            log.ask(Question("number", sheet.name, where, text, was, flag_of("triangles")))
    rows = [
        [read.get((row, column), cell) for column, cell in enumerate(cells)]
        for row, cells in enumerate(sheet.rows)
    ]
    return replace(sheet, rows=rows)


def wanted(sheets: list[Sheet], chosen: tuple[str, ...], name: str, log: Log) -> list[Sheet]:
    """Return the sheets to read: those chosen, or every visible one.

    Raises
    ------
    ParameterError
        A sheet that was chosen does not exist.
    """
    names = [sheet.name for sheet in sheets]
    for asked in chosen:
        if asked not in names:
            raise ParameterError(
                say("ingest.reading.no_sheet", sheet=asked),
                where=name,
                allowed=", ".join(map(clean, names)),
            )
    found = []
    for sheet in sheets:
        if chosen and sheet.name not in chosen:
            log.drop(sheet.name, "A1", sheet.name, "other_sheet")
        elif sheet.hidden and not chosen:
            log.drop(sheet.name, "A1", sheet.name, "hidden_sheet")
        else:
            found.append(sheet)
    return found


def _is_likely(
    settled: pd.DataFrame, figures: Figures, log: Log, history: pd.DataFrame | None
) -> bool:
    """Whether figures that nobody calls investment are held as such, or nearly called so."""
    asked = log.questions.values()
    by_history = (
        one.group == BY_HISTORY or (one.proposal and one.id in _BY_HISTORY) for one in asked
    )
    near = (known_synonyms().get(one.proposal, NOTHING) for one in asked if one.id == "label")
    is_near = any(one.indicator is not None for one in near)
    return any(by_history) or is_near or is_held(settled, figures, history)


def _synonyms(answers: Answers, sheets: Sequence[Sheet], name: str) -> tuple[Synonyms, set[str]]:
    """Return the synonyms with the user's answers, and the labels whose answer is refused.

    No answer makes investment of a label that names another subject. What is no label of the file
    and reads like a cell or a column is one.
    """
    project = known_synonyms()
    if answers.subject_is_investment:
        project = {label: one for label, one in project.items() if one.measure != "other"}
    own, parts = {}, part_names()
    if answers.headers:
        own = read_synonyms(answers.headers)
        parts = {**parts, **read_synonyms(answers.headers, parts=True)}
    places = {}
    for label in answers.labels:
        place = place_named(label)
        if place is None or (
            "!" not in label
            and any(
                label == sheet.name or any(label == cell for row in sheet.rows for cell in row)
                for sheet in sheets
            )
        ):
            continue
        if not place[0] and len(sheets) > 1:
            raise ParameterError(
                Text("读入的工作表不止一张，须写明是哪一张", "several sheets are read: which one?"),
                where=name,
                got=label,
                allowed=", ".join(f"{clean(one.name)}!{label}" for one in sheets[:_MOST_TABLES]),
            )
        places[label] = place
    labels = {
        key: one
        for label, one in answers.labels.items()
        if label not in places
        for key in (label, normal(label))
    }
    by_project = Synonyms(project, parts=parts)
    refused = {
        label
        for label, meaning in (*own.items(), *labels.items())
        if not meaning.is_left_out and by_project.understand(label).measure == "other"
    }
    own, labels = (
        {label: one for label, one in said.items() if label not in refused}
        for said in (own, labels)
    )
    said = {place: answers.labels[label] for label, place in places.items()}
    return Synonyms({**project, **own}, labels, said, parts=parts), refused


def _settled(
    figures: Figures, answers: Answers, take: Take, log: Log, history: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the figures of known place in the units of Observations."""
    known = placed(figures.frame(), figures, take, log, history)
    known = check_windows(known, figures, take, log)
    measure = figures.said(known, "measure")
    values = in_100m(known[measure == "value"], figures, answers.unit, log, history)
    values = added_up(values, figures, log)
    growth = in_percent(known[measure == "growth"], figures, answers.growth_scale, log)
    return pd.concat([values, growth], ignore_index=True)


def _nothing_read(tables: Sequence[Table], file: str, log: Log) -> DataMissingError:
    """Return why not one figure was read: which tables were found, and what became of them."""
    if not tables:
        rules = dict.fromkeys(one.rule for one in log.dropped if one.rule in _WHOLE_SHEETS)
        return DataMissingError(
            Text("没有找到带数字的表", "no table with figures was found"),
            where=file,
            got=joined(RULES[rule] for rule in rules) if rules else None,
            todo=Text("表头与数字须在同一张表内", "a table needs a header above its figures"),
        )
    told = [_told(table, log.dropped) for table in tables[:_MOST_TABLES]]
    if more := len(tables) - len(told):
        told.append(say("ingest.reading.more_tables", more=more))
    return DataMissingError(
        say("ingest.reading.no_figure", found=joined(told)),
        where=file,
        todo=Text("用 --map 说明需要的列、行", "say with --map which columns and rows are needed"),
    )


def _told(table: Table, dropped: Sequence[Coercion]) -> Text:
    """Return where a table is, and what of it was left out and why."""
    filled = [
        (row, column)
        for row in range(table.headers[0], table.end)
        for column, cell in enumerate(table.sheet.rows[row][: table.width])
        if cell != "" and column >= table.left
    ]
    at = [column for _, column in filled]
    rows = range(table.headers[0], filled[-1][0] + 1)
    columns = range(min(at), max(at) + 1)
    name = clean(table.sheet.name)
    inside = [(one.rule, *position(one.cell)) for one in dropped if one.sheet == name]
    inside = [one for one in inside if one[1] in rows and one[2] in columns]
    # columns and labels of rows that the answer for everything else left out
    by_wildcard = [row in table.headers for rule, row, _ in inside if rule == "wildcard"]
    parts = []
    if n := by_wildcard.count(True):
        parts.append(say("ingest.reading.columns_by_wildcard", n=n))
    if n := by_wildcard.count(False):
        parts.append(say("ingest.reading.labels_by_wildcard", n=n))
    others = {rule for rule, *_ in inside} - _NO_FIGURES - {"wildcard"}
    parts += [RULES[rule] for rule in sorted(others)]
    why = joined(parts or [Text("其中没有数字", "it holds no figure")])
    where = f"{address(rows[0], columns[0])}:{address(rows[-1], columns[-1])}"
    return say("ingest.reading.table_at", where=where, why=why)
