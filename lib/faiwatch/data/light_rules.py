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
from faiwatch.core.phrases import say, texts_of
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
    "projects": texts_of("data.words_light_projects"),
    "bonds": texts_of("data.words_light_bonds"),
    "regions": texts_of("data.words_light_regions"),
    "groups": texts_of("data.words_light_groups"),
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
_NOT_THERE = texts_of("data.light_inputs")  # by measure


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
                    raise file.wrong((*keys, key), word, say("data.light_rules.yes_or_no"))
    return preset
