"""Settings that people edit without code: a TOML file read into a model, or one clear message."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.text import Text

Model = TypeVar("Model", bound=BaseModel)


def read_toml(
    path: Path, model: type[Model], *, what: Text, given: Mapping[str, Any] | None = None
) -> Model:
    """Return the content of a file as a checked model.

    Parameters
    ----------
    path : Path
        A TOML file; messages call it by its name.
    model : type
        What it must be.
    what : Text
        What is wrong with a file that is not, such as "the file of alert rules breaks its format".
    given : mapping, optional
        Values that the file need not hold; those of the file win.

    Raises
    ------
    DataMissingError
        It is not there.
    DataInvalidError
        It is no TOML, or breaks the format; the message names the file and the key.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        missing = Text("没有这个文件", "there is no such file")
        raise DataMissingError(missing, got=path.name) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataInvalidError(
            what, where=path.name, got=str(error), allowed="TOML, UTF-8"
        ) from None
    try:
        return model.model_validate({**(given or {}), **content})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = f"{path.name} {key_path(first['loc'])}".strip()
        raise DataInvalidError(
            what, where=place, got=first["input"], allowed=first["msg"]
        ) from None


def key_path(steps: tuple[str | int, ...]) -> str:
    """Return a place in a file, lists counted from 1.

    Examples
    --------
    >>> key_path(("rule", 1, "words", "zh"))
    'rule[2].words.zh'
    """
    told = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(told).lstrip(".")
