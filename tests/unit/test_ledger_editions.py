"""Public editions of a ledger beside each other: what is kept, rounded, withheld and said."""

import numpy as np
import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError
from faiwatch.ledger.editions import DONE, PLAN, ROUNDED, Edition, over_time, read_editions
from faiwatch.ledger.public import TOTAL, public_tables

CUT = ("unit", "group")


def ledger(n=24, **changes):
    """Return projects of three units whose amounts are all different."""
    rows = pd.DataFrame(
        {
            "project_code": [f"p{at:02d}" for at in range(n)],
            "unit": list("abc" * 8)[:n],
            "group": "x",
            "owner": [f"o{at}" for at in range(n)],
            PLAN: [1000.0 + 37 * at for at in range(n)],
            DONE: [400.0 + 19 * at for at in range(n)],
        }
    )
    return rows.assign(**changes)


def told(rows, month, earlier):
    return over_time(
        rows, public_tables(rows, [CUT], amounts={CUT: [PLAN, DONE]})[CUT], month, earlier
    )


def of_units(found):
    table = found.table[found.table["group"].eq(TOTAL)]
    return table.set_index("unit")[[PLAN, DONE, ROUNDED]]


@pytest.fixture(scope="module")
def july():
    return told(ledger(), "2026-07", [])


def test_the_first_edition_tells_what_one_month_allows(july):
    assert of_units(july)[ROUNDED].isna().all()
    assert of_units(july)[PLAN][TOTAL] == ledger()[PLAN].sum()
    assert july.base == 0


def test_who_knows_no_earlier_edition_says_so():
    found = told(ledger(), "2026-07", None)
    assert of_units(found)[PLAN][TOTAL] == ledger()[PLAN].sum()
    assert "not compared" in found.note.en


def test_a_month_in_which_nobody_came_or_left_stays_exact(july):
    august = told(ledger(**{DONE: ledger()[DONE] + 11}), "2026-08", [july.edition])
    assert of_units(august)[ROUNDED].isna().all()
    assert august.note.en == "Checked together with 1 earlier public editions (2026-07)."


def test_where_one_project_left_its_unit_and_the_total_are_rounded(july):
    left = ledger().drop(index=4)  # of unit b
    august = told(left, "2026-08", [july.edition])
    units = of_units(august)
    assert units[ROUNDED].notna().to_dict() == {"a": False, "b": True, "c": False, TOTAL: True}
    base = units[ROUNDED][TOTAL]
    assert august.base == base
    for name in (PLAN, DONE):
        exact = left.groupby("unit")[name].sum()
        assert units[name]["a"] == exact["a"]
        assert units[name]["b"] % base == 0
        assert abs(units[name]["b"] - exact["b"]) <= base / 2
    assert "rounded" in august.note.en
    assert "取整" in august.note.zh


def test_where_one_project_changed_its_figure_the_change_is_rounded_away(july):
    done = ledger()[DONE].mask(ledger().index == 4, 800.0)
    units = of_units(told(ledger(**{DONE: done}), "2026-08", [july.edition]))
    assert units[ROUNDED].notna().to_dict() == {"a": False, "b": True, "c": False, TOTAL: True}
    assert units[ROUNDED]["b"] >= 0.2 * (800.0 - ledger()[DONE][4])


def test_projects_that_change_their_state_cost_the_amounts_by_state():
    states = {"group": list("xxxxxxxxxxxxyyyyyyyyyyyy")}
    july = told(ledger(**states), "2026-07", [])
    inside = july.table[july.table["group"].ne(TOTAL)]
    assert inside[PLAN].notna().any()
    moved = {"group": list("xxxxxyxxxxxxyyyyyyyyyyyy")}
    august = told(ledger(**moved), "2026-08", [july.edition])
    assert august.table[august.table["group"].ne(TOTAL)][PLAN].isna().all()
    assert of_units(august)[PLAN].notna().all()
    assert "by state are withheld" in august.note.en


def test_the_same_rows_of_a_month_are_told_again_as_they_were(july):
    august = told(ledger().drop(index=4), "2026-08", [july.edition])
    later = told(ledger(), "2026-09", [august.edition, july.edition])
    again = told(ledger().drop(index=4), "2026-08", [later.edition, august.edition, july.edition])
    pd.testing.assert_frame_equal(again.table, august.table)
    assert again.edition == august.edition


def test_only_the_last_six_editions_count(july):
    left = ledger().drop(index=4)
    silent = [cell.model_copy(update={"plan": None, "done": None}) for cell in july.edition.cells]
    since = [
        july.edition.model_copy(update={"month": f"2026-{month:02d}", "cells": tuple(silent)})
        for month in range(7, 13)
    ]
    assert of_units(told(left, "2027-02", [*since, july.edition]))[ROUNDED].isna().all()
    assert of_units(told(left, "2027-02", [*since[1:], july.edition]))[ROUNDED].notna().any()


def test_what_is_withheld_in_one_month_stays_withheld(july):
    rows = ledger(**{PLAN: ledger()[PLAN].mask(ledger().index == 0, 1e6)})
    assert told(rows, "2026-08", [july.edition]).table[PLAN].isna().all()


def test_editions_are_read_back_or_refused(tmp_path, july):
    file = tmp_path / "editions.json"
    assert read_editions(file) is None
    file.write_text(f"[{july.edition.model_dump_json()}]")
    assert read_editions(file) == [july.edition]
    file.write_text("[{")
    with pytest.raises(DataInvalidError):
        read_editions(file)


def test_an_edition_of_no_project_tells_nothing():
    table = pd.DataFrame(
        {"unit": [TOTAL], "group": [TOTAL], "n": np.nan, PLAN: np.nan, DONE: np.nan}
    )
    found = over_time(ledger(0), table, "2026-08", [])
    assert found.edition == Edition(month="2026-08", members=(), cells=found.edition.cells)
