"""``faiwatch prune``: old runs and what killed ones left, taken away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, TypedDict

import typer

from faiwatch.cli.options import JsonOption, SiteOption, option, print_json, told
from faiwatch.core.errors import refused
from faiwatch.core.text import Text

_KEEP = re.compile(r"([1-9]\d{0,3})m")
KeepOption = Annotated[str, option("保留最近几个月的运行，如 24m", "months to keep, such as 24m")]
DryRunOption = Annotated[bool, option("只列出，不删除", "list only, remove nothing", "--dry-run")]


HELP = Text(
    "清理页面不再引用的旧运行，以及被强行终止的运行留下的文件夹",
    "Remove old runs that no page uses, and the unfinished folders of killed runs.",
)


class PruneAnswer(TypedDict):
    """What ``faiwatch prune --json`` prints; with ``--dry-run``, what it would do."""

    site: str
    runs: list[str]
    unfinished: list[str]
    dry_run: bool
    bytes: int


def prune(
    site: SiteOption = Path("site"),
    keep: KeepOption = "24m",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the runs older than that and what killed ones left, and take both away."""
    months = _KEEP.fullmatch(keep)
    if months is None:
        raise refused("keep", keep, Text("月数加 m，如 24m", "months and an m, such as 24m"))

    import pandas as pd

    from faiwatch.run.prune import prune as take_away
    from faiwatch.run.prune import runs_to_prune, unreadable_runs
    from faiwatch.run.unfinished import abandoned
    from faiwatch.site.site import existing, read_records

    now = pd.Timestamp.now("UTC")
    kept_for = int(months[1])
    old = runs_to_prune(read_records(existing(site)), months=kept_for, today=now)
    names = [record.run_id for record in old]
    names += unreadable_runs(site, months=kept_for, today=now)
    left = [folder.name for folder in abandoned(site)]
    freed = 0 if dry_run else take_away(site, names)
    if as_json:
        answer: PruneAnswer = {
            "site": str(site),
            "runs": names,
            "unfinished": left,
            "dry_run": dry_run,
            "bytes": freed,
        }
        print_json(answer)
        return
    done = Text("将删除" if dry_run else "已删除", "to remove" if dry_run else "removed")
    counts = told(
        f"{done.zh} {len(names)} 次运行、{len(left)} 个未完成文件夹，{freed / 1e6:.1f} MB",
        f"{done.en}: {len(names)} runs, {len(left)} unfinished, {freed / 1e6:.1f} MB",
    )
    typer.echo("\n".join([*names, *left, counts]))
