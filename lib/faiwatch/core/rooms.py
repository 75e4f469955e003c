"""The rooms of the house, in the one order in which they may import: each only rooms above it.

``tests/unit/test_rooms.py`` holds the code, README and CONTRIBUTING against this list.
"""

import importlib
import sys
from collections.abc import Mapping
from types import ModuleType

ROOMS: Mapping[str, str] = {
    "core": "text and number formats, phrases, errors, files, findings, the cache",
    "data": "figures and ledger tables in, checked: schemas, regions, stores, public services",
    "stats": "calendar, growth, rounding, contributions, vintages, flags, spells",
    "ingest": "files as people have them, read into checked tables",
    "forecast": "trend, cycle, models, ensemble, backtest, probability, target",
    "view": "charts, tables, blocks of HTML, sheets of a workbook",
    "page": "parameters, the objects of an analyst, and the page of each notebook",
    "ledger": "the project ledger whole: judged, its charts, tables and exports",
    "site": "the run record, published pages, index, mail",
    "briefing": "the report whose numbers are filled in: template, contradictions, Word",
    "run": "notebooks executed: kernels, verdict, reuse, batch, cluster, alerts",
    "cli": "the command line, one module a verb",
}
LOOSE = ("__init__", "api", "__main__")  # all that may stand at the root of the package
BESIDE: Mapping[str, str] = {"models": "forecast"}  # a stable path, and the room that it leads to


class CallableRoom(ModuleType):
    """A room whose name is also a question of the public API: ``faiwatch.ledger("demo")``.

    The packages ``ledger``, ``briefing`` and ``run`` stand in the way of the functions of the
    same name as soon as anything in them is imported; so they answer the call themselves.
    """

    def __call__(self, *args: object, **options: object) -> object:
        """Ask :mod:`faiwatch.api`."""
        name = self.__name__.rpartition(".")[2]
        return getattr(importlib.import_module("faiwatch.api"), name)(*args, **options)


def make_callable(package: str) -> None:
    """Let a package answer calls; each of the three does this in its ``__init__``."""
    sys.modules[package].__class__ = CallableRoom
