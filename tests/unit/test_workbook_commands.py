"""``faiwatch ingest`` and ``faiwatch template``: JSON, CSV, reports, exit codes, round trip."""

import json

import openpyxl
import pytest

from faiwatch.core.provenance import rows_behind
from faiwatch.data.source import data_source
from faiwatch.data.store_files import DataRoot
from faiwatch.ingest.opening import open_sheets
from faiwatch.ingest.reading import read_workbook
from faiwatch.site.reading_report import reading_page
from faiwatch.site.sheets import reading_workbook, template_workbook

CSV = (
    "2020年陕西省固定资产投资,,\n,,单位：万元\n时间,累计完成投资,同比增长（%）\n"
    '1-2月,"12,005,000",-30.9\n1-3月,23456000,-16.5\n注：初步数,,\n'
)


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_json_has_exactly_what_is_promised(faiwatch_says, own):
    code, out, err = faiwatch_says("ingest", own, "--json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert list(answer) == ["kind", "rows", "table", "coercions", "questions"]
    assert (answer["kind"], answer["rows"], answer["questions"]) == ("fai", 2, [])
    assert answer["table"][0]["ytd_value_100m"] == 1200.5
    assert answer["table"][0]["period"] == "2020-02"
    assert all(
        list(one) == ["sheet", "cell", "was", "became", "rule"] for one in answer["coercions"]
    )
    assert {"thousands+unit_title", "note", "title"} <= {one["rule"] for one in answer["coercions"]}


def test_an_open_question_leaves_with_11_and_stands_in_the_json(faiwatch_says, own):
    own.write_text(CSV.replace("单位：万元", ""), encoding="utf-8")
    code, out, err = faiwatch_says("ingest", own, "--json")
    answer = json.loads(out)
    assert code == 11
    assert "--unit" in err
    assert (answer["rows"], answer["table"]) == (0, [])
    assert [one["id"] for one in answer["questions"]] == ["unit"]
    assert faiwatch_says("ingest", own, "--unit", "万元")[0] == 0


def test_a_csv_comes_out_that_every_page_takes(faiwatch_says, own, tmp_path):
    out = tmp_path / "tidy.csv"
    code, said, _ = faiwatch_says("ingest", own, "--out", out)
    assert code == 0
    assert "2 rows read" in said
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    table = data_source(str(out)).newest()
    assert table["ytd_value_100m"].tolist() == [1200.5, 2345.6]
    assert table["cell"].tolist() == ["B4", "B5"]


def test_what_is_read_is_kept_with_its_original_and_traced_to_its_cell(
    faiwatch_says, own, tmp_path
):
    root = str(tmp_path / "store")
    code, said, err = faiwatch_says(
        "ingest", own, "--data", root, "--issued", "2020-04-17", "--source", "bureau"
    )
    assert (code, err) == (0, "")
    assert "kept as 2020-04-17-" in said
    kept = DataRoot(root).vintages()[0]
    assert (tmp_path / "store" / "originals" / kept.original_sha256).read_bytes() == CSV.encode()
    table = data_source(root).newest()
    row = rows_behind(table, "ytd_yoy_pct")[1]
    assert (row.file, row.sheet, row.row, row.issued) == ("own.csv", "own", 5, "2020-04-17")


def test_nothing_is_kept_without_an_issue_date(faiwatch_says, own, tmp_path):
    code, _, err = faiwatch_says("ingest", own, "--data", tmp_path / "store")
    assert (code, "--issued" in err) == (11, True)
    assert not list((tmp_path / "store").rglob("*.json"))


def test_nothing_is_written_while_a_question_is_open_but_the_report(faiwatch_says, own, tmp_path):
    own.write_text(CSV.replace("陕西省", ""), encoding="utf-8")
    code, _, _ = faiwatch_says(
        "ingest", own, "--out", tmp_path / "o.csv", "--report", tmp_path / "r.xlsx"
    )
    assert code == 11
    assert not (tmp_path / "o.csv").exists()
    (questions, *_) = open_sheets(tmp_path / "r.xlsx", name="report")
    assert "--region 610000" in [cell for row in questions.rows for cell in row]


@pytest.mark.parametrize(
    "words",
    [
        ["--region", "61"],
        ["--unit", "公里"],
        ["--unit", "%"],
        ["--indicator", "Total"],
        ["--map", "投资额=vaule"],
        ["--sheet", "没有"],
        ["--report", "r.pdf"],
        ["--growth-scale", "percentage"],
    ],
    ids=" ".join,
)
def test_what_can_never_be_an_answer_is_refused(faiwatch_says, own, words):
    code, out, err = faiwatch_says("ingest", own, *words)
    assert (code, out) == (2, "")
    assert err


def test_a_mapped_label_is_used_and_reported(faiwatch_says, own):
    own.write_text(CSV.replace("累计完成投资", "全社会完成"), encoding="utf-8")
    assert faiwatch_says("ingest", own)[0] == 11
    code, out, _ = faiwatch_says("ingest", own, "--map", "全社会完成=value ytd", "--json")
    assert code == 0
    assert {"B3": "map"}.items() <= {
        one["cell"]: one["rule"] for one in json.loads(out)["coercions"]
    }.items()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_reports_hold_every_change_in_one_language(own, lang):
    reading = read_workbook(own, name="own.csv")
    page = reading_page(reading, lang=lang)
    assert "12,005,000" in page
    assert {"zh": "千分位", "en": "thousands"}[lang] in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    content = reading_workbook(reading, lang=lang)
    assert content.startswith(b"PK")


def test_a_report_never_carries_a_formula(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "2020年陕西省固定资产投资（亿元）,,\n时间,累计,备注\n1-2月,5.5,=1+1\n=HYPERLINK(1),,\n",
        encoding="utf-8",
    )
    report = tmp_path / "r.xlsx"
    report.write_bytes(reading_workbook(read_workbook(path), lang="zh"))
    cells = [cell for sheet in openpyxl.load_workbook(report) for row in sheet for cell in row]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filled_template_is_read_back_without_a_question(tmp_path, lang):
    path = tmp_path / "template.xlsx"
    path.write_bytes(template_workbook(lang=lang))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = {"zh": ("陕西省", "民间投资"), "en": ("Shaanxi", "private investment")}[lang]
    sheet.append([*names, "2026-02", 12.5, -3.2, "2026-03-16", "月报", "初步"])
    sheet.append([*names, "2026-03", None, 0.4])
    sheet.append(["610702", "my_own", "2026-03", 0, None])
    book.save(path)
    table = read_workbook(path).settled()
    found = table[["region_code", "indicator", "ytd_value_100m", "ytd_yoy_pct"]]
    assert found.astype("object").where(found.notna(), "").to_numpy().tolist() == [
        ["610000", "private", 12.5, -3.2],
        ["610000", "private", "", 0.4],
        ["610702", "my_own", 0.0, ""],
    ]
    assert [str(period) for period in table["period"]] == ["2026-02", "2026-03", "2026-03"]
    assert table.loc[0, ["source", "note"]].tolist() == ["月报", "初步"]
    assert f"{table.loc[0, 'issued']:%Y-%m-%d}" == "2026-03-16"


def test_the_template_offers_lists_and_notes(faiwatch_says, tmp_path):
    out = tmp_path / "t.xlsx"
    assert faiwatch_says("template", "fai", "--out", out)[0] == 0
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert [rule.type for rule in sheet.data_validations.dataValidation].count("list") == 2
    assert all(cell.comment for cell in sheet[4])
    assert faiwatch_says("ingest", out)[0] == 10
    assert faiwatch_says("template", "fai", "--out", tmp_path / "t.csv")[0] == 2
