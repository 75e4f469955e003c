"""What a briefing is filled from, and its findings: figures with the rows they rest on.

A figure that cannot be told says what is missing instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from faiwatch.briefing.definitions import definitions
from faiwatch.core.finding import Absence, Coverage, Finding, InputRow
from faiwatch.core.phrases import number_phrase, percent_phrase, say
from faiwatch.core.provenance import Basis, told_of
from faiwatch.core.text import NOTHING, OPEN, Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.coverage import coverage_words
from faiwatch.ledger.funding import latest_rows
from faiwatch.ledger.road_map import ahead, road_map
from faiwatch.ledger.sheets import months_of
from faiwatch.ledger.standing import standing
from faiwatch.ledger.unit_targets import WHOLE_DISTRICT, unit_targets
from faiwatch.page.known import TOTAL
from faiwatch.page.page import SeriesPage
from faiwatch.page.parameters import BriefingParameters
from faiwatch.stats.growth import MEASURE_COLUMNS, measures
from faiwatch.stats.scopes import scope_in_force

_PLACE = ("sheet", "row", "file", "asof")  # where a row of the ledger stands
MOST_NAMED = 4  # names in a row; those that are not named are said to be more
_MOST_BLANK = 5  # cells named when several are blank; all are counted


@dataclass(frozen=True)
class Material:
    """What a briefing is filled from.

    Attributes
    ----------
    page : SeriesPage
        Open; its figures are checked and known as of its month.
    parameters : BriefingParameters
        Those of the page.
    ledger : mapping of str to DataFrame
        Tables of the project ledger; empty without one.
    columns : mapping of (str, str) to str
        Sheet and field to the letters of its column.
    """

    page: SeriesPage
    parameters: BriefingParameters
    ledger: Mapping[str, pd.DataFrame]
    columns: Mapping[tuple[str, str], str]

    @cached_property
    def month(self) -> pd.Period:
        """Month of the briefing."""
        return pd.Period(self.page.as_of, "M")

    @cached_property
    def measured(self) -> pd.DataFrame:
        """Measures of the published total of the region; without rows when there is none."""
        figures = self.page.figures
        of_region = figures["region_code"].eq(self.page.region.code)
        total = figures[of_region & figures["indicator"].eq(TOTAL)].reset_index(drop=True)
        if total.empty:
            return total.reindex(columns=[*total.columns, *MEASURE_COLUMNS])
        return measures(scope_in_force(total))

    @cached_property
    def stands(self) -> pd.DataFrame | None:
        """Where each project stands at the month; None when the ledger has no sheet of it."""
        projects = self.ledger.get("projects")
        if projects is None or self.month not in months_of(projects):
            return None
        return standing(projects, self.ledger.get("issues"), as_of=self.month)

    @cached_property
    def ahead(self) -> pd.DataFrame:
        """What is late, and what must happen in the months after, see `ledger.road_map`."""
        tables = dict(self.ledger)
        if self.stands is None:
            tables.pop("projects", None)
        found = road_map(tables, self.month, stands=self.stands)
        return ahead(found, self.ledger.get("tasks"), as_of=self.month)

    @cached_property
    def unit_targets(self) -> pd.DataFrame:
        """Targets of units and what they have done, see `ledger.unit_targets`."""
        targets, stands = self.ledger.get("targets"), self.stands
        if targets is None:
            targets = ledger_frame("targets", pd.DataFrame())
        if stands is None:
            stands = pd.DataFrame(columns=["unit", "ytd_done_10k"])
        names = {self.page.region.name.zh, *WHOLE_DISTRICT}
        return unit_targets(targets, stands, as_of=self.month, but=names)

    def finding(
        self,
        id: str,
        value: float | str,
        inputs: Iterable[InputRow] = (),
        *,
        words: Text | None = None,
        note: Text = NOTHING,
        **forms: Text,
    ) -> Finding:
        """Return a figure that can be told.

        Parameters
        ----------
        id : str
            One of :func:`faiwatch.briefing.definitions.definitions`.
        value : float or str
            Unrounded; a day is text.
        inputs : iterable of InputRow
            The rows it rests on; none for what follows from a parameter alone.
        words : Text, optional
            The figure as readers see it; by default as its unit has it.
        note : Text
            The other convention where two are in use.
        **forms : Text
            Other ways to say it.
        """
        what = definitions()[id]
        if words is None:  # shares and points have one decimal, sums of a ledger two
            decimals = {"pct": 1, "pp": 1, "100m_cny": 2}.get(what.unit, 0)
            phrase_of = percent_phrase if what.unit == "pct" else number_phrase
            is_year = isinstance(value, str) or what.unit == "year"
            words = Text(str(value), str(value)) if is_year else phrase_of(float(value), decimals)
        told = self._basis(tuple(inputs)).finding(id, value, what, words)
        return told.model_copy(update={"note": note, "forms": forms})

    def counted(
        self, id: str, rows: pd.DataFrame, *fields: str, named: str = "", **forms: Text
    ) -> Finding:
        """Return how many rows of the ledger there are, by some of their cells.

        The column `named` holds what each is called.
        """
        if named:
            forms["names"] = listed(rows[named])
        return self.finding(id, len(rows), self.cells(rows, *fields), **forms)

    def lacking(self, id: str, missing: Text | Absence) -> Finding:
        """Return a figure that is 「待补」, and what is missing or only not held."""
        why = missing if isinstance(missing, Absence) else Absence("missing", missing)
        told = self._basis(()).finding(id, None, definitions()[id], OPEN, why.state)
        return told.model_copy(update={"missing": why.words})

    def _basis(self, inputs: tuple[InputRow, ...]) -> Basis:
        return Basis(str(self.month), self.page.as_of, inputs)

    def rows_of(self, table: str) -> tuple[pd.DataFrame, Text | None]:
        """Return the rows of a table as its latest sheet up to the month has them.

        Without any, also why: the table is not there, or it has later sheets only.
        """
        label, frame = ledger_tables()[table].label, self.ledger.get(table)
        if frame is None:
            return pd.DataFrame(), no_table(table)
        rows = latest_rows(frame, self.month)
        if rows.empty:
            return rows, say("briefing.filling.nothing_up_to", label=label, month=str(self.month))
        return rows, None

    def cells(self, rows: pd.DataFrame, *fields: str) -> tuple[InputRow, ...]:
        """Return columns of some rows of the ledger as inputs, each with its address."""
        told = told_of(rows, *_PLACE, *fields)
        return tuple(
            InputRow(
                file=row["file"],
                sheet=row["sheet"],
                row=int(row["row"]),
                period="" if pd.isna(row.get("asof")) else str(row["asof"]),
                column=field,
                value=_plain(row[field]),
                cell=self._address(row, field),
            )
            for field in fields
            for row in told
        )

    def blank(self, table: str, rows: pd.DataFrame, field: str) -> Text | None:
        """Say in which of some rows a field is blank; None when it is nowhere."""
        empty = rows[rows[field].isna()]
        if empty.empty:
            return None
        told = [
            self._address(row, field) or str(row["row"])
            for row in told_of(empty.head(_MOST_BLANK), *_PLACE)
        ]
        label, sheet = ledger_tables()[table].fields[field].label, str(empty["sheet"].iloc[0])
        more = len(empty) > _MOST_BLANK
        zh, en = "、".join(told) + "等" * more, ", ".join(told) + ", …" * more
        return say(
            "briefing.filling.blank_cells",
            said=Text(zh, en),
            sheet=sheet,
            n_empty=len(empty),
            label=label,
        )

    def _address(self, row: Mapping[str, object], field: str) -> str:
        letters = self.columns.get((str(row["sheet"]), field), "")
        return f"{letters}{row['row']}" if letters else ""


def trimmed(words: object) -> str:
    """Return what somebody wrote into a cell without the stop at its end."""
    return str(words).strip().rstrip("。；;.")


def listed(names: Iterable[str], *, of: int = 0) -> Text:
    """Return names in a row, and that there are more where not all are named.

    Examples
    --------
    >>> listed(["甲", "乙"]).zh, listed(["甲", "乙"], of=3).zh, listed(["甲"], of=3).en
    ('甲、乙', '甲、乙等', '甲 and others')
    """
    told = [trimmed(name) for name in names]
    named = told[:MOST_NAMED]
    more = max(of, len(told)) > len(named)
    zh = "、".join(named).replace("》、《", "》《")  # titles stand side by side
    return Text(zh + "等" * more, ", ".join(named) + " and others" * more)


def no_table(table: str) -> Text:
    """Say that the ledger has no such table."""
    return say("briefing.filling.no_table", label=ledger_tables()[table].label)


def over(finding: Finding, coverage: Coverage) -> Finding:
    """Return a finding with how many rows it is over, where that is not every row as it stands."""
    told = coverage_words(coverage)
    if not told.zh:
        return finding
    note = Text(f"{finding.note.zh}{told.zh}。", f"{finding.note.en}{told.en}.".capitalize())
    return finding.model_copy(
        update={
            "state": "partial" if coverage.n_known < coverage.n else finding.state,
            "coverage": coverage,
            "note": note,
            "forms": {**finding.forms, "coverage": told},
        }
    )


def _plain(value: object) -> float | str | None:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):  # as the list of a flag has it
        return "yes" if value else "no"
    return float(str(value)) if pd.notna(value) else None  # type: ignore[call-overload]
