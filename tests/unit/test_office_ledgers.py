"""Ledgers as offices keep them: few questions, nearly all read without an answer, none wrong."""

import openpyxl
import pandas as pd
import pytest
from office_books import Book
from office_styles import Plain
from office_workbook import Office, measured

from faiwatch.core.errors import DataInvalidError
from faiwatch.ingest.ledger.answers import LedgerAnswers, ledger_words, mapped_label
from faiwatch.ingest.ledger.reading import is_ledger, ledger_sheets, read_ledger
from faiwatch.ingest.values import Sheet

FEW, MOST = 3, 99.0  # questions, and percent of the fields that are right without an answer
STYLES = ["A", "B", "C", "county", "zone", "dispatch", "bureau"]
_NAMES = {"projects": "name", "contracts": "name", "targets": "unit"}
_ABOUT = {"issues": "project_code", "bonds": "project_code", "tasks": "parent"}


def book_of(style, seed, tmp_path, *, month=8):
    office = Office(seed, month=month)
    book = (Book if len(style) == 1 else Plain)(office, style, seed=seed)
    path = tmp_path / f"2026年{month}月.xlsx"
    book.save(path)
    return book.key, path


def read(path, *maps):
    labels = dict(map(mapped_label, maps))
    return read_ledger(ledger_sheets(path), name=path.name, answers=LedgerAnswers(labels=labels))


def rows_of(tables):
    """Return rows in plain values, each with the name of what it is about."""
    names = dict(tables["projects"][["project_code", "name"]].itertuples(index=False, name=None))
    found = {}
    for table, frame in tables.items():
        found[table] = []
        for row in frame.to_dict("records"):
            plain = {
                name: value.date() if isinstance(value, pd.Timestamp) else value
                for name, value in row.items()
            }
            plain = {
                name: None if pd.api.types.is_scalar(value) and pd.isna(value) else value
                for name, value in plain.items()
            }
            about = _ABOUT.get(table)
            plain["_name"] = names.get(row[about]) if about else row.get(_NAMES.get(table))
            found[table].append(plain)
    return found


def questions(reading):
    return {(one.id, one.group or one.got) for one in reading.questions}


@pytest.mark.parametrize("style", STYLES)
def test_an_office_ledger_asks_little_and_is_right(style, tmp_path):
    key, path = book_of(style, 0, tmp_path)
    assert is_ledger(ledger_sheets(path))
    reading = read(path)
    assert len(questions(reading)) <= FEW
    n, wrong = measured(key, rows_of(reading.known))
    assert 100 * (1 - len(wrong) / n) >= MOST, wrong[:10]


def test_one_answer_leaves_nothing_open_and_all_is_right(tmp_path):
    key, path = book_of("B", 0, tmp_path)
    reading = read(path, "*=skip")
    assert not reading.questions
    n, wrong = measured(key, rows_of(reading.settled()))
    assert (n > 2000, wrong) == (True, [])


def test_a_short_table_of_projects_is_none_of_parks(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(
        [
            "序号",
            "项目名称",
            "责任单位",
            "总投资（万元）",
            "年度计划投资（万元）",
            "1-8月完成投资（万元）",
        ]
    )
    for at in range(1, 7):
        book.active.append([at, f"城东{at}号厂房", "区工信局", 1000 * at, 500 * at, 100 * at])
    book.save(path := tmp_path / "2026年8月.xlsx")
    tables = read(path).settled()
    assert list(tables) == ["projects"]
    assert tables["projects"]["ytd_done"].tolist() == [100.0 * at for at in range(1, 7)]


def test_a_folder_and_one_file_are_read_alike_and_ids_stay(tmp_path):
    _, path = book_of("A", 1, tmp_path)
    one = read(path).known["projects"]
    folder = read(tmp_path).known["projects"]
    content = [name for name in one if name not in {"file", "sheet", "row"}]
    pd.testing.assert_frame_equal(one[content], folder[content])
    _, later = book_of("A", 1, tmp_path, month=9)
    assert set(read(later).known["projects"]["project_code"]) == set(one["project_code"])
    assert set(one["code_kind"]) == {"made"}


HEADER = ["序号", "项目名称", "责任单位", "年度计划投资（万元）", "1-{}月完成投资（万元）"]
TOWNS = {"城关街道": ["甲厂", "乙路"], "河湾镇": ["丙桥", "丁园"]}


def monthly(book, title, month, names):
    """Add a sheet of projects as an office keeps it for one month."""
    sheet = book.create_sheet(title)
    sheet.append([f"重点项目工作台账（截至2026年{month}月底）"])
    sheet.append([one.format(month) for one in HEADER])
    for at, name in enumerate(names, start=1):
        sheet.append([at, name, "区住建局", 1000 * at, 100 * at * month])


def saved(path, sheets):
    """Write a workbook of such sheets: title, month, names of the projects."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        monthly(book, *sheet)
    path.parent.mkdir(exist_ok=True)
    book.save(path)


def content(path):
    reading = read_ledger(
        ledger_sheets(path), name=path.name, answers=LedgerAnswers(labels={"单位": "skip"})
    )
    rows = reading.settled()["projects"].drop(columns=["file", "sheet", "row"])
    return rows.sort_values(["asof", "name"], ignore_index=True)


def test_a_folder_of_months_and_a_sheet_a_month_are_read_alike(tmp_path):
    everyone = [name for names in TOWNS.values() for name in names]
    for month in (7, 8):
        saved(tmp_path / "months" / f"{month}月.xlsx", [("台账", month, everyone)])
    saved(tmp_path / "one" / "全年.xlsx", [(f"{month}月", month, everyone) for month in (7, 8)])
    months, one = content(tmp_path / "months"), content(tmp_path / "one" / "全年.xlsx")
    assert len(one) == 2 * len(everyone)
    assert sorted(one["asof"].astype("str").unique()) == ["2026-07", "2026-08"]
    pd.testing.assert_frame_equal(months, one)


def test_one_file_a_district_is_read_as_one_file_of_all(tmp_path):
    for town, names in TOWNS.items():
        saved(tmp_path / "towns" / f"{town}.xlsx", [("台账", 8, names)])
    sheets = [(town, 8, names) for town, names in TOWNS.items()]
    saved(tmp_path / "one" / "全区.xlsx", sheets)
    towns, one = content(tmp_path / "towns"), content(tmp_path / "one" / "全区.xlsx")
    assert sorted(one["name"]) == sorted(name for names in TOWNS.values() for name in names)
    assert one["project_code"].is_unique
    pd.testing.assert_frame_equal(towns, one)


def test_what_is_hidden_or_commented_is_read_and_said(tmp_path):
    _, path = book_of("A", 0, tmp_path)
    reading = read(path)
    rules = {one.rule for one in (*reading.coercions, *reading.dropped)}
    assert {"hidden_row", "hidden_column", "comment", "section", "made_id"} <= rules
    assert "count_differs" not in rules
    assert "sum_differs" not in rules


def test_sums_and_numbers_that_are_not_those_of_the_rows_are_named():
    rows = [
        ["序号", "项目名称", "责任单位", "年度计划投资（万元）", "形象进度"],
        ["一、城关街道（3个）"],
        [1.0, "甲", "住建局", 100.0, "主体完成80%"],
        [2.0, "乙", "住建局", 200.0, "基础完成100%，主体完成50%"],
        ["", "小计", "", 350.0],
        ["合计", "", "", 300.0],
    ]
    sheet = Sheet("2026年8月重点项目", [[*row, *[""] * (5 - len(row))] for row in rows])
    reading = read_ledger([sheet], name="台账.xlsx")
    told = {(one.cell, one.rule, one.was, one.became) for one in reading.coercions}
    assert ("A2", "count_differs", "3", "2") in told
    assert ("D5", "sum_differs", "350", "300") in told
    assert [one.row for one in reading.sheets[0].totals] == [5]
    table = reading.settled()["projects"]
    assert table["area"].to_list() == ["城关街道", "城关街道"]
    assert table["progress_pct"].fillna(-1).to_list() == [80.0, -1.0]


def test_doubtful_names_are_one_question_with_a_score():
    projects = Sheet("2026年8月", [["项目代码", "项目名称"], ["甲-1", "河湾镇中心中学迁建项目"]])
    issues = Sheet(
        "问题清单",
        [["项目名称", "问题描述", "整改措施"], ["河湾中心中学迁建", "缺地", "报批"]],
    )
    reading = read_ledger([projects, issues], name="台账.xlsx")
    (question,) = [one for one in reading.questions if one.id == "project"]
    assert (question.proposal, question.group) == ("河湾镇中心中学迁建项目", "projects")
    answers = LedgerAnswers(labels={"project_code:*": "nearest"})
    settled = read_ledger([projects, issues], name="台账.xlsx", answers=answers).settled()
    assert settled["issues"]["project_code"].to_list() == ["甲-1"]


def test_the_cells_tell_which_building_it_is():
    def column(*words):
        rows = [["项目代码", "项目名称", "建设性质"]]
        rows += [[f"甲-{at}", f"项目{at}", word] for at, word in enumerate(words)]
        return read_ledger([Sheet("2026年8月", rows)], name="x").settled()["projects"]

    assert column("新建", "扩建")["construction_type"].to_list() == ["new_build", "expansion"]
    assert column("新建", "续建")["nature"].to_list() == ["new", "ongoing"]


def test_an_office_keeps_its_own_words(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("label,means\n帮办专员,contact\nstatus:有点慢,slow\n", encoding="utf-8")
    assert ledger_words(path) == {"帮办专员": "contact", "status:有点慢": "slow"}
    path.write_text("label,means\n帮办专员,helper\n", encoding="utf-8")
    with pytest.raises(DataInvalidError):
        ledger_words(path)
