"""What is known of a number of the ledger: weights, the edge of five percent, and the words."""

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from faiwatch.core.finding import Coverage
from faiwatch.core.provenance import Basis, What
from faiwatch.core.text import Text
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger import coverage
from faiwatch.ledger.coverage import (
    coverage_of,
    coverage_words,
    covered,
    has_started,
    money,
    read_as,
    stand_in,
    state_of,
    unknown_pct,
    with_zeros_by_rule,
)

AUGUST = pd.Period("2026-08", "M")
NAN = math.nan


def sheet(*rows):
    listed = [
        {"asof": "2026-08", "project_code": str(at), "name": "厂"} | row
        for at, row in enumerate(rows)
    ]
    return ledger_frame("projects", pd.DataFrame(listed))


def of(n=20, n_known=20, n_by_rule=0, unknown=0.0):
    return Coverage(n=n, n_known=n_known, n_by_rule=n_by_rule, unknown_pct=unknown)


# --- what a blank is worth ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "started"),
    [
        ({"actual_start": "2026-08-31"}, True),
        ({"actual_start": "2026-09-01", "ytd_done": 5.0, "stage": "started"}, False),
        ({"ytd_done": 0.1}, True),
        ({"cum_done_total": 0.1}, True),
        ({"ytd_done": -0.1, "cum_done_total": 0.0}, False),
        ({"stage": "started"}, True),
        ({"stage": "in_production"}, True),
        ({"stage": "reserve", "nature": "ongoing"}, False),
        ({"stage": "planned", "nature": "completed"}, False),
        ({"nature": "ongoing"}, True),
        ({"nature": "completed"}, True),
        ({"nature": "ongoing", "planned_start": "2026-08-31"}, True),
        ({"nature": "ongoing", "planned_start": "2026-09-01"}, False),
        ({"nature": "ongoing", "planned_start": "2026-09-01", "stage": "planned"}, False),
        ({}, False),
    ],
)
def test_a_date_says_who_has_started_and_else_what_is_told(row, started):
    assert has_started(sheet(row), AUGUST).to_list() == [started]


WAITS = {"planned_start": "2026-10-31"}


@pytest.mark.parametrize(
    ("row", "by_rule"),
    [
        (WAITS, True),
        ({"original_start": "2026-03-31"}, True),
        ({"nature": "early"}, True),
        ({"stage": "planned"}, True),
        ({"stage": "reserve"}, True),
        ({}, False),
        (WAITS | {"plan_done_pct": 0.1}, False),
        (WAITS | {"plan_done_pct": 0.0, "month_done": 0.0}, True),
        (WAITS | {"month_done": 0.1}, False),
        (WAITS | {"actual_finish": "2026-08-31"}, False),
        (WAITS | {"actual_finish": "2026-09-01"}, True),
        (WAITS | {"actual_start": "2026-08-31"}, False),
        (WAITS | {"actual_start": "2026-09-01"}, True),
        (WAITS | {"stage": "in_production"}, False),
        ({"stage": "in_production", "nature": "early", "actual_start": "2026-09-01"}, False),
        (
            {"stage": "in_production", "nature": "early", "actual_start": "2026-09-01"}
            | {"actual_finish": "2026-08-31"},
            False,
        ),
    ],
)
def test_who_waits_and_tells_nothing_else_has_done_nothing(row, by_rule):
    found = with_zeros_by_rule(sheet(row), AUGUST).iloc[0]
    assert found["done_by_rule"] == by_rule
    done = [0.0 if by_rule else NAN] * 2
    assert found[["ytd_done", "cum_done_total"]].to_list() == pytest.approx(done, nan_ok=True)


@pytest.mark.parametrize(
    ("row", "plan"),
    [
        ({"planned_start": "2027-01-01"}, 0.0),
        ({"planned_start": "2026-12-31"}, NAN),
        ({"planned_start": "2027-01-01", "annual_plan": 3.0}, 3.0),
        ({"nature": "early"}, 0.0),
        ({"nature": "early", "planned_start": "2026-11-30"}, NAN),
        ({"planned_start": "2027-01-01", "month_done": 1.0}, NAN),
        ({}, NAN),
    ],
)
def test_a_blank_plan_is_zero_where_the_start_is_after_the_year(row, plan):
    found = with_zeros_by_rule(sheet(row), AUGUST)["annual_plan"].to_list()
    assert found == pytest.approx([plan], nan_ok=True)


def test_what_is_told_stays_and_is_no_zero_by_rule():
    found = with_zeros_by_rule(sheet(WAITS | {"ytd_done": 0.0, "month_done": 0.0}), AUGUST).iloc[0]
    assert not found["done_by_rule"]
    assert found[["month_done", "ytd_done", "cum_done_total"]].to_list() == [0.0] * 3


# --- how much is known ----------------------------------------------------------------------


def test_a_row_without_a_plan_weighs_as_much_as_the_others_on_average():
    assert stand_in(pd.Series([10.0, None, 30.0])).to_list() == [10.0, 20.0, 30.0]
    assert stand_in(pd.Series([-10.0, None, 30.0])).to_list() == [0.0, 15.0, 30.0]
    assert stand_in(pd.Series([None, None], dtype=float)).to_list() == [1.0, 1.0]


def test_the_share_that_is_not_known_is_one_of_weight_or_else_of_rows():
    known, heavy = pd.Series([True, False]), pd.Series([30.0, 10.0])
    by_rule = pd.Series([True, False])
    assert coverage_of(known, weight=heavy) == of(2, 1, 0, 25.0)
    assert coverage_of(known, weight=heavy, by_rule=by_rule) == of(2, 1, 1, 25.0)
    assert coverage_of(known, weight=heavy * 0.0) == of(2, 1, 0, 50.0)
    assert coverage_of(known | True, weight=heavy) == of(2, 2, 0, 0.0)
    assert unknown_pct(5.0, 5.0, {"n": 3, "n_known": 3}) == 0.0
    assert unknown_pct(0.5, 0.8, {"n": 3, "n_known": 2}) == 62.5
    assert unknown_pct(0.0, 0.0, {"n": 4, "n_known": 1}) == 75.0


@pytest.mark.parametrize(
    ("coverage", "possible", "even", "state"),
    [
        (of(), (), None, "ok"),
        (of(n=0, n_known=0), (), None, "ok"),
        (of(n_known=19, unknown=5.0), (), None, "partial"),
        (of(n_known=19, unknown=5.01), (), None, "missing"),
        (of(n_known=0, unknown=0.0), (), None, "missing"),
        (of(), (50.0, NAN), None, "missing"),
        (of(), (50.0, 90.0), None, "ok"),  # not a share of the plan: read in no way
        (of(n_known=19, unknown=1.0), (50.0, 60.0), 66.7, "partial"),
        (of(n_known=19, unknown=1.0), (50.0, 70.0), 66.7, "missing"),
        (of(n_known=19, unknown=1.0), (79.9, 80.0), 66.7, "missing"),  # a light
        (of(n_known=19, unknown=1.0), (99.9, 100.0), 66.7, "missing"),  # the verdict
    ],
)
def test_a_number_is_told_when_nineteen_parts_of_twenty_are_and_it_reads_one_way(
    coverage, possible, even, state
):
    assert state_of(coverage, *possible, even_pct=even) == state


def test_a_share_is_read_by_its_sign_to_one_decimal_the_lights_and_the_verdict():
    assert read_as(66.66, 66.7) == (False, False, False)  # -0.04 is said as 0.0
    assert read_as(66.6, 66.7) == (True, False, False)
    assert read_as(80.0, 66.7) == (False, False, True)
    assert read_as(100.0, 100.2) == (True, True, True)


# --- words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coverage", "zh", "en"),
    [
        (of(), "", ""),
        (of(n_by_rule=2), "2个未开工项目空白按0计", "blank counted as 0 by rule: 2 not started"),
        (of(n=1, n_known=0), "1个项目中0个有数", "0 of 1 project"),
        (
            of(n_known=19, n_by_rule=1),
            "20个项目中19个有数，1个未开工项目空白按0计",
            "19 of 20 projects; blank counted as 0 by rule: 1 not started",
        ),
    ],
)
def test_what_a_number_is_over_is_said_where_not_every_row_tells(coverage, zh, en):
    assert coverage_words(coverage) == Text(zh, en)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0.0, "0"), (10_000.0, "1.0"), (9_999.0, "1.00"), (-20_000.0, "−2.0"), (1_000.0, "0.10"),
     (999.0, "0.0999"), (-500.0, "−0.0500"), (12_345_678.0, "1235")],
)  # fmt: skip
def test_small_amounts_have_more_decimals(amount, words):
    found = money(amount)
    assert [one.replace(",", "") for one in (found.zh, found.en)] == [words] * 2


def told(value, known, unit="pct"):
    basis = Basis("2026-08", "2026-08", ())
    return covered(basis, "x", value, What(Text("甲", "a"), unit, "a / b"), known)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (47.46, "pct", "47.5%", "47.5%"),
        (0.04, "pp", "0.0个百分点", "0.0 pp"),
        (0.06, "pp", "+0.1个百分点", "+0.1 pp"),
        (-2.0, "pp", "−2.0个百分点", "−2.0 pp"),
        (0.5, "100m_cny", "0.50", "0.50"),
        (12.4, "projects", "12", "12"),
    ],
)
def test_a_number_is_said_in_its_unit(value, unit, zh, en):
    for known in (None, of()):
        found = told(value, known, unit)
        assert (found.zh, found.en, found.state, found.value) == (zh, en, "ok", value)


def test_a_number_has_what_it_is_over_beside_it():
    found = told(40.0, of(n_known=19, unknown=2.0))
    assert (found.state, found.coverage) == ("partial", of(n_known=19, unknown=2.0))
    assert (found.zh, found.en) == ("40.0%（20个项目中19个有数）", "40.0% (19 of 20 projects)")
    found = told(40.0, of(n_by_rule=3))
    assert (found.state, found.coverage) == ("ok", of(n_by_rule=3))
    assert found.zh == "40.0%（3个未开工项目空白按0计）"
    found = told(NAN, of(n_known=0, unknown=100.0))
    assert (found.state, found.value, found.zh) == ("missing", None, "待补")
    assert found.coverage == of(n_known=0, unknown=100.0)


def test_a_share_is_read_by_every_rule_book_about_all_projects(monkeypatch):
    told = [SimpleNamespace(measure="deviation_pp", comparison=("at_least", -5.0))]
    rule = SimpleNamespace(when=[*told, SimpleNamespace(measure="n", comparison=("is_", True))])
    scales = [SimpleNamespace(subject=one, light=[rule]) for one in ("groups", "projects")]
    monkeypatch.setattr(coverage, "presets", lambda: {"own": SimpleNamespace(scale=scales)})
    coverage._thresholds.cache_clear()
    try:
        assert read_as(45.0, 50.0) == (True, False, True)  # no threshold but the verdict's, and -5
        assert read_as(44.9, 50.0) == (True, False, False)
        assert read_as(99.9, 50.0) == (False, False, True)
    finally:
        coverage._thresholds.cache_clear()
