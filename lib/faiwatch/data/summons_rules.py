"""Rules for reminding and summoning districts, read from ``data/summons_rules.toml``.

How a file is read: ``docs/methods/city.md``.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from faiwatch.core.paths import rule_file
from faiwatch.core.text import LANGUAGES, Text
from faiwatch.core.toml_file import RuleFile, Settings, read_toml
from faiwatch.data.light_rules import Conditions, Words

_WRONG = Text("约谈规则文件不合约定", "a file of summons rules breaks its format")
LEVELS: Mapping[str, Text] = {  # from the mildest to the strictest
    "remind": Text("提醒", "reminder"),
    "interview": Text("约谈", "summons"),
    "supervise": Text("督办", "supervision"),
}
# What a rule may ask of a district, and how many decimals a reason shows; `city.CityFacts.standing`
# and the roll-up of ledgers give them.
SUMMONS_MEASURES: Mapping[str, int] = {
    "ytd_yoy_pct": 1,
    "change_pp": 1,
    "rank": 0,
    "n_releases": 0,
    "n_months": 0,
    "last_releases": 0,
    "last_months": 0,
    "city_gap_pp": 1,
    "target_gap_pp": 1,
    "n_lagging": 0,
    "n_issues_overdue": 0,
    "n_notices_overdue": 0,
}
GAPS = {"city_gap_pp", "target_gap_pp"}  # a reason tells how far below, without a sign


class SummonsRule(Settings):
    """One reason: which level it leads to, when it holds (every condition), and its words."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    level: Literal["remind", "interview", "supervise"]
    when: Annotated[Conditions, Field(min_length=1)]
    words: Words


class Days(Settings):
    """Days within which a notice of each level is to be answered."""

    remind: Annotated[int, Field(ge=1, le=366)]
    interview: Annotated[int, Field(ge=1, le=366)]
    supervise: Annotated[int, Field(ge=1, le=366)]


class SummonsRules(Settings):
    """Every rule of a city.

    Attributes
    ----------
    name, source : Text
        What they are called and where they come from.
    days : Days
        How long a district has for its answer.
    rule : tuple of SummonsRule
        Each for itself; the strictest level of those that hold is the district's.
    """

    name: Words
    source: Words
    days: Days
    rule: Annotated[tuple[SummonsRule, ...], Field(min_length=1)]


def summons_rules(path: Path | None = None) -> SummonsRules:
    """Return the rules of a file, those of the project by default.

    Raises
    ------
    DataMissingError
        It is not there.
    DataInvalidError
        It is no TOML, or breaks the format; the message names the file, the rule and the key.

    Examples
    --------
    >>> [rule.id for rule in summons_rules().rule if rule.level == "supervise"]
    ['negative_very_long', 'unanswered']
    """
    path = path or rule_file("summons_rules.toml")
    rules = read_toml(path, SummonsRules, what=_WRONG)
    file = RuleFile(path, _WRONG)
    file.refuse_repeated("rule", [rule.id for rule in rules.rule])
    for at, rule in enumerate(rules.rule):
        for number, condition in enumerate(rule.when):
            place = ("rule", at, "when", number)
            if condition.is_ is not None:
                raise file.wrong((*place, "is"), condition.is_, Text("数值", "a number"))
            for key, word in condition.measures.items():
                file.refuse_unknown((*place, key), word, SUMMONS_MEASURES)
        for lang in LANGUAGES:
            words, keys = rule.words.in_language(lang), ("rule", at, "words", lang)
            try:
                parts = list(string.Formatter().parse(words))
            except ValueError as error:
                allowed = Text("成对的花括号", "braces in pairs")
                raise file.wrong(keys, f"{words} ({error})", allowed) from None
            for _, name, _, _ in parts:
                if name is not None:
                    file.refuse_unknown(keys, name, SUMMONS_MEASURES)
    return rules
