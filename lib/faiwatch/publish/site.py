"""The site: pages laid down by one rename each, and never a failure over a good page."""

from __future__ import annotations

from pathlib import Path

from faiwatch.files import write_whole
from faiwatch.publish.style import asset_name, whole_script
from faiwatch.run.manifest import RUN_FILE, RunRecord, read_record


def publish_page(site: Path, record: RunRecord, html: str) -> Path:
    """Lay a page down in the site and return where it lies.

    A good page replaces the one before it and takes away an older failure page. The page of any
    other verdict goes beside it as ``<notebook>.failed.html``; the last good page stays.

    Parameters
    ----------
    site : Path
        Folder of the site.
    record : RunRecord
        Decides language, region, notebook, and whether the page is a good one.
    html : str
        The page, from `render_page` or `render_failure_page`.
    """
    page = site / page_address(record)
    failure = page.with_name(f"{record.notebook}.failed.html")
    if record.verdict != "ok":
        write_whole(failure, html)
        return failure
    write_whole(page, html)
    failure.unlink(missing_ok=True)
    return page


def write_assets(site: Path) -> Path:
    """Write the script that the pages of a site share, and return where it lies.

    Its name holds a hash of its content; older ones stay, because older pages use them.
    """
    path = site / "assets" / asset_name()
    if not path.exists():
        write_whole(path, whole_script())
    return path


def page_address(record: RunRecord) -> str:
    """Return where the good page of a record's notebook lies, relative to the site."""
    return f"{record.lang}/{record.region}/{record.notebook}.html"


def read_records(site: Path) -> list[RunRecord]:
    """Return the records of all runs of a site, newest first."""
    records = [read_record(path) for path in site.glob(f"runs/*/{RUN_FILE}")]
    return sorted(records, key=lambda record: (record.started, record.run_id), reverse=True)


def last_good_date(site: Path, record: RunRecord) -> str | None:
    """Return the day of the last good page of the same notebook, region and language.

    None when there is no such page.
    """
    address = page_address(record)
    if not (site / address).is_file():
        return None
    return next(
        (
            other.started[:10]
            for other in read_records(site)
            if other.verdict == "ok" and page_address(other) == address
        ),
        None,
    )
