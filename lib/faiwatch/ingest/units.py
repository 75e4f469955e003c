"""Units of amounts and the scale of growth: how they are written, for figures and ledgers alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

GrowthScale = Literal["percent", "fraction"]
UNIT_FLAG = "--unit 万元 | --unit 亿元"  # options that answer what the unit is, and the scale
SCALE_FLAG = "--growth-scale percent | --growth-scale fraction"
PERCENT = "%"
INDEX = "上年同期=100"  # growth of 3.5 % is 103.5
_INDEX_WORDS = "|".join(
    f"{before}{equals}100"
    for before in (
        *("上年同期", "上年同月", "去年同期", "去年同月", "上年", "以上年同期", "以上年"),
        *("previousyear", "sameperiodofpreviousyear", "sameperiodlastyear", "samemonthlastyear"),
    )
    for equals in ("=", "为")
)

# Growth is published to one decimal. As a fraction it has three, and hardly ever reaches 1.5.
PLAINLY_PERCENT = 1.5
_DECIMALS_OF_A_FRACTION = 3
_MOST_LARGE_FRACTIONS = 0.1
_FEW = 3


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit.

    Attributes
    ----------
    name : str
        As it is shown: ``亿元``, ``万元``, ``%``.
    per_100m : float
        How many of it make 100 million of the currency; 0 for percent. Values are divided by it
        (not multiplied by its inverse), so that 12,345.6 万元 becomes exactly 1.23456.
    """

    name: str
    per_100m: float


_UNITS: Mapping[str, Unit] = {
    word: Unit(name, per_100m)
    for name, per_100m, words in (
        ("亿元", 1.0, "亿元|亿元人民币|亿|100millionyuan|yiyuan|rmb100million|rmb100mn|cny100mn"),
        ("亿元", 1.0, "100myuan|100mnyuan|100mlnyuan|100mrmb|100mnrmb|100mcny|100mncny"),
        ("千万元", 10.0, "千万元|10millionyuan"),
        ("百万元", 100.0, "百万元|millionyuan|rmbmillion|yuanmillion|rmbmn|cnymn"),
        ("百万元", 100.0, "mnyuan|mlnyuan|mnrmb|mncny"),
        ("万元", 1e4, "万元|万元人民币|万|10thousandyuan|10000yuan|10,000yuan"),
        ("千元", 1e5, "千元|thousandyuan"),
        ("元", 1e8, "元|人民币元|yuan"),
        ("十亿元", 0.1, "十亿元|billionyuan|rmbbillion|yuanbillion|rmbbn|cnybn"),
        ("十亿元", 0.1, "bnyuan|blnyuan|bnrmb|bncny"),
        ("万亿元", 1e-4, "万亿元|万亿|trillionyuan"),
        (INDEX, 0.0, _INDEX_WORDS),
        (PERCENT, 0.0, "%|%%|百分比|percent|pct|per cent|y/y,%|%,y/y"),
    )
    for word in words.split("|")
}
VALUE_UNITS = tuple(dict.fromkeys(unit.name for unit in _UNITS.values() if unit.per_100m))
_STATED = re.compile(r"(?:计量单位|单位|units?)\s*[:：]\s*(.{1,40})", re.IGNORECASE)
_BRACKETS = re.compile(r"\(([^()]{1,40})\)")
_BETWEEN_UNITS = re.compile(r"[、,，;；/和及与\s]+|and")


def unit_named(word: str) -> Unit | None:
    """Return a unit by any of its spellings (half-width), or None.

    Examples
    --------
    >>> unit_named("万元").per_100m, unit_named("100 million yuan").name, unit_named("个") is None
    (10000.0, '亿元', True)
    """
    return _UNITS.get(re.sub(r"\s+", "", word).casefold()) or _UNITS.get(word.casefold())


def stated_units(text: str) -> list[Unit]:
    """Return the units that a line such as ``单位：亿元、%`` states; empty when it states none.

    Examples
    --------
    >>> [unit.name for unit in stated_units("表1  单位：万元、%")]
    ['万元', '%']
    """
    match = _STATED.search(text)
    if match is None:
        return []
    return _listed(match[1].rstrip(")）"))


def title_units(text: str) -> list[Unit]:
    """Return the units that a title states, in a phrase or in brackets.

    Examples
    --------
    >>> [unit.name for unit in title_units("固定资产投资(亿元)")]
    ['亿元']
    """
    return stated_units(text) or [
        unit for words in _BRACKETS.findall(text) for unit in _listed(words)
    ]


def _listed(text: str) -> list[Unit]:
    whole = unit_named(text)
    if whole is not None:
        return [whole]
    parts = (unit_named(part) for part in _BETWEEN_UNITS.split(text))
    return [unit for unit in parts if unit is not None]


def growth_scale(sizes: Collection[float], *, says_percent: bool) -> GrowthScale | None:
    """Return whether growth figures are percent or fractions, or None when both are possible.

    Parameters
    ----------
    sizes : collection of float
        Distinct absolute figures that belong together, none with a percent sign of its own.
    says_percent : bool
        Their header says percent.

    Examples
    --------
    >>> growth_scale([5.2, 0.3, 0.4], says_percent=False)
    'percent'
    >>> growth_scale([0.052, 0.003, 0.041], says_percent=False)
    'fraction'
    >>> growth_scale([0.052, 0.041, 0.05], says_percent=True) is None
    True
    >>> growth_scale([5.2, 0.052], says_percent=True) is None
    True
    """
    sizes = [size for size in sizes if size]
    if not sizes:
        return "percent"  # nothing but zeros, which are the same in both
    large = [size for size in sizes if size >= PLAINLY_PERCENT]
    small = [size for size in sizes if size < PLAINLY_PERCENT]
    fine = [size for size in small if decimals(size) >= _DECIMALS_OF_A_FRACTION]
    if large:
        coarse = max(map(decimals, large)) < _DECIMALS_OF_A_FRACTION
        doubtful = coarse or len(large) <= _MOST_LARGE_FRACTIONS * len(sizes)
        return None if fine and doubtful else "percent"
    if says_percent:
        return "percent" if all(decimals(size) <= 1 for size in sizes) else None
    return "fraction" if len(sizes) >= _FEW and len(fine) * 2 >= len(sizes) else None


def decimals(number: float) -> int:
    """Return how many decimals a number is given to."""
    digits = f"{number:.12f}".rstrip("0")
    return len(digits) - digits.index(".") - 1
