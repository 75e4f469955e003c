"""Progress of a batch on stderr: one bar and the pages that run, or one plain line per page."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as RichProgress

from faiwatch.run.manifest import CellRecord, RunRecord
from faiwatch.run.progress import ShownProgress, verdict_line
from faiwatch.run.verdict import EXIT_CODES
from faiwatch.text import Language, Text


class BatchProgress(ShownProgress, Protocol):
    """A progress that also shows that the batch is alive."""

    def beat(self, done: int, total: int, running: list[str]) -> None:
        """Show that the batch is alive, with the names of the pages that run."""


class PlainBatchProgress:
    """One line per page, and one per heartbeat, fit for a log file."""

    def __init__(self, console: Console, lang: Language, total: int) -> None:
        self._console, self._lang, self._total = console, lang, total
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def cell(self, name: str, cell: CellRecord, total: int) -> None:
        """Leave cells to the journal."""

    def ended(self, name: str, record: RunRecord) -> None:
        """Print the verdict of a run."""
        self._done += 1
        line = f"{name}  {verdict_line(record, self._lang)}  {record.seconds:.1f} s"
        self._print(f"{self._done}/{self._total}  {line}")

    def beat(self, done: int, total: int, running: list[str]) -> None:
        """Print which pages run."""
        words = Text("运行中", "running").in_language(self._lang)
        self._print(f"{done}/{total}  {words}  {', '.join(running)}")

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


class LiveBatchProgress:
    """One bar for the batch, below it a line for each page that runs; failures stay above."""

    def __init__(self, console: Console, lang: Language, total: int) -> None:
        self._lang = lang
        self._lines = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[doing]}"),
            console=console,
        )
        words = Text("页面", "pages").in_language(lang)
        self._all = self._lines.add_task(words, total=total, doing="")
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._lines.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.stop()

    def cell(self, name: str, cell: CellRecord, total: int) -> None:
        """Move the line of a page on."""
        if name not in self._tasks:
            self._tasks[name] = self._lines.add_task(escape(name), total=total, doing="")
        completed = cell.index if cell.status == "completed" else cell.index - 1
        doing = escape(cell.heading)
        self._lines.update(self._tasks[name], total=total, completed=completed, doing=doing)

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
