"""Charts and tables that go with a briefing."""

from __future__ import annotations

from dataclasses import dataclass

from faiwatch.briefing.record import Document
from faiwatch.charts import components, growth
from faiwatch.charts.figure import Figure
from faiwatch.page import Page
from faiwatch.reader_tables import ReaderTable
from faiwatch.series.growth import measures
from faiwatch.signals.negative import flags, runs
from faiwatch.sources.reference import scope_breaks


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A chart or table, and where it belongs.

    Attributes
    ----------
    shown : Figure or ReaderTable
        What is shown.
    sections : tuple of str
        It stands after the first of these sections that a document has, else after the last.
    """

    shown: Figure | ReaderTable
    sections: tuple[str, ...]

    def place(self, document: Document) -> str:
        """Return the id of the section after which it stands in `document`."""
        there = [section.id for section in document.sections]
        return next((one for one in self.sections if one in there), there[-1] if there else "")


def exhibits_of(page: Page) -> list[Exhibit]:
    """Return what an open page of ``08_briefing`` can show: growth, and growth by component."""
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
