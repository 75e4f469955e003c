"""Parameters of the notebooks: declared once here, checked before any kernel starts.

The tagged cell of each notebook holds the same names and defaults as literals (a test compares
them), and its next cell passes them through :func:`check_parameters` again, so a value that the
command line refuses is refused in JupyterLab too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from faiwatch.core.errors import ParameterError, nearest, refused
from faiwatch.core.paths import own_notebook, own_notebooks, rule_files
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.parameter_types import (
    AUTO,
    DEMO,
    EMBEDDED,
    LATEST,
    NATION_BASE,
    NONE,
    STANDARD,
    AcrossYears,
    Against,
    AsOf,
    BaseShares,
    Compare,
    Data,
    Definition,
    Formula,
    Help,
    Horizon,
    Indicator,
    IndicatorList,
    Lang,
    Models,
    Months,
    Own,
    Region,
    RegionList,
    Results,
    TargetGrowth,
    TargetValue,
    TrendMethod,
)
from faiwatch.data.regions import DEMO_DISTRICT, known_regions, nearest_region
from faiwatch.data.source import data_source
from faiwatch.page.ledger_parameter_types import (
    BriefingForm,
    CityAverage,
    CityFile,
    Confidential,
    FromMonth,
    GrowthRules,
    Ledger,
    LedgerFile,
    Letterhead,
    Office,
    Profile,
    ReportDate,
    Rules,
    SummonsFile,
    Template,
    Year,
)
from faiwatch.page.own_notebook import own_model


class PageParameters(BaseModel):
    """What every notebook takes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    region: Region = "000000"
    as_of: AsOf = LATEST
    lang: Lang = "zh"
    data: Data = EMBEDDED
    results: Results = ""


class ExploreParameters(PageParameters):
    """Parameters of ``00_explore``."""

    indicator: Indicator = "total"
    compare: Compare = AUTO
    own: Own = NONE
    formula: Formula = "main - others"
    definition: Definition = "ytd"
    months: Months = 96


class DataParameters(PageParameters):
    """Parameters of ``01_data``."""

    against: Against = "none"


class MonitorParameters(PageParameters):
    """Parameters of ``02_monitor``."""

    indicators: IndicatorList = "all"
    definition: Definition = "ytd"
    run_across_years: AcrossYears = True
    base_shares: BaseShares = "none"
    months: Months = 96


class TrendParameters(PageParameters):
    """Parameters of ``03_trend``."""

    indicator: Indicator = "total"
    method: TrendMethod = "ucm"


class ForecastParameters(PageParameters):
    """Parameters of ``04_forecast``."""

    indicator: Indicator = "total"
    horizon: Horizon = 12
    models: Models = "ensemble"


class TargetParameters(PageParameters):
    """Parameters of ``05_target``."""

    indicator: Indicator = "total"
    target_growth_pct: TargetGrowth = NONE
    target_value_100m: TargetValue = NONE
    base_shares: BaseShares = "none"


class ProjectsParameters(PageParameters):
    """Parameters of ``06_projects``; a ledger is a district's, so it opens with the made-up one."""

    region: Region = DEMO_DISTRICT
    data: Data = DEMO
    ledger: Ledger = DEMO
    rules: Rules = "all"
    city_average_pct: CityAverage = NONE
    profile: Profile = "internal"


class RegionsParameters(PageParameters):
    """Parameters of ``07_regions``."""

    regions: RegionList = "all"
    months: Months = 24


class BriefingParameters(PageParameters):
    """Parameters of ``08_briefing``; ``against`` ``none`` is the release before."""

    ledger: LedgerFile = NONE
    template: Template = STANDARD
    letterhead: Letterhead = STANDARD
    definition: Definition = "ytd"
    run_across_years: AcrossYears = True
    avg_from: Year = NONE
    avg_to: Year = NONE
    signed_from: FromMonth = NONE
    target_growth_pct: TargetGrowth = NONE
    against: Against = NONE
    confidential: Confidential = False
    form: BriefingForm = "draft"
    addressee: Office = NONE
    issuer: Office = NONE
    report_date: ReportDate = NONE


class BriefParameters(PageParameters):
    """Parameters of ``10_brief``: those of the pages whose findings it repeats."""

    ledger: LedgerFile = NONE
    target_growth_pct: TargetGrowth = NONE
    base_shares: BaseShares = "none"


class CityParameters(PageParameters):
    """Parameters of ``09_city``; it opens with the city whose districts the figures have."""

    region: Region = "430500"
    regions: RegionList = "all"
    targets: CityFile = NONE
    ledgers: LedgerFile = NONE
    notices: CityFile = NONE
    rules: GrowthRules = "tianjin_growth"
    summons: SummonsFile = STANDARD
    base_shares: BaseShares = "none"
    months: Months = 36


_REGIONS = ("region", "regions")
FILES = (  # parameters that may name a file
    *("data", "own", "ledger", "template", "letterhead"),
    *("targets", "ledgers", "notices", "summons"),  # of the city
)

BRIEF = "10_brief"
NOTEBOOKS: Mapping[str, type[PageParameters]] = {
    "00_explore": ExploreParameters,
    "01_data": DataParameters,
    "02_monitor": MonitorParameters,
    "03_trend": TrendParameters,
    "04_forecast": ForecastParameters,
    "05_target": TargetParameters,
    "06_projects": ProjectsParameters,
    "07_regions": RegionsParameters,
    "08_briefing": BriefingParameters,
    "09_city": CityParameters,
    BRIEF: BriefParameters,
}


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One line of ``faiwatch params NOTEBOOK``."""

    name: str
    type: str
    default: object
    meaning: Text
    allowed: Text


def describe_parameters(notebook: str) -> list[ParameterRow]:
    """Return name, type, default, meaning and allowed values of each parameter.

    Raises
    ------
    ParameterError
        When there is no such notebook.

    Examples
    --------
    >>> [row.name for row in describe_parameters("01_data")]
    ['region', 'as_of', 'lang', 'data', 'results', 'against']
    """
    return [
        ParameterRow(name, _type_name(field), field.default, *_help(field))
        for name, field in parameters_of(notebook).model_fields.items()
    ]


def parameters_of(notebook: str) -> type[PageParameters]:
    """Return the parameter model of a notebook: one of ours, or of the workspace.

    Raises
    ------
    ParameterError
        There is no such notebook.
    DataInvalidError
        It is the workspace's own, and its cell with the parameters cannot be read.
    """
    if notebook in NOTEBOOKS:
        return NOTEBOOKS[notebook]
    file = own_notebook(notebook)
    if file is None:
        known = known_notebooks()
        raise ParameterError(
            Text("没有这个笔记本", "there is no such notebook"),
            got=notebook,
            allowed=", ".join(known),
            todo=nearest(notebook, known),
        )
    return _own_model(file, file.stat().st_mtime_ns)


@cache
def _own_model(file: Path, _mtime_ns: int) -> type[PageParameters]:
    """Return the model of the workspace's own notebook; a batch asks for it with every page."""
    ours: dict[str, list[FieldInfo]] = {}
    for model in NOTEBOOKS.values():
        for name, field in model.model_fields.items():
            ours.setdefault(name, []).append(field)
    return own_model(file, PageParameters, ours)


def known_notebooks() -> list[str]:
    """Return the names of the notebooks that can be run: ours, and then the workspace's own.

    Examples
    --------
    >>> known_notebooks()[:2]  # in no workspace
    ['00_explore', '01_data']
    """
    return [*NOTEBOOKS, *(name for name in own_notebooks() if name not in NOTEBOOKS)]


def parameters_in(notebook: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a notebook among the names of its cells (``vars()``).

    Parameters
    ----------
    notebook : str
        Name without suffix.
    values : mapping
        Names and values; private names, modules, functions and other objects are left alone.

    Raises
    ------
    ParameterError
        A name holds a plain value, is no parameter, and is nearly one: a slip of the pen, which
        would leave the default in force without a word.

    Examples
    --------
    >>> parameters_in("02_monitor", {"region": 610000, "months": 24, "fw": object, "_": 3})
    {'region': 610000, 'months': 24}
    """
    known = parameters_of(notebook).model_fields
    for name, value in values.items():
        is_plain = isinstance(value, str | int | float) and not name.startswith("_")
        if is_plain and name not in known and nearest(name, known) is not None:
            raise _no_parameter(notebook, name)
    return {name: values[name] for name in known if name in values}


def _no_parameter(notebook: str, name: str) -> ParameterError:
    known = parameters_of(notebook).model_fields
    what = say("page.parameters.no_parameter", notebook=notebook, name=name)
    return ParameterError(what, allowed=", ".join(known), todo=nearest(name, known))


def check_parameters(notebook: str, values: Mapping[str, Any]) -> PageParameters:
    """Return the checked parameters of a notebook.

    Parameters
    ----------
    notebook : str
        Name without suffix, such as ``02_monitor``.
    values : mapping
        Given values; text as it comes from a command line, or Python literals from a cell.

    Returns
    -------
    PageParameters
        Frozen model of the notebook, defaults filled in.

    Raises
    ------
    ParameterError
        Unknown notebook, unknown name (with the nearest match), or a value outside what is
        allowed; the message names the parameter, what came and what is allowed.

    Examples
    --------
    >>> check_parameters("02_monitor", {"months": "24"}).months
    24
    """
    model = parameters_of(notebook)
    for name in values:
        if name not in model.model_fields:
            raise _no_parameter(notebook, name)
    try:
        parameters = model.model_validate(dict(values))
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        todo = nearest_region(str(values[name])) if name in _REGIONS else None
        raise refused(name, values[name], _help(model.model_fields[name])[1], todo) from None
    _check_regions(parameters)
    if isinstance(parameters, DataParameters) and (
        "none" != parameters.against >= parameters.as_of != LATEST
    ):  # it does not look back; ``latest`` is compared once it is resolved
        allowed = _help(DataParameters.model_fields["against"])[1]
        raise refused("against", parameters.against, allowed)
    if isinstance(parameters, TargetParameters):
        _check_one_target(parameters)
    if isinstance(parameters, ProjectsParameters):
        _check_rules(parameters)
    if isinstance(parameters, ProjectsParameters | BriefingParameters):
        _check_ledger(parameters, "ledger")
    if isinstance(parameters, CityParameters):
        _check_ledger(parameters, "ledgers")
    return parameters


def _check_regions(parameters: PageParameters) -> None:
    source = data_source(parameters.data)
    known = source.regions()
    # a city may be looked at by the figures of its districts alone
    asked = {} if isinstance(parameters, CityParameters) else {"region": parameters.region}
    if getattr(parameters, "regions", "all") != "all":
        asked |= {"regions": str(parameters.regions)}  # type: ignore[attr-defined]
    lender = getattr(parameters, "base_shares", NONE)
    if lender not in {NONE, NATION_BASE}:
        asked |= {"base_shares": lender}
    for name, value in asked.items():
        for code in value.split(","):
            if code not in known:
                allowed = say("page.parameters.region_of_data")
                if not source.is_embedded:
                    allowed = Text("、".join(sorted(known)[:40]), ", ".join(sorted(known)[:40]))
                raise refused(name, code, allowed, _where_it_is(code) or nearest(code, known))


def _where_it_is(code: str) -> Text | None:
    region = known_regions().get(code)
    if region is None or not region.is_made_up:
        return None
    return Text("演示区的数据用 data=demo", "the made-up district needs data=demo")


def _check_one_target(parameters: TargetParameters) -> None:
    value = parameters.target_value_100m
    if NONE not in {parameters.target_growth_pct, value}:
        only_one = Text("两个目标只给一个", "one of the two targets only")
        raise refused("target_value_100m", value, only_one, say("page.parameters.set_to_none"))


def _check_rules(parameters: ProjectsParameters) -> None:
    known = [file.stem for file in rule_files("light_rules/*.toml")]
    for name in parameters.rules.split(","):
        if name not in {"all", *known}:
            raise refused("rules", name, ", ".join(known), nearest(name, known))


def _check_ledger(parameters: PageParameters, name: str) -> None:
    """Refuse made-up projects beside real figures, and the reverse."""
    given = getattr(parameters, name)
    if given != NONE and (given == DEMO) != data_source(parameters.data).is_made_up:
        todo = say("page.parameters.give_together", name=name)
        raise refused(name, given, say("page.parameters.own_with_own"), todo)


def _help(field: FieldInfo) -> tuple[Text, Text]:
    told = next(item for item in field.metadata if isinstance(item, Help))
    return told.meaning, told.allowed


def _type_name(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return " | ".join(str(choice) for choice in get_args(field.annotation))
    return getattr(field.annotation, "__name__", str(field.annotation))
