"""The rules by which a cell became something else: what they say to readers."""

from __future__ import annotations

from collections.abc import Mapping

from faiwatch.core.phrases import sentences
from faiwatch.core.text import Text


def words_of(part: str) -> Mapping[str, Text]:
    """Return the words of a part of the room's catalogue that is read whole, by their names."""
    return {
        name.removeprefix(f"{part}."): Text(both["zh"], both["en"])
        for name, both in sentences("ingest").items()
        if name.startswith(f"{part}.")
    }


RULES = words_of("rules")
