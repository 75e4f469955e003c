"""Findings of the other tables of the ledger: issues, contracts, and events in their own words.

Method: ``docs/methods/briefing.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
from babel.dates import format_date

from faiwatch.briefing.definitions import CONTRACTS, DATED, ISSUES
from faiwatch.briefing.filling import Material, listed, no_table, trimmed
from faiwatch.core.finding import Finding
from faiwatch.core.phrases import count_of, joined, say
from faiwatch.core.provenance import told_of
from faiwatch.core.text import BABEL_LOCALES, NOTHING, Text, both, month_name, window_name
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.parameter_types import NONE
from faiwatch.ledger.contracts import STEPS, contract_funnel
from faiwatch.ledger.register import issue_figures, issue_register
from faiwatch.ledger.sheets import PER_100M, total_10k

UNTYPED = "other"
MOST_TOLD = 5  # events of one type; all of them are counted
_DOCUMENTS = ("document", "forward", "planning")  # a title, with its number
_WHO = ("convened_by", "attended_by", "subject", "affects", "result")
_VERBS = {
    "meeting": "召开", "push_meeting": "召开", "special_meeting": "召开", "site_review": "开展",
    "inspection": "开展", "visit": "开展", "training": "举办", "promotion": "参加",
    "signing": "举行", "document": "印发", "forward": "转发", "planning": "印发",
    "task_force": "成立",
}  # fmt: skip
# what of a row is told behind its title, by type, and of every other type
_ADDED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "site_review": (("affects", "实地查看{}"), ("result", "{}")),
    "training": (("attended_by", "{}参加"), ("subject", "围绕{}")),
    "meeting": (("subject", "研究{}"), ("result", "{}")),
    "push_meeting": (("subject", "{}"), ("result", "{}")),
    "special_meeting": (("subject", "研究{}"), ("result", "{}")),
    "visit": (("subject", "围绕{}"), ("result", "{}")),
}
_ADDED_ELSE = (("result", "{}"),)
_ADDED_EN = (
    *(("convened_by", "convened by {}"), ("attended_by", "with {}"), ("subject", "on {}")),
    *(("affects", "visiting {}"), ("result", "with the result: {}")),
)
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
    opened = material.counted("n_issues_open", register[is_open], "opened")
    closed = material.counted("n_issues_closed", register[~is_open], "closed")
    yield from (opened, closed, material.counted("n_issues_overdue", register[overdue], "due"))
    figures = issue_figures(register)
    if figures.n:
        inputs = opened.inputs + closed.inputs
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
        asked, month = material.parameters.signed_from, material.month
        since = pd.Period(f"{month.year}-01" if asked == NONE else asked, "M")
        funnel = contract_funnel(rows, as_of=month, since=since)
        n = funnel.steps.set_index("step")["n"].astype(int)
        rows = rows[rows["signed"].between(since.start_time, month.end_time)]
        performed = rows[rows["performed"].le(month.end_time)]
        window = joined((both(month_name, str(one)) for one in (since, month)), "至", " to ")
        told = [say("briefing.lists.counted", what=STEPS[step], n=int(n[step])) for step in STEPS]
        note = say("briefing.lists.contracts_signed", told=joined(told, "、", ", "), window=window)
        if since.year == month.year and since.month == 1 < month.month:
            window = both(window_name, str(month))
        cells = material.cells(rows, "signed")
        names = listed(rows.sort_values("amount", ascending=False, kind="stable")["name"])
        yield material.finding(
            "signed_count", int(n["signed"]), cells, note=note, window=window, names=names
        )
        waiting = rows[~rows[["started", "finished"]].min(axis=1).le(month.end_time)]
        yield material.counted("signed_not_started", waiting, "signed", "started", note=note)
        blank = material.blank("contracts", rows, "amount")
        if blank:
            yield material.lacking("signed_investment", blank)
        else:
            invested = total_10k(rows["amount"]) / PER_100M
            inputs = material.cells(rows, "amount", "signed")
            yield material.finding("signed_investment", invested, inputs)
        inputs = material.cells(performed, "performed")
        yield material.finding("performed_count", int(n["performed"]), inputs, note=note)
    yield material.finding("plan_year", material.month.year + 1)


def event_findings(material: Material) -> Iterator[Finding]:
    """Yield how many events the year has, in all and by type, and the latest day of some types.

    A count of a type says in its form ``told`` what happened, as the rows have it, in ``names``
    their titles, and in ``who`` also who convened it, who took part and what came of it: nothing
    that its row does not say.
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
    yield material.counted("n_events", rows, "date")
    typed = rows["type"].replace("", UNTYPED)
    for kind in kinds:
        of_kind = rows[typed.eq(kind.value)]
        yield event_finding(material, f"n_event_{kind.value}", of_kind)
        if kind.value not in DATED:
            continue
        id = f"event_{kind.value}"
        if of_kind.empty:
            missing = say("briefing.lists.no_such_event", year=month.year, kind=kind.label)
            yield material.lacking(id, missing)
            continue
        last = of_kind.tail(1)
        day, title = last["date"].iloc[0], str(last["title"].iloc[0])
        yield material.finding(
            id,
            f"{day:%Y-%m-%d}",
            material.cells(last, "date", "title"),
            words=day_words(day),
            title=Text(title, title),
            times=say("briefing.lists.times", times=len(of_kind)),
        )


def event_finding(material: Material, id: str, rows: pd.DataFrame) -> Finding:
    """Return how many events some rows are, with every way to tell of them."""
    last = rows.tail(MOST_TOLD)
    inputs = material.cells(rows, "date") + material.cells(last, "title")
    zh, en = _COUNTED.get(id.removeprefix("n_event_"), ("次", "time"))
    times = Text(f"{len(rows)}{zh}", count_of(len(rows), en))
    more = say("briefing.lists.latest", n_last=len(last)) if len(last) < len(rows) else NOTHING
    events, names, who = [], [], []
    for row in told_of(last, "date", "title", "type", "document_no", *_WHO):
        day, title = day_words(row["date"]), trimmed(row["title"])
        events.append(say("briefing.lists.told_on_day", day=day, title=title))
        names.append(titled(title, row["document_no"]).zh if row["type"] in _DOCUMENTS else title)
        who.append(_who(row, day, names[-1]))
    return material.finding(
        id,
        len(rows),
        inputs + material.cells(last, *_WHO),
        times=times,
        told=joined((more, joined(events)), "", ""),
        names=listed(names[::-1], of=len(rows)),
        who=joined((more, joined(who)), "", ""),
    )


def _who(row: Mapping[str, object], day: Text, title: str) -> Text:
    """Return what one event was: its day, who convened it, its title, and what the row adds."""
    kind = str(row["type"])
    told = {name: trimmed(row[name]) for name in _WHO}
    by, verb = told["convened_by"], _VERBS.get(kind, "")
    if by in title:
        by = ""
    convened_by, attended_by = told["convened_by"], told["attended_by"]
    if kind == "interview" and convened_by and attended_by:
        return say(
            "briefing.lists.summoned", day=day, convened_by=convened_by, attended_by=attended_by
        )
    led = say("briefing.lists.led", by=by).zh if by and kind == "site_review" else by
    verb = "" if not verb or verb in title else verb
    added = _ADDED.get(kind, _ADDED_ELSE)
    after = [words.format(told[name]) for name, words in added if told[name]]
    zh = "，".join([f"{day.zh}{'，' if led or verb else ''}{led}{verb}{title}", *after])
    english = [words.format(told[name]) for name, words in _ADDED_EN if told[name]]
    return Text(zh, ", ".join([f"{day.en}: {title}", *english]))


def titled(title: str, number: str = "") -> Text:
    """Return a document by its title and number, as official texts name it.

    Examples
    --------
    >>> titled("关于做好稳投资工作的通知", "演政发〔2026〕14号").zh
    '《关于做好稳投资工作的通知》（演政发〔2026〕14号）'
    """
    words = title.strip("《》")
    return Text(
        f"《{words}》" + (f"（{number}）" if number else ""),
        f"“{words}”" + (f" ({number})" if number else ""),
    )


def day_words(day: pd.Timestamp, *, with_year: bool = False) -> Text:
    """Return a day in words.

    Examples
    --------
    >>> day_words(pd.Timestamp("2026-08-12")).zh, day_words(pd.Timestamp("2026-08-12")).en
    ('8月12日', '12 August')
    """
    zh, en = ("y年M月d日", "d MMMM y") if with_year else ("M月d日", "d MMMM")
    return Text(
        format_date(day.date(), zh, BABEL_LOCALES["zh"]),
        format_date(day.date(), en, BABEL_LOCALES["en"]),
    )
