"""The command line: words in, words out. Everything that is done is done in the rooms above.

Heavy imports stand inside the commands, so that a refused parameter is answered at once.
"""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer
from rich.console import Console

import faiwatch
from faiwatch.cli import (
    alerts,
    batch,
    briefing,
    diff,
    fetch,
    forecast,
    ingest,
    ledger,
    runs,
    store,
    template,
)
from faiwatch.cli.options import (
    CellTimeoutOption,
    DataOption,
    DeadlineOption,
    JsonOption,
    LangOption,
    ParameterOption,
    RegionOption,
    SiteOption,
    WorkersOption,
    print_json,
    told,
)
from faiwatch.core.errors import DiskFullError, FaiwatchError, ParameterError, nearest
from faiwatch.core.files import FULL
from faiwatch.core.text import LANGUAGES, Text, user_language
from faiwatch.data.parameter_types import EMBEDDED, LATEST
from faiwatch.data.regions import NATION
from faiwatch.page.parameters import describe_parameters
from faiwatch.run.request import check_request, given_values

if TYPE_CHECKING:
    from faiwatch.site.run_record import RunRecord

_DEBUG = "FAIWATCH_DEBUG"
_SOMEWHERE = Text("系统未说明是哪个磁盘", "the system does not say which disk")
_Bundle = Literal["site", "page"]

app = typer.Typer(add_completion=False, rich_markup_mode=None)


BundleOption = Annotated[
    _Bundle,
    typer.Option(
        help=told("脚本放在站点一份，或每页自带", "scripts once per site, or each page on its own")
    ),
]
NotebookArgument = Annotated[
    str, typer.Argument(help=told("笔记本，如 02_monitor", "notebook, such as 02_monitor"))
]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(faiwatch.__version__)
        raise typer.Exit


def _remember_debug(wanted: bool) -> None:
    if wanted:
        os.environ[_DEBUG] = "1"


@app.callback(
    invoke_without_command=True,
    help=told("逐月监测固定资产投资", "Watches fixed-asset investment month by month."),
)
def _faiwatch(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001  its callback has done it
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help=told("版本", "version")
        ),
    ] = False,
    debug: Annotated[  # noqa: ARG001  its callback has done it
        bool,
        typer.Option(
            "--debug",
            callback=_remember_debug,
            help=told("程序出错时显示详情", "show the details of a bug"),
        ),
    ] = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(help=told("运行一个笔记本并发布页面", "Run a notebook and publish its page."))
def run(  # noqa: PLR0913  options, not arguments
    notebook: NotebookArgument,
    parameter: ParameterOption = None,
    site: SiteOption = Path("site"),
    deadline: DeadlineOption = 1800,
    cell_timeout: CellTimeoutOption = 600,
    bundle: BundleOption = "site",
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Run one notebook in both languages, or in the one that ``--lang`` or ``-p lang=`` names."""
    values = given_values(parameter or [])
    if lang is not None:
        values = {"lang": lang} | values
    check_request(notebook, values)

    from faiwatch.run.jobs import Job
    from faiwatch.run.progress import progress_on
    from faiwatch.run.report import report as build
    from faiwatch.run.single import RunOptions
    from faiwatch.run.watch import Limits

    languages = [values["lang"]] if "lang" in values else LANGUAGES
    plan = [Job(notebook, values | {"lang": language}) for language in languages]
    options = RunOptions(site, Limits(deadline, cell_timeout), bundle, workers=len(plan))
    with progress_on(_stderr(), user_language()) as progress:
        records = build(plan, options, progress)
    return _finish(records, site, as_json=as_json)


@app.command(help=told("生成整个站点", "Build the whole site."))
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
    with progress_on(_stderr(), user_language()) as progress:
        records = build(report_plan(), options, progress, OnThisMachine(warm=True))
    return _finish(records, site, as_json=as_json)


@app.command(help=told("负增长标记与连续负增长", "Print flags and runs of negative growth."))
def flags(
    region: RegionOption = NATION,
    indicator: Annotated[str, typer.Option(help=told("指标", "indicator"))] = "total",
    as_of: Annotated[
        str, typer.Option(help=told("截至月份 YYYY-MM", "up to this month, YYYY-MM"))
    ] = LATEST,
    data: DataOption = EMBEDDED,
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Answer for one series."""
    check_request("02_monitor", {"region": region, "as_of": as_of, "data": data})

    from faiwatch.cli.flags import flags_answer, flags_table, runs_table

    answer = flags_answer(region, indicator, as_of=as_of, data=data)
    if as_json:
        print_json(answer)
        return
    console = Console()
    console.print(runs_table(answer, user_language()))
    console.print(flags_table(answer, user_language()))


@app.command(help=told("列出一个笔记本的参数", "List the parameters of a notebook."))
def params(
    notebook: NotebookArgument,
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Show name, type, default, meaning and allowed values."""
    rows = describe_parameters(notebook)
    if as_json:
        print_json([dataclasses.asdict(row) for row in rows])
        return

    from rich.table import Table

    table = Table(title=notebook)
    for heading in (
        Text("参数", "parameter"),
        Text("类型", "type"),
        Text("默认", "default"),
        Text("含义", "meaning"),
        Text("允许", "allowed"),
    ):
        table.add_column(str(heading), overflow="fold")
    for row in rows:
        table.add_row(row.name, row.type, repr(row.default), str(row.meaning), str(row.allowed))
    Console().print(table)


for _verbs in (
    batch,
    briefing,
    alerts,
    forecast,
    ingest,
    template,
    fetch,
    store,
    diff,
    ledger,
    runs,
):
    _verbs.register(app)


def main() -> NoReturn:
    """Run the command line and leave with the exit code of ``faiwatch.core.errors``."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(_exit_code(lambda: app(standalone_mode=False)))


def _exit_code(command: Callable[[], int | None]) -> int:
    """Return the exit code of a command after telling the user what went wrong, if anything."""
    try:
        return command() or 0
    except FaiwatchError as error:
        return _ended_by(error)
    except typer.TyperException as error:
        return _ended_by(_misused(error))
    except Exception as error:  # the one place where a bug is met
        if isinstance(error, OSError) and error.errno in FULL:
            return _ended_by(DiskFullError.at(error.filename or _SOMEWHERE))
        typer.echo(_bug(error), err=True)
        return 1


def _ended_by(error: FaiwatchError) -> int:
    typer.echo(error.message(user_language()), err=True)
    return error.exit_code


def _interrupt(*_: object) -> NoReturn:
    """Let a polite kill clean up as Ctrl-C does."""
    raise KeyboardInterrupt


def _misused(error: typer.TyperException) -> FaiwatchError:
    """Return a misuse of the command line as an error in the user's language."""
    name, context = getattr(error, "option_name", None), getattr(error, "ctx", None)
    if name is None or context is None:
        return ParameterError(
            Text("命令行有误", "the command line is not understood"),
            where=error.format_message(),
            todo="faiwatch --help",
        )
    known = [option for one in context.command.params for option in one.opts if option[:1] == "-"]
    return ParameterError(
        Text(f"没有选项 {name}", f"there is no option {name}"),
        allowed=", ".join(known),
        todo=nearest(name, known),
    )


def _bug(error: Exception) -> str:
    """Return one line about a bug; its traceback goes to a file, or here with ``--debug``."""
    details = "".join(traceback.format_exception(error))
    if os.environ.get(_DEBUG):
        return details
    with tempfile.NamedTemporaryFile(
        "w", prefix="faiwatch-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write(details)
    line = traceback.format_exception_only(error)[-1].strip()
    return told(f"程序错误：{line}；详情见 {log.name}", f"bug: {line}; details in {log.name}")


def _stderr() -> Console:
    return Console(stderr=True)


def _finish(records: list[RunRecord], site: Path, *, as_json: bool) -> int:
    """Say on the last line how it ended, or print the records; return the exit code."""
    from faiwatch.run.progress import last_line
    from faiwatch.run.report import worst_exit_code

    if as_json:
        runs = [record.model_dump(mode="json") for record in records]
        print_json({"site": str(site), "runs": runs})
    else:
        typer.echo(last_line(records, site, user_language()))
    return worst_exit_code(records)
