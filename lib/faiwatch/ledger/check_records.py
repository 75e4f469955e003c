"""How checks of a ledger write down what they find: one record, with the address of its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, ledger_tables
from faiwatch.stats.check_records import SEVERITIES

LEDGER_RECORD_COLUMNS = [
    "check",
    "severity",
    "table",
    "key",
    "month",
    "field",
    "value",
    "zh",
    "en",
    "file",
    "sheet",
    "row",
    "cell",
]

_MONEY = Text(" 万元", " (10,000 yuan)")

Record = dict[str, Any]


def records(
    rows: pd.DataFrame, about: tuple[str, str, str], check: tuple[str, str], words: Text
) -> list[Record]:
    """Return one record for each row.

    Parameters
    ----------
    rows : DataFrame
        Rows of a table that a check complains of.
    about : tuple of str
        Table, the field that names the row to readers, and the field complained of.
    check : tuple of str
        Name and severity.
    words : Text
        What is wrong; ``{name}`` stands for any field of the row.
    """
    table, key, field = about
    return [
        {
            "check": check[0],
            "severity": check[1],
            "table": table,
            "key": str(row[key]),
            "month": row.get(AS_OF, pd.NaT),
            "field": field,
            "value": _word(row[field]),
            "zh": words.zh.format_map(_Words(row, table, zh=True)),
            "en": words.en.format_map(_Words(row, table, zh=False)),
            "file": row["file"],
            "sheet": row["sheet"],
            "row": row["row"],
        }
        for row in rows.to_dict("records")
    ]


def as_table(
    found: Iterable[Record], columns: Mapping[tuple[str, str], str] | None
) -> pd.DataFrame:
    """Return records as a table, the most severe first, each with the address of its cell.

    Parameters
    ----------
    found : iterable of records
        From :func:`records`.
    columns : mapping or None
        Sheet and field to the letters of its column; without it, addresses are empty.
    """
    known = columns or {}
    listed = [
        one | {"cell": f"{letters}{one['row']}"
               if (letters := known.get((one["sheet"], one["field"]))) else ""}
        for one in found
    ]  # fmt: skip
    listed.sort(key=lambda one: (SEVERITIES.index(one["severity"]), one["check"]))
    table = pd.DataFrame(listed, columns=LEDGER_RECORD_COLUMNS)
    months = pd.PeriodIndex(table["month"], freq="M")
    return table.assign(
        month=pd.Series(months, index=table.index), row=table["row"].astype("int64")
    )


class _Words(dict[str, str]):
    """Fields of a row as words, with ``label_FIELD``, its name, and ``unit_FIELD``."""

    def __init__(self, row: Mapping[Any, Any], table: str, *, zh: bool) -> None:
        super().__init__({str(name): _word(value) for name, value in row.items()})
        for name, field in ledger_tables()[table].fields.items():
            self[f"label_{name}"] = field.label.zh if zh else field.label.en
            money = field.kind == "money"
            self[f"unit_{name}"] = (_MONEY.zh if zh else _MONEY.en) if money else ""


def _word(value: Any) -> str:  # noqa: ANN401  whatever a field holds
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.12g}" if isinstance(value, float) else str(value)
