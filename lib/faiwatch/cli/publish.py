"""``faiwatch publish``: a copy of the site to be shared, checked, with a manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from faiwatch.cli.options import JsonOption, SiteOption, option, print_json
from faiwatch.core.phrases import say
from faiwatch.core.text import Text, user_language

if TYPE_CHECKING:
    from faiwatch.run.publish import PublishAnswer

ToOption = Annotated[Path, option(say("cli.publish.to"), "--to")]
EditionOption = Annotated[
    Literal["public", "internal", "confidential"], option(say("cli.publish.edition"))
]
DryRunOption = Annotated[bool, option(say("cli.publish.dry_run"), "--dry-run")]


def publish(
    to: ToOption,
    site: SiteOption = Path("site"),
    edition: EditionOption = "public",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Copy, check, write the manifest, and say how much it is and what was left out."""
    from faiwatch.run.publish import publish as share
    from faiwatch.site.site import INDEX_FILES, existing

    copy = share(existing(site), to, edition, dry_run=dry_run)
    if as_json:
        answer: PublishAnswer = {
            **copy.manifest(),
            "to": str(to),
            "dry_run": dry_run,
            "left_out": copy.left_out,
        }
        print_json(answer)
        return
    done = Text("可以发布" if dry_run else "已发布", "ready to publish" if dry_run else "published")
    told = say(
        "cli.publish.published",
        done=done,
        pages=len(copy.pages),
        files=len(copy.files),
        mb=copy.size / 1e6,
        fewer=len(copy.left_out),
        index=to / INDEX_FILES[user_language()],
    )
    typer.echo(told)
