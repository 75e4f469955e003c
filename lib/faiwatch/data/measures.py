"""The catalogue of measures: what every quantity is called, its unit, format, formula and method.

``data/measures.csv`` names each quantity once. Charts, tables, sheets, documents and help read it
here, so that no label is typed twice. Fields of the project ledger have their names in
``data/ledger_fields.csv``; they are asked for with the name of their table, ``projects.unit``.
Read with the standard library alone: the command line asks before it loads anything large.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from faiwatch.core.paths import data_folder
from faiwatch.core.phrases import joined, texts_of
from faiwatch.core.text import Language, Text
from faiwatch.data.encoding import rows_of
from faiwatch.data.ledger_fields import ledger_tables

UNITS = texts_of("data.units")
_WIDTH = 24
_FIELD_FORMATS = {"money": "0", "percent": "0.0%", "date": "date", "flag": "flag"}
_FIELD_UNITS = {"money": "10k_cny", "percent": "pct"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the catalogue: a quantity, or anything else that a column can hold.

    Attributes
    ----------
    id : str
        As code and files name it.
    name : Text
        What readers call it, without its unit.
    unit : tuple of str
        Keys of :data:`UNITS`; the qualifiers (workload, annual rate) stand here too.
    format : str
        ``text``, ``month``, ``date``, ``flag``, ``light``, ``chance``, ``amount`` (100 million,
        decimals by size), ``number`` (as it is), or decimals such as ``0.00``, ``+0.0``, ``0%``.
    formula : str
        How it is worked out; may be empty.
    method : str
        Page of ``docs/methods`` that explains it; may be empty.
    width : int
        Half-width characters beyond which its text goes on in the next line of a sheet.
    """

    id: str
    name: Text
    unit: tuple[str, ...] = ()
    format: str = "text"
    formula: str = ""
    method: str = ""
    width: int = _WIDTH

    @property
    def label(self) -> Text:
        """Name and unit, for cells that are bare numbers."""
        return self._with(self.unit)

    @property
    def heading(self) -> Text:
        """Name and unit, for cells that are words: a percentage there carries its sign."""
        carried = {"pct"} if self.format.endswith("%") else set()
        return self._with(tuple(unit for unit in self.unit if unit not in carried))

    def _with(self, units: tuple[str, ...]) -> Text:
        if not units:
            return self.name
        told = joined((UNITS[unit] for unit in units), "，", ", ")
        return Text(f"{self.name.zh}（{told.zh}）", f"{self.name.en} ({told.en})")


@cache
def catalogue() -> Mapping[str, Measure]:
    """Return every row of ``data/measures.csv`` by its id."""
    return {
        row["id"]: Measure(
            row["id"],
            Text(row["zh"], row["en"]),
            tuple(row["unit"].split()),
            width=int(row["width"] or _WIDTH),
            **{name: row[name] for name in ("format", "formula", "method")},
        )
        for row in rows_of(data_folder() / "measures.csv")
    }


def measure(id: str) -> Measure:
    """Return a measure of the catalogue, or the field of a ledger table.

    Examples
    --------
    >>> measure("ytd_yoy_pct").label.en, measure("projects.unit").name.en
    ('Growth, year to date (%)', 'Responsible unit')
    """
    table, dot, name = id.partition(".")
    if not dot:
        return catalogue()[id]
    field = ledger_tables()[table].fields[name]
    unit = _FIELD_UNITS.get(field.kind)
    return Measure(
        id,
        field.label,
        (unit,) if unit else (),
        _FIELD_FORMATS.get(field.kind, "text"),
        width=16 if field.kind == "code" or name in {"unit", "lead"} else _WIDTH,
    )


def label(id: str, lang: Language) -> str:
    """Return what a measure is called in one language, with its unit.

    Examples
    --------
    >>> label("shortfall_10k", "zh"), label("contribution_pp", "en")
    ('低于序时进度（万元）', 'Contribution (pp)')
    """
    return measure(id).label.in_language(lang)


def measures_of(*ids: str, **columns: str) -> dict[str, Measure]:
    """Return measures by column: `ids` where a column is called like its measure.

    Examples
    --------
    >>> [one.name.en for one in measures_of("period", unit="projects.unit").values()]
    ['Through', 'Responsible unit']
    """
    return {column: measure(id) for column, id in ({id: id for id in ids} | columns).items()}
