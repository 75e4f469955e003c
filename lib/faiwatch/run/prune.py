"""Which runs of a site are no longer needed, and taking them away.

Kept whatever their age: the newest run of every page, and the newest good one of each data month:
the page that stands in the site was made by the last of them, and its readers can look up what it
said of earlier months. Of a public page the last good ones are kept too, also of one month: the
next edition is compared with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from faiwatch.core.files import UNREADABLE, sweep_temporary_folders
from faiwatch.data.parameter_types import PUBLIC
from faiwatch.ledger.editions import MOST_EDITIONS
from faiwatch.run.unfinished import abandoned, sweep, unfinished
from faiwatch.site.run_record import RUN_FILE, RunRecord
from faiwatch.site.site import edition_of, page_address


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
    editions: Counter[str] = Counter()
    for record in records:
        address, whys = page_address(record), {"newest"}
        if record.verdict == "ok":
            whys.add(f"good {record.data_as_of}")
            if edition_of(record.parameters) == PUBLIC and editions[address] < MOST_EDITIONS:
                editions[address] += 1
                whys.add(f"edition {editions[address]}")
        for why in whys:
            needed.setdefault((address, why), record.run_id)
    kept = set(needed.values())
    old = [one for one in records if one.started < oldest_kept and one.run_id not in kept]
    return old[::-1]


def unreadable_runs(site: Path, *, months: int, today: pd.Timestamp) -> list[str]:
    """Return the ids of runs whose record was set aside so many months ago, by name."""
    oldest_kept = (today - pd.DateOffset(months=months)).timestamp()
    found = site.glob(f"runs/*/{RUN_FILE}{UNREADABLE}")
    return sorted(one.parent.name for one in found if one.stat().st_mtime < oldest_kept)


def prune(site: Path, runs: Sequence[str]) -> int:
    """Take away some runs, by their ids, and what killed ones left; return the bytes freed.

    Each is moved among the unfinished ones first, so that a reader never meets half a run.
    """
    freed = sum(map(size_of, abandoned(site)))
    sweep(site)
    sweep_temporary_folders()
    for run in runs:
        folder = site / "runs" / run
        freed += size_of(folder)
        with unfinished(site, f"going-{run}") as going:
            folder.rename(going / run)
    return freed


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
