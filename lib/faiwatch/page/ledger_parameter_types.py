"""The kinds of value that the pages of a ledger and of the briefing take beside the usual ones."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from faiwatch.core.text import Text
from faiwatch.data.parameter_types import (
    DEMO,
    LEDGER_FORMATS,
    MONTH,
    NONE,
    NUMBER,
    STANDARD,
    Help,
    as_text,
    file_or,
    matches,
    truth,
)

Ledger = Annotated[
    str,
    file_or(DEMO, formats=LEDGER_FORMATS),
    Help(
        Text("项目台账", "the project ledger"),
        Text(
            "demo（演示台账），或已有的工作簿、CSV、文件夹（路径中不得有 .. 或 ~）",
            "demo (made-up ledger), or an existing workbook, CSV or folder (no .. or ~ in it)",
        ),
    ),
]
Rules = Annotated[
    str,
    matches(r"all|[a-z][a-z0-9_]*(?:,[a-z][a-z0-9_]*)*"),
    Help(
        Text("按哪些规则亮灯", "which rules set the lights"),
        Text(
            "all，或以逗号分隔的规则名；第一个为本页所用，其余在附录比较",
            "all, or names of rules separated by commas; the first is the page's, the others are "
            "compared in the annex",
        ),
    ),
]
CityAverage = Annotated[
    str,
    BeforeValidator(as_text),
    matches(rf"none|{NUMBER}"),
    Help(
        Text(
            "全市平均投资增速（%，累计），按各区增速亮灯的规则要用",
            "average growth of the city (%, year to date), for lights by the growth of districts",
        ),
        Text(
            "none（用目标表里的），或一个数，如 2.5", "none (that of the targets), or a number: 2.5"
        ),
    ),
]
Profile = Annotated[
    Literal["internal", "public"],
    Help(
        Text("给谁看", "who reads the page"),
        Text(
            "internal（内部）、public（公开：不含项目名称、代码和领导姓名）",
            "internal, public (without names, codes and officials)",
        ),
    ),
]
LedgerFile = Annotated[
    str,
    file_or(NONE, DEMO, formats=LEDGER_FORMATS),
    Help(
        Text("项目台账", "the project ledger"),
        Text(
            "none（不用台账）、demo（演示台账），或已有的工作簿、CSV、文件夹",
            "none, demo (made-up ledger), or an existing workbook, CSV or folder",
        ),
    ),
]
CityFile = Annotated[
    str,
    file_or(NONE),
    Help(
        Text(
            "全市的表格：各县市区目标，或通知台账", "a table of the city: targets, or notices sent"
        ),
        Text("none（没有），或已有的 CSV", "none, or an existing CSV"),
    ),
]
GrowthRules = Annotated[
    str,
    matches(r"[a-z][a-z0-9_]*"),
    Help(
        Text("增速亮灯按哪份规则", "which rule book sets the light of growth"),
        Text("按县市区增速亮灯的规则名", "the name of one about growth of districts"),
    ),
]
SummonsFile = Annotated[
    str,
    file_or(STANDARD, formats=(".toml",)),
    Help(
        Text("约谈规则", "rules for summons"),
        Text("standard（自带示例），或已有的 .toml", "standard (our example), or a .toml"),
    ),
]
Template = Annotated[
    str,
    file_or(STANDARD),
    Help(
        Text("简报模板", "template of the briefing"),
        Text("standard（自带模板），或已有的文件", "standard (ours), or an existing file"),
    ),
]
Letterhead = Annotated[
    str,
    file_or(STANDARD),
    Help(
        Text("Word 信头文件", "letterhead of the Word document"),
        Text(
            "standard（公文版式），或含 {{ body }} 段落的 .docx",
            "standard (the official look), or a .docx with a paragraph {{ body }}",
        ),
    ),
]
Year = Annotated[
    str,
    BeforeValidator(as_text),
    matches(r"none|(?:19[5-9]|20\d)\d"),
    Help(
        Text("年均增速的年份", "year of the average growth"),
        Text("none（最近五年），或四位年份", "none (the latest five), or a year"),
    ),
]
FromMonth = Annotated[
    str,
    matches(f"none|{MONTH}"),
    Help(
        Text("从哪个月起统计签约合同", "month from which signed contracts are counted"),
        Text("none（当年1月），或 YYYY-MM", "none (January of the year), or YYYY-MM"),
    ),
]
Confidential = Annotated[
    bool,
    BeforeValidator(truth),
    Help(
        Text("每页标注“内部资料”", "mark every page as internal"),
        Text("true、false", "true, false"),
    ),
]
BriefingForm = Annotated[
    Literal["draft", "report"],
    Help(
        Text("写成哪一种", "which form it takes"),
        Text(
            "draft（底稿：逐句可追溯，含区间和概率）、report（汇报：可直接报送）",
            "draft (every sentence traced, with bands and chances), report (ready to be sent)",
        ),
    ),
]
Office = Annotated[
    str,
    matches(r"[\w（）()·、，,\- ]{1,60}"),
    Help(
        Text("汇报的主送单位或发文单位", "to whom the report goes, or from whom"),
        Text(
            "none（取所答复来文的发文、受文单位），或单位名称",
            "none (sender and receiver of the notice that is answered), or a name",
        ),
    ),
]
ReportDate = Annotated[
    str,
    BeforeValidator(as_text),
    matches(r"none|20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    Help(
        Text("成文日期", "day of the report"),
        Text("none（待补），或 YYYY-MM-DD", "none (not available), or YYYY-MM-DD"),
    ),
]
