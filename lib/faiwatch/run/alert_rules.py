"""The rules for alerts, read from ``data/alert_rules.toml`` or a file like it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from faiwatch.core.paths import rule_file
from faiwatch.core.secrets import SECRET_NAME
from faiwatch.core.text import Language, Text
from faiwatch.core.toml_file import RuleFile, Settings, read_toml

Told = Literal[
    "late", "invalid_data", "parameters", "cell_error", "deadline", "kernel_died", "blocked"
]
_WRONG = Text("警报规则文件不合约定", "the file of alert rules breaks its format")


class Audience(Settings):
    """People who are told the same things.

    Attributes
    ----------
    addresses : str
        Name of the environment variable with their Apprise addresses, separated by blanks.
    lang : {"zh", "en"}
        Their language.
    """

    addresses: Annotated[str, Field(pattern=f"^{SECRET_NAME}$")]
    lang: Language


class AlertRule(Settings):
    """When whom to tell what; it asks about one finding of a notebook, or about verdicts.

    Attributes
    ----------
    id, audience : str
        Its name, and one of the audiences of the file.
    words : Text
        What has happened, in a few words.
    notebook, finding : str, optional
        Which number.
    above, at_most : float, optional
        The rule holds when the number is above this, or at most this.
    grows : bool
        It holds when the number is larger than the last time.
    joins : bool
        It holds when the number counts something that it did not count the last time, also
        when something else has left; the message says how many, and which.
    verdicts : tuple of str
        It holds when the last run of any notebook ended so.
    tell_at_first : bool
        Whether to speak when it holds the first time that a region is looked at.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    audience: str
    words: Text
    notebook: str = ""
    finding: str = ""
    above: float | None = None
    at_most: float | None = None
    grows: bool = False
    joins: bool = False
    verdicts: tuple[Told, ...] = ()
    tell_at_first: bool = True

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        asked = [self.above is not None, self.at_most is not None, self.grows, self.joins]
        is_number = bool(self.notebook and self.finding)
        if sum([*asked, bool(self.verdicts)]) != 1 or is_number == bool(self.verdicts):
            raise ValueError("notebook, finding + above | at_most | grows | joins; or: verdicts")
        return self


class AlertRules(Settings):
    """A whole file: ``audiences`` by name, and every ``rule``."""

    audiences: Annotated[dict[str, Audience], Field(min_length=1)]
    rule: Annotated[tuple[AlertRule, ...], Field(min_length=1)]


def alert_rules(path: Path | None = None) -> AlertRules:
    """Return the rules for alerts.

    Parameters
    ----------
    path : Path, optional
        ``data/alert_rules.toml`` by default.

    Raises
    ------
    DataMissingError, DataInvalidError
        See :func:`faiwatch.core.toml_file.read_toml`; also for a name that stands twice, and
        for an audience that the file does not know.

    Examples
    --------
    >>> [rule.id for rule in alert_rules().rule][:2]
    ['run_begun', 'run_ended']
    """
    file = RuleFile(path or rule_file("alert_rules.toml"), _WRONG)
    rules = read_toml(file.path, AlertRules, what=_WRONG)
    file.refuse_repeated("rule", [rule.id for rule in rules.rule])
    for at, rule in enumerate(rules.rule):
        file.refuse_unknown(("rule", at, "audience"), rule.audience, rules.audiences)
    return rules
