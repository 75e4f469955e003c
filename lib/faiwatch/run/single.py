"""One run: check, execute, judge, record, publish.

Everything happens in a folder under ``site/runs/.unfinished`` that moves to ``site/runs`` by one
rename when all of it and the page are on the disk; the page is then published by another. Whoever
looks at the site in between, or after the power failed, sees only finished things.
"""

from __future__ import annotations

import faiwatch.core.fast_import  # noqa: F401  before nbformat, which imports jsonschema

# isort: split
import datetime
import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from nbformat.v4.rwbase import rejoin_lines, split_lines

from faiwatch.core.errors import (
    DataMissingError,
    DiskFullError,
    FaiwatchError,
    PublicationBlockedError,
)
from faiwatch.core.extras import has_extra
from faiwatch.core.files import alone, disk_full_as_error, flush_to_disk
from faiwatch.core.finding import read_findings
from faiwatch.core.paths import notebook_file
from faiwatch.core.processes import cores
from faiwatch.core.text import Text, other_language
from faiwatch.data.parameter_types import DEMO, NONE, PUBLIC, STANDARD
from faiwatch.data.regions import region_named
from faiwatch.data.source import data_source
from faiwatch.ledger.files import EDITIONS_FILE, demo_ledgers, ledger_files
from faiwatch.page.own_notebook import own_title
from faiwatch.page.parameters import BRIEF, FILES, NOTEBOOKS, PageParameters
from faiwatch.run.beside import SEEDS
from faiwatch.run.execute import Execution, execute
from faiwatch.run.jobs import RunOptions
from faiwatch.run.kernels import KernelSetup, thread_limits
from faiwatch.run.leaks import (
    leak_error,
    refuse_home_paths,
    shorten_home_paths,
    shows_no_secret,
    withhold_secrets,
)
from faiwatch.run.request import check_request
from faiwatch.run.reuse import ASKED_AGAIN, inputs_of, reused, why_anew
from faiwatch.run.unfinished import unfinished, unfinished_place
from faiwatch.run.verdict import VERDICT_WORDS, Ending, Judgement, judge
from faiwatch.run.watch import OnCell, Watch
from faiwatch.site.article import shown_before_error, subject_of
from faiwatch.site.html import EarlierPage, render_failure_page, render_page
from faiwatch.site.run_record import (
    FINDINGS_FILE,
    NOTEBOOK_FILE,
    PAGE_FILE,
    RESULTS_FOLDER,
    RUN_FILE,
    RunRecord,
    code_version,
    describe_data,
    describe_results,
    describe_store,
    findings_of,
    lock_hash,
    package_versions,
    write_record,
)
from faiwatch.site.site import (
    address_of,
    earlier_pages,
    edition_of,
    last_good_date,
    latest_run,
    page_address,
    page_lock,
    page_ready,
)
from faiwatch.site.templates import write_assets


def run_page(
    notebook: str, values: Mapping[str, Any], options: RunOptions, *, on_cell: OnCell | None = None
) -> RunRecord:
    """Run a notebook and publish its page; the index is the caller's.

    A page is made by one run at a time: another one of the same page waits, also in another
    process.

    Parameters
    ----------
    notebook : str
        Name of a notebook of the house, such as ``02_monitor``.
    values : mapping
        Parameters as given; text or Python values.
    options : RunOptions
        Site, limits and so on.
    on_cell : callable, optional
        See :class:`faiwatch.run.watch.Watch`.

    Returns
    -------
    RunRecord
        Also for a run that failed; its verdict says how. ``skipped`` = the record of an earlier
        run that was reused. Without a `page` = nothing was kept, because the disk is full.

    Raises
    ------
    ParameterError, DataMissingError
        Before any kernel starts; nothing is left behind.
    """
    try:
        with own_run(notebook, values, options) as run:
            if options.reuse and (standing := run.standing()):
                return standing
            return run.made(on_cell)
    except DiskFullError as error:  # not even for a lock
        return PageRun(notebook, check_request(notebook, values), options).unkept(error)


@contextmanager
def own_run(notebook: str, values: Mapping[str, Any], options: RunOptions) -> Iterator[PageRun]:
    """Hold the lock of a page, so that one run at a time makes or publishes it, and yield it."""
    given = check_request(notebook, values)
    with alone(page_lock(options.site, address_of(notebook, given.model_dump()))):
        yield PageRun(notebook, given, options)


def standing_run(notebook: str, values: Mapping[str, Any], options: RunOptions) -> RunRecord | None:
    """Return the record of an earlier run of a page that still stands, as ``skipped``.

    Parameters
    ----------
    notebook, values, options
        As for `run_page`, which asks the same again when nobody else makes the page.
    """
    return PageRun(notebook, check_request(notebook, values), options).standing()


class PageRun:
    """The steps of one run and where they leave their things."""

    def __init__(self, notebook: str, parameters: PageParameters, options: RunOptions) -> None:
        self.notebook, self.parameters, self.options = notebook, parameters, options
        self.address = address_of(notebook, parameters.model_dump())
        self.source = notebook_file(notebook)
        if not self.source.is_file():
            raise DataMissingError(
                Text("笔记本文件不存在", "notebook file not found"), where=str(self.source)
            )
        source = data_source(parameters.data)
        found = describe_data(source.files) + (describe_store(source.store) if source.store else ())
        for name in FILES[1:]:
            given = getattr(parameters, name, NONE)
            if name == "ledgers" and given == DEMO:
                found += describe_data(list(demo_ledgers().values()))
            elif given not in {NONE, STANDARD}:
                found += describe_data(ledger_files(given))
        self.inputs = inputs_of(
            self.source,
            parameters,
            found,
            form=" ".join(map(str, (options.bundle, self.has_other_language(), *self.beside()))),
        )
        self.earlier = latest_run(options.site, self.address, "latest")
        self.why = why_anew(self.earlier, self.inputs, options.site)
        now = datetime.datetime.now(datetime.UTC)
        self.started = now.isoformat(timespec="milliseconds")  # tells which run is newest
        self.run_id = (
            f"{now:%Y%m%dT%H%M%SZ}-{notebook}-{parameters.region}-{parameters.lang}"
            f"-{secrets.token_hex(3)}"
        )
        self.public = options.site / "runs" / self.run_id
        self.private = unfinished_place(options.site, self.run_id)
        # a warm kernel computes with one thread
        self.threads = thread_limits(cores() if options.warm else options.workers)
        self.watch = Watch(options.limits)
        self.done = Execution(new_notebook(), (), Ending())  # type: ignore[no-untyped-call]
        self.leaks: list[str] = []

    @property
    def because(self) -> str:
        """Why the page is made, in its language."""
        return (self.why or ASKED_AGAIN).in_language(self.parameters.lang)

    def standing(self) -> RunRecord | None:
        """Return the earlier run of this page as reused, if it still stands."""
        return reused(self.earlier) if self.earlier and self.why is None else None

    def made(self, on_cell: OnCell | None) -> RunRecord:
        """Do all steps; when the disk is full, nothing is left but the record that is returned."""
        try:
            with unfinished(self.options.site, self.run_id), disk_full_as_error(self.private):
                return self.publish(*self.finish(self.start(on_cell)))
        except DiskFullError as error:
            return self.unkept(error)

    def start(self, on_cell: OnCell | None) -> RunRecord:
        """Execute the notebook in the private folder and return the record of it."""
        self.watch = Watch(self.options.limits, on_cell)
        if edition_of(self.parameters.model_dump()) == PUBLIC:
            self.hand_over_editions()
        self.done = execute(
            self.source,
            self.parameters.model_dump(exclude={"results"}),
            self.private,
            kernel=KernelSetup(
                self.parameters.lang, self.threads, self.source.parent, self.options.warm
            ),
            watch=self.watch,
        )
        notebook = nbformat.read(self.source, as_version=4)  # type: ignore[no-untyped-call]
        results = self.private / RESULTS_FOLDER
        judgement = judge(
            self.done.notebook,
            self.done.ending,
            # papermill adds one cell with the parameters
            expected_cells=1 + sum(cell.cell_type == "code" for cell in notebook.cells),
            missing_results=[name for name in declared(notebook) if not _is_usable(results / name)],
        )
        if judgement.is_disk_full:  # half a result is none, and the record needs the room
            shutil.rmtree(results)
        write_notebook(self.done.notebook, self.private / NOTEBOOK_FILE)
        self.leaks = withhold_secrets(self.private)
        return self.record(judgement)

    def hand_over_editions(self) -> None:
        """Give a public page the editions that it is compared with, in its private folder."""
        given = self.options.editions
        if given is not None and given.is_file():
            shutil.copyfile(given, self.private / EDITIONS_FILE)
            return
        from faiwatch.run.publish import public_editions  # with pandas, which few runs need here

        found = public_editions(self.options.site, self.parameters.region)
        told = json.dumps([one.model_dump() for one in found])
        (self.private / EDITIONS_FILE).write_text(told, encoding="utf-8")

    def finish(self, record: RunRecord) -> tuple[RunRecord, str]:
        """Render the page (or the failure page) and write the record."""
        if self.leaks:
            record = _blocked(record, leak_error(self.leaks))
        if record.verdict == "ok":
            try:
                refuse_home_paths(self.private / RESULTS_FOLDER)
                page = render_page(
                    self.private / NOTEBOOK_FILE,
                    record,
                    bundle=self.options.bundle,
                    has_other_language=self.has_other_language(),
                    beside=self.beside(),
                    earlier=self.earlier_pages(record),
                )
            except PublicationBlockedError as error:
                record = _blocked(record, error)
        if record.verdict != "ok":
            page = self.failure_page(record)
            # the notebook says at its top that it is not a result
            notebook = nbformat.read(self.private / NOTEBOOK_FILE, as_version=4)  # type: ignore[no-untyped-call]
            words = VERDICT_WORDS[record.verdict].in_language(record.lang)
            banner = new_markdown_cell(  # type: ignore[no-untyped-call]
                f"**{words}**: {record.cause}",
                id="faiwatch-verdict",
                metadata={"tags": [record.lang]},
            )
            notebook.cells.insert(0, banner)
            write_notebook(notebook, self.private / NOTEBOOK_FILE)
        shorten_home_paths(self.private)
        (self.private / PAGE_FILE).write_text(page, encoding="utf-8")
        write_record(record, self.private / RUN_FILE)
        return record, page

    def publish(self, record: RunRecord, page: str) -> RunRecord:
        """Name the folder and put the page in its place, once both are whole on the disk.

        So is the script that it shares with others: the first page of a site brings it.
        """
        write_assets(self.options.site)
        with page_ready(self.options.site, record, page) as lay_down:
            flush_to_disk(self.private)
            self.private.rename(self.public)
            lay_down()
        return record

    def unkept(self, error: DiskFullError) -> RunRecord:
        """Return the record of a run that the disk has no room for; it is written nowhere."""
        if self.run_id in str(error.parts["where"]):  # a folder that is gone
            error = DiskFullError.at(self.options.site)
        cause = Text(error.message("zh"), error.message("en"))
        return self.record(Judgement("blocked", cause)).model_copy(update={"page": ""})

    def has_other_language(self) -> bool:
        """Return whether the page can link to itself in the other language."""
        return has_other_language(self.notebook, self.parameters, self.options)

    def beside(self) -> list[str]:
        """Return the pages of the region that this one can link to: the brief leads to all."""
        if self.notebook != BRIEF or self.options.bundle == "page":
            return []
        folder = (self.options.site / self.address).parent
        return sorted(path.stem for path in folder.glob("*.html") if path.stem != BRIEF)

    def earlier_pages(self, record: RunRecord) -> list[EarlierPage]:
        """Return what the page said of other months, as far as it is kept beside it."""
        if self.options.bundle == "page":
            return []
        return [
            EarlierPage(one, findings_of(self.options.site / "runs" / one.run_id).get("verdict"))
            for one in earlier_pages(self.options.site, record)
        ]

    def record(self, judgement: Judgement) -> RunRecord:
        """Return the record of an execution, and of its files in the private folder."""
        given = self.parameters
        record = RunRecord(
            run_id=self.run_id,
            notebook=self.notebook,
            region=given.region,
            as_of=given.as_of,
            data_as_of=_data_as_of(self.private / RESULTS_FOLDER / FINDINGS_FILE),
            lang=given.lang,
            verdict=judgement.verdict,
            cause=shows_no_secret(judgement.cause.in_language(given.lang)),
            parameters=self.inputs.parameters,
            inputs=self.inputs.hashes,
            because=self.because,
            data=self.inputs.data,
            code_version=code_version(),
            lock_sha256=lock_hash(),
            seeds=dict(SEEDS),
            threads=self.threads,
            versions=package_versions(),
            kernel=self.done.kernel,
            started=self.started,
            seconds=round(self.watch.seconds, 2),
            cells=self.done.cells,
            results=describe_results(self.private / RESULTS_FOLDER),
            is_made_up=data_source(given.data).is_made_up or region_named(given.region).is_made_up,
            title=None if self.notebook in NOTEBOOKS else own_title(self.source),
            subject=subject_of(self.done.notebook.cells, self.inputs.parameters),
        )
        return _with_address(record)

    def failure_page(self, record: RunRecord) -> str:
        """Return the page that says how the run failed, and how old the last good page is."""
        last_good = last_good_date(self.options.site, record)
        shown = Markup()
        if record.verdict == "invalid_data":
            shown = shown_before_error(self.private / NOTEBOOK_FILE)
        return render_failure_page(record, last_good=last_good, shown=shown)


def has_other_language(notebook: str, given: PageParameters, options: RunOptions) -> bool:
    """Return whether a page of these parameters can link to itself in the other language."""
    other = address_of(notebook, given.model_dump(), other_language(given.lang))
    return options.both_languages or (options.site / other).is_file()


def _blocked(record: RunRecord, error: FaiwatchError) -> RunRecord:
    cause = error.message(record.lang)
    return _with_address(record.model_copy(update={"verdict": "blocked", "cause": cause}))


def _with_address(record: RunRecord) -> RunRecord:
    """Return the record with the place of its page; a failure page lies beside the good one."""
    address = page_address(record)
    if record.verdict != "ok":
        address = f"{address.removesuffix('.html')}.failed.html"
    return record.model_copy(update={"page": address})


def declared(notebook: NotebookNode) -> list[str]:
    """Return the result files that a notebook must leave: a Word file only where Word is there."""
    names: list[str] = notebook.metadata.get("faiwatch", {}).get("results", [])
    return [name for name in names if not name.endswith(".docx") or has_extra("docx")]


def _is_usable(path: Path) -> bool:
    """Return whether a declared result is there and, for findings, can be read as such."""
    if not path.is_file():
        return False
    if path.name != FINDINGS_FILE:
        return True
    try:
        read_findings(path)
    except ValueError:  # not JSON, or not findings: both are ValueErrors
        return False
    return True


def _data_as_of(findings: Path) -> str:
    """Return the latest month of a published row that a finding rests on, empty without any.

    A finding may speak of a month to come, and be asked for by a month that is late. Findings
    that rest on no published row, such as counts of what is there, tell by their own month; rows
    of the run's result files, and parameters, may be of months to come as well.
    """
    if not _is_usable(findings):
        return ""
    told = read_findings(findings)
    results = {path.name for path in findings.parent.iterdir()}
    rows = [
        row.period
        for finding in told
        for row in finding.inputs
        if row.file and row.file not in results
    ]
    return max(rows or [finding.period for finding in told], default="")


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook into a folder that nobody sees yet, with a line for each cell.

    nbformat writes a line for each number of a chart, and takes three times as long.
    """
    nbformat.validate(notebook)
    about = {name: part for name, part in notebook.items() if name != "cells"}
    split_lines(notebook)  # type: ignore[no-untyped-call]
    parts = (*notebook.cells, about)
    *cells, rest = (json.dumps(part, ensure_ascii=False, sort_keys=True) for part in parts)
    rejoin_lines(notebook)  # type: ignore[no-untyped-call]
    path.write_text('{"cells": [\n' + ",\n".join(cells) + f"\n], {rest[1:]}\n", encoding="utf-8")
