"""Charts and tables that go with a briefing."""

from __future__ import annotations

from dataclasses import dataclass

from faiwatch.briefing.filling import Material
from faiwatch.briefing.ledger_slots import KEY_LEVEL
from faiwatch.briefing.record import Document
from faiwatch.briefing.tables import ALL_PROJECTS, status_table
from faiwatch.data.reference import scope_breaks
from faiwatch.ledger.load import ledger_file
from faiwatch.ledger.sheets import months_of
from faiwatch.ledger.standing import standing
from faiwatch.page.page import Page
from faiwatch.stats.growth import measures
from faiwatch.stats.negative import flags, runs
from faiwatch.view.charts import components, growth
from faiwatch.view.charts.chart import Chart
from faiwatch.view.tables import Table


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A chart or table, and where it belongs.

    Attributes
    ----------
    shown : Chart or Table
        What is shown.
    sections : tuple of str
        It stands after the first of these sections that a document has, else after the last.
    source : str
        Whose figures a table shows; empty for those of the briefing's source.
    """

    shown: Chart | Table
    sections: tuple[str, ...]
    source: str = ""

    def place(self, document: Document) -> str:
        """Return the id of the section after which it stands in `document`."""
        there = [section.id for section in document.sections]
        return next((one for one in self.sections if one in there), there[-1] if there else "")


def exhibits_of(material: Material) -> list[Exhibit]:
    """Return what goes with a briefing: growth, its components, projects by status."""
    return [*_charts(material.page), *_tables(material)]


def _charts(page: Page) -> list[Exhibit]:
    measured = measures(page.figures_of([page.parameters.region]), breaks=scope_breaks())
    flagged = flags(measured, as_of=page.as_of)
    main = page.main_indicator(measured)
    is_main = flagged["indicator"] == main
    subject = page.subject(main)
    found = runs(flagged[is_main], breaks=scope_breaks())
    whole = growth.ytd_growth(
        flagged[is_main], subject=subject, runs=found, breaks=page.breaks(main)
    )
    names = page.labels(list(measured["indicator"].unique()))
    parts = components.component_growth(flagged[~is_main], subject=subject, names=names)
    return [Exhibit(whole, ("position",)), Exhibit(parts, ("parts", "position"))]


def _tables(material: Material) -> list[Exhibit]:
    projects = material.ledger.get("projects")
    if projects is None or material.month not in months_of(projects):
        return []
    stands = standing(projects, material.ledger.get("issues"), as_of=material.month)
    keys = stands[stands["level"] == KEY_LEVEL]
    lang, file = material.page.lang, ledger_file(material.parameters.ledger).name
    tables = [status_table(keys, lang=lang)] if len(keys) else []
    if len(keys) < len(stands):
        tables.append(status_table(stands, lang=lang, title=ALL_PROJECTS))
    return [Exhibit(table, ("projects",), file) for table in tables]
