"""``faiwatch batch``: pages of many regions, unattended."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from faiwatch.cli.options import (
    AsOfOption,
    CellTimeoutOption,
    DataOption,
    DeadlineOption,
    JsonOption,
    ParameterOption,
    ParametersFileOption,
    SiteOption,
    WorkersOption,
    option,
    print_json,
)
from faiwatch.core.phrases import say
from faiwatch.core.text import LANGUAGES, user_language
from faiwatch.data.parameter_types import EMBEDDED, LATEST
from faiwatch.data.source import over_embedded
from faiwatch.run.request import given_values

if TYPE_CHECKING:
    from faiwatch.run.pool import Executor

RegionsOption = Annotated[str, option(say("cli.batch.regions"))]
NotebooksOption = Annotated[str, option(say("cli.batch.notebooks"))]
PagesLangOption = Annotated[Literal["zh", "en", "both"], option(say("cli.batch.pages_lang"))]
SchedulerOption = Annotated[str | None, option(say("cli.batch.scheduler"))]
ExchangeOption = Annotated[str | None, option(say("cli.batch.exchange"))]
ForceOption = Annotated[bool, option(say("cli.batch.force"), "--force")]
ExplainOption = Annotated[bool, option(say("cli.batch.explain"), "--explain-cache")]
MemoryOption = Annotated[float | None, option(say("cli.batch.memory"), min=1)]


def batch(  # noqa: PLR0913  options, not arguments
    regions: RegionsOption,
    notebooks: NotebooksOption = "02_monitor,04_forecast",
    as_of: AsOfOption = LATEST,
    lang: PagesLangOption = "both",
    data: DataOption = EMBEDDED,
    parameter: ParameterOption = None,
    parameters: ParametersFileOption = None,
    site: SiteOption = Path("site"),
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    exchange: ExchangeOption = None,
    force: ForceOption = False,
    explain_cache: ExplainOption = False,
    deadline: DeadlineOption = 1800,
    cell_timeout: CellTimeoutOption = 600,
    memory: MemoryOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make each notebook for each region; unchanged pages are reused."""
    given = given_values(parameter or [], parameters)
    as_of = as_of if as_of != LATEST else given.get("as_of", as_of)
    data = over_embedded(data if data != EMBEDDED else given.get("data", data))
    values = given | {"as_of": as_of, "data": data}

    from rich.console import Console

    from faiwatch.core.processes import default_workers
    from faiwatch.run.batch import check_plan, explanations, regions_of, run_batch, summary
    from faiwatch.run.jobs import RunOptions, batch_plan
    from faiwatch.run.pool import OnThisMachine
    from faiwatch.run.progress import batch_progress_on, last_line
    from faiwatch.run.report import worst_exit_code
    from faiwatch.run.watch import Limits, granted_memory_mb

    names = [name.strip() for name in notebooks.split(",")]
    languages = LANGUAGES if lang == "both" else [lang]
    plan = batch_plan(regions_of(regions, data), names, languages, values)
    check_plan(plan)
    granted = math.inf if scheduler else granted_memory_mb()  # a worker knows its own
    limits = Limits(deadline, cell_timeout, memory_mb=memory or granted)
    options = RunOptions(site, limits, workers=workers or default_workers(), reuse=not force)
    executor: Executor = OnThisMachine(warm=True)
    if scheduler is not None:
        from faiwatch.run.cluster import OnCluster

        executor = OnCluster(scheduler, exchange or str(site / "runs/.exchange"))
    console, spoken = Console(stderr=True), user_language()
    with batch_progress_on(console, spoken, len(plan)) as progress:
        done = run_batch(plan, options, progress, executor=executor)
    if explain_cache:
        console.print(explanations(done.runs, spoken))
    console.print(summary(done, site, spoken))
    if as_json:
        print_json(done.model_dump(mode="json"))
    else:
        typer.echo(f"{last_line(done.runs, site, spoken)}  {done.log}")
    return worst_exit_code(done.runs)
