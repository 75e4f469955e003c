"""A ledger whose every text means harm, and how to show a whole page of any ledger."""

from dataclasses import replace

import pandas as pd

from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.data.light_rules import presets
from faiwatch.data.parameter_types import PUBLIC
from faiwatch.ledger.book import Ledger
from faiwatch.ledger.checks import check_ledger
from faiwatch.ledger.findings import ledger_findings
from faiwatch.ledger.page import SECTIONS, published_of
from faiwatch.ledger.study import study_ledger
from faiwatch.page.shown import outputs_of
from faiwatch.view import html as blocks

AUGUST = pd.Period("2026-08", "M")
BOOKS = list(presets().values())
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"
HIDDEN = "\u202e\u2066\x00\x07"
FORMULA = '=HYPERLINK("http://x","y")'
LONG = "长" * 10_000
HOSTILE = [FORMULA + MARKUP, HIDDEN + MARKUP, LONG, "+1", "-1", "@x", "__proto__", "constructor"]


def html_of(outputs):
    return "\n".join(str(one.get(blocks.PAGE_HTML) or one.get("text/html", "")) for one in outputs)


def show_all(ledger):
    shown = [ledger.verdict(), ledger.numbers(), ledger.filters(), ledger.lights()]
    shown += [ledger.more_numbers(), ledger.compare_rules(), ledger.cards()]
    shown += [ledger.section(section) for section in (*SECTIONS, PUBLIC)]
    ledger.save()
    return outputs_of(*shown)


def ledger_page(page, tables):
    published = published_of(page.known, page.region.code, AUGUST)
    study = study_ledger(tables, published, BOOKS, as_of=AUGUST)
    subject = replace(page.book.subject, source=HOSTILE[1])
    book = Ledger(subject, study, ledger_findings(study), check_ledger(tables))
    return replace(page, book=book)


def hostile_tables():
    n = len(HOSTILE)
    codes = [f"甲{at}" for at in range(n)]
    projects = {"project_code": codes, "name": HOSTILE, "unit": HOSTILE[::-1], "lead": HOSTILE}
    projects |= {"owner": HOSTILE, "area": HOSTILE, "problem": HOSTILE, "sheet": HOSTILE}
    projects |= {"annual_plan": 1200.0, "ytd_done": 1.0, "total_investment": 1e4, "row": 4}
    projects |= {"stat_ytd_reported": 0.0, "in_stat_library": True, "actual_start": "2024-01-01"}
    projects |= {"original_finish": "2026-01-01", "planned_finish": "2027-01-01"}
    projects |= {"funds_plan": 100.0, "funds_arrived": 1.0, "land_status": "pending"}
    projects |= {"stop_date": ["2026-01-01", *[None] * (n - 1)]}
    then = pd.DataFrame(projects | {"asof": "2025-08", "ytd_done": 500.0})
    issues = {"issue_id": HOSTILE, "project_code": codes, "opened": "2026-01-01"}
    issues |= {"due": "2026-02-01", "owner_unit": HOSTILE, "action": HOSTILE, "cause": "land"}
    tasks = {"id": HOSTILE, "title": HOSTILE, "due": "2026-08-20", "parent": codes}
    bonds = {"project_code": codes, "batch": HOSTILE, "issued": "2026-01-01", "amount": 9.0}
    events = {"date": ["2026-08-12"], "title": [HOSTILE[1]]}
    given = {
        "projects": pd.concat([then, pd.DataFrame(projects | {"asof": "2026-08"})]),
        "issues": pd.DataFrame(issues | {"class": "slow"}),
        "tasks": pd.DataFrame(tasks | {"owner": HOSTILE}),
        "bonds": pd.DataFrame(bonds | {"paid": 1.0}),
        "events": pd.DataFrame(events),
    }
    return {name: ledger_frame(name, frame) for name, frame in given.items()}
