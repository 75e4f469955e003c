"""What changed between two months in the tables beside the projects.

Method: ``docs/methods/ledger-compare.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, ledger_tables
from faiwatch.data.ledger_schema import TRACE
from faiwatch.ingest.ledger.reading import as_plain

KINDS: dict[str, Text] = {
    "new": Text("新增", "new"),
    "gone": Text("减少", "gone"),
    "changed": Text("改变", "changed"),
}
CHANGES = ["table", "kind", "key", "field", "was", "became", "sheet", "row"]
_DATED = {"minutes": "date", "events": "date"}  # kept once for all months
_BETWEEN = " · "  # the parts of a key


def table_changes(
    tables: Mapping[str, pd.DataFrame], *, as_of: pd.Period, against: pd.Period
) -> pd.DataFrame:
    """Return what is new, gone or changed in every table but the projects.

    Parameters
    ----------
    tables : mapping
        Tables of the ledger; any may be absent.
    as_of, against : Period
        The later and the earlier month.

    Returns
    -------
    DataFrame
        Columns :data:`CHANGES`, one row for each row that came or left and for each field that
        changed, as text (empty = blank). Tables that are kept by month are compared where both
        months have a sheet of theirs. Of minutes and events, which have none, those dated after
        the earlier month and up to the later are new, and a decision carried out between them
        changed.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> rows = {"asof": ["2026-07", "2026-08"], "id": "1", "name": "厂"}
    >>> reserve = ledger_frame("pipeline", pd.DataFrame(rows | {"stage": ["idea", "reserve"]}))
    >>> months = {"as_of": pd.Period("2026-08", "M"), "against": pd.Period("2026-07", "M")}
    >>> found = table_changes({"pipeline": reserve}, **months)
    >>> found[["kind", "key", "field", "was", "became"]].values.tolist()
    [['changed', '1', 'stage', 'idea', 'reserve']]
    """
    after, until = against.end_time, as_of.end_time
    found: list[dict[str, Any]] = []
    for name, table in ledger_tables().items():
        if name not in tables or name == "projects":
            continue
        rows = tables[name]
        if name in _DATED:
            key = [table.key[-1]]
            came = rows[rows[_DATED[name]].between(after, until, inclusive="right")]
            found += [_record(name, "new", *row) for row in _keyed(came, key).iterrows()]
            if name == "minutes":
                since = rows["done"].between(after, until, inclusive="right")
                older = rows[rows["date"].le(after) & since]
                for of, row in _keyed(older, key).iterrows():
                    found.append(_record(name, "changed", of, row, "done", "", row["done"]))
        elif AS_OF in rows:
            sheets = [rows[rows[AS_OF] == month] for month in (against, as_of)]
            if not all(map(len, sheets)):
                continue
            key = [part for part in table.key if part != AS_OF]
            then, now = (_keyed(sheet, key) for sheet in sheets)
            new, gone = now.index.difference(then.index), then.index.difference(now.index)
            found += [_record(name, "new", *row) for row in now.loc[new].iterrows()]
            found += [_record(name, "gone", *row) for row in then.loc[gone].iterrows()]
            for one in now.index.intersection(then.index, sort=False):
                was, became = then.loc[one], now.loc[one]
                found += [
                    _record(name, "changed", one, became, field, was[field], became[field])
                    for field in table.fields
                    if field != AS_OF and was[field] != became[field]
                ]
    return pd.DataFrame(found, columns=CHANGES).astype({"row": "int64"})


def _keyed(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Return rows as text, the first of each key, indexed by it."""
    plain = as_plain(rows).map(_word)
    named = plain[key].agg(_BETWEEN.join, axis="columns") if len(plain) else plain[key[0]]
    return plain.set_index(named).loc[lambda frame: ~frame.index.duplicated()]


def _word(value: Any) -> str:  # noqa: ANN401  whatever a field holds
    if value is None or pd.isna(value):
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _record(
    table: str,
    kind: str,
    key: object,
    row: pd.Series,
    field: str = "",
    was: str = "",
    became: str = "",
) -> dict[str, Any]:
    trace = {name: row[name] for name in TRACE if name != "file"}
    told = {"table": table, "kind": kind, "key": str(key), "field": field}
    return told | {"was": was, "became": became} | trace
