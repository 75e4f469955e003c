"""The rooms of the house, in the one order in which they may import: each only rooms above it.

``tests/unit/test_rooms.py`` holds the code, README and CONTRIBUTING against this list.
"""

from collections.abc import Mapping

ROOMS: Mapping[str, str] = {
    "core": "text and number formats, phrases, errors, files, findings, the cache",
    "data": "figures and ledger tables in, checked: schemas, regions, stores, public services",
    "stats": "calendar, growth, rounding, contributions, vintages, flags, spells",
    "ingest": "files as people have them, read into checked tables",
    "forecast": "trend, cycle, models, ensemble, backtest, probability, target",
    "view": "charts, tables, blocks of HTML, sheets of a workbook",
    "page": "parameters, and the page that a notebook opens",
    "ledger": "the project ledger whole: judged, its charts, tables and exports",
    "site": "the run record, published pages, index, mail",
    "briefing": "the report whose numbers are filled in: template, contradictions, Word",
    "run": "notebooks executed: kernels, verdict, reuse, batch, cluster, alerts",
    "cli": "the command line, one module a verb",
}
LOOSE = ("__init__", "api", "__main__")  # all that may stand at the root of the package
BESIDE: Mapping[str, str] = {"models": "forecast"}  # a stable path, and the room that it leads to
