"""``faiwatch ledger export``: what a spreadsheet finds in it, and what it never finds."""

import csv
import datetime
import io
import re
import signal
import zipfile

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from faiwatch.api import open_page
from faiwatch.cli import app as cli
from faiwatch.core.light_names import LIGHTS
from faiwatch.core.text import Text
from faiwatch.data.measures import measures_of
from faiwatch.ledger.disclosure import FEWEST
from faiwatch.ledger.export.export import export_bytes, ledger_export
from faiwatch.ledger.export.workbook import MADE_UP
from faiwatch.view.sheets.data_sheets import data_workbook
from faiwatch.view.tables import Table

HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "{=1+1}",
    "http://evil.example",
    "internal:Sheet1!A1",
    "x" * 10_000,
    "\u202e反转\u2066",
    "\x00a\x0bb",
    "\t=1",
    "'=1",
    "&L&\"x\"<c r='A1'/>]]>",
]
MONTH = "2026-08"
OWN = "项目代码,项目名称,年度计划投资（万元）,1-8月完成投资（万元）\n"


@pytest.fixture(scope="module")
def export(demo_ledger):
    return ledger_export(demo_ledger, as_of=MONTH, rules="all", figures=("990101", "demo"))


@pytest.fixture(scope="module")
def content(export):
    return export_bytes(export, is_public=False, lang="zh")


@pytest.fixture(scope="module")
def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def public(export):
    return export_bytes(export, is_public=True, lang="zh")


@pytest.fixture
def faiwatch_says(capsys, monkeypatch):
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("FAIWATCH_LANG", "en")

    def run(*words):
        monkeypatch.setattr("sys.argv", ["faiwatch", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return left.value.code, *capsys.readouterr()

    yield run
    signal.signal(signal.SIGTERM, before)


def header_of(sheet):
    """Return the row of the header: the first below which the sheet is frozen."""
    return int(re.search(r"\d+", sheet.freeze_panes)[0]) - 1


def table_of(content, name):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()
    top = next(at for at, row in enumerate(rows) if row[1:2] not in ([""], []))
    return pd.DataFrame(rows[top + 1 :], columns=rows[top])


def text_of(content):
    """Return every word of every part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(parts.read(one).decode() for one in parts.namelist())


def test_projects_come_back_with_their_numbers(export, content):
    stands, found = export.study.standing, table_of(content, "项目")
    assert found["项目代码"].tolist() == stands["project_code"].tolist()
    for header, field in {
        "年度计划（万元）": "annual_plan_10k",
        "已完成（万元）": "ytd_done_10k",
        "低于序时进度（万元）": "shortfall_10k",
        "比序时进度（百分点）": "deviation_pp",
    }.items():
        told = pd.to_numeric(found[header].replace("", None))
        pd.testing.assert_series_equal(told, stands[field], check_names=False, check_dtype=False)


def test_dates_are_dates_and_missing_ones_are_blank(export, content):
    found, stands = table_of(content, "工期"), export.study.standing
    for header, field in {"计划开工日期": "planned_start", "实际竣工日期": "actual_finish"}.items():
        expected = [day.date() if pd.notna(day) else "" for day in stands[field]]
        assert found[header].tolist() == expected
        assert any(isinstance(day, datetime.date) for day in expected)


def test_every_sheet_is_frozen_filtered_marked_and_ready_to_print(book):
    assert len(book.sheetnames) > 12
    for sheet in book:
        top = header_of(sheet)
        assert sheet.auto_filter.ref.startswith(f"A{top}:")
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == f"${top}:${top}"
        assert MADE_UP.zh in sheet["A1"].value
        assert sheet.oddFooter.left.text == MADE_UP.zh
        assert "&P" in sheet.oddFooter.right.text.replace("&[Page]", "&P")


def test_a_light_is_a_word_and_a_colour(export, book):
    sheet = book["亮灯"]
    words = {words.zh for words in LIGHTS.values()}
    columns = [
        at for at, cell in enumerate(sheet[header_of(sheet)], start=1) if "：" in str(cell.value)
    ]
    assert len(columns) == export.study.board.projects.shape[1] - 1
    for at in columns:
        told = [sheet.cell(row, at).value for row in range(header_of(sheet) + 1, sheet.max_row + 1)]
        assert set(told) <= words
    coloured = {
        rule.formula[0].strip('"') for rules in sheet.conditional_formatting for rule in rules.rules
    }
    assert {"红灯", "黄灯", "绿灯", "规则未规定"} <= coloured


def test_a_cjk_column_is_as_wide_as_its_words(book):
    sheet = book["项目"]
    longest = max(len(str(sheet.cell(row, 1).value)) for row in range(3, sheet.max_row + 1))
    assert sheet.column_dimensions["A"].width >= min(2 * longest, 24)


def test_the_meaning_of_every_colour_is_written_out(export, content):
    told = table_of(content, "说明")["含义"].tolist()
    rules = [rule for one in export.study.board.scales for rule in one.scale.light]
    assert {rule.meaning.zh for rule in rules} <= set(told)


def test_the_steps_add_up_to_the_statistic(content):
    steps = table_of(content, "核对与归因汇总")
    part = steps[steps["比较"] == "台账到统计"].set_index("步骤")["金额（万元）"]
    expected = part["统计公布数"] - part["台账以外的投资"]
    assert part["台账项目已上报"] == pytest.approx(expected)


def test_the_same_ledger_makes_the_same_bytes(export, content):
    assert export_bytes(export, is_public=False, lang="zh") == content


def hostile_workbook(*, lang="zh"):
    rows = pd.DataFrame({"name": HOSTILE, "day": [pd.Timestamp("1066-10-14")] * len(HOSTILE)})
    columns = measures_of(name="projects.name", day="day")
    title = Text("=1+1[]:*?/\\", "=1+1")
    sheet = Table(rows, title, columns, lang, Text("=2+2", "@x"))
    mark, made = Text("&A=1", "&A=1"), datetime.datetime(2026, 8, 31)  # noqa: DTZ001
    return data_workbook([sheet], lang=lang, mark=mark, made=made)


def test_hostile_words_are_words_in_a_workbook():
    content = hostile_workbook()
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    told = [sheet.cell(row, 1).value for row in range(4, sheet.max_row + 1)]
    assert told[0] == HOSTILE[0]
    assert told[1] == HOSTILE[1]
    assert len(told[8]) == 10_000
    assert "\u202e" not in told[9]
    assert len(told) == len(HOSTILE)
    cells = [cell for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    parts = text_of(content)
    assert not re.search(r"<f[ >]|<hyperlink|externalLink|<script", parts)
    assert "\x00" not in parts


def test_hostile_words_are_words_in_every_csv(tmp_path, faiwatch_says):
    page = open_page("02_monitor", {"results": str(tmp_path)})
    page.save({}, {"lag": pd.DataFrame({"name": HOSTILE, "n": -1.5})})
    figures = tmp_path / "figures.csv"
    head = "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct,issued,source,note"
    figures.write_text(f"{head}\n610000,total,2026-08,100,-2.5,,=1+1,@x\n", encoding="utf-8")
    assert faiwatch_says("ingest", figures, "--out", tmp_path / "read.csv")[0] == 0
    for name in ("lag.csv", "read.csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        live = [cell for cell in cells if re.match(r"[=+@\t\r]|-(?!\d+(\.\d+)?$)", cell)]
        assert len(cells) > 10
        assert live == []


def test_no_cell_of_a_ledger_workbook_is_live(content, public):
    for one in (content, public):
        assert not re.search(r"<f[ >]|<hyperlink|externalLink", text_of(one))


def test_the_public_workbook_names_nobody(export, public):
    projects = export.study.tables["projects"]
    told = text_of(public)
    fields = ("name", "project_code", "lead", "owner", "content", "remark", "site")
    words = {str(word) for name in fields for word in projects[name].unique() if len(word) > 3}
    issues = export.study.tables["issues"]
    words |= {str(word) for name in ("issue_id", "action") for word in issues[name].unique()}
    shown = {*projects["area"], *projects["unit"], "演示数据"}
    assert len(words) > 250
    assert [word for word in words - shown if word in told] == []
    assert "ledger.xlsx" not in told


def test_the_public_workbook_shows_no_small_count(public):
    shown = 0
    for name, header in {
        "按责任单位": "项目数",
        "按项目级别": "项目数",
        "未销号问题": "问题数",
    }.items():
        counts = table_of(public, name)[header]
        numbers = [one for one in counts if one != "不公开"]
        shown += len(numbers)
        assert all(one == 0 or one >= FEWEST for one in numbers)
    assert shown > 10


def test_the_command_writes_a_ledger_of_ones_own_without_figures(faiwatch_says, tmp_path):
    path = tmp_path / "202608.csv"
    path.write_text(f"{OWN}甲-1,{HOSTILE[2]},100,9\n", encoding="utf-8")
    out = tmp_path / "out.xlsx"
    code, said, _ = faiwatch_says("ledger", "export", path, "--out", out)
    assert (code, said.strip()) == (0, str(out))
    found = table_of(out.read_bytes(), "Projects")
    assert found["Project name"].tolist() == [HOSTILE[2]]
    steps = table_of(out.read_bytes(), "Steps").set_index("Step")
    assert steps["Amount (10,000 yuan)"]["published by the statistics office"] == ""


@pytest.mark.parametrize(
    ("words", "exit_code"),
    [
        (["--out", "o.csv"], 2),
        (["--out", "o.xlsx", "--as-of", "2026-13"], 2),
        (["--out", "o.xlsx", "--rules", "nobody"], 2),
        (["--out", "o.xlsx", "--region", "610000"], 2),
        (["--out", "o.xlsx", "--region", "610000", "--data", "demo"], 2),
        (["--out", "o.xlsx", "--as-of", "2020-01"], 10),
    ],
)
def test_what_cannot_be_exported_is_refused(faiwatch_says, tmp_path, monkeypatch, words, exit_code):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "202608.csv"
    path.write_text(f"{OWN}甲-1,甲厂,100,9\n", encoding="utf-8")
    code, said, err = faiwatch_says("ledger", "export", path.name, *words)
    assert (code, said) == (exit_code, "")
    assert err
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("earlier", "said"),
    [(None, "not compared with any earlier"), ([], "no earlier public edition to compare with")],
)
def test_the_public_workbook_says_with_which_editions_it_was_compared(export, earlier, said):
    content = export_bytes(export, is_public=True, lang="en", earlier=earlier)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert said in package.read("xl/sharedStrings.xml").decode()
