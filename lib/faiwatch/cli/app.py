"""The command line: words in, words out. Everything that is done is done in the rooms above.

Heavy imports stand inside the commands, so that a refused parameter is answered at once.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer

from faiwatch.cli import (
    alerts,
    batch,
    briefing,
    diff,
    fetch,
    flags,
    forecast,
    ingest,
    keep,
    ledger,
    mail,
    params,
    prune,
    report,
    reproduce,
    revisions,
    run,
    template,
    vintages,
)
from faiwatch.cli.options import LangOption, help_in, helped, language_of, option, told
from faiwatch.core import __version__
from faiwatch.core.errors import DiskFullError, FaiwatchError, ParameterError, nearest
from faiwatch.core.files import FULL
from faiwatch.core.text import Text, user_language

_DEBUG = "FAIWATCH_DEBUG"
_SOMEWHERE = Text("系统未说明是哪个磁盘", "the system does not say which disk")

app = typer.Typer(add_completion=False, rich_markup_mode=None)
helped(app.info, Text("逐月监测固定资产投资", "Watches fixed-asset investment month by month."))


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


def _remember_debug(wanted: bool) -> None:
    if wanted:
        os.environ[_DEBUG] = "1"


VersionOption = Annotated[
    bool,
    option(Text("版本", "version"), "--version", is_eager=True, callback=_show_version),
]
DebugOption = Annotated[
    bool,
    option(
        Text("程序出错时显示详情", "show the details of a bug"),
        "--debug",
        callback=_remember_debug,
    ),
]


@app.callback(invoke_without_command=True)
def _faiwatch(
    context: typer.Context,
    version: VersionOption = False,  # noqa: ARG001  its callback has done it
    debug: DebugOption = False,  # noqa: ARG001  its callback has done it
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


for _verb in (
    run,
    report,
    flags,
    params,
    batch,
    briefing,
    alerts,
    forecast,
    ingest,
    template,
    fetch,
    keep,
    vintages,
    diff,
    revisions,
    reproduce,
    mail,
    prune,
    ledger,
):
    _verb.register(app)


def main() -> NoReturn:
    """Run the command line and leave with the exit code of ``faiwatch.core.errors``."""
    help_in(language_of(sys.argv[1:]))
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
