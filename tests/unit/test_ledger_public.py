"""The public profile of a ledger: what is shown, what is merged, what is withheld and refused."""

import numpy as np
import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError
from faiwatch.ledger.disclosure import suppress, unsafe_amounts
from faiwatch.ledger.public import MERGED, TOTAL, public_tables

AUGUST = pd.Period("2026-08", "M")
CUTS = [("unit", "nature"), ("area", "nature"), ("level",)]
MONEY = {("unit", "nature"): ["annual_plan", "ytd_done"], ("level",): ["ytd_done"]}


def ledger(**fields):
    return pd.DataFrame(fields)


@pytest.fixture(scope="module")
def sheet(demo_ledger):
    projects = demo_ledger.settled()["projects"]
    return projects[projects["asof"] == AUGUST]


@pytest.fixture(scope="module")
def tables(sheet):
    return public_tables(sheet, CUTS, amounts=MONEY)


def test_what_is_shown_is_what_a_loop_over_the_rows_counts(sheet, tables):
    shown = 0
    for cut, table in tables.items():
        for cell in table.to_dict("records"):
            keys = {name: cell[name] for name in cut if cell[name] != TOTAL}
            if MERGED in keys.values():
                continue
            rows = [row for row in sheet.to_dict("records") if all(row[k] == keys[k] for k in keys)]
            if not np.isnan(cell["n"]):
                assert cell["n"] == len(rows)
            for name in MONEY.get(cut, ()):
                if not np.isnan(cell[name]):
                    shown += 1
                    expected = sum(row[name] for row in rows if not np.isnan(row[name]))
                    assert cell[name] == pytest.approx(expected, abs=1e-4)
    assert shown > 20


def test_no_table_shows_one_or_two_projects(tables):
    assert all(not table["n"].between(1, 2).any() for table in tables.values())


def test_no_word_of_a_project_stands_in_a_table(sheet, tables):
    words = {
        str(word)
        for name in ("name", "project_code", "lead", "owner", "content", "remark")
        for word in sheet[name].unique()
        if word
    }
    told = " ".join(str(cell) for table in tables.values() for cell in table.to_numpy().ravel())
    assert len(words) > 250
    assert not [word for word in words if word in told]


@pytest.mark.parametrize(
    "field", ["name", "project_code", "lead", "owner", "investor", "site", "problem", "evidence"]
)
def test_fields_about_single_projects_are_refused(field):
    with pytest.raises(DataInvalidError):
        public_tables(ledger(**{field: list("aaabbb")}), [(field,)])


def test_three_tables_in_a_circle_are_refused():
    cuts = [("unit", "status"), ("status", "area"), ("area", "unit")]
    rows = ledger(unit=list("aaabbb"), status=list("xxxyyy"), area=list("ppppqq"))
    assert len(public_tables(rows, cuts[:2])) == 2
    with pytest.raises(DataInvalidError):
        public_tables(rows, cuts)


def test_a_small_class_is_merged_with_the_smallest_other_one_in_every_table():
    rows = ledger(unit=list("aaaaaabbbbcc"), status=list("xxxyyyxxyyxy"))
    tables = public_tables(rows, [("unit", "status"), ("unit",)])
    for table in tables.values():
        assert set(table["unit"]) == {"a", MERGED, TOTAL}
    assert tables["unit",].set_index("unit")["n"].to_dict() == {"a": 6, MERGED: 6, TOTAL: 12}


def test_a_class_called_after_an_owner_is_merged():
    rows = ledger(
        unit=["甲公司"] * 4 + ["乙局"] * 4 + ["丙局"] * 5, owner=["甲公司"] * 4 + ["丁"] * 9
    )
    assert set(public_tables(rows, [("unit",)])["unit",]["unit"]) == {"丙局", MERGED, TOTAL}


@pytest.mark.parametrize(
    ("amounts", "owners", "unsafe"),
    [
        ([81.0, 10.0, 9.0], "abc", True),  # one makes more than 80 %
        ([80.0, 11.0, 9.0], "abc", False),
        ([48.0, 48.0, 4.0], "abc", True),  # the second could estimate the first to within 10 %
        ([40.0, 30.0, 30.0], "abc", False),
        ([40.0, 30.0, 30.0], "aab", True),  # two owners
        ([40.0, 30.0, np.nan], "abc", True),  # two amounts
        ([-81.0, 10.0, 9.0], "abc", True),
    ],
)
def test_an_amount_is_unsafe_when_one_contributor_can_be_told(amounts, owners, unsafe):
    rows = ledger(unit="x", done=amounts, owner=list(owners))
    assert unsafe_amounts(rows, ["unit"], "done", "owner").to_dict() == {"x": unsafe}


def test_an_amount_that_one_project_makes_is_withheld_everywhere():
    rows = ledger(unit=list("aaaabbbb"), done=[1e6] + [1.0] * 7)
    tables = public_tables(rows, [("unit",)], amounts={("unit",): ["done"]})
    assert tables["unit",]["done"].isna().all()
    assert tables["unit",]["n"].tolist() == [4, 4, 8]


def test_the_same_lines_under_two_names_are_shown_inside_once():
    rows = ledger(
        unit=list("aaaaaaaabbbbbbbb"),
        category=list("ppppppppqqqqqqqq"),
        status=list("xxxxyyyy" * 2),
    )
    tables = public_tables(rows, [("unit", "status"), ("category", "status")])
    inside = [
        table[table[list(cut)].ne(TOTAL).all(axis=1)]["n"].notna() for cut, table in tables.items()
    ]
    assert inside[0].all()
    assert not inside[1].any()


def test_fewer_than_three_projects_are_no_public_ledger():
    table = public_tables(ledger(unit=["a", "b"], done=1.0), [("unit",)])["unit",]
    assert table["n"].isna().all()
    assert set(table["unit"]) == {MERGED, TOTAL}


def test_a_cell_without_a_rectangle_takes_the_whole_inside_with_it():
    counts = pd.DataFrame([[1, 4], [0, 9]])
    assert suppress(counts).counts.to_numpy().all()


def test_what_was_withheld_as_a_count_is_withheld_as_an_amount():
    counts = pd.DataFrame([[1, 9, 6], [7, 8, 9], [5, 5, 5]])
    found = suppress(counts, amounts={"done": counts * 10.0})
    assert (found.counts & ~found.amounts).to_numpy().sum() == 0
    assert not found.amounts.to_numpy().all()


def test_three_issues_of_one_project_are_no_three_projects():
    causes, classes = ["x"] * 3 + ["y"] * 4 + ["z"] * 5, list("aaa" + "abab" + "abbbb")
    rows = ledger(cause=causes, project_code=list("甲甲甲") + list("乙丙丁戊己庚辛壬癸"))
    rows["class"] = classes
    by_rows = public_tables(rows, [("cause",)])["cause",]
    assert "x" in set(by_rows["cause"])
    by_projects = public_tables(rows, [("cause",)], subject="project_code")["cause",]
    assert set(by_projects["cause"]) == {"z", MERGED, TOTAL}


def test_where_nothing_inside_protects_a_cell_the_margins_are_told_all_the_same():
    counts = {"a": "xxy", "b": "x" * 9, "c": "yyy"}  # no rectangle leaves (a, x) three numbers
    rows = ledger(unit=list("aaabbbbbbbbbccc"), status=list("".join(counts.values())))
    told = public_tables(rows, [("unit", "status")])["unit", "status"]
    told = told.set_index(["unit", "status"])["n"]
    margins = {key: number for key, number in told.items() if TOTAL in key}
    assert margins == {
        ("a", TOTAL): 3, ("b", TOTAL): 9, ("c", TOTAL): 3,
        (TOTAL, "x"): 11, (TOTAL, "y"): 4, (TOTAL, TOTAL): 15,
    }  # fmt: skip
    assert told.drop(list(margins)).isna().all()


def test_small_amounts_are_withheld_as_sparingly_as_large_ones():
    amounts = pd.DataFrame([[0.02, 0.03, 0.03], [0.03, 0.02, 0.03], [0.03, 0.03, 0.03]])
    bad = pd.DataFrame(np.eye(3, dtype=bool))
    bad.iloc[2, 2] = False
    counts = pd.DataFrame(np.full((3, 3), 5))
    hidden = suppress(counts, amounts={"done": amounts}, unsafe={"done": bad}).amounts.to_numpy()
    assert hidden[:2, :2].all()  # both are corners of one rectangle
    assert hidden.sum() == 4


def test_a_zero_among_zeros_would_be_told_by_them():
    amounts = pd.DataFrame([[0.0, 0.0, 0.9], [0.0, 0.0, 0.9], [0.9, 0.9, 0.9]])
    bad = pd.DataFrame(np.zeros((3, 3), dtype=bool))
    bad.iloc[0, 0] = True
    counts = pd.DataFrame(np.full((3, 3), 3))  # 0.17 each: the zero must look like 0.03 at least
    hidden = suppress(counts, amounts={"done": amounts}, unsafe={"done": bad}).amounts.to_numpy()
    assert hidden.astype(int).tolist() == [[1, 0, 1], [0, 0, 0], [1, 0, 1]]
