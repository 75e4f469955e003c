"""The kinds of value that notebook parameters take: type, check, meaning, allowed values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from faiwatch.text import Text

LATEST = "latest"
EMBEDDED, DEMO = "embedded", "demo"


@dataclass(frozen=True, slots=True)
class Help:
    """What a parameter is and which values it takes, in both languages."""

    meaning: Text
    allowed: Text


def _matches(pattern: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(value)
        return value

    return AfterValidator(check)


def _within(low: int, high: int) -> AfterValidator:
    def check(value: int) -> int:
        if not low <= value <= high:
            raise ValueError(value)
        return value

    return AfterValidator(check)


def _whole_number(value: object) -> object:
    """Turn the text of a whole number into one; ``010`` stays text and is refused."""
    if isinstance(value, str) and re.fullmatch(r"0|[1-9][0-9]{0,8}", value):
        return int(value)
    return value


def _truth(value: object) -> object:
    """Turn exactly ``true`` or ``false`` into a bool; any other spelling is refused."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _no_path_tricks(value: str) -> str:
    if (
        not value.isprintable()
        or "://" in value
        or value.startswith("~")
        or ".." in Path(value).parts
    ):
        raise ValueError(value)
    return value


def _data(value: str) -> str:
    if value in {EMBEDDED, DEMO}:
        return value
    path = Path(_no_path_tricks(value))
    if path.suffix.lower() != ".csv" or not path.is_file():
        raise ValueError(value)
    return value


def _indicator_list(value: str) -> str:
    names = value.split(",")
    if value != "all" and (
        len(set(names)) != len(names)
        or not all(re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name) for name in names)
    ):
        raise ValueError(value)
    return value


_MONTH = r"(?:19[5-9]\d|20\d\d)-(?:0[1-9]|1[0-2])"
_MONTHS_ALLOWED = Text("latest 或 YYYY-MM，如 2026-08", "latest or YYYY-MM, such as 2026-08")

Region = Annotated[
    str,
    _matches(r"\d{6}"),
    Help(
        Text(
            "地区代码（GB/T 2260），000000 为全国", "region code (GB/T 2260), 000000 is the nation"
        ),
        Text("六位数字，且在数据中", "six digits, present in the data"),
    ),
]
AsOf = Annotated[
    str,
    _matches(f"latest|{_MONTH}"),
    Help(Text("只用到该月为止的数据", "use figures up to this month only"), _MONTHS_ALLOWED),
]
Lang = Annotated[
    Literal["zh", "en"], Help(Text("页面语言", "language of the page"), Text("zh、en", "zh, en"))
]
Data = Annotated[
    str,
    AfterValidator(_data),
    Help(
        Text("数据来源", "where the figures come from"),
        Text(
            "embedded（内置官方数据）、demo（演示数据）或已有的 .csv 文件"
            "（路径中不得有 ..、~ 或网址）",
            "embedded (official figures), demo (made-up district) or an existing .csv file "
            "(no .., ~ or address in the path)",
        ),
    ),
]
Results = Annotated[
    str,
    AfterValidator(_no_path_tricks),
    Help(
        Text("结果文件夹；空表示不保存", "folder for result files; empty means none are saved"),
        Text("文件夹路径（不得有 ..、~ 或网址）", "a folder (no .., ~ or address in the path)"),
    ),
]
IndicatorList = Annotated[
    str,
    AfterValidator(_indicator_list),
    Help(
        Text("要分析的指标", "indicators to look at"),
        Text(
            "all，或以逗号分隔的指标名，如 total,private",
            "all, or indicator names separated by commas, such as total,private",
        ),
    ),
]
Definition = Annotated[
    Literal["ytd", "block", "rolling3"],
    Help(
        Text("结论按哪种负增长口径", "which definition of negative growth the verdict uses"),
        Text("ytd（累计）、block（单期）、rolling3（三期）", "ytd, block, rolling3"),
    ),
]
Months = Annotated[
    int,
    BeforeValidator(_whole_number),
    _within(12, 360),
    Help(
        Text("图中显示最近多少个月", "how many recent months the charts show"),
        Text("12 到 360 的整数，不带前导零", "a whole number from 12 to 360, no leading zero"),
    ),
]
AcrossYears = Annotated[
    bool,
    BeforeValidator(_truth),
    Help(
        Text("连续负增长可否跨年", "whether a run of negative releases may cross the year end"),
        Text("true、false", "true, false"),
    ),
]
BaseShares = Annotated[
    Literal["none", "nation"],
    Help(
        Text(
            "只有增速的序列用谁的累计基数占比推算单期增速",
            "whose cumulative base shares turn growth-only series into implied block growth",
        ),
        Text(
            "none（不推算）、nation（假定与全国相同）", "none (not implied), nation (assumed alike)"
        ),
    ),
]
Against = Annotated[
    str,
    _matches(f"none|{_MONTH}"),
    Help(
        Text("与哪个较早的月份比较", "earlier month to compare with"),
        Text("none 或 YYYY-MM，且早于 as_of", "none or YYYY-MM, earlier than as_of"),
    ),
]
RegionList = Annotated[
    str,
    _matches(r"all|\d{6}(?:,\d{6})*"),
    Help(
        Text("要比较的地区", "regions to compare"),
        Text(
            "all（31 个省份），或以逗号分隔的代码",
            "all (31 provinces), or codes separated by commas",
        ),
    ),
]
