"""The site: pages laid down by one rename each, and never a failure over a good page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from faiwatch.core.errors import ParameterError
from faiwatch.core.files import drafts, remove_partial_files
from faiwatch.core.text import Language, Text
from faiwatch.data.parameter_types import CONFIDENTIAL, NONE, PUBLIC
from faiwatch.site.run_record import PAGE_FILE, RUN_FILE, RunRecord, known_record

INDEX_FILES: Mapping[Language, str] = {"zh": "index.html", "en": "index.en.html"}
HEADLINE_NOTEBOOK = "02_monitor"  # speaks for its region when it has run
API = "api"  # folder of the files for other programs, one of each kind for each series
Kind = Literal["series", "flags", "forecasts"]
NOTEBOOK_OF: Mapping[Kind, str] = {
    "series": HEADLINE_NOTEBOOK,
    "flags": HEADLINE_NOTEBOOK,
    "forecasts": "04_forecast",
}
Audience = Literal["public", "internal", "confidential"]
_PAGES = "runs/.pages"  # what is known of each page: its latest run, its latest good run


def existing(site: Path) -> Path:
    """Return the folder of a site, or raise `ParameterError` where there is none."""
    if not site.is_dir():
        raise ParameterError(
            Text("没有这个站点文件夹", "no such site folder"),
            where="--site",
            got=str(site),
            todo="faiwatch report",
        )
    return site


@contextmanager
def page_ready(site: Path, record: RunRecord, html: str) -> Iterator[Callable[[], None]]:
    """Write a page beside its place, and yield what lays it down by renaming alone.

    A good page replaces the one before it and takes away an older failure page. The page of any
    other verdict goes beside it as ``<page>.failed.html``; the last good page stays.

    Parameters
    ----------
    site : Path
        Folder of the site.
    record : RunRecord
        Decides language, region, notebook, edition, and whether the page is a good one.
    html : str
        The page, from `render_page` or `render_failure_page`.

    Raises
    ------
    DiskFullError
        There is no room for it; nothing has changed.
    """
    address = page_address(record)
    page, is_good = site / address, record.verdict == "ok"
    failure = page.with_name(f"{page.stem}.failed.html")
    pointers = [_pointer(site, address, kind) for kind in ("latest", "good")[: 1 + is_good]]
    for folder in {path.parent for path in (page, *pointers)}:
        remove_partial_files(folder)
    told = dict.fromkeys(pointers, record.run_id.encode())
    if is_good:
        kept = _kept(site, address) | {record.data_as_of: record.run_id}
        lines = "".join(f"{month} {run_id}\n" for month, run_id in sorted(kept.items()))
        told[_pointer(site, address, "history")] = lines.encode()
    with drafts({page if is_good else failure: html.encode(), **told}) as name_them:

        def lay_down() -> None:
            name_them()
            if is_good:
                failure.unlink(missing_ok=True)

        yield lay_down


def page_lock(site: Path, address: str) -> Path:
    """Return the lock of a page: whoever makes it holds it, so that two never mix."""
    return site / _PAGES / f"{address}.lock"


def latest_run(site: Path, address: str, kind: Literal["latest", "good"]) -> RunRecord | None:
    """Return the record of the latest run of a page, or of the latest that ended well.

    None when there was none, when its folder was taken away, or when an older version made it.
    """
    run_id = _told(site, address, kind)
    return _record_of(site, run_id) if run_id else None


def earlier_pages(site: Path, record: RunRecord) -> list[RunRecord]:
    """Return the latest good run of a page for each other data month, the newest month first.

    Its page stands in the folder of the run as it was then. Runs that were taken away are left
    out, and so is what an older version made, which kept no history.
    """
    found = []
    for month, run_id in sorted(_kept(site, page_address(record)).items(), reverse=True):
        earlier = _record_of(site, run_id) if month != record.data_as_of else None
        if earlier and (site / "runs" / run_id / PAGE_FILE).is_file():
            found.append(earlier)
    return found


def _record_of(site: Path, run_id: str) -> RunRecord | None:
    """Return the record of a run that a pointer names; a damaged one must not lead elsewhere."""
    is_name = run_id.isprintable() and Path(run_id).name == run_id
    return known_record(site / "runs" / run_id / RUN_FILE) if is_name else None


def _kept(site: Path, address: str) -> dict[str, str]:
    """Return the latest good run of a page by data month."""
    lines = (line.partition(" ") for line in _told(site, address, "history").splitlines())
    return {month: run_id for month, _, run_id in lines}


def _told(site: Path, address: str, kind: str) -> str:
    """Return what is kept of a page, empty where that is nothing or cannot be read."""
    try:
        return _pointer(site, address, kind).read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def _pointer(site: Path, address: str, kind: str) -> Path:
    return site / _PAGES / f"{address}.{kind}"


def page_address(record: RunRecord) -> str:
    """Return where the good page of a record's notebook lies, relative to the site."""
    given = {**record.parameters, "region": record.region, "lang": record.lang}
    return address_of(record.notebook, given)


def address_of(
    notebook: str, parameters: Mapping[str, object], lang: Language | None = None
) -> str:
    """Return where the good page of a notebook lies, relative to the site.

    Parameters
    ----------
    notebook : str
        Its name.
    parameters : mapping
        Checked parameters by name; those of :func:`edition_of` count, so that what only some may
        read and what all may read never take each other's place.
    lang : {"zh", "en"}, optional
        Another language than that of the parameters.

    Examples
    --------
    >>> given = {"region": "990101", "lang": "zh", "profile": "public"}
    >>> address_of("06_projects", given), address_of("02_monitor", given | {"profile": ""}, "en")
    ('zh/990101/06_projects.public.html', 'en/990101/02_monitor.html')
    """
    name = ".".join(filter(None, (notebook, edition_of(parameters))))
    return f"{lang or parameters['lang']}/{parameters['region']}/{name}.html"


def edition_of(parameters: Mapping[str, object]) -> str:
    """Return which edition of its notebook a page is; empty = the usual one.

    ``public`` is a ledger's page for everybody, ``confidential`` a briefing for few.
    """
    if parameters.get("profile") == PUBLIC:
        return PUBLIC
    return CONFIDENTIAL if parameters.get("confidential") else ""


def readers_of(record: RunRecord) -> Audience:
    """Return for whom a page is: one that reads a ledger names projects, except its public edition.

    A page of official figures is for everybody.
    """
    edition = edition_of(record.parameters)
    if edition == CONFIDENTIAL:
        return "confidential"
    names = any(record.parameters.get(one, NONE) != NONE for one in ("ledger", "ledgers"))
    return "internal" if names and edition != PUBLIC else "public"


def read_records(site: Path) -> list[RunRecord]:
    """Return the records of all runs of a site that can be read, newest first."""
    found = map(known_record, site.glob(f"runs/*/{RUN_FILE}"))
    records = [record for record in found if record is not None]
    return sorted(records, key=lambda record: (record.started, record.run_id), reverse=True)


def last_good_date(site: Path, record: RunRecord) -> str | None:
    """Return the day of the last good page of the same notebook, edition, region and language.

    None when there is no such page.
    """
    address = page_address(record)
    if not (site / address).is_file():
        return None
    good = latest_run(site, address, "good")
    if good is not None:
        return good.started[:10]
    return next(
        (
            other.started[:10]
            for other in read_records(site)
            if other.verdict == "ok" and page_address(other) == address
        ),
        None,
    )
