"""Many pages, unattended: plan, run or reuse, log, index, and one summary.

Finished runs are kept whatever happens, and a page that is still what its run would make of it is
not made again. So a batch that was stopped or killed goes on when it is started once more.
"""

from __future__ import annotations

import datetime
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.text import Text as Words

from faiwatch.core.errors import refused
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text, number
from faiwatch.data.measures import measure
from faiwatch.data.regions import NATION
from faiwatch.data.source import data_source
from faiwatch.run.jobs import Job, RunOptions
from faiwatch.run.journal import LOGS_FOLDER, Journal
from faiwatch.run.pool import Executor
from faiwatch.run.progress import ShownProgress, headed_table
from faiwatch.run.report import report
from faiwatch.run.request import check_request
from faiwatch.run.verdict import EXIT_CODES, VERDICT_WORDS
from faiwatch.site.run_record import RunRecord, Verdict

ALL_REGIONS = "all"
_MOST_FAILURES = 20
_LOOK: Mapping[str, Any] = {"box": SIMPLE_HEAD, "pad_edge": False}


class BatchAnswer(BaseModel):
    """What ``faiwatch batch --json`` prints.

    Attributes
    ----------
    site, log : str
        Where the pages and the JSON lines are.
    seconds : float
        Wall time.
    verdicts : dict
        How many runs ended how.
    runs : list of RunRecord
        In the order of the plan.
    """

    site: str
    log: str
    seconds: float
    verdicts: dict[Verdict, int]
    runs: list[RunRecord]


def regions_of(wanted: str, data: str) -> list[str]:
    """Return the regions that ``--regions`` names.

    Parameters
    ----------
    wanted : str
        Codes with commas between, or ``all`` = every region of `data` but the nation.
    data : str
        As for a notebook.

    Raises
    ------
    ParameterError
        No code is named.
    FaiwatchError
        With ``all``, when `data` cannot be read.

    Examples
    --------
    >>> regions_of("610000, 620000", "embedded"), len(regions_of("all", "embedded"))
    (['610000', '620000'], 57)
    """
    if wanted == ALL_REGIONS:
        codes = data_source(data).vintages()["region_code"].unique()
        return sorted(code for code in codes if code != NATION)
    named = [code.strip() for code in wanted.split(",") if code.strip()]
    if not named:
        raise refused("regions", wanted, Text("all 或地区代码", "all, or region codes"))
    return named


def check_plan(plan: Sequence[Job]) -> None:
    """Raise `ParameterError` for the first job that would be refused, before anything runs."""
    seen: set[tuple[str, str]] = set()
    for job in plan:
        if (one := (job.notebook, job.values.get("region", ""))) not in seen:
            seen.add(one)
            check_request(job.notebook, job.values)


def run_batch(
    plan: Sequence[Job], options: RunOptions, progress: ShownProgress, *, executor: Executor
) -> BatchAnswer:
    """Make or reuse every page of a plan and return what came of it.

    Parameters
    ----------
    plan : sequence of Job
        See :func:`faiwatch.run.jobs.batch_plan`.
    options : RunOptions
        Site, limits, workers, whether to reuse.
    progress : ShownProgress
        Told about every cell, every run and every heartbeat.
    executor : Executor
        Where it is done.

    Raises
    ------
    FaiwatchError
        A run was refused before its kernel started; the other runs are finished first.
    """
    started = datetime.datetime.now(datetime.UTC)
    log = options.site / LOGS_FOLDER / f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}.jsonl"
    with Journal(log, len(plan), progress) as journal:
        try:
            records = report(plan, options, journal, executor)
        except KeyboardInterrupt:
            from faiwatch.site.index import build_index

            build_index(options.site)  # what was finished can be found
            raise
    seconds = (datetime.datetime.now(datetime.UTC) - started).total_seconds()
    return BatchAnswer(
        site=str(options.site),
        log=str(log),
        seconds=round(seconds, 1),
        verdicts=dict(sorted(Counter(record.verdict for record in records).items())),
        runs=records,
    )


def summary(batch: BatchAnswer, site: Path, lang: Language) -> RenderableType:
    """Return how many runs ended how, and which ones failed, for a terminal or a log."""
    table = headed_table(lang, *_names("verdict", "n_pages", "seconds"), **_LOOK)
    for verdict in sorted(batch.verdicts, key=lambda one: EXIT_CODES[one]):
        spent = sum(one.seconds for one in batch.runs if one.verdict == verdict)
        words = VERDICT_WORDS[verdict].in_language(lang)
        table.add_row(words, str(batch.verdicts[verdict]), number(round(spent, 1), lang))
    all_of_them = Text("合计（实际用时）", "all (wall time)").in_language(lang)
    table.add_row(all_of_them, str(len(batch.runs)), number(batch.seconds, lang), style="bold")
    failed = [record for record in batch.runs if EXIT_CODES[record.verdict]]
    if not failed:
        return table
    failures = headed_table(lang, *_names("failed", "verdict", "reason_and_place"), **_LOOK)
    for one in failed[:_MOST_FAILURES]:
        words = VERDICT_WORDS[one.verdict].in_language(lang)
        where = f"\n{site / 'runs' / one.run_id}" if one.page else ""
        failures.add_row(_page(one), words, Words(one.cause + where))
    if rest := len(failed[_MOST_FAILURES:]):
        failures.add_row(say("run.batch.more", rest=rest).in_language(lang), "", "")
    return Group(table, failures)


def explanations(records: Sequence[RunRecord], lang: Language) -> RenderableType:
    """Return why each page was made anew, or reused."""
    table = headed_table(lang, *_names("page", "verdict", "reason"), **_LOOK)
    for one in records:
        why = one.cause if one.verdict == "skipped" else one.because
        table.add_row(_page(one), VERDICT_WORDS[one.verdict].in_language(lang), Words(why))
    return table


def _names(*ids: str) -> list[Text]:
    return [measure(id).name for id in ids]


def _page(record: RunRecord) -> str:
    return f"{record.notebook} {record.region} {record.lang}"
