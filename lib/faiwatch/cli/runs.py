"""``faiwatch reproduce``, ``mail`` and ``prune``: what is done with runs that are over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faiwatch.cli.options import (
    AddressOption,
    JsonOption,
    LangOption,
    SiteOption,
    print_json,
    told,
)
from faiwatch.core.errors import refused
from faiwatch.core.text import Text, user_language

if TYPE_CHECKING:
    from faiwatch.run.diff import RunsAnswer

_KEEP = re.compile(r"([1-9]\d{0,3})m")
_DIFFERS = 11  # the findings cannot be had again from the data and the code that are here

RunArgument = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help=told("运行的文件夹或编号（开头即可）", "folder or id of a run, or how the id begins"),
    ),
]


def register(app: typer.Typer) -> None:
    """Add the verbs to the application."""
    app.command(help=told("重新运行一次并比较结论", "Make a run again and compare what it finds."))(
        reproduce
    )
    app.command(help=told("把一次运行的页面制成邮件", "Write the page of a run as a letter."))(mail)
    app.command(
        help=told(
            "清理页面不再引用的旧运行，以及被强行终止的运行留下的文件夹",
            "Remove old runs that no page rests on, and what killed runs left unfinished.",
        )
    )(prune)


def reproduce(
    run: RunArgument,
    site: SiteOption = Path("site"),
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> int:
    """Say "identical", or which findings differ and what else does; exit code 11 then."""
    from faiwatch.run.diff import read_run
    from faiwatch.run.reproduce import reproduce as again
    from faiwatch.run.single import RunOptions

    answer = again(read_run(run, site), RunOptions(site))
    show_runs(answer, as_json=as_json)
    return 0 if answer["identical"] else _DIFFERS


def mail(
    run: RunArgument,
    out: Annotated[Path, typer.Option(help=told("邮件文件 .eml", "file of the letter, .eml"))],
    site: SiteOption = Path("site"),
    address: AddressOption = "",
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Write verdict, key numbers and one picture as a letter of at most 100 kB."""
    from faiwatch.core.files import write_bytes_whole
    from faiwatch.run.diff import read_run
    from faiwatch.site.mail import letter

    found = read_run(run, site)
    written = letter(found.record, list(found.findings.values()), found.folder, address=address)
    write_bytes_whole(out, written.as_bytes())
    typer.echo(str(out))


def prune(
    site: SiteOption = Path("site"),
    keep: Annotated[
        str, typer.Option(help=told("保留最近几个月的运行，如 24m", "months to keep, such as 24m"))
    ] = "24m",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=told("只列出，不删除", "list only, remove nothing"))
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """List the runs older than that and what killed ones left, and take both away."""
    months = _KEEP.fullmatch(keep)
    if months is None:
        raise refused("keep", keep, Text("月数加 m，如 24m", "months and an m, such as 24m"))

    import pandas as pd

    from faiwatch.run.prune import prune as take_away
    from faiwatch.run.prune import runs_to_prune
    from faiwatch.run.unfinished import abandoned
    from faiwatch.site.site import read_records

    now = pd.Timestamp.now("UTC")
    old = runs_to_prune(read_records(site), months=int(months[1]), today=now)
    names = [record.run_id for record in old]
    left = [folder.name for folder in abandoned(site)]
    freed = 0 if dry_run else take_away(site, old)
    if as_json:
        lists = {"runs": names, "unfinished": left}
        print_json({"site": str(site), **lists, "dry_run": dry_run, "bytes": freed})
        return
    done = Text("将删除" if dry_run else "已删除", "to remove" if dry_run else "removed")
    counts = told(
        f"{done.zh} {len(old)} 次运行、{len(left)} 个未完成文件夹，{freed / 1e6:.1f} MB",
        f"{done.en}: {len(old)} runs, {len(left)} unfinished, {freed / 1e6:.1f} MB",
    )
    typer.echo("\n".join([*names, *left, counts]))


def show_runs(answer: RunsAnswer, *, as_json: bool) -> None:
    """Print what two runs have in common, for a program or for people."""
    if as_json:
        print_json(answer)
        return
    from faiwatch.cli.options import print_table
    from faiwatch.view.tables.runs import circumstances_table, findings_table

    spoken = user_language()
    count = answer["n_findings"]
    same = Text(f"完全一致：{count} 项结论", f"identical: {count} findings")
    changed = len(answer["findings"])
    differs = Text(f"{count} 项结论中 {changed} 项不同", f"{changed} of {count} findings differ")
    typer.echo(str(same if answer["identical"] else differs))
    if not answer["identical"]:
        print_table(findings_table(answer["findings"], lang=spoken))
    if answer["circumstances"]:
        print_table(circumstances_table(answer["circumstances"], lang=spoken))
