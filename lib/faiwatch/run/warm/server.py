"""The process that warm kernels are forked from.

It imports the stack, then waits in one thread and forks on request. It has no event loop, no
thread pool and no ZeroMQ context, and refuses to fork when a library has started a thread after
all, or when a file that it has imported was changed since.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from faiwatch.core.files import alone
from faiwatch.run.warm.child import PARENT, Launch, Preloaded, Request, become_kernel
from faiwatch.run.warm.wire import LOCK, SOCKET, Incoming, UnfitError, check_peer, send

_LONGEST_READ = 5.0  # seconds for a client to send its request
_TICK = 1000  # milliseconds
_THREADS = Path("/proc/self/task")


class _Kernel(NamedTuple):
    """A kernel that was forked, the handle that tells its end, and whom to tell."""

    pid: int
    handle: int
    connection: socket.socket


class _Asking(NamedTuple):
    """A client that is still saying what it wants, and until when it may."""

    incoming: Incoming
    until: float


class Server:
    """Forks kernels until nobody has needed one for `idle` seconds, or until its owner has gone.

    Parameters
    ----------
    folder : Path
        Private folder with the socket.
    listener : socket
        Bound to that socket, listening.
    identity : str
        See :func:`faiwatch.run.warm.wire.identity`; requests with another one are refused.
    idle : float
        Seconds without a kernel after which a server without owner leaves.
    owner : int
        File that reads as ended when the owner has gone, -1 = no owner.
    later : sequence of str
        Modules that are imported once kernels run and nobody asks for another.
    """

    def __init__(
        self,
        folder: Path,
        listener: socket.socket,
        identity: str,
        *,
        idle: float,
        owner: int,
        later: Sequence[str] = (),
    ) -> None:
        self._folder, self._listener, self._identity = folder, listener, identity
        self._idle, self._owner, self._later = idle, owner, list(later)
        self._kernels: list[_Kernel] = []
        self._asking: list[_Asking] = []
        self._poll = select.poll()  # unlike epoll, nothing that a fork would share
        self._poll.register(listener, select.POLLIN)
        if owner >= 0:
            self._poll.register(owner, select.POLLIN)
        self._imported = _times(_files())
        self._is_stale, self._is_listening = False, True
        self._busy_at = monotonic()

    def serve(self) -> Launch | None:
        """Return None when the server is to leave, and in each fork what it is to become."""
        while True:
            ready = {file for file, _ in self._poll.poll(_TICK)}
            if self._later and self._kernels and not ready:
                self._import_next()
            for kernel in [one for one in self._kernels if one.handle in ready]:
                self._ended(kernel)
            for kernel in [one for one in self._kernels if one.connection.fileno() in ready]:
                self._poll.unregister(kernel.connection)  # whoever asked for it has gone
                _kill(kernel)
            if self._owner in ready:
                for kernel in list(self._kernels):
                    _kill(kernel)
                    self._ended(kernel)
                return None
            for asking in [
                one for one in self._asking if one.incoming.connection.fileno() in ready
            ]:
                if (launch := self._answer(asking)) is not None:
                    return launch
            if self._is_listening and self._listener.fileno() in ready:
                self._accept()
            self._give_up_the_slow()
            if self._may_leave():
                return None

    def _import_next(self) -> None:
        """Import what only some kernels need, for those that are still to come."""
        _import([self._later.pop(0)])
        self._imported |= _times(_files() - self._imported.keys())
        gc.freeze()

    def _accept(self) -> None:
        """Let one more client ask; what it says is read as it comes, so that none waits for it."""
        connection, _ = self._listener.accept()
        try:
            check_peer(connection)
        except UnfitError as error:
            _refuse(connection, str(error))
            return
        connection.setblocking(False)
        asking = _Asking(Incoming(connection, files=2), monotonic() + _LONGEST_READ)
        self._asking.append(asking)
        self._poll.register(connection, select.POLLIN)

    def _answer(self, asking: _Asking) -> Launch | None:
        """Answer a client that has said all; return what to become in the fork."""
        connection, files = asking.incoming.connection, asking.incoming.files
        try:
            request = asking.incoming.read()
            if request is None:
                return None
            self._forget(asking)
            launch = self._launch(request, asking.incoming)
            pid = os.fork()
        except BlockingIOError:
            return None
        except (UnfitError, OSError, EOFError, ValueError) as error:
            self._forget(asking)
            _close(files)
            _refuse(connection, str(error), again=self._is_stale)
            return None
        if pid == 0:
            self._let_go()
            return launch
        _close(files)
        kernel = _Kernel(pid, os.pidfd_open(pid), connection)
        self._kernels.append(kernel)
        self._poll.register(kernel.handle, select.POLLIN)
        self._poll.register(connection, select.POLLIN)
        return None

    def _launch(self, message: Mapping[str, Any], incoming: Incoming) -> Launch:
        """Return what is asked for, if it can be forked from this process."""
        try:
            asked = Request.model_validate(message)
            stdout, stderr = incoming.files
        except ValueError:
            reason = "the request does not say which kernel is wanted"
            raise UnfitError(reason) from None
        self._check(asked.identity)
        incoming.connection.settimeout(None)
        return Launch(asked, (stdout, stderr), incoming.connection)

    def _forget(self, asking: _Asking) -> None:
        """Read no more from a client."""
        if asking in self._asking:
            self._asking.remove(asking)
            self._poll.unregister(asking.incoming.connection)

    def _give_up_the_slow(self) -> None:
        """Refuse clients that have not said in time what they want."""
        for asking in [one for one in self._asking if one.until < monotonic()]:
            self._forget(asking)
            _close(asking.incoming.files)
            _refuse(asking.incoming.connection, "the request did not come in time")

    def _check(self, identity: str) -> None:
        threads = len(list(_THREADS.iterdir()))
        if _times(self._imported) != self._imported and not self._is_stale:
            self._is_stale = True
            if self._owner < 0:
                self._stop_listening()
        if identity != self._identity:
            reason = "the server has another interpreter, environment or set of modules"
        elif self._is_stale:
            reason = "a file that the server has imported was changed"
        elif threads > 1:
            reason = f"{threads} threads run in the server"
        else:
            return
        raise UnfitError(reason)

    def _let_go(self) -> None:
        """Close in a fork what belongs to the server and to the other kernels."""
        self._listener.close()
        for kernel in self._kernels:
            kernel.connection.close()
            os.close(kernel.handle)
        for asking in self._asking:
            asking.incoming.connection.close()
            _close(asking.incoming.files)
        if self._owner >= 0:
            os.close(self._owner)

    def _ended(self, kernel: _Kernel) -> None:
        """Tell how a kernel ended."""
        _, status = os.waitpid(kernel.pid, 0)
        self._kernels.remove(kernel)
        self._poll.unregister(kernel.handle)
        with suppress(KeyError):  # unregistered before, when its client went
            self._poll.unregister(kernel.connection)
        os.close(kernel.handle)
        with kernel.connection, suppress(OSError):
            send(kernel.connection, {"returncode": os.waitstatus_to_exitcode(status)})
        self._busy_at = monotonic()

    def _may_leave(self) -> bool:
        """Return whether the server has no work left; then nobody can reach it any more."""
        if self._kernels or self._asking or self._owner >= 0:
            return False
        if not self._is_listening:
            return True
        if monotonic() - self._busy_at < self._idle:
            return False
        if not self._folder.is_dir():  # taken away: nobody finds us any more
            return True
        with alone(self._folder / LOCK):  # clients connect under this lock
            if select.select([self._listener], [], [], 0)[0]:
                return False
            self._stop_listening()
        return True

    def _stop_listening(self) -> None:
        """Let the next client start another server; those who wait already try again."""
        (self._folder / SOCKET).unlink(missing_ok=True)
        self._poll.unregister(self._listener)
        self._listener.close()
        self._is_listening = False


def main() -> None:
    """Serve; in a fork, be a kernel and return when it has ended."""
    given = {"idle": 0, "owner": -1, "later": ()} | json.loads(sys.argv[1])
    del sys.path[0]  # our folder, which ``python -m`` has put there
    if given["owner"] < 0 and os.fork():
        os._exit(0)  # whoever started us need not wait for our end
    listener = socket.socket(fileno=given["listener"])
    listener.set_inheritable(False)
    # ipykernel reads when it is imported whom it is to follow into death
    os.environ[PARENT] = str(os.getpid())
    before = set(os.environ)
    own = _import(given["preload"])
    gc.collect()
    gc.freeze()  # a collection in a kernel would copy the pages that it shares with the others
    how = {name: given[name] for name in ("idle", "owner", "later")}
    server = Server(Path(given["folder"]), listener, given["identity"], **how)
    pid = os.getpid()
    launch = server.serve()
    if launch is not None:
        told = {one: os.environ[one] for one in {*os.environ} - before}
        become_kernel(launch, pid, Preloaded(_preloaded(own), told))


def _refuse(connection: socket.socket, reason: str, *, again: bool = False) -> None:
    with connection, suppress(OSError):  # it may have gone, or not listen
        send(connection, {"refused": reason, "again": again})


def _import(names: Iterable[str]) -> set[str]:
    """Import modules, for ``package.*`` all that are in it, and call ``module:function``.

    What fails is told and left out. Returns the packages that a kernel brings along by itself.
    """
    own = set(sys.stdlib_module_names)
    for name in names:
        before = set(sys.modules)
        try:
            place, _, function = name.removesuffix(".*").partition(":")
            module = importlib.import_module(place)
            if function:
                getattr(module, function)()
            elif name.endswith(".*"):
                for found in pkgutil.walk_packages(module.__path__, f"{module.__name__}."):
                    importlib.import_module(found.name)
        except Exception:  # a notebook that needs it will say so itself
            traceback.print_exc()
        if name.startswith("ipykernel."):
            own |= {imported.partition(".")[0] for imported in {*sys.modules} - before}
    return own


def _preloaded(own: set[str]) -> set[str]:
    """Return the files of modules that a kernel started cold would not have imported yet."""
    ours = ("__main__", __package__)
    names = {name for name in sys.modules if name.partition(".")[0] not in own}
    return _files({name for name in names if not name.startswith(ours)})


def _files(names: Iterable[str] | None = None) -> set[str]:
    """Return the files of modules, by default of all that were imported."""
    modules = map(sys.modules.get, list(sys.modules) if names is None else names)
    return {file for module in modules if (file := getattr(module, "__file__", None))}


def _times(files: Iterable[str]) -> dict[str, int]:
    """Return when each file was last changed; 0 = it is not there."""
    found = dict.fromkeys(files, 0)
    for file in found:
        with suppress(OSError):
            # of thousands, for each kernel: a Path of each would take twice as long
            found[file] = os.stat(file).st_mtime_ns  # noqa: PTH116
    return found


def _kill(kernel: _Kernel) -> None:
    with suppress(ProcessLookupError):  # it has just ended
        os.killpg(kernel.pid, signal.SIGKILL)
    with suppress(ProcessLookupError):  # it had no session of its own yet
        os.kill(kernel.pid, signal.SIGKILL)


def _close(files: Iterable[int]) -> None:
    for file in files:
        os.close(file)


if __name__ == "__main__":
    main()
