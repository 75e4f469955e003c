"""One table: its values, what its columns are called, and how it is read everywhere.

A page, a workbook, a Word file and a terminal draw the same :class:`Table`. What its columns are
called, their units and formats stand in the catalogue, :mod:`faiwatch.data.measures`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from faiwatch.core.phrases import amount, chance_phrase
from faiwatch.core.text import NOT_AVAILABLE, YES_NO, Language, Text, month_name, number
from faiwatch.data.measures import Measure
from faiwatch.view.html.lights import light_words
from faiwatch.view.html.rendering import left_out
from faiwatch.view.html.result_files import linked
from faiwatch.view.html.statements import note
from faiwatch.view.html.tables import MOST_ROWS
from faiwatch.view.html.tables import table as table_block

NO_NOTE = Text("", "")
NOTHING_TO_LIST = Text("没有可列出的数据。", "There is nothing to list.")


@dataclass(frozen=True)
class Table:
    """A table that shows itself: in a notebook, on a page, in a workbook, in Word, on a terminal.

    Attributes
    ----------
    frame : DataFrame
        The values, ready to be worked with: numbers are numbers, days and months are timestamps
        (a month is its first day), names are words. Only the columns that are shown.
    title : Text
        What the table shows.
    columns : mapping of str to Measure
        Columns in order, and what they hold.
    lang : {"zh", "en"}
        Language in which it is read.
    note : Text
        Caveat beside the table, may be empty.
    file : str
        Result file that the note names, to be linked to; empty when it names none.
    lacks_data : bool
        Whether the table, when empty, lacks data; otherwise there is nothing to tell.
    missing : Text, optional
        What stands where a number is not known, instead of 「待补」.
    pinned : int
        Columns that stay in sight in a workbook.
    source : str
        Where the figures come from.
    workbook : str
        Address of a workbook that holds the table too, may be empty.

    Examples
    --------
    >>> from faiwatch.data.measures import measures_of
    >>> rows = pd.DataFrame({"period": pd.PeriodIndex(["2026-08"], freq="M"), "ytd_yoy_pct": -7.25})
    >>> shown = Table(rows, Text("增速", "Growth"), measures_of(*rows), "en")
    >>> shown.words.iloc[0].to_list(), shown.frame["ytd_yoy_pct"].to_list()
    (['August 2026', '−7.3%'], [-7.25])
    """

    frame: pd.DataFrame
    title: Text
    columns: Mapping[str, Measure]
    lang: Language
    note: Text = NO_NOTE
    file: str = ""
    lacks_data: bool = False
    missing: Text | None = None
    pinned: int = 0
    source: str = ""
    workbook: str = ""

    def __post_init__(self) -> None:
        frame = self.frame[list(self.columns)].reset_index(drop=True)
        for name in frame:
            if isinstance(frame[name].dtype, pd.PeriodDtype):
                frame[name] = frame[name].dt.to_timestamp()
            elif frame[name].dtype == object:
                frame[name] = [
                    value.in_language(self.lang) if isinstance(value, Text) else value
                    for value in frame[name]
                ]
        object.__setattr__(self, "frame", frame)

    @cached_property
    def words(self) -> pd.DataFrame:
        """The cells as readers see them, in columns called like those of :attr:`frame`."""
        return pd.DataFrame(
            {
                name: pd.Series(
                    [self._word(one, column.format) for one in self.frame[name]], dtype="str"
                )
                for name, column in self.columns.items()
            }
        )

    @property
    def headings(self) -> list[str]:
        """What the columns of :attr:`words` are called."""
        return [column.heading.in_language(self.lang) for column in self.columns.values()]

    def where_known(self) -> Table:
        """Return the table without the columns that hold no data; empty when one column is left."""
        lacking = self.words.isin([NOT_AVAILABLE[self.lang]]).all()
        columns = {name: one for name, one in self.columns.items() if not lacking[name]}
        if len(columns) == len(self.columns) > 1:
            return self  # and its words, which are made once
        frame = self.frame if len(columns) > 1 else self.frame.iloc[:0]
        return replace(self, frame=frame, columns=columns)

    def __repr__(self) -> str:
        told = self.words.set_axis(self.headings, axis="columns").head(MOST_ROWS)
        more = f"\n… {len(self.frame)}" if len(self.frame) > MOST_ROWS else ""
        return f"{self.title.in_language(self.lang)}\n{told.to_string(index=False)}{more}"

    def _repr_html_(self) -> str:
        return str(self._repr_mimebundle_().get("text/html", ""))

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """Return the table as every front end can show it, or that there is nothing to list.

        Columns without data are left out, and so is a table of nothing else.
        """
        title = self.title.in_language(self.lang)
        if self.frame.empty and not self.lacks_data:
            nothing = NOTHING_TO_LIST.in_language(self.lang)
            html = note([nothing], lang=self.lang, title=title)
            return {"text/html": html, "text/plain": nothing}
        known = self.where_known()
        if known.frame.empty:
            return left_out(title, lang=self.lang)
        html = table_block(
            known.words,
            lang=self.lang,
            title=title,
            labels={name: one.heading for name, one in known.columns.items()},
            source=self.source,
            workbook=self.workbook,
            has_script=bool(self.workbook),  # a page that is published has one
        )
        if self.note != NO_NOTE:
            html += note(linked(self.note, self.file, lang=self.lang), lang=self.lang)
        return {"text/html": html, "text/plain": repr(known)}

    def _word(self, value: object, shape: str) -> str:
        """Return one cell in words; what is words already stays as it is."""
        if isinstance(value, str) and shape != "light":
            return value
        if shape == "date":  # an unknown day is a blank
            return "" if pd.isna(value) else f"{value:%Y-%m-%d}"  # type: ignore[call-overload]
        if pd.isna(value):  # type: ignore[call-overload]
            return (self.missing or _NOT_AVAILABLE).in_language(self.lang)
        if shape in _SAID:
            return _SAID[shape](value, self.lang)
        if not shape.strip("+").startswith("0"):
            return str(value)
        digits = shape.removesuffix("%").partition(".")[2]
        sign = "%" if shape.endswith("%") else ""
        return f"{number(value, self.lang, len(digits))}{sign}"  # type: ignore[arg-type]


_NOT_AVAILABLE = Text(NOT_AVAILABLE["zh"], NOT_AVAILABLE["en"])
_SAID: Mapping[str, Callable[[Any, Language], str]] = {
    "month": lambda value, lang: month_name(f"{value:%Y-%m}", lang),
    "flag": lambda value, lang: YES_NO[bool(value)].in_language(lang),
    "light": light_words,
    "chance": lambda value, lang: chance_phrase(float(value)).in_language(lang),
    "amount": lambda value, lang: amount(float(value)).in_language(lang),
}
