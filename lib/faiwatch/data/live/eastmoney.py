"""Eastmoney's table of the releases' values: the level of total investment, year to date.

DETAILS

What comes
    Observations of the nation, ``total``, ``ytd_value_100m`` only. The service also computes
    growth rates from the levels; they contradict the published ones (the base is revised without
    being republished), so their columns are neither asked for nor read.
Units
    100 million yuan, which the reply does not say. The values are compared with the embedded
    ones of the same months and refused when they differ by more than half: another unit or
    another table. The newest month, which cannot be compared, rests on the others.
Missing
    January is absent; null is missing.
Issued
    Not given: ``issued`` is empty.
Trouble
    An undocumented interface that may change or close any day; use the releases first
    (:mod:`faiwatch.data.live.nbs_release`).
Terms
    No key; terms unknown. The figures are those of the National Bureau of Statistics.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import count
from typing import Annotated, ClassVar

import pandas as pd
from pydantic import BaseModel, StringConstraints

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.csv_file import read_embedded
from faiwatch.data.live import Got, Kind, MonthsSource, Part
from faiwatch.data.live.http import Client, ServiceError
from faiwatch.data.live.replies import Figure, shaped
from faiwatch.data.live.rows import observation_rows, without_figure
from faiwatch.data.regions import NATION
from faiwatch.data.source import Embedded

SOURCE_ID = "EASTMONEY"
_KEY = (NATION, "total", "ytd_value_100m")
_COLUMNS = "REPORT_DATE,BASE_ACCUMULATE"
_PER_PAGE = 500
_MOST_PAGES = 20
_NEAR = 0.5  # share by which a value may differ from the embedded one: revisions are far smaller


class _Row(BaseModel):
    REPORT_DATE: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}")]
    BASE_ACCUMULATE: Figure


class _Table(BaseModel):
    pages: int
    data: list[_Row]


class _Reply(BaseModel):
    success: bool
    message: str | None = None
    result: _Table | None = None


class Source(MonthsSource):
    """Eastmoney's table."""

    KIND: ClassVar[Kind] = "observations"

    def address(self) -> str:
        """Return the public address of the service."""
        return "https://datacenter-web.eastmoney.com"

    def parts(self, today: datetime.date) -> list[Part]:
        """Return the one step: the national values."""
        first, last = self.months(today)

        def read(client: Client) -> Got:
            rows = observation_rows(
                (
                    {
                        "region_code": NATION,
                        "indicator": "total",
                        "period": row.REPORT_DATE[:7],
                        "ytd_value_100m": row.BASE_ACCUMULATE,
                    }
                    for row in _rows(client)
                    if row.BASE_ACCUMULATE is not None
                ),
                source=SOURCE_ID,
            )
            if len(rows):
                refuse_other_scale(rows)
            months = rows["period"].astype("str")
            rows = rows[(first <= months) & (months <= last)].reset_index(drop=True)
            return Got(rows, without_figure(rows, [_KEY], self.demanded))

        return [Part("national", (" ".join(_KEY),), read)]


def refuse_other_scale(rows: pd.DataFrame) -> None:
    """Raise `DataInvalidError` when values are not those of the embedded table in its unit.

    Parameters
    ----------
    rows : DataFrame
        Observations of the nation with ``ytd_value_100m``.
    """
    known = read_embedded([*Embedded().files[:1]])
    both = rows.merge(known, on=["region_code", "indicator", "period"], suffixes=("", "_known"))
    apart = (both["ytd_value_100m"] / both["ytd_value_100m_known"] - 1).abs() > _NEAR
    if apart.any():
        row = both[apart].iloc[0]
        raise DataInvalidError(
            say("data.eastmoney.other_scale"),
            where=str(row["period"]),
            got=row["ytd_value_100m"],
            allowed=str(row["ytd_value_100m_known"]),
        )


def _rows(client: Client) -> Iterator[_Row]:
    for page in count(1):
        query = {
            "reportName": "RPT_ECONOMY_ASSET_INVEST",
            "columns": _COLUMNS,
            "pageNumber": str(page),
            "pageSize": str(_PER_PAGE),
            "sortColumns": "REPORT_DATE",
            "sortTypes": "-1",
            "source": "WEB",
            "client": "WEB",
        }
        reply = shaped(_Reply, client.json(f"page-{page}.json", "/api/data/v1/get", params=query))
        if not reply.success or reply.result is None:
            raise ServiceError(
                Text("服务未能作答", "the service could not answer"), got=reply.message
            )
        yield from reply.result.data
        if page >= min(reply.result.pages, _MOST_PAGES):
            return
