"""The page that a notebook opens: what its cells ask, and what is saved beside it.

A notebook says *what* is shown, in one call a cell. The value of each call can be kept and worked
with, and shows itself as the last line of the cell (:mod:`faiwatch.page.shown`); the published
page is made of exactly that. Each notebook has its class, which answers for its subject.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd

from faiwatch.core.errors import nearest, refused
from faiwatch.core.files import atomic_write_bytes
from faiwatch.core.finding import Finding, write_findings
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.frames import harmless_frame, without_ytd
from faiwatch.data.parameter_types import NONE
from faiwatch.data.reference import indicator_named
from faiwatch.data.regions import Region, region_named
from faiwatch.data.source import data_source
from faiwatch.forecast.cached import SHARED_HORIZON
from faiwatch.forecast.series import GrowthPaths
from faiwatch.page.known import TOTAL, Known, known_figures, lender_code, refuse_months
from faiwatch.page.parameters import PageParameters, check_parameters
from faiwatch.page.plots import Plots
from faiwatch.page.series import Series
from faiwatch.page.shown import Block, Numbers, Verdict
from faiwatch.stats.base_profile import PROFILES
from faiwatch.stats.cumulative import releases_behind
from faiwatch.view import html as blocks
from faiwatch.view.html.result_files import RESULT_ADDRESS
from faiwatch.view.sheets.data_sheets import data_workbook
from faiwatch.view.tables import NO_NOTE, Table

MADE_UP_NOTE = "演示数据 | made-up data"  # as in the column of the demonstration figures
MADE_UP = Text(*MADE_UP_NOTE.split(" | "))
WORKBOOK = "tables.xlsx"  # the tables of the page, a sheet each


@dataclass(frozen=True)
class Page(ABC):
    """An open page: checked parameters and the figures known as of its month.

    Attributes
    ----------
    parameters : PageParameters
        Checked; the model of this notebook.
    known : Known
        The figures that it may use, of every region.
    """

    parameters: PageParameters
    known: Known

    notebook: ClassVar[str]
    key_numbers: ClassVar[Sequence[str]] = ()
    annexed: ClassVar[Sequence[str]] = ()  # details that stand in the annex, not by the verdict

    @classmethod
    def open(cls, values: Mapping[str, Any]) -> Self:
        """Open the page with what :meth:`checked` returns."""
        return cls(*cls.checked(values))

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> tuple[Any, Known]:
        """Return the parameters of the notebook, checked, and the figures it may know.

        Parameters
        ----------
        values : mapping
            The values of the tagged cell by name.

        Raises
        ------
        ParameterError
            A name or value is not allowed.
        DataMissingError
            There are no figures, or they end more than three releases before the month asked for.
        DataInvalidError
            A check found an error in the figures of a region that the page uses.
        """
        parameters = check_parameters(cls.notebook, values)
        source = data_source(parameters.data)
        used = cls.regions_used(parameters, source.regions())
        known = known_figures(
            source, [parameters.region], parameters.as_of, used=used, lang=parameters.lang
        )
        return parameters, known

    @classmethod
    def regions_used(cls, parameters: PageParameters, there: set[str]) -> Sequence[str]:
        """Return the regions beside its own whose figures reach the page."""
        lender = lender_code(getattr(parameters, "base_shares", NONE))
        return [lender] if lender in there else []

    @property
    @abstractmethod
    def findings(self) -> Mapping[str, Finding]:
        """Every number that the page tells, by name; the verdict is one of them."""

    @property
    @abstractmethod
    def tone(self) -> blocks.Tone:
        """Colour, shape and word of the verdict."""

    @property
    @abstractmethod
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables that are saved beside the page, each as ``<name>.csv``."""

    @property
    def lang(self) -> Language:
        """Language of the page."""
        return self.parameters.lang

    @property
    def region(self) -> Region:
        """Region of the page."""
        return region_named(self.parameters.region)

    @property
    def as_of(self) -> str:
        """``YYYY-MM``; with ``latest``, the last month that the region has a figure for."""
        return self.known.as_of

    @property
    def figures(self) -> pd.DataFrame:
        """Observations of every region as known at :attr:`as_of`, one row a month."""
        return self.known.figures

    @property
    def is_made_up(self) -> bool:
        """Whether its figures are made up."""
        return self.known.source.is_made_up or self.region.is_made_up

    @property
    def source(self) -> str:
        """The source line in the language of the page."""
        return self.source_words.in_language(self.lang)

    @property
    def source_words(self) -> Text:
        """Who published the figures, and by which copies those of the region came here."""
        return self.known.source_words([self.region.code])

    def forecast(self, indicator: str, *, horizon: int = SHARED_HORIZON) -> GrowthPaths:
        """Return sample paths of the releases to come: those of page 04, the same everywhere."""
        return Series(self.region, indicator, self.lang, self.known).prospect(horizon=horizon).paths

    def verdict(self) -> Verdict:
        """Return the one sentence to take away, with those that go with it.

        Returns
        -------
        Verdict
            ``.finding`` and ``.details``.
        """
        findings = self.findings
        details = [
            found
            for name, found in findings.items()
            if name.startswith("detail_") and name not in self.annexed
        ]
        return Verdict(findings["verdict"], details, self.tone, self.lang, self._notes())

    def numbers(self, *names: str) -> Numbers:
        """Return some numbers, each with its definition and where it comes from.

        Parameters
        ----------
        *names : str
            Of :attr:`findings`; without any, the key numbers of the page that it has.

        Returns
        -------
        Numbers
            ``.findings`` and ``.frame``.

        Raises
        ------
        ParameterError
            There is no such number; the message holds the nearest name.
        """
        findings = self.findings
        for name in names:
            if name not in findings:
                raise refused("numbers", name, ", ".join(findings), nearest(name, findings))
        shown = names or [name for name in self.key_numbers if name in findings]
        return Numbers([findings[name] for name in shown], self.lang)

    def annex(self) -> Block:
        """Return the heading below which the published page folds every section.

        What a reader needs stands before it; method, record and provenance after it.
        """
        return Block(blocks.annex(lang=self.lang), Text("附录", "Annex").in_language(self.lang))

    def table(self, table: Table, *, source: str = "") -> Table:
        """Return a table as the page shows it; `source` where it is not that of the page.

        It is one sheet of the workbook that :meth:`save` writes, to which it has a link.
        """
        workbook = f"{RESULT_ADDRESS}{WORKBOOK}" if self.parameters.results else ""
        shown = replace(table, source=source or self.source, workbook=workbook)
        if len(shown.frame):
            self._shown.append(shown)
        return shown

    @cached_property
    def _shown(self) -> list[Table]:
        """The tables that the cells have asked for so far."""
        return []

    def save(
        self,
        findings: Mapping[str, Finding] | None = None,
        tables: Mapping[str, pd.DataFrame] | None = None,
    ) -> None:
        """Save findings and tables in the results folder; without one nothing is saved.

        The tables that the page has shown stand in one workbook, :data:`WORKBOOK`, too.

        Parameters
        ----------
        findings : mapping of str to Finding, optional
            Written to ``findings.json``; by default those of the page.
        tables : mapping of str to DataFrame, optional
            Each written to ``<name>.csv`` (UTF-8 with a byte order mark, as spreadsheets need;
            a text that they would run as a formula is put behind an apostrophe); by default those
            of the page. Tables of a made-up region get a column ``note`` that says so.
        """
        if not self.parameters.results:
            return
        folder = Path(self.parameters.results)
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in (self.tables if tables is None else tables).items():
            told = without_ytd(table)
            told = told.assign(note=MADE_UP_NOTE) if self.region.is_made_up else told
            harmless_frame(told).to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")
        if self._shown:
            mark = MADE_UP if self.region.is_made_up else NO_NOTE
            made = pd.Period(self.as_of, "M").end_time.to_pydatetime()  # alike in every run
            book = data_workbook(self._shown, lang=self.lang, mark=mark, made=made)
            atomic_write_bytes(folder / WORKBOOK, book)
        told_findings = self.findings if findings is None else findings
        write_findings(told_findings.values(), folder / "findings.json")
        self.save_beside(folder)

    def save_beside(self, folder: Path) -> None:  # noqa: B027  most have nothing
        """Save what a kind of page has beside findings and tables, where there is a folder."""

    def _notes(self) -> Sequence[Block]:
        """Return what a reader must know beside the verdict: figures are made up, or late."""
        notes = []
        if self.region.is_made_up:
            made_up = say("page.page.all_made_up").in_language(self.lang)
            notes.append(Block(blocks.banner(made_up), made_up))
        reached, asked = self.known.reached, self.as_of
        if self.known.source.ends_with(self.region.code):
            title = Text("数据到此为止", "The figures end here")
            words = say("page.page.held_until", reached=reached)
            notes.append(note_block(title, words, self.lang))
        behind = releases_behind(pd.Period(reached, "M"), pd.Period(asked, "M"))
        if behind:
            title = Text("数据未到所要求的月份", "Figures are late")
            words = say("page.page.figures_end_early", reached=reached, asked=asked, behind=behind)
            notes.append(note_block(title, words, self.lang))
        return notes


def note_block(title: Text, words: Text, lang: Language) -> Block:
    """Return a note with its heading as the value of a cell."""
    said = words.in_language(lang)
    return Block(blocks.note([said], lang=lang, title=title.in_language(lang)), said)


def borrowed_note(lender: str, lang: Language) -> Block:
    """Return what is assumed where growth without levels is spread by the base of a lender."""
    words = say("page.page.implied_rests_on", name=region_named(lender).name, profiles=PROFILES)
    return note_block(Text("推算所用的假定", "An assumption"), words, lang)


class SeriesPage(Page):
    """A page about one indicator of its region, as :func:`faiwatch.series` returns it."""

    takes_months: ClassVar[bool] = False  # whether a monthly indicator may be asked for

    @cached_property
    def series(self) -> Series:
        """The indicator that the page is about: by default the total, else the first there is.

        Raises
        ------
        ParameterError
            It is monthly, and the page is about years to date.
        """
        asked = self.parameters
        chosen: str | None = getattr(asked, "indicator", None)
        indicators = str(chosen or getattr(asked, "indicators", "all"))
        there = list(self.known.of([asked.region], indicators)["indicator"].unique())
        whole = TOTAL if TOTAL in there else indicator_named(there[0]).subject
        name = chosen or (whole if whole in there else there[0])
        if not self.takes_months:
            refuse_months(self.notebook, [name])
        return Series(
            self.region,
            name,
            self.lang,
            self.known,
            indicators,
            getattr(asked, "base_shares", "none"),
            getattr(asked, "run_across_years", True),
        )

    def _notes(self) -> Sequence[Block]:
        """Return also whose base is borrowed, because all that is implied rests on it."""
        notes = [*super()._notes()]
        code = lender_code(self.series.base_shares)
        return notes if code == NONE else [*notes, borrowed_note(code, self.lang)]

    def verdict(self) -> Verdict:
        """Return the one sentence to take away; the published page is about its indicator."""
        one = indicator_named(self.series.indicator)
        about = {} if one.calendar.is_cumulative else {"calendar": one.calendar.name}
        if not one.is_investment:
            whole = indicator_named(one.subject).label
            about |= {"zh": whole.zh, "en": whole.en}
        return replace(super().verdict(), about=about)

    @property
    def source_words(self) -> Text:
        """Who published the figures that the page shows, and by which copies they came here."""
        chosen = getattr(self.parameters, "indicator", None)
        return self.known.source_words([self.region.code], [chosen] if chosen else None)

    @property
    def plot(self) -> Plots:
        """The charts: those of :func:`faiwatch.series`."""
        return self.series.plot
