"""A project ledger as an analyst holds it: one month judged, its tables, and its charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from faiwatch.core.finding import Finding
from faiwatch.core.text import Language, Text
from faiwatch.data.frames import plain_frame
from faiwatch.data.light_rules import LightPreset, presets
from faiwatch.ingest.ledger.reading import LedgerReading
from faiwatch.ledger.charts.bridge import attribution_waterfall, reconciliation_steps
from faiwatch.ledger.charts.counts import contract_steps, element_matrix_chart, issue_matrix
from faiwatch.ledger.charts.funding import bond_path
from faiwatch.ledger.charts.road_map import road_map_chart
from faiwatch.ledger.charts.schedule import gantt
from faiwatch.ledger.checks import check_ledger
from faiwatch.ledger.files import ledger_file
from faiwatch.ledger.findings import ledger_findings, ledger_tone
from faiwatch.ledger.load import ledger_columns, ledger_reading, ledger_totals
from faiwatch.ledger.sheets import months_of
from faiwatch.ledger.study import LedgerStudy, Published, ledger_month, study_ledger
from faiwatch.ledger.tables.main import issue_counts
from faiwatch.ledger.work_findings import work_findings
from faiwatch.view import html as blocks
from faiwatch.view.charts.chart import Chart, Subject

LATEST = "latest"


@dataclass(frozen=True)
class Ledger:
    """One month of a project ledger. Made by :func:`faiwatch.ledger`.

    Amounts in 10,000 yuan (万元), shares in percent; NaN = not known. At the end of a cell it
    shows its verdict.

    Attributes
    ----------
    subject : Subject
        What its charts are about: language, file and month too.
    study : LedgerStudy
        Everything computed of the month.
    findings : mapping
        Verdict, details and key numbers by name, each with the rows it rests on.
    records : DataFrame
        What is wrong or odd in the ledger, with months as Periods.
    columns : mapping
        Sheet and field to the letters of the column.
    """

    subject: Subject
    study: LedgerStudy
    findings: Mapping[str, Finding]
    records: pd.DataFrame
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """Name of the workbook."""
        return self.subject.source

    @property
    def month(self) -> str:
        """The month judged, ``YYYY-MM``."""
        return self.subject.as_of

    @property
    def lang(self) -> Language:
        """Language of sentences and charts."""
        return self.subject.lang

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables as read, every monthly sheet kept: ``projects issues contracts ...``."""
        return {name: self._plain(table) for name, table in self.study.tables.items()}

    @property
    def projects(self) -> pd.DataFrame:
        """The month's projects with status, progress, light and who is responsible."""
        return self._plain(self.study.standing)

    @property
    def lagging(self) -> pd.DataFrame:
        """Projects that are behind, the largest shortfall first, with who acts next."""
        return self._plain(self.study.lag)

    @property
    def issues(self) -> pd.DataFrame:
        """Issues that are open, with their age in days."""
        return self._plain(self.study.issues)

    @property
    def checks(self) -> pd.DataFrame:
        """What is wrong or odd in the ledger, cell by cell."""
        return self._plain(self.records)

    @property
    def verdict(self) -> Finding:
        """The one sentence to take away."""
        return self.findings["verdict"]

    @property
    def plot(self) -> LedgerPlots:
        """Its charts: ``.plot.schedule()``, ``.plot.issues()`` and the others."""
        return LedgerPlots(self)

    def __repr__(self) -> str:
        return self.verdict.words(self.lang)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        details = [one for name, one in self.findings.items() if name.startswith("detail_")]
        tone = ledger_tone(self.study)
        return blocks.verdict_bundle(self.verdict, lang=self.lang, tone=tone, details=details)

    def _plain(self, table: pd.DataFrame) -> pd.DataFrame:
        return plain_frame(table, lang=self.lang)


@dataclass(frozen=True)
class LedgerPlots:
    """The charts of a ledger, each a :class:`~faiwatch.view.charts.chart.Chart`."""

    book: Ledger

    def schedule(self) -> Chart:
        """Planned and actual dates of each project."""
        return gantt(self.book.study.standing, subject=self.book.subject)

    def road_map(self) -> Chart:
        """Draw what must happen in the months around now, and what is late."""
        study = self.book.study
        return road_map_chart(study.work.road_map, study.standing, subject=self.book.subject)

    def issues(self) -> Chart:
        """Open issues by class and cause."""
        counts, names = issue_counts(self.book.study)
        return issue_matrix(counts, names=names, subject=self.book.subject)

    def elements(self) -> Chart:
        """Land, environment and funds of each project."""
        return element_matrix_chart(self.book.study.matrix, subject=self.book.subject)

    def bonds(self) -> Chart:
        """Use of special bonds beside what is expected."""
        return bond_path(self.book.study.bonds, subject=self.book.subject)

    def contracts(self) -> Chart:
        """Contracts from signing to completion."""
        return contract_steps(self.book.study.funnel, subject=self.book.subject)

    def reconciliation(self) -> Chart:
        """From the ledger's total to the statistics'."""
        return reconciliation_steps(self.book.study.reconciliation, subject=self.book.subject)

    def attribution(self) -> Chart | None:
        """Which projects account for the change on a year before; None without a sheet of then."""
        found = self.book.study.attribution
        return None if found is None else attribution_waterfall(found, subject=self.book.subject)


def open_book(ledger: str, month: str, *, rules: str, lang: Language) -> Ledger:
    """Read a ledger and judge one month of it.

    Parameters
    ----------
    ledger : str
        ``demo``, or the path of a workbook, a CSV or a folder of them.
    month : str
        ``YYYY-MM``, or ``latest``.
    rules : str
        ``all``, or names of rule books separated by commas.
    lang : {"zh", "en"}
        Language of sentences and charts.

    Raises
    ------
    DataMissingError, DataInvalidError
        The ledger cannot be read, leaves something open, or has no sheet up to the month.
    """
    reading = ledger_reading(ledger)
    given = reading.settled()
    asked = months_of(given["projects"])[-1] if month == LATEST else pd.Period(month, "M")
    at = ledger_month(given["projects"], as_of=asked)
    found = study_ledger(given, Published(), chosen_books(rules), as_of=at)
    label = Text("项目台账", "project ledger").in_language(lang)
    return book_of(reading, found, Subject(lang, "", label, ledger_file(ledger).name, str(at)))


def book_of(reading: LedgerReading, study: LedgerStudy, subject: Subject) -> Ledger:
    """Return a ledger that was read and judged, with what its checks say."""
    columns = ledger_columns(reading)
    checks = check_ledger(reading.settled(), columns=columns, totals=ledger_totals(reading))
    found = ledger_findings(study) | work_findings(study.work)
    return Ledger(subject, study, found, checks, columns)


def chosen_books(rules: str) -> list[LightPreset]:
    """Return the rule books that the parameter ``rules`` names."""
    known = presets()
    return [known[name] for name in (known if rules == "all" else rules.split(","))]
