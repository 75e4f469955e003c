"""Writing files so that nobody ever meets half of one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a reader meets the old one or the whole new one, never a part.

    Parameters
    ----------
    path : Path
        Its folder is made when it is not there.
    text : str
        Written as UTF-8 as it stands: line ends are not changed.
    """
    write_bytes_whole(path, text.encode())


def write_bytes_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader meets the old one or the whole new one, never a part.

    Parameters
    ----------
    path : Path
        Its folder is made when it is not there.
    content : bytes
        Written to a draft beside `path`, brought to the disk, and only then renamed: a power cut
        leaves the old file or the new one. The draft's name is nobody else's, so that writers of
        the same file do not meet.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold a lock that one process at a time can hold, waiting for it; it ends with its holder.

    Parameters
    ----------
    lock : Path
        Made when it is not there, and left there: taking it away would let two in at once. Where
        the system or the folder has no locks, everybody gets in.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        with suppress(ImportError, OSError):
            import fcntl  # not on Windows

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
