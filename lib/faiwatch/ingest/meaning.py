"""What a label says: field, measure, window, indicator, region, month, unit.

One small grammar serves the synonym table (``data/headers.csv``) and the option ``--map``:
words separated by spaces, such as ``value ytd 亿元``, ``total growth``, ``610702``, ``2020-09``,
``skip``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from faiwatch.core.errors import DataInvalidError, DataMissingError, ParameterError, nearest
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.encoding import decode_csv
from faiwatch.data.reference import known_indicators
from faiwatch.ingest.dates import Every
from faiwatch.ingest.marks import Mark
from faiwatch.ingest.units import Unit, unit_named

Field = Literal[
    "region", "indicator", "period", "year", "month", "unit", "issued", "source", "note"
]
Measure = Literal["value", "growth", "skip", "other"]
LEFT_OUT: Mapping[str | None, str] = {"skip": "skip", "other": "other_subject"}  # and the rule
Window = Literal["ytd", "single"]
Sum = Literal["sum", "subtotal"]
FILLER = "-"
_KINDS = (
    (Field, "field"),
    (Measure, "measure"),
    (Window, "window"),
    (Sum, "sum"),
    (Every, "every"),
    (Mark, "mark"),
)
WORDS = (*(word for kind, _ in _KINDS for word in get_args(kind)), FILLER)


class Meaning(NamedTuple):
    """What a label says; None where it says nothing.

    Attributes
    ----------
    field : str or None
        The column holds labels of this kind.
    measure : {"value", "growth", "skip", "other"} or None
        What its figures are; `skip` figures are left out, and so are `other` ones, whose subject is
        not investment.
    window : {"ytd", "single"} or None
        Year to date, or the single month.
    indicator, region : str or None
        Name, six-digit code.
    year, month : int or None
        The month as far as it is told.
    unit : Unit or None
        Unit of its figures.
    sum : {"sum", "subtotal"} or None
        It is the sum of other rows.
    unknown : str or None
        What of the label is not in the table.
    every : {"annual", "quarterly"} or None
        Its figures come by the year or the quarter; by the month where nothing is said.
    mark : str or None
        They are provisional, revised or a forecast; see :mod:`faiwatch.ingest.marks`.
    """

    field: Field | None = None
    measure: Measure | None = None
    window: Window | None = None
    indicator: str | None = None
    region: str | None = None
    year: int | None = None
    month: int | None = None
    unit: Unit | None = None
    sum: Sum | None = None
    unknown: str | None = None
    every: Every | None = None
    mark: Mark | Literal["footnote"] | None = None

    def over(self, other: Meaning) -> Meaning:
        """Return this meaning, filled up with what only `other` says.

        Examples
        --------
        >>> meaning_of("growth").over(meaning_of("value total"))[1:4]
        ('growth', None, 'total')
        """
        if other is NOTHING:
            return self
        pairs = zip(self, other, strict=True)
        return Meaning._make([mine if mine is not None else theirs for mine, theirs in pairs])

    @property
    def is_left_out(self) -> bool:
        """Whether figures under this label are not read."""
        return self.measure in LEFT_OUT


NOTHING = Meaning()
# a label that names a part and what it is part of is about the part
_WHOLES: Mapping[str, set[str]] = {
    "manufacturing": {"total", "secondary", "industry"},
    "industry": {"total", "secondary"},
    "infrastructure": {"total", "tertiary"},
    "real_estate_development": {"total", "tertiary"},
    "transport_storage_post": {"total", "tertiary"},
    "water_environment_facilities": {"total", "tertiary"},
    "information_services": {"total", "tertiary"},
}
_WHOLES_OF_INDUSTRIES = {*_WHOLES, "total", "primary", "secondary", "tertiary"}


def narrowest(names: set[str]) -> set[str]:
    """Return the part that a label names beside its wholes, or all the names.

    Examples
    --------
    >>> narrowest({"total", "secondary", "mining"}), len(narrowest({"private", "mining"}))
    ({'mining'}, 2)
    """
    for name in names:
        known = known_indicators().get(name)
        is_industry = known is not None and known.dimension == "industry"
        wholes = _WHOLES.get(name, _WHOLES_OF_INDUSTRIES if is_industry else {"total"})
        if names - {name} <= wholes - {name}:
            return {name}
    return names


def meaning_of(words: str) -> Meaning:
    """Return what some words of the grammar mean.

    Parameters
    ----------
    words : str
        Fields, measures, windows, sums, units, an indicator, a six-digit code, ``YYYY-MM``,
        ``YYYY``; ``-`` says nothing.

    Raises
    ------
    ValueError
        A word is none of these.

    Examples
    --------
    >>> meaning_of("value ytd 万元").unit.name, meaning_of("2020-09").month
    ('万元', 9)
    """
    found: dict[str, object] = {}
    for word in words.split():
        name = next((name for kind, name in _KINDS if word in get_args(kind)), None)
        if name is not None:
            found[name] = word
        elif unit := unit_named(word):
            found["unit"] = unit
        elif re.fullmatch(r"\d{6}", word):
            found["region"] = word
        elif match := re.fullmatch(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?", word):
            found["year"] = int(match[1])
            found["month"] = int(match[2]) if match[2] else None
        elif re.fullmatch(r"[a-z][a-z0-9_]{0,59}", word):
            found["indicator"] = word
        elif word != FILLER:
            raise ValueError(word)
    return Meaning(**found)  # type: ignore[arg-type]  # each word was checked above


def mapped(answer: str, known_indicators: tuple[str, ...]) -> tuple[str, Meaning]:
    """Return label and meaning of one ``--map "LABEL=MEANING"``.

    Parameters
    ----------
    answer : str
        As given on the command line.
    known_indicators : tuple of str
        Names of the indicator table; any other name may be used too, unless it looks like a
        misspelt word.

    Raises
    ------
    ParameterError
        There is no ``=``, or the meaning is not understood.

    Examples
    --------
    >>> mapped("汉台区=610702", ())[1].region
    '610702'
    """
    label, divider, words = answer.rpartition("=")
    known = (*WORDS, *known_indicators)
    try:
        meaning = meaning_of(words)
        own = meaning.indicator
        near = nearest(own, known) if own is not None and own not in known else None
        understood = bool(divider and label.strip() and words.strip()) and near is None
    except ValueError as error:
        near, understood = nearest(str(error), known), False
    if not understood:
        raise ParameterError(
            Text("--map 的写法不对", "this --map is not understood"),
            where="--map",
            got=answer,
            allowed=say("ingest.meaning.map", words=Text("、".join(WORDS), ", ".join(WORDS))),
            todo=near,
        )
    return label.strip(), meaning


def together(parts: Iterable[Meaning]) -> Meaning:
    """Return parts as one meaning, each filled up with what only those behind it say.

    Examples
    --------
    >>> together([meaning_of("growth ytd"), meaning_of("value total")])[1:4]
    ('growth', 'ytd', 'total')
    """
    return reduce(Meaning.over, parts, NOTHING)


def synonym_rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a synonym table, a CSV with ``label`` and ``means``, each with its place.

    Raises
    ------
    DataMissingError
        The file cannot be read.
    """
    try:
        lines = decode_csv(path.read_bytes()).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataMissingError(
            Text("读不到同义词表", "the synonym table cannot be read"),
            where=str(path),
            got=str(error),
        ) from None
    for number, row in enumerate(csv.DictReader(lines), start=2):
        yield f"{path}:{number}", row


def row_refused(where: str, got: str, todo: str | None = None) -> DataInvalidError:
    """Return the error for a row of a synonym table that is not understood."""
    return DataInvalidError(
        Text("同义词表的这一行不可用", "this line of the synonym table is not understood"),
        where=where,
        got=got,
        allowed="label,means",
        todo=todo,
    )


def spelt(meaning: Meaning) -> str:
    """Return a meaning in the words of the grammar, for reports.

    Examples
    --------
    >>> spelt(meaning_of("value ytd 万元")), spelt(meaning_of("2020-09")), spelt(NOTHING)
    ('value ytd 万元', '2020-09', '-')
    """
    month = f"-{meaning.month:02d}" if meaning.month else ""
    when, unit = f"{meaning.year or ''}{month}", meaning.unit.name if meaning.unit else None
    # field, measure, window, indicator and region before the month
    words = (*meaning[:5], when, unit, meaning.sum, meaning.every, meaning.mark)
    return " ".join(word for word in words if word) or FILLER
