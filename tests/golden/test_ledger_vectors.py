"""Figures that somebody else published, reproduced by the arithmetic of the ledger.

- Comparable base and change of national investment, 2025: releases of the National Bureau of
  Statistics for January-August (326,111; +0.5 %) and January-October (408,914; -1.7 %), 100
  million yuan. Bases 324,489 and 415,986 follow from them.
- Hanzhong, first half of 2020 (note of the city's development and reform commission): provincial
  and municipal key projects, parts of the investment done and numbers by nature; 357.76 of 736.8
  (100 million yuan), "1.44 points below even pace"; 79 of 93 new projects started, 84.95 %.
- Jiangmen, January-October: 629.0 of 647.4, 97.2 %, "13.8 points above"; 206 projects started, of
  255 planned this year 80.8 %, of 223 due by October 92.4 %.
- Even pace elsewhere: Hubei, January-July, 72.2 %, "13.9 above"; Xi'an, October, 101.7 %, "18.4".
- Puyang: of 77 projects not started, 9 were overdue.
- Shaanxi, 600 provincial projects of its plan to stabilise investment: land 96.7 %, environment
  94.5 %; 580 and 567 are the only whole numbers of projects that give them.
"""

import pandas as pd
import pytest

from faiwatch.core.text import half_up
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.attribution import attribution
from faiwatch.ledger.funding import element_matrix, element_rates
from faiwatch.ledger.progress import progress_table
from faiwatch.ledger.sheets import total_10k
from faiwatch.ledger.standing import standing
from faiwatch.ledger.starts import start_rates


def projects(month, **fields):
    count = max(len(values) for values in fields.values())
    codes = [str(at) for at in range(count)]
    rows = {"asof": month, "project_code": codes, "name": codes} | fields
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("month", "value", "growth", "base"),
    [("2025-08", 326111, 0.5, 324489), ("2025-10", 408914, -1.7, 415986)],
)
def test_what_is_to_be_explained_starts_from_the_comparable_base(month, value, growth, base):
    now = pd.Period(month, "M")
    rows = [projects(str(one), ytd_done=[1.0]) for one in (now, now - 12)]
    found = attribution(
        ledger_frame("projects", pd.concat(rows)),
        as_of=now,
        ytd_value_100m=value,
        ytd_yoy_pct=growth,
    )
    assert half_up(value - found.total_10k / 1e4, 0) == base
    residual = found.effects.set_index("effect").loc["residual"]
    assert residual["points_pp"] == pytest.approx(growth)


def test_hanzhongs_parts_add_up_to_what_they_do_and_not_to_the_printed_total():
    parts = pd.Series([100.82, 201.31, 55.62])
    assert total_10k(parts) == 357.75  # printed beside them: 357.76
    assert total_10k(pd.Series([125, 147, 93])) == 365


def test_shaanxis_rates_of_land_and_environment():
    states = {
        name: ["done"] * count + ["pending"] * (600 - count)
        for name, count in (("land_status", 580), ("env_status", 567))
    }
    frame = ledger_frame("projects", projects("2020-06", **states))
    matrix = element_matrix(frame, as_of=pd.Period("2020-06", "M"))
    rates = element_rates(matrix).set_index("element")["rate_pct"]
    assert [str(half_up(rates[name], 1)) for name in ("land", "environment")] == ["96.7", "94.5"]


def standing_of(month, **fields):
    frame = ledger_frame("projects", projects(month, **fields))
    return standing(frame, as_of=pd.Period(month, "M"))


@pytest.mark.parametrize(
    ("month", "done", "plan", "share", "deviation"),
    [
        ("2020-06", 357.76, 736.8, "48.56", "-1.44"),
        ("2020-10", 629.0, 647.4, "97.2", "13.8"),  # 97.2 - 83.3 would be 13.9
        ("2020-07", 72.2, 100.0, "72.2", "13.9"),
        ("2020-10", 101.7, 100.0, "101.7", "18.4"),
    ],
)
def test_progress_against_even_pace(month, done, plan, share, deviation):
    now = standing_of(month, annual_plan=[plan * 1e4 / 2] * 2, ytd_done=[done * 1e4 / 2] * 2)
    found = progress_table(now).iloc[0]
    decimals = len(share.split(".")[1])
    assert str(half_up(found["done_pct"], decimals)) == share
    assert str(half_up(found["deviation_pp"], decimals)) == deviation


def test_jiangmens_start_rates_have_two_denominators():
    planned = ["2020-10-31"] * 223 + ["2020-11-30"] * 32
    actual = ["2020-09-30"] * 206 + [None] * 49
    now = standing_of("2020-10", planned_start=planned, actual_start=actual)
    found = start_rates(now, as_of=pd.Period("2020-10", "M"))
    assert (found.n_planned, found.n_due, found.n_started) == (255, 223, 206)
    assert str(half_up(found.rate_planned_pct, 1)) == "80.8"
    assert str(half_up(found.rate_due_pct, 1)) == "92.4"


def test_hanzhongs_start_rate():
    actual = ["2020-05-31"] * 79 + [None] * 14
    now = standing_of("2020-06", nature=["new"] * 93, actual_start=actual)
    found = start_rates(now, as_of=pd.Period("2020-06", "M"))
    assert str(half_up(found.rate_planned_pct, 2)) == "84.95"


def test_puyangs_projects_that_have_not_started_are_mostly_not_due():
    planned = ["2020-08-31"] * 9 + ["2020-12-31"] * 68
    now = standing_of("2020-08", planned_start=planned)
    assert now["status"].value_counts().to_dict() == {"not_due": 68, "not_started_due": 9}
