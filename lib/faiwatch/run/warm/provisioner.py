"""The kernel provisioner ``faiwatch-warm``: Jupyter asks it for kernels and manages them by it.

Only the start differs from Jupyter's own. Where a kernel cannot be forked it is started as usual,
and the log says why.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Int, List, Unicode

from faiwatch.run.warm.client import PRELOAD, Wanted, WarmProcess, fork_kernel, why_not_here
from faiwatch.run.warm.wire import UnfitError

_LOOK = 0.002  # seconds between two looks at a kernel that starts or ends; both take ten or more
_SOON = 0.1  # seconds in which a kernel ends that is asked to, if nothing is wrong
_KNOWN = {"env", "cwd", "stdin", "stdout", "stderr", "extra_arguments", "kernel_id", "independent"}


class WarmProvisioner(LocalProvisioner):
    """Starts kernels by forking a process that has imported the stack already."""

    server = Unicode(help="Folder of a server that runs; empty = the user's own.").tag(config=True)
    preload = List(
        Unicode(),
        list(PRELOAD),
        help="What the server imports; package.* = all of it, module:function = called as well.",
    ).tag(config=True)
    memory_limit_mb = Int(
        help="Memory that a kernel may allocate, in 1e6 bytes; 0 = no limit. Linux only."
    ).tag(config=True)

    process: Any = None  # a WarmProcess, or the Popen of a kernel that was started cold
    why_cold = ""

    async def launch_kernel(self, cmd: list[str], **kwargs: object) -> KernelConnectionInfo:
        """Start a kernel, warm where that is safe."""
        try:
            with ExitStack() as opened:
                files, ends = _outputs(kwargs, opened)
                wanted = _wanted(cmd, kwargs, files, self.memory_limit_mb * 1_000_000)
                self.process = await _in_a_thread(
                    partial(
                        fork_kernel,
                        wanted,
                        preload=self.preload,
                        server=Path(self.server) if self.server else None,
                    )
                )
                self.process.stdout, self.process.stderr = (
                    None if end is None else os.fdopen(os.dup(end), "rb") for end in ends
                )
        except UnfitError as error:
            self.why_cold = str(error)
            self.log.warning("The kernel is started cold: %s", error)
            return await self._launch_cold(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = wanted.folder
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel, and see it end."""
        await super().kill(restart)
        await self._see_it_end()

    async def shutdown_requested(self, restart: bool = False) -> None:
        """See the kernel end that was just asked to."""
        await super().shutdown_requested(restart)
        await self._see_it_end()

    async def _see_it_end(self) -> None:
        """Look more often than the manager of kernels, which looks every tenth of a second."""
        until = monotonic() + _SOON
        while await self.poll() is None and monotonic() < until:
            await asyncio.sleep(_LOOK)

    async def cleanup(self, restart: bool = False) -> None:
        """Let the server know when a kernel was given up without being waited for."""
        if isinstance(self.process, WarmProcess):
            self.process.close()
        await super().cleanup(restart)

    async def _launch_cold(self, cmd: list[str], **kwargs: object) -> KernelConnectionInfo:
        info = await super().launch_kernel(cmd, **kwargs)
        if self.memory_limit_mb and sys.platform == "linux":
            import resource  # not on Windows

            most = self.memory_limit_mb * 1_000_000
            resource.prlimit(self.process.pid, resource.RLIMIT_DATA, (most, most))
        return info


async def _in_a_thread(work: Callable[[], WarmProcess]) -> WarmProcess:
    """Return what `work` returns while the event loop goes on.

    Not by `asyncio.to_thread`: a process forked by a user's pool inherits an executor without its
    threads, and the pipe that wakes the loop is shared with its siblings.
    """
    own = ThreadPoolExecutor(max_workers=1)
    try:
        done = own.submit(work)
        while not done.done():
            await asyncio.sleep(_LOOK)
        return done.result()
    finally:
        own.shutdown(wait=False)


def _wanted(
    command: Sequence[str], given: Mapping[str, Any], files: tuple[int, int], most_bytes: int
) -> Wanted:
    """Return what the server needs to know, or raise `UnfitError`."""
    why_not_here()
    if command[1:2] != ["-m"] or len(command) < len(["python", "-m", "module"]):
        reason = "its command is not python -m module"
        raise UnfitError(reason)
    unknown = sorted(set(given) - _KNOWN)
    if unknown or given.get("independent"):
        reason = f"it is to be started with {', '.join(unknown) or 'independent'}"
        raise UnfitError(reason)
    environment = given.get("env")
    return Wanted(
        command=tuple(command),
        environment=dict(os.environ if environment is None else environment),
        folder=str(Path(given.get("cwd") or "").absolute()),
        files=files,
        most_bytes=most_bytes,
    )


def _outputs(
    given: Mapping[str, Any], opened: ExitStack
) -> tuple[tuple[int, int], tuple[int | None, int | None]]:
    """Return the files that are standard output and error, and the ends of pipes to read them.

    Arguments are those of `subprocess.Popen`; what was opened for them is closed by `opened`.
    """
    files: list[int] = [1, 2]
    ends: list[int | None] = [None, None]
    for at, asked in enumerate((given.get("stdout"), given.get("stderr"))):
        if asked == subprocess.PIPE:
            end, files[at] = os.pipe()
            ends[at] = end
            opened.callback(os.close, end)
            opened.callback(os.close, files[at])
        elif asked == subprocess.DEVNULL:
            files[at] = os.open(os.devnull, os.O_WRONLY)
            opened.callback(os.close, files[at])
        elif asked == subprocess.STDOUT:
            files[at] = files[0]
        elif asked is not None:
            files[at] = asked if isinstance(asked, int) else asked.fileno()
    return (files[0], files[1]), (ends[0], ends[1])
