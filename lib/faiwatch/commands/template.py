"""``faiwatch template``: an empty workbook to fill in, which is read back without a question."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from faiwatch.commands.options import LangOption, told
from faiwatch.parameters import refused
from faiwatch.text import user_language


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    words = told("写出一份空白的填报表", "Write an empty workbook to fill in.")
    app.command(help=words)(template)


def template(
    kind: Annotated[
        Literal["fai", "ledger"],
        typer.Argument(help=told("投资数据或项目台账", "figures, or a project ledger")),
    ],
    out: Annotated[Path, typer.Option(help=told("写到哪个 .xlsx", "which .xlsx to write"))],
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Write a template with lists to choose from and a note on each column."""
    if out.suffix.lower() != ".xlsx":
        raise refused("out", str(out), ".xlsx")

    from faiwatch.files import write_bytes_whole
    from faiwatch.publish.ledger_template import ledger_template
    from faiwatch.publish.sheets import template_workbook

    make = {"fai": template_workbook, "ledger": ledger_template}[kind]
    write_bytes_whole(out, make(lang=user_language()))
    typer.echo(str(out))
