"""Whatever the layout of a ledger, the same projects come out: made, written, read back."""

import datetime
import tempfile
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from examples import FEW
from hypothesis import given
from hypothesis import strategies as st

from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.project_codes import code_kind, spelt_code
from faiwatch.ingest.dates import read_day
from faiwatch.ingest.ledger.headers import Headers
from faiwatch.ingest.ledger.reading import is_ledger, ledger_sheets, read_ledger

TABLE = ledger_tables()["projects"]
NAMES = [name for name in TABLE.fields if name not in {"asof", "project_code", "name"}]
UNITS = {"万元": 1, "亿元": 10_000}
DAYS = {
    "iso": "{:%Y-%m-%d}",
    "chinese": "{0.year}年{0.month}月{0.day}日",
    "slash": "{0.year}/{0.month}/{0.day}",
    "compact": "{:%Y%m%d}",
    "point": "{0.year}.{0.month}.{0.day}",
}
FLAGS = {True: ["是", "√", "Y", "已入库"], False: ["否", "×", "N", "未入库"]}
MONTHS = ["2026年8月", "202608", "2026-08", "截至2026年8月底", "Aug 2026"]
EPOCH = datetime.date(1899, 12, 30)

words = st.text(st.sampled_from("甲乙丙abc（）、。1 "), min_size=1, max_size=8).map(
    lambda text: f"甲{text.strip()}"
)
values = {
    "text": words,
    "date": st.dates(datetime.date(2015, 1, 1), datetime.date(2030, 12, 31)),
    "money": st.integers(0, 10**8).map(lambda number: number / 100),
    "percent": st.integers(20, 2000).map(lambda number: number / 10),
    "flag": st.booleans(),
}


def value_of(field):
    if field.kind == "choice":
        return st.sampled_from([one.value for one in field.choices])
    return values[field.kind]


@st.composite
def ledgers(draw):
    """Return fields in the order of their columns, and rows by project code."""
    fields = draw(st.lists(st.sampled_from(NAMES), max_size=10, unique=True))
    count = draw(st.integers(1, 5))
    codes = [f"2020-61070{at}-47-03-01234{at}" for at in range(count)]
    rows = {
        code: {
            "name": f"项目{at}",
            **{name: draw(st.none() | value_of(TABLE.fields[name])) for name in fields},
        }
        for at, code in enumerate(codes)
    }
    order = draw(st.permutations(["project_code", "name", *fields]))
    return order, rows


styles = st.fixed_dictionaries(
    {
        "headers": st.randoms(use_true_random=False),
        "unit": st.sampled_from(list(UNITS)),
        "unit_place": st.sampled_from(["header", "title", "cell"]),
        "day": st.sampled_from([*DAYS, "serial", "date"]),
        "percent": st.sampled_from(["sign", "plain"]),
        "month_place": st.sampled_from(["tab", "title"]),
        "month": st.sampled_from(MONTHS),
        "sum": st.booleans(),
        "numbered": st.booleans(),
        "shift": st.integers(0, 2),
    }
)


def header(name, style):
    field = TABLE.fields[name]
    known = [one for one in (field.label.zh, field.label.en, *field.synonyms) if "(" not in one]
    words = style["headers"].choice(known).replace("n月", "8月")
    if field.kind == "money" and style["unit_place"] == "header":
        return f"{words}（{style['unit']}）"
    return words


def cell(name, value, style):
    field = TABLE.fields.get(name)
    if value is None:
        return style["headers"].choice(["", "—", "/"]) if field.kind != "text" else ""
    if field.kind == "choice":
        one = next(one for one in field.choices if one.value == value)
        return style["headers"].choice([one.label.zh, one.label.en, *one.synonyms])
    if field.kind == "flag":
        return style["headers"].choice(FLAGS[value])
    if field.kind == "money":
        number = round(value / UNITS[style["unit"]], 6)
        return f"{number}{style['unit']}" if style["unit_place"] == "cell" else number
    if field.kind == "percent":
        return f"{value}%" if style["percent"] == "sign" else value
    if field.kind == "date" and style["day"] == "serial":
        return (value - EPOCH).days
    if field.kind == "date" and style["day"] != "date":
        return DAYS[style["day"]].format(value)
    return value


def write(path, order, rows, style):
    tab = style["month"] if style["month_place"] == "tab" else "表1"
    lines = [["投资项目工作台账"]]
    if style["month_place"] == "title":
        lines.append([style["month"]])
    if style["unit_place"] == "title":
        lines.append([f"单位：{style['unit']}"])
    lines.append([header(name, style) for name in order])
    if style["numbered"] and len(order) > 2:  # "1, 2" alone could be a project
        lines.append(list(range(1, len(order) + 1)))
    lines += [
        [cell(name, {"project_code": code, **row}[name], style) for name in order]
        for code, row in rows.items()
    ]
    if style["sum"]:
        lines.append(["合计" if name == "name" else "" for name in order])
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet(tab)
        for number, line in enumerate(lines):
            for at, value in enumerate(line, start=style["shift"]):
                sheet.write(number, at, value)


@FEW
@given(ledgers(), styles)
def test_the_layout_of_a_ledger_does_not_matter(ledger, style):
    order, rows = ledger
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.xlsx"
        write(path, order, rows, style)
        sheets = ledger_sheets(path)
    assert is_ledger(sheets)
    table = read_ledger(sheets, name="own.xlsx").settled()["projects"].set_index("project_code")
    assert set(table["asof"].astype("str")) == {"2026-08"}
    assert list(table.index) == list(rows)
    for code, row in rows.items():
        for name, value in row.items():
            found, kind = table.loc[code, name], TABLE.fields[name].kind
            if value is None:
                assert found == "" if kind in {"text", "choice"} else pd.isna(found)
            elif kind in {"money", "percent"}:
                assert found == pytest.approx(value, abs=1e-9)
            else:
                assert (found.date() if kind == "date" else found) == value


@given(st.text(max_size=60))
def test_any_header_is_understood_or_not(text):
    found = Headers(TABLE).understand([text or " "])
    assert found.field is None or found.field == "skip" or found.field in TABLE.fields


@given(st.text(max_size=40))
def test_a_code_is_spelt_once_and_for_all(text):
    assert spelt_code(spelt_code(text)) == spelt_code(text)
    assert code_kind(spelt_code(text)) in {"national", "doubtful", "legacy"}


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2099, 12, 31)))
def test_a_day_survives_being_text(day):
    for spelling in DAYS.values():
        assert read_day(spelling.format(day)).date == day
