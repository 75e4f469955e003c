"""Did the run tell the truth? One pure function decides it for command line, record and page.

papermill's own marks are not used: it stamps cells that never ran "completed" once a kernel has
died or a limit has passed (``NotebookExecutionManager.notebook_complete``).
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from faiwatch.core.errors import (
    DataInvalidError,
    DataMissingError,
    DiskFullError,
    ParameterError,
    PublicationBlockedError,
)
from faiwatch.core.files import FULL
from faiwatch.core.phrases import say
from faiwatch.core.text import NOTHING, Text
from faiwatch.site.run_record import CellRecord, Verdict

if TYPE_CHECKING:
    from nbformat import NotebookNode

_VERDICTS: Mapping[str, tuple[int, Text]] = {
    "ok": (0, Text("完成", "done")),
    "skipped": (0, Text("已跳过", "skipped")),
    "parameters": (ParameterError.exit_code, Text("参数不可用", "invalid parameters")),
    "late": (DataMissingError.exit_code, Text("数据缺失或迟到", "data missing or late")),
    "invalid_data": (DataInvalidError.exit_code, Text("数据不合格", "data invalid")),
    "cell_error": (13, Text("单元格出错", "cell error")),
    "deadline": (14, Text("超过时限", "deadline exceeded")),
    "kernel_died": (15, Text("内核中断", "kernel died")),
    "blocked": (PublicationBlockedError.exit_code, Text("未予发布", "publication blocked")),
}
EXIT_CODES: Mapping[str, int] = {name: code for name, (code, _) in _VERDICTS.items()}
VERDICT_WORDS: Mapping[str, Text] = {name: words for name, (_, words) in _VERDICTS.items()}
_ERRORS = (DataMissingError, DataInvalidError, ParameterError, PublicationBlockedError)
_ERROR_VERDICTS = {one.__name__: cast("Verdict", one.verdict) for one in _ERRORS}
_LONGEST_CAUSE = 500
_ERROR_NUMBER = re.compile(r"\[errno (\d+)\]", re.IGNORECASE)  # as Python and pyarrow write it

How = Literal["finished", "deadline", "cell_limit", "kernel_died"]


@dataclass(frozen=True, slots=True)
class Ending:
    """How the kernel came to its end, whatever the cells say.

    Attributes
    ----------
    how : {"finished", "deadline", "cell_limit", "kernel_died"}
        `finished` = the runner stopped asking; cells may still have failed.
    cell : CellRecord or None
        The cell that ran at that moment; None while the kernel started or between cells.
    limit_seconds : float or None
        The limit that passed.
    returncode : int or None
        Exit code of a kernel that died, negative = signal.
    peak_mb, memory_mb : float or None
        Largest memory of the kernel seen, and what the machine or container grants.
    """

    how: How = "finished"
    cell: CellRecord | None = None
    limit_seconds: float | None = None
    returncode: int | None = None
    peak_mb: float | None = None
    memory_mb: float | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a run and its cause in one line; the cause of ``ok`` is empty.

    A cell that found the disk full is told apart, because what it wrote is half a file.
    """

    verdict: Verdict
    cause: Text
    is_disk_full: bool = False

    @property
    def exit_code(self) -> int:
        """Exit code of this verdict."""
        return EXIT_CODES[self.verdict]


def judge(
    executed: NotebookNode, ending: Ending, *, expected_cells: int, missing_results: Sequence[str]
) -> Judgement:
    """Return the verdict on a run.

    Parameters
    ----------
    executed : NotebookNode
        Notebook after the run; code cells carry ``metadata.papermill.status``.
    ending : Ending
        How the kernel ended.
    expected_cells : int
        Code cells that had to be completed.
    missing_results : sequence of str
        Declared result files that are not there or cannot be read.

    Returns
    -------
    Judgement
        The first of these that holds: a limit passed, the kernel died, a cell shows an error,
        fewer cells completed than expected, a declared result is missing, ``ok``.
    """
    if ending.how in {"deadline", "cell_limit"}:
        whole, cell = Text("整个运行", "the run"), Text("单元格", "a cell")
        passed = say(
            "run.verdict.limit_passed",
            what=whole if ending.how == "deadline" else cell,
            seconds=ending.limit_seconds,
            where=_where(ending.cell),
        )
        return Judgement("deadline", passed)
    if ending.how == "kernel_died":
        return Judgement("kernel_died", _kernel_died(ending))
    code_cells = [cell for cell in executed.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code_cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return _cell_error(number, output.ename, output.evalue)
    completed = sum(
        cell.metadata.get("papermill", {}).get("status") == "completed" for cell in code_cells
    )
    if completed != expected_cells:
        words = say(
            "run.verdict.only_cells_completed", expected_cells=expected_cells, completed=completed
        )
        return Judgement("cell_error", words)
    if missing_results:
        names = ", ".join(missing_results)
        return Judgement("blocked", say("run.verdict.results_missing", names=names))
    return Judgement("ok", Text("", ""))


def _cell_error(number: int, name: str, words: str) -> Judgement:
    line = " ".join(words.split())[:_LONGEST_CAUSE]
    if name in _ERROR_VERDICTS:
        return Judgement(_ERROR_VERDICTS[name], Text(line, line))
    found = next((int(one) for one in _ERROR_NUMBER.findall(line)), 0)
    if name == DiskFullError.__name__ or found in FULL:
        # the system's words, which name no path
        full = name if name == DiskFullError.__name__ else f"{name}: {os.strerror(found)}"
        cause = say("run.verdict.disk_full", number=number, full=full)
        return Judgement("cell_error", cause, is_disk_full=True)
    told = f"{name}: {line}" if line else name
    return Judgement("cell_error", say("run.verdict.cell_failed", number=number, told=told))


def _kernel_died(ending: Ending) -> Text:
    where, returncode = _where(ending.cell), ending.returncode
    if returncode is None:
        how = Text("停止应答", "stopped responding")
    elif returncode < 0:
        name = signal.Signals(-returncode).name
        how = say("run.verdict.killed_signal", returncode=-returncode, name=name)
    else:
        how = say("run.verdict.exited_code", returncode=returncode)
    peak = of = NOTHING
    if ending.peak_mb is not None:
        if ending.memory_mb is not None:
            of = say("run.verdict.of_memory", memory_mb=ending.memory_mb)
        peak = say("run.verdict.peak_memory", peak_mb=ending.peak_mb, of=of)
    return say("run.verdict.kernel_died", how=how, where=where, peak=peak)


def _where(cell: CellRecord | None) -> Text:
    if cell is None:
        return Text("单元格之外", "outside any cell")
    heading = say("run.verdict.heading", heading=cell.heading) if cell.heading else NOTHING
    return say("run.verdict.in_code_cell", index=cell.index, heading=heading)
