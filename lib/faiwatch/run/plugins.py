"""Are the rules that plug-ins bring sound? Asked once, before anything reads a rule.

A package of rules with one bad file is left out whole: half of somebody's rules are other rules.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from faiwatch.core.errors import DataInvalidError, nearest
from faiwatch.core.plugins import LEFT_OUT, RULES, leave_out, plugins, rule_packages
from faiwatch.core.text import Text


def leave_out_broken() -> None:
    """Name the plug-ins whose rules cannot be used; this process and its children do without."""
    if LEFT_OUT in os.environ:  # whoever started us has looked
        return
    for name, folder in rule_packages().items():
        try:
            check_rules(folder)
        except Exception as error:  # whatever is wrong with the files of others
            leave_out(plugins(RULES)[name], error)
    os.environ.setdefault(LEFT_OUT, "")


def check_rules(folder: Path) -> None:
    """Raise for the first file of rules in a folder that cannot be used, or that nobody would read.

    Parameters
    ----------
    folder : Path
        Laid out as ``data/`` is.

    Raises
    ------
    DataInvalidError
        The message names the file and the key.
    """
    from faiwatch.data.light_rules import read_preset
    from faiwatch.data.summons_rules import summons_rules
    from faiwatch.ledger.work_list import read_ladder
    from faiwatch.run.alert_rules import alert_rules

    kinds: Mapping[str, Callable[[Path], object]] = {
        "light_rules/*.toml": read_preset,
        "summons_rules.toml": summons_rules,
        "alert_rules.toml": alert_rules,
        "escalation_rules.csv": read_ladder,
    }
    for file in sorted([*folder.glob("*.csv"), *folder.rglob("*.toml")]):
        name = file.relative_to(folder)
        read = next((read for kind, read in kinds.items() if name.match(kind)), None)
        if read is None:
            raise DataInvalidError(
                Text("没有这种规则文件", "there are no rules of this kind"),
                where=name.as_posix(),
                allowed=", ".join(kinds),
                todo=nearest(name.as_posix(), kinds),
            )
        read(file)
