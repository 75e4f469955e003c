"""Checks that look at one row of a ledger alone. Method: ``docs/methods/ledger-compare.md``."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import AS_OF, PROJECT_CODE, ledger_tables
from faiwatch.ledger.check_records import Record, records

_WHOLE_PERCENT = 0.55  # half a percent of rounding, and a little for binary fractions
_FAR_ABOVE = 1.2
_WARNING = "warning"
# earlier and later date of a row
_ORDER = {
    "projects": [
        ("finish_before_start", "original_start", "original_finish"),
        ("finish_before_start", "planned_start", "planned_finish"),
        ("finish_before_start", "actual_start", "actual_finish"),
    ],
    "issues": [("closed_before_opened", "opened", "closed")],
    "contracts": [
        ("steps_out_of_order", "signed", "performed"),
        ("steps_out_of_order", "performed", "started"),
        ("steps_out_of_order", "started", "finished"),
    ],
}
_HAPPENED = {
    "projects": ("actual_start", "actual_finish", "stop_date", "library_date"),
    "issues": ("opened", "closed"),
    "contracts": ("signed", "performed", "started", "finished"),
    "bonds": ("issued",),
    "tasks": ("done",),
}
_KEY = {"issues": "issue_id", "contracts": "id", "tasks": "id"}


def row_checks(table: str, frame: pd.DataFrame) -> Iterator[Record]:
    """Yield what is wrong within single rows of a table.

    Parameters
    ----------
    table : str
        Which table.
    frame : DataFrame
        Its rows.
    """
    yield from _negative_amounts(table, frame)
    yield from _order_of_dates(table, frame)
    yield from _future_dates(table, frame)
    if table == "projects":
        yield from _project_amounts(frame)
        yield from _library(frame)
    elif table == "issues":
        closed = frame[frame["closed"].notna() & frame["evidence"].eq("")]
        words = Text("已销号，没有销号依据", "closed, and nothing says why")
        about = (table, "issue_id", "evidence")
        yield from records(closed, about, ("closed_without_evidence", "note"), words)
    elif table == "bonds":
        words = Text(
            "已支出 {paid}，超过额度 {amount}", "{paid} paid out of a bond that brought {amount}"
        )
        above = frame[frame["paid"] > frame["amount"]]
        about = (table, PROJECT_CODE, "paid")
        yield from records(above, about, ("paid_above_amount", _WARNING), words)


def _about(table: str, field: str) -> tuple[str, str, str]:
    return table, _KEY.get(table, PROJECT_CODE), field


def _negative_amounts(table: str, frame: pd.DataFrame) -> Iterator[Record]:
    for name, field in ledger_tables()[table].fields.items():
        if field.kind == "money":
            words = Text(
                f"{{label_{name}}}为负：{{{name}}} 万元",
                f"{{label_{name}}} is negative: {{{name}}} (10,000 yuan)",
            )
            below = frame[frame[name] < 0]
            yield from records(below, _about(table, name), ("negative_amount", _WARNING), words)


def _order_of_dates(table: str, frame: pd.DataFrame) -> Iterator[Record]:
    for check, first, then in _ORDER.get(table, []):
        words = Text(
            f"{{label_{then}}} {{{then}}} 早于{{label_{first}}} {{{first}}}",
            f"{{label_{then}}} {{{then}}} is before {{label_{first}}} {{{first}}}",
        )
        wrong = frame[frame[then] < frame[first]]
        yield from records(wrong, _about(table, then), (check, _WARNING), words)


def _future_dates(table: str, frame: pd.DataFrame) -> Iterator[Record]:
    """Yield dates of what has happened that lie after the month of the sheet."""
    for name in _HAPPENED.get(table, ()):
        words = Text(
            f"{{label_{name}}} {{{name}}} 晚于截至月份 {{asof}}",
            f"{{label_{name}}} {{{name}}} is after the month of the sheet, {{asof}}",
        )
        later = frame[frame[name].dt.to_period("M") > frame[AS_OF]]
        yield from records(later, _about(table, name), ("date_in_future", _WARNING), words)


def _project_amounts(frame: pd.DataFrame) -> Iterator[Record]:
    plan = frame["annual_plan"].where(frame["annual_plan"] > 0)
    share = 100 * frame["ytd_done"] / plan
    given = frame.assign(expected=share.round(1))
    total = frame["total_investment"]
    found = {
        ("done_before_start", "month_done"): (
            frame["month_done"].fillna(0).ne(0) & frame["actual_start"].isna(),
            Text(
                "没有实际开工日期，本月完成投资 {month_done} 万元",
                "{month_done} (10,000 yuan) done this month, and no actual start",
            ),
        ),
        ("cum_below_ytd", "cum_done_total"): (
            frame["cum_done_total"] < frame["ytd_done"],
            Text(
                "累计完成 {cum_done_total} 万元，少于当年完成 {ytd_done} 万元",
                "{cum_done_total} since the start is less than {ytd_done} this year (10,000 yuan)",
            ),
        ),
        ("cum_above_total", "cum_done_total"): (
            (total > 0) & (frame["cum_done_total"] > _FAR_ABOVE * total),
            Text(
                "累计完成 {cum_done_total} 万元，远超总投资 {total_investment} 万元",
                "{cum_done_total} done is far above the total of {total_investment} (10,000 yuan)",
            ),
        ),
        ("share_disagrees", "plan_done_pct"): (
            (frame["plan_done_pct"] - share).abs() > _WHOLE_PERCENT,
            Text(
                "占年度计划填 {plan_done_pct}%，按数应为 {expected}%",
                "share of the plan given as {plan_done_pct}%, the amounts make {expected}%",
            ),
        ),
    }
    for (check, field), (wrong, words) in found.items():
        yield from records(given[wrong], _about("projects", field), (check, _WARNING), words)


def _library(frame: pd.DataFrame) -> Iterator[Record]:
    outside = frame["in_stat_library"].eq(False).fillna(False).astype("bool")
    reports = frame["library_date"].notna() | frame["stat_ytd_reported"].fillna(0).ne(0)
    words = Text(
        "标为未入库，却有入库日期或上报数",
        "not in the library, yet with a date of entry or an amount reported",
    )
    about = ("projects", PROJECT_CODE, "in_stat_library")
    wrong = frame[outside & reports]
    yield from records(wrong, about, ("library_contradiction", _WARNING), words)
