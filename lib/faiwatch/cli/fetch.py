"""``faiwatch fetch``: figures from a live source, with a progress bar on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from faiwatch.cli.options import JsonOption, LangOption, ParameterOption, print_json, told
from faiwatch.cli.store import checked_root
from faiwatch.core.text import user_language
from faiwatch.run.request import given_values

if TYPE_CHECKING:
    from faiwatch.cli.fetch_answer import FetchAnswer, OnPart

_MOST_REASONS = 10  # on a terminal; --json has them all


SourceArgument = Annotated[
    str,
    typer.Argument(help=told("来源，如 nbs、nbs_release", "source, such as nbs or nbs_release")),
]
OutOption = Annotated[Path | None, typer.Option(help=told("写入的 CSV 文件", "CSV file to write"))]
RootOption = Annotated[
    str | None,
    typer.Option(
        "--data-root",
        help=told("存入的数据仓：文件夹或 s3://桶/前缀", "store to keep it in, or s3://bucket"),
    ),
]
MaxAgeOption = Annotated[
    float,
    typer.Option(
        min=0,
        help=told(
            "数据仓中不早于几小时的应答可直接使用",
            "hours for which replies kept in the store are good enough",
        ),
    ),
]
TimeoutOption = Annotated[
    float, typer.Option(min=0.1, help=told("多少秒无应答即放弃", "seconds without an answer"))
]
TriesOption = Annotated[
    int, typer.Option(min=1, max=10, help=told("每个应答最多几次", "calls for one reply"))
]
PauseOption = Annotated[
    float | None,
    typer.Option(
        min=0, help=told("两次调用间隔秒数，默认按来源", "seconds between calls, by source")
    ),
]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(
        help=told("从在线来源取数", "Fetch figures from a live source, as far as they can be had.")
    )(fetch)


def fetch(  # noqa: PLR0913  options, not arguments
    source: SourceArgument,
    parameter: ParameterOption = None,
    out: OutOption = None,
    root: RootOption = None,
    max_age: MaxAgeOption = 0,
    timeout: TimeoutOption = 30,
    tries: TriesOption = 3,
    pause: PauseOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> int:
    """Print the table as CSV, write it to a file, or keep it as a vintage; say what is missing."""
    values = given_values(parameter or [])
    address = None if root is None else checked_root(root)

    from faiwatch.cli.fetch_answer import FetchRequest, as_csv, fetch_answer

    request = FetchRequest(source, values, timeout, tries, pause, out, address, max_age)
    request.check()
    with _progress() as on_part:
        answer, fetched = fetch_answer(request, lang=user_language(), on_part=on_part)
    if as_json:
        print_json(answer)
    else:
        if out is None and root is None and answer["rows"]:
            typer.echo(as_csv(fetched.table), nl=False)
        _summary(answer)
    return fetched.exit_code


@contextmanager
def _progress() -> Iterator[OnPart]:
    """Show a bar while parts are fetched, on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda name, done, total: None  # noqa: ARG005  nobody watches
        return

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda name, done, total: bar.update(
            task, description=name, completed=done, total=total
        )


def _summary(answer: FetchAnswer) -> None:
    """Say on stderr what came, where it is, what is missing, and what was not read."""
    places = " ".join(filter(None, [answer["out"], answer["vintage"]]))
    rows, missing = answer["rows"], answer["missing"]
    typer.echo(
        told(
            f"{answer['source']}：{rows} 行，缺 {len(missing)} 个序列 {places}",
            f"{answer['source']}: {rows} rows, {len(missing)} series missing {places}",
        ).rstrip(),
        err=True,
    )
    for one in missing[:_MOST_REASONS]:
        typer.echo(
            told(
                f"缺 {one['series']}：{one['reason']}", f"missing {one['series']}: {one['reason']}"
            ),
            err=True,
        )
    if len(missing) > _MOST_REASONS:
        typer.echo(f"… {len(missing) - _MOST_REASONS}", err=True)
    for clause in answer["unread"]:  # all of them: each may be a figure that was overlooked
        typer.echo(
            told(
                f"未采用“{clause['words']}”：{clause['reason']}",
                f"not taken “{clause['words']}”: {clause['reason']}",
            ),
            err=True,
        )
