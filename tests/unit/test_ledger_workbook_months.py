"""What the sheets of a ledger tell each other, and sheets and columns that hold no list."""

import pandas as pd

from faiwatch.ingest.ledger.reading import read_ledger
from faiwatch.ingest.values import Sheet

HEAD = ["序号", "项目名称", "责任单位", "总投资（万元）", "开工日期", "形象进度", "是否入库"]
ROW = [1.0, "河湾中学迁建项目", "教体局", 5200.0, "2025.3", "主体施工", "是"]


def sheet(name, *rows):
    width = max(map(len, rows))
    return Sheet(name, [[*row, *[""] * (width - len(row))] for row in rows])


def projects(*rows, name="进度表", title="2026年8月重点项目进度表"):
    return sheet(name, [title], HEAD, *rows)


def read(*sheets):
    reading = read_ledger(list(sheets), name="台账.xlsx")
    assert not reading.questions, [one.text.zh for one in reading.questions]
    return reading


ISSUES = ["序号", "项目名称", "问题描述", "提出时间", "责任单位", "是否办结"]


def test_a_list_of_issues_is_of_the_month_of_its_workbook():
    one = [1.0, "河湾中学迁建项目", "用地未批", "5月18日", "教体局", "否"]
    reading = read(projects(ROW), sheet("问题清单", ["问题清单"], ISSUES, one))
    (issue,) = reading.tables["issues"].itertuples()
    assert issue.asof == pd.Period("2026-08", "M")
    assert issue.opened == pd.Timestamp("2026-05-18")
    assert "month_of_workbook" in {one.rule for one in reading.coercions}


def test_a_workbook_of_several_months_tells_its_year_alone():
    july = projects(ROW, name="7月", title="2026年7月重点项目进度表")
    august = projects(ROW, name="8月", title="2026年8月重点项目进度表")
    one = [1.0, "河湾中学迁建项目", "用地未批", "5月18日", "教体局", "否"]
    issues = sheet("问题清单", ["问题清单（截至8月底）"], ISSUES, one)
    (issue,) = read(july, august, issues).tables["issues"].itertuples()
    assert (issue.asof, issue.opened.year) == (pd.Period("2026-08", "M"), 2026)


def test_a_summary_by_class_is_no_list_of_projects():
    summary = sheet("汇总", ["2026年重点项目汇总表"], ["类别", "项目个数", "总投资（万元）"],
                    ["工业", 1.0, 5200.0], ["合计", 1.0, 5200.0])  # fmt: skip
    reading = read(summary, projects(ROW))
    assert len(reading.tables["projects"]) == 1
    assert ("汇总", "summary") in {(one.sheet, one.rule) for one in reading.dropped}


def test_a_zero_kept_in_one_sheet_is_kept_in_all():
    one = [*ROW[:4], "2026.1", *ROW[5:]]
    other = [1.0, "第二水厂", *ROW[2:4], "2025.10", *ROW[5:]]
    head = [name.replace("开工日期", "计划开工时间") for name in HEAD]
    title = ["2026年8月重点项目"]
    frame = read(sheet("农业", title, head, one), sheet("水利", title, head, other)).tables[
        "projects"
    ]
    found = dict(zip(frame["name"], frame["planned_start"], strict=True))
    assert found["河湾中学迁建项目"] == pd.Timestamp("2026-01-31")


def test_what_was_done_in_earlier_years_is_left_out_without_a_question():
    head = [*HEAD, "截至2025年底累计完成投资（万元）", "竣工（预计）"]
    reading = read(sheet("一", ["2026年8月重点项目进度表"], head, [*ROW, 900.0, "2027.4"]))
    (project,) = reading.tables["projects"].itertuples()
    assert project.planned_finish == pd.Timestamp("2027-04-30")
    assert "cum_done_total" not in reading.tables["projects"].dropna(axis="columns")
    assert "截至2025年底累计完成投资（万元）" in {one.was for one in reading.dropped}


def test_a_month_below_the_year_of_investment_is_of_the_month():
    heads = [["序号", "项目名称", "责任单位", "2026年投资（万元）", "", "应统未统"],
             ["", "", "", "1-8月累计", "8月当月", ""]]  # fmt: skip
    row = [1.0, "河湾中学迁建项目", "教体局", 900.0, 120.0, ""]
    reading = read(sheet("一", ["2026年8月重点项目"], *heads, row))
    (project,) = reading.tables["projects"].itertuples()
    assert (project.ytd_done, project.month_done) == (900.0, 120.0)


def test_one_who_should_report_and_does_not_is_not_in_the_library():
    reading = read(projects([*ROW[:-1], "应统未统"]))
    assert not reading.tables["projects"]["in_stat_library"].item()


def test_orders_of_the_county_are_tasks():
    head = ["序号", "督办事项", "承办单位", "要求完成时间", "办理进展", "完成情况"]
    orders = sheet("督办", ["督办事项"], head,
                   [1.0, "加快迁建", "教体局", "9月11日", "已组卷", "推进中"])  # fmt: skip
    (task,) = read(projects(ROW), orders).tables["tasks"].itertuples()
    assert (task.title, task.progress, bool(task.is_done)) == ("加快迁建", "已组卷", False)
    assert task.due == pd.Timestamp("2026-09-11")
