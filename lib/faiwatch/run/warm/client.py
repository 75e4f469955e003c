"""Asks for a warm kernel: finds the server that fits, or starts it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from time import sleep
from typing import IO, Any

from faiwatch.core.files import alone
from faiwatch.run.warm.wire import (
    LOCK,
    LOG,
    SOCKET,
    THREADS,
    Incoming,
    UnfitError,
    check_peer,
    identity,
    private_place,
    receive,
    send,
)

NAME = "faiwatch-warm"  # of the provisioner of kernels
_PROVISIONERS = "jupyter_client.kernel_provisioners"
_JUPYTER = ("ipykernel.kernelapp", "ipykernel.debugger")
_ROOMS = (
    "faiwatch.page.*",
    *(f"faiwatch.{room}.*" for room in ("forecast", "ledger", "stats", "view")),
)
# what these read, make or import only when a kernel starts, or at the first table, file and number
_AT_THE_FIRST = (
    *("faiwatch.data.source:read_ahead", "faiwatch.core.text:name_ahead"),
    *("faiwatch.view.html.rendering:compile_fragments", "faiwatch.view.charts.chart:build_ahead"),
    *("IPython.core.completerlib", "IPython.extensions.storemagic"),
    *("babel.numbers", "pandas.io.formats.csvs", "pandas.io.formats.string", "pyarrow.parquet"),
    "pyarrow.dataset",
)
PRELOAD = (*_JUPYTER, "statsmodels.api", *_ROOMS, *_AT_THE_FIRST)
# for pages alone, those of a series first
OF_PAGES = (
    *(*_JUPYTER, "faiwatch.page.data", "faiwatch.page.monitor", *_AT_THE_FIRST),
    "altair.utils.schemapi:disable_debug_mode",  # tests hold every chart against the schema
)
# what the first page need not wait for: ledgers and their checks, and what the page of trends fits
# with
LATER = (
    *_ROOMS,
    "faiwatch.data.ledger_fields:ledger_tables",
    *(f"statsmodels.tsa.{name}" for name in ("seasonal", "statespace.structural")),
)
IDLE_SECONDS = 600
_LONGEST_START = 120.0  # seconds; imports take two, on a busy machine twenty
_LONGEST_SILENCE = 5.0  # seconds until a kernel that does not listen yet is handed over
_TRIES = 3  # a server leaves when a file was changed, or just when we ask
# jemalloc, which pyarrow carries, would start a thread of its own; read when pyarrow is loaded
_NO_THREADS = {**dict.fromkeys(THREADS, "1"), "JE_ARROW_MALLOC_CONF": "background_thread:false"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kernel that somebody wants.

    Attributes
    ----------
    command : tuple of str
        ``python -m module`` and its arguments.
    environment : mapping
        Its whole environment.
    folder : str
        Its working directory.
    files : tuple of int
        Its standard output and standard error.
    most_bytes : int
        Memory that it may allocate, 0 = no limit.
    """

    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: str
    files: tuple[int, int] = (1, 2)
    most_bytes: int = 0


class WarmProcess:
    """A kernel forked by the server, to be used like a `subprocess.Popen`.

    Parameters
    ----------
    pid : int
        It leads a process group of its own, so this names the group too.
    connection : socket
        To the kernel, which tells on it that it listens, and to the server, which tells how the
        kernel ended, and kills it when the connection closes.
    """

    stdin = None
    stdout: IO[bytes] | None = None
    stderr: IO[bytes] | None = None

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid, self.returncode = pid, None
        self._connection = connection
        self._told = Incoming(connection)

    returncode: int | None

    def poll(self) -> int | None:
        """Return the exit code, negative = signal; None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code.

        Raises
        ------
        subprocess.TimeoutExpired
            It did not end within `timeout` seconds.
        """
        while self.returncode is None:
            self._hear(timeout)
        return self.returncode

    def wait_until_it_listens(self) -> None:
        """Wait until the kernel's sockets are open, it has ended, or takes too long."""
        with suppress(subprocess.TimeoutExpired):
            self._hear(_LONGEST_SILENCE)

    def _hear(self, timeout: float | None) -> None:
        """Take the next thing that is told: that it listens, or how it ended."""
        self._connection.settimeout(timeout)
        try:
            told = self._told.whole()
        except (BlockingIOError, TimeoutError):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0) from None
        except (EOFError, OSError):  # the server was killed, and its kernels with it
            with suppress(ProcessLookupError):
                while True:
                    os.kill(self.pid, 0)
                    sleep(0.01)
            told = {"returncode": -signal.SIGKILL}
        if "returncode" in told:
            self.returncode = int(told["returncode"])
            self._connection.close()
        self._told = Incoming(self._connection)

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the kernel has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Give the kernel up; the server kills it if it still runs."""
        self._connection.close()


def fork_kernel(
    wanted: Wanted, *, preload: Sequence[str] = PRELOAD, server: Path | None = None
) -> WarmProcess:
    """Return a kernel forked by a server, once it listens.

    Parameters
    ----------
    wanted : Wanted
        What is to be started.
    preload : sequence of str
        Modules that its server imports, ``package.*`` = all of a package.
    server : Path, optional
        Folder of a server that runs; by default the user's own that fits, started when there is
        none.

    Raises
    ------
    UnfitError
        The kernel cannot be forked; says why.
    """
    name = identity(wanted.command[0], preload, wanted.environment)
    request = {
        "identity": name,
        "command": wanted.command,
        "environment": dict(wanted.environment),
        "folder": wanted.folder,
        "most_bytes": wanted.most_bytes,
    }
    reason = ""
    for _ in range(1 if server else _TRIES):
        connection = _connected(server) if server else _found_or_started(name, wanted, preload)
        connection.settimeout(_LONGEST_START)
        try:
            send(connection, request, wanted.files)
            told = receive(connection)
        except (EOFError, OSError) as error:  # the server was just about to leave
            told = {"refused": f"no answer: {type(error).__name__}", "again": True}
        if "pid" in told:
            process = WarmProcess(int(told["pid"]), connection)
            if told["will_listen"]:
                process.wait_until_it_listens()
            return process
        connection.close()
        reason = str(told["refused"])
        if not told.get("again"):
            break
    raise UnfitError(reason)


def why_not_here() -> None:
    """Raise `UnfitError` where no kernel can be forked at all."""
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        reason = f"forking is safe on Linux only, and this is {sys.platform}"
        raise UnfitError(reason)
    _check_known()


@cache  # that it is known: every package of the environment is looked at for that
def _check_known() -> None:
    if not entry_points(group=_PROVISIONERS, name=NAME):
        reason = f"{NAME} is not known to Jupyter: install this version of the package"
        raise UnfitError(reason)


@contextmanager
def own_server(
    folder: Path,
    environment: Mapping[str, str],
    *,
    preload: Sequence[str] = PRELOAD,
    later: Sequence[str] = (),
) -> Iterator[Path]:
    """Run a server in a private folder that ends with this block, or with this process.

    Parameters
    ----------
    folder : Path
        Private folder; yielded, for :func:`fork_kernel`.
    environment : mapping
        Environment of the kernels to come; what is read at a start only must not differ.
    preload : sequence of str
        As for :func:`fork_kernel`.
    later : sequence of str
        Modules that it imports once kernels run and nobody asks for another.
    """
    told, owner = os.pipe()
    listener = _listening(private_place(folder))
    name = identity(sys.executable, preload, environment)
    settings = {"identity": name, "preload": list(preload), "later": list(later), "owner": told}
    with listener:
        process = _started(sys.executable, folder, listener, environment, settings)
    os.close(told)
    try:
        yield folder
    finally:
        os.close(owner)
        process.wait()
        (folder / SOCKET).unlink(missing_ok=True)


def servers_folder(name: str) -> Path:
    """Return where the user's server of an identity has its socket."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and Path(runtime).is_dir():
        return Path(runtime) / f"faiwatch-warm-{name}"
    return Path(tempfile.gettempdir()) / f"faiwatch-warm-{os.getuid()}-{name}"


def _found_or_started(name: str, wanted: Wanted, preload: Sequence[str]) -> socket.socket:
    folder = private_place(servers_folder(name))
    with alone(folder / LOCK):
        try:
            return _connected(folder)
        except UnfitError:  # nobody listens any more
            (folder / SOCKET).unlink(missing_ok=True)
        with _listening(folder) as listener:
            connection = _connected(folder)
            settings = {"identity": name, "preload": list(preload), "idle": IDLE_SECONDS}
            process = _started(wanted.command[0], folder, listener, wanted.environment, settings)
        process.wait()  # it goes on in a process of its own
        return connection


def _connected(folder: Path) -> socket.socket:
    private_place(folder)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(folder / SOCKET))
        check_peer(connection)
    except (OSError, UnfitError) as error:
        connection.close()
        reason = f"no server of warm kernels ({error})"
        raise UnfitError(reason) from None
    return connection


def _listening(folder: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(folder / SOCKET))
    except OSError as error:  # such as a path that is too long for a socket
        listener.close()
        reason = f"no socket in {folder} ({error})"
        raise UnfitError(reason) from None
    listener.listen(128)
    return listener


def _started(
    python: str,
    folder: Path,
    listener: socket.socket,
    environment: Mapping[str, str],
    settings: Mapping[str, Any],
) -> subprocess.Popen[bytes]:
    """Start a server, which gets what it needs to know as one argument, in JSON."""
    given = {**settings, "folder": str(folder), "listener": listener.fileno()}
    with (folder / LOG).open("ab") as log:
        return subprocess.Popen(
            [python, "-m", "faiwatch.run.warm.server", json.dumps(given)],
            env={**environment, **_NO_THREADS},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[given[name] for name in ("listener", "owner") if name in given],
            start_new_session=True,
        )
