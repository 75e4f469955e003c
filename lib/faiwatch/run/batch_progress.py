"""Progress of a batch on stderr: one bar and the pages that run, or one plain line per page."""

from __future__ import annotations

from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import TimeRemainingColumn

from faiwatch.core.text import Language, Text
from faiwatch.run.progress import LiveProgress, PlainProgress, ShownProgress, verdict_line
from faiwatch.run.verdict import EXIT_CODES
from faiwatch.site.run_record import CellRecord, RunRecord


class BatchProgress(ShownProgress, Protocol):
    """A progress that also shows that the batch is alive."""

    def beat(self, done: int, total: int, running: list[str]) -> None:
        """Show that the batch is alive, with the names of the pages that run."""


class PlainBatchProgress(PlainProgress):
    """One line per page, and one per heartbeat, fit for a log file."""

    def __init__(self, console: Console, lang: Language, total: int) -> None:
        super().__init__(console, lang)
        self._done, self._total = 0, total

    def cell(self, name: str, cell: CellRecord, total: int) -> None:
        """Leave cells to the journal."""

    def ended(self, name: str, record: RunRecord) -> None:
        """Print the verdict of a run, and which one of the batch it is."""
        self._done += 1
        super().ended(f"{self._done}/{self._total}  {name}", record)

    def beat(self, done: int, total: int, running: list[str]) -> None:
        """Print which pages run."""
        words = Text("运行中", "running").in_language(self._lang)
        self._print(f"{done}/{total}  {words}  {', '.join(running)}")


class LiveBatchProgress(LiveProgress):
    """One bar for the batch, below it a line for each page that runs; failures stay above."""

    def __init__(self, console: Console, lang: Language, total: int) -> None:
        super().__init__(console, lang, TimeRemainingColumn(), bar_width=30)
        words = Text("页面", "pages").in_language(lang)
        self._all = self._lines.add_task(words, total=total, doing="")

    def ended(self, name: str, record: RunRecord) -> None:
        """Take the line of a page away; a failure is said above."""
        if name in self._tasks:
            self._lines.remove_task(self._tasks.pop(name))
        self._lines.advance(self._all)
        if EXIT_CODES[record.verdict]:
            self._lines.console.print(
                f"✕ {escape(name)}  {escape(verdict_line(record, self._lang))}"
            )

    def beat(self, done: int, total: int, running: list[str]) -> None:
        """Show nothing: the lines move by themselves."""


def batch_progress_on(console: Console, lang: Language, total: int) -> BatchProgress:
    """Return live lines for a terminal and plain lines for anything else."""
    if console.is_terminal:
        return LiveBatchProgress(console, lang, total)
    return PlainBatchProgress(console, lang, total)
