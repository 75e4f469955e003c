"""faiwatch watches fixed-asset investment month by month, from the published figure to the page.

>>> import faiwatch as fw
>>> nation = fw.series("China", as_of="2026-08")
>>> float(nation.growth()["ytd_yoy_pct"].iloc[-1])
-7.2

The names below are the public API (:mod:`faiwatch.api`); everything else is private. They are
imported when they are first asked for, because the command line refuses a wrong parameter before
pandas is loaded. Where what lies, and which room may import which: :mod:`faiwatch.core.rooms`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from faiwatch.core import __version__ as __version__

if TYPE_CHECKING:
    from faiwatch.api import (
        ArrayForecast,
        Chart,
        DataInvalidError,
        DataMissingError,
        DataSource,
        FaiwatchError,
        Finding,
        Forecast,
        Panel,
        ParameterError,
        Series,
        batch,
        briefing,
        catalog,
        city,
        explore,
        flags,
        forecast_array,
        forecast_arrays,
        ledger,
        measures,
        open_page,
        panel,
        read_workbook,
        register,
        run,
        sdmx,
        series,
    )

__all__ = [
    "ArrayForecast",
    "Chart",
    "DataInvalidError",
    "DataMissingError",
    "DataSource",
    "FaiwatchError",
    "Finding",
    "Forecast",
    "Panel",
    "ParameterError",
    "Series",
    "batch",
    "briefing",
    "catalog",
    "city",
    "explore",
    "flags",
    "forecast_array",
    "forecast_arrays",
    "ledger",
    "measures",
    "open_page",
    "panel",
    "read_workbook",
    "register",
    "run",
    "sdmx",
    "series",
]


def __getattr__(name: str) -> object:
    if name in {"briefing", "ledger", "run"}:  # rooms that answer calls
        return importlib.import_module(f"{__name__}.{name}")
    if name in __all__:
        return getattr(importlib.import_module(f"{__name__}.api"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
