"""``faiwatch params``: the parameters of a notebook."""

from __future__ import annotations

import dataclasses

from rich.console import Console

from faiwatch.cli.options import JsonOption, NotebookArgument, print_json
from faiwatch.core.text import user_language
from faiwatch.data.measures import measure
from faiwatch.page.parameters import describe_parameters


def params(notebook: NotebookArgument, as_json: JsonOption = False) -> None:
    """Show name, type, default, meaning and allowed values."""
    rows = describe_parameters(notebook)
    if as_json:
        print_json([dataclasses.asdict(row) for row in rows])
        return

    from faiwatch.run.progress import headed_table

    table = headed_table(
        user_language(),
        *(measure(id).name for id in ("parameter", "type", "default", "meaning", "allowed")),
        title=notebook,
    )
    for row in rows:
        table.add_row(row.name, row.type, repr(row.default), str(row.meaning), str(row.allowed))
    Console().print(table)
