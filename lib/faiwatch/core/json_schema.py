"""JSON Schema of what programs read and write, from the types that the code itself uses.

Nothing is described a second time: a model, dataclass or TypedDict gives the fields, its docstring
says what they mean.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from types import UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints
from typing import is_typeddict as is_dictionary

from pydantic import Field, TypeAdapter, create_model

VERSION = 1  # goes up when a reader of the forms before would misunderstand one
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ATTRIBUTES = re.compile(r"\n+Attributes\n-+\n")
_ENTRY = re.compile(r"^(?P<names>\w+(?:, \w+)*) :.*\n(?P<words>(?:(?: .*)?\n?)*)", re.MULTILINE)
_NEXT_SECTION = re.compile(r"\n+[A-Z]\w+\n-+\n")


def schema_id(name: str) -> str:
    """Return the name of a schema that no other has.

    Examples
    --------
    >>> schema_id("run.json")
    'urn:faiwatch:schema:1:run.json'
    """
    return f"urn:faiwatch:schema:{VERSION}:{name.replace(' ', '-')}"


def json_schema(kind: Any, name: str, *, is_input: bool = False) -> dict[str, Any]:  # noqa: ANN401
    """Return the JSON Schema of a type.

    Parameters
    ----------
    kind : type
        Model, dataclass, TypedDict, or a list or mapping of those.
    name : str
        What its ``$id`` ends with.
    is_input : bool
        Whether people write it: it allows no other fields, where what we write may get more.

    Examples
    --------
    >>> from faiwatch.core.finding import Coverage
    >>> found = json_schema(Coverage, "coverage")["properties"]["n_by_rule"]
    >>> found["type"], found["description"]
    ('integer', 'Those of them whose blank counts as zero by a written rule.')
    """
    mode: Literal["validation", "serialization"] = "validation" if is_input else "serialization"
    found = TypeAdapter(_readable(kind)).json_schema(mode=mode)
    for part in (found, *found.get("$defs", {}).values()):
        _explain(part)
        if not is_input and part.get("additionalProperties") is False:
            del part["additionalProperties"]
    return {"$schema": DIALECT, "$id": schema_id(name)} | found


def _readable(kind: Any) -> Any:  # noqa: ANN401  any type
    """Return a type with TypedDicts as models: pydantic reads the former from Python 3.12 on."""
    if is_dictionary(kind):
        fields: dict[str, Any] = {}
        for name, hint in get_type_hints(kind, include_extras=True).items():
            is_optional = get_origin(hint) is NotRequired
            field = Field(default_factory=lambda: None) if is_optional else ...
            fields[name] = (_readable(get_args(hint)[0] if is_optional else hint), field)
        return create_model(kind.__name__, __doc__=kind.__doc__, **fields)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return reduce(or_, map(_readable, parts))
    if origin in {list, tuple, dict}:
        return origin[tuple(map(_readable, parts))]
    return kind


def _explain(part: dict[str, Any]) -> None:
    """Give each property what the docstring of its model says of it, in place."""
    words, _, attributes = part.get("description", "").partition("Attributes\n---")
    if words:
        part["description"] = " ".join(_NEXT_SECTION.split(words)[0].split())
    for field in part.get("properties", {}).values():
        field.pop("title", None)  # the name of the field again
    for entry in _ENTRY.finditer(_NEXT_SECTION.split(attributes)[0]):
        said = " ".join(entry["words"].split())
        for name in entry["names"].split(", "):
            if name in part.get("properties", {}):
                part["properties"][name].setdefault("description", said)
