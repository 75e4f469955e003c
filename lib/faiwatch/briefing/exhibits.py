"""Charts and tables that go with a briefing."""

from __future__ import annotations

from dataclasses import dataclass

from faiwatch.briefing.filling import Material
from faiwatch.briefing.ledger_slots import KEY_LEVEL
from faiwatch.briefing.record import Document
from faiwatch.briefing.tables import ALL_PROJECTS, status_table
from faiwatch.ledger.load import ledger_file
from faiwatch.ledger.sheets import months_of
from faiwatch.ledger.standing import standing
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
    plot = material.page.plot
    return [
        Exhibit(plot.growth(), ("position",)),
        Exhibit(plot.parts(), ("parts", "position")),
        *_tables(material),
    ]


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
