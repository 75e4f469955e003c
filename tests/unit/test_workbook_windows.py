"""Growth has the window of the amount beside it, and agrees with what is known and implied."""

import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError
from faiwatch.ingest.bulk import FEWEST_ROWS
from faiwatch.ingest.meaning import meaning_of
from faiwatch.ingest.reading import Answers, read_workbook

SINGLE = {2: 400.0, 3: 600.0, 4: 500.0, 5: 700.0}
BASE = {2: 450.0, 3: 540.0, 4: 620.0, 5: 610.0}  # of 2024
FIGURES = ["period", "ytd_value_100m", "ytd_yoy_pct"]


def levels(single):
    return dict(zip(single, pd.Series(single).cumsum(), strict=True))


def yoy(now, before):
    return {month: round((now[month] / before[month] - 1) * 100, 1) for month in now}


YTD = levels(SINGLE)
SINGLE_YOY, YTD_YOY = yoy(SINGLE, BASE), yoy(YTD, levels(BASE))


@pytest.fixture
def sheet(tmp_path):
    def write(*rows, name="own.csv"):
        path = tmp_path / name
        lines = [",".join(map(str, row)) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def answers(**labels):
    meanings = {label: meaning_of(words) for label, words in labels.items()}
    return Answers(region="610000", indicator="total", unit="亿元", year=2025, labels=meanings)


def read(path, **more):
    found = read_workbook(path, answers=answers(**more)).settled()[FIGURES]
    return found.astype({"period": "str", "ytd_yoy_pct": "object"}).values.tolist()


def growth_of(path, **labels):
    return [row[2] for row in read(path, **labels)]


def asked(path, history=None, **labels):
    return read_workbook(path, answers=answers(**labels), history=history).questions


def both_windows(growth_in_ytd="", ytd_growth="ytd_growth"):
    """Return the rows of a package: value and yoy are of the single month."""
    head = ["date", "value", "yoy", "mom", "ytd_value", ytd_growth]
    old = [[f"2024-{m:02d}-01", BASE[m], "", "", levels(BASE)[m], ""] for m in BASE]
    rows = [
        [f"2025-{m:02d}-01", SINGLE[m], SINGLE_YOY[m], 1.5, YTD[m], growth_in_ytd] for m in SINGLE
    ]
    return [head, *old, *rows]


def test_growth_beside_an_amount_of_no_window_is_asked_about(sheet):
    path = sheet(*both_windows())
    questions = {one.got: one for one in asked(path, value="skip")}
    assert questions["yoy"].id == "window"
    assert questions["yoy"].flag == "--map 'yoy=growth ytd|growth single'"
    with pytest.raises(DataInvalidError) as refused:
        read_workbook(path, answers=answers(value="skip")).settled()
    assert refused.value.exit_code == 11


def test_growth_beside_its_own_year_to_date_is_of_the_single_month(sheet):
    reading = read_workbook(sheet(*both_windows(ytd_growth="ytd_yoy")), answers=answers())
    assert reading.settled()["ytd_yoy_pct"].isna().all()
    assert {one.cell for one in reading.coercions if one.rule == "window_contrast"} == {"B1", "C1"}
    assert {one.cell for one in reading.dropped if one.rule == "single_month"} == {"B2", "C6"}


@pytest.mark.parametrize(
    "labels",
    [
        {"value": "value single"},
        {"value": "single"},
        {"value": "skip", "yoy": "growth single"},
        {"value": "skip", "yoy": "skip"},
        {"value": "value single", "yoy": "growth single", "ytd_value": "value ytd"},
    ],
    ids=str,
)
def test_no_honest_answer_makes_single_month_growth_year_to_date(sheet, labels):
    found = read(sheet(*both_windows()), **labels)
    assert [row[1] for row in found] == [*levels(BASE).values(), *YTD.values()]
    assert all(pd.isna(row[2]) for row in found)


def test_a_dishonest_answer_is_found_out_by_the_levels_of_the_file(sheet):
    path = sheet(*both_windows())
    (question,) = asked(path, value="skip", yoy="growth ytd")
    assert question.id == "window"
    assert "3" in question.text.en  # of the three months in which the two windows differ
    assert question.flag == "--map 'yoy=growth single'"


def test_the_columns_of_a_package_are_read_without_growth(sheet):
    head = ["月份", "当月", "同比增长", "环比增长", "自年初累计"]
    rows = [[f"2025年{m:02d}月份", SINGLE[m], SINGLE_YOY[m], 2.5, YTD[m]] for m in SINGLE]
    found = read(sheet(head, *rows))
    assert [row[1] for row in found] == list(YTD.values())
    assert all(pd.isna(row[2]) for row in found)


@pytest.mark.parametrize(
    ("head", "order"),
    [
        (["月份", "本月", "同比", "累计", "同比"], "vgVG"),
        (["月份", "累计", "同比", "本月", "同比"], "VGvg"),
        (["月份", "本月", "累计", "同比"], "vVG"),
        (["月份", "本月", "本月同比", "累计", "累计同比"], "vgVG"),
        (["月份", "本月", "累计", "本月同比", "累计同比"], "vVgG"),
        (["月份", "当月投资额", "增速", "环比", "累计投资额", "上年同期", "增速"], "vgxVxG"),
    ],
    ids=str,
)
def test_growth_has_the_window_of_its_neighbour_without_a_question(sheet, head, order):
    columns = {"v": SINGLE, "g": SINGLE_YOY, "V": YTD, "G": YTD_YOY, "x": BASE}
    rows = [[f"2025-{m:02d}", *(columns[one][m] for one in order)] for m in SINGLE]
    expected = [[f"2025-{m:02d}", YTD[m], YTD_YOY[m]] for m in SINGLE]
    assert read(sheet(head, *rows)) == expected


@pytest.mark.parametrize("order", ["vg;VG", "gv;GV"])
def test_growth_has_the_window_of_its_header_group(sheet, order):
    columns = {"v": SINGLE, "g": SINGLE_YOY, "V": YTD, "G": YTD_YOY}
    words = {"v": "本月投资额", "V": "累计投资额", "g": "增速", "G": "增速"}
    first, second = order.split(";")
    heads = [
        ["月份", "甲类统计", "", "乙类统计", ""],
        ["", *(words[one] for one in (*first, *second))],
    ]
    rows = [[f"2025-{m:02d}", *(columns[one][m] for one in (*first, *second))] for m in SINGLE]
    path = sheet(*heads, *rows)
    assert growth_of(path, 甲类统计="-", 乙类统计="-") == list(YTD_YOY.values())


def test_two_growths_after_two_amounts_are_asked_about(sheet):
    head = ["月份", "本月", "累计", "同比", "增速"]
    rows = [[f"2025-{m:02d}", SINGLE[m], YTD[m], SINGLE_YOY[m], YTD_YOY[m]] for m in SINGLE]
    path = sheet(head, *rows)
    assert {one.got for one in asked(path)} == {"同比", "增速"}
    assert growth_of(path, 同比="growth single", 增速="growth ytd") == list(YTD_YOY.values())


def test_a_header_of_two_columns_cannot_be_answered_for_both(sheet):
    head = ["月份", "本月", "累计", "同比", "同比"]
    rows = [[f"2025-{m:02d}", SINGLE[m], YTD[m], SINGLE_YOY[m], YTD_YOY[m]] for m in SINGLE]
    (question,) = asked(sheet(head, *rows))
    assert question.flag == "--map '同比=skip'"


def test_the_window_of_rows_is_that_of_the_amount_above(sheet):
    columns = {"当月投资额": SINGLE, "同比": SINGLE_YOY, "累计投资额": YTD, "同比增长": YTD_YOY}
    head = ["指标", *(f"2025-{m:02d}" for m in SINGLE)]
    rows = [[name, *figures.values()] for name, figures in columns.items()]
    assert growth_of(sheet(head, *rows)) == list(YTD_YOY.values())


def test_growth_in_a_row_above_the_amounts_is_asked_about(sheet):
    columns = {"同比": YTD_YOY, "当月投资额": SINGLE, "累计投资额": YTD}
    head = ["指标", *(f"2025-{m:02d}" for m in SINGLE)]
    path = sheet(head, *([name, *figures.values()] for name, figures in columns.items()))
    (question,) = asked(path)
    assert (question.id, question.cell, question.got) == ("window", "A2", "同比")
    assert question.flag == "--map '同比=growth ytd|growth single'"
    assert growth_of(path, 同比="growth ytd") == list(YTD_YOY.values())


def test_long_tables_by_column_read_windows_like_short_ones(sheet):
    figures = {"当月投资额": SINGLE, "同比": SINGLE_YOY, "累计投资额": YTD, "同比增长": YTD_YOY}
    names = ["固定资产投资", *figures]
    rows = [
        [f"{year}-{month:02d}", names[0] + name if "额" in name else name, figures[name][month]]
        for year in range(1950, 2026)
        for month in SINGLE
        for name in figures
    ]
    assert len(rows) > FEWEST_ROWS
    found = read(sheet(["时间", "指标", "数值"], *rows))
    assert [row[2] for row in found] == list(YTD_YOY.values()) * 76


def test_a_window_in_the_title_does_not_hide_the_question(sheet):
    rows = [["2025年1—5月固定资产投资"], *both_windows()]
    assert "yoy" in {one.got for one in asked(sheet(*rows), value="skip")}


def history(growth, year=2025):
    months = pd.PeriodIndex([f"{year}-{month:02d}" for month in growth], freq="M")
    columns = {"region_code": "610000", "indicator": "total", "period": months}
    return pd.DataFrame(columns | {"ytd_value_100m": None, "ytd_yoy_pct": list(growth.values())})


GROWTH_ONLY = [["月份", "同比增长"], *([f"2025-{m:02d}", SINGLE_YOY[m]] for m in SINGLE)]


def test_growth_is_compared_with_what_is_held(sheet):
    path = sheet(*GROWTH_ONLY)
    assert not asked(path, history(SINGLE_YOY))
    assert not asked(path, history(YTD_YOY, year=2024))
    (question,) = asked(path, history(YTD_YOY))
    assert question.id == "growth"
    assert "3 of 4 months" in question.text.en
    assert question.flag == "--map '同比增长=growth single' | --history none"
    assert not asked(path)


def test_rounding_and_few_revisions_are_no_disagreement(sheet):
    path = sheet(*GROWTH_ONLY)
    assert not asked(path, history({m: g + 0.1 for m, g in SINGLE_YOY.items()}))
    assert not asked(path, history(SINGLE_YOY | {3: 90.0, 4: 80.0}))
    assert asked(path, history(SINGLE_YOY | {3: 90.0, 4: 80.0, 5: 70.0}))


def test_growth_on_a_comparable_basis_is_no_disagreement_with_levels(sheet):
    """Published growth differs from that of the published levels, often by sign."""
    head = ["月份", "累计投资额", "同比增长"]
    old = [[f"2024-{m:02d}", level * 1.15, ""] for m, level in levels(BASE).items()]
    new = [[f"2025-{m:02d}", YTD[m], YTD_YOY[m]] for m in YTD]
    assert growth_of(sheet(head, *old, *new))[4:] == list(YTD_YOY.values())


def test_the_first_release_of_a_year_tells_no_window(sheet):
    head = ["月份", "累计投资额", "同比增长"]
    rows = [["2024-02", BASE[2], ""], ["2025-02", SINGLE[2], SINGLE_YOY[2]]]
    assert growth_of(sheet(head, *rows))[1] == SINGLE_YOY[2]


def test_single_month_growth_beside_cumulative_levels_is_asked_about(sheet):
    head = ["月份", "累计投资额", "同比增长"]
    old = [[f"2024-{m:02d}", level, ""] for m, level in levels(BASE).items()]
    new = [[f"2025-{m:02d}", YTD[m], SINGLE_YOY[m]] for m in YTD]
    (question,) = asked(sheet(head, *old, *new))
    assert question.id == "window"
    assert question.flag == "--map '同比增长=growth single'"


@pytest.mark.parametrize("name", ["本月.csv", "当月数据.csv", "monthly.csv"])
def test_a_header_of_the_year_to_date_is_stronger_than_the_name_of_the_file(sheet, name):
    head = ["月份", "固定资产投资累计值（亿元）", "累计同比（%）"]
    rows = [[f"2025年1-{month}月", YTD[month], YTD_YOY[month]] for month in YTD]
    assert growth_of(sheet(head, *rows, name=name)) == list(YTD_YOY.values())
    head = ["月份", "固定资产投资（亿元）", "同比（%）"]
    questions = asked(sheet(head, *rows, name="当月.csv"))
    assert {one.id for one in questions} == {"window"}
