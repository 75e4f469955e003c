"""The kernel of a run: this very Python, alone in a private folder, the same wherever it starts.

Whatever a notebook's metadata names and whatever the user's profile holds, a run uses the
interpreter that faiwatch runs in. On Unix the kernel is reached through sockets in a folder that
only the user can open: no ports to race for, nothing on the network.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path
from queue import Empty
from time import monotonic

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from faiwatch.core.paths import project_root
from faiwatch.core.processes import cores
from faiwatch.core.text import Language
from faiwatch.run.beside import drawer_of, inherited
from faiwatch.run.warm.client import NAME as WARM
from faiwatch.run.warm.client import OF_PAGES
from faiwatch.run.warm.wire import THREADS
from faiwatch.view.drawing import VARIABLE as DRAWER

KERNEL_NAME = "faiwatch"
_PATIENCE = 1.0  # seconds until we look whether a kernel that does not answer is alive


@dataclass(frozen=True, slots=True)
class KernelSetup:
    """What a kernel gets from outside.

    Attributes
    ----------
    lang : {"zh", "en"}
        Language of the page, in which errors are worded too.
    threads : mapping
        Thread limits, see :func:`thread_limits`.
    working_folder : Path
        Working directory, the same as in JupyterLab: that of the notebook.
    warm : Path or None
        Folder of the server that forks it, see
        :func:`faiwatch.run.beside.warm_server`; None = started cold.
    """

    lang: Language
    threads: Mapping[str, int]
    working_folder: Path
    warm: Path | None = None


class _PromptClient(AsyncKernelClient):
    """Is ready when its kernel has answered on both channels.

    The library waits a fifth of a second longer, to throw away what still comes in; whoever
    executes cells looks at the messages of its own cell only.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Raise `RuntimeError` when the kernel dies, or does not answer in time."""
        end = monotonic() + (inf if timeout is None else timeout)
        while monotonic() < end:
            self.kernel_info()
            with suppress(Empty):
                reply = await self.get_shell_msg(timeout=_PATIENCE)
                await self.get_iopub_msg(timeout=_PATIENCE)
                self._handle_kernel_info_reply(reply)
                return
            if not await self.is_alive():
                message = "the kernel died before it answered"
                raise RuntimeError(message)
        message = f"the kernel did not answer within {timeout} seconds"
        raise RuntimeError(message)


class _ThisPython(KernelSpecManager):
    """Knows one kernel: the interpreter that is running now."""

    warm: Path | None = None

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernel of this interpreter, whatever name is asked for."""
        forked = {
            "provisioner_name": WARM,
            "config": {"server": str(self.warm), "preload": list(OF_PAGES)},
        }
        return KernelSpec(
            argv=[
                sys.executable,
                "-m",
                "ipykernel_launcher",
                "-f",
                "{connection_file}",
                "--HistoryManager.enabled=False",
            ],
            display_name=kernel_name,
            language="python",
            metadata={"kernel_provisioner": forked} if self.warm else {},
        )


def thread_limits(workers: int) -> dict[str, int]:
    """Return the thread variables for each of `workers` kernels that run side by side.

    Examples
    --------
    >>> set(thread_limits(10_000).values())
    {1}
    """
    return dict.fromkeys(THREADS, max(1, cores() // workers))


def kernel_environment(setup: KernelSetup, private: Path) -> dict[str, str]:
    """Return the environment of a kernel: ours, less the user's start-up files and profile."""
    return {
        **inherited(),
        **{name: str(value) for name, value in setup.threads.items()},
        "FAIWATCH_LANG": setup.lang,
        "FAIWATCH_ROOT": str(project_root().resolve()),
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTER_CONFIG_DIR": str(private / "jupyter"),
        "JUPYTER_DATA_DIR": str(private / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(private / "jupyter"),
        **({DRAWER: str(drawer_of(setup.warm))} if setup.warm else {}),
    }


def kernel_manager(private: Path, warm: Path | None = None) -> AsyncKernelManager:
    """Return the manager of a kernel of this interpreter that talks through a private folder."""
    known = _ThisPython()
    known.warm = warm
    manager = AsyncKernelManager(
        client_factory=_PromptClient,
        kernel_name=KERNEL_NAME,
        kernel_spec_manager=known,
        connection_file=str(private / "kernel.json"),
    )
    if os.name == "posix":
        manager.transport, manager.ip = "ipc", str(private / "s")
    return manager
