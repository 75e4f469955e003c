"""The page of a reading: the sheet with what became of each cell, beside what was read."""

import re

import openpyxl
import pytest

from faiwatch.ingest.answered import Source
from faiwatch.ingest.answers_file import Said, said
from faiwatch.ingest.fates import KINDS, fates_of
from faiwatch.ingest.values import position
from faiwatch.site.reading_report import reading_page
from faiwatch.site.sheets import reading_workbook

FIGURES = (
    "2020年陕西省固定资产投资,,,,,\n,,单位：万元,,,\n"
    "时间,累计完成投资,同比增长（%）,当月增速,备注,GDP（亿元）\n"
    "1-2月,12005000,-30.9,—,初步数,5\n1-3月,23456000,-16.5,2.1,,6\n注：初步数,,,,,\n"
)
LEDGER = (
    "项目代码,项目名称,总投资（万元）,责任单位,序号\n"
    "2020-990101-47-03-012345,甲项目,1200,发改局,1\n"
)


@pytest.fixture
def reading(tmp_path):
    def read(text=FIGURES, name="own.csv", **answers):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return Source.open(path, name=name).read(said(answers) if answers else Said())

    return read


def kinds(reading):
    [sheet] = reading.workbook
    fates = fates_of(reading, sheet, range(len(sheet.rows)))
    return {at: one.kind for at, one in fates.items()}


def test_each_cell_has_its_fate(reading):
    found = kinds(reading())
    expected = {
        **dict.fromkeys(["A1", "C2", "A3", "B3", "C3", "E3"], "header"),
        **dict.fromkeys(["A4", "A5", "E4"], "label"),
        **dict.fromkeys(["B4", "B5"], "value"),
        **dict.fromkeys(["C4", "C5"], "growth"),
        **dict.fromkeys(["D3", "D4", "D5", "F3", "F4", "F5", "A6"], "dropped"),
    }
    assert found == {position(cell): kind for cell, kind in expected.items()}


def test_a_figure_says_what_it_was_read_as_and_what_was_left_out_why(reading):
    one = reading()
    fates = fates_of(one, one.workbook[0], range(6))
    assert (
        fates[3, 1].words.zh == "陕西省 固定资产投资 2020-02：1200.5亿元；单位写在表上方 → 1200.5"
    )
    assert fates[4, 3].words.en == "single month: follows from year to date"
    assert fates[5, 0].words.en == "note under or in the table"


def test_cells_in_question_and_the_figures_that_wait(reading):
    found = kinds(reading(FIGURES.replace("累计完成投资", "完成投质").replace("陕西省", "")))
    assert found[2, 1] == "question"
    assert (found[3, 1], found[4, 1]) == ("waiting", "waiting")
    assert found[3, 2] == "question"  # where the region was asked for
    assert found[4, 2] == "growth"


def test_the_labels_of_a_row_wait_with_its_only_figure(reading):
    text = "时间,陕西省固定资产投资同比（%）,备注\n2020年1-2月,{},初步\n2020年1-3月,？？？,核实\n"
    found = kinds(reading(text.format("12.5")))
    assert (found[1, 0], found[1, 2]) == ("label", "label")
    assert [found[2, at] for at in range(3)] == ["waiting", "question", "waiting"]
    found = kinds(reading(FIGURES.replace("累计完成投资", "完成投质").replace("同比", "同笔")))
    assert [found[2, at] for at in range(3)] == ["header", "question", "question"]
    assert found[3, 0] == found[4, 0] == found[3, 1] == "waiting"


def test_a_single_month_that_is_left_out_leaves_its_row(reading):
    text = "date,value,ytd_value\n2025-02-01,,52619\n2025-03-01,50555,103174\n"
    text += "2025-04-01,43850,147024\n"
    found = kinds(reading(text, indicator="total"))
    assert [found[2, at] for at in range(3)] == ["waiting", "dropped", "waiting"]
    assert found[3, 1] == "dropped"


def test_a_ledger_is_shown_by_its_columns(reading):
    found = kinds(reading(LEDGER, "2026-08.csv"))
    assert [found[0, at] for at in range(5)] == ["header"] * 4 + ["dropped"]
    assert [found[1, at] for at in range(5)] == ["label", "label", "value", "label", "dropped"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_sheet_and_table_and_says_every_colour_in_words(reading, lang):
    page = reading_page(reading(), lang=lang)
    shown = set(re.findall(r'<td data-fate="(\w+)" title="', page))
    assert shown == {"value", "growth", "label", "header", "dropped"}
    for kind, words in KINDS.items():
        assert f'<span data-fate="{kind}">123</span>{words.in_language(lang)}' in page
        assert f"[data-fate={kind}]" in page
    assert page.index('class="sheet"') < page.index(
        {"zh": "读出的数字", "en": "Figures read"}[lang]
    )
    titles = re.findall(r'<td data-fate="\w+" title="([^"]*)"', page)
    assert all(titles)
    assert (lang == "en") == all(not re.search("[；：]", one) for one in titles)


def test_a_large_sheet_is_cut_but_every_row_with_a_question_is_there(reading):
    rows = [f"2020年1-{month}月,{month}00,1.5" for month in range(2, 13)] * 40
    rows[300] = "2020年1-9月,见附件,1.5"
    text = "\n".join(["陕西省固定资产投资（亿元）", "时间,累计完成投资,同比增长（%）", *rows])
    page = reading_page(reading(text), lang="en")
    assert '<th scope="row">303</th>' in page
    assert '<th scope="row">61</th>' not in page
    assert page.count("⋮") >= 1
    assert "The first 60 rows, those with a question" in page


def test_many_wide_sheets_stay_within_the_size_of_a_page(tmp_path):
    book = openpyxl.Workbook()
    for n in range(15):  # twelve of them fill a page
        sheet = book.create_sheet(f"陕西省{n}")
        sheet.append(["固定资产投资（亿元）"])
        sheet.append(["时间", *(f"未知的指标{at}号" for at in range(60))])
        for month in range(2, 13):
            sheet.append([f"2020年1-{month}月", *[month * 1.5] * 60])
    path = tmp_path / "wide.xlsx"
    book.save(path)
    page = reading_page(Source.open(path, name="wide.xlsx").read(Said()), lang="en")
    assert "more sheets are not shown" in page
    assert len(page.encode()) < 3_000_000


def test_what_a_cell_holds_is_no_markup(reading):
    page = reading_page(reading(FIGURES.replace("初步数", "<b onmouseover=x>")), lang="zh")
    assert "<b onmouseover" not in page


def test_the_workbook_of_a_reading_has_the_sheet_in_colour(reading, tmp_path):
    path = tmp_path / "report.xlsx"
    one = reading(FIGURES.replace("初步数", "=1+1"), "甲:乙'.csv")
    path.write_bytes(reading_workbook(one, lang="en"))
    sheet = openpyxl.load_workbook(path).worksheets[-1]
    assert [sheet.cell(1, at).value for at in (1, 5)] == ["read as a value", "left out"]
    value, growth, left_out = sheet["B6"], sheet["C6"], sheet["D7"]
    assert value.value == 12005000
    assert value.fill.fgColor.rgb == growth.fill.fgColor.rgb == "FFDBE9F4"
    assert (value.font.italic, growth.font.italic) == (False, True)  # no meaning by colour alone
    assert left_out.font.strike
    assert left_out.comment.text == "single month: follows from year to date"
    assert (sheet["E6"].value, sheet["E6"].data_type) == ("=1+1", "s")
