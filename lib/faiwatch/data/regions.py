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

from faiwatch.core.errors import DataInvalidError, DataMissingError, nearest
from faiwatch.core.paths import data_folder
from faiwatch.core.text import Text
from faiwatch.data.encoding import decode_csv

NATION = "000000"
DEMO_DISTRICT = "990101"  # no real code begins with 99
OWN_REGIONS = "FAIWATCH_REGIONS"
# 「陕西」 and 「陕西省」 are one province; a name is never shorter than two characters without it
_GENERIC_ENDINGS = re.compile(
    "(?<=..)(?:维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区|省|市|地区|盟|区|县)$"
)


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
    found = {}
    for line, row in enumerate(csv.DictReader(lines), start=2):
        code, zh = (str(row.get(name) or "").strip() for name in ("region_code", "name_zh"))
        if not re.fullmatch(r"\d{6}", code, re.ASCII) or not zh:
            raise DataInvalidError(
                Text("地区表的这一行不可用", "this row of the table of regions cannot be used"),
                where=f"{path.name}:{line}",
                got=f"{code},{zh}",
                allowed=Text("六位代码与名称", "a code of six digits, and a name"),
            )
        name = Text(zh, row.get("name_en") or zh)
        found[code] = Region(code, name, row.get("level") or "own", row.get("parent") or "")
    return found


def region_named(code: str) -> Region:
    """Return a region of the table, or one named by its code alone when it is a user's own.

    Examples
    --------
    >>> region_named("610000").name.en, region_named("610702").name.zh
    ('Shaanxi', '610702')
    """
    return known_regions().get(code) or Region(code, Text(code, code), "own", "")


def code_of_region(named: str | int) -> str:
    """Return the code of a region that somebody names by code, number or name.

    Parameters
    ----------
    named : str or int
        ``"610000"``, ``610000``, ``0`` (the nation), 「陕西省」, 「陕西」 or ``Shaanxi``.

    Returns
    -------
    str
        Six digits. What is no name of the table is returned as it came, for the check of codes
        to refuse with its own message.

    Examples
    --------
    >>> code_of_region("陕西"), code_of_region("shaanxi"), code_of_region(0)
    ('610000', '610000', '000000')
    """
    asked = str(named).strip()
    if isinstance(named, int) and not isinstance(named, bool) and 0 <= named < 10**6:
        return f"{named:06d}"
    if re.fullmatch(r"\d{6}", asked, re.ASCII):
        return asked
    codes = [
        code
        for code, region in known_regions().items()
        if _plain(asked) in {_plain(region.name.zh), _plain(region.name.en)}
    ]
    return codes[0] if len(codes) == 1 else asked


def nearest_region(named: str) -> Text | None:
    """Return "did you mean ..." for a region that is not in the table.

    Examples
    --------
    >>> nearest_region("Guangdnog").en
    "did you mean 'Guangdong'?"
    """
    names = [word for one in known_regions().values() for word in (one.name.zh, one.name.en)]
    return nearest(named, [*names, *known_regions()])


def _plain(name: str) -> str:
    return _GENERIC_ENDINGS.sub("", name.strip()).casefold()


def provinces() -> list[str]:
    """Return the codes of the 31 provinces in the order of the table."""
    return [code for code, region in known_regions().items() if region.level == "province"]
