"""The whole site: every notebook, both languages, several runs side by side.

Each run has a kernel of its own. The index is built last, when every page is in its place.
"""

from __future__ import annotations

import dataclasses
import importlib
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from pydantic import BaseModel

from faiwatch.core.errors import DiskFullError, FaiwatchError
from faiwatch.core.text import LANGUAGES
from faiwatch.data.parameter_types import DEMO, DEMO_CITY, EMBEDDED
from faiwatch.data.regions import DEMO_DISTRICT, NATION, inside
from faiwatch.page.parameters import BRIEF
from faiwatch.run.jobs import Job, RunOptions
from faiwatch.run.pool import Executor, OnThisMachine
from faiwatch.run.progress import Progress
from faiwatch.run.unfinished import sweep
from faiwatch.run.verdict import EXIT_CODES
from faiwatch.site.run_record import RunRecord

_ON_ANY_SERIES = ("01_data", "02_monitor", "03_trend", "04_forecast")
_CITY, _CITY_ENDS = "430500", "2025-09"  # the real city, and the last month held of it
_MADE_UP_CITY = "990100"
_LEAST_ROOM = 1_000_000  # bytes: the script that pages share takes nearly as much
_DISTRICTS = tuple(inside(_CITY))
_INDEX = "faiwatch.site.index"
_WITH_BRIEF = ((EMBEDDED, NATION), (EMBEDDED, _CITY), (DEMO, DEMO_DISTRICT))
_PAGES = (
    (EMBEDDED, NATION, (*_ON_ANY_SERIES, "07_regions")),
    (EMBEDDED, _CITY, ("02_monitor", "07_regions", "09_city")),
    # whoever needs the nation's long forecast while it is made waits, and holds up a worker
    (EMBEDDED, NATION, ("05_target", "08_briefing")),
    *((EMBEDDED, code, ("02_monitor",)) for code in _DISTRICTS),
    (DEMO_CITY, _MADE_UP_CITY, ("09_city",)),
    (DEMO, DEMO_DISTRICT, (*_ON_ANY_SERIES, "05_target", "06_projects", "08_briefing")),
)
# last, because a brief links to the pages that are there
_BRIEFS = tuple((data, code, (BRIEF,)) for data, code in _WITH_BRIEF)
# What a page takes beside region, language and data: by its notebook and data, and by its region.
_ALSO: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("08_briefing", DEMO): {"ledger": DEMO},
    ("09_city", DEMO_CITY): {"ledgers": DEMO},
    (BRIEF, DEMO): {"ledger": DEMO},
    ("07_regions", _CITY): {"regions": ",".join(_DISTRICTS)},
    **{("", code): {"as_of": _CITY_ENDS} for code in (_CITY, *_DISTRICTS)},
}


def report_plan(official: str = EMBEDDED) -> list[Job]:
    """Return every page of the report: the nation, a real city with its districts, made-up ones.

    Parameters
    ----------
    official : str
        What stands for the embedded figures, such as ``embedded+STORE``.
    """

    def made(pages: Sequence[tuple[str, str, tuple[str, ...]]], lang: str) -> list[Job]:
        return [
            Job(
                notebook,
                {"region": region, "lang": lang, "data": official if data == EMBEDDED else data}
                | dict(_ALSO.get((notebook, data), {}))
                | dict(_ALSO.get((notebook, region), {}))
                | dict(_ALSO.get(("", region), {})),
            )
            for data, region, notebooks in pages
            for notebook in notebooks
        ]

    # A page is far from itself in the other language, so that what one has fitted the other finds.
    first, second = (made(_PAGES, lang) for lang in LANGUAGES)
    briefs = [made(_BRIEFS, lang) for lang in LANGUAGES]
    return [*chain(*zip(first, second[::-1], strict=True)), *chain(*zip(*briefs, strict=True))]


class RunsMade(BaseModel):
    """What ``faiwatch run --json`` and ``faiwatch report --json`` print.

    Attributes
    ----------
    site : str
        Where the pages are.
    runs : list of RunRecord
        In the order of the plan.
    """

    site: str
    runs: list[RunRecord]


def report(
    plan: Sequence[Job], options: RunOptions, progress: Progress, executor: Executor | None = None
) -> list[RunRecord]:
    """Run a plan, publish its pages, then build the index; what a dead process left is removed.

    A page that is to be reused and still stands is given to no worker.

    Parameters
    ----------
    plan : sequence of Job
        Pages to make.
    options : RunOptions
        Site, limits, workers, whether to reuse.
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
    DiskFullError
        There is no room for a site, before anything is run.
    FaiwatchError
        When a run is refused before its kernel starts; the other runs are finished first.
    """
    sweep(options.site)
    options.site.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(options.site).free < _LEAST_ROOM:
        raise DiskFullError.at(options.site)
    if {job.values.get("lang", "") for job in plan} >= set(LANGUAGES):
        options = dataclasses.replace(options, both_languages=True)
    found: dict[str, RunRecord | FaiwatchError] = {}
    if options.reuse and (options.site / "runs").is_dir():
        from faiwatch.run.single import standing_run  # a second, which a new site need not wait

        for job in plan:
            if standing := standing_run(job.notebook, job.values, options):
                found[job.name] = standing
                progress.ended(job.name, standing)
    left = [job for job in plan if job.name not in found]
    with ThreadPoolExecutor(1) as ahead:
        for job, outcome in (executor or OnThisMachine()).outcomes(left, options, progress.cell):
            found[job.name] = outcome
            if isinstance(outcome, RunRecord):
                progress.ended(job.name, outcome)
            # a second's worth, while other pages are made: the first need not wait for it
            ahead.submit(importlib.import_module, _INDEX)
    # whatever was refused, the other runs are there
    importlib.import_module(_INDEX).build_index(options.site)
    records = []
    for job in plan:
        outcome = found[job.name]
        if isinstance(outcome, FaiwatchError):
            raise outcome
        records.append(outcome)
    return records


def worst_exit_code(records: Sequence[RunRecord]) -> int:
    """Return the highest exit code among the verdicts."""
    return max((EXIT_CODES[record.verdict] for record in records), default=0)
