"""Charts and tables that go with a briefing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from faiwatch.briefing.filling import Material
from faiwatch.briefing.projects import KEY_LEVEL
from faiwatch.briefing.record import Document
from faiwatch.core.text import Language, Text, number, percent
from faiwatch.data.measures import measures_of
from faiwatch.ledger.coverage import coverage_of, state_of
from faiwatch.ledger.files import ledger_file
from faiwatch.ledger.progress import progress_table
from faiwatch.ledger.sheets import PER_100M, total_10k
from faiwatch.ledger.status import status_words
from faiwatch.view.charts.chart import Chart
from faiwatch.view.tables import Table

_NO_PLAN = "—"  # nothing is planned this year, so there is no share of it
_COLUMNS = measures_of(status="status", n="n_projects") | measures_of(
    plan="annual_plan_100m", done="done_100m", rate="done_pct"
)
KEY_PROJECTS = Text("市级重点项目按状态分布", "Key projects of the city's list by status")
ALL_PROJECTS = Text("台账各级项目按状态分布", "Projects of every level by status")


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
    page = material.page
    exhibits = [
        Exhibit(page.plot.growth(), ("position",)),
        Exhibit(page.plot.parts(), ("parts", "position")),
    ]
    stands = material.stands
    if stands is None:
        return exhibits
    keys = stands[stands["level"] == KEY_LEVEL]
    tables = [status_table(keys, lang=page.lang)] if len(keys) else []
    if len(keys) < len(stands):
        tables.append(status_table(stands, lang=page.lang, title=ALL_PROJECTS))
    file = ledger_file(material.parameters.ledger).name
    return exhibits + [Exhibit(table, ("projects",), file) for table in tables]


def status_table(stands: pd.DataFrame, *, lang: Language, title: Text = KEY_PROJECTS) -> Table:
    """Return how many projects stand where, with their plan and what is done, and the total.

    Parameters
    ----------
    stands : DataFrame
        Projects of a month as :func:`faiwatch.ledger.standing.standing` judges them.
    lang : {"zh", "en"}
        Language of the cells.
    title : Text
        Whose projects they are.

    Returns
    -------
    Table
        A sum of which too much is not known is missing, as in the text.

    Examples
    --------
    >>> rows = {"status": ["slow", "slow"], "annual_plan_10k": [2e4, 1e4], "ytd_done_10k": [1e4, 0]}
    >>> rows |= {"total_10k": 9e4, "schedule_pct": 50.0, "time_pct": 50.0, "done_by_rule": False}
    >>> status_table(pd.DataFrame(rows), lang="en").words.values.tolist()
    [['slow', '2', '3.00', '1.00', '33.3%'], ['Total', '2', '3.00', '1.00', '33.3%']]
    """
    there = [
        (words.in_language(lang), stands[stands["status"] == status])
        for status, words in status_words().items()
    ]
    groups = [(words, rows) for words, rows in there if len(rows)]
    if groups:
        groups.append((Text("合计", "Total").in_language(lang), stands))
    lines = []
    for words, rows in groups:
        found, plan = progress_table(rows).iloc[0], rows["annual_plan_10k"]
        is_told = state_of(coverage_of(plan.notna(), weight=plan)) != "missing"
        planned = total_10k(plan) if is_told else float("nan")
        amounts = (number(one / PER_100M, lang, 2) for one in (planned, float(found["done_10k"])))
        rate = float(found["done_pct"])
        has_none = found["state"] != "missing" and math.isnan(rate)
        share = _NO_PLAN if has_none else percent(rate, lang)
        lines.append((words, str(len(rows)), *amounts, share))
    return Table(pd.DataFrame(lines, columns=list(_COLUMNS)), title, _COLUMNS, lang)
