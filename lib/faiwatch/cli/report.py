"""``faiwatch report``: every notebook over its regions, in both languages."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from faiwatch.cli.options import (
    CellTimeoutOption,
    DeadlineOption,
    JsonOption,
    SiteOption,
    WorkersOption,
    option,
    store_address,
)
from faiwatch.cli.run import BundleOption, finish
from faiwatch.core.phrases import say
from faiwatch.core.text import user_language
from faiwatch.data.parameter_types import EMBEDDED, OVER_EMBEDDED

StoreOverOption = Annotated[str | None, option(say("cli.report.store_over"), "--data")]


def report(
    data: StoreOverOption = None,
    site: SiteOption = Path("site"),
    workers: WorkersOption = None,
    deadline: DeadlineOption = 1800,
    cell_timeout: CellTimeoutOption = 600,
    bundle: BundleOption = "site",
    as_json: JsonOption = False,
) -> int:
    """Run every notebook over its regions in both languages."""
    from faiwatch.core.processes import default_workers
    from faiwatch.run.jobs import RunOptions
    from faiwatch.run.pool import OnThisMachine
    from faiwatch.run.progress import progress_on
    from faiwatch.run.report import report as build
    from faiwatch.run.report import report_plan, worst_exit_code
    from faiwatch.run.watch import Limits

    official = EMBEDDED
    if data is not None:
        official = f"{OVER_EMBEDDED}{store_address(data.removeprefix(OVER_EMBEDDED))}"
    options = RunOptions(site, Limits(deadline, cell_timeout), bundle, workers or default_workers())
    with progress_on(Console(stderr=True), user_language()) as progress:
        records = build(report_plan(official), options, progress, OnThisMachine(warm=True))
    if not as_json and worst_exit_code(records) == 0:
        command = f"faiwatch publish --site {shlex.quote(str(site))} --to"
        typer.echo(say("cli.report.to_share", command=command))
    return finish(records, site, as_json=as_json)
