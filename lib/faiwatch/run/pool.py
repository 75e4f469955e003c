"""Worker processes that make pages side by side on this machine, and die with their parent.

Another executor, over many machines say, does what `Executor` says; nothing else knows where the
work is done.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from functools import partial
from multiprocessing.context import BaseContext
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from types import FrameType
from typing import Protocol, TypeAlias

from faiwatch.core.errors import FaiwatchError
from faiwatch.run.beside import warm_server
from faiwatch.run.jobs import Job, RunOptions
from faiwatch.site.run_record import CellRecord, RunRecord

OnJobCell: TypeAlias = Callable[[str, CellRecord, int], None]
Outcome: TypeAlias = "tuple[Job, RunRecord | FaiwatchError]"
_Event: TypeAlias = "tuple[str, CellRecord, int] | None"
_MOST_POOLS = 3  # a pool breaks when one of its processes is killed from outside


class Executor(Protocol):
    """Somewhere that jobs are done."""

    def outcomes(
        self, jobs: Sequence[Job], options: RunOptions, on_cell: OnJobCell
    ) -> Iterator[Outcome]:
        """Do jobs and yield each with its record as it ends, or with why it was refused.

        Parameters
        ----------
        jobs : sequence of Job
            Pages to make, wanted in this order.
        options : RunOptions
            As for `run_page`; `workers` at a time.
        on_cell : function
            Told of each cell with the name of its job, when it starts and when it has ended.
        """


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OnThisMachine:
    """Does jobs in this process, or in ``options.workers`` processes when there are several.

    Parameters
    ----------
    warm : bool
        Whether kernels are forked from a server that lives as long as the jobs; a single job does
        not pay for one.
    """

    warm: bool = False

    def outcomes(
        self, jobs: Sequence[Job], options: RunOptions, on_cell: OnJobCell
    ) -> Iterator[Outcome]:
        """Do jobs and yield each with its outcome, see `Executor`."""
        if len(jobs) <= 1:
            for job in jobs:
                yield job, _made(job, options, on_cell)
            return
        left = list(jobs)
        with warm_server() if self.warm else nullcontext() as warm:
            options = dataclasses.replace(options, warm=warm)
            for tries_left in reversed(range(_MOST_POOLS)):
                try:
                    with _workers(min(options.workers, len(left)), on_cell) as pool:
                        runs = {pool.submit(_work, job, options): job for job in left}
                        for run in as_completed(runs):
                            outcome = run.result()
                            left.remove(runs[run])
                            yield runs[run], outcome
                    return
                except BrokenProcessPool:  # what it had finished is done: go on with the rest
                    if not tries_left:
                        raise


def _made(job: Job, options: RunOptions, on_cell: OnJobCell) -> RunRecord | FaiwatchError:
    from faiwatch.run.single import run_page  # half of all imports, which only workers need

    try:
        return run_page(job.notebook, job.values, options, on_cell=partial(on_cell, job.name))
    except FaiwatchError as error:
        return error


@contextmanager
def _workers(number: int, on_cell: OnJobCell) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of worker processes that tell their progress and die with their parent."""
    context: BaseContext = multiprocessing.get_context("spawn")
    if sys.platform == "linux" and hasattr(os, "fork"):  # imports are done once for all workers
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["faiwatch.run.ahead"])
    events: SimpleQueue[_Event] = context.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(events, on_cell), daemon=True)
    listener.start()
    ours = (events, dict(os.environ), Path.cwd())
    pool = ProcessPoolExecutor(number, mp_context=context, initializer=_begin, initargs=ours)
    try:
        yield pool
    except BaseException:
        for worker in multiprocessing.active_children():
            worker.terminate()  # they clean up: see _begin
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()
    events.put(None)
    listener.join()


def _listen(events: SimpleQueue[_Event], on_cell: OnJobCell) -> None:
    while (event := events.get()) is not None:
        on_cell(*event)


_events: SimpleQueue[_Event]
_is_stopping = False


def _begin(events: SimpleQueue[_Event], environment: Mapping[str, str], folder: Path) -> None:
    """Prepare a worker: stop cleanly when told, and never outlive the parent.

    The server that workers are forked from may be older than what the parent has set since.
    """
    global _events
    _events = events
    os.chdir(folder)
    if environment != dict(os.environ):
        os.environ.clear()
        os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides, with SIGTERM
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _stop(number: int, _: FrameType | None) -> None:
    global _is_stopping
    _is_stopping = True
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not disturb the cleaning up
    raise SystemExit(128 + number)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _work(job: Job, options: RunOptions) -> RunRecord | FaiwatchError:
    def tell(name: str, cell: CellRecord, total: int) -> None:
        _go_on()  # what was going on may have swallowed the stop, as some imports do
        _events.put((name, cell, total))

    try:
        _go_on()  # the pool had handed this job over before
        return _made(job, options, tell)
    finally:
        if _is_stopping:  # else the pool keeps the stop as the outcome of this job, and its worker
            os._exit(1)  # waits for another, with Python 3.13 for ever; all is cleaned up by now


def _go_on() -> None:
    """End what a worker does if it was told to stop."""
    if _is_stopping:
        raise SystemExit
