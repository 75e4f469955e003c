"""The code of an investment project: its segments, and how much of it can be trusted.

Since 2014 and under GB/T 40058-2021 a project approved in China has one code: four digits of time,
six of region, two of department, two of type, five at random and one check digit, written
``2020-610702-47-03-012345``. Ledgers also hold codes of earlier systems, which stay valid as keys.
The rule of the check digit is not public, so it is not checked.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Literal

from faiwatch.core.text import fold
from faiwatch.data.regions import provinces

CodeKind = Literal["national", "doubtful", "legacy", "made"]
_DASHES = re.compile(r"\s*[-‐‑–—−﹣]+\s*")
_SEGMENTS = re.compile(r"(\d{4})-?(\d{6})-?(\d{2})-?(\d{2})-?(\d{6})", re.ASCII)
_YEAR = re.compile(r"20\d\d")
_YEAR_AND_MONTH = re.compile(r"[2-9]\d(?:0[1-9]|1[0-2])")  # 2101: January 2021
_NO_LETTERS = re.compile(r"[\W_]+")
_OF_A_PLACE = re.compile(r"^[市县区旗](?=..)")  # 区住建局 and 住建局 are one unit of an office
_ID_LENGTH = 10
_MADE = re.compile(r"XM-[0-9A-F]{10}")
_NATION, _MADE_UP = "00", "99"


def spelt_code(text: str) -> str:
    """Return a code in the one spelling in which codes are compared.

    Half-width, upper case, one hyphen between segments; a national code gets its hyphens back.

    Examples
    --------
    >>> spelt_code(" ２０２０—610702—47—03—012345 "), spelt_code("20206107024703012345")
    ('2020-610702-47-03-012345', '2020-610702-47-03-012345')
    >>> spelt_code("汉发改2016 12")
    '汉发改2016 12'
    """
    code = _DASHES.sub("-", " ".join(fold(text).split())).upper()
    match = _SEGMENTS.fullmatch(code.replace(" ", ""))
    return "-".join(match.groups()) if match else code


def bare_name(name: str) -> str:
    """Return a name in the form in which names are compared.

    Without blanks, brackets and punctuation, half-width, lower case.

    Examples
    --------
    >>> bare_name("城关　中学（二期）建设项目") == bare_name("城关中学(二期)建设项目")
    True
    """
    return _NO_LETTERS.sub("", fold(name)).casefold()


def made_id(kind: str, *words: str) -> str:
    """Return an id for what an office gave none, made from words alone: the same in every month.

    Parameters
    ----------
    kind : str
        What it is the id of: ``XM`` project, ``WT`` issue, ``HT`` contract, ``RW`` task.
    *words : str
        Of a project its unit and its name.

    Examples
    --------
    >>> made_id("XM", "区住建局", "城关中学（二期）") == made_id("XM", "住建局", "城关 中学(二期)")
    True
    """
    unit, *names = map(bare_name, words)
    spelt = "\n".join([_OF_A_PLACE.sub("", unit), *names])
    return f"{kind}-{hashlib.sha256(spelt.encode()).hexdigest()[:_ID_LENGTH].upper()}"


@lru_cache(maxsize=65536)
def code_kind(code: str) -> CodeKind:
    """Return what kind of code this is.

    Parameters
    ----------
    code : str
        In the spelling of :func:`spelt_code`.

    Examples
    --------
    >>> code_kind("2020-610702-47-03-012345"), code_kind("2101-610702-04-01-123456")
    ('national', 'national')
    >>> code_kind("2020-780702-47-03-012345"), code_kind("汉发改2016-12")
    ('doubtful', 'legacy')
    >>> code_kind(made_id("XM", "住建局", "城关中学"))
    'made'
    """
    if _MADE.fullmatch(code):
        return "made"
    match = _SEGMENTS.fullmatch(code)
    if match is None:
        return "legacy"
    time, region = match[1], match[2]
    dated = _YEAR.fullmatch(time) or _YEAR_AND_MONTH.fullmatch(time)
    placed = region[:2] in {_NATION, _MADE_UP, *(one[:2] for one in provinces())}
    return "national" if dated and placed else "doubtful"
