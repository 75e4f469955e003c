"""``faiwatch keep``: figures put into a store of vintages."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from faiwatch.cli.options import (
    IssuedOption,
    JsonOption,
    SourceOption,
    StoreOption,
    argument,
    issue_day,
    print_json,
    store_address,
    told,
)
from faiwatch.core.text import Text

FileArgument = Annotated[Path, argument("CSV 文件", "CSV file")]


HELP = Text(
    "把一个 CSV 存入数据仓，按发布日期留存", "Keep a CSV file in a store, by its issue date."
)


def keep(
    file: FileArgument,
    data: StoreOption = "vintages",
    issued: IssuedOption = None,
    source: SourceOption = "own",
    as_json: JsonOption = False,
) -> None:
    """Read one file and keep it; the same file kept twice is one vintage."""
    address, day = store_address(data), issue_day(issued)

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
