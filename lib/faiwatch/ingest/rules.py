"""The rules by which a cell became something else, and what they say to readers."""

from __future__ import annotations

from collections.abc import Mapping

from faiwatch.core.text import Text

RULES: Mapping[str, Text] = {
    # cells
    "full_width": Text("全角字符转半角", "full-width characters"),
    "thousands": Text("去掉千分位分隔符", "thousands separators taken out"),
    "percent_sign": Text("带百分号的数字", "number with a percent sign"),
    "percent_format": Text("百分比格式的单元格", "cell in a percent format"),
    "text_number": Text("文本形式的数字", "number kept as text"),
    "footnote_mark": Text("去掉注释符号", "footnote mark taken off"),
    "parentheses": Text("括号表示负数", "parentheses mean a negative number"),
    "words": Text("文字表述的增减", "rise or fall in words"),
    "arrow": Text("箭头表示增减", "an arrow for rise or fall"),
    "triangle": Text("三角号表示增减，按要求读取", "a triangle for rise or fall, as asked"),
    "missing_mark": Text("未公布的记号", "mark for not published"),
    "provisional_mark": Text("标明为初步数", "marked as provisional"),
    "revised_mark": Text("标明为修订数", "marked as revised"),
    "forecast_mark": Text("标明为估计或预测数", "marked as an estimate or forecast"),
    "decimal_comma": Text("逗号为小数点", "decimal comma"),
    "error_cell": Text("公式出错的单元格，视为未公布", "cell shows an error: not published"),
    "unreadable": Text("不是数字，按要求视为未公布", "no number: not published, as asked"),
    # units and scale
    "unit_cell": Text("单位写在单元格内", "unit in the cell"),
    "unit_row": Text("单位写在行内", "unit in the row"),
    "unit_header": Text("单位写在表头", "unit in the header"),
    "unit_title": Text("单位写在表上方", "unit above the table"),
    "unit_parameter": Text("单位由参数给定", "unit given by parameter"),
    "scale_parameter": Text("增速量级由参数给定", "growth scale given by parameter"),
    "scale_percent": Text("增速按百分数读取", "growth read as percent"),
    "index": Text("指数减100", "index less 100"),
    "scale_fraction": Text("小数形式的增速", "growth as a fraction"),
    # periods
    "period_text": Text("月份写法统一为 YYYY-MM", "month spelt as YYYY-MM"),
    "period_serial": Text("表格日期序号", "spreadsheet date serial"),
    "release_day": Text("发布日，数字属上一个月", "day of release: figures of the month before"),
    "day_of_month": Text("日期，取其所在月份", "day: taken as its month"),
    "whole_year": Text(
        "全年数，读作12月累计", "figure of the whole year: year to date at December"
    ),
    "quarter_to_date": Text("季度数，读作累计", "quarterly figure: read as year to date"),
    "added_up": Text("逐期数自年初累加", "single periods added up from the start of the year"),
    "october_lost_its_zero": Text("2020.10 被存成数字 2020.1", "2020.10 was kept as number 2020.1"),
    "summary": Text("汇总表，不是逐项台账", "a summary, no list of projects"),
    "month_of_workbook": Text("其他工作表所述的月份", "the month that the other sheets tell"),
    "month_of_sheet": Text("整张表的月份", "month of the whole sheet"),
    "date_text": Text("日期写法统一为 YYYY-MM-DD", "day spelt as YYYY-MM-DD"),
    "date_serial": Text("表格日期序号", "spreadsheet date serial"),
    "day_missing": Text("只写到月或年，取最后一天", "no day told: the last one of what is told"),
    # words and codes of a ledger
    "code_form": Text("项目代码统一写法", "project code spelt alike"),
    "code_legacy": Text("旧代码或自编代码，照用", "code of an earlier system, kept as it is"),
    "code_doubtful": Text(
        "形似统一代码，时间或地区段不存在，照用",
        "no such time or place in this code, kept as it is",
    ),
    "code_made": Text("由单位和名称生成的编号", "id made from unit and name"),
    "made_id": Text("没有编号，由单位和名称等生成", "no id: made from unit, name and the like"),
    "header_alike": Text("与已知表头同义", "says the same as a known header"),
    "by_words": Text("按本列内容认出的字段", "field told by the words in its column"),
    "by_sums": Text("按占计划比例，是当年累计", "since January, as the shares of the plan prove"),
    "told_besides": Text("由另一列写明", "told by another column"),
    "has_happened": Text("已开工或已竣工，作实际日期", "it has happened: the actual day"),
    "stage_word": Text("说的是阶段，不是推进状态", "tells the stage, not how well it goes"),
    "section": Text("由小标题、表名或标题写明", "told by a heading, a title or the sheet's name"),
    "count_differs": Text("小标题写的个数与行数不符", "a heading counts other than its rows"),
    "sum_differs": Text("合计、小计与各行之和不符", "a sum is not that of its rows"),
    "no_day": Text("没有说是哪一天", "words that tell no day"),
    "january_by_month": Text("2026.1 不会是 10 月，读作 1 月", "2026.1 cannot be October: January"),
    "year_of_sheet": Text("未写年份，取本表的年份", "no year told: that of the sheet"),
    "control_characters": Text("控制字符换成 U+FFFD", "control characters made visible"),
    "too_long": Text("文字过长，已截短", "text too long, cut"),
    "duplicate_kept": Text("同一项的又一行，按要求保留", "one more row of one key, kept as asked"),
    # labels
    "label": Text("按同义词表读出的标签", "label read by the synonym table"),
    "value_by_growth": Text("与增速并列的累计列，读作投资额", "beside growth: read as value"),
    "window_beside": Text(
        "增速的口径随其旁的投资额", "growth has the window of the amount beside it"
    ),
    "window_contrast": Text(
        "同名另有累计列，读作当月", "beside its own year to date: read as the single month"
    ),
    "map": Text("由参数 --map 给定", "given by --map"),
    "parameter": Text("由参数给定", "given by parameter"),
    "filled_down": Text("空白标签沿用上一行", "blank label follows the row above"),
    "taken_as_ytd": Text("未注明口径，按累计读取", "window not stated: read as year to date"),
    "name_to_code": Text("按项目名称找到代码", "project code found by its name"),
    "name_to_code_near": Text(
        "按项目名称找到代码，“项目”“工程”等字样不同", "project code found by a name much alike"
    ),
    "number_to_code": Text("按项目序号找到代码", "project code found by its running number"),
    "hidden_row": Text("隐藏的行，照读", "hidden row, read like others"),
    "hidden_column": Text("隐藏的列，照读", "hidden column, read like others"),
    # left out
    "title": Text("表上方的文字", "words above the table"),
    "note": Text("表下或表中的说明", "note under or in the table"),
    "comment": Text("单元格批注", "comment of a cell"),
    "subtotal": Text("合计、小计行", "total or subtotal row"),
    "no_label": Text("数字所在的行没有标签", "figures in a row without a label"),
    "no_january": Text("1 月不单独公布", "there is no January release"),
    "single_month": Text("当月数不存，由累计推算", "single month: follows from year to date"),
    "single_alone": Text(
        "当月数，不是累计数；--take monthly=cumulate 可累加",
        "single month, not year to date; --take monthly=cumulate adds them up",
    ),
    "single_growth": Text(
        "单月、单季增速，不是累计增速", "growth of a single period, not of the year to date"
    ),
    "incomplete_year": Text(
        "当年自年初的数字不全，不能累加", "periods of this year are missing: not added up"
    ),
    "year_not_over": Text(
        "已有数据未到该年12月，不作全年数",
        "what is held does not reach December of that year: not taken as a whole year",
    ),
    "forecast": Text("估计或预测数，不是公布数", "estimate or forecast, not a published figure"),
    "not_taken": Text("按要求略去（--take）", "left out as asked (--take)"),
    "skip": Text("不需要的列或行", "column or row that is not needed"),
    "other_subject": Text("不是固定资产投资", "another subject than investment"),
    "other_subject_sheet": Text(
        "工作表不是固定资产投资", "sheet about another subject than investment"
    ),
    "other_scope": Text("另一口径的同名指标", "the same indicator in another scope"),
    "dictionary": Text("代码与名称的对照表", "sheet that explains the codes of another"),
    "wildcard": Text("由 *=skip 略去", "skipped by *=skip"),
    "hidden_sheet": Text("隐藏的工作表", "hidden sheet"),
    "other_sheet": Text("未选的工作表", "sheet that was not asked for"),
    "no_table": Text("没有可读的表", "no table was found"),
    "repeated": Text("重复且相同的数字", "same figure once more"),
    "column_numbers": Text("栏次行", "row of column numbers"),
    "metadata": Text(
        "表头中关于序列的说明（代码、频率、来源等）",
        "row about the series: code, frequency, source",
    ),
    "header_again": Text("重复的表头", "header once more"),
    "unknown_column": Text("台账没有这个字段", "the ledger has no such field"),
    "no_key": Text(
        "缺必填项的行，按要求略去", "row without a field that it needs, left out as asked"
    ),
    "duplicate": Text("同一项的另一行，按要求略去", "other row of one key, left out as asked"),
}
