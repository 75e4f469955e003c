"""Packages that only some need, by the extra that brings them, and one message where one lacks.

``pip install faiwatch`` is enough for figures, flags, forecasts, pages and batches on a server; a
test holds this list and ``pyproject.toml`` together.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from typing import Any

from faiwatch.core.errors import ParameterError
from faiwatch.core.text import Text

EXTRA_OF: Mapping[str, str] = {  # modules that are imported, and the extra that brings each
    "akshare": "akshare",
    "apprise": "alerts",
    "distributed": "cluster",
    "docx": "word",
    "docxtpl": "word",
    "duckdb": "sql",
    "ipywidgets": "lab",
    "jupyterlab": "lab",
    "s3fs": "s3",
}


def extra(module: str, *, where: str | None = None) -> Any:  # noqa: ANN401  a module of an extra
    """Return a module that an extra brings.

    Parameters
    ----------
    module : str
        One of :data:`EXTRA_OF`.
    where : str, optional
        The option or file that asks for it.

    Raises
    ------
    ParameterError
        It is not installed; the message names the command that adds it.

    Examples
    --------
    >>> extra("docxtpl").__name__
    'docxtpl'
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        raise lacking(module, where=where) from None


def has_extra(module: str) -> bool:
    """Return whether a module that an extra brings is installed.

    Examples
    --------
    >>> has_extra("docxtpl")
    True
    """
    return importlib.util.find_spec(module) is not None


def lacking(module: str, *, where: str | None = None) -> ParameterError:
    """Return the error for a module of an extra that is not installed.

    Examples
    --------
    >>> print(lacking("docx").message("en"))
    this needs docx, which is not installed; what to do: pip install "faiwatch[word]"
    """
    return ParameterError(
        Text(f"没有安装所需的 {module}", f"this needs {module}, which is not installed"),
        where=where,
        todo=f'pip install "faiwatch[{EXTRA_OF[module]}]"',
    )
