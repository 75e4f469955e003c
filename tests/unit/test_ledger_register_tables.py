"""The tables of the register of work end to end: template, reader, checks, comparison, export."""

import json
from collections import Counter
from functools import cache
from types import SimpleNamespace

import docx
import openpyxl
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

import faiwatch as fw
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.ledger import book as books
from faiwatch.ledger.checks import check_ledger
from faiwatch.ledger.export.minutes import proposed_decisions
from faiwatch.ledger.load import ledger_reading
from faiwatch.ledger.page import SECTIONS
from faiwatch.ledger.table_changes import table_changes
from faiwatch.ledger.tables.work_sections import work_sheets
from faiwatch.ledger.work_findings import WORK_NUMBERS, work_findings
from faiwatch.run.alert_rules import alert_rules
from faiwatch.run.alerts import Seen, alerts_of
from faiwatch.view.tables import Table

NEW = ("minutes", "notices", "leads", "pipeline", "parks", "measures")


@pytest.fixture(scope="module", autouse=True)
def judged_once():
    """Read and judge a ledger once for all tests that open it; none of them changes its file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(books, "open_book", cache(books.open_book))
        yield


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


def test_a_table_without_a_row_is_checked_too(demo_ledger):
    tables = demo_ledger.tables
    empty = {name: rows.iloc[:0] for name, rows in tables.items()}
    for name, rows in empty.items():
        assert name not in set(check_ledger(tables | {name: rows})["table"])
    found = check_ledger(tables | {"projects": empty["projects"]})
    unknown = found[found["check"].eq("unknown_project") & found["table"].eq("issues")]
    assert set(unknown["key"]) == set(tables["issues"]["issue_id"])
    assert check_ledger(empty).empty


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


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_holds_the_register_and_the_public_one_nothing_of_it(
    faiwatch_says, workbook, tmp_path, lang
):
    whole, public = tmp_path / "whole.xlsx", tmp_path / "public.xlsx"
    told = ["--lang", lang]
    assert faiwatch_says("ledger", "export", workbook, "--out", whole, *told)[0] == 0
    assert (
        faiwatch_says("ledger", "export", workbook, "--out", public, "--profile", "public", *told)[
            0
        ]
        == 0
    )
    words = {
        name: {
            str(cell)
            for sheet in openpyxl.load_workbook(path)
            for row in sheet.values
            for cell in row
        }
        for name, path in (("whole", whole), ("public", public))
    }
    for row in (*MINUTES, *NOTICES, *LEADS, *RESERVE, *PARKS, *ROWS["measures"]):
        is_past = row.get("asof", "2026-08") != "2026-08"  # an earlier sheet of the reserve
        for field in ("decision", "problem", "official", "name", "title"):
            if row.get(field) and not is_past:
                assert row[field] in words["whole"], (field, row)
                assert not any(row[field] in one for one in words["public"])
    titles = openpyxl.load_workbook(whole).sheetnames
    assert len(set(titles)) == len(titles)


def test_a_ledger_without_the_tables_has_neither_sections_nor_sheets(tmp_path, workbook):
    without = (*NEW, "contracts")
    path = save_register(tmp_path / "less.xlsx", without=without)
    book = books.open_book(str(path), "latest", rules="all", lang="zh")
    for name in ("decisions", "notices", "leads", "parks", "environment"):
        assert list(SECTIONS[name](book)) == []
    full = books.open_book(str(workbook), "latest", rules="all", lang="zh")
    less, whole = (
        [one.title.zh for one in work_sheets(one.study.work, lang="zh")] for one in (book, full)
    )
    assert set(less) < set(whole)
    assert not any(
        word in " ".join(less) for word in ("督导", "议定", "包抓", "园区", "营商", "储备")
    )
    assert work_findings(book.study.work) == {}
    assert set(work_findings(full.study.work)) == set(WORK_NUMBERS)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_section_is_shown_in_both_languages(workbook, lang):
    book = books.open_book(str(workbook), "latest", rules="all", lang=lang)
    for name in (
        *("decisions", "notices", "leads", "reserve", "parks", "cross_county"),
        *("environment", "road_map", "contracts", "funding", "agenda"),
    ):
        for part in SECTIONS[name](book):
            html = str(part._repr_mimebundle_())
            assert html
            if isinstance(part, Table):
                assert not part.frame.empty
                assert not any("_" in heading for heading in part.headings)
                kept = {"in_force", "from_above", "to_below", "carry_out", "name_unit", "overdue_x"}
                assert not kept & {cell for row in part.words.to_numpy() for cell in row}


def test_overdue_notices_and_decisions_are_counted_with_their_rows(workbook):
    found = fw.register(workbook, lang="en").findings
    end = pd.Timestamp("2026-08-31")

    def is_late(row, over):
        done = pd.Timestamp(row[over]) if row.get(over) else None
        due = pd.Timestamp(row["due"]) if row.get("due") else None
        return due is not None and due < end and (done is None or done > end)

    late = {
        "overdue_notices": [row["problem"] for row in NOTICES if is_late(row, "closed")],
        "overdue_decisions": [row["decision"] for row in MINUTES if is_late(row, "done")],
    }
    for name, expected in late.items():
        assert found[name].number == len(expected)
        assert sorted(row.value.partition(" · ")[2] for row in found[name].inputs) == sorted(
            expected
        )


def test_alerts_tell_which_notice_or_decision_has_joined(workbook):
    rules = {rule.id: rule for rule in alert_rules().rule}
    chosen = [rules["notice_overdue"], rules["decision_overdue"]]
    findings = dict(fw.register(workbook).findings)
    verdict = findings["overdue_notices"].model_copy(update={"id": "verdict"})
    record = SimpleNamespace(
        region="990101",
        notebook="06_projects",
        verdict="ok",
        parameters={"profile": "internal", "rules": "all", "lang": "zh"},
        page="p.html",
        is_made_up=True,
        lang="zh",
    )
    seen = Seen(record, record, findings | {"verdict": verdict})
    told, state = alerts_of(chosen, [seen], {})
    assert [one.rule for one in told] == ["notice_overdue", "decision_overdue"]
    assert "开工率低" in told[0].body.zh
    assert "落实快速路配套资金" in told[1].body.zh
    assert alerts_of(chosen, [seen], state)[0] == []  # told once
    nothing = Seen(record, record, {"verdict": verdict})  # no such table: no number, no alert
    assert alerts_of(chosen, [nothing], {})[0] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_agenda_is_a_word_file_that_says_what_the_ledger_says(
    faiwatch_says, workbook, tmp_path, lang
):
    out = tmp_path / "agenda.docx"
    assert faiwatch_says("ledger", "agenda", workbook, "--out", out, "--lang", lang)[0] == 0
    document = docx.Document(out)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    last = max(row["date"] for row in MINUTES)
    for row in MINUTES:
        if row["date"] == last:
            assert row["decision"] in cells
    text = "\n".join(one.text for one in document.paragraphs)
    n = sum(row["date"] == last for row in MINUTES)
    assert {"zh": f"上次议定{n}项，已落实0项，逾期1项", "en": f"Decided last time: {n}"}[
        lang
    ] in text
    assert "8月联席会" in text
    again = tmp_path / "again.docx"
    faiwatch_says("ledger", "agenda", workbook, "--out", again, "--lang", lang)
    assert again.read_bytes() == out.read_bytes()


def test_a_meeting_in_the_middle_of_a_month_knows_nothing_of_its_end(workbook):
    found = fw.register(workbook).meeting(until="2026-08-18")
    late = found.open[found.open["id"] == "去-1"].iloc[0]
    assert late["overdue_days"] == 8
    assert (found.open["opened"].dropna() <= pd.Timestamp("2026-08-18")).all()
    decided = found.decided.set_index("id")["state"]
    assert decided["议-2"] == "open"  # due on the 21st
    before = fw.register(workbook).meeting(until="2026-08-05")
    assert str(before.last.day.date()) == "2026-07-06"
    assert before.decided["id"].to_list() == ["议-1"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_form_for_minutes_is_read_back_as_minutes(faiwatch_says, workbook, tmp_path, lang):
    folder = tmp_path / "ledger"
    folder.mkdir()
    form = folder / "minutes.xlsx"
    code = faiwatch_says("ledger", "agenda", workbook, "--minutes", form, "--lang", lang)[0]
    assert code == 0
    (folder / "register.xlsx").write_bytes(workbook.read_bytes())
    tables = ledger_reading(str(folder)).settled()
    found = fw.register(workbook, lang=lang).meeting()
    proposed = proposed_decisions(found, lang=lang)
    assert len(proposed) > 3
    minutes = tables["minutes"].set_index("id")
    assert len(minutes) == len(proposed) + len(MINUTES)
    for row in proposed.to_dict("records"):
        kept = minutes.loc[row["id"]]
        assert (kept["decision"], kept["unit"]) == (row["decision"], row["unit"])
        assert kept["date"] == found.until
        assert pd.isna(kept["due"]) == pd.isna(row["due"])
    checks = check_ledger(tables)
    assert set(checks.loc[checks["check"] == "still_proposed", "key"]) == set(proposed["id"])


def test_the_register_is_written_in_every_form(faiwatch_says, workbook, tmp_path):
    code, out, _ = faiwatch_says("ledger", "register", workbook, "--json")
    answer = json.loads(out)
    assert code == 0
    assert {row["id"] for row in answer["decisions"]} == {row["id"] for row in MINUTES}
    assert len(answer["road_map"]) == len(fw.register(workbook).road_map)
    assert faiwatch_says("ledger", "register", workbook, "--out", tmp_path / "csv")[0] == 0
    notices = pd.read_csv(tmp_path / "csv" / "notices.csv")
    assert len(notices) == len(NOTICES)
    assert faiwatch_says("ledger", "register", workbook, "--out", tmp_path / "r.xlsx")[0] == 0
    assert len(openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames) > 10
    assert faiwatch_says("ledger", "register", workbook, "--out", tmp_path / "r.txt")[0] == 2
    code, out, _ = faiwatch_says("ledger", "register", workbook, "--lang", "en")
    assert code == 0
    assert "overdue" in out


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--out", "a.pdf"],
        ["--minutes", "a.csv"],
        ["--out", "a.docx", "--since", "8月1日"],
        ["--out", "a.docx", "--until", "2026-13-01"],
        ["--out", "a.docx", "--since", "2026-08-20", "--until", "2026-08-10"],
    ],
)
def test_what_cannot_be_asked_of_an_agenda_is_refused(faiwatch_says, workbook, options):
    code, _, err = faiwatch_says("ledger", "agenda", workbook, *options)
    assert code == 2
    assert err


def test_the_register_shows_itself_and_its_frames(workbook):
    found = fw.register(str(workbook), "2026-08", lang="zh")
    assert "未办结" in repr(found)
    assert "text/html" in found._repr_mimebundle_()
    assert len(found.minutes) == len(MINUTES)
    assert found.road_map["month"].dtype.kind == "M"  # a timestamp, as charts take it
    assert set(found.tables) >= set(NEW)
    assert found.chart().table.shape[0] == (found.road_map["month"] <= "2027-02").sum()
    assert found.is_made_up


def test_a_narrow_terminal_cuts_nothing_off(faiwatch_says, workbook, monkeypatch):
    letters = []
    for columns in ("80", "300"):
        monkeypatch.setenv("COLUMNS", columns)
        _, out, _ = faiwatch_says("ledger", "register", workbook, "--lang", "zh")
        letters.append(Counter(out) - Counter(" \n─" * len(out)))
    assert letters[0] == letters[1]
