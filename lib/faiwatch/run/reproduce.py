"""Making a run again, to see whether the same data and code find the same."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from faiwatch.core.errors import DiskFullError
from faiwatch.run.diff import Run, RunsAnswer, compare_runs, read_run
from faiwatch.run.single import RunOptions, run_page


def reproduce(run: Run, options: RunOptions) -> RunsAnswer:
    """Run the same notebook with the same parameters again, and compare what it finds.

    Nothing is published: the new run lies in a folder of its own that is taken away.

    Parameters
    ----------
    run : Run
        The run to make again.
    options : RunOptions
        Limits; the site is not touched.

    Raises
    ------
    DiskFullError
        There is no room for temporary files, so that nothing was kept to compare.
    """
    with tempfile.TemporaryDirectory(prefix="fw-", ignore_cleanup_errors=True) as folder:
        site = Path(folder)
        made = run_page(run.record.notebook, run.record.parameters, replace(options, site=site))
        if not made.page:
            raise DiskFullError.at(site.parent)
        return compare_runs(run, read_run(made.run_id, site))
