"""What is wrong or odd in a ledger. Method: ``docs/methods/ledger-compare.md``.

Every find is a record with sheet and cell; nothing is changed and nothing stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE, ledger_tables
from faiwatch.data.ledger_schema import CODE_KIND
from faiwatch.ledger.check_register import register_checks
from faiwatch.ledger.check_rows import Record, records, row_checks
from faiwatch.ledger.sheets import months_of
from faiwatch.stats.check_records import SEVERITIES
from faiwatch.stats.cumulative import month_before

COLUMNS = [
    *("check", "severity", "table", "key", "month", "field", "value", "zh", "en"),
    *("file", "sheet", "row", "cell"),
]
_ENTRY_UNIT = 1.0  # amounts are mostly entered in whole 万元


def check_ledger(
    tables: Mapping[str, pd.DataFrame],
    *,
    columns: Mapping[tuple[str, str], str] | None = None,
    totals: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what is wrong or odd in a ledger, the most severe first.

    Parameters
    ----------
    tables : mapping
        Tables of the ledger; any may be absent.
    columns : mapping, optional
        Sheet and field to the letters of its column, from
        :func:`faiwatch.ledger.load.ledger_columns`; without it ``cell`` is empty.
    totals : DataFrame, optional
        Totals that are not the sum of their rows, from
        :func:`faiwatch.ledger.load.ledger_totals`.

    Returns
    -------
    DataFrame
        ``check severity table key month field value zh en file sheet row cell``. `key` is the
        project code, or the number of an issue, contract or task; `month` is that of the sheet
        (NaT where a table has none); `value` is what stands in the cell, as text.

    Examples
    --------
    >>> from faiwatch.data.ledger_schema import ledger_frame
    >>> row = {"asof": ["2026-08"], "project_code": ["甲"], "name": ["厂"], "month_done": [-5.0]}
    >>> found = check_ledger({"projects": ledger_frame("projects", pd.DataFrame(row))})
    >>> found[["check", "severity", "value"]].values.tolist()[0]
    ['done_before_start', 'warning', '-5']
    """
    found: list[Record] = []
    for name, frame in tables.items():
        key = list(ledger_tables()[name].key)
        repeated = frame[frame.duplicated(key)]
        found += records(repeated, name, key[-1], "repeated_key", severity="error")
        found += row_checks(name, frame)
    if "projects" in tables:
        projects = tables["projects"]
        found += [*_names(projects), *_against_last(projects), *_absent(projects)]
        for name in ("issues", "bonds"):
            if name in tables:
                stray = tables[name][~tables[name][PROJECT_CODE].isin(projects[PROJECT_CODE])]
                found += records(stray, name, PROJECT_CODE, "unknown_project")
    found += register_checks(tables)
    if totals is not None:
        found += _wrong_totals(totals)
    found.sort(key=lambda one: (SEVERITIES.index(one["severity"]), one["check"]))
    for one in found:
        letters = (columns or {}).get((one["sheet"], one["field"]))
        one["cell"] = f"{letters}{one['row']}" if letters else ""
    table = pd.DataFrame(found, columns=COLUMNS).astype({"row": "int64"})
    return table.assign(month=pd.PeriodIndex(table["month"], freq="M"))


def _names(projects: pd.DataFrame) -> Iterator[Record]:
    """Yield odd codes, each at its first row, and names that stand under two codes."""
    once = projects.drop_duplicates(PROJECT_CODE)
    for kind, severity in (("doubtful", "warning"), ("legacy", "note")):
        rows = once[once[CODE_KIND] == kind]
        yield from records(rows, "projects", PROJECT_CODE, f"code_{kind}", severity=severity)
    named = projects[projects["name"] != ""].drop_duplicates([AS_OF, PROJECT_CODE])
    again = named[named.duplicated([AS_OF, "name", "owner"])].drop_duplicates(PROJECT_CODE)
    yield from records(again, "projects", "name", "same_name")


def _against_last(projects: pd.DataFrame) -> Iterator[Record]:
    """Yield what does not follow from the release before.

    Year to date begins anew in February, which holds January; done since the start never does.
    Original dates do not change.
    """
    fields = ledger_tables()["projects"].fields
    names = ["ytd_done", "cum_done_total", "original_start", "original_finish"]
    once = projects.drop_duplicates([AS_OF, PROJECT_CODE])
    last = once[[PROJECT_CODE, AS_OF, *names]].rename(
        columns={AS_OF: "before"} | {name: f"last_{name}" for name in names}
    )
    earlier = {month: month_before(month) for month in months_of(projects)}
    rows = once.assign(before=once[AS_OF].map(earlier).astype(once[AS_OF].dtype))
    rows = rows.merge(last, on=[PROJECT_CODE, "before"], how="left")
    begins = rows[AS_OF].dt.month == 2
    month = fields["month_done"].label
    words = say("ledger.checks.total_does_not_add_up", month=month)
    for check, name in (("ytd_not_sum", "ytd_done"), ("cum_not_sum", "cum_done_total")):
        so_far = rows[f"last_{name}"].mask(begins & (name == "ytd_done"), 0.0)
        told = rows.assign(expected=so_far + rows["month_done"])
        wrong = told[(told[name] - told["expected"]).abs() > _ENTRY_UNIT]
        yield from records(wrong, "projects", name, check, words)
    for name in ("original_start", "original_finish"):
        words = say("ledger.checks.must_not_change", name=name)
        changed = rows[rows[f"last_{name}"].notna() & (rows[name] != rows[f"last_{name}"])]
        yield from records(changed, "projects", name, "original_changed", words)


def _absent(projects: pd.DataFrame) -> Iterator[Record]:
    """Yield projects that are absent between two of their sheets, and months without a sheet.

    Each stands at what comes after the gap.
    """
    once = projects.drop_duplicates([AS_OF, PROJECT_CODE]).sort_values(AS_OF)
    there = pd.MultiIndex.from_frame(once[[PROJECT_CODE, AS_OF]])
    listed = pd.Series(data=True, index=there).unstack(fill_value=False)
    later = listed.loc[:, ::-1].cummax(axis="columns").loc[:, ::-1]
    gaps = ~listed & listed.cummax(axis="columns") & later
    months = gaps[gaps.any(axis="columns")].apply(lambda gap: list(gap.index[gap]), axis="columns")
    if len(months):
        rows = once[once[PROJECT_CODE].isin(months.index)]
        behind = rows[rows[AS_OF].gt(rows[PROJECT_CODE].map(months.str[0]))]
        rows = behind.drop_duplicates(PROJECT_CODE).sort_values(PROJECT_CODE)
        rows = rows.assign(absent=[" ".join(map(str, months[code])) for code in rows[PROJECT_CODE]])
        yield from records(rows, "projects", PROJECT_CODE, "missing_months")
    for before, after in pairwise(months_of(projects)):
        between = pd.period_range(before + 1, after - 1, freq="M")
        absent = " ".join(str(month) for month in between if month.month != 1)
        if absent:
            rows = projects[projects[AS_OF] == after].head(1).assign(absent=absent)
            yield from records(rows, "projects", AS_OF, "missing_sheet", key=AS_OF)


def _wrong_totals(totals: pd.DataFrame) -> Iterator[Record]:
    for keys, rows in totals.groupby(["field", "table"]):
        name, table = map(str, keys)
        money = ledger_tables()[table].fields[name].kind == "money"
        unit = Text(" 万元", " (10,000 yuan)") if money else Text("", "")
        made = "按各行应为" if name == "plan_done_pct" else "各行相加得"
        words = say("ledger.checks.total_of_rows_differs", unit=unit, made=made)
        stated = rows.assign(total="合计", **{name: rows["stated"]})
        yield from records(stated, table, name, "total_not_sum", words, key="total")
