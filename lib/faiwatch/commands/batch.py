"""``faiwatch batch``: pages of many regions, unattended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from faiwatch.commands.options import DataOption, JsonOption, print_json, told
from faiwatch.parameter_types import EMBEDDED, LATEST
from faiwatch.run.request import given_values
from faiwatch.text import LANGUAGES, user_language

if TYPE_CHECKING:
    from faiwatch.run.batch import Batch
    from faiwatch.run.jobs import Job
    from faiwatch.run.single import RunOptions

RegionsOption = Annotated[
    str,
    typer.Option(
        help=told(
            "all（数据中除全国外的所有地区）或地区代码，逗号分隔",
            "all (of the data, without the nation), or codes with commas between",
        )
    ),
]
NotebooksOption = Annotated[
    str, typer.Option(help=told("笔记本，逗号分隔", "notebooks, with commas between"))
]
AsOfOption = Annotated[
    str, typer.Option(help=told("截至月份 YYYY-MM", "up to this month, YYYY-MM"))
]
PagesLangOption = Annotated[
    Literal["zh", "en", "both"], typer.Option(help=told("页面语言", "language of the pages"))
]
ParameterOption = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", help=told("参数，名称=值", "parameter, name=value")),
]
SiteOption = Annotated[Path, typer.Option(help=told("站点文件夹", "folder of the site"))]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        min=1, help=told("同时运行几个，默认等于核数", "runs at once, default: the cores")
    ),
]
ForceOption = Annotated[
    bool, typer.Option("--force", help=told("没有变化的页面也重新计算", "make unchanged pages too"))
]
ExplainOption = Annotated[
    bool,
    typer.Option(
        "--explain-cache",
        help=told("说明每页为何重算或沿用", "say why each page was made or reused"),
    ),
]
DeadlineOption = Annotated[
    float, typer.Option(min=1, help=told("每次运行的时限（秒）", "seconds for a whole run"))
]
CellTimeoutOption = Annotated[
    float, typer.Option(min=1, help=told("每个单元格的时限（秒）", "seconds for one cell"))
]
MemoryOption = Annotated[
    float | None,
    typer.Option(min=1, help=told("每个内核的内存上限（MB）", "memory limit of one kernel, in MB")),
]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(help=told("批量生成许多地区的页面", "Make the pages of many regions."))(batch)


def batch(  # noqa: PLR0913  options, not arguments
    regions: RegionsOption,
    notebooks: NotebooksOption = "02_monitor,04_forecast",
    as_of: AsOfOption = LATEST,
    lang: PagesLangOption = "both",
    data: DataOption = EMBEDDED,
    parameter: ParameterOption = None,
    site: SiteOption = Path("site"),
    workers: WorkersOption = None,
    force: ForceOption = False,
    explain_cache: ExplainOption = False,
    deadline: DeadlineOption = 1800,
    cell_timeout: CellTimeoutOption = 600,
    memory: MemoryOption = None,
    as_json: JsonOption = False,
) -> int:
    """Make each notebook for each region; unchanged pages are reused."""
    values = given_values(parameter or []) | {"as_of": as_of, "data": data}

    from faiwatch.processes import cores
    from faiwatch.run.batch import check_plan, regions_of
    from faiwatch.run.jobs import batch_plan
    from faiwatch.run.report import worst_exit_code
    from faiwatch.run.single import RunOptions
    from faiwatch.run.watch import Limits, granted_memory_mb

    languages = LANGUAGES if lang == "both" else [lang]
    names = [name.strip() for name in notebooks.split(",")]
    plan = batch_plan(regions_of(regions, data), names, languages, values)
    check_plan(plan)
    limits = Limits(deadline, cell_timeout, memory_mb=memory or granted_memory_mb())
    options = RunOptions(site, limits, workers=workers or cores(), reuse=not force)
    done = _made(plan, options)
    _tell(done, site, explain=explain_cache, as_json=as_json)
    return worst_exit_code(done.records)


def _made(plan: Sequence[Job], options: RunOptions) -> Batch:
    """Make the pages of a plan with warm kernels, showing progress on stderr."""
    from rich.console import Console

    from faiwatch.run.batch import run_batch
    from faiwatch.run.batch_progress import batch_progress_on
    from faiwatch.run.pool import OnThisMachine

    shown = batch_progress_on(Console(stderr=True), user_language(), len(plan))
    executor = OnThisMachine(warm=True)
    with shown as progress:
        return run_batch(plan, options, progress, executor=executor, on_beat=shown.beat)


def _tell(done: Batch, site: Path, *, explain: bool, as_json: bool) -> None:
    """Print the summary on stderr, and verdict, cause and paths on the last line of stdout."""
    from rich.console import Console

    from faiwatch.run.batch import as_plain, explanations, summary
    from faiwatch.run.progress import last_line

    console, spoken = Console(stderr=True), user_language()
    if explain:
        console.print(explanations(done.records, spoken))
    console.print(summary(done, site, spoken))
    if as_json:
        print_json(as_plain(done, site))
        return
    typer.echo(f"{last_line(done.records, site, spoken)}  {done.log}")
