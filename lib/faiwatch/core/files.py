"""Files that people name are read or said to be missing; what is written is never met by halves."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from faiwatch.core.errors import DataInvalidError, DataMissingError, DiskFullError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text, user_language

UNREADABLE = ".unreadable"
_log = logging.getLogger(__name__)
_DRAFT, _TEMPORARY, _HELD = ".draft-", "fw-", ".held"
_LONGEST_WRITE = 3600  # seconds
_JUST_MADE, _LONGEST_UNHELD = 60, 86_400  # seconds
_WRONG_CLOCK = 366 * 86_400  # seconds: what seems older than that may have been made just now
_LOOK_AGAIN = 0.02  # seconds between looks at a lock that another holds
MOST_BYTES = 100 << 20  # of a file that somebody names
# no space left, quota used up, larger than this process may write
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def bytes_of(
    path: Path,
    missing: Text,
    *,
    where: str,
    todo: Text | None = None,
    most: int = MOST_BYTES,
) -> bytes:
    """Return the content of a file that somebody named.

    Parameters
    ----------
    path : Path
        The file.
    missing : Text
        What is said when it cannot be read.
    where : str
        How the file is called then.
    todo : Text, optional
        What can be done about it.
    most : int
        Bytes that a file of its kind may have.

    Raises
    ------
    DataMissingError
        It cannot be read, or is no file but something that never ends, such as a pipe.
    DataInvalidError
        It is larger than that.
    """
    try:
        size = size_of_file(path)
        if size > most:
            raise DataInvalidError(
                Text("文件过大", "the file is too large"),
                where=where,
                got=f"{size >> 20} MB",
                allowed=f"{most >> 20} MB",
            )
        return path.read_bytes()
    except OSError as error:
        raise DataMissingError(missing, where=where, got=error.strerror, todo=todo) from None


def hash_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def size_of_file(path: Path) -> int:
    """Return the bytes of a file; raise `OSError` also for a folder, a pipe or a device.

    Reading a pipe waits for whoever writes into it, and a device may never end.
    """
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return status.st_size


def set_aside(path: Path, why: Exception) -> None:
    """Rename a file of ours that cannot be read, and say so once on standard error.

    Work goes on without it, and whoever wants to know can still look into it.

    Parameters
    ----------
    path : Path
        The file; it gets the ending ``.unreadable``.
    why : Exception
        What reading it raised; its first line is told.
    """
    aside = path.with_name(path.name + UNREADABLE)
    try:
        path.replace(aside)
    except FileNotFoundError:  # somebody else has just done it
        return
    except OSError:  # not ours to rename: it is named again the next time
        aside = path
    if isinstance(why, ValidationError):
        first = why.errors()[0]
        cause = ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))
    else:
        cause = (str(why).splitlines() or [type(why).__name__])[0]
    told = say("core.files.set_aside", name=path.name, cause=cause, aside=aside)
    _log.warning("%s", told.in_language(user_language()))


def atomic_write(path: Path, text: str) -> None:
    """Write a text file so that a reader meets the old one or the whole new one, never a part.

    Parameters
    ----------
    path : Path
        Its folder is made when it is not there.
    text : str
        Written as UTF-8 as it stands: line ends are not changed.
    """
    atomic_write_bytes(path, text.encode())


def atomic_write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that a reader meets the old one or the whole new one, never a part.

    Parameters
    ----------
    path : Path
        Its folder is made when it is not there.
    content : bytes
        As for `drafts`.

    Raises
    ------
    DiskFullError
        There is no room for it; the old file stands.
    """
    with drafts({path: content}) as name_them:
        name_them()


@contextmanager
def drafts(contents: Mapping[Path, bytes]) -> Iterator[Callable[[], None]]:
    """Write drafts of some files, and yield what gives them their names, one after the other.

    Whatever can fail has been done then. Drafts that were given no name are taken away.

    Parameters
    ----------
    contents : mapping of Path to bytes
        Each is written beside its path and brought to the disk, and only then renamed: a power
        cut leaves the old file or the new one. A draft's name is nobody else's, so that writers
        of the same file do not meet.

    Raises
    ------
    DiskFullError
        There is no room for one of them.
    """
    made = {one: one.with_name(f".{one.name}{_DRAFT}{secrets.token_hex(4)}") for one in contents}
    try:
        for path, content in contents.items():
            with disk_full_as_error(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                try:
                    with made[path].open("wb") as file:
                        file.write(content)
                        file.flush()
                        os.fsync(file.fileno())
                except OSError as error:
                    error.filename = str(path)  # nobody has named the draft
                    raise

        def name_them() -> None:
            for path, draft in made.items():
                draft.replace(path)

        yield name_them
    finally:
        for draft in made.values():
            with suppress(OSError):  # a name that is too long, or gone already
                draft.unlink()


@contextmanager
def disk_full_as_error(where: Path) -> Iterator[None]:
    """Turn what the system raises when there is no room into the error that says so."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise DiskFullError.at(error.filename or where) from None


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold a lock that one process at a time can hold, waiting for it; it ends with its holder.

    Parameters
    ----------
    lock : Path
        Made when it is not there, and left there: taking it away would let two in at once. Where
        the system or the folder has no locks, everybody gets in.
    """
    with disk_full_as_error(lock):
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("a")
    with file:
        take_lock(file, wait=True)
        yield


def take_lock(file: IO[Any], *, wait: bool) -> bool:
    """Take the lock on an open file, which lasts until the file is closed or its holder dies.

    Returns
    -------
    bool
        Whether it was taken: not when another holds it, nor where there are no locks.
    """
    from filelock import lock_descriptor  # a twentieth of a second, for those who lock alone

    with suppress(OSError):  # a folder without locks
        return lock_descriptor(file.fileno(), blocking=wait, poll_interval=_LOOK_AGAIN)
    return False


def flush_to_disk(folder: Path) -> None:
    """Bring every file below a folder to the disk: a power cut after its rename empties none."""
    with disk_full_as_error(folder):
        for path in folder.rglob("*"):
            # a link leads to somebody else's file; Windows brings only what it may write
            if path.is_file() and not path.is_symlink():
                with path.open("r+b" if os.name == "nt" else "rb") as file:
                    os.fsync(file.fileno())


def remove_partial_files(folder: Path) -> None:
    """Take away the drafts in a folder that are so old that their writers were killed."""
    for draft in folder.glob(f".*{_DRAFT}*"):
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > _LONGEST_WRITE:
                draft.unlink()


@contextmanager
def temporary_folder(place: str | None = None) -> Iterator[Path]:
    """Make a folder that only this user can open, and remove it afterwards.

    Parameters
    ----------
    place : str, optional
        Where it is made; by default the system's folder for temporary files.
    """
    where = place or tempfile.gettempdir()
    _sweep_once(where)
    with (
        tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=where, ignore_cleanup_errors=True) as it,
        Path(it, _HELD).open("w", encoding="ascii") as held,
    ):
        take_lock(held, wait=False)
        yield Path(it)


def sweep_temporary_folders(place: str | None = None) -> list[Path]:
    """Take away the temporary folders of killed processes of this user, and return them.

    Parameters
    ----------
    place : str, optional
        Where they lie; by default the system's folder for temporary files.
    """
    found = Path(place or tempfile.gettempdir()).glob(f"{_TEMPORARY}*")
    gone = [folder for folder in found if _was_left(folder)]
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return gone


_sweep_once = cache(sweep_temporary_folders)


def _was_left(folder: Path) -> bool:
    """Return whether a temporary folder is ours and its holder is dead."""
    age = 0.0  # of one that somebody else has swept meanwhile
    try:
        status = folder.lstat()
        is_ours = not hasattr(os, "getuid") or status.st_uid == os.getuid()
        age = time.time() - status.st_mtime
        if not stat.S_ISDIR(status.st_mode) or not is_ours or age < _JUST_MADE:
            return False
        with Path(folder, _HELD).open("r+", encoding="ascii") as held:
            return take_lock(held, wait=False)
    except FileNotFoundError:
        return _LONGEST_UNHELD < age < _WRONG_CLOCK
    except OSError:
        return False
