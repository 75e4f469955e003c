"""``faiwatch keep`` and ``faiwatch vintages``: put figures into a store, and see what is there."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from faiwatch.cli.options import (
    DataRootOption,
    IssuedOption,
    JsonOption,
    LangOption,
    SourceOption,
    issue_day,
    print_json,
    told,
)
from faiwatch.core.errors import refused
from faiwatch.core.text import Text
from faiwatch.data.parameter_types import data_root

DEFAULT_ROOT = "vintages"


def register(app: typer.Typer) -> None:
    """Add the verbs to the application."""
    app.command(
        help=told(
            "把一个 CSV 存入数据仓，按发布日期留存", "Keep a CSV by its issue date in a store."
        )
    )(keep)
    app.command(help=told("列出数据仓中的各期数据", "List the vintages of a store."))(vintages)


def keep(
    file: Annotated[Path, typer.Argument(help=told("CSV 文件", "CSV file"))],
    root: DataRootOption = DEFAULT_ROOT,
    issued: IssuedOption = None,
    source: SourceOption = "own",
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Read one file and keep it; the same file kept twice is one vintage."""
    address, day = checked_root(root), issue_day(issued)

    from faiwatch.data.csv_file import read_observations
    from faiwatch.data.store import Ingest, keep

    table = read_observations(file, name=file.name)
    now = datetime.datetime.now(datetime.UTC)
    kept = keep(table, Ingest(file.name, file.read_bytes(), source, now, day), address=address)
    if as_json:
        print_json(kept.model_dump(mode="json"))
        return
    typer.echo(
        told(
            f"已入库 {kept.id}：{kept.rows} 行，{kept.issued} 发布",
            f"kept {kept.id}: {kept.rows} rows, issued {kept.issued}",
        )
    )


def vintages(
    root: DataRootOption = DEFAULT_ROOT,
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Show every manifest in the order of issue."""
    address = checked_root(root)

    from faiwatch.data.store_files import DataRoot

    found = DataRoot(address).vintages()
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    for one in found:
        months = f"{one.first_period}..{one.last_period}"
        typer.echo(f"{one.id}  {one.source}  {one.rows}  {months}  {one.fetched}  {one.original}")


def checked_root(address: str) -> str:
    """Return the address of a store (`ParameterError` when it cannot be one)."""
    try:
        return data_root(address)
    except ValueError:
        raise refused(
            "data-root",
            address.rpartition("@")[2],  # what stands before it may be a password
            Text(
                "文件夹或 s3://桶/前缀（不得有 ..、~ 或密码）",
                "a folder or s3://bucket/prefix (no .., ~ or password in it)",
            ),
        ) from None
