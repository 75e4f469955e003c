"""Findings of the other tables of the ledger: issues, contracts, and events in their own words.

Method: ``docs/methods/briefing.md``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from babel.dates import format_date

from faiwatch.briefing.definitions import CONTRACTS, DATED, ISSUES
from faiwatch.briefing.filling import Material, no_table
from faiwatch.core.finding import Finding
from faiwatch.core.phrases import count_of
from faiwatch.core.text import BABEL_LOCALES, LANGUAGES, NOTHING, Text, month_name, window_name
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.parameter_types import NONE
from faiwatch.ledger.contracts import STEPS, contract_funnel
from faiwatch.ledger.register import issue_figures, issue_register
from faiwatch.ledger.sheets import PER_100M, total_10k

UNTYPED = "other"
MOST_TOLD = 5  # events of one type; all of them are counted
_COUNTED = {
    "document": ("件", "document"),
    "forward": ("件", "document"),
    "task_force": ("个", "task force"),
}


def issue_findings(material: Material) -> Iterator[Finding]:
    """Yield how many issues are open, closed and overdue."""
    rows, missing = material.rows_of("issues")
    if missing:
        yield from (material.lacking(id, missing) for id in ISSUES)
        return
    register = issue_register(rows, as_of=material.month)
    is_open, overdue = register["is_open"], register["overdue_days"].gt(0)
    found = {
        "n_issues_open": (is_open, "opened"),
        "n_issues_closed": (~is_open, "closed"),
        "n_issues_overdue": (overdue, "due"),
    }
    cells = {id: material.cells(register[chosen], by) for id, (chosen, by) in found.items()}
    for id, (chosen, _) in found.items():
        yield material.finding(id, int(chosen.sum()), cells[id])
    figures = issue_figures(register)
    if figures.n:
        inputs = cells["n_issues_open"] + cells["n_issues_closed"]
        yield material.finding("close_rate", figures.closure_rate_pct, inputs)
    else:
        none = Text("问题清单没有已提出的问题", "no issue was raised yet")
        yield material.lacking("close_rate", none)


def contract_findings(material: Material) -> Iterator[Finding]:
    """Yield what was contracted in a window, and the next plan year."""
    rows, missing = material.rows_of("contracts")
    if missing:
        yield from (material.lacking(id, missing) for id in CONTRACTS)
    else:
        yield from _signed(material, rows)
    yield material.finding("plan_year", material.month.year + 1)


def _signed(material: Material, rows: pd.DataFrame) -> Iterator[Finding]:
    asked, month = material.parameters.signed_from, material.month
    since = pd.Period(f"{month.year}-01" if asked == NONE else asked, "M")
    funnel = contract_funnel(rows, as_of=month, since=since)
    n = funnel.steps.set_index("step")["n"].astype(int)
    rows = rows[rows["signed"].between(since.start_time, month.end_time)]
    performed = rows[rows["performed"].le(month.end_time)]
    zh, en = ([month_name(str(one), lang) for one in (since, month)] for lang in LANGUAGES)
    window = Text("至".join(zh), " to ".join(en))
    told = [(STEPS[step], int(n[step])) for step in STEPS]
    note = Text(
        f"{window.zh}签订的合同，截至期末："
        f"{'、'.join(f'{label.zh}{count}个' for label, count in told)}；签约不等于履约或开工。",
        f"Contracts signed {window.en}, by the end: "
        f"{', '.join(f'{count} {label.en}' for label, count in told)}; signed is neither "
        "performed nor started.",
    )
    if since.year == month.year and since.month == 1 < month.month:
        window = Text(window_name(str(month), "zh"), window_name(str(month), "en"))
    cells = material.cells(rows, "signed")
    yield material.finding("signed_count", int(n["signed"]), cells, note=note, window=window)
    blank = material.blank("contracts", rows, "amount")
    if blank:
        yield material.lacking("signed_investment", blank)
    else:
        invested = total_10k(rows["amount"]) / PER_100M
        inputs = material.cells(rows, "amount", "signed")
        yield material.finding("signed_investment", invested, inputs)
    cells = material.cells(performed, "performed")
    yield material.finding("performed_count", int(n["performed"]), cells, note=note)


def event_findings(material: Material) -> Iterator[Finding]:
    """Yield how many events the year has, in all and by type, and the latest day of some types.

    A count of a type says in its form ``told`` what happened, as the rows have it: nothing about
    who did it, to whom and why is added.
    """
    kinds = ledger_tables()["events"].fields["type"].choices
    table, month = material.ledger.get("events"), material.month
    if table is None:
        ids = ["n_events", *(f"n_event_{kind.value}" for kind in kinds)]
        ids += [f"event_{kind}" for kind in DATED]
        yield from (material.lacking(id, no_table("events")) for id in ids)
        return
    of_year = table["date"].between(pd.Timestamp(month.year, 1, 1), month.end_time)
    rows = table[of_year].sort_values("date", kind="stable")
    yield material.finding("n_events", len(rows), material.cells(rows, "date"))
    for kind in kinds:
        of_kind = rows[rows["type"].replace("", UNTYPED).eq(kind.value)]
        last = of_kind.tail(MOST_TOLD)
        inputs = material.cells(of_kind, "date") + material.cells(last, "title")
        zh, en = _COUNTED.get(kind.value, ("次", "time"))
        times = Text(f"{len(of_kind)}{zh}", count_of(len(of_kind), en))
        days = [_day(day) for day in last["date"]]
        titles = [str(title).strip().rstrip("。；;.") for title in last["title"]]
        said = list(zip(days, titles, strict=True))
        cut = Text(f"最近{len(last)}次为", f"the latest {len(last)} are ")
        more = cut if len(last) < len(of_kind) else NOTHING
        told = Text(
            more.zh + "；".join(f"{day.zh}，{title}" for day, title in said),
            more.en + "; ".join(f"{day.en}, “{title}”" for day, title in said),
        )
        id = f"n_event_{kind.value}"
        yield material.finding(id, len(of_kind), inputs, times=times, told=told)
        if kind.value in DATED:
            yield _latest(material, f"event_{kind.value}", of_kind, kind.label)


def _latest(material: Material, id: str, rows: pd.DataFrame, label: Text) -> Finding:
    if rows.empty:
        year = material.month.year
        missing = Text(
            f"大事记没有{year}年到期末的{label.zh}",
            f"the list of events has no {label.en} in {year} so far",
        )
        return material.lacking(id, missing)
    last = rows.tail(1)
    day, title = last["date"].iloc[0], str(last["title"].iloc[0])
    inputs = material.cells(last, "date", "title")
    forms = {"title": Text(title, title)}
    forms["times"] = Text(f"{len(rows)}次", count_of(len(rows), "time"))
    return material.finding(id, f"{day:%Y-%m-%d}", inputs, words=_day(day), **forms)


def _day(day: pd.Timestamp) -> Text:
    date = day.date()
    return Text(
        format_date(date, "M月d日", BABEL_LOCALES["zh"]),
        format_date(date, "d MMMM", BABEL_LOCALES["en"]),
    )
