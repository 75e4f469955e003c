"""The tables of a project ledger: their fields, and what may stand in them, in both languages.

Read once from ``data/ledger_tables.csv``, ``data/ledger_fields.csv`` and
``data/ledger_choices.csv``, before anything heavy is imported. The template, the reader, the checks
and the pages all follow this one record, so that a field is described in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from faiwatch.core.text import Text
from faiwatch.data.reference import table_rows

FieldKind = Literal["text", "code", "date", "month", "number", "money", "percent", "flag", "choice"]
AS_OF = "asof"
PROJECT_CODE = "project_code"
CODE_FROM_NAME = " · "  # between the two where both stand in one place; codes may have blanks
# days of what has happened, in the order in which it does; the other days are plans
HAPPENED: Mapping[str, tuple[str, ...]] = {
    "projects": ("actual_start", "actual_finish", "stop_date", "library_date"),
    "issues": ("opened", "closed"),
    "contracts": ("signed", "performed", "started", "finished"),
    "bonds": ("issued",),
    "tasks": ("done",),
    "notices": ("closed",),  # a notice that is answered may come after the month
    "leads": ("reported",),
}
MONEY_UNIT = "万元"  # every amount of a ledger is kept in 10,000 of the currency


@dataclass(frozen=True, slots=True)
class Choice:
    """One word that may stand in a field.

    Attributes
    ----------
    value : str
        How it is kept.
    label : Text
        What readers see and what the template offers.
    synonyms : tuple of str
        Other words for it.
    """

    value: str
    label: Text
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerField:
    """One field of a table.

    Attributes
    ----------
    name : str
        Name of the column.
    kind : str
        ``text``, ``code`` (of a project), ``date``, ``month``, ``number``, ``money``, ``percent``,
        ``flag`` or ``choice``.
    unit : str
        ``万元`` for money and ``%`` for percent (5.2 is 5.2 %), else empty.
    required : bool
        Whether a row without it is no row.
    choices : tuple of Choice
        What may stand in a ``choice`` or ``flag``.
    longest : int
        Characters that a text may have; 0 = not a text.
    label, note : Text
        What it is called, and what to tell the person who fills it in.
    synonyms : tuple of str
        Other headers for it.
    """

    name: str
    kind: FieldKind
    unit: str
    required: bool
    choices: tuple[Choice, ...]
    longest: int
    label: Text
    note: Text
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """One table of the ledger.

    Attributes
    ----------
    name : str
        ``projects``, ``issues`` and so on.
    label, note : Text
        What it is called, and what one row of it is.
    synonyms : tuple of str
        Other names of a sheet that holds it.
    key : tuple of str
        Fields that no two rows have in common.
    fields : mapping
        Name to field, in the order of the template.
    """

    name: str
    label: Text
    note: Text
    synonyms: tuple[str, ...]
    key: tuple[str, ...]
    fields: Mapping[str, LedgerField]

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the fields that every row has."""
        return tuple(name for name, field in self.fields.items() if field.required)


@cache
def ledger_tables() -> Mapping[str, LedgerTable]:
    """Return every table of the ledger by name, in the order of the template.

    Examples
    --------
    >>> tables = ledger_tables()
    >>> list(tables)[:7]
    ['projects', 'issues', 'contracts', 'bonds', 'targets', 'tasks', 'events']
    >>> list(tables)[7:]
    ['minutes', 'notices', 'leads', 'pipeline', 'parks', 'measures']
    >>> tables["projects"].key, tables["projects"].fields["annual_plan"].unit
    (('asof', 'project_code'), '万元')
    """
    choices: dict[str, tuple[Choice, ...]] = {}
    for row in table_rows("ledger_choices.csv"):
        one = Choice(row["value"], Text(row["zh"], row["en"]), _listed(row["synonyms"]))
        choices[row["list"]] = (*choices.get(row["list"], ()), one)
    fields: dict[str, dict[str, LedgerField]] = {}
    for row in table_rows("ledger_fields.csv"):
        fields.setdefault(row["table"], {})[row["field"]] = LedgerField(
            name=row["field"],
            kind=cast("FieldKind", row["kind"]),
            unit=row["unit"],
            required=row["required"] == "yes",
            choices=choices[row["choices"]] if row["choices"] else (),
            longest=int(row["longest"] or 0),
            label=Text(row["zh"], row["en"]),
            note=Text(row["note_zh"], row["note_en"]),
            synonyms=_listed(row["synonyms"]),
        )
    return MappingProxyType(
        {
            row["table"]: LedgerTable(
                name=row["table"],
                label=Text(row["zh"], row["en"]),
                note=Text(row["note_zh"], row["note_en"]),
                synonyms=_listed(row["synonyms"]),
                key=_listed(row["key"]),
                fields=MappingProxyType(fields[row["table"]]),
            )
            for row in table_rows("ledger_tables.csv")
        }
    )


def _listed(words: str) -> tuple[str, ...]:
    return tuple(filter(None, words.split("|")))
