"""The log of a batch: one JSON object per line, with a heartbeat, whatever the terminal shows."""

from __future__ import annotations

import datetime
import errno
import json
import os
import threading
from pathlib import Path
from typing import Self

import psutil  # type: ignore[import-untyped]

from faiwatch.core.files import FULL, disk_full_as_error
from faiwatch.run.progress import ShownProgress, quiet_progress
from faiwatch.site.run_record import CellRecord, RunRecord

LOGS_FOLDER = "logs"
_BEAT = 30.0  # seconds
_MEGABYTE = 1e6


class Journal:
    """Writes what happens in a batch to a file; use it as a context manager.

    Parameters
    ----------
    path : Path
        The file; each line is written at once and whole, so that a power cut loses none but the
        last. Lines that a full disk has no room for are counted, and told when there is some.
    total : int
        Pages of the batch.
    shown : ShownProgress, optional
        Told of everything too, and of every heartbeat.
    """

    def __init__(self, path: Path, total: int, shown: ShownProgress | None = None) -> None:
        self._total, self._shown = total, shown or quiet_progress()
        with disk_full_as_error(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab", buffering=0)
        self._lock = threading.Lock()
        self._lost = 0
        self._done = 0
        self._running: dict[str, None] = {}
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._alive, daemon=True)

    def __enter__(self) -> Self:
        self.write("batch_started", total=self._total)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._closed.set()
        self._thread.join()
        stopped = "" if kind is None else kind.__name__
        self.write("batch_ended", done=self._done, total=self._total, stopped_by=stopped)
        self._file.close()

    def cell(self, name: str, cell: CellRecord, total: int) -> None:
        """Take note of a cell that starts (`seconds` is None) or has ended."""
        self._running[name] = None
        if cell.seconds is not None:
            self.write("cell", page=name, total=total, **cell.model_dump())
        self._shown.cell(name, cell, total)

    def ended(self, name: str, record: RunRecord) -> None:
        """Take note of a run that has ended."""
        self._running.pop(name, None)
        self._done += 1
        fields = record.model_dump(include={"run_id", "verdict", "cause", "because", "seconds"})
        self.write("run", page=name, address=record.page, kernel=record.kernel, **fields)
        self._shown.ended(name, record)

    def write(self, event: str, **fields: object) -> None:
        """Write one event with its time (UTC)."""
        with self._lock:
            try:
                if self._lost:
                    self._append(_line("lines_lost", count=self._lost))
                    self._lost = 0
                self._append(_line(event, **fields))
            except OSError as error:
                if error.errno not in FULL:
                    raise
                self._lost += 1

    def _append(self, line: bytes) -> None:
        end = os.fstat(self._file.fileno()).st_size
        if self._file.write(line) < len(line):
            self._file.truncate(end)
            raise OSError(errno.ENOSPC, "no room for the whole line")

    def _alive(self) -> None:
        while not self._closed.wait(_BEAT):
            running = list(self._running)
            self.write(
                "heartbeat",
                done=self._done,
                total=self._total,
                running=running,
                free_mb=round(psutil.virtual_memory().available / _MEGABYTE),
            )
            self._shown.beat(self._done, self._total, running)


def _line(event: str, **fields: object) -> bytes:
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"time": now, "event": event, **fields}, ensure_ascii=False)
    return f"{line}\n".encode()
