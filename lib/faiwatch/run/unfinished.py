"""The folders below ``runs/.unfinished``: who works in one, and taking away what nobody works in.

Whoever works in a folder holds a lock beside it, and has written there on which machine. A process
that is killed, or loses its power, holds the lock no longer: so whatever it left can be told from
what another process is making just now. Not every shared folder has locks between machines, so
what another machine left is taken away when it is a day old.
"""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

from faiwatch.core.files import alone, disk_full_as_error, take_lock
from faiwatch.site.site import page_lock

_FOLDER = ".unfinished"  # beside the finished runs
_LOCK = ".lock"
_LONGEST_UNLOCKED = 86_400  # seconds


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
    with disk_full_as_error(folder):
        (site / "runs").mkdir(parents=True, exist_ok=True)
    with _nobody_begins(site), disk_full_as_error(folder):
        folder.parent.mkdir(exist_ok=True)
        file = _lock_of(folder).open("w", encoding="utf-8")
        try:
            take_lock(file, wait=False)
            file.write(socket.gethostname())
            file.flush()
        except OSError:
            with suppress(OSError):  # what could not be written cannot be on closing either
                file.close()
            raise
    with file:
        with disk_full_as_error(folder):
            folder.mkdir()
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
    names = {path.name.removesuffix(_LOCK) for path in unfinished_place(site, "").glob("*")}
    folders = [unfinished_place(site, name) for name in sorted(names)]
    return [folder for folder in folders if not _is_held(folder)]


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK)


def _is_held(folder: Path) -> bool:
    """Return whether somebody works in a folder; yes where that cannot be known."""
    try:
        with _lock_of(folder).open("r+", encoding="utf-8") as file:
            if not take_lock(file, wait=False):
                return True
            if file.read() == socket.gethostname():
                return False
    except FileNotFoundError:
        pass
    except OSError:  # another user's
        return True
    for path in (folder, _lock_of(folder)):
        with suppress(FileNotFoundError):
            return time.time() - path.stat().st_mtime < _LONGEST_UNLOCKED
    return True  # it has just been finished


def _remove(folder: Path) -> None:
    """Take a folder away, and its lock unless something of the folder is left for later."""
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        _lock_of(folder).unlink(missing_ok=True)
