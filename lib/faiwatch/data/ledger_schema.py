"""The tables of a ledger as frames: their types, and the check that a frame keeps to them.

======================== ==================== ==================================================
Kind of field            Type                 Missing
======================== ==================== ==================================================
text, code, choice       text                 empty text
date                     timestamp (ns)       NaT
month                    monthly Period       NaT
number, money, percent   float                NaN; never a zero instead
flag                     nullable boolean     NA: nobody said yes or no
======================== ==================== ==================================================

Amounts are in 万元 (10,000 of the currency), percent as 5.2 for 5.2 %. Beside its fields a frame
has ``file``, ``sheet`` and ``row`` (as editors show it), so that every cell can be found again;
``projects`` also has ``code_kind``, see :mod:`faiwatch.data.project_codes`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import PROJECT_CODE, LedgerField, ledger_tables
from faiwatch.data.project_codes import code_kind
from faiwatch.data.schema import TEXT, finite

if TYPE_CHECKING:
    import pandera.pandas as pa

CODE_KIND = "code_kind"
TRACE: dict[str, Any] = {"file": "", "sheet": "", "row": 0}
_TRACE_TYPES: dict[str, Any] = {"file": TEXT, "sheet": TEXT, "row": int}
_TYPES: dict[str, Any] = {
    **dict.fromkeys(("text", "code", "choice"), TEXT),
    "date": "datetime64[ns]",
    "month": pd.PeriodDtype("M"),
    **dict.fromkeys(("number", "money", "percent"), float),
    "flag": "boolean",
}
_EMPTY: dict[str, Any] = {"text": "", "code": "", "choice": "", "flag": pd.NA}


@cache
def ledger_schema(table: str) -> pa.DataFrameSchema:
    """Return the schema of a table of the ledger, made from ``data/ledger_fields.csv``.

    Examples
    --------
    >>> sorted(set(ledger_schema("bonds").columns) - {"file", "sheet", "row"})
    ['amount', 'asof', 'batch', 'issued', 'paid', 'paid_pct', 'project_code', 'remark']
    """
    import pandera.pandas as pa

    columns = {}
    for name, field in ledger_tables()[table].fields.items():
        kept, checks = _TYPES[field.kind], []
        if field.kind == "choice":
            checks.append(pa.Check.isin(["", *(one.value for one in field.choices)]))
        if kept is TEXT and field.required:
            checks.append(pa.Check.str_length(min_value=1))
        if kept is float:
            checks.append(finite())
        columns[name] = pa.Column(kept, checks, nullable=kept is not TEXT and not field.required)
    if table == "projects":
        columns[CODE_KIND] = pa.Column(TEXT)
    return pa.DataFrameSchema(
        columns | {name: pa.Column(kept) for name, kept in _TRACE_TYPES.items()}, strict=True
    )


def ledger_frame(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` as a checked table of the ledger, rows in their order.

    Parameters
    ----------
    table : str
        Which table.
    frame : DataFrame
        Any of its fields; those that are not there are missing in every row.

    Returns
    -------
    DataFrame
        A new frame with every column of the contract, ``RangeIndex``. Keys may stand twice: that
        is for the reader to ask about and for the checks to report.

    Raises
    ------
    DataInvalidError
        A required field is blank, a word is not among the choices, or a cell is of another type;
        the message names file, sheet, row and field.

    Examples
    --------
    >>> frame = ledger_frame("events", pd.DataFrame({"date": ["2026-08-03"], "title": ["调度会"]}))
    >>> frame.loc[0, "type"], frame.loc[0, "date"]
    ('', Timestamp('2026-08-03 00:00:00'))
    """
    fields = ledger_tables()[table].fields
    given = frame.reset_index(drop=True)
    columns = {name: _typed(given, field) for name, field in fields.items()}
    if table == "projects":
        columns[CODE_KIND] = columns[PROJECT_CODE].map(code_kind).astype(TEXT)
    for name, default in TRACE.items():
        told = given.get(name, pd.Series(default, index=given.index))
        columns[name] = told.astype(_TRACE_TYPES[name])
    typed = pd.DataFrame(columns, index=given.index)
    if typed.empty:  # as are most tables of most ledgers
        return typed
    numbers = typed.select_dtypes("float64").to_numpy(dtype="float64")
    sound = [not np.isinf(numbers).any()]
    for name, field in fields.items():
        cells = typed[name]
        if field.required:
            told = cells.ne("") if _TYPES[field.kind] is TEXT else cells.notna()
            sound.append(bool(told.all()))
        if field.kind == "choice":
            sound.append(bool(cells.isin(["", *(one.value for one in field.choices)]).all()))
    if all(sound):  # what the schema asks beside types: it takes a millisecond for each column
        return typed
    from pandera.errors import SchemaErrors

    try:
        return ledger_schema(table).validate(typed, lazy=True)
    except SchemaErrors as errors:
        case = errors.failure_cases.iloc[0]
        field = fields[str(case["column"])]
        place = ""
        if not pd.isna(case["index"]):
            row = typed.loc[case["index"]]
            place = f"{row['file']} {row['sheet']}:{row['row']} "
        raise DataInvalidError(
            say("data.ledger_schema.breaks_contract", field=field.label, table=table),
            where=f"{place}{field.name}".strip(),
            got=str(case["failure_case"]),
            allowed=", ".join(one.value for one in field.choices)
            or Text("不为空的值", "a value that is not blank"),
        ) from None


def _typed(given: pd.DataFrame, field: LedgerField) -> pd.Series:
    if field.name not in given:
        blank: pd.Series = pd.Series(
            _EMPTY.get(field.kind), index=given.index, dtype=_TYPES[field.kind]
        )
        return blank
    cells = given[field.name]
    try:
        if _TYPES[field.kind] is TEXT:
            return pd.Series(cells.astype("object").fillna("").astype(TEXT))
        if field.kind == "date":
            return pd.Series(pd.to_datetime(cells).astype("datetime64[ns]"))
        if field.kind == "month" and not isinstance(cells.dtype, pd.PeriodDtype):
            return pd.Series(pd.to_datetime(cells, format="%Y-%m").dt.to_period("M"))
        return pd.Series(cells.astype(_TYPES[field.kind]))
    except (ValueError, TypeError) as error:
        raise DataInvalidError(
            say("data.ledger_schema.not_usable", field=field.label),
            where=field.name,
            got=str(error),
            allowed=field.kind,
        ) from None
