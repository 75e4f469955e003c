"""``faiwatch template ledger`` and ``faiwatch ingest`` of it: round trip, JSON, CSV, reports."""

import datetime
import json

import openpyxl
import pandas as pd
import pytest

from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.ingest.ledger.answers import LedgerAnswers
from faiwatch.ingest.ledger.reading import ledger_sheets, read_ledger
from faiwatch.ledger.export.template import header_of, ledger_template
from faiwatch.site.reading_report import reading_page
from faiwatch.site.sheets import reading_workbook

HEADER_ROW = 4
CODE = "2020-990101-47-03-012345"
DAY = datetime.date(2026, 3, 15)
VALUES = {
    "code": CODE,
    "date": DAY,
    "month": "2026-08",
    "number": 8,
    "money": 1234.5,
    "percent": 0.5,
    "text": "甲、乙",
}


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.csv"
    rows = ["项目代码,项目名称,总投资,是否入库", f"{CODE},甲项目,1200,是", "合计,,1200,"]
    path.write_text("\n".join(rows), encoding="gb18030")
    return path


def filled(path, lang):
    """Fill every field of every table once, as the template asks; the choices one after another."""
    path.write_bytes(ledger_template(lang=lang))
    book = openpyxl.load_workbook(path)
    expected = {}
    for table in ledger_tables().values():
        sheet = book[table.label.in_language(lang)]
        headers = [cell.value for cell in sheet[HEADER_ROW]]
        fields = list(table.fields.values())
        assert headers == [header_of(field, lang) for field in fields]
        rows = []
        for at in range(max([1, *(len(field.choices) for field in fields)])):
            picked = {one.name: one.choices[at % len(one.choices)] for one in fields if one.choices}
            kept = {name: one.value for name, one in picked.items()}
            rows.append({one.name: kept.get(one.name, VALUES.get(one.kind)) for one in fields})
            own_key = "project_code" if table.name == "projects" else table.key[-1]
            if table.fields[own_key].kind in {"text", "code"}:
                rows[-1][own_key] = f"旧{at}"
            cells = [
                picked[one.name].label.in_language(lang) if one.choices else rows[-1][one.name]
                for one in fields
            ]
            sheet.append(cells)
        expected[table.name] = rows
    book.save(path)
    return expected


def plain(value):
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, pd.Period) else value


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filled_template_is_read_back_the_same(tmp_path, lang):
    path = tmp_path / "t.xlsx"
    expected = filled(path, lang)
    sheets = ledger_sheets(path)
    (asked,) = read_ledger(sheets, name="t.xlsx").questions[:1]
    assert asked.id == "growth_scale"  # 0.5 % or 50 %: nobody can tell
    expected_tables = {name: len(rows) for name, rows in expected.items()}
    reading = read_ledger(sheets, name="t", answers=LedgerAnswers(growth_scale="percent"))
    tables = reading.settled()
    assert {name: len(frame) for name, frame in tables.items()} == expected_tables
    for name, rows in expected.items():
        found = tables[name][list(rows[0])].astype("object").to_dict("records")
        assert [{key: plain(value) for key, value in row.items()} for row in found] == rows


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_template_offers_lists_formats_and_a_frozen_header(tmp_path, lang):
    path = tmp_path / "t.xlsx"
    path.write_bytes(ledger_template(lang=lang))
    book = openpyxl.load_workbook(path)
    assert [sheet.title for sheet in book][1:-1] == [
        table.label.in_language(lang) for table in ledger_tables().values()
    ]
    assert book["lists"].sheet_state == "hidden"
    for table in ledger_tables().values():
        sheet = book[table.label.in_language(lang)]
        kinds = [rule.type for rule in sheet.data_validations.dataValidation]
        with_choices = [field for field in table.fields.values() if field.choices]
        assert kinds.count("list") == len(with_choices)
        assert sheet.freeze_panes == f"A{HEADER_ROW + 1}"
        for cell, field in zip(sheet[HEADER_ROW], table.fields.values(), strict=True):
            assert (cell.comment is not None) == bool(field.note.zh)
            shown = sheet.column_dimensions[cell.column_letter].number_format
            assert (shown == "yyyy-mm-dd") == (field.kind == "date")
    guide = [cell.value for row in book.worksheets[0] for cell in row]
    assert all(
        header_of(field, lang) in guide
        for table in ledger_tables().values()
        for field in table.fields.values()
    )


def test_an_empty_template_holds_no_ledger(faiwatch_says, tmp_path):
    assert faiwatch_says("template", "ledger", "--out", tmp_path / "t.xlsx")[0] == 0
    code, out, err = faiwatch_says("ingest", tmp_path / "t.xlsx", "--kind", "ledger")
    assert (code, out) == (10, "")
    assert "template ledger" in err
    assert "fill it in first" in err  # it may be that very template


def test_questions_stand_in_the_json_and_their_answers_settle_them(faiwatch_says, own):
    code, out, err = faiwatch_says("ingest", own, "--json")
    answer = json.loads(out)
    assert (code, answer["kind"], answer["rows"], answer["table"]) == (11, "ledger", 0, [])
    assert {one["id"] for one in answer["questions"]} == {"unit", "as_of"}
    assert all(one["sheet"] and one["cell"] and one["flag"] for one in answer["questions"])
    assert "--" in err
    given = ["--unit", "亿元", "--as-of", "2026-08"]
    code, out, _ = faiwatch_says("ingest", own, "--json", *given)
    answer = json.loads(out)
    assert list(answer) == ["kind", "rows", "table", "coercions", "questions"]
    assert (code, answer["rows"], answer["questions"]) == (0, 1, [])
    (row,) = answer["table"]
    assert (row["table"], row["asof"], row["total_investment"]) == ("projects", "2026-08", 1.2e7)
    assert (row["in_stat_library"], row["lead"]) == (True, None)
    assert {"unit_parameter", "parameter", "subtotal"} <= {
        one["rule"] for one in answer["coercions"]
    }


def test_one_csv_for_each_table_is_written_and_read_again(faiwatch_says, tmp_path):
    path, out = tmp_path / "t.xlsx", tmp_path / "tables"
    filled(path, "zh")
    code, said, _ = faiwatch_says("ingest", path, "--out", out, "--growth-scale", "percent")
    assert code == 0
    assert "Projects" in said
    assert {one.stem for one in out.iterdir()} == set(ledger_tables())
    code, again, _ = faiwatch_says("ingest", out, "--json")
    assert code == 0
    _, first, _ = faiwatch_says("ingest", path, "--json", "--growth-scale", "percent")
    rows = [
        [{k: v for k, v in row.items() if k not in {"file", "sheet", "row"}} for row in one]
        for one in (json.loads(again)["table"], json.loads(first)["table"])
    ]
    assert rows[0] == rows[1]


@pytest.mark.parametrize(
    "words",
    [
        ["--as-of", "2026-13"],
        ["--as-of", "8月"],
        ["--kind", "other"],
        ["--duplicates", "some"],
        ["--map", "甲=vaule"],
        ["--sheet", "没有"],
    ],
    ids=" ".join,
)
def test_what_can_never_be_an_answer_is_refused(faiwatch_says, own, words):
    code, out, err = faiwatch_says("ingest", own, *words)
    assert (code, out) == (2, "")
    assert err


def test_a_ledger_is_not_written_over_a_file(faiwatch_says, own, tmp_path):
    given = ["--unit", "万元", "--as-of", "2026-08", "--out"]
    assert faiwatch_says("ingest", own, *given, tmp_path / "o.csv")[0] == 2
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_says_what_each_sheet_and_column_became(tmp_path, lang):
    path = tmp_path / "t.xlsx"
    filled(path, lang)
    reading = read_ledger(ledger_sheets(path), name="t.xlsx")
    page = reading_page(reading, lang=lang)
    assert {"zh": "各列读成了什么", "en": "What each column became"}[lang] in page
    assert "--growth-scale" in page
    assert "<script" not in page
    content = tmp_path / "r.xlsx"
    content.write_bytes(reading_workbook(reading, lang=lang))
    cells = [cell for sheet in openpyxl.load_workbook(content) for row in sheet for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_made_up_projects_are_marked_in_the_report(own):
    answers = LedgerAnswers(unit="万元", as_of="2026-08")
    page = reading_page(read_ledger(ledger_sheets(own), name="own", answers=answers), lang="zh")
    assert "演示数据" in page
