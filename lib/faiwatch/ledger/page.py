"""The page ``06_projects`` of a project ledger: what each of its sections shows, and its files.

A notebook names a section; here stands what the section shows. The public page has sections of its
own, made of tables from which no single project can be worked out, and nothing else: a section
that it does not have is left out with its heading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from faiwatch.core.files import atomic_write
from faiwatch.core.finding import Finding, Tone
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.parameter_types import NONE, PUBLIC
from faiwatch.data.reference import indicator_named
from faiwatch.data.regions import region_named
from faiwatch.forecast.target.position import Target, requirement, year_so_far
from faiwatch.ledger.book import Ledger, LedgerPlots, book_of, chosen_books
from faiwatch.ledger.cards import ProjectCards
from faiwatch.ledger.charts.rows import one_line
from faiwatch.ledger.editions import read_editions
from faiwatch.ledger.files import EDITION_FILE, EDITIONS_FILE, ledger_file
from faiwatch.ledger.findings import NUMBERS, ledger_tone
from faiwatch.ledger.light_board import ScaleLights, leading_scales
from faiwatch.ledger.load import ledger_reading
from faiwatch.ledger.public_study import (
    PUBLIC_NUMBERS,
    PublicStudy,
    public_findings,
    public_study,
    public_tone,
)
from faiwatch.ledger.study import Published, ledger_month, study_ledger
from faiwatch.ledger.tables import agenda as agendas
from faiwatch.ledger.tables import funding, statistics
from faiwatch.ledger.tables import main as tables
from faiwatch.ledger.tables.cells import MOST
from faiwatch.ledger.tables.diff import ledger_checks
from faiwatch.ledger.tables.lights import light_boards
from faiwatch.ledger.tables.public import public_tables_shown
from faiwatch.ledger.tables.work_sections import work_section
from faiwatch.ledger.work_findings import WORK_NUMBERS
from faiwatch.page.known import TOTAL, Known
from faiwatch.page.page import Page
from faiwatch.page.parameters import ProjectsParameters
from faiwatch.page.shown import Block, Numbers, Section, Withheld
from faiwatch.stats.growth import measures
from faiwatch.stats.scopes import scope_in_force
from faiwatch.view import html as blocks
from faiwatch.view.charts.chart import Chart, Subject
from faiwatch.view.tables import Table

_LONGEST_WORDS = 160  # of what a check says
_PUBLIC_SOURCE = Text("项目台账（汇总）", "project ledger, sums")
Parts = Callable[[Ledger], Sequence[Chart | Table]]


@dataclass(frozen=True)
class LedgerPage(Page):
    """An open page of a ledger.

    Attributes
    ----------
    book : Ledger
        The ledger with one month judged, as :func:`faiwatch.ledger` returns it; it knows what the
        statistics office published too.
    """

    parameters: ProjectsParameters
    book: Ledger

    notebook = "06_projects"
    key_numbers = ("lagging", "shortfall", "progress", "deviation", "open_issues", "overdue_tasks")
    annexed = ("detail_lights", "detail_statistics")  # other rule books, and the reconciliation

    @property
    def findings(self) -> Mapping[str, Finding]:
        """Verdict, details and key numbers."""
        return self.book.findings

    @property
    def tone(self) -> Tone:
        """Whether the projects are behind."""
        return ledger_tone(self.book.study)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every table, whole."""
        return tables.result_tables(self.book.study, self.book.records)

    @property
    def plot(self) -> LedgerPlots:
        """The charts: those of :func:`faiwatch.ledger`."""
        return self.book.plot

    def lights(self) -> Block | Withheld:
        """Return what each colour of the chosen rule book means, and how many have it.

        The first book that the parameter ``rules`` names is the chosen one.
        """
        return self._boards(leading_scales(self.book.study.board, self.parameters.rules))

    def compare_rules(self) -> Section | Withheld:
        """Return the other rule books, what their colours mean, and the lights by all of them."""
        board, rest = self.book.study.board, tables.light_table(self.book.study, lang=self.lang)
        chosen = {one.name for one in leading_scales(board, self.parameters.rules)}
        others = self._boards([one for one in board.scales if one.name not in chosen])
        return Section([others, self.table(rest, source=self.book.file)])

    def cards(self) -> Block | Withheld:
        """Return the card of each project, which the page opens by its address."""
        found = ProjectCards(self.book.study, self.book.columns, self.lang)
        return Block(blocks.cards(found.data(), lang=self.lang), "")

    def _boards(self, chosen: Sequence[ScaleLights]) -> Block:
        boards = light_boards(self.book.study, lang=self.lang, chosen=chosen)
        told = "\n".join(f"{board.title}: {board.about}" for board in boards)
        return Block(blocks.light_board(boards, lang=self.lang), told)

    def more_numbers(self) -> Numbers:
        """Return the numbers that are not among the first ones."""
        rest = [one for one in (*NUMBERS, *WORK_NUMBERS) if one not in self.key_numbers]
        return self.numbers(*(one for one in rest if one in self.findings))

    def filters(self) -> Block | Withheld:
        """Return the bar that filters the tables below it."""
        facts = tables.facets(self.book.study, lang=self.lang)
        return Block(blocks.filter_bar(facts, choices=tables.FACETS, lang=self.lang), "")

    def section(self, name: str) -> Section | Withheld:
        """Return what a section has: charts and tables, in their order.

        Parameters
        ----------
        name : str
            One of :data:`SECTIONS`, or ``public``.

        Returns
        -------
        Section
            ``.parts``; a table has its ``.frame``. Without any the section is left out with its
            heading.
        """
        parts: Sequence[Chart | Table] = ()
        if name == "lag":
            chosen = leading_scales(self.book.study.board, self.parameters.rules)
            parts = [tables.lag_table(self.book.study, lang=self.lang, scales=chosen)]
        elif name != PUBLIC:
            parts = SECTIONS[name](self.book)
        if not parts:
            return Withheld()
        source = self.book.file
        return Section(
            [one if isinstance(one, Chart) else self.table(one, source=source) for one in parts]
        )


@dataclass(frozen=True)
class PublicLedgerPage(Page):
    """The same page for everybody; nothing of a single project is in it.

    Attributes
    ----------
    study : PublicStudy
        Tables that may be published.
    """

    parameters: ProjectsParameters
    study: PublicStudy

    notebook = LedgerPage.notebook
    key_numbers = PUBLIC_NUMBERS

    @property
    def findings(self) -> Mapping[str, Finding]:
        """Verdict and key numbers, from those tables."""
        return public_findings(self.study)

    @property
    def tone(self) -> Tone:
        """Whether the projects are behind."""
        return public_tone(self.study)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The public tables."""
        return {
            "status": self.study.by_unit,
            "level": self.study.by_level,
            "category": self.study.by_category,
            "issues": self.study.issues,
        }

    def save_beside(self, folder: Path) -> None:
        """Save, for the editions to come alone, whose the amounts are."""
        if (folder.parent / EDITIONS_FILE).is_file():  # a run that keeps them
            told = self.study.units.edition.model_dump_json(indent=1)
            atomic_write(folder.parent / EDITION_FILE, f"{told}\n")

    def cards(self) -> Withheld:
        """Return nothing to show: cards, lights and filters tell of single projects.

        Nor are there more numbers that may be published.
        """
        return Withheld()

    lights = compare_rules = filters = more_numbers = cards

    def section(self, name: str) -> Section | Withheld:
        """Return the public tables; any other section is left out."""
        if name != PUBLIC:
            return Withheld()
        source = _PUBLIC_SOURCE.in_language(self.lang)
        shown = public_tables_shown(self.study, lang=self.lang)
        return Section([self.table(one, source=source) for one in shown])


def open_ledger(values: Mapping[str, object]) -> LedgerPage | PublicLedgerPage:
    """Check the parameters of ``06_projects``, read its ledger and study the latest month.

    Parameters
    ----------
    values : mapping
        The values of the tagged cell by name.

    Raises
    ------
    ParameterError
        A name or value is not allowed.
    DataMissingError, DataInvalidError
        The figures or the ledger cannot be read, or it has no sheet up to the month of the page.
    """
    parameters, known = LedgerPage.checked(values)
    reading = ledger_reading(parameters.ledger)
    given = reading.settled()
    month = ledger_month(given["projects"], as_of=pd.Period(known.as_of, "M"))
    published = with_average(
        published_of(known, parameters.region, month), parameters.city_average_pct
    )
    study = study_ledger(given, published, chosen_books(parameters.rules), as_of=month)
    if parameters.profile == PUBLIC:
        earlier = read_editions(Path(parameters.results).parent / EDITIONS_FILE)
        found = public_study(study, earlier if parameters.results else None)
        return PublicLedgerPage(parameters, known, found)
    lang = parameters.lang
    subject = Subject(
        lang,
        region_named(parameters.region).name.in_language(lang),
        indicator_named(TOTAL).label.in_language(lang),
        ledger_file(parameters.ledger).name,
        str(month),
    )
    return LedgerPage(parameters, known, book_of(reading, study, subject))


def with_average(published: Published, city_average_pct: str) -> Published:
    """Return what was published with the growth of the whole city, unless it is ``none``."""
    if city_average_pct == NONE:
        return published
    return replace(published, city_average_pct=float(city_average_pct))


def published_of(known: Known, region: str, month: pd.Period) -> Published:
    """Return what was published for a month, and what turning positive by December still takes."""
    figures = known.of([region], TOTAL)
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


def _checks(book: Ledger) -> Sequence[Chart | Table]:
    found = book.records
    now = found[found["month"].isna() | found["month"].isin([book.study.as_of])]
    table = ledger_checks(now.head(MOST), lang=book.lang)
    note = say("ledger.page.issues_shown", n_now=len(now), most=MOST, n_found=len(found))
    cells = table.frame.map(partial(one_line, longest=_LONGEST_WORDS))
    return [replace(table, frame=cells, note=note, file="checks.csv")]


SECTIONS: Mapping[str, Parts] = {
    "agenda": lambda book: [
        agendas.agenda_table(book.study, lang=book.lang),
        *work_section("open_items", book.study.work, lang=book.lang),
    ],
    "visits": lambda book: [
        agendas.visit_table(book.study, lang=book.lang),
        agendas.stopped_table(book.study, lang=book.lang),
    ],
    "scorecards": lambda book: [
        agendas.card_table(book.study, "unit", lang=book.lang),
        agendas.card_table(book.study, "lead", lang=book.lang),
    ],
    "lights": lambda book: [tables.light_table(book.study, lang=book.lang)],
    "lag": lambda book: [tables.lag_table(book.study, lang=book.lang)],
    "issues": lambda book: [book.plot.issues(), tables.issue_table(book.study, lang=book.lang)],
    "schedule": lambda book: [book.plot.schedule()],
    "road_map": lambda book: [
        *([book.plot.road_map()] if len(book.study.work.road_map) else []),
        *work_section("road_map", book.study.work, lang=book.lang),
    ],
    "decisions": lambda book: work_section("decisions", book.study.work, lang=book.lang),
    "notices": lambda book: work_section("notices", book.study.work, lang=book.lang),
    "leads": lambda book: work_section("leads", book.study.work, lang=book.lang),
    "reserve": lambda book: work_section("reserve", book.study.work, lang=book.lang),
    "parks": lambda book: work_section("parks", book.study.work, lang=book.lang),
    "cross_county": lambda book: work_section("cross_county", book.study.work, lang=book.lang),
    "environment": lambda book: work_section("environment", book.study.work, lang=book.lang),
    "funding": lambda book: [
        funding.funding_table(book.study, lang=book.lang),
        *work_section("match", book.study.work, lang=book.lang),
        book.plot.bonds(),
    ],
    "elements": lambda book: [
        book.plot.elements(),
        funding.element_table(book.study, lang=book.lang),
    ],
    "contracts": lambda book: [
        book.plot.contracts(),
        *work_section("contracts", book.study.work, lang=book.lang),
    ],
    "reconciliation": lambda book: [
        book.plot.reconciliation(),
        statistics.reconciliation_table(book.study, lang=book.lang),
    ],
    "attribution": lambda book: [
        *([] if (chart := book.plot.attribution()) is None else [chart]),
        statistics.attribution_table(book.study, lang=book.lang),
    ],
    "delivery": lambda book: [
        statistics.delivery_classes(book.study, lang=book.lang),
        statistics.delivery_table(book.study, lang=book.lang),
    ],
    "checks": _checks,
}
