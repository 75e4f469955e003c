"""The made-up ledger: its bytes, its marks, its size, and that it agrees with the district."""

import io
import runpy
import sys
import zipfile

import openpyxl
import pytest

from faiwatch.data.source import data_source
from faiwatch.ledger.load import load_ledger

STATED_SHARE = 0.45


@pytest.fixture(scope="module")
def projects(demo_ledger):
    return demo_ledger.settled()["projects"]


def parts(path):
    with zipfile.ZipFile(path) as workbook:
        return {one.filename: (one.date_time, workbook.read(one)) for one in workbook.infolist()}


def test_running_the_generator_again_gives_the_same_bytes(project, tmp_path, monkeypatch):
    # the parts of the workbook: how tightly they are packed depends on the zlib of the machine
    again = tmp_path / "again.xlsx"
    script = project / "data" / "demo" / "generate_ledger.py"
    monkeypatch.setattr(sys, "argv", [str(script), str(again)])
    runpy.run_path(str(script), run_name="__main__")
    assert parts(again) == parts(script.with_name("ledger.xlsx"))


def test_it_is_small_and_has_the_size_of_a_districts_ledger(project, projects):
    assert (project / "data/demo/ledger.xlsx").stat().st_size < 1_000_000
    assert projects["asof"].nunique() == 14
    assert projects.groupby("asof").size().min() >= 120
    assert not projects["asof"].dt.month.eq(1).any()


def test_every_sheet_and_every_name_says_that_it_is_made_up(project, demo_ledger):
    workbook = openpyxl.load_workbook(
        io.BytesIO((project / "data/demo/ledger.xlsx").read_bytes()), read_only=True
    )
    assert all("演示数据" in next(sheet.values)[0] for sheet in workbook)
    projects = demo_ledger.settled()["projects"]
    assert projects["remark"].str.startswith("演示数据").all()
    for field in ("name", "area", "unit", "lead", "owner"):
        assert projects[field].str.startswith("演示").all()


def test_the_projects_make_the_stated_share_of_the_districts_investment(projects):
    figures = data_source("demo").newest().query("indicator == 'total'").set_index("period")
    single = projects[projects["project_code"] != "演发改投2019-77"]  # the one kept twice
    ledger = single.groupby("asof")["ytd_done"].sum() / 1e4
    share = ledger / figures.loc[ledger.index, "ytd_value_100m"]
    full = share.drop(["2025-11", "2025-12"])  # one project is missing there
    assert full.between(STATED_SHARE - 0.01, STATED_SHARE + 0.01).all()
    assert (share <= STATED_SHARE + 0.01).all()


def test_it_is_read_without_a_question_and_what_was_changed_is_told(demo_ledger):
    assert not demo_ledger.questions
    assert {one.rule for one in demo_ledger.coercions} >= {"code_legacy", "month_of_sheet"}
    assert {one.rule for one in demo_ledger.dropped} >= {"repeated", "subtotal", "note"}
    assert set(demo_ledger.tables["projects"]["file"]) == {"ledger.xlsx"}


def test_every_table_is_there_and_a_path_reads_as_the_name_does(project):
    tables = load_ledger(str(project / "data/demo/ledger.xlsx"))
    names = ["projects", "issues", "contracts", "bonds", "targets", "tasks", "events"]
    names += ["minutes", "notices", "leads", "pipeline", "parks", "measures"]
    assert list(tables) == names
