"""The kinds of value that notebook parameters take: type, check, meaning, allowed values."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from faiwatch.core.text import Text
from faiwatch.data.regions import NATION, code_of_region

LATEST, LAST_RELEASE = "latest", "last-release"
PREVIOUS = "previous"  # the sheet before, in a ledger
EMBEDDED, DEMO = "embedded", "demo"
OVER_EMBEDDED = f"{EMBEDDED}+"  # before a store: what it holds lies over the embedded figures
DEMO_CITY = "demo-city"  # the made-up city, of which the made-up district is a part
OURS = frozenset({EMBEDDED, DEMO, DEMO_CITY})  # figures that come with the project
NONE = "none"
NATION_BASE = "nation"  # lends its base to who has no levels
AUTO = "auto"
_ONE_COMPARED = r"(?:\d{6}|[a-z][a-z0-9_]{0,59})"
STANDARD = "standard"  # the template of a briefing that comes with the project
# who may read a page: the parameter `profile` of a ledger, or a briefing for few
INTERNAL, PUBLIC, CONFIDENTIAL = "internal", "public", "confidential"
MODEL_ENSEMBLE = "ensemble"
MODELS = (
    "theta",
    "autoregression",
    "damped_trend",
    "airline",
    "local_linear_trend",
    "seasonal_naive",
    "seasonal_drift",
)

WORKBOOKS = (".xlsx", ".xls", ".xlsb", ".ods")
LEDGER_FORMATS = (*WORKBOOKS, ".csv", ".tsv")
ANSWERS_FILE = "answers.toml"  # beside a file as people have it: what it leaves open, answered

# A store of vintages: a folder that holds MANIFESTS, or an address. No user name or password may
# stand in one, because addresses are shown on pages: credentials come from the environment.
MANIFESTS = "manifests"
ANSWERS = "FAIWATCH_ANSWERS"  # a file of answers for every workbook that a process reads
REMOTE = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[\w.=+-]+)*/?")
_FILE_SCHEME = "file://"


@dataclass(frozen=True, slots=True)
class Help:
    """What a parameter is and which values it takes, in both languages."""

    meaning: Text
    allowed: Text


def matches(pattern: str) -> AfterValidator:
    """Take text that a pattern describes from end to end."""
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


def truth(value: object) -> object:
    """Turn exactly ``true`` or ``false`` into a bool; any other spelling is refused."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def as_text(value: object) -> object:
    """Turn a number, as it may stand in a notebook, into its text."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:.6f}".rstrip("0").rstrip(".") if is_number else value


def _region(value: object) -> object:
    """Turn a number (papermill reads 610000 as one) or a name into the code of a region."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return value
    return code_of_region(value)


def _lender(value: object) -> object:
    """Turn the nation, however it is named, into its word, and a region into its code."""
    lender = value if value in {NONE, NATION_BASE} else _region(value)
    return NATION_BASE if lender == NATION else lender


def _region_list(value: object) -> object:
    if isinstance(value, list | tuple):
        return ",".join(str(_region(one)) for one in value)
    if not isinstance(value, str):
        return _region(value)
    return value if value == "all" else ",".join(map(code_of_region, value.split(",")))


def _compared(value: object) -> object:
    """Turn regions by name or number, beside names of indicators, into one text."""
    many = value if isinstance(value, list | tuple) else str(value).split(",")
    named = [one.strip() if isinstance(one, str) else one for one in many]
    return ",".join(
        str(one if re.fullmatch(_ONE_COMPARED, str(one)) else _region(one)) for one in named
    )


def _above(low: float) -> AfterValidator:
    def check(value: str) -> str:
        if value != NONE and not low < float(value):
            raise ValueError(value)
        return value

    return AfterValidator(check)


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
    if value in OURS:
        return value
    place = value.removeprefix(OVER_EMBEDDED)
    if data_root(place).startswith("s3:"):
        return value
    path = Path(place.removeprefix(_FILE_SCHEME))
    is_file = place == value and path.suffix.lower() in {".csv", *WORKBOOKS} and path.is_file()
    if (path / MANIFESTS).is_dir() or is_file:
        return value
    raise ValueError(value)


def file_or(*words: str, formats: Collection[str] = ()) -> AfterValidator:
    """Take one of some words, or the path of a folder or a file that is there."""

    def check(value: str) -> str:
        if value in words:
            return value
        path = Path(_no_path_tricks(value))
        is_one = path.is_file() and (not formats or path.suffix.lower() in formats)
        if not is_one and not path.is_dir():
            raise ValueError(value)
        return value

    return AfterValidator(check)


def data_root(value: str) -> str:
    """Return the address of a place for vintages after checking it (``ValueError`` otherwise).

    Examples
    --------
    >>> data_root("s3://statistics/fai"), data_root("vintages")
    ('s3://statistics/fai', 'vintages')
    """
    if REMOTE.fullmatch(value) and ".." not in value.split("/"):
        return value
    _no_path_tricks(value.removeprefix(_FILE_SCHEME))
    return value


def resolved(value: str) -> str:
    """Return a value that may name a file with its whole path; addresses stay.

    Examples
    --------
    >>> resolved("embedded+s3://statistics/fai"), resolved("/a/../b.csv")
    ('embedded+s3://statistics/fai', '/b.csv')
    """
    place = value.removeprefix(OVER_EMBEDDED)
    if "://" in place:
        return value
    return value.removesuffix(place) + str(Path(place).resolve())


def without_folder(value: str) -> str:
    """Return a value that may name a file by its last part: where it lies is nobody's business.

    Examples
    --------
    >>> [without_folder(one) for one in ("embedded+/srv/store", "folder/own.csv", "demo")]
    ['embedded+store', 'own.csv', 'demo']
    """
    place = value.removeprefix(OVER_EMBEDDED)
    return value.removesuffix(place) + Path(place).name


def is_store(data: str) -> bool:
    """Whether the parameter ``data`` names a store of vintages rather than one file.

    Examples
    --------
    >>> is_store("s3://statistics/fai"), is_store("embedded"), is_store("own.csv")
    (True, False, False)
    """
    if data in OURS:
        return False
    return bool(REMOTE.fullmatch(data)) or Path(data.removeprefix(_FILE_SCHEME)).is_dir()


def _names_or(word: str, pattern: str) -> AfterValidator:
    """Take one word, or different names that a pattern describes, separated by commas."""

    def check(value: str) -> str:
        names = value.split(",")
        is_list = len(set(names)) == len(names) and all(
            re.fullmatch(pattern, name) for name in names
        )
        if value != word and not is_list:
            raise ValueError(value)
        return value

    return AfterValidator(check)


def _expression(value: str) -> str:
    try:
        ast.parse(value.strip(), mode="eval")
    except SyntaxError:
        raise ValueError(value) from None
    return value


_INDICATOR = r"[a-z][a-z0-9_]{0,59}"
MONTH = r"(?:19[5-9]\d|20\d\d)-(?:0[1-9]|1[0-2])"
NUMBER = r"-?(?:0|[1-9]\d{0,9})(?:\.\d{1,6})?"
_MONTHS_ALLOWED = Text("latest 或 YYYY-MM，如 2026-08", "latest or YYYY-MM, such as 2026-08")

Region = Annotated[
    str,
    BeforeValidator(_region),
    matches(r"\d{6}"),
    Help(
        Text(
            "地区代码（GB/T 2260）或名称，000000 为全国",
            "region by code (GB/T 2260) or name, 000000 is the nation",
        ),
        Text(
            "数据中的地区：六位代码或名称，如 610000、陕西",
            "a region of the data: six digits or a name, such as 610000 or Shaanxi",
        ),
    ),
]
AsOf = Annotated[
    str,
    matches(f"latest|{MONTH}"),
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
            "embedded（内置官方数据）、demo（演示数据）、已有的 .csv 文件或工作簿、数据仓"
            "（文件夹或 s3://桶/前缀；路径中不得有 ..、~ 或密码），或 embedded+数据仓"
            "（数据仓叠加于内置数据之上）",
            "embedded (official figures), demo (made-up district), an existing .csv file or "
            "workbook, a store of vintages (a folder or s3://bucket/prefix; "
            "no .., ~ or password in it), or "
            "embedded+STORE (what the store holds, over the embedded figures)",
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
    _names_or("all", _INDICATOR),
    Help(
        Text("要分析的指标", "indicators to look at"),
        Text(
            "all，或以逗号分隔的指标名，如 total,private",
            "all, or indicator names separated by commas, such as total,private",
        ),
    ),
]
TrendMethod = Annotated[
    Literal["ucm", "stl"],
    Help(
        Text("用哪种方法估计趋势", "how the trend is found"),
        Text("ucm（不可观测成分模型）、stl", "ucm (unobserved components), stl"),
    ),
]
Definition = Annotated[
    Literal["ytd", "block", "rolling3"],
    Help(
        Text("结论按哪种负增长口径", "which definition of negative growth the verdict uses"),
        Text("ytd（累计）、block（当月）、rolling3（三期）", "ytd, block, rolling3"),
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
    BeforeValidator(truth),
    Help(
        Text("连续负增长可否跨年", "whether a negative spell may cross the year end"),
        Text("true、false", "true, false"),
    ),
]
BaseShares = Annotated[
    str,
    BeforeValidator(_lender),
    matches(rf"{NONE}|{NATION_BASE}|\d{{6}}"),
    Help(
        Text(
            "只有增速的序列用谁的累计基数占比推算当月增速",
            "whose cumulative base spreads growth-only series over single months",
        ),
        Text(
            "none（不推算）、nation（假定与全国相同），或数据中有投资额的上级地区",
            "none (not implied), nation (assumed alike), or a region above it whose levels the "
            "data have",
        ),
    ),
]
Against = Annotated[
    str,
    matches(f"none|{MONTH}"),
    Help(
        Text("与哪个较早的月份比较", "earlier month to compare with"),
        Text("none 或 YYYY-MM，且早于 as_of", "none or YYYY-MM, earlier than as_of"),
    ),
]
RegionList = Annotated[
    str,
    BeforeValidator(_region_list),
    matches(r"all|\d{6}(?:,\d{6})*"),
    Help(
        Text("要比较的地区", "regions to compare"),
        Text(
            "all（31 个省份），或以逗号分隔的代码或名称",
            "all (31 provinces), or codes or names separated by commas",
        ),
    ),
]
Indicator = Annotated[
    str,
    matches(_INDICATOR),
    Help(
        Text("要分析的指标", "indicators to look at"),
        Text("一个指标名，如 total、private", "one indicator name, such as total or private"),
    ),
]
Compare = Annotated[
    str,
    BeforeValidator(_compared),
    matches(rf"{_ONE_COMPARED}(?:,{_ONE_COMPARED}){{0,3}}"),
    Help(
        Text("与哪些地区或指标比较", "regions or indicators to compare with"),
        Text(
            "auto（该地区的其他指标，没有则为全国）、none，或最多四个地区、指标名，逗号分隔",
            "auto (other indicators of the region, else the nation), none, or up to four regions "
            "and names of indicators separated by commas",
        ),
    ),
]
Own = Annotated[
    str,
    file_or(NONE, DEMO, formats=(".csv", *WORKBOOKS)),
    Help(
        Text("放在旁边看的自备数据", "figures of your own to show beside"),
        Text(
            "none、demo（演示数据），或已有的 .csv 文件、工作簿、数据仓文件夹",
            "none, demo (made up), or an existing .csv file, workbook or store of vintages",
        ),
    ),
]
Formula = Annotated[
    str,
    matches(r"[\w .+\-*/()]{1,200}"),
    AfterValidator(_expression),
    Help(
        Text("由各序列计算的公式", "formula over the series compared"),
        Text(
            "由 main、others、指标名、r加地区代码和 + - * / 组成，"
            "可用 shift、diff、rolling、mean、abs",
            "of main, others, names of indicators, r and a region code with + - * /; also shift, "
            "diff, rolling, mean and abs",
        ),
    ),
]
TargetGrowth = Annotated[
    str,
    BeforeValidator(as_text),
    matches(rf"none|{NUMBER}"),
    _above(-100),
    Help(
        Text(
            "全年增速目标（%，可比口径）；两个目标都不给时为 0，即转正",
            "growth to reach by December (%, comparable basis); 0, turning positive, when neither "
            "target is given",
        ),
        Text("none，或大于 -100 的数，如 3.5", "none, or a number above -100, such as 3.5"),
    ),
]
TargetValue = Annotated[
    str,
    BeforeValidator(as_text),
    matches(rf"none|{NUMBER}"),
    _above(0),
    Help(
        Text(
            "全年投资额目标（亿元）；与增速目标只能给一个",
            "value to reach by December (100 million); not together with a growth target",
        ),
        Text("none，或大于 0 的数，如 480000", "none, or a number above 0, such as 480000"),
    ),
]
Horizon = Annotated[
    int,
    BeforeValidator(_whole_number),
    _within(12, 24),
    Help(
        Text("预测以后多少次发布", "how many releases ahead are forecast"),
        Text("12 到 24 的整数", "a whole number from 12 to 24"),
    ),
]
Models = Annotated[
    str,
    _names_or(MODEL_ENSEMBLE, "|".join(MODELS)),
    Help(
        Text("用哪些模型预测", "which models forecast"),
        Text(
            f"ensemble（四个模型的组合），或以逗号分隔：{'、'.join(MODELS)}",
            f"ensemble (four models), or some separated by commas: {', '.join(MODELS)}",
        ),
    ),
]
