"""Checks that look at one row of a ledger alone, and how every check writes down what it finds.

Method: ``docs/methods/ledger-compare.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from faiwatch.core.phrases import say, texts_of
from faiwatch.core.provenance import told_of
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, HAPPENED, ledger_tables

Record = dict[str, Any]

_WRONG = texts_of("ledger.words_checks")  # what each check says
_WHOLE_PERCENT = 0.55  # half a percent of rounding, and a little for binary fractions
_FAR_ABOVE = 1.2
_ORDER = (  # earlier and later date of a row
    ("projects", "finish_before_start", "original_start", "original_finish"),
    ("projects", "finish_before_start", "planned_start", "planned_finish"),
    ("projects", "finish_before_start", "actual_start", "actual_finish"),
    ("issues", "closed_before_opened", "opened", "closed"),
    ("contracts", "steps_out_of_order", "signed", "performed"),
    ("contracts", "steps_out_of_order", "performed", "started"),
    ("contracts", "steps_out_of_order", "started", "finished"),
    ("minutes", "done_before_decided", "date", "done"),
    ("notices", "closed_before_opened", "date", "closed"),
)


def records(
    rows: pd.DataFrame,
    table: str,
    field: str,
    check: str,
    words: Text | None = None,
    *,
    severity: str = "warning",
    key: str = "",
) -> list[Record]:
    """Return one record for each row that a check complains of.

    Parameters
    ----------
    rows : DataFrame
        Those rows of a table, with any columns that the words need beside its own.
    table, field : str
        Which table, and which of its fields is wrong.
    check : str
        Name of the check.
    words : Text, optional
        What is wrong, by default as the catalogue has it for the check; ``{name}`` stands for any
        column of the row, ``{value}`` for what stands in the field and ``{label}`` for its name.
    severity : {"error", "warning", "note"}
        How bad it is.
    key : str, optional
        The column that names the row to readers, if not the first of its key that is no day.
    """
    if rows.empty:  # which most checks find
        return []
    of_table, words = ledger_tables()[table], words or _WRONG[check]
    fields, label = of_table.fields, of_table.fields[field].label
    key = key or next(one for one in of_table.key if fields[one].kind not in {"month", "date"})
    found = []
    for row in told_of(rows, *map(str, rows)):
        told = {name: _word(value) for name, value in row.items()}
        told["value"] = told[field]
        found.append(
            {
                "check": check,
                "severity": severity,
                "table": table,
                "key": str(row[key]),
                "month": row.get(AS_OF, pd.NaT),
                "field": field,
                "value": told["value"],
                "zh": words.zh.format(**told, label=label.zh),
                "en": words.en.format(**told, label=label.en),
                "file": row["file"],
                "sheet": row["sheet"],
                "row": row["row"],
            }
        )
    return found


def row_checks(table: str, frame: pd.DataFrame) -> Iterator[Record]:
    """Yield what is wrong within single rows of a table.

    Parameters
    ----------
    table : str
        Which table.
    frame : DataFrame
        Its rows.
    """
    fields = ledger_tables()[table].fields
    for name, field in fields.items():
        if field.kind == "money":
            yield from _records_where(frame[name] < 0, frame, table, name, "negative_amount")
    for whose, check, first, then in _ORDER:
        if whose == table:
            words = say("ledger.check_rows.before", label=fields[first].label, first=first)
            swapped = frame[then] < frame[first]
            yield from _records_where(swapped, frame, table, then, check, words)
    for name in HAPPENED.get(table, ()):
        later = frame[name].dt.to_period("M") > frame[AS_OF]
        yield from _records_where(later, frame, table, name, "date_in_future")
    if table == "projects":
        yield from _project_checks(frame)
    elif table in {"issues", "notices"}:
        closed = frame[frame["closed"].notna() & frame["evidence"].eq("")]
        yield from records(closed, table, "evidence", "closed_without_evidence", severity="note")
    elif table == "bonds":
        above = frame[frame["paid"] > frame["amount"]]
        yield from records(above, table, "paid", "paid_above_amount")


def _project_checks(frame: pd.DataFrame) -> Iterator[Record]:
    """Yield what contradicts itself in a row of projects: amounts, shares, the library."""
    plan = frame["annual_plan"].where(frame["annual_plan"] > 0)
    share = 100 * frame["ytd_done"] / plan
    total = frame["total_investment"]
    outside = frame["in_stat_library"].eq(False).fillna(False).astype("bool")
    reports = frame["library_date"].notna() | frame["stat_ytd_reported"].fillna(0).ne(0)
    found = {
        ("done_before_start", "month_done"): (
            frame["month_done"].fillna(0).ne(0) & frame["actual_start"].isna()
        ),
        ("cum_below_ytd", "cum_done_total"): frame["cum_done_total"] < frame["ytd_done"],
        ("cum_above_total", "cum_done_total"): (
            (total > 0) & (frame["cum_done_total"] > _FAR_ABOVE * total)
        ),
        ("share_disagrees", "plan_done_pct"): (
            (frame["plan_done_pct"] - share).abs() > _WHOLE_PERCENT
        ),
        ("library_contradiction", "in_stat_library"): outside & reports,
    }
    given = frame.assign(expected=share.round(1))
    for (check, field), wrong in found.items():
        yield from _records_where(wrong, given, "projects", field, check)


def _records_where(
    wrong: pd.Series, frame: pd.DataFrame, table: str, field: str, check: str, *words: Text
) -> list[Record]:
    """Return the records of the rows that are wrong.

    There mostly are none, and to choose rows takes longer than to ask for them.
    """
    return records(frame[wrong], table, field, check, *words) if wrong.any() else []


def _word(value: Any) -> str:  # noqa: ANN401  whatever a field holds
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:,.12g}" if isinstance(value, float) else str(value)
