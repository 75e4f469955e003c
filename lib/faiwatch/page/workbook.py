"""A workbook that an analyst reads: its table, its questions, and a form to answer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import display

from faiwatch.core.extras import has_extra
from faiwatch.core.text import Language, Text
from faiwatch.ingest.answered import Source
from faiwatch.ingest.answers_file import Said, kept_answers, said, write_answers
from faiwatch.ingest.dialogue import Asked, asked_of, entries_of, heading
from faiwatch.ingest.ledger.reading import LedgerReading
from faiwatch.ingest.log import Coercion, Question
from faiwatch.ingest.places import kept_files, place_of_answers
from faiwatch.ingest.reading import Reading
from faiwatch.page.shown import bundle, cell_of_front_end
from faiwatch.view import html as blocks
from faiwatch.view.tables import Table
from faiwatch.view.tables.reading import reading_tables, summary


class Workbook:
    """A workbook, CSV or folder as it is read with the answers there are.

    Made by :func:`faiwatch.read_workbook`. At the end of a cell it shows what is open, where
    somebody can click as a form, and what was read.

    Parameters
    ----------
    path : Path
        The file.
    source : Source
        The file, open.
    now : Said
        Answers.
    named : Path, optional
        A file of answers; by default ``answers.toml`` beside the workbook, if there is one.
    lang : {"zh", "en"}
        Language of words.
    """

    def __init__(
        self, path: Path, source: Source, now: Said, named: Path | None, *, lang: Language
    ) -> None:
        self.lang = lang
        self._source, self._said = source, now
        self._place = named or place_of_answers(path)
        self._kept = kept_answers(kept_files(path, named=named))
        self.reading: Reading | LedgerReading = source.read(now, self._kept)

    # --- what was read --------------------------------------------------------------------------

    @property
    def table(self) -> pd.DataFrame:
        """What was read: Observations, of a ledger its projects; empty while something is open."""
        if isinstance(self.reading, LedgerReading):
            return self.reading.tables.get("projects", pd.DataFrame())
        return self.reading.table

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables of a ledger by name; of figures the one table."""
        if isinstance(self.reading, LedgerReading):
            return self.reading.tables
        return {"figures": self.reading.table}

    @property
    def rows(self) -> int:
        """Number of rows that were read."""
        return self.reading.rows

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the file leaves open."""
        return self.reading.questions

    @property
    def asked(self) -> list[Asked]:
        """What is open, alike questions as one, those that hold up most first."""
        return asked_of(self.reading)

    @property
    def dropped(self) -> tuple[Coercion, ...]:
        """Cells, rows and sheets that were left out."""
        return self.reading.dropped

    @property
    def coercions(self) -> tuple[Coercion, ...]:
        """Cells that were read as something else than what stands in them."""
        return self.reading.coercions

    def settled(self) -> pd.DataFrame | Mapping[str, pd.DataFrame]:
        """Return the table, of a ledger its tables.

        Raises
        ------
        DataInvalidError
            Something is open; the message holds the first question and what answers it.
        """
        return self.reading.settled()

    # --- what is answered -----------------------------------------------------------------------

    def answer(self, given: Mapping[str, Any] | None = None, /, **answers: object) -> Workbook:
        """Answer some questions and read again.

        Parameters
        ----------
        given, **answers
            By the names of the options of ``faiwatch ingest``: ``region="陕西"``,
            ``unit="万元"``, ``map={"完成额": "value ytd"}``.

        Returns
        -------
        Workbook
            Itself.

        Raises
        ------
        ParameterError
            There is no such answer; nothing is changed.
        """
        return self.take(said({**(given or {}), **answers}))

    def take(self, more: Said, *, without_history: bool = False) -> Workbook:
        """Read again with more answers; what is refused changes nothing."""
        now = more.over(self._said)
        source = self._source.without_history() if without_history else self._source
        reading = source.read(now, self._kept)
        self._source, self._said, self.reading = source, now, reading
        return self

    def save(self, path: str | Path | None = None) -> Path:
        """Keep the answers given so far for the next time, and return where.

        Parameters
        ----------
        path : str or Path, optional
            By default ``answers.toml`` beside the workbook, which is found by itself.
        """
        place = self._place if path is None else Path(path)
        write_answers(place, entries_of(self._said), heading=heading(self.lang))
        return place

    # --- how it shows itself --------------------------------------------------------------------

    def _shown(self) -> list[Table]:
        questions, *others = reading_tables(self.reading, lang=self.lang)
        shown = [questions] if self.questions else others[:-2]
        return [replace(one, source=self.reading.file) for one in shown]

    def __repr__(self) -> str:
        told = [summary(self.reading, lang=self.lang), *map(repr, self._shown())]
        return "\n".join(told)

    def as_html(self, *, is_form: bool = False) -> str:
        """Return what was read, or what is open and how it is answered, as HTML.

        Parameters
        ----------
        is_form : bool
            A form above has the questions, so they are left out.
        """
        html = blocks.note([summary(self.reading, lang=self.lang)], lang=self.lang)
        if not (is_form and self.questions):
            html += "".join(str(one._repr_html_()) for one in self._shown())
        if self.questions and not is_form:
            how = Text(
                "回答：book.answer(region=…, map={…})，或在 JupyterLab 里填表。",
                "To answer: book.answer(region=…, map={…}), or the form in JupyterLab.",
            )
            html += blocks.note([how.in_language(self.lang)], lang=self.lang)
        return html

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return bundle(self.as_html(), repr(self))

    def _ipython_display_(self) -> None:
        if self.questions and cell_of_front_end() and has_extra("ipywidgets"):
            from faiwatch.page.workbook_form import Form  # widgets only where somebody can click

            display(Form(self).box)  # type: ignore[no-untyped-call]
        else:
            display(self._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call]
