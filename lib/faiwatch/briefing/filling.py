"""How slots are filled: a figure with the rows it rests on, or what is missing instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from faiwatch.briefing.record import OPEN, Slot
from faiwatch.core.finding import Absence, Coverage, InputRow, State
from faiwatch.core.provenance import What
from faiwatch.core.text import Text, month_name, number, percent
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.ledger.coverage import coverage_words
from faiwatch.ledger.funding import latest_rows
from faiwatch.page.page import SeriesPage
from faiwatch.page.parameters import BriefingParameters

_MOST_NAMED = 5  # cells named when several are blank; all are counted


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

    @property
    def month(self) -> pd.Period:
        """Month of the briefing."""
        return pd.Period(self.page.as_of, "M")

    def rows_of(self, table: str) -> tuple[pd.DataFrame, Text | None]:
        """Return the rows of a table as its latest sheet up to the month has them.

        Without any, also why: the table is not there, or it has later sheets only.
        """
        label, frame = ledger_tables()[table].label, self.ledger.get(table)
        if frame is None:
            return pd.DataFrame(), Text(
                f"台账没有「{label.zh}」表", f"the ledger has no table {label.en!r}"
            )
        rows = latest_rows(frame, self.month)
        if rows.empty:
            month = str(self.month)
            return rows, Text(
                f"「{label.zh}」表没有截至{month_name(month, 'zh')}的内容",
                f"the table {label.en!r} has nothing up to {month_name(month, 'en')}",
            )
        return rows, None

    def cells(self, rows: pd.DataFrame, field: str) -> tuple[InputRow, ...]:
        """Return one column of some rows of the ledger as inputs, each with its address."""
        return tuple(
            InputRow(
                file=row["file"],
                sheet=row["sheet"],
                row=int(row["row"]),
                period="" if pd.isna(row.get("asof")) else str(row["asof"]),
                column=field,
                value=_plain(row[field]),
                cell=_address(self.columns, row, field),
            )
            for row in rows.to_dict("records")
        )

    def blank(self, table: str, rows: pd.DataFrame, field: str) -> Text | None:
        """Say in which of some rows a field is blank; None when it is nowhere."""
        empty = rows[rows[field].isna()]
        if empty.empty:
            return None
        told = [
            _address(self.columns, row, field) or str(row["row"])
            for row in empty.head(_MOST_NAMED).to_dict("records")
        ]
        label, sheet = ledger_tables()[table].fields[field].label, str(empty["sheet"].iloc[0])
        more = len(empty) > _MOST_NAMED
        zh, en = "、".join(told) + "等" * more, ", ".join(told) + ", …" * more
        return Text(
            f"{sheet}表有{len(empty)}行未填「{label.zh}」（{zh}）",
            f"{label.en!r} is blank in {len(empty)} rows of the sheet {sheet} ({en})",
        )


def filled(
    id: str, what: What, value: float | str, text: Text, inputs: Iterable[InputRow] = ()
) -> Slot:
    """Return a slot that can be told."""
    slot = Slot(id, value, what.unit, text, "ok", what.label, what.formula, tuple(inputs))
    return replace(slot, formula_zh=what.formula_zh)


def lacking(id: str, what: What, missing: Text | Absence) -> Slot:
    """Return a slot that is 「待补」, with what is missing, and whether it only is not held."""
    why = missing if isinstance(missing, Absence) else Absence("missing", missing)
    slot = Slot(id, None, what.unit, OPEN, why.state, what.label, what.formula, missing=why.words)
    return replace(slot, formula_zh=what.formula_zh)


def noted(slot: Slot, note: Text) -> Slot:
    """Return a slot with the other convention beside it."""
    return replace(slot, note=note)


def over(slot: Slot, coverage: Coverage) -> Slot:
    """Return a slot with how many rows it is over, where that is not every row as it stands."""
    told = coverage_words(coverage)
    if not told.zh:
        return slot
    state: State = "partial" if coverage.n_known < coverage.n else slot.state
    note = Text(f"{slot.note.zh}{told.zh}。", f"{slot.note.en}{told.en}.".capitalize())
    return said(replace(slot, state=state, note=note), coverage=told)


def said(slot: Slot, **forms: Text) -> Slot:
    """Return a slot with other ways to say its figure."""
    return replace(slot, forms={**slot.forms, **forms})


def in_percent(value: float) -> Text:
    """Say a percentage in both languages."""
    return Text(percent(value, "zh"), percent(value, "en"))


def plain_number(value: float, decimals: int = 1) -> Text:
    """Say a number in both languages."""
    return Text(number(value, "zh", decimals), number(value, "en", decimals))


def whole(value: float) -> Text:
    """Say a count."""
    return plain_number(value, 0)


def _address(
    columns: Mapping[tuple[str, str], str], row: Mapping[object, object], field: str
) -> str:
    letters = columns.get((str(row["sheet"]), field), "")
    return f"{letters}{row['row']}" if letters else ""


def _plain(value: object) -> float | str | None:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, str):
        return value
    return float(str(value)) if pd.notna(value) else None  # type: ignore[call-overload]
