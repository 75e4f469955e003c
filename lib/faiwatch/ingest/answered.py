"""Read a file with what the user says of it: in this command, and kept from earlier ones.

What is said now holds whatever the file says. What was kept fills only what is open: a unit of last
month is used where this month's file states none, and never over the words of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd

from faiwatch.core.text import clean
from faiwatch.data.parameter_types import EMBEDDED
from faiwatch.data.source import data_source
from faiwatch.ingest.answers_file import Said, kept_answers
from faiwatch.ingest.dialogue import choices_of
from faiwatch.ingest.ledger.reading import LedgerReading, is_ledger, ledger_sheets, read_ledger
from faiwatch.ingest.places import kept_files
from faiwatch.ingest.reading import Reading, read_sheets
from faiwatch.ingest.values import Sheet

_OVER_THE_FILE = ("unit", "growth_scale")  # these answers win over the words of the file


@dataclass(frozen=True)
class Source:
    """A file that is open, to be read again with each answer.

    Attributes
    ----------
    name : str
        How it is called.
    sheets : list of Sheet
        All of it.
    is_ledger : bool
        Whether it is read as a ledger or as figures.
    history : DataFrame, optional
        Figures known before, to compare with.
    """

    name: str
    sheets: list[Sheet]
    is_ledger: bool = False
    history: pd.DataFrame | None = None

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        kind: Literal["fai", "ledger"] | None = None,
        history: str | None = EMBEDDED,
        name: str | None = None,
    ) -> Source:
        """Open a workbook, a CSV or a folder.

        Parameters
        ----------
        path : Path
            See :func:`faiwatch.ingest.ledger.reading.ledger_sheets`.
        kind : {"fai", "ledger"}, optional
            What it holds; by default told by its headers.
        history : str, optional
            Where the known figures are; None to compare with nothing.
        name : str, optional
            How it is called; the path by default.

        Raises
        ------
        DataMissingError, DataInvalidError
            See :func:`faiwatch.ingest.opening.open_sheets`.
        """
        shown = name or str(path)
        sheets = ledger_sheets(path, name=shown)
        of_ledger = is_ledger(sheets) if kind is None else kind == "ledger"
        known = None if of_ledger or history is None else data_source(history).newest()
        return cls(shown, sheets, of_ledger, known)

    def without_history(self) -> Source:
        """Return it without known figures, for a file that is right where they differ."""
        return replace(self, history=None)

    def read(self, said: Said, kept: Said | None = None) -> Reading | LedgerReading:
        """Return how it is read with the answers that there are.

        Parameters
        ----------
        said : Said
            What the user says now.
        kept : Said, optional
            What was said before; sheets that it names and that are not there do not matter.
        """
        kept = kept or Said()
        names = {clean(one.name) for one in self.sheets}
        there = tuple(one for one in kept.values.get("sheet", ()) if clean(one) in names)
        kept = Said({"sheet": there} if there else {}).over(kept.without("sheet"))
        used = said.over(kept.without(*_OVER_THE_FILE))
        reading = self._read(used)
        while more := _asked_for(reading, kept, used):
            used = used.over(more)
            reading = self._read(used)
        return reading

    def _read(self, used: Said) -> Reading | LedgerReading:
        if self.is_ledger:
            return read_ledger(self.sheets, name=self.name, answers=used.for_ledger())
        answers = used.for_figures()
        return read_sheets(self.sheets, name=self.name, answers=answers, history=self.history)


def observations_in(path: Path) -> pd.DataFrame:
    """Return the Observations in a file as people have it, with the answers kept beside it.

    Parameters
    ----------
    path : Path
        A workbook, or a CSV in a shape of its own.

    Raises
    ------
    DataMissingError, DataInvalidError
        It cannot be read, or leaves something open; the message says how it is answered.
    """
    answers = kept_files(path)
    stamps = tuple((one, one.stat().st_mtime_ns) for one in (path, *answers) if one.is_file())
    return _observations_in(path, stamps).copy()


@lru_cache(maxsize=8)
def _observations_in(path: Path, stamps: tuple[tuple[Path, int], ...]) -> pd.DataFrame:
    """Read a file once, until it or its answers are written again."""
    answers = kept_answers([one for one, _ in stamps if one != path])
    reading = Source.open(path, kind="fai", name=path.name).read(Said(), answers)
    settled = reading.settled()
    assert isinstance(settled, pd.DataFrame)  # not of a ledger
    return settled


def _asked_for(reading: Reading | LedgerReading, kept: Said, used: Said) -> Said | None:
    """Return the kept answers that a question asks for and that are not used yet."""
    asked = {
        option
        for question in reading.questions
        for choice in choices_of(question)
        for option, _ in choice.pairs
    }
    more = {
        name: kept.values[name]
        for name in _OVER_THE_FILE
        if name in asked and name in kept.values and name not in used.values
    }
    return Said(more) if more else None
