"""FRED of the Federal Reserve Bank of St. Louis: construction spending and investment of the US.

DETAILS

What comes
    A series table: a month's, quarter's or year's own figure, most of them at seasonally adjusted
    annual rates. Never year to date, so never Observations.
Units
    As FRED's description of the series says (``form=json``). The CSV files do not say: ``unit``
    and ``name`` stay empty, and the frequency is that of the dates.
Missing
    ``.`` (in CSV also empty), kept out of the table.
Issued
    ``vintages=all`` brings every value that was ever published with the day on which it was
    (``realtime_start``): several rows a month, from which a revision triangle is made.
    ``vintages=latest`` brings the newest values; ``issued`` is empty.
Trouble
    CSV files have a header ``DATE`` up to 2024 and ``observation_date`` since: both are read.
Terms
    JSON needs a free key, which is read from the environment variable that ``key_env`` names.
    The key stands in no message, file or log. Rights are with the publisher of each series.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, StringConstraints

from faiwatch.core.errors import DataInvalidError, ParameterError
from faiwatch.core.phrases import texts_of
from faiwatch.core.secrets import SECRET_NAME
from faiwatch.core.text import Text
from faiwatch.data.live import Got, Kind, LiveSource, Part
from faiwatch.data.live.http import Client
from faiwatch.data.live.replies import shaped
from faiwatch.data.live.rows import number_in, refuse_other_series, series_got
from faiwatch.data.parameter_types import Help

SOURCE_ID = "FRED"
_WORDS = texts_of("data.fred")
_MOST = 100_000  # observations in one reply; the service's own limit
_FIRST_DAY, _LAST_DAY = "1776-07-04", "9999-12-31"  # of FRED's real-time periods
_MISSING = {".", ""}
_HEADERS = {"DATE", "observation_date"}
_FREQUENCIES = {1: "M", 3: "Q", 12: "A"}


class Source(LiveSource):
    """FRED."""

    KIND: ClassVar[Kind] = "series"
    PAUSE: ClassVar[float] = 0.6  # the service admits 120 calls a minute

    series: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Z0-9_]{1,40}(?:,[A-Z0-9_]{1,40})*$"),
        Help.of(_WORDS, "series"),
    ] = "TTLCONS"
    form: Annotated[Literal["json", "csv"], Help.of(_WORDS, "form")] = "json"
    vintages: Annotated[Literal["latest", "all"], Help.of(_WORDS, "vintages")] = "latest"
    key_env: Annotated[
        str, StringConstraints(pattern=f"^{SECRET_NAME}$"), Help.of(_WORDS, "key_env")
    ] = "FRED_API_KEY"

    def address(self) -> str:
        """Return the public address of the interface that was asked for."""
        return (
            "https://api.stlouisfed.org" if self.form == "json" else "https://fred.stlouisfed.org"
        )

    def secret(self) -> tuple[str, str] | None:
        """Return that the JSON interface takes a key as ``api_key``."""
        return ("api_key", self.key_env) if self.form == "json" else None

    def parts(self, today: datetime.date) -> list[Part]:  # noqa: ARG002  all dates
        """Return one step for each series.

        Raises
        ------
        ParameterError
            All vintages of CSV files, which have the newest values only.
        """
        if self.form == "csv" and self.vintages == "all":
            raise ParameterError(
                Text("CSV 文件没有历次发布的值", "the CSV files hold the newest values only"),
                where="vintages",
                todo="form=json",
            )
        return [Part(one, (one,), partial(self._read, one)) for one in self.series.split(",")]

    def _read(self, series: str, client: Client) -> Got:
        by_json = self.form == "json"
        found = _by_json(client, series, self.vintages) if by_json else _by_csv(client, series)
        return series_got([{**one, "area": "US", "source": SOURCE_ID} for one in found], series)


class _About(BaseModel):
    id: str
    title: str
    units: str
    frequency_short: str


class _Description(BaseModel):
    seriess: list[_About]


class _Observation(BaseModel):
    realtime_start: str
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    value: str


class _Observations(BaseModel):
    units: Literal["lin"]  # as published; anything else is computed by FRED
    count: int
    observations: list[_Observation]


def _by_json(client: Client, series: str, vintages: str) -> Iterator[dict[str, object]]:
    """Yield the figures of a series with name, unit and frequency as FRED describes it."""
    query = {"series_id": series, "file_type": "json"}
    reply = client.json(f"{series}-about.json", "/fred/series", params=query)
    found = shaped(_Description, reply).seriess
    refuse_other_series(series, ",".join(one.id for one in found))
    about = found[0]
    query["limit"] = str(_MOST)
    if vintages == "all":
        query |= {"realtime_start": _FIRST_DAY, "realtime_end": _LAST_DAY}
    got = 0
    while True:
        name, query["offset"] = f"{series}-{vintages}-{got}.json", str(got)
        reply = client.json(name, "/fred/series/observations", params=query)
        page = shaped(_Observations, reply)
        for one in page.observations:
            if one.value not in _MISSING:
                yield {
                    "series": series,
                    "name": about.title,
                    "frequency": about.frequency_short,
                    "period": _period(one.date, about.frequency_short, series),
                    "value": number_in(one.value, f"{series} {one.date}"),
                    "unit": about.units,
                    "issued": one.realtime_start if vintages == "all" else None,
                }
        got += len(page.observations)
        if got >= page.count or not page.observations:
            return


def _by_csv(client: Client, series: str) -> Iterator[dict[str, object]]:
    """Yield the figures of a series with the frequency of dates that lie equally far apart."""
    query = f"/graph/fredgraph.csv?id={series}"
    text = client.text(f"{series}.csv", query, holds=series)
    header, *rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    if len(header) != 2 or header[0] not in _HEADERS or header[1] != series:
        raise DataInvalidError(
            Text("表头与约定不同", "the header is not as agreed"),
            where=series,
            got=",".join(header),
            allowed=f"observation_date,{series} / DATE,{series}",
        )
    dates = [row[0] for row in rows]
    try:
        months = [12 * day.year + day.month for day in map(datetime.date.fromisoformat, dates)]
    except ValueError:
        months = []
    steps = {later - earlier for earlier, later in pairwise(months)}
    if len(steps) != 1 or not steps <= set(_FREQUENCIES):
        raise DataInvalidError(
            Text("日期不是逐月、逐季或逐年的", "the dates are not monthly, quarterly or annual"),
            where=series,
            got=dates[:3],
        )
    frequency = _FREQUENCIES[steps.pop()]
    for row in rows:
        if row[-1] not in _MISSING:
            yield {
                "series": series,
                "frequency": frequency,
                "period": _period(row[0], frequency, series),
                "value": number_in(row[-1], f"{series} {row[0]}"),
            }


def _period(date: str, frequency: str, series: str) -> str:
    """Return the period that begins at a date.

    Examples
    --------
    >>> _period("2026-07-01", "Q", "PNFI"), _period("2026-01-01", "A", "GPDIA")
    ('2026-Q3', '2026')
    """
    year, month = date[:4], int(date[5:7])
    names = {"M": date[:7], "Q": f"{year}-Q{(month + 2) // 3}", "A": year}
    if frequency not in names:
        raise DataInvalidError(
            Text("只收月、季、年序列", "only monthly, quarterly and annual series are taken"),
            where=series,
            got=frequency,
        )
    return names[frequency]
