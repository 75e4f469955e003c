"""The kernel of a run: this very Python, alone in a private folder, the same wherever it starts.

Whatever a notebook's metadata names and whatever the user's profile holds, a run uses the
interpreter that faiwatch runs in. On Unix the kernel is reached through sockets in a folder that
only the user can open: no ports to race for, nothing on the network.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from faiwatch.places import project_root
from faiwatch.processes import cores
from faiwatch.text import Language

KERNEL_NAME = "faiwatch"
SEEDS: Mapping[str, int] = {"PYTHONHASHSEED": 0}
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# sun_path holds 104 bytes on macOS and 108 on Linux; the sockets add "/s-5"
_LONGEST_FOLDER = 90


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
    """

    lang: Language
    threads: Mapping[str, int]
    working_folder: Path


class _ThisPython(KernelSpecManager):
    """Knows one kernel: the interpreter that is running now."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernel of this interpreter, whatever name is asked for."""
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
        )


def thread_limits(workers: int) -> dict[str, int]:
    """Return the thread variables for each of `workers` kernels that run side by side.

    Examples
    --------
    >>> set(thread_limits(10_000).values())
    {1}
    """
    return dict.fromkeys(_THREAD_VARIABLES, max(1, cores() // workers))


def kernel_environment(setup: KernelSetup, private: Path) -> dict[str, str]:
    """Return the environment of a kernel: ours, less the user's start-up files and profile."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONSTARTUP"}
    numbers = {**setup.threads, **SEEDS}
    return {
        **inherited,
        **{name: str(value) for name, value in numbers.items()},
        "FAIWATCH_LANG": setup.lang,
        "FAIWATCH_ROOT": str(project_root().resolve()),
        "IPYTHONDIR": str(private / "ipython"),
        "JUPYTER_CONFIG_DIR": str(private / "jupyter"),
        "JUPYTER_DATA_DIR": str(private / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(private / "jupyter"),
    }


@contextmanager
def private_folder() -> Iterator[Path]:
    """Make a short folder that only this user can open, and remove it afterwards."""
    usual = tempfile.gettempdir()
    place = usual if len(os.fsencode(usual)) < _LONGEST_FOLDER - 16 else "/tmp"
    with tempfile.TemporaryDirectory(prefix="fw-", dir=place, ignore_cleanup_errors=True) as name:
        yield Path(name)


def kernel_manager(private: Path) -> AsyncKernelManager:
    """Return the manager of a kernel of this interpreter that talks through a private folder."""
    manager = AsyncKernelManager(
        kernel_name=KERNEL_NAME,
        kernel_spec_manager=_ThisPython(),
        connection_file=str(private / "kernel.json"),
    )
    if os.name == "posix":
        manager.transport, manager.ip = "ipc", str(private / "s")
    return manager
