"""A ledger as people keep it: what is read, what is left out, and each question with its answer."""

import datetime

import openpyxl
import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError, DataMissingError, ParameterError
from faiwatch.ingest.dates import month_of, read_day
from faiwatch.ingest.ledger.answers import LedgerAnswers, mapped_label
from faiwatch.ingest.ledger.reading import as_csv, is_ledger, ledger_sheets, read_ledger
from faiwatch.ingest.opening import open_sheets
from faiwatch.ingest.rules import RULES
from faiwatch.ingest.values import Sheet, Unusable
from faiwatch.ledger.load import ledger_reading

ONE, TWO = "2020-610702-47-03-012345", "2020-610702-47-03-012346"
HEADER = ["项目代码", "项目名称", "总投资（万元）", "状态", "计划开工时间", "是否入库"]
ROW = [ONE, "甲项目", 1200.0, "正常", "2026-03-15", "是"]


def sheet(*rows, name="2026年8月", **more):
    width = max(map(len, rows))
    return Sheet(name, [[*row, *[""] * (width - len(row))] for row in rows], **more)


def read(*sheets, name="台账.xlsx", **answers):
    labels = dict(map(mapped_label, answers.pop("maps", [])))
    reading = read_ledger(list(sheets), name=name, answers=LedgerAnswers(labels=labels, **answers))
    noted = (*reading.coercions, *reading.dropped)
    assert {rule for one in noted for rule in one.rule.split("+")} <= set(RULES)
    return reading


def with_cell(header, value):
    return sheet([*HEADER[:2], header], [ONE, "甲项目", value])


def project(*sheets, **answers):
    return read(*sheets, **answers).settled()["projects"].iloc[0]


def asked(reading):
    return {one.id: one for one in reading.questions}


def rules(reading):
    return {(one.cell, one.rule) for one in (*reading.coercions, *reading.dropped)}


def test_a_ledger_with_everything_around_it_is_read():
    headers = [
        ["序号", "项目代码", "项目名称", "计划", "", "投资", "", "备注"],
        ["", "", "", "开工时间", "竣工时间", "总投资", "1-8月完成投资", ""],
    ]
    merges = [(2, 3, 2, 4), (2, 5, 2, 6), *[(2, at, 3, at) for at in (0, 1, 2, 7)]]
    reading = read(
        sheet(
            ["重点项目台账"],
            ["填报单位：发改局", "", "", "", "", "", "", "单位：亿元"],
            *headers,
            ["甲", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
            ["一、市级重点项目"],
            [1.0, ONE, "甲项目", "2026.3", 46204.0, "1.5", "—", "电话 029"],
            headers[0],
            ["", "合 计", "", "", "", 1.5],
            ["注：初步数"],
            merges=merges,
        )
    )
    row = reading.settled()["projects"].iloc[0]
    assert str(row["asof"]) == "2026-08"
    assert (row["total_investment"], row["planned_finish"].date()) == (
        15000.0,
        datetime.date(2026, 7, 1),
    )
    assert row["planned_start"].date() == datetime.date(2026, 3, 31)
    assert pd.isna(row["ytd_done"])
    assert (row["sheet"], row["row"]) == ("2026年8月", 7)
    assert {
        ("D7", "day_missing"),
        ("E7", "date_serial"),
        ("F4", "unit_title"),
        ("G7", "missing_mark"),
        ("A5", "column_numbers"),
        ("A6", "note"),
        ("A8", "header_again"),
        ("B9", "subtotal"),
        ("A10", "note"),
        ("A3", "skip"),
        ("A1", "title"),
    } <= rules(reading)


def test_every_month_is_kept_and_tells_itself():
    months = ["2026年7月", "202608", "Sheet3"]
    sheets = [sheet(HEADER, ROW, name=name) for name in months]
    sheets[2] = sheet(["截至9月底"], HEADER, ROW, name="Sheet3")
    reading = read(*sheets, name="2026年台账.xlsx")
    months = ["2026-07", "2026-08", "2026-09"]
    assert reading.settled()["projects"]["asof"].astype("str").tolist() == months
    assert [one.month for one in reading.sheets] == months


@pytest.mark.parametrize(
    ("sources", "months"),
    [
        ([["2026年1-8月"]], {"2026-08"}),
        ([["Sheet1"], ["截至2026年8月31日"], ["2025-12.xlsx"]], {"2026-08"}),
        ([["8月"], ["2026年重点项目"]], {"2026-08"}),
        ([["8月"]], set()),
        ([["一"], ["填报日期：2026年9月5日"]], set()),
        ([["2026年7月", "2026年8月"]], {"2026-07", "2026-08"}),
        ([["Aug 2026"]], {"2026-08"}),
        ([["20260831"]], {"2026-08"}),
    ],
)
def test_months_of_sheets(sources, months):
    assert {str(month) for month in month_of(sources)} == months


@pytest.mark.parametrize(
    ("given", "day", "rule"),
    [
        (datetime.date(2026, 8, 5), "2026-08-05", ""),
        ("2026-08-05", "2026-08-05", ""),
        ("2026年8月5日", "2026-08-05", "date_text"),
        ("2026/8/5", "2026-08-05", "date_text"),
        ("２０２６．８．５", "2026-08-05", "date_text"),
        ("20260805", "2026-08-05", "date_text"),
        (20260805.0, "2026-08-05", "date_text"),
        (46239.0, "2026-08-05", "date_serial"),
        ("2026年8月底", "2026-08-31", "day_missing"),
        (2026.8, "2026-08-31", "day_missing"),
        ("2026年", "2026-12-31", "day_missing"),
        ("2026年8月上旬", "2026-08-10", "day_missing"),
    ],
)
def test_days_in_every_spelling(given, day, rule):
    found = read_day(given)
    assert (str(found.date), found.rule) == (day, rule)


@pytest.mark.parametrize("given", ["2026-02-30", 2026.1, "2025.1", "尽快", True, 3e9, "13月"])
def test_what_is_no_day(given):
    assert read_day(given) is None


@pytest.mark.parametrize(
    ("header", "given", "field", "value"),
    [
        ("总投资（亿元）", "1.2345", "total_investment", 12345.0),
        ("总投资(元)", 12345.0, "total_investment", 1.2345),
        ("总投资", "1.5亿元", "total_investment", 15000.0),
        ("总投资/万元", "1,234.5", "total_investment", 1234.5),
        ("总投资", 0.0, "total_investment", 0.0),
        ("占年度计划%", "64.01%", "plan_done_pct", 64.01),
        ("占年度计划%", 64.01, "plan_done_pct", 64.01),
        ("是否入库", "√", "in_stat_library", True),
        ("是否入库", "未入库", "in_stat_library", False),
        ("是否入库", True, "in_stat_library", True),
        ("状态", "推进缓慢", "status", "slow"),
        ("状态", "/", "status", ""),
        ("存在问题", "无", "problem", "无"),
        ("存在问题", "/", "problem", ""),
        ("存在问题", 12.0, "problem", "12"),
        ("存在问题", Unusable("error"), "problem", ""),
        ("Total investment (100 million yuan)", 2.0, "total_investment", 20000.0),
    ],
)
def test_cells_of_every_kind(header, given, field, value):
    assert project(with_cell(header, given))[field] == value


QUESTIONS = [
    ("unit", with_cell("总投资", 1200.0), {"unit": "亿元"}, ("total_investment", 1.2e7)),
    (
        "growth_scale",
        with_cell("占年度计划", 0.65),
        {"growth_scale": "fraction"},
        ("plan_done_pct", 65.0),
    ),
    ("as_of", sheet(HEADER, ROW, name="表1"), {"as_of": "2026-08"}, ("name", "甲项目")),
    (
        "as_of",
        sheet(HEADER, ROW, name="2026年7月至2026年8月"),
        {"as_of": "2026-08"},
        ("name", "甲项目"),
    ),
    (
        "year",
        with_cell("实际开工", "9月"),
        {"year": 2025},
        ("actual_start", "2025-09-30"),
    ),
    (
        "choice",
        with_cell("状态", "有点慢"),
        {"maps": ["status:有点慢=slow"]},
        ("status", "slow"),
    ),
    (
        "date",
        with_cell("计划开工", "尽快"),
        {"unreadable_is_missing": True},
        ("planned_start", "NaT"),
    ),
    (
        "number",
        with_cell("总投资（万元）", "约12"),
        {"unreadable_is_missing": True},
        ("total_investment", "nan"),
    ),
    (
        "number",
        with_cell("总投资（万元）", "12%"),
        {"unreadable_is_missing": True},
        ("total_investment", "nan"),
    ),
    (
        "label",
        with_cell("牵头主管单位", "发改局"),
        {"maps": ["牵头主管单位=unit"]},
        ("unit", "发改局"),
    ),
    (
        "label",
        sheet([*HEADER[:2], "类别", "行业"], [ONE, "甲", "棚改", "工业"]),
        {"maps": ["行业=skip"]},
        ("category", "棚改"),
    ),
    (
        "field",
        sheet(["项目编号甲", *HEADER[1:]], ROW),
        {"maps": ["项目编号甲=project_code"]},
        ("project_code", ONE),
    ),
    (
        "required",
        sheet(HEADER, ["", *ROW[1:]], ROW),
        {"unreadable_is_missing": True},
        ("project_code", ONE),
    ),
    (
        "code",
        sheet(HEADER, [2.0206107024703e19, *ROW[1:]], ROW),
        {"unreadable_is_missing": True},
        ("project_code", ONE),
    ),
    (
        "duplicate",
        sheet(HEADER, ROW, [ONE, "乙项目", *ROW[2:]]),
        {"duplicates": "last"},
        ("name", "乙项目"),
    ),
]


@pytest.mark.parametrize(
    ("id", "given", "answer", "expected"),
    QUESTIONS,
    ids=[f"{at}-{one[0]}" for at, one in enumerate(QUESTIONS)],
)
def test_each_question_has_an_answer(id, given, answer, expected):
    reading = read(given)
    assert id in asked(reading)
    assert asked(reading)[id].flag.startswith("--")
    assert asked(reading)[id].cell
    assert not reading.tables
    with pytest.raises(DataInvalidError) as refused:
        reading.settled()
    assert refused.value.exit_code == 11
    field, value = expected
    found = project(given, **answer)[field]
    assert (str(found.date()) if isinstance(found, datetime.date) else found) == value or (
        str(found) == value
    )


def test_a_word_is_proposed_only_when_it_is_near():
    near, far = (asked(read(with_cell("新续建", word)))["choice"] for word in ("续建项", "甲类"))
    assert (near.proposal, "=ongoing'" in near.flag) == ("续建项目", True)
    assert (far.proposal, "=new|ongoing|completed|early'" in far.flag) == ("", True)


def test_a_formula_without_its_result_can_only_be_mended():
    reading = read(with_cell("总投资（万元）", Unusable("formula")), unreadable_is_missing=True)
    assert asked(reading)["formula"].flag == ""


def test_a_sheet_that_may_be_two_tables_is_asked_about():
    given = sheet(["项目名称", "总投资（万元）", "责任单位"], ["甲", 1.0, "发改局"], name="x 任务")
    reading = read(given, sheet(HEADER, ROW), maps=["sheet:x 任务=skip"])
    assert len(reading.settled()["projects"]) == 1


@pytest.mark.parametrize(
    ("how", "names"), [("first", ["甲"]), ("last", ["乙"]), ("keep", ["甲", "乙"])]
)
def test_rows_of_one_key(how, names):
    given = sheet(HEADER[:2], [ONE, "甲"], [ONE, "乙"], [ONE, "甲"])
    reading = read(given, duplicates=how)
    assert reading.settled()["projects"]["name"].tolist() == names
    assert ("A4", "repeated") in rules(reading)


def test_words_in_merged_cells_stand_for_each_row_and_amounts_do_not():
    given = sheet(
        [*HEADER[:3], "包抓领导"],
        [ONE, "甲", 100.0, "张三"],
        [TWO, "乙", "", ""],
        merges=[(1, 3, 2, 3), (1, 2, 2, 2)],
    )
    table = read(given).settled()["projects"]
    assert table["lead"].tolist() == ["张三", "张三"]
    assert table["total_investment"].isna().tolist() == [False, True]


def test_legacy_and_doubtful_codes_are_kept_and_marked():
    codes = ["汉区发改〔2016〕12号", "2020-560702-47-03-012345", "２０２０－610702-47-03-012345"]
    reading = read(sheet(HEADER[:2], *[[code, f"项目{code}"] for code in codes]))
    table = reading.settled()["projects"]
    assert table["code_kind"].tolist() == ["legacy", "doubtful", "national"]
    assert {("A2", "code_legacy"), ("A3", "code_doubtful"), ("A4", "code_form")} <= rules(reading)


HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x","y")',
    "a\x00b\u202ec",
    "长" * 10_000,
]


def test_hostile_words_stay_words():
    reading = read(
        sheet([*HEADER[:2], "备注"], *[[f"旧{at}", "甲", word] for at, word in enumerate(HOSTILE)])
    )
    remarks = reading.settled()["projects"]["remark"].tolist()
    assert remarks[:2] == HOSTILE[:2]
    assert remarks[2] == "a\ufffdb\ufffdc"
    assert remarks[3] == "长" * 1999 + "…"
    assert {("C4", "control_characters"), ("C5", "too_long")} <= rules(reading)


def test_a_csv_of_ours_comes_back_the_same_and_runs_nothing(tmp_path):
    words = ["=1+1", "'=1", "-5℃", "@甲", "平常"]
    given = sheet(
        [*HEADER, "备注", "占年度计划"],
        *[[f"旧{at}", *ROW[1:], word, "0.5%"] for at, word in enumerate(words)],
    )
    table = read(given).settled()["projects"]
    (tmp_path / "projects.csv").write_text(as_csv(table), encoding="utf-8-sig")
    text = (tmp_path / "projects.csv").read_text("utf-8-sig")
    assert not any(f",{sign}" in text for sign in "=+-@")
    for path in (tmp_path, tmp_path / "projects.csv"):
        sheets = ledger_sheets(path)
        assert is_ledger(sheets)
        again = read(*sheets, name="again").settled()["projects"]
        trace = ["file", "sheet", "row"]
        pd.testing.assert_frame_equal(again.drop(columns=trace), table.drop(columns=trace))


def test_figures_are_no_ledger_and_an_empty_ledger_says_so():
    figures = sheet(["地区", "指标", "时间", "投资额（亿元）"], ["陕西", "合计", "2026-08", 1.0])
    assert not is_ledger([figures])
    with pytest.raises(DataMissingError):
        read(figures)
    with pytest.raises(DataMissingError):
        read(sheet(HEADER))
    with pytest.raises(ParameterError):
        read(sheet(HEADER, ROW), sheets=("没有",))


@pytest.mark.parametrize("given", ["甲=vaule", "status:慢=slwo", "=unit", "sheet:甲=unit"])
def test_what_can_never_be_an_answer_is_refused(given):
    with pytest.raises(ParameterError):
        mapped_label(given)


def test_a_workbook_of_several_tables_is_read_whole(tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    content = {
        "项目2026年8月": "项目代码 项目名称|{one} 甲项目",
        "问题清单": "编号 项目代码 问题类别 原因 提出时间|W1 {one} 停工 用地 2026.7",
        "招商引资": "编号 项目名称 投资额（亿元） 签约日期|H1 丙 3 2026-05-20",
        "债券": "项目代码 批次 发行日期 额度（万元）|{one} 一 2026-02-01 500",
        "目标": "责任单位 年度 指标 目标值 计量单位|全区 2026 增速 6 %",
        "任务": "编号 任务 时限|R1 办理施工许可 2026-09-30",
        "大事记": "日期 类型 标题|2026-08-03 观摩会 三季度观摩",
    }
    for name, rows in content.items():
        tab = book.create_sheet(name)
        for row in rows.format(one=ONE).split("|"):
            tab.append(row.split())
    book.save(tmp_path / "own.xlsx")
    reading = read(*open_sheets(tmp_path / "own.xlsx", name="own"), name="own.xlsx")
    tables = reading.settled()
    assert {name: len(frame) for name, frame in tables.items()} == dict.fromkeys(
        ["projects", "issues", "contracts", "bonds", "targets", "tasks", "events"], 1
    )
    assert tables["issues"].loc[0, ["class", "cause"]].tolist() == ["stopped", "land"]
    assert tables["contracts"].loc[0, "amount"] == 30000
    assert tables["targets"].loc[0, ["metric", "value", "value_unit"]].tolist() == [
        "growth",
        6.0,
        "percent",
    ]
    assert tables["events"].loc[0, "type"] == "site_review"


TWO_ROWS = [
    ["项目代码", "项目名称", "开工时间", "", "竣工时间", "", "年度投资（万元）", "", "经办人"],
    ["", "", "计划", "实际", "计划", "实际", "计划", "累计完成", ""],
]
MERGED = [(0, 2, 0, 3), (0, 4, 0, 5), (0, 6, 0, 7), *[(0, at, 1, at) for at in (0, 1, 8)]]
TWO_DATES = ["2026-03-31", "2026-04-02", "2027-06-30", ""]


@pytest.mark.parametrize("merges", [MERGED, []])
def test_both_levels_of_a_header_say_which_date_it_is(merges):
    row = project(sheet(*TWO_ROWS, [ONE, "甲项目", *TWO_DATES, 100.0, 40.0, ""], merges=merges))
    days = ("planned_start", "actual_start", "planned_finish")
    assert [f"{row[day]:%Y-%m-%d}" for day in days] == TWO_DATES[:3]
    assert (row["annual_plan"], row["ytd_done"]) == (100.0, 40.0)


def test_a_column_that_is_mostly_filled_is_asked_for_before_it_is_left_out():
    rows = [[one, one[-2:], *TWO_DATES, 100.0, 40.0, "张三"] for one in (ONE, TWO)]
    reading = read(sheet(*TWO_ROWS, *rows, merges=MERGED))
    question = asked(reading)["label"]
    assert (question.cell, question.got) == ("I1", "经办人")
    assert question.flag.startswith("--map '经办人=skip'")
    for answer in ("经办人=skip", "*=skip"):
        assert len(read(sheet(*TWO_ROWS, *rows, merges=MERGED), maps=[answer]).settled()) == 1
    taken = read(sheet(*TWO_ROWS, *rows, merges=MERGED), maps=["经办人=lead"]).settled()
    assert taken["projects"]["lead"].to_list() == ["张三", "张三"]


def test_a_column_that_is_mostly_blank_is_left_out_and_listed():
    told = {ONE: "张三", TWO: ""}
    rows = [[one, "甲项目", *TWO_DATES, 100.0, 40.0, who] for one, who in told.items()]
    reading = read(sheet(*TWO_ROWS, *rows, merges=MERGED))
    assert not reading.questions
    assert ("I1", "unknown_column") in rules(reading)


def test_a_filled_column_without_a_header_is_asked_for():
    rows = [[*HEADER, ""], [*ROW, "市级"]]
    assert asked(read(sheet(*rows)))["label"].flag.startswith("--map G:G=skip")
    assert read(sheet(*rows), maps=["G:G=skip"]).settled()


def test_an_answer_for_both_levels_goes_before_one_for_the_lower():
    rows = [["项目代码", "项目名称", "甲段", "", "乙段", ""], ["", "", "起", "止", "起", "止"]]
    rows += [[ONE, "甲项目", *TWO_DATES[:2], "2027-01-01", "2027-02-01"]]
    merges = [(0, 2, 0, 3), (0, 4, 0, 5), (0, 0, 1, 0), (0, 1, 1, 1)]
    flags = {one.got for one in read(sheet(*rows, merges=merges)).questions}
    assert flags == {"甲段/起", "甲段/止", "乙段/起", "乙段/止"}
    maps = ["甲段/起=planned_start", "起=skip", "止=skip"]
    row = project(sheet(*rows, merges=merges), maps=maps)
    assert f"{row['planned_start']:%Y-%m-%d}" == TWO_DATES[0]


ISSUE_HEADER = ["问题编号", "项目名称", "问题类别", "提出日期"]


def test_issues_without_codes_find_their_project_by_its_name():
    projects = sheet(HEADER, ROW, [TWO, "乙项目", *ROW[2:]])
    issues = sheet(ISSUE_HEADER, ["1", "乙项目", "停建", "2026-03-01"], name="问题清单")
    reading = read(issues, projects)
    assert reading.settled()["issues"]["project_code"].to_list() == [TWO]
    assert ("B2", "name_to_code") in rules(reading)


@pytest.mark.parametrize("other", ["甲项目", "丙项目"])
def test_a_name_of_no_project_or_of_two_is_asked_for(other):
    projects = sheet(HEADER, ROW, [TWO, "甲项目", *ROW[2:]])
    issues = sheet(ISSUE_HEADER, ["1", other, "停建", "2026-03-01"], name="问题清单")
    assert asked(read(projects, issues))["project"].cell == "B2"
    assert "issues" not in read(projects, issues, unreadable_is_missing=True).settled()


def test_a_name_beside_a_code_is_not_needed():
    header, row = ["项目代码", *ISSUE_HEADER], [ONE, "1", "别名", "停建", "2026-03-01"]
    found = read(sheet(HEADER, ROW), sheet(header, row, name="问题清单")).settled()
    assert found["issues"]["project_code"].to_list() == [ONE]


@pytest.mark.parametrize(
    ("share", "totals"), [("47.5%", []), ("64.6%", [("plan_done_pct", 64.6, 47.5)])]
)
def test_the_share_under_a_sheet_is_held_against_its_rows(share, totals):
    header = [*HEADER[:2], "年度计划投资（万元）", "1-8月完成投资（万元）", "占年度计划"]
    rows = [[ONE, "甲", 300.0, 190.0, "63.3%"], [TWO, "乙", 100.0, "", ""]]
    found = read(sheet(header, *rows, ["合计", "", 400.0, 190.0, share]))
    assert [one[:1] + one[2:] for one in found.sheets[0].totals] == totals


def test_a_changed_answer_has_a_made_up_ledger_read_anew(tmp_path, monkeypatch):
    (tmp_path / "demo").mkdir()
    path = tmp_path / "demo" / "甲区.csv"
    path.write_text("项目代码,项目名称,进度说明甲\n" + f"{ONE},甲项目,慢\n", encoding="utf-8")
    monkeypatch.setattr("faiwatch.ledger.load.data_folder", lambda: tmp_path)
    before = ledger_reading(str(path))
    answers = path.with_name("answers.toml")
    answers.write_text("no answer\n", encoding="utf-8")
    with pytest.raises(ParameterError):
        ledger_reading(str(path))
    answers.unlink()
    assert asked(ledger_reading(str(path))) == asked(before)
