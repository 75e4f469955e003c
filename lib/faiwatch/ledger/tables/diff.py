"""Tables for readers about what changed in a ledger, see :mod:`faiwatch.view.tables`."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Language, Text, number
from faiwatch.data.ledger_fields import LedgerField, ledger_tables
from faiwatch.ledger.compare import LedgerDiff
from faiwatch.stats.check_records import SEVERITIES
from faiwatch.view.tables import Table

_CODE = Text("项目代码", "Code")
_NAME = Text("项目名称", "Project")
_CHANGE = {"was": Text("原为", "Was"), "became": Text("现为", "Now")}
_FIELD = Text("字段", "Field")
_KINDS = {"merged": Text("打包", "merged"), "split": Text("拆分", "split")}
_BASES = {
    "stated": Text("备注写明", "stated in the remark"),
    "amounts": Text("总投资相符，待确认", "totals agree, to be confirmed"),
}
SEVERITY_WORDS = dict(
    zip(SEVERITIES, (Text("错误", "error"), Text("警告", "warning"), Text("提示", "note")),
        strict=True)
)  # fmt: skip
_BLANK = Text("空", "blank")


def diff_tables(found: LedgerDiff, checks: pd.DataFrame, *, lang: Language) -> list[Table]:
    """Return what changed as tables: listed projects, repackaged ones, moves, slips, checks.

    Parameters
    ----------
    found : LedgerDiff
        From :func:`faiwatch.ledger.compare.compare_sheets`.
    checks : DataFrame
        From :func:`faiwatch.ledger.checks.check_ledger`.
    lang : {"zh", "en"}
        Language of the cells.
    """
    return [
        _listed(found.new, Text("新增项目", "New projects"), lang),
        _listed(found.gone, Text("减少的项目", "Projects gone"), lang),
        _repackaged(found.repackaged, lang),
        _changes(found.status_moves, Text("填报状态变化", "Moves of the reported status"), lang),
        _slipped(found.slipped, lang),
        _counts(found.fields, lang),
        ledger_checks(checks, lang=lang),
    ]


def _listed(rows: pd.DataFrame, title: Text, lang: Language) -> Table:
    frame = rows.assign(
        total_investment=[number(value, lang, 0) for value in rows["total_investment"]]
    )
    fields = _fields()
    labels = {
        "project_code": _CODE,
        "name": _NAME,
        "unit": fields["unit"].label,
        "total_investment": Text("总投资（万元）", "Total (10,000 yuan)"),
    }
    return Table(frame[list(labels)], title, labels)


def _repackaged(rows: pd.DataFrame, lang: Language) -> Table:
    frame = rows.assign(
        kind=[_KINDS[kind].in_language(lang) for kind in rows["kind"]],
        basis=[_BASES[basis].in_language(lang) for basis in rows["basis"]],
    )
    labels = {
        "kind": Text("类型", "Kind"),
        "gone_name": Text("原项目", "Old project"),
        "new_name": Text("现项目", "New project"),
        "basis": Text("依据", "Basis"),
    }
    title = Text("打包与拆分", "Merged and split")
    return Table(frame[list(labels)], title, labels)


def _changes(rows: pd.DataFrame, title: Text, lang: Language) -> Table:
    choices = {one.value: one.label.in_language(lang) for one in _fields()["status"].choices}
    choices[""] = _BLANK.in_language(lang)
    frame = rows.assign(was=rows["was"].map(choices), became=rows["became"].map(choices))
    labels = {"project_code": _CODE, "name": _NAME} | _CHANGE
    return Table(frame[list(labels)], title, labels)


def _slipped(rows: pd.DataFrame, lang: Language) -> Table:
    labels = {"project_code": _CODE, "name": _NAME, "field": _FIELD} | _CHANGE
    labels["days"] = Text("推迟（天）", "Later by, days")
    names = {name: field.label.in_language(lang) for name, field in _fields().items()}
    frame = rows.assign(
        field=rows["field"].map(names), days=[number(days, lang, 0) for days in rows["days"]]
    )
    return Table(frame[list(labels)], Text("计划日期变动", "Planned dates moved"), labels)


def _counts(rows: pd.DataFrame, lang: Language) -> Table:
    """Return how many projects changed in each field; the cells themselves stand in the JSON."""
    counts = rows.groupby("field", sort=False)["project_code"].nunique().sort_values()[::-1]
    names = [_fields()[field].label.in_language(lang) for field in counts.index]
    frame = pd.DataFrame({"field": names, "n": [number(count, lang, 0) for count in counts]})
    labels = {"field": _FIELD, "n": Text("项目数", "Projects")}
    return Table(frame, Text("各字段变动的项目数", "Projects changed, by field"), labels)


def ledger_checks(rows: pd.DataFrame, *, lang: Language) -> Table:
    """Return what the checks of a ledger found, with the address of each cell."""
    places = rows["sheet"] + "!" + rows["cell"].where(rows["cell"] != "", rows["row"].astype("str"))
    frame = pd.DataFrame(
        {
            "severity": [SEVERITY_WORDS[one].in_language(lang) for one in rows["severity"]],
            "place": places.to_list(),
            "key": rows["key"].to_list(),
            "words": rows[lang].to_list(),
        }
    )
    labels = {
        "severity": Text("级别", "Severity"),
        "place": Text("单元格", "Cell"),
        "key": _CODE,
        "words": Text("问题", "What is wrong"),
    }
    return Table(frame, Text("核对", "Checks"), labels)


def _fields() -> dict[str, LedgerField]:
    return dict(ledger_tables()["projects"].fields)
