"""``faiwatch round``: new figures, pages, then alerts, on any system and by any scheduler."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Annotated

import typer

from faiwatch.cli.options import SiteArgument, argument, told
from faiwatch.core.errors import DataMissingError
from faiwatch.core.phrases import say
from faiwatch.data.parameter_types import OVER_EMBEDDED
from faiwatch.run.verdict import EXIT_CODES

STORE, SOURCES, ADDRESS = "FAIWATCH_STORE", "FAIWATCH_SOURCES", "FAIWATCH_ADDRESS"
_USUAL_SOURCES = "nbs_release nbs"
_LONGEST_WAIT = 7200  # seconds for another round on the same site
_NOT_YET = DataMissingError.exit_code

PagesArgument = Annotated[list[str], argument(say("cli.round.pages"))]


def round(site: SiteArgument, pages: PagesArgument) -> int:
    """Fetch into the store that FAIWATCH_STORE names, make pages, then tell people.

    Fetched is from FAIWATCH_SOURCES (by default nbs_release and nbs). When nothing is new since the
    pages that stand, none are made and the round ends with 10, not yet out, or with what else kept
    figures from coming. Without FAIWATCH_STORE nothing is fetched. Else it ends as the pages ended;
    when they are done, with 11 if figures came that cannot be right, else with 20 if there was
    anything to tell and 0 if not. FAIWATCH_ADDRESS is where readers reach the site. Two rounds on
    one site do not meet: the second waits, and ends with 14 after two hours.
    """
    from filelock import FileLock, Timeout

    site.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            with suppress(NotImplementedError):  # a folder without locks
                stack.enter_context(FileLock(site / ".round", timeout=_LONGEST_WAIT))
        except Timeout:
            typer.echo(told("另一轮运行尚未结束", "another round has not ended"), err=True)
            return EXIT_CODES["deadline"]
        return _made(site, pages)


def _made(site: Path, pages: list[str]) -> int:
    fetched, held, kept = 0, "", site / ".round.held"
    if store := os.environ.get(STORE, ""):
        for source in os.environ.get(SOURCES, _USUAL_SOURCES).split():
            fetched = max(fetched, faiwatch("fetch", source, "--new", "--data", store)[0])
        code, vintages = faiwatch("vintages", "--data", store, reads=True)
        vintages = "" if code else vintages
        # what the pages that stand are made of; figures kept by hand or a failed round count
        held = hashlib.sha256(vintages.encode()).hexdigest()
        if kept.is_file() and kept.read_text(encoding="ascii", errors="replace").strip() == held:
            return fetched
        pages = [*pages, "--data", f"{OVER_EMBEDDED}{store}"] if vintages else pages
    made, _ = faiwatch(*pages, "--site", str(site))
    address = os.environ.get(ADDRESS, "")
    alerted, _ = faiwatch("alerts", "--site", str(site), "--address", address, "--exit-on-alert")
    if made:
        return made
    if held:
        kept.write_text(f"{held}\n", encoding="ascii")
    return alerted if fetched in {0, _NOT_YET} else fetched


def faiwatch(*words: str, reads: bool = False) -> tuple[int, str]:
    """Run a command line of faiwatch in a process of its own.

    Parameters
    ----------
    *words : str
        What follows ``faiwatch``.
    reads : bool
        Whether what it prints is returned instead of printed.

    Returns
    -------
    (int, str)
        Its exit code, and what was read.
    """
    sys.stdout.flush()
    done = subprocess.run(
        [sys.executable, "-m", "faiwatch", *words],
        stdout=subprocess.PIPE if reads else None,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout or ""
