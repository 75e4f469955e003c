"""What several verbs have in common: their options, and how they print."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from faiwatch.core.errors import refused
from faiwatch.core.text import Text, user_language

if TYPE_CHECKING:
    from faiwatch.view.tables import ReaderTable

_KEPT_WHOLE = 12  # columns of text on a terminal


def told(zh: str, en: str) -> str:
    """Return words in the language of whoever started this process."""
    return str(Text(zh, en))


def _speak(lang: str | None) -> str | None:
    """Use a language for everything that this process says."""
    if lang is not None:
        os.environ["FAIWATCH_LANG"] = lang
    return lang


LangOption = Annotated[
    Literal["zh", "en"] | None,
    typer.Option("--lang", is_eager=True, callback=_speak, help=told("语言", "language")),
]
JsonOption = Annotated[bool, typer.Option("--json", help=told("输出 JSON", "print JSON"))]
RegionOption = Annotated[str, typer.Option(help=told("地区代码", "region code"))]
DataOption = Annotated[
    str,
    typer.Option(
        help=told(
            "embedded、demo、CSV 或数据仓", "embedded, demo, a CSV file or a store of vintages"
        )
    ),
]
DataRootOption = Annotated[
    str,
    typer.Option(
        "--data-root",
        help=told("数据仓：文件夹或 s3://桶/前缀", "store: a folder or s3://bucket/prefix"),
    ),
]
IssuedOption = Annotated[
    str | None,
    typer.Option(
        help=told(
            "发布日期 YYYY-MM-DD；各行 issued 列已写明时可省略",
            "issue date YYYY-MM-DD; not needed where the column issued says it in every row",
        )
    ),
]
SiteOption = Annotated[Path, typer.Option("--site", help=told("站点文件夹", "folder of the site"))]
ParameterOption = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", help=told("参数，名称=值", "parameter, name=value")),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        min=1, help=told("同时运行几个，默认等于核数", "runs at once, by default the cores")
    ),
]
DeadlineOption = Annotated[
    float, typer.Option(min=1, help=told("每次运行的时限（秒）", "seconds for a whole run"))
]
CellTimeoutOption = Annotated[
    float, typer.Option(min=1, help=told("每个单元格的时限（秒）", "seconds for one cell"))
]
AddressOption = Annotated[
    str, typer.Option(help=told("站点网址，用于链接", "where the site is reached, for links"))
]
SourceOption = Annotated[str, typer.Option(help=told("来源代号", "source id"))]


def issue_day(issued: str | None) -> datetime.date | None:
    """Return the value of ``--issued`` (`ParameterError` when it is no day)."""
    try:
        return None if issued is None else datetime.date.fromisoformat(issued)
    except ValueError:
        raise refused("issued", issued, "YYYY-MM-DD") from None


def print_json(value: object) -> None:
    """Print one JSON document and nothing else."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def print_table(table: ReaderTable) -> None:
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
    for name, label in table.labels.items():
        header = label.in_language(lang)
        widest = max(map(cell_len, [header, *table.frame[name]]))
        # days and short words stay whole; the rest is folded, so that nothing is cut off
        shown.add_column(header, overflow="fold", no_wrap=widest <= _KEPT_WHOLE)
    for row in table.frame[list(table.labels)].itertuples(index=False):
        shown.add_row(*map(Words, row))  # a cell of a user's file may hold what looks like markup
    Console().print(shown)
