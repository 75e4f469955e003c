"""The register of work as an analyst holds it. Made by :func:`faiwatch.register`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict

from faiwatch.core.errors import refused
from faiwatch.core.files import atomic_write, atomic_write_bytes
from faiwatch.core.finding import Finding
from faiwatch.core.text import Language, Text
from faiwatch.data.frames import harmless_frame, plain_frame
from faiwatch.data.measures import measures_of
from faiwatch.ingest.ledger.reading import as_plain, has_made_up_codes
from faiwatch.ledger.book import Ledger
from faiwatch.ledger.export.workbook import INTERNAL, MADE_UP, made_at
from faiwatch.ledger.meeting import Agenda, meeting_agenda
from faiwatch.ledger.tables.cells import cut
from faiwatch.ledger.tables.work import open_table
from faiwatch.ledger.tables.work_sections import result_frames, work_sheets
from faiwatch.ledger.work_findings import work_findings, work_words
from faiwatch.view.charts.chart import Chart
from faiwatch.view.sheets.data_sheets import data_workbook
from faiwatch.view.tables import Table

_SHOWN = 20  # rows at the end of a cell


class RegisterAnswer(BaseModel):
    """What ``faiwatch ledger register --json`` prints: rows by table, None = missing."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, list[dict[str, str | int | float | bool | None]]]

    month: str
    file: str
    findings: list[Finding]


@dataclass(frozen=True)
class Register:
    """The register of work of one month: what is open, decided, due, and in reserve.

    Days in whole days, amounts in 10,000 yuan (万元); NaN = not known. At the end of a cell it
    shows what is open.

    Attributes
    ----------
    book : Ledger
        The ledger that it belongs to, with the month judged.
    """

    book: Ledger

    @property
    def month(self) -> str:
        """The month, ``YYYY-MM``."""
        return self.book.month

    @property
    def lang(self) -> Language:
        """Language of words and charts."""
        return self.book.lang

    @property
    def is_made_up(self) -> bool:
        """Whether it is of the made-up district."""
        return has_made_up_codes(self.book.study.tables)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables as read, every monthly sheet kept: ``minutes notices leads ...``."""
        return self.book.tables

    @property
    def open_items(self) -> pd.DataFrame:
        """Issues, tasks, decisions and notices that are open, with age and next step."""
        return self._plain(self.book.study.work.open)

    @property
    def agenda(self) -> pd.DataFrame:
        """What is new, overdue, escalated or closed since the last meeting."""
        return self._plain(self.book.study.agenda)

    @property
    def minutes(self) -> pd.DataFrame:
        """Decisions of meetings, the latest first, and whether they are carried out."""
        return self._plain(self.book.study.work.decisions)

    @property
    def notices(self) -> pd.DataFrame:
        """Problems of notices, from above and to below: open, overdue or closed."""
        return self._plain(self.book.study.work.notices)

    @property
    def leads(self) -> pd.DataFrame:
        """Projects by the official who leads them, and where they stand."""
        return self._plain(self.book.study.work.leads)

    @property
    def pipeline(self) -> pd.DataFrame:
        """Projects that are planned or in reserve, by stage."""
        return self._plain(self.book.study.work.reserve)

    @property
    def conversions(self) -> pd.DataFrame:
        """How many of them moved on, a row a month."""
        return self._plain(self.book.study.work.conversions)

    @property
    def parks(self) -> pd.DataFrame:
        """Parks: infrastructure done, land cleared, funds in place."""
        return self._plain(self.book.study.work.parks)

    @property
    def contracts(self) -> pd.DataFrame:
        """Contracts signed this year by name, and the last step reached."""
        return self._plain(self.book.study.work.contracts)

    @property
    def local_match(self) -> pd.DataFrame:
        """Local match by project, what is lacking most first."""
        return self._plain(self.book.study.work.match)

    @property
    def cross_county(self) -> pd.DataFrame:
        """Projects in two or more counties, and their completion."""
        return self._plain(self.book.study.work.cross_county.projects)

    @property
    def measures(self) -> pd.DataFrame:
        """Business environment measures."""
        return self._plain(self.book.study.work.measures)

    @property
    def road_map(self) -> pd.DataFrame:
        """What must happen, by day: item, kind, owner, state, and how late it is."""
        return self._plain(self.book.study.work.road_map)

    @property
    def findings(self) -> Mapping[str, Finding]:
        """Numbers of notices and decisions by name, each with the rows that it counts."""
        return work_findings(self.book.study.work)

    def chart(self) -> Chart:
        """Return the road map as a chart."""
        return self.book.plot.road_map()

    def meeting(self, *, since: str | None = None, until: str | None = None) -> Agenda:
        """Return the agenda of a meeting, with everything that it talks about.

        Parameters
        ----------
        since, until : str, optional
            Days of the last meeting and of this one, ``YYYY-MM-DD``; by default the last that
            events and minutes tell, and the end of the month.
        """
        days = [None if day is None else pd.Timestamp(day) for day in (since, until)]
        study = self.book.study
        return meeting_agenda(study.tables, as_of=study.as_of, since=days[0], until=days[1])

    def as_json(self) -> dict[str, object]:
        """Return everything as plain values, see :class:`RegisterAnswer`."""
        found: dict[str, object] = {"month": self.month, "file": self.book.file}
        for name, frame in result_frames(self.book.study.work).items():
            plain = as_plain(frame).astype("object")
            found[name] = plain.where(plain.notna() & (plain != ""), None).to_dict("records")
        found["findings"] = [one.model_dump() for one in self.findings.values()]
        return found

    def save(self, path: str | Path) -> None:
        """Write the register as a workbook (``.xlsx``), or each table as CSV into a folder.

        Raises
        ------
        ParameterError
            It is neither a workbook nor a folder.
        """
        path, work = Path(path), self.book.study.work
        if path.suffix.lower() == ".xlsx":
            about = [
                (Text("截至", "As of").in_language(self.lang), self.month),
                (Text("来源", "Source").in_language(self.lang), self.book.file),
                (Text("工作台账", "Register").in_language(self.lang), repr(self)),
            ]
            columns = measures_of(what="summary_item", words="in_words")
            frame = pd.DataFrame(about, columns=list(columns))
            sheets = [
                Table(frame, Text("摘要", "Summary"), columns, self.lang),
                *work_sheets(work, lang=self.lang),
            ]
            made = made_at(self.book.study.as_of)
            mark = MADE_UP if self.is_made_up else INTERNAL
            content = data_workbook(sheets, lang=self.lang, mark=mark, made=made)
            atomic_write_bytes(path, content)
            return
        if path.suffix:
            raise refused("out", str(path), Text(".xlsx 或文件夹", ".xlsx or a folder"))
        path.mkdir(parents=True, exist_ok=True)
        for name, frame in result_frames(work).items():
            told = harmless_frame(as_plain(frame)).to_csv(index=False, lineterminator="\n")
            atomic_write(path / f"{name}.csv", "\ufeff" + told)

    def __repr__(self) -> str:
        return work_words(self.book.study.work).in_language(self.lang)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        shown = cut(open_table(self.book.study.work, lang=self.lang), _SHOWN)._repr_mimebundle_()
        return shown | {"text/plain": f"{self!r}\n{shown.get('text/plain', '')}"}

    def _plain(self, table: pd.DataFrame) -> pd.DataFrame:
        return plain_frame(table, lang=self.lang)
