"""Read a workbook of any shape into Observations, with a report of every step."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from faiwatch.core.errors import ParameterError
from faiwatch.core.text import Language, Text, clean
from faiwatch.ingest import bulk
from faiwatch.ingest.agreement import check_growth
from faiwatch.ingest.decide import check_windows, in_100m, placed
from faiwatch.ingest.figures import Figures, Given, TableFigures
from faiwatch.ingest.headers import Synonyms, known_synonyms, normal, read_synonyms
from faiwatch.ingest.layout import Table, tables_of
from faiwatch.ingest.log import Coercion, Log, Question, refused_as_open
from faiwatch.ingest.magnitude import check_magnitudes
from faiwatch.ingest.meaning import Meaning
from faiwatch.ingest.nothing import nothing_read
from faiwatch.ingest.opening import open_sheets
from faiwatch.ingest.scale import GrowthScale, in_percent
from faiwatch.ingest.subject import ask_about_refused, stated_subjects, subject_question
from faiwatch.ingest.tidy import conversions, tidy
from faiwatch.ingest.values import Sheet


@dataclass(frozen=True, slots=True)
class Answers:
    """What the user says about a file, for what the file leaves open.

    Attributes
    ----------
    region, indicator, year : optional
        Of figures for which the file tells none.
    unit : str, optional
        Unit of values; wins over the words of the file.
    growth_scale : {"percent", "fraction"}, optional
        How growth is written.
    sheets : tuple of str
        Sheets to read; all visible ones by default.
    labels : mapping
        Labels and what they mean (``--map``); ``*`` is every label of a row or column that is not
        known and not answered.
    unreadable_is_missing : bool
        Take cells that are no numbers as not published.
    headers : Path, optional
        A synonym table of the user's own, read over that of the project.
    subject_is_investment : bool
        Read the file although it states another subject.
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
    """

    file: str
    table: pd.DataFrame
    questions: tuple[Question, ...]
    dropped: tuple[Coercion, ...]
    _noted: tuple[Coercion, ...]
    _settled: pd.DataFrame
    _figures: Figures

    @property
    def rows(self) -> int:
        """Number of rows in the table."""
        return len(self.table)

    @cached_property
    def coercions(self) -> tuple[Coercion, ...]:
        """Cells that were read as something else than what stands in them."""
        return (*self._noted, *conversions(self._settled, self._figures))

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
        """Return the reading as plain values; missing figures are None."""
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
    with _uncollected():
        sheets = open_sheets(path, name=shown_name)
        return read_sheets(sheets, name=shown_name, answers=answers, history=history)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the collector of cycles rest: it would go through every cell again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
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
    synonyms, refused = _synonyms(answers)
    tables = _tables(sheets, synonyms, log)
    stated = stated_subjects(tables, synonyms)
    if stated:
        log.ask(subject_question(stated, tables, synonyms))
    figures = _figures([] if stated else tables, synonyms, answers, log)
    settled = _settled(figures.frame(), figures, answers, log)
    ask_about_refused(refused, log, is_empty=settled.empty)
    if settled.empty and not log.questions:
        raise nothing_read(tables, shown_name, log)
    table = tidy(settled.head(0) if log.questions else settled, figures, shown_name, log)
    if not log.questions and answers.unit is None:
        check_magnitudes(table, history, log)
    if not log.questions:
        growth = settled[figures.said(settled, "measure") == "growth"]
        check_growth(table, growth, figures, history, log)
    if log.questions:
        table = table.head(0)
    questions = tuple(log.questions.values())
    # tables side by side, or one that goes on, have their titles and notes in common
    noted, dropped = (tuple(dict.fromkeys(told)) for told in (log.coercions, log.dropped))
    return Reading(shown_name, table, questions, dropped, noted, settled, figures)


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
                Text(f"没有工作表「{asked}」", f"there is no sheet {asked!r}"),
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


def _synonyms(answers: Answers) -> tuple[Synonyms, set[str]]:
    """Return the synonyms with the user's answers, and the labels whose answer is refused.

    No answer makes investment of a label that names another subject.
    """
    project = known_synonyms()
    if answers.subject_is_investment:
        project = {label: one for label, one in project.items() if one.measure != "other"}
    own = read_synonyms(answers.headers) if answers.headers else {}
    labels = {key: one for label, one in answers.labels.items() for key in (label, normal(label))}
    by_project = Synonyms(project)
    refused = {
        label
        for label, meaning in (*own.items(), *labels.items())
        if not meaning.is_left_out and by_project.understand(label).measure == "other"
    }
    own, labels = (
        {label: one for label, one in said.items() if label not in refused}
        for said in (own, labels)
    )
    return Synonyms({**project, **own}, labels), refused


def _tables(sheets: list[Sheet], synonyms: Synonyms, log: Log) -> list[Table]:
    found: list[Table] = []
    for sheet in sheets:
        tables = tables_of(sheet, synonyms)
        if not tables:
            log.drop(sheet.name, "A1", sheet.name, "no_table")
        found += tables
    return found


def _figures(tables: list[Table], synonyms: Synonyms, answers: Answers, log: Log) -> Figures:
    given = Given(answers.region, answers.indicator, answers.year, answers.unreadable_is_missing)
    figures = Figures()
    for table in tables:
        bulk.gather(TableFigures(table, synonyms, given, log, figures), figures, log)
    return figures


def _settled(frame: pd.DataFrame, figures: Figures, answers: Answers, log: Log) -> pd.DataFrame:
    """Return the figures of known place in the units of Observations."""
    known = placed(frame, figures, log)
    check_windows(known, figures, log)
    measure = figures.said(known, "measure")
    values = in_100m(known[measure == "value"], figures, answers.unit, log)
    growth = in_percent(known[measure == "growth"], figures, answers.growth_scale, log)
    return pd.concat([values, growth], ignore_index=True)
