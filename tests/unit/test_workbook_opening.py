"""Files that are no workbook, or a trap: a clear message, bounded memory, nothing executed."""

import re
import subprocess
import zipfile

import openpyxl
import pytest
import xlsxwriter

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.ingest import opening
from faiwatch.ingest.opening import open_sheets
from faiwatch.ingest.values import Percent, Unusable

ZIP_OF_A_WORKBOOK = {"xl/workbook.xml": "<workbook/>", "[Content_Types].xml": "<Types/>"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def package(path, parts, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def said(path):
    with pytest.raises(DataInvalidError) as refused:
        open_sheets(path, name="the file")
    error = refused.value
    assert error.exit_code == 11
    assert re.search("[一-鿿]", error.message("zh"))
    return error.message("en")


def test_macros_are_refused(tmp_path):
    parts = {**ZIP_OF_A_WORKBOOK, "xl/vbaProject.bin": b"macros"}
    assert "macros" in said(package(tmp_path / "a.xlsm", parts))
    assert "macros" in said(package(tmp_path / "renamed.xlsx", parts))
    old = tmp_path / "a.xls"
    old.write_bytes(OLE + "_VBA_PROJECT".encode("utf-16-le"))
    assert "macros" in said(old)


def test_an_encrypted_workbook_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    assert "encrypted" in said(path)


@pytest.mark.parametrize("suffix", ["et", "ett"])
def test_the_own_format_of_wps_is_named(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(OLE)
    assert "WPS" in said(path)
    assert ".xlsx" in said(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    parts = {**ZIP_OF_A_WORKBOOK, "xl/worksheets/sheet1.xml": bytes(60 << 20)}
    assert "too large" in said(package(tmp_path / "a.xlsx", parts))


def test_a_sheet_that_reaches_the_last_corner_ends_only_the_child(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, 1)
        sheet.write(1_048_575, 16_383, 2)
    assert "too large" in said(path)


def test_a_sheet_with_too_many_cells_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(1_000_000, 9, 2)
    assert "too large" in said(path)


def test_a_large_file_is_refused_by_its_size(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n")
        file.truncate(200 << 20)
    assert "200 MB" in said(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>"),
        ("a.xlsx", b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>"),
        ("a.xlsx", b"just words"),
        ("a.pdf", b"%PDF-1.4"),
        ("a.csv", b"\xff\xff\xff\xff"),
        ("a.xls", OLE),
        ("a.xlsx", b"PK\x03\x04 and then nothing"),
        ("quotes.csv", b'a,"b\n1,2\n'),
    ],
    ids=["page", "xml", "words", "pdf", "bytes", "empty-ole", "half-zip", "open-quote"],
)
def test_what_is_no_spreadsheet_is_said_to_be_none(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    assert "the file" in said(path)


def test_a_zip_of_something_else_is_no_workbook(tmp_path):
    assert "no workbook" in said(package(tmp_path / "a.xlsx", {"readme.txt": "hello"}))


def test_a_damaged_workbook_is_said_to_be_damaged(tmp_path):
    assert "damaged" in said(package(tmp_path / "a.xlsx", ZIP_OF_A_WORKBOOK))


@pytest.mark.parametrize("content", [None, b""])
def test_a_file_that_is_not_there_or_empty_is_missing(tmp_path, content):
    path = tmp_path / "a.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataMissingError):
        open_sheets(path, name="the file")


def test_what_the_reader_leaves_out_is_put_back(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, 0.052, book.add_format({"num_format": "0.0%"}))
        sheet.write(0, 1, 0.052, book.add_format({"num_format": 10}))
        sheet.write_formula(0, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(0, 3, "=A1*2", None, 0.104)
        sheet.write_formula(0, 4, "=A1*2")  # nobody has calculated it: its 0 is a placeholder
        sheet.write(0, 5, 0)
    (row,) = open_sheets(path, name="a")[0].rows
    assert isinstance(row[0], Percent)
    assert isinstance(row[1], Percent)
    assert row[2:] == (Unusable("error"), 0.104, Unusable("formula"), 0.0)


def test_a_formula_that_was_never_calculated_is_not_a_blank(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append([1, "=A1*2"])
    book.save(path)
    assert open_sheets(path, name="a")[0].rows == [(1.0, Unusable("formula"))]


def test_hidden_sheets_are_told_and_charts_left_out(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("seen").write(0, 0, 1)
        book.add_chartsheet("chart").set_chart(chart := book.add_chart({"type": "line"}))
        chart.add_series({"values": "=seen!$A$1"})
        hidden = book.add_worksheet("hidden")
        hidden.hide()
        hidden.write(0, 0, 1)
    assert [(one.name, one.hidden) for one in open_sheets(path, name="a")] == [
        ("seen", False),
        ("hidden", True),
    ]


def test_a_child_that_does_not_end_is_ended(tmp_path, monkeypatch):
    path = package(tmp_path / "a.xlsx", ZIP_OF_A_WORKBOOK)
    monkeypatch.setattr(opening, "LONGEST_SECONDS", 0.001)
    assert "too large" in said(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"], ids=["comma", "tab", "semicolon"])
def test_a_csv_of_any_usual_kind_is_one_sheet(tmp_path, encoding, delimiter):
    path = tmp_path / "统计.csv"
    path.write_bytes(f"指标{delimiter}投资\r\n民间{delimiter}12.5\r\n合计\r\n".encode(encoding))
    (sheet,) = open_sheets(path, name="a")
    assert sheet.name == "统计"
    assert sheet.rows == [["指标", "投资"], ["民间", 12.5], ["合计", ""]]


def test_codes_and_months_of_a_csv_stay_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("000000,2020.10,007,12.5,-3\n", encoding="utf-8")
    assert open_sheets(path, name="a")[0].rows == [["000000", "2020.10", "007", 12.5, -3.0]]


@pytest.mark.parametrize(
    ("code", "why"), [(-6, "too large"), (-9, "too large"), (-24, "too large"), (-11, "damaged"),
                      (-1, "damaged"), (1, "damaged"), (0, "damaged")],
)  # fmt: skip
def test_the_end_of_the_reader_is_told_for_what_it_is(tmp_path, monkeypatch, code, why):
    path = tmp_path / "own.xls"
    path.write_bytes(OLE)
    ended = subprocess.CompletedProcess([], code, b"", b"")
    monkeypatch.setattr(opening.subprocess, "run", lambda *_, **__: ended)
    assert why in said(path)
