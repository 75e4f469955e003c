"""The verdict is a pure function of what is left of a run."""

import os
from errno import EDQUOT

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from faiwatch.core.errors import FaiwatchError
from faiwatch.run.verdict import EXIT_CODES, VERDICT_WORDS, Ending, judge
from faiwatch.site.run_record import CellRecord, Verdict


def executed(*statuses, error=None):
    marks = [{"papermill": {"status": status}} for status in statuses]
    cells = [new_markdown_cell("# x"), *(new_code_cell("1", metadata=mark) for mark in marks)]
    if error:
        name, words = error
        cells[-1].outputs = [new_output("error", ename=name, evalue=words, traceback=[])]
    return new_notebook(cells=cells)


def verdict(notebook, ending=None, missing=()):
    done = judge(notebook, ending or Ending(), expected_cells=2, missing_results=missing)
    return done.verdict, done.exit_code, done.cause.en


def test_every_cell_done_is_ok():
    assert verdict(executed("completed", "completed")) == ("ok", 0, "")


@pytest.mark.parametrize(
    "statuses", [("completed",), ("completed", "pending"), ("completed", "running"), ()]
)
def test_fewer_cells_than_expected_is_not_ok(statuses):
    done = statuses.count("completed")
    assert verdict(executed(*statuses)) == (
        "cell_error",
        13,
        f"only {done} of 2 cells were completed",
    )


def test_a_notebook_without_marks_is_not_ok():
    notebook = new_notebook(cells=[new_code_cell("1"), new_code_cell("1")])
    assert verdict(notebook)[0] == "cell_error"


def test_an_error_that_is_merely_shown_counts():
    notebook = executed("completed", "completed", error=("ValueError", "shown"))
    assert verdict(notebook) == ("cell_error", 13, "code cell 2 failed: ValueError: shown")


def test_a_limit_wins_over_the_error_that_it_caused():
    notebook = executed("completed", "failed", error=("KeyboardInterrupt", ""))
    cell = CellRecord(index=2, heading="Trend")
    ending = Ending("deadline", cell, limit_seconds=60)
    assert verdict(notebook, ending)[:2] == ("deadline", 14)
    assert verdict(notebook)[:2] == ("cell_error", 13)


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("OSError", "[Errno 28] No space left: '/srv/x'", "(OSError: No space left on device)"),
        ("OSError", "Error writing. Detail: [errno 28] No space", "No space left on device)"),
        ("FileCreateError", f"[Errno {EDQUOT}] x", f"(FileCreateError: {os.strerror(EDQUOT)})"),
        ("DiskFullError", "the disk is full; where: /srv/x", "(DiskFullError)"),
        ("OSError", "[Errno 2] No such file: 'disk is full'", None),
    ],
)
def test_a_full_disk_is_told_whoever_met_it_and_without_paths(name, words, told):
    notebook = executed("completed", "failed", error=(name, words))
    done = judge(notebook, Ending(), expected_cells=2, missing_results=())
    assert (done.verdict, done.is_disk_full) == ("cell_error", told is not None)
    if told:
        assert told in done.cause.en
        assert "磁盘已满" in done.cause.zh
        assert "/srv" not in done.cause.en


def test_an_error_wins_over_the_result_that_it_prevented():
    notebook = executed("completed", "failed", error=("DataMissingError", "not yet"))
    assert verdict(notebook, missing=["findings.json"]) == ("late", 10, "not yet")


def test_death_names_signal_cell_and_memory():
    cell = CellRecord(index=7, heading="Trend")
    ending = Ending("kernel_died", cell, returncode=-9, peak_mb=3900.4, memory_mb=4000.0)
    said = judge(executed(), ending, expected_cells=2, missing_results=[]).cause
    assert said.en == (
        "kernel killed by signal 9 (SIGKILL) in code cell 7 (Trend); "
        "peak memory 3,900 MB of 4,000 MB"
    )
    assert said.zh == (
        "内核被信号 9（SIGKILL）终止，停在第 7 个代码单元格（Trend）；"
        "内存峰值 3,900 MB，可用 4,000 MB"
    )


def test_a_kernel_that_never_answered_is_dead():
    assert verdict(executed(), Ending("kernel_died")) == (
        "kernel_died",
        15,
        "kernel stopped responding outside any cell",
    )


def test_every_verdict_has_code_and_words():
    verdicts = set(Verdict.__args__)
    assert set(EXIT_CODES) == set(VERDICT_WORDS) == verdicts
    ours = {error.verdict: error.exit_code for error in FaiwatchError.__subclasses__()}
    assert {name: EXIT_CODES[name] for name in ours} == ours


def test_a_long_message_stays_one_line():
    notebook = executed("failed", error=("ValueError", "a\n" * 10_000))
    assert len(verdict(notebook)[2]) < 600
    assert "\n" not in verdict(notebook)[2]
