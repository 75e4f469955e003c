"""The code of an investment project: its segments, and how much of it can be trusted.

Since 2014 and under GB/T 40058-2021 a project approved in China has one code: four digits of time,
six of region, two of department, two of type, five at random and one check digit, written
``2020-610702-47-03-012345``. Ledgers also hold codes of earlier systems, which stay valid as keys.
The rule of the check digit is not public, so it is not checked.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from faiwatch.core.text import fold
from faiwatch.data.regions import provinces

CodeKind = Literal["national", "doubtful", "legacy"]
_DASHES = re.compile(r"\s*[-‐‑–—−﹣]+\s*")
_SEGMENTS = re.compile(r"(\d{4})-?(\d{6})-?(\d{2})-?(\d{2})-?(\d{6})", re.ASCII)
_YEAR = re.compile(r"20\d\d")
_YEAR_AND_MONTH = re.compile(r"[2-9]\d(?:0[1-9]|1[0-2])")  # 2101: January 2021
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
    """
    match = _SEGMENTS.fullmatch(code)
    if match is None:
        return "legacy"
    time, region = match[1], match[2]
    dated = _YEAR.fullmatch(time) or _YEAR_AND_MONTH.fullmatch(time)
    placed = region[:2] in {_NATION, _MADE_UP, *(one[:2] for one in provinces())}
    return "national" if dated and placed else "doubtful"
