"""``faiwatch template``: an empty workbook to fill in, or the text of a briefing to edit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from faiwatch.cli.options import argument, check_ending, option
from faiwatch.core.phrases import say
from faiwatch.core.text import user_language

KindArgument = Annotated[
    Literal["fai", "ledger", "sent", "report", "note", "city"], argument(say("cli.template.kind"))
]
OutOption = Annotated[Path, option(say("cli.template.out"))]


def template(kind: KindArgument, out: OutOption) -> None:
    """Write a workbook with lists to choose from, or the text of a briefing to edit."""
    is_briefing = kind in {"sent", "report", "note", "city"}
    check_ending("out", out, ".txt" if is_briefing else ".xlsx")

    from faiwatch.briefing.template import standard_template
    from faiwatch.core.files import atomic_write_bytes
    from faiwatch.ledger.export.template import ledger_template
    from faiwatch.site.sheets import template_workbook

    lang_used = user_language()
    if is_briefing:
        content = standard_template(kind, lang_used).text.encode()
    else:
        workbook = template_workbook if kind == "fai" else ledger_template
        content = workbook(lang=lang_used)
    atomic_write_bytes(out, content)
    typer.echo(str(out))
