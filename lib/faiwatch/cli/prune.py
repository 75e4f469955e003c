"""``faiwatch prune``: old runs and what killed ones left, taken away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, TypedDict

import typer

from faiwatch.cli.options import JsonOption, SiteOption, option, print_json
from faiwatch.core.errors import refused
from faiwatch.core.phrases import say
from faiwatch.core.text import Text

_KEEP = re.compile(r"([1-9]\d{0,3})m")
KeepOption = Annotated[str, option(say("cli.prune.keep"))]
DryRunOption = Annotated[bool, option(say("cli.prune.dry_run"), "--dry-run")]


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
    done = Text("将删除", "to remove") if dry_run else Text("已删除", "removed")
    counts = say("cli.prune.counts", done=done, runs=len(names), left=len(left), mb=freed / 1e6)
    typer.echo("\n".join([*names, *left, str(counts)]))
