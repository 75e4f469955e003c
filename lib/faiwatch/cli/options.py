"""What several verbs have in common: their options, help in both languages, and how they print."""

from __future__ import annotations

import datetime
import inspect
import json
import math
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, TypeVar, cast, get_args

import typer
from typer.models import ArgumentInfo, OptionInfo

from faiwatch.core.errors import refused
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text, user_language
from faiwatch.data.parameter_types import ANSWERS, OURS, data_root
from faiwatch.data.regions import region_named
from faiwatch.page.parameters import describe_parameters

if TYPE_CHECKING:
    import pandas as pd

    from faiwatch.view.tables import Table

Row = dict[str, str | int | float | bool | None]
_KEPT_WHOLE = 12  # columns of text on a terminal


class _Helped(Protocol):
    """What typer shows with its help: an option, an argument, a verb."""

    help: str | None


_Made = TypeVar("_Made", bound=_Helped)
_HELPED: list[tuple[_Helped, Text]] = []


def told(zh: str, en: str) -> str:
    """Return words in the language of whoever started this process."""
    return str(Text(zh, en))


def helped(made: _Made, words: Text) -> _Made:
    """Give an option, argument or verb of typer its help, and remember it in both languages."""
    made.help = str(words)
    _HELPED.append((made, words))
    return made


def help_in(lang: Language) -> None:
    """Say all help in one language from now on; typer reads it each time it is started."""
    for made, words in _HELPED:
        made.help = words.in_language(lang)


def language_of(words: Sequence[str]) -> Language:
    """Return the language that a command line names with ``--lang``, else that of the user.

    Help ends a command as soon as it is read, wherever ``--lang`` stands; so this looks first.

    Examples
    --------
    >>> language_of(["flags", "--help", "--lang", "zh"]), language_of(["--lang=en", "flags"])
    ('zh', 'en')
    """
    named = user_language()
    for word, following in zip(words, [*words, ""][1:], strict=True):
        if word == "--":
            break
        option, _, value = word.partition("=")
        value = value or following
        if option == "--lang" and value in get_args(Language):
            named = "zh" if value == "zh" else "en"
    return named


def option(words: Text, *names: str, **settings: Any) -> OptionInfo:  # noqa: ANN401  typer's own
    """Return an option with its help; name it in a module, not in a signature."""
    return helped(cast("OptionInfo", typer.Option(*names, **settings)), words)


def argument(words: Text, **settings: Any) -> ArgumentInfo:  # noqa: ANN401  typer's own
    """Return an argument with its help."""
    return helped(cast("ArgumentInfo", typer.Argument(**settings)), words)


def parameter(
    notebook: str,
    name: str,
    *names: str,
    allowed: Text | None = None,
    **settings: Any,  # noqa: ANN401  typer's own
) -> OptionInfo:
    """Return the option for a parameter of a notebook, whose help is that of the parameter.

    `allowed` replaces the allowed values where a verb takes others than the notebook.
    """
    row = next(row for row in describe_parameters(notebook) if row.name == name)
    words = say("cli.options.of_notebook", meaning=row.meaning, values=allowed or row.allowed)
    return option(words, *names, **settings)


def _speak(lang: str | None) -> str | None:
    """Use a language for everything that this process says."""
    if lang is not None:
        os.environ["FAIWATCH_LANG"] = lang
    return lang


LangOption = Annotated[
    Language | None, option(say("cli.options.lang"), "--lang", is_eager=True, callback=_speak)
]


def verb(
    app: typer.Typer, function: Callable[..., object], words: Text, *, takes_a_command: bool = False
) -> None:
    """Add a function to the application as the verb of its name, which takes ``--lang`` as well.

    The options of a command that it takes are that command's.
    """
    settings = {"allow_interspersed_args": not takes_a_command}
    app.command(context_settings=settings)(_with_language(function))
    helped(app.registered_commands[-1], words)


def _with_language(function: Callable[..., object]) -> Callable[..., object]:
    """Return a verb with ``--lang``, whose callback does all that is to be done about it."""
    own = inspect.signature(function, eval_str=True)
    if "lang" in own.parameters:
        return function

    @wraps(function)
    def spoken(**given: object) -> object:
        return function(**{name: given[name] for name in own.parameters})

    lang = inspect.Parameter("lang", inspect.Parameter.KEYWORD_ONLY, annotation=LangOption)
    given = [*own.parameters.values(), lang.replace(default=None)]
    spoken.__signature__ = own.replace(parameters=given)  # type: ignore[attr-defined]
    return spoken


def _answer_by(answers: Path | None) -> Path | None:
    """Answer what workbooks leave open by a file, in this process and the kernels it starts."""
    if answers is not None:
        os.environ[ANSWERS] = str(answers.resolve())
    return answers


_ANSWERS = (say("cli.options.answers"), "--answers")
AnswersOption = Annotated[Path | None, option(*_ANSWERS)]
KernelAnswersOption = Annotated[Path | None, option(*_ANSWERS, callback=_answer_by)]
JsonOption = Annotated[bool, option(say("cli.options.json"), "--json")]
Format = Literal["table", "json", "csv", "sdmx-csv", "parquet"]
FormatOption = Annotated[Format, option(say("cli.options.format"), "--format")]
OutputOption = Annotated[Path | None, option(say("cli.options.output"), "--out")]
RegionOption = Annotated[str, parameter("02_monitor", "region")]
IndicatorOption = Annotated[str, parameter("03_trend", "indicator")]
AsOfOption = Annotated[str, parameter("02_monitor", "as_of")]
DataOption = Annotated[str, parameter("02_monitor", "data")]
STORE = say("cli.options.store")
StoreOption = Annotated[str, option(STORE, "--data")]
KeepInOption = Annotated[str | None, option(say("cli.options.keep_in", store=STORE), "--data")]
IssuedOption = Annotated[str | None, option(say("cli.options.issued"))]
SiteOption = Annotated[Path, option(say("cli.options.site"), "--site")]
SiteArgument = Annotated[Path, argument(say("cli.options.site"))]
ParameterOption = Annotated[
    list[str] | None, option(say("cli.options.parameter"), "-p", "--parameter")
]
ParametersFileOption = Annotated[
    Path | None, option(say("cli.options.parameters_file"), "-f", "--parameters")
]
WorkersOption = Annotated[int | None, option(say("cli.options.workers"), min=1)]
DeadlineOption = Annotated[float, option(say("cli.options.deadline"), min=1)]
CellTimeoutOption = Annotated[float, option(say("cli.options.cell_timeout"), min=1)]
AddressOption = Annotated[str, option(say("cli.options.address"))]
SourceOption = Annotated[str, option(say("cli.options.source"))]
NotebookArgument = Annotated[str, argument(say("cli.options.notebook"))]
RunArgument = Annotated[str, argument(say("cli.options.run"), metavar="RUN")]


def store_address(data: str) -> str:
    """Return the address of a store of vintages (`ParameterError` when it cannot be one)."""
    try:
        address = data_root(data)
    except ValueError:
        address = ""
    if not address or data in OURS or Path(address).is_file():
        # what stands before an @ may be a password
        raise refused("data", data.rpartition("@")[2], STORE)
    return address


def check_ending(name: str, path: Path | None, *endings: str) -> None:
    """Refuse a file to be written whose ending is none of those that its option takes."""
    if path is not None and path.suffix.lower() not in endings:
        raise refused(name, str(path), ", ".join(endings))


def issue_day(issued: str | None) -> datetime.date | None:
    """Return the value of ``--issued`` (`ParameterError` when it is no day, or in the future)."""
    try:
        day = None if issued is None else datetime.date.fromisoformat(issued)
    except ValueError:
        raise refused("issued", issued, "YYYY-MM-DD") from None
    # it is tomorrow elsewhere already
    last = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    if day is not None and day > last:
        raise refused("issued", issued, say("cli.options.day_up_to", last=last))
    return day


def say_answers(ledger: str) -> None:
    """Say in one line which files of answers a ledger is read with, if any."""
    from faiwatch.ledger.files import answer_files

    say_files(answer_files(ledger), err=True)


def say_files(files: Sequence[Path], *, err: bool) -> None:
    """Say in one line which files of answers are used, if any."""
    if files:
        typer.echo(say("cli.options.using_answers", names=", ".join(map(str, files))), err=err)


def plain_rows(table: pd.DataFrame) -> list[Row]:
    """Return the rows of a table as values that JSON knows; None = not available."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: object) -> str | int | float | bool | None:
    import pandas as pd

    if value is None or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, bool | int) else str(value)


def print_json(value: object) -> None:
    """Print one JSON document and nothing else."""
    typer.echo(_document(value))


def _document(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)


def print_as(
    form: Format, out: Path | None, answer: Mapping[str, object], table: pd.DataFrame
) -> None:
    """Print the answer to a question about series for a program, or write it to a file.

    Parameters
    ----------
    form : str
        All of :data:`Format` but ``table``.
    out : Path or None
        Where; stdout by default.
    answer : mapping
        What ``json`` prints.
    table : DataFrame
        What the other formats hold, see :func:`faiwatch.stats.sdmx.sdmx`. The months that each
        figure covers are added.

    Raises
    ------
    ParameterError
        Parquet, which is no text, would go to a terminal.
    """
    from faiwatch.core.files import atomic_write_bytes

    if form == "json":
        content = f"{_document(answer)}\n".encode()
    else:
        import pandas as pd

        from faiwatch.stats.sdmx import measured, sdmx, windows

        table = measured(table).assign(
            period=pd.PeriodIndex(table["period"], freq="M"),
            is_made_up=[
                bool(answer.get("is_made_up")) or region_named(code).is_made_up
                for code in table["region_code"]
            ],
        )
        if form == "sdmx-csv":
            plain = sdmx(table)
        else:
            plain = table.join(windows(table)).rename(columns={"period": "month"})
            plain["month"] = plain["month"].dt.to_timestamp()
        content = plain.to_parquet() if form == "parquet" else plain.to_csv(index=False).encode()
    if out is not None:
        atomic_write_bytes(out, content)
        typer.echo(str(out))
    elif form == "parquet" and sys.stdout.isatty():
        raise refused(
            "format", form, Text("parquet 须用 --out 写入文件", "parquet with --out FILE")
        )
    else:
        typer.echo(content, nl=False)


def form_of(form: Format, out: Path | None, *, as_json: bool) -> Format:
    """Return what to print (`ParameterError` when two options contradict each other)."""
    if as_json and form not in {"table", "json"}:
        raise refused("format", form, Text("--json 与 --format 二者取一", "--json or --format"))
    found: Format = "json" if as_json else form
    if out is not None and found == "table":
        raise refused("out", str(out), Text("须同时给出 --format", "together with --format"))
    return found


def print_table(table: Table) -> None:
    """Print a table for readers on a terminal, or that there is nothing to list."""
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Words

    from faiwatch.view.tables import NOTHING_TO_LIST

    lang = user_language()
    if table.frame.empty:
        nothing = NOTHING_TO_LIST.in_language(lang)
        typer.echo(f"{table.title.in_language(lang)}{'：' if lang == 'zh' else ': '}{nothing}")
        return
    shown = Table(
        title=table.title.in_language(lang),
        caption=table.note.in_language(lang),
        box=SIMPLE_HEAD,  # no lines between columns: they cost a column of text each
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    console = Console()
    widths = [
        max(map(cell_len, [heading, *table.words[name]]))
        for heading, name in zip(table.headings, table.words, strict=True)
    ]
    # Days and short words stay whole where that leaves room; the rest is folded, nothing cut off.
    least = sum(1 + min(width, _KEPT_WHOLE) for width in widths)
    for heading, width in zip(table.headings, widths, strict=True):
        is_whole = width <= _KEPT_WHOLE and least <= console.width
        shown.add_column(heading, overflow="fold", no_wrap=is_whole)
    for row in table.words.itertuples(index=False):
        shown.add_row(*map(Words, row))  # a cell of a user's file may hold what looks like markup
    console.print(shown)
