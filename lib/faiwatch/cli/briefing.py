"""``faiwatch briefing``: the report of a month, filled, for people and programs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from faiwatch.cli.options import (
    DataOption,
    JsonOption,
    LangOption,
    ParameterOption,
    RegionOption,
    print_json,
    told,
)
from faiwatch.core.errors import DataInvalidError, refused
from faiwatch.core.text import user_language
from faiwatch.data.parameter_types import EMBEDDED, LATEST, NONE, STANDARD
from faiwatch.data.regions import NATION
from faiwatch.run.request import check_request, given_values

_NOTEBOOK = "08_briefing"
_ENDINGS = (".docx", ".html", ".txt", ".json")
_MONTH = re.compile(r"\d{4}-\d{2}")


LedgerOption = Annotated[
    str,
    typer.Option(help=told("none、demo 或台账文件", "none, demo, or the file of a project ledger")),
]
TemplateOption = Annotated[
    str, typer.Option(help=told("standard 或自定义模板文件", "standard, or your own file"))
]
AgainstOption = Annotated[
    str | None,
    typer.Option(
        help=told(
            "列出与该月或已保存的 .json 相比有变化的句子",
            "list the sentences that changed since a month, or since a saved .json",
        )
    ),
]
OutOption = Annotated[
    list[Path] | None,
    typer.Option(help=told(f"输出文件：{'、'.join(_ENDINGS)}", f"file: {', '.join(_ENDINGS)}")),
]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    words = told("生成简报，每个数字均可追溯", "Write the briefing, every number traceable.")
    app.command(help=words)(briefing)


def briefing(  # noqa: PLR0913  options, not arguments
    region: RegionOption = NATION,
    as_of: Annotated[
        str, typer.Option(help=told("截至月份 YYYY-MM", "up to this month, YYYY-MM"))
    ] = LATEST,
    data: DataOption = EMBEDDED,
    ledger: LedgerOption = NONE,
    template: TemplateOption = STANDARD,
    against: AgainstOption = None,
    out: OutOption = None,
    parameter: ParameterOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> int:
    """Print the briefing, or write it to the files that ``--out`` names."""
    files = out or []
    for path in files:
        if path.suffix.lower() not in _ENDINGS:
            raise refused("out", str(path), ", ".join(_ENDINGS))
    values = {"region": region, "as_of": as_of, "data": data, "ledger": ledger}
    values |= {"template": template, "lang": user_language()} | given_values(parameter or [])
    if against is not None and _MONTH.fullmatch(against):
        values["against"] = against
    check_request(_NOTEBOOK, values)

    from faiwatch.briefing.record import refuse_blocked
    from faiwatch.cli.briefing_answer import write_briefing

    written = write_briefing(values, against=against, files=files)
    if as_json:
        print_json(written.answer())
        return DataInvalidError.exit_code if written.briefing.blocked else 0
    refuse_blocked(written.briefing)
    typer.echo(written.words(), nl=False)
    return 0
