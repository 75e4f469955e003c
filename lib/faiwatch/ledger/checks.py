"""What is wrong or odd in a ledger. Method: ``docs/methods/ledger-compare.md``.

Every find is a record with sheet and cell; nothing is changed and nothing stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE, ledger_tables
from faiwatch.data.ledger_schema import CODE_KIND
from faiwatch.ledger.check_records import Record, as_table, records
from faiwatch.ledger.check_rows import row_checks
from faiwatch.ledger.sheets import months_of
from faiwatch.stats.cumulative import month_before

_ENTRY_UNIT = 1.0  # amounts are mostly entered in whole 万元
_KEYS = {"issues": "issue_id", "contracts": "id", "tasks": "id", "events": "title"}
_CODE_WORDS = {
    "doubtful": Text(
        "代码 {project_code} 的时间或地区段不存在", "no such time or place in {project_code}"
    ),
    "legacy": Text(
        "{project_code} 是旧代码或自编代码", "{project_code} is a code of an earlier system"
    ),
}


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
        found += _repeated_keys(name, frame)
        found += row_checks(name, frame)
    if "projects" in tables:
        projects = tables["projects"]
        found += [*_code_kinds(projects), *_sums(projects), *_originals(projects)]
        found += [*_missing_months(projects), *_missing_sheets(projects), *_same_name(projects)]
        for name in ("issues", "bonds"):
            if name in tables:
                found += _unknown_projects(name, tables[name], projects)
    if totals is not None:
        found += _wrong_totals(totals)
    return as_table(found, columns)


def _repeated_keys(name: str, frame: pd.DataFrame) -> list[Record]:
    key = list(ledger_tables()[name].key)
    words = Text("与前面的一行同一主键", "has the key of a row above it")
    about = (name, _KEYS.get(name, key[0] if name == "targets" else PROJECT_CODE), key[-1])
    return records(frame[frame.duplicated(key)], about, ("repeated_key", "error"), words)


def _code_kinds(projects: pd.DataFrame) -> Iterator[Record]:
    """Yield one record for each code, at its first row."""
    once = projects.drop_duplicates(PROJECT_CODE)
    for kind, words in _CODE_WORDS.items():
        severity = "note" if kind == "legacy" else "warning"
        rows = once[once[CODE_KIND] == kind]
        about = ("projects", PROJECT_CODE, PROJECT_CODE)
        yield from records(rows, about, (f"code_{kind}", severity), words)


def _with_last(projects: pd.DataFrame, fields: list[str]) -> pd.DataFrame:
    """Return rows beside the fields ``last_…`` of the release before, where it has the project."""
    once = projects.drop_duplicates([AS_OF, PROJECT_CODE])
    before = once[[PROJECT_CODE, AS_OF, *fields]].rename(
        columns={AS_OF: "before"} | {name: f"last_{name}" for name in fields}
    )
    earlier = {month: month_before(month) for month in months_of(projects)}
    asked = once.assign(before=once[AS_OF].map(earlier))
    return asked.merge(before, on=[PROJECT_CODE, "before"], how="left")


def _sums(projects: pd.DataFrame) -> Iterator[Record]:
    """Yield sums that are not those of the release before plus this month.

    Year to date begins anew in February, which holds January; done since the start never does.
    """
    rows = _with_last(projects, ["ytd_done", "cum_done_total"])
    begins = rows[AS_OF].dt.month == 2
    lasts = {
        "ytd_done": ("ytd_not_sum", rows["last_ytd_done"].where(~begins, 0.0)),
        "cum_done_total": ("cum_not_sum", rows["last_cum_done_total"]),
    }
    for name, (check, last) in lasts.items():
        told = rows.assign(expected=last + rows["month_done"])
        wrong = told[(told[name] - told["expected"]).abs() > _ENTRY_UNIT]
        words = Text(
            f"{{label_{name}}} {{{name}}} 万元，上期加{{label_month_done}}得 {{expected}} 万元",
            f"{{label_{name}}}: {{{name}}}, but the release before and this month make "
            "{expected} (10,000 yuan)",
        )
        about = ("projects", PROJECT_CODE, name)
        yield from records(wrong, about, (check, "warning"), words)


def _wrong_totals(totals: pd.DataFrame) -> Iterator[Record]:
    for field, rows in totals.groupby("field"):
        named = rows.assign(total="合计", **{str(field): rows["stated"]})
        label, unit = f"{{label_{field}}}", f"{{unit_{field}}}"
        made = "按各行应为" if field == "plan_done_pct" else "各行相加得"
        words = Text(
            f"{label}合计填 {{stated}}{unit}，{made} {{added}}{unit}",
            f"{label}: the total given is {{stated}}, the rows make {{added}}{unit}",
        )
        for table, of_table in named.groupby("table"):
            about = (str(table), "total", str(field))
            yield from records(of_table, about, ("total_not_sum", "warning"), words)


def _originals(projects: pd.DataFrame) -> Iterator[Record]:
    names = ["original_start", "original_finish"]
    rows = _with_last(projects, names)
    for name in names:
        last = rows[f"last_{name}"]
        changed = rows[last.notna() & (rows[name] != last)]
        words = Text(
            f"{{label_{name}}}上期是 {{last_{name}}}，不应改动",
            f"{{label_{name}}} was {{last_{name}}} in the release before and must not change",
        )
        about = ("projects", PROJECT_CODE, name)
        yield from records(changed, about, ("original_changed", "warning"), words)


def _missing_months(projects: pd.DataFrame) -> list[Record]:
    """Return one record for each project that is absent between its first and last sheet."""
    months = months_of(projects)
    place = {month: at for at, month in enumerate(months)}
    once = projects.drop_duplicates([AS_OF, PROJECT_CODE])
    at = once[AS_OF].map(place)
    by_code = at.groupby(once[PROJECT_CODE])
    gaps = by_code.max() - by_code.min() + 1 - by_code.size()
    found: list[Record] = []
    for code in gaps.index[gaps > 0]:
        rows = once[once[PROJECT_CODE] == code].sort_values(AS_OF)
        seen = set(at[rows.index])
        absent = [months[one] for one in range(min(seen), max(seen)) if one not in seen]
        listed = " ".join(map(str, absent))
        words = Text("缺 {absent} 的行", "no row in {absent}")
        after = rows[rows[AS_OF] > absent[0]].head(1).assign(absent=listed)
        about = ("projects", PROJECT_CODE, PROJECT_CODE)
        found += records(after, about, ("missing_months", "warning"), words)
    return found


def _missing_sheets(projects: pd.DataFrame) -> Iterator[Record]:
    """Yield one record for each stretch of months without a sheet, at the sheet after it."""
    months = months_of(projects)
    for before, after in pairwise(months):
        between = pd.period_range(before + 1, after - 1, freq="M")
        absent = " ".join(str(month) for month in between if month.month != 1)
        if absent:
            rows = projects[projects[AS_OF] == after].head(1).assign(absent=absent)
            words = Text("缺 {absent} 的表", "no sheet for {absent}")
            yield from records(
                rows, ("projects", AS_OF, AS_OF), ("missing_sheet", "warning"), words
            )


def _same_name(projects: pd.DataFrame) -> list[Record]:
    once = projects[projects["name"] != ""].drop_duplicates([AS_OF, PROJECT_CODE])
    again = once[once.duplicated([AS_OF, "name", "owner"])].drop_duplicates(PROJECT_CODE)
    words = Text(
        "「{name}」同月还有一行，代码不同", "{name} stands in this sheet under another code too"
    )
    about = ("projects", PROJECT_CODE, "name")
    return records(again, about, ("same_name", "warning"), words)


def _unknown_projects(name: str, frame: pd.DataFrame, projects: pd.DataFrame) -> list[Record]:
    stray = frame[~frame[PROJECT_CODE].isin(projects[PROJECT_CODE])]
    words = Text("{project_code} 不在项目表中", "{project_code} is in no sheet of projects")
    about = (name, _KEYS.get(name, PROJECT_CODE), PROJECT_CODE)
    return records(stray, about, ("unknown_project", "warning"), words)
