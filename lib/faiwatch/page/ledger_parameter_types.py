"""The kinds of value that the pages of a ledger and of the briefing take beside the usual ones."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from pydantic import BeforeValidator

from faiwatch.core.phrases import texts_of
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

_help = partial(Help.of, texts_of("page.words_ledger_parameters"))

Ledger = Annotated[str, file_or(DEMO, formats=LEDGER_FORMATS), _help("ledger")]
Rules = Annotated[str, matches(r"all|[a-z][a-z0-9_]*(?:,[a-z][a-z0-9_]*)*"), _help("rules")]
CityAverage = Annotated[
    str, BeforeValidator(as_text), matches(rf"none|{NUMBER}"), _help("city_average")
]
Profile = Annotated[Literal["internal", "public"], _help("profile")]
LedgerFile = Annotated[str, file_or(NONE, DEMO, formats=LEDGER_FORMATS), _help("ledger_file")]
CityFile = Annotated[str, file_or(NONE), _help("city_file")]
GrowthRules = Annotated[str, matches(r"[a-z][a-z0-9_]*"), _help("growth_rules")]
SummonsFile = Annotated[str, file_or(STANDARD, formats=(".toml",)), _help("summons_file")]
Template = Annotated[str, file_or(STANDARD), _help("template")]
Letterhead = Annotated[str, file_or(STANDARD), _help("letterhead")]
Year = Annotated[str, BeforeValidator(as_text), matches(r"none|(?:19[5-9]|20\d)\d"), _help("year")]
FromMonth = Annotated[str, matches(f"none|{MONTH}"), _help("from_month")]
Confidential = Annotated[bool, BeforeValidator(truth), _help("confidential")]
BriefingForm = Annotated[Literal["draft", "report"], _help("briefing_form")]
Office = Annotated[str, matches(r"[\w（）()·、，,\- ]{1,60}"), _help("office")]
ReportDate = Annotated[
    str,
    BeforeValidator(as_text),
    matches(r"none|20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    _help("report_date"),
]
