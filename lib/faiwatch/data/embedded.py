"""The figures that come with the project: the official ones and the made-up district."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from faiwatch.core.paths import data_folder, project_root
from faiwatch.data.csv_file import read_rows
from faiwatch.data.schema import observations

_OFFICIAL = ("national", "components", "provinces")


def official_files() -> list[Path]:
    """Return the files of the official figures: nation, its components, provinces."""
    return [data_folder() / "official" / f"{name}.csv" for name in _OFFICIAL]


def demo_files() -> list[Path]:
    """Return the file of the made-up demonstration district."""
    return [data_folder() / "demo" / "district.csv"]


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
