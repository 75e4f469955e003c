"""``faiwatch briefing``: the report of a month, filled, for people and programs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from faiwatch.commands.options import (
    DataOption,
    JsonOption,
    LangOption,
    RegionOption,
    print_json,
    told,
)
from faiwatch.errors import DataInvalidError
from faiwatch.parameter_types import EMBEDDED, LATEST, NONE, STANDARD
from faiwatch.parameters import refused
from faiwatch.regions import NATION
from faiwatch.run.request import check_request, given_values
from faiwatch.text import Language, Text, user_language

if TYPE_CHECKING:
    from faiwatch.briefing.record import Briefing

_NOTEBOOK = "08_briefing"
_ENDINGS = (".docx", ".html", ".txt", ".json")
_MONTH = re.compile(r"\d{4}-\d{2}")


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    words = told("写出简报，每个数字都可追溯", "Write the briefing, every number traceable.")
    app.command(help=words)(briefing)


def briefing(  # noqa: PLR0913  options, not arguments
    region: RegionOption = NATION,
    as_of: Annotated[
        str, typer.Option(help=told("截至月份 YYYY-MM", "up to this month, YYYY-MM"))
    ] = LATEST,
    data: DataOption = EMBEDDED,
    ledger: Annotated[
        str,
        typer.Option(
            help=told("none、demo 或台账文件", "none, demo, or the file of a project ledger")
        ),
    ] = NONE,
    template: Annotated[
        str, typer.Option(help=told("standard 或自己的模板文件", "standard, or your own file"))
    ] = STANDARD,
    against: Annotated[
        str | None,
        typer.Option(
            help=told(
                "只列与该月或已保存的 .json 相比变了的句子",
                "list the sentences that changed since a month, or since a saved .json",
            )
        ),
    ] = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            help=told(f"写到哪个文件：{'、'.join(_ENDINGS)}", f"file: {', '.join(_ENDINGS)}")
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", help=told("参数，名称=值", "parameter, name=value")),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> int:
    """Print the briefing, or write it to the files that ``--out`` names."""
    spoken = user_language()
    values: dict[str, Any] = {"region": region, "as_of": as_of, "data": data, "ledger": ledger}
    values |= {"template": template, "lang": spoken} | given_values(parameter or [])
    saved = None if against is None or _MONTH.fullmatch(against) else Path(against)
    if against is not None and saved is None:
        values |= {"against": against}
    files = out or []
    for path in files:
        if path.suffix.lower() not in _ENDINGS:
            raise refused("out", str(path), ", ".join(_ENDINGS))
    check_request(_NOTEBOOK, values)

    from faiwatch.briefing.build import changes_since, fill_briefing, material_of
    from faiwatch.briefing.changes import changed_sentences, changes_text, saved_sentences
    from faiwatch.briefing.plain import briefing_text, slots_json
    from faiwatch.briefing.record import refuse_blocked
    from faiwatch.page import open_page

    material = material_of(open_page(_NOTEBOOK, values))
    made = fill_briefing(material)
    if made.blocked and as_json:
        print_json(slots_json(made, spoken) | {"files": []})
        return DataInvalidError.exit_code
    refuse_blocked(made)
    changes = ()
    if saved:
        changes = changed_sentences(made, saved_sentences(saved, spoken), spoken)
    elif against:
        changes = changes_since(material, made, spoken)
    for path in files:
        _write(made, path, spoken)
    if as_json:
        listed = [
            {"id": one.id, "kind": one.kind, "before": one.before, "now": one.now}
            for one in changes
        ]
        answer = slots_json(made, spoken) | {"files": [str(path) for path in files]}
        print_json(answer | ({} if against is None else {"changes": listed}))
    elif against is not None:
        typer.echo(changes_text(changes, spoken), nl=False)
    elif files:
        typer.echo("\n".join(map(str, files)))
    else:
        typer.echo(briefing_text(made, spoken), nl=False)
    return 0


def _write(made: Briefing, path: Path, lang: Language) -> None:
    """Write the briefing in the format that the ending asks for."""
    from faiwatch.briefing.plain import briefing_text, slots_json
    from faiwatch.files import write_whole

    match path.suffix.lower():
        case ".txt":
            write_whole(path, briefing_text(made, lang))
        case ".json":
            words = json.dumps(slots_json(made, lang), ensure_ascii=False, indent=1)
            write_whole(path, words + "\n")
        case ending:
            raise refused("out", str(path), Text(f"尚不支持 {ending}", f"{ending} is not there yet"))
