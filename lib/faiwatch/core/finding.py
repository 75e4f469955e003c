"""A finding: one number that somebody may quote, with everything needed to trace it.

Pages, index, briefing and alerts read findings; nobody retypes a number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from faiwatch.core.files import write_whole
from faiwatch.core.text import LANGUAGES, Language, Text
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.ledger.light_rules import presets

State = Literal["ok", "indeterminate", "missing"]


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

    def column_in(self, lang: Language) -> str:
        """Return what readers call the column: a field of the ledger, or a light, by its label.

        The column of a file of figures keeps its name, which is the one in the file.

        Examples
        --------
        >>> InputRow(file="", row=1, period="", column="annual_plan", value=1.0).column_in("en")
        'Planned this year'
        """
        return _column_label(self.column).in_language(lang)

    def value_in(self, lang: Language) -> float | str | None:
        """Return the figure as readers see it: a choice of the ledger by its label.

        Examples
        --------
        >>> row = InputRow(file="", row=1, period="", column="level", value="city", cell="F5")
        >>> row.value_in("zh")
        '市级'
        """
        for table in ledger_tables().values() if self.column else ():
            field = table.fields.get(self.column)
            for choice in field.choices if field else ():
                if choice.value == self.value:
                    return choice.label.in_language(lang)
        return self.value


_DERIVED = {  # what the ledger's rows are told by beside its fields
    "open": Text("未销号", "open"),
    "known": Text("已提出", "raised"),
    "overdue_days": Text("逾期天数", "days overdue"),
}


@cache
def _column_label(column: str) -> Text:
    if column in _DERIVED:
        return _DERIVED[column]
    light, _, batch = column.partition(" ")
    book, _, scale_id = light.partition(".")
    if scale_id and book in presets():
        preset = presets()[book]
        for scale in preset.scale:
            if scale.id == scale_id:
                zh, en = f"{preset.name.zh} {scale.name.zh}", f"{preset.name.en} {scale.name.en}"
                return Text(f"{zh} {batch}".strip(), f"{en} {batch}".strip())
    name = column.removesuffix("_10k")
    fields = [table.fields[name] for table in ledger_tables().values() if name in table.fields]
    if not fields:
        return Text(column, column)
    zh, en = (
        " / ".join(dict.fromkeys(one.label.in_language(lang) for one in fields))
        for lang in LANGUAGES
    )
    return Text(zh, en)


class Finding(BaseModel):
    """One quotable number.

    Attributes
    ----------
    id : str
        Stable name, such as ``ytd_yoy`` or ``negative_run_ytd``.
    value : float or None
        Unrounded; None when missing.
    unit : str
        ``pct``, ``pp``, ``100m_cny``, ``releases``, ``months``, ``regions`` or empty.
    period, as_of : str
        Reference month and the month up to which figures were used, ``YYYY-MM``.
    definition, formula : str
        What it is and how it is computed (formula in plain ASCII notation).
    inputs : tuple of InputRow
        The rows it rests on.
    state : {"ok", "indeterminate", "missing"}
        `missing` renders as 「待补」 / "not available", never as a guess.
    zh, en : str
        The sentence or figure as readers see it.
    definition_zh : str
        The definition in Chinese.
    formula_zh : str
        The formula in Chinese words; empty where `formula` is notation alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    value: float | None
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
    """Write findings as a JSON list (UTF-8)."""
    rows = [finding.model_dump(mode="json") for finding in findings]
    write_whole(path, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def read_findings(path: Path) -> list[Finding]:
    """Read what :func:`write_findings` wrote."""
    return [Finding.model_validate(row) for row in json.loads(path.read_text(encoding="utf-8"))]
