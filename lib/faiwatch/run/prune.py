"""Which runs of a site are no longer needed, and taking them away.

Kept whatever their age: the newest run of every page, and the newest good one of each data month:
the page that stands in the site was made by the last of them, and its readers can look up what it
said of earlier months.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from faiwatch.run.unfinished import abandoned, sweep, unfinished
from faiwatch.site.run_record import RunRecord
from faiwatch.site.site import page_address


def runs_to_prune(
    records: Sequence[RunRecord], *, months: int, today: pd.Timestamp
) -> list[RunRecord]:
    """Return the runs older than some months that no page rests on, the oldest first.

    Parameters
    ----------
    records : sequence of RunRecord
        All runs of a site, newest first.
    months : int
        Runs that started in the last so many months are kept.
    today : Timestamp
        The day that is counted from, UTC.
    """
    oldest_kept = (today - pd.DateOffset(months=months)).isoformat()
    needed: dict[tuple[str, str], str] = {}
    for record in records:
        why = f"good {record.data_as_of}" if record.verdict == "ok" else "newest"
        for key in {(page_address(record), "newest"), (page_address(record), why)}:
            needed.setdefault(key, record.run_id)
    kept = set(needed.values())
    old = [one for one in records if one.started < oldest_kept and one.run_id not in kept]
    return old[::-1]


def prune(site: Path, records: Sequence[RunRecord]) -> int:
    """Take away some runs and what killed ones left; return how many bytes that freed.

    Each is moved among the unfinished ones first, so that a reader never meets half a run.
    """
    freed = sum(map(size_of, abandoned(site)))
    sweep(site)
    for record in records:
        folder = site / "runs" / record.run_id
        freed += size_of(folder)
        with unfinished(site, f"going-{record.run_id}") as going:
            folder.rename(going / record.run_id)
    return freed


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
