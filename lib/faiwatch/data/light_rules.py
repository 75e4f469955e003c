"""Rules for lights, read from ``data/light_rules/*.toml``, which anybody may edit or add to.

How a file is read: ``docs/methods/ledger-lights.md``. What the rules mean for a ledger is worked
out by :mod:`faiwatch.ledger.lights`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from faiwatch.core.paths import rule_files
from faiwatch.core.text import Text
from faiwatch.core.toml_file import Keys, RuleFile, Settings, read_toml

_WRONG = Text("亮灯规则文件不合约定", "a file of light rules breaks its format")

Subject = Literal["projects", "bonds", "regions", "groups"]
Level = Literal["national", "provincial", "city", "district"]


class Semantics(StrEnum):
    """What the colours of a preset are about; the two are never shown in one table.

    ``progress`` (督办灯): red = behind, somebody has to act. ``climate`` (景气灯): red =
    overheated, blue = too cold.
    """

    PROGRESS = "progress"
    CLIMATE = "climate"


COLOURS: Mapping[Semantics, tuple[str, ...]] = {
    Semantics.PROGRESS: ("green", "excused", "yellow", "red"),
    Semantics.CLIMATE: ("red", "yellow", "green", "light_blue", "blue"),
}
MEASURES: Mapping[Subject, Mapping[str, Text]] = {
    "projects": {
        "annual_plan_10k": Text("年度计划投资，万元", "planned this year, 10,000 yuan"),
        "done_pct": Text("计划完成率，%", "share of the year's plan done, %"),
        "deviation_pp": Text("较序时进度，百分点", "points from even pace"),
        "shortfall_10k": Text("较序时进度欠，万元", "short of even pace, 10,000 yuan"),
        "schedule_deviation_pp": Text("较自身计划，百分点", "points from its own schedule"),
        "schedule_deviation_before_pp": Text(
            "上期较自身计划，百分点", "the same, one sheet before"
        ),
        "start_in_question": Text("应判断开工与否", "its start is in question"),
        "started": Text("已开工", "it has started"),
        "start_late_months": Text("开工晚于计划，月", "started late, months"),
        "start_overdue_months": Text("逾期未开工，月", "start overdue, months"),
        "months_since_start": Text("开工至今，月", "months since the start"),
        "delay_finish_months": Text(
            "竣工较原计划延期，月", "finish late on the first plan, months"
        ),
        "delay_finish_months_latest": Text("竣工较现计划延期，月", "the same, plan in force"),
        "in_stat_library": Text("是否入库", "whether it is in the statistics library"),
        "library_asks_for_it": Text(
            "应入库（房地产和不足500万元的除外）",
            "the library asks for it (not real estate, not below 5 million yuan)",
        ),
        "reason_recorded": Text("台账记有原因", "a reason is recorded"),
        "budget_funds_short_10k": Text(
            "中央、市本级预算资金比计划少支付，万元",
            "central and city budget funds paid less than planned, 10,000 yuan",
        ),
        "budget_funds_below_required_10k": Text(
            "中央、市本级预算资金比国家、自治区要求少支付，万元",
            "central and city budget funds paid less than required, 10,000 yuan",
        ),
        "is_over": Text("已竣工", "it is completed"),
        "month": Text("第几月", "number of the month"),
    },
    "bonds": {
        "use_pct": Text("使用率，%", "used, %"),
        "expected_pct": Text("预期使用率，%", "expected to be used, %"),
        "shortfall_10k": Text("慢于预期，万元", "short, 10,000 yuan"),
        "shortfall_pp": Text("慢于预期，百分点", "short, points of the amount"),
        "shortfall_pct": Text("慢于预期，占预期 %", "short, % of what is expected"),
    },
    "regions": {
        "ytd_yoy_pct": Text("累计增速，%", "growth this year to date, %"),
        "plan_growth_pct": Text("自身计划增速，%", "growth of its own plan, %"),
        "average_growth_pct": Text("全市平均增速，%", "average growth, %"),
    },
    "groups": {
        "start_rate_planned_pct": Text("开工率（占全年计划），%", "start rate, of all planned, %"),
        "start_rate_due_pct": Text("开工率（占应开工），%", "start rate, of those due, %"),
        "done_pct": Text("计划完成率，%", "share of the year's plan done, %"),
        "deviation_pp": Text("较序时进度，百分点", "points from even pace"),
        "funds_rate_pct": Text("资金到位率，%", "funds in place, %"),
        "finish_on_time_pct": Text("按期竣工率，%", "finished on time, %"),
        "month": Text("第几月", "number of the month"),
    },
}


NO_END = "none"  # in the file: the text names no last day
FLAGS = {  # yes or no
    "start_in_question",
    "started",
    "in_stat_library",
    "is_over",
    "library_asks_for_it",
    "reason_recorded",
}
LEVEL = "level"  # asked for by presets that are about some levels only
_NO_BUDGET_FUNDS = Text(
    "台账没有中央、市本级预算资金的计划支付数、已支付数和国家、自治区要求数",
    "the ledger has no field for central and city budget funds: planned, paid and required",
)
_NOT_THERE: Mapping[str, Text] = {
    "average_growth_pct": Text(
        "未给全市平均增速，可用参数 city_average_pct 或目标表的“全市平均增速”给出",
        "no city average given: use the parameter city_average_pct, or “average growth of the "
        "city” in the table of targets",
    ),
    "plan_growth_pct": Text(
        "目标表没有全年投资增速目标", "the table of targets has no growth for the year"
    ),
    "ytd_yoy_pct": Text(
        "没有本期公布的累计增速", "the published growth of the month is not at hand"
    ),
    "budget_funds_short_10k": _NO_BUDGET_FUNDS,
    "budget_funds_below_required_10k": _NO_BUDGET_FUNDS,
    LEVEL: Text("未填项目级别", "the level of the project is blank"),
}


def input_words(measure: str) -> Text:
    """Say which input is not there when a measure is not known.

    Examples
    --------
    >>> input_words("average_growth_pct").zh.partition("，")[0], input_words("use_pct").en
    ('未给全市平均增速', 'not known: used, %')
    """
    if measure in _NOT_THERE:
        return _NOT_THERE[measure]
    label = next(words[measure] for words in MEASURES.values() if measure in words)
    return Text(f"缺{label.zh}", f"not known: {label.en}")


def _said(words: Text) -> Text:
    if not (words.zh.strip() and words.en.strip()):
        raise ValueError("zh, en: blank")
    return words


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true, false: use `is`")
    return value


def _last_day(value: object) -> object:
    if value == NO_END:
        return None
    if not isinstance(value, datetime.date):
        raise ValueError(f'a day, or "{NO_END}"')
    return value


LastDay = Annotated[datetime.date | None, BeforeValidator(_last_day)]
Words = Annotated[Text, AfterValidator(_said)]
Threshold = Annotated[float | str | None, BeforeValidator(_no_flag)]
OPERATORS = ("below", "at_most", "at_least", "above", "is_")


class Condition(Settings):
    """One condition: a measure, and one thing that it is held against.

    Attributes
    ----------
    measure : str
        One of :data:`MEASURES` of the subject.
    below, at_most, at_least, above : float or str, optional
        A number, or the name of another measure.
    is_ : bool, optional
        ``is`` in the file: for measures that are yes or no.
    """

    measure: str
    below: Threshold = None
    at_most: Threshold = None
    at_least: Threshold = None
    above: Threshold = None
    is_: bool | None = Field(None, alias="is", strict=True)

    @property
    def comparison(self) -> tuple[str, float | str | bool]:
        """The operator, and what the measure is held against."""
        told = {name: getattr(self, name) for name in OPERATORS}
        return next((name, value) for name, value in told.items() if value is not None)

    @property
    def measures(self) -> dict[str, str]:
        """The measures that it names, by their key in the file."""
        operator, other = self.comparison
        return {"measure": self.measure} | ({operator: other} if isinstance(other, str) else {})

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        told = [name for name in OPERATORS if getattr(self, name) is not None]
        if len(told) != 1:
            raise ValueError(f"{self.measure}: {', '.join(told) or '-'}")
        return self


Conditions = tuple[Condition, ...]


class LightRule(Settings):
    """One colour: what it means, and when it is shown (every condition holds)."""

    colour: str
    meaning: Words
    when: Annotated[Conditions, Field(min_length=1)]


class Scale(Settings):
    """Rules that give one thing one light; the first that fits does.

    Attributes
    ----------
    id : str
        Its name within the preset.
    subject : str
        What gets the light: ``projects``, ``bonds``, ``regions`` or ``groups`` of projects.
    name : Text
        What it is about.
    applies : tuple of Condition
        To which of them it applies; all of them when empty.
    light : tuple of LightRule
        The rules in their order.
    undefined : Text
        What the official text leaves open: shown where no rule fits.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    subject: Subject
    name: Words
    applies: Conditions = ()
    light: Annotated[tuple[LightRule, ...], Field(min_length=1)]
    undefined: Words


class LightPreset(Settings):
    """One document with rules for lights.

    Attributes
    ----------
    id : str
        Name of the file without its ending.
    semantics : Semantics
        What the colours are about.
    name, scope, source : Text
        What it is called, what the text is about, and where the rules come from.
    levels : tuple of str
        Levels of the projects that it is about; empty = every level.
    valid_from, valid_to : date
        First and last day on which it holds; `valid_to` None (``"none"`` in the file): the text
        names no end.
    scale : tuple of Scale
        Its parts.
    """

    id: SkipJsonSchema[str]  # stands in no file
    semantics: Semantics
    name: Words
    scope: Words
    levels: tuple[Level, ...] = ()
    valid_from: Annotated[datetime.date, Field(strict=True)]
    valid_to: LastDay
    source: Words
    scale: Annotated[tuple[Scale, ...], Field(min_length=1)]

    @property
    def validity(self) -> Text:
        """When it holds, in words."""
        since = self.valid_from.isoformat()
        if self.valid_to is None:
            return Text(f"{since} 起，原文未写止期", f"from {since}, the text names no end")
        return Text(f"{since} 至 {self.valid_to}", f"{since} to {self.valid_to}")

    def holds_in(self, first: datetime.date, last: datetime.date) -> bool:
        """Whether it holds on one of the days from `first` to `last`."""
        return self.valid_from <= last and (self.valid_to is None or first <= self.valid_to)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self


def presets(folder: Path | None = None) -> dict[str, LightPreset]:
    """Return every preset of a folder by its name, in alphabetical order.

    Parameters
    ----------
    folder : Path, optional
        ``data/light_rules`` by default.

    Raises
    ------
    DataInvalidError
        A file breaks the format; see :func:`read_preset`.

    Examples
    --------
    >>> list(presets())
    ['four_rates', 'ouhai', 'tianjin_bonds', 'tianjin_growth', 'yinchuan']
    >>> [scale.id for scale in presets()["yinchuan"].scale]
    ['start', 'progress', 'funds', 'library']
    """
    files = sorted(folder.glob("*.toml")) if folder else rule_files("light_rules/*.toml")
    return {
        file.stem: _read_once(file, file.stat().st_mtime_ns if file.is_file() else 0)
        for file in files
    }


@lru_cache(maxsize=64)
def _read_once(path: Path, _: int) -> LightPreset:
    """Read a file once for each state of it: a page asks for all presets some twenty times."""
    return read_preset(path)


def read_preset(path: Path) -> LightPreset:
    """Return the preset of one file.

    Parameters
    ----------
    path : Path
        A TOML file; messages call it by its name.

    Raises
    ------
    DataMissingError
        It is not there.
    DataInvalidError
        It is no TOML, or breaks the format; the message names the file, the rule and the key.
    """
    preset = read_toml(path, LightPreset, what=_WRONG, given={"id": path.stem})
    file = RuleFile(path, _WRONG)
    file.refuse_repeated("scale", [scale.id for scale in preset.scale])
    for at, scale in enumerate(preset.scale):
        conditions: dict[Keys, Condition] = {
            ("scale", at, "applies", where): one for where, one in enumerate(scale.applies)
        }
        for number, rule in enumerate(scale.light):
            light = ("scale", at, "light", number)
            allowed = COLOURS[preset.semantics]
            if rule.colour not in allowed:
                raise file.wrong((*light, "colour"), rule.colour, ", ".join(allowed))
            conditions |= {(*light, "when", where): one for where, one in enumerate(rule.when)}
        for keys, condition in conditions.items():
            for key, word in condition.measures.items():
                file.refuse_unknown((*keys, key), word, MEASURES[scale.subject])
                if (condition.is_ is None) == (word in FLAGS):
                    kinds = Text(
                        "是否类指标只用 is，数值不用", "`is` for a yes or no, and nothing else"
                    )
                    raise file.wrong((*keys, key), word, kinds)
    return preset
