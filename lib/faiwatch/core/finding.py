"""A finding: one number that somebody may quote, with everything needed to trace it.

Pages, index, briefing and alerts read findings; nobody retypes a number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from faiwatch.core.files import atomic_write
from faiwatch.core.text import NOTHING, Language, Text

State = Literal["ok", "indeterminate", "missing", "not_held", "partial"]
# How a verdict is shown.
Tone = Literal[
    "negative",
    "positive",
    "indeterminate",
    "missing",
    "sound",
    "unsound",
    "likely",
    "unlikely",
    "open",
    "reached",
    "missed",
    "behind",
    "on_pace",
]


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a figure is not there: ``missing`` is known not to be published."""

    state: Literal["missing", "not_held"]
    words: Text


class InputRow(BaseModel):
    """The published row that a finding rests on.

    Attributes
    ----------
    file, sheet, row : str, str, int
        Where it stands; `sheet` is empty for CSV, `row` counts from 1 as editors show it and
        is 0 when the row did not come from a file.
    period : str
        Reference month, ``YYYY-MM``.
    column : str
        Which figure of the row.
    value : float, str or None
        The figure as published; a word or a day of a ledger as text.
    issued : str
        Release date, empty when unknown.
    source : str
        Source id of the row.
    cell : str
        Address in a spreadsheet, ``Y17``; empty for CSV.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    sheet: str = ""
    row: int
    period: str
    column: str
    value: float | str | None
    issued: str = ""
    source: str = ""
    cell: str = ""


class Coverage(BaseModel):
    """How many of the rows that a number is about tell it.

    Attributes
    ----------
    n, n_known : int
        Rows, and those that tell.
    n_by_rule : int
        Those of them whose blank counts as zero by a written rule.
    unknown_pct : float
        Share of the weight (the plan of the year) that the other rows hold.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    n: int
    n_known: int
    n_by_rule: int
    unknown_pct: float


class Finding(BaseModel):
    """One quotable number.

    Attributes
    ----------
    id : str
        Stable name, such as ``ytd_yoy`` or ``negative_run_ytd``.
    value : int, float, str or None
        Unrounded; a count is whole, a day is ``YYYY-MM-DD``; None when missing.
    unit : str
        ``pct``, ``pp``, ``100m_cny``, ``releases``, ``months``, ``regions``, ``projects``,
        ``date`` and so on, or empty.
    period, as_of : str
        Reference month and the month up to which figures were used, ``YYYY-MM``.
    definition, formula : str
        What it is and how it is computed (formula in plain ASCII notation).
    inputs : tuple of InputRow
        The rows it rests on.
    state : {"ok", "indeterminate", "missing", "not_held", "partial"}
        `missing` (known not to be published, or not computable) renders as 「待补」 / "not
        available", `not_held` as 「本库尚未收录」 / "not in this data set"; never a guess.
        `partial` tells its coverage.
    zh, en : str
        The sentence or figure as readers see it.
    definition_zh : str
        The definition in Chinese.
    formula_zh : str
        The formula in Chinese words; empty where `formula` is notation alone.
    coverage : Coverage or None
        Of the rows it is about; None where every row is known or none is counted.
    note : Text
        The other convention where two are in use, with its figure; else empty.
    missing : Text
        What is missing, where that is known; else empty.
    forms : mapping of str to Text
        Other ways to say the same figure, such as ``phrase`` (「同比下降7.2%」).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    value: int | float | str | None
    unit: str
    period: str
    as_of: str
    definition: str
    definition_zh: str
    formula: str
    inputs: tuple[InputRow, ...]
    state: State
    zh: str
    en: str
    formula_zh: str = ""
    coverage: Coverage | None = None
    note: Text = NOTHING
    missing: Text = NOTHING
    forms: Mapping[str, Text] = Field(default_factory=dict)

    @property
    def text(self) -> Text:
        """The finding as readers see it, in both languages."""
        return Text(self.zh, self.en)

    @property
    def number(self) -> float | None:
        """The value where it is a number."""
        return None if isinstance(self.value, str) else self.value

    @property
    def is_open(self) -> bool:
        """Whether it cannot be told: 「待补」."""
        return self.state in {"missing", "not_held"}

    def words(self, lang: Language) -> str:
        """Return the finding as readers see it."""
        return self.zh if lang == "zh" else self.en

    def definition_in(self, lang: Language) -> str:
        """Return the definition in one language."""
        return self.definition_zh if lang == "zh" else self.definition

    def formula_in(self, lang: Language) -> str:
        """Return the formula in one language."""
        return (lang == "zh" and self.formula_zh) or self.formula


def write_findings(findings: Iterable[Finding], path: Path) -> None:
    """Write findings as a JSON list (UTF-8), a line each."""
    rows = (finding.model_dump(mode="json") for finding in findings)
    told = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)  # a line each
    atomic_write(path, f"[\n{told}\n]\n")


def read_findings(path: Path) -> list[Finding]:
    """Read what :func:`write_findings` wrote."""
    return [Finding.model_validate(row) for row in json.loads(path.read_text(encoding="utf-8"))]
