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
)
from faiwatch.core.phrases import say

FileArgument = Annotated[Path, argument(say("cli.keep.file"))]


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
    typer.echo(say("cli.keep.kept", id=kept.id, rows=kept.rows, issued=kept.issued))
