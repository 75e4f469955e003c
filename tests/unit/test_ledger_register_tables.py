"""The tables of the register of work end to end: template, reader, checks, comparison, export."""

import json
from functools import cache

import pandas as pd
import pytest
from register_ledger import (
    AUGUST,
    LEADS,
    MINUTES,
    NOTICES,
    PARKS,
    RESERVE,
    ROWS,
    register_tables,
    save_register,
)

from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger.checks import check_ledger
from faiwatch.ledger.load import ledger_reading
from faiwatch.ledger.table_changes import table_changes

NEW = ("minutes", "notices", "leads", "pipeline", "parks", "measures")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    return save_register(tmp_path_factory.mktemp("ledger") / "register.xlsx")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filled_template_gives_the_same_tables_in_both_languages(tmp_path, lang):
    found = ledger_reading(str(save_register(tmp_path / "t.xlsx", lang))).settled()
    assert set(found) == set(ROWS)
    for name, expected in register_tables().items():
        kept = [one for one in expected if one not in {"file", "sheet", "row"}]
        pd.testing.assert_frame_equal(found[name][kept], expected[kept])


@cache
def usual_checks():
    return check_ledger(register_tables())


def found_checks(**changes):
    """Run the checks over the register with some rows added, and leave the usual out."""
    tables, usual = register_tables(), usual_checks()
    for name, row in changes.items():
        frame = ledger_frame(name, pd.DataFrame([*ROWS[name], row]))
        tables[name] = frame if "cross_county" not in frame else tables[name]
    found = check_ledger(tables)
    again = usual[["check", "table", "key"]].apply(tuple, axis="columns").to_list()
    keys = found[["check", "table", "key"]].apply(tuple, axis="columns")
    return [key[:2] for key in keys if key not in again]


@pytest.mark.parametrize(
    ("table", "row", "check"),
    [
        (
            "minutes",
            MINUTES[1] | {"id": "x", "unit": "", "due": "2026-08-30"},
            "overdue_without_unit",
        ),
        ("minutes", MINUTES[0] | {"id": "x", "done": "2026-07-05"}, "done_before_decided"),
        ("minutes", MINUTES[2] | {"id": "x", "due": "2026-09-30"}, "decision_without_unit"),
        ("minutes", MINUTES[3] | {"id": "x"}, "decision_without_due"),
        ("notices", NOTICES[1] | {"id": "x", "owner_unit": ""}, "overdue_without_unit"),
        ("notices", NOTICES[0] | {"id": "x", "closed": "2026-05-01"}, "closed_before_opened"),
        ("notices", NOTICES[0] | {"id": "x", "closed": "2026-09-01"}, "date_in_future"),
        ("notices", NOTICES[0] | {"id": "x", "evidence": ""}, "closed_without_evidence"),
        ("leads", LEADS[0] | {"official": "x", "project": "无"}, "unknown_project"),
        ("leads", LEADS[0] | {"official": "x", "reported": "2026-09-01"}, "date_in_future"),
        ("leads", LEADS[0] | {"official": "x", "visits": -1.0}, "negative_number"),
        ("pipeline", RESERVE[0] | {"id": "x", "stage": "started"}, "started_not_in_projects"),
        ("pipeline", RESERVE[0] | {"id": "x", "total_investment": -1.0}, "negative_amount"),
        ("parks", PARKS[0] | {"name": "x", "land_done": 301.0}, "done_above_plan"),
        ("parks", PARKS[0] | {"name": "x", "works_plan": -1.0}, "negative_amount"),
        ("measures", ROWS["measures"][0], "repeated_key"),
    ],
)
def test_each_fault_is_found_alone(table, row, check):
    beside = {("decision_without_unit", "minutes")} if check == "overdue_without_unit" else set()
    found = set(found_checks(**{table: row}))
    assert (check, table) in found <= {(check, table), *beside}


def test_a_sound_row_is_not_complained_of():
    sound = {
        "minutes": MINUTES[1] | {"id": "x"},
        "notices": NOTICES[4] | {"id": "x"},  # to below: the receiver acts
        "leads": LEADS[0] | {"official": "x"},
        "parks": PARKS[0] | {"name": "x"},
    }
    assert found_checks(**sound) == []
    tables = register_tables()
    found = check_ledger({"minutes": tables["minutes"]})  # no month anywhere: nothing is overdue
    assert set(found["check"]) == {"decision_without_unit", "decision_without_due"}
    assert not check_ledger(tables)[["zh", "en"]].map(lambda words: "{" in words).any(axis=None)


def test_what_changed_between_two_months_is_told_for_each_table():
    tables = register_tables()
    found = table_changes(tables, as_of=AUGUST, against=AUGUST - 1)
    then, now = (
        {row["id"]: row for row in RESERVE if row["asof"] == month}
        for month in ("2026-07", "2026-08")
    )
    expected = {("pipeline", "new", id, "") for id in now.keys() - then.keys()}
    expected |= {("pipeline", "gone", id, "") for id in then.keys() - now.keys()}
    expected |= {
        ("pipeline", "changed", id, field)
        for id in then.keys() & now.keys()
        for field in then[id].keys() - {"asof"}
        if then[id][field] != now[id][field]
    }
    for row in MINUTES:
        if "2026-08" in row["date"]:
            expected.add(("minutes", "new", row["id"], ""))
    expected.add(("events", "new", "8月联席会", ""))
    keys = found[["table", "kind", "key", "field"]].itertuples(index=False, name=None)
    assert set(keys) == expected  # tables with one sheet are not compared
    july = table_changes(tables, as_of=AUGUST - 1, against=AUGUST - 2)
    carried = july[(july["table"] == "minutes") & (july["kind"] == "changed")]
    assert carried.empty  # decided and carried out within the month: it is new


def test_a_decision_that_was_carried_out_since_is_a_change():
    row = MINUTES[0] | {"done": "2026-08-05"}
    minutes = ledger_frame("minutes", pd.DataFrame([row]))
    found = table_changes({"minutes": minutes}, as_of=AUGUST, against=AUGUST - 1)
    assert found[["kind", "field", "became"]].values.tolist() == [["changed", "done", "2026-08-05"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_says_what_changed(faiwatch_says, workbook, lang):
    code, out, _ = faiwatch_says("ledger", "diff", workbook, "--json")
    answer = json.loads(out)
    assert code == 0
    moved = {row["key"]: (row["was"], row["became"]) for row in answer["tables"] if row["field"]}
    assert moved["储-2"] == ("ready", "started")
    code, out, _ = faiwatch_says("ledger", "diff", workbook, "--lang", lang)
    assert {"zh": "其他各表的变动", "en": "Changes in the other tables"}[lang] in out
    assert {"zh": "具备开工条件", "en": "ready to start"}[lang] in out
