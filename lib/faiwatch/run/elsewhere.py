"""Runs that were made on another machine, taken over as if they had been made here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

from faiwatch.core.errors import DataInvalidError, DiskFullError
from faiwatch.core.files import alone
from faiwatch.core.text import Text
from faiwatch.run.jobs import Job
from faiwatch.run.request import check_request
from faiwatch.run.single import PAGE_FILE, PageRun, RunOptions, write_notebook
from faiwatch.run.unfinished import unfinished
from faiwatch.run.verdict import Judgement
from faiwatch.site.run_record import NOTEBOOK_FILE, RUN_FILE, RunRecord, read_record, write_record
from faiwatch.site.site import address_of, page_lock

_ONLY_HERE = {"page"}  # whether there is a page in the other language, only the site knows


def links_to_other_language(job: Job, options: RunOptions) -> bool:
    """Return whether the page of a job can link to itself in the other language."""
    return _run(job, options).has_other_language()


def adopt_run(job: Job, options: RunOptions, folder: Path) -> RunRecord:
    """Publish a finished run, unless its page stands by now, and return the record.

    Parameters
    ----------
    job : Job
        What was asked.
    options : RunOptions
        As for `run_page`.
    folder : Path
        The run, in an unfinished folder of this site; it moves to its place by one rename.

    Raises
    ------
    DataInvalidError
        It was made from something else than this machine would make it from.
    """
    with _alone(job, options) as run:
        if options.reuse and (standing := run.standing()):
            return standing
        return run.publish(*_taken_over(run, folder))


def lost_run(job: Job, options: RunOptions, cause: Text) -> RunRecord:
    """Record and publish that a run took the process around it down, again and again."""
    with _alone(job, options) as run, unfinished(options.site, run.run_id):
        notebook = nbformat.read(run.source, as_version=4)  # type: ignore[no-untyped-call]
        write_notebook(notebook, run.private / NOTEBOOK_FILE)
        record = run.record(Judgement("kernel_died", cause))
        return run.publish(*run.finish(record))


def unkept_run(job: Job, options: RunOptions, error: DiskFullError) -> RunRecord:
    """Return the record of a run that this machine has no room for."""
    return _run(job, options).unkept(error)


@contextmanager
def _alone(job: Job, options: RunOptions) -> Iterator[PageRun]:
    """Hold the lock of a page as long as its run is published, and yield that run."""
    given = _run(job, options).parameters
    with alone(page_lock(options.site, address_of(job.notebook, given.model_dump()))):
        yield _run(job, options)


def _run(job: Job, options: RunOptions) -> PageRun:
    return PageRun(job.notebook, check_request(job.notebook, job.values), options)


def _taken_over(run: PageRun, folder: Path) -> tuple[RunRecord, str]:
    """Return record and page of a run after adding what only this site knows, and moving it."""
    record = read_record(folder / RUN_FILE)
    asked = {kind: one for kind, one in run.inputs.hashes.items() if kind not in _ONLY_HERE}
    others = sorted(kind for kind, one in asked.items() if record.inputs.get(kind) != one)
    if others:
        raise DataInvalidError(
            Text("工作机所用的与本机不同", "a worker made the page from something else"),
            where=f"{record.notebook} {record.region} {record.lang}",
            got=", ".join(others),
            todo=Text("让各机的文件一致", "give all machines the same files"),
        )
    record = record.model_copy(update={"because": run.because, "inputs": run.inputs.hashes})
    run.private, run.public = folder, run.options.site / "runs" / record.run_id
    if record.verdict != "ok":
        (folder / PAGE_FILE).write_text(run.failure_page(record), encoding="utf-8")
    page = (folder / PAGE_FILE).read_text(encoding="utf-8")
    write_record(record, folder / RUN_FILE)
    return record, page
