"""Read the days of one column of a ledger, as offices write them.

A plan names a month, a quarter or the end of a year (2026年9月底前, 年底), often without its year,
or says that there is no day (长期, 按月推进). A month without a year is in the year of its sheet,
which is written down; what has happened lies before the end of the month of the sheet, or it is
asked about.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from faiwatch.core.text import Text, fold
from faiwatch.data.ledger_fields import HAPPENED
from faiwatch.ingest.dates import Day, may_be_october, read_day
from faiwatch.ingest.ledger.answers import LedgerAnswers
from faiwatch.ingest.ledger.places import LedgerColumn, Place
from faiwatch.ingest.values import Value

UNREADABLE = "--unreadable missing"


@dataclass(frozen=True, slots=True)
class Asked:
    """Why a cell cannot be read.

    Attributes
    ----------
    id : str
        As in :class:`~faiwatch.ingest.log.Question`.
    text : Text
        The question.
    flag : str
        Option that answers it.
    proposal : str
        The nearest known word.
    """

    id: str
    text: Text
    flag: str = UNREADABLE
    proposal: str = ""


class Cell(NamedTuple):
    """What a cell says.

    Attributes
    ----------
    value : object
        None = missing.
    rules : str
        Rules applied, joined by ``+``; empty when it was read as it stands.
    asked : Asked or None
        Why it cannot be read.
    """

    value: Any
    rules: str = ""
    asked: Asked | None = None


_AROUND = re.compile(
    r"^(?:力争|争取|确保|务必|要求|已于|已在|将于|于|在|至|截至)+|(?:之前|以前|前|止|完成|开工|竣工|建成|投产|完工|"
    r"入库|纳统|销号|办结|到位|解决|落实|整改到位|整改完成|投用)+$"
)
_ROUGHLY = re.compile("左右|大约|大概")
_NO_DAY = re.compile(
    r"(?:长期|持续|常态化|常年|全年|全程|按[年季月周]|每[年季月周日]|随时|待定|未定|暂无|暂未|尚未|"
    r"待确定|未确定|正在|推进中|视情况|立行立改|立即|即时|按计划|已|未|不涉及|分期|分批|滚动)[^\d月]{0,12}"
)
_PARTS = {"一季度": "3月", "二季度": "6月", "三季度": "9月", "四季度": "12月", "1季度": "3月"}
_PARTS |= {"2季度": "6月", "3季度": "9月", "4季度": "12月", "上半年": "6月", "下半年": "12月"}
_PARTS |= {"前三季度": "9月"}
_YEAR_END = re.compile(r"(?<!半)年(?:底|末)|^(?:底|末)$")
_OCTOBER_HELD = re.compile(r"(?:19|20)\d\d[.]10")
_LAST_YEAR, _NEXT_YEAR = re.compile("^(?:去年|上年)"), re.compile("^(?:明年|次年|来年)")
_THIS_YEAR = re.compile("^(?:今年|本年|当年)")


def keeps_zero(given: Value) -> bool:
    """Whether a cell is the text ``2026.10``, so that the text ``2026.1`` beside it is January."""
    if not isinstance(given, str) or not given.endswith(".10"):  # nearly all of a workbook
        return False
    return _OCTOBER_HELD.fullmatch(given) is not None


@dataclass(frozen=True, slots=True)
class Days:
    """What is known of the days of one column.

    Attributes
    ----------
    year : int or None
        Of cells that leave it out.
    end : Timestamp or None
        Last day of the month of the sheet.
    has_happened : bool
        Whether the column tells what has happened, and no plan.
    keeps_zeros : bool
        See :func:`keeps_zero`; who writes it in one sheet of a workbook writes it in all.
    by_sheet : bool
        The year is that of the sheet, and not said by the user.
    """

    year: int | None
    end: pd.Timestamp | None
    has_happened: bool
    keeps_zeros: bool
    by_sheet: bool

    @classmethod
    def of(
        cls, place: Place, column: LedgerColumn, given: Sequence[Value], answers: LedgerAnswers
    ) -> Days:
        """Return what the sheet and the cells of a column tell about its days."""
        end = place.month.end_time.normalize() if place.month is not None else None
        is_day = column.field.kind == "date"
        zeros = place.keeps_zeros or (is_day and any(map(keeps_zero, given)))
        has_happened = column.field.name in HAPPENED.get(place.table.name, ())
        by_sheet = answers.year is None
        return cls(place.year if by_sheet else answers.year, end, has_happened, zeros, by_sheet)

    def read(self, given: Value) -> Cell:
        """Return the day of a cell, that it tells none, or what is to be asked."""
        found = self._day(given)
        if isinstance(found, Cell):
            return found
        if found.date is None or pd.isna(day := pd.Timestamp(found.date)):
            return self._which_year()
        if self.has_happened and "year_of_sheet" in found.rule and self._is_to_come(found.date):
            return self._which_year()
        return Cell(day, found.rule)

    def _day(self, given: Value) -> Day | Cell:
        if isinstance(given, str | float) and may_be_october(given):
            return self._october(given)
        day = read_day(given)
        if day is None and isinstance(given, str):
            given = self._plain(given)
            day = read_day(given)
        if day is None:
            if isinstance(given, str) and _NO_DAY.fullmatch(given):
                return Cell(None, "no_day")
            return Cell(None, "", Asked("date", Text("这是哪一天？", "which day is this?")))
        if day.date is not None:
            return day
        told = read_day(given, year=self.year) if self.year else None
        if told is None or told.date is None:
            return self._which_year()
        return told._replace(rule=f"{told.rule}+year_of_sheet") if self.by_sheet else told

    def _plain(self, text: str) -> str:
        """Return the words of a day without what stands around them, parts of a year as months."""
        text = re.sub(r"\s+", "", fold(text))
        if _ROUGHLY.search(text):
            return text
        text = _AROUND.sub("", _AROUND.sub("", text))
        if self.year:
            text = _THIS_YEAR.sub(f"{self.year}年", text)
            text = _LAST_YEAR.sub(f"{self.year - 1}年", text)
            text = _NEXT_YEAR.sub(f"{self.year + 1}年", text)
        for words, month in _PARTS.items():
            text = text.replace(f"第{words}", month).replace(words, month)
        text = _YEAR_END.sub("年12月", text).replace("年年", "年")
        return text.removeprefix("年")

    def _october(self, given: Value) -> Day | Cell:
        """Return the last day of 2026.1: October may have lost its zero, unless that is ruled out.

        October has not happened yet in a sheet of August, and a column that holds 2026.10 as text
        keeps its zeros.
        """
        year = int(float(str(given)))
        october = datetime.date(year, 10, 31)
        is_text = isinstance(given, str) and self.keeps_zeros
        if is_text or (self.has_happened and self._is_to_come(october)):
            return Day(datetime.date(year, 1, 31), "january_by_month+day_missing")
        text = Text("2026.1 是 1 月还是 10 月？", "is 2026.1 January or October?")
        return Cell(None, "", Asked("date", text))

    def _is_to_come(self, day: datetime.date | None) -> bool:
        return self.end is not None and day is not None and pd.Timestamp(day) > self.end

    def _which_year(self) -> Cell:
        text = Text("这个日期是哪一年？", "which year is this date in?")
        return Cell(None, "", Asked("year", text, f"--year 2026 | {UNREADABLE}"))
