"""``faiwatch schema``: JSON Schemas of all that programs read from us, and of what people write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import reduce
from operator import or_
from pathlib import Path
from pkgutil import resolve_name
from types import GenericAlias
from typing import Annotated, Any

import typer

from faiwatch.cli.options import argument, option, print_json
from faiwatch.core.errors import nearest, refused
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.page.parameters import NOTEBOOKS

# Where the type of each stands, which is its only description; [] = a list of them.
FILES: Mapping[str, str] = {
    "run.json": "site.run_record:RunRecord",
    "findings.json": "core.finding:Finding[]",
    "slots.json": "briefing.plain:Slots",
    "alerts.json": "run.alerts:State",
    "manifest.json": "run.publish:Manifest",
    "vintage.json": "data.store_files:Vintage",
}
VERBS: Mapping[str, str] = {
    "alerts": "run.alerts:Alert[]",
    "batch": "run.batch:BatchAnswer",
    "briefing": "briefing.plain:BriefingAnswer",
    "city": "cli.city:CityAnswer",
    "diff": "cli.diff:DiffAnswer|run.diff:RunsAnswer",
    "doctor": "cli.doctor:CheckRow[]",
    "fetch": "cli.fetch:FetchAnswer",
    "flags": "cli.flags:FlagsAnswer",
    "forecast": "cli.forecast:ForecastAnswer",
    "ingest": "ingest.log:IngestAnswer",
    "init": "cli.init:InitAnswer",
    "keep": "data.store_files:Vintage",
    "ledger diff": "ledger.compare:LedgerDiffAnswer",
    "ledger register": "ledger.work_book:RegisterAnswer",
    "params": "page.parameters:ParameterRow[]",
    "prune": "cli.prune:PruneAnswer",
    "publish": "run.publish:PublishAnswer",
    "report": "run.report:RunsMade",
    "reproduce": "run.diff:RunsAnswer",
    "revisions": "cli.revisions:RevisionsAnswer",
    "run": "run.report:RunsMade",
    "status": "cli.status:StatusAnswer",
    "vintages": "data.store_files:Vintage[]",
}
SITE: Mapping[str, str] = {
    "api/index": "site.api:ApiIndex",
    "api/regions": "site.api:ApiRegions",
    "api/series": "site.api:ApiSeries",
    "api/flags": "site.api:ApiFlags",
    "api/forecasts": "site.api:ApiForecasts",
}
INPUTS: Mapping[str, str] = {
    "answers.toml": "ingest.answers_file:answers_model",
    "faiwatch.toml": "run.workspace:WorkspaceSettings",
    "alert_rules.toml": "run.alert_rules:AlertRules",
    "light_rules.toml": "data.light_rules:LightPreset",
    "summons_rules.toml": "data.summons_rules:SummonsRules",
    **{name: f"page.parameters:{model.__name__}" for name, model in NOTEBOOKS.items()},
}
PACKAGE = "datapackage.json"  # no schema, but the descriptor of our own tables
_GROUPS: Mapping[Text, Mapping[str, str]] = {
    Text("文件", "files"): FILES,
    Text("命令加 --json", "what a verb prints with --json"): VERBS,
    Text("站点 api/", "api/ of a site"): SITE,
    Text("由人填写：文件，以及各笔记本的参数", "what people write: files, parameters"): INPUTS,
}
NameArgument = Annotated[str | None, argument(say("cli.schema.name"))]
OutOption = Annotated[Path | None, option(say("cli.schema.out"), "--out")]


def schema(name: NameArgument = None, out: OutOption = None) -> None:
    """Print one schema, write all, or list them."""
    known = [id for group in _GROUPS.values() for id in group]
    if name == PACKAGE:
        from faiwatch.data.package import data_package

        print_json(data_package())
    elif name is not None:
        if name not in known:
            names = [*known, PACKAGE]
            raise refused("NAME", name, ", ".join(names), nearest(name, names))
        print_json(schema_named(name))
    elif out is not None:
        for path in write_schemas(out):
            typer.echo(str(path))
    else:
        for words, group in _GROUPS.items():
            typer.echo(str(words))
            for id in group:
                typer.echo(f"  {id}")
        typer.echo(say("cli.schema.tables", package=PACKAGE))


def schema_named(name: str) -> dict[str, Any]:
    """Return the schema of an output or input.

    Examples
    --------
    >>> schema_named("flags")["$id"]
    'urn:faiwatch:schema:1:flags'
    """
    from faiwatch.core.json_schema import json_schema

    path = next(group[name] for group in _GROUPS.values() if name in group)
    either = path.removesuffix("[]").split("|")
    kind = reduce(or_, (resolve_name(f"faiwatch.{one}") for one in either))
    if name == "answers.toml":  # made of the options
        kind = kind()
    kinds = GenericAlias(list, (kind,)) if path.endswith("[]") else kind
    return json_schema(kinds, name, is_input=name in INPUTS)


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into a folder and return the files."""
    from faiwatch.core.files import atomic_write

    written = []
    for group in _GROUPS.values():
        for name in group:
            path = folder / f"{name.replace('/', '-').replace(' ', '-')}.schema.json"
            told = json.dumps(schema_named(name), ensure_ascii=False, indent=1)
            atomic_write(path, told + "\n")
            written.append(path)
    return written
