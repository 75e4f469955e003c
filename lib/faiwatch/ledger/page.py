"""The page of a project ledger: what it opens, which blocks each of its sections shows, its files.

A notebook names a section; here stands what the section shows. The public page has sections of its
own, made of tables from which no single project can be worked out, and nothing else: a section
that it does not have is left out with its heading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import pandas as pd

from faiwatch.core.finding import Finding
from faiwatch.core.text import Language, Text
from faiwatch.data.light_rules import LightPreset, presets
from faiwatch.data.parameter_types import NONE, PUBLIC
from faiwatch.forecast.target.position import Target, requirement, year_so_far
from faiwatch.ledger.charts.bridge import attribution_waterfall, reconciliation_steps
from faiwatch.ledger.charts.counts import contract_steps, element_matrix_chart, issue_matrix
from faiwatch.ledger.charts.funding import bond_path
from faiwatch.ledger.charts.rows import one_line
from faiwatch.ledger.charts.schedule import gantt
from faiwatch.ledger.checks import check_ledger
from faiwatch.ledger.findings import NUMBERS, ledger_findings, ledger_tone
from faiwatch.ledger.load import ledger_columns, ledger_file, ledger_reading, ledger_totals
from faiwatch.ledger.public_study import (
    PUBLIC_NUMBERS,
    PublicStudy,
    public_findings,
    public_study,
    public_tone,
)
from faiwatch.ledger.study import LedgerStudy, Published, ledger_month, study_ledger
from faiwatch.ledger.tables import agenda as agendas
from faiwatch.ledger.tables import funding, statistics
from faiwatch.ledger.tables import main as tables
from faiwatch.ledger.tables.cells import MOST
from faiwatch.ledger.tables.diff import ledger_checks
from faiwatch.ledger.tables.lights import light_boards
from faiwatch.ledger.tables.public import public_tables_shown
from faiwatch.page.page import TOTAL, Page, publish, show_block
from faiwatch.page.parameters import ProjectsParameters
from faiwatch.stats.growth import measures
from faiwatch.stats.scopes import scope_in_force
from faiwatch.view import html as blocks
from faiwatch.view.charts.chart import Chart, Subject
from faiwatch.view.tables import Table

_LONGEST_WORDS = 160  # of what a check says
_PUBLIC_SOURCE = Text("项目台账（汇总）", "project ledger, sums")
Shown = Chart | Table
Section = Callable[["LedgerPage"], Sequence[Shown]]


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """An open page of a ledger.

    Attributes
    ----------
    page : Page
        The page, with the figures that the statistics office published.
    study : LedgerStudy
        Everything about one month of the ledger.
    checks : DataFrame
        What is wrong or odd in the ledger.
    findings : mapping
        Verdict, details and key numbers by name.
    source : str
        The file of the ledger, as readers see it.
    """

    page: Page
    study: LedgerStudy
    checks: pd.DataFrame
    findings: Mapping[str, Finding]
    source: str

    @property
    def lang(self) -> Language:
        """Language of the page."""
        return self.page.lang

    @property
    def subject(self) -> Subject:
        """What the charts of the ledger are about."""
        told = self.page.subject(TOTAL, reached=str(self.study.as_of))
        return replace(told, source=self.source)

    def show_verdict(self) -> None:
        """Show the verdict and the sentences that go with it."""
        details = self.page.details(self.findings)
        tone = ledger_tone(self.study)
        self.page.show_verdict(self.findings["verdict"], tone=tone, details=details)

    def show_numbers(self) -> None:
        """Show key numbers, each with its rows."""
        self.page.show_numbers([self.findings[name] for name in NUMBERS])

    def show_lights(self) -> None:
        """Show what each colour of each rule book means, and how many have it."""
        boards = light_boards(self.study, lang=self.lang)
        told = "\n".join(f"{board.title}: {board.about}" for board in boards)
        show_block(blocks.light_board(boards, lang=self.lang), told)

    def show_filters(self) -> None:
        """Show the bar that filters the tables below it."""
        facts = tables.facets(self.study, lang=self.lang)
        show_block(blocks.filter_bar(facts, choices=tables.FACETS, lang=self.lang), "")

    def show(self, section: str) -> None:
        """Show what a section has: figures and tables, in their order."""
        if section == PUBLIC:
            publish({blocks.WITHHELD: ""})
            return
        for shown in SECTIONS[section](self):
            if isinstance(shown, Chart):
                self.page.show_chart(shown)
            else:
                self.page.show_table(shown, source=self.source)

    def save(self) -> None:
        """Save the findings, and every table whole."""
        self.page.save(self.findings, tables.result_tables(self.study, self.checks))


@dataclass(frozen=True, slots=True)
class PublicLedgerPage:
    """The same page for everybody; nothing of a single project is in it.

    Attributes
    ----------
    page : Page
        The page, with the figures that the statistics office published.
    study : PublicStudy
        Tables that may be published.
    findings : mapping
        Verdict and key numbers, from those tables.
    """

    page: Page
    study: PublicStudy
    findings: Mapping[str, Finding]

    def show_verdict(self) -> None:
        """Show the verdict."""
        self.page.show_verdict(self.findings["verdict"], tone=public_tone(self.study))

    def show_numbers(self) -> None:
        """Show key numbers."""
        self.page.show_numbers([self.findings[name] for name in PUBLIC_NUMBERS])

    def show_filters(self) -> None:
        """Show nothing: no table names a project."""
        publish({blocks.WITHHELD: ""})

    def show_lights(self) -> None:
        """Show nothing: lights are those of single projects."""
        publish({blocks.WITHHELD: ""})

    def show(self, section: str) -> None:
        """Show the public tables; any other section is left out."""
        if section != PUBLIC:
            publish({blocks.WITHHELD: ""})
            return
        for table in public_tables_shown(self.study, lang=self.page.lang):
            self.page.show_table(table, source=_PUBLIC_SOURCE.in_language(self.page.lang))

    def save(self) -> None:
        """Save the findings and the public tables."""
        found = self.study
        self.page.save(
            self.findings,
            {
                "status": found.by_unit,
                "level": found.by_level,
                "category": found.by_category,
                "issues": found.issues,
            },
        )


def open_ledger(page: Page) -> LedgerPage | PublicLedgerPage:
    """Read the ledger of a page and study its latest month.

    Parameters
    ----------
    page : Page
        Page of ``06_projects``.

    Raises
    ------
    DataMissingError, DataInvalidError
        The ledger cannot be read, or has no sheet up to the month of the page.
    """
    parameters = cast("ProjectsParameters", page.parameters)
    reading = ledger_reading(parameters.ledger)
    given = reading.settled()
    month = ledger_month(given["projects"], as_of=pd.Period(page.as_of, "M"))
    published = with_average(published_of(page, month), parameters.city_average_pct)
    study = study_ledger(given, published, chosen_books(parameters.rules), as_of=month)
    if parameters.profile == PUBLIC:
        told = public_study(study)
        return PublicLedgerPage(page, told, public_findings(told))
    where, totals = ledger_columns(reading), ledger_totals(reading)
    checks = check_ledger(given, columns=where, totals=totals)
    return LedgerPage(
        page, study, checks, ledger_findings(study), ledger_file(parameters.ledger).name
    )


def chosen_books(rules: str) -> list[LightPreset]:
    """Return the rule books that the parameter ``rules`` names."""
    known = presets()
    return [known[name] for name in (known if rules == "all" else rules.split(","))]


def with_average(published: Published, city_average_pct: str) -> Published:
    """Return what was published with the growth of the whole city, unless it is ``none``."""
    if city_average_pct == NONE:
        return published
    return replace(published, city_average_pct=float(city_average_pct))


def published_of(page: Page, month: pd.Period) -> Published:
    """Return what was published for a month, and what turning positive by December still takes."""
    figures = page.figures_of([page.parameters.region], TOTAL)
    figures = figures[figures["period"] <= month]
    rows = figures[figures["period"] == month]
    value, growth = (
        float(rows[name].iloc[0]) if len(rows) else float("nan")
        for name in ("ytd_value_100m", "ytd_yoy_pct")
    )
    year = year_so_far(measures(scope_in_force(figures)))
    is_of_year = year.origin.year == month.year
    required = requirement(year, Target()).required_100m if is_of_year else float("nan")
    return Published(value, growth, required, rows)


def _checks(page: LedgerPage) -> Sequence[Shown]:
    found = page.checks
    now = found[found["month"].isna() | found["month"].isin([page.study.as_of])]
    table = ledger_checks(now.head(MOST), lang=page.lang)
    note = Text(
        f"本月及不分月的共 {len(now)} 条，最多列 {MOST} 条；各月共 {len(found)} 条，"
        "见结果文件 checks.csv。台账原样保留，没有改动。",
        f"{len(now)} of this month and of no month, {MOST} at most shown; {len(found)} in "
        "all months, in the result file checks.csv. The ledger is left as it is.",
    )
    cells = table.frame.map(partial(one_line, longest=_LONGEST_WORDS))
    return [replace(table, frame=cells, note=note, file="checks.csv")]


def _issues(page: LedgerPage) -> Sequence[Shown]:
    counts, names = tables.issue_counts(page.study)
    chart = issue_matrix(counts, names=names, subject=page.subject)
    return [chart, tables.issue_table(page.study, lang=page.lang)]


def _attribution(page: LedgerPage) -> Sequence[Shown]:
    found, table = page.study.attribution, statistics.attribution_table(page.study, lang=page.lang)
    return [table] if found is None else [attribution_waterfall(found, subject=page.subject), table]


SECTIONS: Mapping[str, Section] = {
    "agenda": lambda page: [agendas.agenda_table(page.study, lang=page.lang)],
    "visits": lambda page: [
        agendas.visit_table(page.study, lang=page.lang),
        agendas.stopped_table(page.study, lang=page.lang),
    ],
    "scorecards": lambda page: [
        agendas.card_table(page.study, "unit", lang=page.lang),
        agendas.card_table(page.study, "lead", lang=page.lang),
    ],
    "lights": lambda page: [tables.light_table(page.study, lang=page.lang)],
    "lag": lambda page: [tables.lag_table(page.study, lang=page.lang)],
    "issues": _issues,
    "schedule": lambda page: [gantt(page.study.standing, subject=page.subject)],
    "funding": lambda page: [
        funding.funding_table(page.study, lang=page.lang),
        bond_path(page.study.bonds, subject=page.subject),
    ],
    "elements": lambda page: [
        element_matrix_chart(page.study.matrix, subject=page.subject),
        funding.element_table(page.study, lang=page.lang),
    ],
    "contracts": lambda page: [contract_steps(page.study.funnel, subject=page.subject)],
    "reconciliation": lambda page: [
        reconciliation_steps(page.study.reconciliation, subject=page.subject),
        statistics.reconciliation_table(page.study, lang=page.lang),
    ],
    "attribution": _attribution,
    "delivery": lambda page: [
        statistics.delivery_classes(page.study, lang=page.lang),
        statistics.delivery_table(page.study, lang=page.lang),
    ],
    "checks": _checks,
}
