"""Watches one kernel from a thread: time limits, memory, and the last resort against C loops.

nbclient's own timeout is not used. It interrupts but stops looking whether the kernel lives, so
a cell that swallows the interrupt runs on, and a killed kernel is noticed a whole timeout later.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Literal, Protocol

import psutil  # type: ignore[import-untyped]

from faiwatch.site.run_record import CellRecord


class KernelProcess(Protocol):
    """What is known of a kernel's process, whoever started it."""

    pid: int
    returncode: int | None

    def kill(self) -> None:
        """End the process."""


OnCell = Callable[[CellRecord, int], None]
_TICK = 0.1
_MEGABYTE = 1e6
_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may spend; times in seconds.

    Attributes
    ----------
    deadline : float
        For the whole run, the start of the kernel included.
    cell : float
        For one cell.
    grace : float
        Between the interrupt and the kill of a kernel that does not heed it.
    memory_mb : float
        Resident memory of the kernel in 1e6 bytes, beyond which it is killed; by default all
        that the machine or the container grants.
    """

    deadline: float = 1800.0
    cell: float = 600.0
    grace: float = 5.0
    memory_mb: float = field(default_factory=lambda: granted_memory_mb())


class Watch:
    """Keeps the limits of one run and measures its cells; its clock starts when it is made.

    Parameters
    ----------
    limits : Limits
        What may be spent.
    on_cell : callable, optional
        Called with (cell, number of code cells) when a cell starts (`seconds` is None) and when
        it ends.
    """

    def __init__(self, limits: Limits, on_cell: OnCell | None = None) -> None:
        self.limits = limits
        self._tell = on_cell or (lambda _cell, _total: None)
        self.passed: Literal["", "deadline", "cell_limit"] = ""
        self.passed_in: CellRecord | None = None
        self.peak_mb: float | None = None
        self.process: KernelProcess | None = None
        self._started = monotonic()
        self._passed_at = 0.0
        self._cell: CellRecord | None = None
        self._cell_started = 0.0
        self._cell_peak: float | None = None
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="faiwatch-watch", daemon=True)

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return monotonic() - self._started

    @property
    def is_over(self) -> bool:
        """Whether a limit has passed, so that no further cell may start."""
        self._check_limits()
        return bool(self.passed)

    def attach(self, process: KernelProcess) -> None:
        """Begin to watch a kernel that has just been started."""
        self.process = process
        self._thread.start()

    def cell_started(self, cell: CellRecord, total: int) -> None:
        """Take note that a cell begins."""
        with self._lock:
            self._cell, self._cell_started, self._cell_peak = cell, monotonic(), None
        self._sample()  # a cell that takes the kernel down at once leaves nothing to measure
        self._tell(cell, total)

    def cell_ended(self, cell: CellRecord, total: int, *, completed: bool) -> CellRecord:
        """Take note that a cell ended; return its record with seconds and peak memory."""
        self._sample()
        with self._lock:
            seconds = monotonic() - self._cell_started
            peak, self._cell = self._cell_peak, None
        done = cell.model_copy(
            update={
                "seconds": round(seconds, 3),
                "peak_mb": None if peak is None else round(peak, 1),
                "status": "completed" if completed else "failed",
            }
        )
        self._tell(done, total)
        return done

    def close(self) -> None:
        """Stop watching."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()

    def kill(self) -> None:
        """Kill the kernel and every process it has started."""
        self._signal("SIGKILL")

    def _run(self) -> None:
        while not self._closed.wait(_TICK):
            self._sample()
            if (self.peak_mb or 0) > self.limits.memory_mb:
                self.kill()
                return
            if self.passed:
                if monotonic() - self._passed_at > self.limits.grace:
                    self.kill()
                    return
            elif self._check_limits():
                self._signal("SIGINT")

    def _check_limits(self) -> bool:
        """Return whether a limit has passed just now."""
        with self._lock:
            if self.passed:
                return False
            now = monotonic()
            if now - self._started > self.limits.deadline:
                self.passed = "deadline"
            elif self._cell is not None and now - self._cell_started > self.limits.cell:
                self.passed = "cell_limit"
            else:
                return False
            self._passed_at, self.passed_in = now, self._cell
            return True

    def _sample(self) -> None:
        if self.process is None:
            return
        try:
            used = psutil.Process(self.process.pid).memory_info().rss / _MEGABYTE
        except psutil.Error:  # it has just died
            return
        with self._lock:
            self.peak_mb = max(used, self.peak_mb or 0.0)
            self._cell_peak = max(used, self._cell_peak or 0.0)

    def _signal(self, name: Literal["SIGINT", "SIGKILL"]) -> None:
        """Send a signal to the kernel's process group; not on Unix: kill, whatever the signal."""
        if self.process is None:
            return
        if not hasattr(os, "killpg"):
            self.process.kill()
            return
        with suppress(ProcessLookupError):
            # the kernel was started in a session of its own, so its pid names the group
            os.killpg(self.process.pid, getattr(signal, name))


def granted_memory_mb() -> float:
    """Return the memory of the machine, or of the container when that is less, in 1e6 bytes."""
    total: int = psutil.virtual_memory().total
    try:
        told = _CONTAINER_LIMIT.read_text(encoding="ascii").strip()
    except OSError:
        told = "max"
    return min(total, int(told)) / _MEGABYTE if told.isdigit() else total / _MEGABYTE
