"""Whatever the layout, the same figures come out: made at random, written, read back."""

import csv
import tempfile
from pathlib import Path

import pytest
import xlsxwriter
from examples import FEW
from hypothesis import given
from hypothesis import strategies as st

from faiwatch.data.reference import known_indicators
from faiwatch.data.regions import known_regions
from faiwatch.ingest.numbers import read_number
from faiwatch.ingest.reading import read_workbook

REGIONS = {code: known_regions()[code].name.zh for code in ("110000", "150000", "610000")}
INDICATORS = {
    name: known_indicators()[name].label.zh for name in ("total", "private", "manufacturing")
}
MONTHS = {
    "window": "{year}年1-{month}月",
    "iso": "{year}-{month:02d}",
    "chinese": "{year}年{month}月",
    "compact": "{year}{month:02d}",
    "point": "{year}.{month}",
}
MARKS = ["", "—", "/", "…", "无"]
TITLES = ["附件1", "投资情况表", "制表：投资科"]
NOTES = ["注：不含农户", "数据来源：统计局", "说明：初步数"]

subsets = {
    "regions": st.lists(st.sampled_from(list(REGIONS)), min_size=1, max_size=3, unique=True),
    "indicators": st.lists(st.sampled_from(list(INDICATORS)), min_size=1, max_size=3, unique=True),
}
tenths = st.integers(-300, 300).map(lambda number: number / 10)
values = st.integers(10_000, 999_999).map(lambda number: number / 100)


@st.composite
def tables(draw):
    """Return figures by region, indicator and month: growing values, any growth."""
    year, last = draw(st.integers(2012, 2026)), draw(st.integers(3, 12))
    figures = {}
    for region in draw(subsets["regions"]):
        for indicator in draw(subsets["indicators"]):
            level = 0.0
            for month in range(2, last + 1):
                level = round(level + draw(values), 2)
                known = draw(st.sampled_from(["both", "both", "both", "value", "growth"]))
                figures[region, indicator, year, month] = (
                    level if known != "growth" else None,
                    draw(tenths) if known != "value" else None,
                )
    return figures


styles = st.fixed_dictionaries(
    {
        "layout": st.sampled_from(["long", "wide", "across", "sheets"]),
        "unit": st.sampled_from(["亿元", "万元"]),
        "unit_place": st.sampled_from(["title", "header"]),
        "month": st.sampled_from(list(MONTHS)),
        "thousands": st.booleans(),
        "percent_signs": st.booleans(),
        "mark": st.sampled_from(MARKS),
        "titles": st.lists(st.sampled_from(TITLES), max_size=2, unique=True),
        "notes": st.lists(st.sampled_from(NOTES), max_size=2, unique=True),
        "shift": st.integers(0, 2),
        "suffix": st.sampled_from(["xlsx", "xlsx", "csv"]),
    }
)


def value_cell(value, style):
    if value is None:
        return style["mark"]
    shown = round(value * (10_000 if style["unit"] == "万元" else 1), 2)
    return f"{shown:,}" if style["thousands"] else shown


def growth_cell(growth, style):
    if growth is None:
        return style["mark"]
    return f"{growth}%" if style["percent_signs"] else growth


def headers(style):
    unit = f"（{style['unit']}）" if style["unit_place"] == "header" else ""
    return f"累计投资额{unit}", "同比增长（%）"


def month_cell(year, month, style):
    return MONTHS[style["month"]].format(year=year, month=month)


def long(figures, style):
    rows = [["地区", "指标", "时间", *headers(style)]]
    for (region, indicator, year, month), (value, growth) in figures.items():
        names = [REGIONS[region], INDICATORS[indicator], month_cell(year, month, style)]
        rows.append([*names, value_cell(value, style), growth_cell(growth, style)])
    return rows


def wide(figures, style):
    """Months across, a row of values and a row of growth for each series."""
    months = list(dict.fromkeys(key[2:] for key in figures))
    rows = [["地区", "指标", *[month_cell(*month, style) for month in months]]]
    for region, indicator in dict.fromkeys(key[:2] for key in figures):
        both = [figures[region, indicator, *month] for month in months]
        name = INDICATORS[indicator]
        unit = f"（{style['unit']}）" if style["unit_place"] == "header" else "额"
        rows.append([REGIONS[region], name + unit, *[value_cell(v, style) for v, _ in both]])
        rows.append(
            [REGIONS[region], f"{name}增速（%）", *[growth_cell(g, style) for _, g in both]]
        )
    return rows


def across(figures, style):
    """Months down, indicators across with value and growth side by side under a merged header."""
    series = list(dict.fromkeys(key[:2] for key in figures))
    names = [f"{REGIONS[region]}{INDICATORS[indicator]}" for region, indicator in series]
    rows = [
        ["月份", *[cell for name in names for cell in (name, "")]],
        ["", *[*headers(style)] * len(series)],
    ]
    for month in dict.fromkeys(key[2:] for key in figures):
        cells = [figures[(*one, *month)] for one in series]
        shown = [(value_cell(v, style), growth_cell(g, style)) for v, g in cells]
        rows.append([month_cell(*month, style), *[cell for pair in shown for cell in pair]])
    return rows


def sheets_of(figures, style):
    """Return the sheets of a file; one for each region in the layout ``sheets``."""
    make = {"long": long, "wide": wide, "across": across, "sheets": across}[style["layout"]]
    if style["layout"] != "sheets" or style["suffix"] == "csv":
        return {"表": make(figures, style)}
    return {
        REGIONS[region]: make({key: one for key, one in figures.items() if key[0] == region}, style)
        for region in dict.fromkeys(key[0] for key in figures)
    }


def around(rows, style):
    unit = [["单位：" + style["unit"]]] if style["unit_place"] == "title" else []
    body = [["" for _ in range(style["shift"])] + row for row in rows]
    return (
        [[title] for title in style["titles"]] + unit + body + [[note] for note in style["notes"]]
    )


def write(path, sheets, style):
    if path.suffix == ".csv":
        (rows,) = sheets.values()
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(around(rows, style))
        return
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(around(rows, style)):
                sheet.write_row(number, 0, row)


@FEW  # each opens its file in a process of its own
@given(tables(), styles)
def test_the_layout_does_not_matter(figures, style):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"own.{style['suffix']}"
        write(path, sheets_of(figures, style), style)
        table = read_workbook(path).settled()
    found = {
        (row.region_code, row.indicator, row.period.year, row.period.month): (
            row.ytd_value_100m,
            row.ytd_yoy_pct,
        )
        for row in table.itertuples()
    }
    assert set(found) == set(figures)
    for key, expected in figures.items():
        for known, cell in zip(expected, found[key], strict=True):
            assert (cell != cell) if known is None else cell == pytest.approx(known, abs=1e-9)


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_it_is_not(text):
    number = read_number(text)
    assert number is None or number.value is None or abs(number.value) < float("inf")


@given(st.floats(-1e9, 1e9).map(lambda number: round(number, 4)))
def test_a_number_survives_being_text(number):
    for spelt in (f"{number:.4f}", f"{number:,.4f}", f" {number:.4f} "):
        assert read_number(spelt).value == pytest.approx(number, abs=1e-9)
