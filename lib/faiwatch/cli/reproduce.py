"""``faiwatch reproduce``: a run made again, and what it finds compared."""

from __future__ import annotations

from pathlib import Path

from faiwatch.cli.diff import show_runs
from faiwatch.cli.options import JsonOption, RunArgument, SiteOption

_DIFFERS = 11  # the findings cannot be had again from the data and the code that are here


def reproduce(
    run: RunArgument, site: SiteOption = Path("site"), as_json: JsonOption = False
) -> int:
    """Say "identical", or which findings differ and what else does; exit code 11 then."""
    from faiwatch.run.diff import read_run
    from faiwatch.run.diff import reproduce as again
    from faiwatch.run.jobs import RunOptions

    answer = again(read_run(run, site), RunOptions(site))
    show_runs(answer, as_json=as_json)
    return 0 if answer["identical"] else _DIFFERS
