"""Whether an output is what its schema says, without a field that the schema does not name."""

import json
from functools import cache

from jsonschema import Draft202012Validator

from faiwatch.cli.schema import schema_named


def closed(schema):
    """Return a schema that allows no other fields than those it names."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: closed(one) for name, one in schema.items()}
    if "properties" in told and told.get("type") == "object":
        told.setdefault("additionalProperties", False)
    return told


@cache
def validator(name):
    return Draft202012Validator(closed(schema_named(name)))


def complaints(told, name):
    """Return what is wrong with an output; nothing is good."""
    found = validator(name).iter_errors(json.loads(json.dumps(told, default=str)))
    return [f"{one.json_path}: {one.message[:200]}" for one in found]
