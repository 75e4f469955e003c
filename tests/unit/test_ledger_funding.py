"""Funds, match, bonds, land and permits, contracts: rules, boundaries, and plain loops."""

import math

import pandas as pd
import pytest

from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.contracts import contract_funnel
from faiwatch.ledger.funding import (
    bond_use,
    element_matrix,
    element_rates,
    funds_in_place,
    local_match,
)

AUGUST = pd.Period("2026-08", "M")


def projects(**fields):
    count = max(len(values) for values in fields.values())
    codes = [str(at) for at in range(count)]
    rows = {"asof": "2026-08", "project_code": codes, "name": codes} | fields
    return ledger_frame("projects", pd.DataFrame(rows))


def bond(issued, amount=600.0, paid=100.0, **fields):
    row = {"project_code": "甲", "batch": "一", "issued": issued, "amount": amount, "paid": paid}
    return ledger_frame("bonds", pd.DataFrame([row | fields]))


def rows_of(demo_ledger, table="projects"):
    frame = demo_ledger.settled()[table]
    return frame[frame["asof"] == AUGUST].to_dict("records")


def test_a_rate_is_over_projects_that_tell_both_figures():
    found = funds_in_place(
        projects(funds_plan=[100.0, 100.0, None, 0.0], funds_arrived=[30.0, None, 50.0, 9.0]),
        as_of=AUGUST,
    )
    assert (found.n, found.n_unknown, found.open_10k) == (1, 2, 70.0)
    assert math.isnan(found.rate_pct)  # too much is not known


def test_a_rate_stands_while_what_is_not_known_weighs_little():
    found = funds_in_place(
        projects(funds_plan=[100.0, 100.0], funds_arrived=[30.0, None], annual_plan=[960.0, 40.0]),
        as_of=AUGUST,
    )
    assert (found.rate_pct, found.known.n_known, found.known.unknown_pct) == (30.0, 1, 4.0)


def test_what_one_project_paid_too_much_covers_no_other():
    both = projects(local_match=[100.0, 100.0], local_match_arrived=[200.0, 0.0])
    found = local_match(both, as_of=AUGUST)
    assert (found.rate_pct, found.open_10k) == (50.0, 100.0)
    assert local_match(projects(local_match=[None]), as_of=AUGUST).n == 0


def test_nothing_needed_has_no_rate():
    found = funds_in_place(projects(funds_plan=[0.0], funds_arrived=[0.0]), as_of=AUGUST)
    assert math.isnan(found.rate_pct)


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ("2026-08-01", 0.0),
        ("2026-07-31", 100 / 6),
        ("2026-02-28", 100.0),
        ("2026-03-01", 500 / 6),
        ("2025-01-31", 100.0),
    ],
)
def test_a_bond_is_expected_to_be_used_in_six_months_from_the_month_after(issued, expected):
    found = bond_use(bond(issued), as_of=AUGUST).iloc[0]
    assert found["expected_pct"] == pytest.approx(expected)
    assert found["expected_10k"] == pytest.approx(6 * expected)
    assert math.isnan(found["shortfall_pct"]) == (expected == 0)


def test_later_bonds_are_left_out_and_unknown_payments_stay_unknown():
    assert bond_use(bond("2026-09-01"), as_of=AUGUST).empty
    found = bond_use(bond("2026-02-01", paid=None), as_of=AUGUST).iloc[0]
    assert found[["shortfall_10k", "use_pct", "shortfall_pp"]].isna().all()


def test_bonds_by_hand_the_largest_shortfall_first():
    frames = [
        bond("2026-05-20", amount=600.0, paid=450.0),  # three of six months: 150 ahead
        bond("2026-02-28", amount=1.0, paid=0.25),
        bond("2026-06-30", amount=300.0, paid=30.0),  # two: 70 short of 100
        bond("2026-06-30", amount=0.0, paid=0.0),
    ]
    found = bond_use(pd.concat(frames, ignore_index=True), as_of=AUGUST)
    assert found["amount_10k"].to_list() == [300.0, 1.0, 0.0, 600.0]
    assert found["expected_10k"].to_list() == pytest.approx([100.0, 1.0, 0.0, 300.0])
    assert found["shortfall_10k"].to_list() == pytest.approx([70.0, 0.75, 0.0, -150.0])
    told = {
        "use_pct": [10.0, 25.0, math.nan, 75.0],
        "shortfall_pp": [70 / 3, 75.0, math.nan, -25.0],
        "shortfall_pct": [70.0, 75.0, math.nan, -50.0],
    }
    for name, values in told.items():
        assert found[name].to_list() == pytest.approx(values, nan_ok=True)


def test_bonds_that_tell_no_month_stand_beside_those_of_the_latest():
    frames = [bond("2026-02-01", paid=paid, asof=month) for paid, month in (
        (1.0, None), (2.0, "2026-07"), (3.0, "2026-06"))]  # fmt: skip
    found = bond_use(pd.concat(frames, ignore_index=True), as_of=AUGUST)
    assert sorted(found["paid_10k"]) == [1.0, 2.0]
    found = bond_use(pd.concat(frames, ignore_index=True), as_of=AUGUST - 3)
    assert found["paid_10k"].to_list() == [1.0]


def test_only_the_latest_month_of_bonds_counts():
    frames = [bond("2026-01-31", paid=paid, asof=month) for paid, month in (
        (100.0, "2026-07"), (200.0, "2026-08"), (300.0, "2026-09"))]  # fmt: skip
    found = bond_use(pd.concat(frames, ignore_index=True), as_of=AUGUST)
    assert found["paid_10k"].tolist() == [200.0]


@pytest.mark.parametrize(
    ("plan", "arrived", "state"),
    [
        (90.0, 60.0, "in_place"),
        (90.0, 59.9, "pending"),
        (0.0, None, "not_needed"),
        (90.0, None, "unknown"),
        (None, 9.0, "unknown"),
    ],
)
def test_funds_are_in_place_when_they_keep_pace_with_the_year(plan, arrived, state):
    matrix = element_matrix(projects(funds_plan=[plan], funds_arrived=[arrived]), as_of=AUGUST)
    assert matrix["funds"].tolist() == [state]


def test_who_needs_nothing_and_who_says_nothing_is_in_no_rate():
    given = projects(land_status=["done", "pending", "not_needed", "", "done"])
    rates = element_rates(element_matrix(given, as_of=AUGUST)).set_index("element").loc["land"]
    assert rates[["in_place", "pending", "not_needed", "unknown"]].tolist() == [2, 1, 1, 1]
    assert rates["rate_pct"] == pytest.approx(200 / 3)


def test_a_contract_counts_from_its_signature_and_each_step_by_the_last_day():
    rows = {
        "id": list("1234"),
        "name": list("1234"),
        "signed": ["2025-12-31", "2026-01-01", "2026-08-31", "2026-09-01"],
        "performed": [None, "2026-09-01", None, None],
        "started": [None, "2026-08-31", None, None],
        "amount": [1.0, 10.0, None, 1.0],
        "arrived": [1.0, 4.0, 9.0, 1.0],
    }
    found = contract_funnel(ledger_frame("contracts", pd.DataFrame(rows)), as_of=AUGUST)
    steps = found.steps.set_index("step")
    assert steps["n"].tolist() == [
        2,
        1,
        1,
        0,
    ]  # started, so performed, whatever day is given for it
    assert steps["n_unknown_amount"].tolist() == [1, 0, 0, 0]
    assert steps.loc["started", "rate_pct"] == 50.0
    assert (found.arrived_n, found.arrived_rate_pct) == (1, 40.0)


def test_figures_of_the_made_up_ledger_are_those_of_loops_over_its_rows(demo_ledger):
    tables = demo_ledger.settled()
    planned = arrived = in_place = needing = 0.0
    for row in rows_of(demo_ledger):
        if row["funds_plan"] > 0 and not math.isnan(row["funds_arrived"]):
            planned, arrived = planned + row["funds_plan"], arrived + row["funds_arrived"]
        in_place += row["land_status"] == "done"
        needing += row["land_status"] in {"done", "pending"}
    funds = funds_in_place(tables["projects"], as_of=AUGUST)
    assert (funds.needed_10k, funds.arrived_10k) == (planned, arrived)
    rates = element_rates(element_matrix(tables["projects"], as_of=AUGUST)).set_index("element")
    assert rates.loc["land", "rate_pct"] == 100 * in_place / needing

    signed = performed = 0
    for row in rows_of(demo_ledger, "contracts"):
        inside = pd.Timestamp("2026-01-01") <= row["signed"] <= pd.Timestamp("2026-08-31")
        signed += inside
        performed += inside and row["performed"] <= pd.Timestamp("2026-08-31")
    steps = contract_funnel(tables["contracts"], as_of=AUGUST).steps
    assert steps["n"].tolist()[:2] == [signed, performed]

    short = 0.0
    for row in rows_of(demo_ledger, "bonds"):
        months = (AUGUST - row["issued"].to_period("M")).n
        short += min(1.0, months / 6) * row["amount"] - row["paid"]
    assert bond_use(tables["bonds"], as_of=AUGUST)["shortfall_10k"].sum() == pytest.approx(short)


def test_a_contract_that_has_started_has_been_performed():
    rows = {"id": ["1", "2", "3"], "name": ["甲", "乙", "丙"], "signed": ["2026-03-01"] * 3}
    rows |= {"started": ["2026-06-01", "2026-07-01", None], "amount": [500.0, 300.0, 100.0]}
    found = contract_funnel(ledger_frame("contracts", pd.DataFrame(rows)), as_of=AUGUST)
    steps = found.steps.set_index("step")
    assert steps["n"].to_dict() == {"signed": 3, "performed": 2, "started": 2, "finished": 0}
    assert steps.loc["performed", "amount_10k"] == 800.0
