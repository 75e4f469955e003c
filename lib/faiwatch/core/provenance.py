"""From a number back to the published rows it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from faiwatch.core.finding import Absence, Finding, InputRow, State
from faiwatch.core.text import NOT_HELD, OPEN, Text

_PLACE = ("file", "sheet", "row", "issued", "source")  # where a row stands, and who says it


@dataclass(frozen=True, slots=True)
class What:
    """What a number is: its definition for readers, its unit, and how it is computed.

    `formula_zh` is empty where the formula is notation alone and needs no words.
    """

    label: Text
    unit: str
    formula: str
    formula_zh: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What several findings of a page have in common: month, as-of month, rows behind them."""

    period: str
    as_of: str
    inputs: tuple[InputRow, ...]

    def finding(
        self,
        id: str,
        value: float | str | None,
        what: What,
        words: Text,
        state: State = "ok",
    ) -> Finding:
        """Return a finding that rests on this basis.

        Parameters
        ----------
        id : str
            Stable name.
        value : float, str or None
            Unrounded; None when it is missing.
        what : What
            Its definition, unit and formula.
        words : Text
            The finding as readers see it.
        state : {"ok", "indeterminate", "missing", "not_held"}
            Whether the number can be told.
        """
        return Finding(
            id=id,
            value=value,
            unit=what.unit,
            period=self.period,
            as_of=self.as_of,
            definition=what.label.en,
            definition_zh=what.label.zh,
            formula=what.formula,
            formula_zh=what.formula_zh,
            inputs=self.inputs,
            state=state,
            zh=words.zh,
            en=words.en,
        )

    def missing(self, id: str, what: What) -> Finding:
        """Return a finding whose number is not available: 「待补」, never a guess."""
        return self.finding(id, None, what, OPEN, "missing")

    def absent(self, id: str, what: What, absence: Absence) -> Finding:
        """Return a finding whose figure is not there, and say whether that is known of it."""
        if absence.state == "missing":
            return self.missing(id, what)
        return self.finding(id, None, what, NOT_HELD, absence.state)


def rows_behind(rows: pd.DataFrame, column: str) -> tuple[InputRow, ...]:
    """Return the published rows of one column as inputs of a finding, NaN rows left out.

    Parameters
    ----------
    rows : DataFrame
        Observations or measures; ``file``, ``sheet``, ``row``, ``issued`` and ``source`` are
        used when there.
    column : str
        The published figure, ``ytd_yoy_pct`` or ``ytd_value_100m``.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {
    ...         "period": pd.PeriodIndex(["2026-08"], freq="M"),
    ...         "ytd_yoy_pct": [-7.2],
    ...         "file": ["n.csv"],
    ...         "row": [316],
    ...     }
    ... )
    >>> rows_behind(frame, "ytd_yoy_pct")[0].row
    316
    """
    return tuple(
        InputRow(
            file=str(row.get("file", "")),
            # none where the table has no such column, or left it missing
            sheet=sheet if isinstance(sheet := row.get("sheet"), str) else "",
            row=int(row.get("row", 0)),
            period=str(row["period"]),
            column=column,
            value=row[column] if isinstance(row[column], str) else float(row[column]),
            issued=f"{day:%Y-%m-%d}" if isinstance(day := row.get("issued"), pd.Timestamp) else "",
            source=str(row.get("source", "")),
        )
        for row in told_of(rows, "period", column, *_PLACE)
        if not pd.isna(row[column])
    )


def told_of(rows: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """Return some columns of a table row by row, those that it has.

    As ``to_dict("records")`` does, which takes four times as long: it asks every cell anew of
    what kind it is.

    Examples
    --------
    >>> told_of(pd.DataFrame({"row": [2, 3], "sheet": ["a", "b"]}), "row", "column")
    [{'row': 2}, {'row': 3}]
    """
    there = [name for name in dict.fromkeys(columns) if name in rows]
    cells = (rows[name].tolist() for name in there)
    return [dict(zip(there, row, strict=True)) for row in zip(*cells, strict=True)]


def result_rows(rows: pd.DataFrame, file: str, *columns: str) -> tuple[InputRow, ...]:
    """Return cells of a table that a page saves beside its findings, NaN left out.

    Parameters
    ----------
    rows : DataFrame
        Rows of the saved table, whose index counts its rows from 0 (after filtering too).
    file : str
        Name of the result file, such as ``forecasts.csv``.
    columns : str
        The cells of each row.

    Examples
    --------
    >>> saved = pd.DataFrame({"horizon": [1, 2, 3], "brier": [0.1, 0.2, float("nan")]})
    >>> [(one.row, one.value) for one in result_rows(saved[1:], "errors.csv", "brier")]
    [(3, 0.2)]
    """
    told = pd.DataFrame(
        {name: rows[name] for name in columns}
        | {"file": file, "row": rows.index + 2, "period": rows.get("period", "")}
    )
    return tuple(cell for column in columns for cell in rows_behind(told, column))
