"""A fork becomes a kernel: whatever it would share with its siblings is made anew.

The command is run as ``python -m`` would run it, so what a notebook meets is what it would meet in
a kernel started cold, only sooner.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib
import io
import os
import random
import runpy
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Set
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
from pydantic import BaseModel, Field

from faiwatch.run.warm.wire import THREADS, send

_KILL_WITH_PARENT = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
PARENT = "JPY_PARENT_PID"  # whom ipykernel follows into death
# objects until cycles are looked for: tables and charts are of many small ones, and hold few cycles
COLLECT_AFTER = 10_000
_BUFFERED = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)


class Request(BaseModel):
    """What a client says.

    Attributes
    ----------
    identity : str
        See :func:`faiwatch.run.warm.wire.identity`.
    command : tuple of str
        ``python -m module`` and the arguments of that module.
    environment : dict
        The whole environment.
    folder : str
        Working directory.
    most_bytes : int
        Memory that may be allocated, 0 = no limit.
    """

    identity: str
    command: Annotated[tuple[str, ...], Field(min_length=len(["python", "-m", "module"]))]
    environment: dict[str, str]
    folder: str
    most_bytes: int


class Launch(NamedTuple):
    """A kernel as it was asked for, its standard output and error, and whoever asked."""

    asked: Request
    files: tuple[int, ...]
    connection: socket.socket


class Preloaded(NamedTuple):
    """Files that a cold kernel would not have imported yet, and variables that imports have set."""

    files: Set[str]
    environment: Mapping[str, str]


def become_kernel(launch: Launch, server: int, preloaded: Preloaded) -> None:
    """Run the command of a launch in this process, just forked from process `server`."""
    asked = launch.asked
    try:
        _part_from(server)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for file, number in zip((nothing, *launch.files), (0, 1, 2), strict=True):
            os.dup2(file, number)
            os.close(file)
        _use_environment({**asked.environment, **preloaded.environment, PARENT: str(server)})
        os.chdir(asked.folder)
        if asked.most_bytes:
            import resource  # not on Windows, where nothing is forked

            resource.setrlimit(resource.RLIMIT_DATA, (asked.most_bytes, asked.most_bytes))
        # new entropy for the global random numbers: siblings would draw the same ones
        random.seed()  # noqa: TID251  a fork must not share the state it was forked with
        np.random.set_state(np.random.RandomState().get_state())  # noqa: NPY002  the global one
        gc.set_threshold(COLLECT_AFTER)
    except (OSError, ValueError) as error:
        send(launch.connection, {"refused": f"{type(error).__name__}: {error}"})
        os._exit(1)
    _, _, module, *arguments = asked.command
    is_kernel = module.startswith("ipykernel")
    send(launch.connection, {"pid": os.getpid(), "will_listen": is_kernel})
    sys.argv = [module, *arguments]
    sys.orig_argv[:] = asked.command
    if is_kernel:
        _debug_also(preloaded.files)
        _tell_that_it_listens(launch.connection)
    else:
        launch.connection.close()
    sys.path.insert(0, str(Path.cwd()))  # as ``python -m`` does; ipykernel takes it out again
    returncode = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as left:
        if not isinstance(left.code, int | None):
            raise  # words, which Python prints
        returncode = left.code or 0
    _leave(returncode)


def _tell_that_it_listens(connection: socket.socket) -> None:
    """Tell whoever asked once the kernel's sockets are open.

    Who connects before is refused, and tries again a tenth of a second later.
    """
    from ipykernel.kernelapp import IPKernelApp

    start = IPKernelApp.start

    def told_before(app: IPKernelApp) -> None:
        IPKernelApp.start = start  # type: ignore[method-assign]
        with connection, suppress(OSError):  # who asked may have gone
            send(connection, {"listens": True})
        start(app)  # type: ignore[no-untyped-call]

    IPKernelApp.start = told_before  # type: ignore[method-assign]


def _leave(returncode: int) -> None:
    """End as a forked process of multiprocessing does, and write what is still in open files.

    Python would take all that the server has imported to pieces first: a tenth of a second, in
    which the pages of memory that kernels share are copied.
    """
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads
    atexit._run_exitfuncs()
    # those that the server has opened are frozen, and so are not among these
    files: list[Any] = [one for one in gc.get_objects() if issubclass(type(one), _BUFFERED)]
    for file in (*files, sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with suppress(Exception):  # closed, its reader gone, or a kind of file of anybody's
            file.flush()
    os._exit(returncode & 0xFF)


def _part_from(server: int) -> None:
    """Lead a session of our own, with signals as at a start, and end with the server."""
    os.setsid()
    ctypes.CDLL(None).prctl(_KILL_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != server:  # it ended before we had asked to end with it
        os._exit(1)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _use_environment(environment: Mapping[str, str]) -> None:
    """Take over an environment, except for threads: the libraries were started with one."""
    os.environ.clear()
    os.environ.update({**environment, **dict.fromkeys(THREADS, "1")})
    time.tzset()
    tempfile.tempdir = None
    importlib.invalidate_caches()


def _debug_also(files: Set[str]) -> None:
    """Let the debugger stop in modules that a notebook imports, and that were there before it.

    The kernel takes what is imported when it starts for its own, and its debugger never stops
    there; to ask for each line whether it is one of so many files takes seconds, too.
    """
    from ipykernel import debugger  # the kernel imports it next

    class OfTheNotebook(debugger.Debugger):
        def __init__(self, *given: object) -> None:
            super().__init__(*given)  # type: ignore[no-untyped-call]
            self.kernel_modules = [one for one in self.kernel_modules if one not in files]

    debugger.Debugger = OfTheNotebook  # type: ignore[misc]
