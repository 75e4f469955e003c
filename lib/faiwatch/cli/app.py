"""The command line: words in, words out. Everything that is done is done in the rooms above.

A verb that is asked for is the only one imported, and heavy imports stand inside it, so that a
refused parameter is answered at once.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import tempfile
import traceback
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from faiwatch.cli.options import LangOption, help_in, helped, language_of, option, verb
from faiwatch.core import __version__
from faiwatch.core.errors import DiskFullError, FaiwatchError, ParameterError, nearest
from faiwatch.core.extras import EXTRA_OF, lacking
from faiwatch.core.files import FULL
from faiwatch.core.phrases import say, texts_of
from faiwatch.core.text import Text, user_language
from faiwatch.run.plugins import leave_out_broken
from faiwatch.run.workspace import defaults_of

_DEBUG = "FAIWATCH_DEBUG"
_SOMEWHERE = Text("系统未说明是哪个磁盘", "the system does not say which disk")

_ODD_NAME = re.compile(r"[^\s\"'/]*[\udc80-\udcff][^\s\"'/]*")

# In the order of the help; each is a module with a function of its name, the ledger's with several
_PAGES = ("run", "report", "flags", "params", "batch", "briefing", "city", "alerts", "forecast")
_FIGURES = ("ingest", "template", "fetch", "keep", "vintages", "diff", "revisions", "reproduce")
_WORKSPACE = ("round", "mail", "publish", "init", "lab", "doctor", "status", "prune", "schema")
VERBS = (*_PAGES, *_FIGURES, *_WORKSPACE, "ledger")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


def _remember_debug(wanted: bool) -> None:
    if wanted:
        os.environ[_DEBUG] = "1"


VersionOption = Annotated[
    bool, option(say("cli.app.version"), "--version", is_eager=True, callback=_show_version)
]
DebugOption = Annotated[bool, option(say("cli.app.debug"), "--debug", callback=_remember_debug)]


def _faiwatch(
    context: typer.Context,
    version: VersionOption = False,  # noqa: ARG001  its callback has done it
    debug: DebugOption = False,  # noqa: ARG001  its callback has done it
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@cache
def application(*verbs: str) -> typer.Typer:
    """Return the command line, with some verbs or with all."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    helped(app.info, Text("逐月监测固定资产投资", "Watches fixed-asset investment month by month."))
    app.callback(invoke_without_command=True)(_faiwatch)
    words = texts_of("cli.words_verbs")
    for name in verbs or VERBS:
        module = import_module(f"faiwatch.cli.{name}")
        if name == "ledger":
            app.add_typer(module.ledger, name=name)
        else:
            verb(app, getattr(module, name), words[name], takes_a_command=name == "round")
    return app


def main() -> NoReturn:
    """Run the command line and leave with the exit code of ``faiwatch.core.errors``."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        leave_out_broken()
        asked = [word for word in sys.argv[1:2] if word in VERBS]
        defaults = {} if asked == ["init"] else defaults_of(VERBS)
        app = application(*asked)
        help_in(language_of(sys.argv[1:]))
        sys.exit(app(standalone_mode=False, default_map=defaults) or 0)
    except FaiwatchError as error:
        ended_by = error
    except typer.TyperException as error:
        ended_by = _misused(error)
    except Exception as error:  # the one place where a bug is met
        understood = _not_a_bug(error)
        if understood is None:
            typer.echo(_bug(error), err=True)
            sys.exit(1)
        ended_by = understood
    typer.echo(ended_by.message(user_language()), err=True)
    sys.exit(ended_by.exit_code)


def _interrupt(*_: object) -> NoReturn:
    """Let a polite kill clean up as Ctrl-C does."""
    raise KeyboardInterrupt


def _misused(error: typer.TyperException) -> FaiwatchError:
    """Return a misuse of the command line as an error in the user's language."""
    name, context = getattr(error, "option_name", None), getattr(error, "ctx", None)
    if name is None or context is None:
        return ParameterError(
            Text("命令行有误", "invalid command line"),
            where=error.format_message(),
            todo="faiwatch --help",
        )
    known = [option for one in context.command.params for option in one.opts if option[:1] == "-"]
    return ParameterError(
        say("cli.app.no_option", name=name), allowed=", ".join(known), todo=nearest(name, known)
    )


def _not_a_bug(error: Exception) -> FaiwatchError | None:
    """Return what a missing extra, -OO, a full disk, or a path somebody named has to do with it."""
    if isinstance(error, ModuleNotFoundError):
        module = (error.name or "").partition(".")[0]
        return lacking(module) if module in EXTRA_OF else None
    if isinstance(error, AttributeError) and sys.flags.optimize > 1:
        return ParameterError(
            say("cli.app.no_texts"),
            where="-OO, PYTHONOPTIMIZE",
            todo=Text("去掉 -OO 后重试，或改用 -O", "start it without -OO, or with -O"),
        )
    if isinstance(error, UnicodeEncodeError) and (odd := _ODD_NAME.search(error.object)):
        # a name in another encoding than that of the system, such as GBK from an old archive
        return ParameterError(
            Text("文件名不是 UTF-8 编码", "the name of a file is not UTF-8"),
            where=os.fsencode(odd[0]).decode("gb18030", errors="replace"),
            todo=Text("改名后重试", "rename the file and try again"),
        )
    if not isinstance(error, OSError):
        return None
    if error.errno in FULL:
        return DiskFullError.at(error.filename or _SOMEWHERE)
    named = {Path(word).absolute() for word in sys.argv[1:]}
    for path in filter(None, (error.filename2, error.filename)):
        met = Path(os.fsdecode(path)).absolute()
        if any(met in {one, *one.parents} for one in named):
            return ParameterError(
                Text("路径不可用", "the path cannot be used"),
                where=os.fsdecode(path),
                got=error.strerror,
            )
    return None


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
    return str(say("cli.app.bug", line=line, file=log.name))
