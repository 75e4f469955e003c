"""What clients and the server of warm kernels say: JSON and open files over a private socket.

Only the owner can reach the socket, both ends check who the other is, and nothing is unpickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
import struct
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from faiwatch.core.errors import DataMissingError
from faiwatch.core.paths import ROOT, root_named

SOCKET, LOCK, LOG = "socket", "lock", "server.log"
_LONGEST_MESSAGE = 8_000_000  # an environment is some kilobytes
_HEAD = struct.Struct("!I")
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid
# What an interpreter or a library reads once, when it starts: a fork cannot change it any more.
_READ_AT_START = (
    *("PYTHON", "PYDEVD_", "DEBUGPY_", "LD_", "MALLOC_", "LANG", "LC_"),
    *("OMP_", "KMP_", "OPENBLAS_", "MKL_", "NUMEXPR_", "NPY_", "NUMPY_", "ARROW_", "PANDAS_"),
)
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class UnfitError(Exception):
    """A kernel cannot be forked here and now; its message says why, for the log."""


def identity(python: str, preload: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return a name for everything that a server and the kernels forked from it must share.

    Parameters
    ----------
    python : str
        Interpreter of the kernel, as its command names it.
    preload : sequence of str
        Modules that the server has imported.
    environment : mapping
        Environment of the kernel. Thread variables do not count: a warm kernel has one thread.
        Where its figures lie does, for a server has read them.
    """
    read = {
        name: value
        for name, value in environment.items()
        if name.startswith(_READ_AT_START) and name not in THREADS
    }
    figures = ""
    with suppress(DataMissingError):  # the kernel will tell
        figures = str((root_named(environment.get(ROOT, "")) / "data").resolve())
    changed = Path(__file__).stat().st_mtime_ns
    parts = [python, sorted(preload), sorted(read.items()), figures, changed]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def private_place(folder: Path) -> Path:
    """Return a folder that only this user can open, made when it is not there.

    Raises
    ------
    UnfitError
        It is somebody else's, open to others, or a link.
    """
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
        message = f"{folder} is not a folder of this user alone"
        raise UnfitError(message)
    return folder


def check_peer(connection: socket.socket) -> None:
    """Raise `UnfitError` when the other end of a socket belongs to another user."""
    if sys.platform != "linux":
        return
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(told)
    if user != os.getuid():
        message = f"the other end belongs to user {user}"
        raise UnfitError(message)


def send(
    connection: socket.socket, message: Mapping[str, object], files: Sequence[int] = ()
) -> None:
    """Send a message, and open files with it."""
    body = json.dumps(message).encode()
    socket.send_fds(connection, [_HEAD.pack(len(body))], list(files))
    connection.sendall(body)


class Incoming:
    """A message that is coming in, with at most so many open files.

    Parameters
    ----------
    connection : socket
        Where it comes from.
    files : int
        How many open files may come with it.
    """

    def __init__(self, connection: socket.socket, files: int = 0) -> None:
        self.connection = connection
        self.files: list[int] = []
        self._most_files, self._got = files, bytearray()

    def read(self) -> dict[str, Any] | None:
        """Read once what has come, waiting as the socket does; None = there is more to come.

        Raises
        ------
        EOFError
            The other end has gone, or says something that is not a message.
        """
        part, given, _, _ = socket.recv_fds(self.connection, self._missing(), self._most_files)
        self.files += given
        self._got += part
        if not part or self._missing() > _LONGEST_MESSAGE:
            raise EOFError
        if self._missing():
            return None
        try:
            message = json.loads(self._got[_HEAD.size :])
        except (ValueError, RecursionError):
            raise EOFError from None
        if not isinstance(message, dict):
            raise EOFError
        return message

    def whole(self) -> dict[str, Any]:
        """Read until all has come; after a time limit of the socket it can be called again.

        Raises
        ------
        EOFError
            As :meth:`read`.
        """
        while (message := self.read()) is None:
            pass
        return message

    def _missing(self) -> int:
        """Return how many bytes are still to come, as far as is known."""
        if len(self._got) < _HEAD.size:
            return _HEAD.size - len(self._got)
        (size,) = _HEAD.unpack(self._got[: _HEAD.size])
        return _HEAD.size + int(size) - len(self._got)


def receive(connection: socket.socket) -> dict[str, Any]:
    """Return the next message.

    Raises
    ------
    EOFError
        The other end has gone.
    """
    return Incoming(connection).whole()
