"""The whole site: every notebook, both languages, several runs side by side.

Each run has a kernel of its own. The index is built last, when every page is in its place.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from faiwatch.core.errors import FaiwatchError
from faiwatch.core.text import LANGUAGES
from faiwatch.data.parameter_types import DEMO, EMBEDDED
from faiwatch.data.regions import DEMO_DISTRICT, NATION
from faiwatch.run.jobs import Job
from faiwatch.run.pool import Executor, OnThisMachine
from faiwatch.run.progress import Progress
from faiwatch.run.single import RunOptions
from faiwatch.run.unfinished import sweep
from faiwatch.run.verdict import EXIT_CODES
from faiwatch.site.index import build_index
from faiwatch.site.run_record import RunRecord
from faiwatch.site.style import write_assets

_ON_ANY_SERIES = ("01_data", "02_monitor", "03_trend", "04_forecast", "05_target")
_PAGES = (
    (EMBEDDED, NATION, (*_ON_ANY_SERIES, "07_regions", "08_briefing")),
    (DEMO, DEMO_DISTRICT, (*_ON_ANY_SERIES, "06_projects", "08_briefing")),
)
# What a page takes beside region, language and data.
_ALSO: Mapping[tuple[str, str], Mapping[str, str]] = {("08_briefing", DEMO): {"ledger": DEMO}}


def report_plan() -> list[Job]:
    """Return every page of the report on the embedded figures and the made-up district."""
    return [
        Job(
            notebook,
            {"region": region, "lang": lang, "data": data, **_ALSO.get((notebook, data), {})},
        )
        for data, region, notebooks in _PAGES
        for notebook in notebooks
        for lang in LANGUAGES
    ]


def report(
    plan: Sequence[Job],
    options: RunOptions,
    progress: Progress,
    executor: Executor | None = None,
) -> list[RunRecord]:
    """Run a plan, publish its pages, then build the index; what a dead process left is removed.

    Parameters
    ----------
    plan : sequence of Job
        Pages to make.
    options : RunOptions
        Site, limits, workers.
    progress : Progress
        Told about every cell and every run.
    executor : Executor, optional
        Where it is done; by default on this machine with ``options.workers`` workers.

    Returns
    -------
    list of RunRecord
        In the order of the plan, failed runs included.

    Raises
    ------
    FaiwatchError
        When a run is refused before its kernel starts; the other runs are finished first.
    """
    sweep(options.site)
    write_assets(options.site)
    both = options.both_languages or in_both_languages(plan)
    options = dataclasses.replace(options, both_languages=both)
    found: dict[str, RunRecord | FaiwatchError] = {}
    for job, outcome in (executor or OnThisMachine()).outcomes(plan, options, progress.cell):
        found[job.name] = outcome
        if isinstance(outcome, RunRecord):
            progress.ended(job.name, outcome)
    build_index(options.site)  # whatever was refused, the other runs are there
    return [_record(found[job.name]) for job in plan]


def _record(outcome: RunRecord | FaiwatchError) -> RunRecord:
    if isinstance(outcome, FaiwatchError):
        raise outcome
    return outcome


def in_both_languages(plan: Sequence[Job]) -> bool:
    """Return whether a plan has pages in every language."""
    return {job.values.get("lang", "") for job in plan} >= set(LANGUAGES)


def worst_exit_code(records: Sequence[RunRecord]) -> int:
    """Return the highest exit code among the verdicts."""
    return max((EXIT_CODES[record.verdict] for record in records), default=0)
