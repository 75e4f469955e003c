"""``faiwatch mail``: the page of a run as a letter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from faiwatch.cli.options import AddressOption, RunArgument, SiteOption, option
from faiwatch.core.phrases import say

OutOption = Annotated[Path, option(say("cli.mail.out"))]


def mail(
    run: RunArgument, out: OutOption, site: SiteOption = Path("site"), address: AddressOption = ""
) -> None:
    """Write verdict, key numbers and one picture as a letter of at most 100 kB."""
    from faiwatch.core.files import atomic_write_bytes
    from faiwatch.run.diff import read_run
    from faiwatch.site.mail import letter

    found = read_run(run, site)
    written = letter(found.record, list(found.findings.values()), found.folder, address=address)
    atomic_write_bytes(out, written.as_bytes())
    typer.echo(str(out))
