"""Somebody with every published cell and an optimiser tries to work out what was withheld."""

import numpy as np
import pandas as pd
import pytest
import scipy  # its parts when they are first used
from hypothesis import given, settings
from hypothesis import strategies as st

from faiwatch.ledger.public import MERGED, TOTAL, public_tables

DIMENSIONS = ("unit", "status", "area")
CUTS = [("unit", "status"), ("area", "status")]
ROUNDING = 1e-6


@st.composite
def ledgers(draw):
    size = draw(st.integers(8, 45))
    skewed = {"unit": "aaaabbbccd", "status": "xxxxxyyyzw", "area": "pppqqrrs"}
    rows = {
        name: draw(st.lists(st.sampled_from(letters), min_size=size, max_size=size))
        for name, letters in skewed.items()
    }
    money = st.one_of(st.integers(0, 60), st.integers(0, 60), st.integers(500, 4000))
    rows["done"] = draw(st.lists(money, min_size=size, max_size=size))
    return pd.DataFrame(rows).astype({"done": "float64"})


class Attacker:
    """Knows the tables and that nothing is negative; asks what a cell may be at least, at most."""

    def __init__(self, tables, figure):
        classes = {
            name: [
                one
                for one in tables[next(cut for cut in tables if name in cut)][name].unique()
                if one != TOTAL
            ]
            for name in DIMENSIONS
        }
        self.cells = pd.MultiIndex.from_product(classes.values(), names=DIMENSIONS).to_frame()
        self.counts = figure == "n"
        known = [
            (self.where(row[list(cut)]), row[figure])
            for cut, table in tables.items()
            for _, row in table.iterrows()
            if not np.isnan(row[figure])
        ]
        self.sums = np.array([cells for cells, _ in known])
        self.values = np.array([value for _, value in known])

    def where(self, key):
        inside = np.ones(len(self.cells), dtype=bool)
        for name, value in key.items():
            if value != TOTAL:
                inside &= (self.cells[name] == value).to_numpy()
        return inside.astype(float)

    def range_of(self, key):
        wanted = self.where(key)
        ends = [
            scipy.optimize.linprog(
                sign * wanted,
                A_eq=self.sums,
                b_eq=self.values,
                integrality=np.full(len(wanted), int(self.counts)),
            )
            for sign in (1, -1)
        ]
        assert all(end.status == 0 for end in ends), [end.message for end in ends]
        return ends[0].fun, -ends[1].fun


def true_cells(rows, table, cut):
    """Yield each withheld cell and the rows in it, after the merging that everybody sees."""
    for _, cell in table[table["n"].isna() | table["done"].isna()].iterrows():
        inside = pd.Series(True, index=rows.index)
        for name in cut:
            shown = set(table[name]) - {TOTAL}
            label = rows[name].where(rows[name].isin(shown), MERGED)
            inside &= (cell[name] == TOTAL) | (label == cell[name])
        yield cell, rows[inside]


@settings(max_examples=8)
@given(ledgers())
def test_no_small_count_can_be_told_from_a_large_one(rows):
    tables = public_tables(rows, CUTS, amounts={cut: ["done"] for cut in CUTS})
    attacker = Attacker(tables, "n")
    for cut, table in tables.items():
        assert not table["n"].between(1, 2).any()
        for cell, inside in true_cells(rows, table, cut):
            if np.isnan(cell["n"]) and 0 < len(inside) < 3:
                low, high = attacker.range_of(cell[list(cut)])
                assert high >= 3 - ROUNDING
                assert high - low >= 3 - ROUNDING


@settings(max_examples=8)
@given(ledgers())
def test_no_amount_of_one_or_two_projects_can_be_come_near_to(rows):
    tables = public_tables(rows, CUTS, amounts={cut: ["done"] for cut in CUTS})
    if tables["unit", "status"]["done"].isna().all():
        return  # one project makes the whole ledger
    attacker = Attacker(tables, "done")
    for cut, table in tables.items():
        for cell, inside in true_cells(rows, table, cut):
            largest = inside["done"].max()
            if 0 < len(inside) < 3 or largest > 0.8 * inside["done"].sum() > 0:
                low, high = attacker.range_of(cell[list(cut)])
                assert high >= inside["done"].sum() + 0.1 * largest - ROUNDING
                assert high > low


def test_the_attacker_finds_a_count_that_is_withheld_alone():
    units, states = list("aaaaaaabbbbbbb"), list("xxxxxxyxxxyyyy")
    rows = pd.DataFrame({"unit": units, "status": states, "area": "p"})
    tables = public_tables(rows, [("unit", "status"), ("area",)])
    table = tables["unit", "status"]
    inside = table[(table["unit"] != TOTAL) & (table["status"] != TOTAL)]
    assert inside["n"].isna().all()
    alone = table.assign(n=[6, np.nan, 7, 3, 4, 7, 9, 5, 14])  # only the one project is withheld
    attacker = Attacker(tables | {("unit", "status"): alone}, "n")
    assert attacker.range_of(table.loc[1, ["unit", "status"]]) == pytest.approx((1, 1))
