"""Executes one notebook with papermill, in a folder of its own, under a watch.

The engine below changes three things of papermill's: which kernel is started, who keeps the
limits, and what is said about cells that never ran.
"""

from __future__ import annotations

import faiwatch.core.fast_import  # noqa: F401  before nbformat, which imports jsonschema

# isort: split
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
import papermill  # type: ignore[import-untyped]
from jupyter_client.manager import KernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from papermill.clientwrap import PapermillNotebookClient  # type: ignore[import-untyped]
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines  # type: ignore[import-untyped]
from papermill.translators import translate_parameters  # type: ignore[import-untyped]

from faiwatch.core.text import LANGUAGES
from faiwatch.data.parameter_types import NONE, OURS, STANDARD, resolved
from faiwatch.page.parameters import FILES
from faiwatch.run.beside import private_folder
from faiwatch.run.kernels import KERNEL_NAME, KernelSetup, kernel_environment, kernel_manager
from faiwatch.run.verdict import Ending
from faiwatch.run.warm.provisioner import WarmProvisioner
from faiwatch.run.watch import Watch
from faiwatch.site.run_record import KERNEL_LOG, NOTEBOOK_FILE, RESULTS_FOLDER, CellRecord

ENGINE = "faiwatch"
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)

# Both libraries log what our verdict says; without a handler Python prints it on stderr.
for _name in ("papermill", "traitlets"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Execution:
    """What came of executing a notebook.

    Attributes
    ----------
    notebook : NotebookNode
        Executed notebook with truthful cell statuses.
    cells : tuple of CellRecord
        One per code cell.
    ending : Ending
        How the kernel ended.
    kernel : str
        How it was started: ``warm``, ``cold``, or ``cold: `` and why it is not warm as asked.
    """

    notebook: NotebookNode
    cells: tuple[CellRecord, ...]
    ending: Ending
    kernel: str = "cold"


@dataclass(slots=True)
class _Job:
    """What the engine is given through papermill, and what it leaves behind."""

    kernel: KernelSetup
    watch: Watch
    folder: Path
    notebook: NotebookNode | None = None
    started: str = "cold"
    cells: dict[int, CellRecord] = field(default_factory=dict)


def execute(
    source: Path,
    parameters: Mapping[str, str | int | bool | float],
    folder: Path,
    *,
    kernel: KernelSetup,
    watch: Watch,
) -> Execution:
    """Execute a notebook; what it saves lies in ``folder/results``.

    Parameters
    ----------
    source : Path
        Notebook to execute; it is not changed.
    parameters : mapping
        Checked values for its parameters cell; ``results`` is added, and the kernel gets whole
        paths of files, since it works in another directory.
    folder : Path
        Existing private folder; ``results/`` in it becomes the parameter ``results``.
    kernel : KernelSetup
        What the kernel gets from outside.
    watch : Watch
        Fresh watch that keeps the limits of this run.

    Returns
    -------
    Execution
        Also when a cell failed, a limit passed or the kernel died.
    """
    results = folder.resolve() / RESULTS_FOLDER
    results.mkdir()
    words = {*OURS, NONE, STANDARD}
    given = {
        name: resolved(str(value)) if name in FILES and value not in words else value
        for name, value in parameters.items()
    }
    job = _Job(kernel, watch, folder)
    died = False
    try:
        papermill.execute_notebook(
            nbformat.read(source, as_version=4),  # type: ignore[no-untyped-call]
            None,  # papermill would write the file twice for each cell; whoever asked writes it
            {**given, "results": str(results)},
            engine_name=ENGINE,
            kernel_name=KERNEL_NAME,
            language="python",
            progress_bar=False,
            job=job,
        )
    except (DeadKernelError, CellTimeoutError):
        died = True
    finally:
        watch.close()
    assert job.notebook is not None  # the engine sets it before it does anything that can fail
    ending = _ending(watch, died=died, cells=job.cells)
    notebook = _truthful(job.notebook, job.cells, {**parameters, "results": RESULTS_FOLDER})
    notebook.metadata.papermill.update(input_path=source.name, output_path=NOTEBOOK_FILE)
    return Execution(notebook, tuple(job.cells.values()), ending, job.started)


class _Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client with our kernel, our watch and our loop over the cells."""

    def __init__(self, manager: NotebookExecutionManager, job: _Job, private: Path) -> None:
        super().__init__(
            manager,
            timeout=None,
            iopub_timeout=60,  # a page's outputs may be megabytes
            shell_timeout_interval=1,  # how soon a death after the last cell is noticed
            startup_timeout=120,
            record_timing=False,
            store_widget_state=False,
            shutdown_kernel="immediate",
            force_raise_errors=True,  # no tag hides an error
            skip_cells_with_tag="",  # nor a cell
        )
        self.job, self.private = job, private

    def create_kernel_manager(self) -> KernelManager:
        return kernel_manager(self.private, self.job.kernel.warm)

    def start_new_kernel(self, **launch: object) -> None:
        super().start_new_kernel(**launch)
        provisioner = self.km.provisioner
        self.job.watch.attach(provisioner.process)
        if isinstance(provisioner, WarmProvisioner):
            self.job.started = f"cold: {provisioner.why_cold}" if provisioner.why_cold else "warm"

    def start_new_kernel_client(self) -> None:
        try:
            super().start_new_kernel_client()
        except RuntimeError as error:  # what jupyter_client raises for a kernel that never answers
            raise DeadKernelError(str(error)) from error

    def papermill_execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            if self.job.watch.is_over:
                return
            self.nb_man.cell_start(cell, index)
            try:
                with _recorded(self.job, index):
                    self.execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(self.nb.cells[index], index, exception=error)
                return
            finally:
                self.nb_man.cell_complete(self.nb.cells[index], index)


class _WatchedEngine(Engine):  # type: ignore[misc]
    """papermill's seam for running cells in our own way."""

    @classmethod
    def execute_notebook(cls, *given: object, **named: object) -> NotebookNode:
        """Run it, and give papermill an empty one to look at and write.

        It would make text of all outputs only to throw it away. The job has the notebook; a cell
        that failed carries its error, and verdict.py reads it there.
        """
        super().execute_notebook(*given, **named)
        return new_notebook()  # type: ignore[no-untyped-call,no-any-return]

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, *_: object, job: _Job, **__: object
    ) -> None:
        """Run every cell; papermill passes a kernel's name and settings that we do not use."""
        job.notebook = nb_man.nb
        heading, headings = "", dict[int, str]()
        other = {name for name in LANGUAGES if name != job.kernel.lang}
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type == "code":
                headings[index] = heading
            elif cell.cell_type == "markdown" and not other & set(cell.metadata.get("tags", [])):
                heading = next(iter(_HEADING.findall(cell.source)[-1:]), heading)
        job.cells = {
            index: CellRecord(index=number, heading=heading)
            for number, (index, heading) in enumerate(headings.items(), start=1)
        }
        said = job.folder / KERNEL_LOG
        with private_folder() as private, said.open("wb") as log:
            try:
                _Client(nb_man, job, private).execute(
                    cwd=str(job.kernel.working_folder),
                    env=kernel_environment(job.kernel, private),
                    stdout=log,
                    stderr=log,
                )
            finally:
                # whatever stopped us (also Ctrl-C), no process of the kernel stays behind
                job.watch.close()
                job.watch.kill()
        if not said.stat().st_size:
            said.unlink()


papermill_engines.register(ENGINE, _WatchedEngine)


@contextmanager
def _recorded(job: _Job, index: int) -> Iterator[None]:
    """Measure a code cell and keep its record; markdown passes through."""
    if index not in job.cells:
        yield
        return
    cell, total = job.cells[index], len(job.cells)
    job.watch.cell_started(cell, total)
    completed = False
    try:
        yield
        completed = not job.watch.is_over
    finally:
        job.cells[index] = job.watch.cell_ended(cell, total, completed=completed)


def _ending(watch: Watch, *, died: bool, cells: Mapping[int, CellRecord]) -> Ending:
    if watch.passed:
        limit = watch.limits.deadline if watch.passed == "deadline" else watch.limits.cell
        return Ending(watch.passed, watch.passed_in, limit_seconds=limit, peak_mb=watch.peak_mb)
    ending = Ending(peak_mb=watch.peak_mb, memory_mb=watch.limits.memory_mb)
    if not died:
        return ending
    failed = next((cell for cell in cells.values() if cell.status == "failed"), None)
    returncode = None if watch.process is None else watch.process.returncode
    return replace(ending, how="kernel_died", cell=failed, returncode=returncode)


def _truthful(
    notebook: NotebookNode,
    cells: Mapping[int, CellRecord],
    public: Mapping[str, str | int | bool | float],
) -> NotebookNode:
    """Return the notebook with the statuses that the cells really have, and without our paths.

    Results lie beside the notebook wherever it is taken.
    """
    for index, record in cells.items():
        told = notebook.cells[index].metadata.papermill
        told["status"] = record.status
        told["exception"] = None if record.status == "pending" else record.status == "failed"
    notebook.metadata.papermill["exception"] = any(
        record.status != "completed" for record in cells.values()
    )
    notebook.metadata.papermill["parameters"] = public
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = translate_parameters(KERNEL_NAME, "python", public, "Parameters")
    return notebook
