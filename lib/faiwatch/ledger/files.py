"""Which files a ledger is read from; without what reads them: a run only names its inputs."""

from __future__ import annotations

from pathlib import Path

from faiwatch.core.paths import data_folder
from faiwatch.data.parameter_types import DEMO
from faiwatch.data.regions import DEMO_DISTRICT
from faiwatch.ingest.places import kept_files

# of a run: what it told of public figures, and the earlier ones that it was compared with
EDITION_FILE, EDITIONS_FILE = "edition.json", "editions.json"


def demo_ledgers() -> dict[str, Path]:
    """Return the made-up ledgers of the made-up city, by district.

    Examples
    --------
    >>> list(demo_ledgers())
    ['990101', '990102', '990103']
    """
    whole = ledger_file(DEMO)
    others = sorted((whole.parent / "city").glob("*.xlsx"))
    return {DEMO_DISTRICT: whole} | {one.stem: one for one in others}


def answer_files(ledger: str) -> list[Path]:
    """Return the files of answers that are used for a ledger; see :func:`kept_files`.

    Examples
    --------
    >>> answer_files("demo")
    []
    """
    return [] if ledger == DEMO else kept_files(ledger_file(ledger))


def ledger_file(ledger: str) -> Path:
    """Return the file or folder that :func:`load_ledger` reads.

    Examples
    --------
    >>> ledger_file("demo").name
    'ledger.xlsx'
    """
    return data_folder() / "demo" / "ledger.xlsx" if ledger == DEMO else Path(ledger)


def ledger_files(ledger: str) -> list[Path]:
    """Return every file that :func:`load_ledger` may read, its answers among them.

    Examples
    --------
    >>> [path.name for path in ledger_files("demo")]
    ['ledger.xlsx']
    """
    path = ledger_file(ledger)
    found = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    return [*found, *(one for one in answer_files(ledger) if one not in found)]
