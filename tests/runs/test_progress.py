"""Progress: a line per cell in a log, a live line per notebook on a terminal."""

import io

import pytest
from rich.console import Console

from faiwatch.run.progress import LiveProgress, PlainProgress, progress_on
from faiwatch.site.run_record import CellRecord

STARTS = CellRecord(index=3, heading="走势 [red]")
ENDS = STARTS.model_copy(update={"seconds": 1.26, "peak_mb": 310.4, "status": "completed"})


@pytest.fixture
def log():
    return io.StringIO()


def test_a_log_gets_one_line_when_a_cell_has_ended(log):
    with progress_on(Console(file=log, width=40), "zh") as progress:
        assert isinstance(progress, PlainProgress)
        progress.cell("02_monitor", STARTS, 12)
        assert log.getvalue() == ""
        progress.cell("02_monitor", ENDS, 12)
    assert log.getvalue() == "02_monitor  3/12  走势 [red]  1.3 s  310 MB\n"


def test_a_failed_cell_is_marked(log):
    with progress_on(Console(file=log), "en") as progress:
        progress.cell("x", ENDS.model_copy(update={"status": "failed"}), 12)
    assert log.getvalue().endswith("310 MB  failed\n")


def test_a_terminal_shows_the_cell_that_runs(log):
    with progress_on(Console(file=log, force_terminal=True, width=120), "zh") as progress:
        assert isinstance(progress, LiveProgress)
        progress.cell("02_monitor", STARTS, 12)
    assert "走势 [red]" in log.getvalue()
    assert "2/12" in log.getvalue()
