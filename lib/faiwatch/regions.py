"""The region table: six-digit GB/T 2260 codes with names in both languages.

Read with the standard library alone, because parameters are checked against it before anything
heavy is imported.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from faiwatch.places import data_folder
from faiwatch.text import Text

NATION = "000000"
DEMO_DISTRICT = "990101"  # no real code begins with 99


@dataclass(frozen=True, slots=True)
class Region:
    """One row of ``data/regions.csv``."""

    code: str
    name: Text
    level: str
    parent: str

    @property
    def is_made_up(self) -> bool:
        """Whether figures of this region are made up and must be marked 「演示数据」."""
        return self.code.startswith("99")


@cache
def known_regions() -> dict[str, Region]:
    """Return every region of the table by its code, in the order of the file."""
    with (data_folder() / "regions.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["region_code"]: Region(
                row["region_code"],
                Text(row["name_zh"], row["name_en"]),
                row["level"],
                row["parent"],
            )
            for row in csv.DictReader(file)
        }


def region_named(code: str) -> Region:
    """Return a region of the table, or one named by its code alone when it is a user's own.

    Examples
    --------
    >>> region_named("610000").name.en, region_named("610702").name.zh
    ('Shaanxi', '610702')
    """
    return known_regions().get(code) or Region(code, Text(code, code), "own", "")


def provinces() -> list[str]:
    """Return the codes of the 31 provinces in the order of the table."""
    return [code for code, region in known_regions().items() if region.level == "province"]
