"""The same batch on a Dask cluster that is there already: one task for each page.

A task makes its page in a private folder of its worker, with the code that makes pages everywhere,
and leaves the run as one archive at an address that all machines reach. Here the archive is
unpacked among the unfinished runs of the site and published as any other run. Nothing goes over
the wire but the name of a function, text and numbers.
"""

from __future__ import annotations

import faiwatch.core.fast_import  # noqa: F401  before nbformat, which imports jsonschema

# isort: split
import atexit
import dataclasses
import io
import logging
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import nbformat

from faiwatch.core import __version__
from faiwatch.core.errors import (
    DataInvalidError,
    DataMissingError,
    DiskFullError,
    FaiwatchError,
    ParameterError,
)
from faiwatch.core.extras import extra
from faiwatch.core.files import disk_full_as_error, temporary_folder
from faiwatch.core.phrases import say
from faiwatch.core.processes import cores
from faiwatch.core.text import Text
from faiwatch.data.store_files import DataRoot
from faiwatch.run.beside import warm_server
from faiwatch.run.jobs import Job, RunOptions
from faiwatch.run.pool import OnJobCell, Outcome
from faiwatch.run.request import check_request
from faiwatch.run.reuse import code_hash
from faiwatch.run.single import PageRun, has_other_language, own_run, run_page, write_notebook
from faiwatch.run.unfinished import unfinished
from faiwatch.run.verdict import Judgement
from faiwatch.run.watch import Limits, granted_memory_mb
from faiwatch.site.run_record import (
    NOTEBOOK_FILE,
    PAGE_FILE,
    RUN_FILE,
    CellRecord,
    RunRecord,
    lock_hash,
    read_record,
    write_record,
)

_ADDRESS = re.compile(r"(?:tcp|tls)://[^\s/]+:\d{1,5}")
_LONGEST_SILENCE = 5  # seconds until a scheduler that does not answer is given up
_LONGEST_WAIT = 30  # seconds for the first worker
_ONLY_HERE = {"page"}  # whether there is a page in the other language, only the site knows
_WAITING = "waiting"  # a file in the exchange place of a batch that goes on
_PUBLISHERS = 8  # pages that are brought to the disk at a time
_RETRIES = 2  # of a task that raises, such as when its archive could not be written


class OnCluster:
    """Does jobs on the workers of a Dask scheduler; what it is comes from Dask's configuration.

    Parameters
    ----------
    scheduler : str
        Its address, such as ``tcp://10.0.0.5:8786``.
    exchange : str
        Folder or ``s3://bucket/prefix`` that this machine and all workers can write.

    Raises
    ------
    ParameterError
        Not such an address, or the extra ``cluster`` is not installed.
    """

    def __init__(self, scheduler: str, exchange: str) -> None:
        _dask()
        if not _ADDRESS.fullmatch(scheduler):
            raise ParameterError(
                Text("不是调度器地址", "not a scheduler address"),
                where="--scheduler",
                got=scheduler,
                allowed="tcp://10.0.0.5:8786, tls://…",
            )
        self._scheduler = scheduler
        self._exchange = exchange if "://" in exchange else str(Path(exchange).resolve())

    def outcomes(
        self, jobs: Sequence[Job], options: RunOptions, on_cell: OnJobCell
    ) -> Iterator[Outcome]:
        """Do jobs and yield each with its outcome, see `Executor`."""
        if not jobs:
            return
        batch = f"faiwatch-{secrets.token_hex(6)}"
        try:
            client = _dask().Client(self._scheduler, timeout=_LONGEST_SILENCE, set_as_default=False)
        except OSError:
            raise _silent(self._scheduler) from None
        # leaving the client cancels what is left to do
        with client, _exchange(self._exchange, batch) as place:
            _check_workers(client)
            client.subscribe_topic(
                batch,
                lambda event: on_cell(
                    event[1]["name"], CellRecord.model_validate(event[1]["cell"]), event[1]["total"]
                ),
            )
            suspects = []

            def sure() -> Iterator[tuple[Job, Any]]:
                for job, end in self._ends(client, jobs, options, place):
                    if isinstance(end, _dask().KilledWorker):
                        suspects.append(job)
                    else:
                        yield job, end

            yield from _published(sure(), options, place)
            # Dask blames who waited beside the guilty one too: each is tried again, alone
            for job in suspects:
                yield from _published(self._ends(client, [job], options, place), options, place)

    def _ends(
        self,
        client: Any,  # noqa: ANN401
        jobs: Sequence[Job],
        options: RunOptions,
        place: str,
    ) -> Iterator[tuple[Job, Any]]:
        """Yield each job with the name of its archive, or with what its task raised."""
        futures = {}
        try:
            for job in jobs:
                settings = {
                    "limits": dataclasses.asdict(options.limits),
                    "bundle": options.bundle,
                    "both_languages": has_other_language(
                        job.notebook, check_request(job.notebook, job.values), options
                    ),
                }
                key = f"{place.rpartition('/')[2]}-{job.name}-{secrets.token_hex(3)}"
                asked = (job.notebook, dict(job.values), place, settings)
                future = client.submit(make_run, *asked, key=key, retries=_RETRIES)
                futures[future] = job
        except _dask().client.ClosedClientError:  # the scheduler had gone before
            yield from ((job, _silent(self._scheduler)) for job in jobs)
            return
        for future in _dask().as_completed(futures, loop=client.loop):
            if future.status == "finished":
                yield futures[future], future.result()
            elif future.status == "error":
                yield futures[future], future.exception()
            else:  # cancelled or lost, as all are when the scheduler has gone
                yield futures[future], _silent(self._scheduler)
            future.release()


def make_run(
    notebook: str, values: Mapping[str, str], place: str, settings: Mapping[str, Any]
) -> str | FaiwatchError:
    """Make one page on a worker and return the name of its archive, or why it was refused.

    Parameters
    ----------
    notebook, values
        As for `run_page`.
    place : str
        Where the archive is left.
    settings : mapping
        ``limits``, ``bundle`` and ``both_languages`` of the options.

    Raises
    ------
    DataMissingError, DiskFullError
        The archive cannot be written, or the disk of the worker is full.
    """
    limits = dict(settings["limits"])
    limits["memory_mb"] = min(limits["memory_mb"], granted_memory_mb())
    with disk_full_as_error(Path(tempfile.gettempdir())), temporary_folder() as folder:
        options = RunOptions(
            folder / "site",
            Limits(**limits),
            bundle=settings["bundle"],
            workers=cores(),
            both_languages=settings["both_languages"],
            warm=_warm(),
        )
        job, worker = Job(notebook, values), _dask().get_worker()

        def tell(cell: CellRecord, total: int) -> None:
            told = {"name": job.name, "cell": cell.model_dump(), "total": total}
            worker.log_event(place.rpartition("/")[2], told)

        try:
            record = run_page(notebook, values, options, on_cell=tell)
        except FaiwatchError as error:
            return error
        if not record.page:  # nothing was kept: perhaps another worker has the room
            raise DiskFullError.at(folder)
        made = options.site / "runs" / record.run_id
        archive = Path(shutil.make_archive(str(Path(folder, "run")), "zip", made))
        DataRoot(place).put(f"{record.run_id}.zip", archive.read_bytes())
        with suppress(DataMissingError):  # it cannot be asked just now: the archive is there
            try:
                DataRoot(place).read([_WAITING])
            except DataInvalidError:  # the batch has gone, and our archive brought its place back
                DataRoot(place).remove("")
        return f"{record.run_id}.zip"


def made_with() -> dict[str, str]:
    """Return what has to be the same on all machines."""
    return {"faiwatch": __version__, "lock": lock_hash()[:12], "code": code_hash()[:12]}


@cache
def _warm() -> Path | None:
    """Return the folder of a server that forks kernels as long as this worker lives."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(warm_server())


def _published(
    ends: Iterator[tuple[Job, Any]], options: RunOptions, place: str
) -> Iterator[Outcome]:
    """Publish jobs as they end, several at a time, and yield what came of each.

    Most of the time of one is waiting for the disk to confirm its dozen files; pages have a lock
    each, so they do not meet. No more archives are in memory than are being published.
    """
    with ThreadPoolExecutor(_PUBLISHERS, "publish") as pool:
        running: dict[Future[RunRecord | FaiwatchError], Job] = {}
        for job, end in ends:
            running[pool.submit(_taken, job, end, options, place)] = job
            if len(running) >= _PUBLISHERS:
                wait(running, return_when=FIRST_COMPLETED)
            for one in [one for one in running if one.done()]:
                yield running.pop(one), one.result()
        for one in as_completed(running):
            yield running[one], one.result()


def _taken(job: Job, end: object, options: RunOptions, place: str) -> RunRecord | FaiwatchError:
    """Return what came of a job after publishing it here."""
    try:
        with disk_full_as_error(options.site):
            if isinstance(end, _dask().KilledWorker):
                return lost_run(job, options, say("run.cluster.every_worker_died"))
            if isinstance(end, BaseException):
                raise end
            name = str(end)
            with unfinished(options.site, name.removesuffix(".zip")) as folder:
                (content,) = DataRoot(place).read([name])
                with ZipFile(io.BytesIO(content)) as archive:
                    archive.extractall(folder)
                DataRoot(place).remove(name)
                return adopt_run(job, options, folder)
    except DiskFullError as error:
        return PageRun(job.notebook, check_request(job.notebook, job.values), options).unkept(error)
    except FaiwatchError as error:
        return error


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
    with own_run(job.notebook, job.values, options) as run:
        if options.reuse and (standing := run.standing()):
            return standing
        record = read_record(folder / RUN_FILE)
        asked = {kind: one for kind, one in run.inputs.hashes.items() if kind not in _ONLY_HERE}
        others = sorted(kind for kind, one in asked.items() if record.inputs.get(kind) != one)
        if others:
            raise DataInvalidError(
                Text("工作机所用的与本机不同", "a worker used different inputs from this machine"),
                where=f"{record.notebook} {record.region} {record.lang}",
                got=", ".join(others),
                todo=Text("让各机的文件一致", "make the files the same on all machines"),
            )
        # what only this site knows
        record = record.model_copy(update={"because": run.because, "inputs": run.inputs.hashes})
        run.private, run.public = folder, run.options.site / "runs" / record.run_id
        if record.verdict != "ok":
            (folder / PAGE_FILE).write_text(run.failure_page(record), encoding="utf-8")
        page = (folder / PAGE_FILE).read_text(encoding="utf-8")
        write_record(record, folder / RUN_FILE)
        return run.publish(record, page)


def lost_run(job: Job, options: RunOptions, cause: Text) -> RunRecord:
    """Record and publish that a run took the process around it down, again and again."""
    with own_run(job.notebook, job.values, options) as run, unfinished(options.site, run.run_id):
        notebook = nbformat.read(run.source, as_version=4)  # type: ignore[no-untyped-call]
        write_notebook(notebook, run.private / NOTEBOOK_FILE)
        record = run.record(Judgement("kernel_died", cause))
        return run.publish(*run.finish(record))


@contextmanager
def _exchange(address: str, batch: str) -> Iterator[str]:
    """Yield the place of a batch's archives, and take it away afterwards.

    A file there says that the batch waits for them; so a place that cannot be written is found
    before any page is made.
    """
    place = f"{address.rstrip('/')}/{batch}"
    DataRoot(place).put(_WAITING, b"waiting")
    try:
        yield place
    finally:
        with suppress(FaiwatchError):
            DataRoot(place).remove("")


def _check_workers(client: Any) -> None:  # noqa: ANN401
    """Refuse a cluster without workers, and workers that would make other pages than we."""
    try:
        client.wait_for_workers(1, timeout=_LONGEST_WAIT)
    except TimeoutError:
        raise DataMissingError(
            Text("调度器没有工作进程", "the scheduler has no workers"), where="--scheduler"
        ) from None
    ours = made_with()
    for worker, theirs in client.run(made_with, on_error="return").items():
        if theirs != ours:
            raise ParameterError(
                say("run.cluster.other_version"),
                where=worker,
                got=theirs,
                allowed=str(ours),
                todo=say("run.cluster.install_same"),
            )


def _silent(scheduler: str) -> DataMissingError:
    return DataMissingError(
        Text("调度器没有应答", "the scheduler is not responding"),
        where=scheduler,
        todo=say("run.cluster.check_address"),
    )


def _dask() -> Any:  # noqa: ANN401  a module of an optional package
    module = extra("distributed", where="--scheduler")
    for name in ("distributed", "distributed.client"):  # what went wrong is in our own message
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return module
