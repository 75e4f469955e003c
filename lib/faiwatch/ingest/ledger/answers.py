"""What the user says about a ledger, for what the file leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from faiwatch.core.errors import ParameterError, nearest
from faiwatch.core.text import Text
from faiwatch.data.ledger_fields import PROJECT_CODE, ledger_tables
from faiwatch.ingest.meaning import row_refused, synonym_rows
from faiwatch.ingest.units import GrowthScale

SKIP = "skip"
SHEET = "sheet"
NEAREST = "nearest"
Duplicates = Literal["ask", "first", "last", "keep"]


@dataclass(frozen=True, slots=True)
class LedgerAnswers:
    """What the user says about a ledger.

    Attributes
    ----------
    as_of : str, optional
        Month ``YYYY-MM`` of sheets that tell none.
    year : int, optional
        Of dates and months that leave it out.
    unit : str, optional
        Unit of amounts; wins over the words of the file, not over a unit in the cell.
    growth_scale : {"percent", "fraction"}, optional
        How percentages are written: 65 or 0.65.
    sheets : tuple of str
        Sheets to read; all visible ones by default.
    labels : mapping
        See :func:`mapped_label`.
    unreadable_is_missing : bool
        Cells that are not what their column says are missing; rows without their key are dropped.
    duplicates : {"ask", "first", "last", "keep"}
        What to do with rows of one key and different content.
    """

    as_of: str | None = None
    year: int | None = None
    unit: str | None = None
    growth_scale: GrowthScale | None = None
    sheets: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    unreadable_is_missing: bool = False
    duplicates: Duplicates = "ask"


def ledger_words(path: Path) -> dict[str, str]:
    """Return an office's own words: a CSV with the columns ``label`` and ``means``.

    Each row says what a ``--map`` would: 帮办单位,unit or status:有点慢,slow.

    Raises
    ------
    DataMissingError
        The file cannot be read.
    DataInvalidError
        A row has no label, or a meaning that a ledger does not know.
    """
    found: dict[str, str] = {}
    for where, row in synonym_rows(path):
        label, means = row.get("label") or "", row.get("means") or ""
        try:
            found |= [mapped_label(f"{label}={means}")]
        except ParameterError as error:
            raise row_refused(where, f"{label},{means}", str(error)) from None
    return found


def mapped_label(given: str) -> tuple[str, str]:
    """Return label and meaning of one ``--map``.

    ``HEADER=FIELD`` names the field of a column, ``HEADER=skip`` leaves it out,
    ``sheet:NAME=TABLE`` names the table of a sheet, and ``FIELD:WORD=CHOICE`` a word in a column.
    A column may be named by its letters, ``AI`` or ``'Sheet1'!AI``. ``project_code:NAME=PROJECT``
    says which project a name stands for, ``project_code:*=nearest`` that it is the nearest one.

    Raises
    ------
    ParameterError
        The meaning is none that a ledger knows.

    Examples
    --------
    >>> mapped_label("牵头科室=unit"), mapped_label("status:推进慢=slow")
    (('牵头科室', 'unit'), ('status:推进慢', 'slow'))
    """
    label, _, means = (part.strip() for part in given.rpartition("="))
    scope, divider, word = label.partition(":")
    if scope == PROJECT_CODE and word and means:
        return label, means
    tables = ledger_tables()
    fields = [field for table in tables.values() for field in table.fields.values()]
    known = [*(field.name for field in fields), SKIP]
    if divider and scope == SHEET:
        known = [*tables, SKIP]
    elif divider:
        words = [one.value for field in fields if field.name == scope for one in field.choices]
        known = words or known
    if not label or means not in known:
        known = list(dict.fromkeys(known))
        raise ParameterError(
            Text("--map 的写法不对", "this --map is not understood"),
            where="map",
            got=given,
            allowed=", ".join(known),
            todo=nearest(means, known),
        )
    return label, means
