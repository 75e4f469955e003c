"""Tables of money, land and permits; for those who keep the ledger.

See :mod:`faiwatch.ledger.tables.main`.
"""

from __future__ import annotations

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.measures import measures_of
from faiwatch.ledger.funding import ELEMENTS, STATES
from faiwatch.ledger.sheets import PER_100M
from faiwatch.ledger.study import LedgerStudy
from faiwatch.ledger.tables.cells import INPUTS, NAMED, UNIT, cut, told
from faiwatch.view.tables import Table


def element_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return the projects that lack land, environmental approval or funds."""
    unit = study.standing[["project_code", "unit", "shortfall_10k", "status"]]
    joined = study.matrix.merge(unit, on="project_code")
    is_open = ~joined["status"].isin(["completed", "stopped", "investor_exit"])
    n = joined[list(ELEMENTS)].isin(["pending"]).sum(axis="columns")
    lacking = joined.assign(n=n)[n.gt(0) & is_open]
    ordered = lacking.sort_values(["n", "shortfall_10k"], ascending=False)
    signs = {"in_place": "✓ ", "pending": "✗ ", "not_needed": "", "unknown": ""}
    words = {
        state: Text(f"{signs[state]}{one.zh}", f"{signs[state]}{one.en}")
        for state, one in STATES.items()
    }
    columns = NAMED | UNIT | INPUTS | measures_of("shortfall_10k")
    frame = told(ordered, columns, lang, dict.fromkeys(ELEMENTS, words))
    title = Text("要素未落实的项目（未竣工、未停建）", "Projects under way that lack an input")
    return cut(Table(frame, title, columns, lang, file="elements.csv"))


def funding_table(study: LedgerStudy, *, lang: Language) -> Table:
    """Return money that is there beside money that is needed."""
    funds = {
        Text("本年资金", "Funds of the year"): study.funds,
        Text("地方配套", "Local match"): study.match,
    }
    rows = [
        {
            "what": words,
            "n": found.n,
            "needed": found.needed_10k / PER_100M,
            "arrived": found.arrived_10k / PER_100M,
            "open": found.open_10k / PER_100M,
            "rate": found.rate_pct,
        }
        for words, found in funds.items()
    ]
    columns = measures_of(what="funds", n="n_projects", needed="needed_100m")
    columns |= measures_of(arrived="arrived_100m", open="lacking_100m", rate="arrived_pct")
    note = say("ledger.tables_funding.project_by_project")
    title = Text("资金到位情况", "Funds: needed and in place")
    return Table(pd.DataFrame(rows), title, columns, lang, note)
