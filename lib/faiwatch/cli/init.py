"""``faiwatch init``: a workspace for an office, laid out or brought up to date."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal, TypedDict, cast

import typer

from faiwatch.cli.options import JsonOption, LangOption, argument, option, print_json
from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Language, Text

FolderArgument = Annotated[Path, argument(say("cli.init.folder"))]
DiffOption = Annotated[bool, option(say("cli.init.diff"), "--diff")]


_CHANGES = {
    "added": Text("新增", "new"),
    "updated": Text("已更新", "updated"),
    "kept": Text("本单位改过，保留", "changed by you, kept"),
    "differs": Text("双方都改过，保留本单位的", "changed by you and by us, yours is kept"),
    "gone": Text("软件不再提供，保留", "no longer ours, kept"),
}


class InitAnswer(TypedDict):
    """What ``faiwatch init --json`` prints."""

    folder: str
    files: list[LaidFile]


class LaidFile(TypedDict):
    """A file of the workspace, what became of it, and how the office's differs from ours."""

    file: str
    change: Literal["added", "updated", "kept", "differs", "gone"]
    lines: list[int]  # more and fewer than ours
    difference: str  # as ``diff -u`` writes it


def init(
    folder: FolderArgument,
    diff: DiffOption = False,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Lay out a workspace; what an office changed in it is never overwritten."""
    from faiwatch.run.workspace import lay_out

    laid = lay_out(folder, lang, report_text)
    if as_json:
        answer: InitAnswer = {
            "folder": str(folder),
            "files": [cast("LaidFile", dataclasses.asdict(one)) for one in laid],
        }
        print_json(answer)
        return
    counts: Counter[str] = Counter(one.change for one in laid)
    for one in laid:
        if one.change == "added" and counts["added"] == len(laid):
            continue  # a new workspace: the count says it
        more, fewer = one.lines
        size = f" (+{more} -{fewer})" if one.difference else ""
        typer.echo(f"{one.file}: {_CHANGES[one.change]}{size}")
        if diff and one.difference:
            typer.echo(one.difference)
    what = [
        say("cli.init.count", words=words, n=counts[change])
        for change, words in _CHANGES.items()
        if counts[change]
    ]
    changes = joined(what, "，") if what else Text("没有变化", "nothing has changed")
    typer.echo(say("cli.init.changed", folder=folder, changes=changes))
    if counts["added"] == len(laid) > 0:
        typer.echo(say("cli.init.next", folder=folder))


def report_text(lang: Language) -> bytes:
    """Return the text of the report that is sent, for an office to edit."""
    from faiwatch.briefing.template import standard_template

    return standard_template("sent", lang).text.encode()
