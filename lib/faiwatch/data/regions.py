"""The region table: six-digit GB/T 2260 codes with names in both languages.

``data/regions.csv`` goes down from the nation to provinces, in one of them to its cities and the
districts and counties of one city. An office adds more in ``rules/regions.csv`` of its workspace,
or in the file that ``FAIWATCH_REGIONS`` names: the same columns, of which only ``region_code`` and
``name_zh`` must be there. A row there wins: a county that has become a district is called so.

Read with the standard library alone, because parameters are checked against it before anything
heavy is imported.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from faiwatch.core.errors import DataInvalidError, nearest
from faiwatch.core.paths import data_folder, own_tables, written
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.encoding import rows_of, rows_of_office

NATION = "000000"
DEMO_DISTRICT = "990101"  # no real code begins with 99
OWN_REGIONS = "FAIWATCH_REGIONS"
BELOW_PROVINCE = ("city", "district")
# 「陕西」 and 「陕西省」 are one province; a name is never shorter than two characters without it
# Of the 3,755 characters that GB 2312 sorts by sound, the first code of each initial.
_SORTED = dict(
    zip(
        "abcdefghjklmnopqrstwxyz",
        bytes.fromhex(
            "b0a1b0c5b2c1b4eeb6eab7a2b8c1b9febbf7bfa6c0acc2e8c4c3c5b6c5bec6dac8bbc8f6cbfacddacef4d1b9"
            "d4d1"
        )
        .hex(" ", 2)
        .split(),
        strict=True,
    )
)
_LAST_SORTED = "d7f9"
_LONGEST_SHORT = 4  # characters
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


def known_regions() -> dict[str, Region]:
    """Return every region of the table and of the user's own by code, in the order of the files.

    Raises
    ------
    DataMissingError
        A table of the user's own cannot be read.
    DataInvalidError
        A row of it has no name or no six-digit code.
    """
    return _regions_of(data_folder(), *own_region_tables())


def own_region_tables() -> tuple[tuple[str, int], ...]:
    """Return the user's own tables of regions, with when each was last written."""
    named = os.environ.get(OWN_REGIONS)
    return (*own_tables("regions.csv"), *([written(named)] if named else []))


@cache
def _regions_of(ours: Path, *own: tuple[str, int]) -> dict[str, Region]:
    missing = Text("读不到地区表", "the table of regions cannot be read")
    todo = say("data.regions.check_variable", name=OWN_REGIONS)
    found = {}
    for path in (ours / "regions.csv", *(Path(path) for path, _ in own)):
        rows = rows_of_office(path, missing, where=path.name, todo=todo)
        for line, row in enumerate(rows, start=2):
            code, zh = row.get("region_code", ""), row.get("name_zh", "")
            if not re.fullmatch(r"\d{6}", code, re.ASCII) or not zh:
                raise DataInvalidError(
                    Text("地区表的这一行不可用", "this row of the table of regions cannot be used"),
                    where=f"{path.name}:{line}",
                    got=f"{code},{zh}",
                    allowed=Text("六位代码与名称", "a code of six digits, and a name"),
                    todo=Text("改正该行", "mend this row"),
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

    A city and a county in it may share a name; without its ending it is the city:

    >>> code_of_region("邵阳"), code_of_region("邵阳县"), code_of_region("大祥区")
    ('430500', '430523', '430503')
    """
    asked = str(named).strip()
    if isinstance(named, int) and not isinstance(named, bool) and 0 <= named < 10**6:
        return f"{named:06d}"
    if re.fullmatch(r"\d{6}", asked, re.ASCII):
        return asked
    for reading in (str.casefold, _plain):  # as it is written, then without its ending
        meant = [
            region
            for region in known_regions().values()
            if reading(asked) in {reading(region.name.zh), reading(region.name.en)}
        ]
        codes = {one.code for one in meant}
        widest = [one.code for one in meant if not codes & set(ancestors(one.code))]
        if len(widest) == 1:
            return widest[0]
    return asked


def ancestors(code: str) -> list[str]:
    """Return the codes above a region, the nearest first: city, province, nation.

    Examples
    --------
    >>> ancestors("430503"), ancestors("000000")
    (['430500', '430000', '000000'], [])
    """
    found: list[str] = []
    above = region_named(code).parent
    while above and above not in found:  # a user's table may go in a circle
        found.append(above)
        above = region_named(above).parent
    return found


def inside(code: str) -> list[str]:
    """Return the codes of the regions right below one, in the order of the table.

    Examples
    --------
    >>> len(inside("430500")), len(inside("430000")), inside("430503")
    (12, 14, [])
    """
    return [one for one, region in known_regions().items() if region.parent == code]


def initials(name: str) -> str:
    """Return the letters by which a Chinese name is searched: the first of each syllable.

    ``data/initials.csv`` has names that are read otherwise and rarer characters; the order of the
    common ones in GB 2312 tells the rest. A character of which nothing is known has no letter.

    Examples
    --------
    >>> initials("大祥区"), initials("重庆市"), initials("圳"), initials("Q1区")
    ('dxq', 'cqs', 'z', 'q1q')
    """
    known, found, at = _irregular_initials(), "", 0
    while at < len(name):
        word = next((name[at : at + n] for n in (2, 1) if name[at : at + n] in known), name[at])
        found += known.get(word) or _initial(word)
        at += len(word)
    return found


def _initial(character: str) -> str:
    if character.isascii():
        return character.casefold().strip()
    code = character.encode("gb2312", errors="ignore").hex()
    before = [letter for letter, first in _SORTED.items() if first <= code <= _LAST_SORTED]
    return before[-1] if before else ""


@cache
def _irregular_initials() -> dict[str, str]:
    return {row["word"]: row["initials"] for row in rows_of(data_folder() / "initials.csv")}


def nearest_region(named: str) -> Text | None:
    """Return "did you mean ..." for a region that is not in the table.

    Examples
    --------
    >>> nearest_region("Guangdnog").en
    "did you mean 'Guangdong'?"
    """
    names = [word for one in known_regions().values() for word in (one.name.zh, one.name.en)]
    return nearest(named, [*names, *known_regions()])


def short_name(region: Region, lang: Language) -> str:
    """Return a name that fits a tile of a map.

    Examples
    --------
    >>> short_name(region_named("430529"), "zh"), short_name(region_named("430503"), "en")
    ('城步', 'Daxiang')
    >>> short_name(region_named("150000"), "zh"), short_name(region_named("430523"), "zh")
    ('内蒙古', '邵阳县')
    """
    name = region.name.in_language(lang)
    if lang == "en":
        return re.sub(r" (?:Autonomous )?(?:District|County|City|Prefecture)\b.*", "", name)
    if len(name) <= _LONGEST_SHORT:
        return name
    plain = _GENERIC_ENDINGS.sub("", name)
    return plain if len(plain) <= _LONGEST_SHORT else plain[:2]


def _plain(name: str) -> str:
    return _GENERIC_ENDINGS.sub("", name.strip()).casefold()


def provinces() -> list[str]:
    """Return the codes of the 31 provinces in the order of the table."""
    return [code for code, region in known_regions().items() if region.level == "province"]
