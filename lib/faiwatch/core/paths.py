"""Where the project's own files are, found by marker and never by the working directory."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from faiwatch.core.errors import DataMissingError
from faiwatch.core.text import Text

_MARKERS = ("notebooks", "data/README.md")


@cache
def project_root() -> Path:
    """Return the folder that holds ``notebooks/`` and ``data/``.

    ``FAIWATCH_ROOT`` wins (for a package installed apart from its notebooks); otherwise it is
    the checkout that this file lies in.

    Raises
    ------
    DataMissingError
        When neither place holds the markers.
    """
    named = os.environ.get("FAIWATCH_ROOT")
    root = Path(named) if named else Path(__file__).resolve().parents[3]
    if not all((root / marker).exists() for marker in _MARKERS):
        raise DataMissingError(
            Text(
                "找不到项目的 notebooks/ 与 data/",
                "the project's notebooks/ and data/ are not there",
            ),
            where=str(root),
            todo=Text(
                "把环境变量 FAIWATCH_ROOT 设为 faiwatch 检出目录",
                "set the environment variable FAIWATCH_ROOT to a faiwatch checkout",
            ),
        )
    return root


def data_folder() -> Path:
    """Return the folder of the embedded figures."""
    return project_root() / "data"


def notebook_file(name: str) -> Path:
    """Return the path of a notebook of the house, ``02_monitor`` and so on."""
    return project_root() / "notebooks" / f"{name}.ipynb"
