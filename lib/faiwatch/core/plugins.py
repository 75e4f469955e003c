"""What other distributions add, found by their entry points: sources, and packages of rules.

``faiwatch.sources`` names a class (:class:`faiwatch.data.live.LiveSource`) and ``faiwatch.rules`` a
package whose folder holds files as ``data/`` does. One that is broken is named once, in one line,
and left out. Decision: ``docs/adr/0022-extension-points.md``.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from faiwatch.core.errors import FaiwatchError
from faiwatch.core.text import Text, user_language

SOURCES, RULES = "faiwatch.sources", "faiwatch.rules"
LEFT_OUT = "FAIWATCH_LEFT_OUT"  # plug-ins that are broken; processes that we start inherit it
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_log = logging.getLogger(__name__)


@cache
def plugins(group: str) -> Mapping[str, EntryPoint]:
    """Return the plug-ins of one kind by name, in alphabetical order; nothing of them is loaded.

    Parameters
    ----------
    group : str
        `SOURCES` or `RULES`.

    Examples
    --------
    >>> "nbs" in plugins(SOURCES)  # ours are no plug-ins
    False
    """
    found = {one.name: one for one in sorted(entry_points(group=group), key=str)}
    for name in [name for name in found if not _NAME.fullmatch(name)]:
        leave_out(found.pop(name), f"{name!r}: {_NAME.pattern}")
    return dict(sorted(found.items()))


@cache
def _package(plugin: EntryPoint) -> Path | None:
    try:
        spec = find_spec(plugin.module)
        [folder] = list(spec.submodule_search_locations or []) if spec else []
    except Exception as error:  # whatever the code of others does when it is imported
        leave_out(plugin, error)
        return None
    return Path(folder)


def rule_packages() -> Mapping[str, Path]:
    """Return the folder of every package of rules by the name of its plug-in, less the broken."""
    return {
        name: folder
        for name, one in plugins(RULES).items()
        if (folder := _package(one)) is not None and not is_left_out(one)
    }


def described(plugin: EntryPoint) -> str:
    """Return what a plug-in is called, and the distribution that it comes with."""
    of = f" ({plugin.dist.name} {plugin.dist.version})" if plugin.dist else ""
    return f"{plugin.name}{of}"


def is_left_out(plugin: EntryPoint) -> bool:
    """Return whether a plug-in was found broken, by this process or the one that started it."""
    return _key(plugin) in os.environ.get(LEFT_OUT, "").split()


def leave_out(plugin: EntryPoint, why: Exception | str) -> None:
    """Name a broken plug-in on standard error, once for this process and those that it starts."""
    if is_left_out(plugin):
        return
    os.environ[LEFT_OUT] = f"{os.environ.get(LEFT_OUT, '')} {_key(plugin)}".strip()
    told = Text(
        f"插件 {described(plugin)} 不可用，已略过：{reason(why)}",
        f"plug-in {described(plugin)} is broken and left out: {reason(why)}",
    )
    _log.warning("%s", told.in_language(user_language()))


def reason(why: Exception | str) -> str:
    """Return in one line why something is broken.

    Examples
    --------
    >>> reason(ZeroDivisionError("division by zero"))
    'ZeroDivisionError: division by zero'
    """
    is_told = isinstance(why, str | FaiwatchError)
    words = str(why) if is_told else f"{type(why).__name__}: {why}"
    return " ".join(words.split())


def _key(plugin: EntryPoint) -> str:
    return f"{plugin.group}:{'_'.join(plugin.name.split())}"
