"""Eurostat: quarterly gross fixed capital formation of European countries.

DETAILS

What comes
    A series table, ``Q``: one figure a quarter of the data set ``NAMQ_10_GDP``, not year to date.
    The id is the key that was asked for: ``Q.CLV10_MEUR.SCA.P51G.ES`` = frequency, unit,
    seasonal adjustment, item of the national accounts, country.
Units
    The unit is part of the key: ``CLV10_MEUR`` million euro of 2010 (chained), ``CP_MEUR``
    million euro at current prices, ``CLV_PCH_SM`` percent on the same quarter a year earlier.
    A reply with another key than the one asked for is refused.
Missing
    NaN, kept out of the table. Flags (``p`` provisional, ``e`` estimated...) go to ``note``.
Issued
    Not given by figure; the service keeps the newest version only: ``issued`` is empty.
Trouble
    A key that matches nothing is answered with 404.
Terms
    No key; reuse with the source named (Commission Decision 2011/833/EU). Read with sdmx1; it is
    imported here only, when a reply is there to be read.
"""

from __future__ import annotations

import datetime
import io
from functools import partial
from typing import Annotated, Any, ClassVar

from pydantic import StringConstraints

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import texts_of
from faiwatch.core.text import Text
from faiwatch.data.live import Got, Kind, LiveSource, Part
from faiwatch.data.live.http import Client
from faiwatch.data.live.replies import excerpt
from faiwatch.data.live.rows import refuse_other_series, series_got
from faiwatch.data.parameter_types import Help

SOURCE_ID = "EUROSTAT"
DATA_SET = "NAMQ_10_GDP"
_WORDS = texts_of("data.eurostat")
_DIMENSIONS = ("freq", "unit", "s_adj", "na_item", "geo")


class Source(LiveSource):
    """Eurostat."""

    KIND: ClassVar[Kind] = "series"

    geo: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Z0-9_]{2,12}(?:,[A-Z0-9_]{2,12})*$"),
        Help.of(_WORDS, "geo"),
    ] = "EU27_2020"
    unit: Annotated[
        str, StringConstraints(pattern=r"^[A-Z0-9_]{1,20}$"), Help.of(_WORDS, "unit")
    ] = "CLV_PCH_SM"
    adjustment: Annotated[
        str, StringConstraints(pattern=r"^[A-Z]{2,4}$"), Help.of(_WORDS, "adjustment")
    ] = "SCA"
    item: Annotated[
        str, StringConstraints(pattern=r"^[A-Z0-9_]{1,20}$"), Help.of(_WORDS, "item")
    ] = "P51G"
    since: Annotated[
        str, StringConstraints(pattern=r"^(?:\d{4}(?:-Q[1-4])?)?$"), Help.of(_WORDS, "since")
    ] = ""

    def address(self) -> str:
        """Return the public address of the service."""
        return "https://ec.europa.eu/eurostat/api/dissemination/sdmx/2.1"

    def parts(self, today: datetime.date) -> list[Part]:  # noqa: ARG002  all quarters
        """Return one step for each country."""
        keys = {
            geo: f"Q.{self.unit}.{self.adjustment}.{self.item}.{geo}" for geo in self.geo.split(",")
        }
        return [Part(geo, (key,), partial(self._read, key)) for geo, key in keys.items()]

    def _read(self, key: str, client: Client) -> Got:
        """Return the figures of an SDMX-ML message after checking their key."""
        since = {"startPeriod": self.since} if self.since else {}
        content = client.content(f"{key}.xml", f"/data/{DATA_SET}/{key}", params=since)
        figures: list[dict[str, object]] = []
        for one in _observations(content, key):
            values = {name: str(value.value) for name, value in one.key.values.items()}
            refuse_other_series(key, ".".join(values.get(name, "") for name in _DIMENSIONS))
            if one.value in {None, ""} or float(one.value) != float(one.value):  # NaN
                continue
            flag = one.attrib.get("OBS_FLAG")
            figures.append(
                {
                    "area": values["geo"],
                    "series": key,
                    "frequency": values["freq"],
                    "period": values["TIME_PERIOD"],
                    "value": float(one.value),
                    "unit": values["unit"],
                    "source": SOURCE_ID,
                    "note": str(flag.value) if flag is not None else "",
                }
            )
        return series_got(figures, key)


def _observations(content: bytes, key: str) -> list[Any]:
    import sdmx  # a third of a second, and lxml, for this source alone

    try:
        message = sdmx.read_sdmx(io.BytesIO(content))
        data = message.data if isinstance(message, sdmx.message.DataMessage) else []
        return [one for part in data for one in part.obs]
    except Exception as error:  # what sdmx raises for a message it cannot read is not one class
        raise DataInvalidError(
            Text("应答不是可读的 SDMX", "the reply is not readable SDMX"),
            where=key,
            got=f"{type(error).__name__}: {excerpt(content)}",
        ) from None
