"""``faiwatch report``: every notebook over its regions, in both languages."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from faiwatch.cli.options import (
    CellTimeoutOption,
    DeadlineOption,
    JsonOption,
    LangOption,
    SiteOption,
    WorkersOption,
)
from faiwatch.cli.run import BundleOption, finish
from faiwatch.core.text import Text, user_language

HELP = Text("生成整个站点", "Build the whole site.")


def report(
    site: SiteOption = Path("site"),
    workers: WorkersOption = None,
    deadline: DeadlineOption = 1800,
    cell_timeout: CellTimeoutOption = 600,
    bundle: BundleOption = "site",
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> int:
    """Run every notebook over its regions in both languages."""
    from faiwatch.core.processes import cores
    from faiwatch.run.pool import OnThisMachine
    from faiwatch.run.progress import progress_on
    from faiwatch.run.report import report as build
    from faiwatch.run.report import report_plan
    from faiwatch.run.single import RunOptions
    from faiwatch.run.watch import Limits

    options = RunOptions(site, Limits(deadline, cell_timeout), bundle, workers or cores())
    with progress_on(Console(stderr=True), user_language()) as progress:
        records = build(report_plan(), options, progress, OnThisMachine(warm=True))
    return finish(records, site, as_json=as_json)
