"""Tables of money, land and permits; for those who keep the ledger.

See :mod:`faiwatch.ledger.tables.main`.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.core.text import Language, Text, number, percent
from faiwatch.ledger.funding import ELEMENTS, STATES
from faiwatch.ledger.sheets import PER_100M
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tables.cells import (
    MOST,
    NAME,
    UNIT,
    cut_words,
    names,
    whole,
)
from faiwatch.view.tables import Table


def element_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the projects that lack land, environmental approval or funds."""
    unit = study.standing[["project_code", "unit", "shortfall_10k", "status"]]
    joined = study.matrix.merge(unit, on="project_code")
    is_open = ~joined["status"].isin(["completed", "stopped", "investor_exit"])
    n = joined[list(ELEMENTS)].isin(["pending"]).sum(axis="columns")
    lacking = joined.assign(n=n)[n.gt(0) & is_open]
    ordered = lacking.sort_values(["n", "shortfall_10k"], ascending=False)
    rows = ordered.head(MOST)
    signs = {"in_place": "✓ ", "pending": "✗ ", "not_needed": "", "unknown": ""}
    told = {state: f"{signs[state]}{words.in_language(lang)}" for state, words in STATES.items()}
    frame = pd.DataFrame(
        {"name": names(rows["name"]), "unit": names(rows["unit"])}
        | {element: rows[element].map(told).to_list() for element in ELEMENTS}
        | {"shortfall": whole(rows["shortfall_10k"], lang)}
    )
    labels = {"name": NAME, "unit": UNIT} | {
        name: Text(words.zh, words.en.capitalize()) for name, words in ELEMENTS.items()
    }
    labels["shortfall"] = Text("差额（万元）", "Behind (10,000 yuan)")
    return Table(
        frame,
        Text(
            "要素未落实的项目（未竣工、未停建）",
            "Projects under way that lack an input",
        ),
        labels,
        cut_words(ordered, MOST, "elements.csv"),
        "elements.csv",
    )


def funding_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return money that is there beside money that is needed."""
    told = {
        Text("本年资金", "Funds of the year"): study.funds,
        Text("地方配套", "Local match"): study.match,
    }
    frame = pd.DataFrame(
        {
            "what": [words.in_language(lang) for words in told],
            "n": [number(found.n, lang, 0) for found in told.values()],
            "needed": [number(found.needed_10k / PER_100M, lang, 2) for found in told.values()],
            "arrived": [number(found.arrived_10k / PER_100M, lang, 2) for found in told.values()],
            "open": [number(found.open_10k / PER_100M, lang, 2) for found in told.values()],
            "rate": [percent(found.rate_pct, lang) for found in told.values()],
        }
    )
    labels = {
        "what": Text("资金", "Money"),
        "n": Text("项目数", "Projects"),
        "needed": Text("应到位（亿元）", "Needed (100m yuan)"),
        "arrived": Text("已到位（亿元）", "In place (100m yuan)"),
        "open": Text("尚缺（亿元）", "Lacking (100m yuan)"),
        "rate": Text("到位率", "Rate"),
    }
    note = Text(
        "尚缺按项目逐个计算：一个项目多到位的，不抵另一个项目的缺口。",
        "What is lacking is counted project by project: too much here does not cover a gap there.",
    )
    return Table(frame, Text("资金到位情况", "Money in place"), labels, note)
