"""The kinds of value that notebook parameters take: type, check, meaning, allowed values."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from faiwatch.core.phrases import say, texts_of
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

    @classmethod
    def of(cls, words: Mapping[str, Text], name: str) -> Help:
        """Return that of a parameter by a table of the catalogue: ``NAME`` and ``NAME_takes``."""
        return cls(words[name], words[f"{name}_takes"])


def _passing(test: Callable[[Any], object]) -> AfterValidator:
    """Take what passes a test."""

    def check(value: object) -> object:
        if not test(value):
            raise ValueError(value)
        return value

    return AfterValidator(check)


def matches(pattern: str) -> AfterValidator:
    """Take text that a pattern describes from end to end."""
    return _passing(re.compile(pattern).fullmatch)


def _within(low: int, high: int) -> AfterValidator:
    return _passing(lambda value: low <= value <= high)


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
    return _passing(lambda value: value == NONE or low < float(value))


def _has_no_tricks(value: str) -> bool:
    """Whether a path leads where it seems to lead."""
    is_plain = value.isprintable() and "://" not in value and not value.startswith("~")
    return is_plain and ".." not in Path(value).parts


def _is_data(value: str) -> bool:
    place = value.removeprefix(OVER_EMBEDDED)
    if value in OURS or data_root(place).startswith("s3:"):
        return True
    path = Path(place.removeprefix(_FILE_SCHEME))
    is_file = place == value and path.suffix.lower() in {".csv", *WORKBOOKS} and path.is_file()
    return is_file or (path / MANIFESTS).is_dir()


def file_or(*words: str, formats: Collection[str] = ()) -> AfterValidator:
    """Take one of some words, or the path of a folder or a file that is there."""

    def is_taken(value: str) -> bool:
        path = Path(value)
        has_format = not formats or path.suffix.lower() in formats
        return value in words or (
            _has_no_tricks(value) and (path.is_dir() or (has_format and path.is_file()))
        )

    return _passing(is_taken)


def data_root(value: str) -> str:
    """Return the address of a place for vintages after checking it (``ValueError`` otherwise).

    Examples
    --------
    >>> data_root("s3://statistics/fai"), data_root("vintages")
    ('s3://statistics/fai', 'vintages')
    """
    if REMOTE.fullmatch(value) and ".." not in value.split("/"):
        return value
    if not _has_no_tricks(value.removeprefix(_FILE_SCHEME)):
        raise ValueError(value)
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

    def is_taken(value: str) -> bool:
        names = value.split(",")
        is_list = all(re.fullmatch(pattern, name) for name in names)
        return value == word or (is_list and len(set(names)) == len(names))

    return _passing(is_taken)


def _is_expression(value: str) -> bool:
    try:
        ast.parse(value.strip(), mode="eval")
    except SyntaxError:
        return False
    return True


_WORDS = texts_of("data.parameters")
_INDICATOR = r"[a-z][a-z0-9_]{0,59}"
MONTH = r"(?:19[5-9]\d|20\d\d)-(?:0[1-9]|1[0-2])"
NUMBER = r"-?(?:0|[1-9]\d{0,9})(?:\.\d{1,6})?"

Region = Annotated[str, BeforeValidator(_region), matches(r"\d{6}"), Help.of(_WORDS, "region")]
AsOf = Annotated[str, matches(f"latest|{MONTH}"), Help.of(_WORDS, "as_of")]
Lang = Annotated[Literal["zh", "en"], Help.of(_WORDS, "lang")]
Data = Annotated[str, _passing(_is_data), Help.of(_WORDS, "data")]
Results = Annotated[str, _passing(_has_no_tricks), Help.of(_WORDS, "results")]
IndicatorList = Annotated[str, _names_or("all", _INDICATOR), Help.of(_WORDS, "indicator_list")]
TrendMethod = Annotated[Literal["ucm", "stl"], Help.of(_WORDS, "trend_method")]
Definition = Annotated[Literal["ytd", "block", "rolling3"], Help.of(_WORDS, "definition")]
Months = Annotated[int, BeforeValidator(_whole_number), _within(12, 360), Help.of(_WORDS, "months")]
AcrossYears = Annotated[bool, BeforeValidator(truth), Help.of(_WORDS, "across_years")]
BaseShares = Annotated[
    str,
    BeforeValidator(_lender),
    matches(rf"{NONE}|{NATION_BASE}|\d{{6}}"),
    Help.of(_WORDS, "base_shares"),
]
Against = Annotated[str, matches(f"none|{MONTH}"), Help.of(_WORDS, "against")]
RegionList = Annotated[
    str,
    BeforeValidator(_region_list),
    matches(r"all|\d{6}(?:,\d{6})*"),
    Help.of(_WORDS, "region_list"),
]
Indicator = Annotated[str, matches(_INDICATOR), Help.of(_WORDS, "indicator")]
Compare = Annotated[
    str,
    BeforeValidator(_compared),
    matches(rf"{_ONE_COMPARED}(?:,{_ONE_COMPARED}){{0,3}}"),
    Help.of(_WORDS, "compare"),
]
Own = Annotated[str, file_or(NONE, DEMO, formats=(".csv", *WORKBOOKS)), Help.of(_WORDS, "own")]
Formula = Annotated[
    str, matches(r"[\w .+\-*/()]{1,200}"), _passing(_is_expression), Help.of(_WORDS, "formula")
]
TargetGrowth = Annotated[
    str,
    BeforeValidator(as_text),
    matches(rf"none|{NUMBER}"),
    _above(-100),
    Help.of(_WORDS, "target_growth"),
]
TargetValue = Annotated[
    str,
    BeforeValidator(as_text),
    matches(rf"none|{NUMBER}"),
    _above(0),
    Help.of(_WORDS, "target_value"),
]
Horizon = Annotated[
    int, BeforeValidator(_whole_number), _within(12, 24), Help.of(_WORDS, "horizon")
]
Models = Annotated[
    str,
    _names_or(MODEL_ENSEMBLE, "|".join(MODELS)),
    Help(
        _WORDS["models"],
        say("data.parameters.models_takes", models=Text("、".join(MODELS), ", ".join(MODELS))),
    ),
]
