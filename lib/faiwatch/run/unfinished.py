"""The folders below ``runs/.unfinished``: who works in one, and taking away what nobody works in.

Whoever works in a folder holds a lock beside it. A process that is killed, or loses its power,
holds it no longer: so whatever it left can be told from what another process is making just now,
also on another machine where the file system has locks between machines.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from faiwatch.files import alone, full_disk_told, take_lock
from faiwatch.publish.site import page_lock

_FOLDER = ".unfinished"  # beside the finished runs
_LOCK = ".lock"
_LONGEST_UNLOCKED = 86_400  # seconds; older versions held no lock


def unfinished_place(site: Path, name: str) -> Path:
    """Return the folder of this name in which something is made that is not to be seen yet."""
    return site / "runs" / _FOLDER / name


@contextmanager
def unfinished(site: Path, name: str) -> Iterator[Path]:
    """Make such a folder and hold it; what has not been moved away at the end is removed.

    Parameters
    ----------
    site : Path
        Folder of the site.
    name : str
        Nobody else's, such as the id of a run.

    Raises
    ------
    DiskFullError
        There is no room for a folder.
    """
    folder = unfinished_place(site, name)
    lock = _lock_of(folder)
    with full_disk_told(folder):
        (site / "runs").mkdir(parents=True, exist_ok=True)
    with _nobody_begins(site), full_disk_told(folder):
        folder.mkdir(parents=True)
        file = lock.open("a")
        take_lock(file, wait=False)
    with file:
        try:
            yield folder
        finally:
            _remove(folder)


def abandoned(site: Path) -> list[Path]:
    """Return the unfinished folders that nobody works in, by name."""
    with _nobody_begins(site):
        return _abandoned(site)


def sweep(site: Path) -> None:
    """Take away the unfinished folders that nobody works in."""
    with _nobody_begins(site):
        for folder in _abandoned(site):
            _remove(folder)


def _nobody_begins(site: Path) -> AbstractContextManager[None]:
    """Return a block in which nobody else begins to hold a folder, or looks who holds one."""
    if not (site / "runs").is_dir():
        return nullcontext()
    return alone(page_lock(site, "unfinished"))


def _abandoned(site: Path) -> list[Path]:
    found = unfinished_place(site, "").glob("*")
    names = {path.name.removesuffix(_LOCK) for path in found}
    folders = [unfinished_place(site, name) for name in sorted(names)]
    return [folder for folder in folders if not _is_held(folder)]


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK)


def _is_held(folder: Path) -> bool:
    """Return whether somebody works in a folder; yes where that cannot be known."""
    try:
        with _lock_of(folder).open("r+b") as file:
            return not take_lock(file, wait=False)
    except FileNotFoundError:
        pass
    try:
        return time.time() - folder.stat().st_mtime < _LONGEST_UNLOCKED
    except FileNotFoundError:  # it has just been finished
        return True


def _remove(folder: Path) -> None:
    """Take a folder away, and its lock unless something of the folder is left for later."""
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        _lock_of(folder).unlink(missing_ok=True)
