"""Where figures come from: embedded, the made-up district, a CSV file, or a store of vintages.

Examples
--------
>>> figures = load_observations("embedded")
>>> nation = figures.query("region_code == '000000' and indicator == 'total'")
>>> print(nation[["period", "ytd_value_100m", "ytd_yoy_pct"]].tail(1).to_string(index=False))
 period  ytd_value_100m  ytd_yoy_pct
2026-08        293092.0         -7.2
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from faiwatch.core.text import Text
from faiwatch.data.csv_file import read_observations
from faiwatch.data.embedded import demo_files, official_files, read_embedded
from faiwatch.data.newest import newest_figures
from faiwatch.data.parameter_types import DEMO, EMBEDDED, is_store

__all__ = ["data_files", "load_observations", "load_vintages", "publisher_of"]


def load_observations(data: str) -> pd.DataFrame:
    """Return the figures that the parameter ``data`` asks for.

    Parameters
    ----------
    data : str
        ``embedded`` (official figures), ``demo`` (made-up district), the path of a CSV file
        with the Observations columns, or a store of vintages (a folder or ``s3://...``).

    Returns
    -------
    DataFrame
        Observations (:mod:`faiwatch.data.schema`), sorted, with ``file`` and ``row``; of a store,
        the newest figure of each month. A user's file is called by its name alone: where it lies on
        this machine is nobody's business.

    Raises
    ------
    DataMissingError
        The file or store is not there or holds no figures.
    DataInvalidError
        A figure breaks the contract; the message names its file and line.
    """
    return newest_figures(load_vintages(data))


def load_vintages(data: str) -> pd.DataFrame:
    """Return everything that was issued, for questions "as known then".

    Parameters
    ----------
    data : str
        As for :func:`load_observations`.

    Returns
    -------
    DataFrame
        Columns of Observations. Of a store, a month has a row for each time it was issued;
        select with :func:`faiwatch.stats.vintages.known_at`. Otherwise one row a month.

    Raises
    ------
    DataMissingError, DataInvalidError
        As :func:`load_observations`.
    """
    if data in {EMBEDDED, DEMO}:
        return read_embedded(data_files(data))
    if is_store(data):
        # pyarrow and fsspec take a third of a second that the other kinds do not need
        from faiwatch.data.store import read_vintages

        return read_vintages(data)
    return read_observations(Path(data), name=Path(data).name)


def data_files(data: str) -> list[Path]:
    """Return the files that :func:`load_observations` reads for ``data`` when it is no store.

    Examples
    --------
    >>> [path.name for path in data_files("embedded")]
    ['national.csv', 'components.csv', 'provinces.csv']
    """
    if data == EMBEDDED:
        return official_files()
    return demo_files() if data == DEMO else [Path(data)]


def publisher_of(data: str) -> Text:
    """Return who published the figures that the parameter ``data`` asks for.

    Examples
    --------
    >>> publisher_of("embedded").zh, publisher_of("folder/own.csv").en
    ('国家统计局', 'own.csv')
    """
    if data == EMBEDDED:
        return Text("国家统计局", "National Bureau of Statistics of China")
    if data == DEMO:
        return Text("演示数据（虚构）", "demonstration data (made up)")
    return Text(Path(data).name, Path(data).name)
