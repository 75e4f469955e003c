"""Tables for readers about what changed in a ledger, see :mod:`faiwatch.view.tables`."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Language, Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.measures import measures_of
from faiwatch.ledger.compare import LedgerDiff
from faiwatch.ledger.table_changes import KINDS
from faiwatch.stats.check_records import SEVERITIES
from faiwatch.view.tables import Table, in_words

_PROJECT = measures_of(project_code="projects.project_code", name="projects.name")
_CHANGE = measures_of("was", "became")
_KINDS = {"merged": Text("打包", "merged"), "split": Text("拆分", "split")}
_BASES = {
    "stated": Text("备注写明", "stated in the remark"),
    "amounts": Text("总投资相符，待确认", "totals agree, to be confirmed"),
}
SEVERITY_WORDS = dict(
    zip(SEVERITIES, (Text("错误", "error"), Text("警告", "warning"), Text("提示", "note")),
        strict=True)
)  # fmt: skip
_BLANK = Text("空白", "blank")


def diff_tables(
    found: LedgerDiff, others: pd.DataFrame, checks: pd.DataFrame, *, lang: Language
) -> list[Table]:
    """Return what changed as tables: listed projects, repackaged ones, moves, slips, checks.

    Parameters
    ----------
    found : LedgerDiff
        From :func:`faiwatch.ledger.compare.compare_sheets`.
    others : DataFrame
        From :func:`faiwatch.ledger.table_changes.table_changes`; without any there is no table.
    checks : DataFrame
        From :func:`faiwatch.ledger.checks.check_ledger`.
    lang : {"zh", "en"}
        Language of the cells.
    """
    statuses = ledger_tables()["projects"].fields["status"].choices
    words = {one.value: one.label for one in statuses} | {"": _BLANK}
    fields = {name: field.label for name, field in ledger_tables()["projects"].fields.items()}
    packed, moves, slipped = found.repackaged, found.status_moves, found.slipped
    # how many projects changed in each field; the cells themselves stand in the JSON
    counts = found.fields.groupby("field", sort=False)["project_code"].nunique()
    counted = counts.sort_values()[::-1].rename("n").reset_index()
    return [
        _listed(found.new, Text("新增项目", "New projects"), lang),
        _listed(found.gone, Text("减少的项目", "Projects gone"), lang),
        Table(
            packed.assign(
                kind=in_words(packed["kind"], _KINDS, lang),
                basis=in_words(packed["basis"], _BASES, lang),
            ),
            Text("打包与拆分", "Merged and split"),
            measures_of(kind="agenda_item", gone_name="old_project", new_name="new_project")
            | measures_of("basis"),
            lang,
        ),
        Table(
            moves.assign(**{name: in_words(moves[name], words, lang) for name in _CHANGE}),
            Text("填报状态变化", "Moves of the reported status"),
            _PROJECT | _CHANGE,
            lang,
        ),
        Table(
            slipped.assign(field=in_words(slipped["field"], fields, lang)),
            Text("计划日期变动", "Planned dates moved"),
            _PROJECT | measures_of("field") | _CHANGE | measures_of(days="delay_days"),
            lang,
        ),
        Table(
            counted.assign(field=in_words(counted["field"], fields, lang)),
            Text("各字段变动的项目数", "Projects changed, by field"),
            measures_of(field="field", n="n_projects"),
            lang,
        ),
        *([_others(others, lang)] if len(others) else []),
        ledger_checks(checks, lang=lang),
    ]


def _listed(rows: pd.DataFrame, title: Text, lang: Language) -> Table:
    columns = _PROJECT | measures_of(unit="projects.unit")
    columns |= measures_of(total_investment="projects.total_investment")
    return Table(rows, title, columns, lang)


def _others(rows: pd.DataFrame, lang: Language) -> Table:
    """Return what changed in the other tables, each row or field with its place."""
    labels, fields = {name: one.label for name, one in ledger_tables().items()}, []
    for table, field, cells in zip(
        rows["table"], rows["field"], rows[["was", "became"]].to_numpy(), strict=True
    ):
        known = ledger_tables()[table].fields
        choices = (
            {one.value: one.label.in_language(lang) for one in known[field].choices}
            if field
            else {}
        )
        name = known[field].label.in_language(lang) if field else ""
        fields.append((name, *(choices.get(cell, cell) for cell in cells)))
    frame = rows.assign(
        table=in_words(rows["table"], labels, lang),
        kind=in_words(rows["kind"], KINDS, lang),
        place=rows["sheet"] + "!" + rows["row"].astype("str"),
    )
    frame[["field", "was", "became"]] = fields
    columns = measures_of(table="ledger_table", kind="agenda_kind", key="code_or_id", field="field")
    columns |= _CHANGE | measures_of(place="ledger_place")
    return Table(frame, Text("其他各表的变动", "Changes in the other tables"), columns, lang)


def ledger_checks(rows: pd.DataFrame, *, lang: Language) -> Table:
    """Return what the checks of a ledger found, with the address of each cell."""
    places = rows["sheet"] + "!" + rows["cell"].where(rows["cell"] != "", rows["row"].astype("str"))
    frame = rows.assign(
        severity=in_words(rows["severity"], SEVERITY_WORDS, lang), place=places, words=rows[lang]
    )
    columns = measures_of(severity="severity", place="cell", key="projects.project_code")
    title = Text("核对", "Checks")
    return Table(frame, title, columns | measures_of(words="what_is_wrong"), lang)
