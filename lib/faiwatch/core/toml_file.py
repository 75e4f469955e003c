"""Settings that people edit without code: a TOML file read into a model, or one clear message."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from faiwatch.core.errors import DataInvalidError, DataMissingError, nearest
from faiwatch.core.files import bytes_of
from faiwatch.core.text import Text, user_language

_MOST_SETTINGS = 4 << 20  # bytes; people write settings by hand
Keys = tuple[str | int, ...]  # a place in a file
Model = TypeVar("Model", bound=BaseModel)


class Settings(BaseModel):
    """What people write in a file of settings: no key but those that are known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
        It is not there, or is no file.
    DataInvalidError
        It is too large, is no TOML, or breaks the format; the message names the file and the key.
    """
    if not path.exists():
        raise DataMissingError(Text("没有这个文件", "there is no such file"), got=path.name)
    missing = Text("读不到设置文件", "the file of settings cannot be read")
    content = toml_in(bytes_of(path, missing, where=path.name), what, where=path.name)
    try:
        return model.model_validate({**(given or {}), **content})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        keys = first["loc"]
        place, allowed, todo = f"{path.name} {key_path(keys)}".strip(), first["msg"], None
        if first["type"] == "extra_forbidden" and len(keys) == 1:  # a key that is none, or misspelt
            known = [field.alias or name for name, field in model.model_fields.items()]
            allowed, todo = ", ".join(known), nearest(str(keys[0]), known)
        raise DataInvalidError(
            what, where=place, got=first["input"], allowed=allowed, todo=todo
        ) from None


def toml_in(written: bytes, what: Text, *, where: str) -> dict[str, Any]:
    """Return what a TOML file holds.

    Parameters
    ----------
    written : bytes
        Its content.
    what : Text
        What is wrong with a file that is none.
    where : str
        How messages call the file.

    Raises
    ------
    DataInvalidError
        It is larger than settings are, or no TOML.
    """
    if len(written) > _MOST_SETTINGS:
        got, most = f"{len(written) >> 20} MB", f"{_MOST_SETTINGS >> 20} MB"
        raise DataInvalidError(what, where=where, got=got, allowed=most)
    try:
        return tomllib.loads(written.decode("utf-8-sig"))
    except RecursionError:
        cause = Text("嵌套过深", "nested too deeply").in_language(user_language())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        cause = str(error)
    raise DataInvalidError(what, where=where, got=cause, allowed="TOML, UTF-8")


def key_path(steps: Keys) -> str:
    """Return a place in a file, lists counted from 1.

    Examples
    --------
    >>> key_path(("rule", 1, "words", "zh"))
    'rule[2].words.zh'
    """
    told = (f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(told).lstrip(".")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file of rules, and what is said of it where it breaks its format."""

    path: Path
    broken: Text

    def wrong(
        self, keys: Keys, got: object, allowed: Text | str, todo: Text | None = None
    ) -> DataInvalidError:
        """Return the error for a place in the file."""
        where = f"{self.path.name} {key_path(keys)}"
        return DataInvalidError(self.broken, where=where, got=got, allowed=allowed, todo=todo)

    def refuse_repeated(self, part: str, ids: Sequence[str]) -> None:
        """Refuse a part that is called like one before it."""
        for at, id in enumerate(ids):
            if id in ids[:at]:
                first = key_path((part, ids.index(id), "id"))
                once = Text(f"与 {first} 不同的名字", f"another name than that of {first}")
                raise self.wrong((part, at, "id"), id, once)

    def refuse_unknown(self, keys: Keys, word: str, known: Collection[str]) -> None:
        """Refuse a word that is none of those that may stand there."""
        if word not in known:
            raise self.wrong(keys, word, ", ".join(known), nearest(word, known))
