"""Where figures come from: the embedded ones, the made-up district, or a user's CSV file.

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

from faiwatch.parameter_types import DEMO, EMBEDDED
from faiwatch.sources.csv_file import read_observations
from faiwatch.sources.embedded import demo_files, official_files, read_embedded

__all__ = ["data_files", "load_observations"]


def load_observations(data: str) -> pd.DataFrame:
    """Return the figures that the parameter ``data`` asks for.

    Parameters
    ----------
    data : str
        ``embedded`` (official figures), ``demo`` (made-up district) or the path of a CSV file
        with the Observations columns.

    Returns
    -------
    DataFrame
        Observations (:mod:`faiwatch.tables`), sorted, with ``file`` and ``row``. A user's file is
        called by its name alone: where it lies on this machine is nobody's business.

    Raises
    ------
    DataMissingError
        The file is not there or holds no figures.
    DataInvalidError
        A figure breaks the contract; the message names its file and line.
    """
    if data in {EMBEDDED, DEMO}:
        return read_embedded(data_files(data))
    return read_observations(Path(data), name=Path(data).name)


def data_files(data: str) -> list[Path]:
    """Return the files that :func:`load_observations` reads for the parameter ``data``.

    Examples
    --------
    >>> [path.name for path in data_files("embedded")]
    ['national.csv', 'components.csv', 'provinces.csv']
    """
    if data == EMBEDDED:
        return official_files()
    return demo_files() if data == DEMO else [Path(data)]
