"""Figures that somebody else published, reproduced by the arithmetic of the ledger.

- Comparable base and change of national investment, 2025: releases of the National Bureau of
  Statistics for January-August (326,111; +0.5 %) and January-October (408,914; -1.7 %), 100
  million yuan. Bases 324,489 and 415,986 follow from them.
- Hanzhong, first half of 2020 (note of the city's development and reform commission): provincial
  and municipal key projects, parts of the investment done and numbers by nature.
- Shaanxi, 600 provincial projects of its plan to stabilise investment: land 96.7 %, environment
  94.5 %; 580 and 567 are the only whole numbers of projects that give them.
"""

import pandas as pd
import pytest

from faiwatch.ledger.attribution import attribution
from faiwatch.ledger.funding import element_matrix, element_rates
from faiwatch.ledger.sheets import total_10k
from faiwatch.ledger_schemas import ledger_frame
from faiwatch.text import half_up


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
