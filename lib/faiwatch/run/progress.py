"""What a terminal and a log are shown: progress on stderr, tables, and the last line.

On a terminal progress is a live line for each notebook, or for a batch one bar and the pages that
run; elsewhere it is plain lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as RichProgress
from rich.table import Table

from faiwatch.core.text import Language, Text
from faiwatch.run.verdict import EXIT_CODES, VERDICT_WORDS
from faiwatch.site.run_record import NOTEBOOK_FILE, CellRecord, RunRecord
from faiwatch.site.site import INDEX_FILES


class Progress(Protocol):
    """What the runner tells while it works."""

    def cell(self, name: str, cell: CellRecord, total: int) -> None:
        """Take note of a cell that starts (`seconds` is None) or has ended."""

    def ended(self, name: str, record: RunRecord) -> None:
        """Take note of a run that has ended."""


class ShownProgress(Progress, Protocol):
    """A progress that also shows that a batch is alive."""

    def beat(self, done: int, total: int, running: Sequence[str]) -> None:
        """Take note that a batch is alive, with the names of the pages that run."""


class PlainProgress:
    """One line per cell and one per run, fit for a log file."""

    def __init__(self, console: Console, lang: Language) -> None:
        self._console, self._lang = console, lang

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the lines as they stand."""

    def cell(self, name: str, cell: CellRecord, total: int) -> None:
        """Print a line when the cell has ended: number, heading, seconds, memory."""
        if cell.seconds is None:
            return
        memory = "" if cell.peak_mb is None else f"  {cell.peak_mb:.0f} MB"
        mark = "" if cell.status == "completed" else f"  {cell.status}"
        self._print(
            f"{name}  {cell.index}/{total}  {cell.heading}  {cell.seconds:.1f} s{memory}{mark}"
        )

    def ended(self, name: str, record: RunRecord) -> None:
        """Print the verdict of a run."""
        self._print(f"{name}  {verdict_line(record, self._lang)}  {record.seconds:.1f} s")

    def beat(self, done: int, total: int, running: Sequence[str]) -> None:
        """Print which pages run."""
        words = Text("运行中", "running").in_language(self._lang)
        self._print(f"{done}/{total}  {words}  {', '.join(running)}")

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


class PlainBatchProgress(PlainProgress):
    """One line per page, and one per heartbeat; cells are left to the journal."""

    def __init__(self, console: Console, lang: Language, total: int) -> None:
        super().__init__(console, lang)
        self._done, self._total = 0, total

    def cell(self, name: str, cell: CellRecord, total: int) -> None:
        """Print nothing."""

    def ended(self, name: str, record: RunRecord) -> None:
        """Print the verdict of a run, and which one of the batch it is."""
        self._done += 1
        super().ended(f"{self._done}/{self._total}  {name}", record)


class LiveProgress:
    """One live line per notebook with the heading of the cell that is running."""

    def __init__(
        self, console: Console, lang: Language, *more: ProgressColumn, bar_width: int = 20
    ) -> None:
        self._lang = lang
        self._lines = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=bar_width),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            *more,
            TextColumn("{task.fields[doing]}"),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._lines.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.stop()

    def cell(self, name: str, cell: CellRecord, total: int) -> None:
        """Move the line of a notebook on."""
        task = self._task(name)
        completed = cell.index if cell.status == "completed" else cell.index - 1
        self._lines.update(task, total=total, completed=completed, doing=escape(cell.heading))

    def ended(self, name: str, record: RunRecord) -> None:
        """Leave the verdict of a run on its line."""
        task = self._task(name)
        self._lines.update(task, doing=escape(verdict_line(record, self._lang)))
        self._lines.stop_task(task)

    def beat(self, done: int, total: int, running: Sequence[str]) -> None:
        """Show nothing: the lines move by themselves."""

    def _task(self, name: str) -> TaskID:
        if name not in self._tasks:
            self._tasks[name] = self._lines.add_task(escape(name), total=None, doing="")
        return self._tasks[name]


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
            told = f"✕ {escape(name)}  {escape(verdict_line(record, self._lang))}"
            self._lines.console.print(told)


def quiet_progress() -> PlainProgress:
    """Return a progress that nobody sees, for whoever reads the records instead."""
    return PlainProgress(Console(quiet=True), "en")


def progress_on(console: Console, lang: Language) -> PlainProgress | LiveProgress:
    """Return live lines for a terminal and plain lines for anything else."""
    return LiveProgress(console, lang) if console.is_terminal else PlainProgress(console, lang)


def batch_progress_on(
    console: Console, lang: Language, total: int
) -> PlainBatchProgress | LiveBatchProgress:
    """Return the same for a batch of so many pages."""
    kind = LiveBatchProgress if console.is_terminal else PlainBatchProgress
    return kind(console, lang, total)


def headed_table(lang: Language, *headings: Text, **settings: Any) -> Table:  # noqa: ANN401  rich's
    """Return an empty table for a terminal, whose columns fold so that nothing is cut off."""
    table = Table(**settings)
    for heading in headings:
        table.add_column(heading.in_language(lang), overflow="fold")
    return table


def verdict_line(record: RunRecord, lang: Language) -> str:
    """Return verdict and cause of a run in one line."""
    words = VERDICT_WORDS[record.verdict].in_language(lang)
    return f"{words}: {record.cause}" if record.cause else words


def last_line(records: Sequence[RunRecord], site: Path, lang: Language) -> str:
    """Return the last line of a log: verdict, cause, and where to look.

    Of several runs it is the worst one's verdict, after how many of them are done. Of equally bad
    runs one is told whose cause is worded in `lang`.
    """
    worst = max(records, key=lambda record: (EXIT_CODES[record.verdict], record.lang == lang))
    parts = [verdict_line(worst, lang)]
    if len(records) > 1:
        done = sum(record.verdict in {"ok", "skipped"} for record in records)
        parts.insert(0, f"{done}/{len(records)}")
    if EXIT_CODES[worst.verdict] and worst.page:
        parts.append(str(site / "runs" / worst.run_id / NOTEBOOK_FILE))
    parts.append(str(site / INDEX_FILES[lang]))
    return "  ".join(parts)
