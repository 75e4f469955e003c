"""The figures that come with the project: the official ones and the made-up district."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from faiwatch.core.paths import project_root
from faiwatch.data.csv_file import read_rows
from faiwatch.data.schema import observations


def read_embedded(files: list[Path]) -> pd.DataFrame:
    """Return files of the project as one checked Observations table.

    Parameters
    ----------
    files : list of Path
        Files below the project root, all with the Observations columns.

    Returns
    -------
    DataFrame
        Observations; ``file`` is relative to the project root, so that a number can be traced on
        any machine. ``growth_route`` and ``value_route`` of the official figures are kept: they
        say by which route a figure came here (``release``, ``mirror``, ``database copy``; empty
        when there is no figure).

    Raises
    ------
    DataMissingError, DataInvalidError
        A file is not there or breaks the contract.
    """
    rows = [read_rows(path, name=path.relative_to(project_root()).as_posix()) for path in files]
    return observations(pd.concat(rows, ignore_index=True))
