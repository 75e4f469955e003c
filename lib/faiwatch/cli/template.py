"""``faiwatch template``: an empty workbook to fill in, or the text of a briefing to edit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from faiwatch.cli.options import LangOption, argument, option, verb
from faiwatch.core.errors import refused
from faiwatch.core.text import Language, Text, user_language

KindArgument = Annotated[
    Literal["fai", "ledger", "report", "note"],
    argument(
        Text(
            "投资数据、项目台账，或简报的模板（report 有台账，note 无台账）",
            "figures, a project ledger, or a briefing: a report with a ledger, a note without",
        )
    ),
]
OutOption = Annotated[Path, option(Text("输出文件", "file to write"))]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    words = Text(
        "生成空白填报表或简报模板", "Write an empty workbook, or a template of the briefing."
    )
    verb(app, template, words)


def template(
    kind: KindArgument,
    out: OutOption,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Write a workbook with lists to choose from, or the text of a briefing to edit."""
    ending = ".txt" if kind in {"report", "note"} else ".xlsx"
    if out.suffix.lower() != ending:
        raise refused("out", str(out), ending)

    from faiwatch.core.files import write_bytes_whole

    write_bytes_whole(out, _content(kind, user_language()))
    typer.echo(str(out))


def _content(kind: str, lang: Language) -> bytes:
    if kind in {"report", "note"}:
        from faiwatch.briefing.template import standard_template

        return standard_template(kind, lang).text.encode()

    from faiwatch.ledger.export.template import ledger_template
    from faiwatch.site.sheets import template_workbook

    return {"fai": template_workbook, "ledger": ledger_template}[kind](lang=lang)
