"""Secrets: named by an environment variable, read where they are used, and never shown.

A parameter holds the NAME of a variable. The name has to say what it is (``..._KEY``,
``..._TOKEN``, ``..._SECRET``, ``..._PASSWORD``), so that a scan for leaks knows which values to
look for without being told what anybody fetched.
"""

from __future__ import annotations

import html
import json
import os
import re
import urllib.parse
from collections.abc import Iterable, Mapping

from faiwatch.core.errors import ParameterError
from faiwatch.core.text import Text

SECRET_NAME = r"[A-Z][A-Z0-9_]{0,60}_(?:KEY|TOKEN|SECRET|PASSWORD)"
HIDDEN = "***"
_SHORTEST = 8  # shorter values stand in any text by chance


def secret_named(name: str) -> str:
    """Return the value of the environment variable `name`, which holds a secret.

    Raises
    ------
    ParameterError
        The variable is not set, is empty, or its value is too short to be found if it leaked.
        The value is not in the message.
    """
    value = os.environ.get(name, "").strip()
    if len(value) < _SHORTEST:
        raise ParameterError(
            Text(
                f"环境变量 {name} 未设置或太短",
                f"the environment variable {name} is not set or too short",
            ),
            where=name,
            allowed=Text(f"至少 {_SHORTEST} 个字符", f"at least {_SHORTEST} characters"),
            todo=Text(
                f"在环境中设置 {name}，不要写在命令行里",
                f"set {name} in the environment, never on the command line",
            ),
        )
    return value


def known_secrets(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the secrets of the environment by name: the variables whose names say so.

    Examples
    --------
    >>> known_secrets({"FRED_API_KEY": "0123456789", "HOME": "/srv", "A_KEY": "short"})
    {'FRED_API_KEY': '0123456789'}
    """
    values = os.environ if environment is None else environment
    found = {name: value.strip() for name, value in values.items()}
    return {
        name: value
        for name, value in found.items()
        if len(value) >= _SHORTEST and re.fullmatch(SECRET_NAME, name)
    }


def leaked(content: bytes, secrets: Mapping[str, str]) -> list[str]:
    """Return the names of the secrets whose values stand in `content`, as they are or escaped.

    Examples
    --------
    >>> leaked(b"key=0123456789", {"FRED_API_KEY": "0123456789", "B_KEY": "another one"})
    ['FRED_API_KEY']
    """
    return [name for name, value in secrets.items() if any(way in content for way in _ways(value))]


def redact(content: bytes, values: Iterable[str]) -> bytes:
    """Return `content` with each of the values replaced by ``***``.

    Examples
    --------
    >>> redact(b"api_key=0123456789", ["0123456789"])
    b'api_key=***'
    """
    for value in values:
        for way in _ways(value):
            content = content.replace(way, HIDDEN.encode())
    return content


def _ways(value: str) -> list[bytes]:
    """Return the forms in which a value can stand in text, JSON, HTML or an address."""
    ways = {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        html.escape(value),
        urllib.parse.quote(value, safe=""),
        urllib.parse.quote_plus(value),
    }
    return [way.encode() for way in sorted(ways, key=len, reverse=True)]
