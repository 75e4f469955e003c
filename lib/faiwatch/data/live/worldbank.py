"""World Bank: annual gross fixed capital formation of any country.

DETAILS

What comes
    A series table, ``A``: one figure a year, calendar years, not year to date. Gross fixed
    capital formation of the national accounts is not fixed-asset investment (it leaves out land
    and second-hand assets): compare directions, not levels.
Units
    As the name of the indicator says in its brackets: ``NE.GDI.FTOT.CD`` current US dollars,
    ``.KD`` constant US dollars, ``.KD.ZG`` annual percent, ``.ZS`` percent of GDP.
Missing
    null, kept out of the table.
Issued
    Not given by figure: ``issued`` is empty; the service shows its newest revision only.
Trouble
    A wrong country or indicator is answered with success and a message.
Terms
    No key; CC BY 4.0, source World Bank, World Development Indicators.
"""

from __future__ import annotations

import datetime
import re
from functools import partial
from typing import Annotated, ClassVar

from pydantic import BaseModel, StringConstraints

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import texts_of
from faiwatch.core.text import Text
from faiwatch.data.live import Got, Kind, LiveSource, Part
from faiwatch.data.live.http import Client, ServiceError
from faiwatch.data.live.replies import Figure, shaped
from faiwatch.data.live.rows import refuse_other_series, series_got
from faiwatch.data.parameter_types import Help

SOURCE_ID = "WORLDBANK"
_WORDS = texts_of("data.worldbank")
_PER_PAGE = "1000"  # more than there are years


class Source(LiveSource):
    """The World Bank."""

    KIND: ClassVar[Kind] = "series"

    country: Annotated[
        str, StringConstraints(pattern=r"^[A-Z]{3}(?:,[A-Z]{3})*$"), Help.of(_WORDS, "country")
    ] = "CHN"
    series: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Z0-9.]{3,40}(?:,[A-Z0-9.]{3,40})*$"),
        Help.of(_WORDS, "series"),
    ] = "NE.GDI.FTOT.KD.ZG,NE.GDI.FTOT.ZS"

    def address(self) -> str:
        """Return the public address of the service."""
        return "https://api.worldbank.org/v2"

    def parts(self, today: datetime.date) -> list[Part]:  # noqa: ARG002  all years
        """Return one step for each country and indicator."""
        return [
            Part(name, (name,), partial(self._read, name))
            for country in self.country.split(",")
            for name in (f"{country} {series}" for series in self.series.split(","))
        ]

    def _read(self, name: str, client: Client) -> Got:
        country, series = name.split()
        reply = client.json(
            f"{country}-{series}.json",
            f"/country/{country}/indicator/{series}",
            params={"format": "json", "per_page": _PER_PAGE},
        )
        # [page, rows]; a message comes as a list of one
        if not isinstance(reply, list) or len(reply) != 2:
            raise ServiceError(Text("服务未能作答", "the service could not answer"), got=reply)
        if shaped(_Page, reply[0]).pages > 1:
            raise DataInvalidError(
                Text("应答不止一页", "the reply has more than one page"), allowed=_PER_PAGE
            )
        rows = shaped(_Rows, {"rows": reply[1] or []}).rows
        for row in rows:
            refuse_other_series(name, f"{row.countryiso3code} {row.indicator.id}")
        return series_got([_figure(row) for row in rows if row.value is not None], name)


class _Named(BaseModel):
    id: str
    value: str


class _Row(BaseModel):
    indicator: _Named
    countryiso3code: str
    date: Annotated[str, StringConstraints(pattern=r"^\d{4}$")]
    value: Figure
    obs_status: str = ""


class _Page(BaseModel):
    pages: int


class _Rows(BaseModel):
    rows: list[_Row]


def _figure(row: _Row) -> dict[str, object]:
    unit = re.search(r"\(([^()]+)\)$", row.indicator.value.strip())
    return {
        "area": row.countryiso3code,
        "series": row.indicator.id,
        "name": row.indicator.value,
        "frequency": "A",
        "period": row.date,
        "value": row.value,
        "unit": unit[1] if unit else "",
        "source": SOURCE_ID,
        "note": row.obs_status,
    }
