"""The figures that a page or an object of the API may know: loaded, cut at a month, checked."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from faiwatch.core.errors import (
    DataInvalidError,
    DataMissingError,
    ParameterError,
    nearest,
    refused,
)
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.calendars import CUMULATIVE, MONTHLY
from faiwatch.data.csv_file import read_rows
from faiwatch.data.parameter_types import EMBEDDED, LATEST, NATION_BASE
from faiwatch.data.reference import (
    check_exceptions,
    indicator_named,
    monthly_indicators,
    routes_in_words,
    scope_breaks,
)
from faiwatch.data.regions import NATION, code_of_region, nearest_region, region_named
from faiwatch.data.schema import KEYS
from faiwatch.data.source import DataSource, File, data_source
from faiwatch.page.shown import STYLE, show
from faiwatch.stats.checks import check_observations, raise_on_errors
from faiwatch.stats.cumulative import refuse_late
from faiwatch.stats.growth import measures
from faiwatch.stats.vintages import before_last_release, issued_by, known_at
from faiwatch.view.tables import NO_NOTE, checks_table

Made = TypeVar("Made")
TOTAL = "total"
_BEIJING = datetime.timezone(datetime.timedelta(hours=8))
_MOST = 200  # a file with more faults than this has one fault, many times


@dataclass(frozen=True)
class Known:
    """Figures of a source up to a month.

    Attributes
    ----------
    source : DataSource
        Where they come from.
    issued : DataFrame
        Observations of every region, a row for each time a figure was issued.
    figures : DataFrame
        The newest of each month.
    as_of, reached : str
        The month asked for (with ``latest`` the last with growth), and the last with growth, of
        whoever asked.
    """

    source: DataSource
    issued: pd.DataFrame
    figures: pd.DataFrame
    as_of: str
    reached: str

    def once(self, what: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is made of these figures, made once for all pages and objects that ask.

        Parameters
        ----------
        what : hashable
            Names it, with everything that it depends on beside the figures.
        make : function
            Makes it, without arguments.
        """
        if what not in self._made:
            self._made[what] = make()
        found: Made = self._made[what]
        return found

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    def of(self, regions: Sequence[str], indicators: str = "all") -> pd.DataFrame:
        """Return the figures of some regions and indicators.

        Parameters
        ----------
        regions : sequence of str
            Region codes.
        indicators : str
            ``all``, or names separated by commas.

        Raises
        ------
        DataMissingError
            No region or a named indicator has no figure.
        """
        found = self.figures[self.figures["region_code"].isin(list(regions))]
        there = list(found["indicator"].unique())
        wanted = there if indicators == "all" else indicators.split(",")
        absent = [name for name in wanted if name not in there]
        if absent or found.empty:
            raise DataMissingError(
                Text("没有这个序列的数据", "no data for this series"),
                where=" ".join([*regions, self.as_of]),
                got=",".join(absent) or None,
                allowed=", ".join(sorted(there)) or None,
            )
        return found[found["indicator"].isin(wanted)].reset_index(drop=True)

    def issued_of(self, figures: pd.DataFrame) -> pd.DataFrame:
        """Return the series in `figures` with a row for each time a figure was issued."""
        return self.issued.merge(figures[KEYS].drop_duplicates(), on=KEYS)

    def before_last_release(self, figures: pd.DataFrame) -> pd.DataFrame:
        """Return what was known of the series in `figures` just before their last release."""
        return before_last_release(self.issued_of(figures), LATEST)

    def records_of(self, regions: Sequence[str]) -> pd.DataFrame:
        """Return what the checks say of the figures of some regions."""
        figures = self.figures[self.figures["region_code"].isin(list(regions))]
        return check_observations(
            figures.reset_index(drop=True), exceptions=check_exceptions(), breaks=scope_breaks()
        )

    def source_words(self, regions: Sequence[str], indicators: Sequence[str] | None = None) -> Text:
        """Return who published figures, and by which copies those of some series came here."""
        publisher = self.source.publisher_of(regions)
        own = self.figures[self.figures["region_code"].isin(list(regions))]
        if indicators is not None:
            own = own[own["indicator"].isin(list(indicators))]
        known = [name for name in ("growth_route", "value_route") if name in own]
        routes = {route for name in known for route in own[name].dropna().unique()}
        told = routes_in_words(routes)
        return Text(
            "，".join(filter(None, (publisher.zh, told.zh))),
            ", ".join(filter(None, (publisher.en, told.en))),
        )

    @cached_property
    def nation(self) -> pd.DataFrame:
        """Measures of the nation's total: of the data, else the official figures known by then."""
        return self.lender(NATION)

    def lender(self, region: str) -> pd.DataFrame:
        """Return measures of the total whose base a region without levels may borrow.

        Raises
        ------
        DataMissingError
            There are no levels of it.
        DataInvalidError
            A check found an error in its figures.
        """
        raise_on_errors(self.records_of([region]))
        mine = self.figures["region_code"].eq(region) & self.figures["indicator"].eq(TOTAL)
        figures = self.figures[mine]
        if figures.empty and region == NATION:
            official = known_at(data_source(EMBEDDED).vintages(), self.as_of)
            figures = official[official["region_code"].eq(NATION) & official["indicator"].eq(TOTAL)]
        found = measures(figures.reset_index(drop=True))
        if not found["base_100m"].notna().any():
            raise DataMissingError(
                say("page.known.no_base_to_lend"),
                where=f"base_shares={region}",
                todo=Text("改用 nation 或 none", "take nation or none"),
            )
        return found


def known_figures(
    source: DataSource,
    regions: Sequence[str],
    as_of: str,
    *,
    indicator: str | None = None,
    used: Sequence[str] = (),
    lang: Language | None = None,
) -> Known:
    """Return what a source may tell of some regions at a month.

    Parameters
    ----------
    source : DataSource
        Where the figures come from.
    regions : sequence of str
        Codes of those asked for.
    as_of : str
        ``YYYY-MM`` or ``latest``.
    indicator : str, optional
        Name or label of the one whose last month ``latest`` means; any by default.
    used : sequence of str
        Further regions whose figures must be sound; what is wrong with others is no business of
        whoever asks.
    lang : {"zh", "en"}, optional
        In a notebook: show everything that is wrong, in this language, before the first of it is
        refused.

    Raises
    ------
    ParameterError
        There is no such region or indicator.
    DataMissingError
        No growth is published up to the month, or it ends more than three releases before it.
    DataInvalidError
        A check found an error in the figures of the regions.
    """
    issued = issued_by(_vintages(source, lang), as_of)
    figures = known_at(issued, LATEST)
    for code in regions:
        of_region = figures[figures["region_code"] == code]
        if of_region.empty:
            region_asked(code, source)  # a code that the source knows is only not there yet
            raise DataMissingError(
                Text("截至该月没有该地区的数据", "there are no figures of this region by then"),
                where=code,
            )
        if indicator is not None:
            indicator_asked(indicator, list(of_region["indicator"].unique()))
    asked = figures[figures["region_code"].isin(list(regions))]
    if indicator is not None:
        name = indicator_asked(indicator, list(asked["indicator"].unique()))
        asked = asked[asked["indicator"] == name]
    last = asked.loc[asked["ytd_yoy_pct"].notna(), "period"].max()
    told = as_of if as_of != LATEST else str(last)
    known = Known(source, issued, figures, told, str(last))
    records = known.records_of([*regions, *used])
    if lang is not None:
        _show_errors(records, source, lang)
    raise_on_errors(records)
    if pd.isna(last):
        raise DataMissingError(
            Text("截至该月没有公布的增速", "no growth is published up to this month"),
            where=" ".join([*regions, indicator or ""]).strip(),
            got=as_of,
        )
    if as_of != LATEST:
        monthly = asked["indicator"].isin(monthly_indicators()).all()
        refuse_late(last, pd.Period(as_of, "M"), MONTHLY if monthly else CUMULATIVE)
    return known


def refuse_months(what: str, indicators: Iterable[str]) -> None:
    """Refuse a monthly indicator where answers are about years to date.

    Raises
    ------
    ParameterError
        One of them is monthly.
    """
    monthly = sorted(monthly_indicators() & set(indicators))
    if monthly:
        raise ParameterError(
            say("page.known.only_year_to_date", what=what),
            where="indicator",
            got=monthly[0],
            allowed=Text("累计公布的指标", "indicators of the cumulative calendar"),
            todo=say("page.known.ask_of_monthly"),
        )


def lender_code(base_shares: str | int) -> str:
    """Return the region whose base a value of ``base_shares`` borrows; the word ``none`` as it is.

    Examples
    --------
    >>> lender_code("nation"), lender_code("湖南"), lender_code("none")
    ('000000', '430000', 'none')
    """
    return NATION if base_shares == NATION_BASE else code_of_region(base_shares)


def beijing_day() -> datetime.date:
    """Return today where the offices are: an answer is late when its day there is over."""
    return datetime.datetime.now(_BEIJING).date()


def region_asked(named: str | int, source: DataSource) -> str:
    """Return the code of a region that a source has figures of.

    Raises
    ------
    ParameterError
        It has none; the message holds the nearest name.
    """
    code, there = code_of_region(named), source.regions()
    if code in there:
        return code
    shown = sorted(there)[:8]
    words = "、".join(f"{one} {region_named(one).name.zh}" for one in shown)
    english = ", ".join(f"{one} {region_named(one).name.en}" for one in shown)
    more = say("page.known.all", words=words, n_there=len(there), english=english)
    todo = nearest(code, there) or nearest_region(str(named))
    raise refused("region", named, more, todo)


def indicator_asked(named: str, there: Sequence[str]) -> str:
    """Return the name of an indicator that somebody calls by its name or label.

    Examples
    --------
    >>> indicator_asked("民间投资", ["total", "private"])
    'private'
    """
    wanted = named.strip().casefold()
    for name in there:
        label = indicator_named(name).label
        if wanted in {name, label.zh, label.en.casefold()}:
            return name
    raise refused("indicator", named, ", ".join(sorted(there)), nearest(named, there))


def _vintages(source: DataSource, lang: Language | None) -> pd.DataFrame:
    """Return the vintages of a source; with a language, all that is wrong is shown first.

    A CSV is refused at its first fault; here the checks look at all its rows.
    """
    try:
        return source.vintages()
    except DataInvalidError:
        if lang is not None and isinstance(source, File) and source.path.suffix.lower() == ".csv":
            with contextlib.suppress(DataInvalidError):  # no table at all, or cells of no kind
                rows = read_rows(source.path, name=source.path.name)
                _show_errors(check_observations(rows), source, lang)
        raise


def _show_errors(records: pd.DataFrame, source: DataSource, lang: Language) -> None:
    errors = records[records["severity"] == "error"]
    if not errors.empty:
        told = checks_table(errors, lang=lang, most=_MOST)
        table = told if len(errors) > _MOST else replace(told, note=NO_NOTE)
        show(STYLE, replace(table, source=source.publisher.in_language(lang)))
