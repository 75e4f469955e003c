"""Somebody with all published editions and an optimiser tries to work out single projects."""

import random

import numpy as np
import pandas as pd
import pytest
import scipy  # its parts when they are first used

from faiwatch.ledger.editions import DONE, PLAN, ROUNDED, over_time
from faiwatch.ledger.public import MERGED, TOTAL, public_tables

CUT = ("unit", "group")
MONTHS = ["2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07"]


def sheets(seed, n_months):
    """Return monthly sheets: some projects come and go, states change, and no figure moves."""
    dice = random.Random(seed)
    projects = [
        {
            "project_code": f"p{at:02d}",
            "unit": "aaabbbc"[at % 7],
            PLAN: float(dice.choice([40, 60, 80, 120, 500]) * 10 + at),
        }
        for at in range(28)
    ]
    for one in projects:
        one |= {"owner": one["project_code"], DONE: float(int(one[PLAN] * dice.random()))}
    there = set(range(26))
    for _ in range(n_months):
        yield pd.DataFrame([projects[at] | {"group": dice.choice("xxy")} for at in sorted(there)])
        there ^= set(dice.sample(range(28), dice.choice([1, 1, 2])))


def published(rows, month, earlier):
    """Return the table of a month by itself, and beside earlier editions."""
    alone = public_tables(rows, [CUT], amounts={CUT: [PLAN, DONE]})[CUT]
    return alone.assign(**{ROUNDED: np.nan}), over_time(rows, alone, month, earlier)


class Attacker:
    """Knows who was in which class when, and that no whole amount of a project ever changed."""

    def __init__(self, months, amount):
        self.codes = sorted({code for rows, _ in months for code in rows["project_code"]})
        sums, low, high = [], [], []
        for rows, table in months:
            classes = {
                name: rows[name].where(rows[name].isin(set(table[name])), MERGED) for name in CUT
            }
            for cell in table.dropna(subset=[amount]).to_dict("records"):
                inside = pd.Series(True, index=rows.index)
                for name in CUT:
                    inside &= (cell[name] == TOTAL) | (classes[name] == cell[name])
                members = set(rows["project_code"][inside])
                half = 0.0 if np.isnan(cell[ROUNDED]) else cell[ROUNDED] / 2
                sums.append([code in members for code in self.codes])
                low.append(cell[amount] - half)
                high.append(cell[amount] + half)
        self.limits = (
            scipy.optimize.LinearConstraint(np.array(sums, dtype=float), low, high) if sums else ()
        )

    def width(self, code):
        """Return how far apart least and greatest possible amount of a project are."""
        wanted = np.array([one == code for one in self.codes], dtype=float)
        ends = [
            scipy.optimize.milp(
                sign * wanted, constraints=self.limits, integrality=np.ones(len(wanted))
            )
            for sign in (1, -1)
        ]
        if ends[1].status in {3, 4}:  # nothing bounds it
            return np.inf
        assert [end.status for end in ends] == [0, 0], [end.message for end in ends]
        return -ends[1].fun - ends[0].fun


def pinned(months, amount, only=None):
    """Return the projects whose amount can be told to within ten percent on either side."""
    attacker = Attacker(months, amount)
    true = pd.concat([rows for rows, _ in months]).drop_duplicates("project_code")
    true = true.set_index("project_code")[amount]
    codes = attacker.codes if only is None else only
    return [code for code in codes if attacker.width(code) < 0.2 * true[code] - 1]


@pytest.mark.parametrize(("seed", "n_months"), [(6, 2), (7, 6)])
def test_no_amount_of_a_project_follows_from_all_editions(seed, n_months):
    earlier, alone, together = [], [], []
    for month, rows in zip(MONTHS, sheets(seed, n_months), strict=False):
        by_itself, found = published(rows, month, earlier)
        earlier.insert(0, found.edition)
        alone.append((rows, by_itself))
        together.append((rows, found.table))
    assert pinned(alone, PLAN)  # the attacker is able: each month by itself gives some away
    for amount in (PLAN, DONE):
        assert pinned(together, amount) == []
    told = [table[amount].notna().sum() for _, table in together for amount in (PLAN, DONE)]
    assert min(told) > 0  # something is still told every month


def test_two_months_of_the_made_up_ledger_give_no_project_away(demo_ledger):
    projects = demo_ledger.settled()["projects"]
    alone, together, earlier = [], [], []
    for month in ("2026-07", "2026-08"):
        of_month = projects[projects["asof"] == pd.Period(month, "M")]
        of_month = of_month.rename(columns={"annual_plan": PLAN, "ytd_done": DONE})
        rows = of_month.assign(group=of_month["nature"]).dropna(subset=[PLAN, DONE])
        by_itself, found = published(rows, month, earlier)
        earlier.insert(0, found.edition)
        alone.append((rows, by_itself))
        together.append((rows, found.table))
    came_or_left = set(alone[0][0]["project_code"]) ^ set(alone[1][0]["project_code"])
    assert came_or_left
    assert pinned(alone, PLAN, came_or_left)
    assert pinned(together, PLAN, came_or_left) == []
    assert "2026-07" in found.note.en
