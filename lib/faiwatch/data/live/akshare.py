"""akshare, if it is installed: the portal's growth and Eastmoney's values by way of a wrapper.

DETAILS

What comes
    Observations of the nation, ``total``: growth from ``macro_china_nbs_nation`` (the portal) and
    the year-to-date value from ``macro_china_gdzctz`` (Eastmoney), column 自年初累计 only. The
    growth columns of that table are computed from levels and never read.
Units
    Growth in percent, as the row's name says; values in 100 million yuan, checked against the
    embedded ones as in :mod:`faiwatch.data.live.eastmoney`.
Missing
    NaN is missing.
Issued
    Not given: ``issued`` is empty.
Trouble
    akshare speaks with the services itself: time limit and number of tries of ``faiwatch fetch``
    bound the whole call, not its single requests, and ``base`` has no effect. Its tables are kept
    as CSV, not the replies behind them.
Terms
    akshare is MIT; it brings a JavaScript engine and a browser-impersonating client, some 300 MB,
    so it is an extra: ``pip install "faiwatch[akshare]"``. The figures' terms are the services'.
"""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar

import pandas as pd

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.extras import extra
from faiwatch.core.text import Text
from faiwatch.data.live import Got, Kind, MonthsSource, Part
from faiwatch.data.live.eastmoney import refuse_other_scale
from faiwatch.data.live.http import Client, ServiceError
from faiwatch.data.live.rows import observation_rows, without_figure
from faiwatch.data.regions import NATION

SOURCE_ID = "AKSHARE"
_PATH = "固定资产投资 (不含农户)>固定资产投资概况"
_GROWTH = "固定资产投资额累计增长(%)"
_VALUE = "自年初累计"


class Source(MonthsSource):
    """akshare."""

    KIND: ClassVar[Kind] = "observations"

    def address(self) -> str:
        """Return the public address of the portal; akshare knows its own."""
        return "https://data.stats.gov.cn"

    def parts(self, today: datetime.date) -> list[Part]:
        """Return two steps: growth and value.

        Raises
        ------
        ParameterError
            akshare is not installed.
        """
        wrapper = extra("akshare")
        period = "-".join(month.replace("-", "") for month in self.months(today))

        def growth() -> pd.DataFrame:
            table: pd.DataFrame = wrapper.macro_china_nbs_nation("月度数据", _PATH, period)
            return table

        calls = {"ytd_yoy_pct": growth, "ytd_value_100m": wrapper.macro_china_gdzctz}
        return [
            Part(figure, (f"{NATION} total {figure}",), partial(self._read, today, figure, call))
            for figure, call in calls.items()
        ]

    def _read(
        self,
        today: datetime.date,
        figure: str,
        call: Callable[[], pd.DataFrame],
        client: Client,
    ) -> Got:
        first, last = self.months(today)
        table = within(client.manners.timeout * client.manners.tries, call)
        client.archive.keep(f"{figure}.csv", table.to_csv().encode(), client.archive.clock())
        rows = observation_rows(
            (
                {"region_code": NATION, "indicator": "total", "period": month, figure: cell}
                for name, cell in _cells(table, figure)
                if first <= (month := _month(name)) <= last
            ),
            source=SOURCE_ID,
        )
        if figure == "ytd_value_100m" and len(rows):
            refuse_other_scale(rows)
        return Got(rows, without_figure(rows, [(NATION, "total", figure)], self.demanded))


def _cells(table: pd.DataFrame, figure: str) -> Iterator[tuple[str, float]]:
    """Yield month and figure: published growth of the total, or its value; no other column."""
    if figure == "ytd_yoy_pct":
        names = [re.sub(r"[\s_]", "", str(name)) for name in table.index]
        if names.count(_GROWTH) != 1:
            raise _changed(names, _GROWTH)
        cells = table.iloc[names.index(_GROWTH)]
    else:
        if not {"月份", _VALUE} <= set(table.columns):
            raise _changed(list(table.columns), f"月份, {_VALUE}")
        cells = table.set_index("月份")[_VALUE]
    for name, cell in pd.to_numeric(cells).dropna().items():
        yield str(name), float(cell)


def _month(name: str) -> str:
    found = re.fullmatch(r"(\d{4})年(\d{1,2})月份?", name)
    if found is None:
        raise _changed([name], "2026年8月")
    return f"{found[1]}-{int(found[2]):02d}"


def _changed(got: list[str], allowed: str) -> DataInvalidError:
    return DataInvalidError(
        Text("akshare 的表与约定不同", "akshare's table is not as agreed"),
        got=got,
        allowed=allowed,
        todo=Text("核对 akshare 的版本", "look at the version of akshare"),
    )


def within(seconds: float, call: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return what a call returns, or give it up after a time.

    The thread of a call that hangs cannot be ended; it is left behind as a daemon, which does
    not keep the process.

    Raises
    ------
    ServiceError
        No answer in time, or whatever went wrong inside the wrapper.
    """
    box: list[pd.DataFrame | Exception] = []

    def work() -> None:
        try:
            box.append(call())
        except Exception as error:  # anything can come out of somebody else's client
            box.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if not box:
        raise ServiceError(Text("akshare 在时限内没有应答", "akshare did not answer in time"))
    if isinstance(box[0], Exception):
        raise ServiceError(
            Text("akshare 未能取得数据", "akshare could not get the figures"),
            got=f"{type(box[0]).__name__}: {box[0]}",
        ) from None
    return box[0]
