"""The region table: six-digit GB/T 2260 codes with names in both languages.

``data/regions.csv`` has the nation and the provinces; ``FAIWATCH_REGIONS`` names a file with more:
the same columns, of which only ``region_code`` and ``name_zh`` must be there. A row there wins.

Read with the standard library alone, because parameters are checked against it before anything
heavy is imported.
"""

from __future__ import annotations

import csv
import io
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.paths import data_folder
from faiwatch.core.text import Text
from faiwatch.data.encoding import decode_csv

NATION = "000000"
DEMO_DISTRICT = "990101"  # no real code begins with 99
OWN_REGIONS = "FAIWATCH_REGIONS"


@dataclass(frozen=True, slots=True)
class Region:
    """One row of the table; ``level`` is ``own`` where the user's file does not say it."""

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
    """Return every region of the table and of the user's own by code, in the order of the files.

    Raises
    ------
    DataMissingError
        ``FAIWATCH_REGIONS`` names a file that cannot be read.
    DataInvalidError
        A row of it has no name or no six-digit code.
    """
    found = _regions(data_folder() / "regions.csv")
    own = os.environ.get(OWN_REGIONS)
    return found | _regions(Path(own)) if own else found


def _regions(path: Path) -> dict[str, Region]:
    try:
        lines = io.StringIO(decode_csv(path.read_bytes()), newline="")
    except (OSError, UnicodeDecodeError) as error:
        raise DataMissingError(
            Text("读不到地区表", "the table of regions cannot be read"),
            where=path.name,
            got=str(error),
            todo=Text(f"检查环境变量 {OWN_REGIONS}", f"check the variable {OWN_REGIONS}"),
        ) from None
    rows = enumerate(csv.DictReader(lines), start=2)
    return {region.code: region for region in (_region(row, path, at) for at, row in rows)}


def _region(row: dict[str, str | None], path: Path, line: int) -> Region:
    code, zh = (str(row.get(name) or "").strip() for name in ("region_code", "name_zh"))
    if not re.fullmatch(r"\d{6}", code, re.ASCII) or not zh:
        raise DataInvalidError(
            Text("地区表的这一行不可用", "this row of the table of regions cannot be used"),
            where=f"{path.name}:{line}",
            got=f"{code},{zh}",
            allowed=Text("六位代码与名称", "a code of six digits, and a name"),
        )
    return Region(
        code, Text(zh, row.get("name_en") or zh), row.get("level") or "own", row.get("parent") or ""
    )


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
