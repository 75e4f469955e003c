"""The whole site: every notebook, both languages, several runs side by side.

Each worker is a fresh process with its own kernel. The index is built last, when every page is
in its place.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing.queues import SimpleQueue
from types import FrameType
from typing import TypeAlias

from faiwatch.parameter_types import DEMO, EMBEDDED
from faiwatch.parameters import parameters_of
from faiwatch.publish.index import build_index
from faiwatch.publish.site import write_assets
from faiwatch.regions import DEMO_DISTRICT, NATION
from faiwatch.run.manifest import CellRecord, RunRecord
from faiwatch.run.progress import Progress
from faiwatch.run.single import RunOptions, run_page
from faiwatch.run.verdict import EXIT_CODES
from faiwatch.text import LANGUAGES

_Event: TypeAlias = "tuple[str, CellRecord, int] | None"
_ON_ANY_SERIES = ("01_data", "02_monitor", "03_trend", "04_forecast", "05_target")
_PAGES = (
    (EMBEDDED, NATION, (*_ON_ANY_SERIES, "07_regions", "08_briefing")),
    (DEMO, DEMO_DISTRICT, (*_ON_ANY_SERIES, "06_projects", "08_briefing")),
)
# What a page takes beside region, language and data.
_ALSO: Mapping[tuple[str, str], Mapping[str, str]] = {("08_briefing", DEMO): {"ledger": DEMO}}


@dataclass(frozen=True, slots=True)
class Job:
    """One page to make: a notebook and the parameters given for it."""

    notebook: str
    values: Mapping[str, str]

    @property
    def name(self) -> str:
        """Name for progress lines."""
        usual = parameters_of(self.notebook).model_fields["region"].default
        region, lang = self.values.get("region", usual), self.values.get("lang", "")
        return " ".join(filter(None, [self.notebook, region, lang]))


def report_plan() -> list[Job]:
    """Return every page of the report on the embedded figures and the made-up district."""
    return [
        Job(
            notebook,
            {"region": region, "lang": lang, "data": data, **_ALSO.get((notebook, data), {})},
        )
        for data, region, notebooks in _PAGES
        for notebook in notebooks
        for lang in LANGUAGES
    ]


def report(plan: Sequence[Job], options: RunOptions, progress: Progress) -> list[RunRecord]:
    """Run a plan with ``options.workers`` workers, publish its pages, then build the index.

    Parameters
    ----------
    plan : sequence of Job
        Pages to make.
    options : RunOptions
        Site, limits, workers.
    progress : Progress
        Told about every cell and every run.

    Returns
    -------
    list of RunRecord
        In the order of the plan, failed runs included.

    Raises
    ------
    FaiwatchError
        When a run is refused before its kernel starts; the other runs are finished first.
    """
    write_assets(options.site)
    languages = frozenset(job.values.get("lang", "") for job in plan)
    options = dataclasses.replace(options, both_languages=languages >= set(LANGUAGES))
    if len(plan) == 1:  # no worker needed
        (job,) = plan
        tell = partial(progress.cell, job.name)
        records = [run_page(job.notebook, job.values, options, on_cell=tell)]
        progress.ended(job.name, records[0])
    else:
        records = _side_by_side(plan, options, progress)
    build_index(options.site)
    return records


def _side_by_side(plan: Sequence[Job], options: RunOptions, progress: Progress) -> list[RunRecord]:
    with _workers(options.workers, progress) as pool:
        runs = {pool.submit(_work, job, options): job for job in plan}
        for run in as_completed(runs):
            if run.exception() is None:
                progress.ended(runs[run].name, run.result())
    refused = [run for run in runs if run.exception()]
    if refused:
        build_index(options.site)  # the other runs are there all the same
    return [run.result() for run in runs]  # raises what a run was refused for


def worst_exit_code(records: Sequence[RunRecord]) -> int:
    """Return the highest exit code among the verdicts."""
    return max((EXIT_CODES[record.verdict] for record in records), default=0)


class _workers:
    """A pool of worker processes that tell their progress and die with their parent."""

    def __init__(self, number: int, progress: Progress) -> None:
        context = multiprocessing.get_context("spawn")
        self._events: SimpleQueue[_Event] = context.SimpleQueue()
        self._pool = ProcessPoolExecutor(
            number, mp_context=context, initializer=_begin, initargs=(self._events,)
        )
        self._progress = progress
        self._listener = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> ProcessPoolExecutor:
        self._listener.start()
        return self._pool

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._pool.shutdown()
            self._events.put(None)
            self._listener.join()
            return
        for worker in multiprocessing.active_children():
            worker.terminate()  # they clean up: see _begin
        self._pool.shutdown(cancel_futures=True)

    def _listen(self) -> None:
        while (event := self._events.get()) is not None:
            self._progress.cell(*event)


_events: SimpleQueue[_Event]
_is_stopping = False


def _begin(events: SimpleQueue[_Event]) -> None:
    """Prepare a worker: stop cleanly when told, and never outlive the parent."""
    global _events
    _events = events
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


def _work(job: Job, options: RunOptions) -> RunRecord:
    if _is_stopping:  # the pool had handed this job over before
        raise SystemExit

    def tell(cell: CellRecord, total: int) -> None:
        _events.put((job.name, cell, total))

    return run_page(job.notebook, job.values, options, on_cell=tell)
