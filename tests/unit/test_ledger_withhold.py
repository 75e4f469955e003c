"""Three subjects behind a cell: counted by hand, and the search for rectangles by plain loops."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faiwatch.ledger.disclosure import few_subjects, suppress, unsafe_amounts
from faiwatch.ledger.public import MERGED, TOTAL, public_tables

UNITS, CLASSES = "abc", "xyz"


def issues(*, of_one_cell, in_other_cells=6):
    """Return issues by unit and class: those of the cell (a, x) are about the projects given."""
    rows = [("a", "x", code) for code in of_one_cell]
    rows += [
        (unit, kind, f"{unit}{kind}{number}")
        for unit, kind in product(UNITS, CLASSES)
        if (unit, kind) != ("a", "x")
        for number in range(in_other_cells)
    ]
    return pd.DataFrame(rows, columns=["unit", "class", "project_code"])


def shown(rows, subject="project_code"):
    table = public_tables(rows, [("unit", "class")], subject=subject)["unit", "class"]
    return table.set_index(["unit", "class"])["n"]


@pytest.mark.parametrize("codes", [["甲"] * 6, ["甲", "乙"] * 3], ids=["one", "two"])
def test_six_issues_about_fewer_than_three_projects_are_withheld(codes):
    told = shown(issues(of_one_cell=codes))
    assert np.isnan(told["a", "x"])
    inside = told.drop(index=[key for key in told.index if TOTAL in key])
    assert inside.isna().sum() == 4  # the cell, and a rectangle that it cannot be taken off from
    assert inside.isna().groupby(level="unit").sum().tolist().count(2) == 2
    assert told[TOTAL, TOTAL] == 54
    assert told["a", TOTAL] == told[TOTAL, "x"] == 18


def test_three_projects_behind_a_cell_are_enough():
    told = shown(issues(of_one_cell=["甲", "乙", "丙", "甲", "甲", "甲"]))
    assert told["a", "x"] == 6
    assert told.notna().all()


def test_without_a_subject_each_row_is_one_of_its_own():
    assert shown(issues(of_one_cell=["甲"] * 6), subject="").notna().all()


@pytest.mark.parametrize(("codes", "is_told"), [("甲乙" * 9, False), ("甲乙丙" * 6, True)])
def test_a_ledger_about_two_projects_is_told_nothing_of(codes, is_told):
    rows = pd.DataFrame({"unit": "a", "project_code": list(codes)})
    table = public_tables(rows, [("unit",)], subject="project_code")["unit",]
    assert table["n"].notna().all() == is_told
    assert table["n"].notna().any() == is_told


def test_an_empty_ledger_has_no_public_figure():
    rows = pd.DataFrame({"unit": pd.Series([], dtype="str"), "project_code": []})
    assert public_tables(rows, [("unit",)])["unit",]["n"].isna().all()


def test_subjects_are_counted_in_each_class_of_all_fields_together():
    rows = pd.DataFrame({"a": list("ppppqqq"), "b": list("rrrssss"), "who": list("1231123")})
    assert few_subjects(rows, ["a", "b"], "who").to_dict() == {
        ("p", "r"): False,
        ("p", "s"): True,
        ("q", "s"): False,
    }


# --- amounts --------------------------------------------------------------------------------


def unsafe(amounts, owners=None):
    rows = pd.DataFrame({"unit": "u", "done": amounts})
    if owners is not None:
        rows["owner"] = owners
    return unsafe_amounts(rows, ["unit"], "done", "owner")["u"]


@pytest.mark.parametrize(
    ("amounts", "is_unsafe"),
    [
        ([50.0, 45.0, 5.0], False),  # 5 is left beside the two largest: a tenth of 50
        ([50.0, 45.0, 4.9], True),
        ([50.0, 40.0, 3.0, 2.0], False),  # 3 and 2 together are a tenth
        ([50.0, 40.0, 2.0, 2.0], True),
        ([60.0, -60.0, 10.0], False),  # a correction counts with its size
        ([0.0, 0.0, 0.0], False),  # nothing was done, by three
        ([np.nan] * 4, True),
    ],
)
def test_what_is_left_after_the_two_largest_hides_the_largest(amounts, is_unsafe):
    assert unsafe(amounts) == is_unsafe


@pytest.mark.parametrize("nobody", ["", np.nan, None])
def test_a_row_without_an_owner_stands_for_itself(nobody):
    assert not unsafe([40.0, 30.0, 30.0], [nobody] * 3)
    assert unsafe([40.0, 30.0, 30.0], [nobody, "甲", "甲"])


def test_an_owners_amounts_are_added_before_they_are_compared():
    assert not unsafe([30.0, 30.0, 20.0, 20.0], list("甲乙丙丁"))
    assert unsafe([41.0, 40.0, 10.0, 9.0], list("甲甲乙丙"))  # 81 of 100


def test_one_class_says_nothing_of_another():
    rows = pd.DataFrame({"unit": list("aaabbb"), "done": [98.0, 1.0, 1.0, 4.0, 3.0, 3.0]})
    assert unsafe_amounts(rows, ["unit"], "done", "owner").to_dict() == {"a": True, "b": False}


# --- rectangles -----------------------------------------------------------------------------


def rectangles(values, at, up_needed, in_all):
    """Yield the other three corners of each rectangle that leaves a cell room enough."""
    (i, j), (height, width) = at, values.shape
    for k, m in product(range(height), range(width)):
        if k == i or m == j:
            continue
        up, down = min(values[i, m], values[k, j]), min(values[i, j], values[k, m])
        if up >= up_needed and up + down >= in_all:
            yield [(i, m), (k, j), (k, m)]


tables = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 9), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@given(tables)
def test_every_small_count_stands_in_a_withheld_rectangle_or_nothing_is_shown(cells):
    values = np.array(cells, dtype=float)
    hidden = suppress(pd.DataFrame(values)).counts.to_numpy()
    for at in zip(*np.nonzero((values == 1) | (values == 2)), strict=True):
        found = rectangles(values, at, max(1, 3 - values[at]), 3)
        assert hidden.all() or any(all(hidden[one] for one in corners) for corners in found)
        assert hidden[at]
    if not ((values == 1) | (values == 2)).any():
        assert not hidden.any()


@given(tables, st.data())
def test_one_unsafe_cell_costs_three_others_and_those_with_the_fewest_projects(cells, data):
    values = np.array(cells, dtype=float) + 3
    at = data.draw(st.sampled_from(list(np.ndindex(values.shape))))
    values[at] = data.draw(st.sampled_from([1.0, 2.0]))
    hidden = suppress(pd.DataFrame(values)).counts.to_numpy()
    cheapest = min(sum(values[one] for one in c) for c in rectangles(values, at, 1, 3))
    assert hidden.sum() == 4
    assert values[hidden].sum() == values[at] + cheapest


@given(tables, st.data())
def test_an_unsafe_amount_may_be_a_fifth_larger_than_it_is(cells, data):
    amounts = 10.0 * np.array(cells)
    counts = np.full(amounts.shape, 5.0)
    at = data.draw(st.sampled_from(list(np.ndindex(amounts.shape))))
    bad = np.zeros(amounts.shape, dtype=bool)
    bad[at] = True
    found = suppress(
        pd.DataFrame(counts),
        amounts={"done": pd.DataFrame(amounts)},
        unsafe={"done": pd.DataFrame(bad)},
    )
    hidden = found.amounts.to_numpy()
    assert not found.counts.to_numpy().any()  # five projects stand behind every cell
    if not amounts[at[0]].sum() or not amounts[:, at[1]].sum():
        assert not hidden.any()  # the margin says that there is nothing
        return
    average = amounts.sum() / counts.sum()
    room = max(amounts[at], average) / 5
    fitting = list(rectangles(amounts, at, room, room))
    assert hidden[at]
    assert hidden.all() or any(all(hidden[one] for one in corners) for corners in fitting)
    assert hidden.sum() == (4 if fitting else hidden.size)
    if fitting:
        cheapest = min(sum(amounts[one] for one in corners) for corners in fitting)
        assert amounts[hidden].sum() == pytest.approx(amounts[at] + cheapest)


def test_a_cell_that_is_withheld_anyhow_is_used_again():
    counts = pd.DataFrame([[2, 9, 9, 9], [9, 2, 9, 9], [9, 9, 9, 9]])
    hidden = suppress(counts).counts.to_numpy()
    assert hidden[:2, :2].all()  # the two small cells are corners of one rectangle
    assert hidden.sum() == 4


def test_a_negative_amount_leaves_no_room():
    amounts = pd.DataFrame([[50.0, -90.0, 50.0], [-90.0, 50.0, 50.0], [50.0, 50.0, 50.0]])
    bad = pd.DataFrame(np.zeros((3, 3), dtype=bool))
    bad.iloc[0, 0] = True
    hidden = suppress(
        pd.DataFrame(np.full((3, 3), 4.0)), amounts={"done": amounts}, unsafe={"done": bad}
    ).amounts.to_numpy()
    assert hidden.sum() == 4
    assert hidden[[0, 0, 2, 2], [0, 2, 0, 2]].all()


def test_cells_that_are_few_are_withheld_whatever_their_count():
    counts = pd.DataFrame(np.full((3, 3), 7))
    few = pd.DataFrame(np.zeros((3, 3), dtype=bool))
    few.iloc[1, 2] = True
    hidden = suppress(counts, few=few, amounts={"done": counts * 3.0})
    assert hidden.counts.to_numpy()[1, 2]
    assert hidden.counts.to_numpy().sum() == 4
    assert (hidden.counts & ~hidden.amounts).to_numpy().sum() == 0


# --- classes --------------------------------------------------------------------------------


def test_the_smallest_class_joins_when_what_was_merged_is_too_small_still():
    rows = pd.DataFrame({"unit": list("a" * 9 + "b" * 5 + "c" * 4 + "d")})
    table = public_tables(rows, [("unit",)])["unit",].set_index("unit")["n"]
    assert table.to_dict() == {"a": 9, "b": 5, MERGED: 5, TOTAL: 19}  # d alone, then with c


def test_two_small_classes_that_make_three_stand_together():
    rows = pd.DataFrame({"unit": list("a" * 9 + "b" * 5 + "cc" + "d")})
    table = public_tables(rows, [("unit",)])["unit",].set_index("unit")["n"]
    assert table.to_dict() == {"a": 9, "b": 5, MERGED: 3, TOTAL: 17}


def test_classes_come_by_size_and_what_was_merged_or_not_stated_last():
    rows = pd.DataFrame({"unit": ["b"] * 4 + ["a"] * 4 + ["c"] * 6 + [""] * 9 + ["d"] * 2 + ["e"]})
    units = public_tables(rows, [("unit",)])["unit",]["unit"].tolist()
    assert units == ["c", "a", "b", "", MERGED, TOTAL]


def test_amounts_are_added_to_the_yuan():
    rows = pd.DataFrame({"unit": list("aaabbb"), "done": [0.1, 0.2, 0.3, 0.0001, 0.0002, 0.0001]})
    table = public_tables(rows, [("unit",)], amounts={("unit",): ["done"]})["unit",]
    assert table.set_index("unit")["done"].to_dict() == {"a": 0.6, "b": 0.0004, TOTAL: 0.6004}


def test_yes_and_no_are_words_in_a_public_table():
    rows = pd.DataFrame({"is_key": [True] * 3 + [False] * 4})
    table = public_tables(rows, [("is_key",)])["is_key",]
    assert table.set_index("is_key")["n"].to_dict() == {"no": 4, "yes": 3, TOTAL: 7}


def test_a_class_whose_amount_one_owner_makes_stands_in_no_table_of_its_own():
    done = [100.0, 1.0, 1.0, 1.0, 50.0, 50.0, 40.0, 40.0, 60.0, 50.0, 40.0, 45.0, 30.0]
    rows = pd.DataFrame({"unit": list("aaaa" + "bbbb" + "ccccc"), "done": done})
    table = public_tables(rows, [("unit",)], amounts={("unit",): ["done"]})["unit",]
    assert set(table["unit"]) == {"c", MERGED, TOTAL}  # 100 of 103 would be told of a
    assert "a" in set(public_tables(rows, [("unit",)])["unit",]["unit"])  # counts tell nothing


def test_classes_go_on_joining_until_three_stand_together():
    rows = pd.DataFrame({"unit": list("a" * 9 + "b" * 5 + "c" + "d")})
    table = public_tables(rows, [("unit",)])["unit",].set_index("unit")["n"]
    assert table.to_dict() == {"a": 9, MERGED: 7, TOTAL: 16}


def test_tables_that_share_no_line_all_show_their_inside():
    four = list(product("ab", "xy", "pq"))
    rows = pd.DataFrame(four * 4, columns=["unit", "status", "area"])
    rows["nature"] = ["new", "old", "old", "new"] * 8
    for cuts in (
        [("unit", "status"), ("area", "status")],
        [("unit", "status"), ("area", "nature")],
    ):
        for table in public_tables(rows, cuts).values():
            assert table["n"].notna().all()


def test_amounts_of_both_kinds_of_unsafe_cells_are_withheld():
    counts = pd.DataFrame(np.full((3, 3), 7))
    counts.iloc[0, 0] = 2
    bad = pd.DataFrame(np.zeros((3, 3), dtype=bool))
    bad.iloc[0, 0] = True  # few projects, and one of them makes nearly all
    found = suppress(counts, amounts={"done": counts * 3.0}, unsafe={"done": bad})
    assert found.amounts.to_numpy()[0, 0]
    assert found.counts.to_numpy()[0, 0]
    alone = suppress(pd.DataFrame(np.full((3, 3), 7)), amounts={"done": counts * 3.0},
                     unsafe={"done": bad})  # fmt: skip
    assert alone.amounts.to_numpy().sum() == 4


def test_a_row_of_less_than_a_wan_is_protected_like_any_other():
    amounts = pd.DataFrame([[0.2, 0.2, 0.2], [0.2, 0.2, 0.2], [0.2, 0.2, 0.2]])
    bad = pd.DataFrame(np.zeros((3, 3), dtype=bool))
    bad.iloc[1, 1] = True
    counts = pd.DataFrame(np.full((3, 3), 4))
    hidden = suppress(counts, amounts={"done": amounts}, unsafe={"done": bad}).amounts
    assert hidden.to_numpy()[1, 1]
    assert hidden.to_numpy().sum() == 4


def test_a_count_of_two_has_three_numbers_above_or_below_it():
    # with the corners 1, 1 and 0 it could only be 2 or 3
    counts = pd.DataFrame([[2, 1, 9], [1, 0, 9], [9, 9, 9]])
    hidden = suppress(counts).counts.to_numpy()
    corners = [
        (up, down)
        for (k, m) in product((1, 2), (1, 2))
        if hidden[0, m] and hidden[k, 0] and hidden[k, m]
        for up, down in [(min(counts.iloc[0, m], counts.iloc[k, 0]),
                          min(counts.iloc[0, 0], counts.iloc[k, m]))]
    ]  # fmt: skip
    assert any(up + down >= 3 for up, down in corners)
